"""The window of a query: it misses nothing, and is never lost beside the words."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.digest.asked import Asked, Mark, Window
from assay.digest.windows import (
    BY,
    FIRST_LOOK,
    LATE,
    OVERLAP,
    By,
    gap_of,
    is_published_since,
    is_within,
    make_window,
    move_mark,
    word_window,
)
from assay.errors import QueryError
from assay.query.parse import parse_query
from assay.record import PartialDate, Record
from assay.search import Fidelity, Query
from assay.sources import SOURCES
from tests.standin.engine import run_query
from tests.standin.index import Index
from tests.standin.synthetic import synthetic_row

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


def mark(until="2026-11-16T06:00:00+00:00", text="tea", began="2026/10/01", **more):
    return Mark("tea", "pubmed", text, began, until, until, **more)


USUAL = Window("2026/11/02", "2026/10/01")


def asked(window=USUAL, *, text="tea", problem="", **more):
    return Asked(
        query="tea",
        source="pubmed",
        window=window,
        text=text,
        started=NOW.isoformat(),
        failed=bool(problem),
        problem=problem,
        **more,
    )


def window(known, now=NOW, **more):
    return tuple(make_window(known, "tea", now, **more))


# --- the window -----------------------------------------------------------------------


def test_the_first_run_looks_back_thirty_days_or_to_the_day_it_is_told():
    assert timedelta(days=30) == FIRST_LOOK
    assert window(None) == ("2026/10/24", "2026/10/24")
    assert window(None, since="2020") == ("2020/01/01", "2020/01/01")
    assert window(None, since="2026-11-20") == ("2026/11/20", "2026/11/20")


def test_a_later_run_looks_back_to_the_last_success_and_two_weeks_more():
    assert timedelta(days=14) == OVERLAP
    assert window(mark()) == ("2026/11/02", "2026/10/01")


def test_a_query_that_never_succeeded_is_asked_from_where_it_began():
    failed = move_mark(None, asked(Window(*window(None)), problem="Down."), NOW)
    later = NOW + timedelta(days=100)
    assert window(failed, later) == ("2026/10/24", "2026/10/24")


def test_a_query_whose_words_changed_is_asked_anew_from_where_it_began():
    assert window(mark(text="milk")) == ("2026/10/01", "2026/10/01")


def test_a_day_that_is_given_later_widens_the_window_and_never_narrows_it():
    assert window(mark(), since="2025") == ("2025/01/01", "2025/01/01")
    assert window(mark(), since="2026/10/15") == ("2026/10/15", "2026/10/01")
    assert window(mark(), since="2026-11-20") == ("2026/11/02", "2026/10/01")


def test_a_mark_in_the_future_is_not_believed():
    ahead = mark("2031-01-01T00:00:00+00:00")
    assert window(ahead) == ("2026/10/01", "2026/10/01")
    wholly = mark("2031-01-01T00:00:00+00:00", began="2030/12/02")
    assert window(wholly) == window(None)


def test_a_mark_that_cannot_be_read_is_as_good_as_none():
    assert window(mark(began="soon")) == window(None)
    assert window(mark("soon")) == ("2026/10/01", "2026/10/01")


@pytest.mark.parametrize(
    "since", ["soon", "2026-13", "2026-02-30", "26", "2026 Spring"]
)
def test_what_is_no_date_is_told(since):
    with pytest.raises(QueryError, match="is not a date; write YYYY"):
        make_window(None, "tea", NOW, since=since)


times = st.datetimes(
    datetime.fromisoformat("2020-01-01"),
    datetime.fromisoformat("2030-01-01"),
    timezones=st.sampled_from([UTC]),
)


@given(st.lists(st.tuples(times, st.booleans(), st.sampled_from(["tea", "milk"]))))
def test_whatever_fails_no_day_since_the_query_began_is_left_out(runs):
    """With clocks that only go on, each window begins before the last success."""
    known, first, success = None, None, {}
    for now, good, text in sorted(runs):
        span = make_window(known, text, now)
        first = first or span.began
        assert span.began == first
        since = success.get(text, first)
        assert span.first <= since
        result = asked(span, text=text, problem="" if good else "Down.")
        known = move_mark(known, result, now)
        if good:
            success = {text: now.strftime("%Y/%m/%d")}
            known = known._replace(until=now.isoformat())


# --- the mark -------------------------------------------------------------------------


def test_a_mark_moves_when_all_came_and_remembers_its_slot():
    moved = move_mark(mark(problem="Down."), asked(), NOW, "2026-11-23T06:00:00+00:00")
    assert moved == Mark(
        "tea",
        "pubmed",
        "tea",
        "2026/10/01",
        NOW.isoformat(),
        NOW.isoformat(),
        slot="2026-11-23T06:00:00+00:00",
    )


@pytest.mark.parametrize("failed", [True, False])
def test_a_mark_stays_when_something_did_not_come_and_remembers_why(failed):
    result = Asked(
        query="tea",
        source="pubmed",
        window=Window("2026/10/01", "2026/10/01"),
        text="milk",
        started=NOW.isoformat(),
        failed=failed,
        problem="" if failed else "3 records did not come.",
    )
    stayed = move_mark(mark(), result, NOW)
    assert stayed[:5] == mark()[:5]
    assert stayed.tried == NOW.isoformat()
    assert stayed.problem == ("The search failed." if failed else result.problem)


def test_the_gap_that_is_made_up_begins_with_the_last_success():
    assert not gap_of(None)
    assert not gap_of(mark())
    assert gap_of(mark(problem="Down.")) == "2026-11-16"
    assert gap_of(mark("", problem="Down.")) == "2026-10-01"


# --- the words ------------------------------------------------------------------------

SPAN = Window("2026/11/09", "2026/10/01")


def test_records_that_change_after_they_were_made_are_asked_for_too():
    assert word_window("tea", SPAN, "pubmed") == (
        "(tea) AND (2026/11/09:3000/12/31[crdt] OR "
        "(2026/10/01:3000/12/31[crdt] AND 2026/11/09:3000/12/31[lr]))"
    )
    first = Window("2026/11/09", "2026/11/09")
    assert (
        word_window("tea", first, "pubmed") == "(tea) AND (2026/11/09:3000/12/31[crdt])"
    )


def test_each_source_is_asked_by_the_nearest_date_that_it_knows():
    assert set(BY) == set(SOURCES)
    for name in ("openalex", "crossref"):
        assert word_window("tea", SPAN, name) == "(tea) AND (2026/10/01:3000/12/31[dp])"
        years = Window("2026/11/09", "2020/01/01")
        late = (date(2026, 11, 9) - LATE).strftime("%Y/%m/%d")
        assert word_window("tea", years, name) == f"(tea) AND ({late}:3000/12/31[dp])"
    assert word_window("tea", SPAN, "clinicaltrials").endswith(
        "2026/11/09:3000/12/31[dp])"
    )
    assert word_window("tea", SPAN, "doaj") == "tea"


@pytest.mark.parametrize("source", SOURCES)
def test_the_window_reaches_every_source_that_can_be_asked_for_one(source):
    """Its translation says what is sent of each clause, and what is not."""
    text = word_window("tea[ti] OR milk[ti]", SPAN, source)
    clauses = SOURCES[source].translate(Query(text=text)).clauses
    days = [each for each in clauses if "3000" in each.text]
    assert bool(days) == (BY[source] is not By.NOTHING)
    assert all(each.sent for each in days)
    assert all(each.fidelity is not Fidelity.UNSUPPORTED for each in days)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("tea OR milk", "tea OR milk"),
        ("tea)", "tea"),
        ("(tea", "(tea)"),
        ("tea) OR (milk", "tea OR (milk)"),
        ('"green tea', '"green tea"'),
        ("tea[ti", "tea[ti]"),
        ("tea AND", "tea"),
        ("OR tea", "tea"),
        ("tea AND OR milk", "tea OR milk"),
        ("tea NOT milk", "tea NOT milk"),
        ("(tea)[ti]", "(tea)[ti]"),
    ],
)
def test_odd_words_are_sent_as_they_were_read(text, held):
    first = Window("2026/11/09", "2026/11/09")
    worded = word_window(text, first, "pubmed")
    assert worded == f"({held}) AND (2026/11/09:3000/12/31[crdt])"


@pytest.mark.parametrize("text", ["", " ", "()", "#2", "[ti]", "AND", "(" * 200])
def test_a_query_that_asks_for_nothing_is_told_so(text):
    with pytest.raises(QueryError):
        word_window(text, SPAN, "pubmed")


pieces = st.sampled_from(
    "sleep saffron kratom[ti] anxiety[tiab] fatigue* AND OR NOT and ( ) ( ) [ti] [ ] "
    '" " : 2015:2030[dp] 2016[crdt] [lr] #1 & | the /* -- \\ ; xyzzy[ti] ~'.split()
)
texts = st.lists(pieces, min_size=1, max_size=9).map(" ".join)
ROWS = Index(
    [synthetic_row(i, (2015 + i % 4, i % 12 + 1, i % 28 + 1)) for i in range(48)]
)


@pytest.fixture(scope="module")
def everything():
    span = run_query(ROWS, "2017/03/01:3000/12/31[crdt]").rows
    assert 0 < len(span) < 48
    return span


@settings(max_examples=300)
@given(texts)
def test_however_a_query_is_written_nothing_outside_its_window_is_found(
    everything, text
):
    """As the stand-in of PubMed reads it, whose engine is another than assay's."""
    first = Window("2017/03/01", "2017/03/01")
    with suppress(QueryError):
        held = word_window(text, first, "pubmed")
        earlier = {1: tuple(ROWS.rows)}
        assert run_query(ROWS, held, earlier).rows <= everything


