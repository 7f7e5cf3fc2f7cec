"""The log of a search: it reads well, pastes well, and its sums are checked."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assay.errors import StoreError
from assay.output.search_log import WIDTH, render_search_log
from assay.output.search_log_json import (
    parse_search_log_json,
    render_search_log_json,
)
from assay.output.search_sums import check_sums
from assay.search import (
    Clause,
    Fidelity,
    Problem,
    Query,
    SearchLog,
    SearchRun,
    Slice,
    Tool,
)
from assay.sources import SOURCES
from tests import sample
from tests.test_output_clean import ANY, NASTY

TEXT = ANY | NASTY
COUNT = st.integers(0, 50)


def test_what_did_not_come_is_missing_though_nobody_named_it():
    log = SearchLog(
        source="doaj", query="q", count=30, wanted=30, retrieved=10,
        difference="20 of 30 were not delivered",
    )  # fmt: skip
    run = SearchRun(query=Query(text="q", limit=None), logs=(log,), found=10)
    text = render_search_log(run, SOURCES)
    assert re.search(r"\| DOAJ +\| +30 \| +30 \| +10 \| +20 \|", text)
    assert "Every sum holds. 20 records did not come." in text


def logs(text=TEXT):
    clause = st.builds(Clause, text, COUNT, COUNT, text, st.sampled_from(Fidelity))
    part = st.builds(Slice, st.sampled_from(["crdt", "uid"]), text, text, COUNT, COUNT)
    return st.builds(
        SearchLog,
        source=st.sampled_from(["pubmed", "europepmc", "x"]),
        query=text, sent=text, translation=text, difference=text, when=text,
        clauses=st.lists(clause, max_size=2).map(tuple),
        count=st.none() | COUNT, count_after=st.none() | COUNT,
        wanted=COUNT, retrieved=COUNT, repeated=COUNT, requests=COUNT, credits=COUNT,
        missing=st.lists(text, max_size=3).map(tuple),
        ignored=st.lists(text, max_size=2).map(tuple),
        recorded=st.booleans(), failed=st.booleans(),
        slices=st.lists(part, max_size=3).map(tuple),
    )  # fmt: skip


RUNS = st.builds(
    SearchRun,
    query=st.builds(
        Query, text=TEXT, since=TEXT, limit=st.none() | st.integers(1, 50), sort=TEXT
    ),
    name=TEXT, command=TEXT, started=TEXT, finished=TEXT,
    sources=st.lists(TEXT, max_size=2).map(tuple),
    logs=st.lists(logs(), max_size=3).map(tuple),
    problems=st.lists(st.builds(Problem, where=TEXT, what=TEXT), max_size=2).map(tuple),
    found=COUNT, duplicates=st.none() | COUNT, merged=st.none() | COUNT,
    studies=st.none() | COUNT,
    tools=st.lists(st.builds(Tool, TEXT, TEXT), max_size=2).map(tuple),
)  # fmt: skip


@st.composite
def true_runs(draw):
    """Draw a search whose every number follows from what was delivered."""
    limit = draw(st.none() | st.integers(1, 60))
    made = []
    for source in draw(st.lists(st.sampled_from("abcde"), unique=True)):
        parts = draw(st.lists(COUNT, max_size=4)) if limit is None else []
        count = sum(parts) if parts else draw(COUNT)
        wanted = count if limit is None else min(count, limit)
        lack = draw(st.integers(0, wanted))
        made.append(
            SearchLog(
                source=source,
                query="q",
                count=count,
                wanted=wanted,
                retrieved=wanted - lack,
                missing=("1",) * lack,
                count_after=draw(st.sampled_from([None, count])),
                slices=tuple(
                    Slice("crdt", f"20{at:02}/01/01", f"20{at:02}/12/31", n, n)
                    for at, n in enumerate(parts)
                ),
            )
        )
    if draw(st.booleans()):
        made.append(SearchLog(source="down", query="q", failed=True))
    found = sum(log.retrieved for log in made)
    duplicates = draw(st.integers(0, max(0, found - 1)))
    left = found - duplicates
    return SearchRun(
        query=Query(text="q", limit=limit),
        sources=tuple(log.source for log in made),
        logs=tuple(made),
        found=found,
        duplicates=duplicates,
        merged=left,
        studies=draw(st.integers(min(left, 1), left)),
    )


@given(true_runs())
def test_sums_that_are_true_are_not_complained_about(run):
    assert check_sums(run) == ()


@given(true_runs(), st.data())
def test_one_number_that_is_wrong_is_noticed_wherever_it_stands(run, data):
    by = data.draw(st.sampled_from([-1, 1, 7]))
    whole = st.sampled_from(["found", "duplicates", "merged"])
    told = [at for at, log in enumerate(run.logs) if not log.failed]
    if not told or data.draw(st.booleans()):
        name = data.draw(whole)
        wrong = replace(run, **{name: getattr(run, name) + by})
    else:
        at = data.draw(st.sampled_from(told))
        log = run.logs[at]
        name = data.draw(st.sampled_from(["count", "wanted", "retrieved", "slices"]))
        value = getattr(log, name)
        if name == "slices":
            if not value:
                return
            first = value[0]
            value = (first._replace(listed=first.listed + by), *value[1:])
        else:
            value += by
            if name == "count" and run.query.limit is not None:
                return  # more may be counted than is wanted
        changed = replace(log, **{name: value})
        wrong = replace(run, logs=(*run.logs[:at], changed, *run.logs[at + 1 :]))
    assert check_sums(wrong)


def test_a_difference_that_is_explained_is_not_complained_about():
    log = SearchLog(source="x", query="q", count=5, wanted=5, retrieved=3)
    run = SearchRun(query=Query(text="q", limit=None), logs=(log,), found=3)
    assert "which makes 3" in check_sums(run)[0]
    assert check_sums(replace(run, logs=(replace(log, difference="It lied."),))) == ()


def test_a_source_that_was_asked_and_left_no_log_is_named():
    run = SearchRun(query=Query(text="q"), sources=("pubmed",))
    assert check_sums(run) == ("pubmed: it was to be asked, and has 0 logs.",)


def test_parts_that_overlap_are_named():
    parts = (Slice("crdt", "2020/01/01", "2020/06/30", 1, 1),
             Slice("crdt", "2020/06/30", "2020/12/31", 1, 1))  # fmt: skip
    log = SearchLog(source="x", query="q", count=2, wanted=2, retrieved=2, slices=parts)
    run = SearchRun(query=Query(text="q", limit=None), logs=(log,), found=2)
    assert "overlap" in check_sums(run)[0]


# --- JSON -----------------------------------------------------------------------------


@settings(max_examples=25)
@given(RUNS)
def test_a_log_as_json_comes_back_as_it_was(run):
    assert parse_search_log_json(render_search_log_json(run, SOURCES)) == run


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not of the kind"),
        ('{"schema": "assay/search-log/2"}', "Update assay"),
        ('{"schema": "assay/search-log/1", "query": 5}', "query: not an object"),
        ('{"schema": "assay/search-log/1"}', "a field lacks"),
    ],
)
def test_what_is_no_log_is_refused_in_one_sentence(text, said):
    with pytest.raises(StoreError, match=said):
        parse_search_log_json(text)


def test_a_log_of_another_version_is_read_as_far_as_it_goes():
    value = json.loads(render_search_log_json(sample.RUN))
    value["unheard_of"] = [1]
    del value["studies"], value["logs"][0]["slices"]
    read = parse_search_log_json(json.dumps(value))
    assert read.studies is None
    assert read.logs[0].slices == ()
    assert read.logs[1:] == sample.RUN.logs[1:]


# --- Markdown -------------------------------------------------------------------------


def test_the_log_is_as_it_was(golden):
    known = {"pubmed": SOURCES["pubmed"]}  # a new source changes no golden page
    golden("search-log.md", render_search_log(sample.RUN, known))


def test_what_assay_says_fits_a_terminal_and_what_was_sent_is_whole():
    words = " OR ".join(f"velora{n}[tiab]" for n in range(60))
    long = replace(sample.RUN.logs[1], sent=words, difference="It " * 60)
    run = replace(sample.RUN, logs=(long,))
    text = render_search_log(run, SOURCES)
    assert f"\n{words}\n" in text
    assert all(len(ln) <= WIDTH for ln in text.splitlines() if ln != words)


def test_a_failure_is_never_shown_as_nothing_found():
    log = SearchLog(source="pubmed", query="q", failed=True)
    run = SearchRun(query=Query(text="q"), logs=(log,))
    text = render_search_log(run, SOURCES)
    (row,) = (line for line in text.splitlines() if line.startswith("| PubMed"))
    assert "failed" in row
    assert not re.search(r"\d", row)
    assert "This search failed" in text


def test_a_sum_that_does_not_hold_is_shown():
    text = render_search_log(replace(sample.RUN, merged=1), SOURCES)
    assert "These sums do not hold" in text
    assert "Every sum holds" not in text


@settings(max_examples=25)
@given(RUNS)
def test_no_word_from_outside_becomes_markup(run):
    text = render_search_log(run, SOURCES)
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    kinds = {t.type for t in tokens} | {
        child.type for t in tokens for child in t.children or ()
    }
    assert kinds.isdisjoint({"link_open", "image", "html_block", "html_inline", "hr"})
    headings = [tokens[at + 1].content for at, t in enumerate(tokens)
                if t.type == "heading_open"]  # fmt: skip
    assert headings[0].startswith("Search log:")
    assert len(headings) == 3 + len(run.logs) + bool(run.problems) + bool(run.tools)
    assert "\x1b" not in text
    assert text.endswith("\n")


def test_a_part_by_pmid_says_so_and_of_which_day_it_is():
    parts = (Slice("crdt", "2020/01/01", "2020/02/28", 1, 1),
             Slice("uid", "1", "90000008", 1, 1, "2020/02/29"),
             Slice("uid", "90000009", "999999999", 1, 1))  # fmt: skip
    log = SearchLog(
        source="pubmed", query="tea", count=3, wanted=3, retrieved=3, slices=parts
    )
    run = SearchRun(query=Query(text="tea"), logs=(log,), found=3)
    page = render_search_log(run)
    assert "| 2020/02/29, PMID 1 to 90000008" in page
    assert "| PMID 90000009 to 999999999" in page
    assert "| 2020/01/01 to 2020/02/28" in page
