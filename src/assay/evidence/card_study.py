"""The flags that one sentence of one study raises for a claim: every rule in turn."""

from collections.abc import Callable

from assay.evidence.card import Asked, raise_by_line
from assay.evidence.card_conduct import (
    find_association,
    find_interest,
    find_no_control,
    find_self_report,
    find_small,
    find_subgroup,
)
from assay.evidence.card_given import (
    find_other_dose,
    find_other_duration,
    find_other_product,
    find_other_route,
)
from assay.evidence.card_people import (
    find_in_vitro,
    find_narrower_population,
    find_other_population,
    find_other_species,
)
from assay.evidence.card_wording import find_dropped_hedge, find_surrogate
from assay.model import Flag


def find_other_outcome(asked: Asked) -> Flag | None:
    """Return the flag of an outcome that is a neighbour of the claimed one."""
    near = asked.judged.other_outcome
    return raise_by_line("other-outcome", asked.line) if near else None


STUDY_RULES: dict[str, Callable[[Asked], Flag | None]] = {
    "other-species": find_other_species,
    "in-vitro-only": find_in_vitro,
    "other-population": find_other_population,
    "narrower-population": find_narrower_population,
    "other-outcome": find_other_outcome,
    "surrogate-outcome": find_surrogate,
    "other-dose": find_other_dose,
    "other-duration": find_other_duration,
    "other-route": find_other_route,
    "other-product": find_other_product,
    "association-as-cause": find_association,
    "subgroup-only": find_subgroup,
    "no-control-group": find_no_control,
    "self-report": find_self_report,
    "small-study": find_small,
    "conflict-of-interest": find_interest,
    "hedge-dropped": find_dropped_hedge,
}
"""Code of a flag to the rule that raises it, in the order of a card."""
_ALREADY_TOLD = {
    "other-species": frozenset(STUDY_RULES) - {"other-species"},
    "in-vitro-only": frozenset(STUDY_RULES) - {"in-vitro-only"},
}
"""A flag that says all: what else could be said of a study of rats misleads."""


def find_study_flags(asked: Asked) -> tuple[Flag, ...]:
    """Return every way in which a claim goes beyond one study that speaks of it.

    Where it was found in animals or the laboratory, that alone is told.
    """
    flags: list[Flag] = []
    for code, rule in STUDY_RULES.items():
        if any(code in _ALREADY_TOLD.get(f.code, ()) for f in flags):
            continue
        flag = rule(asked)
        if flag is not None:
            flags.append(flag)
    return tuple(flags)
