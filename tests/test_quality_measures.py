"""The measures of quality, against cases worked by hand, and the laws they keep."""

import json
import math
import random

import pytest
from bench.quality import __main__ as command
from bench.quality.bm25 import index_corpus, rank_by_plan, rank_by_words
from bench.quality.data import (
    AbsentError,
    Pair,
    as_record,
    compare_claim,
    components,
    find_data,
    folds,
    group_pairs,
    read_lines,
)
from bench.quality.figures import Figure, find_sunk, hold, render_table
from bench.quality.intervals import bootstrap, compare
from bench.quality.measures import (
    Gold,
    Judged,
    Said,
    accuracy,
    answered,
    average_precision,
    brier,
    calibration_error,
    confusion,
    macro_f1,
    ndcg,
    recall_at,
    risk_area,
    risk_coverage,
    score_abstracts,
    score_labels,
    wrong_way,
)
from bench.quality.rules import RulesReader, join_stances
from bench.quality.run import NotThereError, Run, take
from bench.quality.sections import elsewhere
from bench.quality.stance import Answered, measure_labels
from bench.quality.tfidf import cross_validate, pair_words, predict, train
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import StoreError
from assay.model import Stance
from assay.record import Record, Section

labels = st.lists(st.sampled_from("SCN"), min_size=1, max_size=30)


# --- labels ---------------------------------------------------------------------------

GOLD = list("SSSSCCNNNN")
SAID = list("SSCNCSNNNS")


def test_a_confusion_counts_every_pair():
    assert confusion(GOLD, SAID) == {
        ("S", "S"): 2, ("S", "C"): 1, ("S", "N"): 1, ("C", "C"): 1, ("C", "S"): 1,
        ("N", "N"): 3, ("N", "S"): 1,
    }  # fmt: skip


def test_scores_by_class_are_those_worked_by_hand():
    scores = score_labels(GOLD, SAID)
    assert scores["S"] == (2 / 4, 2 / 4, 0.5)  # S was said four times, two are right
    assert scores["C"] == (1 / 2, 1 / 2, 0.5)
    assert scores["N"] == (3 / 4, 3 / 4, 0.75)
    assert macro_f1(GOLD, SAID) == pytest.approx((0.5 + 0.5 + 0.75) / 3)
    assert accuracy(GOLD, SAID) == 0.6


def test_a_class_that_is_never_said_scores_nothing_and_still_counts():
    assert macro_f1("SC", "SS") == pytest.approx((2 / 3 + 0) / 2)


def test_a_class_that_is_no_gold_label_is_not_averaged_over():
    assert macro_f1("SC", "SN") == 0.5  # S 1, C 0; N is an abstention


def test_wrong_way_round_is_over_the_answered_only():
    assert answered(SAID) == 0.6
    assert wrong_way(GOLD, SAID) == pytest.approx(2 / 6)
    assert wrong_way("SC", "NN") == 0


def test_an_answer_where_nothing_is_told_is_not_wrong_way_round():
    assert wrong_way("NN", "SC") == 0


@given(labels)
def test_who_says_the_gold_labels_reaches_the_top(gold):
    assert macro_f1(gold, gold) == 1
    assert wrong_way(gold, gold) == 0


@given(st.lists(st.tuples(*[st.sampled_from("SCN")] * 2), max_size=30))
def test_the_order_of_the_rows_does_not_matter(rows):
    def figures(pairs):
        gold, said = [g for g, _ in pairs], [s for _, s in pairs]
        return macro_f1(gold, said), accuracy(gold, said), wrong_way(gold, said)

    assert figures(rows) == figures(rows[::-1])


# --- abstracts and rationale ----------------------------------------------------------


def judged(said, gold=None):
    return Judged(gold or {"a": Gold("S", (frozenset({1, 2}), frozenset({5})))}, said)


def test_an_abstract_counts_by_its_label_alone():
    scores = score_abstracts([judged({"a": Said("S", (7,))})])
    assert scores.label_only == (1, 1, 1)
    assert scores.rationalised == (0, 0, 0)


