"""How well and how fast duplicates are found, beside bib-dedupe on the same pairs.

    python -m bench.dedupe FOLDER                    # 2,000 held-out pairs
    python -m bench.dedupe FOLDER --half tuning      # the half that rules were made on
    python -m bench.dedupe FOLDER --peer PYTHON      # and bib-dedupe, in its own
    python -m bench.dedupe FOLDER --size 100000      # time and memory, from 1,000 up
    python -m bench.dedupe FOLDER --fit              # the weights, from the tuning half

FOLDER holds NLM's pubmed20n0014.xml.gz and pubmed21n1298.xml.gz.
"""

import argparse
import csv
import pickle
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np

from assay.library.codec import encode_record
from assay.library.dedupe import deduplicate
from assay.library.levels import Levels, find_levels
from assay.library.matching import ASK, MERGE, compare, find_bar
from assay.library.packed import PLAIN, PackedRecords
from assay.library.prepare import prepare
from assay.library.works import find_works
from bench.dedupe_pairs import (
    as_crossref,
    as_europepmc,
    as_openalex,
    build_pairs,
    read_half,
)

SEEDS = {"tuning": "tuning", "held-out": "held-out"}
SIZES = (1_000, 10_000, 30_000, 100_000)


def main():
    """Run what was asked and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=SEEDS, default="held-out")
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--seed", default="")
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--size", type=int)
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--fit", action="store_true")
    asked = parser.parse_args()
    if asked.write:
        return write_many(asked.folder, asked.size, asked.write)
    if asked.read:
        return measure_size(asked.read, asked.size)
    if asked.size:
        return measure_growth(asked.folder, asked.size)
    half = "tuning" if asked.fit else asked.half
    records = read_half(asked.folder, half)
    pairs = build_pairs(records, asked.pairs, asked.seed or SEEDS[half])
    if asked.fit:
        return print_weights(pairs)
    print_outcomes("assay", pairs, [judge(pair) for pair in pairs])
    if asked.peer:
        print_outcomes("bib-dedupe", pairs, ask_peer(asked.peer, pairs))
    return 0


def judge(pair):
    """Return "merged", "maybe" or "apart", as `deduplicate` has it."""
    outcome = deduplicate([pair.one, pair.other])
    return (
        "merged" if len(outcome.merged) < 2 else "maybe" if outcome.maybe else "apart"
    )


def count(pairs, said):
    """Return false merges, missed ones, and how many of these a person is shown."""
    told = list(zip(pairs, said, strict=True))
    false = sum(s == "merged" for p, s in told if not p.same)
    missed = [s for p, s in told if p.same and s != "merged"]
    return false, len(missed), missed.count("maybe")


def print_outcomes(name, pairs, said):
    """Print a table by the kind of pair, and the sums."""
    kinds = defaultdict(Counter)
    for pair, outcome in zip(pairs, said, strict=True):
        kinds[pair.same, pair.kind][outcome] += 1
    print(f"\n{name:<24}{'merged':>8}{'maybe':>8}{'apart':>8}")
    for (same, kind), row in sorted(kinds.items(), key=str):
        label = kind if same else f"two: {kind}"
        print(
            f"{label:<24}"
            + "".join(f"{row[k]:>8}" for k in ("merged", "maybe", "apart"))
        )
    false, missed, maybe = count(pairs, said)
    same = sum(p.same for p in pairs)
    print(f"false merges {false} of {len(pairs) - same}; missed {missed} of {same} "
          f"({missed / same:.2%}), {maybe} of them shown to a person")  # fmt: skip


# --- the peer ---------------------------------------------------------------

PEER = """
import sys, pandas as pd
from bib_dedupe.bib_dedupe import prep, block, match
import bib_dedupe.bib_dedupe as b
frame = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
records = prep(frame, cpu=2)
matched = match(block(records, cpu=2), cpu=2)
matched.to_csv(sys.argv[2], index=False)
"""


def ask_peer(python, pairs):
    """Return what bib-dedupe says of the pairs; all records are given to it at once."""
    with tempfile.TemporaryDirectory() as name:
        given, told = Path(name) / "given.csv", Path(name) / "told.csv"
        write_peer_rows(given, pairs)
        start = time.perf_counter()
        subprocess.run([python, "-c", PEER, given, told], check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        print(f"\nbib-dedupe took {time.perf_counter() - start:.1f} s", file=sys.stderr)
        said = {}
        with told.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                ends = frozenset((row["ID_1"], row["ID_2"]))
                said[ends] = row["duplicate_label"]
    names = {"duplicate": "merged", "maybe": "maybe"}
    return [
        names.get(said.get(frozenset((f"a{n}", f"b{n}"))), "apart")
        for n in range(len(pairs))
    ]


def write_peer_rows(path, pairs):
    """Write the records as the table that bib-dedupe reads."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["ID", "ENTRYTYPE", "author", "title", "year", "journal",
                         "volume", "number", "pages", "doi", "abstract"])  # fmt: skip
        for n, pair in enumerate(pairs):
            for letter, record in (("a", pair.one), ("b", pair.other)):
                authors = " and ".join(
                    f"{a.last_name}, {a.fore_name or a.initials}" if a.last_name
                    else a.collective for a in record.authors
                )  # fmt: skip
                writer.writerow([
                    f"{letter}{n}", "article", authors, record.title, record.year or "",
                    record.journal, record.volume, record.issue,
                    record.pages.replace("-", "--"), record.doi,
                    " ".join(s.text for s in record.abstract),
                ])  # fmt: skip


