"""A tree in the words of a service, with a receipt for every clause.

The law: what is sent finds everything that was asked for, unless a clause says that it
is narrowed, or that what it alone finds is missed. A service can ask some clauses more
widely or not at all; then

- in AND, a clause that is not sent is left out: more is found;
- in OR, the others are sent without it: what it alone finds is missed, and it says so;
- behind NOT nothing may be sent that finds more than was asked, for it would take away
  too much: such a clause is left out with all that depends on it, and more is found.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple, TypeAlias

from assay.query.tree import (
    Chain,
    Group,
    Leaf,
    Lost,
    Node,
    Operator,
    Range,
    Term,
    split_runs,
)
from assay.search import Clause, Fidelity

Effect: TypeAlias = Literal["AND", "OR", "NOT", "behind NOT"]

LEFT_OUT = "Without it the search finds more."
_EFFECTS: dict[Effect, str] = {
    "AND": LEFT_OUT,
    "OR": "What it alone finds is missed.",
    "NOT": "What it would take away is found too.",
    "behind NOT": "Less is taken away, so the search finds more.",
}
_ALONG = "It is left out together with a part that cannot be sent."
_TOO_WIDE = "Behind NOT it would take away more than was asked."


class Piece(NamedTuple):
    """A clause in a service's words, and how these differ from what was asked."""

    sent: str = ""
    """"" when it cannot be sent."""
    wider: bool = False
    """It may find what was not asked for."""
    narrower: bool = False
    """It may miss what was asked for."""
    why: str = ""
    """What differs, in one sentence or two; "" when nothing does."""
    subject: bool = True
    """False for what only limits a search: a date, a language, a type."""


Speak: TypeAlias = Callable[[Term | Range], Piece]
"""Put one clause in a service's words."""


class Said(NamedTuple):
    """A part of a query in a service's words."""

    text: str = ""
    """"" when nothing of it can be sent."""
    how: str = ""
    """What combines it: AND, OR or NOT; "" for a single clause."""
    clauses: tuple[Clause, ...] = ()
    wider: bool = False
    narrower: bool = False
    subject: bool = False
    """True when something that is sent says what the search is about."""


class Signs(NamedTuple):
    """How a service combines clauses."""

    AND: str = " AND "
    OR: str = " OR "
    NOT: str = " NOT "


def say_tree(node: Node, source: str, speak: Speak, signs: Signs | None = None) -> Said:
    """Return a tree in a service's words; `source` is the text it was read from.

    >>> from assay.query.parse import parse_query
    >>> text = "tea OR cacao[foo] OR milk"
    >>> def speak(leaf):
    ...     return Piece() if leaf.tag else Piece(leaf.text.upper())
    >>> said = say_tree(parse_query(text).tree, text, speak)
    >>> said.text, said.narrower, said.clauses[1].why
    ('TEA OR MILK', True, 'What it alone finds is missed.')
    """
    return _Speaker(source, speak, signs or Signs()).say(node, tight=False)


