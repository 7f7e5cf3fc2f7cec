"""When a sentence speaks of something else than the claim, though it names the same."""

import re

from assay.claims.cues import Cue
from assay.claims.vocabulary import Mention, Vocabulary
from assay.evidence.judged import Judged, neutral
from assay.evidence.match import is_other_exposure, own_mentions, wanted_exposures
from assay.evidence.reading import Line
from assay.evidence.wording import content_words
from assay.model import Claim, Span

STOPPING = re.compile(
    r"\b(?:stop(?:s|ped|ping)?|cessation|quit\w*|discontinu\w+|abstain\w*|abstinence|"
    r"abstaining|withdrawn from|after the last dose|when they stopped|on stopping|"
    r"persisted after)\b",
    re.IGNORECASE,
)
STOPPED = re.compile(
    rf"{STOPPING.pattern}|\bwithdrawal\b|\babstinen\w+|\bafter the last\b", re.I
)
_LACK_BEFORE = re.compile(
    r"\b(?:(?:deficien\w+ (?:of|in)|lack of|lacking|shortage of|inadequate|"
    r"insufficient|"
    r"too little)\s(?:\w+\s){0,2}|(?:low|lower|lowest|reduced|endogenous|less|"
    r"little|decreased|limited)\s(?:(?:serum|plasma|blood|dietary|circulating|maternal|"
    r"endogenous|total|baseline|daily|habitual|overall|weekly|regular|leisure-time|"
    r"diastolic|systolic|resting|arterial|mean|"
    r"self-reported|levels?|intakes?|amounts?|of|adherence|to)\s){0,3})$",
    re.IGNORECASE,
)
_LACK_AFTER = re.compile(
    r"[\s-](?:\w+\s)?(?:deficien\w+|insufficiency|levels? below|shortage)\b", re.I
)
_ABOUT_IT = re.compile(
    r"[\s-](?:resistance|intolerance|allergy|allergies|hypersensitivity|overdos\w+|"
    r"poisoning|toxicity|antagonists?|antibod(?:y|ies)|transporters?|synthase|"
    r"metabolism|metabolites?|nonadherence|non-adherence|adherence|antagonism|"
    r"addiction|dependence|craving|misuse|abuse)\b",
    re.IGNORECASE,
)
"""Heads that make a name one of something else ("aspirin resistance")."""
_COMPARED = re.compile(
    r"\b(?:than|versus|vs\.?|compared|comparison|comparable|relative to|over|superior|"
    r"inferior|non-?inferior|as (?:\w+ )?as|similar(?:ly)? (?:to|effective)|differ\w*|"
    r"between|equivalent|outperform\w*|neither|both|either)(?!\w)",
    re.IGNORECASE,
)
"""Words of a sentence that compares two things."""
_NO_RIVAL = content_words(
    "placebo nothing usual control controls sham before many think"
)


def tell_apart(claim: Claim, line: Line, words: Vocabulary) -> Judged | None:
    """Return why a sentence speaks of something else than the claim; None if not.

    Stopping a thing, or lacking it, is not using it; being better than one thing is
    not being better than another.
    """
    wanted = wanted_exposures(claim, words)
    ours = _lacks(claim.text, words.mentions(claim.text), wanted, words)
    if ours != _lacks(line.text, line.mentions, wanted, words):
        return neutral("lack", "One tells of the thing itself, the other of its lack.")
    if _is_in_all(line, wanted, words) and not _IN_ALL.search(claim.text):
        return neutral("other-comparison", "Everybody took it; other things differed.")
    if _is_about_it(line, wanted, words) and not _ABOUT_IT.search(claim.text):
        return neutral("compound", "Its name is part of another thing's here.")
    if STOPPING.search(claim.text) and not STOPPED.search(line.text):
        return neutral("on-stopping", "The claim is about what stopping it does.")
    than = content_words(claim.frame.comparator) - _NO_RIVAL
    compared = _COMPARED.search(line.text) and than & content_words(line.text)
    if than and not compared:
        return neutral("other-comparison", "It does not compare the same two things.")
    most = _MOST.search(claim.text)
    if most and not (_COMPARED.search(line.text) or _MOST.search(line.text)):
        return neutral("other-comparison", "It does not say which is the most.")
    ours_fare, theirs_fare = _how_they_fare(claim.text), _how_they_fare(line.text)
    if ours_fare and theirs_fare and ours_fare != theirs_fare:
        return neutral("other-way", "It does not tell of an outlook of the same kind.")
    return None


