"""Crossref: lists to the end, DOIs of any letters, notices on both sides, its pools."""

import json
from contextlib import contextmanager
from dataclasses import replace

import pytest

from assay.edge.cache import Cache
from assay.edge.fetch import Fetcher
from assay.edge.pace import Pace
from assay.edge.services import Pool, crossref_service
from assay.errors import RefusedError
from assay.record import Accession, Correction, Grant, Reference, Section
from assay.search import Query
from assay.sources.base import Answer
from assay.sources.crossref import BEST, SOURCE, fetch_works, judge_list
from assay.sources.crossref_json import READ, parse_record
from assay.sources.json_answer import ShapeError
from tests.net import EMAIL, FAST, sorted_out
from tests.standin.crossref import make_service
from tests.standin.services import serve_service

EVERY = Query(text="study", limit=None)
UNREAD = frozenset(
    """
    indexed reference-count license content-domain created source
    is-referenced-by-count prefix member link deposited score resource
    update-policy short-title references-count journal-issue URL issn-type isbn-type
    subject alternative-id publisher-location assertion archive free-to-read
    content-created content-updated chair translator event standards-body version
    edition-number group-title
    """.split()
)
"""Left out on purpose: what is about the registration and not about the work, counts
that change, what other fields say too, and terms of use of the full text."""


@contextmanager
def open_fetcher(url, folder, *, email=EMAIL, paced=False, **options):
    service = crossref_service(email=email, at=url)
    if not paced:
        pools = tuple((name, Pool(0.0, pool.together)) for name, pool in service.pools)
        service = replace(service, pause=0.0, pools=pools)
    pace, cache = Pace(folder / "pace.db"), Cache(folder / "http.db")
    options = {"patience": FAST, "cache": cache, **options}
    with Fetcher([service], pace=pace, **options) as fetcher:
        yield fetcher
    for each in (pace, cache):
        each.close()


def run(server, folder, query=EVERY, **options):
    with open_fetcher(server.url, folder, **options) as fetcher:
        records, problems, [log] = sorted_out(SOURCE.search(query, fetcher))
    return records, problems, log


def look_up(server, folder, dois, **options):
    with open_fetcher(server.url, folder, **options) as fetcher:
        return list(fetch_works(dois, fetcher))


# --- searching ---------------------------------------------------------------------


@pytest.mark.parametrize("scroll", [False, True])
def test_a_list_is_followed_to_its_end_also_by_one_cursor(scroll, tmp_path):
    with serve_service(make_service(scroll=scroll), synthetic=1_300) as server:
        records, problems, log = run(server, tmp_path)
        assert server.count("works") == 3
        again, _, second = run(server, tmp_path)
        assert server.count("works") == 3
    assert len({record.doi for record in records}) == 1_300
    assert problems == []
    assert (log.count, log.retrieved, log.difference) == (1_300, 1_300, "")
    assert again == records
    assert second.recorded


@pytest.mark.parametrize("fault", ["cut-body", "http-502", "reset"])
def test_a_page_that_a_scrolling_list_gives_only_once_is_not_lost(fault, tmp_path):
    with serve_service(make_service(scroll=True), synthetic=1_300) as server:
        server.fail(fault, after=1)
        records, problems, log = run(server, tmp_path)
        assert server.count("works") > 4
    assert len(records) == log.retrieved == log.count == 1_300
    assert (problems, log.difference) == ([], "")


def test_a_list_whose_cursor_has_expired_is_begun_anew(tmp_path):
    with serve_service("crossref", synthetic=1_300) as server:
        server.fail("cursor-expired", after=2)
        records, problems, log = run(server, tmp_path)
        assert server.count("works") == log.requests + 1 == 6
        assert [r.params["cursor"] for r in server.requests].count("*") == 2
    assert len({record.doi for record in records}) == log.retrieved == 1_300
    assert (problems, log.difference) == ([], "")


def test_a_list_that_expires_again_says_what_is_missing(tmp_path):
    with serve_service("crossref", synthetic=1_300) as server:
        server.fail("cursor-expired", after=2)
        server.fail("cursor-expired", after=4, times=9)
        records, problems, log = run(server, tmp_path)
    assert len(records) == log.retrieved == 1_000
    assert "300 of 1,300 records did not come" in problems[-1].what
    assert "expired" in problems[-1].what
    assert log.difference


