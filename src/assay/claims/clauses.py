"""A sentence cut into its assertions: one predicate each, with its subject.

No parser and no model: the joints of English health prose (relative clauses, "by …ing",
coordinated predicates, reported speech, subordinate clauses) are few and are listed
here. A joint counts only when a known verb form follows it; otherwise the words stay
together.
"""

import re
from typing import NamedTuple

from assay.claims.cues import VERBS, inflect
from assay.claims.speech import (
    REPORT_FORMS,
    REPORTING,
    Said,
    find_tail,
    peel_opening,
    peel_speech,
)


class Clause(NamedTuple):
    """One assertion inside a sentence; offsets are into the sentence."""

    start: int
    end: int
    subject: str
    """The words before the verb; "" when they must be taken from an earlier clause."""
    predicate: str
    """The verb and what follows it."""
    link: str
    """How it hangs on the one before: main, and, which, participle, by, that, while."""
    comma: bool = False
    """True when a comma stands between subject and predicate."""
    frame: str = ""
    """The words that introduced it, e.g. "studies suggest that"."""
    denied: bool = False
    """True when "there is no evidence that" introduced it."""


LONGEST = 2000
"""Characters above which a "sentence" is a list or a table, which is not read."""
AUXILIARIES = """
    is are was were am be been being has have had having can could may might will
    would should must shall does do did cannot can't isn't aren't wasn't weren't
    doesn't don't didn't won't hasn't haven't
""".split()
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

_NOT_VERBS = frozenset(
    """
    use uses benefit benefits effects effect risk help aid support impact impacts
    change changes increase increases decrease result results cause causes link
    influence process work need report reports study claim claims state range
    display release taking treatments treatment show shows limit limits act remedy
    treat lead better gain raise sleep feel trigger triggers produce target targets
    cut stress bring create
""".split()
)
"""Forms that are as often nouns: they open a clause only after a modal or subject."""


def _verb_forms() -> frozenset[str]:
    bases = {
        *PLAIN_VERBS,
        *REPORTING,
        *(v for vs in VERBS.values() for v in vs.split()),
    }
    forms = {form for base in bases for form in inflect(base)}
    return frozenset(forms | REPORT_FORMS | {"binds", "bound", "lost", "took", "gave"})


