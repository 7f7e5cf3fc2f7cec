"""`assay serve` as a person starts it: what it says, refuses, and how it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from assay.cli import main
from tests.eutils_served import Client, fill_library

SRC = Path(__file__).parent.parent / "src"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Return a workspace whose library holds the invented records."""
    fill_library(tmp_path / "cache/library")
    monkeypatch.setenv("ASSAY_HOME", str(tmp_path))
    return tmp_path


@contextmanager
def started(home, *words):
    """Start the command; give its process and what it printed first, as JSON."""
    command = [sys.executable, "-m", "assay", "serve", "--eutils", "--json", *words]
    process = subprocess.Popen(
        [*command, "--port", "0"],
        env={**os.environ, "ASSAY_HOME": str(home), "PYTHONPATH": str(SRC)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process, json.loads("".join(iter(process.stdout.readline, "}\n")) + "}")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.mark.parametrize(
    ("workers", "stop"),
    [
        pytest.param(1, signal.SIGINT, marks=pytest.mark.long),
        pytest.param(1, signal.SIGTERM, marks=pytest.mark.long),
        pytest.param(2, signal.SIGTERM, marks=pytest.mark.long),
        (2, signal.SIGINT),
    ],
)
def test_it_says_where_it_listens_and_ends_quietly_when_told(home, workers, stop):
    with started(home, "--workers", str(workers)) as (process, told):
        client = Client(told["address"])
        [info] = client.json("einfo", db="pubmed")["dbinfo"]
        assert info["count"] == str(told["records"])
        kept = client.json("esearch", term="kratom", usehistory="y")
        where = {"WebEnv": kept["webenv"], "query_key": kept["querykey"]}
        for _ in range(6):  # whichever process answers knows the set
            assert client.json("esearch", **where)["count"] == kept["count"]
        os.killpg(process.pid, stop)  # Ctrl-C reaches all in the foreground
        assert process.communicate(timeout=30) == ("", "")
        assert process.returncode == 0


def test_a_port_that_is_in_use_is_one_plain_sentence(home, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["serve", "--eutils", "--port", port]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"assay: 127.0.0.1:{port} cannot be listened at (")
    assert "--port" in said
    assert said.count("\n") == 1


def test_without_records_it_does_not_start(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ASSAY_HOME", str(tmp_path))
    monkeypatch.setattr("assay.cli.serve.open_records", lambda session: None)
    assert main(["serve", "--eutils", "--port", "0"]) == 1
    assert "There is no record to serve" in capsys.readouterr().err


def test_without_uvicorn_it_says_what_to_install(home, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "assay.edge.eutils_serving", raising=False)
    assert main(["serve", "--eutils"]) == 1
    assert "pip install 'assay[serve]'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "assay serve --eutils"),
        (["--eutils", "--port", "70000"], "--port must be"),
        (["--eutils", "--workers", "0"], "--workers must be"),
    ],
)
def test_what_cannot_be_meant_is_refused(home, capsys, words, said):
    assert main(["serve", *words]) == 2
    assert said in capsys.readouterr().err


def test_a_host_that_others_reach_is_warned_of(home, monkeypatch, capsys):
    monkeypatch.setattr("assay.edge.eutils_serving.serve", lambda *a, **k: a[1].close())
    assert main(["serve", "--eutils", "--host", "0.0.0.0", "--port", "0"]) == 0
    told = capsys.readouterr()
    assert "nobody is asked for a password" in told.err
    assert "Serving " in told.out
    assert main(["serve", "--eutils", "--port", "0"]) == 0
    assert capsys.readouterr().err == ""
