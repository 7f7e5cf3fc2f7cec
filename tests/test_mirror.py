"""The mirror of PubMed: loaded in any order, killed anywhere, read all the while."""

import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.edge.mirror import Mirror, open_mirror
from assay.edge.mirror_documents import read_documents
from assay.edge.mirror_load import load_partition
from assay.edge.mirror_names import sort_in_names
from assay.edge.mirror_verify import verify_store
from assay.errors import StoreError
from tests.mirror_files import (
    WHEN,
    article,
    load,
    make_mirror,
    partition,
    place,
    record,
    withdrawal,
)

SRC = Path(__file__).parent.parent / "src"
FIRST = "pubmed26n0001.xml.gz"
SECOND = "pubmed26n0002.xml.gz"
PMID = 90_000_001


def test_without_files_of_nlm_there_is_no_mirror(tmp_path):
    assert open_mirror(tmp_path) is None


def test_a_record_comes_back_as_nlm_wrote_it(tmp_path):
    make_mirror(tmp_path, (FIRST, [record(0, PMID), record(1, PMID + 5)]))
    with open_mirror(tmp_path) as mirror:
        assert mirror.xml(PMID) == article(PMID)
        assert mirror.xml(PMID + 1) is None
        asked = (PMID + 5, 7, PMID)
        assert [pmid for pmid, _ in mirror.xmls(asked)] == [PMID + 5, PMID]
        assert list(mirror.pmids()) == [PMID, PMID + 5]
        assert [r.pmid for r in mirror.records()] == [str(PMID), str(PMID + 5)]
        assert (mirror.count(), mirror.loads()) == (2, 1)


def test_it_tells_what_was_loaded_and_which_file_gave_a_record(tmp_path):
    make_mirror(tmp_path, (SECOND, [record(0, PMID)]), (FIRST, [withdrawal(0, 7)]))
    with open_mirror(tmp_path) as mirror:
        first, second = mirror.files()
        assert (first.file.name, first.load, first.withdrawn) == (FIRST, 2, 1)
        assert (second.file.name, second.load, second.records) == (SECOND, 1, 1)
        assert mirror.origin(PMID) == second
        assert mirror.origin(7) is None


def test_a_record_is_found_by_its_doi_as_long_as_it_has_it(tmp_path):
    make_mirror(tmp_path, (FIRST, [record(0, PMID, doi="10.99999/a")]))
    with open_mirror(tmp_path) as mirror:
        assert mirror.get("doi:10.99999/a").pmid == str(PMID)
        assert mirror.get(f"pmid:{PMID}").doi == "10.99999/a"
        load(mirror.generation, SECOND, [record(0, PMID, doi="10.99999/b")])
        assert mirror.get("doi:10.99999/a") is None
        assert mirror.get("doi:10.99999/b").pmid == str(PMID)
        assert mirror.get("pmcid:PMC9") is None
        assert mirror.get("starter:x") is None


def test_of_records_with_one_doi_the_lowest_pmid_is_meant(tmp_path):
    rows = [record(n, PMID + 3 - n, doi="10.99999/a") for n in range(3)]
    make_mirror(tmp_path, (FIRST, rows))
    with open_mirror(tmp_path) as mirror:
        assert mirror.get("doi:10.99999/a").pmid == str(PMID + 1)


def test_names_are_found_before_and_after_they_are_sorted_in(tmp_path):
    rows = [record(n, PMID + n, doi=f"10.99999/{n}") for n in range(9)]
    generation = make_mirror(tmp_path, (FIRST, rows[:5]), (SECOND, rows[5:]))
    with open_mirror(tmp_path) as mirror:
        for most in (9, 8):
            db = sqlite3.connect(generation / "pubmed.db", isolation_level=None)
            sort_in_names(db, most)
            left = db.execute("SELECT count(*) FROM new_names").fetchone()[0]
            db.close()
            assert left == (9 if most == 9 else 0)
            assert mirror.get("doi:10.99999/7").pmid == str(PMID + 7)
        again = "pubmed26n0003.xml.gz"
        load(generation, again, rows[:1])
        assert mirror.candidates("doi:10.99999/0") == (PMID,)


