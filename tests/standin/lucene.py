"""Queries of the Lucene kind, as far as our translations need them.

FIELD:word, FIELD:"a phrase", FIELD:wor*, FIELD:[a TO b], groups, AND, OR, NOT (and
nothing between two clauses, which is AND). AND binds more than OR.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from tests.standin.records import split_words

TOKEN = re.compile(
    r"""\s*(?:
      (?P<mark>[()])
    | (?P<word>AND|OR|NOT)(?=[\s()]|$)
    | (?P<minus>-(?=\S))
    | (?:(?P<field>[A-Za-z_.]+):)?
      (?: "(?P<phrase>(?:[^"\\]|\\.)*)"(?:~\d+)?
        | \[(?P<low>\S+)\s+TO\s+(?P<high>[^\]\s]+)\]
        | (?P<open>\()
        | (?P<text>[^\s()"\[\]]+)
      )
    )""",
    re.VERBOSE,
)


class Value(NamedTuple):
    """What a clause asks of a field."""

    text: str = ""
    phrase: bool = False
    prefix: bool = False
    low: str = ""
    high: str = ""


Test = Callable[[str, Value], bool]
"""Say whether a field ("" for none) of the record at hand has a value."""


class QueryError(ValueError):
    """The query cannot be read."""


def parse(query: str) -> tuple:
    """Return the tree: ("term", field, value), ("not", a), ("and", a, b) …

    Raises: QueryError.
    """
    tokens = []
    at = 0
    text = query.rstrip()
    while at < len(text):
        found = TOKEN.match(text, at)
        if not found or found.end() == at:
            raise QueryError(f"cannot read {text[at:]!r}")
        tokens.append(found)
        at = found.end()
    reader = Reader(tokens)
    tree = reader.read_or("")
    if reader.at != len(tokens):
        raise QueryError("a bracket too many")
    return tree


class Reader:
    """Reads tokens from left to right."""

    def __init__(self, tokens: list[re.Match[str]]) -> None:
        self.tokens, self.at = tokens, 0

    def peek(self) -> re.Match[str] | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def word(self) -> str:
        found = self.peek()
        return (found["word"] or found["mark"] or "") if found else "end"

    def read_or(self, field: str) -> tuple:
        tree = self.read_and(field)
        while self.word() == "OR":
            self.at += 1
            tree = ("or", tree, self.read_and(field))
        return tree

    def read_and(self, field: str) -> tuple:
        tree = self.read_not(field)
        while self.word() not in {"OR", ")", "end"}:
            if self.word() == "AND":
                self.at += 1
            tree = ("and", tree, self.read_not(field))
        return tree

    def read_not(self, field: str) -> tuple:
        found = self.peek()
        if found and (found["word"] == "NOT" or found["minus"]):
            self.at += 1
            return ("not", self.read_not(field))
        return self.read_clause(field)

    def read_clause(self, field: str) -> tuple:
        found = self.peek()
        if found is None or found["word"] or found["mark"] == ")":
            raise QueryError("a clause is missing")
        self.at += 1
        if found["mark"] == "(" or found["open"]:
            tree = self.read_or(found["field"] or field)
            if self.word() != ")":
                raise QueryError("a bracket is not closed")
            self.at += 1
            return tree
        name = found["field"] or field
        if found["low"]:
            return ("term", name, Value(low=found["low"], high=found["high"]))
        if found["phrase"] is not None:
            text = re.sub(r"\\(.)", r"\1", found["phrase"])
            return ("term", name, Value(text, phrase=True))
        text = re.sub(r"\\(.)", r"\1", found["text"])
        return ("term", name, Value(text.rstrip("*"), prefix=text.endswith("*")))


def holds(tree: tuple, test: Test) -> bool:
    """Return whether a record fits the tree."""
    kind = tree[0]
    if kind == "term":
        return test(tree[1], tree[2])
    if kind == "not":
        return not holds(tree[1], test)
    if kind == "and":
        return holds(tree[1], test) and holds(tree[2], test)
    return holds(tree[1], test) or holds(tree[2], test)


@lru_cache(maxsize=200_000)
def worded(text: str) -> str:
    """Return a text as its words with a blank around each.

    >>> worded("Vitamin B-6!")
    ' vitamin b 6 '
    """
    return f" {' '.join(split_words(text))} "


def has_words(texts: list[str], value: Value) -> bool:
    """Return whether one of the texts has the words of a value in a row."""
    wanted = worded(value.text)
    if value.prefix:
        wanted = wanted.rstrip()
    return bool(wanted.strip()) and any(wanted in worded(text) for text in texts)


def in_range(days: tuple[int, ...], value: Value) -> bool:
    """Return whether one of the days (20240312) lies in a range of dates."""
    low, high = as_day(value.low, "00"), as_day(value.high, "99")
    return any(low <= day <= high for day in days)


def as_day(text: str, missing: str) -> int:
    """Return 2024-03 as 20240300 or 20240399; "*" and words as the far end."""
    digits = re.sub(r"\D", "", text)
    if not digits:
        return 0 if missing == "00" else 99_999_999
    return int((digits + missing * 4)[:8])
