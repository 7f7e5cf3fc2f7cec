"""Words that say which way something goes: more, less, better, worse, no change.

The lists are closed and small on purpose: a word that is not here says nothing, and
the reader stays neutral. Verbs are given once; their forms are made by rule.
"""

import re
from typing import NamedTuple

from assay.claims.verbs import inflect


class Cue(NamedTuple):
    """A word of change met in a text, at text[start:end]."""

    start: int
    end: int
    kind: str
    """up, down, good, bad, ease (less of something bad), cause, null or link."""
    negated: bool = False


VERBS = {
    "up": "increase raise elevate enhance boost prolong lengthen extend promote augment"
    " heighten amplify rise double triple strengthen stimulate accelerate encourage"
    " facilitate spur treble build",
    "down": "reduce decrease lower shorten diminish lessen cut suppress attenuate "
    "inhibit block minimise minimize curb dampen slow decline drop depress shrink "
    "blunt limit constrict halve quench",
    "good": "improve help benefit aid normalise normalize restore optimise optimize "
    "heal ameliorate support better sharpen refresh",
    "ease": "relieve alleviate ease soothe mitigate prevent treat cure eliminate "
    "abolish combat fight reverse counteract remedy manage resolve protect avert quell "
    "shield",
    "bad": "worsen impair disrupt disturb aggravate exacerbate harm damage compromise"
    " deteriorate upset wreck inflame weaken irritate ruin",
    "cause": "cause produce induce trigger provoke lead result contribute create "
    "develop experience bring yield offer elicit evoke",
    "link": "associate link correlate relate affect influence alter modulate change "
    "impact predict",
}
"""Base forms of verbs by what they say of their object."""

OTHERS = {
    "up": "higher greater longer more increase increased increases rise elevation gain"
    " gains larger elevated prolonged raised doubled",
    "down": "fell fallen inversely negatively lower less fewer shorter smaller"
    " reduction reductions decrease decreases decline faster reduced decreased"
    " shortened diminished",
    "good": "better improvement improvements improved superior benefit benefits "
    "beneficial favoured favored effective efficacious efficacy helpful restful",
    "ease": "relief reliever remedy protection",
    "bad": "worse poorer worsening impairment impaired worst poor",
    "cause": "risk risks potential liability odds prone common reported",
    "link": "association associations correlation link relationship",
}
"""Adjectives, adverbs and nouns that say the same without a verb."""

NULL = (
    r"no (?:\w+ ){0,3}?(?:difference|differences|effect|effects|change|changes|benefit|"
    r"benefits|improvement|association|evidence|link|impact|influence|increase|"
    r"reduction|dose-related|relationship|correlation)",
    r"(?:did|does|do|was|were|is|are) not (?:\w+ ){0,2}?(?:differ|different|change|"
    r"changed|affect|affected|associated|alter|superior|better|effective|significant|"
    r"significantly|linked|related)",
    r"(?:not|no longer) (?:statistically )?significant(?:ly)?(?: different)?",
    r"non-?significant(?:ly)?",
    r"(?:did|does|do|could|can) not (?:support|show|find|reveal|demonstrate|indicate|"
    r"suggest|detect|identify|observe|confirm|establish|exert|have|provide|offer|reach|"
    r"produce|yield)(?: \w+){0,4}? "
    r"(?:association|effect|link|relationship|correlation|benefit|difference|impact|"
    r"efficacy|influence|evidence|use)s?",
    r"(?:failed|fails|fail) to (?:show|find|demonstrate|reveal|detect)(?: \w+){0,4}? "
    r"(?:association|effect|link|relationship|correlation|benefit|difference|impact|"
    r"efficacy|influence|evidence)s?",
    r"without (?:any )?(?:\w+ ){0,2}?(?:differences?|effects?|changes?|improvements?|"
    r"benefits?)",
    r"(?:does|do|did) not support (?:that|(?:the|its|their) (?:use|hypothesis|idea|"
    r"notion|view))",
    r"no better than",
    r"(?:did|does|do|was|were) not (?:result in|lead to|produce|associated with|confer|"
    r"provide|yield|demonstrate|show)(?: an?| any)?(?: \w+){0,3}? (?:lower|higher|"
    r"reduced|increased|greater|better|reduction|increase|improvement|benefit|change|"
    r"decrease|difference|effect)s?",
    r"no more (?:\w+ )?than",
    r"(?:was|were|remained|are|is) (?:\w+ )?(?:similar|unchanged|comparable|"
    r"unaffected)",
    r"similar (?:to|in|between|across|among)",
    r"as common in",
    r"neither (?:\w+ ){0,4}?nor",
    r"(?:makes?|made|making) (?:little|no)(?: or no)? difference",
    r"(?:does|do|did|doing) nothing",
    r"no (?:more|less) (?:likely|common|often)",
    r"(?:was|were|proved|came out) negative",
    r"came up empty|come up empty|comes up empty",
    r"hardly (?:changes?|changed|budges?|budged|moves?|moved|affects?)",
    r"useless|worthless|pointless",
    r"failed to",
    r"lack of (?:effect|efficacy|benefit|difference)",
    r"ineffective",
)
"""Wordings that say that nothing moved."""

NEGATIONS = frozenset(
    [
        "not",
        "no",
        "never",
        "neither",
        "nor",
        "without",
        "cannot",
        "can't",
        "doesn't",
        "don't",
        "didn't",
        "isn't",
        "aren't",
        "wasn't",
        "weren't",
        "hasn't",
        "won't",
        "hardly",
        "none",
        "nobody",
        "doesnt",
        "dont",
        "didnt",
        "isnt",
        "arent",
        "wasnt",
        "werent",
        "wont",
        "cant",
    ]
)
REACH = 4
"""Words before a cue in which a negation still turns it round."""