# --- the order of loading


class Oracle:
    """All copies ever given, and the rule read out over them."""

    def __init__(self, files):
        self.copies, self.withdrawn = [], []
        for name, rows in files:
            for row in rows:
                at = place(name, row.position)
                if row.withdrawn:
                    self.withdrawn.append((row.pmid, at))
                else:
                    self.copies.append((row.pmid, row.version, at, row.value))

    def standing(self):
        best = {}
        for pmid, version, at, value in self.copies:
            if any(p == pmid and at < gone for p, gone in self.withdrawn):
                continue
            if pmid not in best or (version, at) > best[pmid][:2]:
                best[pmid] = version, at, value
        return best


def dump(generation):
    """Return all that a store holds but the order of its loads."""
    db = sqlite3.connect(generation / "pubmed.db")
    try:
        tables = [
            db.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall()
            for name in ("records", "spares", "withdrawals", "meta")
        ]
        sql = "SELECT name, md5, records, withdrawn FROM files ORDER BY 1"
        return [*tables, db.execute(sql).fetchall()]
    finally:
        db.close()


SOME = st.tuples(st.integers(1, 4), st.integers(1, 3), st.sampled_from("rrrw"))
FILES = st.lists(st.lists(SOME, max_size=6), min_size=1, max_size=4)


def make_rows(drawn):
    return [
        withdrawal(at, pmid)
        if kind == "w"
        else record(at, pmid, version, words=f"copy{at}", doi=f"10.99999/{version}")
        for at, (pmid, version, kind) in enumerate(drawn)
    ]


def check_orders(make_folder, drawn, seed):
    """Load files in two orders, some twice, with an index that follows the second."""
    files = [
        (f"pubmed26n{number:04}.xml.gz", make_rows(rows))
        for number, rows in enumerate(drawn, 1)
    ]
    one = make_mirror(make_folder("one"), *files)
    other, chance, index = make_mirror(make_folder("other")), random.Random(seed), {}
    for name, rows in chance.sample(files, len(files)):
        for _ in range(chance.choice((1, 1, 2))):  # the second time as after a kill
            outcome = load(other, name, rows)
            told = partition(name, rows)
            index |= read_documents(other, told, rows, outcome)
            for pmid in outcome.gone:
                index.pop(pmid, None)
    held = dump(other)
    assert dump(one) == held
    assert {row[0]: row[1:] for row in held[0]} == Oracle(files).standing()
    assert list(verify_store(other)) == []
    with Mirror(other) as mirror:
        titles = {int(r.pmid): r.title.split()[-1] for r in mirror.records()}
    shown = {pmid: json.loads(document)["title"][0] for pmid, document in index.items()}
    assert {pmid: title.split()[-1] for pmid, title in shown.items()} == titles


@given(drawn=FILES, seed=st.integers(0, 999))
@settings(max_examples=8, deadline=None)
def test_the_order_of_loading_never_matters(tmp_path_factory, drawn, seed):
    check_orders(tmp_path_factory.mktemp, drawn, seed)


@pytest.mark.long
@given(drawn=FILES, seed=st.integers(0, 999))
@settings(max_examples=500, deadline=None)
def test_the_order_of_loading_never_matters_at_length(tmp_path_factory, drawn, seed):
    check_orders(tmp_path_factory.mktemp, drawn, seed)


def test_a_higher_version_stands_and_a_withdrawal_brings_the_lower_one_up(tmp_path):
    third = "pubmed26n0003.xml.gz"
    generation = make_mirror(
        tmp_path,
        (FIRST, [record(0, PMID, version=2, words="second")]),
        (third, [record(0, PMID, version=1, words="first")]),
    )
    with Mirror(generation) as mirror:
        assert mirror.get(f"pmid:{PMID}").title == "On second"
        rows = [withdrawal(0, PMID)]
        outcome = load(generation, SECOND, rows)
        assert (outcome.written, outcome.gone) == ((PMID,), ())
        assert mirror.get(f"pmid:{PMID}").title == "On first"
        told = partition(SECOND, rows)
        ((_, document),) = read_documents(generation, told, rows, outcome)
        assert b"first" in document


