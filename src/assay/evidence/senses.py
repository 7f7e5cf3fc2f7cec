"""Words of the vocabulary that mean something else in research: plasma concentration.

Everyday words for what people feel and do ("concentration", "fasting", "tolerance")
stand in abstracts far more often for something in a tube. A mention in such company is
none.
"""

import re

from assay.claims.vocabulary import Mention


def _before(words: str) -> str:
    return rf"\b(?:{words})[ -]$"


_ALLOWED = {
    "fasting": _before(
        r"intermittent|ramadan|religious|therapeutic|periodic|day|term|modified|water|"
        r"caloric|calorie|juice|islamic|regular|repeated|time-restricted"
    ),
    "concentration": _before(
        r"mental|poor|impaired|better|cognitive|sustained|lack of|loss of|difficult\w* "
        r"(?:with|in)|problems? (?:with|in)|improv\w+|attention,? (?:and|or)|memory,? "
        r"(?:and|or)|focus,? (?:and|or)|mood,? (?:and|or)|sleep,? (?:and|or)|power of"
    ),
}
"""Words that mean what people mean by them only in such company before."""
_REFUSED = {
    "cycling": (
        _before(
            r"cell|battery|redox|thermal|weight|nutrient|carbon|nitrogen|temperature|"
            r"futile|receptor|vesicle|thaw|membrane|ovarian|rapid|electrochemical|phase"
        ),
        r"^ (?:of|stability|performance of the (?:cell|batter)|test of)\b",
    ),
    "tolerance": (
        _before(r"glucose|immune|immunological|exercise|heat|pain|stress|drought|salt|"
                r"oral|fault|self|cold|acid|insulin|carbohydrate"),
        r"^ (?:test|limit)\b",
    ),
    "dependent": (
        _before(r"dose|time|concentration|insulin|age|hormone|calcium|voltage|sodium|"
                r"steroid|o?estrogen|temperature|frequency|ph|atp|density|context|state|"
                r"sex|length|rate|size|non|the|care|most|more|less"),
        r"^ (?:variables?|manner|way|increase|decrease|fashion|reduction|effects?|"
        r"relationship|samples?)\b",
    ),
    "dependence": (
        _before(r"dose|time|concentration|temperature|frequency|ph|voltage|age|care|"
                r"spatial|linear|functional"),
        r"^ (?:of the|between|in activities)\b",
    ),
    "withdrawal": (
        _before(r"study|trial|treatment|therapy|patient|consent|market|water|blood|"
                r"social|early|support|of|participant|paw|tail|premature|subject"),
        r"^ ?(?:s (?:due|because|from the (?:study|trial|market)|owing)|due |because |"
        r"(?:of (?:consent|life|treatment|support|care|the drug))|from (?:the|this) "
        r"(?:study|trial|market|analysis)|latenc|threshold|reflex|rates?\b)",
    ),
    "stress": (
        _before(r"oxidative|shear|mechanical|er|reticulum|heat|salt|drought|osmotic|"
                r"nitrosative|cellular|metabolic|wall|thermal|replication|redox|"
                r"mitochondrial|tensile|cold|abiotic|genotoxic|posttraumatic|traumatic"),
        r"^ (?:fractures?|tests?|echocardiogra\w+|incontinence|hyperglyc\w+|ulcers?|"
        r"responses? (?:gene|protein)|fibers?|granules?)\b",
    ),
    "energy": (
        _before(r"free|binding|activation|dietary|total|kinetic|surface|dual|solar|"
                r"radiation|photon|high|low"),
        r"^ (?:intake|expenditure|balance|metabolism|density|transfer|barrier|"
        r"homeostasis|restriction|deficit|source|consumption|level|x-ray|requirements?)\b",
    ),
    "attention": (
        _before(r"gained|received|receives|deserves?|clinical|medical|pay|paid|much|"
                r"little|more|increasing|considerable|special|particular|draw|drawn|"
                r"attracted|great|growing|recent|close|public|seek|sought|further"),
        r"^ (?:to (?:the|this|these)|has|have|from|as a)\b|^-deficit|^ deficit",
    ),
    "focus": (
        _before(r"the|our|a|with|main|primary|special|particular|of|to|will|that|which"),
        r"^ (?:on|of|groups?|upon)\b|^ed\b",
    ),
    "depression": (
        _before(r"respiratory|marrow|myocardial|st|segment|immune|growth|spreading|"
                r"synaptic|term|ventilatory|cardiac|inbreeding|circulatory"),
        r"^ of (?:the )?(?:activity|respiration|myocard|bone)\b",
    ),
    "memory": (
        _before(r"immunological|immune|shape|resident|central|effector|cell|b|t|"
                r"epigenetic|transcriptional|metabolic"),
        r"^ (?:[tb]\b|cells?|cd\d|alloy|lymphocytes?|phenotype|response)",
    ),
    "stimulation": (
        _before(r"electrical|magnetic|nerve|brain|vagus|ovarian|antigen|tactile|insulin|"
                r"cord|current|receptor|muscle|acth|sensory|auditory|visual|tsh"),
        r"^ (?:of|with|by|test|protocol|index)\b",
    ),
    "recovery": (_before(r"percent|analytical|mean|extraction|the|good"), r"^ of\b"),
    "arousal": (_before(r"sexual|micro|cortical"), r"^ index\b"),
}  # fmt: skip
"""Words that mean something else behind the one, or before the other."""
_ALLOW = {word: re.compile(p, re.IGNORECASE) for word, p in _ALLOWED.items()}
_REFUSE = {
    word: (re.compile(before, re.IGNORECASE), re.compile(after, re.IGNORECASE))
    for word, (before, after) in _REFUSED.items()
}
_ADJUSTED = re.compile(
    r"\b(?:(?:after |when |and )?(?:adjust(?:ed|ing|ment|ments)|controll(?:ed|ing)|"
    r"correct(?:ed|ing)|match(?:ed|ing)) (?:\w+ )?(?:for|on)|independent(?:ly)? of|"
    r"irrespective of|regardless of)\b[^;.()]*",
    re.IGNORECASE,
)
"""A list of what an analysis made equal: none of it acted."""


def find_adjusted(text: str) -> tuple[tuple[int, int], ...]:
    """Return where a sentence lists what its analysis adjusted for, as (start, end).

    >>> text = "Tea lowered risk after adjustment for age and coffee."
    >>> [text[a:b] for a, b in find_adjusted(text)]
    ['after adjustment for age and coffee']
    """
    return tuple(found.span() for found in _ADJUSTED.finditer(text))


def is_other_sense(text: str, mention: Mention) -> bool:
    """Say whether a mention is a word that means something else where it stands.

    >>> is_other_sense("The plasma concentration rose.", Mention("mind", 11, 24))
    True
    >>> is_other_sense("It impaired concentration.", Mention("mind", 12, 25))
    False
    """
    word = text[mention.start : mention.end].lower().removesuffix("s")
    before, after = text[: mention.start], text[mention.end :]
    allowed = _ALLOW.get(word)
    if allowed:
        return not allowed.search(before)
    refused = _REFUSE.get(word)
    if not refused:
        return False
    return bool(refused[0].search(before) or refused[1].search(after))
