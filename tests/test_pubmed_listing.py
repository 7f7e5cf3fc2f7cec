"""A search with more hits than PubMed lists at once: all of them, and the sums."""

import json
import re
from dataclasses import replace
from itertools import product

import pytest

from assay.cli import main
from assay.edge.cache import Cache
from assay.errors import SourceDownError
from assay.output.search_sums import check_sums
from assay.search import Query, SearchRun
from assay.sources.base import Answer
from assay.sources.pubmed import search
from assay.sources.pubmed_listing import judge_listing
from assay.sources.pubmed_request import count_request, search_request
from tests.net import open_fetcher, recorded, sorted_out
from tests.standin import FAULTS, serve
from tests.standin.synthetic import FIRST_PMID, synthetic_row

CAP = 40
ALL = Query(text="all[sb]", limit=None)


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    for module in ("pubmed", "pubmed_listing", "pubmed_request"):
        monkeypatch.setattr(f"assay.sources.{module}.CAP", CAP)


def serve_small(synthetic=300, busy_day=70):
    return serve(synthetic=synthetic, busy_day=busy_day, cap=CAP)


def run(server, folder, query=ALL, **options):
    with open_fetcher(server.url, folder, **options) as fetcher:
        records, problems, [log] = sorted_out(search(query, fetcher))
    made = SearchRun(query=query, sources=("pubmed",), logs=(log,), found=len(records))
    assert check_sums(made) == (), "the log explains every sum that differs"
    return records, problems, [log]


def pmids(records):
    return [int(record.pmid) for record in records]


def truth(server):
    return sorted(server.world.rows, reverse=True)


# --- all of them, and why that is so --------------------------------------------------


def test_every_record_comes_once_and_the_sums_agree(tmp_path):
    with serve_small() as server:
        records, problems, [log] = run(server, tmp_path)
        assert pmids(records) == truth(server)
        assert log.requests == len(server.requests)
    assert not problems
    assert (log.count, log.wanted, log.retrieved, log.count_after) == (300,) * 4
    assert sum(part.counted for part in log.slices) == 300
    assert sum(part.listed for part in log.slices) == 300
    assert (log.repeated, log.difference, log.missing) == (0, "", ())
    assert max(part.counted for part in log.slices) <= CAP
    days = {part.within for part in log.slices if part.field == "uid"}
    assert len(days) == 1, "the busy day alone is cut by PMID"


def test_the_order_is_said_because_it_is_not_the_one_asked_for(tmp_path):
    with serve_small() as server:
        records, _, [log] = run(server, tmp_path, Query(text="all[sb]", limit=CAP + 1))
        assert pmids(records) == truth(server)[: CAP + 1]
        assert "by relevance: they stand by PMID, the highest first" in log.ignored[-1]
        assert log.wanted == log.retrieved == CAP + 1
        assert "the 41 with the highest PMIDs were wanted" in log.difference
        _, _, [log] = run(server, tmp_path, Query(text="all[sb]", limit=CAP))
        assert not log.slices
        assert not log.ignored
        assert log.wanted == log.retrieved == CAP


def test_dates_and_a_long_query_narrow_every_part(tmp_path):
    text = " OR ".join(["synthetic[ti]"] * 200)
    query = Query(text=text, since="2015/01/03", until="2015/01/12", limit=None)
    with serve_small() as server:
        records, problems, [log] = run(server, tmp_path, query)
        assert {r.method for r in server.requests if r.program == "esearch"} == {"POST"}
    assert len(records) == log.count == 170, "ten a day, and the busy day"
    assert not problems


def test_a_query_with_open_quotes_and_small_hits_is_still_narrowed(tmp_path):
    with serve_small() as server:
        records, problems, _ = run(
            server, tmp_path, Query(text='synthetic OR study "sleep', limit=None)
        )
        assert pmids(records) == truth(server)
    assert not problems


def test_no_request_needs_a_session_of_the_service(tmp_path):
    with serve_small() as server:
        server.expire_history()
        run(server, tmp_path)
        assert not server.world.sessions
        assert not any("WebEnv" in r.params for r in server.requests)


def test_a_second_run_asks_nothing_and_says_the_same(tmp_path):
    with serve_small() as server:
        first = run(server, tmp_path)
        server.requests.clear()
        again = run(server, tmp_path)
        offline = run(server, tmp_path, offline=True)
        assert server.requests == []
    assert again == offline
    assert again[:2] == first[:2]
    assert again[2][0].recorded
    assert again[2][0].requests == 0
    assert again[2][0].slices == first[2][0].slices
    assert again[2][0].count_after == 300


