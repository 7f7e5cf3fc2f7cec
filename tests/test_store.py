"""The library keeps what it was given: through merges, crashes and bad files."""

import sqlite3
import threading

import pytest

from assay.edge import store_file
from assay.edge.packaged import STARTER
from assay.edge.store import BATCH, Added, Library, open_library
from assay.errors import StoreError
from assay.record import Identifier, Record, Section, Summary

WHEN = "2026-11-22T10:00:00Z"


def record(number, **parts):
    return Record(source="pubmed", pmid=str(90_000_000 + number), **parts)


def add(library, *records, query="tea", when=WHEN):
    return library.add(records, source="pubmed", query=query, when=when)


@pytest.fixture
def library(tmp_path):
    with open_library(tmp_path, starter=False) as opened:
        yield opened


def test_a_record_comes_back_by_each_of_its_identifiers(library):
    tea = record(1, doi="10.99999/tea", pmcid="PMC9000001", title="Tea")
    assert add(library, tea) == Added(new=1)
    assert library.get("pmid:90000001") == tea
    assert library.find(pmid="90000001") == tea
    assert library.find(doi="10.99999/TEA") == tea
    assert library.find(pmcid="pmc9000001") == tea
    assert library.find(pmid="90000002") is None
    assert library.find() is None


def test_an_unchanged_record_does_not_move(library):
    add(library, record(1, title="Tea"), record(2))
    before = library.last_seq()
    added = add(library, record(1, title="Tea"), when="2026-12-01T00:00:00Z")
    assert added == Added(unchanged=1)
    assert library.last_seq() == before
    assert library.origins() == (("pubmed", 2, "2026-12-01"),)


def test_a_changed_record_moves_to_the_end(library):
    add(library, record(1, title="Tea"), record(2))
    assert add(library, record(1, title="Tea and sleep")) == Added(changed=1)
    assert [c.key for c in library.since(2)] == ["pmid:90000001"]
    assert [r.pmid for r in library.records()] == ["90000002", "90000001"]


def test_every_search_that_found_a_record_is_remembered(library):
    add(library, record(1), query="tea")
    add(library, record(1), query="coffee", when="2026-11-23T00:00:00Z")
    add(library, record(1), query="tea", when="2026-11-24T00:00:00Z")
    assert [tuple(p) for p in library.provenance("pmid:90000001")] == [
        ("pubmed", "tea", WHEN, "2026-11-24T00:00:00Z"),
        ("pubmed", "coffee", "2026-11-23T00:00:00Z", "2026-11-23T00:00:00Z"),
    ]


def test_two_rows_become_one_when_a_record_names_both(library):
    by_doi = Record(source="crossref", doi="10.99999/tea", title="Tea")
    add(library, by_doi, record(1), query="apart")
    assert add(library, record(1, doi="10.99999/tea"), query="joined").changed == 1
    assert library.count() == 1
    assert library.find(doi="10.99999/tea").pmid == "90000001"
    assert library.find(doi="10.99999/tea").title == "Tea"
    assert {p.query for p in library.provenance("pmid:90000001")} == {"apart", "joined"}
    changes = list(library.since(0))
    assert [c.record is None for c in changes] == [True, False]
    assert len({c.id for c in changes}) == 2


def test_rows_that_went_are_never_confused_with_new_ones(library):
    add(library, record(1), Record(source="x", doi="10.99999/a"))
    add(library, record(1, doi="10.99999/a"))  # the second row goes
    add(library, record(2))
    ids = [change.id for change in library.since(0)]
    assert len(ids) == len(set(ids)) == 3


def test_contradicting_pmids_stay_apart_and_say_so(library):
    added = add(library, record(1, doi="10.99999/x"), record(2, doi="10.99999/x"))
    assert (added.new, library.count()) == (2, 2)
    assert "90000001" in added.problems[0].what
    assert "10.99999/x" in added.problems[0].what
    assert library.find(doi="10.99999/x").pmid == "90000001"
    assert library.find(pmid="90000002").doi == "10.99999/x"


def test_a_record_without_any_identifier_is_kept_once(library):
    plain = Record(source="x", title="Tea")
    assert add(library, plain, plain, Record(source="x", title="Tea!")).new == 2


def test_what_came_before_a_failure_is_kept(library):
    def failing():
        yield from (record(n) for n in range(BATCH + 7))
        raise ConnectionError("the line went dead")

    with pytest.raises(ConnectionError):
        library.add(failing(), source="pubmed", query="q", when=WHEN)
    assert library.count() == BATCH + 7


def test_since_reads_more_than_a_page_in_order(library, monkeypatch):
    monkeypatch.setattr("assay.edge.store.PAGE", 3)
    add(library, *map(record, range(10)))
    assert [c.seq for c in library.since(0)] == list(range(1, 11))
    assert [c.seq for c in library.since(8)] == [9, 10]


# --- the starter library --------------------------------------------------------------


def test_the_starter_library_comes_with_the_first_opening(tmp_path):
    with open_library(tmp_path) as library:
        assert library.origins() == (("starter", 142, "2026-11-22"),)
        seq = library.last_seq()
    with open_library(tmp_path) as library:
        assert library.last_seq() == seq


