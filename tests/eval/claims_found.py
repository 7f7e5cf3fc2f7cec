"""How well the claims of articles are found: pure figures, one row a document.

`python -m tests.eval.claims_found [--errors] [--held-errors]` prints them. The rows of
`Counts` can be resampled by document, so that an interval can be put around each rate.
"""

import argparse
import csv
import json
import re
import sys
from pathlib import Path
from typing import NamedTuple

from assay.claims.article import parse_article
from assay.claims.find import find_claims
from assay.claims.topics import widen
from assay.claims.vocabulary import parse_vocabulary
from assay.edge.packaged import read_packaged_text
from assay.model import Article, Block
from assay.text import split_sentences

HERE = Path(__file__).parent / "articles"
SETS = ("dev", "held")
ALIKE = 0.5
"""Least likeness (F1 of words) at which ours and a marked claim are the same."""
OPPOSED = (
    frozenset({"improves", "worsens"}),
    frozenset({"increases", "decreases"}),
)
EFFECTS = frozenset({"improves", "worsens", "increases", "decreases"})
_SMALL = frozenset(
    "a an the of in on at to for and or is are was were be been it its with by that "
    "this as from than people has have had do does did their".split()
)


class MarkedClaim(NamedTuple):
    """One assertion as a person marked it."""

    clause: str
    claim: str
    exposure: str = ""
    direction: str = ""
    outcome: str = ""


class Marked(NamedTuple):
    """One sentence as a person marked it."""

    sentence: str
    kind: str
    claims: tuple[MarkedClaim, ...] = ()
    start: int = -1
    """Where it stands in the article as read; -1 when it was lost in reading."""
    end: int = -1


class Counts(NamedTuple):
    """What was counted in one document; sums of these give every rate."""

    document: str
    sentences_wanted: int = 0
    """Sentences that hold a claim."""
    sentences_found: int = 0
    """Of those, the ones in which we found one."""
    sentences_told: int = 0
    """Sentences in which we found a claim (arguable ones left out)."""
    claims_wanted: int = 0
    claims_matched: int = 0
    claims_told: int = 0
    split_alike: int = 0
    """Sentences found with as many claims as marked."""
    spanned: int = 0
    """Matched claims whose span is marked."""
    exact: int = 0
    """Matched claims whose span is the marked one to the letter."""
    overlap: float = 0.0
    """Sum over matched claims of the spans' intersection over union."""
    direction_right: int = 0
    direction_opposed: int = 0
    exposure_wanted: int = 0
    exposure_right: int = 0
    outcome_wanted: int = 0
    outcome_right: int = 0


class Outcome(NamedTuple):
    """The counts of one document and its errors, one line each."""

    counts: Counts
    errors: tuple[str, ...] = ()


def read_words():
    return parse_vocabulary(read_packaged_text("vocabulary.toml"))


def read_marked(path):
    """Return a marked article as read, and its marked sentences with their places."""
    (body,) = [p for p in path.parent.glob(f"{path.stem}.*") if p.suffix != path.suffix]
    article = parse_article(body.read_bytes(), name=body.name)
    rows = [json.loads(x) for x in path.read_text(encoding="utf-8").splitlines()]
    return article, place(article.text, rows)


def place(text, rows):
    """Return marked rows with the place of each in a text, in reading order."""
    found, at = [], 0
    for row in rows:
        claims = tuple(MarkedClaim(**c) for c in row.get("claims", ()))
        match = _loosely(row["sentence"]).search(text, at)
        start, end = match.span() if match else (-1, -1)
        at = max(at, end)
        found.append(Marked(row["sentence"], row["kind"], claims, start, end))
    return tuple(found)


def _loosely(words):
    return re.compile(r"\W{1,6}?".join(map(re.escape, words.split())))


