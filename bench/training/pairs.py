"""Make the pairs that the reader and the encoder learn from.

    python -m bench.training.pairs SHARED NLM OUT

SHARED holds the licensed sets, NLM the two complete PubMed files; OUT gets
pairs.jsonl.gz (claim, title, sentences, label, rationale, roles, source, group) and
texts.jsonl.gz (title, sentences of every abstract: for the encoder). Everything is
drawn with a fixed seed, so that the same input gives the same bytes.
"""

import gzip
import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import tantivy

from assay.record import Record
from assay.sources.pubmed_xml import iter_records
from assay.text import split_sentences
from bench.quality.data import read_lines
from bench.training.reverse import reverse
from bench.training.statements import to_statement
from bench.training.templates import make_pairs

SEED = 20261122
ROLES = ("BACKGROUND", "OBJECTIVE", "METHODS", "RESULTS", "CONCLUSIONS")
LEAD = re.compile(
    r"^(?:(?:in (?:conclusion|summary)|conclusions?|taken together|collectively|"
    r"overall|thus|therefore|hence|finally|to conclude|interpretation)[,:]? )?"
    r"(?:(?:(?:all )?(?:these|this|our|the|present|current|study|new|overall|data|"
    r"results?|findings?|observations?|evidence|of|from|analysis|work) ){1,5}"
    r"(?:strongly |clearly |further |therefore |also )?"
    r"(?:suggests?|indicates?|shows?|showed|demonstrates?|demonstrated|supports?|"
    r"confirms?|confirmed|reveals?|revealed|provides? evidence|implies|imply|found|"
    r"suggested|indicated|highlights?)(?: the (?:notion|hypothesis|view|idea))?,? that,? "
    r"|we (?:conclude|found|find|show|have shown|demonstrate|demonstrated|suggest|"
    r"report|observed|propose|believe)(?:d)?(?: here)? that,? "
    r"|it (?:is|was|can be|may be) (?:concluded|suggested|shown|found) that,? )?",
    re.IGNORECASE,
)
FINITE = re.compile(
    r"\b(?:is|are|was|were|does|do|did|can|increases?d?|decreases?d?|reduces?d?|"
    r"improves?d?|promotes?|inhibits?|induces?|enhances?|impairs?|prevents?|protects?|"
    r"predicts?|regulates?|modulates?|attenuates?|suppresses?|activates?|mediates?|"
    r"affects?|alters?|contributes?|causes?|stimulates?|accelerates?|alleviates?|"
    r"ameliorates?|correlates?|reveals?|leads?|has|have|had|differ|differs|remains?|"
    r"lowers?|raises?|worsens?|exacerbates?|facilitates?|drives?|triggers?)\b"
)
COMPARED = re.compile(r"[^\w ]+")

Pair = dict[str, object]


def pair(claim, title, sentences, label, *, src, group, rationale=None, roles=None):
    """Return one example; None for what is not known."""
    return {
        "claim": claim, "title": title, "sents": list(sentences), "label": label,
        "rationale": rationale, "roles": roles, "src": src, "group": group,
    }  # fmt: skip


def resplit(parts: Iterable[str]) -> list[str]:
    """Return paragraphs cut into sentences."""
    return [t[s.start : s.end] for t in parts for s in split_sentences(t)]


# ------------------------------------------------------------------ licensed sets


def components(rows: list[dict]) -> dict[str, str]:
    """Return each claim's group: claims that share an abstract are one group."""
    parent: dict[str, str] = {}

    def find(key: str) -> str:
        while parent.setdefault(key, key) != key:
            key = parent[key] = parent[parent[key]]
        return key

    for row in rows:
        parent[find("c" + row["claim"])] = find("t" + row["title"])
    return {row["claim"]: find("c" + row["claim"]) for row in rows}


def scifact(shared: Path) -> Iterator[Pair]:
    rows = read_lines(shared / "data/stance/scifact.train.jsonl.gz")
    group = components(rows)
    for r in rows:
        yield pair(
            r["claim"], r["title"], r["sents"], r["label"], src="scifact",
            group=group[r["claim"]], rationale=r["rationale"],
        )  # fmt: skip


