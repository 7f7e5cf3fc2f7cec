"""Checks an article as the command does, and matches its claims with marked ones."""

from typing import NamedTuple

from assay.claims.article import parse_article
from assay.claims.headings import parse_headings
from assay.claims.vocabulary import parse_vocabulary
from assay.edge.index import open_index
from assay.edge.packaged import read_packaged_text
from assay.edge.ranking import open_ranker
from assay.edge.reader import open_reader
from assay.edge.store import open_library
from assay.evidence.wording import content_words
from assay.workflows import check

LEAST_OVERLAP = 0.25
"""Share of what a marked claim tells that ours must hold to be the same."""


def read_words():
    headings = parse_headings(read_packaged_text("headings.tsv"))
    return parse_vocabulary(read_packaged_text("vocabulary.toml"), headings=headings)


class Match(NamedTuple):
    row: dict
    """The claim as a person marked it."""
    finding: object
    """Ours; None when the claim was not found."""
    overlap: float


def check_offline(body, name, folder):
    """Return the report on an article from the starter library alone."""
    words = read_words()
    article = parse_article(body, name=name)
    with open_library(folder) as library:
        index = open_index(folder, library)

        def candidates(groups):
            return [library.get(hit.key) for hit in index.find(groups)]

        with open_ranker(folder, index, library.get) as ranker:
            return check(
                article,
                words,
                candidates=candidates,
                ranked=ranker.begin,
                ask=open_reader().ask,
            )


def match_claims(rows, findings):
    """Return each marked claim with ours of the same sentence and nearest meaning."""
    words = read_words()
    return [match_claim(row, findings, words) for row in rows]


def match_claim(row, findings, words):
    here = [f for f in findings if f.claim.start <= row["char_offset"] < f.claim.end]
    scored = [(nearness(row, f.claim, words), f) for f in here]
    best = max(scored, key=lambda pair: pair[0], default=None)
    if best is None or best[0][0] < LEAST_OVERLAP:
        return Match(row, None, 0.0)
    return Match(row, best[1], best[0][0])


def nearness(row, claim, words):
    """Return (share of what the marked claim tells, of its anchor) that ours holds."""
    wanted, ours = told(row["claim"], words), told(claim.text, words)
    anchor = told(row["anchor"], words)
    return (
        len(wanted & ours) / len(wanted),
        len(anchor & ours) / max(1, len(anchor)),
        -len(ours),
    )


def told(text, words):
    """Return the telling words of a text, and the concepts that it names or lies in."""
    met = {m.concept for m in words.mentions(text)}
    return content_words(text) | met | {w for key in met for w in words.ancestors(key)}


def label_of(match):
    return match.finding.verdict.label.value if match.finding else "not found"


def accepted(match):
    allowed = match.row.get("accept") or [match.row["verdict"].replace("_", " ")]
    return label_of(match) in allowed


def reversed_(match):
    """Say whether what is contradicted is shown as supported, or the other way."""
    return {match.row["verdict"], label_of(match)} == {"supported", "contradicted"}


def show(matches):
    """Return a table that a person can follow: what was matched with what."""
    lines = []
    for m in matches:
        ours = m.finding.claim.text if m.finding else "-"
        mark = "ok " if accepted(m) else "NO "
        lines.append(f"{mark} {m.row['id']} {m.overlap:.2f} {m.row['claim']}")
        lines.append(f"        ours: {ours}")
        lines.append(f"        marked {m.row['verdict']}, ours {label_of(m)}")
    return "\n".join(lines) + "\n"
