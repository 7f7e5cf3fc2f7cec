"""The ledger: an outcome is written whole or not at all, and nothing counts twice."""


import pytest

from assay.digest.model import heading_of
from assay.digest.outcome import Parcel
from assay.edge.ledger import (
    find_sent,
    find_told,
    last_asks,
    next_number,
    read_asks,
    read_digest,
    read_digests,
    read_headings,
    read_marks,
    read_sent,
    write_outcome,
)
from assay.edge.outbox import read_parcels
from assay.edge.used_works import read_uses, read_works
from assay.edge.watch_file import read_note, read_weighings
from tests import state_sample as sample


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache" / "state.db"


def test_without_a_file_nothing_was_done_and_none_is_made(path):
    assert read_marks(path) == read_asks(path) == last_asks(path) == ()
    assert read_sent(path, "tea") == find_sent(path, "tea", ["pmid:1"]) == {}
    assert find_told(path, ["pmid:1"]) == {}
    assert next_number(path) == 1
    assert read_digests(path, 9) == read_headings(path) == ()
    assert read_digest(path, 1) is None
    assert not path.parent.exists()


def test_an_outcome_is_read_back_as_it_was_written(path):
    whole = sample.outcome(
        1, (1, 2), weighings=(sample.weighing(7, digest=1),), notes=(("seq", "9"),)
    )
    write_outcome(path, whole, lease=None)
    assert read_digest(path, 1) == whole.digest
    assert read_digests(path, 5) == (whole.digest,)
    assert read_headings(path) == (heading_of(whole.digest),)
    assert read_marks(path) == whole.marks
    assert read_asks(path) == last_asks(path) == whole.asked
    assert read_weighings(path, 7) == whole.weighings
    assert read_note(path, "seq") == "9"
    assert [each.work for each in read_works(path)] == [d.work for d in whole.delivered]
    assert [each.told for each in read_works(path)] == [sample.report()] * 2
    assert [use.name for use in read_uses(path, "doi:10.99999/invented.2")] == ["1"]
    assert read_parcels(path) == (
        Parcel(1, "atom", "pending"),
        Parcel(1, "html", "pending"),
    )
