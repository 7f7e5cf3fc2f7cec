"""What an OR need not look up: who asks for "sleep" has found "sleep problems" too.

A claim's groups hold a word beside the phrases that it stands in: of sixty terms some
twenty are left. What is found stays the same; what ranks is taken from all of them.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from assay.library.search_tree import Node, Words


def without_covered(parts: Sequence[Node]) -> tuple[Node, ...]:
    """Return the parts of an OR, each once, but words that another part finds as well.

    >>> word, phrase = Words("text", ("sleep",)), Words("text", ("sleep", "problem"))
    >>> without_covered((phrase, word)) == (word,)
    True
    """
    asked = _Asked(parts)
    return tuple(
        part
        for part in dict.fromkeys(parts)
        if not (isinstance(part, Words) and asked.covers(part))
    )


class _Asked:
    """The words that an OR asks for."""

    def __init__(self, parts: Sequence[Node]) -> None:
        words = [part for part in parts if isinstance(part, Words)]
        self._lengths = sorted({len(each.words) for each in words})
        self._whole = {(w.field, w.words) for w in words if not w.prefix}
        self._begun: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
        for each in words:
            if each.prefix:
                self._begun[each.field, each.words[:-1]].add(each.words[-1])

    def covers(self, part: Words) -> bool:
        """Tell whether others find every record that a part finds.

        They do where they ask for a row of its words, of which the last may go on.
        """
        for row, is_open in _rows(part, self._lengths):
            itself = row == part.words
            if not (itself or is_open) and (part.field, row) in self._whole:
                return True
            for beginning in self._begun.get((part.field, row[:-1]), ()):
                own = itself and is_open and beginning == row[-1]
                if row[-1].startswith(beginning) and not own:
                    return True
        return False


def _rows(
    part: Words, lengths: Sequence[int]
) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Yield the rows of words that stand side by side, and whether the last may go on.

    Those of the lengths alone, which rise: a phrase of 10,000 words has 50 million.

    >>> list(_rows(Words("text", ("a", "b"), prefix=True), (1, 2)))
    [(('a',), False), (('b',), True), (('a', 'b'), True)]
    """
    many = len(part.words)
    for length in lengths:
        for end in range(length, many + 1):
            yield part.words[end - length : end], part.prefix and end == many
