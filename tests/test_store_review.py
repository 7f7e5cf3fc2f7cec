"""Pairs that may be one record: shown, decided, undone, and nothing is lost."""

import sqlite3
from dataclasses import replace

import pytest

from assay.edge.store import open_library
from assay.edge.store_review import Review
from assay.errors import UsageError
from assay.library.dedupe import SAME, SPLIT
from assay.record import Author, Record
from tests.test_dedupe import ARTICLE, PEOPLE, told

WHEN = "2026-11-22T10:00:00Z"
LATER = "2026-11-23T10:00:00Z"
DOUBTFUL = told(
    year=2021, volume="", pages="", abstract=(), authors=PEOPLE[:2], doi="10.99999/d"
)
"""Alike to the article, and nothing tells where it stands."""
CERTAIN = told(doi="")
"""The article without its identifiers."""


@pytest.fixture
def library(tmp_path):
    with open_library(tmp_path, starter=False) as opened:
        yield opened


def add(library, *records, query="tea", when=WHEN):
    for each in records:
        library.add([each], source=each.source, query=query, when=when)


def state(library):
    """Return everything a person can see of the library, without row numbers."""
    return {
        made_of: {p for each in made_of for p in each.searches}
        for _, made_of in library.descriptions()
    }, {(r.pmid, r.doi, r) for r in library.records()}


def test_a_doubtful_pair_is_asked_about_and_keeps_its_number(library):
    add(library, ARTICLE, DOUBTFUL)
    review = Review(library)
    assert review.settle()[:3] == (2, 0, 1)
    (pair,) = review.pairs()
    assert (pair.one, pair.other) == ("doi:10.99999/d", "pmid:90000001")
    add(library, Record(source="x", doi="10.99999/other"))
    review.settle()
    assert review.pairs() == (pair,)


def test_what_is_all_but_certain_becomes_one_row_that_can_be_split(library):
    add(library, ARTICLE, CERTAIN)
    before = state(library)
    review = Review(library)
    assert review.settle()[:3] == (1, 1, 0)
    assert library.get("pmid:90000001").pmid == "90000001"
    review.decide(1, SPLIT, who="Jane", when=LATER)
    assert state(library) == before
    review.settle()
    assert library.count() == 2


def test_accept_joins_and_undo_restores_exactly(library):
    add(library, ARTICLE, query="one")
    add(library, DOUBTFUL, query="other", when=LATER)
    review = Review(library)
    review.settle()
    before, pairs = state(library), review.pairs()
    review.decide(pairs[0].number, SAME, who="Jane", when=LATER)
    assert library.count() == 1
    joined = library.find(doi="10.99999/d")
    assert joined.pmid == "90000001"
    assert {p.query for p in library.provenance("pmid:90000001")} == {"one", "other"}
    undone = review.undo(when=LATER)
    assert (undone.who, undone.verdict) == ("Jane", "same")
    assert state(library) == before
    assert review.pairs() == pairs
    assert [each.undone for each in review.history()] == [LATER]
    assert review.undo(when=LATER) is None


def test_decisions_outlive_records_that_come_again(library):
    add(library, ARTICLE, DOUBTFUL)
    review = Review(library)
    review.settle()
    review.decide(1, SPLIT, who="Jane", when=LATER)
    assert review.pairs() == ()
    add(library, DOUBTFUL, replace(ARTICLE, coi="None."), when=LATER)
    assert review.settle()[:3] == (2, 0, 0)


def test_what_came_since_is_kept_when_a_row_is_taken_apart(library):
    add(library, ARTICLE, DOUBTFUL)
    review = Review(library)
    review.settle()
    review.decide(1, SAME, who="Jane", when=LATER)
    add(library, replace(ARTICLE, coi="None."), query="again", when=LATER)
    assert library.count() == 1
    review.undo(when=LATER)
    assert library.get("pmid:90000001").coi == "None."
    assert library.get("doi:10.99999/d") == DOUBTFUL
    found = {p.query for p in library.provenance("pmid:90000001")}
    assert found == {"tea", "again"}
    assert {p.query for p in library.provenance("doi:10.99999/d")} == {"tea"}


def test_a_split_pair_with_one_doi_stays_split_when_it_comes_again(library):
    other = replace(
        CERTAIN, doi=ARTICLE.doi, title="Another matter altogether, told at length",
        authors=(Author("Other", "Ann"),),
    )  # fmt: skip
    add(library, ARTICLE, DOUBTFUL)
    review = Review(library)
    review.settle()
    review.decide(1, SPLIT, who="Jane", when=LATER)
    add(library, replace(DOUBTFUL, pmcid="PMC9000001"), other)
    assert library.find(doi="10.99999/d").pmcid == "PMC9000001"
    assert library.count() == 2


def test_two_pmids_cannot_be_accepted_and_unknown_numbers_are_told(library):
    add(library, ARTICLE)
    with pytest.raises(UsageError, match="no pair 7"):
        Review(library).decide(7, SAME, who="Jane", when=WHEN)


def test_rows_that_become_one_by_an_identifier_stay_separable(library):
    add(library, ARTICLE, DOUBTFUL)
    review = Review(library)
    review.settle()
    review.decide(1, SAME, who="Jane", when=LATER)
    add(library, Record(source="crossref", pmcid="PMC9000002", title="Third"))
    add(library, replace(ARTICLE, pmcid="PMC9000002"), when=LATER)
    assert library.count() == 1
    review.undo(when=LATER)
    assert library.get("doi:10.99999/d") == DOUBTFUL
    assert library.count() == 2


def test_a_library_of_the_first_format_gets_its_tables(tmp_path):
    with open_library(tmp_path, starter=False) as library:
        add(library, ARTICLE)
        path = library.path
    with sqlite3.connect(path) as db:
        for table in ("parts", "part_provenance", "pairs", "decisions"):
            db.execute(f"DROP TABLE {table}")
        db.execute("PRAGMA user_version = 1")
    db.close()
    with open_library(tmp_path, starter=False) as library:
        add(library, DOUBTFUL)
        assert Review(library).settle()[:3] == (2, 0, 1)
