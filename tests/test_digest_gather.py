"""Of what several queries bring, each work is told once, and none is lost."""

import pytest

from assay.digest.gather import QueryNews, deliver, gather_items
from assay.digest.news import find_news
from assay.digest.outcome import Sent
from assay.record import Correction, Record


def record(number, **given):
    facts = {"doi": f"10.99999/{number}", "title": f"Tea of the year {number}"}
    return Record(source="pubmed", pmid=str(90000000 + number), **(facts | given))


def news(name, *records, sent=None):
    return QueryNews(name, "tea", (), find_news(records, sent or {}))


def told(*each):
    return [
        (int(item.work.pmid) - 90000000, item.queries, str(item.kind))
        for item in sorted(gather_items(each), key=lambda item: item.work.pmid)
    ]


def names(*each):
    return {(one.query, one.work.pmid) for one in deliver(each)}


WORK = record(1)
NOTICE = record(
    2,
    doi="10.99999/1",
    title="Retraction: Tea of the year 1",
    publication_types=("Retraction of Publication",),
    corrections=(Correction("RetractionOf", pmid=WORK.pmid),),
)
PREPRINT = record(
    3,
    publication_types=("Preprint",),
    corrections=(Correction("UpdateIn", pmid="90000004"),),
)
ARTICLE = record(4, corrections=(Correction("UpdateOf", pmid="90000003"),))


def test_what_two_queries_find_is_told_once_with_both():
    both = news("a", WORK), news("b", WORK)
    assert told(*both) == [(1, ("a", "b"), "new")]
    assert names(*both) == {("a", WORK.pmid), ("b", WORK.pmid)}


def test_two_records_of_one_doi_found_by_two_queries_are_one_work():
    twin = record(5, doi="10.99999/1")
    both = news("a", WORK), news("b", twin)
    assert len(told(*both)) == 1
    assert names(*both) >= {("a", WORK.pmid), ("b", WORK.pmid), ("a", twin.pmid)}


@pytest.mark.parametrize(
    "each",
    [
        [news("a", WORK, NOTICE)],
        [news("a", WORK), news("b", NOTICE)],
        [news("a", NOTICE), news("b", WORK)],
    ],
)
def test_a_notice_that_bears_the_doi_of_its_work_is_told_beside_it(each):
    assert [number for number, _, _ in told(*each)] == [1, 2]


@pytest.mark.parametrize("first", ["preprint", "both"])
def test_an_article_that_one_query_found_is_told_also_where_another_found_its_preprint(
    first,
):
    one, both = news("a", PREPRINT), news("b", PREPRINT, ARTICLE)
    each = (one, both) if first == "preprint" else (both, one)
    assert told(*each) == [(4, ("a", "b"), "new")]
    pmids = {PREPRINT.pmid, ARTICLE.pmid}
    assert names(*each) == {(query, pmid) for query in "ab" for pmid in pmids}


def test_an_article_whose_preprint_was_sent_for_one_query_is_told_as_published():
    before = Sent(f"pmid:{PREPRINT.pmid}", 1, "2026-01-01", preprint=True)
    sent = {f"pmid:{PREPRINT.pmid}": before}
    each = news("a", ARTICLE), news("b", ARTICLE, sent=sent)
    assert told(*each) == [(4, ("a", "b"), "published")]


def test_a_work_without_a_pmid_is_joined_by_its_doi():
    other = Record(source="crossref", doi="10.99999/1", title="Tea of the year 1")
    assert told(news("a", other), news("b", WORK)) == [(1, ("a", "b"), "new")]
    assert len(told(news("a", other), news("b", WORK, NOTICE))) == 2