def test_a_load_says_what_was_written_and_what_is_gone(tmp_path):
    generation = make_mirror(tmp_path, (FIRST, [record(0, 1), record(1, 2)]))
    rows = [record(0, 3), record(1, 1, words="more"), withdrawal(2, 2)]
    assert load(generation, SECOND, rows) == (2, (1, 3), (2,))
    assert load(generation, SECOND, rows) == (2, (1, 3), (2,))


# --- what is refused


def test_a_file_that_nlm_gave_out_anew_is_refused(tmp_path):
    generation = make_mirror(tmp_path, (FIRST, [record(0, 1)]))
    with pytest.raises(StoreError, match="with other content"):
        load(generation, FIRST, [record(0, 1), record(1, 2)])


def test_values_of_another_dictionary_are_refused(tmp_path):
    generation = make_mirror(tmp_path)
    rows = [record(0, 1)]
    told = partition(FIRST, rows)._replace(dictionary="ab" * 32)
    with pytest.raises(StoreError, match="packed for another mirror"):
        load_partition(generation, told, rows, WHEN)


def test_a_load_that_breaks_off_changes_nothing(tmp_path):
    generation = make_mirror(tmp_path, (FIRST, [record(0, 1)]))
    before = dump(generation)

    def rows():
        yield from (record(n, n + 1) for n in range(5000))
        raise StoreError("the partition is damaged")

    with pytest.raises(StoreError, match="is damaged"):
        load_partition(generation, partition(SECOND, []), rows(), WHEN)
    assert dump(generation) == before


# --- kills


WRITER = """
import sys
from pathlib import Path
from tests.mirror_files import load, record
for number in range(int(sys.argv[2]), 10_000):
    rows = [record(n, n * 3 + number % 7, words=f"w{number}") for n in range(200)]
    load(Path(sys.argv[1]), f"pubmed26n{number:04}.xml.gz", rows)
    print(number, flush=True)
"""


def kill_many_times(folder, times, seed):
    """Kill loaders at random moments; each goes on behind what was loaded."""
    generation = make_mirror(folder)
    moments, first = random.Random(seed), 1
    root = Path(__file__).parent.parent
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(SRC), str(root)))}
    with open_mirror(folder) as reader:
        for _ in range(times):
            process = subprocess.Popen(
                [sys.executable, "-c", WRITER, generation, str(first)],
                stdout=subprocess.PIPE,
                env=environment,
                text=True,
            )
            process.stdout.readline()
            time.sleep(moments.uniform(0.0, 0.1))
            process.kill()
            told = process.communicate()[0].rpartition("\n")[0].split()
            loads = reader.loads()
            assert loads >= int(told[-1] if told else first)
            first = loads + 1
            assert list(verify_store(generation)) == []
            newest = f"w{loads}"
            assert sum(r.title.endswith(newest) for r in reader.records()) == 200


def test_two_kills_lose_nothing_that_was_loaded(tmp_path):
    kill_many_times(tmp_path, 2, seed=3)


@pytest.mark.long
def test_thirty_kills_lose_nothing_that_was_loaded(tmp_path):
    kill_many_times(tmp_path, 30, seed=30)


# --- readers


