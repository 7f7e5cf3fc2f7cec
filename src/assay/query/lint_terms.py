"""Lints of single clauses: their tags, stars, dates and words."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from assay.query.clauses import (
    DATES,
    MIN_STEM,
    RANGES,
    SMALL_OPERATORS,
    field_of,
    is_relative,
    make_days,
    modifier_of,
    read_days,
    read_words,
)
from assay.query.fields import FIELDS, FREE_TEXT, WITH_PROXIMITY, fold_field
from assay.query.lint_codes import Lint
from assay.query.tokens import OPERATORS
from assay.query.tree import Leaf, Lost, Range, Tag, Term

EXPLODES = frozenset(
    map(fold_field, ("mesh terms", "mesh major topic", "mesh subheading",
                     "publication type"))
)  # fmt: skip
"""Fields on which :noexp works (help)."""

MESH = frozenset({"meshterms", "meshmajortopic"})

_SAME = {"ti,ab": "tiab", "ti/ab": "tiab", "tiab,kw": "tiab", "title,abstract": "tiab"}
"""Tags that others write, folded, and the one that PubMed knows."""
_SPAN = re.compile(r"(\d{4}(?:/\d{1,2}){0,2}) ?[-–—] ?(\d{4}(?:/\d{1,2}){0,2})")
_OPEN = re.compile(
    r"(\d{4}(?:/\d{1,2}){0,2}) ?: ?(?:present|now|current|today)?", re.IGNORECASE
)
_DASHED = re.compile(r"\d{4}-\d{1,2}(?:-\d{1,2})?")
_INSIDE = re.compile(r"\*(?=[^\s*])|(?<![\w*])\*")


def lint_leaf(leaf: Leaf, *, structured: bool) -> Iterator[Lint]:
    """Yield what is odd about one clause.

    `structured` tells that the query has operators or tags: it is no plain question.

    >>> term = Term(0, 7, "te*", tag=Tag("foo", "", 3, 8))
    >>> [lint.code for lint in lint_leaf(term, structured=True)]
    ['unknown-tag', 'short-stem']
    """
    if isinstance(leaf, Lost):
        return
    if leaf.tag is not None:
        yield from _lint_tag(leaf, leaf.tag)
    if field_of(leaf) in DATES:
        yield from _lint_days(leaf)
    elif isinstance(leaf, Range):
        yield from _lint_range(leaf)
    else:
        yield from _lint_stars(leaf)
        yield from _lint_words(leaf, structured=structured)


def _written(tag: Tag, name: str) -> str:
    return f"[{name}:{tag.modifier}]" if tag.modifier else f"[{name}]"


def _lint_tag(leaf: Term | Range, tag: Tag) -> Iterator[Lint]:
    folded = fold_field(tag.name)
    if folded in {"ab", "abstract", "abst"}:
        message = (
            f"PubMed has no tag for the abstract alone and ignores [{tag.name}]; "
            "[tiab] searches title and abstract."
        )
        yield Lint("abstract-tag", message, tag.start, tag.end)
    elif folded not in FIELDS:
        yield _unknown(tag, folded)
    elif tag.modifier:
        yield from _lint_modifier(leaf, tag)


def _unknown(tag: Tag, folded: str) -> Lint:
    message = f"PubMed does not know [{tag.name}] and searches every field"
    same = _SAME.get(folded) or next(
        (name for name in (f"{folded}s", folded.removesuffix("s")) if name in FIELDS),
        "",
    )
    near = same or next(iter(get_close_matches(folded, FIELDS, 1, 0.75)), "")
    message += f"; perhaps [{near}] is meant." if near else "."
    fix = _written(tag, same) if same else None
    return Lint("unknown-tag", message, tag.start, tag.end, fix)


def _lint_modifier(leaf: Term | Range, tag: Tag) -> Iterator[Lint]:
    modifier, field = modifier_of(leaf), field_of(leaf)
    bare = f"[{tag.name}]"
    if modifier == "noexp":
        if field not in EXPLODES:
            message = f"PubMed ignores :noexp on [{tag.name}], which never explodes."
            yield Lint("noexp-ignored", message, tag.start, tag.end, bare)
    elif not re.fullmatch(r"~\d{1,4}", modifier):
        message = f"PubMed ignores :{tag.modifier}; it knows :noexp and :~N."
        yield Lint("unknown-modifier", message, tag.start, tag.end, bare)
    elif isinstance(leaf, Term):
        yield from _lint_proximity(leaf, field, bare)


def _lint_proximity(leaf: Term, field: str, bare: str) -> Iterator[Lint]:
    many = len(leaf.text.split(" ")) > 1
    fix: str | None = None
    if field not in WITH_PROXIMITY:
        why = "it works in [ti], [tiab] and [ad] only"
    elif "*" in leaf.text:
        why = "it does not go with a *"
    elif not many:
        why, fix = "it needs two words or more", f"{leaf.text}{bare}"
        fix = f'"{leaf.text}"{bare}' if leaf.quoted else fix
    elif not leaf.quoted and leaf.tag is not None:
        tag = _written(leaf.tag, leaf.tag.name)
        why, fix = "its words must stand in quotes", f'"{leaf.text}"{tag}'
    else:
        return
    message = f"PubMed ignores :{modifier_of(leaf)} here, for {why}."
    yield Lint("proximity-ignored", message, leaf.start, leaf.end, fix)


def _lint_days(leaf: Term | Range) -> Iterator[Lint]:
    tag = _written(leaf.tag, leaf.tag.name) if leaf.tag else ""
    place = (leaf.start, leaf.end)
    if isinstance(leaf, Range):
        yield from _lint_span(leaf, tag)
    elif is_relative(leaf):
        if not leaf.quoted:
            message = "PubMed reads a span of days back from today in quotes only."
            yield Lint("date-format", message, *place, f'"{leaf.text}"{tag}')
    elif (mended := _mended_days(leaf.text)) or read_days(leaf) is None:
        yield Lint("date-format", _NO_DATE, *place, mended + tag if mended else None)


def _mended_days(text: str) -> str:
    """Return a date or span as PubMed writes it; "" when it is so, or is none."""
    if span := _SPAN.fullmatch(text):
        return f"{span[1]}:{span[2]}"
    if open_end := _OPEN.fullmatch(text):
        return f"{open_end[1]}:3000"
    return text.replace("-", "/") if _DASHED.fullmatch(text) else ""


def _lint_span(leaf: Range, tag: str) -> Iterator[Lint]:
    place = (leaf.start, leaf.end)
    if read_days(leaf) is not None:
        if "-" in leaf.first + leaf.last:
            fix = f"{leaf.first}:{leaf.last}{tag}".replace("-", "/")
            yield Lint("date-format", _NO_DATE, *place, fix)
    elif make_days(leaf.last, leaf.first) is not None:
        fix = f"{leaf.last}:{leaf.first}{tag}"
        yield Lint("range-reversed", _REVERSED, *place, fix)
    else:
        yield Lint("date-format", _NO_DATE, *place)


_REVERSED = "This range ends before it begins."
_NO_DATE = (
    "PubMed reads dates such as 2020, 2020/05 or 2020/05/31, spans such as 2015:2020, "
    'and "last 5 years".'
)


def _lint_range(leaf: Range) -> Iterator[Lint]:
    place = (leaf.start, leaf.end)
    field = field_of(leaf)
    if field and field not in RANGES:
        message = f"PubMed searches dates and PMIDs by range, not [{leaf.tag.name}]."
        yield Lint("range-field", message, *place)
    elif re.fullmatch(r"\d+:\d+", f"{leaf.first}:{leaf.last}") and (
        int(leaf.first) > int(leaf.last)
    ):
        fix = f"{leaf.last}:{leaf.first}{_written(leaf.tag, leaf.tag.name)}"
        yield Lint("range-reversed", _REVERSED, *place, fix)


def _lint_stars(leaf: Term) -> Iterator[Lint]:
    text, place = leaf.text, (leaf.start, leaf.end)
    if "*" not in text:
        return
    words = text.split(" ")
    together = leaf.quoted or leaf.tag is not None
    for word in words:
        stem = sum(char.isalnum() for char in word.partition("*")[0])
        if _INSIDE.search(word):
            message = f"In {word} the * counts for nothing: it must end a word."
            yield Lint("star-inside", message, *place)
        elif "*" in word and stem < MIN_STEM:
            message = (
                f"{word} is not truncated: PubMed wants {MIN_STEM} letters before a *."
            )
            yield Lint("short-stem", message, *place)
        elif "*" in word and together and word != words[-1]:
            message = f"In a phrase only the last word may be truncated, not {word}."
            yield Lint("star-inside", message, *place)
    if field_of(leaf) in MESH:
        message = "A truncated heading is not mapped and finds no heading below it."
        yield Lint("truncated-heading", message, *place)


def _lint_words(leaf: Term, *, structured: bool) -> Iterator[Lint]:
    place = (leaf.start, leaf.end)
    field = field_of(leaf)
    if not any(char.isalnum() for char in leaf.text):
        yield Lint("no-words", "There is no letter and no digit to look for.", *place)
        return
    free = field in FREE_TEXT or not field
    yield from _lint_small(leaf, structured=structured, free=free)
    if free and not read_words(leaf).words:
        message = f"PubMed passes over every word of {leaf.text}."
        yield Lint("only-stopwords", message, *place)
    if field == "uid" and not re.fullmatch(r"\d+(?: \d+)*", leaf.text):
        message = "A PMID is a number; a DOI is searched with [aid]."
        yield Lint("pmid-format", message, *place)
    if field in MESH and leaf.text.count("/") > 1:
        message = "A heading takes one subheading; write the others with OR."
        yield Lint("two-subheadings", message, *place)


def _lint_small(leaf: Term, *, structured: bool, free: bool) -> Iterator[Lint]:
    """Yield small operators; one is sure to be meant where it begins a clause.

    Elsewhere they are looked for in free text only: headings and names hold them too.
    """
    if leaf.quoted:
        return
    words = leaf.text.split(" ")
    for number, word in enumerate(words if free else words[:1]):
        small = word.lower() in SMALL_OPERATORS and word not in OPERATORS
        if not small or (not structured and word.lower() == "and"):
            continue
        message = (
            f'PubMed ignores "{word}" in small letters; '
            f"write {word.upper()} to combine terms."
        )
        first = number == 0
        end = leaf.start + len(word) if first else leaf.end
        sure = first and structured and len(words) > 1 and leaf.start > 0
        fix = word.upper() if sure else None
        yield Lint("small-operator", message, leaf.start, end, fix)
