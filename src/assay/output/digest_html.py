"""A digest, and the index of past ones, as HTML that asks nothing of the network.

The same house as the report: no script, no font, no picture from elsewhere, and a
content policy that forbids them. The templates escape every value; attributes hold
only our own words, numbers, and addresses made from identifiers.
"""

from collections.abc import Sequence
from functools import cache
from urllib.parse import quote

from jinja2 import Environment

from assay.digest.model import Digest, Fallen, Heading, Item, name_of
from assay.model import Stance
from assay.output.digest_moves import MOVED_BY
from assay.output.digest_page import build_moved
from assay.output.digest_receipt import list_receipt, list_searches
from assay.output.digest_words import (
    FAILED_HEADING,
    FALLEN_HEADING,
    ITEMS_HEADING,
    MOVES_HEADING,
    RECEIPT_HEADING,
    capital,
    find_alarms,
    is_quiet,
    list_queries,
    say_heading,
    say_made_up,
    say_quiet,
    say_subject,
    say_time,
    say_title,
)
from assay.output.digest_works import (
    NO_QUOTE,
    bearings_of,
    cite_work,
    is_struck,
    link_fallen,
    link_item,
    say_also,
    say_bearing,
    say_design,
    say_fall,
    say_fallen_grounds,
    say_finders,
    say_published,
    say_standing_of,
    say_unchecked,
    say_uses,
    say_why,
    title_of_work,
)
from assay.output.standings import join_names
from assay.output.templates import open_templates
from assay.output.words import COURTESY, NOT_ADVICE, OWN_WORDS, READ_WHAT

BEARING_STYLES = {
    Stance.SUPPORTS: "supported",
    Stance.CONTRADICTS: "contradicted",
    Stance.QUALIFIES: "mixed",
    Stance.NEUTRAL: "insufficient",
}
"""Name of the style of what a work does to a claim, in the style sheet."""


def render_digest_html(digest: Digest) -> str:
    """Return a digest as a whole HTML page that ends with a newline."""
    quiet = is_quiet(digest)
    page = (
        _templates()
        .get_template("digest.html")
        .render(
            digest=digest,
            title=say_title(digest),
            made=say_time(digest.made),
            queries=join_names(list_queries(digest)),
            summary=say_quiet(digest) if quiet else say_subject(digest),
            quiet=quiet,
            tally=_tally(digest),
            alarms=() if quiet else find_alarms(digest),
            made_up=() if quiet else say_made_up(digest),
            moves=[build_moved(move) for move in digest.moves],
            receipt=list_receipt(digest),
            searches=list_searches(digest.receipt.asked),
        )
    )
    return page.rstrip("\n") + "\n"


def render_digest_index(headings: Sequence[Heading], feed: bool = False) -> str:
    """Return the page that leads to all digests, which are given newest first.

    feed: whether there is a feed.atom beside it.
    """
    page = (
        _templates()
        .get_template("digest_index.html")
        .render(
            headings=[
                (
                    f"{quote(name_of(each), safe='')}.html",
                    say_title(each),
                    say_heading(each),
                )
                for each in headings
            ],
            loud=[bool(each.problems) for each in headings],
            feed=feed,
        )
    )
    return page.rstrip("\n") + "\n"


def _file(heading: Heading) -> str:
    return quote(name_of(heading), safe="")


def _tally(digest: Digest) -> list[tuple[str, str, int, str]]:
    """Return (style, anchor, number, what) of all that a digest tells."""
    told = (
        ("contradicted", "fallen", len(digest.fallen), FALLEN_HEADING),
        ("mixed", "moves", len(digest.moves), MOVES_HEADING),
        ("supported", "items", len(digest.items), ITEMS_HEADING),
    )
    return [row for row in told if row[2]]


def _bearings(item: Item) -> list[tuple[str, str]]:
    return [
        (BEARING_STYLES[each.stance], say_bearing(each, item.work.design))
        for each in bearings_of(item)
    ]


def _uses(fallen: Fallen) -> str:
    return capital(say_uses(fallen.uses))


@cache
def _templates() -> Environment:
    return open_templates(
        {
            "failed_heading": FAILED_HEADING,
            "fallen_heading": FALLEN_HEADING,
            "moves_heading": MOVES_HEADING,
            "items_heading": ITEMS_HEADING,
            "receipt_heading": RECEIPT_HEADING,
            "moved_by": MOVED_BY,
            "no_quote": NO_QUOTE,
            "not_advice": NOT_ADVICE,
            "courtesy": COURTESY,
            "read_what": READ_WHAT,
            "own_words": OWN_WORDS,
            "bearings": _bearings,
            "cite_work": cite_work,
            "is_struck": is_struck,
            "link_fallen": link_fallen,
            "link_item": link_item,
            "say_also": say_also,
            "say_design": say_design,
            "say_fall": say_fall,
            "say_fallen_grounds": say_fallen_grounds,
            "say_finders": say_finders,
            "say_published": say_published,
            "say_standing_of": say_standing_of,
            "say_unchecked": say_unchecked,
            "say_why": say_why,
            "title_of_work": title_of_work,
            "uses_of": _uses,
        }
    )
