"""The library's index as it is, over SciFact's corpus: the ranking to beat."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from assay.claims.terms import plan_search
from assay.edge.index import Index, open_index
from assay.edge.store import open_library
from assay.library.search_phrases import PASSED as STOPWORDS
from assay.library.search_tree import Either, Words
from assay.library.search_words import split_words
from assay.record import Record
from assay.workflows import ENOUGH_FOUND
from bench.quality.rules import RulesReader

DEPTH = 100
"""Abstracts that are ranked for a claim."""


@contextmanager
def index_corpus(corpus: dict[str, Record]) -> Iterator[Index]:
    """Give the index of a corpus, made in a folder that is removed afterwards."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        with open_library(folder, starter=False) as library:
            library.add(corpus.values(), source="pubmed", query="", when="2026-11-22")
            yield open_index(folder, library)


def rank_by_words(index: Index, claim: str) -> list[str]:
    """Return the abstracts with any telling word of a claim, best first."""
    words = [w for w in dict.fromkeys(split_words(claim)) if w not in STOPWORDS]
    tree = Either(tuple(Words("text", (word,)) for word in words))
    return names_of(index.search(tree, limit=DEPTH)[0])


def rank_by_plan(index: Index, reader: RulesReader, claim: str) -> list[str]:
    """Return what a check reads of the library for a claim, in the order it is found.

    Nothing where no claim is found in the sentence, or it names nothing to look for.
    """
    claims, words = reader.find(claim)
    found: dict[str, None] = {}
    for each in claims:
        own: dict[str, None] = {}
        for step in plan_search(each, words).steps:
            own |= dict.fromkeys(names_of(index.find(step.groups)))
            if len(own) >= ENOUGH_FOUND:
                break
        found |= own
    return list(found)


def names_of(hits) -> list[str]:
    """Return the numbers of the abstracts that were found."""
    return [hit.key.removeprefix("pmid:") for hit in hits]
