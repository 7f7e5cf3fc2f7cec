"""ClinicalTrials.gov: registrations as records, over a socket and from recordings."""

import json
from contextlib import contextmanager
from dataclasses import replace

import pytest

from assay.edge.services import clinicaltrials_service
from assay.evidence.design import WEIGHTS, find_design
from assay.library.studies import find_registrations
from assay.model import Design
from assay.output.links import find_links
from assay.record import Accession, Correction, Identifier, Record
from assay.search import Query
from assay.sources.base import Answer
from assay.sources.clinicaltrials import key_of, parse_page, search
from assay.sources.clinicaltrials_json import parse_record
from assay.sources.json_answer import ShapeError
from tests.net import open_fetcher, sorted_out
from tests.seen import unread
from tests.standin.services import serve_service

SLEEP = Query(text="sleep[tiab]", limit=None)
NUMBER = "NCT90000001"
LEFT_OUT = {
    f".protocolSection.contactsLocationsModule.locations[].{name}": "not asked for"
    for name in ("facility", "city", "state", "zip", "geoPoint.lat", "geoPoint.lon")
}


def study(**modules):
    own = {"nctId": NUMBER, "briefTitle": "Tea and sleep"}
    own |= modules.pop("identificationModule", {})
    return {"protocolSection": {"identificationModule": own, **modules}}


def notes(row):
    return dict(note.split(": ", 1) for note in parse_record(row).notes)


@contextmanager
def opened(folder, **options):
    """Give the stand-in and a fetcher that asks it."""
    with serve_service("clinicaltrials", **options) as server:
        service = replace(clinicaltrials_service(at=server.url), pause=0.0)
        with open_fetcher("", folder, service=service) as fetcher:
            yield server, fetcher


def run(fetcher, query=SLEEP):
    records, problems, (log,) = sorted_out(search(query, fetcher))
    return records, problems, log


def test_a_search_gives_registrations(tmp_path):
    with opened(tmp_path) as (server, fetcher):
        records, problems, log = run(fetcher)
    assert not problems
    assert len(records) == log.count == log.retrieved > 20
    assert not log.difference
    (asked,) = server.requests
    assert asked.params["countTotal"] == "true"
    assert asked.params["markupFormat"] == "markdown"
    assert asked.params["sort"] == "@relevance"
    record = next(r for r in records if key_of(r) == NUMBER)
    assert record.title.startswith("Kratom tea and sleep latency")
    assert record.abstract[0].label == "BRIEF SUMMARY"
    assert "\\" not in record.abstract[0].text
    assert ("DerivedIn", "90000001") in [
        (c.ref_type, c.pmid) for c in record.corrections
    ]
    assert not record.pmid
    posted = [r for r in records if "Results: posted" in r.notes]
    assert posted
    assert any("POSTED RESULT" in s.label for s in posted[0].abstract)


def test_every_page_is_followed_though_only_the_first_one_counts(tmp_path):
    with opened(tmp_path, synthetic=600) as (server, fetcher):
        records, problems, log = run(fetcher, Query(text="synthetic[ti]", limit=None))
        assert len({key_of(r) for r in records}) == 600
        assert not problems
        assert (log.count, log.count_after, log.difference) == (600, None, "")
        assert ["countTotal" in r.params for r in server.requests] == [
            True,
            False,
            False,
        ]


def test_a_list_whose_token_is_refused_is_begun_anew(tmp_path):
    with opened(tmp_path, synthetic=600) as (server, fetcher):
        server.fail("text-400", after=1)
        every = Query(text="synthetic[ti]", limit=None)
        records, problems, log = run(fetcher, every)
        assert len({key_of(r) for r in records}) == len(records) == 600
        assert not problems
        assert (log.retrieved, log.difference) == (600, "")


