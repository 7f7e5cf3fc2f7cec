"""`assay digest` as a person uses it: what is due, what comes, what it says."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assay.cli import main
from tests.standin import serve

QUERY = "kratom[tiab] AND sleep[tiab]"


@pytest.fixture(scope="module")
def pubmed():
    with serve() as server:
        yield server


@pytest.fixture
def home(tmp_path, monkeypatch, pubmed, with_notices):
    """Return a workspace with one query of its own; PubMed is the stand-in."""
    folder = tmp_path / "home"
    (folder / "queries").mkdir(parents=True)
    (folder / "queries/tea.toml").write_text(f'text = "{QUERY}"\n')
    monkeypatch.setenv("ASSAY_HOME", str(folder))
    monkeypatch.setenv("ASSAY_EUTILS", pubmed.url)
    return folder


def run(*words):
    return main(["digest", *words])


def told(capsys, *words):
    """Run with --json; return the exit status and the document."""
    status = run(*words, "--json")
    return status, json.loads(capsys.readouterr().out)


def files_of(folder):
    """Return every file under a folder with the hash of what it holds."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }


def write_and_die(path):
    """Leave behind what a process does that is killed after it wrote to a database."""
    code = (
        "import os, sqlite3, sys; db = sqlite3.connect(sys.argv[1]);"
        "db.execute('CREATE TABLE killed (a)'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)


def test_the_first_digest_tells_what_is_new_and_the_second_nothing(home, capsys):
    status, first = told(capsys, "--since", "2010")
    assert status == 0
    items = first["digest"]["items"]
    assert items
    assert all(item["quote"]["text"] for item in items)
    status, second = told(capsys, "tea", "--all")
    assert status == 0
    assert second["digest"]["items"] == []
    assert second["digest"]["receipt"]["asked"][0]["problem"] is None


def test_both_channels_that_are_usual_are_written(home, capsys):
    run("--since", "2010")
    names = {path.name for path in (home / "digests").iterdir()}
    assert {"index.html", "feed.atom"} < names
    assert any(name.endswith("-0001.html") for name in names)


def test_what_is_not_due_is_not_run(home, pubmed, capsys):
    run("--since", "2010")
    capsys.readouterr()
    before = pubmed.count("esearch")
    status, made = told(capsys)
    assert (status, made["digest"]) == (0, None)
    assert made["next_run"]
    assert pubmed.count("esearch") == before


def test_a_dry_run_changes_no_file(home, capsys):
    run("--since", "2024")
    before = files_of(home)
    capsys.readouterr()
    assert run("--since", "2010", "--dry-run") == 0
    out = capsys.readouterr()
    assert "new stud" in out.out
    assert "would get it" in out.err
    assert files_of(home) == before


def test_a_dry_run_leaves_what_a_killed_process_left(home, capsys):
    run("--since", "2024")
    for name in ("state.db", "library/records.db"):
        write_and_die(home / "cache" / name)
    before = files_of(home)
    assert "cache/state.db-wal" in before
    assert run("--since", "2010", "--dry-run") == 0
    after = files_of(home)
    shared = {name for name in before if name.endswith("-shm")}  # an index of the -wal
    assert after.keys() - shared == before.keys() - shared
    assert {n for n in before if after.get(n) != before[n]} <= shared


def test_a_dry_run_needs_no_recorded_answers_and_tells_of_damage(home, capsys):
    run("--since", "2024")
    (home / "cache/http.db").write_bytes(b"no database" * 999)
    assert run("--since", "2010", "--dry-run") == 0
    (home / "cache/state.db").write_bytes(b"no database" * 999)
    capsys.readouterr()
    assert run("--since", "2010", "--dry-run") == 1
    assert "damaged" in capsys.readouterr().err


def test_a_dry_run_names_the_persons_own_files(home, capsys):
    (home / "queries/bad.toml").write_text("text = \n")
    status, made = told(capsys, "--since", "2010", "--dry-run")
    assert status == 3
    (problem,) = made["digest"]["problems"]
    assert str(home / "queries/bad.toml") in problem["what"]


def test_a_dry_run_leaves_a_new_workspace_empty(home, capsys):
    assert run("--since", "2010", "--dry-run") == 0
    assert sorted(files_of(home)) == ["queries/tea.toml"]


def test_what_a_dry_run_showed_is_still_sent_afterwards(home, capsys):
    _, dry = told(capsys, "--since", "2010", "--dry-run")
    _, wet = told(capsys, "--since", "2010")
    assert [i["work"]["key"] for i in dry["digest"]["items"]] == [
        i["work"]["key"] for i in wet["digest"]["items"]
    ]


def test_a_failed_search_is_told_as_failed_and_made_up_for(home, pubmed, capsys):
    pubmed.fail("bad-key-400", path="esearch")
    status, failed = told(capsys, "--since", "2010")
    assert status == 3
    asked = failed["digest"]["receipt"]["asked"][0]
    assert asked["failed"]
    assert asked["found"] is None
    status, mended = told(capsys, "tea", "--all")
    assert status == 0
    assert mended["digest"]["items"]
    assert mended["digest"]["receipt"]["asked"][0]["made_up"] == "2010-01-01"


def test_the_text_of_a_failed_digest_begins_with_the_failure(home, pubmed, capsys):
    pubmed.fail("bad-key-400", path="esearch")
    assert run("--since", "2010") == 3
    out = capsys.readouterr().out
    assert out.index("could not be searched for tea") < out.index("Receipt")
    assert "Found: not known" in out


def test_offline_the_library_is_asked(home, capsys):
    status, made = told(capsys, "kratom-sleep", "--offline", "--since", "2024")
    assert status == 0
    assert made["digest"]["items"]
    assert made["digest"]["receipt"]["requests"] == 0
    assert made["digest"]["offline"]


def test_a_query_that_ships_takes_part_once_it_was_named(home, capsys):
    told(capsys, "kratom-sleep", "--offline", "--since", "2024")
    _, made = told(capsys, "--since", "2024", "--offline")
    assert set(made["digest"]["queries"]) == {"kratom-sleep", "tea"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["te"], 'no saved query "te"'),
        (["tea", "--to", "fax"], 'no channel "fax"'),
        (["tea", "--since", "soon"], "not a date"),
        (["--write"], "--install"),
        (["tea", "--to", "email"], "assay.toml"),
    ],
)
def test_a_slip_is_told_in_a_sentence_and_nothing_is_done(home, words, said, capsys):
    assert run(*words) == 2
    assert said in capsys.readouterr().err
    assert sorted(files_of(home)) == ["queries/tea.toml"]


