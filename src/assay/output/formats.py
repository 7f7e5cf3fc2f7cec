"""The views of a report by the ending of the file they go to."""

from collections.abc import Callable

from assay.model import Report
from assay.output.html import render_html
from assay.output.json import render_json
from assay.output.markdown import render_markdown

FORMATS: dict[str, Callable[[Report], str]] = {
    ".html": render_html,
    ".json": render_json,
    ".md": render_markdown,
}