good = st.recursive(
    st.sampled_from(["sleep[tiab]", "saffron[ti]", "kratom[tiab]", "anxiety[tiab]"]),
    lambda part: st.tuples(part, st.sampled_from(["AND", "OR", "NOT"]), part).map(
        lambda three: f"({' '.join(three)})"
    ),
    max_leaves=6,
).map(lambda text: text.removeprefix("(").removesuffix(")") if "(" in text else text)


@given(good, st.integers(2015, 2018), st.integers(2015, 2018))
def test_all_that_a_query_finds_in_its_window_is_found(text, one, other):
    began, first = sorted((one, other))
    span = Window(f"{first}/06/01", f"{began}/06/01")
    found = run_query(ROWS, word_window(text, span, "pubmed")).rows
    within = run_query(ROWS, f"{first}/06/01:3000[crdt]").rows
    changed = run_query(ROWS, f"{began}/06/01:3000[crdt] AND {first}/06/01:3000[lr]")
    assert found == run_query(ROWS, text).rows & (within | changed.rows)


@given(st.text(max_size=40), st.sampled_from(sorted(SOURCES)))
def test_any_text_is_held_or_refused(text, source):
    with suppress(QueryError):
        held = word_window(text, SPAN, source)
        assert parse_query(held).tree is not None


