"""Views of what was found, in every format.

FORMATS holds the views of a report by the ending of the file they go to. To add one:
write `output/NAME.py`, list it here. Records for other tools are in `assay.exchange`.
"""

from collections.abc import Callable

from assay.model import Report
from assay.output.explain import print_explained
from assay.output.explain_json import render_explained_json
from assay.output.html import render_html
from assay.output.json import (
    render_cache_json,
    render_error_json,
    render_json,
    render_library_json,
    render_queries_json,
    render_record_json,
)
from assay.output.listing import print_record
from assay.output.markdown import render_markdown
from assay.output.terminal import print_report

FORMATS: dict[str, Callable[[Report], str]] = {
    ".html": render_html,
    ".json": render_json,
    ".md": render_markdown,
}

__all__ = [
    "FORMATS",
    "print_explained",
    "print_record",
    "print_report",
    "print_works",
    "render_cache_json",
    "render_error_json",
    "render_explained_json",
    "render_html",
    "render_json",
    "render_library_json",
    "render_markdown",
    "render_queries_json",
    "render_record_json",
    "render_search_json",
]
