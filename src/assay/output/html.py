"""The report of `assay check` as one HTML file that asks nothing of the network.

No script, no font, no picture from elsewhere; a content policy in the page forbids
them. The template escapes every value; attributes hold only our own words, numbers and
the addresses that `links` makes from identifiers.
"""

from functools import cache

from jinja2 import Environment

from assay.model import Label, Report
from assay.output.flow import FLOW, count_flow, draw_flow, say_count
from assay.output.flow import WIDTH as FLOW_WIDTH
from assay.output.page import STYLES, build_rows
from assay.output.picture import WIDTH, draw_evidence
from assay.output.second import HEADING, build_second
from assay.output.tally import count_designs, count_labels
from assay.output.templates import open_templates
from assay.output.words import (
    COURTESY,
    LABELS,
    MEANINGS,
    NOT_ADVICE,
    OWN_WORDS,
    READ_WHAT,
    SYMBOLS,
    find_gaps,
    say_neutral,
    say_number,
    say_raised,
    say_search,
    say_step,
    say_summary,
)


def render_html(report: Report) -> str:
    """Return the report as a whole HTML page that ends with a newline."""
    rows = build_rows(report)
    designs = count_designs(report)
    flow = draw_flow(count_flow(report))
    page = (
        _environment()
        .get_template("report.html")
        .render(
            article=report.article,
            title=report.article.title or report.article.name,
            summary=say_summary(report),
            tally=_tally(report),
            rows=rows,
            cards=[card for row in rows for card in row.cards],
            gaps=find_gaps(report),
            designs=designs,
            picture=draw_evidence(designs),
            width=WIDTH,
            flow=flow,
            flow_name=FLOW,
            flow_width=FLOW_WIDTH,
            say_count=say_count,
            searched=[(say_search(log), log) for log in report.searched],
            library=report.library,
        )
    )
    return page.rstrip("\n") + "\n"


def _tally(report: Report) -> list[tuple[str, str, str, int, str]]:
    """Return (style, sign, label, number of claims, meaning) of every label."""
    return [
        (STYLES[label], SYMBOLS[label], LABELS[label], number, MEANINGS[label])
        for label, number in count_labels(report)
        if number or label is not Label.NOT_CHECKABLE
    ]


@cache
def _environment() -> Environment:
    return open_templates(
        {
            "not_advice": NOT_ADVICE,
            "courtesy": COURTESY,
            "read_what": READ_WHAT,
            "own_words": OWN_WORDS,
            "say_neutral": say_neutral,
            "say_number": say_number,
            "say_step": say_step,
            "second_heading": HEADING,
            "build_second": build_second,
            "say_raised": say_raised,
        }
    )
