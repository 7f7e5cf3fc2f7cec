"""The terms of a query in PubMed's syntax, each with its field tag.

Only as much grammar as is needed to compare a query with PubMed's translation of it.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

OPERATORS = frozenset({"AND", "OR", "NOT"})

_TOKEN = re.compile(
    r"""(?P<quoted> "[^"]*")
    | (?P<tag> \[ [^\]]* \])
    | (?P<paren> [()])
    | (?P<word> [^\s()\[\]"]+)""",
    re.VERBOSE,
)


class Term(NamedTuple):
    """One term as the person wrote it."""

    text: str
    """Without quotes."""
    tag: str = ""
    """The tag's name without brackets and modifiers; "" for none."""
    modifier: str = ""
    """What follows a colon in the tag: "noexp" or "~2"."""
    quoted: bool = False


class Asked(NamedTuple):
    """A query taken apart."""

    terms: tuple[Term, ...]
    group_tags: tuple[str, ...] = ()
    """Tags that stand behind a closing parenthesis, with brackets."""
    bare_tags: tuple[str, ...] = ()
    """Tags with nothing before them, with brackets."""
    small_operators: tuple[str, ...] = ()
    """and, or, not in small letters between terms, outside quotes."""
    operators: int = 0
    """AND, OR and NOT in capitals."""
    balanced: bool = True
    """False when parentheses or quotes do not pair."""


def parse_asked(text: str) -> Asked:
    """Return the terms of a query and what is odd about its form.

    >>> asked = parse_asked('(tea OR "green tea"[tiab]) AND sleep[mh:noexp]')
    >>> [(t.text, t.tag, t.modifier) for t in asked.terms]
    [('tea', '', ''), ('green tea', 'tiab', ''), ('sleep', 'mh', 'noexp')]
    >>> parse_asked("(tea OR sleep)[tiab]").group_tags
    ('[tiab]',)
    """
    straight = re.sub("[“”„]", '"', text)
    terms: list[Term] = []
    notes: dict[str, list[str]] = {"group": [], "bare": [], "small": [], "operator": []}
    run: list[Term] = []
    before = ""
    for match in _TOKEN.finditer(straight):
        kind, token = match.lastgroup, match[0]
        small = kind == "word" and token.lower() in {"and", "or", "not"}
        if kind == "tag" and run:
            terms += _tagged(run, token)
        elif kind == "tag":
            notes["group" if before == ")" else "bare"].append(token)
        elif kind == "paren" or small:
            terms += run
            if small:
                notes["operator" if token in OPERATORS else "small"].append(token)
        else:
            run.append(Term(token.strip('"'), quoted=kind == "quoted"))
        run = run if kind in {"word", "quoted"} and not small else []
        before = token
    return Asked(
        tuple(term for term in (*terms, *run) if term.text.strip()),
        tuple(notes["group"]),
        tuple(notes["bare"]),
        tuple(notes["small"]),
        len(notes["operator"]),
        _is_balanced(straight),
    )


def _tagged(run: list[Term], tag: str) -> Iterator[Term]:
    """Yield the untagged terms before a tag, then the term that it belongs to.

    A tag after a quoted phrase belongs to the phrase; after words, to all words since
    the last operator, parenthesis, phrase or tag.
    """
    name, _, modifier = tag[1:-1].partition(":")
    at = len(run) - 1
    if not run[at].quoted:
        while at > 0 and not run[at - 1].quoted:
            at -= 1
    words = " ".join(term.text for term in run[at:])
    yield from run[:at]
    yield Term(words, name.strip(), modifier.strip(), run[-1].quoted)


def _is_balanced(text: str) -> bool:
    outside = re.sub('"[^"]*"', "", text)
    depth = 0
    for sign in re.findall("[()]", outside):
        depth += 1 if sign == "(" else -1
        if depth < 0:
            return False
    return depth == 0 and '"' not in outside
