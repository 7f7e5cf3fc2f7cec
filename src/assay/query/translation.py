"""What PubMed did to a query, found by comparing its translation with what was asked.

PubMed answers damaged queries with a plausible count and mostly without a word
(unknown tags, tags on groups, phrases that its index lacks …). Ordinary automatic term
mapping adds to a query and is no damage; this looks for what was left out or replaced.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from assay.query.clauses import MIN_STEM, SMALL_OPERATORS
from assay.query.fields import (
    FIELDS,
    FREE_TEXT,
    STOPWORDS,
    WITH_PROXIMITY,
    fold_field,
)
from assay.query.parse import parse_query
from assay.query.tokens import OPERATORS
from assay.query.tree import Chain, Group, Leaf, Lost, Node, Range, find_leaves

_TAGS = frozenset({"group-tag", "bare-tag"})
_UNPAIRED = frozenset(
    {"open-parenthesis", "close-parenthesis", "open-quote", "open-bracket"}
)
_NO_NEWS = frozenset({"no items found."})
_FIELD = re.compile(r"\[([^\]]+)\]")
_PIECE = re.compile(r'(?:"([^"]*)"|([^\s()"\[\]]+))\s*\[([^\]]+)\]')


class Reading(NamedTuple):
    """How PubMed says that it read a query."""

    translation: str = ""
    """querytranslation."""
    mapped: tuple[tuple[str, str], ...] = ()
    """translationset: (from, to)."""
    phrases_not_found: tuple[str, ...] = ()
    fields_not_found: tuple[str, ...] = ()
    """Often empty although a field was not found: never proof that all were."""
    phrases_ignored: tuple[str, ...] = ()
    quoted_not_found: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()


def find_ignored(asked: str, reading: Reading) -> tuple[str, ...]:
    """Return what was left out or changed, one plain sentence each, without repeats.

    An untouched query gives ().

    >>> find_ignored("tea[foo]", Reading('"tea"[All Fields]'))
    ('PubMed does not know the field tag [foo]; it searched "tea" in other fields.',)
    >>> find_ignored("tea[ti]", Reading('"tea"[Title]'))
    ()
    """
    tree, faults = parse_query(asked)
    leaves = tuple(find_leaves(tree)) if tree is not None else ()
    terms = tuple(term for leaf in leaves for term in _terms(leaf))
    sentences = (
        *_said(reading),
        *_odd_form(frozenset(fault.code for fault in faults)),
        *(fault.message for fault in faults if fault.code in _TAGS),
        *(_small_operators(tree, leaves) if tree is not None else ()),
        *_odd_stars(terms),
        *_compared(terms, reading),
    )
    return tuple(dict.fromkeys(sentences))


class _Term(NamedTuple):
    """A term as PubMed's translation is searched for it."""

    text: str
    tag: str = ""
    modifier: str = ""
    quoted: bool = False


def _terms(leaf: Leaf) -> Iterator[_Term]:
    """Yield the terms of a clause, which a small and, or, not parts from each other."""
    if isinstance(leaf, Lost):
        return
    tag = (leaf.tag.name, leaf.tag.modifier) if leaf.tag else ("", "")
    if isinstance(leaf, Range):
        yield _Term(f"{leaf.first}:{leaf.last}", *tag)
    elif leaf.quoted:
        yield _Term(leaf.text, *tag, quoted=True)
    else:
        *before, last = _SMALL.split(leaf.text)
        yield from (_Term(text) for text in before if text.strip())
        if last.strip():
            yield _Term(last.strip(), *tag)


_SMALL = re.compile(r"(?<!\S)(?:and|or|not)(?!\S)", re.IGNORECASE)


def _said(reading: Reading) -> Iterator[str]:
    """Yield what PubMed itself reports."""
    for phrase in reading.phrases_not_found:
        yield f"PubMed did not find {_quote(phrase)} and searched without it."
    for field in reading.fields_not_found:
        yield f"PubMed does not know the field {_quote(field)}."
    for phrase in reading.phrases_ignored:
        yield f"PubMed ignored {_quote(phrase)}."
    for phrase in reading.quoted_not_found:
        yield _phrase_lost(phrase)
    for message in reading.messages:
        if message.strip().lower() not in _NO_NEWS:
            yield f"PubMed says: {_quote(message)}."
    if "schema: all" in reading.translation.lower():
        yield "PubMed found nothing and searched again with the mapped tags removed."


def _odd_form(codes: frozenset[str]) -> Iterator[str]:
    if codes & _UNPAIRED:
        yield "Parentheses or quotes do not pair; PubMed guessed where they end."


def _small_operators(tree: Node, leaves: tuple[Leaf, ...]) -> Iterator[str]:
    """Yield what PubMed makes of and, or, not in small letters between terms.

    A lone "and" in a query of nothing but words is what it seems.
    """
    tagged = any(not isinstance(leaf, Lost) and leaf.tag for leaf in leaves)
    structured = tagged or _has_operator(tree)
    for leaf in leaves:
        if isinstance(leaf, Lost | Range) or leaf.quoted:
            continue
        for word in leaf.text.split(" "):
            small = word.lower() in SMALL_OPERATORS and word not in OPERATORS
            if small and (structured or word.lower() != "and"):
                yield (
                    f'PubMed ignores "{word}" in small letters; '
                    f"write {word.upper()} to combine terms."
                )


