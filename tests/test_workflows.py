"""The journeys: a query to records, an article to a report, with failures as values."""

from dataclasses import replace

from assay.claims.vocabulary import parse_vocabulary
from assay.edge.side_by_side import run_side_by_side
from assay.errors import SourceDownError
from assay.model import Label
from assay.record import Author, Section
from assay.search import Clause, Fidelity, Found, Problem, Query, SearchLog, Translation
from assay.sources.base import Source
from assay.workflows import (
    ENOUGH_FOUND,
    GIVE_UP_AFTER,
    MOST_CANDIDATES,
    check,
    search,
)
from tests.claim_samples import article, record, shipped

TRIAL = ("Randomized Controlled Trial",)
FOUND = record(
    "Valerian improved sleep quality.", publication_types=TRIAL, title="Valerian"
)
ARTICLE = article("Valerian improves sleep quality. Kava eases anxiety.", "Herbs")


def library(*records):
    """Return a way to ask a library that gives the same records for every question."""

    def candidates(groups):
        text = " ".join(r.abstract[0].text.lower() for r in records)
        hit = all(any(w.strip("*") in text for w in group) for group in groups)
        return records if hit else ()

    return candidates


def answering(count=1, *, failed=False):
    """Return a look-up that counts how often it is asked, and the list it fills."""
    asked = []

    def look_up(query):
        asked.append(query.text)
        log = SearchLog(source="pubmed", query=query.text, count=count, failed=failed)
        problems = (Problem(where="pubmed", what="it is down"),) if failed else ()
        return Found(logs=(log,), problems=problems)

    return look_up, asked


def source(name, *items, error=None):
    def ask(query, getter):
        yield from items
        if error:
            raise error

    return Source(
        name=name,
        title=name,
        platform="",
        terms="",
        translate=lambda query: Translation(sent=query.text),
        search=ask,
    )


def test_an_article_becomes_a_report_with_a_finding_for_each_claim():
    report = check(ARTICLE, shipped(), candidates=library(FOUND))
    assert [f.claim.text for f in report.findings] == [
        "Valerian improves sleep quality",
        "Kava eases anxiety",
    ]
    assert report.findings[0].verdict.label is Label.SUPPORTED
    assert report.findings[1].verdict.label is Label.INSUFFICIENT
    assert report.offline


def test_the_same_article_gives_the_same_report():
    one, two = (check(ARTICLE, shipped(), candidates=library(FOUND)) for _ in "ab")
    assert one == two


def test_each_finding_tells_the_searches_and_words_that_were_used():
    report = check(ARTICLE, shipped(), candidates=library(FOUND))
    assert '"valerian"[tiab]' in report.findings[0].queries[0]
    assert "valerian" in dict(report.findings[0].words)


def test_a_query_is_asked_once_however_many_claims_need_it():
    look_up, asked = answering()
    twice = article("Valerian improves sleep. Valerian improves sleep.", "Herbs")
    check(twice, shipped(), candidates=library(), look_up=look_up)
    assert len(asked) == len(set(asked)) > 0


def test_a_search_that_finds_enough_is_not_widened():
    few, asked_few = answering(1)
    many, asked_many = answering(ENOUGH_FOUND)
    for look_up in (few, many):
        check(ARTICLE, shipped(), candidates=library(), look_up=look_up)
    assert len(asked_many) < len(asked_few)


def test_searches_are_given_up_when_all_fail_and_the_report_says_so():
    look_up, asked = answering(failed=True)
    herbs = "Kava,Ginger,Garlic,Zinc,Turmeric,Saffron".split(",")
    many = article(" ".join(f"{h} improves sleep." for h in herbs), "Herbs")
    report = check(many, shipped(), candidates=library(FOUND), look_up=look_up)
    assert len(asked) == GIVE_UP_AFTER
    said = [p.what for p in report.problems]
    assert said[0] == "it is down"
    assert said.count("it is down") == 1
    assert "were not searched for" in said[-1]
    assert not report.offline


def test_progress_is_told_for_both_parts():
    told = []
    look_up, _ = answering()
    check(
        ARTICLE,
        shipped(),
        candidates=library(),
        look_up=look_up,
        progress=lambda done, total, what: told.append((what, done, total)),
    )
    assert {what for what, _, _ in told} == {"Searching", "Reading", "Weighing"}
    assert all(done < total for _, done, total in told)


def test_an_article_without_claims_gives_an_empty_report():
    report = check(article("Is it?"), shipped(), candidates=library())
    assert report.findings == ()


def test_a_vocabulary_of_ones_own_is_enough():
    own = (
        '[zorvel]\nkind="exposure"\nwords=["zorvel"]\n'
        '[warts]\nkind="outcome"\nsense="bad"\nwords=["wart"]\n'
    )
    found = record("Zorvel reduced warts.", publication_types=TRIAL)
    report = check(
        article("Zorvel reduces warts."),
        parse_vocabulary(own),
        candidates=library(found),
    )
    assert report.findings[0].verdict.label is Label.SUPPORTED


