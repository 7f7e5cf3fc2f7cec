"""Records are ranked for a claim, and no verdict hangs on a last digit."""

from random import Random

import pytest

from assay.edge.index import open_index
from assay.edge.packaged import read_packaged
from assay.edge.ranking import POOL, Ranker, open_ranker
from assay.edge.store import open_library
from assay.record import Keyword, Record, Section
from assay.text import record_text
from tests.shaken import find_verdicts

WHEN = "2026-11-22T10:00:00Z"
SHAKEN = 0.02
"""The most by which a cosine differed between two versions of onnxruntime, over 1,600
pairs of claim and abstract; .003 on average."""


def record(number, title, abstract=""):
    sections = (Section(abstract),) if abstract else ()
    return Record(
        source="pubmed", pmid=str(90_000_000 + number), title=title, abstract=sections
    )


TEA = record(1, "Moonbark tea and sleep", "Moonbark tea shortened sleep latency.")
SLEEPERS = record(2, "Poor sleepers who were given moonbark", "They slept sooner.")
BRIDGE = record(3, "Load limits of a bridge in winter", "The bridge was closed.")
LATE = record(4, "Falling asleep", "Lunaroot helped people to fall asleep sooner.")
CLAIM = "Moonbark helps people fall asleep."


@pytest.fixture
def library(tmp_path):
    with open_library(tmp_path, starter=False) as opened:
        opened.add([TEA, SLEEPERS, BRIDGE, LATE], source="pubmed", query="", when=WHEN)
        yield opened


@pytest.fixture
def ranker(library, tmp_path):
    index = open_index(tmp_path, library)
    with open_ranker(tmp_path, index, library.get) as opened:
        yield opened


def numbers(records):
    return [int(each.pmid[-1]) for each in records]


def test_what_was_found_is_ordered_by_nearness_and_nothing_is_lost(ranker):
    found = ranker.rank(CLAIM, [BRIDGE, TEA], 0)
    assert found == (TEA, BRIDGE)


def test_where_little_was_found_the_nearest_others_fill_it_up(ranker):
    assert sorted(numbers(ranker.rank(CLAIM, [TEA], 3))) == [1, 2, 4]
    assert len(ranker.rank(CLAIM, [TEA], 2)) == 2
    assert numbers(ranker.rank(CLAIM, [TEA], 1)) == [1]


def test_where_enough_was_found_no_other_is_read(tmp_path, library):
    index = open_index(tmp_path, library)
    texts = []
    ranker = Ranker(
        index, library.get, lambda _, own: texts.extend(own) or [0.0] * len(own)
    )
    assert ranker.rank(CLAIM, [BRIDGE], 1) == (BRIDGE,)
    assert len(texts) == 1


def test_a_record_without_a_word_in_common_is_not_added(ranker):
    assert BRIDGE not in ranker.rank(CLAIM, [], 20)


def test_a_claim_of_stop_words_ranks_only_what_was_found(ranker):
    assert ranker.rank("it is not", [TEA], 20) == (TEA,)
    assert ranker.rank("it is not", [], 20) == ()


def test_the_order_in_which_records_were_found_does_not_matter(ranker):
    found = ranker.rank(CLAIM, [TEA, SLEEPERS, BRIDGE], 0)
    assert ranker.rank(CLAIM, [BRIDGE, SLEEPERS, TEA], 0) == found


def test_beyond_the_pool_records_keep_the_order_in_which_they_were_found(
    tmp_path, library
):
    many = [record(100 + n, f"Letter {n} on roads") for n in range(POOL + 30)]
    library.add(many, source="pubmed", query="", when=WHEN)
    index = open_index(tmp_path, library)
    asked = []

    def nearness(claim, texts):
        asked.append(len(texts))
        return [0.0] * len(texts)

    ranked = Ranker(index, library.get, nearness).rank(CLAIM, many, 20)
    assert sorted(r.pmid for r in ranked) == [r.pmid for r in many]
    assert list(ranked[POOL:]) == many[POOL:]
    assert asked == [POOL]


def test_of_many_that_were_found_the_nearest_by_words_are_ranked_by_meaning(
    tmp_path, library
):
    many = [record(100 + n, f"Letter {n} on roads") for n in range(POOL + 30)]
    index = open_index(tmp_path, library)
    ranker = Ranker(index, library.get, lambda _, texts: [0.0] * len(texts))
    ranked = ranker.rank(CLAIM, [*many, TEA], 20)
    assert ranked[0] == TEA
    assert len(ranked) == len(many) + 1


def test_what_does_not_matter_is_not_read_and_moves_nothing_else(tmp_path, library):
    index, told = open_index(tmp_path, library), []
    near = {record_text(r): 0.1 * n for n, r in enumerate((BRIDGE, SLEEPERS, TEA))}

    def nearness(_claim, texts):
        return [near[text] for text in texts]

    ranker = Ranker(index, library.get, nearness, told.append)
    found = [TEA, SLEEPERS, BRIDGE]
    order = ranker.begin(CLAIM, found, 0, lambda record: record != BRIDGE)
    assert [set(texts) for texts in told] == [{record_text(TEA), record_text(SLEEPERS)}]
    whole = [r for r in ranker.rank(CLAIM, found, 0) if r != BRIDGE]
    assert [r for r in order() if r != BRIDGE] == whole
    assert set(order()) == set(found)


def test_endings_do_not_matter_to_what_is_alike(tmp_path, library):
    index = open_index(tmp_path, library)
    keys = {hit.key for hit in index.find_alike("Sleeper; bridges")}
    assert keys == {"pmid:90000002", "pmid:90000003"}


def test_keywords_are_ranked_by_too(tmp_path, library):
    tagged = Record(source="pubmed", pmid="90000009", keywords=(Keyword("Oolong"),))
    library.add([tagged], source="pubmed", query="", when=WHEN)
    [hit] = open_index(tmp_path, library).find_alike("oolong")
    assert hit.key == "pmid:90000009"


# --- no verdict hangs on a last digit -------------------------------------------------


def verdicts(folder, body, name, shake=None):
    """Return each claim with its verdict; `shake` moves every nearness a little."""

    def move(near):
        return near + shake.uniform(-SHAKEN, SHAKEN) if shake else near

    return find_verdicts(folder, body, name, move=move)


def test_the_example_article_is_judged_alike_when_every_nearness_is_shaken(tmp_path):
    name = "kratom-evening-tea.md"
    body = read_packaged(f"examples/{name}")
    firm = verdicts(tmp_path, body, name)
    assert len(firm) > 10
    for seed in range(2):
        assert verdicts(tmp_path, body, name, Random(seed)) == firm


@pytest.mark.parametrize("number", ["000", "001"])
def test_a_seed_article_is_judged_alike_when_every_nearness_is_shaken(
    tmp_path, shared, number
):
    [path] = (shared / "articles").glob(f"{number}_*")
    firm = verdicts(tmp_path, path.read_bytes(), path.name)
    assert len(firm) > 20
    for seed in range(2):
        assert verdicts(tmp_path, path.read_bytes(), path.name, Random(seed)) == firm
