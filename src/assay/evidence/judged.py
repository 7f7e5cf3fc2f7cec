"""The answer that a rule gives about one sentence."""

from typing import NamedTuple

from assay.model import Stance


class Judged(NamedTuple):
    """A stance with the rule that decided it."""

    stance: Stance
    rule: str
    why: str
    """The rule in one plain sentence."""
    closeness: float = 1.0
    """1 when it speaks of just what the claim does, less of something near it."""
    other_outcome: bool = False
    """True when the outcome is a neighbour of the claimed one."""


NEUTRAL = Judged(
    Stance.NEUTRAL, "silent", "It does not speak of what the claim asserts."
)


def neutral(rule: str, why: str) -> Judged:
    """Return a neutral answer that says why the sentence does not count."""
    return Judged(Stance.NEUTRAL, rule, why)
