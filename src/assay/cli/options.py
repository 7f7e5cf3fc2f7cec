"""Arguments and options that several commands have, each defined once."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from assay.errors import UsageError
from assay.search import Query
from assay.sources import SOURCES
from assay.sources.base import Source

DEFAULTS = Query(text="")
"""Limit and order where the person names none."""

Since = Annotated[
    str,
    typer.Option(
        "--since",
        metavar="DATE",
        help="First day of publication: YYYY, YYYY-MM or YYYY-MM-DD.",
        show_default=False,
    ),
]
Until = Annotated[
    str,
    typer.Option(
        "--until",
        metavar="DATE",
        help="Last day of publication, written likewise.",
        show_default=False,
    ),
]
Sort = Annotated[
    str,
    typer.Option(
        "--sort",
        metavar="ORDER",
        help="relevance, pub_date, Author or JournalName.",
    ),
]
Limit = Annotated[
    str,
    typer.Option(
        "--limit",
        metavar="N",
        help='Most records wanted from each source; "all" for every one.',
    ),
]
Offline = Annotated[
    bool,
    typer.Option(
        "--offline", help="Ask nobody: use what was recorded, and the library."
    ),
]
BundleFile = Annotated[
    Path | None,
    typer.Option(
        "--bundle",
        metavar="FILE",
        help="Pack all that the outcome rests on into one file (.assay), which "
        "`assay replay` repeats elsewhere.",
        show_default=False,
    ),
]
Refresh = Annotated[
    bool, typer.Option("--refresh", help="Ask again, also what was recorded.")
]

Sources = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="NAME",
        help='Ask this source, or all of them with "all". May be repeated.',
        show_default=False,
    ),
]

Workers = Annotated[
    int,
    typer.Option(
        "--workers",
        metavar="N",
        help="Processes that do the work; as many as there are processors where "
        "nothing else is said.",
        show_default=False,
        min=0,
    ),
]
Cluster = Annotated[
    str,
    typer.Option(
        "--cluster",
        metavar="ADDRESS",
        help="Let a Dask cluster do the work: its scheduler, e.g. tcp://10.0.0.1:8786.",
        show_default=False,
    ),
]

ALL = "all"
"""In place of a name: every source there is."""


def choose_sources(
    names: Sequence[str], usual: Sequence[str] = ("pubmed",)
) -> tuple[Source, ...]:
    """Return the sources of these names, in the order of SOURCES; without any, `usual`.

    Raises:
        UsageError: no source has that name.
    """
    wanted = [name.strip().lower() for name in names] or list(usual)
    for name in wanted:
        if name not in SOURCES and name != ALL:
            known = ", ".join((*SOURCES, ALL))
            raise UsageError(f'There is no source "{name[:40]}"; known: {known}.')
    return tuple(s for s in SOURCES.values() if s.name in wanted or ALL in wanted)
