"""What is at hand is put in order by words and meaning, vectors kept or not."""

import json

import pytest

from assay.cli import main
from assay.edge.encoder import encode_texts, open_model
from assay.edge.holdings import open_holdings
from assay.edge.mirror import open_mirror
from assay.edge.mirror_vectors import open_mirror_vectors
from assay.edge.ranked_search import Meaning, open_meaning
from assay.edge.store import open_library
from assay.edge.vector_blocks import embed_block
from assay.edge.vector_files import join_blocks
from assay.edge.vectors import Vectors
from assay.library.boolean import parse_search
from assay.record import Record
from assay.search import Query
from tests.test_holdings import FIRST, add, mirror, numbers, record

TITLES = {
    1: "Moonbark tea and sleep",
    2: "Load limits of a bridge in winter",
    3: "A drink of bark eased the way to slumber at night",
    4: "Tea and the bridge",
}
ASKED = "does tea help people fall asleep?"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Make a workspace with a mirror; stand in it, and return the library's folder."""
    (tmp_path / "queries").mkdir()
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "cache/library"
    mirror(place, *(record(n, title) for n, title in TITLES.items()))
    return place


@pytest.fixture
def ask(folder):
    """Return what asks for a query's hits in order of meaning: (numbers, count)."""

    def ask(text, limit=10, **more):
        with (
            open_library(folder, starter=False) as library,
            open_holdings(folder, library) as holdings,
            open_meaning(folder, holdings) as meaning,
        ):
            query, tree = Query(text=text, **more), parse_search(text).tree
            hits, count = meaning.search(query, tree, limit)
            return numbers(hits), count

    return ask


def keep_vectors(folder):
    with open_mirror(folder) as opened:
        held = tuple(opened.pmids())
        embed_block(str(opened.generation), "a", held)
        join_blocks(opened.generation.parent, open_model(), held)


def test_with_kept_vectors_a_record_without_a_word_in_common_is_found(folder, ask):
    assert ask(ASKED) == ([1, 4], 2)
    keep_vectors(folder)
    assert ask(ASKED) == ([1, 4, 3, 2], 4)
    assert ask(ASKED, limit=1) == ([1], 4)


def test_a_query_with_syntax_finds_what_it_says_and_meaning_orders_it(folder, ask):
    assert ask("tea AND bridge") == ([4], 1)
    assert ask("tea[ti] OR slumber[ti]")[1] == 3
    without = ask("(bridge OR slumber OR sleep) NOT winter")
    keep_vectors(folder)
    assert ask("(bridge OR slumber OR sleep) NOT winter") == without
    assert without[0][-1] == 4
    assert without[1] == 3


def test_the_library_s_word_stands_beside_the_mirror_s(folder, ask):
    keep_vectors(folder)
    with open_library(folder, starter=False) as library:
        own = Record(source="x", doi="10.99999/x", title="Tea for falling asleep")
        add(library, own, record(3, "Retracted: a drink of bark at night"))
        with open_holdings(folder, library) as holdings:
            with open_meaning(folder, holdings) as meaning:
                hits = meaning.find(ASKED, 100)
            assert hits[0].key == "doi:10.99999/x"
            assert len(hits) == len({hit.key for hit in hits}) == 5
            assert holdings.get(f"pmid:{FIRST + 3}").title.startswith("Retracted")


def test_nothing_is_lost_where_meaning_is_asked_about_a_few_only(folder, monkeypatch):
    monkeypatch.setattr("assay.edge.ranked_search.POOL", 1)
    with (
        open_library(folder, starter=False) as library,
        open_holdings(folder, library) as holdings,
    ):
        model = open_model()
        meaning = Meaning(holdings, Vectors(model, None, {}), None, model)
        hits, _ = holdings.search(parse_search("tea OR bridge").tree)
        assert {h.key for h in meaning.order("tea", hits)} == {h.key for h in hits}
        assert meaning.find("nothingofthekind", 10) == ()


def test_how_near_kept_records_are_is_what_going_through_them_gives(folder):
    keep_vectors(folder)
    kept = open_mirror_vectors(folder / "pubmed", open_model().digest)
    vector = encode_texts(open_model(), [ASKED])[0]
    near = {each.pmid: each.cosine for each in kept.nearest(vector, 9)}
    assert kept.cosines(vector, [*near, 7, FIRST * 2]) == pytest.approx(near)
    assert kept.cosines(vector, []) == {}


def test_the_command_asks_in_this_order(folder, capsys):
    words = ["search", "--library", ASKED, "--sort", "meaning", "--limit", "1"]
    assert main([*words, "--json"]) == 0
    [work] = json.loads(capsys.readouterr().out)["records"]
    assert work["pmid"] == str(FIRST + 1)
    assert main(["search", ASKED, "--sort", "meaning"]) == 2
    assert "is no order" in capsys.readouterr().err
