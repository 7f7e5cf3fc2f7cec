"""The E-utilities on the wire: what is asked, and replies in NCBI's shapes.

Shapes are those of recorded replies and of NCBI's DTDs (esearch 20060628, esummary v1
20041029, elink 20101123, epost 20090526, einfo 20190110, efetch 20131226).
"""

import json
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import parse_qsl, urljoin

from assay.output.clean import escape_json
from assay.output.xml_text import tag

XML = "text/xml; charset=UTF-8"
JSON = "application/json; charset=UTF-8"
TEXT = "text/plain; charset=UTF-8"

DATABASE = "pubmed"
"""The one database there is."""

MOST_IDS = 10_000
"""Ids of one request, as NCBI's book has it; JSON summaries have a bound of their own.
"""

BAD_DATABASE = "Invalid db name specified: {}"
LOST_SET = "Unable to obtain query #{}"
TOO_MANY_IDS = (
    f"Too many UIDs in request. Maximum number of UIDs is {MOST_IDS:,}. Post them in "
    "parts."
)

MOST_DIGITS = 15
MOST_NUMBER = 10**MOST_DIGITS
"""No parameter counts further; the index counts to 2 ** 64."""

_DTD_BASE = "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/"
_DTDS = {
    "eSpellResult": (
        "eSpellResult, 23 November 2004",
        "https://www.ncbi.nlm.nih.gov/entrez/query/DTD/eSpell.dtd",
    ),
    "eSearchResult": ("esearch 20060628", "20060628/esearch.dtd"),
    "eSummaryResult": ("esummary v1 20041029", "20041029/esummary-v1.dtd"),
    "eLinkResult": ("elink 20101123", "20101123/elink.dtd"),
    "ePostResult": ("epost 20090526", "20090526/epost.dtd"),
    "eInfoResult": ("einfo 20190110", "20190110/einfo.dtd"),
    "eEfetchResult": ("efetch 20131226", "20131226/efetch.dtd"),
}
_ROOTS = {
    "esearch": "eSearchResult",
    "esummary": "eSummaryResult",
    "elink": "eLinkResult",
    "epost": "ePostResult",
    "einfo": "eInfoResult",
    "efetch": "eFetchResult",
    "espell": "eSpellResult",
}


class Asked(NamedTuple):
    """One request as the programs see it."""

    program: str
    """esearch, efetch …"""
    params: dict[str, str]
    """The last value of each name; names in small letters, as NCBI takes any."""
    id_groups: tuple[tuple[str, ...], ...] = ()
    """The ids as they were sent, one group for each `id=`."""

    @property
    def json(self) -> bool:
        """Whether JSON is asked for."""
        return self.mode == "json"

    @property
    def mode(self) -> str:
        """What `retmode` says, in small letters; "" when it is not said."""
        return self.params.get("retmode", "").strip().lower()

    @property
    def kind(self) -> str:
        """What `rettype` says, in small letters; "" when it is not said."""
        return self.params.get("rettype", "").strip().lower()

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids, in the order sent."""
        return tuple(one for group in self.id_groups for one in group)

    def number(self, name: str, otherwise: int) -> int:
        """Return a parameter as a number of 0 or more; what is none counts as unsaid.

        One of many digits is the largest number, not unsaid: a page that lies beyond
        all is empty, never the first.

        >>> Asked("esearch", {"retmax": "7", "retstart": "-1"}).number("retmax", 20)
        7
        >>> Asked("esearch", {"retstart": "1" + 5_000 * "0"}).number("retstart", 0)
        1000000000000000
        """
        text = self.params.get(name, "").strip()
        if not (text.isascii() and text.isdigit()):
            return otherwise
        text = text.lstrip("0") or "0"
        return MOST_NUMBER if len(text) > MOST_DIGITS else int(text)


class Reply(NamedTuple):
    """What goes back."""

    body: Iterable[bytes]
    """In pieces, in order; made while they are sent where there are many."""
    kind: str = XML
    """The media type."""
    status: int = 200


def parse_asked(program: str, *forms: bytes) -> Asked:
    """Return a request from its query string and its form, both percent-encoded.

    What is not UTF-8 is read with U+FFFD in its place. Never fails.

    >>> parse_asked("efetch", b"id=1,2&id=3", b"retmode=XML").ids
    ('1', '2', '3')
    """
    pairs = [
        pair
        for form in forms
        for pair in parse_qsl(
            form.decode("latin-1"), keep_blank_values=True, errors="replace"
        )
    ]
    pairs = [(name.lower(), value) for name, value in pairs]
    groups = tuple(_split_ids(value) for name, value in pairs if name == "id")
    return Asked(program, dict(pairs), tuple(filter(None, groups)))


def _split_ids(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def read_pmids(texts: Iterable[str]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return the PMIDs among the ids, each once, and what is none.

    >>> read_pmids(["90000002", "x", "0", "90000002"])
    ((90000002,), ('x', '0'))
    """
    good: dict[int, None] = {}
    bad: list[str] = []
    for text in texts:
        number = int(text) if _is_number(text) else 0
        if number:
            good[number] = None
        else:
            bad.append(text)
    return tuple(good), tuple(bad)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def open_xml(root: str) -> str:
    """Return the prolog of a kind of reply; esummary 2.0 names no DTD here."""
    name, path = _DTDS[root]
    return (
        f'<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE {root} PUBLIC '
        f'"-//NLM//DTD {name}//EN" "{urljoin(_DTD_BASE, path)}">'
        "\n"
    )


def render_xml(root: str, inside: str, status: int = 200) -> Reply:
    """Return an XML reply; `inside` is mark-up already."""
    # the DOCTYPE of an error of efetch names another root than its element: so NCBI's
    named = "eEfetchResult" if root == "eFetchResult" else root
    text = f"{open_xml(named)}<{root}>{inside}</{root}>\n"
    return Reply((text.encode(),), XML, status)


def render_json(program: str, name: str, value: object, status: int = 200) -> Reply:
    """Return a JSON reply with NCBI's header block.

    >>> b"".join(render_json("elink", "linksets", []).body)
    b'{"header":{"type":"elink","version":"0.3"},"linksets":[]}'
    """
    whole = {"header": {"type": program, "version": "0.3"}, name: value}
    text = json.dumps(whole, separators=(",", ":"), ensure_ascii=False)
    return Reply((escape_json(text).encode(),), JSON, status)


def render_text(text: str, status: int = 200) -> Reply:
    """Return a reply of plain text."""
    return Reply((text.encode("utf-8", "replace"),), TEXT, status)


def render_error(asked: Asked, *messages: str, status: int = 200) -> Reply:
    """Return an error in the shape of the program that was asked.

    >>> b"".join(render_error(Asked("esearch", {"retmode": "json"}), "No.").body)
    b'{"header":{"type":"esearch","version":"0.3"},"esearchresult":{"ERROR":"No."}}'
    """
    program, message = asked.program, " ".join(messages)
    if asked.json and program == "esearch":
        return render_json(program, "esearchresult", {"ERROR": message}, status)
    if asked.json and program in {"esummary", "einfo"}:
        return render_json(program, f"{program}result", [message], status)
    if asked.json and program == "elink":
        return render_json(program, "ERROR", message, status)
    root = _ROOTS.get(program)
    if root is None or (program == "efetch" and asked.mode in {"text", "json"}):
        return render_text(f"{message}\n", status)
    errors = "".join(f"\t{tag('ERROR', each)}\n" for each in messages)
    return render_xml(root, f"\n{errors}", status)
