"""cache/state.db: older files are copied first, damaged ones left, kills harmless."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from assay.edge import state_file
from assay.edge.lease import read_holder
from assay.edge.ledger import (
    last_asks,
    next_number,
    read_asks,
    read_digest,
    read_digests,
    read_headings,
    read_marks,
    read_sent,
    write_outcome,
)
from assay.edge.outbox import read_parcels
from assay.edge.runs import read_runs, write_run
from assay.edge.used_works import count_works, read_uses, read_works, write_used
from assay.edge.watch_file import (
    last_weighings,
    read_article_text,
    read_note,
    read_watched,
    read_weighings,
    write_note,
)
from assay.errors import StoreError
from tests import state_sample as sample
from tests.state_world import RUN, SCENARIOS, dump, make_old, take

HERE = Path(__file__).parent
READERS = (
    read_marks,
    read_asks,
    last_asks,
    next_number,
    read_headings,
    read_parcels,
    read_watched,
    last_weighings,
    lambda path: read_sent(path, "tea"),
    lambda path: read_digest(path, 1),
    lambda path: read_digests(path, 5),
    lambda path: tuple(read_works(path)),
    count_works,
    lambda path: read_uses(path, "pmid:90000001"),
    lambda path: read_article_text(path, 1),
    lambda path: read_weighings(path, 1),
    lambda path: read_note(path, "seq"),
    lambda path: read_holder(path, "digest"),
)
WRITERS = (
    take,
    lambda path: write_note(path, "seq", "1"),
    lambda path: write_used(path, sample.outcome().used),
    lambda path: write_outcome(path, sample.outcome(9), lease=None),
    lambda path: write_run(path, RUN),
)


@pytest.fixture
def path(tmp_path):
    (tmp_path / "cache").mkdir()
    return tmp_path / "cache" / "state.db"


def in_world(*words, before=()):
    """Run tests.state_world in a process of its own; return what it tells."""
    done = subprocess.run(
        [*before, sys.executable, "-m", "tests.state_world", *words],
        capture_output=True,
        text=True,
        cwd=HERE.parent,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(("src", "."))},
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_of_an_older_file_nothing_is_read_that_came_later_and_it_stays(path):
    make_old(path)
    before = dump(path)
    first = [read(path.with_name("none.db")) for read in READERS]
    assert [read(path) for read in READERS] == first
    assert len(read_runs(path)) == 3
    assert dump(path) == before
    assert list(path.parent.iterdir()) == [path]


def test_an_older_file_is_copied_before_it_gets_the_new_tables(path):
    make_old(path)
    before = dump(path)
    write_outcome(path, sample.outcome(), lease=None)
    assert dump(path.with_name("state.db.format-1")) == before
    assert len(read_runs(path)) == 3
    assert next_number(path) == 2
    write_note(path, "seq", "1")
    names = sorted(each.name for each in path.parent.iterdir())
    assert names == ["state.db", "state.db.format-1"]


def test_a_new_file_and_an_empty_one_need_no_copy(path):
    path.touch()
    assert read_marks(path) == ()
    write_note(path, "seq", "1")
    assert list(path.parent.iterdir()) == [path]


def test_an_earlier_copy_is_never_overwritten(path):
    copy = path.with_name("state.db.format-1")
    copy.write_bytes(b"of a friend")
    for number, runs in enumerate((3, 4, 4), start=1):
        path.unlink(missing_ok=True)
        make_old(path, runs)
        write_note(path, "seq", str(number))
    assert copy.read_bytes() == b"of a friend"
    copies = sorted(path.parent.glob("*format-1.*"))
    assert [each.name for each in copies] == [
        "state.db.format-1.2",
        "state.db.format-1.3",
    ]
    assert [len(read_runs(each)) for each in copies] == [3, 4]


def test_what_a_killed_copy_left_does_not_stop_the_next(path):
    make_old(path)
    path.with_name("state.db.format-1.part").write_bytes(b"half")
    path.with_name("state.db.format-1.part-journal").write_bytes(b"half")
    write_note(path, "seq", "1")
    assert sorted(each.name for each in path.parent.iterdir()) == [
        "state.db",
        "state.db.format-1",
    ]


def test_no_copy_no_new_format(tmp_path):
    came = in_world("small", str(tmp_path))
    assert "cannot be copied" in came["backup"]
    assert came["backup"].endswith("run it again; nothing was changed.")
    assert came["unchanged"]
    assert came["left"] == ["state.db"]
    assert came["copy"]


def test_a_full_disk_and_a_read_only_one_change_nothing_and_are_told(tmp_path):
    trial = ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", str(tmp_path)]
    if (
        not shutil.which("unshare")
        or subprocess.run(trial, check=False, capture_output=True).returncode
    ):
        pytest.skip("needs a disk of its own, which this system does not allow")
    came = in_world("disk", str(tmp_path), before=("unshare", "-rm"))
    assert came["backup"].endswith(
        "Free some space and run it again; nothing was changed."
    )
    assert came["left"] == ["state.db"]
    assert came["unchanged"] == [True, True, True]
    assert "The disk is full. Free some space" in came["outcome 100000"]
    assert came["lease 100000"] == ""
    assert "may be full" in came["outcome 0"]
    assert "may be full" in came["lease 0"]
    assert "Allow reading and writing there" in came["read-only"]
    assert "Allow reading and writing there" in came["read-only lease"]
    assert came["read"] == [5]


def test_a_file_that_may_grow_no_more_is_left_as_it_was(path, monkeypatch):
    write_outcome(path, sample.outcome(), lease=None)
    before, connect = dump(path), state_file._connect

    def connect_full(place):
        db = connect(place)
        db.execute("PRAGMA max_page_count = 1")  # SQLite sets it to what there is
        return db

    monkeypatch.setattr(state_file, "_connect", connect_full)
    with pytest.raises(StoreError, match=r"The disk is full. Free some space"):
        write_outcome(path, sample.outcome(2, range(2, 300)), lease=None)
    assert dump(path) == before
    assert next_number(path) == 2


def test_a_file_that_may_not_be_written_is_told(path, monkeypatch):
    write_outcome(path, sample.outcome(), lease=None)

    def connect_reading(place):
        address = f"{place.as_uri()}?mode=ro"
        return sqlite3.connect(address, uri=True, isolation_level=None)

    monkeypatch.setattr(state_file, "_connect", connect_reading)
    for write in WRITERS:
        with pytest.raises(StoreError, match=r"It may not be written. Allow writing"):
            write(path)


def spoil_text(path):
    path.write_text("These are my notes, and no database at all.\n" * 30)


def spoil_short_text(path):
    path.write_text("notes")


def spoil_end(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])


def spoil_pages(path):
    content = path.read_bytes()
    rest = len(content) - 8192
    path.write_bytes(content[:8192] + bytes(7 * at % 251 for at in range(rest)))


def spoil_tables(path):
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\xff" * (4096 - 100) + content[4096:])


SPOILERS = (spoil_text, spoil_short_text, spoil_end, spoil_pages, spoil_tables)


@pytest.mark.parametrize("spoil", SPOILERS)
@pytest.mark.parametrize("old", [False, True], ids=["new", "old"])
def test_a_damaged_file_is_refused_with_what_to_do_and_left(path, spoil, old):
    if old:
        make_old(path, 30)
    else:
        write_outcome(path, sample.outcome(1, range(30)), lease=None)
    spoil(path)
    content = path.read_bytes()
    for work in (take, *(WRITERS if old else ())):
        with pytest.raises(StoreError, match=r"(?s)damaged.*Put a copy back, or move"):
            work(path)
    assert path.read_bytes() == content
    left = {each.name for each in path.parent.iterdir()}
    assert left <= {"state.db", "state.db-wal", "state.db-shm"}


def test_who_writes_is_waited_for_and_told_when_that_takes_too_long(path, monkeypatch):
    write_outcome(path, sample.outcome(1, (1,)), lease=None)
    monkeypatch.setattr(state_file, "LOCK_WAIT_S", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        db.execute("DELETE FROM marks")
        for write in WRITERS:
            with pytest.raises(StoreError, match="Another assay keeps it locked"):
                write(path)
        assert read_marks(path) == sample.outcome(1).marks  # reading never waits
        db.execute("ROLLBACK")
    write_outcome(path, sample.outcome(2, (2,)), lease=None)


def test_a_folder_in_its_place_is_told(path):
    path.mkdir()
    for work in (*WRITERS, read_marks):
        with pytest.raises(StoreError, match=r"It is a folder. Move it away"):
            work(path)
    assert path.is_dir()


def test_a_place_that_cannot_be_looked_at_is_not_taken_for_an_empty_one(path):
    far = path.parent / ("x" * 300) / "state.db"
    for read in READERS:
        with pytest.raises(StoreError, match=r"cannot be read .*Allow reading there"):
            read(far)


def test_the_database_of_another_program_is_left(path):
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE songs (name TEXT)")
    content = path.read_bytes()
    for work in (*WRITERS, read_marks):
        with pytest.raises(StoreError, match="not the one of assay's runs"):
            work(path)
    assert path.read_bytes() == content


def test_a_newer_format_is_refused(path):
    write_note(path, "seq", "1")
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 3")
    for work in (*WRITERS, *READERS):
        with pytest.raises(StoreError, match=r"newer assay .format 3, this"):
            work(path)


@pytest.mark.parametrize(
    ("change", "read"),
    [
        ("UPDATE marks SET mark = '{'", read_marks),
        ("UPDATE marks SET mark = '{\"query\": 5}'", read_marks),
        ("UPDATE marks SET mark = CAST(x'ff' AS TEXT)", read_marks),
        ("UPDATE asks SET asked = '[]'", read_asks),
        ("UPDATE digests SET content = x'00'", lambda path: read_digest(path, 1)),
        ("UPDATE digests SET content = 5", lambda path: read_digests(path, 1)),
        ("UPDATE digests SET heading = 'x'", read_headings),
        ("UPDATE works SET content = '{}'", lambda path: list(read_works(path))),
        ("UPDATE works SET standing = x'00'", lambda path: list(read_works(path))),
        ("UPDATE weighings SET content = x'00'", lambda path: read_weighings(path, 1)),
        ("INSERT INTO leases VALUES ('digest', '{}')", take),
        (
            'INSERT INTO leases VALUES (\'digest\', \'{"process":{"host":"x","pid":'
            '1},"token":"x","since":"x","until":"soon","seconds":1}\')',
            take,
        ),
    ],
)
def test_a_row_that_is_damaged_is_told_with_the_file(path, change, read):
    more = {"weighings": (sample.weighing(1),)}
    write_outcome(path, sample.outcome(**more), lease=None)
    with closing(sqlite3.connect(path)) as db:
        db.execute(change)
        db.commit()
    with pytest.raises(StoreError, match=r"state\.db .*Put a copy back") as told:
        read(path)
    assert str(path) in str(told.value)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.long if name == "large" else ())
        for name in SCENARIOS
    ],
)
def test_killed_at_any_statement_it_reads_as_before_or_as_after(tmp_path, name):
    kills = in_world("kill", name, str(tmp_path))
    assert len(kills) > 5
    assert "between" not in kills
    assert kills == sorted(
        kills, key=("before", "after").index
    )  # no way back from after to before


@pytest.mark.parametrize(
    ("kills", "size"), [(4, 5), pytest.param(200, 300, marks=pytest.mark.long)]
)
def test_killed_at_any_moment_all_that_was_told_lies_there_whole(tmp_path, kills, size):
    assert in_world("timed", str(kills), str(size), "8", str(tmp_path)) >= 1


def test_many_at_once_lose_nothing_and_one_wins(tmp_path):
    assert in_world("race", str(tmp_path)) == {
        "winners": 1,
        "told": True,
        "freed": True,
        "runs": 3 + 8,
        "works": 5,
        "uses": 5 * 8,
        "copies": ["state.db.format-1"],
    }


def test_of_digests_run_at_once_each_is_whole_and_none_gets_the_number_of_another(
    tmp_path,
):
    came = in_world("contest", str(tmp_path))
    assert came["won"] + came["lost"] == 50
    assert came["won"] >= 1
    assert came["next"] == came["won"] + 1


def test_a_file_that_another_process_makes_meanwhile_is_never_taken_for_a_foreign_one(
    tmp_path, monkeypatch
):
    """Between looking at the version and looking at the tables, the file is made."""
    path = tmp_path / "state.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")  # as far as the other one has come

    class Slow(sqlite3.Connection):
        def execute(self, sql, *args):
            if "sqlite_master" in sql:
                monkeypatch.undo()
                write_outcome(path, sample.outcome(), lease=None)
            return super().execute(sql, *args)

    real = sqlite3.connect

    def connect(*args, **kwargs):
        return real(*args, **kwargs, factory=Slow)

    monkeypatch.setattr(state_file.sqlite3, "connect", connect)
    assert read_marks(path) == ()
    assert read_marks(path) != ()
