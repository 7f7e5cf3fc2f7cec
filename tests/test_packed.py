"""Records that are packed once there are many of them."""

from hypothesis import given
from hypothesis import strategies as st

from assay.library.packed import PackedRecords, Pile, join_piles, pack_records
from tests.library_strategies import RECORDS


@given(st.lists(RECORDS, max_size=6), st.integers(0, 4))
def test_what_is_packed_comes_back_as_it_was_and_in_order(given_records, plain):
    packed = pack_records(given_records, plain)
    assert list(packed) == given_records
    assert [packed[at] for at in range(len(packed))] == given_records
    assert list(packed[1:3]) == given_records[1:3]
    assert isinstance(packed, PackedRecords) == (len(given_records) > plain)


@given(st.lists(st.lists(RECORDS, max_size=3), max_size=4), st.integers(0, 5))
def test_piles_are_joined_one_after_the_other(groups, plain):
    piles = []
    for group in groups:
        piles.append(Pile(plain))
        for record in group:
            piles[-1].add(record)
    joined = join_piles(piles, plain)
    assert list(joined) == [record for group in groups for record in group]
    assert len(joined) == sum(map(len, groups))