def test_a_limit_holds_also_when_a_list_is_begun_anew(tmp_path):
    with serve_service("crossref", synthetic=1_300) as server:
        server.fail("cursor-expired", after=1)
        records, _, log = run(server, tmp_path, replace(EVERY, limit=900))
    assert len(records) == log.retrieved == 900


def test_an_answer_that_says_it_failed_is_no_empty_list(tmp_path):
    with serve_service("crossref") as server:
        server.fail("failed-200", times=9)
        _, [problem], log = run(server, tmp_path)
    assert log.failed
    assert "failed" in problem.what


def test_who_is_blocked_is_told_so(tmp_path):
    with serve_service("crossref") as server:
        server.fail("blocked-403", times=9)
        _, [problem], log = run(server, tmp_path)
        assert server.count() == 1
    assert log.failed
    assert "403" in problem.what


@pytest.mark.parametrize(("email", "pool"), [(EMAIL, "polite"), ("", "public")])
def test_an_address_leads_to_the_polite_pools(email, pool, tmp_path):
    with serve_service("crossref") as server:
        run(server, tmp_path, Query(text="sleep", limit=5), email=email)
        look_up(server, tmp_path, ["10.99999/none"], email=email)
        sent = [request.params.get("mailto", "") for request in server.requests]
    assert sent == [email, email]


def test_a_pool_that_refuses_what_comes_too_fast_is_lived_with(tmp_path):
    with serve_service(make_service(enforce_rate=True), synthetic=600) as server:
        options = {"email": "", "paced": True}
        records, problems, log = run(server, tmp_path, **options)
        dois = [f"10.99999/none.{n}" for n in range(4)]
        found = look_up(server, tmp_path, dois, **options)
    assert (len(records), log.retrieved, problems) == (600, 600, [])
    assert not any(looked.problem for looked in found)


@pytest.mark.parametrize(
    "text",
    [
        "kratom[ti]",
        'valerian[tiab] AND "sleep quality"[tiab] AND 2010:2026[dp]',
        "sleep AND preprint[pt]",
        "sleep AND 9999-9994[ta]",
        "sleep AND hasabstract",
        "10.99999/invented.90000001[aid]",
    ],
)
def test_what_translations_send_is_understood(text, tmp_path):
    with serve_service("crossref") as server:
        records, problems, log = run(server, tmp_path, Query(text=text, since="2001"))
    assert problems == []
    assert len(records) == log.count


@pytest.mark.parametrize("name", ["cursor_invalid", "rows_invalid", "sort_invalid"])
def test_recorded_refusals_are_refusals(name, shared):
    meta = json.loads((shared / f"api/crossref/{name}.json.meta.json").read_bytes())
    body = (shared / f"api/crossref/{name}.json").read_bytes()
    with pytest.raises(RefusedError) as refused:
        judge_list(Answer(status=meta["status"], body=body))
    said = json.loads(body)["message"][0]["message"].strip()
    assert said in refused.value.what or "expired" in refused.value.what


# --- looking up --------------------------------------------------------------------


def test_a_few_works_are_looked_up_one_by_one_and_more_in_lists(tmp_path):
    few = [f"10.99999/synthetic.{i}" for i in range(4)]
    many = [f"10.99999/SYNTHETIC.{i}" for i in range(100)]
    with serve_service("crossref", synthetic=90) as server:
        assert all(looked.record for looked in look_up(server, tmp_path, few))
        assert (server.count("works/*"), server.count("works")) == (4, 0)
        found = look_up(server, tmp_path, many)
        assert (server.count("works/*"), server.count("works")) == (4 + 10, 3)
    assert [bool(looked.record) for looked in found] == [True] * 90 + [False] * 10
    assert not any(looked.problem for looked in found)


ODD = (
    "10.99999/a,b",
    "10.99999/(sici)1<1:c>3.0.co;2-#",
    "10.99999/a|b",
    "10.99999/a+b",
)


@pytest.mark.parametrize("odd", ODD)
def test_a_doi_with_odd_letters_arrives_as_it_is(odd, tmp_path):
    with serve_service("crossref", synthetic=20) as server:
        dois = [odd, *(f"10.99999/synthetic.{i}" for i in range(20))]
        found = look_up(server, tmp_path, dois)
        assert f"works/{odd}" in [request.program for request in server.requests]
        filters = [request.params.get("filter", "") for request in server.requests]
    assert not any(odd in text for text in filters)
    assert found[0][:3] == (odd, None, None)
    assert all(looked.record for looked in found[1:])