def _forms() -> dict[str, str]:
    kinds: dict[str, str] = {}
    for kind, words in OTHERS.items():
        kinds |= dict.fromkeys(words.split(), kind)
    for kind, verbs in VERBS.items():
        for verb in verbs.split():
            kinds |= dict.fromkeys(inflect(verb), kind)
    return kinds


KIND_OF = _forms()
"""Every form of every cue word, with its kind."""

PHRASES = {
    "up": r"(?:push|bring|drive|send|nudge|put)(?:e?s|ing)? (?:\w+ ){0,3}?up(?:wards?)?"
    r"|speed(?:s|ing)? up|sped up|go(?:es)? up|went up"
    r"|put(?:s|ting)? on (?:\w+ )?(?:weight|muscle|mass|pounds)",
    "down": r"(?:push|bring|drive|send|force)(?:e?s|ing)? (?:\w+ ){0,3}?down(?:wards?)?"
    r"|brought (?:\w+ ){0,3}?down|h(?:o|e)lds? back|holding back|held back"
    r"|switch(?:es|ed|ing)? off|slow(?:s|ed|ing)? down|shav(?:e|es|ed|ing)"
    r"|rob(?:s|bed|bing)?",
    "ease": r"(?:stav|ward|fend)(?:e?s|ed|ing)? off|stave off|keep(?:s|ing)? "
    r"(?:\w+ ){1,3}?at bay|take(?:s)? the edge off|get(?:s)? rid of|put(?:s)? an end to"
    r"|calms|relaxes|quiets|quietens|loosens?|(?:can|may|could|might|to|"
    r"helps?) (?:calm|"
    r"relax|quiet|quieten|loosen)",
    "cause": r"br(?:ing|ings|ought|inging) on|set(?:s|ting)? off|ends? up with"
    r"|ended up with|giv(?:e|es|ing) (?:you|people|users|them)",
    "link": r"tied to|connected (?:to|with)|go(?:es)? (?:hand in hand|along|"
    "together) with",
    "good": r"perk(?:s|ed|ing)? (?:\w+ )?up|(?:mak(?:e|es|ing)|made) (?:it|things) "
    r"(?:\w+ )?(?:easy|easier|simpler)",
    "bad": r"(?:mak(?:e|es|ing)|made) (?:it|things) (?:\w+ )?(?:hard|harder|difficult|"
    r"tough|tougher|impossible|tricky|trickier)|tak(?:e|es|ing) a toll"
    r"|play(?:s|ed)? havoc|mess(?:es|ed|ing)? with"
    r"|(?:hard|harder|tough|tougher|rough) on|interfer(?:e|es|ed|ing) with",
}
"""Verbs of two or three words, as patterns, by what they say of their object."""
_ONLY = re.compile(r" (?:only|just|merely|solely|simply)\b")
"""What makes a "not" say more, and not the opposite."""
_WORD = re.compile(r"[a-z][a-z'’-]*")
_NULL = re.compile(rf"\b(?:{'|'.join(NULL)})\b")
_PHRASE = re.compile(
    "|".join(rf"\b(?P<{kind}>{words})(?!\w)" for kind, words in PHRASES.items())
)


def lower_in_place(text: str) -> str:
    """Return `text` in lower case, every letter where it stood.

    A few letters (İ) grow when they are lowered; they stay as they are.

    >>> lower_in_place("TEA"), len(lower_in_place("İ"))
    ('tea', 1)
    """
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def find_cues(text: str) -> tuple[Cue, ...]:
    """Return the cues in `text`, in order; a null wording swallows those inside it.

    >>> [(c.kind, c.negated) for c in find_cues("It did not improve sleep")]
    [('good', True)]
    >>> [c.kind for c in find_cues("There was no significant difference")]
    ['null']
    """
    low = lower_in_place(text).replace("’", "'")
    nulls = [Cue(m.start(), m.end(), "null") for m in _NULL.finditer(low)]
    words = list(_WORD.finditer(low))
    phrases = {m.start(): m for m in _PHRASE.finditer(low)}
    cues, end = list(nulls), 0
    for at, word in enumerate(words):
        phrase = phrases.get(word.start())
        found, kind = (phrase, phrase.lastgroup) if phrase else (word, None)
        kind = kind or KIND_OF.get(word[0])
        inside = any(n.start <= word.start() < n.end for n in nulls)
        if kind and not inside and word.start() >= end:
            near = words[max(0, at - REACH) : at]
            nots = [w for w in near if w[0] in NEGATIONS]
            negated = any(not _ONLY.match(low, w.end()) for w in nots)
            cues.append(Cue(word.start(), found.end(), kind, negated))
            end = found.end()
    return tuple(sorted(cues))


def amount(kind: str) -> int:
    """Return which way the amount goes: +1 more, -1 less, 0 not said.

    >>> amount("up"), amount("ease"), amount("good")
    (1, -1, 0)
    """
    return {"up": 1, "cause": 1, "down": -1, "ease": -1}.get(kind, 0)


def goodness(kind: str) -> int:
    """Return whether things get better (+1), worse (-1), or neither is said (0).

    >>> goodness("good"), goodness("bad"), goodness("up")
    (1, -1, 0)
    """
    return {"good": 1, "bad": -1}.get(kind, 0)