def _has_operator(node: Node) -> bool:
    match node:
        case Group():
            return _has_operator(node.body)
        case Chain():
            written = any(join.written in OPERATORS for join in node.joins)
            return written or any(map(_has_operator, node.parts))
        case _:
            return False


def _odd_stars(terms: tuple[_Term, ...]) -> Iterator[str]:
    for term in terms:
        stem = term.text.partition("*")[0].split(" ")[-1]
        if "*" in term.text and len(stem) < MIN_STEM:
            yield (
                f"{_quote(term.text)} has fewer than {MIN_STEM} letters before the *; "
                "PubMed does not truncate it."
            )
        if "∗" in term.text:
            yield f"The star in {_quote(term.text)} is not an ordinary *."


def _compared(terms: tuple[_Term, ...], reading: Reading) -> Iterator[str]:
    """Yield where the translation does not hold what was asked."""
    if not _FIELD.search(reading.translation):
        return  # very long queries come back word for word, without fields
    told = (*reading.phrases_not_found, *reading.quoted_not_found)
    reported = {_fold(_FIELD.sub("", phrase)) for phrase in told}
    pieces = _read_pieces(reading)
    for term in terms:
        if _fold(term.text) and _fold(term.text) not in reported:
            yield from _compare_term(term, pieces)


class _Pieces(NamedTuple):
    """A translation taken apart; words are folded, fields are not."""

    fields: dict[str, set[str]]
    """Words as they stand together → the fields that they are searched in."""
    words: frozenset[str]
    """Every single word, also those that were mapped to others."""
    names: frozenset[str]
    """Every field, with its modifier."""
    stems: str
    """The translation with its stars."""


def _read_pieces(reading: Reading) -> _Pieces:
    fields: dict[str, set[str]] = {}
    for quoted, bare, field in _PIECE.findall(reading.translation):
        fields.setdefault(_fold(quoted or bare), set()).add(field)
    known = " ".join((reading.translation, *(start for start, _ in reading.mapped)))
    return _Pieces(
        fields,
        frozenset(_fold(known).split()),
        frozenset(_FIELD.findall(reading.translation)),
        _fold(reading.translation, keep="*"),
    )


def _compare_term(term: _Term, pieces: _Pieces) -> Iterator[str]:
    """Yield what became of one term, the gravest thing only."""
    field = FIELDS.get(fold_field(term.tag), "") if term.tag else fold_field("all")
    for find in (_find_unknown, _find_lost, _find_moved, _find_loosened, _find_stem):
        sentence = find(term, field, pieces)
        if sentence:
            yield sentence
            return


def _find_unknown(term: _Term, field: str, pieces: _Pieces) -> str:
    if field or fold_field(term.tag) in map(_field_of, pieces.names):
        return ""
    return (
        f"PubMed does not know the field tag [{term.tag}]; "
        f"it searched {_quote(term.text)} in other fields."
    )


def _find_lost(term: _Term, field: str, pieces: _Pieces) -> str:
    if field not in FREE_TEXT or "*" in term.text:
        return ""
    words = dict.fromkeys(_fold(term.text).split())
    lost = [word for word in words if word not in pieces.words | STOPWORDS]
    return f"PubMed searched without {', '.join(map(_quote, lost))}." if lost else ""


def _find_moved(term: _Term, field: str, pieces: _Pieces) -> str:
    fields = pieces.fields.get(_fold(term.text), set())
    if not term.tag or field not in FREE_TEXT or not fields:
        return ""
    if field in map(_field_of, fields):
        return ""
    return (
        f"PubMed did not apply [{term.tag}] to {_quote(term.text)}; "
        f"it searched in: {', '.join(sorted(fields))}."
    )


def _find_loosened(term: _Term, field: str, pieces: _Pieces) -> str:
    """Say that a modifier, or the quotes of a phrase, had no effect."""
    folded = _fold(term.text)
    if term.modifier:
        fields = pieces.fields.get(folded, pieces.names)
        if _tight(term.modifier) in {_tight(f.partition(":")[2]) for f in fields}:
            return ""
        near = term.modifier.startswith("~") and field not in WITH_PROXIMITY
        why = " (it works in ti, tiab and ad only)" if near else ""
        return f"PubMed ignored :{term.modifier} on {_quote(term.text)}{why}."
    loose = folded not in pieces.fields and " " in folded and "*" not in folded
    return (
        _phrase_lost(term.text) if term.quoted and loose and field in FREE_TEXT else ""
    )


def _find_stem(term: _Term, _: str, pieces: _Pieces) -> str:
    if "*" not in term.text or _fold(term.text, keep="*") in pieces.stems:
        return ""
    return f"PubMed did not truncate {_quote(term.text)}."


def _phrase_lost(phrase: str) -> str:
    return (
        f"PubMed's index lacks the phrase {_quote(phrase)}; "
        "it searched for the single words."
    )


def _field_of(name: str) -> str:
    return fold_field(name.partition(":")[0])


def _tight(modifier: str) -> str:
    return modifier.replace(" ", "").lower()


def _fold(text: str, keep: str = "") -> str:
    """Return words as PubMed compares them: small letters, other signs made blanks."""
    return " ".join(re.sub(rf"[^\w{keep}]+", " ", text.lower()).split())


def _quote(text: str) -> str:
    return '"' + " ".join(_FIELD.sub("", text).replace('"', "").split()) + '"'