def test_with_nothing_to_run_it_is_said_what_to_do(home, capsys):
    shutil.rmtree(home / "queries")
    assert run() == 2
    assert "assay queries add" in capsys.readouterr().err


def test_a_broken_query_file_is_told_and_the_others_run(home, capsys):
    (home / "queries/odd.toml").write_text("text = ")
    status, made = told(capsys, "--since", "2010")
    assert status == 3
    assert made["digest"]["items"]
    assert any("odd" in p["what"] for p in made["digest"]["problems"])


def test_while_one_runs_another_says_so_and_does_nothing(home, capsys, monkeypatch):
    seen = []

    def asking(*args, **kwargs):
        if not seen:
            seen.append(None)
            seen[0] = told(capsys, "--all")
        return iter(())

    monkeypatch.setattr("assay.cli.digesting.ask_due", asking)
    run("--since", "2010")
    status, inner = seen[0]
    assert status == 0
    assert inner["digest"] is None
    assert "process" in inner["holder"]


def test_the_status_tells_what_ran_what_failed_and_what_is_next(
    home, capsys, monkeypatch
):
    assert run("--status") == 0
    assert "was never run" in capsys.readouterr().out
    run("--since", "2010")
    capsys.readouterr()
    assert run("--status") == 0
    out = capsys.readouterr().out
    assert "next run:" in out
    assert "1 digest was made" in out


def test_an_article_watched_is_weighed_in_a_digest(home, capsys, tmp_path):
    article = tmp_path / "a.txt"
    article.write_text("Lunaroot improves sleep quality.\n")
    assert main(["watch", str(article), "--offline"]) == 0
    capsys.readouterr()
    status, made = told(capsys, "--since", "2010")
    assert status == 0
    moves = made["digest"]["moves"]
    assert [move["watched"]["claim"]["text"] for move in moves] == [
        "Lunaroot improves sleep quality"
    ]
    assert moves[0]["after"]["causes"]


def test_where_no_query_can_be_read_that_is_said(home, capsys):
    (home / "queries/tea.toml").write_text("text = ")
    assert run() == 2
    said = capsys.readouterr().err
    assert "No saved query can be read. " in said
    assert "tea.toml" in said


def test_a_broken_file_is_told_though_nothing_ever_comes_due(home, capsys):
    (home / "queries/tea.toml").write_text('text = "x"\n[digest]\nevery = "never"\n')
    (home / "queries/odd.toml").write_text("text = ")
    assert run() == 3
    assert "odd.toml" in capsys.readouterr().err


def test_all_runs_every_saved_query_and_follows_none_that_was_not_named(home, capsys):
    status, made = told(capsys, "--all", "--offline")
    assert status == 0
    assert {"tea", "kratom-safety", "kratom-sleep"} < set(made["digest"]["queries"])
    _, later = told(capsys, "--since", "2020", "--offline")
    assert later["digest"]["queries"] == ["tea"]


def test_quiet_says_what_failed_and_nothing_else(home, pubmed, capsys):
    assert run("--since", "2010", "--quiet") == 0
    assert capsys.readouterr() == ("", "")
    pubmed.fail("bad-key-400", path="esearch")
    assert run("tea", "--all", "--quiet") == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "PubMed could not be searched for tea" in shown.err


def test_a_work_that_another_query_brought_before_says_so(home, capsys):
    _, first = told(capsys, "tea", "--since", "2010")
    assert not any(item["told_before"] for item in first["digest"]["items"])
    (home / "queries/late.toml").write_text(f'text = "{QUERY}"\n')
    assert run("late", "--since", "2010") == 0
    day = first["digest"]["made"][:10]
    said = f"You were sent it on {day} for another query."
    assert capsys.readouterr().out.count(said) == len(first["digest"]["items"])


def test_a_query_that_only_the_settings_name_is_told_with_its_place(home, capsys):
    (home / "assay.toml").write_text('[digest]\nqueries = ["nope"]\n')
    assert run() == 2
    said = capsys.readouterr().err
    assert 'assay.toml, [digest], queries: There is no saved query "nope"' in said
    assert run("--status") == 2


def test_a_digest_cannot_begin_in_the_future(home, capsys):
    assert run("--since", "9999") == 2
    assert "lies in the future" in capsys.readouterr().err


def test_the_status_says_what_is_due_now(home, capsys):
    assert run("--offline") == 0
    capsys.readouterr()
    run("--status")
    assert "next run: it is due now" in capsys.readouterr().out
    run("--status", "--offline")
    assert "due now" not in capsys.readouterr().out


def test_a_run_loads_nothing_that_compares_titles_or_weighs_claims():
    heavy = ("numpy", "tantivy", "pandas", "rapidfuzz", "jinja2", "assay.claims.find")
    code = (
        "import sys, assay.cli.digest, assay.cli.digesting;"
        f"print(*[name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    assert done.stdout.split() == []
