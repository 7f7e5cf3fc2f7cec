"""The outcome of a search as JSON, written as it is made: it may be very long."""

import json
from collections.abc import Iterator

from assay.library.dedupe import Merged
from assay.library.works import Works
from assay.output.clean import escape_json
from assay.output.json import Json, object_json, plain, record_json
from assay.search import Found, Query

SCHEMA = "assay/search/1"


def render_search_json(query: Query, found: Found, works: Works, name: str = "") -> str:
    """Return the outcome of `assay search` as JSON (schema assay/search/1).

    `name` is that of the saved query, "" for one typed in.
    """
    return "".join(stream_search_json(query, found, works, name))


def stream_search_json(
    query: Query, found: Found, works: Works, name: str = ""
) -> Iterator[str]:
    """Yield the same text in pieces, a record at a time."""
    head: dict[str, Json] = {
        "schema": SCHEMA,
        "query": {"name": name or None, **object_json(query)},
        "counts": {
            "found": works.found,
            "duplicates": works.duplicates,
            "works": len(works.rows),
            "studies": works.studies,
        },
    }
    tail: dict[str, Json] = {
        "studies": None if works.groups is None else plain(works.groups),
        "doubts": plain(works.doubts),
        "links": plain(works.links),
        "problems": plain(found.problems),
        "log": plain(found.logs),
    }
    yield _dump(head).removesuffix("\n}") + ',\n  "records": ['
    for number, row in enumerate(works.rows):
        yield ("," if number else "") + "\n" + _indent(_dump(_row(row)), 4)
    yield ("\n  ]" if works.rows else "]") + ",\n"
    yield _dump(tail).removeprefix("{\n") + "\n"


def _row(row: Merged) -> dict[str, Json]:
    return {
        **record_json(row.record),
        "found_by": list(row.sources),
        "conflicts": plain(row.conflicts),
    }


def _dump(value: dict[str, Json]) -> str:
    return escape_json(json.dumps(value, ensure_ascii=False, indent=2))


def _indent(text: str, blanks: int) -> str:
    return "\n".join(" " * blanks + line for line in text.split("\n"))
