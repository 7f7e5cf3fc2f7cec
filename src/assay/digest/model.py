"""The nouns of a digest: plain frozen values that do no I/O.

due queries ─► asked ─► news ─► items ┐
watched claims ─► weighed again ─► moves ├─► digest ─► channels
works used before ─► asked about ─► fallen ┘
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from assay.digest.asked import Asked
from assay.model import Certainty, Claim, Design, Label, Stance
from assay.notice import Notice, Standing
from assay.search import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A record as a digest names it: enough to find it again, and no abstract."""

    key: str
    """The firmest of its names, e.g. "pmid:90000001"; the library knows it by that."""
    names: tuple[str, ...]
    """Every name it is known under, `key` among them (`library.merge.keys_of`)."""
    title: str = ""
    authors: str = ""
    """E.g. "Fabel N, Muster A, et al."; "" when none is recorded."""
    journal: str = ""
    year: int | None = None
    date: str = ""
    """Of publication as far as it is known: YYYY, YYYY-MM or YYYY-MM-DD."""
    pmid: str = ""
    doi: str = ""
    pmcid: str = ""
    design: Design = Design.UNCLEAR
    size: int | None = None
    """Participants; None when not told."""
    preprint: bool = False
    source: str = ""
    """`Record.source`."""


class ItemKind(StrEnum):
    """Why a work stands in a digest."""

    NEW = "new"
    PUBLISHED = "published"
    """Its preprint was sent before; now the article is there."""


class Bearing(NamedTuple):
    """What a new work says of a watched claim."""

    claim: int
    """`Watched.id`."""
    text: str
    """The claim's."""
    stance: Stance


class Quote(NamedTuple):
    """The sentence that says why a work is there."""

    text: str
    """Verbatim: readable_text(record)[start:end]; "" where the record has no text."""
    start: int = 0
    end: int = 0
    own_words: bool = False
    """True when it is our summary's, not the authors'."""
    why: str = ""
    """What it was chosen for, e.g. "supports “kratom helps with sleep”" or "names
    kratom, sleep"."""


NO_QUOTE = Quote("")
"""Of a record that holds no sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One new work."""

    work: Work
    queries: tuple[str, ...]
    """Names of the saved queries that found it, sorted."""
    kind: ItemKind = ItemKind.NEW
    told_before: str = ""
    """Day (YYYY-MM-DD) on which its preprint was sent, or, for another query, the work
    itself; "" when neither was."""
    before: str = ""
    """Key of that preprint."""
    also: tuple[str, ...] = ()
    """Keys of other records of the same work in this run, e.g. its preprint."""
    bears_on: tuple[Bearing, ...] = ()
    quote: Quote = NO_QUOTE
    standing: Standing = Standing.SOUND
    notices: tuple[Notice, ...] = ()


