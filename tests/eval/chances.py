"""Fit the second opinion on sentences, and say what it adds to the rules.

`python -m tests.eval.chances` leaves each development article out once and prints
recall and precision with and without it; `--write` fits on all and writes the module.
The held articles are never read here.
"""

import argparse
import math
import random
import sys
from collections import defaultdict
from pathlib import Path
from textwrap import wrap
from typing import NamedTuple

from assay.claims.chance import features, weigh
from assay.claims.find import find_claims
from assay.claims.topics import widen
from tests.eval.claims_found import HERE, read_marked, read_words

MODULE = Path(__file__).parents[2] / "src/assay/claims/chance_words.py"
ROUNDS, RATE, DECAY, LEAST = 25, 0.3, 0.002, 0.3
LEVELS = (0.7, 0.75, 0.8, 0.85, 0.9)


class Row(NamedTuple):
    """One marked sentence."""

    document: str
    told: frozenset
    wanted: bool
    ruled: bool
    """Whether the rules alone find a claim in it."""


def read_rows():
    """Return the marked sentences of the development articles."""
    words, rows = read_words(), []
    for path in sorted((HERE / "dev").glob("*.jsonl")):
        article, marked = read_marked(path)
        claims = find_claims(article, widen(words, article), second_opinion=False)
        places = [sum(c.clause) / 2 for c in claims if c.checkable]
        for row in marked:
            if row.kind != "arguable" and row.start >= 0:
                ruled = any(row.start <= at < row.end for at in places)
                told = features(row.sentence)
                rows.append(Row(path.stem, told, row.kind == "claim", ruled))
    return rows


def fit(rows):
    """Return weights and bias by AdaGrad, the same for the same rows."""
    seen = defaultdict(set)
    for row in rows:
        for name in row.told:
            seen[name].add(row.document)
    weights = {name: 0.0 for name in sorted(seen) if len(seen[name]) > 1}
    steps = dict.fromkeys(weights, 1e-3)
    bias, bias_steps = 0.0, 1e-3
    data = [(sorted(x for x in r.told if x in weights), r.wanted) for r in rows]
    order, chooser = list(range(len(data))), random.Random(1)
    for _ in range(ROUNDS):
        chooser.shuffle(order)
        for told, wanted in (data[i] for i in order):
            scale = 1 / math.sqrt(len(told) + 1)
            total = bias + scale * sum(weights[x] for x in told)
            error = 1 / (1 + math.exp(-total)) - wanted
            bias_steps += error * error
            bias -= RATE * error / math.sqrt(bias_steps)
            for name in told:
                slope = error * scale + DECAY * weights[name]
                steps[name] += slope * slope
                weights[name] -= RATE * slope / math.sqrt(steps[name])
    kept = {x: round(w, 1) for x, w in weights.items() if abs(w) >= LEAST}
    return kept, round(bias, 1)


def leave_out(rows):
    """Return the chance of each row by weights that never saw its article."""
    found = {}
    for name in sorted({r.document for r in rows}):
        weights, bias = fit([r for r in rows if r.document != name])
        here = [i for i, r in enumerate(rows) if r.document == name]
        found |= {i: weigh(rows[i].told, weights, bias) for i in here}
    return [found[i] for i in range(len(rows))]


def show(title, rows, told):
    """Return recall and precision of sentences as a line."""
    right = sum(r.wanted for r, t in zip(rows, told, strict=True) if t)
    recall, precision = right / sum(r.wanted for r in rows), right / max(1, sum(told))
    return f"{title:<24} recall {recall:.3f}  precision {precision:.3f}\n"


def write(weights, bias):
    """Write the module that holds the weights."""
    words = " ".join(f"{name}={weight:g}" for name, weight in sorted(weights.items()))
    lines = "\n".join(
        f"    {x}"
        for x in wrap(words, 84, break_long_words=False, break_on_hyphens=False)
    )
    MODULE.write_text(
        '"""The weights of `chance`: `python -m tests.eval.chances --write`."""'
        f'\n\nBIAS = {bias:g}\n"""What is added whatever a sentence says."""\n'
        f'_TOLD = r"""\n{lines}\n"""\n'
        "WEIGHTS = {\n"
        "    name: float(weight)\n"
        '    for name, _, weight in (x.rpartition("=") for x in _TOLD.split())\n}\n'
        '"""What each feature of a sentence adds."""\n',
        encoding="utf-8",
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="fit on all and write")
    asked = parser.parse_args()
    rows = read_rows()
    if asked.write:
        write(*fit(rows))
        return
    chances, out = leave_out(rows), sys.stdout.write
    out(show("rules", rows, [r.ruled for r in rows]))
    out(show("words alone, 0.5", rows, [c > 0.5 for c in chances]))
    for level in LEVELS:
        both = [r.ruled or c > level for r, c in zip(rows, chances, strict=True)]
        out(show(f"rules or words, {level}", rows, both))


if __name__ == "__main__":
    main()
