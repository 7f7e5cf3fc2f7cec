"""The verb of a clause: found by its form and by the words right around it.

No tagger and no model. A form that can only be a verb is one; a form that is as often
a noun or an adjective counts only after a subject and before what a verb takes.
"""

import re
from collections.abc import Iterator
from itertools import islice

from assay.claims.cues import VERBS
from assay.claims.shortened import (
    PRONOUNS,
    is_short,
    is_unmarked,
    where_shortened,
)
from assay.claims.verbs import (
    ADJECTIVAL,
    CLEAR,
    IRREGULAR,
    NOUNLIKE,
    ONLY_PARTICIPLES,
    PARTICIPLES,
    inflect,
)

AUXILIARIES = frozenset(
    """
    is are was were am be been being has have had having can could may might will
    would should must shall does do did cannot can't isn't aren't wasn't weren't
    doesn't don't didn't won't hasn't haven't hadn't couldn't wouldn't shouldn't
    isnt arent wasnt werent doesnt dont didnt wont hasnt havent cant
    """.split()
)
MOST_FORMS = 40
"""Forms of verbs that are looked at: a clause has its verb among the first."""
NEAR = 200
"""Characters before and behind a form that are looked at."""
MODALS = frozenset("can could may might will would should must shall cannot".split())
_NOT_VERBS = frozenset(
    """
    use benefit effect risk help aid support impact change increase decrease result
    cause link influence process work need report study claim state range display
    release treatment show limit act remedy treat lead better gain raise sleep feel
    trigger produce target cut stress bring create
    """.split()
)
PLAIN_VERBS = """
    contain act bind interact engage include involve mean make become remain seem
    appear tend vary range differ consist derive exist process work serve turn take
    use consume favor favour stem arise occur happen depend rely need require help
    allow enable keep metabolise metabolize convert activate target mimic regulate
    classify ban approve recommend show possess exhibit display carry pose exert
    trigger kill lose burn fuel provide give get feel sleep aid attribute ensure
    stimulate release absorb flush detoxify cleanse rank account belong grow come go
    stand play underscore dissolve settle balance calm kill destroy build clear clean
    break slow supply soften moisturise moisturize nourish repair hydrate weigh purify
    hold drink eat smoke chew suffer wear fade hurt
""".split()
CUE_BASES = frozenset(verb for verbs in VERBS.values() for verb in verbs.split())


def _all_forms() -> frozenset[str]:
    bases = {*CLEAR, *NOUNLIKE, *ADJECTIVAL, *PLAIN_VERBS, *CUE_BASES}
    return frozenset(form for base in bases for form in inflect(base))


def _as_often_nouns() -> frozenset[str]:
    """Return the forms that want a subject before them."""
    plain = {*CLEAR, *PLAIN_VERBS} - _NOT_VERBS
    bases = ({*NOUNLIKE} - plain) | _NOT_VERBS
    both = {form for base in bases for form in inflect(base)[:2]}
    return frozenset(both | ({*ADJECTIVAL} - plain) | {"taking", "treatments"})


VERB_FORMS = _all_forms()
THIRDS = frozenset(
    inflect(base)[1]
    for base in (*CLEAR, *NOUNLIKE, *ADJECTIVAL, *PLAIN_VERBS, *CUE_BASES)
) | {"has", "does", "is"}
"""Third-person forms."""
NOT_VERBS = _as_often_nouns()
"""Forms that are as often nouns or adjectives."""
ING_FORMS = frozenset(f for f in VERB_FORMS if f.endswith("ing") and f != "including")
ORDERS = (
    frozenset({*PLAIN_VERBS, *CUE_BASES, *CLEAR, *NOUNLIKE, *ADJECTIVAL})
    | frozenset("be do don't does did dont".split())
)  # fmt: skip
"""Forms that give an order or ask at the start of a sentence."""
DETERMINERS = frozenset(
    "a an the its their his her your our my this these any some no every each".split()
)
ADVERB = re.compile(
    r"\w+ly|also|often|even|not|never|then|thus|thereby|further|still|only|both|"
    r"just|always|sometimes|soon|too|so|already|almost|seldom|hardly|together|"
    r"maybe|perhaps|apparently|potentially|possibly",
    re.IGNORECASE,
)
_NOT_ADVERBS = frozenset(
    """
    family supply fly july reply rely apply ally belly early daily weekly monthly yearly
    likely unlikely friendly elderly deadly costly assembly anomaly
    """.split()
)
WORD = re.compile(r"[^\W\d_][\w'’-]*")
_STOPPERS = frozenset("of on in for and or with".split()) | AUXILIARIES
_AFTER_VERB = (
    DETERMINERS
    | frozenset(
        """
        it them you us him me people more less better worse longer shorter fewer higher
        lower about around from to up down off out away back over into onto through by
        that as well again at between against within toward towards faster sooner slower
        short badly up- nearly how what whether when after before
        """.split()
    )
)  # fmt: skip
"""Words that follow a verb more often than a noun."""
_PEOPLE = frozenset(
    "people men women children teeth feet mice data bacteria adults".split()
)


