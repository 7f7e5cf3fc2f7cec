"""What is measured: one function a section, in one dict.

A section is handed a `Run` and yields its figures as they are reached, so that an
interrupted run can show those. A new one is a function with a line in SECTIONS; one
whose module may be absent is named there with `elsewhere`.
"""

import importlib
import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.eval.checking import Match, accepted, check_offline, match_claims, reversed_

from bench.quality.claims import claims
from bench.quality.data import read_lines
from bench.quality.figures import DIGITS, Figure
from bench.quality.golden import golden
from bench.quality.intervals import bootstrap
from bench.quality.ranking import open_rules, retrieval_bm25
from bench.quality.run import NotThereError, Run, Section
from bench.quality.stance import baseline_tfidf, claim_only, stance_rules

ARTICLE = "000_c4b64477d02104bb.txt"
MARKED = {
    "claims-dev.jsonl": ("kratom-found", "kratom-accepted"),
    "claims-dev-second.jsonl": ("kratom-second-found", "kratom-second-agreed"),
}
"""Lists of marked claims of the article → the floors for found and for agreed."""


def kratom(run: Run) -> Iterator[Figure]:
    """The seed article against the claims that two readers marked in it."""
    run.tell(ARTICLE)
    body = (run.data / "articles" / ARTICLE).read_bytes()
    with TemporaryDirectory() as name:
        findings = check_offline(body, ARTICLE, Path(name)).findings
    for file, (found, agreed) in MARKED.items():
        matches = match_claims(read_lines(run.data / "kratom" / file), findings)

        def count(
            drawn: Sequence[Match], found: str = found, agreed: str = agreed
        ) -> dict[str, int]:
            return {
                found: sum(m.finding is not None for m in drawn),
                agreed: sum(map(accepted, drawn)),
                f"{found.removesuffix('-found')}-reversed": sum(map(reversed_, drawn)),
            }

        counts = bootstrap(matches, lambda m: m.row["id"], count, rounds=run.rounds)
        for key, interval in counts.items():
            yield Figure(key, *interval, len(matches))


def elsewhere(module: str, what: str) -> Section:
    """Return a section that `figures(run)` of a module fills, once there is one."""

    def section(run: Run) -> Iterator[Figure]:
        if importlib.util.find_spec(module) is None:
            raise NotThereError(f"there is no {module} yet")
        for figure in importlib.import_module(module).figures(run):
            yield figure._replace(value=round(figure.value, DIGITS))

    section.__doc__ = what
    return section


SECTIONS: dict[str, Section] = {
    "stance-rules": stance_rules,
    "baseline-tfidf": baseline_tfidf,
    "claim-only": claim_only,
    "retrieval-bm25": retrieval_bm25,
    "open-rules": open_rules,
    "kratom": kratom,
    "claims": claims,
    "retrieval": elsewhere(
        "bench.quality.retrieval", "Finding with words, vectors and a re-ranker."
    ),
    "reader": elsewhere(
        "bench.quality.reader", "The model that reads, alone and beside the rules."
    ),
    "golden": golden,
}
"""The sections in the order in which they run."""
