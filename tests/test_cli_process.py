"""The command line as a process: start-up, pipes, Ctrl-C, terminals, exit statuses."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from assay import __version__
from tests.standin import serve

ASSAY = [sys.executable, "-m", "assay"]
HEAVY = (
    "httpx",
    "lxml",
    "tantivy",
    "pandas",
    "trafilatura",
    "jinja2",
    "sqlite3",
    "Bio",
)
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
DEADLINE = 60
"""Seconds after which a test gives up; none of them waits for time to pass."""


@pytest.fixture
def place(tmp_path):
    """Make a workspace; return what `subprocess` needs to run a command in it."""
    (tmp_path / "queries").mkdir()
    environ = {k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "COLUMNS"}}
    return {"cwd": tmp_path, "env": environ, "text": True}


def run(place, *words, **more):
    return subprocess.run(
        [*ASSAY, *words], capture_output=True, check=False, **{**place, **more}
    )


def test_help_is_quick_because_it_loads_nothing_heavy(place):
    code = (
        "import sys; from assay.cli import main; main(['--help']);"
        f"print(*[m for m in {HEAVY} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, **place
    )
    assert "check" in done.stdout
    assert done.stderr.strip() == ""


def test_the_version_is_printed(place):
    done = run(place, "--version")
    assert (done.returncode, done.stdout) == (0, f"assay {__version__}\n")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("queries",), 0),
        (("check", "none.md"), 1),
        (("chekc",), 2),
        (("search", "tea", "--offline"), 3),
    ],
)
def test_the_exit_status_says_how_it_went(place, words, status):
    assert run(place, *words).returncode == status


def test_output_through_a_pipe_is_plain_utf8_whatever_the_locale(place):
    env = {**place["env"], "LC_ALL": "C", "PYTHONUTF8": "0", "TERM": "xterm-256color"}
    done = run(place, "check", "--example", "--offline", env=env, text=False)
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout
    assert "“" in done.stdout.decode("utf-8")
    assert done.stderr == b""


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a folder that is in use")
def test_a_folder_that_was_removed_is_told_in_a_sentence(place, tmp_path):
    (tmp_path / "gone").mkdir()
    script = 'cd gone && rmdir ../gone && exec "$@"'
    command = ["sh", "-c", script, "sh", *ASSAY, "library"]
    done = subprocess.run(command, capture_output=True, check=False, **place)
    assert done.returncode == 2
    assert done.stderr.startswith("assay: The folder in which assay was started is")
    assert "Traceback" not in done.stderr


def test_without_a_workspace_the_users_data_folder_is_used(place, tmp_path):
    here, home = tmp_path / "empty", tmp_path / "data"
    here.mkdir()
    (tmp_path / "queries").rmdir()
    env = {**place["env"], "XDG_DATA_HOME": str(home), "LOCALAPPDATA": str(home)}
    if sys.platform == "darwin":
        env["HOME"] = str(home)
    done = run(
        place, "check", "--example", "--offline", "-o", "r.html", cwd=here, env=env
    )
    assert done.returncode == 0
    assert [path.name for path in here.iterdir()] == ["r.html"]
    assert list(home.rglob("records.db"))


@pytest.mark.parametrize("option", ["--json", "--explain"])
def test_a_reader_that_leaves_early_is_no_error(place, option):
    command = [*ASSAY, "check", "--example", "--offline", option]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **place
    ) as running:
        assert running.stdout.readline() != ""
        running.stdout.close()
        assert running.wait(DEADLINE) == 0
        assert running.stderr.read() == ""


def test_a_full_disk_is_a_plain_error(place):
    if not os.path.exists("/dev/full"):  # noqa: PTH110
        pytest.skip("there is no /dev/full here")
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [*ASSAY, "check", "--example", "--offline", "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            **place,
        )
    assert done.returncode == 1
    assert done.stderr == "assay: No space left on device.\n"


def test_output_that_nobody_takes_is_no_fault_of_ours(place):
    script = 'exec "$@" >&- 2>&-'
    asked = ["sh", "-c", script, "sh", *ASSAY]
    for words, status in ((["queries"], 0), (["queries", "show", "zz"], 2)):
        done = subprocess.run([*asked, *words], check=False, **place)
        assert done.returncode == status


def test_ctrl_c_keeps_what_was_fetched_and_says_so(place):
    with serve(synthetic=4000, latency=0.05) as server:
        env = {**place["env"], "ASSAY_EUTILS": server.url, "NCBI_API_KEY": "k3y"}
        command = [*ASSAY, "search", "sleep", "--limit", "4000"]
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **{**place, "env": env},
        ) as running:
            wait_for(lambda: server.count("efetch") > 2)
            running.send_signal(signal.SIGINT)
            out, err = running.communicate(timeout=DEADLINE)
    assert running.returncode == 130
    assert out == ""
    assert err.startswith("assay: interrupted. What was done so far is kept")
    assert err.count("\n") == 1
    cache = json.loads(run(place, "cache", "--json").stdout)
    assert cache["answers"] >= 1


def wait_for(happened):
    end = time.monotonic() + DEADLINE
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


def run_in_terminal(place, *words, columns=100):
    """Run a command with a terminal for all its streams; return (status, output)."""
    main, side = pty.openpty()
    env = {**place["env"], "COLUMNS": str(columns), "TERM": "xterm-256color"}
    with subprocess.Popen(
        [*ASSAY, *words],
        stdin=side,
        stdout=side,
        stderr=side,
        cwd=place["cwd"],
        env=env,
    ) as running:
        os.close(side)
        said = b""
        with suppress(OSError):  # Linux: the other side was closed
            while select.select([main], [], [], DEADLINE)[0]:
                if not (piece := os.read(main, 65536)):
                    break
                said += piece
        running.wait(DEADLINE)
    os.close(main)
    return running.returncode, said.decode("utf-8")


def test_a_terminal_gets_a_table_that_fits_and_a_pipe_gets_lines(place):
    status, said = run_in_terminal(place, "queries", columns=70)
    lines = [ESCAPE.sub("", line) for line in said.splitlines()]
    assert status == 0
    assert lines[0].split()[0] == "Name"
    assert all(len(line) <= 70 for line in lines if "assay search" not in line)
    assert run(place, "queries").stdout.startswith("kratom-safety\t")


def test_a_report_fits_the_terminal_and_leaves_no_progress_behind(place):
    status, said = run_in_terminal(place, "check", "--example", "--offline", columns=80)
    lines = [ESCAPE.sub("", line) for line in said.splitlines()]
    assert status == 0
    assert all(len(line) <= 80 for line in lines)
    left = said.rpartition("\x1b[2K")[2]  # behind the last line that was erased
    assert "Reading" not in left
    assert "\x1b[" in said


def test_a_sentence_in_a_terminal_breaks_between_words(place):
    status, said = run_in_terminal(place, "queries", "show", "none-such", columns=40)
    lines = [ESCAPE.sub("", line) for line in said.splitlines()]
    assert status == 2
    assert " ".join(line.strip() for line in lines).startswith(
        'assay: There is no saved query "none-such".'
    )
    assert all(len(line) <= 40 for line in lines)


def test_no_colours_when_none_are_wanted(place):
    colour = re.compile(r"\x1b\[[0-9;]*3[0-7]m")
    words = ("check", "--example", "--offline")
    assert colour.search(run_in_terminal(place, *words)[1])
    assert not colour.search(run_in_terminal(place, *words, "--no-color")[1])
    env = {**place["env"], "NO_COLOR": "1"}
    assert not colour.search(run_in_terminal({**place, "env": env}, *words)[1])


def test_an_article_is_read_from_a_pipe(place):
    text = "Kratom improves the quality of sleep.\n"
    done = run(place, "check", "-", "--offline", "--json", input=text)
    assert done.returncode == 0
    assert json.loads(done.stdout)["claims"][0]["sentence"] == text.strip()
