"""Rules for claims that are not about an effect: contents, use, frequency, places …"""

import re
from collections.abc import Iterable

from assay.claims.cues import amount, find_cues
from assay.claims.vocabulary import Vocabulary
from assay.claims.wording import DOSE
from assay.evidence.judged import NEUTRAL, Judged, neutral
from assay.evidence.match import (
    SAME,
    OutcomeMatch,
    match_exposure,
    match_outcomes,
    wanted_exposures,
)
from assay.evidence.reading import Line, Study
from assay.evidence.wording import (
    ACTING,
    BODY_SAMPLES,
    COMMON,
    CONTAINING,
    FIRST,
    FORMS,
    FRACTION,
    IN_USE,
    PERCENT,
    PLACED,
    PURPOSE,
    RARE,
    REASONS,
    THINGS,
    UNIFORM,
    VARYING,
    content_words,
)
from assay.model import Claim, Stance

OFTEN, SELDOM = 10.0, 2.0
"""Per cent at and above which something is common, and below which it is rare."""
NEAR_BEFORE, NEAR_AFTER = 60, 80
"""Characters between a percentage and the outcome it is of."""
STATUS_WORDS = 0.5
"""Share of a claim's words that what is said on its approval must hold."""
SAME_WORDS = 0.8
"""Share of a description's own words that a sentence must hold to say the same."""


def _says(stance: Stance, rule: str, why: str, closeness: float = 1.0) -> Judged:
    return Judged(stance, rule, why, closeness)


def _claimed(claim: Claim) -> Stance:
    """Return the stance of a sentence that affirms: against a claim that denies."""
    return Stance.CONTRADICTS if claim.frame.negated else Stance.SUPPORTS


def judge_acting(claim: Claim, line: Line, study: Study, words: Vocabulary) -> Judged:
    """Tell whether the exposure is said to act on the claimed target."""
    if match_exposure(claim, line, study, words) != "own":
        return NEUTRAL
    targets = [
        t for t in claim.frame.outcome if words.concepts[t.concept].kind == "target"
    ]
    matches = match_outcomes(tuple(targets), line, words)
    wanted = wanted_exposures(claim, words)
    for match in matches:
        first = next(
            (
                m
                for m in line.mentions
                if any(words.within(m.concept, w) for w in wanted)
            ),
            None,
        )
        if first is None or first.start > match.mention.start:
            continue
        if not ACTING.search(line.text) or re.search(r"\bnot that\b", line.text):
            continue
        before = line.text[first.end : match.mention.start]
        if re.search(r"\b(?:no|not|nor|neither|lack\w*)\b", before):
            return _says(
                Stance.CONTRADICTS,
                "does-not-act",
                "It reports that it does not act on it.",
            )
        return _says(
            _claimed(claim), "acts-on", "It reports that it acts on the target."
        )
    return NEUTRAL


def judge_contents(claim: Claim, line: Line, study: Study, words: Vocabulary) -> Judged:
    """Tell whether something is said to be contained in the exposure."""
    if not match_exposure(claim, line, study, words):
        return NEUTRAL
    inside = [
        m
        for m in match_outcomes(claim.frame.outcome, line, words)
        if m.closeness == SAME
    ]
    parts = [
        m
        for m in line.mentions
        for t in claim.frame.outcome
        if t.concept == "alkaloids" and words.within(m.concept, "kratom-alkaloid")
    ]
    held = {m.mention for m in inside} | set(parts)
    whole = [m for m in line.mentions if m not in held]
    wanted = wanted_exposures(claim, words)
    holder = any(words.within(m.concept, w) for m in whole for w in wanted)
    if not held or not (holder or THINGS.search(line.text)):
        return NEUTRAL
    if BODY_SAMPLES.search(line.text):
        return neutral(
            "in-people", "It was measured in people, not in the thing itself."
        )
    if not CONTAINING.search(line.text):
        return neutral(
            "named", "It names both but does not say that one holds the other."
        )
    first = min(m.start for m in held)
    if _NOT_HELD.search(line.text) or _NONE_BEFORE.search(line.text[:first]):
        return _says(Stance.QUALIFIES, "not-found", "It reports samples without it.")
    return _says(_claimed(claim), "contains", "It reports that it was found in it.")


