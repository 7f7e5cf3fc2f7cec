"""The golden claims: lay claims with the verdict that the records at hand allow.

`ASSAY_NLM=FOLDER python -m tests.eval.golden` prints the outcome of each and by topic.
"""

import gzip
import json
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from assay.claims.article import parse_article
from assay.edge.index import open_index
from assay.edge.ranking import open_ranker
from assay.edge.reader import open_reader
from assay.edge.store import open_library
from assay.record import Record
from assay.sources.pubmed_xml import iter_records
from assay.workflows import check
from tests.eval.checking import read_words, told

FILE = Path(__file__).parent / "golden_claims" / "claims.jsonl"
FILES = ("pubmed20n0014.xml.gz", "pubmed21n1298.xml.gz")
VARIABLE = "ASSAY_NLM"
"""Names the folder that holds the two complete NLM files."""
WHEN = "2026-01-01T00:00:00Z"


class Outcome(NamedTuple):
    row: dict
    finding: object
    """None when no claim was found in the sentence."""

    @property
    def label(self):
        return self.finding.verdict.label.value if self.finding else "not found"

    @property
    def right(self):
        return self.label in self.row["accept"]

    @property
    def reversed(self):
        return {self.row["verdict"], self.label} == {"supported", "contradicted"}


def read_claims():
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def find_missing(shared):
    """Return why the records are not at hand, "" when they are."""
    folder = os.environ.get(VARIABLE, "")
    if not folder:
        return f"{VARIABLE} does not name the folder with the two NLM files"
    wanted = [Path(folder) / name for name in FILES] + [shared / "pubmed/topic_all.xml"]
    missing = [path.name for path in wanted if not path.is_file()]
    return f"not at hand: {', '.join(missing)}" if missing else ""


def build_library(shared, folder):
    """Fill a library with the starter records and every record that has an abstract."""
    paths = [shared / "pubmed/topic_all.xml"]
    paths += [Path(os.environ[VARIABLE]) / name for name in FILES]
    with open_library(folder) as library:
        for path in paths:
            opener = gzip.open if path.suffix == ".gz" else open
            with opener(path, "rb") as file:
                library.add(
                    (r for r in _records(file) if r.abstract),
                    source="pubmed",
                    query=path.name,
                    when=WHEN,
                )


def _records(file):
    chunks = iter(lambda: file.read(1 << 20), b"")
    return (item for item in iter_records(chunks) if isinstance(item, Record))


def judge(rows, folder):
    """Return what assay says of each claim, each read as an article of its own."""
    words = read_words()
    with open_library(folder) as library:
        index = open_index(folder, library)

        def candidates(groups):
            return [library.get(hit.key) for hit in index.find(groups)]

        with open_ranker(folder, index, library.get) as ranker:
            ways = {
                "candidates": candidates,
                "ranked": ranker.begin,
                "ask": open_reader().ask,
            }
            return [_judge(row, words, ways) for row in rows]


def _judge(row, words, ways):
    article = parse_article(row["claim"].encode(), name=f"{row['id']}.txt")
    findings = check(article, words, **ways).findings
    wanted = told(row["claim"], words)
    best = max(
        findings, key=lambda f: len(wanted & told(f.claim.text, words)), default=None
    )
    return Outcome(row, best)


def show(outcomes, *, whole=True):
    lines = []
    for o in outcomes if whole else ():
        mark = "ok   " if o.right else "WRONG" if o.reversed else "no   "
        lines.append(f"{mark} {o.row['id']:24} {o.row['claim']}")
        if not o.right:
            lines.append(f"        expected {o.row['verdict']}, given {o.label}")
    for name, some in _groups(outcomes):
        right, turned = sum(o.right for o in some), sum(o.reversed for o in some)
        exact = sum(o.label == o.row["verdict"] for o in some)
        lines.append(
            f"{name:20} {right:3} of {len(some):3} accepted, {exact:3} exact, "
            f"{turned} wrong way round"
        )
    return "\n".join(lines) + "\n"


def _groups(outcomes):
    for topic in Counter(o.row["topic"] for o in outcomes):
        yield topic, [o for o in outcomes if o.row["topic"] == topic]
    for verdict in ("supported", "contradicted", "mixed", "insufficient"):
        yield verdict, [o for o in outcomes if o.row["verdict"] == verdict]
    yield "open", [o for o in outcomes if not o.row["held"]]
    yield "held", [o for o in outcomes if o.row["held"]]
    yield "all", outcomes


def main():
    shared = Path(__file__).parents[3] / "shared" / "data"
    why = find_missing(shared)
    if why:
        raise SystemExit(f"The golden claims cannot be judged: {why}.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build_library(shared, folder)
        sys.stdout.write(show(judge(read_claims(), folder)))


if __name__ == "__main__":
    main()
