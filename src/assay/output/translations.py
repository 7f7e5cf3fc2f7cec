"""How a query is put in every service's words, for `assay search --explain`."""

import textwrap
from collections.abc import Iterator, Mapping

from assay.output.clean import one_line
from assay.output.json import Json, plain, render_document
from assay.search import Clause, Fidelity, Query, Translation

WIDTH = 80
"""Columns."""

MARKS = {
    Fidelity.EXACT: "=",
    Fidelity.WIDENED: "+",
    Fidelity.NARROWED: "-",
    Fidelity.UNSUPPORTED: "x",
}
"""What stands before a clause."""

MEANINGS = {
    Fidelity.EXACT: "asked as it is written",
    Fidelity.WIDENED: "finds more than is asked",
    Fidelity.NARROWED: "misses some of what is asked",
    Fidelity.UNSUPPORTED: "is not sent",
}

WHOLE = {
    Fidelity.EXACT: "asked exactly",
    Fidelity.WIDENED: "finds more than is asked, and misses nothing",
    Fidelity.NARROWED: "may miss some of what is asked",
    Fidelity.UNSUPPORTED: "not asked: nothing of the query can be sent",
}


def render_translations(query: Query, translations: Mapping[str, Translation]) -> str:
    """Return how a query is asked of each service: a block each, a line a clause.

    Args:
        query: what the person asked.
        translations: the service's title → the query in its words.

    The text is at most 80 columns wide, but for single words that are longer, and ends
    with a newline. Exact strings for use elsewhere are in the JSON and in the log.

    >>> made = Translation(sent="tea", params=(("q", "tea"),))
    >>> print(render_translations(Query(text="tea"), {"X": made}).splitlines()[2])
    X: asked exactly
    """
    bounds = f" ({query.since or '…'} to {query.until or '…'})"
    dated = bounds if query.since or query.until else ""
    lines = _wrapped(f"Query: {one_line(query.text)}{dated}", "", "  ")
    for title, translation in translations.items():
        lines += ["", *_block(one_line(title), translation)]
    lines += ["", *_legend(translations)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _block(title: str, made: Translation) -> Iterator[str]:
    yield f"{title}: {WHOLE[made.whole]}"
    if made.params:
        yield from _wrapped(f"Sent: {one_line(made.sent)}", "  ", "        ")
    for clause in made.clauses:
        yield from _clause(clause)


def _clause(clause: Clause) -> Iterator[str]:
    mark = MARKS[clause.fidelity]
    text = one_line(clause.text)
    yield from _wrapped(f"{mark} {text}", "  ", "    ")
    sent = one_line(clause.sent)
    if sent and sent != text:
        yield from _wrapped(f"→ {sent}", "      ", "        ")
    if clause.why:
        yield from _wrapped(one_line(clause.why), "      ", "      ")


def _legend(translations: Mapping[str, Translation]) -> list[str]:
    """Return what the marks mean, of those that were used."""
    used = {
        clause.fidelity for made in translations.values() for clause in made.clauses
    }
    said = "; ".join(f"{MARKS[one]} {MEANINGS[one]}" for one in MARKS if one in used)
    return _wrapped(f"{said}.", "", "") if said else []


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def translation_rows(translations: Mapping[str, Translation]) -> Json:
    """Return translations as JSON has them, one row a service.

    >>> translation_rows({"X": Translation(sent="tea")})[0]["service"]
    'X'
    """
    return [
        {
            "service": title,
            "whole": made.whole.value,
            "sent": made.sent or None,
            "params": [{"name": name, "value": value} for name, value in made.params],
            "clauses": [_clause_row(clause) for clause in made.clauses],
        }
        for title, made in translations.items()
    ]


def _clause_row(clause: Clause) -> Json:
    return {
        "text": clause.text,
        "start": clause.start,
        "end": clause.end,
        "sent": clause.sent or None,
        "fidelity": clause.fidelity.value,
        "why": clause.why or None,
    }


def render_translations_json(
    query: Query, translations: Mapping[str, Translation]
) -> str:
    """Return how a query is asked of each service (schema assay/translations/1)."""
    rows = translation_rows(translations)
    return render_document(
        "translations", {"query": plain(query), "translations": rows}
    )
