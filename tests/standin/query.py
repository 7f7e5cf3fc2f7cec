"""A PubMed query as a tree: left to right, no precedence, tags on the term before."""

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""\s*(?:
      (?P<open>\() | (?P<close>\))
    | (?P<quoted>"[^"]*"\*?)
    | (?P<tag>\[[^\]]*\])
    | (?P<set>\#\d+)
    | (?P<colon>:)
    | (?P<operator>(?:AND|OR|NOT)(?![^\s()"\[])|[&|])
    | (?P<word>[^\s()"\[\]:&|]+)
    | (?P<stray>[\]"])
    )""",
    re.VERBOSE,
)
OPERATORS = {"&": "AND", "|": "OR"}


class UnreadableQueryError(ValueError):
    """The parentheses do not match."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words with an optional tag; `text` has no quotes, but keeps a star."""

    text: str
    tag: str = ""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """From one value to another of one field, both included."""

    low: str
    high: str
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A set of the same history, e.g. #2."""

    key: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two parts joined by AND, OR or NOT; `group` when it stood in parentheses."""

    operator: str
    left: "Node"
    right: "Node"


Node = Term | Range | Earlier | Pair


def parse_query(text: str) -> Node | None:
    """Return the tree, or None when nothing was asked.

    Adjacent parts are ANDed; a dangling operator is left out; typographic quotes
    count as quotes. Raises: UnreadableQueryError, when parentheses do not match.

    >>> parse_query("a[ti] OR b[ti] AND c").operator
    'AND'
    """
    for odd in "“”„″":
        text = text.replace(odd, '"')
    tokens = [
        (match.lastgroup or "", match[match.lastgroup or 0])
        for match in TOKEN.finditer(text)
    ]
    reader = Reader(tokens)
    node = reader.read_group()
    if reader.position < len(tokens):
        raise UnreadableQueryError("unmatched )")
    return node


class Reader:
    """Reads tokens from left to right."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.position = tokens, 0

    def peek(self, ahead: int = 0) -> tuple[str, str]:
        """Return a token that is still to come, or ("", "")."""
        at = self.position + ahead
        return self.tokens[at] if at < len(self.tokens) else ("", "")

    def take(self) -> str:
        """Return the next token's text and step over it."""
        self.position += 1
        return self.tokens[self.position - 1][1]

    def read_group(self) -> Node | None:
        """Return everything up to the closing parenthesis or the end."""
        node: Node | None = None
        operator = "AND"
        while (kind := self.peek()[0]) and kind != "close":
            if kind == "operator":
                word = self.take()
                operator = OPERATORS.get(word, word)
                continue
            part = self.read_part()
            if part is not None:
                node = part if node is None else Pair(operator, node, part)
                operator = "AND"
        return node

    def read_part(self) -> Node | None:
        """Return one operand; None for what PubMed drops (a lone tag, "()")."""
        kind, _ = self.peek()
        if kind == "open":
            self.take()
            inside = self.read_group()
            if self.peek()[0] != "close":
                raise UnreadableQueryError("unmatched (")
            self.take()
            if self.peek()[0] == "tag":
                self.take()  # a tag on a group is ignored
            return inside
        if kind == "set":
            return Earlier(int(self.take()[1:]))
        if kind == "quoted":
            return self.read_range(self.take())
        if kind == "word":
            return self.read_words()
        if kind == "tag":
            return Term("", self.take()[1:-1])
        self.take()
        return None

    def read_words(self) -> Node:
        """Return a run of words: up to a tag, a range's colon or something else."""
        words = [self.take()]
        while self.peek()[0] == "word" and self.peek(1)[0] != "colon":
            words.append(self.take())
        if self.peek()[0] == "word" and self.peek(1)[0] == "colon":
            return Term(" ".join(words))
        if len(words) == 1:
            return self.read_range(words[0])
        return self.read_tag(" ".join(words))

    def read_tag(self, text: str) -> Term:
        """Return the term with the tag that follows, if one does."""
        quoted = text.startswith('"')
        tag = self.take()[1:-1] if self.peek()[0] == "tag" else ""
        return Term(text.replace('"', "").strip(), tag, quoted)

    def read_range(self, text: str) -> Node:
        """Return a term, or a range where a colon and a second value follow."""
        first = self.read_tag(text)
        if self.peek()[0] != "colon" or self.peek(1)[0] not in {"word", "quoted"}:
            return first
        self.take()
        second = self.read_tag(self.take())
        return Range(first.text, second.text, second.tag or first.tag)
