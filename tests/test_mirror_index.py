"""The mirror's index: one commit a load, read while it grows, mended when damaged."""

import errno
import json
import os
import random
from contextlib import suppress
from multiprocessing import get_context

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.edge import mirror_index_writer
from assay.edge.mirror_index import open_mirror_index
from assay.edge.mirror_index_file import (
    CURRENT,
    FOLDER,
    explained,
    verify_mirror_index,
)
from assay.edge.mirror_index_writer import (
    open_mirror_index_writer,
    rebuild_mirror_index,
)
from assay.errors import StoreError
from assay.library.boolean import parse_search
from assay.library.searchable import searchable_document
from assay.record import Author, Record
from tests.spoil import put

FIRST = 90_000_000


def record(number, title="tea", year=2026, author="Roe", journal="J Invent"):
    return Record(
        source="pubmed",
        pmid=str(FIRST + number),
        title=title,
        year=year,
        authors=(Author(author, "", "J"),) if author else (),
        journal=journal,
    )


def documents(*records):
    return [
        (int(one.pmid), json.dumps(searchable_document(one)).encode())
        for one in records
    ]


def apply(generation, load, *records, gone=()):
    with open_mirror_index_writer(generation) as writer:
        writer.apply(documents(*records), [FIRST + n for n in gone], load)


def found(index, text, **more):
    page = index.search(parse_search(text).tree, **more)
    return [-each.newest - FIRST for each in page.placed], page.total


# --- writing --------------------------------------------------------------------------


def test_a_load_is_seen_when_it_is_committed_and_by_who_reads_already(tmp_path):
    apply(tmp_path, 1, record(1), record(2, "tea cup"))
    index = open_mirror_index(tmp_path)
    assert found(index, "tea") == ([1, 2], 2)
    assert (index.load(), index.count()) == (1, 2)
    apply(tmp_path, 2, record(3, "cup"), record(1, "cup"), gone=[2])
    assert found(index, "cup") == ([3, 1], 2)
    assert found(index, "tea") == ([], 0)
    assert (index.load(), list(index.pmids())) == (2, [FIRST + 1, FIRST + 3])


def test_the_same_load_twice_does_no_harm(tmp_path):
    for _ in range(2):
        apply(tmp_path, 1, record(1), record(2))
    assert list(open_mirror_index(tmp_path).pmids()) == [FIRST + 1, FIRST + 2]


def test_a_load_that_fails_in_the_middle_leaves_nothing(tmp_path):
    apply(tmp_path, 1, record(1))
    damaged = [*documents(record(2)), (FIRST + 3, b"{")]
    with open_mirror_index_writer(tmp_path) as writer:
        with pytest.raises(StoreError, match="cannot be used"):
            writer.apply(damaged, [FIRST + 1], 2)
        assert writer.load() == 1
        writer.apply(documents(record(4)), [], 2)
    assert list(open_mirror_index(tmp_path).pmids()) == [FIRST + 1, FIRST + 4]


