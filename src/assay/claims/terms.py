"""From a claim to the words to look for: PubMed queries, narrow first, then wider."""

from collections.abc import Iterable
from dataclasses import dataclass

from assay.claims.vocabulary import Concept, Vocabulary
from assay.model import Claim, ClaimType, Direction, Term

GROUP_LIMIT = 60
"""Most words of one group in a query; narrower concepts come last and are cut first."""
_GUIDELINE = Concept(
    key="-guideline",
    kind="ignored",
    label="recommendations",
    words=("guideline*", "recommend*", "first line"),
)
_FREQUENCY = Concept(
    key="-frequency",
    kind="ignored",
    label="frequency",
    words=("prevalence", "prevalent", "common", "epidemiology"),
)
_DENIED = (
    "no effect*", "no difference*", "no benefit*", "no improvement", "no association",
    "not associated", "not effective", "ineffective", "no significant",
)  # fmt: skip
_WORSE = ("worse*", "adverse*", "harm*", "toxic*", "side effect*")
_BETTER = ("improv*", "effective*", "benefi*", "increas*", "reduc*")
_UNHARMED = (
    "safe*", "tolerat*", "protective", "no increase*", "no association",
    "not associated", "no difference*", "no evidence", "no significant",
)  # fmt: skip
_WITH_EXPOSURE_ALONE = frozenset(
    """
    contains located used-for evidence-state dose regulated is varies acts-on
    recommended
    precaution occurs safe
    """.split()
)
"""Relations for which any study of the exposure may speak."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One search for a claim: every group must be met, by any one of its words."""

    label: str
    """What is looked for, in words."""
    groups: tuple[tuple[str, ...], ...]
    """Lower case words and phrases; a final `*` lets a word go on."""
    query: str
    """The same in PubMed's syntax."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The searches for one claim, narrowest first."""

    steps: tuple[Step, ...]
    words: tuple[tuple[str, tuple[str, ...]], ...]
    """(concept, its words), for a person to see."""
    against: tuple[str, ...] = ()
    """Words of studies that would speak against the claim; () where none are known."""


def plan_search(claim: Claim, words: Vocabulary) -> Plan:
    """Return the searches for a claim; no step when it names nothing to look for.

    >>> from assay.claims.vocabulary import parse_vocabulary
    >>> from assay.model import ClaimType, Frame, Span
    >>> words = parse_vocabulary('[tea]\\nkind="exposure"\\nwords=["green tea"]')
    >>> claim = Claim(sentence="", start=0, end=0, clause=Span(0, 0), text="",
    ...     type=ClaimType.DESCRIPTION, frame=Frame(exposure=(Term("tea", "tea"),)))
    >>> plan_search(claim, words).steps[0].query
    '"green tea"[tiab]'
    """
    frame = claim.frame
    exposure = _concepts(frame.exposure, words)
    outcome = _concepts(frame.outcome, words)
    if frame.relation == "precaution" and not outcome:
        outcome = _keys(("interactions", "adverse-effects"), words)
    population = _concepts(frame.population, words)
    wider = _wider(outcome, words)
    tries: list[tuple[tuple[Concept, ...], ...]] = []
    if frame.relation == "recommended":
        tries += [(exposure, outcome), (outcome, (_GUIDELINE,))]
    elif frame.relation == "common" and not exposure:
        tries += [(outcome, population), (outcome, (_FREQUENCY,))]
    else:
        tries += [
            (exposure, outcome, population),
            (exposure, outcome),
            (exposure, wider),
        ]
    if frame.relation in _WITH_EXPOSURE_ALONE or not outcome:
        tries.append((exposure,))
    steps: dict[str, Step] = {}
    for groups in tries:
        full = tuple(g for g in groups if g)
        if full and (len(full) > 1 or full[0] != population):
            step = _step(full, words)
            steps.setdefault(step.query, step)
    named = (*exposure, *outcome, *population)
    return Plan(
        steps=tuple(steps.values()),
        words=tuple((c.label, _group_words((c,), words)) for c in named),
        against=find_against(claim),
    )


