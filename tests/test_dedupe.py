"""One row for one work: what is merged, what is asked, what is never put together."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.library.decided import SAME, SPLIT, names_of
from assay.library.dedupe import Decision, deduplicate
from assay.library.merge import keys_of
from assay.library.packed import pack_records
from assay.record import Author, Correction, Identifier, Record, Section

PEOPLE = (Author("Roe", "Jane", "J"), Author("Doe", "John", "J"), Author("Poe", "A"))
TEXT = "We gave tea to forty adults and measured how long they slept in each week."
ARTICLE = Record(
    source="pubmed",
    pmid="90000001",
    doi="10.99999/tea",
    title="Invented tea improves the sleep of adults: a randomised trial.",
    authors=PEOPLE,
    year=2020,
    journal="Journal of Invented Results",
    journal_abbreviation="J Invented Results",
    volume="7",
    issue="2",
    pages="123-9",
    abstract=(Section(TEXT),),
    publication_types=("Journal Article",),
)
BARE = replace(ARTICLE, pmid="", doi="", source="crossref", publication_types=())


def rows(*records, **how):
    return len(deduplicate(records, **how).merged)


def told(**parts):
    """Return the article as another service might tell it, without identifiers."""
    return replace(BARE, **parts)


# --- the same -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        Record(source="crossref", doi="10.99999/tea"),
        Record(source="europepmc", pmid="90000001"),
        told(title="Invented Tea Improves the Sleep of Adults: A Randomised Trial"),
        told(title="Invented tea improves the sleep of adults"),
        told(authors=tuple(Author(a.last_name, "", a.fore_name[:1]) for a in PEOPLE)),
        told(journal="J. Invented Results", journal_abbreviation="", pages="123-129"),
        told(year=2021),
        told(pages="", issue=""),
        told(abstract=(), volume=""),
        told(title="[Invented tea improves the sleep of adults: a randomised trial]."),
    ],
    ids=lambda r: r.title[:20] + r.doi + r.pmid + r.pages + str(r.year),
)
def test_one_work_told_by_another_service_is_one_row(other):
    assert rows(ARTICLE, other) == 1


def test_what_the_better_record_lacks_is_filled_and_named():
    pubmed = replace(ARTICLE, abstract=(), volume="")
    openalex = Record(source="openalex", doi=ARTICLE.doi, abstract=(Section("Other."),))
    crossref = Record(source="crossref", doi=ARTICLE.doi, volume="7", year=2019)
    (work,) = deduplicate([openalex, crossref, pubmed]).merged
    assert work.sources == ("pubmed", "crossref", "openalex")
    assert work.record.abstract == openalex.abstract
    assert work.record.given_by == (("abstract", "openalex"), ("volume", "crossref"))
    assert dict(work.given)["title"] == "pubmed"
    (conflict,) = work.conflicts
    assert conflict == ("year", (("pubmed", "2020"), ("crossref", "2019")))


def test_a_retraction_that_only_one_service_knows_is_kept():
    warned = Record(
        source="crossref", doi=ARTICLE.doi, corrections=(Correction("RetractionIn"),)
    )
    (work,) = deduplicate([ARTICLE, warned]).merged
    assert work.record.corrections == warned.corrections


# --- never the same -----------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        replace(ARTICLE, pmid="90000002"),
        told(title="Erratum: " + ARTICLE.title, doi=ARTICLE.doi),
        told(title="Retraction: " + ARTICLE.title, doi=ARTICLE.doi),
        told(title=ARTICLE.title + " Reply", authors=PEOPLE[:1]),
        told(title="Comment on: " + ARTICLE.title),
        told(authors=(Author("Other", "Ann"), Author("Else", "Bo"))),
        told(year=2021, volume="8", pages="400-9"),
        told(journal="Invented Meeting Abstracts", volume="1", pages="S12"),
        told(title=ARTICLE.title.replace(": a", " II: a"), pages="", abstract=()),
        told(publication_types=("Preprint",), journal="medRxiv", volume="", pages=""),
        Record(source="crossref", title=ARTICLE.title),
        Record(source="crossref", title=ARTICLE.title, year=2020),
    ],
    ids=lambda r: r.title[:12] + r.title[-8:] + r.pmid + r.journal + str(r.year),
)
def test_what_only_looks_like_it_stays_apart(other):
    assert rows(ARTICLE, other) == 2


def test_a_registration_is_not_its_paper():
    trial = Record(
        source="clinicaltrials",
        title=ARTICLE.title,
        identifiers=(Identifier("nct", "NCT90000001"),),
    )
    assert rows(ARTICLE, trial, replace(trial, year=2019)) == 2


def test_an_alike_pair_without_a_place_is_asked_about():
    doubtful = told(year=2021, volume="", pages="", abstract=(), authors=PEOPLE[:2])
    (maybe,) = deduplicate([ARTICLE, doubtful]).maybe
    assert maybe.one == ARTICLE
    assert 0.25 <= maybe.probability < 0.9
    assert "the same title" in maybe.reasons


def test_likeness_does_not_run_along_a_chain():
    """A and B are alike, B and C too, and A and C have two PMIDs."""
    other = replace(ARTICLE, pmid="90000002", doi="")
    works = deduplicate([ARTICLE, told(), other]).merged
    assert len(works) == 2
    assert {work.record.pmid for work in works} == {"90000001", "90000002"}


def test_a_record_of_a_shared_doi_goes_with_the_title_that_is_its_own():
    notice = replace(
        ARTICLE, pmid="90000002", title="Another matter altogether in brief, it seems"
    )
    third = Record(source="crossref", doi=ARTICLE.doi, title=notice.title)
    works = deduplicate([ARTICLE, notice, third]).merged
    assert {w.record.pmid: len(w.members) for w in works} == {
        "90000001": 1,
        "90000002": 2,
    }


# --- preprints ----------------------------------------------------------------------

PREPRINT = told(
    publication_types=("Preprint",), journal="medRxiv", volume="", pages="",
    source="europepmc", doi="10.99999/early", journal_abbreviation="",
)  # fmt: skip


def test_a_preprint_is_linked_with_its_article_and_merged_when_asked():
    apart = deduplicate([ARTICLE, PREPRINT])
    assert len(apart.merged) == 2
    assert apart.links[0][:3] == ("doi:10.99999/early", "pmid:90000001", "preprint of")
    (work,) = deduplicate([ARTICLE, PREPRINT], merge_preprints=True).merged
    assert work.record.pmid == "90000001"
    assert work.record.publication_types == ("Journal Article",)


def test_a_preprint_with_a_pmid_of_its_own_is_never_merged():
    early = replace(PREPRINT, pmid="90000002")
    assert rows(ARTICLE, early, merge_preprints=True) == 2


# --- decisions ----------------------------------------------------------------------


def test_a_person_has_the_last_word():
    doubtful = told(year=2021, volume="", pages="", abstract=(), authors=PEOPLE[:2])
    one, other = names_of(ARTICLE)[0], names_of(doubtful)[0]
    same, apart = (Decision(one, other, verdict) for verdict in (SAME, SPLIT))
    assert rows(ARTICLE, doubtful, decisions=[same]) == 1
    settled = deduplicate([ARTICLE, doubtful], decisions=[same, apart])
    assert (len(settled.merged), settled.maybe) == (2, ())
    assert (
        rows(ARTICLE, told(), decisions=[Decision(one, names_of(told())[0], SPLIT)])
        == 2
    )


def test_nobody_can_decide_that_two_pmids_are_one():
    other = replace(ARTICLE, pmid="90000002")
    same = Decision("pmid:90000001", "pmid:90000002", SAME)
    assert rows(ARTICLE, other, decisions=[same]) == 2


def test_nobody_is_asked_whether_a_record_is_itself():
    paged = replace(ARTICLE, pages="7-9")  # its volume is 7 too
    outcome = deduplicate([paged, told(pages="7-9")])
    assert outcome.maybe == deduplicate([paged]).maybe == ()
    [work] = outcome.merged
    assert all(joint.one != joint.other for joint in work.joints)


# --- laws ---------------------------------------------------------------------------

DESCRIBED = st.builds(
    lambda base, pmid, doi, **parts: replace(base, pmid=pmid, doi=doi, **parts),
    st.sampled_from([ARTICLE, BARE, PREPRINT, told(title="Erratum: " + BARE.title)]),
    st.sampled_from(["", "", "90000001", "90000002"]),
    st.sampled_from(["", "", "10.99999/tea", "10.99999/other"]),
    source=st.sampled_from(["pubmed", "crossref", "openalex", "europepmc"]),
    year=st.sampled_from([2019, 2020, 2021, None]),
    volume=st.sampled_from(["7", "8", ""]),
    pages=st.sampled_from(["123-9", "200", ""]),
    authors=st.sampled_from([PEOPLE, PEOPLE[:1], (), PEOPLE[::-1]]),
    title=st.sampled_from([ARTICLE.title, ARTICLE.title[:41], "Reply", ""]),
)
MANY = st.lists(DESCRIBED, max_size=7)


def as_sets(outcome):
    return {frozenset(work.members) for work in outcome.merged}


@given(MANY)
@settings(max_examples=150, deadline=None)
def test_no_work_has_two_pmids_and_nothing_is_lost(records):
    outcome = deduplicate(records)
    for work in outcome.merged:
        assert len({m.pmid for m in work.members} - {""}) < 2
    assert {m for work in outcome.merged for m in work.members} == set(records)


@given(MANY, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_the_order_of_the_records_does_not_matter(records, chance):
    shuffled = chance.sample(records, len(records))
    one, other = deduplicate(records), deduplicate(shuffled)
    assert as_sets(one) == as_sets(other)
    assert set(one.records) == set(other.records)
    assert one.links == other.links
    assert set(one.maybe) == set(other.maybe)


@given(MANY)
@settings(max_examples=150, deadline=None)
def test_what_came_out_goes_in_and_comes_out_the_same(records):
    once = deduplicate(records)
    again = deduplicate(once.records)
    assert again.records == once.records
    assert {m[:4] for m in again.maybe} == {m[:4] for m in once.maybe}


@given(MANY, st.booleans())
@settings(max_examples=100, deadline=None)
def test_packed_records_give_the_same_works(records, preprints):
    packed = pack_records(records * 2, plain=0)
    plain = deduplicate(records, merge_preprints=preprints)
    lazy = deduplicate(packed, merge_preprints=preprints)
    assert tuple(lazy.merged) == plain.merged
    assert [lazy.merged[at] for at in range(len(plain.merged))] == list(plain.merged)
    assert tuple(lazy.merged[1:]) == plain.merged[1:]
    assert lazy.records == plain.records
    assert tuple(lazy.names()) == tuple(plain.names())
    assert (lazy.maybe, lazy.links) == (plain.maybe, plain.links)


@given(MANY)
@settings(max_examples=50, deadline=None)
def test_what_was_decided_apart_is_apart(records):
    pairs = [
        Decision(a, b, SPLIT)
        for one in records
        for other in records
        for a in names_of(one)
        for b in names_of(other)
        if a != b
    ]
    firm = {d[:2] for d in pairs}
    for work in deduplicate(records, decisions=pairs).merged:
        names = {keys_of(m)[0] for m in work.members if m.pmid or m.doi}
        assert not any((a, b) in firm for a in names for b in names)
