"""What is new: asked for once, told once, lost never."""

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.digest.model import ItemKind
from assay.digest.news import BECAME, Fresh, find_news
from assay.digest.outcome import Sent
from assay.digest.works import work_of
from assay.library import versions
from assay.library.merge import keys_of
from assay.record import Author, Correction, Identifier, Record


def record(pmid="", doi="", pmcid="", *, source="pubmed", **more):
    return Record(
        source=source,
        pmid=pmid and f"9000000{pmid}",
        doi=doi and f"10.99999/{doi}",
        pmcid=pmcid and f"PMC900000{pmcid}",
        **more,
    )


def preprint(*names, source="europepmc", **more):
    return record(*names, source=source, publication_types=("Preprint",), **more)


def deliver(sent, news, digest=1):
    """Return what is known as delivered after a digest has told the news."""
    sent = dict(sent)
    records = [r for fresh in news.fresh for r in (fresh.record, *fresh.also)]
    for work in map(work_of, (*records, *news.noted)):
        for name in work.names:
            sent.setdefault(name, Sent(work.key, digest, "2026-11-23", work.preprint))
    return sent


def told(*records, sent=None):
    """Return what is known as delivered after these records were told."""
    return deliver(sent or {}, find_news(records, sent or {}))


def keys(news):
    return [work_of(fresh.record).key for fresh in news.fresh]


# --- one work, whatever its names -----------------------------------------------------


def test_a_work_is_told_once_whatever_the_sources_that_give_it():
    pubmed = record("1", "x", title="Tea")
    crossref = record("", "x", source="crossref", title="Tea.")
    europepmc = record("", "", "1", source="europepmc")
    both = record("", "x", "1", source="openalex")
    news = find_news([europepmc, crossref, pubmed, both], {})
    assert keys(news) == ["pmid:90000001"]
    (fresh,) = news.fresh
    assert (fresh.record.source, fresh.record.pmcid) == ("pubmed", "PMC9000001")
    assert (fresh.kind, fresh.before, fresh.also) == (ItemKind.NEW, None, ())


def test_what_was_sent_under_one_name_is_not_sent_under_another():
    sent = told(record("", "x", source="crossref"))
    news = find_news([record("1", "x", "1")], sent)
    assert (news.fresh, news.already) == ((), 1)
    assert deliver(sent, news).keys() >= {"pmid:90000001", "pmcid:PMC9000001"}
    later = find_news([record("", "", "1", source="europepmc")], deliver(sent, news))
    assert (later.fresh, later.already) == ((), 1)


def test_a_name_that_only_one_of_the_sources_gives_is_noted_too():
    first = find_news([record("1", "x"), record("1", "y", source="openalex")], {})
    assert len(first.fresh) == 1
    for name in ("x", "y"):
        again = find_news([record("", name, source="crossref")], deliver({}, first))
        assert again.fresh == ()


def test_a_record_that_pubmed_has_merged_into_another_is_nothing_new():
    sent = told(record("1", "x"))
    news = find_news([record("2", "x")], sent)
    assert (news.fresh, news.already) == ((), 1)
    assert find_news([record("2")], deliver(sent, news)).fresh == ()


def test_a_record_without_any_identifier_is_told_once_as_long_as_it_is_the_same():
    tea, milk = (record(title=title, source="x") for title in ("Tea", "Milk"))
    sent = told(tea)
    assert [f.record.title for f in find_news([tea, milk], sent).fresh] == ["Milk"]


def test_an_identifier_of_a_registry_counts_as_a_name():
    number = Identifier("nct", "NCT90000001")
    trial = Record(source="clinicaltrials", title="Tea", identifiers=(number,))
    sent = told(trial)
    assert find_news([replace(trial, title="Tea, revised")], sent).fresh == ()


def test_nothing_found_is_no_news():
    assert find_news([], {}) == ((), 0, ())


# --- notices --------------------------------------------------------------------------

NOTICES = [
    {"title": "Retraction: Tea and sleep"},
    {"title": "Tea", "publication_types": ("Retraction Notice",)},
    {"title": "Tea", "corrections": (Correction("RetractionOf", pmid="90000001"),)},
    {"title": "Erratum", "publication_types": ("Published Erratum",)},
    {"title": "Expression of concern: Tea and sleep"},
]


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_is_told_although_it_bears_the_doi_of_the_work_it_is_about(notice):
    sent = told(record("1", "x", title="Tea and sleep"))
    news = find_news([record("2", "x", **notice)], sent)
    assert keys(news) == ["pmid:90000002"]
    assert find_news([record("2", "x", **notice)], deliver(sent, news)).fresh == ()


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize("turn", [1, -1])
def test_a_notice_and_its_work_that_come_together_are_two(notice, turn):
    both = [record("1", "x", title="Tea and sleep"), record("2", "x", **notice)]
    crossref = record("", "x", source="crossref", title="Tea and sleep")
    news = find_news([*both, crossref][::turn], {})
    assert keys(news) == ["pmid:90000001", "pmid:90000002"]
    assert find_news([crossref, *both], deliver({}, news)).fresh == ()