def check_covid(shared: Path, part: str) -> Iterator[Pair]:
    for r in read_lines(shared / f"data/stance/check_covid.{part}.jsonl.gz"):
        yield pair(
            r["claim"], r["title"], r["sents"], r["label"], src=f"covid-{part}",
            group=r["title"] or r["sents"][0], rationale=r["rationale"],
        )  # fmt: skip


SAID = {
    "INC": ("increases", "raises", "leads to higher", "is followed by more"),
    "DEC": ("decreases", "reduces", "lowers", "leads to lower"),
    "NSD": ("does not change", "has no significant effect on", "does not affect",
            "makes no difference to"),
}  # fmt: skip


def evidence_inference(shared: Path, part: str, rng: random.Random) -> Iterator[Pair]:
    """Yield three claims a prompt, of which one is true.

    Where the evidence lies outside the abstract, the passage itself is read.
    """
    for r in read_lines(shared / f"data/stance/ei2.{part}.jsonl.gz"):
        sents = resplit(r["sents"])
        where = sorted({i for e in r["evidence"] for i in holds(sents, e)})
        if not where:
            sents = resplit(dict.fromkeys(r["evidence"][:1]))
            where = list(range(len(sents)))
        shown = r["title"] if len(r["title"]) < 300 else ""
        for label, ways in SAID.items():
            way = rng.choice(ways)
            versus = f" compared with {r['comparator']}" if r["comparator"] else ""
            claim = f"{r['intervention']} {way} {r['outcome']}{versus}."
            yield pair(
                claim[:1].upper() + claim[1:], shown, sents,
                "S" if label == r["label"] else "C", src=f"ei2-{part}",
                group=r["pmcid"], rationale=[where],
            )  # fmt: skip


def holds(sents: list[str], evidence: str) -> list[int]:
    """Return the sentences that lie within a passage, or it within them."""
    wanted = plain(evidence)
    return [
        i for i, s in enumerate(sents)
        if len(plain(s)) > 20 and (plain(s) in wanted or wanted in plain(s))
    ] if len(wanted) > 20 else []  # fmt: skip


def plain(text: str) -> str:
    return " ".join(COMPARED.sub(" ", text.lower()).split())


def questions(shared: Path, rng: random.Random) -> Iterator[Pair]:
    for name, src in (("pubmedqa", "pubmedqa"), ("bioasq_yesno", "bioasq")):
        for r in read_lines(shared / f"data/stance/{name}.train.jsonl.gz"):
            if r["label"] == "M":
                continue
            sents = resplit(r["sents"])
            if r.get("conclusion") and rng.random() < 0.6:
                sents += resplit([r["conclusion"]])
            yield pair(
                to_statement(r["claim"]), r["title"], sents[:24], r["label"], src=src,
                group=r["id"],
            )  # fmt: skip


def general(shared: Path, rng: random.Random) -> Iterator[Pair]:
    """Yield Wikipedia and negation pairs, with sentences beside them that say nothing."""
    rows = read_lines(shared / "data/stance/fever_rte.train.jsonl.gz")
    every = [s for r in rows for s in r["sents"]]
    for at, r in enumerate(rows):
        yield beside(r["claim"], r["sents"], r["label"], every, rng, "fever", f"f{at}")
        if at % 2 == 0:
            other = rows[rng.randrange(len(rows))]
            near = neighbour(rows, at) if rng.random() < 0.7 else other
            if near and near["claim"] != r["claim"]:
                yield beside(
                    r["claim"], near["sents"], "N", every, rng, "fever", f"f{at}"
                )
    for at, r in enumerate(
        read_lines(shared / "data/stance/negation_nli.train.jsonl.gz")
    ):
        yield pair(
            r["claim"], "", r["sents"], r["label"], src="negation", group=f"n{at}",
            rationale=[list(range(len(r["sents"])))] if r["label"] in "SC" else [],
        )  # fmt: skip


_BY_WORD: dict[str, list[int]] = defaultdict(list)


def neighbour(rows: list[dict], at: int) -> dict | None:
    """Return a row on the same subject with other evidence; None when there is none."""
    if not _BY_WORD:
        for i, r in enumerate(rows):
            for word in set(re.findall(r"[A-Z]\w{3,}", r["claim"])):
                _BY_WORD[word].append(i)
    names = re.findall(r"[A-Z]\w{3,}", rows[at]["claim"])
    names = [n for n in names if 1 < len(_BY_WORD[n]) < 60]
    for name in names:
        for i in _BY_WORD[name]:
            if i != at and rows[i]["sents"] != rows[at]["sents"]:
                return rows[i]
    return None


