"""What a search costs before it is made, so that a server can refuse what is too dear.

Nothing here limits what a person may ask of the own library on the command line.
"""

from math import factorial

from assay.library.search_tree import (
    Either,
    Every,
    Near,
    Node,
    Numbers,
    Span,
    Value,
    Without,
    Words,
    either,
    parts_of,
)

WORD, STAR, VALUE, PATTERN = 1.5, 60.0, 5.0, 12.0
NUMBER, SPAN, ORDER = 5.0, 2.0, 18.0
"""Tenths of a millisecond of processor time over 50,000 real records (November 2026): a
word; a word that goes on, of which every form is looked up; a whole value; one whose
end is open; numbers (or a hundredth for each); a range; one order of words near each
other."""

MOST_COST = 20_000.0
"""About two seconds. A strategy of 2,000 words, 200 of them with a *, costs 15,000."""

TOO_DEAR = (
    "The search was not made: it asks for too much at once (words that go on with a *, "
    "words near each other, earlier sets). Ask for it in parts."
)


def cost_of(tree: Node) -> float:
    """Return what a search costs, in the unit of the table above.

    >>> cost_of(Every((Words("all", ("tea",)), Words("all", ("cup",), prefix=True))))
    61.5
    """
    cost, waiting = 0.0, [tree]
    while waiting:
        node = waiting.pop()
        waiting += parts_of(node)
        match node:
            case Words():
                cost += STAR if node.prefix else WORD * len(node.words)
            case Near():
                cost += ORDER * factorial(len(node.words))
            case Value():
                cost += (PATTERN if node.more else VALUE) * min(len(node.values), 20)
            case Numbers():
                cost += max(NUMBER, len(node.values) / 100)
            case Span():
                cost += SPAN
            case Every() | Either() if not node.parts:  # everything, or nothing
                cost += SPAN
            case _:
                pass
    return cost


def merge_numbers(tree: Node) -> Node:
    """Return a search in which numbers of one field that are ORed stand as one list.

    >>> two = Either((Numbers("pmid", (1,)), Numbers("pmid", (2, 3))))
    >>> merge_numbers(two)
    Numbers(field='pmid', values=(1, 2, 3))
    """
    match tree:
        case Without():
            return Without(merge_numbers(tree.left), merge_numbers(tree.right))
        case Every():
            return Every(tuple(map(merge_numbers, tree.parts)))
        case Either():
            return _merged(tuple(map(merge_numbers, tree.parts)))
        case _:
            return tree


def _merged(parts: tuple[Node, ...]) -> Node:
    found: dict[str, list[int]] = {}
    for part in parts:
        if isinstance(part, Numbers):
            found.setdefault(part.field, []).extend(part.values)
    others = tuple(part for part in parts if not isinstance(part, Numbers))
    merged = tuple(Numbers(field, tuple(values)) for field, values in found.items())
    return either((*merged, *others))
