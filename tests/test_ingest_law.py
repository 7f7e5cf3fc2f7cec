"""The same files give the same library, in any order and whatever was killed."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Timer

import pytest

from assay.cli import main
from tests.dask_cluster import start_cluster
from tests.kill_at import HereWorker
from tests.nlm_samples import write_overlapping

ROOT = Path(__file__).parent.parent
REAL = ("pubmed20n0014.xml.gz", "pubmed21n1298.xml.gz")


@pytest.fixture
def assay(monkeypatch, capsys):
    """Run one command in this process, its tasks too; it must go well."""
    monkeypatch.setattr("assay.edge.jobs_processes._Worker", HereWorker)

    def run(*words):
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        assert status == 0, captured.err
        return captured.out

    return run


def workspace(place):
    (place / "queries").mkdir(parents=True)
    return place


def export_of(assay, place):
    """Return all that a workspace holds, which is proved to be whole, as bytes."""
    path = place / "all.jsonl"
    assay("library", "verify", "--workspace", place)
    assay("library", "export", path, "--workspace", place)
    return path.read_bytes()


def environ():
    path = os.pathsep.join((str(ROOT), str(ROOT / "src")))
    return {**os.environ, "PYTHONPATH": path}


def run_killed(at, *words):
    """Run a command that is killed at its `at`-th touch; return how it ended."""
    given = [sys.executable, "-m", "tests.kill_at", str(at), *map(str, words)]
    done = subprocess.run(
        given, env=environ(), capture_output=True, text=True, check=False
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    return done


def load_straight(assay, tmp_path):
    """Load invented files at once; return their paths and what was exported."""
    paths = write_overlapping(tmp_path / "in")
    place = workspace(tmp_path / "straight")
    assay("library", "ingest", *paths, "--workspace", place)
    return paths, export_of(assay, place)


def test_the_order_of_loading_and_a_kill_are_of_no_consequence(assay, tmp_path):
    paths, wanted = load_straight(assay, tmp_path)
    assert wanted.count(b"\n") > 10
    place = workspace(tmp_path / "backwards")
    for path in reversed(paths):
        assay("library", "ingest", path, "--workspace", place)
    assert export_of(assay, place) == wanted
    place = workspace(tmp_path / "killed")
    assert interrupt(assay, place, paths, (50,), wanted) == 1


def interrupt(assay, place, paths, points, wanted):
    """Load with a kill at each of some points, then to the end; compare."""
    words = ("library", "ingest", *paths, "--workspace", place)
    killed = [run_killed(at, *words).returncode for at in points]
    assay(*words)
    assert export_of(assay, place) == wanted, points
    assert list((place / "cache/library/pubmed/partitions").glob("*.xml*")) == []
    return sum(status != 0 for status in killed)


@pytest.mark.long
def test_it_does_not_matter_where_it_is_killed(assay, tmp_path):
    paths, wanted = load_straight(assay, tmp_path)
    place = workspace(tmp_path / "whole")
    words = ("library", "ingest", *paths, "--workspace", place)
    touches = int(run_killed(0, *words).stdout.splitlines()[-1])
    for at in range(1, touches + 1):
        place = workspace(tmp_path / f"killed-{at}")
        assert interrupt(assay, place, paths, (at,), wanted) == 1
        shutil.rmtree(place)


# --- NLM's own files ------------------------------------------------------------------


@pytest.fixture
def real():
    """Return the paths of two of NLM's files."""
    folder = os.environ.get("ASSAY_NLM", "")
    paths = [Path(folder) / name for name in REAL]
    if not folder or not all(path.is_file() for path in paths):
        pytest.skip("needs two of NLM's files in the folder that ASSAY_NLM names")
    return paths


def load_with_kills(place, orders, chance, longest):
    """Load files, each order in a run of its own, killed at random; return how often.

    The time until a kill is drawn anew each time, as often short as long, so that
    every stage is met and the end is reached.
    """
    kills = 0
    for paths in orders:
        words = ["library", "ingest", *map(str, paths), "--workspace", str(place)]
        while True:
            run = subprocess.Popen(
                [sys.executable, "-m", "assay", *words],
                env=environ(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            until = time.monotonic() + 0.5 * (longest / 0.5) ** chance.random()
            while run.poll() is None and time.monotonic() < until:
                time.sleep(0.02)
            if run.poll() is not None:
                assert run.returncode == 0
                break
            run.kill()
            run.wait()
            kills += 1
    return kills


@pytest.mark.long
def test_the_two_real_files_give_the_same_library_after_thirty_kills(
    assay, tmp_path, real
):
    start = time.monotonic()
    place = workspace(tmp_path / "straight")
    assay("library", "ingest", *real, "--workspace", place)
    longest = 1.2 * (time.monotonic() - start)
    wanted = export_of(assay, place)
    chance, kills, rounds = random.Random(6), 0, 0
    ways = ([real], [real[:1], real[1:]], [real[1:], real[:1]])
    while kills < 30:
        place = workspace(tmp_path / f"round-{rounds}")
        kills += load_with_kills(place, ways[rounds % 3], chance, longest)
        assert export_of(assay, place) == wanted
        shutil.rmtree(place)
        rounds += 1


@pytest.mark.long
def test_a_cluster_that_loses_a_worker_gives_the_same_library(assay, tmp_path, real):
    place = workspace(tmp_path / "straight")
    assay("library", "ingest", *real, "--workspace", place)
    wanted = export_of(assay, place)
    place, parts = workspace(tmp_path / "cluster"), tmp_path / "parts"
    with start_cluster() as cluster:
        words = ("--cluster", cluster.address, "--partitions", parts)
        killer = Timer(6.0, cluster.workers[0].kill)
        killer.start()
        assay("library", "ingest", *real, *words, "--workspace", place)
        killer.join()
    assert export_of(assay, place) == wanted
    assert len(list(parts.glob("*.parquet"))) == len(real)
