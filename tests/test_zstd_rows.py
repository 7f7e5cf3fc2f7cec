"""Rows as zstd frames: back without loss, never damaged unnoticed."""

import threading
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.edge.zstd_rows import RowPacker, name_dictionary, train_dictionary
from tests.mirror_files import article

SAMPLES = [article(n, words=f"tea {n * 7919} " * (n % 9)) for n in range(1, 400)]
DICTIONARY = train_dictionary(SAMPLES, 4096)
PACKER = RowPacker(DICTIONARY)


@given(value=st.binary(max_size=500))
@settings(max_examples=50)
def test_what_was_packed_comes_back(value):
    assert PACKER.unpack(PACKER.pack(value)) == value
    assert PACKER.unpack(RowPacker().pack(value)) == value


def test_the_same_samples_give_the_same_dictionary():
    assert train_dictionary(SAMPLES, 4096) == DICTIONARY != b""
    assert len(name_dictionary(DICTIONARY)) == 64


def test_a_dictionary_makes_rows_smaller():
    assert len(PACKER.pack(SAMPLES[0])) < len(RowPacker().pack(SAMPLES[0])) / 2


def test_too_few_samples_give_no_dictionary():
    assert train_dictionary([]) == b""
    assert train_dictionary([b"x"]) == b""


@given(at=st.integers(0, 10_000), bit=st.integers(0, 7), cut=st.booleans())
@settings(max_examples=100)
def test_a_frame_that_was_damaged_is_refused_or_comes_back_whole(at, bit, cut):
    frame = bytearray(PACKER.pack(SAMPLES[8]))
    at %= len(frame)
    if cut:
        del frame[at:]
    else:
        frame[at] ^= 1 << bit
    with suppress(ValueError):
        assert PACKER.unpack(bytes(frame)) == SAMPLES[8]


def test_a_frame_of_another_dictionary_is_refused():
    other = RowPacker(train_dictionary(SAMPLES[::2], 2048))
    with pytest.raises(ValueError, match="ictionary"):
        other.unpack(PACKER.pack(SAMPLES[8]))


def test_threads_share_a_packer():
    wrong = []

    def work():
        wrong.extend(s for s in SAMPLES if PACKER.unpack(PACKER.pack(s)) != s)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
