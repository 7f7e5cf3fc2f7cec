"""OpenAlex: every work to the end, within the credits, and looked up for nothing."""

import json
from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.edge.cache import Cache
from assay.edge.fetch import Fetcher
from assay.edge.meter import Meter
from assay.edge.pace import Pace
from assay.edge.services import openalex_service
from assay.record import Identifier, MeshHeading, Qualifier
from assay.search import Query
from assay.sources.base import Request
from assay.sources.json_answer import ShapeError
from assay.sources.openalex import SOURCE, fetch_works
from assay.sources.openalex_json import READ, parse_record
from tests.net import FAST, KEY, sorted_out
from tests.standin.openalex import make_service
from tests.standin.services import serve_service

SLEEP = Query(text="sleep[tiab]", limit=None)
ID = "https://openalex.org/W99000001"
UNREAD = frozenset(
    """
    display_name type_crossref indexed_in open_access institution_assertions
    countries_distinct_count institutions_distinct_count corresponding_author_ids
    corresponding_institution_ids apc_list apc_paid fwci has_fulltext fulltext_origin
    cited_by_count citation_normalized_percentile cited_by_percentile_year
    primary_topic topics concepts locations_count sustainable_development_goals grants
    datasets versions referenced_works_count related_works abstract_inverted_index_v3
    cited_by_api_url counts_by_year updated_date created_date relevance_score
    """.split()
)
"""Left out on purpose: counts that change from day to day, what is computed from the
rest, what other fields say too, and what is deprecated."""


@contextmanager
def open_fetcher(url, folder, *, api_key="", **options):
    service = openalex_service(api_key=api_key, at=url, **options.pop("service", {}))
    service = replace(service, pause=0.0)
    pace, cache = Pace(folder / "pace.db"), Cache(folder / "http.db")
    meter = Meter(folder / "credits.db")
    options = {"patience": FAST, "cache": cache, "meter": meter, **options}
    with Fetcher([service], pace=pace, **options) as fetcher:
        yield fetcher
    for each in (pace, cache, meter):
        each.close()


def run(server, folder, query=SLEEP, **options):
    with open_fetcher(server.url, folder, **options) as fetcher:
        records, problems, [log] = sorted_out(SOURCE.search(query, fetcher))
    return records, problems, log


# --- searching ---------------------------------------------------------------------


def test_a_list_is_followed_to_its_null_cursor(tmp_path):
    with serve_service("openalex", synthetic=350) as server:
        records, problems, log = run(server, tmp_path, Query(text="study", limit=None))
        assert server.count("works") == 4
    assert len({record.identifiers for record in records}) == 350
    assert problems == []
    assert (log.count, log.retrieved, log.difference) == (350, 350, "")
    assert (log.requests, log.credits) == (4, 40)


def test_a_page_holds_the_documented_most_and_no_more_than_is_wanted(tmp_path):
    with serve_service("openalex", synthetic=350) as server:
        run(server, tmp_path, Query(text="study", limit=None))
        run(server, tmp_path, Query(text="study", limit=7))
        sizes = [request.params["per-page"] for request in server.requests]
    assert sizes == ["100"] * 4 + ["7"]


def test_nothing_says_who_asks_but_the_key(tmp_path):
    with serve_service("openalex") as server:
        run(server, tmp_path, api_key=KEY)
        [asked] = server.requests
    assert asked.params["api_key"] == KEY
    assert not {"mailto", "email"} & set(asked.params)


def test_only_fields_that_are_read_are_asked_for(tmp_path):
    with serve_service("openalex") as server:
        run(server, tmp_path)
        assert set(server.requests[0].params["select"].split(",")) == set(READ)


def test_the_newest_stand_first_when_wanted(tmp_path):
    with serve_service("openalex", synthetic=60) as server:
        query = Query(text="study", limit=10, sort="pub_date")
        records, _, _ = run(server, tmp_path, query)
    years = [record.dates[0][:3] for record in records]
    assert years == sorted(years, reverse=True)
    assert records[0].doi == "10.99999/synthetic.50"


def test_a_filter_without_words_costs_a_tenth(tmp_path):
    with serve_service("openalex") as server:
        _, _, log = run(server, tmp_path, Query(text="90000001[uid]"))
    assert (log.count, log.credits) == (1, 1)


def test_credits_that_run_out_end_the_search_and_say_so(tmp_path):
    with serve_service(make_service(25), synthetic=350) as server:
        records, problems, log = run(server, tmp_path, Query(text="study", limit=None))
        assert server.count() == 2, "the third page is not even asked for"
    assert len(records) == log.retrieved == 200
    assert "150 of 350 records did not come" in problems[-1].what
    assert "5 are left of today's credits (25)" in problems[-1].what
    assert log.difference


def test_a_service_whose_day_is_spent_is_not_waited_for(tmp_path):
    with serve_service("openalex") as server:
        server.fail("spent-429", times=99)
        records, [problem], log = run(server, tmp_path)
        assert server.count() == 1
        _, [again], _ = run(server, tmp_path, Query(text="tea"))
        assert server.count() == 1, "and not asked again today"
    assert (records, log.failed) == ([], True)
    assert "15 hours" in problem.what
    assert "openalex_api_key" in problem.what_to_do
    assert "0 are left" in again.what


