"""Works on cache/state.db in processes that are killed, race, or lack room.

    python -m tests.state_world kill SCENARIO FOLDER
    python -m tests.state_world timed KILLS ITEMS SEED FOLDER
    python -m tests.state_world race|contest FOLDER
    unshare -rm python -m tests.state_world disk FOLDER
    python -m tests.state_world small FOLDER

Prints what came of it as JSON. A process of its own, for it forks.
"""

import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from assay.digest.model import Use
from assay.digest.outcome import Used
from assay.edge import state_file
from assay.edge.lease import hold_lease, read_holder
from assay.edge.ledger import next_number, read_headings, read_marks, write_outcome
from assay.edge.outbox import note_sent, note_unsent
from assay.edge.runs import read_runs, write_run
from assay.edge.used_works import write_used
from assay.edge.watch_file import drop_watched, write_note, write_watched
from assay.errors import StoreError
from assay.search import Query, SearchRun
from tests import state_sample as sample

OLD = (  # cache/state.db as format 1 had it
    """CREATE TABLE runs (id INTEGER PRIMARY KEY AUTOINCREMENT, query TEXT NOT NULL,
        command TEXT NOT NULL, started TEXT NOT NULL, log TEXT NOT NULL)""",
    "CREATE INDEX runs_query ON runs (query)",
    """CREATE TABLE rests (id INTEGER PRIMARY KEY AUTOINCREMENT,
        outcome TEXT NOT NULL, note BLOB NOT NULL)""",
    "CREATE INDEX rests_outcome ON rests (outcome)",
    "PRAGMA user_version = 1",
)
RUN = SearchRun(query=Query(text="tea"), started="2026-11-01")


def make_old(path, runs=3):
    """Make a file of format 1 with searches in it, as the assay of then did."""
    write_run(path, RUN)  # for a row as it is written
    with closing(sqlite3.connect(path)) as db:
        row = db.execute("SELECT query, command, started, log FROM runs").fetchone()
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        for statement in OLD:
            db.execute(statement)
        sql = "INSERT INTO runs (query, command, started, log) VALUES (?, ?, ?, ?)"
        db.executemany(sql, [row] * runs)
        db.commit()


def dump(path):
    """Return all that a file holds, after making sure that it is sound."""
    if not path.exists():
        return []
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        version = db.execute("PRAGMA user_version").fetchone()
        if version == (0,):  # nothing was written yet
            return []
        held = [line for line in db.iterdump() if 'INTO "leases"' not in line]
        return [str(version), *held]


def two_works_are_one(path):
    sides = [sample.work(0, "pmid:90000001"), sample.work(0, "doi:10.99999/invented.1")]
    uses = [Use("report", "tea.md", "2026-11-01"), Use("digest", "1", "2026-11-02")]
    write_used(path, [Used(*each) for each in zip(sides, uses, strict=True)])


def some_claims(path):
    write_watched(path, [(sample.watched(), "Tea helps.")], [sample.weighing()])


def nothing(path):
    path.parent.mkdir(parents=True, exist_ok=True)


def an_old_file(path):
    nothing(path)
    make_old(path)


def one_outcome(path):
    some_claims(path)
    write_outcome(path, sample.outcome(1, (1, 2)), lease=None)


def next_outcome(path):
    with hold_lease(path, "digest", now=sample.Clock()) as lease:
        more = {"weighings": (sample.weighing(1, digest=2),), "notes": (("seq", "2"),)}
        write_outcome(path, sample.outcome(2, (2, 3), **more), lease=lease)


SCENARIOS = {  # what is there, and what is done while it is killed
    "outcome": (one_outcome, next_outcome),
    "large": (one_outcome, lambda p: write_outcome(
        p, sample.outcome(2, range(2, 100)), lease=None)),
    "first": (nothing, one_outcome_only := lambda p: write_outcome(
        p, sample.outcome(1, (1,)), lease=None)),
    "migration": (an_old_file, one_outcome_only),
    "join": (two_works_are_one, lambda p: write_used(
        p, [Used(sample.work(1), Use("report", "more.md", "2026-11-03"))])),
    "watch": (nothing, some_claims),
    "drop": (some_claims, lambda p: drop_watched(p, [1], "2026-11-24")),
    "sent": (one_outcome, lambda p: note_sent(p, 1, "html", "here", "2026-11-24")),
    "unsent": (one_outcome, lambda p: note_unsent(p, 1, "html", "full", "later")),
    "note": (one_outcome, lambda p: write_note(p, "seq", "7")),
}  # fmt: skip


@contextmanager
def traced(each):
    """Call `each` before every statement that a connection to the file runs."""
    connect = state_file._connect

    def connect_traced(path):
        db = connect(path)
        db.set_trace_callback(each)
        return db

    state_file._connect = connect_traced
    try:
        yield
    finally:
        state_file._connect = connect


