"""In which order new works are told, and the one sentence that says why each is there.

The sentence is always the record's own, letter for letter: that which holds most of
what the query asks for.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from assay.digest.model import NO_QUOTE, Item, Quote
from assay.digest.words import Wanted, find_held, find_words
from assay.evidence.places import find_place
from assay.model import Design, Span, Stance
from assay.record import Record
from assay.text import record_sentences, record_text

NOTICES_OF = {
    "RetractionOf": "tells that {} is retracted",
    "PartialRetractionOf": "tells that {} is partially retracted",
    "ExpressionOfConcernFor": "tells of concern about {}",
    "ErratumFor": "corrects {}",
}
"""RefTypes that stand on a notice, and what it does to the work that it names."""

NOTICE_TYPES = {
    "retraction notice": "RetractionOf",
    "retraction of publication": "RetractionOf",
    "expression of concern": "ExpressionOfConcernFor",
    "published erratum": "ErratumFor",
}
"""Publication types of notices, in lower case, with the RefType that they go with."""

_PLACES = {"CONCLUSIONS": 0, "RESULTS": 1, "SUMMARY": 1, "": 2}
"""Which parts of an abstract come first; all others come after these."""

_ORDER = {design: number for number, design in enumerate(Design)}


class _Line(NamedTuple):
    """One sentence of a record."""

    number: int
    span: Span
    place: str
    """TITLE, SUMMARY, or the part of the abstract; "" when nothing tells."""


def order_items(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return items in the order of a digest.

    First those that bear on a watched claim; then by study design, the most
    trustworthy first; then by date, the newest first; then by key.

    >>> order_items([])
    ()
    """
    newest = sorted(items, key=lambda item: item.work.key)
    newest.sort(key=lambda item: item.work.date, reverse=True)
    return tuple(sorted(newest, key=_rank))


def _rank(item: Item) -> tuple[bool, int]:
    bears = any(each.stance is not Stance.NEUTRAL for each in item.bears_on)
    return not bears, _ORDER[item.work.design]


def words_of(queries: Iterable[str]) -> tuple[Wanted, ...]:
    """Return the words of each query in PubMed's syntax, for `choose_quote`.

    >>> words_of(["tea[ti]"])[0].groups[0][0].shown
    'tea'
    """
    return tuple(map(find_words, queries))


def choose_quote(record: Record, asked: Sequence[Wanted]) -> Quote:
    """Return the one sentence that says why a record is there.

    It is, whichever there is first: the title of a notice on another work; the sentence
    of the abstract or summary that holds words of most groups that a query asks for,
    conclusions before results before the rest; the title, where only that holds any;
    the conclusion; the first sentence. The title comes late because a digest shows it
    anyway. What bears on a watched claim has the sentence that speaks of it instead.

    Args:
        record: as it was found.
        asked: the words of each query that found it.

    >>> from assay.record import Section
    >>> tea = Record(source="x", title="T", abstract=(Section("Tea. Tea and sleep."),))
    >>> quote = choose_quote(tea, words_of(["tea AND sleep[ti]"]))
    >>> quote.text, quote.start, quote.why
    ('Tea and sleep.', 7, 'names tea, sleep')
    >>> choose_quote(Record(source="x"), ()) == NO_QUOTE
    True
    """
    text = record_text(record)
    lines = tuple(_lines(record))
    choices = (
        *_as_notice(record, lines),
        *_naming(text, lines, asked),
        *_by_place(lines),
    )
    if not choices:
        return NO_QUOTE
    line, why = choices[0]
    start, end = line.span
    return Quote(text[start:end], start, end, line.place == "SUMMARY", why)


def _lines(record: Record) -> Iterator[_Line]:
    for number, (span, section) in enumerate(record_sentences(record)):
        yield _Line(number, span, find_place(section))


def _as_notice(record: Record, lines: Sequence[_Line]) -> Iterator[tuple[_Line, str]]:
    """Yield the first sentence of a notice on another work, the title if it has one."""
    why = tell_notice(record)
    if why and lines:
        yield lines[0], why


def _naming(
    text: str, lines: Sequence[_Line], asked: Sequence[Wanted]
) -> Iterator[tuple[_Line, str]]:
    """Yield the sentence that holds most of what one of the queries asks for."""
    ranked = []
    for line in lines:
        sentence = text[line.span.start : line.span.end]
        held = max(
            (find_held(wanted, sentence) for wanted in asked),
            key=lambda found: (found.groups, len(found.words)),
            default=None,
        )
        if held and held.groups:
            place = _PLACES.get(line.place, len(_PLACES))
            # an abstract without parts ends with what was found
            turn = line.number if line.place else -line.number
            in_title = line.place == "TITLE"
            rank = (in_title, -held.groups, place, -len(held.words), turn)
            ranked.append((rank, line, held.words))
    if ranked:
        _, line, words = min(ranked)
        yield line, f"names {', '.join(words)}"


def _by_place(lines: Sequence[_Line]) -> Iterator[tuple[_Line, str]]:
    """Yield what to show of a record that holds no word of the query."""
    body = [line for line in lines if line.place != "TITLE"]
    ends = (line for line in body if line.place == "CONCLUSIONS")
    yield from ((line, "concludes the abstract") for line in ends)
    yield from ((line, "opens the text") for line in body)
    yield from ((line, "is all the text there is") for line in lines)


def tell_notice(record: Record) -> str:
    """Return what a record does to another, "" when it is no notice on one.

    >>> from assay.record import Correction
    >>> marks = (Correction("ErratumFor", pmid="90000001"),)
    >>> tell_notice(Record(source="pubmed", corrections=marks))
    'corrects PMID 90000001'
    """
    types = [kind.lower() for kind in record.publication_types]
    kinds = [*(c.ref_type for c in record.corrections)]
    kinds += [NOTICE_TYPES[kind] for kind in types if kind in NOTICE_TYPES]
    first = next((kind for kind in NOTICES_OF if kind in kinds), "")
    if not first:
        return ""
    named = [_name(c.pmid, c.doi) for c in record.corrections if c.ref_type == first]
    works = list(dict.fromkeys(filter(None, named))) or ["another work"]
    return NOTICES_OF[first].format(", ".join(works))


def _name(pmid: str, doi: str) -> str:
    return f"PMID {pmid}" if pmid else f"DOI {doi}" if doi else ""
