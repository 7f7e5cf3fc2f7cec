"""Offline, what came into the library since the last time is new, however old it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from assay.digest.news import find_news
from assay.digest.outcome import Sent
from assay.digest.windows import move_mark
from assay.digest.works import work_of
from assay.edge.library_news import NAME, ask_library
from assay.edge.store import open_library
from assay.record import PartialDate, Record, Section
from assay.search import Query, SavedQuery

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
WEEK = timedelta(days=7)
TEA = SavedQuery(name="tea", query=Query(text="tea[tiab] AND sleep[tiab]", limit=1))


def record(number, *date, text="Tea and sleep."):
    return Record(
        source="pubmed",
        pmid=str(90_000_000 + number),
        title=f"Record {number}",
        abstract=(Section(text),),
        year=date[0] if date else None,
        dates=(PartialDate(*date),) if date else (),
    )


@pytest.fixture
def library(tmp_path):
    with open_library(tmp_path, starter=False) as opened:
        yield opened


def add(library, *records, when="2020-01-01T00:00:00+00:00"):
    library.add(records, source="file", query="records.nbib", when=when)


def ask(library, mark=None, now=NOW, saved=TEA, **more):
    """Return the PMIDs found, and what came of asking."""
    found, asked = ask_library(library, library.path.parent, saved, mark, now, **more)
    return {each.pmid[-2:].lstrip("0") for each in found.records}, asked


def test_the_first_time_what_can_have_come_out_since_then_is_new(library):
    add(
        library,
        record(1, 2026, 11, 1, "day"),
        record(2, 2026, 10, 0, "month"),
        record(3, 2026, 9, 0, "month"),
        record(4, 2026),
        record(5, 2025),
        record(6),
        record(7, 2026, 11, 1, "day", text="Milk."),
    )
    found, asked = ask(library)
    assert found == {"1", "2", "4", "6"}
    assert (asked.source, asked.found, asked.whole) == (NAME, 4, True)
    assert tuple(asked.window) == ("2026/10/24", "2026/10/24")


def test_the_day_that_is_named_counts_in_place_of_the_usual_one(library):
    add(library, record(1, 2026, 9, 0, "month"), record(2, 2019), record(3, 2020))
    assert ask(library, since="2020")[0] == {"1", "3"}
    assert ask(library, since="2026-10")[0] == set()


def test_later_what_was_added_since_is_new_however_old_it_is(library):
    add(library, record(1, 1999), record(2, 2026))
    _, asked = ask(library)
    mark = move_mark(None, asked, NOW)
    add(library, record(3, 1998), when="1998-05-05T00:00:00+00:00")
    found, asked = ask(library, mark, NOW + WEEK)
    assert found == {"2", "3"}  # what was delivered is known to the ledger
    mark = move_mark(mark, asked, NOW + WEEK)
    assert ask(library, mark, NOW + 2 * WEEK)[0] == {"2"}


def test_a_record_that_was_there_and_only_changed_did_not_arrive(library):
    add(library, record(1, 1999))
    mark = move_mark(None, ask(library)[1], NOW)
    add(library, replace(record(1, 1999), title="Record 1, revised", version="2"))
    assert library.get("pmid:90000001").title == "Record 1, revised"
    assert ask(library, mark, NOW + WEEK)[0] == set()


def test_what_was_found_is_told_once_over_several_weeks(library):
    mark, sent, told = None, {}, []
    for week in range(5):
        now = NOW + week * WEEK
        add(library, record(10 + week, 1990 + week), record(20 + week, 2026))
        found, asked = ask_library(library, library.path.parent, TEA, mark, now)
        news = find_news(found.records, sent)
        told.append(sorted(fresh.record.pmid[-2:] for fresh in news.fresh))
        for work in (work_of(fresh.record) for fresh in news.fresh):
            sent |= {name: Sent(work.key, week, "", False) for name in work.names}
        mark = move_mark(mark, asked, now)
    assert told == [["20"], ["11", "21"], ["12", "22"], ["13", "23"], ["14", "24"]]


def test_a_run_that_was_lost_is_made_up_for(library):
    mark = move_mark(None, ask(library)[1], NOW)
    add(library, record(1, 1999))
    assert ask(library, mark, NOW + WEEK)[0] == {"1"}  # and was killed
    assert ask(library, mark, NOW + 2 * WEEK)[0] == {"1"}


def test_a_library_that_was_made_anew_is_asked_by_date(tmp_path):
    with open_library(tmp_path / "old", starter=False) as library:
        add(library, *(record(n, 1999) for n in range(1, 9)))
        mark = move_mark(None, ask(library)[1], NOW)
    with open_library(tmp_path / "new", starter=False) as library:
        add(library, record(1, 1999), record(2, 2026))
        found, asked = ask(library, mark, NOW + WEEK)
        assert found == {"2"}
        assert asked.read_to == 2


def test_a_query_that_the_library_cannot_look_up_has_failed_and_is_no_silence(library):
    saved = replace(TEA, query=Query(text="hypnotics[pa]"))
    found, asked = ask(library, saved=saved)
    assert found == set()
    assert (asked.failed, asked.found) == (True, None)
    assert "nothing in the query can be looked up" in asked.problem
    mark = move_mark(None, asked, NOW)
    assert (mark.until, mark.read_to) == ("", 0)


def test_the_own_dates_of_a_query_hold_too(library):
    add(library, record(1, 2026, 11, 1, "day"), record(2, 2026, 11, 20, "day"))
    saved = replace(TEA, query=replace(TEA.query, until="2026/11/10"))
    assert ask(library, saved=saved)[0] == {"1"}


def test_a_new_user_s_first_digest_by_the_starter_library_has_something_to_tell(
    tmp_path,
):
    with open_library(tmp_path) as library:
        saved = replace(TEA, query=Query(text="kratom*[tiab] AND sleep*[tiab]"))
        found, asked = ask(library, saved=saved, since="2015")
        assert len(found) > 0
        assert asked.whole
