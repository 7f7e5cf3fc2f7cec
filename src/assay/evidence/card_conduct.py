"""How a study was made: cause, comparison, subgroups, self-report, size, interests."""

import re
from collections.abc import Sequence
from functools import lru_cache

from assay.claims.vocabulary import Mention
from assay.claims.wording import CAUSAL
from assay.evidence.card import (
    ABOUT_PEOPLE,
    FLAGS,
    Asked,
    raise_by_line,
    raise_by_term,
)
from assay.evidence.match import closeness_of, wanted_exposures
from assay.evidence.numbers import Quantity, find_numbers
from assay.evidence.reading import Line, Study
from assay.evidence.senses import find_adjusted
from assay.evidence.trust import FEW, find_size
from assay.model import Design, Direction, Flag, Span, Stance
from assay.text import split_sentences

OBSERVATIONAL = frozenset(
    {
        Design.COHORT, Design.CASE_CONTROL, Design.CROSS_SECTIONAL, Design.CASE_SERIES,
        Design.CASE_REPORT, Design.QUALITATIVE,
    }
)  # fmt: skip
_DESCRIBING = frozenset({Design.CASE_REPORT, Design.CASE_SERIES})
_PRIMARY = OBSERVATIONAL | {
    Design.RANDOMISED_TRIAL, Design.NONRANDOMISED_TRIAL, Design.PHARMACOKINETIC,
    Design.UNCLEAR,
}  # fmt: skip
_TYPES = ("Observational Study", "Case Reports")
_WATCHED = re.compile(
    r"\b(?:cohort|cross-sectional|case-control|surveys?|case (?:report|series)|"
    r"retrospective(?:ly)?|prospective(?:ly)?|longitudinal|observational|follow-up|"
    r"registry|interviews?|ecological momentary|daily reports|poison (?:control )?"
    r"cent(?:er|re)s?)\b",
    re.IGNORECASE,
)


_MADE_BY_BODY = re.compile(
    r"\b(?:patients|people|individuals|survivors|bod(?:y|ies)|cells) (?:\w+ )?produce",
    re.IGNORECASE,
)
_ORIGIN = re.compile(r"due to|because|thanks to", re.IGNORECASE)
"""Words of cause that tell why something is so, and not what a thing does."""
_ASSIGNED = re.compile(
    r"\bgroups? (?:that )?(?:receiv|treated|given|supplement|consum)\w*|"
    r"\bwere (?:randomly|"
    r"assigned|allocated|divided|supplemented|given)\b|\b(?:intervention|treatment|"
    r"supplemented) (?:group|arm)\b|\bplacebo\b|\brandomi[sz]ed\b|\bsimulat\w+|"
    r"\bmathematical model\w*|\btransmission model\w*|\bmodel(?:l)?ing\b",
    re.IGNORECASE,
)
"""Words of a study that gave something: then its design was misread as watching."""


def find_association(asked: Asked) -> Flag | None:
    """Return the flag of a cause claimed where a study only watched."""
    claim, study = asked.claim, asked.study
    if study.design not in OBSERVATIONAL or asked.judged.stance is Stance.CONTRADICTS:
        return None
    if not claim.frame.causal or claim.frame.relation not in {"effect", "occurs"}:
        return None
    if _MADE_BY_BODY.search(claim.text):
        return None
    denies = claim.frame.negated or claim.frame.direction is Direction.NO_EFFECT
    if denies or all(_ORIGIN.fullmatch(m) for m in CAUSAL.findall(claim.text)):
        return None
    if _ASSIGNED.search(study.text):
        return None
    return _by_design(asked, "association-as-cause", _WATCHED)


def _by_design(asked: Asked, code: str, telling: re.Pattern[str]) -> Flag | None:
    """Return a flag raised by the publication type or words that tell the design.

    None where neither is there: the design was only inferred.
    """
    types = set(asked.study.record.publication_types)
    told = next((t for t in _TYPES if t in types), None)
    if told is not None:
        return raise_by_term(code, told, "publication type")
    line = next((x for x in asked.study.lines if telling.search(x.text)), None)
    if asked.study.record.design_stated:
        return raise_by_term(code, asked.study.design.value, "study design")
    return raise_by_line(code, line) if line else None


