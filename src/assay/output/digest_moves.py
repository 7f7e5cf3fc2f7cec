"""What every channel of a digest says of a verdict that moved, and of what moved it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from assay.digest.model import (
    Cause,
    CauseKind,
    Move,
    Voice,
    Watched,
    Weighing,
    Work,
)
from assay.evidence.studies import NOT_COUNTED
from assay.model import Stance
from assay.notice import Standing
from assay.output.digest_works import name_and_design, name_work, say_design
from assay.output.standings import join_names
from assay.output.words import (
    LABELS,
    OWN_WORDS,
    STANCES,
    SYMBOLS,
    WEIGHTLESS,
    say_number,
)

MOVED_BY = "moved the verdict"
"""Mark of a work that moved a verdict, beside its title."""
NO_LONGER = "Before, and no longer weighed"
"""Heading over works that spoke of a claim before and are not found now."""
MOST_NAMED = 5
"""Works that a sentence names; each is marked beside its title as well."""
NO_CAUSE = "No single cause of it was found."
NOBODY = "No study spoke of it."
"""Said of a side of a comparison that holds no voice."""
_SIDES = (
    ("For", Stance.SUPPORTS),
    ("Against", Stance.CONTRADICTS),
    ("With limits", Stance.QUALIFIES),
)
_FELL = {
    Standing.CONCERN: "got an expression of concern",
    Standing.CORRECTED: "was corrected",
    Standing.DOUBTFUL: "is possibly retracted",
    Standing.NOTICE: "is a retraction notice",
    Standing.UNKNOWN: "can no longer be vouched for",
    Standing.SOUND: "no longer stands under a notice",
}


class Side(NamedTuple):
    """The voices that say the same of a claim."""

    name: str
    """"For", "Against", "With limits", "Not counted" …"""
    voices: tuple[Voice, ...]


def say_verdict(weighing: Weighing) -> str:
    """Return a verdict with its sign and certainty.

    >>> from assay.model import Certainty, Label
    >>> say_verdict(Weighing(claim=1, when="", label=Label.MIXED, reason="",
    ...                      certainty=Certainty.LOW))
    '± Mixed (low certainty)'
    """
    label = weighing.label
    return f"{SYMBOLS[label]} {LABELS[label]} ({weighing.certainty} certainty)"


def say_change(move: Move) -> str:
    """Return from what to what a verdict moved: the label, the certainty or both."""
    before, after = move.before, move.after
    sure = f"certainty {before.certainty} → {after.certainty}"
    if before.label is after.label:
        return f"still {LABELS[after.label].lower()}, {sure}"
    moved = f"{LABELS[before.label].lower()} → {LABELS[after.label].lower()}"
    return moved if before.certainty is after.certainty else f"{moved} ({sure})"


def say_move(move: Move) -> str:
    """Return a move in one sentence: the claim, before and after, and because of what.

    E.g. “red-vein kratom is more sedating”: mixed → contradicted, because of PMID
    90000010 (randomised trial, n = 84).
    """
    return f"“{move.watched.claim.text}”: {_say_change_and_causes(move)}"


def say_moved(move: Move) -> str:
    """Return a move in one sentence where the claim stands right above it."""
    said = _say_change_and_causes(move)
    return f"{said[:1].upper()}{said[1:]}"


def _say_change_and_causes(move: Move) -> str:
    change, causes = say_change(move), say_causes(move)
    return f"{change}, {causes}." if causes else f"{change}. {NO_CAUSE}"


def say_causes(move: Move) -> str:
    """Return what moved a verdict as a clause; "" when no cause was found."""
    causes = move.after.causes
    single = [c for c in causes if c.alone and c.kind is not CauseKind.TOGETHER]
    others = [c for c in causes if c not in single and (c.work or c.kind in _BARE)]
    studies = [c.work for c in single if c.work and c.kind is CauseKind.STUDY]
    named = _join_few([name_and_design(work) for work in studies])
    said = [f"because of {named}"] if named else []
    said += [_cause(c, move) for c in single if c.work not in studies]
    if others:
        told = [_one_of_several(c.work, c.standing, move) for c in others if c.work]
        if told and any(c.kind is CauseKind.RULES for c in others):
            told.insert(MOST_NAMED - 1, "another way of reading")
        reach = "together: to leave out only one of them would not undo it"
        said.append(f"because of {_join_few(told)}, {reach}" if told else _TOGETHER)
    return join_names(said)


def _join_few(told: Sequence[str]) -> str:
    """Return works as a list of words, and of hundreds how many more there are."""
    more = len(told) - MOST_NAMED
    return join_names([*told[:MOST_NAMED], *([f"{more:,} more"] if more > 0 else [])])


def _one_of_several(work: Work, standing: Standing, move: Move) -> str:
    """Return a work that moved a verdict with others, and whether it went or fell."""
    now = f"now {standing}" if standing in NOT_COUNTED else ""
    if work.key in {voice.work.key for voice in find_gone(move)}:
        now = "no longer found to speak of it"
    return f"{name_work(work)} ({'; '.join(filter(None, (say_design(work), now)))})"


_TOGETHER = "because of several changes, none of which alone would undo it"
_BARE = frozenset({CauseKind.TOGETHER, CauseKind.RULES})


def _cause(cause: Cause, move: Move) -> str:
    if cause.kind is CauseKind.RULES:
        return _rules(move)
    if cause.work is None:
        return "because of a work that is not named"
    work = name_and_design(cause.work)
    if cause.kind is CauseKind.NOTICE:
        return f"because {work} {say_befell(cause.standing)}"
    if cause.kind is CauseKind.CHANGED:
        return f"because the record of {work} says something else than before"
    if cause.kind is CauseKind.GONE:
        return f"because {work} is no longer found to speak of it"
    return f"because of {work}"


def say_befell(standing: Standing) -> str:
    """Return what befell a work that has a standing now, as the end of a sentence.

    >>> say_befell(Standing.CONCERN), say_befell(Standing.RETRACTED)
    ('got an expression of concern', 'was retracted')
    """
    return _FELL.get(standing, f"was {standing}")


def _rules(move: Move) -> str:
    before, after = move.before.version, move.after.version
    if before != after:
        told = f"assay {after or 'of another version'}, before {before or 'unknown'},"
        return f"because {told} reads the same studies in another way"
    return "because the same studies are read with other words"


def find_movers(move: Move) -> frozenset[str]:
    """Return the keys of the works that moved a verdict."""
    return frozenset(cause.work.key for cause in move.after.causes if cause.work)


def split_voices(weighing: Weighing) -> tuple[Side, ...]:
    """Return the voices by what they say, sides without any left out.

    Every voice that the weighing names stands in one side, in its order.

    >>> from assay.model import Certainty, Label
    >>> split_voices(Weighing(claim=1, when="", label=Label.INSUFFICIENT, reason="",
    ...                       certainty=Certainty.VERY_LOW))
    ()
    """
    named: dict[str, list[Voice]] = {}
    order = [*(name for name, _ in _SIDES), WEIGHTLESS, "Neutral", "Not counted"]
    for voice in weighing.voices:
        named.setdefault(_side(voice), []).append(voice)
    return tuple(Side(name, tuple(named[name])) for name in order if name in named)


def _side(voice: Voice) -> str:
    if voice.standing in NOT_COUNTED or not voice.counted:
        return "Not counted"
    if voice.stance is Stance.NEUTRAL:
        return "Neutral"
    if voice.weight <= 0:
        return WEIGHTLESS
    return next(name for name, stance in _SIDES if stance is voice.stance)


def find_gone(move: Move) -> tuple[Voice, ...]:
    """Return the voices of before whose works are not among those of now."""
    here = {voice.work.key for voice in move.after.voices}
    return tuple(v for v in move.before.voices if v.work.key not in here)


def say_watched(watched: Watched) -> str:
    """Return where a watched claim stands: the article and its title."""
    title = f" (“{watched.title}”)" if watched.title else ""
    return f"Claimed in {watched.article or 'an article without a name'}{title}."


def say_sides(weighing: Weighing) -> str:
    """Return how many studies stand on each side.

    Where there is none, the reason of the weighing says so; "" then.

    >>> from assay.model import Certainty, Label
    >>> say_sides(Weighing(claim=1, when="", label=Label.INSUFFICIENT, reason="",
    ...                    certainty=Certainty.VERY_LOW))
    'No study spoke of it.'
    """
    sides = split_voices(weighing)
    if not sides:
        return "" if weighing.reason else NOBODY
    return ", ".join(f"{len(side.voices):,} {side.name.lower()}" for side in sides)


def say_voice(voice: Voice) -> str:
    """Return a voice's design, size, year and journal in one line.

    >>> from assay.digest.model import Work
    >>> say_voice(Voice(Work(key="x", names=("x",), year=2020), Stance.SUPPORTS, 1.0,
    ...                 True, Standing.SOUND, "It did."))
    'design unclear, 2020'
    """
    work = voice.work
    year = str(work.year) if work.year else "year unknown"
    return ", ".join(filter(None, (say_design(work), year, work.journal)))


def say_voice_quote(voice: Voice) -> str:
    """Return a voice's sentence, marked whose words it is; "" when it has none."""
    if not voice.sentence:
        return ""
    if voice.own_words:
        return f"{voice.sentence} ({OWN_WORDS})"
    return f"“{voice.sentence}”"


