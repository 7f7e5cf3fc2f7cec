"""Records that share an identifier become one, and nothing better is lost."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assay.library.merge import conflict, keys_of, merge
from assay.record import (
    Correction,
    Identifier,
    PartialDate,
    Record,
    Section,
    Summary,
)
from tests.library_strategies import RECORDS

OURS = Record(
    source="starter",
    doi="10.99999/x",
    title="Tea",
    summary=Summary(sentences=("A.",), written_by="us", written_on="2026-01-01"),
    design_stated="animal",
    population="rats",
    sample_size=7,
    identifiers=(Identifier("starter", "roe-2021"),),
)
FETCHED = Record(
    source="pubmed",
    pmid="90000001",
    version="1",
    doi="10.99999/x",
    title="Tea in rats",
    abstract=(Section("They slept."),),
    identifiers=(Identifier("doi", "10.99999/x"),),
)
SOURCES = st.sampled_from(["starter", "pubmed", "crossref"])


def known(source, pmid, version, parts):
    return replace(parts, source=source, pmid=pmid, version=version)


MERGEABLE = st.builds(
    known, SOURCES, st.just("90000001"), st.sampled_from(["", "1", "2"]), RECORDS
)


def test_a_fetched_record_replaces_our_summary():
    merged = merge(OURS, FETCHED)
    assert merged == replace(
        FETCHED, identifiers=(*FETCHED.identifiers, Identifier("starter", "roe-2021"))
    )
    assert merge(FETCHED, OURS) == merged


def revised(year, month, day, **parts):
    date = PartialDate(year, month, day, "day", "DateRevised")
    return replace(FETCHED, dates=(date,), **parts)


def test_an_older_revision_that_arrives_later_takes_nothing_back():
    notice = (Correction("RetractionIn"),)
    now = revised(2026, 11, 20, title="Retracted: tea", corrections=notice)
    old = revised(2025, 12, 1)
    assert merge(now, old) == merge(old, now) == now
    same_day = revised(2026, 11, 20, title="Tea, anew")
    assert merge(now, same_day) == same_day
    assert merge(now, FETCHED).title == FETCHED.title  # of an unknown day: the newer
    later_version = replace(old, version="2")
    assert merge(now, later_version) == later_version


def test_our_summary_stays_until_an_abstract_is_known():
    merged = merge(OURS, replace(FETCHED, abstract=()))
    assert merged.summary == OURS.summary
    assert (merged.design_stated, merged.sample_size) == ("animal", 7)
    later = merge(merged, FETCHED)
    assert later.summary is None
    assert (later.design_stated, later.population, later.sample_size) == ("", "", None)


def test_identifiers_and_title_known_before_are_kept():
    merged = merge(
        replace(OURS, pmcid="PMC9000001"), replace(FETCHED, doi="", title="")
    )
    assert merged.doi == "10.99999/x"
    assert merged.pmcid == "PMC9000001"
    assert merged.title == "Tea"


def test_the_higher_version_wins_whichever_came_first():
    second = replace(FETCHED, version="2", title="Tea, revised")
    assert merge(second, FETCHED).title == "Tea, revised"
    assert merge(FETCHED, second).title == "Tea, revised"
    tenth = replace(FETCHED, version="10", title="Tea, again")
    assert merge(tenth, second).title == "Tea, again"


def test_of_the_same_version_the_newer_fetch_wins():
    newer = replace(FETCHED, title="Tea, corrected")
    assert merge(FETCHED, newer).title == "Tea, corrected"


def test_pubmed_counts_more_than_another_source():
    other = Record(source="crossref", doi="10.99999/x", title="TEA")
    assert merge(FETCHED, other).title == merge(other, FETCHED).title == "Tea in rats"


def test_a_new_edition_of_our_summary_replaces_the_old_one_whole():
    new = replace(OURS, doi="", title="", summary=None)
    assert merge(OURS, new) == new


def test_a_title_is_no_identifier():
    one, other = Record(source="x", title="Tea"), Record(source="y", title="Tea")
    assert not set(keys_of(one)) & set(keys_of(other))


def test_contradicting_pmids_are_never_merged():
    other = replace(FETCHED, pmid="90000002")
    assert conflict(FETCHED, other) == conflict(FETCHED, other)
    assert "doi:10.99999/x" in conflict(FETCHED, other)
    with pytest.raises(ValueError, match="90000002"):
        merge(FETCHED, other)


@given(MERGEABLE)
@settings(max_examples=50, deadline=None)
def test_merging_a_record_with_itself_changes_nothing_that_counts(record):
    merged = merge(record, record)
    if record.abstract and record.source != "starter":
        without = replace(
            record, summary=None, design_stated="", population="", sample_size=None
        )
        assert merged == without
    else:
        assert merged == record
    assert merge(merged, merged) == merged


@given(MERGEABLE, MERGEABLE)
@settings(max_examples=50, deadline=None)
def test_merging_again_changes_nothing(old, new):
    merged = merge(old, new)
    assert merge(merged, new) == merged or new.source == "starter"


@given(MERGEABLE, MERGEABLE)
@settings(max_examples=50, deadline=None)
def test_order_does_not_matter_between_unequal_sources(one, other):
    assume(one.source != other.source)
    assert merge(one, other) == merge(other, one)


@given(MERGEABLE, MERGEABLE)
@settings(max_examples=50, deadline=None)
def test_a_title_and_an_identifier_are_never_lost(one, other):
    assume(not one.source == other.source == "starter")
    merged = merge(one, other)
    assert bool(merged.title) == bool(one.title or other.title)
    assert bool(merged.doi) == bool(one.doi or other.doi)
    types = {i.type for i in (*one.identifiers, *other.identifiers)}
    assert {i.type for i in merged.identifiers} == types
