"""How well the claims of articles are found, against floors that only rise."""

import json
import sys
from itertools import pairwise

import pytest

from tests.claim_samples import article
from tests.eval.claims_found import (
    HERE,
    RATES,
    SETS,
    Counts,
    alike,
    count_article,
    count_seed,
    count_set,
    detect_fullfact,
    is_opposed,
    percent,
    place,
    rate,
    read_marked,
    read_words,
    show,
    show_fullfact,
)
from tests.eval.floors import hold

HELD_TO = (
    "sentence recall",
    "sentence precision",
    "claim recall",
    "claim precision",
    "span exact",
    "direction right",
    "exposure right",
    "outcome right",
)
FILES = sorted(HERE.rglob("*.jsonl"))


@pytest.fixture(scope="module")
def words():
    return read_words()


@pytest.mark.parametrize("name", SETS)
def test_the_claims_of_the_marked_articles_are_found(name, words):
    outcomes = count_set(name, words)
    sys.stdout.write(show(name, outcomes) + "\n")
    rows = [o.counts for o in outcomes]
    for figure in HELD_TO:
        hold(f"claims-{name}-{figure.replace(' ', '-')}", percent(figure, rows))


def test_the_claims_of_the_seed_article_are_split_as_the_second_reader_did(
    shared, words
):
    counts = count_seed(shared, words).counts
    for figure in HELD_TO[:4]:
        hold(f"claims-seed-{figure.replace(' ', '-')}", percent(figure, [counts]))


def test_health_claims_of_transcripts_are_told_from_chat(shared, words):
    rows = detect_fullfact(shared, words)
    sys.stdout.write(show_fullfact(rows) + "\n")
    wanted = [r for r in rows if r.wanted]
    assert len(rows) == 287
    hold("claims-fullfact-all", sum(r.found for r in rows))
    hold("claims-fullfact-wanted", sum(r.found for r in wanted))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_marked_sentence_stands_in_its_article_as_read(path):
    article, marked = read_marked(path)
    lost = [m.sentence for m in marked if m.start < 0 and m.kind == "claim"]
    assert lost == []
    spans = [(m.start, m.end) for m in marked if m.start >= 0]
    assert spans == sorted(spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert article.text


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_marked_clause_stands_in_its_sentence(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        assert bool(row.get("claims")) == (row["kind"] in {"claim", "arguable"})
        assert all(c["clause"] in row["sentence"] for c in row.get("claims", ()))


def test_there_are_articles_enough_in_both_sets():
    assert len(list((HERE / "dev").glob("*.jsonl"))) >= 9
    assert len(list((HERE / "held").glob("*.jsonl"))) >= 5


def marked(text, *rows):
    from_text = [
        {"sentence": s, "kind": k, "claims": [{"clause": c, "claim": c} for c in cs]}
        for s, k, *cs in rows
    ]
    return place(text, from_text)


def test_a_claim_in_a_sentence_that_holds_none_counts_against_precision(words):
    text = "Valerian improves sleep. Kava eases pain."
    rows = marked(
        text,
        ("Valerian improves sleep.", "claim", "Valerian improves sleep"),
        ("Kava eases pain.", "opinion"),
    )
    counts = count_article("x", article(text), rows, words).counts
    assert rate("sentence recall", [counts]) == 1.0
    assert rate("sentence precision", [counts]) == 0.5


def test_a_missed_claim_counts_against_recall(words):
    text = "It was a dark night. Kava eases pain."
    rows = marked(
        text,
        ("It was a dark night.", "claim", "It was a dark night"),
        ("Kava eases pain.", "claim", "Kava eases pain"),
    )
    counts = count_article("x", article(text), rows, words).counts
    assert rate("sentence recall", [counts]) == 0.5
    assert rate("claim recall", [counts]) == 0.5
    assert rate("span exact", [counts]) == 0.0


def test_a_rate_of_nothing_is_nothing():
    assert all(rate(name, [Counts("x")]) == 0.0 for name in RATES)


def test_rates_are_of_sums_and_not_means_of_rates():
    rows = [
        Counts("a", sentences_wanted=1, sentences_found=1),
        Counts("b", sentences_wanted=3),
    ]
    assert rate("sentence recall", rows) == 0.25
    assert percent("sentence recall", rows) == 25


def test_likeness_is_of_telling_words():
    assert alike("Tea improves the sleep", "teas improve sleep") == 1.0
    assert alike("Tea improves sleep", "kava harms livers") == 0.0


def test_the_opposite_direction_is_worse_than_another_one():
    assert is_opposed("increases", "decreases")
    assert is_opposed("no effect", "improves")
    assert not is_opposed("is", "improves")