def say_cause_quotes(move: Move) -> tuple[str, ...]:
    """Return what works that moved a verdict say of the claim, one line a work.

    Of more than `MOST_NAMED` the last line says how many there are.
    """
    said = []
    for cause in move.after.causes:
        if cause.work is None or not cause.sentence:
            continue
        stance = f" ({STANCES[cause.stance]})" if cause.stance else ""
        quote = say_cause_sentence(cause, (move.before, move.after))
        said.append(f"{name_work(cause.work)}{stance}: {quote}")
    return say_first(said)


def say_cause_sentence(cause: Cause, weighings: Iterable[Weighing]) -> str:
    """Return the sentence of what moved a verdict, marked whose words it is.

    weighings: before and after, whose voices tell that.
    """
    every = (voice for weighing in weighings for voice in weighing.voices)
    said = (voice for voice in every if voice.sentence == cause.sentence)
    own = any(voice.own_words for voice in said)
    return f"{cause.sentence} ({OWN_WORDS})" if own else f"“{cause.sentence}”"


def say_first(lines: Sequence[str]) -> tuple[str, ...]:
    """Return as many lines as a sentence names works, and how many more there are.

    >>> say_first(["a"] * 7)[-1]
    '… and 2 more.'
    """
    more = len(lines) - MOST_NAMED
    return (*lines[:MOST_NAMED], *([f"… and {more:,} more."] if more > 0 else []))


def count_moves(moves: Sequence[Move]) -> tuple[int, int]:
    """Return how many verdicts moved, and how many moved in certainty only.

    >>> count_moves(())
    (0, 0)
    """
    verdicts = sum(move.before.label is not move.after.label for move in moves)
    return verdicts, len(moves) - verdicts


def say_moves(moves: Sequence[Move]) -> tuple[str, ...]:
    """Return how many verdicts and certainties moved, what is none left out.

    >>> say_moves(())
    ()
    """
    verdicts, certainties = count_moves(moves)
    told = (
        (verdicts, "verdict moved", "verdicts moved"),
        (certainties, "certainty moved", "certainties moved"),
    )
    return tuple(say_number(n, one, many) for n, one, many in told if n)
