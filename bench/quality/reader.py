"""The reader that ships, on pairs of sets that it was not trained on.

SciFact's training pairs are not among them: what ships learned from them. The figures
by folds stand in the model's card, as its training printed them.
"""

from collections.abc import Iterator

from assay.edge.reader import open_reader
from assay.evidence.reading import Line, Study, read_record
from assay.evidence.scores import find_scores
from assay.model import Claim, ClaimType, Frame, Span
from bench.quality.data import Pair, as_record
from bench.quality.figures import Figure
from bench.quality.measures import Said
from bench.quality.rules import RulesReader
from bench.quality.run import Run
from bench.quality.stance import Answered, group_pairs, measure_labels

SETS = ("check_covid.dev", "ei2.validation")
TOLD = 3
"""Sentences at most that a label rests on, as in SciFact's measure."""


def figures(run: Run) -> Iterator[Figure]:
    """Yield what the reader by itself reaches: its likeliest answer, and how sure."""
    reader, words = open_reader(), RulesReader().words
    for name in SETS:
        run.tell(name)
        pairs = run.pairs(name)
        rows = []
        for pair, group in zip(pairs, group_pairs(pairs), strict=True):
            study = read_record(as_record(pair), words)
            reading = reader.ask(as_claim(pair), study)
            if reading is None:
                continue
            scores = find_scores(reading)
            chances = {
                "S": scores.supports,
                "C": scores.contradicts,
                "N": scores.silent,
            }
            whole = sum(chances.values())
            chances = {label: chance / whole for label, chance in chances.items()}
            label = max(chances, key=lambda key: chances[key])
            said = Said(label, told(reading.rationale, study, pair))
            rows.append(Answered(pair, group, said, chances=chances))
        yield from measure_labels(run, f"reader/{name}", rows)


def as_claim(pair: Pair) -> Claim:
    """Return a pair's claim as the reader is asked it: its words alone matter."""
    whole = Span(0, len(pair.claim))
    return Claim(
        sentence=pair.claim,
        start=0,
        end=len(pair.claim),
        clause=whole,
        text=pair.claim,
        type=ClaimType.DESCRIPTION,
        frame=Frame(),
    )


def told(rationale: tuple[float, ...], study: Study, pair: Pair) -> tuple[int, ...]:
    """Return the numbers of the sentences that the reader's answer rests on."""
    lines = [(at, line) for at, line in enumerate(study.lines) if line.place != "TITLE"]
    best = sorted(lines, key=lambda item: -rationale[item[0]])[:TOLD]
    sure = [line for at, line in best if rationale[at] > 0] or [best[0][1]]
    return tuple(n for line in sure for n in _numbers(line, pair))


def _numbers(line: Line, pair: Pair) -> tuple[int, ...]:
    return tuple(n for n, text in enumerate(pair.sents) if line.text in text)[:1]
