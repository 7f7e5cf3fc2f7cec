"""A sample of `python -m bench.quality`, small enough for every change.

About 140 rows of each set, whole groups of them and always the same, read without
resampling. The floors lie a little under what was reached; the whole sets have floors
of their own, which the command compares.
"""

import sys

import pytest
from bench.quality.figures import render_table
from bench.quality.run import Run
from bench.quality.sections import SECTIONS

from tests.eval.floors import CEILING, hold, read_floors

SAMPLE = 140
"""Rows of each set, about."""
HELD = ("stance-rules", "retrieval-bm25", "open-rules")
"""Sections of which a sample is measured here."""


@pytest.mark.parametrize("name", HELD)
def test_a_sample_of_the_sets_is_read_as_well_as_it_ever_was(shared, name):
    figures = list(SECTIONS[name](Run(shared, rounds=1, sample=SAMPLE)))
    sys.stdout.write(render_table(figures, {}))
    reached = {f"sample/{figure.name}": figure.value for figure in figures}
    floors = [f for f in read_floors() if f.startswith(f"sample/{name}/")]
    assert floors, f"no floor is kept for {name}"
    for floor in floors:
        hold(floor, reached[floor.removesuffix(CEILING)])


def test_every_section_says_in_a_sentence_what_it_measures():
    for section in SECTIONS.values():
        assert section.__doc__.endswith(".")


def test_what_is_measured_is_what_the_floors_of_the_whole_sets_are_kept_for():
    prefixes = tuple(f"{name}/" for name in SECTIONS)
    kept = [f for f in read_floors() if "/" in f and not f.startswith("sample/")]
    assert kept
    assert all(name.startswith((*prefixes, *HELD)) for name in kept)
