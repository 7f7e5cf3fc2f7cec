"""An ailment that a claim names only as the state people are in, not as what changes.

"Helps people sleep through withdrawal" is a claim about sleep, in withdrawal: a study
of sleep alone, or of withdrawal alone, does not answer it. In PICO: the population.
"""

import re

from assay.claims.parts import Parts
from assay.claims.vocabulary import Mention, Vocabulary
from assay.model import Term

_BEFORE = re.compile(
    r"\b(?:(?:die|dies|dying|died|deaths?|mortality|survival|survive|surviving) "
    r"(?:of|from|with|in)|(?:people|patients|adults|women|men|children|those|babies|"
    r"individuals) (?:with|who have|living with|suffering from)|(?:during|throughout|"
    r"through|amid|after|following|while in|when in|despite)"
    r"|(?<!reduction )(?<!decrease )(?<!increase )(?<!improvement )(?<!improvements )"
    r"(?<!reductions )(?<!change )(?<!changes )(?<!decline )(?<!rise )(?<!drop )"
    r"(?<!fall )(?<!difference )(?<!differences )(?<!role )(?<!result )(?<!results )"
    r"(?<!spike )(?<!surge )(?<!gain )(?<!loss )(?<!resulting )(?<!or )in)"
    r" (?:(?:the|a|an|acute|severe|mild|chronic|early|late|active|major|their|your|"
    r"patients with|people with|adults with|those with) ){0,3}$",
    re.IGNORECASE,
)


def find_circumstances(
    parts: Parts, outcome: tuple[Term, ...], vocabulary: Vocabulary
) -> tuple[Term, ...]:
    """Return those outcome terms that only tell in what state the people are.

    An ailment behind "during", "through" or "in", when something else before it is
    what changes. () where nothing else is.
    """
    wanted = {term.concept for term in outcome}
    met = [m for m in parts.mentions if m.concept in wanted]
    states = {m.concept for m in met if _is_state(m, parts, vocabulary)}
    changes = [m for m in met if m.concept not in states]
    if not changes:
        return ()
    first = min(m.start for m in changes)
    late = {m.concept for m in met if m.concept in states and m.start > first}
    return tuple(term for term in outcome if term.concept in late)


def _is_state(mention: Mention, parts: Parts, vocabulary: Vocabulary) -> bool:
    concept = vocabulary.concepts[mention.concept]
    ailment = concept.kind == "outcome" and concept.sense < 0
    patients = _PATIENTS.match(parts.whole, mention.end)
    return ailment and bool(patients or _BEFORE.search(parts.whole[: mention.start]))


_PATIENTS = re.compile(r"[ -](?:patients?|sufferers?|survivors?|cases)\b", re.I)
