"""What a report cites is remembered with where it was cited; nothing else is."""

from dataclasses import replace

import pytest

from assay.cli import main
from assay.digest.uses import find_used
from assay.edge.used_works import read_uses, read_works
from assay.evidence.recheck import find_speaking
from assay.model import Label
from assay.notice import Check, Signal, Standing, StandingReport
from tests.sample import EMPTY, LATENCY, LATENCY_RETRACTED, REPORT, build_finding

ARTICLE = "# Tea\n\nKratom tea shortens the time it takes to fall asleep.\n"
DAY = "2026-11-23"


def finding(number, item=LATENCY):
    words = "Velora has no effect on blood pressure"
    return build_finding(words, f"Claim {number}.", Label.SUPPORTED, (item,))


# --- of a report --------------------------------------------------------------


def test_every_record_that_speaks_is_used_once_and_no_neutral_one():
    used = find_used(REPORT, DAY)
    assert [each.work.pmid for each in used] == [r.pmid for r in find_speaking(REPORT)]
    assert {each.use[:3] for each in used} == {("report", REPORT.article.name, DAY)}
    assert find_used(EMPTY, DAY) == ()


def test_the_claims_that_it_speaks_of_are_named_and_those_beyond_are_counted():
    some = replace(REPORT, findings=tuple(map(finding, range(2))))
    assert find_used(some, DAY)[0].use.what == "“Claim 0.”; “Claim 1.”"
    many = replace(REPORT, findings=tuple(map(finding, range(9))))
    what = find_used(many, DAY)[0].use.what
    assert what == "“Claim 0.”; “Claim 1.”; “Claim 2.”; and 6 more"


def test_what_the_report_showed_of_its_standing_is_what_was_told():
    own = replace(REPORT, findings=(finding(1, LATENCY_RETRACTED),))
    assert find_used(own, DAY)[0].told.standing is Standing.RETRACTED
    signals = (Signal("PubMed", Check.FAILED),)
    checked = StandingReport(standing=Standing.UNKNOWN, signals=signals)
    asked = replace(REPORT, findings=(finding(1, replace(LATENCY, checked=checked)),))
    assert find_used(asked, DAY)[0].told == checked


# --- as a person runs it ------------------------------------------------------


@pytest.fixture
def assay(capsys, monkeypatch, tmp_path):
    """Run one command in a workspace of its own; return (status, output, errors)."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "queries").mkdir()
    (tmp_path / "tea.md").write_text(ARTICLE, encoding="utf-8")

    def run(*words):
        status = main(list(words))
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def test_a_check_remembers_what_it_cites_offline_too_and_counts_it_once(
    assay, tmp_path
):
    state = tmp_path / "cache/state.db"
    assay("check", "tea.md", "--offline")
    works = list(read_works(state))
    assert works
    assert all(each.told and each.checked for each in works)
    (use,) = read_uses(state, works[0].work.key)
    assert use[:2] == ("report", "tea.md")
    assert "fall asleep" in use.what
    assay("check", "tea.md", "--offline", "--explain", "1")
    assert list(read_works(state)) == works
    assert len(read_uses(state, works[0].work.key)) == 1


def test_a_search_uses_nothing(assay, tmp_path):
    assay("search", "kratom", "AND", "sleep", "--offline")
    assert list(read_works(tmp_path / "cache/state.db")) == []


def test_a_report_is_not_spoilt_when_its_uses_cannot_be_kept(assay, tmp_path):
    whole = assay("check", "tea.md", "--offline")
    (tmp_path / "cache/state.db").write_bytes(b"no database at all" * 99)
    for name in ("state.db-wal", "state.db-shm"):
        (tmp_path / "cache" / name).unlink(missing_ok=True)
    status, out, err = assay("check", "tea.md", "--offline")
    assert (status, out) == whole[:2]
    assert "no digest will tell when a study that this report cites is retracted" in err
    assert "Traceback" not in err
