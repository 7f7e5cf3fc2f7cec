"""Measure how good assay is, and compare with the floors.

Prints every figure with the interval that holds 95 % of its resamples (whole documents
are drawn again). The exit status is 1 when a figure sank under its floor in
tests/eval/floors.json or a section broke off, 2 when the shared data are not there,
130 when interrupted.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.eval.floors import read_floors

from assay.errors import AssayError
from bench.quality.data import SHARED, AbsentError, find_data
from bench.quality.figures import Figure, find_sunk, hold, render_table
from bench.quality.intervals import ROUNDS
from bench.quality.run import NotThereError, Run
from bench.quality.sections import SECTIONS


def read_words(words: Sequence[str] | None) -> argparse.Namespace:
    """Return what was asked for on the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.quality",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--list", action="store_true", help="list the sections, stop")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="only these sections")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write figures there")
    parser.add_argument(
        "--shared", type=Path, default=SHARED, metavar="DIR", help="the shared data"
    )
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help="resamples (default: %(default)s)"
    )
    parser.add_argument(
        "--sample", type=int, default=0, metavar="N", help="about N rows of each set"
    )
    asked = parser.parse_args(words)
    unknown = sorted(set(asked.only or ()) - set(SECTIONS))
    if unknown:
        known = ", ".join(SECTIONS)
        parser.error(f"no section {', '.join(unknown)}; there are: {known}")
    if asked.rounds < 1 or asked.sample < 0:
        parser.error("--rounds is at least 1, --sample at least 0")
    return asked


def main(words: Sequence[str] | None = None) -> int:
    """Measure what was asked for; return the exit status."""
    asked = read_words(words)
    if asked.list:
        for name, section in SECTIONS.items():
            print(f"{name:<16} {section.__doc__}")
        return 0
    try:
        data = find_data(asked.shared)
    except AbsentError as error:
        print(f"bench.quality: {error}", file=sys.stderr)
        return 2
    figures: list[Figure] = []
    missing: dict[str, str] = {}
    names = [name for name in SECTIONS if name in (asked.only or SECTIONS)]
    run = Run(data, rounds=asked.rounds, sample=asked.sample)
    broken = interrupted = False
    try:
        broken = measure(names, run, figures, missing)
    except KeyboardInterrupt:
        interrupted = True
    floors = {} if asked.sample else read_floors()  # the floors are of the whole sets
    show(figures, missing, floors)
    if asked.json:
        write_json(asked.json, figures, missing, floors, whole=not interrupted)
    if interrupted:
        print("interrupted: what is shown was done by then", file=sys.stderr)
        return 130
    return int(broken or bool(find_sunk(figures, floors)))


def measure(
    names: Sequence[str], run: Run, figures: list[Figure], missing: dict[str, str]
) -> bool:
    """Run sections, adding to `figures` as they are reached, and to `missing`.

    Returns:
        True when a section broke off, which is worse than not being there.
    """
    broken = False
    for at, name in enumerate(names, 1):
        start = time.perf_counter()

        def tell(what: str, at: int = at, name: str = name) -> None:
            line = f"[{at}/{len(names)}] {name}: {what}"
            print(line, file=sys.stderr, flush=True)

        try:
            for figure in SECTIONS[name](run._replace(tell=tell)):
                figures.append(figure)  # one by one: an interrupt keeps them  # noqa: PERF402
        except (NotThereError, AbsentError, AssayError) as error:
            missing[name] = str(error)
            broken |= isinstance(error, AssayError)
        tell(f"{time.perf_counter() - start:.1f} s")
    return broken


def show(
    figures: Sequence[Figure], missing: Mapping[str, str], floors: Mapping[str, float]
) -> None:
    """Print the table, what was not measured, and what sank."""
    print(render_table(figures, floors), end="")
    for name, why in missing.items():
        print(f"{name}: not measured, {why}")
    for sentence in find_sunk(figures, floors):
        print(sentence)


def write_json(
    path: Path,
    figures: Sequence[Figure],
    missing: Mapping[str, str],
    floors: Mapping[str, float],
    *,
    whole: bool,
) -> None:
    """Write the figures for programs: the same bytes for the same figures."""
    rows = [
        {**figure._asdict(), "floor": hold(figure, floors).floor} for figure in figures
    ]
    told = {"whole": whole, "figures": rows, "missing": dict(missing)}
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        sys.exit(main())
