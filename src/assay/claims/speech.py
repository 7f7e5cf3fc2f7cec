"""Who says it: quotation marks, reported speech and openers, peeled off a sentence.

What remains is what is asserted; whom the article has it from is kept beside it.
"""

import re
from typing import NamedTuple

from assay.claims.verbs import inflect

REPORTING = """
    suggest indicate show find demonstrate report note mean believe claim say argue
    reveal confirm state warn conclude think know recognise recognize establish
    assume read hear explain promise insist maintain prove estimate caution observe
    suspect fear doubt speculate hint
""".split()
REPORT_FORMS = {"found", "shown", "said", "meant", "thought", "known", "heard", "read"}
_REPORT = "|".join(
    sorted(
        {f for v in REPORTING for f in inflect(v)} | REPORT_FORMS,
        key=len,
        reverse=True,
    )
)
_SPEAKERS = (
    r"stud(?:y|ies)|research|evidence|reviews?|trials?|experts?|scientists?|"
    r"researchers?|users?|people|advocates|supporters|proponents|critics|fans|sellers|"
    r"makers|manufacturers|doctors|nutritionists|herbalists|authorities|officials"
)


class Said(NamedTuple):
    """The asserted part of a sentence, sentence[start:end], and its introduction."""

    start: int
    end: int
    source: str = ""
    """The words that name whom it is from; "" when the article says it itself."""
    denied: bool = False
    """True after "there is no evidence that": what follows is denied."""
    begin: int = -1
    """Where such a denial begins; -1 when there is none."""


