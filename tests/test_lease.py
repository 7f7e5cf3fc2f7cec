"""The lease: one run at a time, and none locked out by one that has ended."""

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from assay.edge import process
from assay.edge.lease import LEASE_S, SKEW_S, hold_lease, read_holder
from assay.edge.ledger import next_number, read_marks, write_outcome
from assay.edge.process import Process, is_gone, this_process
from assay.edge.state_file import open_state
from assay.edge.state_values import render_value
from assay.errors import StoreError
from tests import state_sample as sample

HOUR = 3600
LINUX = Path("/proc/self/stat").exists()
needs_proc = pytest.mark.skipif(not LINUX, reason="this system has no /proc")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache" / "state.db"


@pytest.fixture
def clock():
    return sample.Clock()


def leave(path, clock, **of_process):
    """Let a process as described hold the lease from now on."""
    with hold_lease(path, "digest", now=clock):
        holder = read_holder(path, "digest")
    held = holder._replace(process=holder.process._replace(**of_process))
    with open_state(path) as db:
        db.execute("INSERT INTO leases VALUES ('digest', ?)", (render_value(held),))
    return held


def is_free(path, clock):
    with hold_lease(path, "digest", now=clock) as lease:
        return lease is not None


@pytest.fixture
def ended():
    """Return the number of a process that has ended."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    return gone.pid


def test_one_wins_and_the_other_can_say_who_holds_it(path, clock):
    with hold_lease(path, "digest", now=clock) as first:
        assert first is not None
        with hold_lease(path, "digest", now=clock) as second:
            assert second is None
        told = str(read_holder(path, "digest"))
        assert told.startswith(f"process {os.getpid()} on ")
        assert told.endswith(", since 2026-11-23 12:00 UTC")
    assert read_holder(path, "digest") is None
    assert is_free(path, clock)


def test_leases_of_other_names_do_not_count(path, clock):
    with hold_lease(path, "digest", now=clock):
        with hold_lease(path, "another", now=clock) as lease:
            assert lease is not None
        assert not is_free(path, clock)


def test_it_is_given_back_whatever_happens(path, clock):
    with pytest.raises(KeyboardInterrupt), hold_lease(path, "digest", now=clock):
        raise KeyboardInterrupt
    assert read_holder(path, "digest") is None


def test_what_ends_a_run_is_told_even_where_the_lease_cannot_be_given_back(path, clock):
    with pytest.raises(OverflowError), hold_lease(path, "digest", now=clock):
        float(10 ** path.write_bytes(b"no database" * 99))  # overflows


def test_without_a_file_nobody_holds_it_and_none_is_made(path):
    assert read_holder(path, "digest") is None
    assert not path.parent.exists()


def test_a_run_whose_lease_was_taken_over_writes_nothing(path, clock):
    with hold_lease(path, "digest", now=clock, seconds=60) as first:
        clock.move(61)
        with hold_lease(path, "digest", now=clock) as second:
            with pytest.raises(StoreError, match=r"took over .*by process \d+ on"):
                write_outcome(path, sample.outcome(), lease=first)
            with pytest.raises(StoreError, match="took over"):
                first.renew()
            assert next_number(path) == 1
            assert read_marks(path) == ()
            write_outcome(path, sample.outcome(), lease=second)
        with pytest.raises(StoreError, match="and gave it back"):
            write_outcome(path, sample.outcome(2), lease=first)
    assert next_number(path) == 2


def test_giving_back_never_takes_away_another_s(path, clock):
    with hold_lease(path, "digest", now=clock, seconds=60) as first:
        clock.move(61)
        with hold_lease(path, "digest", now=clock) as second:
            first.release()
            assert read_holder(path, "digest").token == second.token


def test_one_whose_time_has_passed_may_still_write_while_nobody_took_over(path, clock):
    with hold_lease(path, "digest", now=clock, seconds=60) as lease:
        clock.move(HOUR)
        write_outcome(path, sample.outcome(), lease=lease)
        lease.renew()
        assert not is_free(path, clock)


def test_a_long_run_keeps_it_by_renewing(path, clock):
    with hold_lease(path, "digest", now=clock, seconds=600) as lease:
        for _ in range(50):
            clock.move(149)
            lease.renew()
            assert not is_free(path, clock)
        assert str(read_holder(path, "digest")).endswith("12:00 UTC")  # since the start


def test_renewing_often_writes_nothing(path, clock):
    with hold_lease(path, "digest", now=clock, seconds=600) as lease:
        held = read_holder(path, "digest")
        for _ in range(10):
            clock.move(10)
            lease.renew()
        assert read_holder(path, "digest") == held


@pytest.mark.parametrize("back", [-1, -HOUR, -24 * HOUR, -20 * 365 * 24 * HOUR])
def test_a_clock_that_jumps_back_keeps_nobody_out_for_longer_than_a_lease(
    path, clock, back
):
    leave(path, clock, host="another")
    clock.move(back)
    clock.move(SKEW_S + LEASE_S)
    assert is_free(path, clock)


def test_a_lease_under_a_clock_far_ahead_holds_nobody_up(path, clock):
    leave(path, clock, host="another")
    clock.move(-24 * HOUR)
    assert is_free(path, clock)


def test_a_run_goes_on_when_the_clock_jumps_back_a_day(path, clock):
    with hold_lease(path, "digest", now=clock) as lease:
        clock.move(-24 * HOUR)
        lease.renew()
        assert not is_free(path, clock)
        write_outcome(path, sample.outcome(), lease=lease)


def test_the_clock_s_zone_does_not_matter(path, clock):
    with hold_lease(path, "digest", now=clock):
        zone = timezone(timedelta(hours=-11))
        there = sample.Clock(clock.now.astimezone(zone))
        assert not is_free(path, there)


@needs_proc
def test_one_whose_process_has_ended_is_free_at_once(path, clock, ended):
    leave(path, clock, pid=ended)
    assert is_free(path, clock)


def test_one_of_another_machine_is_free_when_its_time_has_passed(path, clock, ended):
    leave(path, clock, pid=ended, host="another")
    assert not is_free(path, clock)
    clock.move(LEASE_S - 1)
    assert not is_free(path, clock)
    clock.move(1)
    assert is_free(path, clock)


@needs_proc
def test_a_process_with_the_number_of_one_that_ended_does_not_hold_it(path, clock):
    leave(path, clock, born="1")
    assert is_free(path, clock)


@needs_proc
def test_a_machine_that_was_started_anew_holds_nothing(path, clock):
    leave(path, clock, boot="before")
    assert is_free(path, clock)


def test_in_another_container_a_number_says_nothing(path, clock, ended):
    leave(path, clock, pid=ended, space="pid:[1]")
    assert not is_free(path, clock)


def test_where_the_system_tells_no_starts_the_number_and_the_time_count(
    path, clock, ended, monkeypatch, tmp_path
):
    monkeypatch.setattr(process, "PROC", tmp_path / "no-proc")
    me = this_process()
    assert (me.born, me.boot, me.space) == ("", "", "")
    assert not is_gone(me, me)
    assert is_gone(me._replace(pid=ended), me)
    leave(path, clock)
    assert not is_free(path, clock)
    clock.move(LEASE_S + 1)
    assert is_free(path, clock)


@needs_proc
def test_a_process_that_ended_and_was_not_asked_how_is_gone():
    child = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    me = this_process()
    assert is_gone(me._replace(pid=child.pid, born=""), me)
    child.wait()


@needs_proc
def test_a_living_process_is_known_by_its_start():
    with subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE
    ) as child:
        me = this_process()
        held = me._replace(pid=child.pid, born=process._read_stat(child.pid)[1])
        assert held.born
        assert not is_gone(held, me)
        assert is_gone(held._replace(born="1"), me)
        child.communicate()
    assert is_gone(held, me)


def test_a_number_that_no_process_can_have_is_gone():
    me = this_process()
    assert is_gone(me._replace(pid=2**80), me)
    assert is_gone(me._replace(pid=0), me)
    assert is_gone(me._replace(pid=-1), me)


def test_on_windows_no_process_is_interrupted_to_see_whether_it_lives(monkeypatch):
    @dataclass
    class Windows:
        name: str = "nt"  # and no `kill`, which would end what it asks about

    me = Process("here", 1)
    monkeypatch.setattr(process, "os", Windows())
    assert not is_gone(me._replace(pid=2**22), me)
