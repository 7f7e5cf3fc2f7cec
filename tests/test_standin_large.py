"""The stand-in with many records: a busy day, changes while it is asked, lies."""

import pytest

from tests.standin import serve
from tests.standin.asking import search
from tests.standin.synthetic import FIRST_PMID, days_of, synthetic_row

EVERYTHING = "1000:3000[crdt]"


def count(server, term):
    return int(search(server, term, rettype="count")["count"])


@pytest.fixture(scope="module")
def busy():
    with serve(synthetic=13_000, busy_day=12_000) as running:
        yield running


def test_one_day_holds_more_than_can_be_listed(busy):
    year, month, day = days_of(13_000, 12_000)[6_000]
    term = f"{year}/{month:02}/{day:02}[crdt]"
    assert count(busy, term) >= 12_000
    found = search(busy, term, retmax=20_000)
    assert len(found["idlist"]) == 9_999
    half = FIRST_PMID + 6_000
    parts = [f"{term} AND {lo}:{hi}[uid]" for lo, hi in ((1, half), (half + 1, 10**9))]
    assert sum(count(busy, part) for part in parts) == count(busy, term)
    assert count(busy, EVERYTHING) == 13_000


@pytest.mark.parametrize("number", [60_000, 1_000_000])
def test_days_of_any_number_are_in_order_and_end_in_2025(number):
    days = days_of(number, number // 5)
    assert len(days) == number
    assert days == sorted(days)
    assert (days[0][0], days[-1][0]) == (2015, 2025)
    assert max(days.count(day) for day in {days[0], days[number // 2]}) > number // 5


def test_records_come_go_and_move_at_the_request_that_was_planned():
    with serve(synthetic=50) as server:
        late = synthetic_row(70, (2024, 5, 6))
        server.change(lambda world: world.add(late), path="esearch", after=1)
        server.change(lambda world: world.remove(FIRST_PMID, FIRST_PMID + 1), after=2)
        server.change(lambda world: world.move(FIRST_PMID + 2, 20240506), after=3)
        server.change(lambda world: world.move(FIRST_PMID + 2), after=4)
        assert [count(server, "all[sb]") for _ in range(3)] == [50, 51, 49]
        found = search(server, "2024/05/06[crdt]")["idlist"]
        assert found == [str(late.pmid), str(FIRST_PMID + 2)]
        assert count(server, EVERYTHING) == 48
        assert count(server, "all[sb]") == 49
        assert count(server, "synthetic[ti]") == 49
        assert count(server, f"{FIRST_PMID}[uid]") == 0


def test_counts_lie_lists_are_short_and_ranges_are_ignored_where_that_is_on():
    with serve(synthetic=50, cap=40) as server:
        server.world.lie_about_count = 3
        assert count(server, EVERYTHING) == 53
        assert count(server, "1[uid]") == 0
        server.world.lie_about_count, server.world.lose_ids = 0, 2
        found = search(server, "2015/01/01[crdt]")
        assert (found["count"], len(found["idlist"])) == ("10", 8)
        server.world.lose_ids, server.world.ignore_ranges = 0, True
        found = search(server, "2015/01/01[crdt] AND 1:2[uid]")
        assert (found["count"], len(found["idlist"])) == ("50", 40)
