"""Three simulated years of a digest, and what a digest costs.

    python -m bench.digest [--small] [--seed 1] [--queries 200] [--years 3]
                           [--each] [--no-cost] [--only-cost]

A stand-in PubMed lives through the years on loopback (tests/standin/living.py tells
how); saved queries are run at random times by a clock of ours. At the end each query is
held against the script: delivered exactly what was deliverable, each once, none late by
more than one run after it could be known. Ends with status 1 when anything is wrong.

The cost: a week in which nothing is new (requests a query; memory of a fresh process
`assay digest`), the bookkeeping of 1,000 queries, and how the state grows.
"""

import argparse
import sys
from collections.abc import Sequence

from bench.digest.cost import print_cost, print_quiet
from bench.digest.years import Plan, Simulation, simulate, totals

MOST_SHOWN = 30
COLUMNS = ("delivered", "deliverable", "repeated", "late", "missing", "strange")


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--years", type=float, default=3)
    parser.add_argument("--small", action="store_true", help="20 queries, one year")
    parser.add_argument("--each", action="store_true", help="a line for each query")
    parser.add_argument("--no-cost", action="store_true")
    parser.add_argument("--only-cost", action="store_true")
    given = parser.parse_args()
    plan = Plan(given.seed, given.queries, given.years)
    if given.small:
        plan = plan._replace(queries=20, years=1)
    wrong: list[str] = []
    if not given.only_cost:
        with simulate(plan) as simulation:
            wrong += report(simulation, each=given.each)
            if not given.no_cost:
                wrong += print_quiet(
                    simulation.folder, simulation.server.requests, plan.queries
                )
    if not given.no_cost:
        wrong += print_cost()
    for line in wrong[:MOST_SHOWN]:
        print(f"  ! {line}")
    if len(wrong) > MOST_SHOWN:
        print(f"  ! and {len(wrong) - MOST_SHOWN} more")
    sys.exit(1 if wrong else 0)


def report(simulation: Simulation, *, each: bool) -> list[str]:
    """Print what came of a simulation; return what is wrong."""
    plan, story = simulation.plan, simulation.story
    sheets = simulation.oracle.sheets
    happened = simulation.server.living.counted
    print(
        f"seed {plan.seed}: {plan.queries} queries over {plan.years:g} years in "
        f"{story.seconds:.0f} s"
    )
    print("  in PubMed: " + _list(happened))
    print(f"  {story.runs} runs, {story.digests} digests, " + _list(story.events))
    print(
        f"  queries asked {story.asked:,} times ({story.unsearched:,} times in vain); "
        f"requests: {_list(story.requests)}; {story.faults:,} answers were bad"
    )
    if each:
        for sheet in sheets:
            counts = ", ".join(f"{name} {sheet.counts[name]}" for name in COLUMNS)
            print(f"  query {sheet.number:03}: {sheet.runs} runs, {counts}")
    found = totals([simulation])
    exact = sum(
        sheet.counts["delivered"] == sheet.counts["deliverable"]
        and not any(sheet.counts[name] for name in COLUMNS[2:])
        for sheet in sheets
    )
    counts = ", ".join(f"{name} {found[name]:,}" for name in COLUMNS)
    print(f"  {counts}; one run later {found['one run later']}")
    print(f"  {exact} of {len(sheets)} queries delivered exactly what was deliverable")
    for year, size, items in simulation.story.at_year:
        print(
            f"  state.db after {year:g} years: {size / 1e6:.2f} MB, {items:,} items "
            f"delivered: {size / max(items, 1):,.0f} bytes an item"
        )
    return [*story.wrong, *(line for sheet in sheets for line in sheet.wrong)]


def _list(counts: Sequence[tuple[str, int]] | object) -> str:
    pairs = sorted(dict(counts).items())  # type: ignore[call-overload]
    return ", ".join(f"{number:,} {name}" for name, number in pairs)


if __name__ == "__main__":
    main()
