"""Sentences as abstracts word them, on many substances: what each says of a claim.

The rules were mended against this very list: it guards them and does not measure.
"""

from pathlib import Path

import pytest

from tests.claim_samples import told

FILE = Path(__file__).parent / "data/stance_phrases.txt"
LINES = FILE.read_text(encoding="utf-8").splitlines()
CASES = [line.split(" | ") for line in LINES if line and line[0] != "#"]
RIGHT = {
    "supports": {"supports"},
    "contradicts": {"contradicts"},
    "not supports": {"contradicts", "neutral", "qualifies"},
    "not contradicts": {"supports", "neutral", "qualifies"},
}


@pytest.mark.parametrize(("text", "answer", "sentence"), CASES)
def test_each_wording_is_understood_or_left_neutral(text, answer, sentence):
    assert told(text, sentence)[0] in RIGHT[answer]
