"""The floor of deduplication: no false merge, and hardly a missed one, on hard pairs.

A small version of `bench/dedupe.py`, on pairs of the half that no rule was made on.
"""

import os
from pathlib import Path

import pytest
from bench.dedupe import count, judge
from bench.dedupe_pairs import FILES, build_pairs, read_half

from tests.eval.golden import VARIABLE

PAIRS = 600
MOST_MISSED = 0.035
"""Share of the pairs that are one record and are not merged.

Many records of this one file are ahead of print and stand nowhere yet; over both files
it is 0.01 (bench/dedupe.py).
"""


@pytest.fixture(scope="module")
def pairs():
    folder = Path(os.environ.get(VARIABLE, "missing"))
    if not (folder / FILES[1]).is_file():
        pytest.skip(f"{VARIABLE} does not name the folder with the two NLM files")
    return build_pairs(read_half(folder, "held-out", FILES[1:]), PAIRS, "floor")


def test_no_two_records_are_merged_and_hardly_one_is_missed(pairs):
    false, missed, shown = count(pairs, [judge(pair) for pair in pairs])
    same = sum(pair.same for pair in pairs)
    assert false == 0
    assert missed <= MOST_MISSED * same
    assert missed - shown <= 0.005 * same


def test_the_pairs_are_hard_and_of_both_kinds(pairs):
    kinds = {pair.kind for pair in pairs if not pair.same}
    assert kinds >= {"erratum", "comment", "same title", "companion", "preprint"}
    assert 0.3 < sum(pair.same for pair in pairs) / len(pairs) < 0.7
