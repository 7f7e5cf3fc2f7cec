"""`assay check --explain` as a person types it, with a claim and without."""

import json

import pytest

from assay.cli import main

ARTICLE = "Kratom raises pain tolerance. Kratom tea cures measles."


@pytest.fixture
def assay(capsys, monkeypatch, tmp_path):
    """Run one command where an article lies; return (status, output, errors)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "tea.md").write_text(ARTICLE, encoding="utf-8")

    def run(*words):
        status = main(words)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def test_a_claim_is_explained_by_its_number_and_by_its_words(assay):
    status, out, _ = assay("check", "tea.md", "--offline", "--explain", "1")
    assert status == 0
    assert out.startswith("Claim 1 of 2: Kratom raises pain tolerance")
    assert assay("check", "tea.md", "--offline", "--explain", "pain")[1] == out
    assert assay("check", "--explain", "1", "--offline", "tea.md")[1] == out


def test_without_a_claim_every_claim_is_looked_into_as_before(assay):
    status, out, _ = assay("check", "tea.md", "--offline", "--explain")
    assert status == 0
    assert "Claim 1, looked into: " in out
    assert "Claim 2, looked into: " in out
    assert assay("check", "--explain", "--offline", "tea.md")[1] == out
    assert assay("check", "--offline", "--explain", "tea.md")[1] == out


def test_an_explanation_can_be_json(assay):
    status, out, _ = assay("check", "tea.md", "--offline", "--explain", "1", "--json")
    told = json.loads(out)
    assert status == 0
    assert told["schema"] == "assay/explain/1"
    assert told["number"] == 1
    assert [row["holds"] for row in told["table"]].count(True) >= 1


def test_a_report_goes_to_its_file_whatever_is_explained(assay, tmp_path):
    words = ("check", "tea.md", "--offline", "--explain", "1", "-o", "report.json")
    assert assay(*words)[0] == 0
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert len(report["claims"]) == 2


def test_the_one_claim_of_an_article_is_not_numbered_from_one_to_one(assay, tmp_path):
    (tmp_path / "one.txt").write_text("Kratom cures insomnia.", encoding="utf-8")
    err = assay("check", "one.txt", "--offline", "--explain", "2")[2]
    assert "There is no claim 2; the article has one only." in err
    err = assay("check", "one.txt", "--offline", "--explain", "unicorn")[2]
    assert "holds the words “unicorn”; it has one only." in err


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("7", "There is no claim 7; the article has 1 to 2."),
        ("unicorn", "No claim of the article holds the words “unicorn”"),
        ("kratom", "“kratom” fits several claims (1, 2). Say one number."),
    ],
)
def test_a_claim_that_is_not_there_is_told_in_one_plain_sentence(assay, asked, said):
    status, out, err = assay("check", "tea.md", "--offline", "--explain", asked)
    assert (status, out) == (2, "")
    assert said in err
    assert len(err.strip().splitlines()) == 1
