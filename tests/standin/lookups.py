"""elink, espell, ecitmatch, einfo and epost."""

import re
from xml.sax.saxutils import escape

from tests.standin.records import Row, parse_element, text_of
from tests.standin.replies import (
    TEXT,
    Asked,
    Reply,
    render_error,
    render_json,
    render_xml,
    tag,
)
from tests.standin.vocabulary import DATES, FIELDS, SPELLING
from tests.standin.world import MOST_POSTED, LostSetError, World, stored_set, wanted_ids

MOST_NEIGHBOURS = 20
LINKS = (
    "pubmed_pubmed", "pubmed_pubmed_citedin", "pubmed_pubmed_refs",
    "pubmed_pubmed_reviews",
)  # fmt: skip
INFO_NAMES = {
    "all": "ALL", "pmid": "UID", "sb": "FILT", "ti": "TITL", "mh": "MESH",
    "majr": "MAJR", "ta": "JOUR", "ad": "AFFL", "rn": "ECNO", "nm": "SUBS",
    "dp": "PDAT", "edat": "EDAT", "vi": "VOL", "pg": "PAGE", "pt": "PTYP", "la": "LANG",
    "ip": "ISS", "sh": "SUBH", "si": "SI", "mhda": "MHDA", "tiab": "TIAB", "ot": "OTRM",
    "cn": "COLN", "pl": "CNTY", "gr": "GRNT", "lr": "MDAT", "dcom": "CDAT",
    "1au": "FAUT", "fau": "FULL", "tt": "TT", "lastau": "LAUT", "ppdat": "PPDT",
    "epdat": "EPDT", "aid": "LID", "crdt": "CRDT", "book": "BOOK", "isbn": "ISBN",
    "pubn": "PUBN", "auid": "AUID", "ps": "PS", "cois": "COIS", "tw": "WORD",
    "au": "AUTH", "ir": "INVR",
}  # fmt: skip


# ---------------------------------------------------------------- elink


def elink(world: World, asked: Asked) -> Reply:
    """Return links: one LinkSet for every `id=` that was sent."""
    command = asked.params.get("cmd", "neighbor")
    groups = [group for group in asked.id_groups if group]
    if "WebEnv" in asked.params:
        try:
            groups = [tuple(map(str, stored_set(world, asked)))]
        except LostSetError as lost:
            return render_error(asked, f"Unable to obtain query #{lost.args[0]}")
    if not groups:
        return render_error(asked, "Empty id list - nothing to link")
    if command in {"acheck", "ncheck", "lcheck"}:
        return check_links(world, groups, command)
    wanted = asked.params.get("linkname", "")
    here = asked.params.get("db", "pubmed") == "pubmed"
    names = [name for name in LINKS if here and wanted in {"", name}]
    sets = []
    for group in groups:
        seeds = [int(one) for one in group if one.isdigit()]
        found = [(name, find_links(world, name, seeds)) for name in names]
        sets.append((group, [(name, links) for name, links in found if links]))
    scored = command == "neighbor_score"
    if command == "neighbor_history":
        return store_links(world, sets)
    return links_json(sets, scored) if asked.json else links_xml(sets, scored)


def find_links(world: World, name: str, seeds: list[int]) -> list[tuple[int, int]]:
    """Return (PMID, score), best first; the seed itself leads its own neighbours."""
    known = [pmid for pmid in seeds if pmid in world.rows]
    if name == "pubmed_pubmed_refs":
        return [(pmid, 0) for seed in known for pmid in cited_by(world.rows[seed])]
    if name == "pubmed_pubmed_citedin":
        citing = [p for p, row in world.rows.items() if set(cited_by(row)) & set(known)]
        return [(pmid, 0) for pmid in citing]
    scores: dict[int, int] = {}
    for seed in known:
        for pmid, score in neighbours(world, seed).items():
            scores[pmid] = max(score, scores.get(pmid, 0))
    if name == "pubmed_pubmed_reviews":
        reviews = {"review", "systematic review"}
        types = {p: {t.lower() for t in types_of(world.rows[p])} for p in scores}
        scores = {p: s for p, s in scores.items() if types[p] & reviews}
    ordered = sorted(scores.items(), key=lambda pair: (-pair[1], -pair[0]))
    return ordered[:MOST_NEIGHBOURS]


def types_of(row: Row) -> list[str]:
    """Return the publication types."""
    return row.facts.texts.get("pt", [])


def neighbours(world: World, seed: int) -> dict[int, int]:
    """Return every record that shares title words or headings, with a score."""
    wanted = traits(world.rows[seed])
    found = {}
    for pmid, row in world.rows.items():
        shared = len(wanted & traits(row))
        if pmid == seed or shared > 1:
            found[pmid] = (
                10_000_000 * (shared + (100 if pmid == seed else 0)) + pmid % 97
            )
    return found


def traits(row: Row) -> set[str]:
    """Return what likeness is measured by."""
    texts = row.facts.texts
    titles = " ".join(texts.get("ti", ())).lower()
    words = {word for word in re.findall(r"\w+", titles) if len(word) > 5}
    return words | {f"mh:{name}" for name in texts.get("mh", ()) if name != "Humans"}


