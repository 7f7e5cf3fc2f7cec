"""ORs of many words give the hits, order and count of one search for it all."""

import json
import random

import pytest

from assay.edge import index_wide, mirror_index
from assay.edge.mirror_index import open_mirror_index
from assay.edge.mirror_index_writer import open_mirror_index_writer
from assay.library.boolean import parse_search
from assay.library.searchable import searchable_document
from assay.record import Author, Record

FIRST = 90_000_000
WORDS = "tea cup green trial dose rat sleep pain risk diet age heart".split()


def record(luck, number):
    """Invent one: common words first, some in the plural, some only in a name."""
    chosen = luck.choices(WORDS, range(len(WORDS), 0, -1), k=luck.randint(0, 4))
    title = " ".join(word + luck.choice(["", "", "s"]) for word in chosen)
    author = Author(luck.choice(["Heart", "Roe"]), "", "J")
    pmid = str(FIRST + number)
    return Record(source="pubmed", pmid=pmid, title=title, authors=(author,))


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder, luck = tmp_path_factory.mktemp("wide"), random.Random(7)
    with open_mirror_index_writer(folder) as writer:
        for load in range(1, 4):
            each = [record(luck, load * 1000 + number) for number in range(300)]
            writer.apply(
                [
                    (int(one.pmid), json.dumps(searchable_document(one)).encode())
                    for one in each
                ],
                [],
                load,
            )
    return open_mirror_index(folder)


@pytest.fixture
def large(monkeypatch):
    """Let a small index pass for a large one."""
    monkeypatch.setattr(index_wide, "LARGE", 1)
    monkeypatch.setattr(index_wide, "AHEAD", 3)
    monkeypatch.setattr(index_wide, "FIRST", 0)


def asked(index, text, **more):
    tree = parse_search(text).tree
    page = index.search(tree, stems=index.choose_stems(tree), **more)
    return [(each.newest, each.score) for each in page.placed], page.total


@pytest.mark.parametrize("most", [5, 15])
@pytest.mark.parametrize("tag", ["", "[ti]"])
def test_two_steps_find_what_one_finds(index, large, monkeypatch, tag, most):
    monkeypatch.setattr(index_wide, "MOST_STEMS", most)
    two_steps, told = mirror_index.find_best, []

    def noted(*args, **more):
        told.append(two_steps(*args, **more))
        return told[-1]

    text = " OR ".join(word + tag for word in WORDS)
    left = frozenset(range(FIRST + 2000, FIRST + 2290))
    for limit in (1, 20, 200, 900):
        for more in ({}, {"without": left}):
            monkeypatch.setattr(mirror_index, "find_best", noted)
            found, count = asked(index, text, limit=limit, **more)
            monkeypatch.setattr(mirror_index, "find_best", lambda *_, **__: None)
            wanted, total = asked(index, text, limit=limit, **more)
            assert count == total
            assert [newest for newest, _ in found] == [newest for newest, _ in wanted]
            assert [s for _, s in found] == pytest.approx([s for _, s in wanted])
    assert any(told)  # or nothing was tested
    assert not all(told)  # of the 900 too few are sure


def test_the_rarest_stems_rank_and_only_in_ors_of_many_words(index, large):
    text = " OR ".join(WORDS)
    stems = index.choose_stems(parse_search(text).tree)
    assert (stems[0], stems[-1]) == ("heart", "tea")
    for other in (
        "tea OR cup",
        f"({text}) AND tea",
        f"{text} OR 2020[dp]",
        f"{text} OR slee*",
    ):
        assert index.choose_stems(parse_search(other).tree) == ()


def test_in_a_small_index_every_stem_ranks(index):
    assert index.choose_stems(parse_search(" OR ".join(WORDS)).tree) == ()
