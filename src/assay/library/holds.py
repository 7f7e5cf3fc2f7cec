"""Whether a record holds what a search asks for, as far as its own words can tell.

Some services match any of the words (Crossref) and so give much that was not asked for.
A record is only called a miss when it shows it: what is not recorded, or may be meant
by another word (MeSH, PubMed's term mapping), is left open.
"""

from collections.abc import Iterable

from assay.library.boolean import (
    Days,
    Either,
    Every,
    Node,
    Without,
    Words,
    parse_search,
)
from assay.library.searchable import searchable_text, split_words
from assay.record import Record


def parse_wanted(text: str) -> Node | None:
    """Return a query as the tree that records can be held against.

    None when part of it cannot be judged by a record's words: then nothing is a miss.

    >>> parse_wanted("tea[tiab]")
    Words(field='tiab', words=('tea',), prefix=False)
    >>> parse_wanted("tea[tiab] OR harvard[ad]")
    """
    parsed = parse_search(text)
    return None if parsed.ignored else parsed.tree


def holds(tree: Node, record: Record) -> bool | None:
    """Return whether a record holds what is asked; None when it cannot be told.

    >>> from assay.record import Section
    >>> tree = parse_wanted("tea[tiab] AND sleep[tiab]")
    >>> told = Record(source="x", title="Tea", abstract=(Section("On mood."),))
    >>> holds(tree, told), holds(tree, Record(source="x", title="Tea"))
    (False, None)
    """
    return _holds(tree, searchable_text(record), bool(record.abstract))


def _holds(node: Node, texts: dict[str, list[str]], told: bool) -> bool | None:
    if isinstance(node, Every):
        return _all(_holds(part, texts, told) for part in node.parts)
    if isinstance(node, Either):
        return _any(_holds(part, texts, told) for part in node.parts)
    if isinstance(node, Without):
        right = _holds(node.right, texts, told)
        return _all(
            (_holds(node.left, texts, told), None if right is None else not right)
        )
    return None if isinstance(node, Days) else _has(node, texts, told)


def _all(parts: Iterable[bool | None]) -> bool | None:
    found = list(parts)
    return False if False in found else None if None in found else True


def _any(parts: Iterable[bool | None]) -> bool | None:
    found = list(parts)
    return True if True in found else None if None in found else False


def _has(leaf: Words, texts: dict[str, list[str]], told: bool) -> bool | None:
    """Say whether all words stand in the field; where they need not, leave it open."""
    words = [word for text in texts.get(leaf.field, ()) for word in split_words(text)]
    *whole, last = leaf.words
    ends = any(w.startswith(last) for w in words) if leaf.prefix else last in words
    if ends and set(whole) <= set(words):
        return True
    sure = leaf.field == "title" or (leaf.field == "tiab" and told)
    return False if sure and texts.get("title") else None
