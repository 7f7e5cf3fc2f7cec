"""Library and mirror are asked as one, and the library's word stands before."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.edge.holdings import SORTS, Holdings, open_holdings
from assay.edge.index import open_index
from assay.edge.mirror_generation import make_generation, switch_generation
from assay.edge.mirror_index_writer import open_mirror_index_writer
from assay.edge.store import open_library
from assay.errors import StoreError
from assay.library.boolean import parse_search
from assay.library.searchable import searchable_document
from assay.record import Correction, Record
from tests import mirror_files

FIRST = 90_000_000
FILE = "pubmed26n0001.xml.gz"


def record(number, title, source="pubmed", **parts):
    return Record(source=source, pmid=str(FIRST + number), title=title, **parts)


def mirror(folder, *records, name="mixed", file=FILE):
    """Make a mirror of records' numbers and titles, with its index."""
    generation = make_generation(folder, name, lambda: b"")
    rows = [
        mirror_files.record(
            at, int(one.pmid), words=one.title, of=int(one.corrections[0].pmid)
        )
        if one.corrections
        else mirror_files.record(at, int(one.pmid), words=one.title)
        for at, one in enumerate(records)
    ]
    outcome = mirror_files.load(generation, file, rows)
    documents = (
        (int(one.pmid), json.dumps(searchable_document(one)).encode())
        for one in records
    )
    with open_mirror_index_writer(generation) as writer:
        writer.apply(documents, outcome.gone, outcome.load)
    return generation


def add(library, *records):
    library.add(records, source="pubmed", query="q", when=mirror_files.WHEN)


@pytest.fixture
def library(tmp_path):
    with open_library(tmp_path, starter=False) as opened:
        yield opened


def numbers(hits):
    return [int(hit.key.removeprefix("pmid:")) - FIRST for hit in hits]


def asked(holdings, text, **more):
    hits, count = holdings.search(parse_search(text).tree, **more)
    return numbers(hits), count


def test_without_a_mirror_the_holdings_answer_as_the_library_s_index(library, tmp_path):
    records = [record(n, "tea " * (n % 3 + 1)) for n in range(20)]
    add(library, *records)
    index = open_index(tmp_path, library)
    with open_holdings(tmp_path, library) as holdings:
        assert holdings.find([["tea"]], limit=7) == index.find([["tea"]], limit=7)
        assert holdings.find_alike("a tea", 7) == index.find_alike("a tea", 7)
        assert holdings.find_text("tea", 7) == index.find_text("tea", 7)
        tree = parse_search("tea").tree
        assert holdings.search(tree, limit=7) == index.search(tree, limit=7)
        assert (
            holdings.search(tree, limit=7, start=5)[0]
            == (index.search(tree, limit=12)[0][5:])
        )
        assert (holdings.count(), holdings.mirror) == (20, None)


def test_both_are_found_read_and_counted_as_one(library, tmp_path):
    mirror(tmp_path, record(1, "tea"), record(2, "tea cup"))
    add(library, record(3, "tea", source="europepmc"))
    with open_holdings(tmp_path, library) as holdings:
        assert asked(holdings, "tea", sort="added") == ([3, 2, 1], 3)
        assert sorted(numbers(holdings.find([["tea"]]))) == [1, 2, 3]
        assert sorted(numbers(holdings.find_alike("Of tea."))) == [1, 2, 3]
        assert sorted(numbers(holdings.find_text("tea NOT cup"))) == [1, 3]
        assert holdings.get(f"pmid:{FIRST + 2}").title == "On tea cup"
        assert holdings.get(f"pmid:{FIRST + 3}").source == "europepmc"
        assert holdings.get("pmid:1") is None
        assert holdings.count() == 3


def test_a_record_in_both_is_found_by_the_library_s_words_alone(library, tmp_path):
    add(library, record(1, "cup"), record(2, "tea pot"))
    mirror(tmp_path, record(1, "tea"), record(2, "tea"), record(3, "tea"))
    with open_holdings(tmp_path, library) as holdings:
        assert asked(holdings, "tea", sort="added") == ([3, 2], 2)
        assert asked(holdings, "cup") == ([1], 1)
        assert numbers(holdings.find_alike("cup")) == [1]
        assert holdings.get(f"pmid:{FIRST + 1}").title == "cup"
        assert holdings.count() == 3
        add(library, record(3, "pot"))
        assert asked(holdings, "tea") == ([2], 1)


def test_scores_of_both_are_comparable(library, tmp_path):
    """A word that is rare in PubMed weighs as much in a library that is full of it."""
    add(library, *(record(n, "lunaroot tea") for n in range(5)), record(9, "tea"))
    rest = (record(n, "a bridge") for n in range(300, 400))
    mirror(tmp_path, record(20, "lunaroot tea"), record(21, "lunaroot"), *rest)
    with open_holdings(tmp_path, library) as holdings:
        hits = holdings.find_alike("lunaroot tea")
        scores = {
            number: hit.score for number, hit in zip(numbers(hits), hits, strict=True)
        }
        assert scores[0] == pytest.approx(scores[20], rel=0.3)
        assert min(scores, key=scores.get) == 9


