"""Records as a table."""

import csv
import io
import subprocess
import sys
from dataclasses import replace

from hypothesis import given, settings

from assay.output.csv import COLUMNS, build_table, render_csv
from tests import sample
from tests.test_output_clean import ANY, NASTY


def read(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_record_is_one_row_with_its_identifiers_as_text():
    rows = read(render_csv(sample.RECORDS))
    assert len(rows) == len(sample.RECORDS)
    assert rows[0]["pmid"] == "90000001"
    assert rows[0]["year"] == "2021"
    assert rows[0]["authors"] == "Invented A; Fictive B Jr; VELORA-NIGHT Group"
    assert rows[1]["own_words"] == "True"
    assert rows[1]["title"] == ""
    assert rows[6]["year"] == ""


def test_no_record_is_a_table_with_a_header():
    assert render_csv([]) == ",".join(COLUMNS) + "\n"
    assert build_table([]).empty


@settings(max_examples=40)
@given(ANY | NASTY)
def test_any_text_stays_in_its_cell_and_is_no_formula(text):
    record = replace(sample.TRIAL, title=text, journal=f"={text}")
    rows = read(render_csv([record, record]))
    assert len(rows) == 2
    assert rows[0]["journal"].startswith("'=")
    assert not rows[0]["title"].startswith(("=", "+", "-", "@"))
    assert rows[0]["pmid"] == "90000001"


def test_nobody_else_waits_for_pandas():
    code = "import sys, assay.output; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
