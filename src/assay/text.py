"""Text and its sentences, always with offsets, so that a quote can be traced.

The readable text of a record is its title and its abstract's parts, one a line; every
offset of an `Evidence` points into it.
"""

import re
from collections.abc import Iterator

from assay.model import Span
from assay.record import Record, Section

ABBREVIATIONS = frozenset(
    """
    al approx assoc ca cf ch co corp dept dr ed eds e.g eg etc fig figs i.e ie inc jan
    feb mar apr jun jul aug sep sept oct nov dec ltd min max mr mrs ms no nos nr p pp prof
    ref refs resp sec sp spp ssp st subsp u.k u.s u.s.a var viz vol vs v h hr hrs mg ml ph.d
    m.d b.i.d t.i.d q.i.d
    """.split()  # noqa: SIM905
)
"""Words after which a full stop seldom ends a sentence (lower case, without it)."""

_UNITS = frozenset({"mg", "ml", "h", "hr", "hrs", "min", "max", "p", "v", "no"})
"""Abbreviations that do end a sentence when a capital follows ("… 5 mg. Rats …")."""

_END = re.compile(r"(?P<stop>[.!?…]+)(?P<close>[\"'”’)\]»]*)(?=\s|$)|\n\s*\n|\n")
_NEXT = re.compile(r"\s*[\"'“‘(\[«]*(?P<first>\S)")
_LAST_WORD = re.compile(r"(\S+)$")


def split_sentences(text: str) -> tuple[Span, ...]:
    """Return the sentences of `text` as spans without the white space around them.

    A line break ends a sentence. A full stop does not when it closes an abbreviation,
    an initial, or stands before a lower-case word or inside a number.

    >>> text = "It was given to 5 rats (p <.05). Dr. Roe saw no effect, e.g. on sleep."
    >>> [text[s.start:s.end] for s in split_sentences(text)]
    ['It was given to 5 rats (p <.05).', 'Dr. Roe saw no effect, e.g. on sleep.']
    """
    return tuple(_sentences(text))


def _sentences(text: str) -> Iterator[Span]:
    start = 0
    for match in _END.finditer(text):
        if match["stop"] and not _really_ends(text, start, match):
            continue
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _really_ends(text: str, start: int, match: re.Match[str]) -> bool:
    following = _NEXT.match(text, match.end())
    if following is None:
        return True
    if set(match["stop"]) != {"."} or len(match["stop"]) > 1:
        return not following["first"].islower()
    before = _LAST_WORD.search(text, start, match.start())
    word = before[1].lstrip("([\"'“‘").lower() if before else ""
    if following["first"].islower():
        return False
    if word in ABBREVIATIONS:
        return word in _UNITS and following["first"].isupper()
    return not (before and re.fullmatch(r"[A-Z]", before[1]))


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Span(start, end)


def fold(text: str) -> str:
    """Return `text` with every run of white space made one blank, ends trimmed.

    >>> fold(" a\\n  b ")
    'a b'
    """
    return " ".join(text.split())


def record_sections(record: Record) -> tuple[Section, ...]:
    """Return what there is to read of a record: its title, then its abstract's parts.

    Where there is no abstract, a starter record's summary stands in for it, one
    sentence a section. The title's category is "TITLE"; a summary's is "SUMMARY".

    >>> from assay.record import Record
    >>> [s.category for s in record_sections(Record(source="x", title="T"))]
    ['TITLE']
    """
    title = (Section(record.title, "", "TITLE"),) if record.title else ()
    if record.abstract or record.summary is None:
        return title + record.abstract
    return title + tuple(Section(s, "", "SUMMARY") for s in record.summary.sentences)


def record_text(record: Record) -> str:
    """Return the readable text of a record: its sections' texts, one a line.

    >>> from assay.record import Record, Section
    >>> record_text(Record(source="x", title="T", abstract=(Section("A. B."),)))
    'T\\nA. B.'
    """
    return "\n".join(fold(section.text) for section in record_sections(record))


def record_sentences(record: Record) -> tuple[tuple[Span, Section], ...]:
    """Return the sentences of `record_text(record)` with the section each stands in.

    >>> from assay.record import Record, Section
    >>> record = Record(source="x", title="T", abstract=(Section("A was. B was."),))
    >>> [tuple(span) for span, section in record_sentences(record)]
    [(0, 1), (2, 8), (9, 15)]
    """
    found: list[tuple[Span, Section]] = []
    at = 0
    for section in record_sections(record):
        text = fold(section.text)
        found += [
            (Span(at + span.start, at + span.end), section)
            for span in split_sentences(text)
        ]
        at += len(text) + 1
    return tuple(found)
