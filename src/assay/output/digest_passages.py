"""The parts of a digest as short passages, for channels that have little room.

A mail, a feed and a chat say the same of a work or of a verdict and differ in markup
only. Texts are as they were recorded: each channel makes them inert in its own way.
"""

from typing import NamedTuple

from assay.digest.model import Digest, Fallen, Item, Move, Weighing, Work
from assay.notice import Standing
from assay.output.clean import one_line
from assay.output.digest_moves import (
    NO_CAUSE,
    say_cause_quotes,
    say_causes,
    say_change,
    say_sides,
    say_verdict,
    say_watched,
)
from assay.output.digest_receipt import list_receipt, list_searches
from assay.output.digest_words import (
    FAILED_HEADING,
    FALLEN_HEADING,
    ITEMS_HEADING,
    MOVES_HEADING,
    RECEIPT_HEADING,
    find_alarms,
    is_quiet,
    say_day,
    say_made_up,
    say_quiet,
)
from assay.output.digest_works import (
    NO_QUOTE,
    bearings_of,
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
    say_unchecked,
    say_uses,
    say_why,
    title_of_work,
)
from assay.output.links import Link
from assay.output.words import COURTESY, NO_TITLE, NOT_ADVICE, READ_WHAT

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
    """Sentences that matter most: what is known against it, what it does to a claim,
    what moved a verdict."""
    quote: str = ""
    """The sentence that says why it is there, with marks that say whose words."""
    notes: tuple[str, ...] = ()
    """Sentences that may come last."""
    sides: tuple[tuple[str, str], ...] = ()
    """("Before" or "Now" with its day, what held): of a verdict that moved."""
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
    >>> tell_item(Item(work=work, queries=("tea",))).notes[-1]
    'Found by tea.'
    """
    published = say_published(item)
    bearings = (say_bearing(each, item.work.design) for each in bearings_of(item))
    missing = "" if item.quote.text else NO_QUOTE
    found = (say_also(item), say_finders(item), say_unchecked(item))
    notes = (missing, say_why(item), *found)
    return Passage(
        title=_title(item.work),
        mark=mark_of(item.standing) or (PUBLISHED if published else ""),
        struck=is_struck(item.standing),
        about=f"{cite_work(item.work)} · {say_design(item.work)}",
        facts=_sentences(say_standing_of(item), published, *bearings),
        quote=say_quote(item.quote) if item.quote.text else "",
        notes=_sentences(*notes),
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
    return Passage(
        title=_title(fallen.work),
        mark=say_fall(fallen),
        struck=is_struck(fallen.after),
        about=f"{cite_work(fallen.work)} · {say_design(fallen.work)}",
        facts=_sentences(say_uses(fallen.uses), say_fallen_grounds(fallen)),
        links=link_fallen(fallen),
    )


def tell_move(move: Move) -> Passage:
    """Return what is said of a watched claim whose verdict moved."""
    causes = [cause.work for cause in move.after.causes if cause.work]
    links = [link for work in causes for link in link_work(work)]
    return Passage(
        title=f"“{move.watched.claim.text}”: {say_change(move)}",
        facts=(
            *_sentences(say_causes(move) or NO_CAUSE),
            *say_cause_quotes(move),
        ),
        notes=(say_watched(move.watched),),
        sides=(_side("Before", move.before), _side("Now", move.after)),
        links=tuple(dict.fromkeys(links)),
    )


def _side(name: str, weighing: Weighing) -> tuple[str, str]:
    verdict = ": ".join(filter(None, (say_verdict(weighing), say_sides(weighing))))
    said = (verdict, weighing.reason)
    return f"{name} ({say_day(weighing.when)})", " ".join(_sentences(*said))


def tell_parts(digest: Digest) -> tuple[Part, ...]:
    """Return the parts of a digest in the order they are told, empty ones left out.

    What failed comes first and the receipt last. A digest with nothing to tell is one
    sentence, which holds its receipt in short.

    >>> [part.heading for part in tell_parts(Digest(number=3, made=""))]
    ['']
    """
    if is_quiet(digest):
        return (Part("", lines=(say_quiet(digest),)),)
    receipt = tuple(f"{row.name}: {row.said}" for row in list_receipt(digest))
    searches = list_searches(digest.receipt.asked)
    parts = (
        Part(FAILED_HEADING, lines=find_alarms(digest), grave=True),
        Part("", lines=say_made_up(digest)),
        Part(FALLEN_HEADING, tuple(map(tell_fallen, digest.fallen))),
        Part(MOVES_HEADING, tuple(map(tell_move, digest.moves))),
        Part(ITEMS_HEADING, tuple(map(tell_item, digest.items))),
        Part(RECEIPT_HEADING, lines=(*receipt, *searches)),
    )
    return tuple(part for part in parts if part.passages or part.lines)


def tell_foot(digest: Digest) -> tuple[str, ...]:
    """Return what must be known to read a digest, for its end; () when it is quiet.

    >>> tell_foot(Digest(number=3, made=""))
    ()
    """
    return () if is_quiet(digest) else (NOT_ADVICE, f"{READ_WHAT} {COURTESY}")


def _title(work: Work) -> str:
    """Return a work's title; one that only unprintable characters make up is none."""
    return title_of_work(work) if one_line(work.title) else NO_TITLE


def _sentences(*texts: str) -> tuple[str, ...]:
    """Return clauses as sentences, a capital first, a stop last; empty ones go."""
    said = []
    for text in filter(None, texts):
        end = "" if text.endswith((".", "?", "!", "”")) else "."
        said.append(f"{text[:1].upper()}{text[1:]}{end}")
    return tuple(said)
