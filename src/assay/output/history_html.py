"""A claim's verdict over time as one HTML file that asks nothing of the network.

No script, no font, no picture from elsewhere; a content policy in the page forbids
them. The template escapes every value; attributes hold only our own words, numbers and
the addresses that are made from identifiers.
"""

from functools import cache

from jinja2 import Environment

from assay.digest.model import Weighing
from assay.model import Label
from assay.output.digest_moves import say_voice, split_voices
from assay.output.digest_works import is_struck, link_work, title_of_work
from assay.output.history import WEIGHED_BY, History, Moment, say_bar, say_origin
from assay.output.history_picture import HEIGHT, LEFT, WIDTH, draw_history
from assay.output.page import STYLES, Answer
from assay.output.templates import open_templates
from assay.output.words import (
    CERTAINTY_STEPS,
    COURTESY,
    LABELS,
    NOT_ADVICE,
    OWN_WORDS,
    READ_WHAT,
    SYMBOLS,
    say_number,
)

SIDES = {"for": "supported", "against": "contradicted", "with limits": "mixed"}
"""Style of each side, in the style sheet."""


def render_history_html(history: History) -> str:
    """Return a claim's history as a whole HTML page that ends with a newline."""
    last = history.moments[-1] if history.moments else None
    page = (
        _templates()
        .get_template("history.html")
        .render(
            title=history.watched.claim.text,
            sentence=history.watched.claim.sentence,
            origin=say_origin(history.watched),
            moments=list(reversed(history.moments)),
            now=last,
            sides=split_voices(last.weighing) if last else (),
            drawing=draw_history(history),
        )
    )
    return page.rstrip("\n") + "\n"


def answer_of(moment: Moment) -> Answer:
    """Return the verdict of a moment in words, sign and style."""
    weighing: Weighing = moment.weighing
    label = weighing.label
    answer = Answer(STYLES[label], SYMBOLS[label], LABELS[label])
    if label in {Label.INSUFFICIENT, Label.NOT_CHECKABLE}:
        return answer
    certainty = weighing.certainty
    steps = CERTAINTY_STEPS[certainty]
    return answer._replace(certainty=f"{certainty} certainty", steps=steps)


@cache
def _templates() -> Environment:
    return open_templates(
        {
            "answer_of": answer_of,
            "courtesy": COURTESY,
            "height": HEIGHT,
            "is_struck": is_struck,
            "left": LEFT,
            "link_work": link_work,
            "not_advice": NOT_ADVICE,
            "own_words": OWN_WORDS,
            "read_what": READ_WHAT,
            "say_bar": say_bar,
            "say_number": say_number,
            "say_voice": say_voice,
            "side_styles": SIDES,
            "title_of_work": title_of_work,
            "weighed_by": WEIGHED_BY,
            "width": WIDTH,
        }
    )
