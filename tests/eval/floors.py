"""The floors of quality: what was reached once must be reached again.

`python -m tests.eval.floors NAME=VALUE …` raises floors in floors.json. It refuses to
lower one, unless that one is named: `--lower NAME`.
"""

import argparse
import json
import sys
from pathlib import Path

FILE = Path(__file__).parent / "floors.json"


def read_floors():
    return json.loads(FILE.read_text(encoding="utf-8"))


def hold(name, reached):
    """Fail when a figure lies under its floor; say so when it lies above."""
    floor = read_floors()[name]
    sys.stdout.write(f"{name}: {reached} (floor {floor})\n")
    assert reached >= floor, f"{name} sank to {reached}; its floor is {floor}"


def update(floors, wanted, lower=()):
    """Return the floors with new values; a lower one only where it is named."""
    for name, value in wanted.items():
        if name in floors and value < floors[name] and name not in lower:
            raise SystemExit(
                f"{name} would sink from {floors[name]} to {value}. "
                f"If that is meant, say --lower {name}."
            )
    return dict(sorted({**floors, **wanted}.items()))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("floor", nargs="+", metavar="NAME=VALUE")
    parser.add_argument("--lower", action="append", default=[], metavar="NAME")
    asked = parser.parse_args()
    wanted = {n: int(v) for n, v in (pair.split("=") for pair in asked.floor)}
    floors = update(read_floors() if FILE.exists() else {}, wanted, asked.lower)
    FILE.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