def test_a_page_without_studies_does_not_end_the_list(tmp_path):
    with opened(tmp_path, synthetic=600) as (server, fetcher):
        server.fail("empty-page", after=1)
        _, (problem,), log = run(fetcher, Query(text="synthetic[ti]", limit=None))
        assert log.retrieved == 350
        assert problem.what == "250 of 600 records did not come"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("text-400", "says “Invalid value in `x`”"),
        ("not-found-404", "HTTP 404"),
        ("challenge-200", "a web page"),
        ("forbidden-403", "HTTP 403"),
        ("empty-object", "studies is no list"),
        ("rate-limit-429", "too often"),
    ],
)
def test_its_errors_are_failures_and_never_no_hits(tmp_path, fault, said):
    with opened(tmp_path) as (server, fetcher):
        server.fail(fault, times=9)
        records, (problem,), log = run(fetcher)
        assert said in problem.what
        assert not records
        assert log.failed
        assert log.count is None


def test_the_years_of_a_query_become_a_filter(tmp_path):
    with opened(tmp_path, synthetic=100) as (_server, fetcher):
        wide = run(fetcher, Query(text="synthetic", limit=None))[2]
        none = run(fetcher, Query(text="synthetic", since="2050", limit=None))[2]
        assert (wide.count, none.count, none.failed) == (100, 0, False)


def test_every_key_of_the_recorded_studies_is_read_or_left_for_a_reason(shared):
    rows = []
    for path in sorted((shared / "api/clinicaltrials").glob("*.json")):
        whole = json.loads(path.read_bytes())
        rows += whole.get("studies", [whole])
    assert len(rows) == 25
    assert unread(rows, parse_record) <= LEFT_OUT.keys()
    for row in rows:
        record = parse_record(row)
        own = row["protocolSection"]["identificationModule"]
        assert key_of(record) == own["nctId"]
        assert record.title == own["briefTitle"]
        assert find_design(record) is Design.PROTOCOL
        assert record.dates


def test_recorded_pages_tell_their_count_once(shared):
    folder = shared / "api/clinicaltrials"
    first = (folder / "search_phelan_limit5_20260811.json").read_bytes()
    later = (folder / "search_phelan_next_20260811.json").read_bytes()
    one, two = (parse_page(Answer(status=200, body=body)) for body in (first, later))
    assert (one.total, two.total) == (21, None)
    assert one.next
    assert two.next
    assert len(one.items) == len(two.items) == 5


def test_a_registration_is_a_plan_and_weighs_nothing():
    record = parse_record(study())
    assert find_design(record) is Design.PROTOCOL
    assert WEIGHTS[find_design(record)] == 0.0


def test_a_registration_is_of_the_study_that_its_papers_name():
    record = parse_record(
        study(
            referencesModule={
                "references": [
                    {"pmid": "90000001", "type": "RESULT", "citation": "A."},
                    {"pmid": "90000002", "type": "BACKGROUND", "citation": "B."},
                    {"type": "DERIVED", "citation": "C, without PMID."},
                ]
            }
        )
    )
    assert find_registrations(record) == (NUMBER,)
    assert record.corrections == (Correction("ResultsIn", "A.", "90000001"),)
    assert [dict(r.ids).get("relation") for r in record.references] == [
        "RESULT",
        "BACKGROUND",
        "DERIVED",
    ]
    assert dict(record.references[1].ids)["pubmed"] == "90000002"


def test_other_numbers_of_a_study_are_kept():
    record = parse_record(
        study(
            identificationModule={
                "nctIdAliases": ["NCT90000099"],
                "orgStudyIdInfo": {"id": "INV-1"},
                "secondaryIdInfos": [
                    {"id": "2099-000001-11", "type": "EUDRACT_NUMBER"},
                    {"id": "X1", "type": "REGISTRY", "domain": "Invented Register"},
                ],
            }
        )
    )
    assert record.accessions == (
        Accession("ClinicalTrials.gov", NUMBER),
        Accession("EUDRACT_NUMBER", "2099-000001-11"),
        Accession("Invented Register", "X1"),
    )
    assert [(i.type, i.valid) for i in record.identifiers] == [
        ("nct", True),
        ("nct", False),
        ("org", True),
    ]


