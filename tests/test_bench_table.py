"""The table of speed: medians, ratios, and a page that is what the figures say."""

import json
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bench.__main__ import KEPT, keep
from bench.page import TITLES, find_exponent, render_page, render_pictures
from bench.parts import PARTS
from bench.picture import draw_growth
from bench.rows import Row, Taken, median_of, take, take_once
from bench.table import find_ratio, render_markdown, render_text

DOCS = Path(__file__).parents[1] / "docs"
OURS = Row("parse", "assay", 1000, 900.0, "records/CPU s", 1.1, 1.2, 30.0, 3)
THEIRS = Row("parse", "other", 1000, 300.0, "records/CPU s", 3.3, 3.5, 90.0, 3)
KEPT_FIGURES = json.loads(KEPT.read_text("utf-8"))


def test_the_page_is_what_the_kept_figures_give():
    page = (DOCS / "explanation/performance.md").read_text("utf-8")
    assert page == render_page(KEPT_FIGURES), (
        "run: python -m bench --write docs/explanation/performance.md"
    )
    for name, picture in render_pictures(KEPT_FIGURES).items():
        assert (DOCS / "images" / name).read_text("utf-8") == picture
        assert f"../images/{name}" in page


def test_the_kept_figures_name_no_place_on_the_machine():
    assert not re.search(r'"[^"]*(?:^|[\s"])/\w', KEPT.read_text("utf-8"))


def test_every_figure_that_is_kept_was_measured_three_times_or_says_how_often():
    rows = [Row(**each) for each in KEPT_FIGURES["rows"]]
    timed = [row for row in rows if row.cpu]
    assert timed
    assert all(row.runs >= 3 for row in timed)


def test_every_part_has_a_place_on_the_page():
    assert set(PARTS) <= set(TITLES)


def test_a_peer_is_held_against_assay_on_the_same_input_only():
    assert find_ratio(THEIRS, [OURS]) == 3.0
    assert find_ratio(OURS, [OURS]) is None
    assert find_ratio(THEIRS._replace(records=5), [OURS]) is None
    slower = OURS._replace(unit="ms CPU, p50", value=4.0)
    assert find_ratio(slower._replace(who="other", value=1.0), [slower]) == 0.25


def test_the_table_names_all_rows_and_whoever_was_left_out():
    text = render_text([OURS, THEIRS], ["parse: third: it is not installed"])
    assert "900 records/CPU s" in text
    assert "3 ×" in text
    assert text.endswith("left out: parse: third: it is not installed")
    page = render_markdown([OURS._replace(note="every field")], [OURS])
    assert page.endswith("assay (1,000): every field.")


def test_medians_are_taken_of_each_figure_by_itself():
    runs = [Taken(1, 9, 5, "a"), Taken(2, 8, 4, "b"), Taken(3, 7, 6, "c")]
    assert median_of(runs) == Taken(2, 8, 5, "c")


def test_a_command_is_measured_and_a_failed_one_is_no_figure():
    took = take((sys.executable, "-c", "print(6 * 7)"), runs=2)
    assert took is not None
    assert took.said.strip() == "42"
    assert took.cpu > 0
    assert take_once((sys.executable, "-c", "raise SystemExit(3)")) is None


def test_parts_that_are_measured_again_replace_their_own_figures_only(tmp_path):
    path = tmp_path / "kept.json"
    keep(path, [OURS, OURS._replace(part="check")], ["parse: x: not here"])
    keep(path, [OURS._replace(value=5.0)], [])
    told = json.loads(path.read_text("utf-8"))
    assert [(row["part"], row["value"]) for row in told["rows"]] == [
        ("check", 900.0),
        ("parse", 5.0),
    ]
    assert told["left"] == []


def test_growth_is_by_the_last_two_sizes():
    assert find_exponent([(10, 4.0)]) is None
    assert find_exponent([(1, 9.0), (10, 1.0), (1000, 10.0)]) == pytest.approx(0.5)


def test_a_drawing_is_well_formed_and_holds_every_line():
    lines = {"a < b": [(10, 2.0), (1000, 30.0)], "one": [(10, 2.0)], "none": []}
    root = ElementTree.fromstring(draw_growth("Growth & more", "ms", lines))
    texts = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "a < b" in texts
    assert "one" in texts
    assert "none" not in texts
    assert "1,000" in texts
