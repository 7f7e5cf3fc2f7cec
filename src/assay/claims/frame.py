"""What a clause asserts: exposure, relation, outcome, which way, of whom, how surely.

The relations are decided by one table, first match first; each row is a pattern of the
clause and what it makes of it. A clause that no row fits is a plain description.
"""

import re
from typing import NamedTuple

from assay.claims.cues import Cue, amount, find_cues, goodness
from assay.claims.vocabulary import Mention, Vocabulary
from assay.model import ClaimType, Direction, Frame, Term


class Reading(NamedTuple):
    """What a clause was read as."""

    frame: Frame
    type: ClaimType
    checkable: bool = True
    why_not: str = ""


class Parts(NamedTuple):
    """A clause made ready: its words and the concepts in them."""

    subject: str
    predicate: str
    whole: str
    """Subject and predicate, as one text."""
    mentions: tuple[Mention, ...]
    """In `whole`."""
    inherited: tuple[Term, ...]
    """The exposure spoken of so far."""


_ADVICE = re.compile(
    r"\b(?:should|must|ought to|need to|needs to|has to|have to|crucial|essential|advisable|"
    r"prudent|important to|wise to|best to|recommended (?:to|that)|is recommended|"
    r"are recommended|recommended over|be cautious|be mindful|"
    r"requires? careful|approach its use|it(?:'s|’s| is) best)\b"
    r"|^(?:always |never |please )?(?:consult|talk|speak|ask|avoid|start|take|try|choose|"
    r"use|keep|make sure|be sure|consider|remember|drink|eat|see|check|stop|limit|seek|aim|"
    r"look for|opt for|stick to|don't|do not)\b",
    re.IGNORECASE,
)
_META = re.compile(
    r"\b(?:this (?:article|post|guide|blog|page|approach|section)|we (?:explore|provide|"
    r"discuss|look|will|cover|examine|hope|recommend)|let's|let us|read on|click|subscribe|"
    r"in this article|sign up|disclaimer|best practices|understanding the)\b",
    re.IGNORECASE,
)
_FIRST_LINE = re.compile(
    r"\bfirst[- ]line\b|\bfirst line of (?:defen[cs]e|treatment)|\btreatment of choice|"
    r"\bfirst choice\b|\bfirst treatment\b|\bgold standard\b|\binitial treatment\b|"
    r"\bprioriti[sz]ed\b|\brecommended (?:first|treatment)\b",
    re.IGNORECASE,
)
_PRECAUTION = re.compile(
    r"\bother (?:medication|medicine|drug|supplement)s?\b|\bmedications?\b|\bmedicines?\b|"
    r"\bprescription|\bblood thinner|\bhealth conditions?\b",
    re.IGNORECASE,
)
_RESEARCH = r"(?:research|stud(?:y|ies)|evidence|trials?|data|science|literature|investigations?)"
_STATE_WEAK = re.compile(
    rf"\b{_RESEARCH}\b.{{0,90}}?\b(?:limited|lacking|scarce|sparse|insufficient|needed|"
    rf"inconclusive|weak|required|scant|in its infancy|evolving|preliminary|mixed|unclear|"
    rf"not (?:yet )?(?:clear|conclusive|enough)|missing|few|warranted)\b"
    rf"|\b(?:little|limited|insufficient|no|more|further|scant|few|not enough|lack of|"
    rf"only a few|additional)\s+(?:\w+\s+){{0,2}}?{_RESEARCH}\b"
    rf"|\bhas not been (?:well |fully |adequately )?(?:studied|proven|established)\b"
    rf"|\bnot (?:yet )?(?:well |fully )?(?:understood|established|proven)\b",
    re.IGNORECASE,
)
_STATE_STRONG = re.compile(
    rf"\b{_RESEARCH}\b.{{0,120}}?\b(?:compelling|strong|robust|conclusive|extensive|"
    rf"overwhelming|solid|well[- ]established)\b"
    rf"|\b(?:clinically|scientifically) proven\b|\bproven by {_RESEARCH}\b",
    re.IGNORECASE,
)
_ONGOING = re.compile(
    rf"\bongoing {_RESEARCH}\b|\b{_RESEARCH} (?:is|are) (?:examining|exploring|under ?way)",
    re.IGNORECASE,
)
_REGULATORY = re.compile(
    r"\b(?:regulated|unregulated|regulates?|approved by|fda[- ]approved|legal|illegal|"
    r"banned|bans?|prohibited|outlawed|scheduled|schedule i|controlled substance|classified as|"
    r"recalled|authori[sz]ed|licen[sc]ed|over[- ]the[- ]counter)\b",
    re.IGNORECASE,
)
_AGENCY_ACT = re.compile(
    r"\b(?:warn|warned|warns|warning|warnings|flagged|issued|advis|announc|approv|ban|"
    r"recall|regulat|classif|recommend|consider)",
    re.IGNORECASE,
)
DOSE = re.compile(
    r"(?<![\w.])(\d+(?:[.,]\d+)?)\s*(?:(?:to|-|–|and)\s*(\d+(?:[.,]\d+)?)\s*)?"
    r"(mg|milligrams?|g|grams?|mcg|µg|μg|micrograms?|iu|ml|drops|cups?)\b(?!/)",
    re.IGNORECASE,
)
_VARIES = re.compile(
    r"\b(?:var(?:y|ies|ied|iable|iation)|inconsistent|unpredictable|differs? (?:widely|from|"
    r"significantly|greatly)|ranges? widely)\b",
    re.IGNORECASE,
)
_LOCATED = re.compile(
    r"\b(?:native to|indigenous to|grows? (?:in|natively)|grown in|endemic to|originat\w+ "
    r"(?:in|from)|comes? from|hails from|found in|native)\b",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"\b(?:acts?|acting|binds?|binding|bound|interacts?|engages?|affinity|agonists?|"
    r"antagonists?|activates?|activity|stimulates?|blocks?|influences?|modulates?|targets?|"
    r"affects?|mimics?|mimicking|works? (?:on|by|through)|inhibits?|binders?)\b",
    re.IGNORECASE,
)
_CONTAINS = re.compile(
    r"\b(?:contains?|containing|rich in|source of|made (?:up )?of|consists? of|"
    r"(?:active|main|primary|key|major) (?:\w+ )?(?:compounds?|alkaloids?|ingredients?|"
    r"constituents?|components?))\b",
    re.IGNORECASE,
)
_USED = re.compile(
    r"\b(?:turn(?:s|ed)? to|(?:often|commonly|widely|traditionally|typically|frequently|"
    r"generally|sometimes) (?:\w+ )?(?:used|consumed|taken|favou?red|drunk|chewed|smoked|"
    r"eaten)|(?:has|have) been used|(?:is|are) (?:used|consumed|taken)|"
    r"use (?:it|them|kratom)|people (?:use|take)|users (?:use|take|report|find)|"
    r"rel(?:y|ies) on|self-medicat\w+)\b",
    re.IGNORECASE,
)
_COMMON = re.compile(
    r"\b(?:common(?:ly)?|prevalent|widespread|frequent|rare|affects? (?:about |around |up to "
    r"|nearly )?(?:\d|one in|millions|many)|\d+(?:\.\d+)? ?(?:%|percent|per cent)|one in "
    r"\w+|millions of|many people|most people|popular(?:ity)?)",
    re.IGNORECASE,
)
_ATTENTION = re.compile(
    r"\b(?:(?:gained|garnered|attracted|drawn) (?:\w+ )?(?:attention|interest|popularity)|"
    r"subject of interest|topic of|in discussions)\b",
    re.IGNORECASE,
)
_PRAISED = re.compile(r"\b(?:promis|compelling|well known|recogni[sz]ed|clear)", re.IGNORECASE)
_SAFE = re.compile(
    r"\b(?:(?:is|are) (?:\w+ )?safe|safe (?:to|for|and)|no (?:known )?(?:side effects?|"
    r"risks?|interactions?)|free (?:of|from) (?:\w+ ){0,2}?(?:interactions?|side effects?|"
    r"risks?)|harmless|non-?addictive|without (?:any )?side effects?|well[- ]tolerated)\b",
    re.IGNORECASE,
)
_HEDGES = re.compile(
    r"\b(?:may(?: be)?|might|could|can|potential(?:ly)?|possibl[ey]|reportedly|appears? to|"
    r"seems? to|thought to|believed to|is said to|reported to|suggests?|likely|promising|"
    r"shows promise|some evidence)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:not|no|never|cannot|can't|doesn't|don't|isn't|aren't|neither|nor|without)\b",
    re.IGNORECASE,
)
_CAUSAL = re.compile(
    r"\b(?:cause[sd]?|causing|leads? to|results? in|due to|makes?|because|thanks to|produces?|"
    r"induces?|improves?|reduces?|prevents?|cures?|treats?|relieves?|boosts?|promotes?|"
    r"helps?|worsens?|increases?|alleviates?|enhances?|lowers?)\b",
    re.IGNORECASE,
)


