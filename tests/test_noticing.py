"""Works used before, asked about again: news once, nothing unknown told as clean."""

from contextlib import ExitStack
from dataclasses import replace

import pytest

from assay.cli.noticing import AT_ONCE, Tally, ask_about_used, find_record
from assay.digest.model import Use, Work
from assay.digest.outcome import Used
from assay.digest.works import work_of
from assay.edge.cache import Cache
from assay.edge.fetch import Fetcher
from assay.edge.pace import Pace
from assay.edge.services import crossref_service, openalex_service
from assay.edge.store import open_library
from assay.edge.used_works import UsedWork, read_uses, read_works, write_used
from assay.errors import NotRecordedError, RefusedError, SourceDownError
from assay.library.standing import report_of
from assay.notice import Check, Notice, Signal, Standing, StandingReport
from assay.record import Correction, Record
from assay.sources.base import Answer, Request
from tests.net import FAST, service_at
from tests.standin import serve
from tests.standin.services import serve_service
from tests.test_notices import Services, article, flagged, update, work

DOWN = SourceDownError("X", "no answer within 30 s")
NEVER = NotRecordedError("X", "offline, never recorded")
DAY = "2026-11-16"
USE = Use("report", "velora.html", DAY, "Velora helps sleep.")


def pmid_of(number):
    return str(91000000 + number)


def doi_of(number):
    return f"10.99999/tea.{number}"


def used(number, *, told=None, checked=""):
    pmid, doi = pmid_of(number), doi_of(number)
    names = (f"pmid:{pmid}", f"doi:{doi}")
    return UsedWork(Work(key=names[0], names=names, pmid=pmid, doi=doi), told, checked)


def services(numbers, *, gone=(), **more):
    """Return three services that hold works; those in `gone` are retracted."""
    marks = {n: ["RetractionIn"] if n in gone else [] for n in numbers}
    return Services(
        pubmed=[article(pmid_of(n), doi_of(n), links=marks[n]) for n in numbers],
        crossref=[work(doi_of(n), *[update()] * (n in gone)) for n in numbers],
        openalex=[flagged(doi_of(n), is_retracted=n in gone) for n in numbers],
        **more,
    )


def hosts(getter):
    asked = [request.url.split("/")[2] for request in getter.asked]
    return [asked.count(host) for host in sorted(set(asked))]


@pytest.fixture
def library(tmp_path):
    with open_library(tmp_path / "library") as opened:
        yield opened


@pytest.fixture
def notice(library):
    """Ask about works; each was used in one report."""

    def run(works, getter, **more):
        return ask_about_used(
            lambda: iter(works),
            getter,
            library=library,
            uses=lambda key: (USE._replace(name=key),),
            **more,
        )

    return run


def again(works, noticed, checked="2026-11-23T06:00:00+00:00"):
    """Return the works as they are read once the standings were kept."""
    kept = dict(noticed.standings)
    return [
        UsedWork(w.work, kept.get(w.work.key, w.told), checked)
        if w.work.key in kept
        else w
        for w in works
    ]


# --- what is found ------------------------------------------------------------


def test_a_work_that_fell_is_told_once_with_where_it_was_used(notice):
    works = [used(n, checked=DAY) for n in range(3)]
    getter = services(range(3), gone={1})
    found = notice(works, getter)
    (fallen,) = found.fallen
    assert (fallen.work, fallen.before) == (works[1].work, Standing.SOUND)
    assert fallen.after is Standing.RETRACTED
    assert fallen.uses == (USE._replace(name=works[1].work.key),)
    assert {n.said_by for n in fallen.notices} >= {"PubMed", "OpenAlex"}
    assert (found.works, found.unknown, found.left) == (3, 0, 0)
    assert found.problems == ()
    later = notice(again(works, found), getter)
    assert later.fallen == ()
    assert later.works == 3, "all are asked about at every run"


def test_what_a_report_showed_as_retracted_is_no_news(notice):
    mark = Notice(Standing.RETRACTED, "PubMed", "RetractionIn", pmid="90000014")
    told = StandingReport(standing=Standing.RETRACTED, notices=(mark,))
    found = notice([used(1, told=told, checked=DAY)], services([1], gone={1}))
    assert found.fallen == ()
    assert dict(found.standings)[used(1).work.key].standing is Standing.RETRACTED


def test_a_work_without_a_pmid_and_one_without_a_doi_are_asked_about(notice):
    one, other = (used(n).work for n in (1, 2))
    works = [
        UsedWork(replace(one, key=one.names[1], pmid=""), None, ""),
        UsedWork(replace(other, doi=""), None, ""),
    ]
    found = notice(works, services([1, 2], gone={1, 2}))
    assert {f.after for f in found.fallen} == {Standing.RETRACTED}
    assert len(found.fallen) == 2


def test_what_has_no_identifier_is_not_asked_about_and_not_counted(notice):
    nameless = UsedWork(Work(key="nct:NCT90000001", names=()), None, "")
    getter = services([1])
    found = notice([nameless, used(1)], getter)
    assert (found.works, found.unknown) == (1, 0)
    assert notice([nameless], getter).works == 0
    assert notice([nameless], None).works == 0


