"""Papers of one study count once; papers that only look alike are told, not joined."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from assay.evidence.studies import find_maybe_same, group_studies
from assay.evidence.verdict import decide, hear_studies, sum_sides
from assay.library.studies import find_contained, find_registrations, group_records
from assay.model import Design, Label, Stance
from assay.record import (
    Accession,
    Author,
    Correction,
    Record,
    Reference,
    Section,
)
from tests.test_verdict import build, build_claim

NCT = "NCT90000001"


def record(number, text="", **more):
    return Record(
        source="pubmed",
        pmid=str(90000000 + number),
        abstract=(Section(text),) if text else (),
        **more,
    )


def paper(number, text="", stance=Stance.SUPPORTS, **more):
    kept = {k: more.pop(k) for k in ("design", "weight") if k in more}
    return replace(build(number, stance, **kept), record=record(number, text, **more))


def test_two_papers_of_one_registered_trial_count_once():
    bank = (Accession("ClinicalTrials.gov", NCT),)
    papers = (paper(1, accessions=bank), paper(2, f"Registered as {NCT}."))
    assert len(group_studies(papers)) == 1
    assert sum_sides(papers)[:4] == (0.8, 0.0, 0.0, 1)


def test_two_papers_of_two_registered_trials_count_twice():
    papers = (paper(1, f"{NCT}."), paper(2, "NCT90000002."))
    assert sum_sides(papers).studies == 2


def test_every_registry_is_understood_as_such():
    for number in ("ISRCTN99999999", "EudraCT 2099-000001-11", "ACTRN99999999999999"):
        papers = (paper(1, f"Trial {number}."), paper(2, f"See {number}."))
        assert sum_sides(papers).studies == 1, number


def test_a_review_that_names_a_trial_is_not_its_report():
    review = paper(2, f"It rests on {NCT}.", design=Design.SYSTEMATIC_REVIEW)
    assert sum_sides((paper(1, f"{NCT}."), review)).studies == 2


def test_a_report_on_two_trials_of_one_registry_joins_neither():
    pooled = paper(3, f"We pooled {NCT} and NCT90000002.")
    papers = (paper(1, f"{NCT}."), paper(2, "NCT90000002."), pooled)
    assert find_registrations(pooled.record) == ()
    assert sum_sides(papers).studies == 3


def test_one_trial_in_two_registries_is_one():
    papers = (
        paper(1, f"{NCT}; ISRCTN99999999."),
        paper(2, f"{NCT}."),
        paper(3, "ISRCTN99999999."),
    )
    assert sum_sides(papers).studies == 1


def test_a_preprint_and_its_article_are_one_study():
    link = (Correction("UpdateIn", pmid="90000002"),)
    papers = (paper(1, corrections=link), paper(2))
    assert sum_sides(papers).studies == 1


def test_a_comment_adds_no_study_and_does_not_outweigh_it():
    link = (Correction("CommentOn", pmid="90000001"),)
    comment = paper(
        2, stance=Stance.CONTRADICTS, weight=0.05, corrections=link,
        design=Design.EDITORIAL,
    )  # fmt: skip
    sides = sum_sides((paper(1), comment))
    assert sides[:4] == (0.8, 0.0, 0.0, 1)


def test_two_equal_reports_of_one_study_that_disagree_qualify():
    papers = (paper(1, f"{NCT}."), paper(2, f"{NCT}.", stance=Stance.CONTRADICTS))
    (voice,) = hear_studies(papers)
    assert voice.stance is Stance.QUALIFIES
    assert decide(build_claim(), papers).label is Label.MIXED


def test_alike_authors_size_and_title_join_nothing():
    one, two = (
        paper(
            n,
            "We studied 120 adults.",
            title=f"Zorvel improves nightly sleep: {end}",
            authors=(Author(last_name="Invented"),),
        )
        for n, end in ((1, "a trial"), (2, "further results"))
    )
    assert sum_sides((one, two)).studies == 2
    assert len(find_maybe_same(group_studies((one, two)))) == 1


def test_another_author_or_size_is_another_study_altogether():
    one = paper(
        1, "We studied 120 adults.", title="Zorvel and sleep",
        authors=(Author(last_name="Invented"),),
    )  # fmt: skip
    for more in ({"authors": (Author(last_name="Other"),)}, {"sample_size": 119}):
        other = replace(one, record=replace(one.record, pmid="90000009", **more))
        assert not find_maybe_same(((one,), (other,)))


@settings(deadline=None)
@given(st.permutations([1, 2, 3, 4]))
def test_which_records_are_one_study_does_not_hang_on_their_order(order):
    papers = {
        1: paper(1, f"{NCT}."),
        2: paper(2, f"{NCT}; ISRCTN99999999."),
        3: paper(3, "ISRCTN99999999."),
        4: paper(4, corrections=(Correction("CommentOn", pmid="90000003"),)),
    }
    assert len(group_studies(papers[n] for n in order)) == 1


# --- told ---------------------------------------------------------------------------


def test_a_verdict_says_how_many_papers_its_studies_have():
    papers = (paper(1, f"{NCT}."), paper(2, f"{NCT}."), paper(3))
    reason = decide(build_claim(), papers).reason
    assert reason == "3 papers of 2 studies support it (randomised trial)."


def test_a_review_counts_as_a_review_and_says_what_it_contains():
    cited = tuple(Reference("", (("pubmed", f"9000000{n}"),)) for n in (1, 2, 7))
    review = paper(9, references=cited, design=Design.SYSTEMATIC_REVIEW)
    told = decide(build_claim(), (paper(1), paper(2), paper(3), review))
    assert sum_sides((paper(1), paper(2), paper(3), review)).studies == 4
    assert told.reason == (
        "4 studies support it (systematic review, randomised trial); a review contains "
        "2 of the studies already counted."
    )


def test_a_review_finds_its_studies_by_doi_too():
    study = record(1, doi="10.99999/x")
    review = record(2, references=(Reference("", (("doi", "10.99999/X"),)),))
    assert find_contained(review, [[study], [record(3)]]) == (0,)
    assert find_contained(record(4), [[study]]) == ()


# --- what joins records -------------------------------------------------------------


def test_a_registration_and_the_papers_of_its_results_are_one_study():
    registered = Record(
        source="clinicaltrials",
        title="Tea for sleep",
        accessions=(Accession("ClinicalTrials.gov", NCT),),
        corrections=(Correction("ResultsIn", pmid="90000001"),),
    )
    (study,) = group_records([registered, record(1), record(2, f"Part of {NCT}.")])
    assert len(study.records) == 3


def test_a_secondary_analysis_joins_the_trial_that_it_names():
    people = (Author("Roe", "Jane", "J"),)
    trial = record(1, title="The TEA-1 trial of tea", authors=people)
    analysis = record(
        2, title="Sleep: a post hoc analysis of the TEA-1 trial", authors=people
    )
    (study,) = group_records([trial, analysis])
    assert study.why == ("a secondary analysis of the TEA-1 trial",)
    strangers = record(3, title=analysis.title, authors=(Author("Doe", "John", "J"),))
    assert len(group_records([trial, strangers])) == 2
    pooled = record(4, f"We pooled data. {analysis.title}", authors=people)
    assert len(group_records([trial, pooled])) == 2


def test_a_pooled_analysis_of_two_registries_joins_neither():
    both = f"A pooled analysis of {NCT} and ISRCTN99999999"
    assert len(group_records([record(1, f"{NCT}."), record(2, title=both)])) == 2


def test_a_link_by_doi_joins_a_preprint_and_its_article():
    early = Record(
        source="crossref",
        doi="10.99999/early",
        corrections=(Correction("UpdateIn", doi="10.99999/x"),),
    )
    assert len(group_records([record(1, doi="10.99999/x"), early])) == 1