def read_clause(parts: Parts, vocabulary: Vocabulary) -> Reading:
    """Return what a clause asserts, or why it is not checkable."""
    relation = decide_relation(parts, vocabulary)
    outcome = _terms(parts, vocabulary, ("outcome", "target"), prefer_predicate=True)
    cue = governing_cue(parts, outcome)
    frame = Frame(
        exposure=_exposure(parts, vocabulary, relation),
        outcome=_with_places(parts, vocabulary, relation, outcome),
        population=_terms(parts, vocabulary, ("population",)),
        direction=_direction(relation, cue),
        negated=_is_denied(relation, parts, cue),
        hedge=_first(_HEDGES, parts.predicate),
        causal=bool(_CAUSAL.search(parts.predicate)),
        relation=relation,
    )
    return _judge(frame, relation, vocabulary)


def decide_relation(parts: Parts, vocabulary: Vocabulary) -> str:
    """Return the relation that a clause asserts (see `model.Frame.relation`)."""
    kinds = {vocabulary.concepts[m.concept].kind for m in parts.mentions}
    whole, predicate = parts.whole, parts.predicate
    if _META.search(whole):
        return "meta"
    if _FIRST_LINE.search(whole):
        return "recommended"
    if _ADVICE.search(whole):
        risky = _PRECAUTION.search(whole) and "exposure" in kinds
        return "precaution" if risky else "advice"
    if "agency" in kinds and _AGENCY_ACT.search(whole):
        return "regulated"
    if _STATE_STRONG.search(whole):
        return "evidence-state"
    if _ONGOING.search(whole):
        return "ongoing"
    if _STATE_WEAK.search(whole):
        return "evidence-state"
    if _REGULATORY.search(predicate) or (
        "agency" in kinds and _AGENCY_ACT.search(whole)
    ):
        return "regulated"
    if DOSE.search(predicate):
        return "dose"
    if _VARIES.search(predicate):
        return "varies"
    if "place" in kinds and _LOCATED.search(predicate):
        return "located"
    return _decide_by_concepts(parts, kinds, vocabulary)


