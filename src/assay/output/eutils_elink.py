"""elink's replies: which records a record cites, and which cite it."""

from collections.abc import Sequence
from typing import NamedTuple

from assay.output.eutils import Reply, render_json, render_xml
from assay.output.xml_text import around, tag

REFERENCES, CITED_IN = "pubmed_pubmed_refs", "pubmed_pubmed_citedin"

LINK_NAMES = (REFERENCES, CITED_IN)
"""The links that there are, by the names that NCBI gives them."""


class Links(NamedTuple):
    """What was found for one group of ids."""

    ids: tuple[str, ...]
    """As sent."""
    found: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """(link name, PMIDs) of each link that leads somewhere."""


class Kept(NamedTuple):
    """Links that are kept as sets of a session instead of being listed."""

    ids: tuple[str, ...]
    keys: tuple[tuple[str, int], ...]
    """(link name, number of its set)."""
    webenv: str


def render_links(sets: Sequence[Links], *, as_json: bool) -> Reply:
    """Return the reply to cmd=neighbor; a set without links says so by having none."""
    if as_json:
        return render_json("elink", "linksets", [_as_json(each) for each in sets])
    return render_xml("eLinkResult", "".join(map(_as_xml, sets)) + "\n")


def render_kept_links(sets: Sequence[Kept]) -> Reply:
    """Return the reply to cmd=neighbor_history."""
    inside = ""
    for each in sets:
        histories = "".join(
            around(
                "LinkSetDbHistory",
                tag("DbTo", "pubmed") + tag("LinkName", name) + tag("QueryKey", key),
            )
            for name, key in each.keys
        )
        said = _open(each.ids) + histories + tag("WebEnv", each.webenv)
        inside += "\n" + around("LinkSet", said)
    return render_xml("eLinkResult", f"{inside}\n")


def render_check(sets: Sequence[Links], *, full: bool) -> Reply:
    """Return which ids have links: those of acheck (`full`) with the links' names."""
    inside = ""
    for each in sets:
        names = [name for name, _ in each.found]
        checks = "".join(_check(text, names, full=full) for text in each.ids)
        inside += around(
            "LinkSet", tag("DbFrom", "pubmed") + around("IdCheckList", checks)
        )
    return render_xml("eLinkResult", f"\n{inside}\n")


def _check(text: str, names: Sequence[str], *, full: bool) -> str:
    if not full:
        return tag("Id", text, HasNeighbor="Y" if names else "N")
    infos = "".join(
        around(
            "LinkInfo",
            tag("DbTo", "pubmed")
            + tag("LinkName", name)
            + tag("MenuTag", _MENUS[name])
            + tag("HtmlTag", _MENUS[name])
            + tag("Priority", 128),
        )
        for name in names
    )
    return around("IdLinkSet", tag("Id", text) + infos)


_MENUS = {REFERENCES: "References", CITED_IN: "Cited In"}


def _as_json(links: Links) -> dict[str, object]:
    linked = [
        {"dbto": "pubmed", "linkname": name, "links": [str(pmid) for pmid in pmids]}
        for name, pmids in links.found
    ]
    said: dict[str, object] = {"dbfrom": "pubmed", "ids": list(links.ids)}
    return {**said, "linksetdbs": linked} if linked else said


def _as_xml(links: Links) -> str:
    inside = _open(links.ids)
    for name, pmids in links.found:
        linked = "\n".join(f"<Link><Id>{pmid}</Id></Link>" for pmid in pmids)
        said = tag("DbTo", "pubmed") + tag("LinkName", name) + f"\n{linked}\n"
        inside += around("LinkSetDb", said)
    return "\n" + around("LinkSet", inside)


def _open(ids: Sequence[str]) -> str:
    listed = "".join(tag("Id", text) for text in ids)
    return tag("DbFrom", "pubmed") + around("IdList", listed)