def beside(claim, sents, label, every, rng, src, group):
    others = [rng.choice(every) for _ in range(rng.choice((0, 1, 2, 4)))]
    mixed = [*((s, True) for s in sents), *((s, False) for s in others)]
    rng.shuffle(mixed)
    where = [i for i, (_, own) in enumerate(mixed) if own]
    told = [where] if label in {"S", "C"} else []
    return pair(
        claim, "", [s for s, _ in mixed], label, src=src, group=group, rationale=told
    )


def roles(shared: Path) -> Iterator[Pair]:
    for r in read_lines(shared / "data/stance/section_roles.jsonl.gz"):
        yield pair(
            "", "", r["sents"], None, src=f"roles-{r['split']}", group=r["id"],
            roles=[ROLES.index(x) for x in r["roles"]],
        )  # fmt: skip


# ------------------------------------------------------------------- silver pairs


def read_abstracts(folder: Path) -> list[Record]:
    """Return the English records that have an abstract of five sentences or more."""
    kept = []
    for name in ("pubmed21n1298.xml.gz", "pubmed20n0014.xml.gz"):
        with gzip.open(folder / name, "rb") as file:
            for item in iter_records(iter(lambda: file.read(1 << 20), b"")):
                if isinstance(item, Record) and "eng" in item.languages:
                    body = " ".join(s.text for s in item.abstract)
                    if body.count(". ") >= 4:
                        kept.append(item)
    return kept


def cut(record: Record) -> tuple[list[str], list[str]]:
    """Return the sentences of an abstract and the category of each ("" if none)."""
    sents, cats = [], []
    for section in record.abstract:
        for s in split_sentences(section.text):
            sents.append(section.text[s.start : s.end])
            cats.append(section.category)
    return sents, cats


def as_claim(sentence: str) -> str:
    """Return a conclusion without its lead-in ("These results suggest that")."""
    text = LEAD.sub("", sentence).strip()
    return text[:1].upper() + text[1:]


ALIKE = """
increases raises elevates|increased raised|decreases reduces lowers|decreased reduced
improves enhances|improved enhanced|inhibits suppresses blocks|inhibited suppressed
promotes stimulates|higher greater|similar comparable|associated linked|
induces causes triggers|induced caused|reduction decrease|attenuates reduces
ameliorates improves|worsens aggravates|significantly markedly|effective beneficial
"""
_ALIKE = {w: own.split() for own in re.split(r"[|\n]", ALIKE) for w in own.split()}
_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]|,? respectively\b")
_OPEN = re.compile(
    r"^(?:however|moreover|furthermore|in addition|additionally|also|finally|notably|"
    r"interestingly|importantly|in contrast|similarly|specifically|consequently|"
    r"accordingly|first|second|here|after adjustment|results?|conclusions?)[,:] ",
    re.IGNORECASE,
)
PER_ABSTRACT = 3
MOST_OF_A_CHANGE = 1400