class _Speaker:
    """Says a tree; `tight` wants a result that finds nothing that was not asked for."""

    def __init__(self, source: str, speak: Speak, signs: Signs) -> None:
        self.source, self.speak, self.signs = source, speak, signs

    def say(self, node: Node, *, tight: bool) -> Said:
        match node:
            case Group():
                return self.say(node.body, tight=tight)
            case Chain():
                return self.chain(node, tight=tight)
            case _:
                return self.leaf(node, tight=tight)

    def leaf(self, node: Leaf, *, tight: bool) -> Said:
        piece = Piece(why=node.why) if isinstance(node, Lost) else self.speak(node)
        if tight and piece.sent and piece.wider:
            piece = Piece(why=f"{piece.why} {_TOO_WIDE}".strip())
        clause = make_clause(self.source, node.start, node.end, piece)
        subject = bool(piece.sent) and piece.subject
        return Said(piece.sent, "", (clause,), piece.wider, piece.narrower, subject)

    def chain(self, node: Chain, *, tight: bool) -> Said:
        runs = split_runs(node)
        said = self.say(runs[0][1][0], tight=tight)
        for operator, parts in runs[1:]:
            if operator == "NOT":
                said = self.without(said, parts, tight=tight)
                continue
            others = [self.say(part, tight=tight) for part in parts]
            said = self.joined(operator, (said, *others), tight=tight)
        return said

    def joined(
        self, operator: Operator, parts: tuple[Said, ...], *, tight: bool
    ) -> Said:
        kept = [part for part in parts if part.text]
        effect: Effect = "behind NOT" if tight else operator
        if not kept or (tight and operator == "AND" and len(kept) < len(parts)):
            return Said(clauses=_dropped(parts, "behind NOT" if tight else None))
        lost = len(kept) < len(parts)
        if len(kept) == 1:
            text, how = kept[0].text, kept[0].how
        else:
            pieces = (_wrapped(part, operator) for part in kept)
            text, how = getattr(self.signs, operator).join(pieces), operator
        return Said(
            text,
            how,
            _receipts(parts, effect),
            any(part.wider for part in kept) or (lost and operator == "AND"),
            any(part.narrower for part in kept) or (lost and operator == "OR"),
            any(part.subject for part in kept),
        )

    def without(self, left: Said, parts: tuple[Node, ...], *, tight: bool) -> Said:
        rights = tuple(self.say(part, tight=not tight) for part in parts)
        spoilt = tight and any(not right.text or right.narrower for right in rights)
        if not left.text or spoilt:
            both = (left, *rights)
            return Said(clauses=_dropped(both, "behind NOT" if tight else None))
        kept = [right for right in rights if right.text]
        pieces = [_wrapped(left, "NOT" if kept else left.how)]
        pieces += [_wrapped(right, "") for right in kept]
        return Said(
            self.signs.NOT.join(pieces),
            "NOT" if kept else left.how,
            left.clauses + _receipts(rights, "NOT"),
            left.wider
            or any(right.narrower for right in kept)
            or len(kept) < len(rights),
            left.narrower or any(right.wider for right in kept),
            left.subject,
        )


def _wrapped(part: Said, inside: str) -> str:
    return part.text if part.how in {"", inside} else f"({part.text})"


def _receipts(parts: Iterable[Said], effect: Effect) -> tuple[Clause, ...]:
    """Return the receipts of all parts; those of lost ones tell what their loss does.

    In a part of which something is sent, its clauses have been told already.
    """
    found: list[Clause] = []
    for part in parts:
        found += part.clauses if part.text else _told(part.clauses, _EFFECTS[effect])
    return tuple(found)


def _told(clauses: Iterable[Clause], effect: str) -> Iterator[Clause]:
    for clause in clauses:
        known = any(clause.why.endswith(told) for told in _EFFECTS.values())
        yield clause if known else clause._replace(why=f"{clause.why} {effect}".strip())


def _dropped(parts: Iterable[Said], effect: Effect | None) -> tuple[Clause, ...]:
    """Return the receipts of parts of which nothing is sent in the end."""
    clauses = [
        clause._replace(sent="", fidelity=Fidelity.UNSUPPORTED, why=_ALONG)
        if clause.sent
        else clause._replace(why=_without_effect(clause.why))
        for part in parts
        for clause in part.clauses
    ]
    return tuple(_told(clauses, _EFFECTS[effect]) if effect else clauses)


def _without_effect(why: str) -> str:
    for effect in _EFFECTS.values():
        why = why.removesuffix(effect).rstrip()
    return why


def make_clause(source: str, start: int, end: int, piece: Piece) -> Clause:
    """Return the receipt of one clause.

    >>> make_clause("tea", 0, 3, Piece("TEA", wider=True, why="More.")).fidelity.value
    'widened'
    """
    return Clause(
        source[start:end], start, end, piece.sent, decide_fidelity(piece), piece.why
    )


def decide_fidelity(piece: Piece | Said) -> Fidelity:
    """Return how well something is asked; what misses records is called narrowed.

    >>> decide_fidelity(Piece("tea", wider=True, narrower=True)).value
    'narrowed'
    """
    sent = piece.sent if isinstance(piece, Piece) else piece.text
    if not sent:
        return Fidelity.UNSUPPORTED
    if piece.narrower:
        return Fidelity.NARROWED
    return Fidelity.WIDENED if piece.wider else Fidelity.EXACT
