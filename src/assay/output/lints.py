"""What is odd about queries, for people: the place, what PubMed does, what to write."""

import textwrap
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from assay.output.clean import clean, one_line
from assay.output.json import Json, render_document
from assay.query.lint import Lint, fix_query

WIDTH = 80
"""Columns."""
AROUND = 24
"""Characters of a query that are shown before what is odd about it."""
_INDENT = "    "


class Linted(NamedTuple):
    """A query and what is odd about it."""

    name: str
    """Of the saved query; "" when it was typed."""
    text: str
    lints: tuple[Lint, ...]


def render_lints(queries: Iterable[Linted]) -> str:
    """Return what is odd about each query, one block a query, at most 80 columns wide.

    >>> print(render_lints([Linted("tea", "tea[ti]", ())]), end="")
    tea: nothing to mend.
    """
    return "".join(f"{line}\n" for one in queries for line in _block(one))


def _block(one: Linted) -> Iterator[str]:
    name = one_line(one.name) or _shortened(one.text) or "An empty query"
    if not one.lints:
        yield f"{name}: nothing to mend."
        return
    damage = sum(lint.level == "damage" for lint in one.lints)
    advice = len(one.lints) - damage
    counts = ((damage, "to mend"), (advice, "to think about"))
    yield f"{name}: {', '.join(f'{n} {what}' for n, what in counts if n)}."
    for lint in one.lints:
        yield f"  {lint.code} ({lint.level}), character {lint.start + 1}"
        yield from _excerpt(one.text, lint)
        yield from _wrapped(lint.message)
        if lint.fix is not None:
            yield from _wrapped(f"Write: {lint.fix}" if lint.fix else "Leave it out.")


def _excerpt(text: str, lint: Lint) -> Iterator[str]:
    """Yield the place in the query, and a line that points at it."""
    room = WIDTH - len(_INDENT)
    start = max(0, lint.start - AROUND)
    shown = "".join(map(_plain, text[start : start + room]))
    marks = max(1, min(lint.end, start + room) - lint.start)
    yield f"{_INDENT}{shown}".rstrip()
    yield f"{_INDENT}{' ' * (lint.start - start)}{'^' * marks}"


def _plain(char: str) -> str:
    """Return a character that takes one column and does nothing."""
    shown = clean(char)
    return shown if len(shown) == 1 and shown.isprintable() else " "


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(
        one_line(text),
        WIDTH,
        initial_indent=_INDENT,
        subsequent_indent=_INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _shortened(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= 48 else f"{line[:47]}…"


def render_lints_json(queries: Iterable[Linted]) -> str:
    """Return what is odd about queries as JSON (schema assay/lint/1)."""
    rows: list[Json] = [
        {
            "name": one.name or None,
            "text": one.text,
            "fixed": fix_query(one.text),
            "lints": [_lint_row(one.text, lint) for lint in one.lints],
        }
        for one in queries
    ]
    return render_document("lint", {"queries": rows})


def _lint_row(text: str, lint: Lint) -> Json:
    return {
        "code": lint.code,
        "level": lint.level,
        "message": lint.message,
        "start": lint.start,
        "end": lint.end,
        "text": text[lint.start : lint.end],
        "fix": lint.fix,
    }