def cited_by(row: Row) -> list[int]:
    """Return the PMIDs that a record refers to."""
    if b"<Reference" not in row.xml:
        return []
    path = ".//Reference/ArticleIdList/ArticleId[@IdType='pubmed']"
    named = [text_of(one) for one in parse_element(row.xml).iterfind(path)]
    return [int(one) for one in named if one.isdigit()]


def links_json(sets: list, scored: bool) -> Reply:
    """Return JSON; a set without links has no `linksetdbs`."""
    result = []
    for group, found in sets:
        one: dict[str, object] = {"dbfrom": "pubmed", "ids": list(group)}
        if found:
            one["linksetdbs"] = [
                {
                    "dbto": "pubmed",
                    "linkname": name,
                    "links": [
                        {"id": str(p), "score": str(s)} if scored else str(p)
                        for p, s in links
                    ],
                }
                for name, links in found
            ]
        result.append(one)
    return render_json("elink", "linksets", result)


def links_xml(sets: list, scored: bool) -> Reply:
    """Return XML with one LinkSet for each group of ids."""
    text = ""
    for group, found in sets:
        text += f"\n<LinkSet>{open_set(group)}"
        for name, links in found:
            text += f"<LinkSetDb>{tag('DbTo', 'pubmed')}{tag('LinkName', name)}"
            for pmid, score in links:
                shown = tag("Score", score) if scored else ""
                text += f"<Link>{tag('Id', pmid)}{shown}</Link>"
            text += "</LinkSetDb>"
        text += "</LinkSet>\n"
    return render_xml("eLinkResult", text)


def open_set(group: tuple[str, ...]) -> str:
    """Return what every LinkSet begins with."""
    ids = "".join(tag("Id", one) for one in group)
    return f"{tag('DbFrom', 'pubmed')}<IdList>{ids}</IdList>"


def store_links(world: World, sets: list) -> Reply:
    """Return XML that names stored sets instead of ids."""
    text, webenv = "", ""
    for group, found in sets:
        text += f"<LinkSet>{open_set(group)}"
        for name, links in found:
            webenv, key = world.keep_set(webenv, tuple(pmid for pmid, _ in links))
            text += f"<LinkSetDbHistory>{tag('DbTo', 'pubmed')}{tag('LinkName', name)}"
            text += f"{tag('QueryKey', key)}</LinkSetDbHistory>"
        text += f"{tag('WebEnv', webenv) if webenv else ''}</LinkSet>"
    return render_xml("eLinkResult", text)


def check_links(world: World, groups: list, command: str) -> Reply:
    """Return for each id whether it has links at all."""
    name = "HasLinkOut" if command == "lcheck" else "HasNeighbor"
    text = ""
    for group in groups:
        inside = ""
        for one in group:
            known = command != "lcheck" and one.isdigit() and int(one) in world.rows
            inside += f'<Id {name}="{"Y" if known else "N"}">{one}</Id>'
        text += f"<LinkSet>{tag('DbFrom', 'pubmed')}"
        text += f"<IdCheckList>{inside}</IdCheckList></LinkSet>"
    return render_xml("eLinkResult", text)


# ---------------------------------------------------------------- espell, ecitmatch


def espell(world: World, asked: Asked) -> Reply:
    """Return the spelling that is meant; an empty one when there is nothing to say."""
    term = asked.params.get("term", "")
    parts, corrected = "", []
    changed = False
    for word in re.findall(r"\S+|\s+", term):
        meant = SPELLING.get(word.lower(), word)
        changed |= meant != word
        corrected.append(meant)
        name = "Replaced" if meant != word else "Original"
        parts += f"<{name}>{escape(meant)}</{name}>" if word.strip() else ""
    text = "\n\t<Database>pubmed</Database>\n\t" + tag("Query", term)
    text += "\n\t" + tag("CorrectedQuery", "".join(corrected) if changed else "")
    text += f"\n\t<SpelledQuery>{parts if changed else ''}</SpelledQuery>\n\t<ERROR/>\n"
    head = (
        '<?xml version="1.0"?>\n<!DOCTYPE eSpellResult PUBLIC "-//NLM//DTD '
        'eSpellResult, 23 November 2004//EN" '
        '"https://www.ncbi.nlm.nih.gov/entrez/query/DTD/eSpell.dtd">\n'
    )
    return Reply(f"{head}<eSpellResult>{text}</eSpellResult>\n".encode())


def ecitmatch(world: World, asked: Asked) -> Reply:
    """Return each citation line with its PMID, or with why there is none."""
    lines = re.split(r"[\r\n]+", asked.params.get("bdata", ""))
    said = []
    for line in filter(str.strip, lines):
        parts = [*line.split("|"), "", "", "", "", "", ""][:6]
        said.append("|".join((*parts, match_citation(world, parts))))
    return Reply(("\n".join(said) + "\n").encode(), TEXT)