def count_article(name, article, marked, words):
    """Return the counts and errors of one marked article."""
    ours = _ours(article, words)
    counts, errors = Counts(name), []
    taken = set()
    for row in marked:
        here = [c for c in ours if row.start <= sum(c.clause) / 2 < row.end]
        taken |= {id(c) for c in here}
        counts, said = _count_sentence(counts, article, row, here, words)
        errors += said
    stray = [c for c in ours if id(c) not in taken]
    counts = _add(counts, sentences_told=len({c.start for c in stray}))
    counts = _add(counts, claims_told=len(stray))
    errors += [f"STRAY {c.text}" for c in stray]
    return Outcome(counts, tuple(f"{name}: {e}" for e in errors))


def _ours(article, words):
    wide = widen(words, article)
    return [c for c in find_claims(article, wide) if c.checkable]


def _add(counts, **more):
    return counts._replace(**{k: getattr(counts, k) + v for k, v in more.items()})


def _count_sentence(counts, article, row, here, words):
    if row.kind == "arguable":
        return counts, []
    wanted = row.kind == "claim"
    counts = _add(
        counts,
        sentences_wanted=int(wanted),
        sentences_found=int(wanted and bool(here)),
        sentences_told=int(bool(here)),
        claims_wanted=len(row.claims),
        claims_told=len(here),
        split_alike=int(wanted and len(here) == len(row.claims)),
    )
    if not wanted:
        return counts, [f"FALSE ({row.kind}) {row.sentence}"] if here else []
    if not here:
        return counts, [f"MISSED {row.sentence}"]
    pairs = match(row.claims, here)
    counts = _add(counts, claims_matched=len(pairs))
    errors = []
    left = [g.claim for g in row.claims if g not in {p[0] for p in pairs}]
    extra = [c.text for c in here if id(c) not in {id(p[1]) for p in pairs}]
    if left or extra:
        errors.append(f"SPLIT {row.sentence}\n     lost {left}\n     extra {extra}")
    for gold, claim in pairs:
        counts, said = _count_pair(counts, article, row, gold, claim, words)
        errors += said
    return counts, errors


def match(wanted, ours):
    """Return pairs of marked claims and ours, most alike first, each used once."""
    scored = [
        (max(alike(g.claim, c.text), alike(g.clause, c.text)), -i, -j)
        for i, g in enumerate(wanted)
        for j, c in enumerate(ours)
    ]
    pairs, gone, used = [], set(), set()
    for score, i, j in sorted(scored, reverse=True):
        if score >= ALIKE and i not in gone and j not in used:
            gone.add(i)
            used.add(j)
            pairs.append((wanted[-i], ours[-j]))
    return pairs


def alike(one, other):
    """Return the F1 of the telling words of two texts, 0 to 1."""
    a, b = _stems(one), _stems(other)
    both = len(a & b)
    return 2 * both / (len(a) + len(b)) if both else 0.0


def _stems(text):
    words = re.findall(r"[\w-]+", text.lower().replace("’", "'"))
    telling = (w for w in words if w not in _SMALL)
    return {re.sub(r"(?:ing|ed|es|e|s|ly)$", "", w) for w in telling}


def _count_pair(counts, article, row, gold, claim, words):
    if not gold.direction:
        return counts, []  # the seed article: its anchors are not the whole clause
    told = article.text[claim.clause.start : claim.clause.end]
    found = _loosely(gold.clause).search(article.text, row.start, row.end)
    span = found.span() if found else (row.start, row.end)
    overlap = _overlap(span, claim.clause)
    exact = " ".join(told.split()).strip(" .,;:") == gold.clause.strip(" .,;:")
    counts = _add(counts, spanned=1, exact=int(exact), overlap=overlap)
    errors = [] if exact else [f"SPAN {gold.clause!r}\n     ours {told!r}"]
    counts, said = _count_frame(counts, gold, claim.frame, words)
    errors += [f"FRAME {s} | {claim.text} | {claim.frame.relation}" for s in said]
    return counts, errors


