"""Many articles are checked side by side, each as it would be alone, and once."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.claims.article_list import name_reports
from assay.cli import main
from assay.cli import many_task as task
from assay.edge import jobs
from assay.edge.jobs import Outcome, failed, try_once
from assay.edge.many_file import (
    Basis,
    Marker,
    begin_batch,
    digest_text,
    read_marker,
    write_batch,
    write_report,
)
from assay.edge.many_list import read_list
from assay.edge.store import open_library
from assay.errors import ArticleError, AssayError, UsageError
from assay.output.many import Batch, Row, Told, render_many_html
from assay.record import Record, Section
from tests.standin import serve
from tests.standin.__main__ import OTHERS

TEA = "Kratom improves sleep."
OTHER = "Valerian does not improve sleep."


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Make a workspace with two articles, and stand in it."""
    (tmp_path / "queries").mkdir()
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles/tea.txt").write_text(TEA)
    (tmp_path / "articles/root.txt").write_text(OTHER)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def here(monkeypatch):
    """Do tasks in this process, as a pool does them."""

    def run(tasks, pool):
        for each in tasks:
            for tries in range(1, jobs.TRIES + 1):
                reply = try_once(each.function, each.arguments)
                if not reply.error:
                    yield Outcome(each.name, reply.value, tries=tries)
                    break
            else:
                yield failed(each.name, reply.error, jobs.TRIES)

    pool = SimpleNamespace(run=run)
    monkeypatch.setattr(jobs, "import_module", lambda _: pool)


def check(*words):
    return main(["check", "--offline", *map(str, words)])


def index(folder="articles-reports"):
    return json.loads(Path(folder, "index.json").read_text("utf-8"))


def states(folder="articles-reports"):
    return {
        row["article"].rsplit("/")[-1]: row["state"]
        for row in index(folder)["articles"]
    }


# --- the journey ----------------------------------------------------------------------


def test_each_report_is_the_one_that_a_check_alone_gives(place, here, capsys):
    assert check("--many", "articles") == 0
    assert "2 articles: 2 checked. Open" in capsys.readouterr().out
    for name in ("tea", "root"):
        assert check(f"articles/{name}.txt", "-q", "-o", "a.html", "-o", "a.json") == 0
        for ending in (".html", ".json"):
            alone = (place / f"a{ending}").read_bytes()
            assert alone == (place / f"articles-reports/{name}{ending}").read_bytes()


def test_a_second_run_makes_only_what_is_not_there_as_it_would_be(place, here, capsys):
    (place / "list.txt").write_text("articles\n# ours\n\narticles/gone.html\n")
    assert check("--many", "list.txt", "-o", "out") == 3
    assert states("out") == {
        "tea.txt": "checked", "root.txt": "checked", "gone.html": "failed",
    }  # fmt: skip
    assert "gone.html: There is no file" in capsys.readouterr().err
    first = {
        path.name: path.read_bytes()
        for path in (place / "out").iterdir()
        if path.is_file()
    }

    (place / "list.txt").write_text("articles\n")
    assert check("--many", "list.txt", "-o", "out") == 0
    assert set(states("out").values()) == {"as before"}

    (place / "articles/tea.txt").write_text(f"{TEA} {OTHER}")
    (place / "out/root.html").write_text("spoilt")
    assert check("--many", "list.txt", "-o", "out") == 0
    assert set(states("out").values()) == {"checked"}
    assert (place / "out/root.html").read_bytes() == first["root.html"]
    assert (place / "out/tea.json").read_bytes() != first["tea.json"]

    (place / "vocabulary.toml").write_text(
        '[concepts.moonbark]\nwords = ["moonbark"]\n'
    )
    assert check("--many", "list.txt", "-o", "out") in {0, 2, 3}


def test_when_others_changed_the_library_everything_is_checked_anew(place, here):
    assert check("--many", "articles") == 0
    record = Record(
        source="pubmed", pmid="90000001", title="Kratom",
        abstract=(Section("Kratom improved sleep in a trial."),),
    )  # fmt: skip
    with open_library(place / "cache/library") as library:
        library.add([record], source="file", query="x", when="2026-11-23T10:00:00Z")
    assert check("--many", "articles") == 0
    assert set(states().values()) == {"checked"}


def test_all_can_be_made_again(place, here):
    (place / "articles/root.txt").unlink()
    for again in ([], ["--again"]):
        assert check("--many", "articles", *again) == 0
        assert set(states().values()) == {"checked"}


def test_an_article_that_takes_too_long_is_named_and_the_others_are_checked(
    place, here, monkeypatch
):
    clock = iter([0.0, 9.0, *[0.0] * 99])
    monkeypatch.setattr(task, "monotonic", lambda: next(clock))
    assert check("--many", "articles", "--timeout", 5) == 3
    assert states() == {"root.txt": "failed", "tea.txt": "checked"}
    [why] = [row["why"] for row in index()["articles"] if row["why"]]
    assert "longer than 5 seconds" in why


