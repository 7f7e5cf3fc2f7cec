"""Cutting a search into spans: no gap, no overlap, nothing over the limit."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.sources.pubmed_split import (
    DAY,
    FIRST_DAY,
    LAST_DAY,
    LAST_PMID,
    PMID,
    Part,
    Span,
    cut,
    everything,
    show_span,
    slice_term,
    split,
)

TODAY = date(2026, 11, 22).toordinal()
CAP = 12
BUSY = date(2025, 3, 1).toordinal()


class World:
    """Records by PMID with their create day, None for one that has none."""

    def __init__(self, days, cap=CAP):
        self.days, self.cap, self.asked = dict(days), cap, []

    def holds(self, span):
        for pmid, day in sorted(self.days.items(), reverse=True):
            if span.field == DAY:
                inside = day is not None and span.low <= day <= span.high
            else:
                inside = span.low <= pmid <= span.high
                inside &= span.within in {0, day}
            if inside:
                yield str(pmid)

    def ask(self, spans):
        for span in spans:
            self.asked.append(span)
            found = tuple(self.holds(span))
            yield Part(span, len(found), found[: self.cap])


def split_world(world, field=DAY, ask=None):
    total = len(world.days)
    first = tuple(map(str, sorted(world.days, reverse=True)[: world.cap]))
    spans = cut(Part(everything(field), total, first), today=TODAY, cap=world.cap)
    return split(spans, total, ask or world.ask, today=TODAY, cap=world.cap)


def assert_tiles(spans, low, high):
    """Assert that the spans cover low to high, each number once."""
    ordered = sorted(spans, key=lambda span: span.low)
    assert (ordered[0].low, ordered[-1].high) == (low, high)
    assert all(before.high + 1 == after.low for before, after in pairwise(ordered))


def assert_covers(found, field):
    spans = [part.span for part in found.parts] + list(found.lost)
    within = {span.within for span in spans if field == DAY and span.field == PMID}
    whole = [span for span in spans if span.field == field]
    whole += [Span(DAY, day, day) for day in within]
    assert_tiles(whole, *((FIRST_DAY, LAST_DAY) if field == DAY else (1, LAST_PMID)))
    for day in within:
        assert_tiles([span for span in spans if span.within == day], 1, LAST_PMID)


days = st.one_of(
    st.integers(TODAY - 4000, TODAY),
    st.just(BUSY),
    st.integers(FIRST_DAY, LAST_DAY),
    st.none(),
)
worlds = st.builds(
    World, st.dictionaries(st.integers(90_000_000, 90_000_400), days, max_size=120)
)


@given(worlds, st.sampled_from([DAY, PMID]))
def test_every_record_is_in_exactly_one_part_and_every_part_fits(world, field):
    found = split_world(world, field)
    assert found.heeded
    assert not found.lost
    assert_covers(found, field)
    listed = [pmid for part in found.parts for pmid in part.pmids]
    dated = {str(p) for p, day in world.days.items() if field == PMID or day}
    assert len(listed) == len(set(listed))
    assert set(listed) == dated
    assert all(part.counted == len(part.pmids) <= CAP for part in found.parts)


@given(st.integers(CAP + 1, 300), st.integers(1, 3_000_000))
def test_all_on_one_day_is_cut_by_pmid(number, step):
    world = World({90_000_000 + n * step: BUSY for n in range(number)})
    found = split_world(world)
    assert_covers(found, DAY)
    assert sum(len(part.pmids) for part in found.parts) == number
    assert {part.span.within for part in found.parts if part.pmids} == {BUSY}
    assert len(world.asked) < 60 + 9 * number / CAP


@given(worlds, st.randoms(use_true_random=False))
def test_whatever_changes_while_it_is_asked_there_is_no_gap_and_an_end(world, chance):
    def ask(spans):
        for span in spans:
            for pmid in chance.sample(sorted(world.days), min(3, len(world.days))):
                what = chance.randrange(4)
                if what == 0:
                    del world.days[pmid]
                elif what == 1:
                    world.days[pmid] = chance.randrange(TODAY - 4000, TODAY)
                elif what == 2:
                    world.days[pmid + 1000] = BUSY
            part = next(world.ask([span]))
            yield None if chance.randrange(9) == 0 else part

    found = split_world(world, ask=ask)
    if found.heeded:
        assert_covers(found, DAY)


@given(st.integers(CAP + 1, 10**9))
def test_a_service_that_counts_the_whole_in_every_part_is_found_out(total):
    asked = []

    def ask(spans):
        asked.extend(spans)
        return [Part(span, total, ("90000001",) * CAP) for span in spans]

    spans = cut(Part(everything(DAY), CAP * 3, ()), today=TODAY, cap=CAP)
    found = split(spans, total, ask, today=TODAY, cap=CAP)
    assert not found.heeded
    assert len(asked) < 100


def test_a_single_pmid_that_counts_too_much_is_not_cut_for_ever():
    def ask(spans):
        for span in spans:
            yield Part(span, 3 * CAP if span.low <= 77 <= span.high else 0, ("77",))

    found = split((everything(PMID),), 3 * CAP, ask, today=TODAY, cap=CAP)
    assert_covers(found, PMID)
    assert max(part.counted for part in found.parts) == 3 * CAP


@settings(max_examples=25)
@given(st.integers(2, 60), st.floats(0.0005, 0.3), st.integers(0, 2**32))
def test_few_more_requests_than_parts_are_needed(years, growth, seed):
    """The number of records a year grows by a share; the guess is another one."""
    cap, total = 200, 2_000
    weights = [(1 + growth) ** year for year in range(years)]
    day, made = TODAY - 365 * years, {}
    for year, weight in enumerate(weights):
        number = round(total * weight / sum(weights))
        for n in range(number):
            pmid = 90_000_000 + len(made)
            made[pmid] = day + 365 * year + (n * 365 + seed % 7) // max(number, 1)
    world = World(made, cap)
    split_world(world)
    assert len(world.asked) <= 4.5 * len(made) / cap + 8


def test_ends_are_open_and_a_part_of_a_day_says_which():
    assert slice_term("tea", everything(DAY)) == "1000/01/01:3000/12/31[crdt] AND (tea)"
    term = slice_term("tea", Span(PMID, 1, 9, within=BUSY))
    assert term == "2025/03/01:2025/03/01[crdt] AND 1:9[uid] AND (tea)"


@pytest.mark.parametrize("field", [DAY, PMID])
def test_a_cut_gives_at_least_two_smaller_spans(field):
    part = Part(Span(field, 700_000, 700_001), 10**9, ())
    assert [span[1:3] for span in cut(part, today=TODAY)] == [
        (700_000, 700_000),
        (700_001, 700_001),
    ]
    assert "1917" in show_span(part.span) or field == PMID
