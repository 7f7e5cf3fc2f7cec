"""Lints of single characters and of other services' syntax: what the eye misses."""

import html
import re
from collections.abc import Iterator

from assay.query.lint_codes import Lint

_STARS = "∗＊⁎✱﹡"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_ENTITY = re.compile(r"&(?:amp|quot|lt|gt|apos|nbsp|#\d{1,6}|#x[0-9a-f]{1,5});|%2[028]")
_CURLY = re.compile('[“„‟”]([^“”„‟"]*)[”“‟]|[“”„‟]')
_GUILLEMETS = re.compile("[«»‹›〝〞＂]")
_SINGLE = re.compile(r"(?:(?<=[\s(])|\A)[‘'‚`]([^‘’'`\"\[\]()]+)[’'`](?=[\s)\[]|\Z)")
_WILDCARD = re.compile(r"(?<=\w)[?$](?=\w)|(?<=\w)\$(?=[\s)\[\"]|\Z)")
_OTHERS = (
    ("Ovid", re.compile(
        r"\.(?:ti|ab|tw|mp|kw|kf|hw|pt|sh|af)(?:,(?:ti|ab|tw|mp|kw|kf|hw))*\.")),
    ("Ovid", re.compile(r"\badj\d{1,2}\b", re.IGNORECASE)),
    ("Ovid", re.compile(r"\bexp [\w ,-]{2,80}/(?=[\s)]|\Z)")),
    ("Web of Science, Scopus or Embase",
     re.compile(r"\b(?:NEAR|NEXT|PRE|W|ONEAR)/\d{1,3}\b")),
    ("Scopus", re.compile(r"\bTITLE(?:-ABS)?(?:-KEY)?\(")),
    ("Web of Science", re.compile(r"\b(?:TS|TI|AB|AK|SO)=")),
    ("Embase", re.compile(r":(?:ti|ab|kw|de)(?:,(?:ti|ab|kw|de))*\b|/(?:exp|de|mj)\b")),
)  # fmt: skip
"""Whose syntax it is, and how it is known."""


def lint_text(text: str) -> Iterator[Lint]:
    """Yield what is odd about a query's characters, before it is read as a tree.

    >>> [lint.fix for lint in lint_text("“tea” insomni∗")]
    ['"tea"', '*']
    """
    yield from _characters(text)
    for match in _ENTITY.finditer(text):
        fix = html.unescape(match[0]).replace("%20", " ").replace("%22", '"')
        message = f"{match[0]} is the web's way to write a sign; PubMed takes it apart."
        yield Lint("entity", message, *match.span(), None if "%" in fix else fix)
    for match in _SINGLE.finditer(text):
        if " " not in match[1].strip() and match[0][0] == "'":
            continue
        message = f"PubMed knows phrases in double quotes only, not {match[0][:40]}."
        yield Lint("odd-quotes", message, *match.span(), f'"{match[1].strip()}"')
    for match in _WILDCARD.finditer(text):
        message = f"PubMed turns {match[0]} into a blank; write each spelling with OR."
        yield Lint("foreign-wildcard", message, *match.span())
    for name, pattern in _OTHERS:
        for match in pattern.finditer(text):
            if _is_quoted(text, match.start()):
                continue
            message = f"{match[0]} is the syntax of {name}; PubMed reads it as words."
            yield Lint("other-syntax", message, *match.span())


def _characters(text: str) -> Iterator[Lint]:
    for match in _CURLY.finditer(text):
        message = "PubMed takes curly quotes for straight ones; other services may not."
        fix = '"' if match[1] is None else f'"{match[1]}"'
        yield Lint("curly-quotes", message, *match.span(), fix)
    for match in _GUILLEMETS.finditer(text):
        message = f"PubMed does not take {match[0]} for a quote."
        yield Lint("odd-quotes", message, *match.span(), '"')
    for at, char in enumerate(text):
        if char in _STARS:
            name = f"U+{ord(char):04X}"
            message = f"This star is {name}, not *: PubMed does not truncate by it."
            yield Lint("odd-star", message, at, at + 1, "*")
        elif char in _INVISIBLE:
            message = f"A character that nobody sees (U+{ord(char):04X}) stands here."
            yield Lint("invisible-character", message, at, at + 1, "")


def _is_quoted(text: str, at: int) -> bool:
    return text.count('"', 0, at) % 2 == 1
