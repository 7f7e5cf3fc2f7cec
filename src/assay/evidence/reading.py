"""A record made ready to be asked about claims: read once, asked many times."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from assay.claims.clauses import LONGEST
from assay.claims.cues import Cue, find_cues
from assay.claims.vocabulary import Mention, Vocabulary
from assay.evidence.design import OF_MANY, find_design
from assay.evidence.places import NOT_FINDINGS, find_place, tells_of_earlier_work
from assay.evidence.wording import LIMITED, RESEARCH
from assay.library.retraction import standing_of
from assay.model import Design, Span, Standing
from assay.record import Record
from assay.text import record_sentences, record_text

_AIM = re.compile(
    r"\b(?:aim(?:ed|s)?\b|to (?:determine|assess|evaluate|investigate|examine|explore|"
    r"test|compare|describe|characteri[sz]e|identify|review|study)\b|we "
    r"(?:hypothesi[sz]ed|investigated|examined|evaluated|assessed|tested|searched|"
    r"sought|studied|compared|describe|review)|objectives?\b|purpose of|was "
    r"(?:designed|conducted|undertaken|performed)|were (?:searched|recruited|enrolled|"
    r"randomi[sz]ed|assigned|randomly)|study "
    r"set up|this (?:study|review|paper) (?:examin|investigat|explor|review|discuss|"
    r"present)|results not visible|findings not visible|figures not visible|studied "
    r"how)",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"(?:BACKGROUND|INTRODUCTION|OBJECTIVES?|AIMS?|PURPOSE|METHODS?|MATERIALS AND "
    r"METHODS|DESIGN|SETTING|PARTICIPANTS|CONTEXT|IMPORTANCE|Background|Introduction|"
    r"Objective|Aim|Purpose|Methods|Context|Importance)\b[:.]? "
)
RESULT = re.compile(
    r"\b(?:we (?:found|show|report|demonstrate|observed)|significant(?:ly)?|results?|"
    r"conclu\w+)\b|\bp ?[<=>]|95% ?CI|\b(?-i:OR|RR|HR|SMD|MD)\b",
    re.IGNORECASE,
)
OPENING = 2
"""Sentences at the start of an abstract without headings that set the scene."""
LONG_ENOUGH = 5
"""Sentences from which on an abstract is taken to have such an opening."""
_SEGMENT = re.compile(
    r";\s+|,?\s+(?:but|whereas|while|although|though|however|yet|except)\s+|"
    r",\s+and\s+(?=\w+(?:\s\w+){0,4}\s(?:was|were|did|had|did|is|are)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Line:
    """One sentence of a record with all that its reading found."""

    span: Span
    """In the record's readable text."""
    text: str
    place: str
    """TITLE, SUMMARY, or the part of the abstract ("" when it has no parts)."""
    mentions: tuple[Mention, ...]
    """Offsets in `text`."""
    aim: bool
    """True for a question, an objective or a method: it finds nothing."""
    background: bool = False
    """True where it only tells what was known before."""

    @cached_property
    def cues(self) -> tuple[Cue, ...]:
        """The words of change, with offsets in `text`."""
        return find_cues(self.text)

    @cached_property
    def segments(self) -> tuple[Span, ...]:
        """The sentence cut where its subject may change."""
        cuts = [m.span() for m in _SEGMENT.finditer(self.text)]
        starts = [0, *(end for _, end in cuts)]
        ends = [*(start for start, _ in cuts), len(self.text)]
        return tuple(map(Span, starts, ends))

    def segment_at(self, at: int) -> Span:
        """Return the piece of the sentence in which an offset lies."""
        inside = [s for s in self.segments if s.start <= at <= s.end]
        return inside[0] if inside else Span(0, len(self.text))

    @cached_property
    def limited(self) -> bool:
        """True when it calls the research limited or asks for more."""
        return bool(LIMITED.search(self.text) and RESEARCH.search(self.text))


@dataclass(frozen=True)
class Study:
    """A record as evidence: its sentences, design, standing and subject."""

    record: Record
    text: str
    lines: tuple[Line, ...]
    design: Design
    standing: Standing
    title_mentions: tuple[Mention, ...]
    concepts: frozenset[str]
    """Every concept met in its text, headings, keywords and recorded population."""


