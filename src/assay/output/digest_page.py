"""What the page of a digest shows of a verdict that moved: before and after."""

from typing import NamedTuple

from assay.digest.model import Move, Voice, Weighing
from assay.output.digest_moves import (
    NO_LONGER,
    NOBODY,
    Side,
    find_gone,
    find_movers,
    say_moved,
    say_voice,
    say_watched,
    split_voices,
)
from assay.output.digest_words import say_day
from assay.output.digest_works import is_struck, link_work, title_of_work
from assay.output.links import Link
from assay.output.page import STYLES, Answer
from assay.output.words import (
    CERTAINTY_STEPS,
    LABELS,
    SYMBOLS,
    say_number,
    say_standing,
)

SHOWN = 3
"""Studies of one side that stand open in a column; the others fold away."""


class Study(NamedTuple):
    """A study in a column, with what it says."""

    title: str
    facts: str
    standing: str
    struck: bool
    links: tuple[Link, ...]
    sentence: str
    own_words: bool
    moved: bool
    """True for one that moved the verdict."""


class Group(NamedTuple):
    """The studies that say the same."""

    name: str
    size: str
    shown: tuple[Study, ...]
    folded: tuple[Study, ...]


class Column(NamedTuple):
    """One weighing: the verdict and the studies that it rested on."""

    name: str
    """"Before" or "Now"."""
    day: str
    answer: Answer
    reason: str
    groups: tuple[Group, ...]
    empty: str
    """Said where no study spoke; "" where one did."""


class Moved(NamedTuple):
    """A verdict that moved, as the page shows it."""

    claim: str
    said: str
    where: str
    columns: tuple[Column, Column]


def build_moved(move: Move) -> Moved:
    """Return what the page shows of a verdict that moved."""
    gone = find_gone(move)
    groups = (Side(NO_LONGER, gone),) if gone else ()
    return Moved(
        claim=move.watched.claim.text,
        said=say_moved(move),
        where=say_watched(move.watched),
        columns=(
            _column("Before", move.before, split_voices(move.before), move),
            _column("Now", move.after, (*split_voices(move.after), *groups), move),
        ),
    )


def _column(
    name: str, weighing: Weighing, sides: tuple[Side, ...], move: Move
) -> Column:
    movers = find_movers(move) if weighing is move.after else frozenset()
    return Column(
        name=name,
        day=say_day(weighing.when),
        answer=answer_of(weighing),
        reason=weighing.reason,
        groups=tuple(_group(side, movers) for side in sides),
        empty="" if sides or weighing.reason else NOBODY,
    )


def answer_of(weighing: Weighing) -> Answer:
    """Return a verdict in words, sign and style.

    >>> from assay.model import Certainty, Label
    >>> answer_of(Weighing(claim=1, when="", label=Label.MIXED, reason="",
    ...                    certainty=Certainty.LOW)).certainty
    'low certainty'
    """
    label, certainty = weighing.label, weighing.certainty
    return Answer(
        STYLES[label],
        SYMBOLS[label],
        LABELS[label],
        f"{certainty} certainty",
        CERTAINTY_STEPS[certainty],
    )


def _group(side: Side, movers: frozenset[str]) -> Group:
    """Return a side's studies, those that moved the verdict first, the others after."""
    studies = tuple(_study(voice, voice.work.key in movers) for voice in side.voices)
    ordered = tuple(sorted(studies, key=lambda study: not study.moved))
    shown = max(SHOWN, sum(study.moved for study in studies))
    size = say_number(len(studies), "study", "studies")
    return Group(side.name, size, ordered[:shown], ordered[shown:])


def _study(voice: Voice, moved: bool) -> Study:
    return Study(
        title=title_of_work(voice.work),
        facts=say_voice(voice),
        standing=say_standing(voice.standing),
        struck=is_struck(voice.standing),
        links=link_work(voice.work),
        sentence=voice.sentence,
        own_words=voice.own_words,
        moved=moved,
    )
