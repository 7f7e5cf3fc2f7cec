"""Which part of an abstract a sentence stands in: only results and conclusions find.

PubMed gives most headings a category of its own, and a quarter of them none, or
"UNASSIGNED": then the author's heading tells. What an introduction says of earlier
work, and what a method set out to do, is no finding of the study.
"""

import re

from assay.record import Section

NOT_FINDINGS = frozenset({"BACKGROUND", "OBJECTIVE", "METHODS"})
"""Places in which nothing is found."""

_CASE = re.compile(r"\bcase (?:presentation|report|summary|description)s?\b", re.I)
_BY_HEADING: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (place, re.compile(rf"\b(?:{words})", re.IGNORECASE))
    for place, words in (
        ("BACKGROUND", r"registration|registered|funding|clinical ?trials?\.gov"),
        ("CONCLUSIONS", r"conclu|interpret|implicat|discussion|lessons|take-home"),
        ("RESULTS", r"results?|findings?|observations?|case (?:presentation|report|"
                    r"summary|description)|patient concerns|diagnos[ei]s|outcomes?$"),
        ("OBJECTIVE", r"objectives?|aims?|purpose|hypothes[ie]s|goals?|questions?"),
        ("BACKGROUND", r"background|introduction|context|importance|rationale|"
                       r"relevance|problem|what is (?:already )?known"),
        ("METHODS", r"methods?|design|settings?|participants|patients|subjects|"
                    r"materials?|measure|interventions?|data|search|selection|"
                    r"procedures?|eligibility|samples?|exposures?|main outcome"),
    )
)  # fmt: skip

_EARLIER = re.compile(
    r"\b(?:previous|prior|earlier|recent|several|many|numerous|some|a few|most|"
    r"epidemiological|observational|experimental|preclinical|animal) (?:\w+ ){0,2}?"
    r"(?:stud(?:y|ies)|research|reports?|trials?|evidence|data|investigations?) "
    r"(?:have|has|had|indicate|suggest|show)\b|"
    r"\b(?:has|have) (?:\w+ )?been (?:\w+ly )?(?:shown|reported|suggested|proposed|"
    r"associated|linked|implicated|demonstrated|described|used|recommended|found|"
    r"postulated|claimed|documented|established)\b|"
    r"\b(?:is|are) (?:well |widely |generally |commonly )?(?:known|recogni[sz]ed|"
    r"considered|established|used|prescribed|recommended)\b|\b(?:it is|there is) "
    r"(?:growing|increasing|emerging|mounting|limited)\b",
    re.IGNORECASE,
)


def tells_of_earlier_work(sentence: str) -> bool:
    """Say whether a sentence narrates what others found or what is generally known.

    >>> tells_of_earlier_work("Tea has been associated with better sleep.")
    True
    >>> tells_of_earlier_work("Tea was associated with better sleep.")
    False
    """
    return bool(_EARLIER.search(sentence))


def find_place(section: Section) -> str:
    """Return the part of an abstract that a section is, "" when nothing tells.

    TITLE, SUMMARY, BACKGROUND, OBJECTIVE, METHODS, RESULTS or CONCLUSIONS. A case that
    is presented is what a case report found, wherever PubMed files it.

    >>> find_place(Section("It fell.", "RESULTS", "UNASSIGNED"))
    'RESULTS'
    >>> find_place(Section("It may fall.", "Purpose", ""))
    'OBJECTIVE'
    >>> find_place(Section("It fell."))
    ''
    """
    if section.category not in {"", "UNASSIGNED"} and not _CASE.search(section.label):
        return section.category
    tells = (place for place, words in _BY_HEADING if words.search(section.label))
    return next(tells, "")
