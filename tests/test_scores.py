"""The reader beside the rules: both count, strongly opposed none, alone for little."""

from hypothesis import given
from hypothesis import strategies as st

from assay.evidence.judged import Judged
from assay.evidence.scores import (
    ALONE,
    ALONE_SHARE,
    OPPOSED,
    Reading,
    find_scores,
    opposed,
)
from assay.evidence.select import MOST_ALONE, MOST_ASKED, find_evidence, weigh_claim
from assay.evidence.verdict import ENOUGH
from assay.model import Label, Scores, Stance
from tests.claim_samples import claim, shipped, study

SLEEP = "Valerian improves sleep quality."
SUPPORTS, CONTRADICTS, SILENT = (6.0, 0.0, 0.0), (0.0, 6.0, 0.0), (0.0, 0.0, 6.0)
LOGITS = st.floats(-30, 30)
TRIAL = ("Randomized Controlled Trial",)


def reads(logits, *, role=3, rationale=4.0):
    """Return a reader that gives every study the same answer, and counts its calls."""
    calls = []

    def ask(asked, read):
        calls.append(read.record.pmid)
        count = len(read.lines)
        return Reading(logits, (rationale,) * count, (role,) * count)

    ask.calls = calls
    return ask


def judged(sentence, ask, text=SLEEP):
    found = find_evidence(claim(text), [study(sentence)], shipped(), ask)
    return [(e.stance, e.rule) for e in found]


@given(LOGITS, LOGITS, LOGITS)
def test_chances_lie_between_0_and_1_and_sum_to_1(s, c, n):
    scores = find_scores(Reading((s, c, n), (0.0,), (3,)), 0)
    assert all(0 <= chance <= 1 for chance in scores)
    assert abs(sum(scores[:3]) - 1) < 0.021  # each is rounded to a hundredth
    assert scores.rationale == 0.5


@given(st.sampled_from(Stance), LOGITS, LOGITS, LOGITS)
def test_only_a_sure_opposite_opposes(stance, s, c, n):
    scores = find_scores(Reading((s, c, n), (), ()))
    met = opposed(Judged(stance, "x", ""), scores)
    other = {Stance.SUPPORTS: scores.contradicts, Stance.CONTRADICTS: scores.supports}
    assert met == (other.get(stance, 0.0) >= OPPOSED)


def test_a_rule_and_a_reader_that_agree_count_in_full():
    sentence = "Valerian improved sleep quality."
    alone = find_evidence(claim(SLEEP), [study(sentence)], shipped())
    both = find_evidence(claim(SLEEP), [study(sentence)], shipped(), reads(SUPPORTS))
    assert [e.weight for e in both] == [e.weight for e in alone]
    assert both[0].rule == alone[0].rule
    assert isinstance(both[0].scores, Scores)


def test_a_rule_and_a_reader_that_strongly_disagree_abstain_and_say_so():
    sentence = "Valerian improved sleep quality."
    found = find_evidence(
        claim(SLEEP), [study(sentence)], shipped(), reads(CONTRADICTS)
    )
    assert [(e.stance, e.rule) for e in found] == [(Stance.NEUTRAL, "disagreement")]
    assert "abstains" in found[0].why
    assert found[0].sentence == sentence


def test_a_reader_that_says_silent_takes_no_rule_back():
    found = judged("Valerian improved sleep quality.", reads(SILENT))
    assert found[0][0] is Stance.SUPPORTS


def test_a_reader_alone_counts_for_less_than_a_verdict_needs():
    sentence = "Those given valerian fared better overnight than the others."
    assert judged(sentence, None)[0][0] is Stance.NEUTRAL
    trial = study(sentence, publication_types=TRIAL)
    found = find_evidence(claim(SLEEP), [trial], shipped(), reads(SUPPORTS))
    assert [(e.stance, e.rule) for e in found] == [(Stance.SUPPORTS, "reader")]
    assert 0 < found[0].weight < ENOUGH
    finding = weigh_claim(claim(SLEEP), [trial], shipped(), ask=reads(SUPPORTS))
    assert finding.verdict.label is Label.INSUFFICIENT


def test_the_reader_alone_is_not_heard_on_background_or_without_a_rationale():
    sentence = "Those given valerian fared better overnight than the others."
    for ask in (
        reads(SUPPORTS, role=0),
        reads(SUPPORTS, role=2),
        reads(SUPPORTS, rationale=-4.0),
        reads((1.0, 0.0, 0.0)),
        reads(SILENT),
    ):
        assert judged(sentence, ask)[0][0] is Stance.NEUTRAL


def test_the_reader_alone_is_not_heard_on_a_study_of_something_else():
    ask = reads(SUPPORTS)
    assert judged("Those given melatonin woke up less tired.", ask) == []
    assert not ask.calls


def test_no_more_studies_are_read_than_the_time_allows():
    speaking = [
        study("Valerian improved sleep quality.", pmid=str(90000100 + n))
        for n in range(MOST_ASKED + 9)
    ]
    quiet = [
        study("Valerian is a herb.", pmid=str(90000200 + n))
        for n in range(MOST_ALONE + 9)
    ]
    ask = reads(SUPPORTS)
    find_evidence(claim(SLEEP), [*speaking, *quiet], shipped(), ask)
    assert len(ask.calls) <= MOST_ASKED + MOST_ALONE
    assert len(set(ask.calls)) == len(ask.calls)


def test_what_the_reader_is_heard_on_lies_above_an_even_chance():
    assert 0.5 < ALONE < 1
    assert 0.5 < OPPOSED < 1
    assert ALONE_SHARE < ENOUGH  # so that a weight of 1 does not reach it


def test_a_record_that_says_nothing_is_never_made_to_speak():
    bare = study(title="Valerian and sleep")
    found = find_evidence(claim(SLEEP), [bare], shipped(), lambda _c, _s: None)
    assert all(e.stance is Stance.NEUTRAL and e.scores is None for e in found)
