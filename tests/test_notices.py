"""Three services asked about notices: every state, every failure, none taken for no."""

import json
from dataclasses import replace
from urllib.parse import unquote

import pytest

from assay.errors import (
    NotRecordedError,
    RefusedError,
    SourceDownError,
    SourceError,
)
from assay.library.notices import (
    check_standings,
    find_gone_references,
    recall_standings,
)
from assay.notice import Check, Standing
from assay.output.standings import say_grounds
from assay.record import Correction, Record, Reference
from assay.sources.base import Answer
from assay.sources.notices_crossref import ask_crossref
from assay.sources.notices_pubmed import ask_by_name, find_retracted
from assay.sources.notices_updates import KINDS, parse_list, read_work
from tests.net import open_fetcher
from tests.standin import serve

DOI, PMID = "10.99999/tea.1", "90000013"
NOTICE = "10.99999/notice"
WHEN = "2026-11-23T02:00:00+00:00"
ARTICLE = """<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID>{pmid}</PMID>
<Article><Journal><Title>Journal of Invented Results</Title></Journal>
<ArticleTitle>{title}</ArticleTitle><ELocationID EIdType="doi">{doi}</ELocationID>
<PublicationTypeList><PublicationType>{type}</PublicationType></PublicationTypeList>
</Article><CommentsCorrectionsList>{links}</CommentsCorrectionsList></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="doi">{doi}</ArticleId></ArticleIdList>
</PubmedData></PubmedArticle>"""
LINK = """<CommentsCorrections RefType="{0}"><RefSource>J Inv Res. 2021 Jul 5;1:1
</RefSource><PMID>90000014</PMID></CommentsCorrections>"""


def article(pmid=PMID, doi=DOI, *, title="Tea", kind="Journal Article", links=()):
    marks = "".join(map(LINK.format, links))
    return ARTICLE.format(pmid=pmid, doi=doi, title=title, type=kind, links=marks)


def update(kind="retraction", doi=NOTICE, source="publisher", date=(2021, 7, 5)):
    updated = {"date-parts": [list(date)]}
    return {"DOI": doi, "type": kind, "source": source, "updated": updated}


def work(doi=DOI, *updates, title="Tea", **more):
    return {"DOI": doi.upper(), "title": [title], "updated-by": list(updates), **more}


def flagged(doi=DOI, *, is_retracted=False, **more):
    url = f"https://doi.org/{doi}"
    return {"id": "W1", "doi": url, "is_retracted": is_retracted, **more}


