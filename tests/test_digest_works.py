"""A digest names a work so that it is found again, and says no more than is known."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.digest.works import find_date, work_of
from assay.library.merge import keys_of
from assay.model import Design
from assay.record import Author, PartialDate, Record, Section
from tests.library_strategies import RECORDS

HEAVY = ("numpy", "pandas", "tantivy", "onnxruntime", "rapidfuzz", "jinja2", "httpx")


def authors(number):
    return tuple(Author(last_name=f"Fabel{n}", initials="N") for n in range(number))


def test_a_work_has_every_name_and_the_firmest_is_its_key():
    work = work_of(
        Record(source="pubmed", pmid="90000001", doi="10.99999/X", pmcid="PMC9000001")
    )
    assert work.key == "pmid:90000001"
    assert work.names == ("pmid:90000001", "doi:10.99999/x", "pmcid:PMC9000001")


def test_a_work_without_identifier_is_known_by_its_content():
    one, same, other = (Record(source="x", title=t) for t in ("Tea", "Tea", "Milk"))
    assert work_of(one).key == work_of(same).key
    assert work_of(one).key != work_of(other).key


@given(RECORDS)
def test_any_record_makes_a_work_whose_key_is_among_its_names(record):
    work = work_of(record)
    assert work.key == work.names[0]
    assert work.names == keys_of(record)
    assert "\n" not in work.title + work.authors + work.journal


@pytest.mark.parametrize(
    ("number", "complete", "shown"),
    [
        (0, True, ""),
        (1, True, "Fabel0 N"),
        (3, True, "Fabel0 N, Fabel1 N, Fabel2 N"),
        (4, True, "Fabel0 N, Fabel1 N, Fabel2 N, et al."),
        (1, False, "Fabel0 N, et al."),
        (0, False, ""),
    ],
)
def test_three_authors_are_named_and_the_rest_stand_as_et_al(number, complete, shown):
    record = Record(source="x", authors=authors(number), authors_complete=complete)
    assert work_of(record).authors == shown


def test_a_group_is_named_and_a_name_corrected_away_is_not():
    people = (
        Author(last_name="Wrong", initials="W", valid=False),
        Author(collective="Tea Study Group"),
        Author(last_name="Muster", fore_name="Anna", suffix="Jr"),
    )
    shown = work_of(Record(source="x", authors=people)).authors
    assert shown == "Tea Study Group, Muster Anna Jr"


@pytest.mark.parametrize(
    ("date", "shown"),
    [
        (PartialDate(2021, 3, 4, "day"), "2021-03-04"),
        (PartialDate(2021, 3, 0, "month"), "2021-03"),
        (PartialDate(2021, 0, 0, "year"), "2021"),
        (PartialDate(2021, 7, 0, "season", text="2021 Summer"), "2021"),
        (PartialDate(1998, 12, 0, "range", text="1998 Dec-1999 Jan"), "1998-12"),
        (PartialDate(0, 0, 0, "unknown", text="in press"), "2020"),
    ],
)
def test_a_date_is_told_as_far_as_it_is_known(date, shown):
    assert find_date(Record(source="x", year=2020, dates=(date,))) == shown


@given(RECORDS)
def test_a_date_is_empty_or_begins_with_four_digits(record):
    date = find_date(record)
    assert date == "" or date[:4].isdigit()


def test_design_size_and_preprint_are_read_as_reports_read_them():
    work = work_of(
        Record(
            source="europepmc",
            title="Tea and sleep: a randomised controlled trial",
            abstract=(Section("We randomised 84 adults to tea or water."),),
            publication_types=("Preprint",),
        )
    )
    assert (work.design, work.size, work.preprint) == (
        Design.RANDOMISED_TRIAL,
        84,
        True,
    )


def test_a_title_that_lacks_is_empty_and_the_original_stands_in_for_it():
    assert work_of(Record(source="x")).title == ""
    assert (
        work_of(Record(source="x", vernacular_title="Té y\nsueño")).title
        == "Té y sueño"
    )


@given(st.integers(1, 9999))
def test_a_year_alone_has_four_digits(year):
    assert len(find_date(Record(source="x", year=year))) == 4


def test_naming_a_work_loads_nothing_heavy():
    loaded = f"[m for m in {HEAVY} if m in sys.modules]"
    code = f"import sys, assay.digest.works; print(*{loaded})"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""