def read_record(record: Record, vocabulary: Vocabulary) -> Study:
    """Return a record read for evidence.

    >>> from assay.claims.vocabulary import parse_vocabulary
    >>> words = parse_vocabulary('[tea]\\nkind="exposure"\\nwords=["tea"]')
    >>> study = read_record(Record(source="x", title="Tea in rats"), words)
    >>> study.design.value, sorted(study.concepts)
    ('animal', ['tea'])
    """
    text = record_text(record)
    sentences = [(span, find_place(s)) for span, s in record_sentences(record)]
    plain = [span for span, place in sentences if not place]
    opening = plain[:OPENING] if len(plain) >= LONG_ENOUGH else []
    design = find_design(record)
    early = () if design in OF_MANY else plain[: len(plain) // 2]
    opening += [
        span for span in early if tells_of_earlier_work(text[span.start : span.end])
    ]
    short = find_abbreviations(text, vocabulary)
    lines = tuple(
        _line(text, span, place, vocabulary, short, opens=span in opening)
        for span, place in sentences
    )
    labels = [m.descriptor for m in record.mesh] + [c.name for c in record.chemicals]
    labels += [c.name for c in record.supplementary] + [k.text for k in record.keywords]
    beside = " ; ".join([*labels, record.population]).lower()
    met = {m.concept for line in lines for m in line.mentions}
    return Study(
        record=record,
        text=text,
        lines=lines,
        design=design,
        standing=standing_of(record),
        title_mentions=vocabulary.mentions(record.title),
        concepts=frozenset(met | {m.concept for m in vocabulary.mentions(beside)}),
    )


_DEFINED = re.compile(r"[ -](?:\w+ )?\(([A-Z][A-Za-z0-9-]*[A-Z0-9])\)")


def find_abbreviations(text: str, vocabulary: Vocabulary) -> dict[str, str]:
    """Return the short forms that a text defines, each with the concept it stands for.

    A short form stands behind the concept and begins as it does, or is made of the
    first letters of the words before it, the concept being the last of them.

    >>> from assay.claims.vocabulary import parse_vocabulary
    >>> words = parse_vocabulary('[tea]\\nkind="exposure"\\nwords=["green tea", "tea"]')
    >>> find_abbreviations("Green tea (GT) was drunk.", words)
    {'GT': 'tea'}
    >>> find_abbreviations("Freshly-brewed strong tea (FBST) was drunk.", words)
    {'FBST': 'tea'}
    """
    found: dict[str, str] = {}
    for mention in vocabulary.mentions(text):
        short = _DEFINED.match(text, mention.end)
        if not short:
            continue
        initial = text[mention.start : mention.start + 1].lower()
        if short[1][0].lower() == initial or _spells(text, short):
            found.setdefault(short[1], mention.concept)
    return found


def _spells(text: str, short: re.Match[str]) -> bool:
    """Say whether the words before a short form begin with its letters."""
    letters = short[1].lower()
    before = text[max(0, short.start(1) - 25 * len(letters)) : short.start(1)]
    words = re.findall(r"[a-z]+", before.lower())[-len(letters) :]
    return len(letters) > 1 and "".join(w[0] for w in words) == letters


def _line(
    text: str,
    span: Span,
    place: str,
    vocabulary: Vocabulary,
    short: Mapping[str, str],
    *,
    opens: bool,
) -> Line:
    words = text[span.start : span.end]
    if len(words) > LONGEST:
        return Line(span=span, text=words, place=place, mentions=(), aim=True)
    met = vocabulary.mentions(words)
    met += tuple(
        Mention(concept, m.start(), m.end())
        for name, concept in short.items()
        for m in re.finditer(rf"(?<![\w/]){re.escape(name)}(?![\w/])", words)
        if not any(o.start <= m.start() < o.end for o in met)
    )
    asks = words.rstrip().endswith("?") or bool(_AIM.search(words))
    opening = opens and not RESULT.search(words)
    return Line(
        span=span,
        text=words,
        place=place,
        mentions=tuple(sorted(met, key=lambda m: m.start)),
        aim=asks or opening or place in NOT_FINDINGS or bool(_LABELLED.match(words)),
        background=not asks and (opening or place == "BACKGROUND"),
    )