def test_the_librarys_record_is_asked_with_and_renewed(notice, library):
    held = Record(source="pubmed", pmid=pmid_of(1), title="Old")
    stranger = Record(source="pubmed", pmid="90000099", doi=doi_of(2))
    library.add([held, stranger], source="pubmed", query="q", when=DAY)
    assert find_record(used(1).work, library).doi == doi_of(1)
    assert find_record(used(2).work, library).pmid == pmid_of(2)
    notice([used(1), used(2)], services([1, 2], gone={1}))
    kept = library.get(f"pmid:{pmid_of(1)}")
    assert [c.ref_type for c in kept.corrections] == ["RetractionIn"]
    assert library.get(f"pmid:{pmid_of(2)}") is None, "asking is no search"


def test_a_notice_that_pubmed_takes_back_is_told_when_the_library_knows(
    notice, library
):
    gone = Record(
        source="pubmed", pmid=pmid_of(1), corrections=(Correction("RetractionIn"),)
    )
    library.add([gone], source="pubmed", query="q", when=DAY)
    told = notice([used(1)], services([1], gone={1}))
    works = again([used(1)], told)
    first = notice(works, services([1]))
    works = again(works, first)
    found = (*first.fallen, *notice(works, services([1])).fallen)
    assert [(f.before, f.after) for f in found] == [
        (Standing.RETRACTED, Standing.SOUND)
    ]


# --- what is not known --------------------------------------------------------


def test_offline_nobody_is_asked_and_all_are_unknown_since_they_were_known(notice):
    signals = (Signal("PubMed", Check.ANSWERED, when="2026-11-02T06:00:00+00:00"),)
    told = StandingReport(standing=Standing.SOUND, signals=signals)
    works = [used(1, told=told, checked=DAY), used(2, told=replace(told, signals=()))]
    works[1] = works[1]._replace(checked=DAY)
    found = notice(works, None)
    assert (found.works, found.unknown) == (2, 2)
    assert found.unknown_since == "2026-11-02T06:00:00+00:00"
    assert (found.standings, found.fallen, found.requests) == ((), (), 0)
    assert notice([*works, used(3)], None).unknown_since == "", "never known"


def test_offline_a_notice_that_came_into_the_library_is_told_once(notice, library):
    sound = Record(source="pubmed", pmid=pmid_of(1), title="Tea")
    library.add([sound], source="pubmed", query="q", when=DAY)
    works = [used(1, told=report_of(sound), checked=DAY), used(2, checked=DAY)]
    assert notice(works, None).fallen == ()

    mark = Correction("RetractionIn", pmid="90000014")
    gone = replace(sound, corrections=(mark,))
    library.add([gone], source="pubmed", query="file", when=DAY)
    found = notice(works, None)
    (fallen,) = found.fallen
    assert (fallen.before, fallen.after) == (Standing.SOUND, Standing.RETRACTED)
    assert [n.pmid for n in fallen.notices] == ["90000014"]
    assert fallen.uses == (USE._replace(name=works[0].work.key),)
    assert (found.works, found.unknown, found.requests) == (2, 1, 0)

    works = again(works, found)
    assert notice(works, None).fallen == ()
    assert notice(works, services([1, 2], gone={1})).fallen == (), "no news online"


def test_offline_the_librarys_record_takes_no_notice_back(notice, library):
    sound = Record(source="pubmed", pmid=pmid_of(1), title="Tea")
    library.add([sound], source="pubmed", query="q", when=DAY)
    told = notice([used(1)], services([1], gone={1}))
    works = again([used(1)], told)
    library.add([sound], source="pubmed", query="file", when=DAY)
    found = notice(works, None)
    assert (found.fallen, found.standings) == ((), ())


def test_a_recording_that_lacks_the_answers_leaves_all_unknown(notice):
    never = dict.fromkeys(("pubmed", "crossref", "openalex"), NEVER)
    found = notice([used(1)], services([1], gone={1}, faults=never))
    assert (found.works, found.unknown, found.requests) == (1, 1, 0)
    assert found.problems == ()


@pytest.mark.parametrize("service", ["pubmed", "crossref", "openalex"])
def test_a_service_that_fails_makes_works_unknown_and_keeps_what_was_known(
    notice, service
):
    clean = notice([used(1)], services([1]))
    works = again([used(1)], clean)
    found = notice(works, services([1], faults={service: DOWN}))
    assert (found.works, found.unknown, found.fallen) == (1, 1, ())
    assert len(found.problems) == 1
    assert "1 record: no answer within 30 s" in found.problems[0].what
    assert found.unknown_since == "2026-11-23T02:00:00+00:00"
    (kept,) = again(works, found)
    assert kept.told.standing is Standing.SOUND
    gone = notice([kept], services([1], gone={1}, faults={service: DOWN}))
    assert gone.fallen[0].after is Standing.RETRACTED
    assert gone.unknown == 1