def test_a_source_that_fails_is_a_problem_and_what_it_gave_is_kept():
    log = SearchLog(source="b", query="q", count=0)
    down = SourceDownError("a", "no answer came", "Try again later.")
    sources = (source("a", FOUND, error=down), source("b", log))
    found = search(Query(text="q"), sources, getter=None)
    assert found.records == (FOUND,)
    assert found.problems == (
        Problem(where="a", what="no answer came", what_to_do="Try again later."),
    )
    assert found.logs == (SearchLog(source="a", query="q", failed=True), log)


# --- the other side -------------------------------------------------------------------


def cutting(count=500, wanted=200):
    """Return a look-up that fetches a part of what it counts, and what it was asked."""
    asked = []

    def look_up(query):
        asked.append(query.text)
        log = SearchLog(
            source="pubmed", query=query.text, count=count, wanted=wanted, retrieved=1
        )
        return Found(logs=(log,))

    return look_up, asked


def test_where_hits_are_left_behind_what_speaks_against_is_asked_for_too():
    look_up, asked = cutting()
    one = article("Valerian improves sleep quality.", "Herbs")
    report = check(one, shipped(), candidates=library(), look_up=look_up)
    assert len(asked) == 2
    assert asked[1].startswith(f"({asked[0]}) AND (")
    assert '"no effect*"[tiab]' in asked[1]
    assert asked[1] in report.findings[0].queries


def test_where_all_hits_were_fetched_nothing_more_is_asked():
    look_up, asked = cutting(150, 150)
    one = article("Valerian improves sleep quality.", "Herbs")
    report = check(one, shipped(), candidates=library(), look_up=look_up)
    assert len(asked) == 1
    assert not any("no effect" in query for query in report.findings[0].queries)


def test_a_library_that_gives_all_it_may_is_asked_for_the_other_side_too():
    asked = []

    def candidates(groups):
        asked.append(groups)
        extra = record("It is.", title="Tea")
        return tuple(
            replace(extra, pmid=str(n)) for n in range(MOST_CANDIDATES - len(groups))
        ) + tuple(replace(extra, pmid=f"9{n}") for n in range(len(groups)))

    one = article("Valerian improves sleep quality.", "Herbs")
    check(one, shipped(), candidates=candidates)
    assert len(asked) == 2
    assert asked[1][:-1] == asked[0]
    assert "worse*" in asked[1][-1]


# --- where a source fails ------------------------------------------------------------


def widening(name, *items):
    """Return a source that cannot ask a clause as it stands, and says why."""
    clause = Clause("q", 0, 1, "Q", Fidelity.WIDENED, "its words are stemmed.")
    asked = replace(source(name, *items), title=name.upper())
    return replace(
        asked, translate=lambda query: Translation(sent="Q", clauses=(clause,))
    )


def test_where_a_source_fails_another_is_asked_and_what_differs_is_said():
    down = source("a", error=SourceDownError("a", "no answer came"))
    log = SearchLog(source="b", query="q", count=1, wanted=1, retrieved=1)
    spare = widening("b", FOUND, log)
    found = search(Query(text="q"), [down], getter=None, instead={"a": (spare,)})
    assert found.records == (FOUND,)
    assert [each.failed for each in found.logs] == [True, False]
    told = found.problems[-1]
    assert told.where == "a"
    assert "the same search was made in B instead" in told.what
    assert "B on q: its words are stemmed." in told.what_to_do


def test_a_source_that_is_asked_anyway_is_not_asked_twice():
    down = source("a", error=SourceDownError("a", "no answer came"))
    log = SearchLog(source="b", query="q", count=1, wanted=1, retrieved=1)
    other = widening("b", FOUND, log)
    found = search(Query(text="q"), [down, other], getter=None, instead={"a": (other,)})
    assert found.records == (FOUND,)
    assert len(found.problems) == 1


def test_hits_that_were_cut_off_in_another_order_than_asked_for_are_told():
    cut = SearchLog(source="x", query="q", count=9, wanted=2, retrieved=2)
    query = Query(text="q", limit=2, sort="Author")
    told = ("x cannot sort by Author: its first 2 by relevance came.",)
    for each, sort, log, ignored in (
        (source("x", cut), "Author", cut, told),
        (source("x", cut), "relevance", cut, ()),
        (replace(source("x", cut), sorts=frozenset({"Author"})), "Author", cut, ()),
        (source("x", replace(cut, count=2)), "Author", replace(cut, count=2), ()),
    ):
        found = search(replace(query, sort=sort), [each], None)
        assert found.logs == (replace(log, ignored=ignored),)


