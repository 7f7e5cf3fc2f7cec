"""Turn a finding into its opposite, by rule: for silver pairs that contradict.

Every change has its inverse in the table, so that a set in which each change is drawn
as often as its inverse gives a reader of the claim alone nothing to learn.
"""

import re
from typing import NamedTuple


class Reversed(NamedTuple):
    """A claim that says the opposite, and what was changed."""

    text: str
    change: str
    """E.g. "increased>decreased"."""
    inverse: str
    """The change that would undo it."""


_PAIRS = """
increase decrease|increases decreases|increased decreased|increasing decreasing
increased reduced|increases reduces|increase reduce|increase reduction
higher lower|greater smaller|more less|longer shorter|better worse|larger smaller
faster slower|stronger weaker|earlier later|highest lowest
improve worsen|improves worsens|improved worsened|improvement worsening
improving worsening|enhance impair|enhances impairs|enhanced impaired
promote inhibit|promotes inhibits|promoted inhibited|promotes suppresses
stimulates inhibits|induces suppresses|induced suppressed|activates inhibits
upregulated downregulated|up-regulated down-regulated|upregulates downregulates
accelerates delays|accelerated delayed|exacerbates alleviates|aggravates ameliorates
exacerbated alleviated|aggravated ameliorated|positively negatively|positive negative
superior inferior|effective ineffective|safe unsafe|beneficial harmful
sufficient insufficient|necessary unnecessary|common rare|frequent infrequent
similar different|comparable different|feasible unfeasible|likely unlikely
protective harmful|elevated reduced|upregulation downregulation|high low
favourable unfavourable|favorable unfavorable|raised lowered|susceptible resistant
prevents causes|prevented caused|prevent cause
"""
_SWAPS: dict[str, tuple[str, ...]] = {}
for _pair in re.split(r"[|\n]", _PAIRS.strip()):
    _one, _other = _pair.split()
    _SWAPS[_one] = (*_SWAPS.get(_one, ()), _other)
    _SWAPS[_other] = (*_SWAPS.get(_other, ()), _one)
_WORD = re.compile(r"[A-Za-z-]+")
_AUX = r"(?:is|are|was|were|does|do|did|can|could|may|might|should|will|has|have|had)"
_NOT = re.compile(rf"\b({_AUX}) not\b(?: (?:significantly|statistically))?", re.I)
_CAN_NOT = re.compile(rf"\b({_AUX})\b(?! not\b)", re.I)
_NO = (
    (re.compile(r"\bno (?:significant |clear |statistically significant )?"
                r"(difference|differences|effect|effects|association|correlation|"
                r"evidence|benefit|impact|change|changes|relationship|increase|"
                r"influence|improvement|advantage)\b", re.I), r"a significant \1",
     "no>a", "a>no"),
    (re.compile(r"\b(?:a|an) (?:significant |clear |strong )?"
                r"(difference|effect|association|correlation|benefit|impact|change|"
                r"relationship|increase|influence|improvement|advantage)\b", re.I),
     r"no \1", "a>no", "no>a"),
    (re.compile(r"\bfailed to\b", re.I), "was able to", "failed>able", "able>failed"),
    (re.compile(r"\bwas able to\b", re.I), "failed to", "able>failed", "failed>able"),
    (re.compile(r"\bnot associated with\b", re.I), "associated with", "not>", ">not"),
    (re.compile(r"\bunaffected by\b", re.I), "affected by", "un>", ">un"),
)  # fmt: skip


def reverse(text: str) -> tuple[Reversed, ...]:
    """Return every way in which one change turns a claim round; () when none is known.

    >>> [r.text for r in reverse("Tea increased sleep time.")]
    ['Tea decreased sleep time.', 'Tea reduced sleep time.']
    >>> [r.text for r in reverse("Tea was not harmful.")]
    ['Tea was not beneficial.', 'Tea was not protective.', 'Tea was harmful.']
    """
    found = []
    for match in _WORD.finditer(text):
        for other in _SWAPS.get(match[0].lower(), ()):
            new = other.capitalize() if match[0][0].isupper() else other
            found.append(
                Reversed(
                    text[: match.start()] + new + text[match.end() :],
                    f"{match[0].lower()}>{other}",
                    f"{other}>{match[0].lower()}",
                )
            )
    found = [r for r in found if not r.change.startswith(("high>", "low>"))
             or re.search(r"\b(?:high|low) (?:risk|level|rate)", text)]  # fmt: skip
    for pattern, new, change, inverse in _NO:
        if pattern.search(text):
            found.append(Reversed(pattern.sub(new, text, count=1), change, inverse))
    if match := _NOT.search(text):
        bare = text[: match.start()] + match[1] + text[match.end() :]
        found.append(Reversed(bare, "not>", ">not"))
    elif match := _CAN_NOT.search(text):
        found.append(
            Reversed(f"{text[: match.end()]} not{text[match.end() :]}", ">not", "not>")
        )
    return tuple(found)