# --- a service that changes while it is asked -----------------------------------------


def add_undated(world):
    world.add(synthetic_row(999))
    world.move(FIRST_PMID + 999)


CHANGES = {
    "added": (lambda world: world.add(synthetic_row(999, (2015, 1, 1))), 301),
    "added without a date": (add_undated, 301),
    "removed": (lambda world: world.remove(FIRST_PMID), 299),
    "moved back": (lambda world: world.move(FIRST_PMID + 299, 20150101), 300),
    "moved on": (lambda world: world.move(FIRST_PMID, 20201231), 300),
    "without a date": (lambda world: world.move(FIRST_PMID + 5), 300),
}


@pytest.mark.parametrize("after", [0, 1, 4, 9, 14])
@pytest.mark.parametrize("name", CHANGES)
def test_a_change_at_any_moment_is_found_or_told(name, after, tmp_path):
    change, number = CHANGES[name]
    with serve_small() as server:
        server.change(change, path="esearch", after=after)
        records, problems, [log] = run(server, tmp_path)
        now = truth(server)
    came = pmids(records)
    assert len(came) == len(set(came))
    assert log.count in {300, number}
    if log.count_after == number == log.count:
        assert set(now) == set(came)
    left = set(now) - set(came)
    assert not left or problems or log.count_after != len(now)
    if log.count_after != log.count:
        assert log.difference
    assert len(came) + len(log.missing) >= log.count_after or problems


def test_records_without_a_create_date_are_found_by_pmid(tmp_path):
    with serve_small() as server:
        for n in range(7):
            server.world.move(FIRST_PMID + 30 * n)
        records, problems, [log] = run(server, tmp_path)
        assert pmids(records) == truth(server)
    assert not problems
    assert log.count == log.count_after == 300
    assert "7 records were in no part by create date" in log.difference
    assert {part.field for part in log.slices} == {"crdt", "uid"}
    assert log.repeated == sum(part.listed for part in log.slices) - 300


def test_a_record_that_moves_and_one_that_comes_do_not_hide_each_other(tmp_path):
    """The sums agree by chance, but an id of the first list is in no part."""
    with serve_small() as server:
        newest = truth(server)[0]

        def both(world):
            world.move(newest)
            world.add(synthetic_row(999, (2015, 1, 1)))
            world.remove(FIRST_PMID)

        server.change(both, path="esearch", after=1)
        records, problems, [log] = run(server, tmp_path)
        assert set(truth(server)) <= set(pmids(records))
    assert not problems
    assert "were listed a second time" in log.difference.replace("was", "were")


# --- a service that lies --------------------------------------------------------------


@pytest.mark.parametrize("lie", [3, -3])
def test_a_count_that_lies_is_told_and_nothing_that_came_is_lost(lie, tmp_path):
    with serve_small() as server:
        server.world.lie_about_count = lie
        records, problems, [log] = run(server, tmp_path)
        assert pmids(records) == truth(server)
    assert any(f"counts {300 + lie} records" in problem.what for problem in problems)
    assert log.difference
    assert not log.failed


def test_lists_that_are_short_are_told_with_how_many_lack(tmp_path):
    with serve_small() as server:
        server.world.lose_ids = 1
        records, problems, [log] = run(server, tmp_path)
    missing = 300 - len(records)
    assert any(f"{missing:,} fewer" in problem.what for problem in problems) or (
        missing == 0 and problems
    )
    assert "were counted and" in log.difference
    assert recorded(tmp_path) < log.requests, "a short list is not kept as a fact"


def test_a_service_that_ignores_ranges_is_found_out_soon(tmp_path):
    with serve_small() as server:
        server.world.ignore_ranges = True
        records, problems, [log] = run(server, tmp_path)
        assert server.count("esearch") < 30
    assert len(records) == CAP
    assert "260 fewer" in problems[-1].what or "does not keep" in problems[-1].what
    assert "does not keep" in log.difference


# --- any fault, anywhere --------------------------------------------------------------