@pytest.mark.parametrize(
    ("sentences", "told"),
    [
        ((1, 2), True),
        ((2, 1), True),
        ((5,), True),
        ((1,), False),  # half a set is none
        ((0, 5, 9), True),
        ((0, 3, 4, 5), False),  # the fourth is not looked at
        ((0, 1, 3, 2), False),
        ((), False),
    ],
)
def test_a_rationale_holds_a_whole_gold_set_in_its_first_three(sentences, told):
    scores = score_abstracts([judged({"a": Said("S", sentences)})])
    assert scores.rationalised.f1 == told


def test_a_wrong_label_earns_nothing_but_its_sentences():
    scores = score_abstracts([judged({"a": Said("C", (5,))})])
    assert scores.label_only.f1 == scores.rationalised.f1 == 0
    assert scores.selection == (1, 1 / 3, 0.5)
    assert scores.selection_label.f1 == 0


def test_sentences_count_when_their_whole_set_was_chosen_however_many_there_are():
    scores = score_abstracts([judged({"a": Said("S", (0, 1, 9, 2))})])
    assert scores.selection == (2 / 4, 2 / 3, pytest.approx(4 / 7))
    assert score_abstracts([judged({"a": Said("S", (1,))})]).selection.f1 == 0


def test_an_abstract_that_is_not_told_does_not_count_as_predicted():
    scores = score_abstracts([judged({"a": Said("N", (5,))})])
    assert scores.label_only == scores.selection == (0, 0, 0)


def test_an_abstract_too_many_costs_precision_and_one_too_few_recall():
    gold = {"a": Gold("S", (frozenset({0}),)), "b": Gold("C", (frozenset({1}),))}
    claims = [
        judged({"a": Said("S", (0,)), "x": Said("C", (0,))}, gold),
        judged({"y": Said("S", (3,))}, {"c": Gold("C", (frozenset({3}),))}),
    ]
    scores = score_abstracts(claims)
    assert scores.label_only == (1 / 3, 1 / 3, pytest.approx(1 / 3))
    assert scores.selection == (1 / 3, 1 / 3, pytest.approx(1 / 3))


# --- ranking --------------------------------------------------------------------------


def test_the_gain_is_discounted_by_the_place_and_set_against_the_best_order():
    best = 1 + 1 / math.log2(3)
    assert ndcg(["x", "a", "b"], {"a", "b"}) == pytest.approx(
        (1 / math.log2(3) + 1 / math.log2(4)) / best
    )
    assert ndcg(["a", "b", "x"], {"a", "b"}) == 1
    assert ndcg(["x"] * 10 + ["a"], {"a"}) == 0  # the eleventh is not looked at
    assert ndcg([], {"a"}) == ndcg(["a"], set()) == 0


def test_more_relevant_than_places_can_still_reach_the_top():
    assert ndcg(["a", "b"], {"a", "b", "c"}, k=2) == 1


def test_recall_and_precision_of_a_ranking_are_those_worked_by_hand():
    ranked = ["x", "a", "y", "b"]
    assert [recall_at(ranked, {"a", "b", "c"}, k) for k in (1, 2, 4)] == [
        0,
        pytest.approx(1 / 3),
        pytest.approx(2 / 3),
    ]
    assert average_precision(ranked, {"a", "b"}) == (1 / 2 + 2 / 4) / 2
    assert average_precision(ranked, {"a", "b", "c"}) == pytest.approx(1 / 3)


@given(st.permutations("abcdefgh"), st.sets(st.sampled_from("abcdefgh"), min_size=1))
def test_moving_a_relevant_one_up_never_costs_anything(ranked, relevant):
    best = sorted(ranked, key=lambda name: name not in relevant)
    assert ndcg(ranked, relevant) <= ndcg(best, relevant) + 1e-12
    assert average_precision(ranked, relevant) <= 1 == average_precision(best, relevant)


# --- knowing when not to know ---------------------------------------------------------


def test_the_curve_of_risk_starts_with_the_surest():
    curve = risk_coverage([0.2, 0.9, 0.5, 0.7], [False, True, True, False])
    assert curve == (
        (0.25, 0),
        (0.5, 1 / 2),
        (0.75, pytest.approx(1 / 3)),
        (1, 1 / 2),
    )
    assert risk_area([0.2, 0.9, 0.5, 0.7], [False, True, True, False]) == pytest.approx(
        (0 + 1 / 2 + 1 / 3 + 1 / 2) / 4
    )