def find_against(claim: Claim) -> tuple[str, ...]:
    """Return words of studies that speak against a claim, () when none are known.

    Against "improves" speak no effect and worse; against a harm, being safe or no more
    of it; against "safe" or "no effect", a harm or an effect.
    """
    frame = claim.frame
    if frame.relation == "effect":
        denies = frame.negated or frame.direction is Direction.NO_EFFECT
        harms = claim.type is ClaimType.SAFETY or frame.direction is Direction.WORSENS
        return _BETTER + _WORSE if denies else _UNHARMED if harms else _DENIED + _WORSE
    if frame.relation in {"occurs", "precaution"}:
        return _WORSE if frame.negated else _UNHARMED
    return _WORSE if frame.relation == "safe" else ()


def oppose(step: Step, against: tuple[str, ...]) -> Step:
    """Return a search for those of a step's records that speak against the claim.

    >>> step = Step(label="tea", groups=(("tea",),), query='"tea"[tiab]')
    >>> oppose(step, ("worse*", "no effect*")).query
    '("tea"[tiab]) AND (worse*[tiab] OR "no effect*"[tiab])'
    """
    terms = " OR ".join(map(_tagged, against))
    return Step(
        label=f"{step.label}, against it",
        groups=(*step.groups, against),
        query=f"({step.query}) AND ({terms})",
    )


def _concepts(terms: Iterable[Term], words: Vocabulary) -> tuple[Concept, ...]:
    return _keys((t.concept for t in terms), words)


def _keys(keys: Iterable[str], words: Vocabulary) -> tuple[Concept, ...]:
    known = dict.fromkeys(k for k in keys if k in words.concepts)
    return tuple(words.concepts[k] for k in known)


def _wider(outcome: tuple[Concept, ...], words: Vocabulary) -> tuple[Concept, ...]:
    """Return the outcomes' wider concepts, for a search that found too little."""
    keys = dict.fromkeys(k for c in outcome for k in sorted(words.ancestors(c.key)))
    return _keys(keys, words)


def _step(groups: tuple[tuple[Concept, ...], ...], words: Vocabulary) -> Step:
    label = " and ".join(" or ".join(c.label for c in group) for group in groups)
    parts = [_pubmed_group(group, words) for group in groups]
    query = parts[0] if len(parts) == 1 else " AND ".join(f"({p})" for p in parts)
    return Step(
        label=label, groups=tuple(_group_words(g, words) for g in groups), query=query
    )


def _family(group: Iterable[Concept], words: Vocabulary) -> tuple[Concept, ...]:
    """Return the concepts of a group and all that lie within them, each once."""
    found: dict[str, Concept] = {}
    for concept in group:
        for inside in words.narrower(concept.key) or (concept,):
            found.setdefault(inside.key, inside)
    return tuple(found.values())


def _group_words(group: Iterable[Concept], words: Vocabulary) -> tuple[str, ...]:
    met = dict.fromkeys(w for c in _family(group, words) for w in c.words)
    return tuple(met)[:GROUP_LIMIT]


def _pubmed_group(group: tuple[Concept, ...], words: Vocabulary) -> str:
    family = _family(group, words)
    terms = [_tagged(w) for w in _group_words(group, words)]
    terms += [f'"{heading}"[mh]' for c in family for heading in c.mesh]
    terms += [f'"{name}"[nm]' for c in family for name in c.substances]
    return " OR ".join(dict.fromkeys(terms))


def _tagged(word: str) -> str:
    """Return a word with its tag: PubMed truncates only after four letters.

    >>> _tagged("sedat*"), _tagged("7-oh"), _tagged("die*")
    ('sedat*[tiab]', '"7-oh"[tiab]', '"die"[tiab]')
    """
    clean = word.replace('"', " ").strip()
    stem = clean.removesuffix("*")
    if clean.endswith("*") and " " not in clean and len(stem) >= 4:
        return f"{stem}*[tiab]"
    if clean.endswith("*") and len(stem.split()[-1]) >= 4:
        return f'"{stem}*"[tiab]'
    return f'"{stem}"[tiab]'
