"""A claim's verdict over time as Markdown."""

from collections.abc import Iterator

from assay.output.clean import escape_markdown
from assay.output.digest_moves import split_voices
from assay.output.digest_works import (
    cite_work,
    is_struck,
    link_work,
    say_design,
    title_of_work,
)
from assay.output.history import History, Moment, say_bar, say_origin
from assay.output.words import COURTESY, NOT_ADVICE, say_number


def render_history_markdown(history: History) -> str:
    """Return a claim's history as Markdown that ends with a newline."""
    return "\n".join(_lines(history)).rstrip("\n") + "\n"


def _lines(history: History) -> Iterator[str]:
    yield f"# {escape_markdown(history.watched.claim.text)}"
    yield ""
    yield f"{escape_markdown(say_origin(history.watched))}."
    yield ""
    yield f"> {NOT_ADVICE}"
    yield ""
    if history.watched.claim.sentence:
        yield "The article says:"
        yield ""
        yield f"> {escape_markdown(history.watched.claim.sentence)}"
        yield ""
    if history.moments:
        yield "| Day | Verdict | For: works (weight) | Against | With limits |"
        yield "|---|---|--:|--:|--:|"
        for moment in history.moments:
            yield _row(moment)
        yield ""
    else:
        yield "It was not weighed yet; the next digest does."
    for moment in reversed(history.moments):
        yield from _moment(moment)
    if history.moments:
        yield from _rests_on(history.moments[-1])
    yield COURTESY


def _row(moment: Moment) -> str:
    cells = (f"{bar.works} ({bar.weight:.2f})" for bar in moment.bars)
    return f"| {moment.day} | {moment.verdict} | {' | '.join(cells)} |"


def _moment(moment: Moment) -> Iterator[str]:
    where = f", {moment.where}" if moment.where else ""
    yield f"## {moment.day}: {moment.verdict}{where}"
    yield ""
    yield escape_markdown(moment.why)
    yield ""
    yield escape_markdown(moment.weighing.reason)
    yield ""
    for quote in moment.quotes:
        yield f"- {escape_markdown(quote)}"
    if moment.quotes:
        yield ""
    told = [say_bar(bar) for bar in moment.bars if bar.works]
    if moment.taken_back:
        told.append(f"{say_number(moment.taken_back, 'work')} taken back, not counted")
    yield from (f"- {each}" for each in told)
    yield ""


def _rests_on(moment: Moment) -> Iterator[str]:
    """Yield the works that the newest verdict rests on."""
    sides = split_voices(moment.weighing)
    if sides:
        yield "## What it rests on now"
        yield ""
    for side in sides:
        yield f"**{side.name}** ({say_number(len(side.voices), 'work')})"
        yield ""
        for voice in side.voices:
            work = voice.work
            struck = "~~" if is_struck(voice.standing) else ""
            title = f"{struck}{escape_markdown(title_of_work(work))}{struck}"
            facts = (say_design(work), cite_work(work))
            links = (f"[{link.name}]({link.address})" for link in link_work(work))
            yield f"- {' · '.join((title, *map(escape_markdown, facts), *links))}"
        yield ""
