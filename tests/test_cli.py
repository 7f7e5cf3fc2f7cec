"""The command line as a person meets it: words in, words and a status out."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.cli import COMMANDS, main
from assay.cli.session import STATUSES


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


def test_help_names_every_command_and_how_to_begin(assay):
    status, out, err = assay("--help")
    assert status == 0
    assert all(f" {name} " in out for name in COMMANDS)
    assert "assay check --example" in out
    assert err == ""


def test_no_words_at_all_give_the_help(assay):
    assert assay() == assay("--help")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(assay, name):
    status, out, _ = assay(name, "--help")
    assert status == 0
    assert f"Example: assay {name}" in " ".join(out.split())
    assert "--json" in out
    assert "--quiet" in out


def test_a_mistyped_command_is_answered_with_the_nearest(assay):
    status, out, err = assay("querys")
    assert (status, out) == (2, "")
    assert "Did you mean 'queries'?" in err
    assert err.startswith("assay: ")


def test_an_unknown_option_points_to_the_help_of_its_command(assay):
    status, _, err = assay("queries", "list", "--colour")
    assert status == 2
    assert "`assay queries list --help`" in err


def test_with_json_an_error_is_an_object_on_standard_output(assay):
    for words in (["--json", "queries", "show", "zz"], ["queries", "add", "--json"]):
        status, out, err = assay(*words)
        error = json.loads(out)["error"]
        assert error["status"] == status == 2
        assert err == f"assay: {error['message']}\n"


def test_debug_shows_where_an_error_arose(assay):
    _, _, err = assay("queries", "show", "zz", "--debug")
    assert err.startswith("Traceback")
    assert "assay: There is no saved query" in err
    assert "Traceback" not in assay("queries", "show", "zz")[2]


def test_saved_queries_are_added_shown_listed_and_removed(assay, tmp_path):
    (tmp_path / "queries").mkdir()
    words = ("tea-sleep", "tea[tiab]", "AND", "sleep[tiab]", "--since", "2015")
    status, out, err = assay("queries", "add", *words, "--title", "Tea")
    path = tmp_path / "queries/tea-sleep.toml"
    assert (status, out, err) == (0, "", f"Saved: {path}\n")
    assert 'text = "tea[tiab] AND sleep[tiab]"' in path.read_text(encoding="utf-8")
    assert "tea-sleep\tTea\n" in assay("queries")[1]
    status, out, err = assay("queries", "show", "tea-sleep")
    assert (status, out) == (0, path.read_text(encoding="utf-8"))
    assert err == f"{path}\nIn the digest: every Monday at 06:00 (UTC).\n"
    assert assay("queries", "add", *words)[0] == 2
    assert assay("queries", "add", *words, "--force")[0] == 0
    assert assay("queries", "remove", "tea-sleep")[2] == f"Removed: {path}\n"
    assert "tea-sleep" not in assay("queries", "list")[1]


def test_a_query_that_pubmed_would_misread_is_saved_and_that_is_said(assay, tmp_path):
    (tmp_path / "queries").mkdir()
    status, _, err = assay("queries", "add", "tea", "tea AND (", "--quiet")
    assert status == 0
    assert "`assay queries lint tea` tells why." in err


def test_a_query_is_saved_with_the_sources_that_it_is_asked_of(assay, tmp_path):
    (tmp_path / "queries").mkdir()
    words = ("queries", "add", "tea", "tea", "--source")
    assert assay(*words, "doaj", "--source", "PubMed")[0] == 0
    path = tmp_path / "queries/tea.toml"
    assert 'sources = ["pubmed", "doaj"]' in path.read_text(encoding="utf-8")
    assert assay(*words, "all", "--force")[0] == 0
    assert path.read_text(encoding="utf-8").count('"clinicaltrials"') == 1
    status, _, err = assay(*words, "nowhere", "--force")
    assert status == 2
    assert 'There is no source "nowhere"; known: pubmed,' in err


def test_what_goes_wrong_at_the_end_is_a_sentence_too(assay, monkeypatch):
    def fail(self):
        raise OSError(28, "No space left on device", "http.db")

    monkeypatch.setattr("assay.edge.cache.Cache.close", fail)
    for words in (("search", "tea", "--offline"), ("show", "90000001", "--refresh")):
        status, _, err = assay(*words)
        assert status in {1, 2}
        assert err.startswith("assay: ")
        assert "Traceback" not in err


def test_shared_options_may_stand_before_or_after_the_command(assay, tmp_path):
    place = str(tmp_path / "elsewhere")
    for words in (
        ("--workspace", place, "--json", "-q", "queries", "add", "a-b", "x", "--force"),
        ("queries", "add", "a-b", "x", "--workspace", place, "--json", "-q", "--force"),
        ("queries", "--workspace", place, "--json", "-q", "add", "a-b", "x", "--force"),
    ):
        status, out, err = assay(*words)
        assert (status, err) == (0, "")
        assert json.loads(out)["queries"][0]["name"] == "a-b"
    assert (tmp_path / "elsewhere/queries/a-b.toml").is_file()


def test_a_broken_saved_query_is_told_and_the_others_are_listed(assay, tmp_path):
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries/broken.toml").write_text("txt = 1")
    status, out, err = assay("queries", "--quiet")
    assert status == 3
    assert "kratom-sleep" in out
    assert 'unknown key "txt"' in err


def test_quiet_says_nothing_by_the_way(assay):
    assert assay("queries", "show", "kratom-sleep", "--quiet")[2] == ""
    assert assay("queries", "show", "kratom-sleep")[2] != ""


def test_an_error_never_speaks_to_the_terminal(assay):
    for name in ("\x1b]0;owned\x07", "\x9b31m", "\u202e"):
        _, _, err = assay("queries", "show", name)
        assert name[0] not in err
        assert name[0] not in assay("check", f"{name}.txt")[2]


def test_bytes_that_are_no_text_are_not_saved(assay):
    status, _, err = assay("queries", "add", "a", "tea\udcff")
    assert status == 2
    assert "not text" in err


BEGINNINGS = (
    ("queries",),
    ("queries", "show"),
    ("queries", "add"),
    ("queries", "remove"),
    ("search", "--offline"),
    ("show", "--offline"),
    ("check", "--offline"),
    ("library", "add"),
    ("library", "export"),
    ("cache", "clear"),
    (),
)
any_words = st.lists(
    st.text(max_size=20)
    | st.sampled_from(
        ["--json", "--since", "--limit", "-o", "--sort", "a-b", "x.json"]
    ),
    max_size=4,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(begin=st.sampled_from(BEGINNINGS), words=any_words)
def test_no_words_whatever_are_a_fault_of_ours(assay, begin, words):
    status, _, err = assay(*begin, *words)
    assert status in STATUSES
    assert "Traceback" not in err
    assert "fault of ours" not in err
    if status in {1, 2}:
        assert err.startswith("assay: ")
