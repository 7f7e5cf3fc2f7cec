"""Closed lists of wordings that the rules look for in records."""

import re


def _any(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})", re.IGNORECASE)


ACTING = _any(
    r"acts?\b|acted|acting|bind\w*|bound|affinity|agonis\w+|antagonis\w+|activat\w+|"
    r"activity|stimulat\w+|block\w*|modulat\w+|interact\w+|receptor-active|"
    r"substitut\w+|inhibit\w+|target\w*|mediated|dependent|profiles?"
)
CONTAINING = _any(
    r"contain\w*|held|holds?|content|composition|constituents?|identified|detected|"
    r"found in|present in|by weight|mg/g|rich in|isolated|alkaloid profiles?|ranged "
    r"from|quantitative analysis|in leaves"
)
VARYING = _any(
    r"var(?:y|ies|ied|iable|iation|iability)|rang(?:ed|ing) from|swung|\w+fold|"
    r"inconsisten\w*|differ(?:ed|s)? (?:widely|between|among|from|markedly|"
    r"significantly)|differences|far more|adulterat\w+|mislabel\w+|chemotypes"
)
UNIFORM = _any(
    r"similar|uniform|consistent(?:ly)?|homogene\w+|did not (?:vary|differ)|no (?:\w+ "
    r"){0,3}?(?:differences?|variation)|comparable"
)
PLACED = _any(
    r"leaf|leaves|trees?|plants?|grown|cultivat\w+|native|indigenous|samples|"
    r"originat\w+|endemic|from (?=[A-Z])"
)
LIMITED = _any(
    r"limited|sparse|uncertain\w*|insufficient|scarce|lack(?:s|ing)?\b|lack of|no "
    r"(?:\w+ "
    r"){0,2}?(?:controlled|clinical|human) (?:\w+ )?(?:trials?|stud)|call(?:s|ed)? for|"
    r"more research"
    r"|(?:more|further|additional|larger|well-designed|laboratory|"
    r"future(?=.*\b(?:need|requir|warrant|should|must|necessary|call|merit))) "
    r"(?:\w+[ -]){0,3}?(?:research|stud(?:y|ies)|trials?|investigation)|does not allow|"
    r"inconclusive|unclear|low[- ]quality|poor quality|cannot be drawn|not (?:yet "
    r")?(?:clear|known|established)|remains? (?:unknown|unclear|to be)|research needs|"
    r"not (?:sufficiently|strong enough|sufficient|robust|convincing|conclusive)|"
    r"merits? scientific|few studies|(?:is|are) (?:needed|warranted|required)|only "
    r"(?:\w+ ){1,4}?(?:stud|trial|survey)"
)
GRADED = _any(r"(?:very )?low[- ](?:quality|certainty)|poor quality")
"""Words that grade the evidence for a finding, and do not take it back."""
IN_USE = _any(
    r"use[sd]?\b|using|taken?\b|taking|took|consum\w+|drink\w*|drank|self-treat\w*|"
    r"motiv\w+|reasons?|bedtime|turn(?:ed|ing)? to|popular"
)
REASONS = _any(r"reasons?\b|motiv(?:e|es|ation|ations)\b|used mainly for|purposes?\b")
COMMON = _any(
    r"(?<!un)common(?:ly|er|est)?(?! in)|common in|prevalen(?:t|ce of [3-9]\d)|"
    r"widespread|frequent(?:ly)?|most (?:patients|people|users|adults)|"
    r"highly prevalent|majority"
)
FRACTION = _any(
    r"(?:half|(?:one|a|two)[ -]thirds?|(?:a|one) quarter|three quarters|"
    r"one in (?:two|three|four|five|six|seven|eight|nine|ten|\d+))\b"
)
"""A share in words, of a tenth or more."""
RARE = _any(r"rare(?:ly)?|uncommon|infrequent\w*|seldom")
PERCENT = re.compile(
    r"(?<!I2 )(?<!I² )(?<![\d.-])(\d+(?:\.\d+)?)\s?(?:%|per cent|percent)(?!\s*(?:CI|"
    r"conf))(?=\s*(?:\([^)]*\)\s*)?(?:of|had|have|met|report\w*|were|was|develop\w*|"
    r"suffer\w*|experienc\w*|complain\w*)\b)",
    re.IGNORECASE,
)
"""A share of people, not a confidence level."""
RESEARCH = _any(
    r"evidence|data|research|stud(?:y|ies)|trials?|literature|information|knowledge|"
    r"observational|science"
)
PURPOSE = _any(
    r"for\b|to (?:help|treat|manage|relieve|ease|aid|improve|cope|reduce|get)|reasons?|"
    r"motiv\w+|self-treat\w*|self-medicat\w*|bedtime|as an? (?:sleep|remedy|aid)|"
    r"against|purpose"
)
BODY_SAMPLES = _any(
    r"blood|serum|plasma|urine|deaths?|died|post-?mortem|toxicology|autops\w+|"
    r"implicated|(?:a )?(?:single )?drinks?"
)
THINGS = _any(
    r"leaf|leaves|plants?|trees?|products?|extracts?|samples|powder|supplements?|"
    r"materials?"
)
FIRST = _any(
    r"first[- ]line|first treatment|as (?:the )?(?:first|initial)|initial treatment|"
    r"treatment of choice|recommend(?:s|ed)? (?:\S+ ){0,8}?(?:first|initial)|preferred"
)
FORMS = re.compile(
    r"\b(tea|powder|capsule|extract|juice|tincture|gumm(?:y|ies)|oil|smok(?:e|ed|ing)|"
    r"chew|decoction|pill|tablet|injection|patch|cream|spray|syrup|cigarette|vape)s?\b"
)
"""Ways in which a substance is taken."""

_STOP = frozenset(
    """
    the a an and or of in on for to from with by as is are was were be been being has
    have
    had it its they their this that these those which who can may might could would will
    should not no than then also often very more most some many such into at about
    between
    """.split()
)


def content_words(text: str) -> frozenset[str]:
    """Return the telling words of a text, each cut to a short stem.

    >>> sorted(content_words("It is used as a remedy for ailments"))
    ['ailmen', 'remedy', 'used']
    """
    found = re.findall(r"[a-z][a-z-]{2,}", text.lower())
    return frozenset(w[:6] for w in found if w not in _STOP)
