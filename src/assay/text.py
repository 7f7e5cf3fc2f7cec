"""Text and its sentences, always with offsets, so that a quote can be traced.

The readable text of a record is its title and its abstract's parts, one a line; every
offset of an `Evidence` points into it.
"""

import re
from collections.abc import Iterator

from assay.model import Span
from assay.record import Record, Section


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


ABBREVIATIONS = _set(
    """
    al approx apr assoc aug bp ca cf ch co comb corp dec dept diam dr ed eds eg eq eqn
    eqs esp est etc ex feb fig figs g gen gov h hon hr hrs i.e e.g ie inc intl jan jr
    jul jun kg l lb lbs ltd mar max mg min ml mm mr mrs ms mt nat nos nov nr oct op oz
    p par ph.d pp prof pt ref refs resp rev s sec sect sep sept sp spec spp sr ssp st
    subsp suppl syn tab temp univ v var viz vol vols vs wk wks yr yrs
    """
)
"""Words after which a full stop often ends no sentence (lower case, without it)."""
_NEVER = _set(
    """
    approx ca cf dr e.g eg eq eqn eqs esp fig figs i.e ie mr mrs ms nos prof ref refs
    resp st tab v viz vol vols vs
    """
)
"""Abbreviations that want a word after them: no sentence ends there."""
_UNITS = _set("d g h hr hrs kg l lb lbs max mg min ml mm oz s wk wks y yr yrs")
"""Abbreviations of units: after a number they do end a sentence before a capital."""
_LETTERED = _set(
    """
    appendix arm case class cohort condition factor figure grade group hepatitis
    influenza level option panel part phase plan protein sample set site stage step
    strain study subtype table type vitamin
    """
)
"""Nouns named by a letter: "group A. Patients …" ends a sentence, "J. Roe" does not."""
_STARTERS = _set(
    """
    a about according after all also although among an and another any as at because
    before both but by conclusion conclusions data despite did do does during each
    either evidence findings finally first for from further furthermore given he her
    here his how however i if in indeed into is it its many methods more moreover most
    neither no none not of on one only or other others our over overall patients people
    recent research results several she should similarly since so some studies such that
    the their then there therefore these they this those though three thus to two under
    until use we what when where whether which while who why with without you your
    """
)
"""Words that begin sentences and are seldom names: told by their capital."""

_END = re.compile(
    r"\n|[。！？]+|(?<![.!?…])(?P<stop>[.!?…]++)(?P<close>[\"'”’)\]»]*+)"
    r"(?P<note>(?:\[\d{1,3}(?:[,;–-] ?\d{1,3}){0,20}\]"
    r"|\d{1,3}(?:[,–-]\d{1,3}){0,20}(?=\s+[\"'“‘]?[A-Z]|\s*(?:\n|\Z))|[¹²³⁰⁴-⁹]+)?+)"
    r"(?=\s|\Z|(?P<joined>[\"'“‘(\[]?[A-Z](?:[a-z]+[\s’']|\s)))"
)
_NEXT = re.compile(r"\s*(?:[-–—•]\s*)?[\"'“‘(\[«¿¡]*(?P<word>[^\s,;:!?\"”)\]]*)")
_LAST_WORD = re.compile(r"\S+\Z")
_MIXED = re.compile(r"[a-zα-ω]{1,3}-?[A-Z0-9]|[α-ω]-")
_ENUMERATOR = re.compile(r"\s*[(\[]?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})\Z")
_INITIALS = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]")
_CLOSERS = (")", "]", "}", "”", "»")
_BEFORE_NUMBER = _set(
    "about and are at be by for from in is of or than to was were with"
)
_WINDOW = 60
"""Characters before a stop that are looked at: no word that matters is longer."""


def split_sentences(text: str) -> tuple[Span, ...]:
    """Return the sentences of `text` as spans without the white space around them.

    A line break ends a sentence. A full stop does not when it closes an abbreviation,
    an initial or a list number, or stands before a lower-case word or inside a number.
    Closing quotes, brackets and footnote marks after a stop belong to its sentence.

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
    """Tell whether a stop, which white space or a capital follows, ends a sentence."""
    following = _NEXT.match(text, match.end())
    word = following["word"] if following else ""
    if following and not word and text.startswith(_CLOSERS, following.end()):
        return False
    before = text[max(start, match.start() - _WINDOW) : match.start()]
    last = _LAST_WORD.search(before)
    token = last[0].lstrip("([\"'“‘«") if last else ""
    if match["note"] and not (match["close"] or _bears_note(token)):
        return False
    if match["joined"] and not _clearly_joined(token, match["close"], word):
        return False
    if word[:1].islower() and not (_MIXED.match(word) and len(token) > 2):
        return False
    if match["stop"] != "." or not word:
        return True
    return _full_stop_ends(before, token, word, at_start=len(before) < _WINDOW)


def _clearly_joined(token: str, close: str, word: str) -> bool:
    """Tell whether a stop with no blank after it parts two words of ordinary prose."""
    if len(word) < 4 and word.lower() not in _STARTERS:
        return False  # "file.Txt", "Example.Com"
    prose = len(token) > 2 and token[-3:].isalpha() and token[-3:].islower()
    return bool(close) or (prose and not re.search(r"[./@:\\_#]", token))


def _bears_note(token: str) -> bool:
    """Tell whether digits right after `token` and a stop are a footnote mark."""
    return (
        re.search(r"[^\W\d_]\Z|[)\]%]\Z|(?<!\d)(?:1[6-9]|20)\d\d\Z", token) is not None
        and token.lower() not in _BEFORE_NUMBER
        and token.lower() not in ABBREVIATIONS
    )


def _full_stop_ends(before: str, token: str, word: str, *, at_start: bool) -> bool:
    """Tell whether one full stop between `token` and `word` ends a sentence."""
    words = before.split()
    earlier = words[-2].lower() if len(words) > 1 else ""
    if at_start and _ENUMERATOR.fullmatch(before):
        return False
    if token.isdigit() and len(token) < 3 and earlier.endswith((":", ";")):
        return False
    lower = token.lower()
    if lower in _UNITS and earlier[-1:].isdigit():
        return True
    if lower == "no" or not token or token[-1] in "<>=≤≥":
        return not word[0].isdigit()
    return _abbreviation_ends(token, earlier, word)


def _abbreviation_ends(token: str, earlier: str, word: str) -> bool:
    """Tell whether the stop after `token` ends a sentence, abbreviation or not."""
    lower = token.lower()
    starts = word.lower() in _STARTERS and word[0].isupper()
    if len(token) == 1 and token.isalpha():
        return starts or earlier in _LETTERED or earlier.rstrip("s") in _LETTERED
    if lower in _NEVER and not token.isupper():
        return False
    short = lower in ABBREVIATIONS and not token.isupper()
    return starts or not (short or _INITIALS.fullmatch(token))


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
            for span in _spans(text, section)
        ]
        at += len(text) + 1
    return tuple(found)


def _spans(text: str, section: Section) -> tuple[Span, ...]:
    """Return a section's sentences; a title is one, whatever stops it holds."""
    if section.category == "TITLE":
        return (Span(0, len(text)),) if text else ()
    return split_sentences(text)
