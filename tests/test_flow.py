"""The flow diagram: its numbers follow from each other, and a failure is no number."""

import json
import re
from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from assay.library.distinct import Distinct
from assay.library.merge import conflict, keys_of
from assay.model import Counts
from assay.output.flow import (
    LETTERS,
    MAIN,
    SIDE,
    WIDTH,
    count_flow,
    draw_flow,
    list_flow,
)
from assay.output.html import render_html
from assay.output.json import render_json
from assay.output.markdown import render_markdown
from assay.record import Record
from assay.search import SearchLog
from tests import sample

STEPS = count_flow(sample.REPORT)


def named(steps):
    return {step.label: step for step in steps}


def test_what_is_found_read_and_used_adds_up():
    steps = named(STEPS)
    sources, library = steps["Records from sources"], steps["Records in the library"]
    read, used = steps["Records read for the claims"], steps["Studies used in verdicts"]
    assert sources.number - dict(sources.beside)["found more than once"] == 197
    assert library.details == ("197 were found now", "1,146 were there before")
    assert library.number == 197 + 1_146
    assert read.number == library.number - sum(n for _, n in library.beside)
    records = int(re.search(r"in (\d+) record", used.details[0])[1])
    assert read.number == records + sum(n for _, n in read.beside)
    assert used.number <= records


def test_a_search_that_failed_is_said_and_is_no_zero():
    down = replace(sample.REPORT, searched=sample.LOGS[1:])
    first = count_flow(down)[0]
    assert first.number is None
    assert first.details == ("PubMed: 1 search failed",)
    for text in (render_markdown(down), render_html(down), render_json(down)):
        assert "PubMed: 1 search failed" in text.replace("\\", "")
        assert "PubMed: 0" not in text.replace("\\", "")
    assert json.loads(render_json(down))["flow"][0]["number"] is None


def test_a_source_that_failed_now_and_then_shows_both():
    assert STEPS[0].details == ("PubMed: 199 in 2 searches", "PubMed: 1 search failed")


def test_nothing_found_is_a_number():
    none = SearchLog(source="pubmed", query="q", count=0)
    report = replace(sample.EMPTY, searched=(none,), counts=Counts(found=0, read=0))
    steps = count_flow(report)
    assert (steps[0].number, steps[0].details) == (0, ("PubMed: 0 in 1 search",))
    assert draw_flow(steps).height > 0


def test_a_report_without_counts_leaves_out_what_is_not_known():
    steps = named(count_flow(replace(sample.REPORT, counts=None)))
    assert "Records in the library" not in steps
    assert steps["Records read for the claims"].number is None


def test_every_view_says_the_same_numbers():
    page, text = render_html(sample.REPORT), render_markdown(sample.REPORT)
    data = json.loads(render_json(sample.REPORT))["flow"]
    flow = draw_flow(STEPS)
    drawn = " ".join(line[2] for box in flow.boxes for line in box.lines)
    for step, told in zip(STEPS, data, strict=True):
        assert told["number"] == step.number
        for number in (step.number, *(n for _, n in step.beside)):
            for view in (page, text, drawn, flow.description):
                assert f"{number:,}" in view
    for line in list_flow(STEPS):
        assert line.split(" (")[0] in flow.description
    assert 'role="img" aria-labelledby="flow-title flow-text"' in page


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from(["pubmed", "x" * 90]), st.booleans())),
    st.integers(0, 10**7),
    st.integers(0, 10**7),
)
def test_every_box_holds_its_words_and_none_overlaps(made, found, read):
    logs = tuple(
        SearchLog(source=name, query="q", retrieved=0 if bad else found, failed=bad)
        for name, bad in made
    )
    counts = Counts(found=found, read=read)
    flow = draw_flow(count_flow(replace(sample.REPORT, searched=logs, counts=counts)))
    for box in flow.boxes:
        assert box.x >= 0
        assert box.x + box.width <= WIDTH
        for x, y, text, _ in box.lines:
            assert len(text) <= LETTERS[box.width]
            assert box.x < x
            assert box.y < y < box.y + box.height
    for width in (MAIN, SIDE):
        column = sorted((b.y, b.y + b.height) for b in flow.boxes if b.width == width)
        for (_, end), (start, _) in pairwise(column):
            assert end < start
    assert max(box.y + box.height for box in flow.boxes) <= flow.height


# --- counting different records ----------------------------------------------------

SOME = st.sampled_from(["", "1", "2", "3"])
RECORDS = st.lists(
    st.builds(
        lambda pmid, doi, pmcid: Record(
            source="x",
            pmid=pmid and f"9000000{pmid}",
            doi=doi and f"10.99999/{doi}",
            pmcid=pmcid and f"PMC9000000{pmcid}",
        ),
        SOME, SOME, SOME,
    ),
    max_size=8,
)  # fmt: skip


def count(records):
    seen = Distinct()
    for record in records:
        seen.add(record)
    return len(seen)


@given(RECORDS)
def test_a_record_that_comes_again_is_counted_once(records):
    assert count(records * 2) == count(records) <= len(records)


@given(RECORDS)
def test_records_with_pmids_of_their_own_are_different(records):
    assert count(records) >= len({record.pmid for record in records} - {""})


@given(RECORDS)
def test_records_that_share_no_name_are_different(records):
    apart, names = [], set()
    for record in records:
        if names.isdisjoint(keys_of(record)):
            apart.append(record)
            names |= set(keys_of(record))
    assert count(apart) == len(apart)


def test_two_records_are_one_where_the_library_makes_them_one():
    one = Record(source="x", pmid="90000001", doi="10.99999/a")
    other = Record(source="y", doi="10.99999/A")
    notice = Record(source="x", pmid="90000002", doi="10.99999/a")
    assert count([one, other]) == 1
    assert conflict(one, notice)
    assert count([one, notice]) == 2