def test_a_busy_service_is_asked_again_when_it_says(tmp_path):
    with serve_service("openalex") as server:
        server.fail("busy-503:0", times=2)
        records, problems, log = run(server, tmp_path)
    assert records
    assert problems == []
    assert log.requests == 3


def test_a_bad_key_is_refused_and_not_shown(tmp_path):
    with serve_service("openalex") as server:
        _, [problem], log = run(server, tmp_path, api_key="bad-key-of-nobody")
    assert log.failed
    assert "401" in problem.what
    assert "bad-key-of-nobody" not in f"{problem}{log}"


@pytest.mark.parametrize(
    "text",
    [
        'kratom[tiab] AND "sleep quality"[tiab]',
        "(valerian[ti] OR kratom[ti]) NOT rats[tiab]",
        "sleep*[tiab] AND eng[la]",
        "retracted publication[pt] AND sleep",
        "10.99999/invented.90000001[aid]",
        "sleep[mh] AND 2015:2026[dp]",
    ],
)
def test_what_translations_send_is_understood(text, tmp_path):
    with serve_service("openalex") as server:
        records, problems, log = run(server, tmp_path, Query(text=text, since="2001"))
    assert problems == []
    assert len(records) == log.count


# --- looking up --------------------------------------------------------------------


def look_up(server, folder, ids, **options):
    with open_fetcher(server.url, folder, **options) as fetcher:
        return list(fetch_works(ids, fetcher))


def test_a_few_works_are_looked_up_for_nothing(tmp_path):
    dois = [f"10.99999/synthetic.{i}" for i in range(20)]
    with serve_service("openalex", synthetic=60) as server:
        found = look_up(server, tmp_path, [*dois, "10.99999/none", "91000031"])
        assert all(request.program != "works" for request in server.requests)
        assert server.count() == 22
    assert [looked.id for looked in found] == [*dois, "10.99999/none", "91000031"]
    assert [looked.record.doi for looked in found[:20]] == dois
    assert found[20][1:3] == (None, None), "not known is no problem and no record"
    assert found[21].record.doi == "10.99999/synthetic.30"


def test_many_works_are_looked_up_in_lists(tmp_path):
    dois = [f"10.99999/synthetic.{i}" for i in range(250)]
    with serve_service("openalex", synthetic=240) as server:
        found = look_up(server, tmp_path, dois)
        assert server.count("works") == 3
        assert server.count("works/*") == 10, "what a list lacks is asked for alone"
    assert [bool(looked.record) for looked in found] == [True] * 240 + [False] * 10
    assert not any(looked.problem for looked in found)


def test_dois_and_pmids_are_not_mixed_in_one_list(tmp_path):
    dois = [f"10.99999/synthetic.{i}" for i in range(30)]
    pmids = [str(91_000_001 + i) for i in range(30, 60)]
    mixed = [one for pair in zip(dois, pmids, strict=True) for one in pair]
    with serve_service("openalex", synthetic=60) as server:
        found = look_up(server, tmp_path, mixed)
        assert (server.count("works"), server.count("works/*")) == (2, 0)
    assert all(looked.record for looked in found)
    assert [looked.id for looked in found] == mixed


def test_without_credits_for_lists_works_are_looked_up_one_by_one(tmp_path):
    dois = [f"10.99999/synthetic.{i}" for i in range(60)]
    with serve_service("openalex", synthetic=60) as server:
        found = look_up(server, tmp_path, dois, service={"budget": 0})
        assert server.count("works/*") == server.count() == 60
    assert all(looked.record for looked in found)


ODD = "10.99999/a,b|c(1)<2>;d#e%f"


def test_a_doi_with_odd_letters_arrives_as_it_is(tmp_path):
    with serve_service("openalex", synthetic=60) as server:
        dois = [ODD, *(f"10.99999/synthetic.{i}" for i in range(60))]
        found = look_up(server, tmp_path, dois)
        programs = [request.program for request in server.requests]
    assert f"works/doi:{ODD}" in programs
    assert not any(ODD in r.params.get("filter", "") for r in server.requests)
    assert found[0][:3] == (ODD, None, None)


def test_what_is_no_identifier_is_said_and_not_asked(tmp_path):
    with serve_service("openalex") as server:
        [looked] = look_up(server, tmp_path, ["tea"])
        assert server.count() == 0
    assert "no identifier" in looked.problem.what


def test_a_merged_work_is_found_where_it_stands_now(tmp_path):
    with (
        serve_service("openalex") as server,
        open_fetcher(server.url, tmp_path) as fetcher,
    ):
        moved = Request(url="https://api.openalex.org/works/W190000001")
        from_old = fetcher.get(moved, lambda answer: answer.status == 200)
    assert json.loads(from_old.body)["id"].endswith("W90000001")


