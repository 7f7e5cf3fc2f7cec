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
    tokens = [(m.lastgroup or "", m[0]) for m in _TOKEN.finditer(straight)]
    terms: list[Term] = []
    groups: list[str] = []
    bare: list[str] = []
    small: list[str] = []
    run: list[tuple[str, bool]] = []
    operators, before = 0, ""
    for kind, token in tokens:
        if kind == "tag":
            if run:
                terms += _tagged(run, token)
            else:
                (groups if before == ")" else bare).append(token)
            run = []
        elif kind == "paren" or token in OPERATORS:
            terms += (Term(words, quoted=quoted) for words, quoted in run)
            run = []
            operators += kind != "paren"
        elif kind == "word" and token.lower() in {"and", "or", "not"}:
            small.append(token)
            terms += (Term(words, quoted=quoted) for words, quoted in run)
            run = []
        else:
            run.append((token.strip('"'), kind == "quoted"))
        before = token
    terms += (Term(words, quoted=quoted) for words, quoted in run)
    return Asked(
        tuple(t for t in terms if t.text.strip()),
        tuple(groups),
        tuple(bare),
        tuple(small),
        operators,
        _is_balanced(straight),
    )


def _tagged(run: list[tuple[str, bool]], tag: str) -> Iterator[Term]:
    """Yield the untagged terms before a tag, then the term that it belongs to.

    A tag after a quoted phrase belongs to the phrase; after words, to all words since
    the last operator, parenthesis, phrase or tag.
    """
    name, _, modifier = tag[1:-1].partition(":")
    words, quoted = run[-1]
    at = len(run) - 1
    if not quoted:
        while at > 0 and not run[at - 1][1]:
            at -= 1
        words = " ".join(text for text, _ in run[at:])
    yield from (Term(text, quoted=is_quoted) for text, is_quoted in run[:at])
    yield Term(words, name.strip(), modifier.strip(), quoted)


def _is_balanced(text: str) -> bool:
    outside = re.sub('"[^"]*"', "", text)
    depth = 0
    for sign in re.findall("[()]", outside):
        depth += 1 if sign == "(" else -1
        if depth < 0:
            return False
    return depth == 0 and '"' not in outside