def reword(claim: str, rng: random.Random) -> str:
    """Return a claim told a little otherwise: asides dropped, words swapped for like."""
    text = _OPEN.sub("", _ASIDE.sub("", claim) if rng.random() < 0.8 else claim)
    words = text.split(" ")
    for at, word in enumerate(words):
        if word in _ALIKE and rng.random() < 0.5:
            words[at] = rng.choice(_ALIKE[word])
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def find_claims(
    record: Record, rng: random.Random
) -> Iterator[tuple[str, list[str], int]]:
    """Yield (claim, sentences to read, index of the claim's own sentence or -1).

    Conclusions are read with and without themselves in the abstract, half each; a
    result always stays in, for nothing else may tell of it.
    """
    sents, cats = cut(record)
    title = record.title.strip("[]. ")
    if FINITE.search(title) and "?" not in title and 6 <= len(title.split()) <= 30:
        yield reword(title + ".", rng), sents, -1
    ends = [i for i, c in enumerate(cats) if c == "CONCLUSIONS"]
    found = [i for i, c in enumerate(cats) if c == "RESULTS"]
    if not any(cats):
        ends = [i for i in (len(sents) - 1,) if LEAD.match(sents[i]).end() > 8]  # type: ignore[union-attr]
        found = list(range(len(sents) // 2, len(sents) - 1))
    for i in (*ends, *rng.sample(found, min(2, len(found)))):
        claim = reword(as_claim(sents[i]), rng)
        if 6 <= len(claim.split()) <= 40 and FINITE.search(claim):
            if i in ends and rng.random() < 0.5:
                yield claim, [s for j, s in enumerate(sents) if j not in ends], -1
            else:
                yield claim, sents, i


_TURN = re.compile(
    r"\b(?:significantly )?(?:is|are|was|were|increase[sd]?|decrease[sd]?|reduce[sd]?|"
    r"improve[sd]?|promote[sd]?|inhibit(?:s|ed)?|induce[sd]?|enhance[sd]?|prevent(?:s|ed)?|"
    r"did|does|do|can|may|had|has|have|showed|affects?)\b"
)


def graft(one: str, other: str) -> str:
    """Return the subject of one claim with what is said in another; "" if none fits."""
    a, b = _TURN.search(one), _TURN.search(other)
    if not a or not b or a.start() < 4 or len(other) - b.start() < 12:
        return ""
    return one[: a.start()] + other[b.start() :]


def silver(records: list[Record], rng: random.Random) -> Iterator[Pair]:
    """Yield for each usable claim: itself (S), its opposite (C), what is silent (N).

    A change is drawn at most 1.2 times as often as its inverse. Silent are a near
    abstract, or the claim with the subject of another.
    """
    made = []
    for record in records:
        own = [c for c in find_claims(record, rng) if len(c[1]) > 2 and reverse(c[0])]
        made += [(record, *c) for c in own[:PER_ABSTRACT]]
    rng.shuffle(made)
    possible: Counter[str] = Counter(
        v.change for _, claim, _, _ in made for v in reverse(claim)
    )
    search = Searcher([(r.title, " ".join(cut(r)[0])) for r in records])
    by_pmid: dict[str, list[str]] = defaultdict(list)
    for record, claim, _, _ in made:
        by_pmid[record.pmid].append(claim)
    drawn: Counter[str] = Counter()
    for record, claim, sents, own in made:
        ways = [
            v for v in reverse(claim)
            if drawn[v.change] < 1.2 * min(possible[v.change], possible[v.inverse])
            and drawn[v.change] < MOST_OF_A_CHANGE
        ]  # fmt: skip
        if not ways:
            continue
        way = min(ways, key=lambda v: drawn[v.change])
        drawn[way.change] += 1
        title = "" if plain(claim)[:40] == plain(record.title)[:40] else record.title
        told = [[own]] if own >= 0 else None
        base = {"src": "silver", "group": record.pmid}
        yield pair(claim, title, sents, "S", rationale=told, **base)
        yield pair(way.text, title, sents, "C", rationale=told, **base)
        near = [i for i in search.find(claim, 8) if records[i].pmid != record.pmid]
        if not near:
            continue
        other = records[rng.choice(near[:5])]
        text = rng.choice((claim, way.text))
        if rng.random() < 0.4 and by_pmid[other.pmid]:
            text = graft(rng.choice(by_pmid[other.pmid]), text)
            if text and plain(text) != plain(claim):
                yield pair(text, title, sents, "N", rationale=[], **base)
                continue
            text = claim
        yield pair(text, other.title, cut(other)[0], "N", rationale=[], **base)
    print("silver changes", drawn.most_common(60), file=sys.stderr)


def invented(shared: Path, rng: random.Random) -> Iterator[Pair]:
    """Yield invented findings set among real sentences on aims and methods."""
    scenes = []
    for r in read_lines(shared / "data/stance/section_roles.jsonl.gz"):
        kept = [s for s, role in zip(r["sents"], r["roles"], strict=True)
                if role in {"OBJECTIVE", "METHODS"}]  # fmt: skip
        scenes.append(kept[:4])
    for at, made in enumerate(make_pairs(scenes, INVENTED, rng)):
        yield pair(
            made.claim, made.title, made.sents, made.label, src="invented",
            group=f"i{at}", rationale=[list(made.rationale)] if made.rationale else [],
        )  # fmt: skip


INVENTED = 20_000
"""Tried and not drawn for the reader that ships; `--more` of reader.py draws them."""


class Searcher:
    """BM25 over (title, body) by tantivy's defaults, in memory."""

    def __init__(self, texts: list[tuple[str, str]]) -> None:
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("title", tokenizer_name="en_stem")
        schema.add_text_field("body", tokenizer_name="en_stem")
        schema.add_integer_field("at", stored=True, indexed=True)
        self.index = tantivy.Index(schema.build())
        writer = self.index.writer(60_000_000, 1)
        for at, (title, body) in enumerate(texts):
            writer.add_document(tantivy.Document(title=title, body=body, at=at))
        writer.commit()
        self.index.reload()
        self.searcher = self.index.searcher()

    def find(self, text: str, most: int) -> list[int]:
        return [at for at, _ in self.scored(text, most)]

    def scored(self, text: str, most: int) -> list[tuple[int, float]]:
        """Return (number, score) of the best texts, best first."""
        words = COMPARED.sub(" ", text.replace("_", " ")).lower()
        if not words.split():
            return []
        query, _ = self.index.parse_query_lenient(words, ["title", "body"])
        hits = self.searcher.search(query, most).hits
        return [(self.searcher.doc(a)["at"][0], round(s, 4)) for s, a in hits]


def scifact_negatives(shared: Path, out: Path) -> Iterator[Pair]:
    """Yield each training claim against near abstracts that nobody cited for it.

    The 100 best by BM25 of each claim are written beside, for the fusion trials.
    """
    corpus = read_lines(shared / "data/retrieval/scifact_corpus.jsonl.gz")
    lines = (
        (shared / "data/retrieval/scifact_claims_train.jsonl").read_text().splitlines()
    )
    claims = [json.loads(line) for line in lines]
    group = components(read_lines(shared / "data/stance/scifact.train.jsonl.gz"))
    search = Searcher([(d["title"], " ".join(d["abstract"])) for d in corpus])
    runs = []
    for c in claims:
        cited = {str(d) for d in c["cited_doc_ids"]} | set(c["evidence"])
        hits = search.scored(c["claim"], 100)
        runs.append({
            "id": c["id"], "claim": c["claim"], "group": group.get(c["claim"], str(c["id"])),
            "cited": sorted(cited), "evidence": c["evidence"],
            "bm25": [[corpus[i]["doc_id"], s] for i, s in hits],
        })  # fmt: skip
        near = [i for i, _ in hits[:20] if str(corpus[i]["doc_id"]) not in cited]
        for i in (*near[:4], *near[6:16:5]):
            yield pair(
                c["claim"], corpus[i]["title"], corpus[i]["abstract"], "N",
                src="scifact-near", group=group.get(c["claim"], str(c["id"])), rationale=[],
            )  # fmt: skip
    write(out / "runs.jsonl.gz", runs)
    write(out / "corpus.jsonl.gz", ({"id": d["doc_id"], "title": d["title"], "sents": d["abstract"]} for d in corpus))  # fmt: skip


def write(path: Path, rows: Iterable[object]) -> int:
    """Write rows as gzipped JSON lines, the same bytes each time; return how many."""
    count = 0
    with path.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            count += 1
    return count


def main() -> int:
    if len(sys.argv) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    shared, nlm, out = map(Path, sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(SEED)
    records = read_abstracts(nlm)
    made = [
        *scifact(shared), *scifact_negatives(shared, out), *check_covid(shared, "train"),
        *check_covid(shared, "dev"), *evidence_inference(shared, "train", rng),
        *evidence_inference(shared, "validation", rng), *questions(shared, rng),
        *general(shared, rng), *roles(shared), *silver(records, rng), *invented(shared, rng),
    ]  # fmt: skip
    made.sort(key=lambda m: m["sents"][0] if m["sents"] else "")  # packs better
    print(write(out / "pairs.jsonl.gz", made), "pairs")
    print(Counter((m["src"], m["label"]) for m in made))
    texts = ({"id": r.pmid, "title": r.title, "sents": cut(r)[0], "cats": cut(r)[1]} for r in records)  # fmt: skip
    print(write(out / "texts.jsonl.gz", texts), "texts")
    return 0


if __name__ == "__main__":
    sys.exit(main())