def match_citation(world: World, parts: list[str]) -> str:
    """Return the PMID, NOT_FOUND… or AMBIGUOUS… for one citation."""
    journal, year, volume, page, author, _ = (part.strip().lower() for part in parts)
    found = world.index.find_exact("ta", journal.replace(".", ""))
    if journal and not found:
        return "NOT_FOUND;INVALID_JOURNAL"
    for field, value in (("year", year), ("vi", volume), ("pg", page)):
        if value:
            found &= world.index.find_exact(field, value)
    if author:
        found &= world.index.find_exact("1au", author)
    if not found:
        return "NOT_FOUND"
    if len(found) == 1:
        return str(min(found))
    if len(found) > 3:
        return f"AMBIGUOUS ({len(found)} citations)"
    return "AMBIGUOUS " + ",".join(map(str, sorted(found)))


# ---------------------------------------------------------------- einfo, epost


def einfo(world: World, asked: Asked) -> Reply:
    """Return the databases, or the fields and links of pubmed."""
    if "db" not in asked.params:
        if asked.json:
            return render_json("einfo", "einforesult", {"dblist": ["pubmed"]})
        names = "<DbList>\n\t<DbName>pubmed</DbName>\n</DbList>\n"
        return render_xml("eInfoResult", names)
    newest = max(world.index.created.values(), default=0)
    updated = f"{newest // 10000}/{newest // 100 % 100:02}/{newest % 100:02} 06:00"
    fields = [field_info(name, short) for name, short in INFO_NAMES.items()]
    about: dict[str, object] = {
        "dbname": "pubmed",
        "menuname": "PubMed",
        "description": "PubMed bibliographic record",
        "dbbuild": "Build-standin",
        "count": str(len(world.rows)),
        "lastupdate": updated,
    }
    links = [(n, n.replace("_", " ").title(), "Links of the stand-in") for n in LINKS]
    if asked.json:
        listed = [{key.lower(): value for key, value in f.items()} for f in fields]
        keys = ("name", "menu", "description")
        linked = [
            dict(zip(keys, link, strict=True)) | {"dbto": "pubmed"} for link in links
        ]
        whole = about | {"fieldlist": listed, "linklist": linked}
        return render_json("einfo", "einforesult", {"dbinfo": [whole]})
    tags = ("DbName", "MenuName", "Description", "DbBuild", "Count", "LastUpdate")
    text = "".join(tag(n, v) for n, v in zip(tags, about.values(), strict=True))
    inside = "".join(
        f"<Field>{''.join(tag(k, v) for k, v in field.items())}</Field>"
        for field in fields
    )
    linked_text = "".join(
        f"<Link>{tag('Name', name)}{tag('Menu', menu)}{tag('Description', said)}"
        f"{tag('DbTo', 'pubmed')}</Link>"
        for name, menu, said in links
    )
    text += f"<FieldList>{inside}</FieldList><LinkList>{linked_text}</LinkList>"
    return render_xml("eInfoResult", f"\n<DbInfo>{text}</DbInfo>\n")


def yes_or_no(truth: bool) -> str:
    """Return Y or N."""
    return "Y" if truth else "N"


def field_info(name: str, short: str) -> dict[str, str]:
    """Return what einfo says about one field."""
    full = FIELDS[name][0]
    return {
        "Name": short,
        "FullName": full,
        "Description": f"{full} of publication",
        "TermCount": "",
        "IsDate": yes_or_no(name in DATES),
        "IsNumerical": yes_or_no(name == "pmid"),
        "SingleToken": yes_or_no(name in {"pmid", "mh", "majr", "sb", "ta"}),
        "Hierarchy": yes_or_no(name in {"mh", "majr", "sh"}),
        "IsHidden": yes_or_no(name == "pmid"),
    }


def epost(world: World, asked: Asked) -> Reply:
    """Store ids; return where."""
    wrong = [one for one in asked.ids if not one.isdigit()]
    ids = wanted_ids(world, asked) if "WebEnv" not in asked.params else posted(asked)
    if not ids:
        errors = ["Empty ID list; Nothing to store"]
        if wrong:
            errors.append(
                "Some IDs have invalid value and were omitted. "
                "Maximum ID value 18446744073709551615"
            )
        text = "".join(f"\n\t{tag('ERROR', error)}" for error in errors)
        return render_xml("ePostResult", text)
    if len(ids) > MOST_POSTED:
        return render_error(asked, "Too many UIDs in request.")
    webenv, key = world.keep_set(asked.params.get("WebEnv", ""), tuple(ids))
    refused = "".join(f"\n\t\t{tag('Id', one)}" for one in wrong)
    listed = f"<InvalidIdList>{refused}\n\t</InvalidIdList>\n\t" if wrong else ""
    text = f"\n\t{listed}{tag('QueryKey', key)}\n\t{tag('WebEnv', webenv)}\n"
    return render_xml("ePostResult", text)


def posted(asked: Asked) -> list[int]:
    """Return the ids named, whatever session they are added to."""
    return [int(one) for one in asked.ids if one.isdigit() and int(one)]
