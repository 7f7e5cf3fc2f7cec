"""Text in PubMed's syntax → tree. Every text is read; what is wrong is told by place.

The grammar is PubMed's, as its help describes it: AND, OR and NOT in capitals (& and |
too), read strictly from left to right; parts side by side are joined by AND;
parentheses; phrases in quotes; a tag in brackets binds to the term before it, which is
a phrase or all words since the last operator, parenthesis, phrase or tag.
"""

from collections.abc import Iterator
from typing import NamedTuple

from assay.errors import QueryError
from assay.query.tokens import Token, split_tokens
from assay.query.tree import Chain, Group, Join, Lost, Node, Operator, Range, Tag, Term
from assay.text import fold

MAX_DEPTH = 100
"""Parentheses within parentheses; strategies of systematic reviews stay below ten."""

_SIGNS: dict[str, Operator] = {
    "&": "AND", "|": "OR", "AND": "AND", "OR": "OR", "NOT": "NOT",
}  # fmt: skip

HISTORY = (
    "{} names an earlier search of a session at PubMed's site, which nobody else has; "
    "write that search out in parentheses."
)


class Fault(NamedTuple):
    """Something in a query's form that cannot be meant so."""

    code: str
    """The same as that of the `Lint` which tells of it."""
    message: str
    """One plain sentence."""
    start: int
    end: int


class Parsed(NamedTuple):
    """A query as a tree, and what is wrong with its form."""

    tree: Node | None
    """None when nothing is asked, or when it is nested too deeply."""
    faults: tuple[Fault, ...] = ()
    """By place."""


def parse_query(text: str) -> Parsed:
    """Return a query as a tree. Never fails: `faults` says what was hard to read.

    Places count characters of `text` as it is given.

    >>> parse_query("(tea OR sleep)[ti] AND #2").faults[1].code
    'history'
    >>> parse_query(" ").tree is None
    True
    """
    reader = _Reader(text)
    try:
        tree = reader.read()
    except _TooDeepError as error:
        return Parsed(None, (error.fault,))
    if tree is None and not reader.faults:
        reader.fault("empty", "The query is empty; say what to look for.", 0, len(text))
    return Parsed(tree, tuple(sorted(reader.faults, key=lambda fault: fault.start)))


def read_query(text: str) -> Node:
    """Return the tree of a query that somebody wants to be searched for.

    Raises:
        QueryError: nothing is asked, or it is nested too deeply; names the place.

    >>> read_query("()")
    Traceback (most recent call last):
    assay.errors.QueryError: Character 1: There is nothing in these parentheses.
    """
    tree, faults = parse_query(text)
    if tree is None or isinstance(tree, Lost):
        first = faults[0]
        raise QueryError(f"Character {first.start + 1}: {first.message}")
    return tree


