"""Spans that count back from today, settled: the other services know none."""

import calendar
from datetime import date

from assay.query.clauses import DATES, RELATIVE, field_of
from assay.query.parse import parse_query
from assay.query.tree import Term, find_leaves


def settle_dates(text: str, today: str) -> str:
    """Return a query in which "last 5 years" and the like are spans of days.

    Args:
        text: the query; all else in it stays as it is written.
        today: ISO date.

    >>> settle_dates('tea[ti] AND "last 5 years"[dp]', "2026-11-23")
    'tea[ti] AND 2021/11/23:3000[dp]'
    """
    tree = parse_query(text).tree
    leaves = tuple(find_leaves(tree)) if tree is not None else ()
    for leaf in reversed(leaves):
        if isinstance(leaf, Term) and leaf.tag and field_of(leaf) in DATES:
            first = _first_day(leaf.text, date.fromisoformat(today))
            if first:
                span = f"{first}:3000[{leaf.tag.name}]"
                text = text[: leaf.start] + span + text[leaf.end :]
    return text


def _first_day(span: str, today: date) -> str:
    """Return the day on which a span begins, as PubMed writes it; "" if it is none."""
    match = RELATIVE.fullmatch(span)
    if match is None:
        return ""
    number, unit = int(match[1]), match[2].lower()
    if unit in {"day", "week"}:
        back = today.toordinal() - number * (7 if unit == "week" else 1)
        first = date.fromordinal(max(back, 1))
    else:
        months = number * (12 if unit == "year" else 1)
        year, month = divmod(max(today.year * 12 + today.month - 1 - months, 12), 12)
        last = calendar.monthrange(year, month + 1)[1]
        first = date(year, month + 1, min(today.day, last))
    return f"{first.year:04}/{first.month:02}/{first.day:02}"
