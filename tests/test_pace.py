"""One pace for all processes: bookings are never closer than the pause."""

import itertools
import json
import subprocess
import sys
import threading
import time

import pytest

from assay.edge import pace as pace_module
from assay.edge.pace import Pace

PAUSE = 0.02
SCRIPT = """
import json, sys
from pathlib import Path
from assay.edge.pace import Pace
pace = Pace(Path(sys.argv[1]))
print(json.dumps([pace.wait("example.org", float(sys.argv[2])) for _ in range(15)]))
"""


def closest(starts):
    starts = sorted(starts)
    return min(b - a for a, b in itertools.pairwise(starts))


def test_three_processes_share_one_pace(tmp_path):
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "pace.db"), str(PAUSE)]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(3)]
    starts = [start for run in runs for start in json.loads(run.communicate()[0])]
    assert [run.returncode for run in runs] == [0, 0, 0]
    assert len(starts) == 45
    assert closest(starts) >= PAUSE - 0.001  # bookings are whole milliseconds


def test_threads_share_one_pace_and_none_starts_before_its_booking(tmp_path):
    pace, booked, late = Pace(tmp_path / "pace.db"), [], []

    def work():
        start = pace.wait("example.org", PAUSE)
        late.append(time.time() - start)
        booked.append(start)

    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert closest(booked) >= PAUSE - 0.001
    assert min(late) >= -0.002
    assert pace.shared
    pace.close()


def test_a_stopped_caller_books_nothing(tmp_path):
    pace, stopped = Pace(tmp_path / "pace.db"), threading.Event()
    first = pace.wait("example.org", 60.0)
    stopped.set()
    pace.wait("example.org", 60.0, stopped)
    assert pace._book("example.org", 60.0) - first == pytest.approx(60.0, abs=0.002)
    pace.close()


def test_names_have_paces_of_their_own(tmp_path):
    pace = Pace(tmp_path / "pace.db")
    first = pace.wait("example.org", 30.0)
    assert pace.wait("example.com", 30.0) - first < 5.0
    pace.close()


def test_a_caller_that_is_stopped_does_not_wait(tmp_path):
    pace, stop = Pace(tmp_path / "pace.db"), threading.Event()
    pace.wait("example.org", 60.0)
    threading.Timer(0.1, stop.set).start()
    start = pace.wait("example.org", 60.0, stop)  # the test would hang for a minute
    assert start > time.time()
    pace.close()


def test_no_pause_needs_no_file(tmp_path):
    pace = Pace(tmp_path / "none" / "pace.db")
    pace.wait("example.org", 0.0)
    assert not (tmp_path / "none").exists()


def test_a_clock_set_back_does_not_stop_the_pace_for_hours(tmp_path, monkeypatch):
    pace = Pace(tmp_path / "pace.db")
    real = time.time_ns
    with monkeypatch.context() as patched:
        patched.setattr(pace_module.time, "time_ns", lambda: real() + 7200 * 10**9)
        pace._book("example.org", 1.0)
    assert pace.wait("example.org", 1.0) < time.time() + 5
    pace.close()


@pytest.mark.parametrize("content", [None, b"not a database, but long enough" * 40])
def test_without_a_usable_file_the_pace_is_kept_and_said_to_be_alone(tmp_path, content):
    path = tmp_path / "pace.db"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    pace = Pace(path)
    starts = [pace.wait("example.org", PAUSE) for _ in range(4)]
    assert closest(starts) >= PAUSE - 0.001
    assert not pace.shared
    pace.close()