# --- nothing to compare with ----------------------------------------------------------

_ALONE = re.compile(
    r"\b(?:no|without an?|lack(?:ed|ing|s)? an?|lack of an?|absence of an?) (?:\w+ )?"
    r"(?:control|comparison|comparator|placebo) (?:group|arm)\b|\b(?:un|"
    r"non-?)controlled "
    r"(?:\w+[ -]){0,2}?(?:stud(?:y|ies)|trials?|design|pilot|series)|\bsingle-(?:arm|"
    r"group)\b|\bone-group\b|\bpre-?[ /]?post (?:design|stud\w+|test)|\bbefore[- ]and"
    r"[- ]after (?:design|study)",
    re.IGNORECASE,
)
_OWN_DESIGNS = frozenset(
    {
        Design.NONRANDOMISED_TRIAL, Design.CASE_SERIES, Design.PHARMACOKINETIC,
        Design.UNCLEAR, Design.COHORT,
    }
)  # fmt: skip


_COMPARES = re.compile(
    r"\b(?:vs\.?|versus|compared (?:with|to)|than|control group|placebo)\b",
    re.IGNORECASE,
)


def find_no_control(asked: Asked) -> Flag | None:
    """Return the flag of a study that compared with nothing, by its type or its "
    "words."""
    if asked.claim.frame.relation not in ABOUT_PEOPLE:
        return None
    compares = _COMPARES.search(asked.study.text)
    if asked.study.design is Design.CASE_SERIES and compares:
        return None
    if asked.study.design in _DESCRIBING:
        words = re.compile(r"\bcase|\bpatient|year-old", re.IGNORECASE)
        return _by_design(asked, "no-control-group", words)
    if asked.study.design not in _OWN_DESIGNS:
        return None
    line = next((x for x in asked.study.lines if _ALONE.search(x.text)), None)
    return raise_by_line("no-control-group", line) if line else None


# --- a part of the people, or an analysis made afterwards -----------------------------

_LATER = re.compile(
    r"\bpost[- ]?hoc\b(?! (?:test|comparison|bonferroni|tukey|pairwise))|"
    r"\bsecondary analys[ie]s of\b|\bexploratory analys[ie]s\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\bsub-?group (?:analys[ie]s|of)\b|\bin (?:a|the|this|one) sub-?(?:group|set|"
    r"sample)\b|\bsubset of (?:patients|participants|women|men|subjects|people|"
    r"users)\b",
    re.IGNORECASE,
)
_THROUGHOUT = re.compile(
    r"\b(?:consistent|similar|regardless|across|robust|all sub-?groups|overall|both|"
    r"also|no (?:\w+ )?(?:difference|interaction)|did not differ|"
    r"not? (?:\w+ )?modif\w+)"
    r"\b",
    re.IGNORECASE,
)


def find_subgroup(asked: Asked) -> Flag | None:
    """Return the flag of a finding in some of the people, or of a later analysis."""
    if asked.claim.frame.relation not in ABOUT_PEOPLE:
        return None
    line = asked.line
    partly = _PART.search(line.text) and not _THROUGHOUT.search(line.text)
    if partly or _LATER.search(line.text):
        return raise_by_line("subgroup-only", line)
    title = next((x for x in asked.study.lines if x.place == "TITLE"), None)
    later = title is not None and _LATER.search(title.text)
    return raise_by_line("subgroup-only", title) if title and later else None


# --- what people said of themselves --------------------------------------------------

_SAID = re.compile(
    r"\bself-?(?:report\w*|rated|rating\w*|assess\w*|perceived|described)\b|"
    r"\bself-?administered questionnaires?\b|\b(?:users?|participants|patients|"
    r"respondents|consumers|people|adults|\d+%|most|half|many|some) (?:\w+ )?(?:said|"
    r"reported (?:that|taking|using|feeling|having))\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"\b(?:no|and|or|adjust\w*|covariates?|predictors?|by)\W+$", re.IGNORECASE
)
"""Words before "self-reported" where something beside the matter may follow."""
_WINDOW = 45
"""Characters after "self-reported" in which a thing that was reported is named."""
_SURVEY = re.compile(
    r"\b(?:online|web(?:-based)?|internet|anonymous|telephone|postal|mail(?:ed)?|"
    r"population|household|cross-sectional) (?:\w+ )?(?:surveys?|questionnaires?)\b|"
    r"\brespondents\b|\bdaily (?:reports|diar(?:y|ies))\b|"
    r"\bsemi-structured interviews\b|"
    r"\becological momentary\b",
    re.IGNORECASE,
)


