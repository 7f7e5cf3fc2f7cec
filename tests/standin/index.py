"""Which records hold which words: an inverted index with adjacency, in memory."""

from bisect import bisect_left
from collections import defaultdict

from tests.standin.records import Row, fold, split_words
from tests.standin.vocabulary import PARTS

Rows = frozenset[int]
NONE: Rows = frozenset()
PROSE = frozenset({"ti", "ab", "ad", "cois", "tt"})  # never asked for as a whole entry


class Index:
    """Answers single questions; every answer is a set of PMIDs.

    A text that several records share is kept once, which keeps tens of thousands of
    synthetic records light.
    """

    def __init__(self, rows: list[Row]) -> None:
        self.rows = {row.pmid: row for row in rows}
        self.all: Rows | None = None
        """All PMIDs, gathered when asked for."""
        self.holders: dict[tuple[str, str], set[int]] = defaultdict(set)
        self.exact: dict[tuple[str, str], set[int]] = defaultdict(set)
        self.filters: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            self.add(row)
        self.words: dict[str, dict[str, set[str]]] = defaultdict(
            lambda: defaultdict(set)
        )
        for part, text in self.holders:
            for word in split_words(text):
                self.words[part][word].add(text)
        self.sorted: dict[str, list[str]] = {}
        """The words of each part, sorted when asked for."""
        self.created = {row.pmid: created(row) for row in rows}
        self.ordered: dict[str, list[tuple[int, int]]] = {}
        """Date field (or "pmid") to sorted pairs of day and PMID, made when asked."""
        self.ignore_ranges = False
        """Whether ranges narrow nothing."""

    @property
    def everything(self) -> Rows:
        """Return all PMIDs."""
        if self.all is None:
            self.all = frozenset(self.rows)
        return self.all

    def insert(self, row: Row) -> None:
        """Take in a record that came later."""
        self.rows[row.pmid] = row
        self.created[row.pmid] = created(row)
        self.all = None
        self.ordered.clear()
        self.add(row)
        for part, texts in row.facts.texts.items():
            self.sorted.pop(part, None)
            for text in texts:
                for word in split_words(text):
                    self.words[part][word].add(text)

    def drop(self, row: Row) -> None:
        """Forget a record, which must say what it said when it was taken in."""
        del self.rows[row.pmid], self.created[row.pmid]
        self.all = None
        self.ordered.clear()
        for part, texts in row.facts.texts.items():
            for text in texts:
                self.holders[part, text].discard(row.pmid)
                if part not in PROSE:
                    self.exact[part, fold(text)].discard(row.pmid)
        for name in row.facts.major:
            self.exact["majr", fold(name)].discard(row.pmid)
        for name in row.facts.filters:
            self.filters[name].discard(row.pmid)

    def add(self, row: Row) -> None:
        """Take one record in."""
        for part, texts in row.facts.texts.items():
            for text in texts:
                self.holders[part, text].add(row.pmid)
                if part not in PROSE:
                    self.exact[part, fold(text)].add(row.pmid)
        for name in row.facts.major:
            self.exact["majr", fold(name)].add(row.pmid)
        for name in row.facts.filters:
            self.filters[name].add(row.pmid)

    def find_word(self, field: str, word: str) -> Rows:
        """Return the records with this word in this field."""
        found: set[int] = set()
        for part in PARTS.get(field, (field,)):
            for text in self.words[part].get(word, ()):
                found |= self.holders[part, text]
        return frozenset(found)

    def find_exact(self, field: str, text: str) -> Rows:
        """Return the records with exactly this entry; case and accents do not count."""
        return frozenset(self.exact.get((field, fold(text)), NONE))

    def find_beginning(self, field: str, words: tuple[str, ...]) -> Rows:
        """Return the records with a word (or phrase) that begins like this."""
        found: set[int] = set()
        stem = words[-1]
        for part in PARTS.get(field, (field,)):
            if part not in self.sorted:
                self.sorted[part] = sorted(self.words[part])
            ordered = self.sorted[part]
            at = bisect_left(ordered, stem)
            while at < len(ordered) and ordered[at].startswith(stem):
                found |= self.find_run(part, (*words[:-1], ordered[at]))
                at += 1
        return frozenset(found)

    def find_run(self, field: str, words: tuple[str, ...]) -> Rows:
        """Return the records with these words side by side, in this order."""
        if len(words) == 1:
            return self.find_word(field, words[0])
        return self.find_near(field, words, lambda text: has_run(text, words))

    def find_proximity(self, field: str, words: tuple[str, ...], gap: int) -> Rows:
        """Return the records with all words, in any order, at most `gap` between."""
        return self.find_near(field, words, lambda text: has_near(text, words, gap))

    def find_near(self, field, words, test) -> Rows:
        """Return the records with a text that holds all words and passes the test."""
        found: set[int] = set()
        for part in PARTS.get(field, (field,)):
            lists = [self.words[part].get(word, set()) for word in set(words)]
            for text in set.intersection(*lists):
                if test(split_words(text)):
                    found |= self.holders[part, text]
        return frozenset(found)

    def find_days(self, field: str, low: int, high: int) -> Rows:
        """Return the records with a date of this kind from low to high (20210314)."""
        if field not in self.ordered:
            self.ordered[field] = sorted(
                (day, pmid)
                for pmid, row in self.rows.items()
                for day in row.facts.dates.get(field, ())
            )
        return self.find_between(field, low, high)

    def find_pmids(self, low: int, high: int) -> Rows:
        """Return the records with a PMID from low to high."""
        if "pmid" not in self.ordered:
            self.ordered["pmid"] = sorted((pmid, pmid) for pmid in self.rows)
        return self.find_between("pmid", low, high)

    def find_between(self, field: str, low: int, high: int) -> Rows:
        """Return the records between two values of an ordered field."""
        if self.ignore_ranges:
            return self.everything
        pairs = self.ordered[field]
        start, end = bisect_left(pairs, (low, 0)), bisect_left(pairs, (high + 1, 0))
        return frozenset(pmid for _, pmid in pairs[start:end])


def created(row: Row) -> int:
    """Return the day on which a record was created; 0 when it says none."""
    return max(row.facts.dates.get("crdt") or (0,))


def has_run(text: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Tell whether the words stand side by side in the text."""
    size = len(words)
    return any(text[i : i + size] == words for i in range(len(text) - size + 1))


def has_near(text: tuple[str, ...], words: tuple[str, ...], gap: int) -> bool:
    """Tell whether one stretch holds all words with at most `gap` others in it."""
    size = len(words) + gap
    wanted = sorted(words)
    for start in range(len(text)):
        window = list(text[start : start + size])
        if text[start] in words and all(
            window.count(word) >= wanted.count(word) for word in wanted
        ):
            return True
    return False