def _overlap(one, other):
    both = min(one[1], other[1]) - max(one[0], other[0])
    whole = max(one[1], other[1]) - min(one[0], other[0])
    return max(both, 0) / whole if whole else 0.0


def _count_frame(counts, gold, frame, words):
    way = str(frame.direction)
    opposed = is_opposed(gold.direction, way)
    sides = (("exposure", gold.exposure, frame.exposure),)
    sides += (("outcome", gold.outcome, frame.outcome),)
    counts = _add(
        counts,
        direction_right=int(way == gold.direction),
        direction_opposed=int(opposed),
    )
    errors = [f"direction {gold.direction} ours {way}"] if way != gold.direction else []
    for side, marked, terms in sides:
        if marked:
            right = _names(marked, terms, words)
            counts = _add(counts, **{f"{side}_wanted": 1, f"{side}_right": int(right)})
            if not right:
                ours = [t.words for t in terms]
                errors.append(f"{side} {marked!r} ours {ours}")
    return counts, errors


def is_opposed(marked, ours):
    """Say whether a direction of ours tells the opposite of the marked one.

    >>> is_opposed("improves", "worsens"), is_opposed("improves", "decreases")
    (True, False)
    """
    if "no effect" in {marked, ours}:
        return bool({marked, ours} & EFFECTS)
    return frozenset({marked, ours}) in OPPOSED


def _names(marked, terms, words):
    """Say whether terms name what was marked, by their words or the vocabulary's."""
    wanted = _stems(marked)
    met = {m.concept for m in words.mentions(marked)}
    kin = met | {k for m in met for k in words.ancestors(m)}
    return any(
        wanted & _stems(t.words)
        or t.concept in kin
        or met & set(words.ancestors(t.concept))
        for t in terms
    )


def count_set(name, words):
    """Return an outcome for each marked article of one set ("dev" or "held")."""
    files = sorted((HERE / name).glob("*.jsonl"))
    return [count_article(f.stem, *read_marked(f), words) for f in files]


def count_seed(folder, words):
    """Return the outcome of the seed article against both readers' claims."""
    name = "000_c4b64477d02104bb.txt"
    body = (folder / "articles" / name).read_bytes()
    article = parse_article(body, name=name)
    rows = [
        json.loads(line)
        for part in ("claims-dev.jsonl", "claims-dev-second.jsonl")
        for line in (folder / "kratom" / part).read_text("utf-8").splitlines()
    ]
    finer = [r for r in rows if r["id"].startswith("s")]
    marked = tuple(
        Marked(
            article.text[s.start : s.end],
            "claim" if any(s.start <= r["char_offset"] < s.end for r in rows) else "-",
            tuple(
                MarkedClaim(r["anchor"], r["claim"])
                for r in finer
                if s.start <= r["char_offset"] < s.end
            ),
            s.start,
            s.end,
        )
        for s in article.sentences
        if any(
            b.start <= s.start < b.end and b.kind == "paragraph" for b in article.blocks
        )
    )
    return count_article(name, article, marked, words)


class Detected(NamedTuple):
    """One claim of the Full Fact set and whether we found one in it."""

    document: str
    """The piece of transcript that it was taken from."""
    claim: str
    type: str
    """statement of fact, hedged claim, citation, opinion, advice, personal …"""
    medical: str
    """treatment/cure, cause/effect, …, not medical."""
    found: bool

    @property
    def wanted(self):
        """Say whether it is an assertion on health: so it ought to be found."""
        stated = self.type in {"statement of fact", "hedged claim", "citation"}
        return stated and self.medical not in {"", "not medical"}