def _decide_by_concepts(parts: Parts, kinds: set[str], vocabulary: Vocabulary) -> str:
    predicate = parts.predicate
    after = {
        vocabulary.concepts[m.concept].kind
        for m in parts.mentions
        if m.start >= len(parts.subject)
    }
    if "target" in kinds and _ACTS.search(parts.whole):
        return "acts-on"
    if _SAFE.search(predicate):
        return "safe"
    if _USED.search(parts.whole):
        return "used-for"
    if _CONTAINS.search(parts.whole):
        return "contains"
    if "exposure" not in kinds and "outcome" in kinds and _COMMON.search(predicate):
        return "common"
    praised = {"exposure", "outcome"} <= kinds and _PRAISED.search(predicate)
    if "outcome" in after or "target" in after or praised:
        return _effect_or_occurrence(parts, vocabulary)
    if _ATTENTION.search(predicate):
        return "attention"
    return "common" if _COMMON.search(predicate) else "is"


def is_about_frequency(predicate: str) -> bool:
    """Say whether a predicate tells how common something is.

    >>> is_about_frequency("are common during detoxification")
    True
    """
    return bool(_COMMON.search(predicate))


def _effect_or_occurrence(parts: Parts, vocabulary: Vocabulary) -> str:
    """Tell "moves an outcome" from "a harm arises with it"."""
    outcome = _terms(parts, vocabulary, ("outcome", "target"), prefer_predicate=True)
    cue = governing_cue(parts, outcome)
    bad = any(vocabulary.concepts[t.concept].sense < 0 for t in outcome if t.concept)
    if cue and cue.kind in {"cause", "up"} and bad:
        return "occurs"
    if not cue and bad and re.search(r"\b(?:can|may|might|could)\b", parts.predicate):
        return "occurs"
    if cue or re.search(
        r"\b(?:effects?|propert|qualit|aid|remedy|sedat)", parts.predicate
    ):
        return "effect"
    return "is"


def governing_cue(parts: Parts, outcome: tuple[Term, ...]) -> Cue | None:
    """Return the word of change that speaks of the outcome: the nearest before it."""
    cues = list(find_cues(parts.whole))
    places = [
        m.start
        for m in parts.mentions
        if m.concept in {t.concept for t in outcome} and m.start >= len(parts.subject)
    ]
    at = places[0] if places else len(parts.whole)
    before = [c for c in cues if len(parts.subject) <= c.start < at]
    after = [c for c in cues if c.start >= at]
    weak = [c for c in before if c.kind == "link"]
    telling = [c for c in before if c.kind not in {"cause", "link"}]
    causing = [c for c in before if c.kind == "cause"]
    in_subject = [c for c in cues if c.end <= len(parts.subject) and c.kind != "link"]
    later = [c for c in after if c.kind != "link"]
    for chosen in (telling[-1:], causing[-1:], weak[-1:], later[:1], in_subject[-1:]):
        if chosen:
            return chosen[0]
    return None


def _exposure(parts: Parts, vocabulary: Vocabulary, relation: str) -> tuple[Term, ...]:
    """Take the exposure from the subject, else the predicate, else what was spoken of."""
    own = _terms(parts, vocabulary, ("exposure",), until=len(parts.subject))
    if own:
        return own
    here = _terms(parts, vocabulary, ("exposure",))
    if here:
        return here
    kinds = {vocabulary.concepts[m.concept].kind for m in parts.mentions}
    if relation == "common" and "outcome" in kinds:
        return ()
    return parts.inherited


