"""MeSH headings as NLM gives them out, and which of them are narrower than another.

NLM's files (https://www.nlm.nih.gov/databases/download/mesh.html): descriptors as XML
(desc2026.xml) or text (d2026.bin), qualifiers as XML (qual2026.xml). A heading stands
in a tree by numbers: C10.886 is above C10.886.425, and may stand in several places.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple, cast

from lxml import etree

from assay.errors import BadAnswerError
from assay.library.search_read import Explode
from assay.library.search_words import normal_value

WHERE = "MeSH"

_RECORDS = {"DescriptorRecord": "descriptor", "QualifierRecord": "qualifier"}
KINDS = {"mesh": "descriptor", "pubtype": "descriptor", "subheading": "qualifier"}
"""What a clause asks for → kind of heading."""

WRONG = (
    "it is no file of MeSH headings; give desc2026.xml, qual2026.xml or d2026.bin of "
    "https://www.nlm.nih.gov/databases/download/mesh.html, plain or gzip"
)


class Heading(NamedTuple):
    """A descriptor or a qualifier of MeSH."""

    kind: str
    """descriptor or qualifier."""
    name: str
    trees: tuple[str, ...] = ()
    """Its places in the tree, e.g. "C10.886.425"; () for one that stands in none."""
    names: tuple[str, ...] = ()
    """Its other names (entry terms), as printed."""


class Kept(NamedTuple):
    """How much of MeSH is kept."""

    descriptors: int
    qualifiers: int
    names: int
    """Of both kinds, other names counted too."""


def iter_headings(chunks: Iterable[bytes]) -> Iterator[Heading]:
    """Yield the headings of one of NLM's files, in its order, as it is read.

    Raises:
        BadAnswerError: it is no such file, or it is cut off.

    >>> text = b"*NEWRECORD\\nMH = Tea Drinking\\nMN = F01.1\\nENTRY = Tea Habit|T1\\n"
    >>> list(iter_headings([text]))[0].names
    ('Tea Habit',)
    """
    waiting = iter(chunks)
    head = next(waiting, b"")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        found = _of_xml(chain((head,), waiting))
    elif b"*NEWRECORD" in head:
        found = _of_text(chain((head,), waiting))
    else:
        raise BadAnswerError(WHERE, WRONG)
    number = 0
    for number, heading in enumerate(found, start=1):  # noqa: B007 - counted
        yield heading
    if not number:
        raise BadAnswerError(WHERE, WRONG)


def _of_xml(chunks: Iterable[bytes]) -> Iterator[Heading]:
    parser = etree.XMLPullParser(
        events=("end",), tag=tuple(_RECORDS), resolve_entities=False, no_network=True
    )
    try:
        for chunk in chunks:
            parser.feed(chunk)
            yield from _ready(parser)
        parser.close()
        yield from _ready(parser)
    except etree.XMLSyntaxError as error:
        raise BadAnswerError(
            WHERE, f"the file cannot be read further: {error}"
        ) from None


def _ready(parser: "etree.XMLPullParser") -> Iterator[Heading]:
    for _, found in parser.read_events():
        element = cast("etree._Element", found)  # only ends are asked for
        kind = _RECORDS[element.tag]
        name = element.findtext(f"{kind.capitalize()}Name/String", "").strip()
        trees = element.findall("TreeNumberList/TreeNumber")
        terms = element.findall("ConceptList/Concept/TermList/Term/String")
        others = dict.fromkeys((term.text or "").strip() for term in terms)
        others.pop(name, None)
        others.pop("", None)
        if name:
            numbers = tuple(tree.text.strip() for tree in trees if tree.text)
            yield Heading(kind, name, numbers, tuple(others))
        element.clear()
        for before in tuple(element.itersiblings(preceding=True)):
            cast("etree._Element", element.getparent()).remove(before)


def _of_text(chunks: Iterable[bytes]) -> Iterator[Heading]:
    parts: dict[str, list[str]] = {}
    for line in _lines(chunks):
        if line.startswith("*NEWRECORD"):
            yield from _of_parts(parts)
            parts = {}
        else:
            field, _, value = line.partition(" = ")
            parts.setdefault(field.strip(), []).append(value.strip())
    yield from _of_parts(parts)


def _of_parts(parts: dict[str, list[str]]) -> Iterator[Heading]:
    for name in parts.get("MH", ())[:1]:
        entries = (*parts.get("PRINT ENTRY", ()), *parts.get("ENTRY", ()))
        names = tuple(entry.partition("|")[0] for entry in entries)
        yield Heading("descriptor", name, tuple(parts.get("MN", ())), names)


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from (line.decode("utf-8", "replace").rstrip("\r") for line in whole)
    yield rest.decode("utf-8", "replace")


def parse_shipped(text: str) -> tuple[Heading, ...]:
    """Return the headings of the table that ships: kind, name, trees, names, by tabs.

    The trees of its medicines are left out: many of them are wrong in its source.

    >>> parse_shipped("disease\\tGout\\tC05.1 C16.2\\tgouty arthritis|podagra")[0].trees
    ('C05.1', 'C16.2')
    """
    made = []
    for line in filter(None, text.splitlines()):
        kind, name, trees, names = line.split("\t")
        places = tuple(trees.split()) if kind == "disease" else ()
        made.append(Heading("descriptor", name, places, tuple(names.split("|"))))
    return tuple(made)


def make_explode(headings: Iterable[Heading]) -> Explode:
    """Return what finds headings and those below them among a few thousand.

    >>> gout = Heading("descriptor", "Gout", ("C05.1",), ("podagra",))
    >>> toe = Heading("descriptor", "Gout, Toe", ("C05.1.3",))
    >>> make_explode([gout, toe])("mesh", "podagra")
    ('gout', 'gout toe')
    """
    known = tuple(headings)
    named: dict[tuple[str, str], Heading] = {}
    for heading in known:
        for name in heading.names:
            named.setdefault((heading.kind, normal_value(name)), heading)
    named |= {(heading.kind, normal_value(heading.name)): heading for heading in known}

    def explode(kind: str, name: str) -> tuple[str, ...]:
        heading = named.get((KINDS[kind], name))
        if heading is None:
            return ()
        above = tuple(f"{tree}." for tree in heading.trees)
        below = {
            normal_value(other.name)
            for other in known
            if above
            and other.kind == heading.kind
            and any(tree.startswith(above) for tree in other.trees)
        }
        own = normal_value(heading.name)
        return (own, *sorted(below - {own}))

    return explode
