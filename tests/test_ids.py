"""Identifiers have one normal form each, and normalising twice changes nothing."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assay.ids import (
    find_trial_numbers,
    normal_doi,
    normal_nct,
    normal_pmcid,
    normal_pmid,
)

NEAR_DOI = st.text("10.99999/abcXYZ%2F%25 ()<>;,.:vV0\u00e9\u0130/doi", max_size=40)


@given(st.one_of(st.text(), NEAR_DOI, NEAR_DOI.map("10.99999/{}".format)))
@example("https://doi.org/https://doi.org/10.99999/x")
@example("10.99999/a%252Fb")
@example("10.99999/%ff%20x")
@example("10.1101/2020.01.01.999999v1v2")
def test_a_normal_doi_is_its_own_normal_form(text):
    once = normal_doi(text)
    assert normal_doi(once) == once
    assert once == "" or once.startswith("10.")


@given(st.one_of(st.text(), st.text("PMCpmidNCT:0123456789./ -#")))
def test_the_other_normal_forms_are_their_own_too(text):
    for normal in (normal_pmid, normal_pmcid, normal_nct):
        once = normal(text)
        assert normal(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "10.99999/Example.1",
        "doi:10.99999/example.1",
        "DOI: 10.99999/example.1.",
        "http://dx.doi.org/10.99999/example.1",
        "https://www.doi.org/10.99999/EXAMPLE.1;",
        "info:doi/10.99999/example.1",
        "10.99999%2Fexample.1",
        "  10.99999/example.1)  ",
    ],
)
def test_every_way_to_print_a_doi_gives_one_form(text):
    assert normal_doi(text) == "10.99999/example.1"


def test_brackets_that_belong_to_a_doi_stay():
    sici = "10.99999/(SICI)1-2(2099)3:4<5::AID-6>3.0.CO;2-#"
    assert normal_doi(sici) == sici.lower()
    assert normal_doi("10.99999/S0140(99)") == "10.99999/s0140(99)"


def test_the_version_of_a_preprint_is_dropped_and_only_of_a_preprint():
    assert normal_doi("10.1101/999999v3") == "10.1101/999999"
    assert normal_doi("10.64898/2099.12.31.99999999v1") == (
        "10.64898/2099.12.31.99999999"
    )
    assert normal_doi("10.99999/123456v3") == "10.99999/123456v3"


@pytest.mark.parametrize(
    "text", ["", "10.1/x", "10.99999/", "10.99999/a b", "90000001"]
)
def test_what_is_no_doi_has_no_normal_form(text):
    assert normal_doi(text) == ""


def test_pmids_come_from_numbers_labels_and_addresses_only():
    assert normal_pmid(" 90000001 ") == "90000001"
    assert normal_pmid("https://pubmed.ncbi.nlm.nih.gov/90000001/") == "90000001"
    assert normal_pmid("1234567890") == ""
    assert normal_pmid("90000001a") == ""
    assert normal_pmid("٩٠٠٠٠٠٠١") == ""


def test_a_pmcid_keeps_its_letters_and_loses_its_version():
    assert normal_pmcid("pmc9000001.2") == "PMC9000001"
    assert normal_pmcid("https://x.example/articles/PMC9000001/") == "PMC9000001"
    assert normal_pmcid("XPMC9000001") == ""


def test_trial_numbers_of_many_registries_are_found_once_each():
    text = (
        "Registered: NCT90000001, nct90000001; ISRCTN 99999999; ACTRN99999999999999; "
        "ChiCTR-IOR-99999999; CTRI/2099/01/999999; DRKS99999999; UMIN999999999; "
        "EudraCT number 2099-000001-11; EU CT 2099-500001-11-00; RBR-9xyzab; KCT9999999"
    )
    assert find_trial_numbers(text) == (
        "NCT90000001",
        "ISRCTN99999999",
        "ACTRN99999999999999",
        "CHICTR-IOR-99999999",
        "CTRI/2099/01/999999",
        "DRKS99999999",
        "UMIN999999999",
        "2099-000001-11",
        "2099-500001-11-00",
        "RBR-9XYZAB",
        "KCT9999999",
    )


def test_numbers_that_only_look_like_trials_are_left_alone():
    text = "NCT123, NCT900000012, call 2099-123456-78, ANCT90000001"
    assert find_trial_numbers(text) == ()


@given(st.text("NCTISRnct0123456789 -:#/\u0130"))
def test_found_numbers_are_found_again_in_themselves(text):
    for number in find_trial_numbers(text):
        assert find_trial_numbers(number) == (number,)
