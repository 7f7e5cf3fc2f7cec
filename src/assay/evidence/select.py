"""Which records and sentences speak to a claim, and what follows from them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from assay.claims.vocabulary import Vocabulary
from assay.evidence.card_claim import find_claim_flags, gather_flags
from assay.evidence.judged import Judged
from assay.evidence.match import wanted_exposures
from assay.evidence.mismatch import weigh
from assay.evidence.reading import Line, Study
from assay.evidence.scores import (
    Ahead,
    Ask,
    Reading,
    abstain,
    await_asking,
    find_scores,
    opposed,
    read_alone,
)
from assay.evidence.stance import judge_line
from assay.evidence.studies import study_key
from assay.evidence.trust import find_trust
from assay.evidence.verdict import decide
from assay.model import Claim, Evidence, Finding, Stance

SHOWN = 12
"""Most neutral pieces of evidence that a finding keeps; all that speak are kept."""
MOST_ASKED = 12
"""Studies a claim that the reader is asked about because a rule spoke."""
MOST_ALONE = 8
"""Studies a claim, nearest first, that it is asked about though no rule spoke."""
_ORDER = {
    Stance.SUPPORTS: 0,
    Stance.CONTRADICTS: 0,
    Stance.QUALIFIES: 1,
    Stance.NEUTRAL: 2,
}
_SIDES = frozenset({Stance.SUPPORTS, Stance.CONTRADICTS})
_NEAR_MISS = frozenset({"silent", "aim", "title"})


class Told(NamedTuple):
    """What the rules make of one study for a claim."""

    study: Study
    told: list[tuple[Line, Judged]]
    """The best sentence on each side, else the nearest neutral one."""
    asked: bool
    """True when the built-in reader is asked about it, where there is one."""


class Begun(NamedTuple):
    """A claim with what the rules make of its studies; the reader has its say next."""

    claim: Claim
    studies: Sequence[Study]
    told: tuple[Told, ...]


def begin_claim(
    claim: Claim,
    studies: Sequence[Study],
    words: Vocabulary,
    ahead: Ahead = await_asking,
) -> Begun:
    """Return what the rules make of a claim's studies, those on something else left.

    Args:
        studies: nearest first: the reader is asked about the first of them.
        ahead: told of every study about which the reader will be asked.
    """
    each = studies if claim.checkable else ()
    return Begun(claim, studies, _read_by_rules(claim, each, words, ahead))


def _read_by_rules(
    claim: Claim, studies: Iterable[Study], words: Vocabulary, ahead: Ahead
) -> tuple[Told, ...]:
    found: list[Told] = []
    left = {True: MOST_ASKED, False: MOST_ALONE}
    for study in studies:
        if not may_speak(claim, study, words):
            continue
        told = _of_study(claim, study, words)
        speaks = any(j.stance is not Stance.NEUTRAL for _, j in told)
        asked = left[speaks] > 0
        if asked:
            left[speaks] -= 1
            ahead(claim, study)
        found.append(Told(study, told, asked))
    return tuple(found)


def find_evidence(
    claim: Claim, studies: Iterable[Study], words: Vocabulary, ask: Ask | None = None
) -> tuple[Evidence, ...]:
    """Return what the studies say about a claim, strongest first, neutral ones last.

    Of each study the best sentence on each side is taken, else the nearest neutral one;
    of a study on something else, nothing.

    Args:
        studies: nearest first: the reader is asked about the first of them.
        ask: the built-in reader; None to go by the rules alone.
    """
    return _judge(
        claim, _read_by_rules(claim, studies, words, await_asking), words, ask
    )


def _judge(
    claim: Claim, each: Iterable[Told], words: Vocabulary, ask: Ask | None
) -> tuple[Evidence, ...]:
    """Return the evidence of what the rules told, once the reader was asked beside."""
    found: list[Evidence] = []
    for study, told, asked in each:
        reading = ask(claim, study) if ask and asked else None
        both = _with_reader(told, study, reading) if reading else told
        found += [_evidence(claim, study, *t, words, reading=reading) for t in both]
    return tuple(sorted(found, key=_rank))


def _with_reader(
    told: list[tuple[Line, Judged]], study: Study, reading: Reading
) -> list[tuple[Line, Judged]]:
    """Return what is told of a study once the reader was asked beside the rules."""
    if all(j.stance is Stance.NEUTRAL for _, j in told):
        own = read_alone(study, reading)
        return [own] if own else told
    if len(told) > 1:  # it speaks on both sides: there is no one answer to compare
        return told
    line, judged = told[0]
    scores = find_scores(reading)
    return [(line, abstain(judged))] if opposed(judged, scores) else told


def _of_study(
    claim: Claim, study: Study, words: Vocabulary
) -> list[tuple[Line, Judged]]:
    judged = [(line, judge_line(claim, line, study, words)) for line in study.lines]
    sides: dict[Stance, tuple[Line, Judged]] = {}
    for line, answer in judged:
        best = sides.get(answer.stance)
        if best is None or answer.closeness > best[1].closeness:
            sides[answer.stance] = (line, answer)
    nearest = max(
        (j.closeness for s, (_, j) in sides.items() if s in _SIDES), default=0
    )
    speaking: dict[Stance, tuple[Line, Judged]] = {
        s: v
        for s, v in sides.items()
        if s is not Stance.NEUTRAL and (s not in _SIDES or v[1].closeness == nearest)
    }  # what is said of the outcome itself goes before what is said of a neighbour
    met = _stance_of_harm(claim)
    if met in speaking:
        # met once is met: that it was not met for something else takes nothing away
        speaking = {met: speaking[met]}
    if not speaking:
        near = [v for v in judged if v[1].rule not in _NEAR_MISS]
        if judged:
            speaking[Stance.NEUTRAL] = (near or judged)[0]
    return list(speaking.values())


def may_speak(claim: Claim, study: Study, words: Vocabulary) -> bool:
    """Say whether a study names the claim's exposure at all: if not, it is not read on.

    What is recommended for a condition may be something else, so all may speak of that.
    """
    wanted = wanted_exposures(claim, words)
    open_ = not wanted or claim.frame.relation == "recommended"
    return open_ or not words.family(wanted).isdisjoint(study.concepts)


def _stance_of_harm(claim: Claim) -> Stance | None:
    """Return the stance of a harm that was met; None for claims of other kinds."""
    if claim.frame.relation == "safe":
        return Stance.CONTRADICTS
    if claim.frame.relation in {"occurs", "precaution"}:
        return Stance.CONTRADICTS if claim.frame.negated else Stance.SUPPORTS
    return None


def _evidence(
    claim: Claim,
    study: Study,
    line: Line,
    judged: Judged,
    words: Vocabulary,
    *,
    reading: Reading | None,
) -> Evidence:
    speaks = judged.stance is not Stance.NEUTRAL
    weight, flags = weigh(claim, study, line, judged, words) if speaks else (0.0, ())
    share = find_trust(study.record, study.design).share if weight else 1.0
    return Evidence(
        record=study.record,
        design=study.design,
        standing=study.standing,
        stance=judged.stance,
        sentence=line.text,
        start=line.span.start,
        end=line.span.end,
        own_words=line.place == "SUMMARY",
        rule=judged.rule,
        why=judged.why,
        weight=round(min(1.0, weight * share), 4),
        flags=flags,
        scores=find_scores(reading, study.lines.index(line)) if reading else None,
    )


def _rank(e: Evidence) -> tuple[object, ...]:
    return (_ORDER[e.stance], -e.weight, -(e.record.year or 0), study_key(e), e.start)


def weigh_claim(
    claim: Claim,
    studies: Sequence[Study],
    words: Vocabulary,
    *,
    queries: tuple[str, ...] = (),
    looked_for: Mapping[str, tuple[str, ...]] | None = None,
    ask: Ask | None = None,
) -> Finding:
    """Return a claim with its verdict, its flags and the evidence to show."""
    begun = begin_claim(claim, studies, words)
    return end_claim(begun, words, queries=queries, looked_for=looked_for, ask=ask)


def end_claim(
    begun: Begun,
    words: Vocabulary,
    *,
    queries: tuple[str, ...] = (),
    looked_for: Mapping[str, tuple[str, ...]] | None = None,
    ask: Ask | None = None,
) -> Finding:
    """Return the finding on a claim that was begun; with `ask`, the reader is heard."""
    claim = begun.claim
    evidence = _judge(claim, begun.told, words, ask)
    verdict = decide(claim, evidence)
    speaking = [e for e in evidence if e.stance is not Stance.NEUTRAL]
    quiet = [e for e in evidence if e.stance is Stance.NEUTRAL]
    flags = find_claim_flags(claim, evidence, begun.studies)
    return Finding(
        claim=claim,
        verdict=verdict,
        flags=(*gather_flags(evidence), *flags),
        evidence=(*speaking, *quiet[:SHOWN]),
        queries=queries,
        words=tuple((looked_for or {}).items()),
        read=len(begun.studies),
    )