class Services:
    """Three services that hold what a test gives them, and fail where it says so."""

    def __init__(self, *, pubmed=(), crossref=(), notices=(), openalex=(), faults=()):
        self.pubmed = {a.split("<PMID>")[1].split("<")[0]: a for a in pubmed}
        self.crossref = {w["DOI"].lower(): w for w in crossref}
        self.notices = list(notices)
        self.openalex = {w["doi"].removeprefix("https://doi.org/"): w for w in openalex}
        self.faults = dict(faults)
        self.asked = []

    def get(self, request, judge):
        self.asked.append(request)
        service, route = self._route(request)
        fault = self.faults.get(route) or self.faults.get(service)
        if isinstance(fault, SourceError):
            raise fault
        status, body = (fault or getattr(self, f"_{route}"))(request)
        answer = Answer(status=status, body=body, when=WHEN)
        judge(answer)
        return answer

    def get_many(self, requests, judge):
        for request in requests:
            try:
                yield self.get(request, judge)
            except SourceError as error:
                yield error

    def _route(self, request):
        if "eutils" in request.url:
            return "pubmed", request.url.rpartition("/")[2].removesuffix(".fcgi")
        if "crossref" in request.url:
            how = "crossref_list" if request.params else "crossref_one"
            back = "updates:" in dict(request.params).get("filter", "")
            return "crossref", "crossref_back" if back else how
        return "openalex", "openalex_one"

    def _esearch(self, request):
        term = dict(request.params)["term"]
        if "[uid]" in term:
            ids = [p for p, a in self.pubmed.items() if "Retracted Publication" in a]
            ids = [pmid for pmid in ids if f"{pmid}[uid]" in term]
        else:
            ids = [p for p, a in self.pubmed.items() if self._doi(a) in term]
        result = {"count": str(len(ids)), "idlist": ids}
        return 200, json.dumps({"esearchresult": result}).encode()

    @staticmethod
    def _doi(text):
        return text.split('EIdType="doi">')[1].split("<")[0]

    def _efetch(self, request):
        ids = dict(request.params)["id"].split(",")
        inner = "".join(self.pubmed.get(pmid, "") for pmid in ids)
        return 200, f"<PubmedArticleSet>{inner}</PubmedArticleSet>".encode()

    def _crossref_list(self, request):
        names = dict(request.params)["filter"].split(",")
        wanted = [name.removeprefix("doi:") for name in names]
        return self._list([self.crossref[d] for d in wanted if d in self.crossref])

    def _crossref_back(self, request):
        names = dict(request.params)["filter"].split(",")
        wanted = {name.removeprefix("updates:") for name in names}
        found = [n for n in self.notices if wanted & {u["DOI"] for u in n["update-to"]}]
        return self._list(found)

    @staticmethod
    def _list(items):
        message = {"total-results": len(items), "items": items}
        return 200, json.dumps({"status": "ok", "message": message}).encode()

    def _crossref_one(self, request):
        doi = unquote(request.url.partition("/works/")[2])
        if doi not in self.crossref:
            return 404, b"Resource not found."
        return 200, json.dumps({"message": self.crossref[doi]}).encode()

    def _openalex_one(self, request):
        name = unquote(request.url.partition("/works/")[2])
        found = self.openalex.get(name.removeprefix("doi:"))
        if found is None:
            return 404, b"<!doctype html><title>404 Not Found</title>"
        return 200, json.dumps(found).encode()


def services(**more):
    clean = {"pubmed": [article()], "crossref": [work()], "openalex": [flagged()]}
    return Services(**{**clean, **more})


BARE = Record(source="file", doi=DOI)


def ask(getter, record=BARE):
    return check_standings([record], getter).reports[0]


def checks(report):
    return {signal.service: signal.check for signal in report.signals}


ANSWERED = dict.fromkeys(("PubMed", "Crossref", "OpenAlex"), Check.ANSWERED)
DOWN = SourceDownError("X", "no answer within 30 s")
REFUSED = RefusedError("X", "it refused to answer (HTTP 400)")
LATER = SourceDownError("X", "it asks to wait 15 hours")


def html(_request):
    return 200, b"<html>Log in to the hotel's network</html>"


def empty(_request):
    return 200, b""


def wrong(_request):
    return 200, b'{"message": {"items": 3}, "esearchresult": []}'


def nothing(_request):
    return 404, b"gone"


FAULTS = {
    "down": DOWN,
    "refused": REFUSED,
    "over budget": LATER,
    "a web page": html,
    "empty": empty,
    "another shape": wrong,
    "a 404 of somebody else": nothing,
}


# --- every state --------------------------------------------------------------


def test_a_work_that_nobody_knows_a_notice_on_was_asked_for_three_times():
    report = ask(services())
    assert report.standing is Standing.SOUND
    assert checks(report) == ANSWERED
    assert {signal.when for signal in report.signals} == {WHEN}


@pytest.mark.parametrize(
    ("marks", "standing"),
    [
        ({"kind": "Retracted Publication"}, Standing.RETRACTED),
        ({"links": ["RetractionIn"]}, Standing.RETRACTED),
        ({"links": ["ErratumIn", "RetractionIn"]}, Standing.RETRACTED),
        ({"links": ["RetractedandRepublishedIn"]}, Standing.REPLACED),
        ({"links": ["ExpressionOfConcernIn"]}, Standing.CONCERN),
        ({"links": ["ErratumIn"]}, Standing.CORRECTED),
        ({"links": ["RetractionOf"]}, Standing.NOTICE),
        ({"kind": "Retraction of Publication"}, Standing.NOTICE),
        ({"links": ["ErratumFor", "CommentIn"]}, Standing.SOUND),
        ({"title": "RETRACTED: Tea"}, Standing.DOUBTFUL),
    ],
)
@pytest.mark.parametrize("named", ["pmid", "doi"])
def test_pubmeds_marks_are_read_by_pmid_and_by_doi(marks, standing, named):
    name = {"pmid": PMID} if named == "pmid" else {"doi": DOI}
    report = ask(services(pubmed=[article(**marks)]), Record(source="file", **name))
    assert report.standing is standing
    assert checks(report) == ANSWERED


