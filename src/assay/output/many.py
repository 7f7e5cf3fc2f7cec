"""Many articles that were checked: one row each, as JSON and as a page of links."""

from functools import cache
from typing import NamedTuple

from jinja2 import Environment

from assay.model import Label, Report
from assay.output.json import LABELS as JSON_LABELS
from assay.output.json import Json, render_document
from assay.output.page import STYLES
from assay.output.tally import count_labels
from assay.output.templates import open_templates
from assay.output.words import LABELS, NOT_ADVICE, SYMBOLS, say_number

CHECKED, KEPT, FAILED, WAITING = "checked", "as before", "failed", "not yet checked"
STATES = (CHECKED, KEPT, FAILED, WAITING)
"""What became of an article. As before: its report was made from the same bytes,
options and library, and was left as it is."""


class Told(NamedTuple):
    """What the list of reports tells of a report."""

    title: str = ""
    """The article's."""
    counts: tuple[int, ...] = ()
    """Claims by label, in the order of `Label`; () without a report."""
    partial: bool = False
    """True where something was not searched, or did not come."""


class Row(NamedTuple):
    """What became of one article."""

    target: str
    """Its path or address, as it stands in the list."""
    name: str
    """Of its report, without an ending."""
    state: str = WAITING
    """One of STATES."""
    told: Told = Told()
    why: str = ""
    """Why it failed, and what to do, in sentences."""


class Batch(NamedTuple):
    """A list of articles and what became of each."""

    name: str
    """Of the list."""
    endings: tuple[str, ...]
    """Of each report's files, e.g. (".json", ".html")."""
    rows: tuple[Row, ...]
    """In the order of the list."""


def tell_report(report: Report, *, partial: bool) -> Told:
    """Return what the list tells of a report."""
    counts = tuple(number for _, number in count_labels(report))
    return Told(report.article.title, counts, partial)


def count_states(batch: Batch) -> tuple[tuple[str, int], ...]:
    """Return how many articles came to each state, in the order of STATES.

    >>> count_states(Batch("x", (), (Row("a", "a"),)))[-1]
    ('not yet checked', 1)
    """
    states = [row.state for row in batch.rows]
    return tuple((state, states.count(state)) for state in STATES)


def is_complete(batch: Batch) -> bool:
    """Tell whether every article has a report for which everything was searched."""
    done = {CHECKED, KEPT}
    return all(row.state in done and not row.told.partial for row in batch.rows)


def say_batch(batch: Batch) -> str:
    """Return how many articles there are and what became of them.

    >>> say_batch(Batch("x", (), (Row("a", "a"),)))
    '1 article: 0 checked, 1 not yet checked.'
    """
    named = [
        f"{number:,} {state}"
        for state, number in count_states(batch)
        if number or state == CHECKED
    ]
    return f"{say_number(len(batch.rows), 'article')}: {', '.join(named)}."


def say_pace(done: int, total: int, seconds: float) -> str:
    """Return how fast the work goes and how long the rest will take at that pace.

    >>> say_pace(30, 90, 60.0)
    '30 a minute, 2 min left'
    >>> say_pace(1, 3, 7200.0)
    '0.5 an hour, 4 h left'
    """
    rate = done / max(seconds, 1e-3)
    units = ((1.0, "second"), (60.0, "minute"), (3600.0, "hour"))
    size, unit = next((u for u in units if rate * u[0] >= 1), units[-1])
    article = "an" if unit == "hour" else "a"
    left = (total - done) / rate if rate else 0.0
    spans = ((3600.0, "h"), (60.0, "min"), (1.0, "s"))
    span, name = next((s for s in spans if left >= s[0]), spans[-1])
    return f"{rate * size:.2g} {article} {unit}, {left / span:.0f} {name} left"


def render_many_json(batch: Batch) -> str:
    """Return the list of reports as JSON (schema assay/check-many/1)."""
    states: dict[str, Json] = dict(count_states(batch))
    return render_document(
        "check-many",
        {
            "list": batch.name,
            "states": states,
            "articles": [_row(row, batch.endings) for row in batch.rows],
        },
    )


def _row(row: Row, endings: tuple[str, ...]) -> Json:
    files: list[Json] = [f"{row.name}{ending}" for ending in endings]
    labels = (JSON_LABELS[label] for label in Label)
    counts = row.told.counts
    return {
        "article": row.target,
        "state": row.state,
        "title": row.told.title or None,
        "claims": sum(counts) if counts else None,
        "verdicts": dict(zip(labels, counts, strict=True)) if counts else None,
        "partial": row.told.partial,
        "files": files if counts else [],
        "why": row.why or None,
    }


def render_many_html(batch: Batch) -> str:
    """Return the list of reports as a whole HTML page that ends with a newline."""
    totals = [sum(each) for each in zip(*_counted(batch), strict=True)]
    page = (
        _environment()
        .get_template("many.html")
        .render(
            name=batch.name,
            summary=say_batch(batch),
            labels=[(STYLES[one], SYMBOLS[one], LABELS[one]) for one in Label],
            totals=totals,
            rows=[(row, _link(row, batch.endings)) for row in batch.rows],
            failed=[row for row in batch.rows if row.state == FAILED],
        )
    )
    return page.rstrip("\n") + "\n"


def _counted(batch: Batch) -> list[tuple[int, ...]]:
    return [row.told.counts for row in batch.rows if row.told.counts]


def _link(row: Row, endings: tuple[str, ...]) -> str:
    """Return the file that a row leads to; "" where there is none.

    The names of reports are made of letters, digits, dots and hyphens.
    """
    liked = [e for e in (".html", ".md", ".json") if e in endings]
    return f"{row.name}{liked[0]}" if liked and row.told.counts else ""


@cache
def _environment() -> Environment:
    return open_templates({"not_advice": NOT_ADVICE, "say_number": say_number})
