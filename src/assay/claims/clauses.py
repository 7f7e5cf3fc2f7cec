"""A sentence cut into its assertions: one predicate each, with its subject.

No parser and no model: the joints of English health prose (relative clauses, "by …ing",
coordinated predicates, reported speech, subordinate clauses) are few and are listed
here. A joint counts only when a verb follows it (see `heads`); otherwise the words stay
together.
"""

import re
from typing import NamedTuple

from assay.claims.heads import (
    AUXILIARIES,
    CUE_BASES,
    DETERMINERS,
    ING_FORMS,
    MODALS,
    NEAR,
    NOT_VERBS,
    ORDERS,
    THIRDS,
    VERB_FORMS,
    WORD,
    find_head,
    is_adverb,
)
from assay.claims.speech import Said, find_tail, peel_opening, peel_speech
from assay.claims.verbs import ONLY_PARTICIPLES
from assay.claims.wording import HARMS


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
FARTHEST = 12
"""Most words of a subject after a joint: a verb farther on belongs elsewhere."""
_LAST_ADVERB = re.compile(r"(?<=\w)\s+(?:also|then|thus|even|still)$")
_OWN_SUBJECT = (
    r"(?:i|it|they|he|she|you|we|there|your|this|these|those|its|their|his|her|"
    r"the|an?|some|many|most|more|few|all|nobody|no one|no|not one|everything|people|"
    r"users|in)\b"
)
_JOINTS = re.compile(
    rf"""
    (?P<stop>(?<=[a-z][a-z])[.!?]\s+(?=[a-z]))
    |(?P<semi>;\s+|:\s+|\s+[—–]\s+|\s+-\s+)
    |(?P<that>,?\s+(?:and\s+)?
      (?:remember|meaning|means|suggesting|finding|noting|showing)
      \s+(?:that\s+|(?=(?:it|they|you)\b)))
    |(?P<which>(?:,?\s+which|,\s+who)\s+)
    |(?P<participle>,\s+(?:(?:\w+ly|thus|thereby|also|often|further)\s+)?)
      (?=\w+ing\b)
    |(?P<by>\s+by\s+)(?=\w+ing\b)
    |(?P<to>,?\s+(?:in\s+order\s+)?to\s+)
    |(?P<while>,?\s+(?:while|although|though|whereas|because|since|so\ that)\s+
      |,\s+(?:as|where|when|if)\s+)
    |(?P<full>,\s+(?:and|but|so|yet|then)\s+(?:so\s+|then\s+)?
      |\s+(?:and|but|so|yet)\s+(?={_OWN_SUBJECT}))
    |(?P<and>,?\s+(?:and|but|or)\s+(?:then\s+|also\s+|so\s+)?)
    |(?P<asyndeton>,\s+(?={_OWN_SUBJECT}))
    |(?P<list>,\s+)
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
_LEADING_BY = re.compile(r"by\s+(?=(?P<ing>\w+ing)\b)(?P<rest>[^,]+),\s+", re.I)


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
    means = _LEADING_BY.match(rest) if not leading else None
    if means and means["ing"].lower() in ING_FORMS:
        start, end = (said.start + at for at in means.span("rest"))
        clauses += _pieces(sentence, said._replace(start=said.start + means.end()))
        clauses += _clause(sentence, start, end, "by", said) if clauses else ()
        return tuple(clauses)
    clauses += _pieces(sentence, said)
    return tuple(clauses)


_CONDITIONS = frozenset(["if", "when", "due to", "given", "despite", "as"])


def _pieces(sentence: str, said: Said) -> list[Clause]:
    """Cut what is said at its joints into clauses."""
    found: list[Clause] = []
    at, link, end = said.start, "that" if said.source else "main", said.end
    ordered = False
    for joint in (*_JOINTS.finditer(sentence, at, end), None):
        if joint and not _cuts(sentence, at, joint, end, link):
            continue
        here = joint.start() if joint else end
        if link == "main" and found:
            at = max(at, peel_opening(sentence, at, here).start)
        asked = sentence[here : here + 1] == "?"
        piece = [] if asked else _clause(sentence, at, here, link, said)
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


_LINKS = {
    "full": "main", "semi": "main", "stop": "main", "asyndeton": "main",
    "list": "and", "to": "participle",
}  # fmt: skip


def _cuts(sentence: str, at: int, joint: re.Match[str], end: int, link: str) -> bool:
    """Say whether a joint behind `at` is one where the sentence is cut."""
    if joint.start() < at:
        return False
    return joint.lastgroup == "stop" or _joins(sentence, at, joint, end, link)


def _joins(sentence: str, at: int, joint: re.Match[str], end: int, link: str) -> bool:
    """Say whether what stands on both sides of a joint are clauses of their own."""
    kind = joint.lastgroup or "and"
    before = sentence[at : joint.start()]
    after = sentence[joint.end() : min(end, joint.end() + NEAR)]
    head = find_head(before, link) if kind != "that" else (0, 0)
    if head is None:
        ordered = kind == "full" and _first_word(before) in ORDERS
        return (ordered and _has_own_subject(after)) or (
            kind == "semi" and _opens_with_a_label(before, after)
        )
    first = _first_word(after)
    if kind in {"full", "semi", "while", "that", "asyndeton"}:
        told = after[peel_opening(after, 0, len(after)).start :]
        return _has_own_subject(told) or (kind == "semi" and _has_own_subject(after))
    if kind == "by" and before[head[0] :].lower().split()[-1] in _DOES:
        return False  # "it works by blocking Y" is one assertion
    if kind in {"participle", "by"}:
        return first in ING_FORMS and not _opens_a_noun(after)
    if kind == "to":
        return _has_purpose(before, after, head)
    if kind == "which":
        return first in AUXILIARIES or first in VERB_FORMS
    if before[: head[0]].lower().endswith("there "):
        return False
    if kind == "list":
        return _lists_on(before, after, head)
    if link == "and" and not head[0] and first in CUE_BASES:
        return _main_word(before, head) in CUE_BASES
    return _coordinates(before, after, head)


def _opens_with_a_label(before: str, after: str) -> bool:
    """Say whether a few words without a verb only announce the assertion behind them.

    "New and kinda wild: one dose improved sleep".
    """
    few = len(before.split()) <= LONGEST_LABEL
    return few and HARMS.search(before) is None and _has_own_subject(after)


LONGEST_LABEL = 5
"""Words above which what stands before a colon is no mere label."""


def _first_word(text: str) -> str:
    """Return the first word that is no adverb, in lower case."""
    for match in WORD.finditer(text):
        if not is_adverb(match[0]):
            return match[0].lower().replace("’", "'")
    return ""


def _has_own_subject(after: str) -> bool:
    """Say whether a subject and its verb open a text, without a comma between."""
    head = find_head(after, "main")
    if head is None or head[0] == 0:
        return False
    subject = after[: head[0]]
    short = len(subject.split()) <= FARTHEST
    return short and not re.search(r"[,;:]\s+(?!who|which|that)", subject)


_DOES = frozenset("works work worked acts act acted".split())
_DOING = re.compile(
    r"\b(?:acts?|acting|works?|working|binds?|binding|engages?|interacts?|blocks?|"
    r"activates?|stimulates?|inhibits?|modulates?|affects?|mimics?|targets?|"
    r"influences?|latch(?:es)?|attach(?:es)?|combines?|reacts?|helps?|cross(?:es)?|"
    r"enters?|signals?|switch(?:es)?)\b",
    re.IGNORECASE,
)
_TAKES_TO = re.compile(
    r"(?:\w+ed|likely|unlikely|able|unable|way|ways|ability|time|need|how|potential|"
    r"capacity|tendency|enough|order|as|it|them|you|people|longer|more|less|"
    r"helps?|works?|tends?|seems?|appears?|needs?|close|similar|response|responds?|"
    r"relation|due|addition|sensitivity|exposure)$",
    re.IGNORECASE,
)


def _has_purpose(before: str, after: str, head: tuple[int, int]) -> bool:
    """Say whether "to" tells what an action brings about: "acts on it to ease Y"."""
    first = _first_word(after)
    if first not in CUE_BASES and first not in {"produce", "quiet", "offer", "give"}:
        return False
    return bool(_DOING.search(before[head[0] :])) and not _TAKES_TO.search(before)


def _lists_on(before: str, after: str, head: tuple[int, int]) -> bool:
    """Say whether a list of predicates goes on: "lowers A, boosts B and eases C"."""
    word = _first_word(after)
    following = after.lower().split(maxsplit=2)[1:2]
    if not following or following[0] in {"and", "or", "of"}:
        return False
    if word in CUE_BASES:
        return _is_governed(before)
    return word in THIRDS and _main_word(before, head) in THIRDS


def _is_governed(before: str) -> bool:
    """Say whether a base form goes with "can", "to" or "helps" earlier on."""
    return bool(
        re.search(
            rf"\b(?:{_MODALS}|to|helps?|help you) (?:\w+ly )?(?:{_BASES})\b", before
        )
    )


_MODALS = "|".join(sorted(MODALS))
_BASES = "|".join(sorted(CUE_BASES))


def _coordinates(before: str, after: str, head: tuple[int, int]) -> bool:
    """Say whether "and" joins two predicates and not two nouns."""
    word, main = _first_word(after), _main_word(before, head)
    if word not in VERB_FORMS and word not in AUXILIARIES:
        return False
    if word.endswith("ing"):
        return any(w[0].lower() in ING_FORMS for w in WORD.finditer(before))
    if word in ONLY_PARTICIPLES:
        return bool(re.search(r"\b(?:is|are|was|were|been|be)\b", before))
    if word in NOT_VERBS and word in THIRDS:
        return main in THIRDS and not _opens_a_noun(after)
    if word in NOT_VERBS:
        if main in CUE_BASES | VERB_FORMS - THIRDS and not main.endswith("ed"):
            return not _opens_a_noun(after) and bool(_NEXT_OF_VERB.match(after))
        return _is_governed(before) and word in CUE_BASES
    return not (word.endswith("ed") and _is_adjective(after))


_NEXT_OF_VERB = re.compile(
    rf"(?:\w+ly )?\w+ (?:{'|'.join(sorted(DETERMINERS))}|it|them|you|more|less|better|"
    r"about|around|from|up|down|off|out|away|\d)",
    re.IGNORECASE,
)


def _opens_a_noun(after: str) -> bool:
    """Say whether the first word goes on as a noun: "effects of", "risk is"."""
    following = after.lower().split(maxsplit=2)[1:2]
    first = after.split(maxsplit=1)[:1]
    return (
        not following
        or first[0].endswith(",")
        or following[0] in {"of", "and", "or"} | AUXILIARIES
    )


def _main_word(before: str, head: tuple[int, int]) -> str:
    words = before[: head[1]].lower().split()
    return words[-1] if words else ""


def _is_adjective(after: str) -> bool:
    """Say whether an -ed word at the start describes a noun ("reduced levels of")."""
    return bool(re.match(r"\w+ed\s+\w+s?\s+(?:is|are|was|were|in|of|levels?)\b", after))


_LEFT_OVER = re.compile(r",?\s+(?:and|or|but)(?:,\s+in\s[^,]*)?$", re.IGNORECASE)
"""What a joint leaves at the end of the piece before it."""


def _clause(sentence: str, start: int, end: int, link: str, said: Said) -> list[Clause]:
    text = sentence[start:end]
    left = len(text) - len(text.lstrip(" ,;"))
    kept = _LEFT_OVER.sub("", text[: find_tail(text)])
    right = len(kept.rstrip(" ,;:.!?…\"'”’"))
    if right <= left:
        return []
    start, text = start + left, text[left:right]
    head = find_head(text, link)
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


_SHORT_FORMS = {"s": "is", "re": "are", "ll": "will", "ve": "have", "m": "am"}


def spell_out(clause: Clause) -> Clause:
    """Write a shortened verb in full: "’s safe" after "it" becomes "is safe".

    >>> (clause,) = split_clauses("It’s safe.")
    >>> clause.predicate, spell_out(clause).predicate
    ('’s safe', 'is safe')
    """
    short = re.match(r"['’]?(s|re|ll|ve|m)\b", clause.predicate)
    if not short:
        return clause
    rest = clause.predicate[short.end() :]
    been = short[1] == "s" and re.match(r"\s+(?:\w+ly\s+)?(?:been|got)\b", rest)
    return clause._replace(
        predicate=f"{'has' if been else _SHORT_FORMS[short[1]]}{rest}"
    )