def find_self_report(asked: Asked) -> Flag | None:
    """Return the flag of an answer that rests on what people said of themselves.

    By the sentence itself; of a study that only watched, also by a survey or by a
    sentence that tells of the claim's exposure or outcome as self-reported.
    """
    if asked.claim.frame.relation not in {*ABOUT_PEOPLE, "used-for"}:
        return None
    watched = asked.study.design in OBSERVATIONAL - _DESCRIBING
    surveyed = watched and not _MEASURED.search(asked.study.text)
    for line in (asked.line, *(asked.study.lines if watched else ())):
        told = _tells_self_report(line, asked)
        if told or (surveyed and _SURVEY.search(line.text)):
            return raise_by_line("self-report", line)
    return None


_MEASURED = re.compile(
    r"\b(?:laboratory (?:test|measure|confirm|analys)\w*|PCR|serum|plasma|blood|urine|"
    r"surveillance|registr(?:y|ies)|"
    r"medical records|databases?|administrative|actigraph\w*|polysomnograph\w*|"
    r"transmiss\w+|model(?:l)?ing|simulat\w+)\b",
    re.IGNORECASE,
)
"""Words of a study that also measured: then a survey is not all that it rests on."""


def _tells_self_report(line: Line, asked: Asked) -> bool:
    """Say whether a sentence tells of the exposure or the outcome as self-reported.

    What is named right after the word must be one of them, or nothing that is known
    ("self-reported improvements").
    """
    met = _SAID.search(line.text)
    if met is None or _BESIDE.search(line.text[: met.start()]):
        return False
    equal = any(a <= met.start() < b for a, b in find_adjusted(line.text))
    if equal or re.search(r"\brecords\b", line.text):
        return False
    told = re.split(r"[.,;:()]", line.text[met.end() : met.end() + _WINDOW])[0]
    until = met.end() + len(told)
    named = [m for m in line.mentions if met.end() <= m.start < until]
    return _is_about(named or line.mentions, asked)


def _is_about(mentions: Sequence[Mention], asked: Asked) -> bool:
    """Say whether any mention is of the claim's exposure or near its outcome."""
    own = asked.words.family(wanted_exposures(asked.claim, asked.words))
    outcomes = [t.concept for t in asked.claim.frame.outcome if t.concept]
    met = {m.concept for m in mentions}
    near = (closeness_of(m, o, asked.words) for m in met for o in outcomes)
    return bool(met & own) or any(near)


# --- few people -----------------------------------------------------------------------


def find_small(asked: Asked) -> Flag | None:
    """Return the flag of a study of fewer than `trust.FEW` people."""
    study = asked.study
    comparing = study.design in _PRIMARY - _DESCRIBING
    if asked.claim.frame.relation not in ABOUT_PEOPLE or not comparing:
        return None
    size = find_size(study.record)
    arms = sum(int(m[1]) for m in _ARM.finditer(study.text))
    if size is None or max(size, arms) >= FEW:
        return None
    if study.record.sample_size is not None:
        return raise_by_term("small-study", f"n = {size}", "recorded size")
    line = _line_with(study, size)
    return raise_by_line("small-study", line) if line else None


_ARM = re.compile(r"\b[nN]\s?=\s?(\d{1,5})\b(?![.,]\d|%)")


def _line_with(study: Study, size: int) -> Line | None:
    """Return the sentence that counts the people of a study; None if none is sure.

    It is the title, or tells how they came in; and it names no greater number, of which
    they may be a part.
    """
    for line in study.lines:
        numbers = [q for q in find_numbers(line.text) if q.kind == "number"]
        counts = any(_is_count(q, size) for q in numbers) and _WHO.search(line.text)
        greater = any(q.high >= FEW for q in numbers)
        enrols = line.place == "TITLE" or _ENROLLED.search(line.text)
        if counts and enrols and not greater:
            return line
    return None


