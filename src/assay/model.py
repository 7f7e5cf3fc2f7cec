"""The nouns of assay besides the record: plain frozen values that do no I/O.

query ─► source ─► record ─► library ─► evidence ─► verdict ─► report
                     article ─► claim ─┘
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from assay.notice import Standing, StandingReport
from assay.record import Record
from assay.search import Problem, SearchLog


class Span(NamedTuple):
    """A piece of a text: text[start:end], offsets in characters (code points)."""

    start: int
    end: int


class Block(NamedTuple):
    """A paragraph, heading or list item of an article, as a span of its text."""

    kind: str
    """title, heading, paragraph, item, quote, caption or table."""
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A health article as it was read: one text, with its parts as spans of it."""

    name: str
    """File name or address, without secrets."""
    title: str
    text: str
    """The whole text as read; every offset in a report points into it."""
    blocks: tuple[Block, ...]
    """In order, not overlapping."""
    sentences: tuple[Span, ...]
    """In order, not overlapping, each inside one block."""
    media_type: str = "text/plain"
    sha256: str = ""
    """Of the bytes as read."""


class ClaimType(StrEnum):
    """What kind of assertion a claim is."""

    EFFICACY = "efficacy"
    SAFETY = "safety"
    MECHANISM = "mechanism"
    PREVALENCE = "prevalence"
    DOSAGE = "dosage"
    REGULATORY = "regulatory"
    DESCRIPTION = "description"
    ADVICE = "advice"


class Direction(StrEnum):
    """Which way the claim says the exposure moves the outcome."""

    IMPROVES = "improves"
    WORSENS = "worsens"
    INCREASES = "increases"
    DECREASES = "decreases"
    NO_EFFECT = "no effect"
    ASSOCIATED = "associated"
    IS = "is"


class Term(NamedTuple):
    """A concept as it was met in a text: the words, and its vocabulary entry if any."""

    words: str
    concept: str = ""
    """Key of the vocabulary entry, e.g. "kratom"; "" for words it does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Who, what, compared with what, which outcome, which way."""

    exposure: tuple[Term, ...] = ()
    comparator: str = ""
    outcome: tuple[Term, ...] = ()
    population: tuple[Term, ...] = ()
    direction: Direction = Direction.IS
    negated: bool = False
    """True when the claim denies the relation ("does not", "no")."""
    hedge: str = ""
    """The words that soften it, e.g. "may", "is thought to"."""
    attribution: str = ""
    """Whom the article says it has it from, e.g. "the FDA"."""
    causal: bool = False
    """True when the claim is worded as cause and effect, not as association."""
    relation: str = "is"
    """What is asserted between exposure and outcome: effect, occurs, acts-on, contains,
    used-for, common, varies, dose, evidence-state, regulated, recommended, precaution,
    located, is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One assertion of an article."""

    sentence: str
    """The whole sentence, verbatim: article.text[start:end]."""
    start: int
    end: int
    clause: Span
    """The words inside the article that make this very assertion."""
    text: str
    """The assertion made to stand alone: pronouns replaced, one predicate."""
    type: ClaimType
    frame: Frame
    checkable: bool = True
    why_not: str = ""
    """Why it cannot be checked, in one sentence; "" when it can."""


