"""Readers of the shared data, and its division by document.

The data are no part of the repository: they lie in ../shared beside it, or where
`--shared DIR` says.
"""

import gzip
import hashlib
import html
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from assay.record import Record, Section
from bench.training.statements import to_statement

SHARED = Path(__file__).parents[3] / "shared"

Row = TypeVar("Row")


class AbsentError(Exception):
    """The shared data are not there; str() says where they were looked for."""


class Pair(NamedTuple):
    """A claim against an abstract, with what people say of it."""

    id: str
    claim: str
    """A statement, with its full stop."""
    title: str
    sents: tuple[str, ...]
    """Sentences of the abstract, or its paragraphs where `headings` are given."""
    headings: tuple[str, ...]
    """The heading above each of `sents`; () when the set gives none."""
    label: str
    """S, C or N."""
    rationales: tuple[frozenset[int], ...]
    """Sets of numbers of `sents`, any one of which suffices; () when not marked."""
    doc: str
    """The abstract: pairs with the same one must not be parted."""


class Topic(NamedTuple):
    """A claim of SciFact with the abstracts that are cited for it."""

    id: str
    claim: str
    cited: frozenset[str]
    """Abstracts that a search should find."""
    evidence: dict[str, tuple[str, tuple[frozenset[int], ...]]]
    """Those among them that answer: S or C, and the rationales."""


def find_data(shared: Path = SHARED) -> Path:
    """Return the folder of the data.

    Raises:
        AbsentError: it is not there.
    """
    folder = shared / "data"
    if not folder.is_dir():
        raise AbsentError(
            f"The shared data are not at {shared}: they are no part of the repository. "
            "Put the folder beside it, or say where it is with --shared DIR."
        )
    return folder