def test_rows_that_are_equally_sure_are_answered_together():
    assert risk_coverage([0.5, 0.5], [True, False]) == ((1, 0.5),)
    assert risk_coverage([0.5, 0.5], [False, True]) == ((1, 0.5),)
    assert risk_area([], []) == 0


def test_calibration_is_the_gap_between_sureness_and_being_right():
    sure = [0.95, 0.95, 0.55, 0.55]
    assert calibration_error(sure, [True, True, True, False]) == pytest.approx(
        (2 * 0.05 + 2 * 0.05) / 4
    )
    assert calibration_error([1.0, 1.0], [False, False]) == 1
    assert calibration_error([0.0, 1.0], [False, True]) == 0


def test_gaps_in_one_bin_take_each_other_away_and_in_two_do_not():
    assert calibration_error([0.85, 0.85], [True, False], bins=1) == pytest.approx(0.35)
    assert calibration_error([0.25, 0.75], [True, False], bins=2) == pytest.approx(0.75)
    assert calibration_error([0.25, 0.75], [True, False], bins=1) == 0


def test_the_distance_of_chances_from_the_truth_is_squared():
    chances = [{"S": 0.6, "C": 0.3, "N": 0.1}, {"S": 0.0, "C": 1.0, "N": 0.0}]
    first = 0.4**2 + 0.3**2 + 0.1**2
    assert brier(chances, "SC") == pytest.approx(first / 2)
    assert brier(chances, "SS") == pytest.approx((first + 2) / 2)


# --- intervals ------------------------------------------------------------------------


def mean(rows):
    return {"mean": sum(value for _, value in rows) / len(rows)}


def document(row):
    return row[0]


def test_the_same_rows_give_the_same_interval():
    rows = [(n % 7, n % 3) for n in range(40)]
    assert bootstrap(rows, document, mean) == bootstrap(rows, document, mean)


def test_an_interval_holds_the_figure_and_narrows_with_more_documents():
    def width(count):
        rows = [(n, n % 2) for n in range(count)]
        own = bootstrap(rows, document, mean)["mean"]
        assert own.low <= own.value <= own.high
        return own.high - own.low

    assert width(400) < width(100) < width(20)


def test_an_interval_is_near_what_theory_says_of_a_share():
    rows = [(n, n % 2) for n in range(400)]
    own = bootstrap(rows, document, mean)["mean"]
    half = 1.96 * math.sqrt(0.25 / 400)
    assert own.low == pytest.approx(0.5 - half, abs=0.01)
    assert own.high == pytest.approx(0.5 + half, abs=0.01)