class Stance(StrEnum):
    """What one sentence of one study says about one claim."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    QUALIFIES = "qualifies"
    NEUTRAL = "neutral"


class Design(StrEnum):
    """Study design, from the most to the least trustworthy about effects in people."""

    META_ANALYSIS = "meta-analysis"
    SYSTEMATIC_REVIEW = "systematic review"
    GUIDELINE = "guideline"
    RANDOMISED_TRIAL = "randomised trial"
    NONRANDOMISED_TRIAL = "non-randomised trial"
    COHORT = "cohort"
    CASE_CONTROL = "case-control"
    CROSS_SECTIONAL = "cross-sectional"
    PHARMACOKINETIC = "pharmacokinetic"
    QUALITATIVE = "qualitative"
    CASE_SERIES = "case series"
    CASE_REPORT = "case report"
    NARRATIVE_REVIEW = "narrative review"
    ANIMAL = "animal"
    IN_VITRO = "in vitro"
    EDITORIAL = "editorial"
    PROTOCOL = "protocol"
    UNCLEAR = "unclear"


class Flag(NamedTuple):
    """A way in which a claim goes beyond the study it would rest on."""

    code: str
    """other-species, in-vitro-only, association-as-cause, other-outcome …"""
    message: str
    """One sentence for the reader."""
    raised_by: str = ""
    """What raised it, verbatim: a sentence, a heading, a type; "" when not recorded."""
    where: str = ""
    """Where that stands: abstract, summary, title, interest statement, article, MeSH
    heading, publication type, study design."""
    start: int | None = None
    """Offset of a sentence in the text that `where` names (the record's readable text
    for abstract, summary and title, the article's for article); None for a term."""
    end: int | None = None


class Scores(NamedTuple):
    """What the built-in reader gives a record on a claim: chances that sum to 1."""

    supports: float
    contradicts: float
    silent: float
    rationale: float = 0.0
    """Chance that the sentence shown is what the answer rests on, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one sentence of one record says about one claim."""

    record: Record
    design: Design
    standing: Standing = Standing.SOUND
    checked: StandingReport | None = None
    """Who was asked for notices on the record; None where only its own marks tell."""
    stance: Stance
    sentence: str
    """Verbatim: readable_text(record)[start:end]."""
    start: int
    end: int
    own_words: bool = False
    """True when the sentence is our summary's, not the authors'."""
    rule: str
    """Name of the rule that decided the stance."""
    why: str = ""
    """The rule in one plain sentence."""
    weight: float = 0.0
    """Strength of the design for this claim, 0 to 1, after reductions."""
    flags: tuple[Flag, ...] = ()
    scores: Scores | None = None
    """What the built-in reader gave; None where it was not asked."""


class Label(StrEnum):
    """The answer for one claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    MIXED = "mixed"
    INSUFFICIENT = "insufficient"
    NOT_CHECKABLE = "not checkable"


class Certainty(StrEnum):
    """How sure the evidence lets us be (GRADE's four levels)."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very low"


class CertaintyStep(NamedTuple):
    """One thing that set or moved the certainty of a verdict, after GRADE's domains."""

    domain: str
    """design (the start), or one of GRADE's domains, e.g. imprecision."""
    change: int
    level: Certainty
    """The level after this step, which moved it by `change`: 0 or -1."""
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer for one claim."""

    label: Label
    certainty: Certainty
    reason: str
    """One sentence."""
    steps: tuple[CertaintyStep, ...] = ()
    """How the certainty was reached, the start first; () when nothing is decided."""


class SecondAnswer(NamedTuple):
    """What a second reader takes one study to say about a claim."""

    record: Record
    stance: Stance
    """supports, contradicts or neutral."""
    sentence: str = ""
    """Verbatim: readable_text(record)[start:end]; "" when neutral."""
    start: int = 0
    end: int = 0
    own_words: bool = False
    """True when the sentence is our summary's, not the authors'."""
    chance: float | None = None
    """How sure the reader is, 0 to 1; None where it does not say."""


class Discarded(NamedTuple):
    """An answer of a second reader that cannot be relied upon, and is not shown."""

    record: Record
    why: str
    """One sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondOpinion:
    """What a second reader, which never decides, makes of a claim's studies."""

    reader: str
    """The name that the person gave it."""
    kind: str
    """What it is, e.g. "the model tiny at http://127.0.0.1:8080/v1/"."""
    label: Label
    """supported, contradicted, mixed or insufficient: studies counted, not weighed."""
    answers: tuple[SecondAnswer, ...] = ()
    """One a study, in the order asked: first those that spoke for the first reader."""
    discarded: tuple[Discarded, ...] = ()
    unanswered: int = 0
    """Studies that were to be asked about and for which no answer came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One claim with its answer and all that the answer rests on."""

    claim: Claim
    verdict: Verdict
    flags: tuple[Flag, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    """Those that speak first, strongest first; then neutral ones that were read."""
    queries: tuple[str, ...] = ()
    """The searches made for this claim, narrowest first."""
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(concept, the words looked for), as `--explain` shows them."""
    second: SecondOpinion | None = None
    """A second reader's, which has no part in the verdict; None when there is none."""
    read: int = 0
    """Records of the library that were read for it."""


class Counts(NamedTuple):
    """How many records passed each step of a report, each counted once."""

    found: int
    """Different records that the sources gave."""
    read: int
    """Different records that were read for the claims."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What `assay check` found out about one article."""

    article: Article
    findings: tuple[Finding, ...]
    searched: tuple[SearchLog, ...] = ()
    problems: tuple[Problem, ...] = ()
    library: tuple[tuple[str, int, str], ...] = field(default=())
    """(origin, number of records, date) of what lay in the library."""
    offline: bool = False
    counts: Counts | None = None
    """None when they were not counted."""