SLOW = {"hang", "slow-drip", "gzip-bomb", "rate-limit-429-retry-after"}
QUICK = sorted({*FAULTS, "rate-limit-429-retry-after:0"} - SLOW)
PLACES = {"first": 0, "part": 3, "count": 14, "records": 1}
HARMLESS = {"wrong-content-type", "redirect-307-same", "redirect-308-same"}
LASTING = ("part", "lasting")
CASES = [
    pytest.param(
        *case,
        marks=() if case[1:] == LASTING or number % 11 == 0 else pytest.mark.long,
    )
    for number, case in enumerate(product(QUICK, PLACES, ("passing", "lasting")))
]


@pytest.mark.parametrize(("fault", "place", "lasting"), CASES)
def test_a_fault_anywhere_loses_nothing_without_a_word(fault, place, lasting, tmp_path):
    program = "efetch" if place == "records" else "esearch"
    times = 1 if lasting == "passing" else 999
    with serve_small(synthetic=90, busy_day=50) as server:
        server.fail(fault, path=program, times=times, after=PLACES[place])
        records, problems, [log] = run(server, tmp_path)
        came, now = set(pmids(records)), set(truth(server))
    assert len(records) == len(came)
    assert came <= now
    if came != now:
        said = " ".join(problem.what for problem in problems)
        assert said
        assert log.failed or log.missing or log.difference
        lacking = len(now - came)
        assert f"{lacking:,} " in said or log.failed or len(log.missing) == lacking
    if fault in HARMLESS and (lasting == "passing" or "redirect" not in fault):
        assert came == now
        assert not problems


def test_parts_that_cannot_be_listed_are_named(tmp_path):
    with serve_small() as server:
        server.fail("http-503", path="esearch", times=999, after=4)
        _, problems, [log] = run(server, tmp_path, overlap=1)
    said = [problem.what for problem in problems]
    assert any("created from " in what and "HTTP 503" in what for what in said)
    assert any("were not asked for" in what for what in said)
    assert any("fewer" in what for what in said)
    assert log.count == 300
    assert log.count_after is None


def test_a_part_that_fails_is_made_up_for_by_pmid(tmp_path):
    with serve_small() as server:
        server.fail("bad-db", path="esearch", times=1, after=2)
        records, problems, [log] = run(server, tmp_path, overlap=1)
        assert pmids(records) == truth(server)
    assert not problems
    assert "could not be listed by create date" in log.difference


# --- the recording --------------------------------------------------------------------


def date_back(folder, server, request, when):
    """Give a recorded answer another time."""
    cache = Cache(folder / "http.db")
    asked = replace(request, url=server.url + "esearch.fcgi")
    cache.write(asked, replace(cache.read(asked), when=when))
    cache.close()


def test_a_recorded_count_from_before_the_lists_is_asked_anew(tmp_path):
    with serve_small() as server:
        run(server, tmp_path)
        date_back(tmp_path, server, count_request(ALL), "2020-01-01T00:00:00+00:00")
        server.requests.clear()
        _, problems, [log] = run(server, tmp_path, max_age=10**12)
        assert [r.params.get("rettype") for r in server.requests] == ["count"]
    assert not problems
    assert log.count_after == 300


def test_recorded_lists_from_before_the_first_count_are_asked_anew(tmp_path):
    with serve_small() as server:
        run(server, tmp_path)
        lists = server.count("esearch") - 1
        server.world.add(synthetic_row(999, (2015, 1, 1)))
        server.world.remove(FIRST_PMID)
        date_back(tmp_path, server, search_request(ALL), "2999-01-01T00:00:00+00:00")
        server.requests.clear()
        records, problems, [log] = run(server, tmp_path)
        assert pmids(records) == truth(server)
        assert server.count("esearch") >= lists
    assert not problems
    assert log.difference == ""


@pytest.mark.parametrize("after", [1, 2, 5, 9, 14, 20, 28, 36])
def test_a_run_that_broke_off_is_gone_on_with_though_the_service_changed(
    after, tmp_path
):
    with serve_small() as server:
        server.fail("http-503", times=999, after=after)
        _, problems, _ = run(server, tmp_path, overlap=1)
        assert problems or after > len(server.requests)
        server.plans.clear()
        server.requests.clear()
        server.world.add(synthetic_row(999, (2015, 1, 1)))
        server.world.move(FIRST_PMID + 150, 20150101)
        records, problems, [log] = run(server, tmp_path)
        came, now = set(pmids(records)), set(truth(server))
        asked = len(server.requests)
    assert not problems
    assert came == now or (now - came == {FIRST_PMID + 999} and log.count_after == 300)
    assert log.difference or log.count == log.count_after == len(came)
    assert asked == log.requests