def test_what_became_of_a_study_is_told():
    row = study(
        statusModule={
            "overallStatus": "TERMINATED",
            "whyStopped": "Nobody came.",
            "startDateStruct": {"date": "2020-01", "type": "ACTUAL"},
            "completionDateStruct": {"date": "2021-02-03", "type": "ESTIMATED"},
            "resultsFirstPostDateStruct": {"date": "2022-03-04", "type": "ACTUAL"},
        },
        designModule={
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE2", "PHASE3"],
            "enrollmentInfo": {"count": 12, "type": "ACTUAL"},
        },
    ) | {"hasResults": True}
    told = notes(row)
    assert told["Status"] == "TERMINATED"
    assert told["Why stopped"] == "Nobody came."
    assert told["Phase"] == "PHASE2, PHASE3"
    assert told["Enrolment"] == "12 (actual)"
    assert told["Results"] == "posted on 2022-03-04"
    start, end, *_ = parse_record(row).dates
    assert (start.year, start.month, start.precision) == (2020, 1, "month")
    assert start.origin == "ClinicalTrials.gov:startDate"
    assert end.text == "2021-02-03 (estimated)"


def test_a_study_is_linked_in_its_register_and_a_preprint_at_europe_pmc():
    (link,) = find_links(parse_record(study()))
    assert link.address == f"https://clinicaltrials.gov/study/{NUMBER}"
    preprint = Record(
        source="europepmc", identifiers=(Identifier("europepmc", "PPR/PPR1"),)
    )
    assert find_links(preprint)[0].address.endswith("/article/PPR/PPR1")
    odd = (Identifier("nct", "NCT1/../x"), Identifier("europepmc", "a b"))
    assert find_links(Record(source="x", identifiers=odd)) == ()


def test_an_unknown_enrolment_is_no_number():
    row = study(
        designModule={"enrollmentInfo": {"count": 99_999_999}, "phases": ["NA"]}
    )
    assert notes(row)["Phase"] == "not applicable"
    assert notes(row)["Enrolment"] == "not known"
    assert notes(study() | {"hasResults": False})["Results"] == "none posted"


def test_posted_results_can_be_read():
    measure = {
        "type": "PRIMARY",
        "title": "Sleep latency",
        "timeFrame": "6 weeks",
        "paramType": "LEAST_SQUARES_MEAN",
        "dispersionType": "STANDARD_ERROR",
        "unitOfMeasure": "minutes",
        "groups": [{"id": "OG000", "title": "Tea"}, {"id": "OG001", "title": "Water"}],
        "denoms": [{"counts": [{"groupId": "OG000", "value": "60"}]}],
        "classes": [
            {
                "title": "Week 6",
                "categories": [
                    {
                        "measurements": [
                            {"groupId": "OG000", "value": "12.1", "spread": "0.3"},
                            {"groupId": "OG001", "value": "14", "lowerLimit": "12",
                             "upperLimit": "16"},
                        ]
                    }
                ],
            }
        ],
        "analyses": [
            {"groupIds": ["OG000", "OG001"], "pValue": "0.04",
             "paramType": "Difference",
             "paramValue": "-1.9", "ciPctValue": "95", "ciLowerLimit": "-3",
             "ciUpperLimit": "-0.1"}
        ],
    }  # fmt: skip
    harms = {"eventGroups": [{"title": "Tea", "seriousNumAffected": 1,
                              "seriousNumAtRisk": 60}]}  # fmt: skip
    row = study() | {
        "resultsSection": {
            "outcomeMeasuresModule": {"outcomeMeasures": [measure]},
            "adverseEventsModule": harms,
        }
    }
    result, adverse = parse_record(row).abstract
    assert result.label == "POSTED RESULT (PRIMARY)"
    assert result.text == (
        "Sleep latency. Time frame: 6 weeks. least squares mean, standard error "
        "(minutes): Week 6: Tea (n=60) 12.1 (0.3); Week 6: Water 14 (12 to 16). "
        "Analysis of Tea v Water: Difference -1.9, 95% CI -3 to -0.1, P = 0.04."
    )
    assert adverse.text == "Tea: serious adverse events 1 of 60."


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"protocolSection": []},
        study(identificationModule={"nctId": "unknown"}),
        study(statusModule=[]),
        study(designModule={"enrollmentInfo": {"count": "many"}}),
    ],
)
def test_a_study_of_another_shape_says_so(row):
    with pytest.raises(ShapeError):
        parse_record(row)
