"""What was searched when: added to, never overwritten, whatever happens."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from assay.cli import main
from assay.edge.runs import last_run, name_tools, read_runs, write_run, write_runs
from assay.errors import StoreError
from assay.output.search_sums import check_sums
from assay.search import Query, SearchLog, SearchRun
from tests import sample
from tests.standin import serve

SRC = Path(__file__).parent.parent / "src"
WRITER = """
import sys
from pathlib import Path
from assay.cli import main
from assay.edge.runs import write_run
from assay.output.search_sums import check_sums
from assay.search import Query, SearchRun
for n in range(int(sys.argv[3])):
    run = SearchRun(query=Query(text=sys.argv[2]), started=str(n))
    write_run(Path(sys.argv[1]), run)
    print(n, flush=True)
"""
KRATOM = SearchRun(
    query=Query(text="kratom"),
    logs=(SearchLog(source="pubmed", query="kratom", translation="one", count=1),),
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache" / "state.db"


def start(path, name, many):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, path, name, str(many)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SRC)},
    )


def test_without_a_file_nothing_was_searched_and_none_is_made(path):
    assert read_runs(path) == ()
    assert last_run(path, KRATOM.query) is None
    assert not path.parent.exists()


def test_what_was_written_is_read_newest_first(path):
    later = replace(KRATOM, started="2025-02-02", command="check")
    write_run(path, sample.RUN)
    write_runs(path, [KRATOM, later])
    assert read_runs(path) == (later, KRATOM, sample.RUN)
    assert read_runs(path, most=1) == (later,)
    assert read_runs(path, command="search") == (KRATOM, sample.RUN)


def test_the_last_run_is_that_of_the_same_words_and_dates(path):
    other = replace(KRATOM, query=Query(text="kratom", since="2020"))
    newer = replace(KRATOM, logs=(replace(KRATOM.logs[0], translation="two"),))
    write_runs(path, [KRATOM, newer, other])
    asked = replace(KRATOM.query, limit=7, sort="pub_date")
    assert last_run(path, asked) == newer
    assert last_run(path, Query(text="Kratom")) is None


def test_a_run_where_the_source_failed_is_no_run_to_compare_with(path):
    failed = replace(KRATOM, logs=(replace(KRATOM.logs[0], failed=True),))
    write_runs(path, [KRATOM, failed])
    assert last_run(path, KRATOM.query) == failed
    assert last_run(path, KRATOM.query, ("pubmed",)) == KRATOM
    assert last_run(path, KRATOM.query, ("pubmed", "crossref")) is None


def test_several_processes_write_at_once_and_lose_nothing(path):
    running = [start(path, name, 12) for name in "abc"]
    assert [process.wait() for process in running] == [0, 0, 0]
    for process in running:
        process.stdout.close()
    texts = [run.query.text for run in read_runs(path)]
    assert sorted(texts) == sorted("abc" * 12)


@pytest.mark.parametrize(
    "round_", [1, 2, 3, *(pytest.param(n, marks=pytest.mark.long) for n in range(20))]
)
def test_a_killed_run_keeps_all_that_it_had_reported(path, round_):
    running = start(path, "k", 10_000)
    for _ in range(round_ * 3):
        running.stdout.readline()
    time.sleep(0.002 * round_)  # anywhere within a write
    running.kill()
    left, _ = running.communicate()
    reported = round_ * 3 + left.count("\n")
    kept = [run.started for run in read_runs(path)][::-1]
    assert kept[:reported] == [str(n) for n in range(reported)]
    assert len(kept) <= reported + 1
    write_run(path, KRATOM)
    assert read_runs(path, most=1) == (KRATOM,)


def test_a_damaged_file_is_told_and_left_as_it_is(path):
    path.parent.mkdir()
    path.write_bytes(b"not a database" * 100)
    for work in (lambda: read_runs(path), lambda: write_run(path, KRATOM)):
        with pytest.raises(StoreError, match="Put a copy back"):
            work()
    assert path.read_bytes() == b"not a database" * 100


def test_a_file_of_a_newer_assay_is_not_touched(path):
    write_run(path, KRATOM)
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 3")
    db.close()
    for work in (lambda: read_runs(path), lambda: write_run(path, KRATOM)):
        with pytest.raises(StoreError, match="newer assay"):
            work()


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be made"):
        write_run(tmp_path / "file" / "state.db", KRATOM)


def test_a_row_that_is_damaged_is_told(path):
    write_run(path, KRATOM)
    with sqlite3.connect(path) as db:
        db.execute("UPDATE runs SET log = '{'")
    db.close()
    with pytest.raises(StoreError, match="damaged"):
        read_runs(path)


def test_the_tools_are_named_with_their_versions():
    tools = dict(name_tools())
    assert list(tools)[:2] == ["assay", "Python"]
    assert all(version for version in tools.values())


@pytest.mark.usefixtures("with_notices")
def test_an_article_s_searches_are_kept_too(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "queries").mkdir()
    article = "# Tea\n\nKratom tea shortens the time it takes to fall asleep.\n"
    (tmp_path / "tea.md").write_text(article, encoding="utf-8")
    with serve() as server:
        monkeypatch.setenv("ASSAY_EUTILS", server.url)
        assert main(["check", "tea.md", "--json", "--limit", "3"]) == 0
    report = json.loads(capsys.readouterr().out)
    runs = read_runs(tmp_path / "cache/state.db", command="check")[::-1]
    assert [run.query.text for run in runs] == [s["query"] for s in report["searched"]]
    assert all(check_sums(run) == () for run in runs)
