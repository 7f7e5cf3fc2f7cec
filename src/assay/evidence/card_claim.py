"""Flags of a claim as a whole: they need its wording, or all of its evidence."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import permutations

from assay.evidence.card import ABOUT_PEOPLE, FLAGS, OF_MANY, raise_by_claim
from assay.evidence.numbers import Quantity, agree, find_numbers
from assay.evidence.reading import Study
from assay.evidence.studies import counted, group_studies
from assay.model import Claim, Evidence, Flag, Stance

ClaimRule = Callable[[Claim, Sequence[Evidence], Sequence[Study]], Flag | None]


def find_claim_flags(
    claim: Claim, evidence: Sequence[Evidence], studies: Sequence[Study]
) -> tuple[Flag, ...]:
    """Return the flags that only a claim's wording or all its evidence can raise.

    `evidence` is all that was found for the claim, `studies` what it was found in.
    """
    if not claim.checkable:
        return ()
    told = counted(evidence)
    found = (rule(claim, told, studies) for rule in CLAIM_RULES.values())
    return tuple(flag for flag in found if flag is not None)


def gather_flags(evidence: Sequence[Evidence]) -> tuple[Flag, ...]:
    """Return the flags that all the studies a claim rests on share, each code once.

    A claim rests on those that count and support it; on all that count where none
    supports it. What only some of them share stands with these. Where no study counts,
    the flags of all that speak say why.

    >>> gather_flags(())
    ()
    """
    told = counted(evidence)
    rests_on = [e for e in told if e.stance is Stance.SUPPORTS] or list(told)
    speaking = rests_on or [e for e in evidence if e.stance is not Stance.NEUTRAL]
    flags: dict[str, Flag] = {}
    for flag in (f for e in speaking for f in e.flags):
        flags.setdefault(flag.code, flag)
    if not rests_on:
        return tuple(flags.values())
    return tuple(
        flag
        for code, flag in flags.items()
        if all(any(f.code == code for f in e.flags) for e in rests_on)
    )


# --- one study ------------------------------------------------------------------------


def find_single(
    claim: Claim, told: Sequence[Evidence], _studies: Sequence[Study]
) -> Flag | None:
    """Return the flag of a claim of which one study alone speaks; reviews are more."""
    if claim.frame.relation not in ABOUT_PEOPLE or len(group_studies(told)) != 1:
        return None
    if any(e.design in OF_MANY for e in told):
        return None
    first = told[0]
    where = "summary" if first.own_words else "abstract"
    code = "single-study"
    return Flag(code, FLAGS[code], first.sentence, where, first.start, first.end)


# --- numbers --------------------------------------------------------------------------

_TOLD = frozenset({"share", "points", "times", "time", "length", "number"})
_LEAST_COUNT = 10
_CANNOT_TELL = frozenset({"dose", "regulated", "located", "evidence-state"})
_DAY = 1440.0
_SPAN_BEFORE = re.compile(
    r"\b(?:for|after|within|over|in|during|every|each|per|aged?|under|from|until|by|"
    r"the last|the past|before|lasting|to|of)\s(?:\w+\s){0,2}$",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"\b(?:ages?|aged|those|over|under|jan(?:uary|\.)?|feb(?:ruary|\.)?|march|april|"
    r"may|"
    r"june|july|aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|"
    r"dec(?:ember|\.)?)\s$",
    re.IGNORECASE,
)
"""Words before an age or a date."""
_SPAN_AFTER = re.compile(r"^[\s-](?:old|of age|ago|before|after|prior|later)", re.I)


def find_strange_number(
    claim: Claim, told: Sequence[Evidence], studies: Sequence[Study]
) -> Flag | None:
    """Return the flag of a number that no study that counts holds or comes to.

    Doses and how long something was taken are not looked at here. Where only assay's
    summary of a study was read, nothing is said: the abstract may hold the number.
    """
    if not told or claim.frame.relation in _CANNOT_TELL:
        return None
    if any(e.own_words or not e.record.abstract for e in told):
        return None
    numbers = [q for q in find_numbers(claim.text) if _is_asserted(q, claim.text)]
    texts = {s.text for s in studies if any(s.record is e.record for e in told)}
    for number in numbers:
        if not any(_holds(text, number) for text in texts):
            words = claim.text[number.start : number.end]
            return raise_by_claim("number-not-in-study", claim, words)
    return None


def _is_asserted(number: Quantity, text: str) -> bool:
    """Say whether a number tells a result, and not an age, a duration or a list."""
    if number.kind not in _TOLD:
        return False
    if number.kind == "number":
        noun = re.match(r" [a-z]{3}", text[number.end :])
        beside = _BESIDE.search(text[: number.start])
        return number.low >= _LEAST_COUNT and bool(noun) and not beside
    if number.kind != "time":
        return True
    before, after = text[: number.start], text[number.end :]
    return not (_SPAN_BEFORE.search(before) or _SPAN_AFTER.match(after))


def _holds(text: str, number: Quantity) -> bool:
    """Say whether a text gives a number, as it is or as two others make it."""
    met = find_numbers(text)
    if any(agree(number, q) for q in met):
        return True
    if number.kind == "times":  # "was 3.6 (95% CI …) that of the others"
        plain = (q._replace(kind="times") for q in met if q.kind == "number")
        if any(agree(number, q) for q in plain):
            return True
    return any(agree(number, q) for q in _derived(met, number.kind, text))


def _derived(met: Sequence[Quantity], kind: str, text: str) -> Iterator[Quantity]:
    """Return the shares or multiples that ratios and pairs of numbers come to."""
    factors = [q.low for q in met if q.kind in {"ratio", "times"}]
    factors += [1 + q.low / 100 for q in met if q.kind == "share"]
    factors += [1 - q.low / 100 for q in met if q.kind == "share"]
    shares = [100 - q.low for q in met if q.kind == "share"]
    for one, other in permutations(met, 2):
        same = one.kind == other.kind and one.kind in {
            "share",
            "number",
            "time",
            "mass",
        }
        gap = text[min(one.end, other.end) : max(one.start, other.start)]
        if same and len(gap) < 200 and ". " not in gap and other.low > 0:
            factors.append(one.low / other.low)
            if one.kind == "share":
                shares.append(one.low - other.low)
    if kind == "times":
        values = [f for x in factors if x > 0 for f in (x, 1 / x)]
    elif kind in {"share", "points"}:
        values = [abs(x - 1) * 100 for x in factors] + shares
    else:
        values = []
    yield from (Quantity(kind, v, v, 0, 0) for v in values)


# --- a relative risk alone ------------------------------------------------------------

_AMOUNT = (
    r"(?:\d+(?:\.\d+)?(?:\s?(?:-|–|to)\s?\d+)?\s?(?:%|per ?cent|times|-?fold)|half|"
    r"twice|"
    r"double|triple|(?:two|three|four|five|ten)(?:fold| times)|(?:a|one) "
    r"(?:third|quarter|fifth))"
)
_RISK = (
    r"(?:risks?|odds|chances?|likelihood|probability|incidence|mortality|death rates?|"
    r"rates? of)"
)
_RELATIVE = re.compile(
    rf"\b{_AMOUNT} (?:\w+ ){{0,2}}?(?:lower|higher|reduced|increased|greater|smaller|"
    rf"less|"
    rf"more|decreased|elevated|reduction in|increase in|drop in|decrease in|rise in)"
    rf"(?: (?:the|their|your|in))? (?:(?:relative|overall|\w+) )?(?:{_RISK}|likely)\b|"
    rf"\b(?:halv|doubl|tripl|quadrupl)\w+ (?:\w+ ){{0,3}}?{_RISK}\b|"
    rf"\b(?:reduc|cut|lower|slash|increas|rais|decreas|drop|boost)\w* (?:\w+ ){{0,3}}?"
    rf"{_RISK}(?: \w+){{0,8}}? (?:by|to) (?:\w+ ){{0,3}}?{_AMOUNT}|"
    rf"\b{_RISK}(?: \w+){{0,6}}? (?:by|was|is|are|were|falls?|fell|rose|rises?) "
    rf"(?:\w+ ){{0,2}}?{_AMOUNT}(?: (?:lower|higher|greater|less))?|"
    rf"\b{_AMOUNT} (?:as|more|less) likely\b",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(
    r"\bfrom (?:\w+ )?\d[\d.,]*\s?(?:%|per ?cent|in|per)?.{0,30}?\bto (?:\w+ )?\d|"
    r"\b(?:\d[\d,]*|one|two|three) (?:in|out of|per) (?:every )?(?:\d|ten|five|\w+ "
    r"hundred|hundred|a "
    r"hundred|thousand)|percentage points?|\babsolute\b|\bnumber needed\b|"
    r"\d\s?% (?:versus|vs\.?|compared (?:with|to)|against) \d",
    re.IGNORECASE,
)


def find_relative_alone(
    claim: Claim, _told: Sequence[Evidence], _studies: Sequence[Study]
) -> Flag | None:
    """Return the flag of a changed risk whose size the sentence does not tell."""
    met = _RELATIVE.search(claim.text)
    if met is None or _ABSOLUTE.search(claim.sentence):
        return None
    return raise_by_claim("relative-without-absolute", claim, met[0])


# --- "studies show" -------------------------------------------------------------------

_APPEAL = re.compile(
    r"\b(?:(?:studies|study|research|researchers|scientists|trials?|experiments|"
    r"science|"
    r"evidence|data|findings)(?: (?:has|have|had|also|now|clearly|consistently|"
    r"repeatedly|actually|already|even|recently|strongly)){0,3} (?:shows?|shown|showed|"
    r"proves?|proved|proven|confirms?|confirmed|demonstrates?|demonstrated|finds?|"
    r"found|"
    r"suggests?|suggested|indicates?|indicated|reveals?|revealed|established|concluded|"
    r"reported)|(?:clinically|scientifically) (?:proven|proved|shown|tested|backed|"
    r"validated)|(?:backed|supported|proven|confirmed) by (?:\w+ )?(?:science|research|"
    r"studies|evidence|trials)|according to (?:\w+ ){0,3}?(?:studies|study|research|"
    r"scientists|researchers|trials?))\b",
    re.IGNORECASE,
)
_NO_APPEAL = re.compile(
    r"\b(?:no|not|never|few|lack of|without|hardly any|isn't|aren't|hasn't|haven't|"
    r"doesn't|don't)\s(?:\w+\s){0,3}$|\b(?:anecdotal|animal|rodent|mouse|preclinical|"
    r"pre-clinical|laboratory|lab|test-tube|in vitro|case)\s$",
    re.IGNORECASE,
)


def find_empty_appeal(
    claim: Claim, told: Sequence[Evidence], _studies: Sequence[Study]
) -> Flag | None:
    """Return the flag of an appeal to studies where none that counts was found."""
    if told or claim.frame.relation == "evidence-state":
        return None
    met = _APPEAL.search(claim.sentence)
    if met is None or _NO_APPEAL.search(claim.sentence[: met.start()]):
        return None
    if re.search(r"\b(?:no|not|nothing|inconclusive)\b", met[0], re.IGNORECASE):
        return None
    return raise_by_claim("studies-show-without-study", claim, met[0])


CLAIM_RULES: dict[str, ClaimRule] = {
    "single-study": find_single,
    "number-not-in-study": find_strange_number,
    "relative-without-absolute": find_relative_alone,
    "studies-show-without-study": find_empty_appeal,
}
"""Code of a flag to the rule that raises it, in the order of a card."""
