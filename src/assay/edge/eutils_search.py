"""esearch and epost: what is found or named, listed or kept as a set of a session."""

from assay.edge.eutils_asking import (
    Desk,
    RefusedError,
    names_set,
    read_kept,
    search_page,
    stored_set,
    tree_of,
)
from assay.edge.eutils_history import KEPT_IDS, Kept
from assay.library.entrez import (
    Question,
    Read,
    days_until,
    find_clauses,
)
from assay.library.search_tree import Every
from assay.output.eutils import (
    MOST_IDS,
    TOO_MANY_IDS,
    Asked,
    Reply,
    read_pmids,
    render_error,
    render_xml,
)
from assay.output.eutils_esearch import Listing, render_count, render_listing
from assay.output.xml_text import listed, tag

MOST_LISTED = 100_000
"""PMIDs of one page. NCBI lists the first 9,999 of a search; here `retstart` goes on to
the last."""

EMPTY = "Empty term and query_key - nothing todo"
NO_IDS = "Empty ID list; Nothing to store"
BAD_IDS = (
    "Some IDs have invalid value and were omitted. Maximum ID value "
    "18446744073709551615"
)
NONE_FOUND = "No items found."
NO_NUMBER = "{}={} is no number of 0 or more and was left out."
ADJUSTED = "Restrictions achieved. start and count adjusted to {}, {}"

MOST_CLAUSES = 50
"""Clauses of a search without hits that are looked up one by one."""


def esearch(asked: Asked, desk: Desk) -> Reply:
    """Return the PMIDs that a search finds, the newest first if no order is asked for.

    Raises:
        RefusedError: nothing is asked, or nothing of it can be looked up.
        StoreError: the records cannot be read.
    """
    question = question_of(asked, desk)
    read = _read(question, asked, desk)
    if read.tree is None:
        raise RefusedError(*(read.ignored or (EMPTY,)))
    start, limit = asked.number("retstart", 0), asked.number("retmax", 20)
    bounded = min(limit, MOST_LISTED)
    most = 0 if asked.kind == "count" else bounded
    pmids, total = search_page(read.tree, read.sort, start, most, desk)
    if asked.kind == "count":
        return render_count(total, as_json=asked.json)
    messages = [*read.ignored, *_unread(asked)]
    if bounded < limit and start + bounded < total:
        messages.append(ADJUSTED.format(start, bounded))
    webenv, key = _keep(question, read, total, asked, desk)
    found = Listing(
        total=total,
        pmids=pmids,
        start=start,
        translation=read.translation,
        query_key=key,
        webenv=webenv,
        missing=() if total else _missing(question, desk),
        messages=tuple(messages) if total else (*messages, NONE_FOUND),
    )
    return render_listing(found, as_json=asked.json)


def _unread(asked: Asked) -> list[str]:
    """Return what is said of numbers that are none."""
    return [
        NO_NUMBER.format(name, asked.params[name][:20])
        for name in ("retstart", "retmax", "reldate")
        if asked.params.get(name, "").strip() and asked.number(name, -1) < 0
    ]


def question_of(asked: Asked, desk: Desk) -> Question:
    """Return what esearch is asked; `reldate` becomes days."""
    get = asked.params.get
    first, last = get("mindate", "").strip(), get("maxdate", "").strip()
    if (days := asked.number("reldate", 0)) and not (first or last):
        first, last = days_until(desk.today(), days)
    return Question(
        term=get("term", ""),
        field=get("field", ""),
        datetype=get("datetype", ""),
        first=first,
        last=last,
        sort=get("sort", ""),
    )


def _read(question: Question, asked: Asked, desk: Desk) -> Read:
    """Return what is asked as a tree; a set that `query_key` names is ANDed."""
    read = read_kept(question, asked, desk)
    if not names_set(asked):
        return read
    kept = stored_set(asked, desk)
    if read.tree is None and (question.term.strip() or read.ignored):
        return read
    own = tree_of(kept, asked, desk)
    tree = own if read.tree is None else Every((own, read.tree))
    said = f"#{asked.params['query_key']}"
    shown = f"{said} AND ({read.translation})" if read.translation else said
    return read._replace(tree=tree, translation=shown)


def _keep(
    question: Question, read: Read, total: int, asked: Asked, desk: Desk
) -> tuple[str, int]:
    """Keep what was found where that is asked for; return ("", 0) where it is not."""
    webenv = asked.params.get("webenv", "")
    if asked.params.get("usehistory", "").lower() != "y":
        return "", 0
    assert read.tree is not None
    if total <= KEPT_IDS:
        ids, _ = desk.shelf.search(read.tree, sort=read.sort, limit=total)
        return desk.history.keep(Kept(ids), webenv, desk.clock())
    if names_set(asked):
        text = f"#{asked.params['query_key']}"
        term = f"{text} AND ({question.term})" if question.term.strip() else text
        question = question._replace(term=term)
    return desk.history.keep(Kept(question=question), webenv, desk.clock())


def _missing(question: Question, desk: Desk) -> tuple[str, ...]:
    """Return the clauses of a search that stand in no record at all."""
    missing = []
    clauses = find_clauses(question.term, question.field, desk.shelf.explode)
    for number, (text, tree) in enumerate(clauses):
        if number == MOST_CLAUSES:
            break
        if not desk.shelf.search(tree, limit=0)[1]:
            missing.append(text)
    return tuple(dict.fromkeys(missing))


def epost(asked: Asked, desk: Desk) -> Reply:
    """Keep the ids of a request as a set; return where."""
    if len(asked.ids) > MOST_IDS:
        raise RefusedError(TOO_MANY_IDS, status=400)
    good, bad = read_pmids(asked.ids)
    if not good:
        return render_error(asked, *((NO_IDS, BAD_IDS) if bad else (NO_IDS,)))
    webenv = asked.params.get("webenv", "")
    webenv, key = desk.history.keep(Kept(good), webenv, desk.clock())
    invalid = listed("InvalidIdList", "".join(tag("Id", text) for text in bad))
    where = f"\t{tag('QueryKey', key)}\n\t{tag('WebEnv', webenv)}\n"
    return render_xml("ePostResult", f"\n{invalid}{where}")
