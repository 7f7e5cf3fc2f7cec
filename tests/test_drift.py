"""What moved a verdict is found by leaving one out, and the laws of that hold."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from assay.digest.drift import MOST_PARTS, find_move
from assay.digest.model import CauseKind, Watched
from assay.digest.voices import weighing_of
from assay.evidence.verdict import decide, sum_sides
from assay.model import (
    Certainty,
    Claim,
    ClaimType,
    Design,
    Direction,
    Evidence,
    Finding,
    Frame,
    Label,
    Span,
    Stance,
    Standing,
    Term,
)
from assay.record import Accession, Record

EARLIER, LATER = "2026-11-16T06:00:00+00:00", "2026-11-23T06:00:00+00:00"
GONE = [Standing.RETRACTED, Standing.REPLACED, Standing.WITHDRAWN]


def build_claim(relation="effect"):
    return Claim(
        sentence="Zorvel improves sleep.",
        start=0,
        end=22,
        clause=Span(0, 21),
        text="Zorvel improves sleep",
        type=ClaimType.EFFICACY,
        frame=Frame(
            exposure=(Term("zorvel", "zorvel"),),
            outcome=(Term("sleep", "sleep"),),
            direction=Direction.IMPROVES,
            relation=relation,
        ),
    )


def build(number, stance=Stance.SUPPORTS, weight=0.8, **more):
    return Evidence(
        record=Record(
            source="pubmed",
            pmid=str(90000000 + number),
            title=f"Invented study {number}",
            accessions=more.pop("accessions", ()),
        ),
        design=more.pop("design", Design.RANDOMISED_TRIAL),
        stance=stance,
        sentence=more.pop("sentence", "They slept."),
        start=0,
        end=11,
        rule=more.pop("rule", "same-direction"),
        weight=weight,
        **more,
    )


def find(evidence, claim=None):
    claim = claim or build_claim()
    verdict = decide(claim, evidence)
    return Finding(claim=claim, verdict=verdict, evidence=tuple(evidence))


def weigh(evidence, claim=None, version="1.0"):
    return weighing_of(find(evidence, claim), 7, EARLIER, version)


def move(before, after, claim=None, version="1.0"):
    finding = find(after, claim)
    watched = Watched(id=7, claim=finding.claim, article="tea.md")
    told = weigh(before, claim)
    return find_move(watched, told, finding, LATER, version)


def named(moved):
    return [(c.kind, c.work and c.work.pmid, c.alone) for c in moved.after.causes]


AGAINST = Stance.CONTRADICTS


# --- what the tests of a person would be --------------------------------------------


def test_the_one_new_study_that_turned_a_verdict_is_named():
    old = [build(1), build(2, AGAINST, 0.3)]
    moved = move(old, [*old, build(3, AGAINST), build(4, weight=0.1)])
    assert (moved.before.label, moved.after.label) == (Label.SUPPORTED, Label.MIXED)
    assert named(moved) == [(CauseKind.STUDY, "90000003", True)]
    assert moved.after.causes[0].stance is AGAINST
    assert moved.after.causes[0].sentence == "They slept."


def test_the_retraction_of_the_only_supporting_study_is_named_as_a_notice():
    moved = move([build(1)], [build(1, standing=Standing.RETRACTED)])
    assert moved.after.label is Label.INSUFFICIENT
    assert named(moved) == [(CauseKind.NOTICE, "90000001", True)]
    assert moved.after.causes[0].standing is Standing.RETRACTED
    assert not moved.after.voices[0].counted


def test_a_notice_that_was_taken_back_is_a_cause_too():
    moved = move([build(1, standing=Standing.RETRACTED)], [build(1)])
    assert moved.after.label is Label.SUPPORTED
    assert named(moved) == [(CauseKind.NOTICE, "90000001", True)]


def test_of_studies_that_each_suffice_none_is_picked_and_few_are_named():
    new = [build(1), build(2)]
    moved = move([], [*new, build(3, weight=0.05, design=Design.CASE_REPORT)])
    assert moved.after.label is Label.SUPPORTED
    assert named(moved) == [
        (CauseKind.TOGETHER, "90000001", False),
        (CauseKind.TOGETHER, "90000002", False),
    ]


def test_two_weak_studies_of_which_each_was_needed_are_both_causes():
    new = [build(n, weight=0.35, design=Design.COHORT) for n in (1, 2)]
    assert named(move([], new)) == [
        (CauseKind.STUDY, "90000001", True),
        (CauseKind.STUDY, "90000002", True),
    ]


def test_of_ten_alike_only_as_many_are_named_as_it_takes():
    new = [build(n, weight=0.15, design=Design.CASE_SERIES) for n in range(1, 11)]
    causes = named(move([], new))
    assert {kind for kind, _, _ in causes} == {CauseKind.TOGETHER}
    assert len(causes) == 7  # the other three weigh less than it takes


def test_of_hundreds_few_tries_find_those_that_moved_it_together(monkeypatch):
    tries = []

    def counted(evidence):
        tries.append(len(evidence))
        return sum_sides(evidence)

    monkeypatch.setattr("assay.digest.drift.sum_sides", counted)
    new = [build(n, weight=0.15, design=Design.CASE_SERIES) for n in range(1, 301)]
    moved = move([], new)
    causes = named(moved)
    assert {kind for kind, _, _ in causes} == {CauseKind.TOGETHER}
    assert len(causes) == 297  # three weigh less than it takes
    assert len(tries) < 300 + 28 + 4 * MOST_PARTS  # alone, in pairs, in parts
    assert decide(build_claim(), undo([], new, moved)).label is Label.INSUFFICIENT


def test_papers_of_one_new_trial_are_one_cause():
    trial = (Accession("ClinicalTrials.gov", "NCT90000001"),)
    papers = [build(n, accessions=trial) for n in (1, 2)]
    assert named(move([], papers)) == [(CauseKind.STUDY, "90000001", True)]


def test_the_same_studies_read_by_other_rules_are_said_to_be_so():
    before = replace(weigh([build(1)]), label=Label.MIXED)
    watched = Watched(id=7, claim=build_claim(), article="tea.md")
    moved = find_move(watched, before, find([build(1)]), LATER, "2.0")
    assert named(moved) == [(CauseKind.RULES, None, True)]


def test_rules_and_studies_that_moved_it_between_them_are_both_told():
    before = replace(weigh([build(1, weight=0.1)]), label=Label.MIXED)
    watched = Watched(id=7, claim=build_claim(), article="tea.md")
    now = find([build(1, weight=0.1), build(2)])
    moved = find_move(watched, before, now, LATER, "2.0")
    assert named(moved) == [
        (CauseKind.RULES, None, False),
        (CauseKind.TOGETHER, "90000002", False),
    ]


def test_a_record_that_says_something_else_now_has_changed():
    moved = move([build(1)], [build(1, AGAINST, sentence="They did not sleep.")])
    assert moved.after.label is Label.CONTRADICTED
    assert named(moved) == [(CauseKind.CHANGED, "90000001", True)]


def test_a_record_that_is_no_longer_found_is_gone():
    moved = move([build(1)], [])
    assert named(moved) == [(CauseKind.GONE, "90000001", True)]
    assert moved.after.causes[0].sentence == "They slept."


def test_a_record_is_known_again_by_any_of_its_names():
    with_doi = replace(build(1).record, doi="10.99999/a")
    without_pmid = replace(with_doi, pmid="")
    old = [replace(build(1), record=without_pmid), build(2, AGAINST, 0.3)]
    new = [
        replace(build(1), record=with_doi),
        build(2, AGAINST, 0.3),
        build(3, AGAINST),
    ]
    assert named(move(old, new)) == [(CauseKind.STUDY, "90000003", True)]


def test_a_changed_certainty_moves_a_verdict_that_keeps_its_label():
    old = [build(n) for n in (1, 2)]
    moved = move(old, [*old, build(3)])
    assert moved.before.label is moved.after.label is Label.SUPPORTED
    assert moved.after.certainty is Certainty.HIGH
    assert named(moved) == [(CauseKind.STUDY, "90000003", True)]


def test_more_of_the_same_is_no_move_yet_is_kept():
    old = [build(n) for n in (1, 2, 3)]
    assert move(old, [*old, build(4)]) is None
    assert len(weigh([*old, build(4)]).voices) == 4


def test_a_record_that_speaks_on_both_sides_is_one_voice():
    both = [build(1, weight=0.5), build(1, AGAINST, 0.4)]
    (voice,) = weigh(both).voices
    assert (voice.stance, voice.weight) == (Stance.QUALIFIES, 0.5)


# --- laws ---------------------------------------------------------------------------

STANDINGS = [Standing.SOUND, Standing.CONCERN, *GONE]
DESIGNS = st.sampled_from(list(Design))
STANCES = st.sampled_from([s for s in Stance if s is not Stance.NEUTRAL])
WEIGHTS = st.sampled_from([0.0, 0.05, 0.15, 0.25, 0.35, 0.45, 0.6, 0.8, 1.0])
PIECE = st.builds(
    lambda stance, weight, design, standing, rule: (
        stance, weight, {"design": design, "standing": standing, "rule": rule}
    ),
    STANCES,
    WEIGHTS,
    DESIGNS,
    st.sampled_from(STANDINGS),
    st.sampled_from(["same-direction", "research-limited"]),
)  # fmt: skip
BODIES = st.lists(PIECE, max_size=6)
CLAIMS = st.sampled_from([build_claim(), build_claim("contains")])


def of(pieces, first=1):
    return [
        build(n, stance, weight, **more)
        for n, (stance, weight, more) in enumerate(pieces, first)
    ]


LAWS = settings(deadline=None, max_examples=60)


def undo(before, after, moved):
    """Leave every cause out: a new study goes, a notice is as it was."""
    causes = {c.work.pmid for c in moved.after.causes}
    then = {e.record.pmid: e for e in before}
    kept = [then.get(e.record.pmid) if e.record.pmid in causes else e for e in after]
    return [e for e in kept if e]


@LAWS
@given(CLAIMS, BODIES, BODIES, st.data())
def test_leaving_all_causes_out_gives_the_label_of_before(claim, old, new, data):
    before = of(old)
    changed = [
        replace(e, standing=data.draw(st.sampled_from([e.standing, *STANDINGS])))
        for e in before
    ]
    after = [*changed, *of(new, 50)]
    moved = move(before, after, claim)
    if moved is None:
        return
    assert moved.after.causes
    assert {c.kind for c in moved.after.causes} <= {
        CauseKind.STUDY,
        CauseKind.NOTICE,
        CauseKind.TOGETHER,
    }
    assert decide(claim, undo(before, after, moved)).label is moved.before.label
    if len(moved.after.causes) > 1 and not moved.after.causes[0].alone:
        for cause in moved.after.causes:
            one = replace(moved, after=replace(moved.after, causes=(cause,)))
            verdict = decide(claim, undo(before, after, one))
            told = (verdict.label, verdict.certainty)
            assert told != (moved.before.label, moved.before.certainty)


@LAWS
@given(CLAIMS, BODIES, BODIES, PIECE)
def test_a_neutral_or_retracted_new_study_is_never_a_cause(claim, old, new, one):
    stance, weight, more = one
    silent = build(98, Stance.NEUTRAL, weight, **more)
    fallen = build(99, stance, weight, **{**more, "standing": Standing.RETRACTED})
    before, after = of(old), [*of(old), *of(new, 50)]
    plain, more = (
        move(before, after, claim),
        move(before, [*after, silent, fallen], claim),
    )
    assert (plain is None) is (more is None)
    if plain:
        assert more.after.causes == plain.after.causes


@LAWS
@given(CLAIMS, BODIES, BODIES, st.randoms(use_true_random=False))
def test_the_order_of_the_evidence_does_not_matter(claim, old, new, random):
    before, after = of(old), [*of(old), *of(new, 3)]
    mixed = random.sample(after, len(after))
    one, other = move(before, after, claim), move(before, mixed, claim)
    assert (one and one.after.causes) == (other and other.after.causes)
    assert weigh(after, claim) == weigh(mixed, claim)


@LAWS
@given(CLAIMS, BODIES)
def test_the_same_evidence_never_moves(claim, body):
    assert move(of(body), of(body), claim) is None


@LAWS
@given(STANCES, st.sampled_from([0.6, 0.8, 1.0]), DESIGNS, st.sampled_from(GONE))
def test_a_retraction_of_all_there_was_is_always_named(stance, weight, design, gone):
    one = build(1, stance, weight, design=design)
    moved = move([one], [replace(one, standing=gone)])
    assert named(moved) == [(CauseKind.NOTICE, "90000001", True)]