def test_a_mirror_that_comes_to_be_or_is_replaced_is_seen_at_once(library, tmp_path):
    with open_holdings(tmp_path, library) as holdings:
        assert asked(holdings, "tea") == ([], 0)
        mirror(tmp_path, record(1, "tea"))
        assert asked(holdings, "tea") == ([1], 1)
        mirror(tmp_path, record(2, "tea"), name="2027", file="pubmed27n0001.xml.gz")
        assert asked(holdings, "tea") == ([1], 1)
        assert switch_generation(tmp_path, "2027") is None
        assert asked(holdings, "tea") == ([2], 1)
        assert holdings.get(f"pmid:{FIRST + 1}") is None


def test_a_mirror_that_is_there_no_longer_is_an_error_until_there_is_one(
    library, tmp_path
):
    mirror(tmp_path, record(1, "tea"))
    with open_holdings(tmp_path, library) as holdings:
        assert asked(holdings, "tea") == ([1], 1)
        (tmp_path / "pubmed").rename(tmp_path / "away")
        for ask in (lambda: asked(holdings, "tea"), holdings.count):
            with pytest.raises(StoreError, match="is there no longer"):
                ask()
        assert holdings.get(f"pmid:{FIRST + 1}")
        mirror(tmp_path, record(2, "tea"))
        assert asked(holdings, "tea") == ([2], 1)


TITLES = st.sampled_from(["tea", "tea cup", "cup", "tea tea cup", "pot of tea"])


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return lambda: tmp_path_factory.mktemp("holdings")


@settings(max_examples=4, deadline=None)
@given(
    st.dictionaries(st.integers(0, 30), TITLES),
    st.dictionaries(st.integers(0, 30), TITLES, min_size=1),
    st.sampled_from(SORTS),
)
def test_pages_joined_are_the_whole_each_record_once(folders, own, more, sort):
    folder = folders()
    with open_library(folder, starter=False) as library:
        add(library, *(record(n, title) for n, title in own.items()))
        mirror(folder, *(record(n, title) for n, title in more.items()))
        with Holdings(folder, library) as holdings:
            for text in ("tea", "tea NOT cup", "pubmed[sb] OR 2026[dp]"):
                whole, count = asked(holdings, text, sort=sort)
                assert len(whole) == len(set(whole)) == count
                if text != "pubmed[sb] OR 2026[dp]":
                    both = {**more, **own}
                    words = {n: title.split() for n, title in both.items()}
                    assert set(whole) == {
                        n
                        for n in both
                        if "tea" in words[n]
                        and not ("NOT" in text and "cup" in words[n])
                    }
                pages = [
                    asked(holdings, text, sort=sort, start=at, limit=4)
                    for at in range(0, count + 1, 4)
                ]
                assert [n for page, _ in pages for n in page] == whole
                assert {total for _, total in pages} == {count}


def marks(holdings, number):
    found = holdings.get(f"pmid:{FIRST + number}")
    return [(link.ref_type, link.pmid) for link in found.corrections]


@pytest.mark.parametrize("first", ["library", "mirror"])
def test_a_work_is_retracted_where_its_notice_alone_says_so(library, tmp_path, first):
    work, other = record(1, "tea"), record(3, "cup")
    link = Correction("RetractionOf", pmid=work.pmid)
    notice = record(2, "a word of its own", corrections=(link,))
    told = [("RetractionIn", notice.pmid)]
    if first == "library":
        add(library, notice)
        mirror(tmp_path, work, other)
    else:
        add(library, work, other)
        mirror(tmp_path, notice)
    with open_holdings(tmp_path, library) as holdings:
        assert marks(holdings, 1) == told
        assert marks(holdings, 3) == []


def test_a_notice_that_comes_later_is_heard_and_nothing_is_told_twice(
    library, tmp_path
):
    own = Correction("RetractionIn", "J Invent Results. 2026", "90000009")
    work, known = record(1, "tea"), record(2, "cup", corrections=(own,))
    add(library, work, known)
    with open_holdings(tmp_path, library) as holdings:
        assert marks(holdings, 1) == []
        links = tuple(Correction("RetractionOf", pmid=w.pmid) for w in (work, known))
        add(library, record(3, "notice", corrections=(*links, links[0])))
        assert marks(holdings, 1) == [("RetractionIn", str(FIRST + 3))]
        assert marks(holdings, 2) == [("RetractionIn", "90000009")]
        mirror(tmp_path, record(4, "notice", corrections=links))
        assert marks(holdings, 1) == [
            ("RetractionIn", str(FIRST + 3)), ("RetractionIn", str(FIRST + 4)),
        ]  # fmt: skip