@pytest.mark.parametrize(
    ("entries", "standing"),
    [
        ([update("retraction")], Standing.RETRACTED),
        ([update("correction"), update("retraction")], Standing.RETRACTED),
        ([update("retraction"), update("correction")], Standing.RETRACTED),
        ([update("partial_retraction")], Standing.PARTLY),
        ([update("withdrawal")], Standing.WITHDRAWN),
        ([update("removal")], Standing.WITHDRAWN),
        ([update("expression_of_concern")], Standing.CONCERN),
        ([update("Expression of Concern")], Standing.CONCERN),
        ([update("correction")], Standing.CORRECTED),
        ([update("corrigendum")], Standing.CORRECTED),
        ([update("erratum")], Standing.CORRECTED),
        ([update("new_version"), update("addendum")], Standing.SOUND),
        ([update("retract_and_replace")], Standing.DOUBTFUL),
        ([update("never heard of")], Standing.CORRECTED),
        ([update("retraction", DOI, "retraction-watch")], Standing.RETRACTED),
        ([update("retraction", DOI, "publisher")], Standing.DOUBTFUL),
        ([update("correction", DOI, "publisher")], Standing.CORRECTED),
        ([update(date=(2020,)), update("reinstatement", date=(2021,))], "doubt"),
        ([update(date=(2022,)), update("reinstatement", date=(2021,))], "gone"),
        ([update(date=(None,))], Standing.RETRACTED),
    ],
)
def test_every_update_that_crossref_tells_of_is_read(entries, standing):
    wanted = {"doubt": Standing.DOUBTFUL, "gone": Standing.RETRACTED}
    report = ask(services(crossref=[work(DOI, *entries)]))
    assert report.standing is wanted.get(standing, standing)


def test_crossrefs_notice_tells_its_day_its_doi_and_who_says_so():
    entries = [update(), update(source="retraction-watch")]
    report = ask(services(crossref=[work(DOI, *entries)]))
    assert say_grounds(report) == (
        "2021-07-05, said by Retraction Watch (in Crossref) and the publisher (in "
        "Crossref); notice: DOI 10.99999/notice"
    )


def test_a_notice_that_only_names_the_work_itself_is_found_the_other_way_round():
    notice = {"DOI": NOTICE, "title": ["Retraction"], "update-to": [update(doi=DOI)]}
    report = ask(services(notices=[notice]))
    assert report.standing is Standing.RETRACTED
    assert [(n.doi, n.date) for n in report.notices] == [(NOTICE, "2021-07-05")]


def test_a_retraction_told_in_both_directions_is_one_notice():
    notice = {"DOI": NOTICE, "title": ["Retraction"], "update-to": [update(doi=DOI)]}
    report = ask(services(crossref=[work(DOI, update())], notices=[notice]))
    assert len(report.notices) == 1


def test_an_old_notice_that_names_itself_is_a_notice_and_no_retracted_work():
    own = work(DOI, update(doi=DOI), title="Retraction: Tea and sleep")
    assert ask(services(crossref=[own])).standing is Standing.NOTICE


def test_what_retracts_another_is_a_notice_only_when_its_title_says_so():
    other = [update(doi="10.99999/other")]
    titled = {**work(title="Notice\n   of <i>retraction: Tea</i>"), "update-to": other}
    assert ask(services(crossref=[titled])).standing is Standing.NOTICE
    replacing = {**work(title="Tea, analysed anew"), "update-to": other}
    assert ask(services(crossref=[replacing])).standing is Standing.SOUND


