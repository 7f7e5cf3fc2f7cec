"""Repeats what a bundle holds: no network, no library, nothing of this workspace."""

from collections.abc import Mapping
from dataclasses import replace

from assay.cli.checking import limit_asker, parse_page, run_check
from assay.cli.searching import Asker
from assay.edge.bundle import OUTCOME, Bundle
from assay.edge.page import Page
from assay.edge.repeat import Repeater, Shelf
from assay.edge.side_by_side import run_side_by_side
from assay.edge.spare import open_spare
from assay.errors import AssayError, StoreError
from assay.library.merge import keys_of
from assay.library.searching import search
from assay.library.works import find_works
from assay.model import Report
from assay.output.formats import FORMATS
from assay.output.search_json import render_search_json
from assay.search import Found, Query
from assay.sources import INSTEAD, SOURCES
from assay.sources.base import Source


def render_check(report: Report) -> dict[str, bytes]:
    """Return a report in every format, by the name that it has in a bundle."""
    return {
        f"{OUTCOME}report{ending}": render(report).encode("utf-8", "replace")
        for ending, render in FORMATS.items()
    }


def render_search(query: Query, found: Found, name: str) -> dict[str, bytes]:
    """Return a search's outcome, by the name that it has in a bundle."""
    works = find_works(found.records)  # as they stand, without this library's decisions
    text = render_search_json(query, found, works, name)
    return {f"{OUTCOME}search.json": text.encode("utf-8", "replace")}


def repeat(bundle: Bundle) -> Mapping[str, bytes]:
    """Return the outcome that a bundle gives here, by name of the report.

    Raises:
        StoreError: what it holds cannot be repeated.
    """
    try:
        if bundle.note.article is not None:
            return render_check(_check(bundle))
        if bundle.note.query is not None:
            found = _search(bundle, bundle.note.query)
            return render_search(bundle.note.query, found, bundle.note.name)
    except AssayError as error:
        raise StoreError(f"The bundle cannot be repeated: {error}") from error
    except (TypeError, ValueError, LookupError, AttributeError) as error:
        raise StoreError(  # a bundle is from somebody else, and may hold anything
            f"The bundle cannot be repeated: a part of it is not what it should be "
            f"({type(error).__name__})."
        ) from error
    raise StoreError(
        "The bundle cannot be repeated: it holds neither article nor query."
    )


def _sources(bundle: Bundle) -> list[Source]:
    unknown = [name for name in bundle.note.sources if name not in SOURCES]
    if unknown:
        raise StoreError(
            f'this version of assay has no source "{unknown[0][:40]}"; use assay '
            f"{bundle.version}."
        )
    return [SOURCES[name] for name in bundle.note.sources]


def _check(bundle: Bundle) -> Report:
    note, given = bundle.note, bundle.note.article
    assert given is not None
    shelf = Shelf(note.looked_up, note.ranked, bundle.records)
    getter = Repeater(note.exchanges, bundle.read)
    asker = Asker(_sources(bundle), getter, note.offline)
    with open_spare() as spare:
        return run_check(
            parse_page(
                Page(bundle.article, given.name, given.media_type, given.charset)
            ),
            note.vocabulary,
            candidates=shelf.candidates,
            ranked=shelf.ranked,
            spare=spare,
            look_up=limit_asker(asker, note.limit),
            offline=note.offline,
            known={k: r for r in bundle.records.values() for k in keys_of(r)}.get,
            getter=getter,
            origins=lambda: note.library,
        )


def _search(bundle: Bundle, query: Query) -> Found:
    note = bundle.note
    found = search(
        query,
        _sources(bundle),
        Repeater(note.exchanges, bundle.read),
        together=run_side_by_side,
        instead={} if note.offline else INSTEAD,
    )
    said = dict(note.remarks)
    logs = tuple(
        replace(log, ignored=(*log.ignored, *said.get(log.source, ())))
        for log in found.logs
    )
    local = [bundle.records[key] for key in note.listed]
    return Found(
        records=(*found.records, *local) if local else found.records,
        problems=found.problems + note.problems,
        logs=logs + note.logs,
    )