_NOT_HELD = re.compile(r"\b(?:not detected|no detectable|did not contain|absent)\b")
_NONE_BEFORE = re.compile(r"\b(?:no|without|free of) (?:[\w-]+ ){0,5}$")


def judge_use(claim: Claim, line: Line, study: Study, words: Vocabulary) -> Judged:
    """Tell whether people are said to use the exposure so, or for that."""
    if not match_exposure(claim, line, study, words):
        return NEUTRAL
    forms = set(FORMS.findall(claim.text.lower()))
    outcomes = claim.frame.outcome
    if outcomes and not forms:
        return _used_for(claim, line, words)
    if forms:
        met = set(FORMS.findall(line.text.lower()))
        if met & forms:
            return _says(_claimed(claim), "same-form", "It reports use in that form.")
        return neutral("other-form", "It names no form that the claim names.")
    return judge_same_words(claim, line, study, words)


def _used_for(claim: Claim, line: Line, words: Vocabulary) -> Judged:
    matches = match_outcomes(claim.frame.outcome, line, words)
    if matches and IN_USE.search(line.text) and PURPOSE.search(line.text):
        return _says(
            _claimed(claim), "used-for", "It reports use for that, or at that time."
        )
    listed = REASONS.search(line.text) and line.place != "TITLE"
    if listed and not matches and all(t.concept for t in claim.frame.outcome):
        return _says(
            Stance.QUALIFIES,
            "other-reasons",
            "It lists people's reasons, and this is not among them.",
        )
    return NEUTRAL


def judge_common(claim: Claim, line: Line, study: Study, words: Vocabulary) -> Judged:
    """Tell whether something is said to be common, by a word or by a percentage."""
    how = match_exposure(claim, line, study, words)
    matches = [
        m
        for m in match_outcomes(claim.frame.outcome, line, words)
        if words.concepts[m.mention.concept].sense == words.concepts[m.wanted].sense
    ]
    if not how or not matches:
        return NEUTRAL
    claims_rare = bool(RARE.search(claim.text)) or claim.frame.negated
    closeness = max(m.closeness for m in matches)
    yes = Stance.CONTRADICTS if claims_rare else Stance.SUPPORTS
    no = Stance.SUPPORTS if claims_rare else Stance.CONTRADICTS
    pieces = {line.segment_at(m.mention.start) for m in matches}
    told = " ; ".join(line.text[s.start : s.end] for s in sorted(pieces))
    if RARE.search(told):
        return _says(no, "rare", "It calls it rare.", closeness)
    if COMMON.search(told):
        return _says(yes, "common", "It calls it common.", closeness)
    shares = [float(m[1]) for m in PERCENT.finditer(line.text) if _of(m, matches)]
    shares += [OFTEN for m in FRACTION.finditer(line.text) if _of(m, matches)]
    if shares and max(shares) >= OFTEN:
        return _says(yes, "share", "It reports a share of a tenth or more.", closeness)
    if shares and max(shares) < SELDOM:
        return _says(
            no, "share", "It reports a share under two in a hundred.", closeness
        )
    return NEUTRAL


def _of(share: re.Match[str], matches: Iterable[OutcomeMatch]) -> bool:
    """Say whether a percentage is of people with the very outcome: it stands near."""
    return any(
        m.closeness == SAME
        and -NEAR_BEFORE <= m.mention.start - share.end() <= NEAR_AFTER
        for m in matches
    )


def judge_varying(claim: Claim, line: Line, study: Study, words: Vocabulary) -> Judged:
    """Tell whether something is said to vary, or to be the same throughout."""
    how = match_exposure(claim, line, study, words)
    named = match_outcomes(claim.frame.outcome, line, words)
    measured = re.search(
        r"\b(?:mg/g|content|composition|by weight|held far|levels?)\b", line.text
    )
    if how != "own" and not (how and named):
        return NEUTRAL
    if not named and not measured:
        return NEUTRAL
    if UNIFORM.search(line.text):
        return _says(Stance.CONTRADICTS, "uniform", "It reports little difference.")
    if VARYING.search(line.text):
        return _says(_claimed(claim), "varies", "It reports differences.")
    return NEUTRAL