def test_an_address_that_comes_drop_by_drop_is_given_up_in_time(
    place, here, monkeypatch
):
    held, whole = Event(), task.read_page

    def drip(session, target, **more):
        if target.endswith("root.txt"):
            held.wait(30)
            raise ArticleError("Nobody waits for it any more.")
        return whole(session, target, **more)

    monkeypatch.setattr(task, "read_page", drip)
    monkeypatch.setattr(task, "monotonic", lambda: 0.0)
    assert check("--many", "articles", "--timeout", 0.3) == 3
    held.set()
    assert states() == {"root.txt": "failed", "tea.txt": "checked"}
    [why] = [row["why"] for row in index()["articles"] if row["why"]]
    assert "longer than 0.3 seconds" in why


def test_a_name_that_is_not_utf8_is_told_and_the_others_are_checked(
    place, here, capsys
):
    (place / "list.txt").write_bytes(b"articles/caf\xe9.txt\narticles/tea.txt\n")
    assert check("--many", "list.txt", "-o", "out") == 3
    assert states("out") == {"caf\\xe9.txt": "failed", "tea.txt": "checked"}
    assert "caf\\xe9.txt: Its name is not UTF-8" in capsys.readouterr().err
    (place / "list.txt").write_bytes(b"caf\xe9.txt")
    assert check("--many", "list.txt", "-o", "out") == 2


def test_what_fails_three_times_is_named_with_its_reason(place, here, monkeypatch):
    tried = []

    def break_down(session, page, target, *rest, **more):
        tried.append(target)
        raise AssayError("The disk is full.")

    monkeypatch.setattr(task, "make_report", break_down)
    assert check("--many", "articles", "--json") == 3
    assert len(tried) == 2 * jobs.TRIES
    assert "at last with: The disk is full" in index()["articles"][0]["why"]


def test_an_interrupted_run_keeps_what_it_has_and_the_next_one_goes_on(
    place, here, monkeypatch
):
    whole = task.make_report

    def stop(*words, **more):
        raise KeyboardInterrupt

    def first_then_stop(*words, **more):
        monkeypatch.setattr(task, "make_report", stop)
        return whole(*words, **more)

    monkeypatch.setattr(task, "make_report", first_then_stop)
    assert check("--many", "articles") == 130
    assert states() == {"root.txt": "checked", "tea.txt": "not yet checked"}
    monkeypatch.setattr(task, "make_report", whole)
    assert check("--many", "articles") == 0
    assert states() == {"root.txt": "as before", "tea.txt": "checked"}

    monkeypatch.setattr(task, "make_report", first_then_stop)
    assert check("--many", "articles", "--again") == 130
    assert states() == {"root.txt": "checked", "tea.txt": "as before"}
    (place / "articles/tea.txt").write_text(OTHER)
    monkeypatch.setattr(task, "make_report", stop)
    assert check("--many", "articles", "--again") == 130
    assert states() == {"root.txt": "as before", "tea.txt": "not yet checked"}


# --- what is refused ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--many", "articles", "tea.txt"], "--many goes with neither"),
        (["--many", "nowhere"], "cannot be read"),
        (["--many", "empty.txt"], "no article is on the list"),
        (["--many", "page.html"], "looks like one article"),
        (["--many", "articles", "--format", "docx"], "no format"),
        (["--many", "articles", "-o", "articles/tea.txt"], "is a file"),
        (["--many", "notes", "-o", "notes", "--format", "md"], "would overwrite"),
        (["--many", "articles", "-o", "site"], "did not write"),
        (["--many", "articles", "--workers", "2", "--cluster", "tcp://x"], "cluster"),
        (["articles/tea.txt", "--again"], "need --many"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_any_work(place, capsys, words, said):
    (place / "empty.txt").write_text("# nothing\n")
    (place / "page.html").write_text("<!doctype html><p>Tea.")
    (place / "site").mkdir()
    (place / "site/index.html").write_text("my own")
    (place / "notes").mkdir()
    (place / "notes/tea.md").write_text(TEA)
    assert check(*words) == 2
    assert said in capsys.readouterr().err
    assert (place / "site/index.html").read_text() == "my own"


# --- lists and names ------------------------------------------------------------------


def test_a_list_may_come_from_standard_input_and_name_folders(place):
    (place / "articles/picture.png").write_bytes(b"x")
    body = io.BytesIO(
        b"\xef\xbb\xbfarticles\n https://example.org/a#b \narticles/tea.txt"
    )
    listing = read_list("-", body)
    assert [each.name for each in listing.entries] == ["root", "tea", "example.org-a-b"]
    assert listing.entries[2].target == "https://example.org/a#b"
    assert listing.passed_over == 1
    with pytest.raises(UsageError, match="not UTF-8"):
        read_list("-", io.BytesIO(b"\xff\xfe\x00"))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=20), max_size=8, unique=True))