_OPENERS = re.compile(
    r"(?:(?:however|additionally|moreover|furthermore|in addition(?: to (?:this|that|"
    r"these|it))?|in conclusion|"
    r"overall|therefore|consequently|specifically|in fact|indeed|interestingly|"
    r"importantly|notably|unfortunately|fortunately|for example|for instance|"
    r"as a result|that said|finally|also|besides|nevertheless|nonetheless|"
    r"meanwhile|in general|generally|in particular|on the other hand|in other words|"
    r"in short|it(?:'s|’s| is) (?:also |certainly )?true that|(?:the )?(?:truth|fact|"
    r"verdict|reality):|"
    r"(?:in )?(?:some|rare|many|severe) cases|rarely|occasionally|sometimes|"
    r"usually|typically|traditionally|historically|currently|today|recently|"
    r"(?:contrary to|despite) [^,]{3,60}|surprisingly|not surprisingly|apparently|"
    r"instead|so far|to date|at present|for now|over time|if anything|even so|"
    r"better still|of course|on average|in theory|in truth|"
    r"in reality|what(?:'s|’s| is) more|on the (?:plus|down)side|by contrast|"
    r"in contrast|"
    r"sort of|but|and|so|yet)\b[,:]?\s+|[A-Z]:\s+|(?:first|second|third|yes|no|plus|"
    r"still|later|then|worse|true|sure|granted|\w+ly|as for [^,]{2,40}|"
    r"well|look|oh|ok|okay|right|nope|yep|yeah|ah|in practice|in short|again|anyway|"
    r"mind you|all the same|after all|either way|at any rate|in any case|"
    r"to be (?:fair|clear|honest)|"
    r"from what [^,]{1,30}? (?:read|heard|know|found)),\s+"
    r"|from what (?:i|we)(?:['’]ve)? (?:read|heard|know|found|gather)\s+"
    r"|the (?:\w+ )?(?:trouble|problem|truth|fact|idea|theory|thinking|good news|"
    r"bad news|catch|upshot|bottom line|short answer|reality|result|point|snag) is"
    r"(?: that\s+|:\s+|,\s+)"
    r"|there (?:is|was|are|were) (?:even |also )?(?:an?|some|one|several|many) "
    r"(?:\w+ ){0,2}?(?:stud(?:y|ies)|trials?) (?:in which|where|that found|showing)"
    r"(?: that)?\s+)+",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:[A-Z][A-Z .'-]{1,24}:|[AQ][.:]|(?:Dr\.? )?[A-Z]\w+(?: [A-Z]\w+)?:"
    r"(?=\s+(?:I|It|Yes|No|Well|Honestly)\b))\s+|\(?\d{1,2}[/.)]\s+"
)
"""Who speaks in a transcript, or the number of a post or item, before a sentence."""
_SOURCE_OPENER = re.compile(
    r"(?P<source>according to [^,]{3,80}|in (?:a|an|one|another|the|this)\s"
    r"(?:[\w'’-]+\s){0,4}?(?:study|trial|review|survey|analysis)(?:\s[^,]{0,60})?),\s+",
    re.IGNORECASE,
)
_NOTE_THAT = re.compile(
    r"(?:it(?:'s|’s| is) (?:also )?(?:important|crucial|essential|worth|vital|key|"
    r"necessary) (?:to )?(?:note|noting|remember|remembering|mention|mentioning|know|"
    r"understand|recognise|recognize|emphasi[sz]e)(?:ing)? that|(?:please )?(?:note|"
    r"remember|keep in mind) that|there is (?:some |growing |good )?evidence that)\s+",
    re.IGNORECASE,
)
_NO_EVIDENCE = re.compile(
    r"there (?:is|was|'s|’s) (?:currently |still |as yet )?no (?:\w+ )?(?:evidence|"
    r"proof|"
    r"indication|sign) (?:that|to suggest that|to show that)\s+"
    r"|(?:no one|nobody|no (?:\w+ )?(?:study|trial|research|studies|trials)) (?:has |"
    r"have )?"
    r"(?:yet |ever )?(?:shown|showed|proved|proven|demonstrated|found|"
    r"established) that\s+"
    r"|it(?:'s|’s| is) (?:a (?:common |popular |complete )?(?:myth|misconception)|"
    r"untrue|false|wrong|not true|simply not true) "
    r"(?:to (?:think|say|believe) )?that\s+"
    r"|it has (?:never|not)(?: yet)? been (?:shown|proved|proven|established) that\s+",
    re.IGNORECASE,
)
_WEAK_EVIDENCE = re.compile(
    r"no (?:good|strong|reliable|solid|conclusive|convincing|robust|high|clear)\b", re.I
)
_REPORTED = re.compile(
    rf"^(?P<who>(?:[\w'’-]+[ ,]+){{0,9}}?(?:{_REPORT}))(?:,? )(?P<that>that )"
    rf"|^(?P<who2>(?:[\w'’-]+[ ,]+){{0,9}}?(?:{_SPEAKERS}) (?:suggests?|indicates?|"
    rf"shows?|found|says?|believes?|claims?|reports?)) (?P<that2>(?!that)(?=\w))"
    rf"|^(?P<who4>(?=[^,]*?\b(?:{_SPEAKERS})\b)[^,]{{3,90}}? (?:find|found|shows?|"
    r"showed|suggests?|says?|thinks?|believes?|concluded)) "
    r"(?P<that4>(?=(?:it|they|there)\b))"
    rf"|^(?P<who3>[^,]*?\bsuggesting )(?P<that3>(?=it |they |that ))",
    re.IGNORECASE,
)
_SAY = (
    r"(?:says?|said|adds?|added|explains?|explained|notes?|noted|warns?|warned|wrote|"
    r"writes?|suggests?|suggested|finds?|found|shows?|showed|reports?|reported|claims?|"
    r"claimed|believes?|believed|concludes?|concluded|argues?|argued|tells?|told|"
    r"point(?:s|ed) out|caution(?:s|ed)|insist(?:s|ed)|enthuse[sd]|reveal(?:s|ed)|"
    r"(?:have|has) (?:\w+ )?(?:said|found|shown|revealed|warned|claimed|reported|"
    r"discovered|confirmed|concluded))"
)
_WHO = r"(?:[\w.'’-]+\s+){1,7}?"
_TRAILING = re.compile(
    rf",[\"”’]?\s+according to (?P<to>[^,]{{3,90}})[.!]?$"
    rf"|[,.!?][\"”’]\s+(?:{_SAY}\s+(?P<name>[^,]{{2,60}})|(?P<one>{_WHO}){_SAY})"
    rf"(?:[, ]\s?.*)?[.!]?$"
    rf"|,\s+(?P<some>(?!(?:which|who|and|but|or|so|as|although|though|while|because|"
    rf"than|if|when|that)\b){_WHO}){_SAY}[.!]?$",
    re.IGNORECASE,
)
_OPENING_QUOTE = re.compile(r"[\"“‘'«]\s*")


def peel_speech(sentence: str) -> Said:
    """Return the asserted part of a sentence and whom it is from.

    >>> text = '"Zorvel calms the mind," said Dr Roe.'
    >>> said = peel_speech(text)
    >>> text[said.start:said.end], said.source
    ('Zorvel calms the mind', 'Dr Roe')
    >>> peel_speech("There is no evidence that tea cures warts.").denied
    True
    """
    end, source = len(sentence), ""
    trailing = _TRAILING.search(sentence)
    if trailing:
        end = trailing.start()
        source = next(filter(None, trailing.groups()), "").strip(" .!")
    quote = _OPENING_QUOTE.match(sentence)
    said = peel_opening(sentence, quote.end() if quote else 0, end)
    return said._replace(source=" ".join(filter(None, (said.source, source))))


def find_tail(text: str) -> int:
    """Return where "…, they add" begins at the end of a text; its length if nowhere.

    >>> find_tail("it calms, they add")
    8
    """
    tail = _TRAILING.search(text)
    return tail.start() if tail else len(text)


def peel_opening(sentence: str, start: int, end: int) -> Said:
    """Step over "However," and "studies show that"; return what they say of the rest.

    >>> text = "However, studies show that tea helps."
    >>> peel_opening(text, 0, len(text))[:3]
    (27, 37, 'studies show that')
    """
    sources: list[str] = []
    label = _LABEL.match(sentence, start, end)
    start, moved = label.end() if label else start, True
    while moved:
        moved = False
        for pattern in (_OPENERS, _SOURCE_OPENER, _NOTE_THAT):
            found = pattern.match(sentence, start, end)
            if found:
                start, moved = found.end(), True
                sources += filter(None, [found.groupdict().get("source", "")])
    denial = _NO_EVIDENCE.match(sentence, start, end)
    if denial and not _WEAK_EVIDENCE.search(denial[0]):
        return Said(denial.end(), end, " ".join(sources), True, start)
    reported = _REPORTED.match(sentence[start:end])
    if reported and _DENYING.search(reported[0]):
        return Said(start, end, " ".join(sources))
    if reported and not _is_plain_finding(reported[0]):
        sources.append(reported[0].strip())
        start += reported.end()
    return Said(start, end, " ".join(sources))


_DENYING = re.compile(
    r"\b(?:not|never|nobody|no one|few|cannot|neither)\b|n['’]t\b", re.IGNORECASE
)
"""Speech that denies what it introduces: it stays in the words of the claim."""


def _is_plain_finding(words: str) -> bool:
    """Say whether "reported" is passive ("has been reported to"), not speech."""
    return bool(
        re.search(r"\b(?:is|are|was|were|been|be) \w+ (?:that )?$", words)
    ) and ("that" not in words)
