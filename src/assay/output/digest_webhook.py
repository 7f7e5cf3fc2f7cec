"""A digest as the JSON that a webhook is sent: for any receiver, and for Slack.

What others wrote goes to Slack as plain text only, which it shows as it is: no bold, no
link, no mention, no picture of a face. Links are built from identifiers and stand apart
in `mrkdwn`. Limits and escapes as Slack's Block Kit reference has them (read through
client libraries of 2024 and 2026: 50 blocks, 3,000 characters a section, 2,000 a field,
150 a header; `&`, `<` and `>` are escaped in every text).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from assay.digest.model import Digest, name_of
from assay.output.clean import escape_json, one_line
from assay.output.digest_json import render_digest_json
from assay.output.digest_passages import Part, Passage, tell_foot, tell_parts
from assay.output.digest_words import (
    RECEIPT_HEADING,
    is_quiet,
    say_quiet,
    say_subject,
    say_title,
)
from assay.output.json import Json
from assay.output.links import Link

MOST_BLOCKS = 50
MOST_SECTION = 3_000
"""Characters of a section's text, counted as Slack may: in units of UTF-16."""
MOST_FIELD = 2_000
MOST_HEADER = 150
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


class _Block(NamedTuple):
    """One block of a message, and how many things it tells."""

    block: Json
    tells: int = 0


def render_webhook(digest: Digest, *, workspace: str = "") -> str:
    """Return a digest as JSON for any receiver, the same bytes each time.

    `id` is the same however often it is sent, so that a receiver can drop what it has;
    `text` says all in one sentence; `digest` is the document of schema assay/digest/1.
    `workspace` is an opaque id, which keeps the digests of two of them apart.

    >>> text = render_webhook(Digest(number=3, made="2026-11-23T06:00:00+00:00"))
    >>> [*json.loads(text)], json.loads(text)["id"]
    (['event', 'id', 'text', 'digest'], '2026-11-23-0003')
    """
    return _render(
        {
            "event": "digest",
            "id": ".".join(filter(None, (workspace, name_of(digest)))),
            "text": _say_all(digest),
            "digest": json.loads(render_digest_json(digest)),
        }
    )


def render_slack(digest: Digest) -> str:
    """Return a digest as a message for a webhook of Slack, the same bytes each time.

    What is over its limits is counted: "and 37 more in digest 3".

    >>> message = json.loads(render_slack(Digest(number=3, made="2026-11-23")))
    >>> message["text"]
    'assay digest 3, 2026-11-23: Nothing new: no query was due.'
    >>> [block["type"] for block in message["blocks"]]
    ['header', 'section']
    """
    header = _plain(say_title(digest), MOST_HEADER)
    start = [_Block({"type": "header", "text": header})]
    if not is_quiet(digest):
        start.append(_section([say_subject(digest)]))
    body: list[_Block] = []
    end: list[_Block] = []
    for part in tell_parts(digest):
        if part.heading == RECEIPT_HEADING:
            end = [*_fit([*_lines(part)], 3, digest)]
        else:
            body += _lines(part)
            body += [_passage(p, n) for n, p in enumerate(part.passages, 1)]
    if foot := tell_foot(digest):
        end.append(_section(foot))
    room = MOST_BLOCKS - len(start) - len(end)
    blocks = [*start, *_fit(body, room, digest), *end]
    return _render(
        {
            "text": _fitted(_say_all(digest), MOST_SECTION),
            "blocks": [each.block for each in blocks],
        }
    )


def _say_all(digest: Digest) -> str:
    said = say_quiet(digest) if is_quiet(digest) else f"{say_subject(digest)}."
    return one_line(f"{say_title(digest)}: {said}")


def _fit(body: Sequence[_Block], room: int, digest: Digest) -> Iterator[_Block]:
    """Return as many blocks as there is room for; what the rest tells is counted."""
    if len(body) <= room:
        yield from body
        return
    kept = list(body[: room - 1])
    while kept and not kept[-1].tells:  # a heading with nothing under it
        kept.pop()
    yield from kept
    more = sum(block.tells for block in body[len(kept) :])
    yield _section([f"and {more:,} more in digest {digest.number}"])


def _lines(part: Part) -> Iterator[_Block]:
    """Return a part's heading, then its sentences, as many to a section as fit."""
    if part.heading:
        text: Json = {"type": "mrkdwn", "text": f"*{_escape(part.heading)}*"}
        yield _Block({"type": "section", "text": text})
    held: list[str] = []
    for line in map(one_line, part.lines):
        if held and _size(_escape("\n".join((*held, line)))) > MOST_SECTION:
            yield _section(held, tells=len(held))
            held = []
        held.append(line)
    if held:
        yield _section(held, tells=len(held))


def _passage(passage: Passage, at: int) -> _Block:
    mark = f"{passage.mark}: " if passage.mark else ""
    told = [f"{at:,}. {mark}{passage.title}", passage.about]
    told += [f"{name}: {said}" for name, said in passage.sides]
    told += [*passage.facts, passage.quote, *passage.notes]
    return _section(filter(None, told), passage.links, tells=1)


def _section(
    lines: Iterable[str], links: Sequence[Link] = (), tells: int = 0
) -> _Block:
    block: dict[str, Json] = {
        "type": "section",
        "text": _plain("\n".join(map(one_line, lines)), MOST_SECTION),
    }
    if links:
        text: Json = {"type": "mrkdwn", "text": _links(links), "verbatim": True}
        block["fields"] = [text]
    return _Block(block, tells)


def _links(links: Sequence[Link]) -> str:
    """Return links as Slack writes them, as many as fit, the first ones."""
    said = ""
    for link in links:
        address = link.address.replace("|", "%7C")
        more = f"{' · ' if said else ''}<{_escape(address)}|{_escape(link.name)}>"
        if _size(said + more) > MOST_FIELD:
            break
        said += more
    return said


def _plain(text: str, room: int) -> Json:
    """Return a text object in which nothing is read as markup, mention or emoji."""
    return {"type": "plain_text", "text": _fitted(text, room), "emoji": False}


def _fitted(text: str, room: int) -> str:
    """Return text escaped, cut with "…" where that takes more than `room`."""
    if _size(_escape(text)) <= room:
        return _escape(text)
    kept, left = [], room - 1
    for char in text:
        left -= _size(_escape(char))
        if left < 0:
            break
        kept.append(_escape(char))
    return f"{''.join(kept)}…"


def _escape(text: str) -> str:
    return "".join(_ESCAPES.get(char, char) for char in text)


def _size(text: str) -> int:
    """Return the length of a text in units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def _render(content: dict[str, Json]) -> str:
    return escape_json(json.dumps(content, ensure_ascii=False, indent=1)) + "\n"