def judge_place(claim: Claim, line: Line, study: Study, words: Vocabulary) -> Judged:
    """Tell whether a plant is said to be from the claimed place or a part of it."""
    if match_exposure(claim, line, study, words) != "own":
        return NEUTRAL
    for match in match_outcomes(claim.frame.outcome, line, words):
        if match.closeness == 1.0 and PLACED.search(line.text):
            return _says(_claimed(claim), "placed", "It places it there.")
    return NEUTRAL


def judge_state(claim: Claim, line: Line, study: Study, words: Vocabulary) -> Judged:
    """Tell whether the research itself is called limited, as or unlike the claim."""
    if not line.limited or line.place == "TITLE":
        return NEUTRAL
    if match_exposure(claim, line, study, words) not in {"own", "study"}:
        return NEUTRAL
    wanted = [t.concept for t in claim.frame.outcome]
    near = not wanted or any(
        words.within(c, w) or words.within(w, c) for c in study.concepts for w in wanted
    )
    stance = Stance.CONTRADICTS if claim.frame.negated else Stance.SUPPORTS
    why = "Its authors call the research limited or ask for more."
    return Judged(stance, "research-limited", why, 1.0 if near else 0.5, not near)


def judge_regulated(
    claim: Claim, line: Line, study: Study, words: Vocabulary
) -> Judged:
    """Compare what is said about law and approval, verb for verb."""
    if not match_exposure(claim, line, study, words) or line.place == "TITLE":
        return NEUTRAL
    verbs = re.compile(
        r"\b(un)?(regulat|approv|classif|bann|legal|illegal|schedul|recall|warn|"
        r"licen[sc])",
        re.IGNORECASE,
    )
    claimed = {m[1].lower() for m in map(_verb_of, verbs.finditer(claim.text))}
    wanted, met = content_words(claim.text), content_words(line.text)
    if len(wanted & met) < len(wanted) * STATUS_WORDS:
        return neutral("status", "It speaks of another use or another product.")
    for match in verbs.finditer(line.text):
        if match[2].lower() not in claimed:
            continue
        before = line.text[max(0, match.start() - 30) : match.start()].lower()
        denied = bool(match[1]) or bool(
            re.search(r"\b(?:no|not|neither|nor|never)\b", before)
        )
        agree = denied == claim.frame.negated
        stance = Stance.SUPPORTS if agree else Stance.CONTRADICTS
        return _says(stance, "status", "It states the legal or approval status.")
    return neutral("status", "It does not speak of this legal or approval status.")


def _verb_of(match: re.Match[str]) -> tuple[str, str]:
    return (match[0], match[2])


def judge_recommended(
    claim: Claim, line: Line, _study: Study, words: Vocabulary
) -> Judged:
    """Compare what is recommended first for a condition with what is claimed to be."""
    if not FIRST.search(line.text) or line.place == "TITLE":
        return NEUTRAL
    if not match_outcomes(claim.frame.outcome, line, words, people=True):
        return NEUTRAL
    wanted = wanted_exposures(claim, words)
    treatments = [
        m for m in line.mentions if words.concepts[m.concept].kind == "exposure"
    ]
    if any(words.within(m.concept, w) for m in treatments for w in wanted):
        return _says(_claimed(claim), "recommended", "It recommends just that first.")
    for met in treatments:
        shared = words.ancestors(met.concept)
        if any(shared & words.ancestors(w) for w in wanted):
            return _says(
                Stance.QUALIFIES,
                "recommends-related",
                "It puts another treatment of the same kind first.",
            )
    if treatments:
        return _says(
            Stance.CONTRADICTS, "recommends-other", "It puts another treatment first."
        )
    return NEUTRAL