def test_openalex_alone_is_doubted_and_with_crossref_believed():
    flag = [flagged(is_retracted=True)]
    assert ask(services(openalex=flag)).standing is Standing.DOUBTFUL
    both = services(openalex=flag, crossref=[work(DOI, update())])
    assert ask(both).standing is Standing.RETRACTED


def test_a_notice_that_openalex_flags_is_a_notice():
    flag = flagged(is_retracted=True, title="Retraction: Tea")
    assert ask(services(openalex=[flag])).standing is Standing.NOTICE


def test_of_two_records_with_one_doi_the_work_is_looked_at_not_the_notice():
    notice = article("90000014", kind="Retraction of Publication")
    retracted = article(links=["RetractionIn"])
    report = ask(services(pubmed=[notice, retracted]))
    assert report.standing is Standing.RETRACTED
    assert {n.pmid for n in report.notices} == {"90000014"}


def test_a_replacement_that_kept_the_doi_counts_as_corrected():
    new = article("90000015", links=["RetractedandRepublishedFrom"])
    getter = services(pubmed=[new], crossref=[work(DOI, update())])
    report = ask(getter, Record(source="pubmed", pmid="90000015", doi=DOI))
    assert report.standing is Standing.CORRECTED


# --- every failure ------------------------------------------------------------


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    "place",
    ["esearch", "efetch", "pubmed", "crossref", "crossref_back", "openalex"],
)
def test_a_check_that_failed_is_unknown_and_never_clean(fault, place):
    checked = check_standings(
        [Record(source="file", doi=DOI)], services(faults={place: FAULTS[fault]})
    )
    (report,) = checked.reports
    service = {"pubmed": "PubMed", "esearch": "PubMed", "efetch": "PubMed"}.get(
        place, "OpenAlex" if place == "openalex" else "Crossref"
    )
    assert report.standing is Standing.UNKNOWN
    assert checks(report) == {**ANSWERED, service: Check.FAILED}
    assert [problem.where for problem in checked.problems] == [service]
    assert "could not be asked" in say_grounds(report)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("place", ["pubmed", "crossref", "openalex"])
def test_one_failed_service_spoils_no_other(fault, place):
    told = {
        "pubmed": {"crossref": [work(DOI, update())]},
        "crossref": {"pubmed": [article(links=["RetractionIn"])]},
        "openalex": {"pubmed": [article(links=["RetractionIn"])]},
    }[place]
    report = ask(services(**told, faults={place: FAULTS[fault]}))
    assert report.standing is Standing.RETRACTED
    assert Check.FAILED in checks(report).values()


def test_when_all_fail_what_the_record_itself_says_still_holds():
    marked = Record(
        source="pubmed", pmid=PMID, doi=DOI, corrections=(Correction("RetractionIn"),)
    )
    dead = dict.fromkeys(("pubmed", "crossref", "openalex"), DOWN)
    report = ask(services(faults=dead), marked)
    assert report.standing is Standing.RETRACTED
    clean = ask(services(faults=dead), replace(marked, corrections=()))
    assert clean.standing is Standing.UNKNOWN


def test_a_refused_list_is_asked_one_by_one():
    getter = services(crossref=[work(DOI, update())], faults={"crossref_list": REFUSED})
    assert ask(getter).standing is Standing.RETRACTED


@pytest.mark.parametrize(
    "doi", ["10.99999/a,b", "10.99999/a(1)<2>", "10.99999/a#b?c=d&e", "10.99999/ü"]
)
def test_no_sign_in_a_doi_turns_a_refusal_into_a_clean_record(doi):
    getter = Services(
        pubmed=[article(doi="10.99999/other")],
        crossref=[work(doi, update())],
        openalex=[flagged(doi)],
    )
    report = ask(getter, Record(source="file", doi=doi))
    assert report.standing is Standing.RETRACTED
    asked = [r for r in getter.asked if "crossref" in r.url]
    assert all("," not in dict(r.params).get("filter", "") for r in asked)


