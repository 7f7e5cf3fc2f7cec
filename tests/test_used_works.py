"""Works that were used: one a work under whatever name, with all of its uses."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.digest.model import Use
from assay.digest.outcome import Outcome, Used
from assay.edge import used_works
from assay.edge.ledger import write_outcome
from assay.edge.used_works import count_works, read_uses, read_works, write_used
from assay.notice import Standing
from tests import state_sample as sample

PMID, DOI, PMCID = "pmid:90000001", "doi:10.99999/invented.1", "pmcid:PMC90000001"
TEA = Use("report", "tea.md", "2026-11-01", "Tea helps with sleep.")
COFFEE = Use("report", "coffee.md", "2026-11-02", "Coffee does not.")
MONDAY = Use("digest", "1", "2026-11-03", "tea")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache" / "state.db"


def known(number, *names, **more):
    """Return a work with these names, its PMID among them where it has one."""
    pmid = next((n.removeprefix("pmid:") for n in names if n.startswith("pmid:")), "")
    return sample.work(number, *names, pmid=pmid, **more)


def test_without_a_file_nothing_was_used_and_none_is_made(path):
    assert list(read_works(path)) == []
    assert count_works(path) == 0
    assert read_uses(path, PMID) == ()
    write_used(path, [])
    assert not path.parent.exists()


def test_a_work_is_found_under_each_of_its_names_with_its_uses(path):
    work = sample.work(1)
    write_used(path, [Used(work, MONDAY), Used(work, TEA), Used(sample.work(2), TEA)])
    assert [each.work for each in read_works(path)] == [work, sample.work(2)]
    for name in (PMID, DOI):
        assert read_uses(path, name) == (TEA, MONDAY)
    assert read_uses(path, PMCID) == ()


def test_a_work_under_a_new_name_joins_the_one_that_is_there(path):
    write_used(path, [Used(known(1, DOI, title="Tea", journal="J"), TEA)])
    write_used(path, [Used(known(1, PMID, DOI, title="Tea."), COFFEE)])
    (held,) = read_works(path)
    assert (held.work.key, held.work.names) == (PMID, (PMID, DOI))
    assert (held.work.title, held.work.journal) == ("Tea.", "J")
    assert read_uses(path, PMID) == read_uses(path, DOI) == (TEA, COFFEE)


def test_two_works_that_turn_out_to_be_one_become_one_with_the_uses_of_both(path):
    write_used(path, [Used(known(1, DOI), TEA), Used(known(2, PMCID), COFFEE)])
    assert len(list(read_works(path))) == 2
    write_used(path, [Used(known(1, PMID, DOI, PMCID), MONDAY)])
    (held,) = read_works(path)
    assert held.work.key == PMID
    for name in (PMID, DOI, PMCID):
        assert read_uses(path, name) == (TEA, COFFEE, MONDAY)


def test_what_both_told_of_the_same_place_is_kept(path):
    sides = known(1, DOI), known(2, PMCID)
    uses = TEA, TEA._replace(what="Tea harms.", when="2026-10-31")
    write_used(path, [Used(*each) for each in zip(sides, uses, strict=True)])
    write_used(path, [Used(known(1, DOI, PMCID), MONDAY)])
    both = TEA._replace(what="Tea helps with sleep.; Tea harms.", when="2026-10-31")
    assert read_uses(path, DOI) == (both, MONDAY)


def test_works_with_a_pmid_of_their_own_are_not_joined_by_a_shared_doi(path):
    """PubMed gives a notice the DOI of the work it is about now and then."""
    work, notice = known(1, PMID, DOI), known(2, "pmid:90000002", DOI)
    for _ in range(2):
        write_used(path, [Used(work, TEA), Used(notice, COFFEE)])
    assert [each.work for each in read_works(path)] == [work, notice]
    assert read_uses(path, PMID) == read_uses(path, DOI) == (TEA,)
    assert read_uses(path, "pmid:90000002") == (COFFEE,)
    write_used(path, [Used(known(3, DOI), MONDAY)])
    assert read_uses(path, PMID) == (TEA, MONDAY)


def test_a_work_between_two_with_other_pmids_joins_one(path):
    apart = known(1, PMID, DOI), known(2, "pmid:90000002", PMCID)
    write_used(path, [Used(each, TEA) for each in apart])
    write_used(path, [Used(known(3, DOI, PMCID), MONDAY)])
    assert [len(read_uses(path, each.key)) for each in apart] == [2, 1]


def test_a_report_made_again_counts_once_with_what_it_said_last(path):
    again = TEA._replace(when="2026-11-09", what="Tea harms.")
    write_used(path, [Used(sample.work(1), TEA)])
    write_used(path, [Used(sample.work(1), again)])
    assert read_uses(path, PMID) == (again,)
    write_used(path, [Used(sample.work(1), TEA)])  # of a clock that was set back
    assert read_uses(path, PMID) == (again,)


def test_two_claims_of_one_report_are_both_told(path):
    other = TEA._replace(what="Tea is safe.")
    write_used(path, [Used(sample.work(1), use) for use in (TEA, other, TEA)])
    (use,) = read_uses(path, PMID)
    assert use.what == "Tea helps with sleep.; Tea is safe."


def test_what_was_told_is_kept_with_the_first_use_only(path):
    sound, fallen = sample.report(), sample.RETRACTED
    write_used(path, [Used(sample.work(1), TEA, sound), Used(sample.work(2), TEA)])
    later = [Used(sample.work(n), COFFEE, fallen) for n in (1, 2)]
    write_used(path, later)
    held = list(read_works(path))
    assert [each.told for each in held] == [sound, None]
    assert [each.checked for each in held] == ["2026-11-01", ""]


@pytest.mark.parametrize("first", [0, 1])
def test_of_two_that_are_one_the_less_that_was_told_counts(path, first):
    """Whoever used the one that was sound has yet to hear of the retraction."""
    told = [sample.report(), sample.RETRACTED][:: 1 if first else -1]
    sides = known(1, DOI), known(2, PMCID)
    used = [Used(*each) for each in zip(sides, (TEA, COFFEE), told, strict=True)]
    write_used(path, used)
    write_used(path, [Used(known(1, PMID, DOI, PMCID), MONDAY)])
    (held,) = read_works(path)
    assert held.told.standing == Standing.SOUND


def test_a_run_notes_what_is_known_under_any_name_and_passes_over_strangers(path):
    write_used(path, [Used(sample.work(1), TEA)])
    standings = ((DOI, sample.RETRACTED), ("pmid:90000099", sample.RETRACTED))
    made = sample.outcome(1, ())
    write_outcome(path, replace(made, standings=standings), lease=None)
    (held,) = read_works(path)
    assert held.told == sample.RETRACTED
    assert held.checked == made.checked


def test_a_run_without_a_digest_notes_no_standing(path):
    write_used(path, [Used(sample.work(1), TEA)])
    quiet = Outcome(standings=((PMID, sample.RETRACTED),), checked="2026")
    write_outcome(path, quiet, lease=None)
    assert next(read_works(path)).told is None


def test_works_are_read_in_parts_while_others_write(path, monkeypatch):
    monkeypatch.setattr(used_works, "AT_ONCE", 3)
    write_used(path, [Used(sample.work(n), TEA) for n in range(10)])
    seen = []
    for each in read_works(path):
        if not seen:
            write_used(path, [Used(sample.work(10), TEA)])
        seen.append(each.work)
    assert seen == [sample.work(n) for n in range(11)]
    assert count_works(path) == 11


NAMES = [f"{kind}:{n}" for kind in ("doi", "pmcid") for n in range(4)]
WORKS = st.builds(
    lambda pmid, names, name: Used(
        known(1, *([f"pmid:{90_000_000 + pmid}"] if pmid else ()), *names),
        Use("report", str(name), "2026-11-01"),
    ),
    st.integers(0, 3),
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True),
    st.integers(0, 99),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(WORKS, max_size=4), max_size=6))
def test_whatever_comes_each_name_is_of_one_work_and_no_use_is_lost(
    tmp_path_factory, batches
):
    path = tmp_path_factory.mktemp("used") / "state.db"
    for batch in batches:
        write_used(path, batch)
    flat = [used for batch in batches for used in batch]
    held = [each.work for each in read_works(path)]
    for used in flat:
        reached = [read_uses(path, name) for name in used.work.names]
        assert any(used.use.name in {use.name for use in uses} for uses in reached)
    pmids = [work.pmid for work in held if work.pmid]
    assert sorted(pmids) == sorted({u.work.pmid for u in flat if u.work.pmid})
    assert {work.key for work in held} <= {n for work in held for n in work.names}
    if flat:
        with closing(sqlite3.connect(path)) as db:
            lost = "SELECT * FROM uses WHERE work NOT IN (SELECT id FROM works)"
            assert db.execute(lost).fetchall() == []
            bare = "SELECT id FROM works EXCEPT SELECT work FROM work_names"
            assert db.execute(bare).fetchall() == []
            odd = "SELECT * FROM work_names WHERE work NOT IN (SELECT id FROM works)"
            assert db.execute(odd).fetchall() == []
