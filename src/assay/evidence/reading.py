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
from assay.evidence.senses import find_adjusted, is_other_sense
from assay.evidence.wording import LIMITED, RESEARCH
from assay.library.retraction import standing_of
from assay.model import Design, Span
from assay.notice import Standing
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
    r"present|provid|summari|offer|give)|(?:was|were) (?:calculated|computed|"
    r"extracted|retrieved|pooled|"
    r"model(?:l)?ed (?:using|with|by)|"
    r"searched|entered|coded|analy[sz]ed (?:using|by|with)|estimated (?:using|by|with)|"
    r"used to (?:\w+))|(?:main|primary|secondary|clinical|study) (?:outcomes?|"
    r"end ?points?|outcome measures?) (?:was|were|included) (?!(?:\w+ ){0,2}"
    r"(?:significant\w*|similar|different|not|achieved|met|improved|reduced|lower|"
    r"higher|observed|reached|better|worse|found|more|less|also|comparable)\b)|"
    r"(?:is|are) (?:reviewed|discussed|summari[sz]ed)|"
    r"results not visible|findings not visible|figures not visible|studied how)",
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


def _is_in_brackets(text: str, at: int) -> bool:
    return text.count("(", 0, at) > text.count(")", 0, at)


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
        found = _SEGMENT.finditer(self.text)
        cuts = [m.span() for m in found if not _is_in_brackets(self.text, m.start())]
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


def _mentions(words: str, vocabulary: Vocabulary) -> tuple[Mention, ...]:
    """Return what a sentence speaks of, not what it adjusted for or means otherwise."""
    equal = find_adjusted(words)
    return tuple(
        m
        for m in vocabulary.mentions(words)
        if not any(a <= m.start < b for a, b in equal) and not is_other_sense(words, m)
    )


_DEFINED = re.compile(r" \(([A-Z][\w-]{1,9})(?:;[^)]*)?\)")
_TAIL = re.compile(r"(?:[ -](?:disorders?|syndromes?|diseases?|symptoms?))?", re.I)
"""What may stand between a concept and the end of the words that it is short for."""


def find_abbreviations(text: str, vocabulary: Vocabulary) -> dict[str, str]:
    """Return the short forms that a text defines, each with the concept it stands for.

    The words before the brackets that a short form stands for are found by Schwartz and
    Hearst's rule ("A simple algorithm for identifying abbreviation definitions in
    biomedical text", Pacific Symposium on Biocomputing 2003, 451-462); the concept must
    be the last of them.

    >>> from assay.claims.vocabulary import parse_vocabulary
    >>> words = parse_vocabulary('[tea]\\nkind="exposure"\\nwords=["green tea", "tea"]')
    >>> find_abbreviations("Green tea (GT) was drunk.", words)
    {'GT': 'tea'}
    >>> find_abbreviations("Freshly-brewed strong tea (FBST) was drunk.", words)
    {'FBST': 'tea'}
    >>> find_abbreviations("The tea drinking inventory (TDI) was used.", words)
    {}
    """
    found: dict[str, str] = {}
    defined = tuple(_DEFINED.finditer(text))
    mentions = vocabulary.mentions(text) if defined else ()
    for short in defined:
        start = _long_form(text[: short.start()], short[1])
        for mention in mentions if start is not None else ():
            inside = start is not None and start <= mention.start < short.start()
            if inside and _TAIL.fullmatch(text, mention.end, short.start()):
                found.setdefault(short[1], mention.concept)
    return found


def _long_form(before: str, short: str) -> int | None:
    """Return where the words begin that a short form stands for; None if nowhere.

    Its letters are looked for from the right; the first must begin a word.
    """
    at = len(before)
    words = min(len(short) + 5, 2 * len(short))
    for place in range(len(short) - 1, -1, -1):
        letter = short[place].lower()
        if not letter.isalnum():
            continue
        at -= 1
        while at >= 0 and not _fits(before, at, letter, first=place == 0):
            at -= 1
        if at < 0:
            return None
    return at if len(before[at:].split()) <= words else None


def _fits(before: str, at: int, letter: str, *, first: bool) -> bool:
    begins = at == 0 or not before[at - 1].isalnum()
    return before[at].lower() == letter and (begins or not first)


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
    met = _mentions(words, vocabulary)
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