def _terms(
    parts: Parts,
    vocabulary: Vocabulary,
    kinds: tuple[str, ...],
    *,
    until: int | None = None,
    prefer_predicate: bool = False,
) -> tuple[Term, ...]:
    """Return the distinct concepts of some kinds, in the order met."""
    met = [
        m
        for m in parts.mentions
        if vocabulary.concepts[m.concept].kind in kinds
        and (until is None or m.start < until)
    ]
    if prefer_predicate:
        said = [m for m in met if len(parts.subject) <= m.start < _reason_at(parts)]
        met = said or [m for m in met if m.start >= len(parts.subject)] or met
    found: dict[str, Term] = {}
    for mention in met:
        words = parts.whole[mention.start : mention.end]
        found.setdefault(mention.concept, Term(words, mention.concept))
    return tuple(found.values())


def _reason_at(parts: Parts) -> int:
    """Return where a given reason begins ("thanks to its …"): it is not the outcome."""
    reason = re.search(r",? (?:thanks to|due to|because of|owing to)\b", parts.predicate)
    offset = len(parts.whole) - len(parts.predicate)
    return offset + reason.start() if reason else len(parts.whole)


def _with_places(
    parts: Parts, vocabulary: Vocabulary, relation: str, outcome: tuple[Term, ...]
) -> tuple[Term, ...]:
    if relation == "contains":
        inside = _terms(parts, vocabulary, ("outcome", "exposure"), prefer_predicate=True)
        own = {m.concept for m in parts.mentions if m.start < len(parts.subject)}
        return tuple(t for t in inside if t.concept not in own) or outcome
    if relation == "located":
        return _terms(parts, vocabulary, ("place",))
    if relation == "regulated":
        return _terms(parts, vocabulary, ("agency",)) or outcome
    return outcome


def _direction(relation: str, cue: Cue | None) -> Direction:
    if relation == "occurs":
        return Direction.INCREASES
    if relation != "effect":
        return Direction.IS
    if cue is None:
        return Direction.INCREASES  # "has sedative effects"
    if cue.kind == "null" or (cue.negated and cue.kind != "ease"):
        return Direction.NO_EFFECT
    if goodness(cue.kind):
        return Direction.IMPROVES if goodness(cue.kind) > 0 else Direction.WORSENS
    return {1: Direction.INCREASES, -1: Direction.DECREASES}.get(
        amount(cue.kind), Direction.ASSOCIATED
    )


def _is_denied(relation: str, parts: Parts, cue: Cue | None) -> bool:
    if relation == "evidence-state":
        return bool(_STATE_STRONG.search(parts.whole))
    if relation in {"effect", "safe"}:
        return False  # told by the direction
    return bool(_DENIED.search(parts.predicate)) or bool(cue and cue.negated)


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[0] if found else ""


_TYPES = {
    "acts-on": ClaimType.MECHANISM,
    "advice": ClaimType.ADVICE,
    "precaution": ClaimType.ADVICE,
    "recommended": ClaimType.ADVICE,
    "regulated": ClaimType.REGULATORY,
    "dose": ClaimType.DOSAGE,
    "varies": ClaimType.SAFETY,
    "used-for": ClaimType.PREVALENCE,
    "common": ClaimType.PREVALENCE,
    "occurs": ClaimType.SAFETY,
    "safe": ClaimType.SAFETY,
    "effect": ClaimType.EFFICACY,
    "attention": ClaimType.PREVALENCE,
}
_WHY_NOT = {
    "attention": "It says that something is talked about, not that it is so.",
    "advice": "It gives advice; there is nothing in it that a study could show.",
    "meta": "It speaks about the article itself.",
    "ongoing": "It says that research is under way, which publications cannot show.",
}


def _judge(frame: Frame, relation: str, vocabulary: Vocabulary) -> Reading:
    """Say what type of claim it is, and whether anything in it can be checked."""
    why = _WHY_NOT.get(relation, "")
    kind = _TYPES.get(relation, ClaimType.DESCRIPTION)
    if relation == "effect" and _is_harm(frame, vocabulary):
        kind = ClaimType.SAFETY
    if not why and not frame.exposure and not frame.outcome:
        why = "It names nothing that research could be searched for."
    return Reading(frame, kind, not why, why)


def _is_harm(frame: Frame, vocabulary: Vocabulary) -> bool:
    if frame.direction is Direction.WORSENS:
        return True
    senses = {vocabulary.concepts[t.concept].sense for t in frame.outcome if t.concept}
    return frame.direction is Direction.INCREASES and senses == {-1}
