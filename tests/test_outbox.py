"""The outbox: what was not handed over is tried again, what was is not."""

import pytest

from assay.digest.outcome import Parcel
from assay.edge.ledger import write_outcome
from assay.edge.outbox import note_sent, note_unsent, read_parcels
from tests import state_sample as sample


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache" / "state.db"


def test_without_a_file_nothing_waits_and_none_is_made(path):
    assert read_parcels(path) == ()
    assert not path.parent.exists()


def test_a_parcel_waits_until_it_is_noted_as_sent(path):
    write_outcome(path, sample.outcome(channels=("html",)), lease=None)
    note_unsent(path, 1, "html", "The disk is full.", "2026-11-23T13:00")
    failed = Parcel(1, "html", "pending", 1, "2026-11-23T13:00", "The disk is full.")
    assert read_parcels(path) == (failed,)
    note_sent(path, 1, "html", "digests/x.html", "2026-11-23T14:00")
    sent = Parcel(1, "html", "sent", 2, "", "", "digests/x.html", "2026-11-23T14:00")
    assert read_parcels(path) == ()
    assert read_parcels(path, pending=False) == (sent,)


def test_what_was_sent_stays_sent(path):
    write_outcome(path, sample.outcome(channels=("html",)), lease=None)
    note_sent(path, 1, "html", "here", "2026-11-23T14:00")
    note_sent(path, 1, "html", "there", "2026-11-24T14:00")
    note_unsent(path, 1, "html", "too late", "")
    (parcel,) = read_parcels(path, pending=False)
    assert (parcel.state, parcel.place, parcel.tries) == ("sent", "here", 1)


def test_the_oldest_digest_is_handed_over_first(path):
    for number in range(1, 13):
        write_outcome(path, sample.outcome(number, (number,)), lease=None)
    assert [p.digest for p in read_parcels(path)][::2] == list(range(1, 13))


def test_a_channel_named_twice_gets_one_parcel(path):
    write_outcome(path, sample.outcome(channels=("html", "html")), lease=None)
    assert len(read_parcels(path)) == 1
