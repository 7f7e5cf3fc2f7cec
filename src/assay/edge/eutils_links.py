"""elink and einfo: what cites what, and what there is at all."""

from collections.abc import Sequence

from assay.edge.eutils_asking import Desk, RefusedError, names_set, wanted_pmids
from assay.edge.eutils_history import Kept
from assay.edge.eutils_shelf import Shelf
from assay.output.eutils import (
    DATABASE,
    MOST_IDS,
    TOO_MANY_IDS,
    Asked,
    Reply,
    read_pmids,
)
from assay.output.eutils_einfo import Info, render_databases, render_info
from assay.output.eutils_elink import (
    CITED_IN,
    LINK_NAMES,
    REFERENCES,
    Links,
    render_check,
    render_kept_links,
    render_links,
)
from assay.output.eutils_elink import Kept as KeptLinks

MOST_LINKS = 100_000
"""Links of one name for one group of ids; more are refused, never cut."""

NO_IDS = "Empty id list - nothing to link"
BAD_DB = "Can not retrieve DbInfo for db={}"
TOO_MANY_LINKS = f"There are more than {MOST_LINKS:,} links. Ask for fewer ids at once."
OTHER_COMMAND = (
    "cmd={} is not served here; neighbor, neighbor_history, acheck and ncheck are."
)
OTHER_NAME = "linkname={} is not served here; {} are."

_CHECKS = {"acheck": True, "ncheck": False}


def elink(asked: Asked, desk: Desk) -> Reply:
    """Return which records a record cites and which cite it, one set for each `id=`.

    Raises:
        RefusedError: no id, or links of a kind that there is not here.
        StoreError: the records cannot be read.
    """
    command = asked.params.get("cmd", "").lower() or "neighbor"
    if command not in {"neighbor", "neighbor_history", *_CHECKS}:
        raise RefusedError(OTHER_COMMAND.format(command[:40]))
    names = _names(asked.params.get("linkname", ""))
    groups = asked.id_groups
    if names_set(asked):
        groups = (tuple(map(str, wanted_pmids(asked, desk))),)
    if not any(groups):
        raise RefusedError(NO_IDS)
    if sum(map(len, groups)) > MOST_IDS:
        raise RefusedError(TOO_MANY_IDS, status=400)
    if command in _CHECKS:
        groups = tuple((text,) for group in groups for text in group)
    sets = tuple(_linked(group, names, desk.shelf) for group in groups)
    if command in _CHECKS:
        return render_check(sets, full=_CHECKS[command])
    if command == "neighbor_history":
        return render_kept_links([_kept(each, asked, desk) for each in sets])
    return render_links(sets, as_json=asked.json)


def _names(wanted: str) -> tuple[str, ...]:
    if not wanted:
        return LINK_NAMES
    if wanted not in LINK_NAMES:
        raise RefusedError(OTHER_NAME.format(wanted[:60], " and ".join(LINK_NAMES)))
    return (wanted,)


def _linked(ids: Sequence[str], names: Sequence[str], shelf: Shelf) -> Links:
    pmids, _ = read_pmids(ids)
    found = [(name, _FINDERS[name](pmids, shelf)) for name in names]
    if any(len(linked) > MOST_LINKS for _, linked in found):
        raise RefusedError(TOO_MANY_LINKS)
    return Links(tuple(ids), tuple((n, linked) for n, linked in found if linked))


def _references(pmids: Sequence[int], shelf: Shelf) -> tuple[int, ...]:
    cited = (
        value
        for _, record in shelf.records(pmids)
        for reference in record.references
        for kind, value in reference.ids
        if kind == "pubmed"
    )
    return read_pmids(cited)[0]


def _citing(pmids: Sequence[int], shelf: Shelf) -> tuple[int, ...]:
    return shelf.citing(pmids, MOST_LINKS + 1)


_FINDERS = {REFERENCES: _references, CITED_IN: _citing}


def _kept(links: Links, asked: Asked, desk: Desk) -> KeptLinks:
    webenv = asked.params.get("webenv", "")
    keys = []
    for name, pmids in links.found:
        webenv, key = desk.history.keep(Kept(pmids), webenv, desk.clock())
        keys.append((name, key))
    return KeptLinks(links.ids, tuple(keys), webenv)


def einfo(asked: Asked, desk: Desk) -> Reply:
    """Return the list of databases, or what there is to say of the one.

    Raises:
        RefusedError: it is another database.
        StoreError: the records cannot be read.
    """
    if not (name := asked.params.get("db", "")):
        return render_databases(as_json=asked.json)
    if name.lower() != DATABASE:
        raise RefusedError(BAD_DB.format(name[:40]))
    build, updated = desk.shelf.built()
    info = Info(records=desk.shelf.count(), build=build, updated=updated)
    second = asked.params.get("version", "") == "2.0"
    return render_info(info, as_json=asked.json, second=second)