def test_every_article_has_a_name_of_its_own_that_is_a_name_everywhere(targets):
    named = name_reports(targets)
    names = [each.name.casefold() for each in named]
    assert len(set(names)) == len(names)
    assert "index" not in names
    assert all(name and not set(name) & set('/\\:*?"<>|\0 ') for name in names)
    assert all(not name.startswith(".") for name in names)
    assert name_reports(targets[::-1]) == named[::-1]


# --- done-markers ---------------------------------------------------------------------


def test_a_batch_goes_on_unless_others_changed_the_library(tmp_path):
    first = begin_batch(tmp_path, Basis("a", "lib:1"))
    assert begin_batch(tmp_path, Basis("a", "lib:7")) == first  # it was killed
    write_batch(tmp_path, first, "lib:9")
    assert begin_batch(tmp_path, Basis("a", "lib:9")) == first
    write_batch(tmp_path, first, "lib:9")
    assert begin_batch(tmp_path, Basis("a", "lib:10")) == Basis("a", "lib:10")
    assert begin_batch(tmp_path, Basis("b", "lib:10")) == Basis("b", "lib:10")


@pytest.mark.parametrize("spoil", [b"", b"[]", b"{}", b'{"format": 1, "told": 1}'])
def test_a_spoilt_marker_counts_for_nothing(tmp_path, spoil):
    basis, told = Basis("a", "b"), Told("Tea", (1, 0, 0, 0, 0))
    marker = Marker(basis, "t", "0", {".json": digest_text("{}")}, told)
    write_report(tmp_path, "tea", {".json": "{}"}, marker)
    assert read_marker(tmp_path, "tea", "t", basis, [".json"]) == marker
    assert read_marker(tmp_path, "tea", "t", basis, [".json", ".html"]) is None
    assert read_marker(tmp_path, "tea", "other", basis, [".json"]) is None
    (tmp_path / ".made/tea.json").write_bytes(spoil)
    assert read_marker(tmp_path, "tea", "t", basis, [".json"]) is None


def test_the_page_of_reports_is_no_way_in_for_markup():
    row = Row("<script>", "a", "checked", Told("<b>&", (1, 2, 3, 4, 5)))
    page = render_many_html(Batch("<i>", (".html",), (row,)))
    assert "<script>" not in page
    assert "<b>&" not in page
    assert 'href="a.html"' in page


# --- several processes at once --------------------------------------------------------


def start(place, environ, *words):
    return subprocess.Popen(
        [sys.executable, "-m", "assay", "check", "--many", "articles", *words],
        cwd=place,
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.long
def test_ctrl_c_stops_the_processes_at_once_and_the_next_run_goes_on(place):
    for number in range(12):
        (place / f"articles/{number}.txt").write_text(TEA * 2)
    run = start(place, {}, "--offline", "--workers", "2")
    until = time.monotonic() + 60
    made = place / "articles-reports/.made"
    while len(list(made.glob("*.json"))) < 3 and time.monotonic() < until:
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    begun = time.monotonic()
    _, said = run.communicate(timeout=30)
    assert time.monotonic() - begun < 10
    assert (run.returncode, "Traceback" in said) == (130, False), said
    before = states()
    assert set(before.values()) == {"checked", "not yet checked"}
    assert check("--many", "articles", "--workers", 2) == 0
    after = states()
    assert all(
        after[name] == ("as before" if state == "checked" else "checked")
        for name, state in before.items()
    )


@pytest.mark.long
def test_several_processes_keep_one_pace_and_lose_no_record(place):
    for number, word in enumerate(["melatonin", "valerian", "kratom", "tea"] * 2):
        (place / f"articles/{number}.txt").write_text(f"{word} improves sleep.")
    with serve() as server:
        nobody = {f"ASSAY_{name}".upper(): "http://127.0.0.1:9/" for name in OTHERS}
        environ = {**nobody, "ASSAY_EUTILS": server.url}
        run = start(place, environ, "--workers", "4", "--json")
        out, said = run.communicate(timeout=300)
        starts = sorted(request.time for request in server.requests)
    assert "Traceback" not in said
    assert json.loads(out)["states"]["failed"] == 0
    assert len(starts) > 10
    assert len(starts) <= 3 * (starts[-1] - starts[0]) + 4  # as PubMed wants it
    given = [r.params["id"] for r in server.requests if r.params.get("id")]
    fetched = {pmid for ids in given for pmid in ids.split(",")}
    with open_library(place / "cache/library") as library:
        assert fetched
        assert fetched <= {record.pmid for record in library.records()}
