"""The floors of quality: what was reached once must be reached again.

`python -m tests.eval.floors NAME=VALUE …` raises floors in floors.json. It refuses to
lower one, unless that one is named: `--lower NAME`. A floor whose name ends in
`-at-most` is a ceiling: it may only sink.
"""

import argparse
import json
import math
import sys
from pathlib import Path

FILE = Path(__file__).parent / "floors.json"
CEILING = "-at-most"
"""Ends the name of a floor that is a ceiling, e.g. of an error rate."""


def read_floors():
    return json.loads(FILE.read_text(encoding="utf-8"))


def is_worse(name, value, floor):
    """Say whether a value lies under a floor; above it where it is a ceiling.

    >>> is_worse("found", 3, 4), is_worse("wrong-way-at-most", 0.3, 0.2)
    (True, True)
    """
    return value > floor if name.endswith(CEILING) else value < floor


def hold(name, reached):
    """Fail when a figure lies under its floor; say so when it lies above."""
    floor = read_floors()[name]
    sys.stdout.write(f"{name}: {reached} (floor {floor})\n")
    what = "ceiling" if name.endswith(CEILING) else "floor"
    worse = is_worse(name, reached, floor)
    assert not worse, f"{name} sank to {reached}; its {what} is {floor}"


def update(floors, wanted, lower=()):
    """Return the floors with new values; a worse one only where it is named."""
    for name, value in wanted.items():
        if name in floors and is_worse(name, value, floors[name]) and name not in lower:
            raise SystemExit(
                f"{name} would sink from {floors[name]} to {value}. "
                f"If that is meant, say --lower {name}."
            )
    return dict(sorted({**floors, **wanted}.items()))


def read_floor(words):
    """Return (name, value) of "NAME=VALUE"; a whole number stays one.

    >>> read_floor("found=3"), read_floor("macro-f1=0.5")
    (('found', 3), ('macro-f1', 0.5))
    """
    name, _, value = words.rpartition("=")
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not name or not math.isfinite(number):
        raise SystemExit(f"{words}: write NAME=VALUE, with a number for VALUE.")
    return name, int(value) if value.strip("+-").isdecimal() else number


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("floor", nargs="+", metavar="NAME=VALUE")
    parser.add_argument("--lower", action="append", default=[], metavar="NAME")
    asked = parser.parse_args()
    wanted = dict(map(read_floor, asked.floor))
    floors = update(read_floors() if FILE.exists() else {}, wanted, asked.lower)
    FILE.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