def heads(text: str, start: int = 0) -> Iterator[re.Match[str]]:
    """Yield the words of a text that are forms of verbs or auxiliaries."""
    for match in WORD.finditer(text, start):
        word = plain(match)
        known = word in VERB_FORMS or word in AUXILIARIES or is_short(word)
        known = known or is_unmarked(text, match)
        if known or _NEW_VERB.fullmatch(word):
            yield match


_NEW_VERB = re.compile(r"[a-z]{3,}(?:izes|ifies|regulates|regulated|lyses)")
"""Words that their ending shows to be verbs, though no list holds them."""


def plain(match: re.Match[str]) -> str:
    """Return a word met, in lower case, with straight apostrophes."""
    return match[0].lower().replace("’", "'")


def is_adverb(word: str) -> bool:
    """Say whether a word only tells how a verb is meant ("also", "slowly")."""
    low = word.lower()
    noun = low in _NOT_ADVERBS or low.endswith("megaly")
    return bool(ADVERB.fullmatch(word)) and not noun


def find_head(text: str, link: str) -> tuple[int, int] | None:
    """Return where the main verb of a clause stands, or None when there is none.

    The subject ends where the verb begins; a clause that begins with its verb has
    none. `link` says how the clause hangs on the one before (see `clauses.Clause`).

    >>> find_head("Zorvel tea eases pain", "main")
    (11, 16)
    >>> find_head("Take zorvel tea", "main") is None
    True
    """
    for strict in (True, False):
        for match in islice(heads(text), MOST_FORMS):
            before = _words_before(text, match)
            verdict = _judge(match, before, text, link, strict=strict)
            if verdict is _ORDER:
                return None
            if verdict:
                alone = not [w for w in before if not is_adverb(w)]
                return _span(text, match, alone=alone)
    return None


def _words_before(text: str, match: re.Match[str]) -> list[str]:
    """Return the words before one, in lower case, without brackets around them."""
    near = text[max(0, match.start() - NEAR) : match.start()]
    before = near.lower().replace("’", "'").split()
    return [w.strip("()[]") or w for w in before]


_ORDER = "order"


def _span(text: str, match: re.Match[str], *, alone: bool) -> tuple[int, int]:
    word = plain(match)
    if is_short(word) or is_unmarked(text, match):
        return (match.start() + where_shortened(word), match.end())
    return (0, match.end()) if alone else match.span()


def _judge(
    match: re.Match[str], before: list[str], text: str, link: str, *, strict: bool
) -> str:
    """Return "verb", "order" (the clause gives one), or "" for another word."""
    word = plain(match)
    telling = [w for w in before if not is_adverb(w)]
    alone, opens = not telling, link in {"main", "that"}
    last = telling[-1] if telling else ""
    if is_short(word) or is_unmarked(text, match):
        return "verb" if alone or last.endswith(",") or _sets_scene(telling) else ""
    if word in {"being", "having"} or (word.endswith("ing") and (not alone or opens)):
        return ""
    if not alone and _is_blocked(word, telling, link):
        return ""
    if alone and opens and (word in ORDERS or word in NOT_VERBS):
        return _opening(word, text, match)
    if word in AUXILIARIES:
        return "verb"
    if word in NOT_VERBS and not alone:
        told = is_adverb(before[-1]) or _after_subject(
            telling, text, match, strict=strict
        )
        return "verb" if told else ""
    if word in ONLY_PARTICIPLES and (not alone or opens):
        return ""
    is_past = word.endswith("ed") or word in PARTICIPLES
    if is_past and alone and (opens or _AUX_SOON.match(text, match.end())):
        return ""  # "taken at night, it helps": no verb of a sentence begins it
    if is_past and not alone and _is_participle(text, match, last):
        return ""
    return "verb"


def _sets_scene(before: list[str]) -> bool:
    """Say whether words before a subject only tell of when, where or for whom."""
    return before[0] in _SCENE and len(before) <= LONGEST_SCENE


_SCENE = frozenset("for in at on with after during before as from among".split())
LONGEST_SCENE = 6
"""Words above which what stands before a subject is more than its scene."""


def _is_blocked(word: str, telling: list[str], link: str) -> bool:
    """Say whether the word before shows that this is no main verb."""
    last = telling[-1]
    if last in {"to", "which", "whose", "where", "when", "if"} and link != "by":
        return True
    if last == "this" and word not in THIRDS and word not in AUXILIARIES:
        return True
    if last in DETERMINERS - {"this"} and word not in AUXILIARIES:
        return True
    if last in {"a", "an", "the", "my", "your", "our", "no"}:
        return True
    # "people who took it slept better": the verb comes later
    return last in {"who", "that"} and len(telling) > 1


def _opening(word: str, text: str, match: re.Match[str]) -> str:
    """Judge a base form that opens a sentence: an order, unless it is a noun."""
    near = text[: match.end() + NEAR]
    later = any(_is_later_verb(near, m) for m in heads(near, match.end()))
    following = text[match.end() :].lower().split(maxsplit=1)[:1]
    if word == "like":
        return ""  # "like other herbs, it …"
    if following and following[0] in {"until", "till"}:
        return _ORDER
    if word in NOT_VERBS and later and not _has_object(text, match):
        return ""  # "sleep hygiene is …": a noun, as the verb that follows will tell
    if word in ORDERS:
        return "" if _AUX_SOON.match(text, match.end()) else _ORDER
    return "verb" if following and following[0] not in _STOPPERS else ""