# --- what a source without dates gives ------------------------------------------------


@pytest.mark.parametrize(
    ("published", "within"),
    [
        (PartialDate(2026, 0, 0, "year"), True),
        (PartialDate(2025, 0, 0, "year"), False),
        (PartialDate(2026, 10, 0, "month"), True),
        (PartialDate(2026, 9, 0, "month"), False),
        (PartialDate(2026, 10, 1, "day"), True),
        (PartialDate(2026, 9, 30, "day"), False),
        (PartialDate(2026, 4, 0, "season"), True),
        (PartialDate(0, 0, 0, "unknown"), True),
        (PartialDate(2026, 2, 31, "day"), False),
    ],
)
def test_a_record_counts_by_the_last_day_that_its_date_leaves_open(published, within):
    record = Record(source="doaj", dates=(published,))
    assert is_published_since(record, "2026/10/01") is within
    assert is_within(record, SPAN, "doaj") is within
    assert is_within(record, SPAN, "pubmed")


def test_a_record_of_which_only_the_year_is_known_counts_by_its_end():
    assert is_published_since(Record(source="x", year=2026), "2026/12/31")
    assert not is_published_since(Record(source="x", year=2025), "2026/01/01")
    assert is_published_since(Record(source="x"), "2026/01/01")


def test_the_later_of_the_printed_and_the_web_s_day_counts():
    days = (PartialDate(2025, 1, 0, "month", "PubDate"),)
    web = PartialDate(2026, 11, 1, "day", "ArticleDate:Electronic")
    entry = PartialDate(2026, 11, 1, "day", "History:entrez")
    assert is_published_since(Record(source="x", dates=(*days, web)), "2026/10/01")
    assert not is_published_since(
        Record(source="x", dates=(*days, entry)), "2026/10/01"
    )
