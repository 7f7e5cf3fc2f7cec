"""A search's log as JSON (schema assay/search-log/1), and read back."""

import json
from collections.abc import Mapping
from typing import NamedTuple, cast

from assay.errors import StoreError
from assay.output.json import Json, plain, render_document
from assay.output.search_sums import check_sums
from assay.output.typed import MisfitError, parse_as
from assay.search import SearchLog, SearchRun
from assay.sources.base import Source

SCHEMA = "assay/search-log/1"


class Totals(NamedTuple):
    """The parts of a search that was cut, added up: the proof that none lacks."""

    slices: int
    counted: int
    listed: int
    again: int
    """Listed more than once."""
    distinct: int


def add_up(log: SearchLog) -> Totals:
    """Return the sums over the parts of one source's search.

    >>> from assay.search import Slice
    >>> add_up(SearchLog(source="x", query="q", slices=(Slice("uid", "1", "9", 3, 3),)))
    Totals(slices=1, counted=3, listed=3, again=0, distinct=3)
    """
    listed = sum(part.listed for part in log.slices)
    counted = sum(part.counted for part in log.slices)
    left = listed - log.repeated
    return Totals(len(log.slices), counted, listed, log.repeated, left)


def render_search_log_json(
    run: SearchRun, sources: Mapping[str, Source] | None = None
) -> str:
    """Return what was asked of whom, and what came, as JSON.

    `sources` gives the databases' titles and platforms by name.

    >>> from assay.search import Query
    >>> run = SearchRun(query=Query(text="tea"))
    >>> parse_search_log_json(render_search_log_json(run)) == run
    True
    """
    parts = cast("dict[str, Json]", plain(run))
    parts["logs"] = [_log(log, (sources or {}).get(log.source)) for log in run.logs]
    return render_document("search-log", {**parts, "sums": list(check_sums(run))})


def _log(log: SearchLog, source: Source | None) -> Json:
    parts = cast("dict[str, Json]", plain(log))
    return {
        "database": source.title if source else None,
        "platform": source.platform if source else None,
        **parts,
        "totals": plain(add_up(log)) if log.slices else None,
    }


def parse_search_log_json(text: str) -> SearchRun:
    """Return the search that `render_search_log_json` wrote, its sums left out.

    Raises:
        StoreError: it is no such log, or a newer assay's.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StoreError("The log of a search is damaged: it is not JSON.") from error
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        raise StoreError(
            f"The log of a search is not of the kind {SCHEMA}. Update assay."
        )
    try:
        return parse_as(SearchRun, value)
    except MisfitError as error:
        raise StoreError(f"The log of a search is damaged ({error}).") from error