VERB_FORMS = _verb_forms()
_CUE_BASES = frozenset(verb for verbs in VERBS.values() for verb in verbs.split())
_THIRD = "|".join(inflect(verb)[1] for verb in sorted(_CUE_BASES))
_BASE = "|".join(sorted(_CUE_BASES))
_CUE = f"{_THIRD}|{_BASE}"
_ORDERS = frozenset(PLAIN_VERBS) | _CUE_BASES | {"be", "do", "don't", "does", "did"}
"""Forms that give an order or ask at the start of a sentence."""
_DETERMINERS = frozenset(
    """
    a an the its their his her your our this these any some no
""".split()
)
_ADVERB = (
    r"(?:\w+ly|also|often|even|not|never|then|thus|thereby|further|still|only|both)"
)
_LAST_ADVERB = re.compile(r"(?<=\w)\s+(?:also|then|thus|even|still)$")
_AUX = "|".join(map(re.escape, AUXILIARIES))
_VERB = "|".join(sorted(map(re.escape, VERB_FORMS), key=len, reverse=True))
_FINITE = rf"(?:{_AUX}|{_VERB})"
_ING = "|".join(
    sorted(
        (f for f in VERB_FORMS if f.endswith("ing") and f != "including"),
        key=len,
        reverse=True,
    )
)
_JOINTS = re.compile(
    rf"""
    (?P<semi>;\s+|\s+[—–]\s+|\s+-\s+)
    |(?P<that>,?\s+(?:and\s+)?
      (?:remember|meaning|means|suggesting|finding|noting|showing)
      \s+(?:that\s+|(?=it\s|they\s)))
    |(?P<which>(?:,?\s+which|,\s+who)\s+)(?=(?:{_ADVERB}\s+)?{_FINITE}\b)
    |(?P<participle>,\s+(?:(?:{_ADVERB}|potentially|possibly)\s+)?)(?=(?:{_ING})\b)
    |(?P<by>\s+by\s+)(?=(?:{_ING})\b)
    |(?P<while>,?\s+(?:while|although|though|whereas|because|since|so\ that)\s+
      |,\s+as\s+)
    |(?P<and>,?\s+(?:and|but|or)\s+(?:then\s+|also\s+)?)
     (?=(?:(?:{_ADVERB}|potentially|possibly|may\ be)\s+)?{_FINITE}\b)
    |(?P<full>,\s+(?:and|but|so|yet)\s+)
    |(?P<list>,\s+)(?=(?:{_CUE})\s+(?!and\b|or\b|of\b))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LEADING_WORD = (
    r"^(?P<word>while|although|though|because|since|as|whereas|due to|given|despite|if|"
    r"when)\b\s*"
)
_LEADING = (
    re.compile(  # up to the main clause where that is plain to see, over other commas
        _LEADING_WORD + r"(?P<rest>.+?),\s+(?=it(?:'s|’s| is)\b|its\b|you\b|users?\b|"
        r"individuals\b|they\b|there\b|always\b|talk\b|consult\b|speak\b|ask\b)",
        re.IGNORECASE,
    ),
    re.compile(_LEADING_WORD + r"(?P<rest>[^,]+),\s+", re.IGNORECASE),
)
_HEAD = re.compile(rf"\b(?:{_FINITE})\b", re.IGNORECASE)


def split_clauses(sentence: str) -> tuple[Clause, ...]:
    """Return the assertions of a sentence, in order; () when it has no known verb.

    >>> [c.predicate for c in split_clauses("It is sold here and is classed as tea.")]
    ['is sold here', 'is classed as tea']
    >>> [c.link for c in split_clauses("It has an alkaloid, which acts on the brain.")]
    ['main', 'which']
    """
    clauses: list[Clause] = []
    said = peel_speech(sentence)
    rest = sentence[said.start : said.end]
    leading = next(filter(None, (p.match(rest) for p in _LEADING)), None)
    if leading:
        inside = said.start + leading.start("rest")
        if leading["word"].lower() not in _CONDITIONS:
            within = peel_opening(sentence, inside, said.start + leading.end("rest"))
            clauses += _pieces(sentence, within)
        after = peel_opening(sentence, said.start + leading.end(), said.end)
        said = after._replace(
            source=" ".join(filter(None, (said.source, after.source)))
        )
    clauses += _pieces(sentence, said)
    return tuple(clauses)


_CONDITIONS = frozenset(["if", "when", "due to", "given", "despite", "as"])


def _pieces(sentence: str, said: Said) -> list[Clause]:
    """Cut what is said at its joints into clauses."""
    found: list[Clause] = []
    at, link, end = said.start, "that" if said.source else "main", said.end
    ordered = False
    for joint in (*_JOINTS.finditer(sentence, at, end), None):
        if joint and (joint.start() < at or not _joins(sentence, at, joint, end)):
            continue
        piece = _clause(sentence, at, joint.start() if joint else end, link, said)
        ordered = not piece if link in {"main", "that"} else ordered
        if piece and not (ordered and link == "and" and not piece[0].subject):
            found += piece  # "do this and do that" stays out as a whole
        if joint:
            at, link = (
                joint.end(),
                _LINKS.get(joint.lastgroup or "", joint.lastgroup or ""),
            )
            said = said._replace(denied=said.denied and link == "and")
    return found


_LINKS = {"full": "main", "semi": "main", "list": "and"}


def _joins(sentence: str, at: int, joint: re.Match[str], end: int) -> bool:
    """Say whether what stands on both sides of a joint are clauses of their own."""
    kind = joint.lastgroup or "and"
    before, after = sentence[at : joint.start()], sentence[joint.end() : end]
    if kind != "that" and not _HEAD.search(before):
        return False
    if kind in {"full", "semi", "while", "that"}:
        heads = (m for m in _HEAD.finditer(after) if not m[0].lower().endswith("ing"))
        head = next(heads, None)
        return bool(
            head and head.start() > 0 and len(after[: head.start()].split()) <= 9
        )
    if kind == "list":
        return _lists_on(before, after)
    return kind != "and" or _coordinates(before, after)


def _lists_on(before: str, after: str) -> bool:
    """Say whether a list of predicates goes on: "lowers A, boosts B and eases C"."""
    word = after.split(maxsplit=1)[0].lower()
    if re.fullmatch(_BASE, word):
        modal = r"(?:can|may|might|could|will|would|to|helps?)"
        return bool(re.search(rf"\b{modal} (?:\w+ly )?(?:{_BASE})\b", before))
    return bool(re.search(rf"\b(?:{_THIRD})\b", before))


def _coordinates(before: str, after: str) -> bool:
    """Say whether "and" joins two predicates and not two nouns."""
    first = re.search(rf"(?:{_ADVERB}\s+)?({_FINITE})\b", after, re.IGNORECASE)
    word = first[1].lower() if first else ""
    if word in _NOT_VERBS:
        modal = re.search(r"\b(?:can|may|might|could|will|would|to)\b", before)
        if word.endswith("s") and word[:-1] in _CUE_BASES:
            return bool(re.search(rf"\b(?:{_THIRD})\b", before))
        return bool(modal) and word in _CUE_BASES
    if word.endswith("ing"):
        return bool(re.search(rf"\b(?:{_ING})\b", before))
    return not (word.endswith("ed") and _is_adjective(after))


def _is_adjective(after: str) -> bool:
    """Say whether an -ed word at the start describes a noun ("reduced levels of")."""
    return bool(re.match(r"\w+ed\s+\w+s?\s+(?:is|are|was|were|in|of|levels?)\b", after))


def _clause(sentence: str, start: int, end: int, link: str, said: Said) -> list[Clause]:
    text = sentence[start:end]
    left = len(text) - len(text.lstrip(" ,;"))
    right = len(text[: find_tail(text)].rstrip(" ,;.!?…\"'”’"))
    if right <= left:
        return []
    start, text = start + left, text[left:right]
    head = _head(text, link)
    if head is None:
        return []
    subject = _LAST_ADVERB.sub("", text[: head[0]].strip(" ,"))
    predicate = text[head[0] :]
    comma = text[: head[0]].rstrip().endswith(",")
    begin = said.begin if said.denied and start == said.start else start
    source, denied = said.source, said.denied
    return [
        Clause(
            begin, start + len(text), subject, predicate, link, comma, source, denied
        )
    ]


def _head(text: str, link: str) -> tuple[int, int] | None:
    """Return where the main verb of a clause stands, or None when there is none."""
    for match in _HEAD.finditer(text):
        word, before = match[0].lower(), text[: match.start()].lower().split()
        alone = not _without_adverbs(before)
        last = before[-1] if before else ""
        opens = link in {"main", "that"}
        gerund = word.endswith("ing") and (not alone or opens)
        if word in {"being", "having"} or gerund:
            continue
        if last in {"to", "which"} | _DETERMINERS and link != "by":
            continue
        if last in {"who", "that"} and len(before) > 1:
            continue  # "people who took it slept better": the verb comes later
        if word in _NOT_VERBS and not alone and not _after_subject(before, text, match):
            continue
        is_past = word.endswith("ed") or word in {"known", "found", "shown", "taken"}
        if is_past and not alone and _is_participle(text, match):
            continue
        if alone and opens and word in _NOT_VERBS and not _has_object(text, match):
            continue  # "sleep hygiene is …": a noun, as the verb that follows will tell
        if alone and opens and word in _NOT_VERBS | _ORDERS:
            return None
        return (0, match.end()) if alone else match.span()
    return None


def _has_object(text: str, match: re.Match[str]) -> bool:
    """Say whether a determiner or pronoun follows a verb form ("use the tea")."""
    following = text[match.end() :].lower().split(maxsplit=1)[:1]
    return bool(following) and following[0] in _DETERMINERS | {"it", "them", "yourself"}


def _without_adverbs(words: list[str]) -> list[str]:
    return [w for w in words if not re.fullmatch(rf"{_ADVERB}|potentially|possibly", w)]


def _after_subject(before: list[str], text: str, match: re.Match[str]) -> bool:
    """Say whether a noun-like verb form has a subject right before it ("it helps")."""
    last, form = before[-1], match[0].lower()
    if last in {"it", "they", "that", "who", "can", "may", "might", "could", "you"}:
        return True
    following = text[match.end() :].lower().split()[:1]
    if not following or following[0] in _STOPPERS:
        return False
    if last.endswith("s") and not form.endswith("s"):
        return form in _CUE_BASES or following[0] in {"from", "to", "the", "a", "an"}
    return form.endswith("s") and not last.endswith(("s", "'", "’"))


_STOPPERS = frozenset({"of", "on", "in", "for", "and", "or", "with", *AUXILIARIES})


def _is_participle(text: str, match: re.Match[str]) -> bool:
    """Say whether an -ed word only describes the noun before it ("pain caused by …").

    It does when a finite verb still follows.
    """
    return any(
        m[0].lower() in AUXILIARIES
        or (m[0].lower().endswith("s") and m[0].lower() not in _NOT_VERBS)
        for m in _HEAD.finditer(text, match.end())
    )