@pytest.mark.parametrize(
    "fault", ["http-500", "html-200", "not-found-404", "blocked-403", "empty-object"]
)
def test_a_failure_is_never_taken_for_an_unknown_doi(fault, tmp_path):
    with serve_service("crossref") as server:
        server.fail(fault, times=999)
        found = look_up(server, tmp_path, ["10.99999/invented.90000001"])
    assert found[0].problem
    assert not found[0].record


def test_an_unknown_doi_is_neither_a_record_nor_a_problem(tmp_path):
    with serve_service("crossref") as server:
        [looked] = look_up(server, tmp_path, ["https://doi.org/10.99999/NONE"])
    assert looked[:3] == ("10.99999/none", None, None)
    assert looked.when


# --- reading -----------------------------------------------------------------------


def test_recorded_works_are_read_and_no_field_is_unaccounted_for(shared):
    works = []
    for path in sorted((shared / "api/crossref").glob("*.json")):
        if path.name.endswith(".meta.json") or path.name == "agency_bad.json":
            continue
        message = json.loads(path.read_bytes())["message"]
        if isinstance(message, dict) and "agency" not in message:
            works += message.get("items", [message])
    works = [work for work in works if "DOI" in work]
    assert len(works) > 40
    for work in works:
        assert set(work) <= {*READ, *UNREAD}, set(work) - {*READ, *UNREAD}
        record = parse_record(work)
        assert record.doi == work["DOI"].lower()
        assert record.title
        assert len(record.authors) == len(work.get("author", ()))
        assert len(record.references) == len(work.get("reference", ()))
        told = work.get("abstract") or work.get("description")
        assert bool(record.abstract) == bool(told)
        known = [p for p in work.get("issued", {}).get("date-parts", [[None]])[0] if p]
        assert record.year == (known[0] if known else None)
        for name in ("update-to", "updated-by"):
            assert len(record.corrections) >= len(work.get(name, ()))


def test_read_and_unread_fields_are_different_ones():
    assert not set(READ) & UNREAD


def parse(**work):
    return parse_record({"DOI": "10.99999/ABC", **work})


def test_a_title_loses_its_marks_and_white_space():
    record = parse(title=["Tea\n      <i>and</i>  CO<sub>2</sub> &amp; sleep"])
    assert record.title == "Tea and CO2 & sleep"
    assert record.doi == "10.99999/abc"


def test_an_abstract_keeps_its_parts():
    text = (
        "<jats:title>Abstract</jats:title><jats:sec><jats:title>Methods</jats:title>"
        "<jats:p>We asked <jats:italic>ten</jats:italic>, p &lt; 0.05.</jats:p>"
        "</jats:sec><jats:sec><jats:title>Results</jats:title><jats:p>All slept."
        "</jats:p></jats:sec>"
    )
    assert parse(abstract=text).abstract == (
        Section("We asked ten, p < 0.05.", "Methods"),
        Section("All slept.", "Results"),
    )


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ([[2021, 3, 14]], (2021, 3, 14, "day")),
        ([[2021, 3]], (2021, 3, 0, "month")),
        ([[2021]], (2021, 0, 0, "year")),
        ([[2021, None]], (2021, 0, 0, "year")),
        ([[None]], None),
        ([[]], None),
        ([], None),
    ],
)
def test_a_date_is_as_precise_as_it_was_deposited(parts, told):
    record = parse(issued={"date-parts": parts})
    assert [date[:4] for date in record.dates] == ([told] if told else [])
    assert record.year == (told[0] if told else None)