@pytest.mark.parametrize("fault", ["http-500", "html-200", "reset", "not-found-404"])
def test_a_failure_is_never_taken_for_an_unknown_work(fault, tmp_path):
    with serve_service("openalex") as server:
        server.fail(fault, times=999)
        dois = [f"10.99999/{n}" for n in range(9)]
        found = look_up(server, tmp_path, dois)
        assert server.count() <= 9 * 3
    assert [looked.id for looked in found] == dois
    assert all(looked.problem and not looked.record for looked in found)


# --- reading -----------------------------------------------------------------------


def test_recorded_works_are_read_and_no_field_is_unaccounted_for(shared):
    works = []
    for path in sorted((shared / "api/openalex").glob("*.json")):
        value = json.loads(path.read_bytes())
        if not path.name.endswith(".meta.json"):
            works += value.get("results", [value])
    whole = [work for work in works if "id" in work]
    assert len(whole) == 6
    for work in whole:
        assert set(work) <= {*READ, *UNREAD}, set(work) - {*READ, *UNREAD}
        record = parse_record(work)
        assert record.title
        assert record.doi == work["doi"].removeprefix("https://doi.org/").lower()
        assert record.year == work["publication_year"]
        assert len(record.authors) == len(work["authorships"])
        assert len(record.references) == len(work["referenced_works"])
        index = work["abstract_inverted_index"] or {}
        told = " ".join(part.text for part in record.abstract).split()
        assert abs(len(told) - sum(map(len, index.values()))) <= 1
        rows = {row["descriptor_ui"] for row in work["mesh"]}
        assert {heading.ui for heading in record.mesh} == rows
        free = [place for place in work["locations"] if place["is_oa"]]
        assert bool(record.links) == bool(free)


def test_read_and_unread_fields_are_different_ones():
    assert not set(READ) & UNREAD


@given(st.lists(st.sampled_from(["tea", "and", "sleep", "<", "it's", "x"]), min_size=1))
def test_an_index_of_words_becomes_the_text_it_was_made_of(words):
    index = {}
    for at, word in enumerate(words):
        index.setdefault(word, []).append(at)
    [section] = parse_record({"id": ID, "abstract_inverted_index": index}).abstract
    assert section.text == " ".join(words)


def test_the_word_abstract_before_an_abstract_is_noise():
    def text_of(words):
        index = {word: [at] for at, word in enumerate(words.split())}
        record = parse_record({"id": ID, "abstract_inverted_index": index})
        return record.abstract[0].text

    assert text_of("Abstract Background Sleep matters.") == "Background Sleep matters."
    assert text_of("Abstract reasoning needs sleep.") == (
        "Abstract reasoning needs sleep."
    )


def test_a_retraction_is_a_flag_and_no_type_of_pubmed():
    record = parse_record({"id": ID, "type": "article", "is_retracted": True})
    assert record.flags == ("is_retracted",)
    assert record.publication_types == ("article",)
    assert record.corrections == ()
    assert parse_record({"id": ID, "is_retracted": None}).flags == ()


def test_qualifiers_are_gathered_under_their_heading():
    rows = [
        {"descriptor_ui": "D1", "descriptor_name": "Tea", "qualifier_ui": f"Q{n}",
         "qualifier_name": name, "is_major_topic": major}
        for n, (name, major) in enumerate((("adverse effects", False), ("use", True)))
    ]  # fmt: skip
    assert parse_record({"id": ID, "mesh": rows}).mesh == (
        MeshHeading(
            "Tea",
            "D1",
            major=True,
            qualifiers=(
                Qualifier("adverse effects", "Q0", major=False),
                Qualifier("use", "Q1", major=True),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("given", "year", "precision"),
    [("2021-01-01", 2021, "year"), ("2021-03-01", 2021, "day"), (None, None, "")],
)
def test_the_first_of_january_is_only_a_year(given, year, precision):
    work = {"id": ID, "publication_date": given, "publication_year": year}
    record = parse_record(work)
    assert record.year == year
    assert [date.precision for date in record.dates] == ([precision] if given else [])


def test_ids_have_their_normal_form():
    ids = {
        "pmid": "https://pubmed.ncbi.nlm.nih.gov/90000001",
        "pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/9000001",
        "mag": 77,
    }
    doi = "https://doi.org/10.99999/ABC"
    record = parse_record({"id": ID, "doi": doi, "ids": ids})
    assert (record.doi, record.pmid, record.pmcid) == (
        "10.99999/abc",
        "90000001",
        "PMC9000001",
    )
    assert record.identifiers == (
        Identifier("openalex", "W99000001"),
        Identifier("mag", "77"),
    )


@pytest.mark.parametrize(
    "work",
    [
        {},
        {"id": None},
        {"id": ID, "title": ["no"]},
        {"id": ID, "authorships": [5]},
        {"id": ID, "abstract_inverted_index": {"a": "0"}},
        {"id": ID, "abstract_inverted_index": {"a": [True]}},
        {"id": ID, "is_retracted": "maybe"},
        {"id": ID, "biblio": []},
        {"id": ID, "referenced_works": [{}]},
    ],
)
def test_what_has_another_shape_is_no_record(work):
    with pytest.raises(ShapeError):
        parse_record(work)
