"""A second opinion on sentences in which the rules find nothing: a sum over words.

Logistic regression on the words, pairs of words and endings of a sentence, fitted on
the marked articles of tests/eval/articles/dev and nothing else. It is asked only where
the rules find no claim, and it cannot say what is claimed: only that something is.
"""

import math
import re
from itertools import pairwise

from assay.claims.chance_words import BIAS, WEIGHTS

LIKELY = 0.8
"""Chance from which a sentence without a claim is read again, 0 to 1.

Chosen on articles left out of the fitting one by one (`python -m tests.eval.chances`).
"""
_TOKEN = re.compile(r"[a-z0-9][\w'.,-]*\w|[a-z0-9]|[?!%:“\"]")
_NUMBER = re.compile(r"\d[\d.,]*")
_STEP = 5
"""Words by which sentences are told apart by their length."""
_LONGEST = 6
"""Steps of length above which all sentences are alike."""


def features(sentence: str) -> frozenset[str]:
    """Return what is told of a sentence: its words, pairs, endings, edges and length.

    >>> sorted(features("Tea calms."))
    ['#0', '$calms', '^tea', 'calms', 'tea', 'tea_calms']
    """
    low = sentence.lower().replace("’", "'")
    words = [_NUMBER.sub("0", word) for word in _TOKEN.findall(low)]
    found = {*words, *map("_".join, pairwise(words))}
    found |= {f"~{word[-3:]}" for word in words if len(word) > _STEP}
    if words:
        found |= {f"^{words[0]}", f"${words[-1]}"}
    found.add(f"#{min(_LONGEST, len(words) // _STEP)}")
    return frozenset(found)


def chance(sentence: str) -> float:
    """Return the chance that a sentence asserts something about health, 0 to 1.

    >>> chance("It lowers the risk of heart attacks.") > chance("Read more here.")
    True
    """
    return weigh(features(sentence), WEIGHTS, BIAS)


def weigh(told: frozenset[str], weights: dict[str, float], bias: float) -> float:
    """Return the chance that features add up to, by the weights known of them.

    >>> weigh(frozenset({"a", "b"}), {"a": 0.0}, 0.0)
    0.5
    """
    known = sorted(weights[x] for x in told if x in weights)
    total = bias + math.fsum(known) / math.sqrt(len(known) + 1)
    return 1 / (1 + math.exp(-total))
