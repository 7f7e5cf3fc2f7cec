"""The article cut into pieces for a page: what is marked, and which card goes where.

Claims may share words, overlap or lie inside each other. The text of each block is cut
at every place where a claim begins or ends, so that marks never cross: each piece knows
all claims that it belongs to.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from assay.evidence.studies import NOT_COUNTED
from assay.model import Article, Block, Evidence, Finding, Label, Report
from assay.output.links import Link, find_links
from assay.output.standings import known_of, link_notices, say_status
from assay.output.tally import group_studies, split_sides
from assay.output.words import (
    CERTAINTY_STEPS,
    LABELS,
    SYMBOLS,
    WEIGHTLESS,
    say_studies,
    say_study,
    title_of,
)

SHOWN = 2
"""Studies of one side that stand open on a card; the others fold away."""

STYLES = {
    Label.SUPPORTED: "supported",
    Label.CONTRADICTED: "contradicted",
    Label.MIXED: "mixed",
    Label.INSUFFICIENT: "insufficient",
    Label.NOT_CHECKABLE: "unchecked",
}
"""Name of the style of each label, in the style sheet."""

SEVERAL = "several"
"""Style of words that belong to claims with different answers."""


class Answer(NamedTuple):
    """A verdict as a page shows it."""

    style: str
    symbol: str
    words: str
    certainty: str = ""
    """"" where the claim cannot be checked."""
    steps: int = 0
    """Certainty as 1 to 4, 0 for none."""


class Chip(NamedTuple):
    """The number of a claim at the end of its words."""

    number: int
    answer: Answer


class Piece(NamedTuple):
    """A piece of a block's text that belongs to the same claims throughout."""

    text: str
    style: str = ""
    """"" outside every claim."""
    chips: tuple[Chip, ...] = ()
    """Of the claims whose last piece this is."""


class Study(NamedTuple):
    """A study on a card, with all its sentences on this side."""

    title: str
    facts: str
    standing: str
    struck: bool
    links: tuple[Link, ...]
    sentences: tuple[Evidence, ...]


class Side(NamedTuple):
    """The studies that say the same about a claim."""

    name: str
    size: str
    shown: tuple[Study, ...]
    folded: tuple[Study, ...]


class Card(NamedTuple):
    """Everything about one claim."""

    number: int
    finding: Finding
    answer: Answer
    reason: str
    sides: tuple[Side, ...]
    neutral: tuple[Study, ...]
    marked: bool
    """True when the article's text shows where the claim stands."""


class Row(NamedTuple):
    """A block of the article with the cards of the claims that begin in it."""

    kind: str
    pieces: tuple[Piece, ...]
    cards: tuple[Card, ...]


def build_answer(finding: Finding) -> Answer:
    """Return the verdict of a finding in words, sign and style."""
    label, certainty = finding.verdict.label, finding.verdict.certainty
    plain = Answer(STYLES[label], SYMBOLS[label], LABELS[label])
    if label is Label.NOT_CHECKABLE:
        return plain
    steps = CERTAINTY_STEPS[certainty]
    return plain._replace(certainty=f"{certainty} certainty", steps=steps)


def build_rows(report: Report) -> tuple[Row, ...]:
    """Return the article's blocks in order, each claim's card in exactly one row.

    Claims whose words lie in no block come last, in a row without text.
    """
    cards = [build_card(n, f) for n, f in enumerate(report.findings, 1)]
    homes = [_home(card.finding, report.article.blocks) for card in cards]
    rows = []
    for at, block in enumerate(report.article.blocks):
        mine = tuple(
            card._replace(marked=True)
            for card, home in zip(cards, homes, strict=True)
            if home == at
        )
        own = frozenset(card.number for card in mine)
        pieces = cut_block(report.article, block, report.findings, own)
        rows.append(Row(block.kind, pieces, mine))
    lost = tuple(c for c, home in zip(cards, homes, strict=True) if home is None)
    return (*rows, Row("elsewhere", (), lost)) if lost else tuple(rows)


def _home(finding: Finding, blocks: Sequence[Block]) -> int | None:
    """Return the index of the first block that shares a character with the claim."""
    start, end = finding.claim.clause
    for at, block in enumerate(blocks):
        if max(start, block.start) < min(end, block.end):
            return at
    return None


def cut_block(
    article: Article,
    block: Block,
    findings: Sequence[Finding],
    own: frozenset[int],
) -> tuple[Piece, ...]:
    """Return the block's text as pieces that joined together give it back.

    `own` holds the numbers of the claims that begin here: they get their chip here,
    also when their words go on in the next block.
    """
    inside = [
        (number, finding, max(clause.start, block.start), min(clause.end, block.end))
        for number, finding in enumerate(findings, 1)
        if max((clause := finding.claim.clause).start, block.start)
        < min(clause.end, block.end)
    ]
    edges = {block.start, block.end, *(e for _, _, *span in inside for e in span)}
    pieces = []
    for start, end in pairwise(sorted(edges)):
        here = [(n, f, last) for n, f, at, last in inside if at <= start < last]
        styles = {STYLES[f.verdict.label] for _, f, _ in here}
        style = next(iter(styles), "") if len(styles) < 2 else SEVERAL
        chips = tuple(
            Chip(n, build_answer(f)) for n, f, last in here if last == end and n in own
        )
        pieces.append(Piece(article.text[start:end], style, chips))
    return tuple(pieces)


def build_card(number: int, finding: Finding) -> Card:
    """Return what the card of a claim shows, sides without studies left out."""
    sides = split_sides(finding.evidence)
    named = (
        ("For", sides.supports),
        ("Against", sides.contradicts),
        ("With limits", sides.qualifies),
        (WEIGHTLESS, sides.weightless),
        ("Not counted", sides.not_counted),
    )
    return Card(
        number=number,
        finding=finding,
        answer=build_answer(finding),
        reason=finding.claim.why_not or finding.verdict.reason,
        sides=tuple(_side(name, side) for name, side in named if side),
        neutral=_studies(sides.neutral),
        marked=False,
    )


def _side(name: str, side: tuple[Evidence, ...]) -> Side:
    studies = _studies(side)
    return Side(name, say_studies(side), studies[:SHOWN], studies[SHOWN:])


def _studies(side: tuple[Evidence, ...]) -> tuple[Study, ...]:
    return tuple(
        Study(
            title=title_of(sentences[0].record),
            facts=say_study(sentences[0]),
            standing=say_status(sentences[0]),
            struck=sentences[0].standing in NOT_COUNTED,
            links=find_links(sentences[0].record) + _notices(sentences[0]),
            sentences=sentences,
        )
        for sentences in group_studies(side)
    )


def _notices(item: Evidence) -> tuple[Link, ...]:
    """Return the addresses of the notices on a study; () where it is sound."""
    return link_notices(known_of(item)) if say_status(item) else ()