_MOST = re.compile(
    r"\b(?:highest|lowest|greatest|largest|smallest|strongest|safest|worst|"
    r"the (?:most|least|best) \w+|leading cause|main cause|number one)\b",
    re.IGNORECASE,
)
"""Words that put one thing above all others."""
_FARE = re.compile(
    r"\b(?:(?P<good>better|improved|longer|favou?rable|good|excellent|superior|higher|"
    r"increased)|(?P<bad>poor|poorer|worse|shorter|unfavou?rable|dismal|adverse|reduced|"
    r"lower|decreased)) (?:\w+[- ]){0,2}?(?:prognosis|survival|outcomes?)\b",
    re.IGNORECASE,
)


def _how_they_fare(text: str) -> frozenset[str]:
    """Return which kinds of outlook a text tells of, good and bad; none: empty.

    >>> sorted(_how_they_fare("It is linked to poor overall survival."))
    ['bad']
    """
    return frozenset(m.lastgroup for m in _FARE.finditer(text) if m.lastgroup)


_IN_ALL = re.compile(
    r"\b(?:add(?:ed|ing|ition)?[- ]?on(?:\s(?:therapy|treatment|drugs?))?\s(?:to|with)|"
    r"(?:add(?:ed|ing|ition)|adjuncts?|adjunctive(?:\s\w+)?)\sto|on\stop\sof|"
    r"(?:inadequately|poorly|insufficiently|not\s(?:adequately|well|sufficiently))\s"
    r"controlled\s(?:on|with|by)|(?:failure|intoleran\w+|inadequate\sresponse|"
    r"refractory|resistant)\s(?:of|to|on|with)|background|instead\sof|"
    r"as\san?\salternative\sto|switch(?:ed|ing)?\sfrom)\s(?:\w+\s){0,2}$",
    re.IGNORECASE,
)
"""Words that make a thing the ground on which other things are compared."""


def _is_in_all(line: Line, wanted: tuple[str, ...], words: Vocabulary) -> bool:
    """Say whether a sentence names an exposure only as what all had, or left."""
    own = own_mentions(line, wanted, words)
    return bool(own) and all(_IN_ALL.search(line.text[: m.start]) for m in own)


def _is_about_it(line: Line, wanted: tuple[str, ...], words: Vocabulary) -> bool:
    """Say whether a sentence names an exposure only inside another thing's name."""
    own = own_mentions(line, wanted, words)
    return bool(own) and all(_ABOUT_IT.match(line.text, m.end) for m in own)


def _lacks(
    text: str, mentions: tuple[Mention, ...], wanted: tuple[str, ...], words: Vocabulary
) -> bool:
    """Say whether a text names an exposure only as lacking ("low vitamin D levels")."""
    own = [m for m in mentions if any(words.within(m.concept, w) for w in wanted)]
    return bool(own) and all(
        _LACK_BEFORE.search(text[: m.start]) or _LACK_AFTER.match(text, m.end)
        for m in own
    )


def another_acts(
    claim: Claim, line: Line, segment: Span, cue: Cue, words: Vocabulary
) -> bool:
    """Say whether another exposure than the claimed one stands before the change."""
    wanted = wanted_exposures(claim, words)
    before = [m for m in line.mentions if segment.start <= m.start < cue.start]
    others = [m for m in before if is_other_exposure(m, wanted, words)]
    own = [m for m in before if any(words.within(m.concept, w) for w in wanted)]
    if not others or not own:
        return bool(others)
    between = line.text[own[-1].end : others[-1].start]
    for m in reversed(before):
        if own[-1].end <= m.start and m.end <= others[-1].start:
            at = m.start - own[-1].end
            between = f"{between[:at]} {between[m.end - own[-1].end :]}"
    listed = re.fullmatch(r"[\s,]*(?:and|or|nor|plus|with|/)\W*", between)
    return own[-1].end < others[-1].start and not listed