def test_a_dead_network_changes_nothing(notice):
    told = again([used(1)], notice([used(1)], services([1], gone={1})))
    dead = dict.fromkeys(("pubmed", "crossref", "openalex"), DOWN)
    found = notice(told, services([1], faults=dead))
    assert (found.fallen, found.standings, found.unknown) == ((), (), 1)
    assert len(found.problems) == 3


# --- many ---------------------------------------------------------------------


def test_many_are_asked_about_in_lists_and_told_how_far_it_is(notice):
    works = [used(n) for n in range(100)]
    getter = services(range(100), gone={3, 90})
    heard = []
    found = notice(works, getter, tell=lambda *told: heard.append(told[:2]))
    assert [f.work.key for f in found.fallen] == [
        works[3].work.key,
        works[90].work.key,
    ]
    assert found.requests == len(getter.asked)
    crossref, openalex, pubmed = hosts(getter)
    assert (pubmed, crossref, openalex) == (5, 10, 100)
    assert heard == [(done, 100) for done in range(0, 101, 20)]
    assert AT_ONCE % 20 == 0, "Crossref's lists are filled"


def test_more_than_are_asked_at_a_time_have_their_turn_one_after_the_other(notice):
    works = [used(n, checked=f"2026-11-{20 - n:02}") for n in range(5)]
    getter = services(range(5))
    seen = []
    for run in range(3):
        found = notice(works, getter, most=2)
        assert (found.works, found.left) == (2, 3)
        seen.append([key for key, _ in found.standings])
        works = again(works, found, checked=f"2026-11-2{run + 2}")
    assert [sorted(keys) for keys in seen] == [
        sorted(works[n].work.key for n in turn) for turn in ((3, 4), (1, 2), (0, 3))
    ]


def test_a_service_that_is_down_is_given_up_for_the_rest_of_the_run(notice):
    works = [used(n) for n in range(140)]
    getter = services(range(140), faults={"openalex": DOWN, "pubmed": DOWN})
    found = notice(works, getter)
    crossref, openalex, pubmed = hosts(getter)
    assert (openalex, pubmed) == (3, 3)
    assert crossref == 14
    assert found.unknown == 140
    assert len(found.problems) == 2, "one for each service, not for each twenty"


def test_a_work_that_is_named_twice_is_asked_about_once(notice):
    getter = services([1], gone={1})
    found = notice([used(1), used(1)], getter)
    assert len(found.fallen) == 1
    assert sum("openalex" in request.url for request in getter.asked) == 1


def test_nothing_used_asks_nothing(notice):
    getter = services([1])
    assert notice([], getter) == notice([], None)
    assert getter.asked == []


# --- counting -----------------------------------------------------------------


class Outcomes:
    """Gives what it was given, in order."""

    def __init__(self, *outcomes):
        self.outcomes = list(outcomes)

    def get_many(self, requests, judge):
        for _ in requests:
            yield self.outcomes.pop(0)


def test_tries_and_credits_are_counted_and_recordings_are_not():
    asked = Answer(status=200, body=b"", attempt=3, cost=2)
    recorded = Answer(status=200, body=b"", recorded=True)
    refused = RefusedError("X", "no")
    tally = Tally(Outcomes(asked, recorded, refused, NEVER, DOWN, asked))
    requests = [Request(url="https://example.org/a")] * 5
    assert len(list(tally.get_many(requests, bool))) == 5
    assert (tally.requests, tally.credits) == (5, 2)
    assert tally.get(requests[0], bool) == asked
    assert (tally.requests, tally.credits) == (8, 4)
    assert list(tally.get_many([], bool)) == []


# --- over the wire, with real files -------------------------------------------


def test_a_cited_work_is_found_to_be_retracted_by_real_requests(tmp_path, library):
    state = tmp_path / "state.db"
    pmids = [str(90000001 + number) for number in range(30)]
    records = [Record(source="pubmed", pmid=pmid) for pmid in pmids]
    write_used(state, [Used(work_of(record), USE) for record in records])
    with ExitStack() as stack:
        urls = {
            n: stack.enter_context(serve_service(n)) for n in ("crossref", "openalex")
        }
        eutils = stack.enter_context(serve())
        pace, cache = Pace(tmp_path / "pace.db"), Cache(tmp_path / "http.db")
        stack.callback(pace.close)
        stack.callback(cache.close)
        fast = [
            service_at(eutils.url),
            replace(crossref_service(at=urls["crossref"].url), pause=0.0, pools=()),
            replace(openalex_service(at=urls["openalex"].url), pause=0.0),
        ]
        fetcher = stack.enter_context(
            Fetcher(fast, pace=pace, cache=cache, patience=FAST)
        )
        found = ask_about_used(
            lambda: read_works(state),
            fetcher,
            library=library,
            uses=lambda key: read_uses(state, key),
        )
        sent = sum(len(server.requests) for server in (eutils, *urls.values()))
    assert found.fallen[0].work.pmid == "90000013"
    assert found.fallen[0].after is Standing.RETRACTED
    assert found.fallen[0].uses == (USE,)
    assert {f.after for f in found.fallen[1:]} <= set(Standing) - {Standing.UNKNOWN}
    assert (found.works, found.requests) == (30, sent)
    assert found.credits == 0, "a look-up by identifier is free"
