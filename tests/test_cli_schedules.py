"""Saved queries are given their days on the command line, and shown with them."""

import json

import pytest

from assay.cli import main

WORDS = ("queries", "add", "tea-sleep", "tea[tiab]")


@pytest.fixture
def assay(capsys, monkeypatch, tmp_path):
    """Run one command in an empty folder; return (status, output, errors)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")  # main may set it; this takes it back after

    def run(*words):
        status = main(words)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def queries(tmp_path):
    folder = tmp_path / "queries"
    folder.mkdir()
    return folder


def test_a_query_is_saved_with_the_days_on_which_the_digest_asks_it(assay, queries):
    when = ("--every", "monday, thursday", "--at", "7:00", "--jitter", "30")
    status, _, err = assay(*WORDS, *when, "--time-zone", "Europe/Berlin")
    said = (
        "In the digest: every Monday and Thursday at 07:00 (Europe/Berlin), put off by "
        "up to 30 minutes.\n"
    )
    assert status == 0
    assert err.endswith(said)
    path = queries / "tea-sleep.toml"
    assert path.read_text(encoding="utf-8") == (
        'text = "tea[tiab]"\n\n[digest]\nevery = "monday, thursday"\nat = "07:00"\n'
        'time_zone = "Europe/Berlin"\njitter = 30\n'
    )
    status, out, err = assay("queries", "show", "tea-sleep")
    assert (status, out) == (0, path.read_text(encoding="utf-8"))
    assert err.endswith(said)
    (query,) = json.loads(assay("queries", "show", "tea-sleep", "--json")[1])["queries"]
    assert query["schedule"] == {
        "rhythm": "weekdays",
        "days": 7,
        "weekdays": [0, 3],
        "day": 1,
        "at": "07:00",
        "zone": "Europe/Berlin",
        "jitter": 30,
    }


def test_a_query_without_days_is_asked_on_mondays_and_its_file_does_not_say_so(
    assay, queries
):
    assert assay(*WORDS)[0] == 0
    content = (queries / "tea-sleep.toml").read_text(encoding="utf-8")
    assert "[digest]" not in content
    assert "every Monday at 06:00" in assay("queries", "show", "tea-sleep")[2]


def test_a_query_can_be_monthly_or_only_when_it_is_named(assay, queries):
    assay(*WORDS, "--every", "monthly", "--day", "31")
    err = assay("queries", "show", "tea-sleep")[2]
    assert "on the last day of each month at 06:00" in err
    assay(*WORDS, "--every", "never", "--force")
    assert "only when it is named" in assay("queries", "show", "tea-sleep")[2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("--every", "mondya"),
            '--every: "mondya" is no rhythm; did you mean "monday"',
        ),
        (("--at", "25:00"), '--at: "25:00" is no time of day'),
        (("--time-zone", "Mars"), '--time-zone: "Mars" is no time zone'),
        (("--jitter", "9999"), "--jitter must be from 0 to 720, but is 9999"),
        (("--day", "3"), "--day goes with a monthly run only"),
        (("--every", "monthly", "--day", "0"), "--day must be from 1 to 31, but is 0"),
    ],
)
def test_a_slip_is_named_by_its_option_and_nothing_is_saved(
    assay, queries, words, said
):
    status, _, err = assay(*WORDS, *words)
    assert status == 2
    assert said in err
    assert not list(queries.iterdir())