def test_every_list_is_on_disk_before_the_first_record_is_fetched(tmp_path):
    with serve_small() as server, open_fetcher(server.url, tmp_path) as fetcher:
        first = next(search(ALL, fetcher))
        programs = [request.program for request in server.requests]
        lists = programs.index("efetch")
        assert set(programs[lists:]) == {"efetch"}
        assert recorded(tmp_path) > lists
    assert first.pmid == str(truth(server)[0])


def test_a_run_that_is_repeated_finds_its_lists_and_batches(tmp_path):
    with serve_small() as server:
        first = run(server, tmp_path)
        whole = len(server.requests)
        for after in range(0, whole, 7):
            folder = tmp_path / str(after)
            server.fail("http-503", times=999, after=after)
            run(server, folder, overlap=1)
            server.plans.clear()
            kept = recorded(folder)
            server.requests.clear()
            again = run(server, folder)
            assert len(server.requests) == whole - kept
            assert again[:2] == first[:2]


# --- as a person sees it --------------------------------------------------------------


def test_sums_that_disagree_make_the_status_3(tmp_path, monkeypatch, capsys):
    (tmp_path / "queries").mkdir()
    monkeypatch.chdir(tmp_path)
    words = ["search", "all[sb]", "--source", "pubmed", "--limit", "all", "--json"]
    with serve_small(synthetic=60, busy_day=0) as server:
        monkeypatch.setenv("ASSAY_EUTILS", server.url)
        monkeypatch.setenv("NCBI_API_KEY", "k3y")
        server.world.lie_about_count = 2
        assert main(words) == 3
        content = json.loads(capsys.readouterr().out)
        assert len(content["records"]) == 60
        assert "2 fewer" in content["problems"][-1]["what"]
        server.world.lie_about_count = 0
        assert main([*words, "--refresh"]) == 0


class Widening:
    """A service that searches again without tags where nothing is found."""

    def __init__(self, pmids):
        self.pmids = pmids

    def get(self, request, judge):
        params = dict(request.params)
        if params.get("rettype") == "count":
            body = {"count": str(len(self.pmids))}
            return Answer(status=200, body=json.dumps({"esearchresult": body}).encode())
        return self.answer(params["term"])

    def get_many(self, requests, judge):
        for request in requests:
            params = dict(request.params)
            if "id" in params:
                yield SourceDownError("PubMed", "no", "Later.")
            else:
                yield self.answer(params["term"])

    def answer(self, term):
        found, said = self.pmids, "tea"
        if days := re.match(r"([\d/]+):([\d/]+)\[crdt\]", term):
            inside = days[1] <= "2020/06/15" <= days[2]
            found = self.pmids if inside else ("99999998", "99999999")
            said = "tea" if inside else "tea [Schema: all]"
        if pmids := re.search(r"(\d+):(\d+)\[uid\]", term):
            low, high = int(pmids[1]), int(pmids[2])
            found = [one for one in found if low <= int(one) <= high]
        result = {"count": str(len(found)), "idlist": found[:CAP]}
        result["querytranslation"] = said
        return Answer(status=200, body=json.dumps({"esearchresult": result}).encode())


def test_what_a_part_finds_without_its_tags_is_not_what_was_asked_for():
    pmids = [str(90_000_001 + n) for n in range(3 * CAP)]
    _, _, [log] = sorted_out(search(Query(text="tea", limit=None), Widening(pmids)))
    assert (log.count, log.count_after, log.difference) == (120, 120, "")
    assert set(log.missing) == set(pmids)


def listing(count, *ids):
    result = {"count": str(count), "idlist": [str(one) for one in ids]}
    return Answer(status=200, body=json.dumps({"esearchresult": result}).encode())


def test_a_list_is_whole_when_it_lists_all_it_counts_up_to_the_limit():
    ids = range(90_000_001, 90_000_001 + CAP)
    assert judge_listing(listing(2, 90_000_001, 90_000_002))
    assert judge_listing(listing(CAP + 5, *ids))
    assert not judge_listing(listing(3, 90_000_001, 90_000_002))


def test_a_count_is_not_the_recording_of_the_search():
    assert search_request(ALL).params != count_request(ALL).params
    assert count_request(ALL).turn != count_request(ALL, 1).turn
