"""All digests as an Atom feed (RFC 4287), for a feed reader.

The same digests give the same bytes, and a digest that tells nothing changes none. Text
from outside is escaped twice where it stands in HTML that stands in XML, and characters
that XML cannot hold are taken out.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from html import escape

from assay.digest.model import Digest
from assay.output.clean import one_line
from assay.output.digest_entries import MOST, Entry, entry_id, find_entries
from assay.output.digest_passages import Passage
from assay.output.links import Link

AUTHOR = "assay"
"""Of the feed: RFC 4287 asks for one, and the entries are this program's words."""
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without entries was last changed: RFC 4287 asks for a time."""
SUBTITLE = (
    f"The newest {MOST} entries. What is older, and the receipts, stand in the digests "
    "themselves."
)


def render_atom(
    digests: Iterable[Digest], *, workspace: str, title: str, self_link: str = ""
) -> str:
    """Return the feed of all digests, of which the newest `MOST` entries are kept.

    Hand in every digest that is not quiet, in any order: of a work whose first telling
    is not among them the entry's id may differ. `workspace` is an opaque id that never
    changes, `self_link` the address under which the feed can be had; "" when it is only
    a file.

    >>> feed = render_atom((), workspace="5f", title="assay digest")
    >>> feed.splitlines()[1], feed.count("<entry>")
    ('<feed xmlns="http://www.w3.org/2005/Atom">', 0)
    """
    entries = find_entries(digests, workspace)
    updated = max((entry.updated for entry in entries), default=BEGINNING)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f" <id>{entry_id(workspace)}</id>",
        f" <title>{_text(title) or AUTHOR}</title>",
        f" <subtitle>{SUBTITLE}</subtitle>",
        f" <updated>{_time(updated)}</updated>",
        f" <author><name>{AUTHOR}</name></author>",
        f" <generator>{AUTHOR}</generator>",
    ]
    if self_link:
        address = f'href="{_text(self_link)}" type="application/atom+xml"'
        lines.append(f' <link rel="self" {address}/>')
    for entry in entries:
        lines += _entry(entry)
    return "\n".join((*lines, "</feed>", ""))


def _entry(entry: Entry) -> Iterator[str]:
    yield " <entry>"
    yield f"  <id>{entry.id}</id>"
    yield f"  <title>{_text(entry.title)}</title>"
    yield f"  <published>{_time(entry.published)}</published>"
    yield f"  <updated>{_time(entry.updated)}</updated>"
    for at, link in enumerate(entry.links):
        rel = "related" if at else "alternate"
        name = f'href="{_text(link.address)}" title="{_text(link.name)}"'
        yield f'  <link rel="{rel}" {name}/>'
    for query in entry.queries:
        yield f'  <category term="{_text(query)}"/>'
    yield f'  <content type="html">{_text(_html(entry))}</content>'
    yield " </entry>"


def _html(entry: Entry) -> str:
    """Return what an entry says as HTML without styles, scripts or pictures."""
    lines = [f"<p>{_text(line)}</p>" for line in entry.lines]
    for passage in entry.passages:
        lines += _passage(passage, titled=passage.title not in entry.title)
    return "".join(lines)


def _passage(passage: Passage, *, titled: bool) -> Iterator[str]:
    """Return a passage; without its title where the entry says it already."""
    title = _text(passage.title) if titled else ""
    if passage.mark or title:
        mark = f"<strong>{_text(passage.mark)}</strong>" if passage.mark else ""
        yield f"<p>{': '.join(filter(None, (mark, title)))}</p>"
    yield from (f"<p>{_text(a)}: {_text(b)}</p>" for a, b in passage.sides)
    if passage.about:
        yield f"<p>{_text(passage.about)}</p>"
    yield from (f"<p>{_text(fact)}</p>" for fact in passage.facts)
    if passage.quote:
        yield f"<blockquote><p>{_text(passage.quote)}</p></blockquote>"
    yield from (f"<p>{_text(note)}</p>" for note in passage.notes)
    if passage.links:
        yield f"<p>{_links(passage.links)}</p>"


def _links(links: Iterable[Link]) -> str:
    return " · ".join(
        f'<a href="{_text(each.address)}">{_text(each.name)}</a>' for each in links
    )


def _time(when: datetime) -> str:
    """Return a time as RFC 3339 writes it, in UTC."""
    return f"{when.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


def _text(text: str) -> str:
    """Return text as XML and HTML show it: on one line, nothing in it acts."""
    return escape(one_line(text))