def test_rows_of_one_document_are_drawn_together_so_they_tell_less():
    apart = bootstrap([(n, n % 2) for n in range(200)], document, mean)["mean"]
    rows = [(n // 20, n // 20 % 2) for n in range(200)]
    together = bootstrap(rows, document, mean)["mean"]
    assert together.high - together.low > 3 * (apart.high - apart.low)


def test_one_document_alone_leaves_nothing_to_draw():
    own = bootstrap([(1, 0), (1, 1)], document, mean)["mean"]
    assert own == (0.5, 0.5, 0.5)
    assert bootstrap([], document, mean) == {}


def right(column):
    return lambda rows: sum(row[column] for row in rows) / len(rows)


def test_a_system_that_is_never_worse_is_ahead_in_every_resample():
    rows = [(n, 1, n % 2) for n in range(60)]
    gap = compare(rows, document, right(1), right(2))
    assert gap.value == 0.5
    assert gap.low > 0
    assert gap.ahead == 1


def test_the_pairing_shows_a_small_lead_that_separate_intervals_would_hide():
    rows = [(n, n % 2, n % 2 if n % 20 else 0) for n in range(1, 401)]
    rows = [(n, max(a, n % 20 == 0), b) for n, a, b in rows]
    gap = compare(rows, document, right(1), right(2))
    one = bootstrap(rows, document, lambda r: {"x": right(1)(r)})["x"]
    assert gap.low > 0
    assert gap.value < one.high - one.low


def test_two_systems_that_say_the_same_are_ahead_half_of_the_time():
    gap = compare([(n, n % 2, n % 2) for n in range(9)], document, right(1), right(2))
    assert gap == (0, 0, 0, 0.5)
    with pytest.raises(ValueError, match="nothing to compare"):
        compare([], document, right(1), right(2))


# --- division by document -------------------------------------------------------------

grouped = st.lists(st.tuples(st.integers(0, 12), st.integers()), max_size=60)


@given(grouped, st.integers(1, 5))
def test_no_document_is_in_two_parts_and_no_row_is_lost(rows, k):
    parts = folds(rows, k, lambda row: str(row[0]))
    keys = [{row[0] for row in part} for part in parts]
    assert sum(map(len, keys)) == len(set().union(*keys))
    assert sorted(row for part in parts for row in part) == sorted(rows)


@given(grouped, st.integers(2, 5), st.randoms())
def test_who_goes_where_does_not_hang_on_the_order_of_the_rows(rows, k, chance):
    shuffled = list(rows)
    chance.shuffle(shuffled)
    own = [sorted(part) for part in folds(rows, k, lambda row: str(row[0]))]
    assert own == [sorted(p) for p in folds(shuffled, k, lambda row: str(row[0]))]


def test_parts_are_of_near_the_same_size():
    rows = [(n // 3, n) for n in range(90)]
    assert {len(p) for p in folds(rows, 5, lambda row: str(row[0]))} == {18}


@given(st.lists(st.sets(st.sampled_from("abcdefghij"), min_size=1), max_size=15))
def test_rows_that_share_a_part_are_in_one_group(rows):
    names = components(rows, sorted)
    for one, name in zip(rows, names, strict=True):
        for other, its in zip(rows, names, strict=True):
            assert name == its or not one & other


def make_pair(name, claim, doc, label="S", sents=("It was seen.",)):
    return Pair(name, claim, "T", sents, (), label, (), doc)


def test_claims_chain_abstracts_together():
    pairs = [
        make_pair("1", "tea", "x"),
        make_pair("2", "tea", "y"),
        make_pair("3", "milk", "y"),
        make_pair("4", "milk", "z"),
        make_pair("5", "water", "w"),
    ]
    names = group_pairs(pairs)
    assert len(set(names[:4])) == 1
    assert names[4] not in names[:4]


# --- reading the sets -----------------------------------------------------------------


def test_without_the_data_one_sentence_says_so(tmp_path):
    with pytest.raises(AbsentError, match=r"--shared DIR"):
        find_data(tmp_path)
    with pytest.raises(AbsentError, match=r"x\.jsonl is missing"):
        read_lines(tmp_path / "x.jsonl")


def test_a_comparison_becomes_a_claim_without_leftovers_of_the_page():
    row = {"outcome": " pain\n score", "comparator": "30&nbsp;g of chalk"}
    said = compare_claim("lunaroot", "does not change", row)
    assert said == "Lunaroot does not change pain score compared with 30 g of chalk."


def test_headings_of_a_pair_become_categories_of_the_record():
    pair = make_pair("1", "c", "d", sents=("One. Two.", "Three."))
    record = as_record(pair._replace(headings=("METHODS", "ODD")))
    assert [(s.text, s.category) for s in record.abstract] == [
        ("One. Two.", "METHODS"),
        ("Three.", ""),
    ]


# --- the rules on a pair --------------------------------------------------------------


def record_of(*sentences):
    return Record(
        source="pubmed", title="Kratom", abstract=tuple(map(Section, sentences))
    )


def test_an_abstract_that_speaks_is_read_with_the_number_of_its_sentence():
    record = record_of("Sleep  is \n odd.", "Kratom significantly improved sleep.")
    (read,) = RulesReader().read("Kratom improves sleep.", [record])
    assert read.said == Said("S", (1,))
    assert read.claims == 1


def test_a_sentence_without_a_claim_is_told_from_a_silent_abstract():
    silent = record_of("The weather was fine.")
    reader = RulesReader()
    assert reader.read("Kratom improves sleep.", [silent])[0][:2] == (Said("N"), 1)
    assert reader.read("Is it so?", [silent])[0] == (Said("N"), 0, ())


def test_both_sides_in_one_abstract_are_no_answer():
    both = [Stance.SUPPORTS, Stance.CONTRADICTS, Stance.NEUTRAL]
    assert join_stances(both) == "N"
    assert join_stances([Stance.CONTRADICTS, Stance.QUALIFIES]) == "C"
    assert join_stances([Stance.QUALIFIES]) == "N"


# --- the baselines --------------------------------------------------------------------


def test_word_counts_learn_what_words_can_tell():
    chance = random.Random(1)
    noise = [f"w{n}" for n in range(20)]
    rows = [
        [chance.choice(noise), chance.choice(noise), "up" if n % 2 else "down"]
        for n in range(400)
    ]
    told = ["S" if n % 2 else "C" for n in range(400)]
    weights = train(rows[:300], told[:300])
    assert predict(weights, rows[300:]) == told[300:]
    assert predict(weights, [["up"], ["down"], ["never", "met"]])[:2] == ["S", "C"]


def test_a_pair_is_labelled_by_a_model_that_saw_nothing_of_its_group():
    """Where the label hangs on the document alone, knowing the others tells nothing."""
    chance = random.Random(2)
    pairs = []
    for doc in range(20):
        label = chance.choice("SC")
        text = (f"Mark{doc} alpha{doc} beta{doc}.",)
        for n in range(3):
            name = f"{doc}-{n}"
            pairs.append(make_pair(name, f"Claim {doc}.", str(doc), label, text))
    found = cross_validate(pairs)
    assert accuracy([p.label for p in pairs], found) < 0.8
    weights = train([pair_words(p) for p in pairs], [p.label for p in pairs])
    assert predict(weights, [pair_words(p) for p in pairs]) == [p.label for p in pairs]


def test_the_index_ranks_by_words_and_as_a_check_asks():
    corpus = {
        str(n): Record(source="pubmed", pmid=str(n), title=title)
        for n, title in (
            (90000001, "Kratom and sleep"),
            (90000002, "Sleep alone"),
            (90000003, "Chalk"),
        )
    }
    with index_corpus(corpus) as index:
        claim = "Kratom improves sleep."
        assert rank_by_words(index, claim) == ["90000001", "90000002"]
        assert rank_by_plan(index, RulesReader(), claim)[0] == "90000001"
        assert rank_by_plan(index, RulesReader(), "Is it so?") == []


# --- floors and the table -------------------------------------------------------------


def test_a_figure_is_held_to_its_floor_or_its_ceiling():
    floors = {"a/f1": 0.5, "a/wrong-at-most": 0.1}
    good = [Figure("a/f1", 0.5), Figure("a/wrong", 0.1), Figure("a/other", 0.0)]
    assert find_sunk(good, floors) == ()
    bad = [Figure("a/f1", 0.4999), Figure("a/wrong", 0.1001)]
    assert find_sunk(bad, floors) == (
        "a/f1 is 0.4999; it must be ≥ 0.5.",
        "a/wrong is 0.1001; it must be ≤ 0.1.",
    )
    assert hold(good[2], floors).floor is None


def test_the_table_shows_each_figure_under_what_it_is_of():
    figures = [
        Figure("a/f1", 0.5, 0.4, 0.6, 1234),
        Figure("a/wrong", 0.2, n=1234),
        Figure("found", 16, 15, 16, 16),
    ]
    lines = render_table(figures, {"a/f1": 0.6}).splitlines()
    assert [line.split() for line in lines] == [
        ["a", "(1,234", "rows)"],
        ["f1", "0.5000", "0.4000", "to", "0.6000", "≥", "0.6", "SANK"],
        ["wrong", "0.2000"],
        ["others", "(16", "rows)"],
        ["found", "16", "15", "to", "16"],
    ]


# --- the command ------------------------------------------------------------


def f1(run):
    """Sections of one figure."""
    yield Figure("a/f1", 0.5, 0.4, 0.6, 9)


def interrupted(run):
    yield Figure("b/f1", 0.25)
    raise KeyboardInterrupt


@pytest.fixture
def ask(monkeypatch, tmp_path, capsys):
    """Return a function that runs the command on sections of ours."""
    (tmp_path / "data").mkdir()

    def run(*words, floors=(), **sections):
        monkeypatch.setattr(command, "SECTIONS", sections)
        monkeypatch.setattr(command, "read_floors", lambda: dict(floors))
        status = command.main(["--shared", str(tmp_path), *words])
        return status, capsys.readouterr()

    return run


def test_the_command_shows_the_figures_and_writes_them_for_programs(ask, tmp_path):
    file = tmp_path / "figures.json"
    status, said = ask("--json", str(file), floors={"a/f1": 0.5}, one=f1)
    assert status == 0
    assert "0.5000   0.4000 to 0.6000" in said.out
    told = json.loads(file.read_text())
    assert told == {
        "whole": True,
        "figures": [
            {"name": "a/f1", "value": 0.5, "low": 0.4, "high": 0.6, "n": 9}
            | {"floor": 0.5}
        ],
        "missing": {},
    }


def test_a_figure_that_sank_is_named_and_the_status_is_one(ask):
    status, said = ask(floors={"a/f1": 0.6}, one=f1)
    assert status == 1
    assert "a/f1 is 0.5; it must be ≥ 0.6." in said.out


def test_an_interrupt_shows_what_was_done_by_then(ask, tmp_path):
    file = tmp_path / "figures.json"
    status, said = ask("--json", str(file), one=f1, two=interrupted, three=f1)
    assert status == 130
    assert "0.2500" in said.out
    assert "interrupted" in said.err
    told = json.loads(file.read_text())
    assert [f["name"] for f in told["figures"]] == ["a/f1", "b/f1"]
    assert told["whole"] is False


def test_a_section_that_is_not_built_says_so_and_the_others_go_on(ask):
    status, said = ask(one=elsewhere("bench.quality.no_such", "Nothing."), two=f1)
    assert status == 0
    assert "one: not measured, there is no bench.quality.no_such yet" in said.out
    assert "0.5000" in said.out
    with pytest.raises(NotThereError):
        list(elsewhere("bench.quality.no_such", "")(Run(None)))


def test_a_section_that_breaks_off_keeps_its_figures_and_the_others_and_fails(ask):
    def breaking(run):
        yield Figure("c/f1", 0.125)
        raise StoreError("library", "it is damaged", "Make it again.")

    status, said = ask(one=breaking, two=f1)
    assert status == 1
    assert "0.1250" in said.out
    assert "0.5000" in said.out
    assert "one: not measured, " in said.out
    assert "Make it again." in said.out


def test_only_what_was_asked_for_is_measured_and_a_slip_names_what_there_is(ask):
    assert "b/f1" not in ask("--only", "one", one=f1, two=interrupted)[1].out
    with pytest.raises(SystemExit) as slip:
        ask("--only", "tow", one=f1, two=interrupted)
    assert slip.value.code == 2


def test_the_list_needs_no_data(ask, capsys):
    assert ask("--list", one=f1)[1].out.split() == ["one", *f1.__doc__.split()]


def test_without_the_data_the_command_stops_with_a_sentence(tmp_path, capsys):
    assert command.main(["--shared", str(tmp_path / "none")]) == 2
    said = capsys.readouterr().err
    assert said.startswith("bench.quality: The shared data are not at ")
    assert "Traceback" not in said


def test_a_sample_is_not_held_to_the_floors_of_the_whole(ask):
    assert ask("--sample", "5", floors={"a/f1": 0.6}, one=f1)[0] == 0


def test_a_sample_takes_whole_groups_and_always_the_same():
    rows = [(n // 4, n) for n in range(100)]
    some = take(rows, 20, lambda row: str(row[0]))
    assert some == take(rows, 20, lambda row: str(row[0]))
    assert len(some) == 20
    assert len({group for group, _ in some}) == 5


def test_a_system_that_tells_its_chances_is_measured_for_them_too():
    rows = [
        Answered(
            make_pair(str(n), f"c{n}", str(n), "SC"[n % 2]),
            str(n),
            Said("S"),
            chances={"S": 0.7, "C": 0.2, "N": 0.1},
        )
        for n in range(10)
    ]
    found = {f.name: f.value for f in measure_labels(Run(None, rounds=9), "x", rows)}
    assert found["x/calibration-error"] == pytest.approx(0.2)
    assert found["x/risk-area"] == found["x/risk-at-half"] == 0.5
    assert found["x/wrong-way"] == 0.5
    assert "x/f1-N" not in found
    silent = [row._replace(chances=None) for row in rows]
    names = {f.name for f in measure_labels(Run(None, rounds=9), "x", silent)}
    assert "x/brier" not in names