# --- the weights --------------------------------------------------------------


def print_weights(pairs):
    """Print logistic weights of every level, fitted with a little shrinking."""
    rows = [(prepare(p.one), prepare(p.other), p.same) for p in pairs]
    told = [(find_levels(a, b), same) for a, b, same in rows if not find_bar(a, b)]
    every = [
        [n for n in zip(Levels._fields, lv, strict=True) if n[1]] for lv, _ in told
    ]
    names = sorted({name for row in every for name in row})
    at = {name: n for n, name in enumerate(names)}
    x = np.zeros((len(told), len(names) + 1))
    x[:, -1] = 1
    for n, row in enumerate(every):
        x[n, [at[name] for name in row]] = 1
    y = np.array([same for _, same in told], float)
    w = np.zeros(x.shape[1])
    for _ in range(60):
        p = 1 / (1 + np.exp(-x @ w))
        slope = x.T @ (p - y) + np.append(w[:-1], 0)
        bend = (x * (p * (1 - p))[:, None]).T @ x + np.eye(len(w))
        w -= np.linalg.solve(bend, slope)
    for name, value in zip([*names, ("BASE", "")], w, strict=True):
        print(f"{' '.join(name):<20}{value:6.1f}")
    far = sum(MERGE > compare(a, b).probability >= ASK for a, b, _ in rows)
    print(f"{far} of {len(rows)} pairs are for a person to decide")
    return 0


# --- how it grows ------------------------------------------------------------


def measure_growth(folder, most):
    """Print time and memory for each size, each in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        packed = Path(name) / "packed"
        ask_self(folder, "--write", packed, "--size", most)
        print(f"{'records':>9}{'works':>9}{'seconds':>9}{'CPU s':>9}{'list s':>9}"
              f"{'peak MB':>9}{'records MB':>12}")  # fmt: skip
        for size in [s for s in SIZES if s < most] + [most]:
            ask_self(folder, "--read", packed, "--size", size)
    return 0


def ask_self(*words):
    """Run this program in a process of its own, so that each has its own peak."""
    subprocess.run([sys.executable, "-m", "bench.dedupe", *map(str, words)], check=True)


def write_many(folder, size, path):
    """Write so many records: NLM's own, and what services tell of them."""
    chance = random.Random("size")
    base = read_half(folder, "tuning") + read_half(folder, "held-out")
    chance.shuffle(base)
    ways = (as_crossref, as_openalex, as_europepmc)
    count = 0
    with path.open("wb") as file:
        while count < size:
            for record in base:
                pickle.dump(encode_record(record), file)
                count += 1
                if chance.random() < 0.5:
                    told = chance.choice(ways)(record, chance)
                    pickle.dump(encode_record(told), file)
                    count += 1
            base = [_shifted(r, count) for r in base]
    return 0


def measure_size(path, size):
    """Print what it takes to find the works of so many records, given as a search does.

    The peak is that of the whole process: Python, the records, the search for
    duplicates, and one walk over all works afterwards.
    """
    before = memory("VmRSS")
    with path.open("rb") as file:
        records = PackedRecords(tuple(pickle.load(file) for _ in range(size)))
    if size <= PLAIN:
        records = tuple(records)
    alone = memory("VmRSS") - before
    start, worked = time.perf_counter(), time.process_time()
    works = find_works(records)
    took, cpu = time.perf_counter() - start, time.process_time() - worked
    start = time.perf_counter()
    told = sum(len(row.members) for row in works.rows)
    listed = time.perf_counter() - start
    assert told <= size
    print(f"{size:>9,}{len(works.rows):>9,}{took:>9.1f}{cpu:>9.1f}{listed:>9.1f}"
          f"{memory('VmHWM'):>9,}{alone:>12,}")  # fmt: skip
    return 0


def memory(name):
    """Return a figure of this process's memory in MB, e.g. VmHWM, its peak (Linux)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    [line] = [line for line in lines if line.startswith(f"{name}:")]
    return int(line.split()[1]) // 1024


def _shifted(record, by):
    """Return a record of another work like this one, for sizes beyond NLM's files."""
    words = record.title.split()
    title = " ".join(words[1:] + [f"{by} {w}" for w in words[:1]])
    return replace(
        record, title=title, pmid=f"9{record.pmid}"[:9], pmcid="",
        doi=f"{record.doi}-{by}" if record.doi else "", volume=f"{record.volume}9",
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
