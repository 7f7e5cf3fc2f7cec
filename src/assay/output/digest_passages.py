"""The parts of a digest as short passages, for channels that have little room.

A mail, a feed and a chat say the same of a work or of a verdict and differ in markup
only. Texts are as they were recorded: each channel makes them inert in its own way.
"""

from typing import NamedTuple

from assay.digest.model import Digest, Fallen, Item, Move, Work
from assay.notice import Standing
from assay.output.clean import one_line
from assay.output.digest_moves import (
    NO_CAUSE,
    say_cause_quotes,
    say_causes,
    say_change,
    say_sides,
    say_verdict,
)
from assay.output.digest_receipt import list_receipt, say_asked
from assay.output.digest_words import (
    FAILED_HEADING,
    FALLEN_HEADING,
    ITEMS_HEADING,
    MOVES_HEADING,
    RECEIPT_HEADING,
    find_alarms,
    is_quiet,
    say_made_up,
    say_quiet,
)
from assay.output.digest_works import (
    NO_QUOTE,
    cite_work,
    is_struck,
    link_fallen,
    link_item,
    link_work,
    say_also,
    say_bearing,
    say_design,
    say_fall,
    say_fallen_grounds,
    say_finders,
    say_published,
    say_quote,
    say_standing_of,
    say_uses,
    say_why,
    title_of_work,
)
from assay.output.links import Link
from assay.output.words import NO_TITLE

PUBLISHED = "NOW PUBLISHED"
"""Mark of an article whose preprint was sent before."""
_SAFE = frozenset({Standing.SOUND, Standing.UNKNOWN})


class Passage(NamedTuple):
    """What is said of one work or of one verdict that moved."""

    title: str
    mark: str = ""
    """In capitals, what must be seen first: "RETRACTED"; "" when there is nothing."""
    struck: bool = False
    """True when the title is shown struck out."""
    about: str = ""
    """Authors, journal, date, design and size; "" for a verdict."""
    facts: tuple[str, ...] = ()
    """Sentences, the weightiest first."""
    quote: str = ""
    """The sentence that says why it is there, with marks that say whose words."""
    sides: tuple[tuple[str, str], ...] = ()
    """(“Before” or “Now”, what held): of a verdict that moved."""
    links: tuple[Link, ...] = ()


class Part(NamedTuple):
    """One part of a digest under its heading."""

    heading: str
    passages: tuple[Passage, ...] = ()
    lines: tuple[str, ...] = ()
    """Sentences that belong to no single work."""
    grave: bool = False
    """True for what failed."""


def mark_of(standing: Standing) -> str:
    """Return in capitals what is known against a work; "" when nothing is.

    >>> mark_of(Standing.RETRACTED), mark_of(Standing.UNKNOWN)
    ('RETRACTED', '')
    """
    return "" if standing in _SAFE else str(standing).upper()


def tell_item(item: Item) -> Passage:
    """Return what is said of a new work.

    >>> from assay.digest.model import Work
    >>> work = Work(key="x", names=("x",), title="Velora and sleep")
    >>> tell_item(Item(work=work, queries=("tea",))).facts[-1]
    'Found by tea.'
    """
    published = say_published(item)
    facts = (
        "" if item.quote.text else NO_QUOTE,
        say_standing_of(item),
        published,
        *(say_bearing(bearing) for bearing in item.bears_on),
        say_why(item),
        say_also(item),
        say_finders(item),
    )
    return Passage(
        title=_title(item.work),
        mark=mark_of(item.standing) or (PUBLISHED if published else ""),
        struck=is_struck(item.standing),
        about=f"{cite_work(item.work)} · {say_design(item.work)}",
        facts=tuple(filter(None, map(_sentence, facts))),
        quote=say_quote(item.quote) if item.quote.text else "",
        links=link_item(item),
    )


def tell_fallen(fallen: Fallen) -> Passage:
    """Return what is said of a work that was used before and has fallen.

    >>> from assay.digest.model import Work
    >>> work = Work(key="x", names=("x",), title="Velora and sleep")
    >>> tell_fallen(Fallen(work=work, before=Standing.SOUND, notices=(), uses=(),
    ...                    after=Standing.RETRACTED)).mark
    'RETRACTED'
    """
    facts = (say_uses(fallen.uses), say_fallen_grounds(fallen))
    return Passage(
        title=_title(fallen.work),
        mark=say_fall(fallen),
        struck=is_struck(fallen.after),
        about=f"{cite_work(fallen.work)} · {say_design(fallen.work)}",
        facts=tuple(filter(None, map(_sentence, facts))),
        links=link_fallen(fallen),
    )


def tell_move(move: Move) -> Passage:
    """Return what is said of a watched claim whose verdict moved."""
    causes = [cause.work for cause in move.after.causes if cause.work]
    links = [link for work in causes for link in link_work(work)]
    return Passage(
        title=f"“{move.watched.claim.text}”: {say_change(move)}",
        facts=(
            _sentence(say_causes(move) or NO_CAUSE),
            *say_cause_quotes(move),
            f"Claim of {move.watched.title or move.watched.article}.",
        ),
        sides=tuple(
            (name, f"{say_verdict(each)}: {say_sides(each)}")
            for name, each in (("Before", move.before), ("Now", move.after))
        ),
        links=tuple(dict.fromkeys(links)),
    )


def tell_parts(digest: Digest) -> tuple[Part, ...]:
    """Return the parts of a digest in the order they are told, empty ones left out.

    What failed comes first and the receipt last, without a part in which it says
    nothing; a digest with nothing to tell has one sentence for it.

    >>> [part.heading for part in tell_parts(Digest(number=3, made=""))]
    ['', 'Receipt']
    """
    quiet = (say_quiet(digest),) if is_quiet(digest) else ()
    receipt = tuple(f"{row.name}: {row.said}" for row in list_receipt(digest))
    parts = (
        Part(FAILED_HEADING, lines=find_alarms(digest), grave=True),
        Part("", lines=quiet or say_made_up(digest)),
        Part(FALLEN_HEADING, tuple(map(tell_fallen, digest.fallen))),
        Part(MOVES_HEADING, tuple(map(tell_move, digest.moves))),
        Part(ITEMS_HEADING, tuple(map(tell_item, digest.items))),
        Part(
            RECEIPT_HEADING,
            lines=(*receipt, *map(say_asked, digest.receipt.asked)),
        ),
    )
    return tuple(part for part in parts if part.passages or part.lines)


def _title(work: Work) -> str:
    """Return a work's title; one that only unprintable characters make up is none."""
    return title_of_work(work) if one_line(work.title) else NO_TITLE


def _sentence(text: str) -> str:
    """Return a clause as a sentence: a capital first, a stop last."""
    end = "" if text.endswith((".", "?", "!", "”")) else "."
    return f"{text[:1].upper()}{text[1:]}{end}" if text else ""