def test_readers_neither_wait_nor_fail_while_files_are_loaded(tmp_path):
    generation = make_mirror(tmp_path, (FIRST, [record(n, n) for n in range(1, 60)]))
    loaded, errors, seen = threading.Event(), [], []

    def read(mirror):
        try:
            while not loaded.is_set() or not seen:
                assert mirror.xml(7) is not None
                assert mirror.count() == len(list(mirror.pmids()))
                seen.append(mirror.loads())
        except Exception as error:
            errors.append(error)

    with open_mirror(tmp_path) as mirror:
        threads = [threading.Thread(target=read, args=(mirror,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for number in range(2, 8):
            rows = [record(n, n, words="anew") for n in range(1, 60)]
            load(generation, f"pubmed26n{number:04}.xml.gz", rows)
        loaded.set()
        for thread in threads:
            thread.join()
        assert not errors
        assert mirror.loads() == 7


def test_a_reader_is_there_while_the_log_of_a_killed_loader_lies_about(tmp_path):
    generation = make_mirror(tmp_path, (FIRST, [record(0, PMID)]))
    code = f"""
import os, sqlite3
db = sqlite3.connect({str(generation / "pubmed.db")!r})
db.execute("UPDATE records SET version = 9")
db.commit()
db.execute("UPDATE records SET version = 10")
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
    assert (generation / "pubmed.db-wal").stat().st_size
    with open_mirror(tmp_path) as mirror:
        assert mirror.xml(PMID) == article(PMID)
    db = sqlite3.connect(generation / "pubmed.db")
    assert db.execute("SELECT version FROM records").fetchall() == [(9,)]
    db.close()


# --- damage


def test_a_record_with_a_flipped_byte_is_named_and_not_given(tmp_path):
    rows = [record(n, PMID + n) for n in range(3)]
    generation = make_mirror(tmp_path, (FIRST, rows))
    db = sqlite3.connect(generation / "pubmed.db")
    (value,) = db.execute(
        "SELECT value FROM records WHERE pmid = ?", (PMID,)
    ).fetchone()
    bad = value[:-9] + bytes((value[-9] ^ 1,)) + value[-8:]
    db.execute("UPDATE records SET value = ? WHERE pmid = ?", (bad, PMID))
    db.commit()
    db.close()
    with open_mirror(tmp_path) as mirror:
        assert mirror.xml(PMID + 1) == article(PMID + 1)
        with pytest.raises(StoreError, match=f"PMID {PMID} is damaged"):
            mirror.xml(PMID)
    (problem,) = verify_store(generation)
    assert str(PMID) in problem.where


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE meta SET value = 7 WHERE name = 'records'", "counts 7"),
        ("DELETE FROM new_names", "not found as doi:10.99999/a"),
        (f"UPDATE records SET pmid = 5 WHERE pmid = {PMID}", f"PMID {PMID}"),
        (f"INSERT INTO withdrawals VALUES ({PMID}, 1 << 62)", "were withdrawn"),
        (f"INSERT INTO spares VALUES ({PMID}, 3, 1 << 62, '')", "less than they"),
        (f"INSERT INTO spares VALUES ({PMID}, 0, 1 << 62, x'78')", "is damaged"),
    ],
)
def test_what_does_not_agree_is_found(tmp_path, sql, told):
    rows = [record(0, PMID, doi="10.99999/a")]
    generation = make_mirror(tmp_path, (FIRST, rows))
    db = sqlite3.connect(generation / "pubmed.db")
    db.execute(sql)
    db.commit()
    db.close()
    assert any(told in problem.what for problem in verify_store(generation))


def spoil_version(generation):
    db = sqlite3.connect(generation / "pubmed.db")
    db.execute("PRAGMA user_version = 99")
    db.close()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda g: (g / "pubmed.db").unlink(), "lacks its file"),
        (lambda g: (g / "dictionary").unlink(), "lacks its file"),
        (lambda g: (g / "dictionary").write_bytes(b"x"), "is damaged"),
        (lambda g: (g / "pubmed.db").write_bytes(b"x" * 9999), "or it is damaged"),
        (lambda g: (g / "pubmed.db").write_bytes(b""), "is no mirror"),
        (spoil_version, "newer assay"),
        (lambda g: (g.parent / "current.json").write_text("{"), "is damaged"),
        (
            lambda g: (g.parent / "current.json").write_text(
                '{"format": 1, "generation": "../../x"}'
            ),
            "is damaged",
        ),
    ],
)
def test_damage_is_one_plain_sentence(tmp_path, spoil, told):
    generation = make_mirror(tmp_path, (FIRST, [record(0, PMID)]))
    spoil(generation)
    with pytest.raises(StoreError, match=told):
        open_mirror(tmp_path)
