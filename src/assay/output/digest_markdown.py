"""A digest as Markdown, for a folder of notes or a repository.

Every word from outside goes through `escape_markdown`; addresses are made from
identifiers only (`links`). What is left are our own words and our own signs.
"""

from collections.abc import Iterable, Iterator

from assay.digest.model import Digest, Fallen, Item, Move, Voice, Work
from assay.output.clean import escape_markdown
from assay.output.digest_moves import (
    MOVED_BY,
    NO_LONGER,
    find_gone,
    find_movers,
    say_moved,
    say_verdict,
    say_voice,
    say_voice_quote,
    say_watched,
    split_voices,
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
    say_subject,
    say_title,
)
from assay.output.digest_works import (
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
from assay.output.words import (
    COURTESY,
    NOT_ADVICE,
    READ_WHAT,
    say_number,
    say_standing,
)


def render_digest_markdown(digest: Digest) -> str:
    """Return a digest as Markdown that ends with a newline.

    >>> print(render_digest_markdown(Digest(number=3, made="2026-11-23")), end="")
    # assay digest 3, 2026-11-23
    <BLANKLINE>
    Nothing new: no query was due.
    """
    return "\n".join(_lines(digest)).rstrip("\n") + "\n"


def _lines(digest: Digest) -> Iterator[str]:
    yield f"# {escape_markdown(say_title(digest))}"
    yield ""
    if is_quiet(digest):
        yield escape_markdown(say_quiet(digest))
        return
    yield f"**{escape_markdown(say_subject(digest))}**"
    yield ""
    yield from _section(FAILED_HEADING, _items(find_alarms(digest)))
    if made_up := say_made_up(digest):
        yield from (*_items(made_up), "")
    yield from _section(FALLEN_HEADING, _each(_fallen(f) for f in digest.fallen))
    yield from _section(MOVES_HEADING, _each(_move(move) for move in digest.moves))
    yield from _section(ITEMS_HEADING, _each(_item(item) for item in digest.items))
    yield from _section(RECEIPT_HEADING, _receipt(digest))
    yield from (NOT_ADVICE, "", f"{READ_WHAT} {COURTESY}")


def _section(heading: str, lines: Iterable[str]) -> Iterator[str]:
    held = list(lines)
    while held and not held[-1]:
        held.pop()
    if held:
        yield from (f"## {heading}", "", *held, "")


def _each(parts: Iterable[Iterator[str]]) -> Iterator[str]:
    for part in parts:
        yield from part


def _items(texts: Iterable[str], start: str = "- ") -> Iterator[str]:
    yield from (f"{start}{escape_markdown(text)}" for text in texts if text)


def _named(work: Work, struck: bool) -> str:
    title = escape_markdown(title_of_work(work))
    return f"~~{title}~~" if struck else f"**{title}**"


def _joined(*texts: str, links: Iterable[Link] = ()) -> str:
    """Return texts and addresses on one line, empty ones left out."""
    said = [line for text in texts if (line := escape_markdown(text))]
    return " · ".join((*said, *(f"[{link.name}]({link.address})" for link in links)))


def _fallen(fallen: Fallen) -> Iterator[str]:
    title = _named(fallen.work, is_struck(fallen.after))
    uses = escape_markdown(say_uses(fallen.uses))
    yield f"- **{say_fall(fallen)}**: {title} — {uses}."
    work = fallen.work
    facts = _joined(cite_work(work), say_design(work), links=link_fallen(fallen))
    yield f"  - {facts}"
    yield from _items((say_fallen_grounds(fallen),), "  - ")


def _move(move: Move) -> Iterator[str]:
    yield f"### {escape_markdown(move.watched.claim.text)}"
    yield ""
    yield f"**{escape_markdown(say_moved(move))}**"
    yield ""
    yield escape_markdown(say_watched(move.watched))
    yield ""
    yield from _side_by_side(move)
    yield ""
    movers = find_movers(move)
    for side in split_voices(move.after):
        studies = say_number(len(side.voices), "study", "studies")
        yield from (f"**{side.name}** ({studies})", "")
        for voice in side.voices:
            yield from _voice(voice, voice.work.key in movers)
        yield ""
    if gone := find_gone(move):
        yield from (f"**{NO_LONGER}**", "")
        for voice in gone:
            yield from _voice(voice, voice.work.key in movers)
        yield ""


def _side_by_side(move: Move) -> Iterator[str]:
    before, after = move.before, move.after
    counts = [
        {side.name: len(side.voices) for side in split_voices(each)}
        for each in (before, after)
    ]
    rows = [
        ("Verdict", say_verdict(before), say_verdict(after)),
        ("Why", before.reason, after.reason),
        *(
            (name, *(f"{count.get(name, 0):,}" for count in counts))
            for name in dict.fromkeys((*counts[0], *counts[1]))
        ),
    ]
    yield f"| | Before ({_day(before.when)}) | Now ({_day(after.when)}) |"
    yield "|---|---|---|"
    for row in rows:
        yield f"| {' | '.join(map(escape_markdown, row))} |"


def _day(when: str) -> str:
    return escape_markdown(say_day(when))


def _voice(voice: Voice, moved: bool) -> Iterator[str]:
    struck = is_struck(voice.standing)
    mark = f" — **{MOVED_BY}**" if moved else ""
    title = _named(voice.work, struck)
    facts = _joined(
        say_standing(voice.standing), say_voice(voice), links=link_work(voice.work)
    )
    yield f"- {title}{mark} · {facts}"
    yield from _items((say_voice_quote(voice),), "  - ")


def _item(item: Item) -> Iterator[str]:
    work = item.work
    yield f"- {_named(work, is_struck(item.standing))}"
    for said in (say_standing_of(item), say_published(item)):
        if line := escape_markdown(said):
            yield f"  - **{line}**"
    facts = _joined(cite_work(work), say_design(work), links=link_item(item))
    yield f"  - {facts}"
    bearings = (say_bearing(each, work.design) for each in bearings_of(item))
    yield from _items(bearings, "  - ")
    yield from _items((say_quote(item.quote), say_why(item)), "  - ")
    told = (say_finders(item), say_also(item), say_unchecked(item))
    found = " ".join(filter(None, told))
    yield from _items((found,), "  - ")


def _receipt(digest: Digest) -> Iterator[str]:
    yield from _items(f"{row.name}: {row.said}" for row in list_receipt(digest))
    if searches := list_searches(digest.receipt.asked):
        yield from ("", "Each search:", "", *_items(searches))