def test_a_doi_that_a_service_does_not_hold_is_told_so_and_is_no_failure():
    report = ask(Services(pubmed=[article()], openalex=[flagged()]))
    assert report.standing is Standing.SOUND
    assert checks(report)["Crossref"] is Check.NOT_HELD
    nowhere = check_standings([Record(source="file", doi=DOI)], Services())
    assert nowhere.reports[0].standing is Standing.UNKNOWN
    assert set(checks(nowhere.reports[0]).values()) == {Check.NOT_HELD}
    assert nowhere.problems == ()


def test_a_list_that_is_cut_is_not_taken_for_a_whole_one():
    def cut(_request):
        return 200, b'{"message": {"total-results": 2, "items": []}}'

    gone = services(crossref=[work(DOI, update())], faults={"crossref_list": cut})
    assert ask(gone).standing is Standing.RETRACTED, "it is asked for by itself"
    report = ask(services(faults={"crossref_back": cut}))
    assert checks(report)["Crossref"] is Check.FAILED


def test_a_search_that_lists_a_part_is_not_taken_for_a_whole_one():
    def part(_request):
        return 200, b'{"esearchresult": {"count": "900", "idlist": []}}'

    assert checks(ask(services(faults={"esearch": part})))["PubMed"] is Check.FAILED


def test_an_answer_about_another_work_is_a_failed_check():
    getter = services()
    getter.openalex[DOI] = flagged("10.99999/other")
    assert checks(ask(getter))["OpenAlex"] is Check.FAILED
    getter.openalex[DOI] = {"doi": f"https://doi.org/{DOI}", "is_retracted": None}
    assert checks(ask(getter))["OpenAlex"] is Check.FAILED


def test_offline_what_was_never_recorded_counts_as_not_asked():
    never = NotRecordedError("X", "offline, never recorded")
    dead = dict.fromkeys(("pubmed", "crossref", "openalex"), never)
    checked = check_standings(
        [Record(source="pubmed", pmid=PMID, doi=DOI), Record(source="file", doi=DOI)],
        services(faults=dead),
    )
    known, bare = checked.reports
    assert known.standing is Standing.SOUND, "its record is in the library"
    assert bare.standing is Standing.UNKNOWN
    assert checked.problems == ()


def test_a_service_that_is_down_is_not_asked_hundreds_of_times():
    dois = [f"10.99999/a,{number}" for number in range(50)]
    getter = Services(faults={"crossref": DOWN})
    found = ask_crossref(dois, getter)
    assert len(getter.asked) == 3
    assert {signal.check for signal in found.values()} == {Check.FAILED}


def test_a_service_that_is_not_set_up_fails_for_every_work():
    class Unknown(Services):
        def get_many(self, requests, judge):
            raise RefusedError("api.crossref.org", "this service is not set up")
            yield

    report = ask(Unknown())
    assert set(checks(report).values()) == {Check.FAILED}


# --- many at once -------------------------------------------------------------


def test_many_are_asked_in_few_requests_and_answered_in_order():
    dois = [f"10.99999/tea.{number}" for number in range(100)]
    gone = dois[::10]
    getter = Services(
        pubmed=[article(str(91000000 + i), d) for i, d in enumerate(dois)],
        crossref=[work(d, *([update()] if d in gone else [])) for d in dois],
        openalex=[flagged(d) for d in dois],
    )
    records = [Record(source="file", doi=doi) for doi in dois]
    checked = check_standings(records, getter)
    standings = [report.standing for report in checked.reports]
    wanted = [Standing.RETRACTED if d in gone else Standing.SOUND for d in dois]
    assert standings == wanted
    assert len(checked.found) == 100
    hosts = [r.url.split("/")[2] for r in getter.asked]
    assert hosts.count("api.crossref.org") == 10
    assert hosts.count("eutils.ncbi.nlm.nih.gov") == 5
    assert all(request.cost == 0 for request in getter.asked)


def test_the_same_record_twice_is_asked_for_once():
    record = Record(source="file", doi=DOI)
    getter = services()
    checked = check_standings([record, record], getter)
    assert checked.reports[0] == checked.reports[1]
    assert sum("openalex" in r.url for r in getter.asked) == 1


