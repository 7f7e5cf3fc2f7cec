"""esearch's replies: what was found, where it is kept, what was not understood."""

from typing import NamedTuple

from assay.output.eutils import Reply, render_json, render_xml
from assay.output.xml_text import around, listed, tag


class Listing(NamedTuple):
    """A page of what a search found."""

    total: int
    """Records found in all."""
    pmids: tuple[int, ...]
    """Of this page."""
    start: int
    """Records passed over."""
    translation: str
    """The search as it was understood."""
    query_key: int = 0
    """The number of the set in its session; 0 when it is not kept."""
    webenv: str = ""
    """The session; "" when the set is not kept."""
    missing: tuple[str, ...] = ()
    """Parts that stand in no record (PhraseNotFound)."""
    messages: tuple[str, ...] = ()
    """What the person must know, one sentence each (OutputMessage)."""


def render_count(count: int, *, as_json: bool) -> Reply:
    """Return the reply to rettype=count."""
    if as_json:
        return render_json("esearch", "esearchresult", {"count": str(count)})
    return render_xml("eSearchResult", f"\n\t{tag('Count', count)}\n")


def render_listing(found: Listing, *, as_json: bool) -> Reply:
    """Return a page of a search; numbers are strings in JSON, as NCBI's are."""
    return _json(found) if as_json else _xml(found)


def _json(found: Listing) -> Reply:
    kept = {"querykey": str(found.query_key), "webenv": found.webenv}
    errors = {"phrasesnotfound": list(found.missing), "fieldsnotfound": []}
    warnings = {
        "phrasesignored": [],
        "quotedphrasesnotfound": [],
        "outputmessages": list(found.messages),
    }
    lists = {"errorlist": errors, "warninglist": warnings}
    result = {
        "count": str(found.total),
        "retmax": str(len(found.pmids)),
        "retstart": str(found.start),
        **(kept if found.webenv else {}),
        "idlist": [str(pmid) for pmid in found.pmids],
        "translationset": [],
        "querytranslation": found.translation,
        **(lists if found.missing or found.messages else {}),
    }
    return render_json("esearch", "esearchresult", result)


def _xml(found: Listing) -> Reply:
    ids = "".join(f"<Id>{pmid}</Id>\n" for pmid in found.pmids)
    kept = tag("QueryKey", found.query_key) + tag("WebEnv", found.webenv)
    missing = "".join(tag("PhraseNotFound", text) for text in found.missing)
    messages = "".join(tag("OutputMessage", text) for text in found.messages)
    inside = (
        tag("Count", found.total)
        + tag("RetMax", len(found.pmids))
        + tag("RetStart", found.start)
        + (kept if found.webenv else "")
        + (around("IdList", f"\n{ids}") if ids else "<IdList/>")
        + "<TranslationSet/>"
        + tag("QueryTranslation", found.translation)
        + listed("ErrorList", missing)
        + listed("WarningList", messages)
    )
    return render_xml("eSearchResult", inside)
