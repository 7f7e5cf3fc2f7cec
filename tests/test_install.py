"""`assay digest --install`: what calls the digest every hour, shown or put in place."""

import os
import shlex
import stat

import pytest

from assay.cli import main
from assay.output.timers import (
    mark_of,
    put_cron,
    render_cron,
    render_github,
    render_systemd,
    unit_of,
)

CRONTAB = """#!/bin/sh
# keeps its table in a file, as crontab(1) does
if [ "$1" = "-l" ]; then
  [ -f "$TABLE" ] || { echo "no crontab for nobody" >&2; exit 1; }
  cat "$TABLE"
else
  cat > "$TABLE"
fi
"""


@pytest.fixture
def crontab(tmp_path, monkeypatch):
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "crontab"
    program.write_text(CRONTAB)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("TABLE", str(tmp_path / "table"))
    return tmp_path / "table"


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "a folder with 100%"
    (folder / "queries").mkdir(parents=True)
    monkeypatch.setenv("ASSAY_HOME", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return folder


def test_a_shell_reads_the_cron_line_back_as_the_words_given():
    words = ["/opt/a b/assay", "--workspace", "/home/o'k/100%", "digest"]
    line = render_cron(words, "/w").splitlines()[1]
    command = line.split(" ", 5)[5].replace("\\%", "%")
    assert shlex.split(command) == words


def test_putting_the_lines_in_twice_changes_nothing_more():
    lines = render_cron(["assay", "digest"], "/w")
    once = put_cron("MAILTO=me\n5 4 * * * other\n", lines, "/w")
    assert put_cron(once, lines, "/w") == once
    assert once.startswith("MAILTO=me\n5 4 * * * other\n")


def test_another_workspace_keeps_its_own_lines():
    one = put_cron("", render_cron(["assay", "1"], "/w1"), "/w1")
    both = put_cron(one, render_cron(["assay", "2"], "/w2"), "/w2")
    again = put_cron(both, render_cron(["assay", "3"], "/w1"), "/w1")
    assert again.count("assay 3") == 1
    assert "assay 1" not in again
    assert "assay 2" in again
    assert again.count(mark_of("/w2")[0]) == 1


def test_systemd_reads_no_specifier_and_no_variable_in_a_path():
    units = render_systemd(['/opt/100%/$HOME/a"b/assay', "digest"], "/w")
    line = units[f"{unit_of('/w')}.service"].splitlines()[-1]
    assert line == 'ExecStart="/opt/100%%/$$HOME/a\\"b/assay" "digest"'


def test_the_workflow_names_secrets_and_holds_none():
    text = render_github(["digest", "kratom-sleep", "--to", "html"])
    assert "ASSAY_SMTP_PASSWORD: ${{ secrets.ASSAY_SMTP_PASSWORD }}" in text
    assert "run: assay --workspace . digest kratom-sleep --to html" in text


@pytest.mark.parametrize("kind", ["cron", "systemd", "github"])
def test_without_write_it_is_only_shown(kind, home, crontab, tmp_path, capsys):
    before = sorted(tmp_path.rglob("*"))
    assert main(["digest", "--install", kind]) == 0
    assert "digest" in capsys.readouterr().out
    assert sorted(tmp_path.rglob("*")) == before


def test_cron_is_written_once_and_keeps_what_was_there(home, crontab, capsys):
    crontab.write_text("1 2 * * * mine\n")
    for _ in range(2):
        assert main(["digest", "kratom-sleep", "--install", "cron", "--write"]) == 0
    table = crontab.read_text()
    assert table.startswith("1 2 * * * mine\n")
    assert table.count("kratom-sleep") == 1
    assert str(home).replace("%", "\\%") in table


def test_without_cron_it_is_said_what_to_do(home, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert main(["digest", "--install", "cron", "--write"]) == 1
    assert "install cron" in capsys.readouterr().err


def test_units_are_written_where_systemd_looks(home, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert main(["digest", "--install", "systemd", "--write"]) == 0
    folder = tmp_path / "config/systemd/user"
    assert {path.suffix for path in folder.iterdir()} == {".service", ".timer"}
    assert "systemctl --user enable --now" in capsys.readouterr().out


def test_the_workflow_is_written_into_the_workspace(home, capsys):
    assert main(["digest", "--install", "github", "--write"]) == 0
    assert (home / ".github/workflows/assay-digest.yml").is_file()


def test_an_unknown_kind_is_refused_with_those_there_are(home, capsys):
    assert main(["digest", "--install", "launchd"]) == 2
    assert "cron, systemd, github" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["no-such-query"], 'no saved query "no-such-query"'),
        (["--to", "pigeon"], 'no channel "pigeon"'),
        (["--json"], "it has no --json"),
        (["--all"], "--install goes with no other option"),
        (["--since", "2020"], "--install goes with no other option"),
    ],
)
def test_what_would_fail_in_every_hour_is_not_put_in_place(
    words, said, home, crontab, capsys
):
    assert main(["digest", *words, "--install", "cron", "--write"]) == 2
    assert said in capsys.readouterr().err
    assert not crontab.exists()
