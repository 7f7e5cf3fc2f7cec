"""The vocabulary: which words mean which concept, read from TOML, matched in texts."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assay.claims.headings import Headings, fold
from assay.errors import SettingsError

KINDS = (
    "exposure", "outcome", "target", "population", "agency", "place", "ignored",
)  # fmt: skip
_LISTS = ("words", "mesh", "substances", "broader")
_KNOWN = {"kind", "label", "sense", *_LISTS}
_SENSE = {"": 0, "good": 1, "bad": -1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One thing that claims and studies speak of, with the words for it."""

    key: str
    kind: str
    """exposure, outcome, target, population, agency or place."""
    label: str
    words: tuple[str, ...]
    """Lower case; a final `*` lets the word end in any way."""
    mesh: tuple[str, ...] = ()
    substances: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    """Keys of wider concepts."""
    sense: int = 0
    """+1: more of it is good for a person; -1: bad; 0: neither."""


class Mention(NamedTuple):
    """A concept met in a text, at text[start:end]."""

    concept: str
    start: int
    end: int


class Vocabulary:
    """All concepts, with a matcher for their words."""

    def __init__(
        self, concepts: Iterable[Concept], headings: Headings | None = None
    ) -> None:
        self.headings = headings or Headings()
        """What an article may name beside: `assay.claims.topics.widen` looks there."""
        self.concepts: dict[str, Concept] = {c.key: c for c in concepts}
        self._by_word: dict[str, list[str]] = {}
        for concept in self.concepts.values():
            for word in concept.words:
                plain = " ".join(fold(word).split())
                owners = self._by_word.setdefault(plain, [])
                if concept.key not in owners:
                    owners.append(concept.key)
        self._pattern = _compile(self._by_word)
        self._wider = {key: self._climb(key) for key in self.concepts}
        self._families: dict[tuple[str, ...], frozenset[str]] = {}

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Return the concepts met in `text`, in order; the longest words win.

        A word that belongs to several concepts gives one mention for each.
        """
        if self._pattern is None:
            return ()
        return tuple(
            Mention(key, match.start(), match.end())
            for match in self._pattern.finditer(fold(text))
            for key in self._owners(match[0])
            if self.concepts[key].kind != "ignored"
        )

    def _owners(self, found: str) -> tuple[str, ...]:
        """Return the concepts that a met word stands for."""
        word = " ".join(found.split())
        for shape in _shapes(word):
            if shape in self._by_word:
                open_ended = self._by_word.get(f"{shape}*", [])
                return (*self._by_word[shape], *open_ended)
        for length in range(len(word), 2, -1):
            if f"{word[:length]}*" in self._by_word:
                return tuple(self._by_word[f"{word[:length]}*"])
        return ()

    def within(self, key: str, wider: str) -> bool:
        """Say whether concept `key` is `wider` or a part of it."""
        return key == wider or wider in self._wider.get(key, frozenset())

    def family(self, keys: tuple[str, ...]) -> frozenset[str]:
        """Return the keys of all concepts that are any of `keys` or lie within one."""
        if keys not in self._families:
            self._families[keys] = frozenset(
                key for key in self.concepts if any(self.within(key, k) for k in keys)
            )
        return self._families[keys]

    def kin(self, keys: tuple[str, ...]) -> frozenset[str]:
        """Return the family of `keys` and everything wider than any of them."""
        wider = (self.ancestors(k) for k in keys)
        return self.family(keys).union(*wider)

    def ancestors(self, key: str) -> frozenset[str]:
        """Return the keys of all wider concepts of `key`, however far up."""
        return self._wider.get(key, frozenset())

    def narrower(self, key: str) -> tuple[Concept, ...]:
        """Return the concepts that lie within `key`, itself first."""
        inside = [c for c in self.concepts.values() if key in self._wider[c.key]]
        own = self.concepts.get(key)
        return (*((own,) if own else ()), *inside)

    def _climb(self, key: str) -> frozenset[str]:
        found: set[str] = set()
        todo = list(self.concepts[key].broader)
        while todo:
            wider = todo.pop()
            if wider not in found and wider in self.concepts:
                found.add(wider)
                todo += self.concepts[wider].broader
        return frozenset(found)


def parse_vocabulary(*texts: str, headings: Headings | None = None) -> Vocabulary:
    """Read TOML texts into one vocabulary; a later one adds to an earlier one's tables.

    Args:
        headings: names of what no text knows; None for none.

    Raises:
        SettingsError: a table or value is not as documented; names the place.

    >>> text = '[tea]\\nkind = "exposure"\\nlabel = "tea"\\nwords = ["tea", "brew*"]'
    >>> [m.concept for m in parse_vocabulary(text).mentions("Brewed tea")]
    ['tea', 'tea']
    """
    tables: dict[str, dict[str, object]] = {}
    for text in texts:
        try:
            read = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(
                f"The vocabulary is not valid TOML: {error}."
            ) from error
        for key, table in read.items():
            _add_table(tables, key, table)
    concepts = (_concept(key, table) for key, table in tables.items())
    return Vocabulary(concepts, headings)


def _add_table(tables: dict[str, dict[str, object]], key: str, table: object) -> None:
    if not isinstance(table, Mapping):
        raise SettingsError(f"Vocabulary: {key} must be a table, as [{key}].")
    unknown = set(table) - _KNOWN
    if unknown:
        known = ", ".join(sorted(_KNOWN))
        raise SettingsError(
            f"Vocabulary, table [{key}]: unknown key {sorted(unknown)[0]}; known: "
            f"{known}."
        )
    whole = tables.setdefault(key, {})
    for name, value in table.items():
        if name in _LISTS:
            earlier = whole.get(name, [])
            if not isinstance(value, list) or not all(
                isinstance(v, str) for v in value
            ):
                raise SettingsError(
                    f"Vocabulary, table [{key}]: {name} must be a list of strings."
                )
            whole[name] = [*(earlier if isinstance(earlier, list) else []), *value]
        elif not isinstance(value, str):
            raise SettingsError(f"Vocabulary, table [{key}]: {name} must be a string.")
        else:
            whole[name] = value


def _concept(key: str, table: Mapping[str, object]) -> Concept:
    def texts(name: str) -> tuple[str, ...]:
        value = table.get(name, [])
        return tuple(dict.fromkeys(value)) if isinstance(value, list) else ()

    kind, sense = str(table.get("kind", "")), str(table.get("sense", ""))
    if kind not in KINDS:
        known = ", ".join(KINDS)
        raise SettingsError(f"Vocabulary, table [{key}]: kind must be one of {known}.")
    if sense not in _SENSE:
        raise SettingsError(f"Vocabulary, table [{key}]: sense must be good or bad.")
    words = tuple(w.lower().strip() for w in texts("words") if w.strip(" *"))
    if not words:
        raise SettingsError(f"Vocabulary, table [{key}]: words must not be empty.")
    return Concept(
        key=key,
        kind=kind,
        label=str(table.get("label", key)),
        words=words,
        mesh=texts("mesh"),
        substances=texts("substances"),
        broader=texts("broader"),
        sense=_SENSE[sense],
    )


def _shapes(word: str) -> tuple[str, ...]:
    """Return the forms under which a met word may stand in the vocabulary."""
    singular = (word.removesuffix("s"), word.removesuffix("es"))
    return (word, *singular, f"{word.removesuffix('ies')}y")


def _compile(words: Iterable[str]) -> re.Pattern[str] | None:
    """Compile the words, longest first, each with its plural, as whole words."""
    ordered = sorted(words, key=lambda w: (-len(w), w))
    if not ordered:
        return None
    return re.compile(rf"(?<![\w])(?:{_branch(ordered, 0)})(?![\w])")


_DEPTH = 3
"""Letters by which the words are parted, so that few are tried at each place."""


def _branch(words: Sequence[str], at: int) -> str:
    """Return a pattern for words that agree up to a letter, longest first in each part.

    Words that differ in a letter exclude each other, so their order may change.
    """
    if at == _DEPTH or len(words) < 2:
        return "|".join(_word_pattern(word, at) for word in words)
    parts: dict[str, list[str]] = {}
    for word in words:
        plain = word[: at + 1].isalnum() and len(word.removesuffix("*")) > at + 1
        parts.setdefault(word[at] if plain else "", []).append(word)
    rest = parts.pop("", [])
    found = [f"{re.escape(c)}(?:{_branch(ws, at + 1)})" for c, ws in parts.items()]
    return "|".join([*found, *(_word_pattern(word, at) for word in rest)])


def _word_pattern(word: str, start: int = 0) -> str:
    rest = word.removesuffix("*")[start:]
    stem = r"\s+".join(map(re.escape, rest.split()))
    if rest[:1] == " ":
        stem = rf"\s+{stem}"
    if word.endswith("*"):
        return rf"{stem}\w*"
    return rf"{stem}(?:s|es)?"
