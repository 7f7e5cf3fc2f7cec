"""MEDLINE text becomes records; Biopython reads the tags."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import BadAnswerError
from assay.library.retraction import standing_of
from assay.model import Standing
from assay.record import Record
from assay.search import Problem
from assay.sources.pubmed_nbib import looks_like_nbib, parse_nbib
from tests.standin import serve
from tests.standin.asking import ask

TEXT = """
PMID- 90000101
OWN - NLM
STAT- MEDLINE
IS  - 9999-9999 (Electronic)
DP  - 2021 Mar-Apr
TI  - Lunaroot and sleep: a trial whose title is long enough to be carried on to
      the next line.
PG  - 12-19
LID - 10.99999/invented.101 [doi]
AB  - BACKGROUND: Nobody knew. RESULTS: Lunaroot shortened the time to fall asleep.
CI  - (c) 2021 nobody.
FAU - Roe, Richard
AU  - Roe R
CN  - Lunaroot Study Group
LA  - eng
SI  - ClinicalTrials.gov/NCT90000001
PT  - Journal Article
PT  - Randomized Controlled Trial
DEP - 20210214
PL  - Nowhere
TA  - J Invent Res
JT  - Journal of Invented Results
MH  - *Sleep
MH  - Plants/chemistry/*adverse effects
OT  - *lunaroot
RIN - J Invent Res. 2022;1:1. PMID: 90000102
PMC - PMC9000101

PMID- 90000102
TI  - Second.
"""


@pytest.fixture
def first():
    return next(r for r in parse_nbib(TEXT) if isinstance(r, Record))


def test_every_part_of_a_record_is_read(first):
    assert first.pmid == "90000101"
    assert first.doi == "10.99999/invented.101"
    assert first.pmcid == "PMC9000101"
    assert first.title.endswith("carried on to the next line.")
    assert first.year == 2021
    assert first.authors[0].last_name == "Roe"
    assert first.authors[-1].collective == "Lunaroot Study Group"
    assert first.publication_types == ("Journal Article", "Randomized Controlled Trial")
    assert [(m.descriptor, m.major) for m in first.mesh] == [
        ("Sleep", True),
        ("Plants", True),
    ]
    assert first.accessions[0].number == "NCT90000001"
    assert first.journal == "Journal of Invented Results"


def test_a_retraction_is_seen_with_the_notice_it_points_to(first):
    assert standing_of(first) is Standing.RETRACTED
    assert first.corrections[0].pmid == "90000102"


def test_records_follow_each_other_and_a_block_that_names_none_is_told():
    found = list(parse_nbib(TEXT + "\nVI  - 12\n"))
    assert [r.pmid for r in found if isinstance(r, Record)] == ["90000101", "90000102"]
    assert [p.what for p in found if isinstance(p, Problem)] == [
        "block 3 names no identifier or title and is left out"
    ]


def test_a_record_that_is_not_pubmed_s_is_kept_by_its_title_or_doi():
    text = "TI  - No number.\n\nLID - e12 [pii]\nLID - 10.99999/invented.1 [doi]\n"
    untitled, unnumbered = parse_nbib(text)
    assert (untitled.title, unnumbered.doi) == ("No number.", "10.99999/invented.1")


def test_medline_text_is_told_from_xml():
    assert looks_like_nbib(TEXT.encode())
    assert not looks_like_nbib(b'<?xml version="1.0"?><PubmedArticleSet/>')


@given(st.text(max_size=300))
def test_no_text_raises_anything_but_our_own_error(text):
    with contextlib.suppress(BadAnswerError):
        list(parse_nbib(f"PMID- 90000101\n{text}"))


def test_the_stand_in_s_own_text_is_read():
    wanted = {"id": "90000001,90000002", "rettype": "medline", "retmode": "text"}
    with serve() as server:
        _, _, body = ask(server, "efetch", **wanted)
    records = [r for r in parse_nbib(body.decode()) if isinstance(r, Record)]
    assert {r.pmid for r in records} == {"90000001", "90000002"}
    assert all(r.title and r.journal for r in records)
