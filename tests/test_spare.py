"""Work done ahead comes out once, and as if it had been done when it was asked for."""

from functools import partial
from threading import Event, get_ident

import pytest

from assay.edge.spare import Spare, open_spare


@pytest.fixture
def spare():
    own = Spare(1)
    yield own
    own.close()


def test_what_was_begun_is_done_once(spare):
    done = []

    def work():
        done.append(get_ident())
        return "tea"

    spare.begin("a", work)
    spare.begin("a", work)
    assert spare.take("a", work) == "tea"
    assert len(done) == 1
    assert spare.take("a", work) == "tea"  # asked for again, done again
    assert len(done) == 2


def test_what_nobody_began_is_done_by_who_asks(spare):
    assert spare.take("a", get_ident) == get_ident()


def test_who_waits_does_what_waits(spare):
    begun, go = Event(), Event()

    def hold():
        begun.set()
        go.wait(10)
        return get_ident()

    spare.begin("held", hold)
    begun.wait(10)
    spare.begin("waits", lambda: go.set() or get_ident())
    assert spare.take("held", hold) != get_ident()
    assert spare.take("waits", lambda: 0) == get_ident()


def test_a_failure_comes_out_where_it_is_asked_for(spare):
    spare.begin("a", lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        spare.take("a", lambda: 1 // 0)


def test_what_nobody_came_to_is_let_go(spare):
    begun, go, done = Event(), Event(), []
    spare.begin("held", lambda: begun.set() or go.wait(10))
    begun.wait(10)
    for number in range(100):
        spare.begin(number, partial(done.append, number))
    go.set()
    spare.close()
    assert len(done) <= 1


def test_without_threads_nothing_is_done_before_it_is_asked_for():
    spare = Spare()
    spare.begin("a", lambda: 1 // 0)
    assert spare.take("a", lambda: 7) == 7
    spare.close()


def test_on_this_machine_work_is_done_ahead():
    done = Event()
    with open_spare() as spare:
        spare.begin("a", done.set)
        assert done.wait(10)