class _TooDeepError(Exception):
    """More parentheses within parentheses than are read."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


class _Reader:
    """Reads one query from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tuple(split_tokens(text))
        self.at = 0
        self.faults: list[Fault] = []

    def fault(self, code: str, message: str, start: int, end: int) -> None:
        self.faults.append(Fault(code, message, start, end))

    def kind(self) -> str:
        """Return the kind of the next sign; "" at the end."""
        return self.tokens[self.at].kind if self.at < len(self.tokens) else ""

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def read(self) -> Node | None:
        return self.chain(0)

    def chain(self, depth: int) -> Node | None:
        """Read until the parenthesis that closes this level, or the end."""
        parts: list[Node] = []
        joins: list[Join] = []
        while True:
            waiting = self.operator(depth, first=not parts)
            if self.kind() in {"", "close"}:
                self.dangling(waiting)
                break
            operand = self.operand(depth)
            if parts:
                here = operand.start
                joins.append(waiting or Join("AND", "", here, here))
            elif waiting is not None:
                operand = self.not_first(waiting, operand)
            parts.append(operand)
        if len(parts) < 2:
            return parts[0] if parts else None
        return Chain(parts[0].start, parts[-1].end, tuple(parts), tuple(joins))

    def operator(self, depth: int, *, first: bool) -> Join | None:
        """Take the operators that stand here, the last of which counts, and strays."""
        found: Join | None = None
        while self.kind() in {"operator", "sign"} or self.strays(depth):
            sign = self.take()
            if sign.kind in {"close", "stray"}:
                self.stray(sign)
                continue
            join = Join(_SIGNS[sign.text], sign.text, sign.start, sign.end)
            if found is not None:
                message = f"{found.written} {join.written} in a row: one is too many."
                self.fault("double-operator", message, found.start, join.end)
            elif first and join.operator != "NOT":
                self.dangling(join)
                continue
            found = join
        return found

    def strays(self, depth: int) -> bool:
        return self.kind() == "stray" or (self.kind() == "close" and depth == 0)

    def stray(self, sign: Token) -> None:
        name = "parenthesis" if sign.kind == "close" else "bracket"
        message = f"This is a closing {name} without an opening one."
        self.fault(f"close-{name}", message, sign.start, sign.end)

    def dangling(self, join: Join | None) -> None:
        if join is not None:
            message = f"{join.written} stands without anything to combine."
            self.fault("dangling-operator", message, join.start, join.end)

    def not_first(self, join: Join, operand: Node) -> Lost:
        """Return what follows a NOT with nothing before it: it cannot be asked."""
        message = "NOT without anything before it has nothing to take away from."
        self.fault("not-first", message, join.start, join.end)
        text = self.text[join.start : operand.end]
        return Lost(join.start, operand.end, text, message)

    def operand(self, depth: int) -> Node:
        match self.kind():
            case "open":
                return self.group(depth)
            case "history":
                token = self.take()
                why = HISTORY.format(token.text)
                self.fault("history", why, token.start, token.end)
                return Lost(token.start, token.end, token.text, why)
            case "tag":
                token = self.take()
                why = f"The tag {token.text} stands behind no term."
                self.fault("bare-tag", why, token.start, token.end)
                return Lost(token.start, token.end, token.text, why)
            case "range":
                return _range(self.take())
            case "phrase":
                return self.term(tuple(self.phrase()), quoted=True)
            case _:
                return self.term(tuple(self.words()), quoted=False)

    def group(self, depth: int) -> Node:
        opened = self.take()
        if depth >= MAX_DEPTH:
            message = f"Parentheses are nested more than {MAX_DEPTH} deep."
            raise _TooDeepError(Fault("too-deep", message, opened.start, opened.end))
        body = self.chain(depth + 1)
        end = self.tokens[self.at - 1].end
        if self.kind() == "close":
            end = self.take().end
        else:
            message = "This parenthesis is never closed."
            self.fault("open-parenthesis", message, opened.start, opened.end)
        tag = self.tag()
        if tag is not None:
            written = self.text[tag.start : tag.end]
            message = (
                f"PubMed ignores the tag {written} after a parenthesis; "
                "put it behind each term inside."
            )
            self.fault("group-tag", message, tag.start, tag.end)
            end = tag.end
        if body is None:
            why = "There is nothing in these parentheses."
            self.fault("empty-group", why, opened.start, end)
            return Lost(opened.start, end, self.text[opened.start : end], why)
        return Group(opened.start, end, body, tag)

    def phrase(self) -> Iterator[Token]:
        token = self.take()
        if len(token.text) < 2 or not token.text.endswith('"'):
            message = "This quote is never closed."
            self.fault("open-quote", message, token.start, token.start + 1)
        yield token

    def words(self) -> Iterator[Token]:
        while self.kind() == "word":
            yield self.take()

    def term(self, tokens: tuple[Token, ...], *, quoted: bool) -> Term:
        tag = self.tag()
        text = " ".join(token.text for token in tokens)
        if quoted:
            text = fold(text.strip('"'))
        end = tag.end if tag else tokens[-1].end
        return Term(tokens[0].start, end, text, quoted, tag)

    def tag(self) -> Tag | None:
        """Take the tag that stands here, if any."""
        if self.kind() != "tag":
            return None
        token = self.take()
        if not token.text.endswith("]"):
            message = "This bracket is never closed."
            self.fault("open-bracket", message, token.start, token.start + 1)
        return _tag(token.text, token.start, token.end)


def _tag(text: str, start: int, end: int) -> Tag:
    name, _, modifier = text.strip("[]").partition(":")
    return Tag(fold(name), fold(modifier), start, end)


def _range(token: Token) -> Range:
    first, before, last, behind = token.parts
    return Range(
        token.start,
        token.end,
        first[0],
        last[0],
        _tag(*behind),
        _tag(*before) if before[0] else None,
        '"' in token.text,
    )
