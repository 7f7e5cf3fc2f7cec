"""Whether a sentence states a finding of the study, and about the thing in question."""

import re

from assay.claims.cues import Cue
from assay.claims.vocabulary import Mention
from assay.claims.wording import GENERIC
from assay.evidence.judged import Judged, neutral
from assay.evidence.match import OutcomeMatch
from assay.evidence.reading import RESULT, Line
from assay.evidence.wording import GRADED, LIMITED, RESEARCH
from assay.model import Span

_FINDING_PLACES = frozenset({"RESULTS", "CONCLUSIONS", "SUMMARY", "TITLE"})
_OPEN = re.compile(
    r"\b(?:unknown|unclear|uncertain|not known|not clear|to be determined)\b|"
    r"\bwhether\b|\bshould\b|"
    r"\b(?:claims?|beliefs?|notion|idea|myth|hypothes[ie]s) that\b|\bnot supported\b|"
    r"\b(?:is|are|widely|commonly|generally) (?:\w+ly )?(?:believed|thought|said|"
    r"claimed)\b|"
    r"\bpolic(?:y|ies)\b|\bfuture\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|had|did|rose|fell|showed|found|led|became)\b|\w{3,}ed\b",
    re.IGNORECASE,
)
_TRIAL_WORDS = frozenset(
    """
    group groups arm arms participant participants subject subjects volunteers trial
    trials intervention interventions therapy therapies treated untreated placebo
    control controls baseline compared comparison significant significantly mean
    median total overall pooled analysis analyses meta-analysis both all either each we
    found show showed shows shown observed report reported reports data finding findings
    score scores scale index severity change changes changed improvement improvements
    reduction reductions increase increases difference differences after before during
    week weeks month months year years hour hours minutes min session sessions follow-up
    associated association associations linked respectively however also moreover
    conclusion conclusions results suggest suggests indicate indicates may might
    there that this these those who which when while than exposed exposure administered
    administration received receiving taken users use used consumption combined single
    repeated chronic acute subjective objective self-reported patient mg kg dose doses
    """.split()
)
_COMPARED_WITH = re.compile(
    r"\b(?:than|over|versus|vs\.?|superior to|inferior to|compared (?:with|to)|"
    r"relative to)"
    r"\s+(?:(?:with|that of|those|on|in|the|for)\s+){0,3}$",
    re.IGNORECASE,
)
_CONTROL = r"(?:placebo|control|sham|comparison|untreated)"
_NOT_THAN = r"(?:(?!\b(?:relative|compared|versus|than|over)\b).)*"
_IN_BOTH = re.compile(
    rf"(?<!than )(?<!to )(?<!over )(?<!with )\bboth\b{_NOT_THAN}\b{_CONTROL}|"
    rf"\b(?:and|or|as well as)(?: in)?(?: the)? {_CONTROL}\b|\b{_CONTROL}\b.*\balike\b",
    re.IGNORECASE,
)
_BOTH_GROUPS = re.compile(
    r"\b(?:both|all|the two|all three|either) (?:study |treatment |trial )?"
    r"(?:groups|arms)\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(?:than|versus|vs|compared|comparison|placebo|controls?|sham|relative to)\b",
    re.IGNORECASE,
)
_GROUP = re.compile(r"\bin (?:the )?(?P<which>(?:[\w-]+ ){1,3})(?:groups?|arm)\b")
_BETWEEN = re.compile(r"\b(?:between|of|with)\s+(?:\w+\s+){0,3}$")
_LISTED = re.compile(
    r"(?:\s+[\w-]+){0,2}(?:,\s+[\w-]+(?:\s+[\w-]+){0,2}){1,5},?\s+(?:and|or)\s+"
    r"(?:\w+\s+)?|"
    r"\W*(?:,|;|\band\b|\bor\b|/)\W*(?:(?:and|or)\W+)?(?:\w+\W+)?"
)


def find_obstacle(
    line: Line, match: OutcomeMatch, segment: Span, how: str, own: tuple[Mention, ...]
) -> Judged | None:
    """Return why a sentence, though it names the outcome, is no finding; None if it is.

    `own` are the mentions of the claim's exposure in it.
    """
    piece = line.text[segment.start : segment.end]
    limited = LIMITED.search(piece) and RESEARCH.search(piece)
    if _OPEN.search(piece) or (limited and not GRADED.search(piece)):
        return neutral("open", "It says what is not known, or what should be done.")
    if how == "study" and not is_result(line, piece):
        return neutral(
            "background", "It tells what is generally so, not what was found."
        )
    if _is_compound(line, match.mention):
        return neutral("compound", "The outcome's name is part of another one's here.")
    if own and all(_COMPARED_WITH.search(line.text[: m.start]) for m in own):
        return neutral("comparator", "It tells what something else did beside it.")
    if own and all(_is_listed(line, match.mention, m) for m in own):
        return neutral("listed", "It names both side by side, not one doing the other.")
    return None


def is_in_both_groups(line: Line, segment: Span, cue: Cue) -> bool:
    """Say whether a change was met without the thing too: then it is not its doing."""
    piece = line.text[segment.start : segment.end]
    if cue.kind == "null" or cue.negated:
        return False
    alike = _BOTH_GROUPS.search(piece) and not _AGAINST.search(line.text)
    return bool(alike or _IN_BOTH.search(piece))


def is_result(line: Line, piece: str) -> bool:
    """Say whether a sentence reports what a study found, by its place or its tense."""
    placed = line.place in _FINDING_PLACES
    return placed or bool(RESULT.search(line.text) or _PAST.search(piece))


def _is_compound(line: Line, mention: Mention) -> bool:
    """Say whether a mention only qualifies the next one ("pain tolerance")."""
    return any(
        0 <= m.start - mention.end <= 1 and m.concept != mention.concept
        for m in line.mentions
    )


def _is_listed(line: Line, outcome: Mention, exposure: Mention) -> bool:
    """Say whether outcome and exposure are items of one list ("sleep and wine")."""
    first, second = sorted((outcome, exposure), key=lambda m: m.start)
    if _BETWEEN.search(line.text[: first.start]):
        return False
    gap = line.text[first.end : second.start]
    if any(first.end <= cue.start < second.start for cue in line.cues):
        return False
    return bool(_LISTED.fullmatch(gap))


def names_other_agent(line: Line, segment: Span, cue: Cue, match: OutcomeMatch) -> bool:
    """Say whether something else than the studied thing is named as changing it.

    "Home confinement has worsened sleep", "pain increased in the hypercapnic group".
    """
    group = _GROUP.search(line.text, segment.start, segment.end)
    if group and _tells(group["which"]):
        return True
    if cue.start >= match.mention.start or cue.kind == "null":
        return False
    before = line.text[segment.start : cue.start]
    for m in reversed(line.mentions):
        if segment.start <= m.start and m.end <= cue.start:
            at = m.start - segment.start
            before = f"{before[:at]} {before[m.end - segment.start :]}"
    return _tells(before)


def _tells(text: str) -> bool:
    """Say whether words name anything beyond the furniture of a trial."""
    words = re.findall(r"[a-z][a-z-]{3,}", text.lower())
    return any(
        w not in GENERIC and w not in _TRIAL_WORDS and not w.endswith("ly")
        for w in words
    )