def compare_doses(claim: Claim, line: Line, study: Study, words: Vocabulary) -> Judged:
    """Compare amounts of the same unit: inside, overlapping, or apart."""
    if not match_exposure(claim, line, study, words):
        return NEUTRAL
    ours, theirs = _range_of(claim.text), _range_of(line.text)
    typical = re.search(
        r"\b(?:typical|usual|average|mean|median|commonly|most (?:people|users))\b",
        line.text,
    )
    wanted = wanted_exposures(claim, words)
    if any(words.ancestors(m.concept) & set(wanted) for m in line.mentions):
        return NEUTRAL  # an amount of one constituent is not an amount of the whole
    if not ours or not theirs or ours[2] != theirs[2] or not typical:
        return NEUTRAL
    if ours[0] <= theirs[0] and theirs[1] <= ours[1]:
        return _says(
            Stance.SUPPORTS, "dose-inside", "Its amounts lie within the claimed."
        )
    if theirs[1] < ours[0] or ours[1] < theirs[0]:
        return _says(
            Stance.CONTRADICTS, "dose-apart", "Its amounts lie outside the claimed."
        )
    return _says(
        Stance.QUALIFIES, "dose-overlap", "Its amounts overlap with the claimed."
    )


_UNITS = {"g": 1000.0, "gram": 1000.0, "mg": 1.0, "milligram": 1.0, "mcg": 0.001,
          "µg": 0.001, "μg": 0.001, "microgram": 0.001}  # fmt: skip


def _range_of(text: str) -> tuple[float, float, str] | None:
    """Return the first amount in a text as (low, high, unit); masses are in mg."""
    found = DOSE.search(text)
    if not found:
        return None
    low = float(found[1].replace(",", "."))
    high = float((found[2] or found[1]).replace(",", "."))
    unit = found[3].lower()
    unit = unit if unit in _UNITS else unit.rstrip("s")
    factor = _UNITS.get(unit)
    if factor is None:
        return low, high, unit
    return low * factor, high * factor, "mg"


def judge_same_words(
    claim: Claim, line: Line, study: Study, words: Vocabulary
) -> Judged:
    """Tell whether a sentence says a description over again, in most of its words."""
    if not match_exposure(claim, line, study, words) or line.place == "TITLE":
        return NEUTRAL
    wanted = content_words(claim.text)
    met = content_words(line.text)
    if len(wanted) < 3 or len(wanted & met) / len(wanted) < SAME_WORDS:
        return NEUTRAL
    if not _names(claim.text) <= _names(line.text):
        return neutral("other-name", "It does not name all that the claim names.")
    if _signs(claim.text) != _signs(line.text):
        return neutral("other-way", "It does not tell of a change the same way.")
    denied = bool(re.search(r"\b(?:no|not|never|neither|nor)\b", line.text.lower()))
    if denied != claim.frame.negated:
        return neutral("other-way", "It denies something, perhaps something else.")
    why = "It says the same in most of the claim's words."
    return _says(Stance.SUPPORTS, "same-words", why)


def _names(text: str) -> frozenset[str]:
    """Return names, numbers and ordinals of a text: what "the same" must hold all of.

    >>> sorted(_names("Orlixin is the first PD-1 blocker of 2 kinds."))
    ['2', 'first', 'orlixin', 'pd', 'pd-1']
    """
    told = re.findall(
        r"\b(?:[A-Z][\w-]*[A-Z0-9][\w-]*|\d[\d.,]*|first|second|third|next|only|all|"
        r"most|every|majority|largest|oldest|dominant|recessive|(?<=[a-z] )[A-Z]\w+)\b",
        text,
    )
    first = re.match(r"[A-Z]\w+", text)
    words = [*told, *([first[0]] if first else [])]
    return frozenset(w.lower() for w in words) | frozenset(
        w.lower().split("-")[0] for w in told if "-" in w
    )


def _signs(text: str) -> frozenset[int]:
    """Return which ways a text says that something goes: more, less, or neither."""
    changes = (c for c in find_cues(text) if c.kind in {"up", "down", "ease"})
    return frozenset(amount(cue.kind) for cue in changes)