def read_lines(path: Path) -> list[dict]:
    """Return the rows of a file of JSON lines, unpacked where its name ends in .gz.

    Raises:
        AbsentError: there is no such file.
    """
    if not path.is_file():
        raise AbsentError(f"{path.name} is missing from {path.parent}.")
    unpack = gzip.open if path.suffix == ".gz" else open
    with unpack(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


# --- claims against abstracts ---------------------------------------------------------


def read_pairs(data: Path, name: str) -> list[Pair]:
    """Return the pairs of a stance set, e.g. "scifact.train", in the file's order.

    Questions become statements, "maybe" becomes N, a comparison of Evidence Inference
    becomes three claims. Rows without an abstract are left out.
    """
    rows = read_lines(data / "stance" / f"{name}.jsonl.gz")
    make = _MAKERS.get(name.partition(".")[0], _as_marked)
    return [pair for row in rows if row["sents"] for pair in make(row)]


def _pair(row: dict, **changed: object) -> Pair:
    sents = tuple(row["sents"])
    return Pair(
        id=row["id"],
        claim=_closed(row["claim"]),
        title=row["title"],
        sents=sents,
        headings=tuple(row.get("sections", ())),
        label={"S": "S", "C": "C"}.get(row["label"], "N"),
        rationales=tuple(frozenset(own) for own in row["rationale"] if own),
        doc=_digest(row["title"], *sents),
    )._replace(**changed)


def _as_marked(row: dict) -> Iterator[Pair]:
    yield _pair(row)


def _from_question(row: dict) -> Iterator[Pair]:
    yield _pair(row, claim=_closed(to_statement(row["claim"])))


def _from_study(row: dict) -> Iterator[Pair]:
    """PubMedQA keeps the conclusion apart; assay reads it with the rest."""
    whole = {
        **row,
        "sents": [*row["sents"], row["conclusion"]],
        "sections": [*row["sections"], "CONCLUSIONS"],
    }
    yield from _from_question(whole)


_WAYS = {"INC": "increases", "DEC": "decreases", "NSD": "does not change"}


def _from_comparison(row: dict) -> Iterator[Pair]:
    """Only comparisons whose answer stands in the abstract can be read from it."""
    if not row["in_abstract"]:
        return
    for way, verb in _WAYS.items():
        yield _pair(
            row,
            id=f"{row['id']}-{way}",
            claim=compare_claim(row["intervention"], verb, row),
            headings=tuple(s.rpartition(".")[2] for s in row["sections"]),
            label="S" if row["label"] == way else "C",
            doc=row["pmcid"],
        )


def compare_claim(acting: str, verb: str, row: dict) -> str:
    """Return "I increases O compared with C." for a row of Evidence Inference.

    >>> compare_claim("tea", "increases", {"outcome": "sleep", "comparator": "water"})
    'Tea increases sleep compared with water.'
    """
    said = f"{acting} {verb} {row['outcome']} compared with {row['comparator']}"
    plain = " ".join(html.unescape(said).split())
    return _closed(plain[:1].upper() + plain[1:])


_MAKERS: dict[str, Callable[[dict], Iterator[Pair]]] = {
    "pubmedqa": _from_study,
    "bioasq_yesno": _from_question,
    "ei2": _from_comparison,
}


def _closed(text: str) -> str:
    return text if text.rstrip().endswith((".", "?", "!")) else f"{text.rstrip()}."


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


_CATEGORIES = (
    ("RESULT", "RESULTS"), ("FINDING", "RESULTS"), ("CONCL", "CONCLUSIONS"),
    ("DISCUSSION", "CONCLUSIONS"), ("INTERPRETATION", "CONCLUSIONS"),
    ("BACKGROUND", "BACKGROUND"), ("INTRODUCTION", "BACKGROUND"),
    ("CONTEXT", "BACKGROUND"), ("OBJECTIVE", "OBJECTIVE"), ("AIM", "OBJECTIVE"),
    ("PURPOSE", "OBJECTIVE"), ("METHOD", "METHODS"), ("DESIGN", "METHODS"),
    ("SETTING", "METHODS"), ("PATIENTS", "METHODS"), ("PARTICIPANTS", "METHODS"),
    ("INTERVENTION", "METHODS"), ("MEASURE", "METHODS"), ("ANALYSIS", "METHODS"),
)  # fmt: skip


def categorise(heading: str) -> str:
    """Return PubMed's category for a heading of an abstract; "" for no known word.

    >>> categorise("Methods and Results"), categorise("AIMS"), categorise("")
    ('RESULTS', 'OBJECTIVE', '')
    """
    upper = heading.upper()
    return next((kind for word, kind in _CATEGORIES if word in upper), "")


def as_record(pair: Pair) -> Record:
    """Return a pair's abstract as a record, each of its `sents` a section."""
    headings = pair.headings or ("",) * len(pair.sents)
    return Record(
        source="pubmed",
        title=pair.title,
        abstract=tuple(
            Section(text, label=heading, category=categorise(heading))
            for text, heading in zip(pair.sents, headings, strict=True)
        ),
    )


# --- the corpus and its claims --------------------------------------------------------


def read_corpus(data: Path) -> dict[str, Record]:
    """Return SciFact's corpus by abstract, in the file's order."""
    rows = read_lines(data / "retrieval" / "scifact_corpus.jsonl.gz")
    return {str(row["doc_id"]): _corpus_record(row) for row in rows}


def _corpus_record(row: dict) -> Record:
    abstract = tuple(Section(text) for text in row["abstract"])
    number = str(row["doc_id"])
    return Record(source="pubmed", pmid=number, title=row["title"], abstract=abstract)


def read_topics(data: Path) -> list[Topic]:
    """Return SciFact's training claims with the abstracts cited for them."""
    rows = read_lines(data / "retrieval" / "scifact_claims_train.jsonl")
    return [
        Topic(
            id=str(row["id"]),
            claim=_closed(row["claim"]),
            cited=frozenset(map(str, row["cited_doc_ids"])),
            evidence={name: _evidence(sets) for name, sets in row["evidence"].items()},
        )
        for row in rows
    ]


def _evidence(sets: list[dict]) -> tuple[str, tuple[frozenset[int], ...]]:
    label = {"SUPPORT": "S", "CONTRADICT": "C"}[sets[0]["label"]]
    return label, tuple(frozenset(own["sentences"]) for own in sets)


# --- division -------------------------------------------------------------------------


def components(rows: Sequence[Row], parts: Callable[[Row], Sequence[str]]) -> list[str]:
    """Return, for each row, the name of the group of rows that it hangs together with.

    Two rows that share any part (a claim, an abstract) are in one group.

    >>> components(["ab", "bc", "d"], lambda row: row)
    ['a', 'a', 'd']
    """
    above: dict[str, str] = {}

    def top(part: str) -> str:
        while above.setdefault(part, part) != part:
            part = above[part]
        return part

    for row in rows:
        tops = sorted({top(part) for part in parts(row)})
        for each in tops[1:]:
            above[each] = tops[0]
    return [top(parts(row)[0]) for row in rows]


def group_pairs(pairs: Sequence[Pair]) -> list[str]:
    """Return each pair's group: pairs that share a claim or an abstract are in one."""
    return components(pairs, lambda pair: (f"doc {pair.doc}", f"claim {pair.claim}"))


def folds(rows: Sequence[Row], k: int, key: Callable[[Row], str]) -> list[list[Row]]:
    """Return k parts of the rows, of near the same size, that share no key.

    The larger groups are dealt out first, those of one size by a digest of their key:
    the order of the rows does not matter to who goes where.

    >>> folds(["a1", "b1", "a2", "c1"], 2, lambda row: row[0])
    [['a1', 'a2'], ['b1', 'c1']]
    """
    groups: dict[str, int] = {}
    for row in rows:
        groups[key(row)] = groups.get(key(row), 0) + 1
    sizes, place = [0] * k, {}
    for name in sorted(groups, key=lambda n: (-groups[n], _digest(n))):
        place[name] = sizes.index(min(sizes))
        sizes[place[name]] += groups[name]
    return [[row for row in rows if place[key(row)] == at] for at in range(k)]