def test_a_disk_that_is_full_is_called_so(tmp_path, monkeypatch):
    def full(**_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    with pytest.raises(StoreError) as told, explained(tmp_path):
        raise ValueError("An index writer was killed.. A worker thread panicked.")
    assert "No space left" in str(told.value)
    assert "--repair" not in str(told.value)


def test_a_kill_between_commit_and_note_only_repeats_the_load(tmp_path, monkeypatch):
    apply(tmp_path, 1, record(1))

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(mirror_index_writer, "write_standing", killed)
        with pytest.raises(KeyboardInterrupt):
            apply(tmp_path, 2, record(2))
    assert open_mirror_index(tmp_path).load() == 1
    apply(tmp_path, 2, record(2))
    assert list(open_mirror_index(tmp_path).pmids()) == [FIRST + 1, FIRST + 2]


def test_only_one_may_write(tmp_path):
    with (
        open_mirror_index_writer(tmp_path),
        pytest.raises(StoreError, match="Another assay writes"),
        open_mirror_index_writer(tmp_path),
    ):
        pass


loads = st.lists(
    st.tuples(
        st.lists(st.integers(0, 9), unique=True),
        st.lists(st.integers(0, 9), unique=True),
    ),
    max_size=5,
)


@settings(max_examples=5, deadline=None)
@given(loads)
def test_whatever_is_loaded_the_index_holds_the_last_word(tmp_path_factory, loads):
    folder, held = tmp_path_factory.mktemp("index"), {}
    with open_mirror_index_writer(folder) as writer:
        for load, (written, gone) in enumerate(loads, start=1):
            lost = set(gone) - set(written)
            records = [record(n, f"tea{load}") for n in written]
            writer.apply(documents(*records), [FIRST + n for n in lost], load)
            held |= dict.fromkeys(written, load)
            held = {n: load for n, load in held.items() if n not in lost}
    index = open_mirror_index(folder)
    for load in range(1, len(loads) + 1):
        expected = sorted((n for n in held if held[n] == load), reverse=True)
        assert found(index, f"tea{load}") == (expected, len(expected))


# --- order ----------------------------------------------------------------------------


def test_records_come_in_any_of_pubmed_s_orders_and_every_page_of_them(tmp_path):
    dice = random.Random(7)
    records = [
        record(
            n,
            "tea " * dice.randint(1, 3),
            dice.choice([0, 2024, 2025, 2026]),
            dice.choice(["", "Roe", "Doe"]),
            dice.choice(["", "B", "A"]),
        )
        for n in range(60)
    ]
    for load, part in enumerate((records[:20], records[40:], records[20:40]), 1):
        apply(tmp_path, load, *part)
    index = open_mirror_index(tmp_path)
    last = "\U0010ffff"

    def order(sort):
        key = {
            "added": lambda one: 0,
            "pub_date": lambda one: -(one.year or 0),
            "Author": lambda one: one.authors[0].last_name if one.authors else last,
            "JournalName": lambda one: one.journal or last,
        }[sort]
        ranked = sorted(records, key=lambda one: (key(one), -int(one.pmid)))
        return [int(one.pmid) - FIRST for one in ranked]

    for sort in ("added", "pub_date", "Author", "JournalName"):
        for limit in (1, 7, 59, 60, 100):
            expected = order(sort)[:limit], 60
            assert found(index, "tea", sort=sort, limit=limit) == expected
    whole, _ = found(index, "tea", limit=100)
    for limit in (1, 7, 59, 60):
        assert found(index, "tea", limit=limit) == (whole[:limit], 60)


def test_hits_that_nothing_ranks_stand_newest_first_however_many(tmp_path, monkeypatch):
    monkeypatch.setattr("assay.edge.index_search.ALL_TIED", 10)
    apply(tmp_path, 1, *(record(n) for n in range(0, 40, 2)))
    apply(tmp_path, 2, *(record(n) for n in range(1, 40, 2)))
    index = open_mirror_index(tmp_path)
    assert found(index, "tea", limit=5) == ([39, 38, 37, 36, 35], 40)


@pytest.mark.parametrize("sort", ["relevance", "added"])
@pytest.mark.parametrize("dear", [0, 1_000_000])
def test_records_that_are_left_out_are_neither_found_nor_counted(
    tmp_path, monkeypatch, dear, sort
):
    monkeypatch.setattr("assay.edge.mirror_index.ROWS_FOR_ONE", dear)
    monkeypatch.setattr("assay.edge.mirror_index.MORE", 1)
    apply(tmp_path, 1, *(record(n) for n in range(20)))
    index = open_mirror_index(tmp_path)
    without = frozenset(FIRST + n for n in (*range(5, 20), 77))
    expected = [4, 3, 2], 5
    assert found(index, "tea", limit=3, without=without, sort=sort) == expected
    assert found(index, "cup", without=without) == ([], 0)


# --- making anew ----------------------------------------------------------------------


def test_the_index_is_made_anew_from_the_records_while_the_old_one_is_read(tmp_path):
    apply(tmp_path, 1, record(1))
    index = open_mirror_index(tmp_path)
    told = []

    def records():
        for number in range(5):
            yield record(number, "cup")
            assert found(index, "tea") == ([1], 1)

    assert rebuild_mirror_index(tmp_path, records(), 3, told.append) == 5
    assert (found(index, "cup", limit=2), index.load()) == (([4, 3], 5), 3)
    assert told[-1] == 5
    left = sorted(path.name for path in (tmp_path / FOLDER).iterdir())
    assert len(left) == 2  # the index itself and what names it


def test_a_missing_index_is_told_with_what_mends_it(tmp_path):
    with pytest.raises(StoreError, match=r"lacks its index.*verify --repair"):
        open_mirror_index(tmp_path)
    (problem,) = verify_mirror_index(tmp_path)
    assert "--repair" in problem.what_to_do


@pytest.mark.parametrize("content", ["", "[]", '{"folder": "x", "load": 1}'])
def test_a_spoilt_note_on_the_index_is_told_with_what_mends_it(tmp_path, content):
    apply(tmp_path, 1, record(1))
    (tmp_path / FOLDER / CURRENT).write_text(content)
    with pytest.raises(StoreError, match="verify --repair"):
        open_mirror_index(tmp_path)
    with pytest.raises(StoreError, match="verify --repair"):
        open_mirror_index_writer(tmp_path)
    assert rebuild_mirror_index(tmp_path, [record(1)], 1) == 1
    assert found(open_mirror_index(tmp_path), "tea") == ([1], 1)


def test_another_format_is_told_with_what_mends_it(tmp_path, monkeypatch):
    apply(tmp_path, 1, record(1))
    monkeypatch.setattr("assay.edge.mirror_index_file.MIRROR_FORMAT", 99)
    with pytest.raises(StoreError, match=r"another version of assay.*--repair"):
        open_mirror_index(tmp_path)


def test_damage_anywhere_is_found_and_never_a_traceback(tmp_path):
    apply(tmp_path, 1, *(record(n) for n in range(30)))
    assert not list(verify_mirror_index(tmp_path))
    dice = random.Random(3)
    files = [
        path
        for path in sorted((tmp_path / FOLDER).glob("*/*"))
        if path.suffix not in ("", ".json", ".lock")
    ]
    assert len(files) > 5
    for path in files:
        whole = path.read_bytes()
        at = dice.randrange(len(whole))
        for spoilt in (
            whole[:at],
            whole[:at] + bytes([whole[at] ^ 64]) + whole[at + 1 :],
        ):
            put(path, spoilt)
            (problem,) = verify_mirror_index(tmp_path)
            assert "--repair" in problem.what_to_do
            with suppress(StoreError):  # any other error fails the test
                found(open_mirror_index(tmp_path), "tea")
        put(path, whole)
    assert not list(verify_mirror_index(tmp_path))


# --- reading meanwhile ----------------------------------------------------------------


def read_on(generation, wanted, told):
    """Ask again and again until so many are there; tell every count, or the error."""
    counts = [0]
    try:
        index = open_mirror_index(generation)
        while counts[-1] < wanted:
            hits, total = found(index, "tea", limit=3)
            assert hits == sorted(hits, reverse=True)
            if total != counts[-1]:
                counts.append(total)
    except BaseException as error:  # told, for another process waits for it
        told.put(repr(error))
    else:
        told.put(counts)


@pytest.mark.parametrize(
    ("number_of_readers", "each", "number"),
    [(2, 50, 6), pytest.param(10, 500, 60, marks=pytest.mark.long)],
)
def test_readers_see_every_load_or_none_of_it_and_hold_up_nobody(
    tmp_path, number_of_readers, each, number
):
    apply(tmp_path, 1, *(record(n) for n in range(each)))
    context = get_context("spawn")
    told = context.Queue()
    readers = [
        context.Process(target=read_on, args=(tmp_path, each * number, told))
        for _ in range(number_of_readers)
    ]
    for reader in readers:
        reader.start()
    with open_mirror_index_writer(tmp_path) as writer:
        for load in range(2, number + 1):
            more = (record(n) for n in range(each * (load - 1), each * load))
            writer.apply(documents(*more), [], load)
    for _ in readers:
        counts = told.get(timeout=300)
        assert isinstance(counts, list), counts
        assert counts == sorted(counts)
        assert {count % each for count in counts} == {0}
    for reader in readers:
        reader.join()
