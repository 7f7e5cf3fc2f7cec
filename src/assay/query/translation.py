"""What PubMed did to a query, found by comparing its translation with what was asked.

PubMed answers damaged queries with a plausible count and mostly without a word
(unknown tags, tags on groups, phrases that its index lacks …). Ordinary automatic term
mapping adds to a query and is no damage; this looks for what was left out or replaced.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from assay.query.asked import Asked, Term, parse_asked
from assay.query.fields import FIELDS, FREE_TEXT, WITH_PROXIMITY, fold_field

MIN_STEM = 4
"""Letters that PubMed wants before a *."""

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
    parts = parse_asked(asked)
    sentences = (
        *_said(reading),
        *_odd_form(parts),
        *_compared(parts, reading),
    )
    return tuple(dict.fromkeys(sentences))


def _said(reading: Reading) -> Iterator[str]:
    """Yield what PubMed itself reports."""
    for phrase in reading.phrases_not_found:
        yield f"PubMed did not find {_quote(phrase)} and searched without it."
    for field in reading.fields_not_found:
        yield f"PubMed does not know the field {_quote(field)}."
    for phrase in reading.phrases_ignored:
        yield f"PubMed ignored {_quote(phrase)}."
    for phrase in reading.quoted_not_found:
        yield (
            f"PubMed's index lacks the phrase {_quote(phrase)}; "
            "it searched for the single words."
        )
    for message in reading.messages:
        if message.strip().lower() not in _NO_NEWS:
            yield f"PubMed says: {_quote(message)}."
    if "schema: all" in reading.translation.lower():
        yield "PubMed found nothing and searched again with the mapped tags removed."


def _odd_form(asked: Asked) -> Iterator[str]:
    """Yield what PubMed is known to disregard, whatever its translation says."""
    for tag in asked.group_tags:
        yield (
            f"PubMed ignores the tag {tag} after a parenthesis; "
            "put it behind each term inside."
        )
    for tag in asked.bare_tags:
        yield f"The tag {tag} stands behind no term."
    structured = asked.operators > 0 or any(term.tag for term in asked.terms)
    for word in asked.small_operators:
        if structured or word.lower() != "and":
            yield (
                f'PubMed ignores "{word}" in small letters; '
                f"write {word.upper()} to combine terms."
            )
    if not asked.balanced:
        yield "Parentheses or quotes do not pair; PubMed guessed where they end."
    for term in asked.terms:
        stem = term.text.partition("*")[0].split(" ")[-1]
        if "*" in term.text and len(stem) < MIN_STEM:
            yield (
                f"{_quote(term.text)} has fewer than {MIN_STEM} letters before the *; "
                "PubMed does not truncate it."
            )
        if "∗" in term.text:
            yield f"The star in {_quote(term.text)} is not an ordinary *."


def _compared(asked: Asked, reading: Reading) -> Iterator[str]:
    """Yield where the translation does not hold what was asked."""
    translation = reading.translation
    if not _FIELD.search(translation):
        return  # very long queries come back word for word, without fields
    reported = " ".join(
        map(_fold, (*reading.phrases_not_found, *reading.quoted_not_found))
    )
    found = _fields_by_words(reading)
    for term in asked.terms:
        if _fold(term.text) and _fold(term.text) not in reported:
            yield from _compare_term(term, translation, found)


def _compare_term(
    term: Term, translation: str, found: dict[str, set[str]]
) -> Iterator[str]:
    field = FIELDS.get(fold_field(term.tag), "") if term.tag else ""
    fields = found.get(_fold(term.text), set())
    there = {fold_field(name.partition(":")[0]) for name in _FIELD.findall(translation)}
    if term.tag and not field:
        if fold_field(term.tag) not in there:
            yield (
                f"PubMed does not know the field tag [{term.tag}]; "
                f"it searched {_quote(term.text)} in other fields."
            )
        return
    if term.tag and field in FREE_TEXT and fields and field not in fields:
        names = ", ".join(sorted(_names(translation, fields)))
        yield (
            f"PubMed did not apply [{term.tag}] to {_quote(term.text)}; "
            f"it searched in: {names}."
        )
        return
    if term.modifier:
        yield from _compare_modifier(term, field, translation)
    elif term.quoted and " " in _fold(term.text) and field in FREE_TEXT | {""}:
        if _fold(term.text) not in found:
            yield (
                f"PubMed's index lacks the phrase {_quote(term.text)}; "
                "it searched for the single words."
            )
    elif field == fold_field("author") and not fields and found:
        yield f"PubMed did not search for the author {_quote(term.text)} as written."
    if "*" in term.text and f"{_fold(term.text)}*" not in _fold_stars(translation):
        yield f"PubMed did not truncate {_quote(term.text)}."


def _compare_modifier(term: Term, field: str, translation: str) -> Iterator[str]:
    kept = {
        name.partition(":")[2].replace(" ", "").lower()
        for name in _FIELD.findall(translation)
        if ":" in name
    }
    wanted = term.modifier.replace(" ", "").lower()
    if wanted in kept:
        return
    if wanted.startswith("~"):
        why = "" if field in WITH_PROXIMITY else " (it works in ti, tiab and ad only)"
        yield f"PubMed ignored :{term.modifier} on {_quote(term.text)}{why}."
    else:
        yield f"PubMed ignored :{term.modifier} on {_quote(term.text)}."


def _fields_by_words(reading: Reading) -> dict[str, set[str]]:
    """Return the folded words of the translation with the fields they stand in."""
    found: dict[str, set[str]] = {}
    for quoted, bare, field in _PIECE.findall(reading.translation):
        words = _fold(quoted or bare)
        found.setdefault(words, set()).add(fold_field(field.partition(":")[0]))
    return found


def _names(translation: str, folded: set[str]) -> set[str]:
    names = {name.partition(":")[0].strip() for name in _FIELD.findall(translation)}
    return {name for name in names if fold_field(name) in folded}


def _fold(text: str) -> str:
    """Return words as PubMed compares them: small letters, signs made blanks."""
    return " ".join(re.sub(r"[^\w]+", " ", text.lower()).split())


def _fold_stars(text: str) -> str:
    return " ".join(re.sub(r"[^\w*]+", " ", text.lower()).split())


def _quote(text: str) -> str:
    words = " ".join(text.split()).strip('"')
    return f'"{words}"'
