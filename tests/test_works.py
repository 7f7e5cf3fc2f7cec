"""What a search found, each work once, with its studies and doubts."""

from dataclasses import replace

from assay.library.dedupe import SPLIT, Decision
from assay.library.packed import pack_records
from assay.library.works import MOST_GROUPED, Works, find_works
from assay.output.works import list_studies, say_works
from assay.record import Accession, Author, Record

TITLE = "Lunaroot tea and the time that it takes invented people to fall asleep"
PUBMED = Record(
    source="pubmed",
    pmid="90000001",
    doi="10.99999/x",
    title=TITLE,
    year=2021,
    authors=(Author("Roe", "Ada", "A"),),
    accessions=(Accession("ClinicalTrials.gov", "NCT90000001"),),
)
CROSSREF = Record(source="crossref", doi="10.99999/x", title=TITLE.upper(), year=2020)
LATER = replace(
    PUBMED, pmid="90000002", doi="10.99999/y", title="Lunaroot tea after a year"
)
OTHER = Record(source="openalex", doi="10.99999/z", title="Zorvel and the mood")


def test_a_work_stands_once_and_says_who_gave_it():
    works = find_works([PUBMED, CROSSREF, OTHER])
    assert [row.sources for row in works.rows] == [
        ("pubmed", "crossref"),
        ("openalex",),
    ]
    assert (works.found, works.duplicates, works.studies) == (3, 1, 2)
    assert say_works(works) == "3 records found, 1 of them again: 2 works of 2 studies."


def test_what_the_descriptions_disagree_on_is_kept_visible():
    [row, _] = find_works([PUBMED, CROSSREF, OTHER]).rows
    [conflict] = [each for each in row.conflicts if each.field == "year"]
    assert conflict.values == (("pubmed", "2021"), ("crossref", "2020"))


def test_papers_of_one_trial_are_one_study_in_the_list():
    works = find_works([PUBMED, OTHER, LATER])
    assert works.studies == 2
    assert list_studies(works) == [(0, 2), (1,)]
    assert "NCT90000001" in works.groups[0].why[0]


def test_a_review_that_names_a_trial_is_no_report_of_it():
    review = replace(LATER, publication_types=("Systematic Review",))
    assert find_works([PUBMED, review]).studies == 2


def test_very_many_records_of_their_own_are_listed_without_being_compared():
    many = pack_records(
        (
            Record(source="pubmed", pmid=str(91_000_000 + n), title=TITLE)
            for n in range(MOST_GROUPED + 1)
        ),
        plain=10,
    )
    works = find_works(many)
    assert len(works.rows) == MOST_GROUPED + 1
    assert works.studies is None
    assert works.duplicates == 0
    assert works.rows[5].record.pmid == "91000005"
    assert [row.record.pmid for row in works.rows[3:5]] == ["91000003", "91000004"]


def test_nothing_found_is_no_work():
    assert find_works([]) == Works()
    assert say_works(Works()) == "0 records found: 0 works of 0 studies."


def test_a_source_that_does_not_tell_a_preprint_gives_the_same_work_all_the_same():
    preprint = replace(PUBMED, publication_types=("Preprint",))
    plain = Record(
        source="doaj", doi="10.99999/x", title=TITLE, authors=PUBMED.authors, year=2021
    )
    assert [row.sources for row in find_works([preprint, plain]).rows] == [
        ("pubmed", "doaj")
    ]


def test_what_a_person_decided_holds_in_a_search():
    apart = Decision("pmid:90000001", "doi:10.99999/w", SPLIT)
    same = replace(PUBMED, source="crossref", pmid="", doi="10.99999/w", accessions=())
    assert len(find_works([PUBMED, same], [apart]).rows) == 2


def test_packed_records_stay_packed_and_give_the_same_works():
    given = [PUBMED, CROSSREF, OTHER, replace(PUBMED, source="doaj", pmid="", doi="")]
    given += [replace(given[-1], title=TITLE + " again", volume="3")]
    plain, packed = find_works(given), find_works(pack_records(given, plain=0))
    assert isinstance(plain.rows, tuple)
    assert not isinstance(packed.rows, tuple)
    assert tuple(packed.rows) == plain.rows
    assert list(packed.records()) == list(plain.records())
    assert plain.doubts
    assert (packed.doubts, packed.groups, packed.links) == (
        plain.doubts,
        plain.groups,
        plain.links,
    )


def test_two_issues_or_a_volume_of_abstracts_leave_a_doubt():
    paper = Record(
        source="europepmc",
        title="Lunaroot in the treatment of invented sleeplessness",
        year=1979,
        journal="Journal of Invented Results",
        volume="4",
        issue="2",
        pages="64-65",
        authors=(Author("Roe", "Ada", "A"), Author("Poe", "Bea", "B")),
    )
    later = replace(paper, source="openalex", issue="3", pages="")
    talk = replace(
        paper,
        source="openalex",
        year=1978,
        journal="Journal of Invented Results Meeting Abstracts",
        volume="",
        issue="",
        pages="S863",
    )
    assert len(find_works([paper, replace(later, issue="2")]).rows) == 1
    assert len(find_works([paper, later]).rows) == 2
    assert len(find_works([paper, talk]).rows) == 2