_AUX_SOON = re.compile(
    r"(?:\s+(?!if|when|that|it|as|before|after|while|until|you|the|a|an|"
    r"your)[\w-]+){0,2}?"
    r"\s+(?:is|are|was|were|has|have|can|may|might|will|does|do)\b",
    re.IGNORECASE,
)
"""An auxiliary so near that the word before is a noun: "smoke is"."""


def _is_later_verb(text: str, match: re.Match[str]) -> bool:
    word = plain(match)
    if word == "do" and text[: match.start()].lower().endswith("and "):
        return False  # "pass water and do not wait": one order after another
    if word in AUXILIARIES or (word in VERB_FORMS and word not in NOT_VERBS):
        return not word.endswith("ing")
    before = _words_before(text, match)
    return word in THIRDS or _after_subject(before, text, match, strict=True)


def _has_object(text: str, match: re.Match[str]) -> bool:
    """Say whether a determiner or pronoun follows a verb form ("use the tea")."""
    following = text[match.end() :].lower().split(maxsplit=1)[:1]
    return bool(following) and following[0] in DETERMINERS | {"it", "them", "yourself"}


def _after_subject(
    before: list[str], text: str, match: re.Match[str], *, strict: bool
) -> bool:
    """Say whether a noun-like verb form has a subject right before it ("it helps")."""
    last = before[-1]
    form = plain(match)
    if last in PRONOUNS | MODALS or last == "to":
        return True
    after = text[match.end() :].lower().split(maxsplit=1)[:1]
    following = after[0].strip(",.;:") if after else ""
    if not following or following == "of" or following in AUXILIARIES:
        return False
    apposition = last.endswith(",") and sum(w.endswith(",") for w in before) == 2
    if (
        last.endswith((",", ";", ":", "'s", "’s")) and not apposition
    ) or last in _SMALL:
        return False
    if strict and (following in _STOPPERS or _is_noun_here(form, following)):
        return False
    plural = is_plural_noun(_noun_of(before)) or before[-2:-1] in (["and"], ["or"])
    if form.endswith("s") and not form.endswith("ss"):
        noun = _noun_of(before)
        single = not is_plural_noun(noun) and (noun == last or last.endswith("s"))
        return (not is_plural_noun(last) or single) and not last.endswith("'")
    if plural:
        return form in _COPULAS or (
            form in CUE_BASES
            or following in _AFTER_VERB
            or following[:1].isdigit()
            or re.fullmatch(r"\w{3,}er", following) is not None
            or is_adverb(following)
        )
    return False


_COPULAS = frozenset("look seem sound feel stay remain become get turn taste".split())
"""Verbs that an adjective follows."""


def _is_noun_here(form: str, following: str) -> bool:
    """Say whether an -s form gives its place to the form behind it: "times slow by"."""
    if following in THIRDS and following not in NOT_VERBS:
        return True
    doubtful = following in NOT_VERBS and not following.endswith("s")
    return form.endswith("s") and form != "helps" and doubtful


def _noun_of(before: list[str]) -> str:
    """Return the noun that a subject is about: "users" of "users of social media"."""
    for at, word in enumerate(before[:-1]):
        if word.endswith(","):
            return word.rstrip(",")
        if at and word in {"of", "in", "from", "with", "for", "who"}:
            return before[at - 1]
    return before[-1].rstrip(",")


_SMALL = frozenset(
    """
    and or of in on at for with by from as than but nor not about into over under
    between during after before more less most some any all each other such
    """.split()
)


def is_plural_noun(word: str) -> bool:
    """Say whether a word looks like a plural noun.

    >>> [is_plural_noun(w) for w in ("smokers", "women", "virus", "stress", "tea")]
    [True, True, False, False, False]
    """
    plain_s = word.endswith("s") and not word.endswith(("ss", "us", "is", "'s", "’s"))
    return plain_s or word in _PEOPLE


def _is_participle(text: str, match: re.Match[str], last: str) -> bool:
    """Say whether an -ed word only describes the noun before it ("pain caused by …").

    It does when a finite verb still follows, or when it stands before a noun.
    """
    word = plain(match)
    if word.endswith("ed") and last in _SMALL | DETERMINERS:
        return True
    return any(
        plain(m) in AUXILIARIES | _PAST
        or (
            plain(m).endswith("s")
            and plain(m) in VERB_FORMS
            and plain(m) not in NOT_VERBS
        )
        for m in heads(text[: match.end() + NEAR], match.end())
        if text[: m.start()].rsplit(maxsplit=1)[-1].lower() not in _RELATIVES
    )


_PAST = frozenset(
    form
    for forms in IRREGULAR.values()
    for form in forms.split()[1:-1]
    if form not in PARTICIPLES
)
"""Irregular forms that are nothing but the past of a verb: "fell", "took"."""
_RELATIVES = frozenset(["who", "which", "that", "it"])