def detect_fullfact(folder, words):
    """Return which claims of the Full Fact set we find, each read by itself."""
    rows = {}
    for file in sorted((folder / "claims").glob("*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                text = row.get("output_text") or row["claim"]
                rows.setdefault(text, {}).update(row)
    return [_detect(text, row, words) for text, row in rows.items()]


def _detect(text, row, words):
    article = Article(
        name="claim",
        title="",
        text=text,
        blocks=(Block("paragraph", 0, len(text)),),
        sentences=split_sentences(text),
    )
    type_ = row.get("type_of_claim") or row.get("explanation") or ""
    return Detected(
        document=(row.get("input_text") or row.get("chunk") or "")[:80],
        claim=text,
        type=type_,
        medical=row.get("type_of_medical_claim") or "",
        found=bool(_ours(article, words)),
    )


RATES = {
    "sentence recall": ("sentences_found", "sentences_wanted"),
    "sentence precision": ("sentences_found", "sentences_told"),
    "claim recall": ("claims_matched", "claims_wanted"),
    "claim precision": ("claims_matched", "claims_told"),
    "split alike": ("split_alike", "sentences_found"),
    "span exact": ("exact", "spanned"),
    "span overlap": ("overlap", "spanned"),
    "direction right": ("direction_right", "spanned"),
    "direction opposed": ("direction_opposed", "spanned"),
    "exposure right": ("exposure_right", "exposure_wanted"),
    "outcome right": ("outcome_right", "outcome_wanted"),
}
"""Each rate: what is summed over documents, and what by."""


def rate(name, rows):
    """Return one rate over the counts of some documents; 0.0 when there is nothing."""
    above, below = RATES[name]
    whole = sum(getattr(c, below) for c in rows)
    return sum(getattr(c, above) for c in rows) / whole if whole else 0.0


def percent(name, rows):
    """Return a rate in whole per cent, rounded down, as the floors are kept."""
    return int(100 * rate(name, rows) + 1e-9)


def show(title, outcomes):
    """Return the figures of some documents as lines."""
    rows = [o.counts for o in outcomes]
    lines = [f"{title}: {len(rows)} documents"]
    for name, (above, below) in RATES.items():
        top, whole = (sum(getattr(c, k) for c in rows) for k in (above, below))
        if whole:
            lines.append(f"  {name:<19} {rate(name, rows):.3f}  ({top:g} of {whole:g})")
    return "\n".join(lines)


def show_fullfact(rows):
    """Return the detection rates on the Full Fact claims, by type."""
    lines = [_share("fullfact: all", rows)]
    lines.append(_share("  wanted", [r for r in rows if r.wanted]))
    for key in ("type", "medical"):
        for kind in sorted({getattr(r, key) for r in rows}):
            here = [r for r in rows if getattr(r, key) == kind]
            lines.append(_share(f"  {key} {kind or '-'}", here))
    return "\n".join(lines)


def _share(title, rows):
    found = sum(r.found for r in rows)
    return f"{title:<32} {found / max(1, len(rows)):.3f}  ({found} of {len(rows)})"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="those of dev, seed, ff")
    parser.add_argument("--held-errors", action="store_true", help="those of held too")
    parser.add_argument("--shared", type=Path, default=_shared())
    asked = parser.parse_args()
    words = read_words()
    out = sys.stdout.write
    for name in SETS:
        outcomes = count_set(name, words)
        out(show(f"articles, {name}", outcomes) + "\n")
        if asked.held_errors if name == "held" else asked.errors:
            out("".join(f"{e}\n" for o in outcomes for e in o.errors))
    if asked.shared.is_dir():
        seed = count_seed(asked.shared, words)
        out(show("seed article", [seed]) + "\n")
        detected = detect_fullfact(asked.shared, words)
        out(show_fullfact(detected) + "\n")
        if asked.errors:
            out("".join(f"{e}\n" for e in seed.errors))
            wrong = [r for r in detected if r.found != r.wanted]
            for r in sorted(wrong, key=lambda r: r.found):
                mark = "FALSE" if r.found else "MISSED"
                out(f"fullfact: {mark} ({r.type}, {r.medical}) {r.claim}\n")


def _shared():
    return Path(__file__).parents[3] / "shared/data"


if __name__ == "__main__":
    main()
