"""The stand-ins for OpenAlex, Crossref and Unpaywall do what the real ones do."""

import json
import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.standin import crossref, openalex
from tests.standin.asking import NoRedirects
from tests.standin.services import serve_service


def ask(server, path, **params):
    """Return (status, headers, body) of one request."""
    query = urllib.parse.urlencode({k.replace("_", "-"): v for k, v in params.items()})
    opener = urllib.request.build_opener(NoRedirects)
    try:
        with opener.open(f"{server.url}{path}?{query}", timeout=20) as reply:
            return reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers, refused.read()


def ask_json(server, path, **params):
    return json.loads(ask(server, path, **params)[2])


# --- OpenAlex ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def alex():
    with serve_service(openalex.make_service(1_000), synthetic=250) as server:
        yield server


@pytest.mark.parametrize(
    ("path", "filter_", "cost"),
    [
        ("works/W91000001", "", 0),
        ("works/doi:10.99999/synthetic.1", "", 0),
        ("works/https://doi.org/10.99999/synthetic.1", "", 1),
        ("works", "doi:10.99999/synthetic.1", 1),
        ("works", "title_and_abstract.search:kratom", 10),
    ],
)
def test_openalex_charges_and_says_so(alex, path, filter_, cost):
    params = {"filter": filter_} if filter_ else {}
    before = int(ask(alex, "works/W91000001")[1]["X-RateLimit-Remaining"])
    status, headers, _ = ask(alex, path, **params)
    assert status == 200
    assert int(headers["X-RateLimit-Credits-Used"]) == cost
    assert int(headers["X-RateLimit-Remaining"]) == before - cost
    assert int(headers["X-RateLimit-Reset"]) < 86_400, "seconds until, not since 1970"


def test_openalex_without_credits_asks_to_wait_for_hours():
    with serve_service(openalex.make_service(12)) as server:
        search = {"filter": "title.search:sleep"}
        assert ask(server, "works", **search)[0] == 200
        status, headers, _ = ask(server, "works", **search)
        assert (status, headers["Retry-After"]) == (429, "54000")
        assert ask(server, "works/W90000001")[0] == 200, "what is free stays free"


def test_openalex_says_404_in_html(alex, shared):
    status, headers, body = ask(alex, "works/doi:10.99999/none")
    recorded = (shared / "api/openalex/work_not_found_404.html").read_bytes()
    assert (status, headers.get_content_type()) == (404, "text/html")
    assert body.split() == recorded.split()


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"limit": "5"}, "limit is not a valid parameter"),
        ({"filter": "tea:1"}, "tea is not a valid field"),
        ({"select": "ids.pmid"}, "not a valid select field"),
        ({"per_page": "201"}, "per-page parameter must be between 1 and 200."),
        ({"per_page": "200", "page": "51"}, "Cursor pagination is required"),
        ({"cursor": "*", "page": "1"}, "both page and cursor"),
        ({"cursor": "tea"}, "Cursor value is invalid"),
    ],
)
def test_openalex_refuses_what_it_does_not_know(alex, params, words):
    status, _, body = ask(alex, "works", **params)
    said = json.loads(body)
    assert status == 400
    assert set(said) == {"error", "message"}
    assert words in said["message"]


def test_openalex_ends_a_list_with_null():
    with serve_service("openalex", synthetic=250) as server:
        cursor, pages = "*", []
        while cursor is not None:
            page = ask_json(server, "works", cursor=cursor, per_page=100)
            pages.append(len(page["results"]))
            cursor = page["meta"]["next_cursor"]
    assert pages == [100, 100, 50]
    assert page["meta"]["count"] == 250


def test_openalex_sends_on_to_the_work_that_another_was_merged_with(alex):
    status, headers, _ = ask(alex, "works/W191000001")
    assert (status, headers["Location"]) == (301, "/works/W91000001")


def test_a_work_of_openalex_has_the_fields_of_a_recorded_one(alex, shared):
    recorded = json.loads((shared / "api/openalex/doi_search4_2.json").read_bytes())
    work = ask_json(alex, "works/W91000001")
    assert set(work) <= set(recorded)
    for name, value in work.items():
        if value and recorded[name]:
            assert type(value) is type(recorded[name]), name


# --- Crossref ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def cross():
    with serve_service("crossref") as server:
        yield server


@pytest.mark.parametrize(
    ("path", "mailto", "pool", "limit", "together"),
    [
        ("works", "", "public-array", "1", "1"),
        ("works", "a@example.org", "polite-array", "3", "3"),
        ("works/10.99999/invented.90000001", "", "public-single", "5", "1"),
        ("works/10.99999/none", "a@example.org", "polite-single", "10", "3"),
    ],
)
def test_crossref_names_its_pools(cross, path, mailto, pool, limit, together):
    params = {"mailto": mailto} if mailto else {}
    headers = ask(cross, path, **params)[1]
    assert headers["x-api-pool"] == pool
    assert headers["x-rate-limit-limit"] == limit
    assert headers["x-rate-limit-interval"] == "1s"
    assert headers["x-concurrency-limit"] == together