def test_nothing_to_ask_asks_nothing():
    getter = services()
    assert check_standings([], getter).reports == ()
    nameless = check_standings([Record(source="file", title="Tea")], getter)
    assert nameless.reports[0].standing is Standing.UNKNOWN
    assert getter.asked == []


def test_without_asking_a_record_stands_as_its_marks_say():
    marked = Record(source="pubmed", corrections=(Correction("RetractionIn"),))
    reports = recall_standings([marked, Record(source="pubmed")]).reports
    assert [r.standing for r in reports] == [Standing.RETRACTED, Standing.SOUND]


# --- reference lists ----------------------------------------------------------


def test_a_review_that_holds_a_retracted_study_is_found():
    review = Record(
        source="pubmed",
        references=(
            Reference("Fabel N. 2020", (("pubmed", PMID),)),
            Reference("", (("doi", "10.99999/GONE"),)),
            Reference("The notice itself", (("pubmed", "90000014"),)),
            Reference("Sound", (("pubmed", "90000001"),)),
            Reference("No identifier"),
        ),
    )
    standings = {
        f"pmid:{PMID}": Standing.RETRACTED,
        "doi:10.99999/gone": Standing.WITHDRAWN,
        "pmid:90000014": Standing.NOTICE,
        "pmid:90000001": Standing.CORRECTED,
    }
    assert find_gone_references(review, standings) == (
        ("Fabel N. 2020", Standing.RETRACTED),
        ("doi:10.99999/gone", Standing.WITHDRAWN),
    )


def test_a_reference_list_is_looked_through_in_one_search():
    getter = services(pubmed=[article(kind="Retracted Publication")])
    pmids = [PMID, *map(str, range(91000000, 91000300))]
    assert list(find_retracted(pmids, getter)) == [(PMID, WHEN)]
    assert len(getter.asked) == 1
    getter = services(faults={"esearch": DOWN})
    assert list(find_retracted(pmids, getter)) == [DOWN]


# --- recorded answers ---------------------------------------------------------


def test_the_recorded_work_of_crossref_is_corrected(shared):
    body = (shared / "api/crossref/work_one.json").read_bytes()
    message = json.loads(body)["message"]
    signal = read_work(message, message["DOI"].lower())
    assert [(n.standing, n.date) for n in signal.notices] == [
        (Standing.CORRECTED, "2012-05-08")
    ]


def test_every_recorded_work_of_crossref_is_read(shared):
    for name in ("works_query", "works_select", "cursor_first_and_next"):
        text = (shared / f"api/crossref/{name}.json").read_text("utf-8")
        value, _ = json.JSONDecoder().raw_decode(text)
        items, whole = parse_list(json.dumps(value).encode())
        assert items
        assert not whole, "a page of many"
        for item in items:
            assert read_work(item, item["DOI"].lower()).check is Check.ANSWERED


def test_every_type_of_update_has_a_meaning():
    twelve = set(
        """addendum clarification correction corrigendum erratum expression_of_concern
        new_edition new_version partial_retraction removal retraction
        withdrawal""".split()
    )
    assert twelve <= KINDS.keys()


# --- over the wire ----------------------------------------------------------------


def test_pubmed_on_loopback_finds_works_by_doi_and_retracted_ones_in_a_list(tmp_path):
    dois = [f"10.99999/invented.{pmid}" for pmid in (PMID, "90000015")]
    with serve() as server, open_fetcher(server.url, tmp_path) as fetcher:
        found = ask_by_name([*dois, "PMC90000015", "10.99999/none"], fetcher)
        pmids = [str(90000001 + number) for number in range(60)]
        gone = [each[0] for each in find_retracted(pmids, fetcher)]
    assert [[r.pmid for r in held.records] for held in found.values()] == [
        [PMID],
        ["90000015"],
        ["90000015"],
        [],
    ]
    assert not any(held.error for held in found.values())
    assert gone == [PMID]
