"""The lease: one run at a time, and none locked out by one that has ended."""

import pytest

from assay.edge.lease import hold_lease, read_holder
from assay.edge.ledger import next_number, write_outcome
from assay.errors import StoreError
from tests import state_sample as sample


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache" / "state.db"


def test_one_wins_and_the_other_can_say_who_holds_it(path):
    clock = sample.Clock()
    with hold_lease(path, "digest", now=clock) as first:
        assert first is not None
        with hold_lease(path, "digest", now=clock) as second:
            assert second is None
        assert ", since 2026-11-23 12:00 UTC" in str(read_holder(path, "digest"))
    assert read_holder(path, "digest") is None


def test_a_run_whose_lease_was_taken_over_writes_nothing(path):
    clock = sample.Clock()
    with hold_lease(path, "digest", now=clock, seconds=60) as first:
        clock.move(61)
        with hold_lease(path, "digest", now=clock) as second:
            with pytest.raises(StoreError, match="took over while this one ran"):
                write_outcome(path, sample.outcome(), lease=first)
            assert next_number(path) == 1
            write_outcome(path, sample.outcome(), lease=second)
    assert next_number(path) == 2