class Voice(NamedTuple):
    """What one work says of a watched claim, as it was weighed."""

    work: Work
    stance: Stance
    weight: float
    counted: bool
    """False for what was taken back: it is shown and weighs nothing."""
    standing: Standing
    sentence: str
    own_words: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A claim that is looked at again in each digest."""

    id: int
    """Never used again."""
    claim: Claim
    article: str
    """Name of the article (file name or address)."""
    title: str = ""
    """The article's."""
    queries: tuple[str, ...] = ()
    """The searches for it in PubMed's syntax, narrowest first."""
    added: str = ""
    """ISO time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """The verdict on a watched claim at one time, and what it rested on."""

    claim: int
    """`Watched.id`."""
    when: str
    """ISO time."""
    label: Label
    certainty: Certainty
    reason: str
    voices: tuple[Voice, ...] = ()
    """All that speak, those that count first, the weightiest first."""
    version: str = ""
    """Of assay, whose rules weighed."""
    digest: int = 0
    """Number of the digest it was told in; 0 when none, as for the first one."""
    causes: tuple["Cause", ...] = ()
    """Why it differs from the one before; () when it does not."""


class CauseKind(StrEnum):
    """What can move a verdict."""

    STUDY = "study"
    """One that was not weighed before."""
    NOTICE = "notice"
    """One that was weighed before and was taken back, or is no longer."""
    CHANGED = "changed"
    """One whose record says something else than before."""
    GONE = "gone"
    """One that is no longer found to speak of it: its record says nothing of the claim
    now, or is not there."""
    RULES = "rules"
    """None: another version of assay, or other words, read the same studies."""
    TOGETHER = "together"
    """Several: to leave one of them out would not undo it, to leave out all does."""


class Cause(NamedTuple):
    """One thing that moved a verdict, found by leaving it out."""

    kind: CauseKind
    work: Work | None = None
    stance: Stance | None = None
    sentence: str = ""
    standing: Standing = Standing.SOUND
    alone: bool = True
    """True when leaving this one out gives the verdict of before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A watched claim whose verdict or certainty is not what it was."""

    watched: Watched
    before: Weighing
    after: Weighing
    """Its `causes` tell why."""


class Use(NamedTuple):
    """One place where a work was used."""

    kind: str
    """"report", for a claim that is watched too, or "digest"."""
    name: str
    """The article's name, or the digest's number."""
    when: str
    """Day, YYYY-MM-DD."""
    what: str = ""
    """The claims it spoke of, or the queries that found it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallen:
    """A work that was cited or sent before, and of which a notice is now known."""

    work: Work
    before: Standing
    after: Standing
    notices: tuple[Notice, ...]
    """Those that are news, the gravest first."""
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was done for a digest, in figures."""

    asked: tuple[Asked, ...] = ()
    """One for each query and source."""
    claims: int = 0
    """Watched claims that were looked at again."""
    works: int = 0
    """Works used before that were asked about."""
    unknown: int = 0
    """Of those, works of which it is not known whether there is a notice."""
    unknown_since: str = ""
    """ISO time at which the first of them was last known; "" when none is unknown, or
    when one of them never was known."""
    left: int = 0
    """Works used before whose turn comes in one of the next runs: more are known than
    are asked about at a time."""
    requests: int = 0
    """All that went over the network, those for claims and notices included."""
    credits: int = 0


EMPTY = Receipt()
"""Of a run that asked nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """All that one run has to tell. The same digest is rendered to the same bytes."""

    number: int
    """1, 2, 3 … in this workspace; never used again."""
    made: str
    """ISO time in UTC, e.g. "2026-11-23T06:00:00+00:00"."""
    title: str = "assay digest"
    queries: tuple[str, ...] = ()
    """Names of the saved queries that were run."""
    fallen: tuple[Fallen, ...] = ()
    moves: tuple[Move, ...] = ()
    items: tuple[Item, ...] = ()
    """What bears on a watched claim first, then by study design, then by date."""
    problems: tuple[Problem, ...] = ()
    """All that was not searched, asked or delivered."""
    receipt: Receipt = EMPTY
    offline: bool = False
    next_run: str = ""
    """ISO time at which something is due again; "" when nothing is."""

    @property
    def quiet(self) -> bool:
        """Whether all was searched and there is nothing to tell."""
        return not (self.fallen or self.moves or self.items or self.problems)


class Heading(NamedTuple):
    """One line of the index of past digests."""

    number: int
    made: str
    title: str
    items: int
    moves: int
    fallen: int
    problems: int


def heading_of(digest: Digest) -> Heading:
    """Return the line of the index that a digest has.

    >>> heading_of(Digest(number=3, made="2026-11-23T06:00:00+00:00")).number
    3
    """
    return Heading(
        digest.number,
        digest.made,
        digest.title,
        len(digest.items),
        len(digest.moves),
        len(digest.fallen),
        len(digest.problems),
    )


def name_of(digest: Digest | Heading) -> str:
    """Return the name of a digest's files, without an ending.

    >>> name_of(Digest(number=3, made="2026-11-23T06:00:00+00:00"))
    '2026-11-23-0003'
    """
    return f"{digest.made[:10]}-{digest.number:04d}"
