"""esearch: ids for a term, in the shapes and with the limits of the real one."""

from datetime import timedelta

from tests.standin.days import date_of
from tests.standin.engine import Answer, run_query
from tests.standin.index import Index
from tests.standin.query import UnreadableQueryError
from tests.standin.records import Row
from tests.standin.replies import (
    Asked,
    Reply,
    render_error,
    render_json,
    render_xml,
    tag,
)
from tests.standin.world import EXPIRED, OVER_CAP, World, number, stored_set

DATE_TYPES = {"pdat": "dp", "edat": "edat", "mdat": "lr", "crdt": "crdt", "dp": "dp"}


def esearch(world: World, asked: Asked) -> Reply:
    """Return ids for a term."""
    params = asked.params
    term, key = params.get("term", "").strip(), params.get("query_key", "")
    if not term and not key:
        return render_error(asked, "Empty term and query_key - nothing todo")
    start, most = number(params, "retstart", 0), number(params, "retmax", 20)
    try:
        answer = search(world, asked, term)
    except KeyError as lost:
        return render_error(asked, EXPIRED.format(lost.args[0]))
    except UnreadableQueryError as trouble:
        return render_error(asked, f"Search Backend failed: Exception: {trouble}")
    if params.get("rettype", "") == "count":
        return count_only(asked, told_count(world, answer))
    if start >= world.cap:
        return render_error(asked, OVER_CAP)
    messages = []
    if start + most > world.cap:
        most = world.cap - start
        adjusted = f"{start}, {most}"
        messages = [f"Restrictions achieved. start and count adjusted to {adjusted}"]
    ordered = sort_rows(world.index, answer, params.get("sort", ""))
    if not ordered:
        messages.append("No items found.")
    kept = None
    if params.get("usehistory", "") == "y" or "WebEnv" in params:
        kept = world.keep_set(params.get("WebEnv", ""), tuple(ordered))
    page = ordered[start : start + most]
    page = page[: max(len(page) - world.lose_ids, 0)]
    render = esearch_json if asked.json else esearch_xml
    return render(answer, told_count(world, answer), start, page, kept, messages)


def told_count(world: World, answer: Answer) -> int:
    """Return how many records the answer is said to have."""
    return len(answer.rows) + (world.lie_about_count if answer.rows else 0)


def search(world: World, asked: Asked, term: str) -> Answer:
    """Return the answer to the term with everything that narrows it."""
    params, index = asked.params, world.index
    earlier = world.sessions.get(params.get("WebEnv", ""), {})
    asked_for = term
    dates = date_range(params, index)
    if dates:
        asked_for = f"({asked_for}) AND {dates}" if asked_for else dates
    name = params.get("field", "")
    index.ignore_ranges = world.ignore_ranges
    answer = run_query(index, asked_for, earlier, name) if asked_for else Answer()
    if params.get("query_key"):
        stored = frozenset(stored_set(world, asked))
        answer.rows = answer.rows & stored if term else stored
        said = f"#{params['query_key']}"
        answer.translation = " AND ".join(filter(None, (said, answer.translation)))
    return answer


def date_range(params: dict[str, str], index: Index) -> str:
    """Return the date parameters as a range of the query language, or ""."""
    kind = DATE_TYPES.get(params.get("datetype", "pdat").lower(), "dp")
    low, high = params.get("mindate", ""), params.get("maxdate", "")
    if low and high:
        return f"{low}:{high}[{kind}]"
    days = number(params, "reldate", 0)
    if not days:
        return ""
    # "today" is the day on which the newest record was created
    newest = date_of(max(index.created.values(), default=20260101))
    first = newest - timedelta(days=days)
    return f"{first:%Y/%m/%d}:{newest:%Y/%m/%d}[{kind}]"