_ENROLLED = re.compile(
    r"\b(?:enrol\w*|recruit\w*|randomi\w+|participated|participants|volunteers?|"
    r"subjects|includ\w+|assigned|studied|examined|investigated|analy[sz]ed|underwent|"
    r"received|completed|given|gave|took|treated|tested|measured|compared|[nN]\s?=)",
    re.IGNORECASE,
)


def _is_count(number: Quantity, size: int) -> bool:
    return number.kind == "number" and number.low == number.high == size


_WHO = re.compile(
    r"\b(?:patients?|participants?|volunteers?|subjects|adults|(?:wo)?men|children|"
    r"people|individuals|students|users|workers|n\s?=)",
    re.IGNORECASE,
)


# --- declared interests ---------------------------------------------------------------

_INTEREST = re.compile(
    r"\b(?:employees? of|(?:is|are|was|were) (?:\w+ )?employed by|consult(?:ant|ed|ing|"
    r"ancy)|advisory board|honorari(?:a|um)|speak(?:er|ers|ing)(?:'s|s')? (?:fees?|"
    r"bureau|honorari\w+)|(?:consult\w+|lecture|personal|licensing|advisory) fees?|"
    r"stocks?|shares? in|shareholders?|equity|royalties|patents?|founders?|"
    r"co-founders?|"
    r"owners?|chief (?:executive|scientific|medical) officer|CEO|paid by|"
    r"(?:received|receives|receiving|reports?) (?:\w+ ){0,4}?(?:grants?|funding|"
    r"support|"
    r"fees) (?:\w+ ){0,3}?from)\b",
    re.IGNORECASE,
)
_PUBLIC = re.compile(
    r"\b(?:national|institutes?|NIH|university|universit\w+|ministry|government|"
    r"council|"
    r"foundation|NIDA|NHMRC|department|academy|commission|trust|charity|society)\b",
    re.IGNORECASE,
)
_PRIVATE = re.compile(
    r"\b(?:Inc|Ltd|LLC|GmbH|AG|Corp(?:oration)?|Pharma\w*|Laborator(?:y|ies)|Company|"
    r"Therapeutics|Nutrition\w*|S\.?A|B\.?V|Biotech\w*|industry|manufacturers?)\b"
)
_NONE = re.compile(
    r"\b(?:no|not|none|neither|nor|nothing|without|never|nil)\b", re.IGNORECASE
)
_PAID = re.compile(
    r"\b(?:funded|sponsored|financed) (?:entirely |in part |solely )?by (?:the )?"
    r"(?:manufacturers?\b|[A-Z][\w&.-]*(?: [A-Z&][\w&.-]*){0,4},? (?:Inc|Ltd|LLC|GmbH|"
    r"AG|Corp(?:oration)?|Pharma\w*|Therapeutics)\b)"
)


def find_interest(asked: Asked) -> Flag | None:
    """Return the flag of an interest that the authors declare, or of a paying maker."""
    if asked.claim.frame.relation not in ABOUT_PEOPLE:
        return None
    statement = asked.study.record.coi
    span = _declared(statement) if statement else None
    if span is not None:
        told = statement[span.start : span.end]
        message = FLAGS["conflict-of-interest"]
        return Flag("conflict-of-interest", message, told, "interest statement", *span)
    paid = next((x for x in asked.study.lines if _PAID.search(x.text)), None)
    return raise_by_line("conflict-of-interest", paid) if paid else None


@lru_cache(maxsize=4096)
def _declared(statement: str) -> Span | None:
    """Return the first sentence of a statement that declares an interest, else None."""
    for span in split_sentences(statement):
        for part in re.split(r";|\bbut\b|, (?:and )?(?:the )?(?:other|all|remaining)",
                             statement[span.start : span.end]):  # fmt: skip
            met = _INTEREST.search(part)
            if met and not _NONE.search(part) and _is_private(part, met):
                return span
    return None


def _is_private(part: str, met: re.Match[str]) -> bool:
    """Say whether money came from elsewhere than the public hand."""
    granted = re.search(r"grants?|funding|support", met[0], re.IGNORECASE)
    if not granted or _PRIVATE.search(part):
        return True
    return not _PUBLIC.search(part) and "from" in part