def test_nobody_else_is_asked_where_all_is_well():
    log = SearchLog(source="a", query="q", count=0)
    never = source("b", error=AssertionError("it was asked"))
    found = search(
        Query(text="q"), [source("a", log)], getter=None, instead={"a": (never,)}
    )
    assert found.problems == ()


def test_side_by_side_gives_what_one_after_the_other_gives():
    logs = [SearchLog(source=n, query="q", count=1, retrieved=1) for n in "abc"]
    problem = Problem(where="b", what="one record could not be read")
    sources = [
        source("a", FOUND, logs[0]),
        source("b", problem, logs[1]),
        source("c", error=SourceDownError("c", "no answer came")),
    ]
    in_turn = search(Query(text="q"), sources, getter=None)
    at_once = search(Query(text="q"), sources, getter=None, together=run_side_by_side)
    assert in_turn == at_once
    assert [log.source for log in at_once.logs] == ["a", "b", "c"]


def test_what_a_loose_source_gives_beside_the_question_is_set_aside_and_counted():
    miss = replace(FOUND, title="Kava", abstract=(Section("Kava and anxiety."),))
    open_question = replace(FOUND, title="Valerian", abstract=())
    log = SearchLog(source="a", query="q", count=3, wanted=3, retrieved=3)
    given = (FOUND, miss, open_question, log)
    query = Query(text="valerian[tiab] AND sleep[tiab]")
    loose = replace(source("a", *given), loose=True)
    found = search(query, [loose], getter=None)
    assert list(found.records) == [FOUND, open_question]
    assert found.logs[0].set_aside == 1
    assert list(search(query, [source("a", *given)], getter=None).records) == [
        FOUND,
        miss,
        open_question,
    ]


def test_a_work_that_two_services_tell_is_one_study_in_a_verdict():
    told = replace(
        FOUND,
        pmid="90000001",
        title="Valerian root and the sleep of invented people over eight weeks",
        year=2021,
        journal="Journal of Invented Results",
        volume="7",
        pages="1-9",
        authors=(Author("Roe", "Ada", "A"), Author("Poe", "Bea", "B")),
    )
    again = replace(told, source="openalex", pmid="", title=told.title.upper())
    one = check(ARTICLE, shipped(), candidates=library(told, again)).findings[0]
    assert len({e.record for e in one.evidence}) == 1
    assert one.verdict.reason.startswith("One study") or "1 study" in one.verdict.reason


def test_works_that_six_services_count_alike_do_not_end_the_search_early():
    asked = []

    def look_up(query):
        asked.append(query.text)
        names = ("pubmed", "europepmc", "openalex", "crossref", "doaj", "other")
        each = ENOUGH_FOUND // 4
        logs = (SearchLog(source=n, query=query.text, count=each) for n in names)
        return Found(logs=tuple(logs))

    alone, alone_asked = answering(ENOUGH_FOUND // 4)
    check(ARTICLE, shipped(), candidates=library(FOUND), look_up=alone)
    check(ARTICLE, shipped(), candidates=library(FOUND), look_up=look_up)
    assert asked == alone_asked
    assert len(asked) > 2


def test_a_source_that_gives_much_beside_the_question_does_not_end_the_search():
    asked = []

    def look_up(query):
        asked.append(query.text)
        log = SearchLog(
            source="crossref",
            query=query.text,
            count=900,
            wanted=200,
            retrieved=200,
            set_aside=150,
        )
        return Found(logs=(log,))

    few, few_asked = answering(0)
    check(ARTICLE, shipped(), candidates=library(FOUND), look_up=few)
    check(ARTICLE, shipped(), candidates=library(FOUND), look_up=look_up)
    assert asked == few_asked
    assert len(asked) > 2


def test_the_reader_is_told_of_everything_before_it_is_asked_anything():
    page = article(" ".join(["Valerian improves sleep quality."] * 12))
    heard = []
    report = check(
        page,
        shipped(),
        candidates=library(record("Valerian improved sleep quality.")),
        ask=lambda claim, study: heard.append(("asked", claim.start, study)),
        ahead=lambda claim, study: heard.append(("told", claim.start, study)),
    )
    told = [what[1:] for what in heard if what[0] == "told"]
    assert told == [what[1:] for what in heard if what[0] == "asked"]
    assert len(told) == len(report.findings) > 1
    assert [what for what, *_ in heard[: len(told)]] == ["told"] * len(told)
    starts = [finding.claim.start for finding in report.findings]
    assert starts == sorted(starts)


def test_the_library_is_asked_the_same_thing_once_for_all_claims():
    page = article(" ".join(["Valerian improves sleep quality."] * 3))
    asked = []

    def candidates(groups):
        asked.append(groups)
        return (FOUND,)

    report = check(page, shipped(), candidates=candidates)
    assert len(report.findings) == 3
    assert len({finding.verdict.label for finding in report.findings}) == 1
    assert len(set(asked)) == len(asked)
    assert report.counts.read == 1
