"""Two rankings become one, the same every time."""

from hypothesis import given
from hypothesis import strategies as st

from assay.library.rank import STOP_WORDS, claim_words, fuse_ranks, fuse_scores

KEYS = st.sampled_from([f"pmid:9000000{n}" for n in range(8)])
WORDS = st.dictionaries(KEYS, st.floats(0.1, 40))
MEANING = st.dictionaries(KEYS, st.floats(-1, 1))
RANKINGS = st.lists(st.lists(KEYS, unique=True), max_size=3)


@given(WORDS, MEANING)
def test_every_record_of_either_ranking_is_ranked_once(by_words, by_meaning):
    keys = [key for key, _ in fuse_scores(by_words, by_meaning)]
    assert sorted(keys) == sorted({*by_words, *by_meaning})


@given(WORDS, MEANING, st.randoms())
def test_the_order_of_what_comes_in_does_not_matter(by_words, by_meaning, chance):
    mixed = list(by_words.items())
    chance.shuffle(mixed)
    assert fuse_scores(dict(mixed), by_meaning) == fuse_scores(by_words, by_meaning)


@given(WORDS, st.floats(0.5, 20))
def test_the_unit_of_the_score_by_words_does_not_matter(by_words, factor):
    larger = {key: score * factor for key, score in by_words.items()}
    near = [round(r.score, 6) for r in fuse_scores(by_words, {})]
    assert [round(r.score, 6) for r in fuse_scores(larger, {})] == near


def test_who_leads_by_words_and_by_meaning_leads():
    fused = fuse_scores({"a": 9.0, "b": 3.0}, {"a": 0.8, "b": 0.7})
    assert [key for key, _ in fused] == ["a", "b"]


def test_a_clear_lead_in_meaning_beats_a_small_one_in_words():
    fused = fuse_scores({"a": 9.0, "b": 8.5}, {"a": 0.1, "b": 0.8})
    assert fused[0].key == "b"


def test_differences_beyond_the_fourth_place_are_ties_and_go_by_key():
    fused = fuse_scores({}, {"b": 0.50000001, "a": 0.5})
    assert [key for key, _ in fused] == ["a", "b"]


def test_nothing_to_rank_gives_nothing():
    assert fuse_scores({}, {}) == ()
    assert fuse_ranks([]) == fuse_ranks([(), ()]) == ()


@given(RANKINGS)
def test_ranks_are_fused_whatever_order_the_rankings_stand_in(rankings):
    fused = fuse_ranks(rankings)
    assert [r.key for r in fused] == [r.key for r in fuse_ranks(rankings[::-1])]
    assert len(fused) == len({key for ranking in rankings for key in ranking})


@given(st.lists(KEYS, unique=True))
def test_one_ranking_alone_keeps_its_order(ranking):
    assert [key for key, _ in fuse_ranks([ranking, ranking])] == ranking


def test_the_sum_of_reciprocal_ranks_is_the_published_one():
    fused = dict(fuse_ranks([("a", "b"), ("b",)]))
    assert fused == {"a": 1 / 61, "b": 1 / 62 + 1 / 61}


@given(st.text())
def test_words_to_rank_by_are_told_once_and_are_no_stop_words(text):
    words = claim_words(text)
    assert len(words) == len(set(words))
    assert STOP_WORDS.isdisjoint(words)