def starter(monkeypatch, *lines):
    data = "\n".join(lines).encode()
    monkeypatch.setattr(
        "assay.edge.store.read_packaged", lambda name: {STARTER: data}[name]
    )


def line(name, doi, text, more=""):
    return (
        f'{{"id": "{name}", "doi": "{doi}", "design": "animal", {more}'
        f'"findings": [{{"text": "{text}"}}], "written_on": "2026-11-22"}}'
    )


def test_a_new_edition_of_the_starter_replaces_the_old_one(tmp_path, monkeypatch):
    starter(monkeypatch, line("a", "10.99999/a", "Old"), line("b", "10.99999/b", "B"))
    with open_library(tmp_path) as library:
        assert library.count() == 2
    starter(monkeypatch, line("a", "10.99999/c", "New"))
    with open_library(tmp_path) as library:
        assert library.count() == 1
        assert library.get("starter:a").summary.sentences == ("New.",)
        assert library.find(doi="10.99999/a") is None
        assert library.find(doi="10.99999/c")


def test_a_fetched_record_outlives_every_edition_of_the_starter(tmp_path, monkeypatch):
    starter(monkeypatch, line("a", "10.99999/a", "Old", '"title": "T",'))
    fetched = record(1, doi="10.99999/a", abstract=(Section("It slept."),))
    with open_library(tmp_path) as library:
        add(library, fetched)
        kept = library.get("starter:a")
        assert (kept.pmid, kept.title, kept.summary) == ("90000001", "T", None)
    starter(monkeypatch, line("a", "10.99999/a", "New"))
    with open_library(tmp_path) as library:
        assert library.get("starter:a") == kept
    starter(monkeypatch, line("z", "10.99999/z", "Other"))
    with open_library(tmp_path) as library:
        assert library.get("pmid:90000001") == kept
        assert library.count() == 2


# --- bad files, and company -----------------------------------------------------------


def test_a_library_of_a_newer_assay_is_refused(tmp_path):
    open_library(tmp_path).close()
    with sqlite3.connect(tmp_path / "records.db") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreError, match="Update assay"):
        open_library(tmp_path)


@pytest.mark.parametrize("damage", ["junk", "cut", "header"])
def test_a_damaged_library_is_reported_and_left_alone(tmp_path, damage):
    with open_library(tmp_path) as library:
        add(library, *map(record, range(300)))
    path = tmp_path / "records.db"
    data = path.read_bytes()
    damaged = {
        "junk": b"not a database at all " * 99,
        "cut": data[: len(data) // 2],
        "header": b"\0" * 64 + data[64:],
    }[damage]
    path.write_bytes(damaged)
    with (
        pytest.raises(StoreError, match=r"leaves it as it is|Update"),
        open_library(tmp_path) as library,
    ):
        list(library.records())
    assert path.read_bytes()[: len(damaged)] == damaged


def test_somebody_elses_database_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / "records.db") as db:
        db.execute("CREATE TABLE mine (x)")
    db.close()
    with pytest.raises(StoreError, match="not a library of assay"):
        open_library(tmp_path)


def test_a_file_in_place_of_the_folder_is_one_plain_sentence(tmp_path):
    (tmp_path / "library").write_text("")
    with pytest.raises(StoreError, match="cannot be made"):
        open_library(tmp_path / "library")


def test_a_library_that_may_not_be_written_says_so(library):
    library._db.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreError, match="may not be written"):
        add(library, record(1))


def test_a_full_disk_says_so_and_keeps_what_was_there(library):
    add(library, record(1))
    pages = library._db.execute("PRAGMA page_count").fetchone()[0]
    library._db.execute(f"PRAGMA max_page_count = {pages}")
    big = record(2, abstract=tuple(Section(f"{n} {n * n} {n**3}") for n in range(9999)))
    with pytest.raises(StoreError, match="disk is full"):
        add(library, big)
    assert [r.pmid for r in library.records()] == ["90000001"]
    assert add(library, record(1)) == Added(unchanged=1)


def test_a_lock_that_is_never_given_back_is_reported(library, monkeypatch, tmp_path):
    monkeypatch.setattr(store_file, "LOCK_WAIT_S", 0.05)
    library._db.execute("BEGIN IMMEDIATE")
    with (
        open_library(tmp_path, starter=False) as other,
        pytest.raises(StoreError, match="Another assay keeps it locked"),
    ):
        add(other, record(1))


def test_two_writers_at_once_lose_nothing(tmp_path):
    def write(first):
        with open_library(tmp_path) as library:
            for number in range(first, first + 60, 3):
                add(library, *(record(n) for n in range(number, number + 3)))

    threads = [threading.Thread(target=write, args=(n,)) for n in (0, 30, 1000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_library(tmp_path) as library:
        changes = list(library.since(0))
        assert library.count() == 142 + 90 + 60
    assert len({c.seq for c in changes}) == len(changes)


def test_a_summary_survives_storage(library):
    ours = Record(
        source="starter",
        identifiers=(Identifier("starter", "a"),),
        summary=Summary(sentences=("A.",), written_by="us", written_on="2026-01-01"),
    )
    add(library, ours)
    assert library.get("starter:a") == ours
    assert isinstance(library, Library)
