"""Several streams that run at once and come out as one."""

from threading import Event

import pytest

from assay.edge.side_by_side import AHEAD, run_side_by_side


def test_every_item_comes_and_each_stream_keeps_its_order():
    streams = [lambda n=n: iter(range(n, n + 300)) for n in (0, 1_000, 2_000)]
    got = list(run_side_by_side(streams))
    for number, start in enumerate((0, 1_000, 2_000)):
        own = [item for at, item in got if at == number]
        assert own == list(range(start, start + 300))


def test_no_stream_waits_for_another_to_end():
    first, second = Event(), Event()

    def one():
        first.set()
        assert second.wait(10)
        yield "one"

    def two():
        second.set()
        assert first.wait(10)
        yield "two"

    assert sorted(run_side_by_side([one, two])) == [(0, "one"), (1, "two")]


def test_an_error_in_one_stream_is_raised_where_the_items_are_taken():
    def broken():
        yield 1
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        list(run_side_by_side([broken]))


def test_closing_stops_a_stream_that_never_ends():
    ended = Event()

    def endless():
        try:
            while True:
                yield 0
        finally:
            ended.set()

    taken = run_side_by_side([endless])
    assert next(taken) == (0, 0)
    taken.close()
    assert ended.wait(10)


def test_a_stream_far_ahead_waits_and_loses_nothing():
    many = list(run_side_by_side([lambda: iter(range(3 * AHEAD))]))
    assert [item for _, item in many] == list(range(3 * AHEAD))


def test_no_stream_gives_nothing():
    assert list(run_side_by_side([])) == []