def test_a_work_is_told_although_a_notice_that_bears_its_doi_was_sent_before():
    sent = told(record("2", "x", title="Retraction: Tea"))
    link = (Correction("RetractionIn", pmid="90000002"),)
    news = find_news([record("1", "x", title="Tea", corrections=link)], sent)
    assert keys(news) == ["pmid:90000001"]


def test_errata_and_comments_with_names_of_their_own_are_told():
    sent = told(record("1", "x", title="Tea"))
    link = (Correction("CommentOn", pmid="90000001"),)
    comment = record("2", "y", title="Comment on: Tea", corrections=link)
    erratum = record("3", "z", title="Correction to: Tea")
    assert len(find_news([comment, erratum], sent).fresh) == 2


# --- preprints ------------------------------------------------------------------------

UPDATE_OF = (Correction("UpdateOf", pmid="90000001"),)
UPDATE_IN = (Correction("UpdateIn", pmid="90000002"),)
BY_DOI = (Correction("PreprintOf", doi="10.99999/A"),)


def pairs():
    """Return a preprint and its article, linked in every way that sources link them."""
    plain, article = preprint("1", "p", title="Tea"), record("2", "a", title="Tea")
    return [
        (plain, replace(article, corrections=UPDATE_OF)),
        (replace(plain, corrections=UPDATE_IN), article),
        (replace(plain, corrections=BY_DOI), article),
    ]


@pytest.mark.parametrize(("early", "article"), pairs())
def test_an_article_whose_preprint_was_sent_is_told_as_published(early, article):
    sent = told(early)
    news = find_news([article, early], sent)
    (fresh,) = news.fresh
    assert (fresh.kind, fresh.record.pmid) == (ItemKind.PUBLISHED, "90000002")
    assert fresh.before == sent["pmid:90000001"]
    assert find_news([article, early], deliver(sent, news)).fresh == ()


def test_an_article_that_names_its_preprint_is_told_so_though_it_comes_alone():
    early, article = pairs()[0]
    (fresh,) = find_news([article], told(early)).fresh
    assert fresh.kind is ItemKind.PUBLISHED


@pytest.mark.parametrize(("early", "article"), pairs())
@pytest.mark.parametrize("turn", [1, -1])
def test_a_preprint_and_its_article_in_one_run_are_one_item(early, article, turn):
    news = find_news([early, article][::turn], {})
    (fresh,) = news.fresh
    assert fresh == Fresh(article, ItemKind.NEW, None, (early,))
    assert find_news([early, article], deliver({}, news)).fresh == ()


@pytest.mark.parametrize(("early", "article"), pairs())
def test_a_preprint_that_comes_after_its_article_is_nothing_new(early, article):
    sent = told(article)
    news = find_news([early, article], sent)
    assert (news.fresh, news.already) == ((), 2)
    assert find_news([early], deliver(sent, news)).fresh == ()


def test_a_preprint_that_names_its_article_is_nothing_new_though_it_comes_alone():
    early, article = pairs()[1]
    news = find_news([early], told(article))
    assert (news.fresh, news.already) == ((), 1)
    assert news.noted == (early,)


ALIKE = {
    "title": "Tea and sleep in adults with long nights",
    "authors": tuple(Author(last_name=n, initials="N") for n in ("Fabel", "Muster")),
    "year": 2026,
}


def test_an_article_that_no_source_links_to_its_preprint_is_known_by_its_title():
    early, article = preprint("", "p", **ALIKE), record("2", "a", **ALIKE)
    (fresh,) = find_news([early, article], {}).fresh
    assert (fresh.record, fresh.also) == (article, (early,))
    sent = told(early)
    assert find_news([early, article], sent).fresh[0].kind is ItemKind.PUBLISHED
    assert find_news([article], sent).fresh[0].kind is ItemKind.NEW
    (fresh,) = find_news([article], sent, known=[early]).fresh
    assert (fresh.kind, fresh.before) == (ItemKind.PUBLISHED, sent["doi:10.99999/p"])
    assert find_news([early], told(article), known=[article]).fresh == ()