@pytest.mark.parametrize(
    ("kind", "on_the_work", "on_the_notice"),
    [
        ("retraction", "RetractionIn", "RetractionOf"),
        ("expression_of_concern", "ExpressionOfConcernIn", "ExpressionOfConcernFor"),
        ("correction", "ErratumIn", "ErratumFor"),
        ("withdrawal", "WithdrawalIn", "WithdrawalOf"),
        ("partial_retraction", "PartialRetractionIn", "PartialRetractionOf"),
        ("reinstatement", "ReinstatementIn", "ReinstatementOf"),
    ],
)
def test_notices_are_links_as_pubmed_has_them(kind, on_the_work, on_the_notice):
    entry = {
        "DOI": "10.99999/OTHER",
        "type": kind,
        "label": "A label",
        "source": "retraction-watch",
        "updated": {"date-parts": [[2022, 5]]},
    }
    parts = ("A label", "", "", "10.99999/other", "2022-05", "retraction-watch")
    first = parse(**{"updated-by": [entry]}).corrections
    assert first == (Correction(on_the_work, *parts),)
    second = parse(**{"update-to": [entry]}).corrections
    assert second == (Correction(on_the_notice, *parts),)


def test_every_notice_is_kept_not_the_first_only():
    entries = [{"DOI": f"10.99999/{n}", "type": t} for n, t in enumerate(
        ("correction", "retraction"))]  # fmt: skip
    links = parse(**{"updated-by": entries}).corrections
    assert [link.ref_type for link in links] == ["ErratumIn", "RetractionIn"]


def test_a_preprint_and_its_article_are_linked():
    relation = {
        "is-preprint-of": [{"id-type": "doi", "id": "10.99999/Article"}],
        "is-part-of": [{"id-type": "issn", "id": "9999-9994"}],
    }
    record = parse(type="posted-content", subtype="preprint", relation=relation,
                   institution=[{"name": "Invented Preprints"}])  # fmt: skip
    assert record.publication_types == ("Preprint",)
    assert record.journal == "Invented Preprints"
    first, second = record.corrections
    assert (first.ref_type, first.doi) == ("UpdateIn", "10.99999/article")
    assert (second.ref_type, second.note) == ("is-part-of", "issn 9999-9994")


def test_the_smaller_parts_are_kept():
    record = parse(
        **{
            "type": "journal-article",
            "author": [{"name": "The Invented Group"}, {"given": "Ada B.",
                       "family": "Roe", "suffix": "Jr", "ORCID":
                       "http://orcid.org/0000-0000-0000-0001"}],
            "funder": [{"name": "A fund", "award": ["1", "2"]}, {"name": "B fund"}],
            "clinical-trial-number": [{"clinical-trial-number": "nct90000001"}],
            "reference": [{"unstructured": "Roe A. Tea."}, {"DOI": "10.99999/X"}],
            "language": "de", "article-number": "e1", "container-title": ["J"],
        }
    )  # fmt: skip
    group, person = record.authors
    assert group.collective == "The Invented Group"
    assert person[:4] == ("Roe", "Ada B.", "AB", "Jr")
    assert person.identifiers == (("ORCID", "0000-0000-0000-0001"),)
    assert record.grants == (
        Grant("1", agency="A fund"),
        Grant("2", agency="A fund"),
        Grant(agency="B fund"),
    )
    assert record.accessions == (Accession("ClinicalTrials.gov", "NCT90000001"),)
    assert record.references == (
        Reference("Roe A. Tea."),
        Reference("", (("doi", "10.99999/x"),)),
    )
    assert (record.languages, record.pages, record.journal) == (("ger",), "e1", "J")


@pytest.mark.parametrize(
    "work",
    [
        {"DOI": ""},
        {"DOI": "no doi"},
        {"title": "T"},
        {"DOI": "10.99999/a", "author": ["Roe"]},
        {"DOI": "10.99999/a", "issued": {"date-parts": [["x"]]}},
        {"DOI": "10.99999/a", "issued": {"date-parts": [5]}},
        {"DOI": "10.99999/a", "updated-by": [{"type": []}]},
        {"DOI": "10.99999/a", "relation": []},
    ],
)
def test_what_has_another_shape_is_no_record(work):
    with pytest.raises(ShapeError):
        parse_record(work)


def test_every_work_with_any_of_the_words_is_not_asked_for(tmp_path):
    query = Query(text="synthetic[ti]", limit=None)
    with (
        serve_service("crossref", synthetic=BEST + 300) as server,
        open_fetcher(server.url, tmp_path) as fetcher,
    ):
        records, problems, [log] = sorted_out(SOURCE.search(query, fetcher))
    assert len(records) == log.wanted == BEST
    assert log.count == BEST + 300
    assert f"the best {BEST:,} were asked for" in log.ignored[-1]
    assert problems == []
