"""Whether a record holds what a search asks for, as far as its own words can tell.

Some services match any of the words (Crossref) and so give much that was not asked for.
A record is only called a miss when it shows it: what is not recorded, or may be meant
by another word (MeSH, PubMed's term mapping), is left open.
"""

from collections.abc import Iterable

from assay.library.boolean import parse_search
from assay.library.search_fields import LEVELS
from assay.library.search_tree import Either, Every, Node, Value, Without, Words
from assay.library.searchable import Document, searchable_document
from assay.record import Record


def parse_wanted(text: str) -> Node | None:
    """Return a query as the tree that records can be held against.

    None when part of it cannot be judged by a record's words: then nothing is a miss.

    >>> parse_wanted("tea[tiab]")
    Words(field='tiab', words=('tea',), prefix=False)
    >>> parse_wanted("tea[tiab] OR sleep aids[pa]")
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
    return _holds(tree, searchable_document(record), bool(record.abstract))


def _holds(node: Node, document: Document, told: bool) -> bool | None:
    match node:
        case Every():
            return _all(_holds(part, document, told) for part in node.parts)
        case Either():
            return _any(_holds(part, document, told) for part in node.parts)
        case Without():
            right = _holds(node.right, document, told)
            left = _holds(node.left, document, told)
            return _all((left, None if right is None else not right))
        case Words():
            return _has(node, document, told)
        case Value() if not node.more:
            known = document.get(node.field, ())
            return True if any(value in known for value in node.values) else None
        case _:
            return None


def _all(parts: Iterable[bool | None]) -> bool | None:
    found = list(parts)
    return False if False in found else None if None in found else True


def _any(parts: Iterable[bool | None]) -> bool | None:
    found = list(parts)
    return True if True in found else None if None in found else False


def _has(leaf: Words, document: Document, told: bool) -> bool | None:
    """Say whether all words stand in the field; where they need not, leave it open."""
    fields = LEVELS.get(leaf.field, (leaf.field,))
    values = [str(value) for name in fields for value in document.get(name, ())]
    words = [word for value in values for word in value.split()]
    *whole, last = leaf.words
    ends = any(w.startswith(last) for w in words) if leaf.prefix else last in words
    if ends and set(whole) <= set(words):
        return True
    sure = leaf.field == "title" or (leaf.field == "tiab" and told)
    return False if sure and document.get("title") else None