def sort_rows(index: Index, answer: Answer, sort: str) -> list[int]:
    """Return the PMIDs in order; the default is the newest created first."""
    newest = sorted(answer.rows, key=lambda p: (index.created[p], p), reverse=True)
    wanted = sort.lower().replace("+", " ").replace("_", " ").strip()
    if wanted in {"pub date", "pubdate", "publication date"}:
        facts = {p: index.rows[p].facts.dates.get("dp") or (0,) for p in newest}
        return sorted(newest, key=lambda p: min(facts[p]), reverse=True)
    part = {
        "author": "1au", "first author": "1au", "last author": "lastau",
        "journalname": "ta", "journal": "ta", "title": "ti",
    }.get(wanted)  # fmt: skip
    if part:
        texts = {p: index.rows[p].facts.texts.get(part) or ["~"] for p in newest}
        return sorted(newest, key=lambda p: texts[p][0].lower())
    if wanted == "relevance":
        scores = {p: score(index.rows[p], answer.words) for p in newest}
        return sorted(newest, key=lambda p: -scores[p])
    return newest


def score(row: Row, words: list[str]) -> int:
    """Return how often the words stand in the record, in the title thrice as much."""
    texts = row.facts.texts
    title = " ".join(texts.get("ti", ())).lower()
    rest = " ".join((*texts.get("ab", ()), *texts.get("ot", ()))).lower()
    return sum(3 * title.count(word) + rest.count(word) for word in set(words))


def count_only(asked: Asked, count: int) -> Reply:
    """Return the reply to rettype=count."""
    if asked.json:
        return render_json("esearch", "esearchresult", {"count": str(count)})
    return render_xml("eSearchResult", tag("Count", count))


def esearch_json(answer, count, start, page, kept, messages) -> Reply:
    """Return the JSON of a search: numbers are texts, empty lists of notes left out."""
    result: dict[str, object] = {
        "count": str(count),
        "retmax": str(len(page)),
        "retstart": str(start),
    }
    if kept:
        result |= {"querykey": str(kept[1]), "webenv": kept[0]}
    result |= {
        "idlist": [str(pmid) for pmid in page],
        "translationset": [{"from": a, "to": b} for a, b in answer.mapped],
        "querytranslation": answer.translation,
    }
    noted = (
        answer.phrases_not_found,
        answer.quoted_not_found,
        answer.phrases_ignored,
        messages,
    )
    if any(noted):
        result["errorlist"] = {
            "phrasesnotfound": answer.phrases_not_found,
            "fieldsnotfound": [],
        }
        result["warninglist"] = {
            "phrasesignored": answer.phrases_ignored,
            "quotedphrasesnotfound": answer.quoted_not_found,
            "outputmessages": messages,
        }
    return render_json("esearch", "esearchresult", result)


def esearch_xml(answer, count, start, page, kept, messages) -> Reply:
    """Return the XML of a search, in the order of its DTD."""
    text = tag("Count", count) + tag("RetMax", len(page)) + tag("RetStart", start)
    if kept:
        text += tag("QueryKey", kept[1]) + tag("WebEnv", kept[0])
    ids = "".join(f"{tag('Id', pmid)}\n" for pmid in page)
    text += f"<IdList>\n{ids}</IdList>" if ids else "<IdList/>"
    pairs = "".join(
        f"<Translation>     {tag('From', a)}     {tag('To', b)}    </Translation>"
        for a, b in answer.mapped
    )
    text += (
        f"<TranslationSet>{pairs}</TranslationSet>" if pairs else "<TranslationSet/>"
    )
    text += tag("QueryTranslation", answer.translation)
    if answer.phrases_not_found:
        lost = "".join(tag("PhraseNotFound", p) for p in answer.phrases_not_found)
        text += f"<ErrorList>{lost}</ErrorList>"
    notes = [tag("PhraseIgnored", p) for p in answer.phrases_ignored]
    notes += [tag("QuotedPhraseNotFound", p) for p in answer.quoted_not_found]
    notes += [tag("OutputMessage", message) for message in messages]
    if notes:
        text += f"<WarningList>{''.join(notes)}</WarningList>"
    return render_xml("eSearchResult", text)
