"""The verdict on a watched claim over time, as every view of it shows it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from assay.digest.model import Move, Voice, Watched, Weighing
from assay.digest.voices import is_heard
from assay.model import Label, Stance
from assay.notice import Standing
from assay.output.digest_moves import (
    say_befell,
    say_cause_sentence,
    say_causes,
    say_change,
    say_first,
    say_verdict,
)
from assay.output.digest_works import name_and_design
from assay.output.standings import join_names
from assay.output.words import LABELS, STANCES, SYMBOLS, say_number

SIDES = (
    ("for", Stance.SUPPORTS),
    ("against", Stance.CONTRADICTS),
    ("with limits", Stance.QUALIFIES),
)
"""What a bar is drawn for, in this order."""
NAMED = 3
"""Works that came or went and are named; the rest is counted."""
FIRST = "First weighing."
WEIGHED_BY = (
    "Bars show the weight of what speaks: by study design, size and signs of bias."
)


class Bar(NamedTuple):
    """What speaks on one side at one time."""

    name: str
    weight: float
    works: int


class Moment(NamedTuple):
    """One weighing of a claim."""

    weighing: Weighing
    day: str
    """YYYY-MM-DD."""
    verdict: str
    moved: bool
    """True when the label or the certainty is not that of the moment before."""
    where: str
    """"digest 3"; "" for one that no digest told."""
    why: str
    """What is different from the moment before, in one sentence."""
    quotes: tuple[str, ...]
    """The sentences of what moved it."""
    bars: tuple[Bar, ...]
    """One for each of `SIDES`."""
    taken_back: int
    """Works that speak and were taken back."""


class History(NamedTuple):
    """All that is known of a claim over time."""

    watched: Watched
    moments: tuple[Moment, ...]
    """The oldest first."""
    heaviest: float
    """The greatest weight of all bars; 0.0 when nothing ever spoke."""


def build_history(watched: Watched, weighings: Sequence[Weighing]) -> History:
    """Return a claim's history; `weighings` are the oldest first."""
    pairs = pairwise((None, *weighings))
    moments = tuple(_moment(watched, was, now) for was, now in pairs if now)
    weights = [bar.weight for moment in moments for bar in moment.bars]
    return History(watched, moments, max(weights, default=0.0))


def _moment(watched: Watched, before: Weighing | None, now: Weighing) -> Moment:
    heard = [voice for voice in now.voices if is_heard(voice)]
    then = (before.label, before.certainty) if before else ()
    return Moment(
        weighing=now,
        day=now.when[:10],
        verdict=say_answer(now),
        moved=bool(before) and then != (now.label, now.certainty),
        where=f"digest {now.digest}" if now.digest else "",
        why=_say_why(watched, before, now),
        quotes=say_first(tuple(_quotes(before, now))),
        bars=tuple(_bar(name, stance, heard) for name, stance in SIDES),
        taken_back=sum(not voice.counted for voice in now.voices),
    )


def say_answer(weighing: Weighing) -> str:
    """Return a verdict with its sign; without certainty where nothing is decided.

    >>> from assay.model import Certainty
    >>> say_answer(Weighing(claim=1, when="", label=Label.INSUFFICIENT, reason="",
    ...                     certainty=Certainty.VERY_LOW))
    '? Insufficient evidence'
    """
    if weighing.label in {Label.INSUFFICIENT, Label.NOT_CHECKABLE}:
        return f"{SYMBOLS[weighing.label]} {LABELS[weighing.label]}"
    return say_verdict(weighing)


def _bar(name: str, stance: Stance, heard: Sequence[Voice]) -> Bar:
    own = [voice.weight for voice in heard if voice.stance is stance]
    return Bar(name, round(sum(own), 4), len(own))


def _say_why(watched: Watched, before: Weighing | None, now: Weighing) -> str:
    if before is None:
        return FIRST
    if now.causes:
        move = Move(watched=watched, before=before, after=now)
        causes = say_causes(move)
        said = say_change(move)
        return f"{said[:1].upper()}{said[1:]}{', ' if causes else ''}{causes}."
    return f"{_say_difference(before, now)}; the verdict stays."


def _say_difference(before: Weighing, now: Weighing) -> str:
    """Return which works came, went, or got a notice between two weighings."""
    old = {name for voice in before.voices for name in voice.work.names}
    new = {name for voice in now.voices for name in voice.work.names}
    came = [v for v in now.voices if not old & {*v.work.names}]
    went = [v for v in before.voices if not new & {*v.work.names}]
    parts = [
        f"New: {_name(came)}" if came else "",
        f"{'no' if came else 'No'} longer found to speak of it: {_name(went)}"
        if went
        else "",
    ]
    parts += [
        f"{name_and_design(voice.work)} {say_befell(voice.standing)}"
        for voice in _find_fallen(before, now)[:NAMED]
    ]
    return "; ".join(filter(None, parts)) or "What the same works say has changed"


def _find_fallen(before: Weighing, now: Weighing) -> list[Voice]:
    """Return the works of another standing than before, as far as it was known."""
    past = {name: v for v in before.voices for name in v.work.names}
    pairs = [(past.get(v.work.key), v) for v in now.voices]
    return [v for was, v in pairs if was and is_other(was.standing, v.standing)]


def is_other(was: Standing, now: Standing) -> bool:
    """Say whether a standing is another one; that nobody was asked is no difference.

    >>> is_other(Standing.SOUND, Standing.UNKNOWN)
    False
    """
    clear = {Standing.SOUND, Standing.UNKNOWN}
    return was is not now and not {was, now} <= clear


def _name(voices: Sequence[Voice]) -> str:
    names = [name_and_design(voice.work) for voice in voices[:NAMED]]
    if more := len(voices) - NAMED:
        names += [say_number(more, "other")] if more > 0 else []
    return join_names(names)


def _quotes(before: Weighing | None, now: Weighing) -> Iterator[str]:
    for cause in now.causes:
        if cause.work and cause.sentence and cause.stance:
            stance = STANCES[cause.stance]
            quote = say_cause_sentence(cause, filter(None, (before, now)))
            yield f"{name_and_design(cause.work)}, {stance}: {quote}"


def say_bar(bar: Bar) -> str:
    """Return a bar in words.

    >>> say_bar(Bar("for", 1.4, 2))
    '2 works for, weight 1.40'
    """
    works = say_number(bar.works, "work")
    return f"{works} {bar.name}, weight {bar.weight:.2f}"


def say_origin(watched: Watched) -> str:
    """Return where a claim is from and since when it is watched.

    >>> from assay.model import Claim, ClaimType, Frame, Span
    >>> claim = Claim(sentence="", start=0, end=0, clause=Span(0, 0), text="",
    ...               type=ClaimType.SAFETY, frame=Frame())
    >>> say_origin(Watched(id=3, claim=claim, article="tea.md", added="2026-11-23T06"))
    'Claim 3, from tea.md, watched since 2026-11-23'
    """
    title = f"“{watched.title}” ({watched.article})" if watched.title else ""
    since = f", watched since {watched.added[:10]}" if watched.added else ""
    return f"Claim {watched.id}, from {title or watched.article}{since}"