def in_child(work):
    """Run work in a forked child; return the signal that ended it, or 0."""
    child = os.fork()
    if not child:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status <= 0, "the child failed otherwise than by the kill"
    return -status


def kill_at(number, path, work):
    """Do the work, and be killed before its statement of that number (from 0)."""
    left = [number]

    def count(_):
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1

    with traced(count):
        work(path)


def kill_everywhere(name, folder):
    """Kill a scenario at each of its statements; return what was found after each."""
    there, work = SCENARIOS[name]
    base = folder / "base" / "state.db"
    there(base)
    statements = []
    whole = folder / "whole" / "state.db"
    shutil.copytree(base.parent, whole.parent)
    with traced(statements.append):
        work(whole)
    before, after = dump(base), dump(whole)
    assert before != after
    kills = []
    for number in range(len(statements)):
        path = folder / str(number) / "state.db"
        shutil.copytree(base.parent, path.parent)
        ended = in_child(lambda n=number, p=path: kill_at(n, p, work))
        assert ended == signal.SIGKILL
        found = dump(path)
        kills.append("before" if found == before else
                     "after" if found == after else "between")  # fmt: skip
        if kills[-1] == "before":  # the next run does it all
            work(path)
            assert dump(path) == after
        shutil.rmtree(path.parent)
    return kills


def write_forever(path, size, tell):
    """Write one outcome after the other, each under a lease; tell each when it lies."""
    number = next_number(path)
    while True:
        with hold_lease(path, "digest", now=sample.Clock()) as lease:
            works = range(number * size, (number + 1) * size)
            write_outcome(path, sample.outcome(number, works), lease=lease)
        os.write(tell, b"%d\n" % number)
        number += 1


def kill_whenever(folder, kills, size, seed):
    """Kill a writer at random moments; return how many outcomes lie there whole.

    Each goes on where the last one was killed; what was told to lie there does.
    """
    path, moments = folder / "state.db", random.Random(seed)
    for turn in range(kills):
        heard, tell = os.pipe()
        child = os.fork()
        if not child:
            signal.alarm(60)
            try:
                write_forever(path, size, tell)
            finally:
                os._exit(1)
        os.close(tell)
        with os.fdopen(heard) as lines:
            told = [lines.readline()] if turn % 2 else []
            time.sleep(moments.uniform(0, 0.15))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            told += lines.readlines()
        last = next_number(path) - 1
        assert not told or int(told[-1]) <= last <= int(told[-1]) + 1
        check_whole(path, size, last)
    return last


def check_whole(path, size, last):
    """Make sure that each outcome up to the last one lies there with all its parts."""
    if not last:
        return
    dump(path)
    works = {number: {f"pmid:{90_000_000 + number * size + n}" for n in range(size)}
             for number in range(1, last + 1)}  # fmt: skip
    with closing(sqlite3.connect(path)) as db:
        for table, each in (("items", 2 * size), ("outbox", 2), ("asks", 1)):
            counted = f"SELECT digest, count(*) FROM {table} GROUP BY digest"
            assert dict(db.execute(counted)) == dict.fromkeys(works, each)
        names = {name for (name,) in db.execute("SELECT identity FROM work_names")}
        assert set().union(*works.values()) <= names
        uses = "SELECT CAST(name AS INTEGER), count(*) FROM uses GROUP BY name"
        assert dict(db.execute(uses)) == dict.fromkeys(works, size)
        assert db.execute("SELECT count(*) FROM digests").fetchone() == (last,)
    assert read_marks(path) == sample.outcome(last).marks


def race(folder):
    """Let eight processes bring a file to the new format, write, and take a lease."""
    path = folder / "state.db"
    make_old(path)
    ready, go = os.pipe(), os.pipe()
    children = [fork_racer(path, number, ready, go) for number in range(8)]
    os.close(ready[1])  # so that reading ends should a child fail
    assert read_all(ready[0], 8) == b"r" * 8
    os.close(go[1])
    seen = read_all(ready[0], 8)
    holder = read_holder(path, "digest")
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)  # still listed: a zombie
    with hold_lease(path, "digest", now=sample.Clock()) as lease:
        freed = lease is not None
    for child in children:
        os.waitpid(child, 0)
    with closing(sqlite3.connect(path)) as db:
        uses = db.execute("SELECT count(*) FROM uses").fetchone()[0]
        works = db.execute("SELECT count(*) FROM works").fetchone()[0]
    return {
        "winners": seen.count(b"W"),
        "told": holder.process.pid in children,
        "freed": freed,
        "runs": len(read_runs(path)),
        "works": works,
        "uses": uses,
        "copies": sorted(p.name for p in folder.iterdir() if "format" in p.name),
    }


