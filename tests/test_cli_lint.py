"""`assay queries lint`: what is odd about a query, for people and for programs."""

import json

import pytest
from hypothesis import given

from assay.cli import main
from assay.output.clean import clean
from assay.output.lints import Linted, render_lints
from assay.query.lint import lint
from tests.test_output_clean import NASTY


@pytest.fixture
def assay(capsys, monkeypatch, tmp_path):
    """Run one command in an empty workspace; return (status, output, errors)."""
    (tmp_path / "queries").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*words):
        status = main(words)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def test_the_shipped_queries_are_clean(assay):
    status, out, err = assay("queries", "lint")
    assert (status, err) == (0, "")
    assert "kratom-sleep: nothing to mend.\n" in out


def test_a_damage_is_shown_with_its_place_and_its_remedy(assay):
    status, out, _ = assay("queries", "lint", "--text", "tea[ti] AND NOT milk[ti]")
    assert status == 1
    assert out.splitlines() == [
        "tea[ti] AND NOT milk[ti]: 1 to mend.",
        "  double-operator (damage), character 9",
        "    tea[ti] AND NOT milk[ti]",
        "            ^^^^^^^",
        "    AND NOT in a row: one is too many.",
        "    Write: NOT",
    ]


def test_advice_alone_is_no_failure(assay):
    status, out, _ = assay("queries", "lint", "--text", '"Sleep"[mh] AND tea[ti]')
    assert status == 0
    assert "mesh-only (advice)" in out


def test_fix_prints_the_mended_query_and_tells_what_is_left(assay):
    words = ("queries", "lint", "--fix", "--text")
    status, out, err = assay(*words, "(tea OR milk)[ti] AND insomni∗[ab]")
    assert (status, out) == (1, "(tea[ti] OR milk[ti]) AND insomni*[ab]\n")
    assert "abstract-tag" in err
    assert assay(*words, "tea & milk") == (0, "tea AND milk\n", "")


def test_a_saved_query_is_linted_by_its_name_and_never_changed(assay, tmp_path):
    assert assay("queries", "add", "tea", "tea & milk")[0] == 0
    before = (tmp_path / "queries/tea.toml").read_bytes()
    status, out, _ = assay("queries", "lint", "tea", "--fix")
    assert (status, out) == (0, "tea\ttea AND milk\n")
    assert assay("queries", "lint", "tea")[0] == 1
    assert (tmp_path / "queries/tea.toml").read_bytes() == before


def test_as_json_every_lint_has_its_code_place_and_fix(assay):
    _, out, _ = assay("queries", "lint", "--json", "--text", "tea[ti:noexp]")
    (query,) = json.loads(out)["queries"]
    assert (query["name"], query["fixed"]) == (None, "tea[ti]")
    (found,) = query["lints"]
    assert found["code"] == "noexp-ignored"
    assert query["text"][found["start"] : found["end"]] == found["text"]


def test_names_and_texts_together_are_a_mistake(assay):
    status, _, err = assay("queries", "lint", "tea", "--text", "tea")
    assert status == 2
    assert "not both" in err


def test_a_broken_file_is_told_of_and_the_others_are_linted(assay, tmp_path):
    (tmp_path / "queries/broken.toml").write_text("txt = 1")
    status, out, err = assay("queries", "lint")
    assert status == 3
    assert "kratom-sleep" in out
    assert "broken" in err


@given(NASTY)
def test_a_query_cannot_act_on_the_terminal(nasty):
    text = f"tea[{nasty}] {nasty}& te*{nasty}[ab]"
    shown = render_lints([Linted("", text, lint(text))])
    assert clean(shown) == shown


def test_a_long_query_is_shown_around_the_place():
    text = " OR ".join(f"word{n}[ti]" for n in range(400)) + " OR tea[ab]"
    lines = render_lints([Linted("", text, lint(text))]).splitlines()
    assert all(len(line) <= 80 for line in lines)
    at = next(n for n, line in enumerate(lines) if "^^^^" in line)
    start = lines[at].index("^")
    assert lines[at - 1][start : start + 4] == "[ab]"