def test_crossref_refuses_what_comes_too_fast():
    with serve_service(crossref.make_service(enforce_rate=True)) as server:
        statuses = [ask(server, "works")[0] for _ in range(3)]
    assert statuses == [200, 429, 429]


@pytest.mark.parametrize(
    ("path", "params", "name"),
    [
        ("works/10.99999/notarealdoi", {}, "not_found.txt"),
        ("works/5/agency", {}, "agency_bad.json"),
        ("works", {"cursor": "thing"}, "cursor_invalid.json"),
        ("works", {"rows": "things"}, "rows_invalid.json"),
        (
            "works/10.99999/invented.90000001",
            {"query.author": "roe"},
            "filter_not_allowed.json",
        ),
    ],
)
def test_crossref_refuses_in_the_words_that_were_recorded(
    cross, shared, path, params, name
):
    status, headers, body = ask(cross, path, **params)
    folder = shared / "api/crossref"
    meta = json.loads((folder / f"{name}.meta.json").read_bytes())
    assert status == meta["status"]
    kind = meta["headers"]["content-type"].partition(";")[0]
    assert headers.get_content_type() == kind
    recorded = (folder / name).read_bytes()
    if name.startswith("agency") or kind == "text/plain":
        assert body == recorded
    else:
        assert json.loads(body) == json.loads(recorded)


def test_crossref_gives_the_same_cursor_again_where_a_list_scrolls():
    service = crossref.make_service(scroll=True)
    with serve_service(service, synthetic=25) as server:
        cursors, seen, items = ["*"], [], True
        while items:
            page = ask_json(server, "works", cursor=cursors[-1], rows=10)["message"]
            items = page["items"]
            seen += [item["DOI"].lower() for item in items]
            cursors.append(page["next-cursor"])
    assert len(set(seen)) == len(seen) == 25
    assert len(set(cursors[1:])) == 1, "never missing, and always the same"


def test_crossref_tells_of_notices_on_both_sides(cross):
    items = ask_json(cross, "works", rows=1000)["message"]["items"]
    by_doi = {item["DOI"].lower(): item for item in items}
    pairs = [
        (doi, entry["DOI"], entry["type"])
        for doi, item in by_doi.items()
        for entry in item.get("updated-by", ())
    ]
    assert {kind for _, _, kind in pairs} >= {"retraction"}
    back = {
        (entry["DOI"], doi, entry["type"])
        for doi, item in by_doi.items()
        for entry in item.get("update-to", ())
    }
    assert back & set(pairs)
    retracted = next(doi for doi, _, kind in pairs if kind == "retraction")
    found = ask_json(cross, "works", filter=f"updates:{retracted}")["message"]["items"]
    assert found


def test_crossref_titles_have_the_white_space_that_was_deposited(cross):
    items = ask_json(cross, "works", rows=50)["message"]["items"]
    assert any("\n" in title for item in items for title in item.get("title", ()))
    assert any(item["DOI"] != item["DOI"].lower() for item in items)


def test_a_work_of_crossref_has_the_fields_of_a_recorded_one(cross, shared):
    path = shared / "api/crossref/work_one.json"
    recorded = json.loads(path.read_bytes())["message"]
    work = ask_json(cross, "works/10.99999/invented.90000001")["message"]
    for name in set(work) & set(recorded):
        if work[name] and recorded[name]:
            kinds = {type(work[name]), type(recorded[name])}
            assert len(kinds) == 1 or kinds <= {int, float}, name


# --- Unpaywall ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def wall():
    with serve_service("unpaywall") as server:
        yield server


@pytest.mark.parametrize("email", ["", "nobody", "nobody@example.com"])
def test_unpaywall_wants_a_real_address(wall, email):
    status, _, body = ask(wall, "10.99999/invented.90000001", email=email)
    assert status == 422
    assert json.loads(body)["HTTP_status_code"] == 422


def test_unpaywall_says_404_in_html(wall):
    status, headers, body = ask(wall, "10.99999/none", email="a@example.org")
    assert (status, headers.get_content_type()) == (404, "text/html")
    assert b"404 Not Found" in body


def test_an_answer_of_unpaywall_has_the_fields_of_a_recorded_one(wall, shared):
    recorded = json.loads((shared / "api/unpaywall/doi_search4.json").read_bytes())
    said = ask_json(wall, "10.99999/invented.90000001", email="a@example.org")
    assert set(said) <= set(recorded)