def fork_racer(path, number, ready, go):
    """Fork a process that waits for `go`, writes, and takes the lease."""
    child = os.fork()
    if child:
        return child
    signal.alarm(60)  # whatever comes, it ends
    try:
        os.write(ready[1], b"r")
        os.close(go[1])
        os.read(go[0], 1)  # ends when the parent closes its side
        write_run(path, RUN)
        use = Use("report", f"{number}.md", "2026-11-01")
        write_used(path, [Used(sample.work(n), use) for n in range(5)])
        with hold_lease(path, "digest", now=sample.Clock()) as lease:
            os.write(ready[1], b"W" if lease else b"l")
            signal.pause()
    finally:
        os._exit(1)


def read_all(pipe, size):
    """Read so many bytes, or fewer where whoever writes them has ended."""
    content = b""
    while len(content) < size and (more := os.read(pipe, size)):
        content += more
    return content


def contest(folder):
    """Let five processes run digests as often as they can; return wins and losses."""
    path, size = folder / "state.db", 4
    heard, tell = os.pipe()
    children = [os.fork() or run_some(path, size, tell) for _ in range(5)]
    os.close(tell)
    seen = read_all(heard, 1 << 20)
    for child in children:
        assert os.waitpid(child, 0)[1] == 0
    check_whole(path, size, next_number(path) - 1)
    return {
        "won": seen.count(b"W"),
        "lost": seen.count(b"l"),
        "next": next_number(path),
    }


def run_some(path, size, tell):
    """Try ten runs in this process, and end it."""
    status = 1
    signal.alarm(60)
    try:
        for _ in range(10):
            with hold_lease(path, "digest", now=sample.Clock()) as lease:
                if lease:
                    number = next_number(path)
                    works = range(number * size, (number + 1) * size)
                    time.sleep(0.005)  # for the services
                    write_outcome(path, sample.outcome(number, works), lease=lease)
                os.write(tell, b"W" if lease else b"l")
            time.sleep(0.002)
        status = 0
    finally:
        os._exit(status)


def refusal(work):
    """Return the sentence with which work is refused; "" when it is done."""
    try:
        work()
    except StoreError as error:
        return str(error)
    return ""


def disk(folder):
    """Work on a disk that is full, and on one that may not be written."""
    place = folder / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", place]
    subprocess.run(mount, check=True)
    path, filler = place / "state.db", place / "filler"
    make_old(path, 300)
    held, told = dump(path), {}
    fill(filler, spare=100_000)
    told["backup"] = refusal(lambda: write_run(path, RUN))
    filler.unlink()
    told["left"] = sorted(each.name for each in place.iterdir())
    told["unchanged"] = [dump(path) == held]
    write_run(path, RUN)
    (place / "state.db.format-1").unlink()
    held = dump(path)
    works = [
        (
            "outcome",
            lambda: write_outcome(path, sample.outcome(1, range(400)), lease=None),
        ),
        ("lease", lambda: take(path)),
    ]
    for spare in (100_000, 0):
        fill(filler, spare)
        for name, work in works:
            told[f"{name} {spare}"] = refusal(work)
        filler.unlink()
        told["unchanged"].append(dump(path) == held)
    write_outcome(path, sample.outcome(1, range(5)), lease=None)
    subprocess.run(["mount", "-o", "remount,ro", place], check=True)
    told["read-only"] = refusal(lambda: write_note(path, "seq", "1"))
    told["read-only lease"] = refusal(lambda: take(path))
    told["read"] = [heading.items for heading in read_headings(path)]
    return told


def fill(path, spare):
    """Fill the disk with a file, but for so many bytes."""
    with path.open("wb", buffering=0) as file:
        for block in (4096, 1):
            with suppress(OSError):
                while True:
                    file.write(b"x" * block)
        file.truncate(file.tell() - spare)


def take(path):
    with hold_lease(path, "digest", now=sample.Clock()):
        pass


def small(folder):
    """Bring a file to the new format where no file may grow to its size."""
    path = folder / "state.db"
    make_old(path, 300)
    old = dump(path)
    size = path.stat().st_size
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, limits[1]))
    told = {"backup": refusal(lambda: write_run(path, RUN))}
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    told["unchanged"] = dump(path) == old
    told["left"] = sorted(each.name for each in folder.iterdir())
    write_run(path, RUN)
    told["copy"] = dump(folder / "state.db.format-1") == old
    return told


def main(what, *words):
    """Do one of the works; print what came of it."""
    folder = Path(words[-1])
    if what == "kill":
        came = kill_everywhere(words[0], folder)
    elif what == "timed":
        came = kill_whenever(folder, *map(int, words[:3]))
    else:
        came = {"race": race, "contest": contest, "disk": disk, "small": small}[what](
            folder
        )
    sys.stdout.write(json.dumps(came))


if __name__ == "__main__":
    assert next_number(Path("no such file")) == 1
    main(*sys.argv[1:])