def test_a_newer_version_of_an_article_is_news_of_its_own():
    sent = told(record("1", title="Tea"))
    (fresh,) = find_news([record("2", title="Tea", corrections=UPDATE_OF)], sent).fresh
    assert fresh.kind is ItemKind.NEW


def test_the_links_of_preprints_are_those_that_the_library_knows():
    assert {k for k, v in versions.KINDS.items() if v == versions.PREPRINT} == BECAME


def test_where_nothing_is_new_nothing_heavy_is_loaded():
    code = (
        "import sys\n"
        "from assay.digest.news import find_news\n"
        "from assay.digest.outcome import Sent\n"
        "from assay.record import Record\n"
        "tea = Record(source='x', pmid='90000001', publication_types=('Preprint',))\n"
        "sent = {'pmid:90000001': Sent('pmid:90000001', 1, '', True)}\n"
        "news = find_news([tea], sent)\n"
        "assert news.already == 1\n"
        "heavy = 'numpy pandas tantivy rapidfuzz onnxruntime jinja2 httpx'.split()\n"
        "print(*[name for name in heavy if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


# --- laws -----------------------------------------------------------------------------

SOURCES = ("pubmed", "europepmc", "crossref", "openalex")
TITLES = ("Tea and sleep in long winter nights", "Retraction: Tea", "Milk", "")


@st.composite
def views(draw):
    """Return what some source gives of one of four works: some of its names."""
    work = str(draw(st.integers(1, 4)))
    shown = draw(st.sets(st.integers(0, 2), min_size=1))
    names = (work if at in shown else "" for at in range(3))
    types = ("Preprint",) if work == "4" else ()
    source = draw(st.sampled_from(SOURCES))
    return record(*names, source=source, title=f"T{work}", publication_types=types)


links = st.builds(
    Correction,
    st.sampled_from([*sorted(BECAME), "RetractionOf", "ErratumIn", "CommentOn"]),
    pmid=st.sampled_from(["", "90000001", "90000002"]),
    doi=st.sampled_from(["", "10.99999/1", "10.99999/2"]),
)
tangled = st.builds(
    record,
    st.sampled_from(["", "1", "2", "3"]),
    st.sampled_from(["", "1", "2", "3"]),
    st.sampled_from(["", "1", "2"]),
    source=st.sampled_from(SOURCES),
    title=st.sampled_from(TITLES),
    year=st.sampled_from([None, 2025, 2026]),
    publication_types=st.sampled_from([(), ("Preprint",), ("Published Erratum",)]),
    corrections=st.lists(links, max_size=2).map(tuple),
)
"""Records that share names as no service would: nothing may break."""


@given(st.lists(st.lists(views(), max_size=6), min_size=1, max_size=5))
def test_nothing_delivered_is_repeated_and_nothing_undelivered_is_lost(runs):
    sent = {}
    for found in runs:
        news = find_news(found, sent)
        for fresh in news.fresh:
            for each in (fresh.record, *fresh.also):
                assert sent.keys().isdisjoint(work_of(each).names)
        sent = deliver(sent, news)
        for each in found:
            assert sent.keys() >= set(work_of(each).names)


@settings(max_examples=300)
@given(st.lists(st.lists(tangled, max_size=6), min_size=1, max_size=3))
def test_the_same_records_are_told_once_however_their_names_are_tangled(runs):
    sent = {}
    for found in runs:
        sent = deliver(sent, find_news(found, sent))
        again = find_news(found, sent)
        assert again.fresh == ()
        assert deliver(sent, again) == sent
        for each in found:
            assert sent.keys() >= set(work_of(each).names)


@settings(max_examples=200)
@given(st.lists(tangled, max_size=5), st.lists(tangled, max_size=3), st.randoms())
def test_the_order_of_the_records_does_not_matter(found, before, chance):
    sent = told(*before)
    mixed = [*found, *found[:2]]
    chance.shuffle(mixed)
    assert find_news(mixed, sent) == find_news(found, sent)


@given(st.lists(tangled, max_size=6), st.lists(tangled, max_size=3))
def test_every_work_found_is_new_or_part_of_what_is_or_was_sent(found, before):
    news = find_news(found, told(*before))
    names = {n for f in news.fresh for r in (f.record, *f.also) for n in keys_of(r)}
    left = [each for each in found if names.isdisjoint(keys_of(each))]
    assert bool(left) <= bool(news.already)
