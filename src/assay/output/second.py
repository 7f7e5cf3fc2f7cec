"""A second opinion in words: always called one, never among the evidence."""

from collections import Counter
from typing import NamedTuple

from assay.model import SecondAnswer, SecondOpinion, Stance
from assay.output.links import Link, find_links
from assay.output.words import LABELS, STANCES, say_number, title_of
from assay.record import Record

HEADING = "Second opinion, which did not decide"


class Quote(NamedTuple):
    """What a second reader quotes of one study."""

    stance: str
    sentence: str
    """In quotation marks, unless it is our summary's."""
    own_words: bool
    title: str
    facts: str
    links: tuple[Link, ...]


class View(NamedTuple):
    """A second opinion as a page shows it."""

    label: str
    said: str
    quotes: tuple[Quote, ...]
    notes: tuple[str, ...]


def build_second(second: SecondOpinion) -> View:
    """Return a second opinion with its quotes, those for the claim first."""
    speaking = [a for a in second.answers if a.stance is not Stance.NEUTRAL]
    order = sorted(speaking, key=lambda answer: answer.stance is not Stance.SUPPORTS)
    return View(
        label=LABELS[second.label],
        said=say_second(second),
        quotes=tuple(map(_quote, order)),
        notes=find_notes(second),
    )


def say_second(second: SecondOpinion) -> str:
    """Return a second opinion and whose it is, in one sentence.

    >>> from assay.model import Label
    >>> say_second(SecondOpinion(reader="mine", kind="a model", unanswered=2,
    ...                          label=Label.INSUFFICIENT))
    'Insufficient evidence: 0 studies for, 0 against, 0 do not settle it; by the \
reader “mine” (a model), which counts studies and weighs none.'
    """
    counts = Counter(answer.stance for answer in second.answers)
    for_ = say_number(counts[Stance.SUPPORTS], "study", "studies")
    against, silent = counts[Stance.CONTRADICTS], counts[Stance.NEUTRAL]
    return (
        f"{LABELS[second.label]}: {for_} for, {against} against, {silent} do not "
        f"settle it; by the reader “{second.reader}” ({second.kind}), which counts "
        "studies and weighs none."
    )


def find_notes(second: SecondOpinion) -> tuple[str, ...]:
    """Return which of its answers are not used, and why, one sentence each."""
    reasons = Counter(each.why for each in second.discarded)
    notes = [
        f"{say_number(number, 'answer is', 'answers are')} not used: {why}"
        for why, number in reasons.items()
    ]
    if second.unanswered:
        notes.append(
            f"No answer for {say_number(second.unanswered, 'study', 'studies')}."
        )
    return tuple(notes)


def _quote(answer: SecondAnswer) -> Quote:
    chance = "" if answer.chance is None else f", chance {answer.chance:.2f}"
    return Quote(
        stance=f"{STANCES[answer.stance]}{chance}",
        sentence=answer.sentence if answer.own_words else f"“{answer.sentence}”",
        own_words=answer.own_words,
        title=title_of(answer.record),
        facts=_facts(answer.record),
        links=find_links(answer.record),
    )


def _facts(record: Record) -> str:
    year = str(record.year) if record.year else "year unknown"
    return ", ".join(filter(None, (year, record.journal)))
