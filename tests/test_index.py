"""The index finds what an independent engine finds, and never gets in the way."""

import json
import os
import random
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.edge import index_file
from assay.edge.index import Index, open_index
from assay.edge.store import open_library
from assay.library.search_words import split_words
from assay.library.searchable import ranked_words, searchable_document
from assay.record import (
    Chemical,
    Keyword,
    MeshHeading,
    Record,
    Section,
    Summary,
)
from assay.sources.pubmed_xml import parse_set

WHEN = "2026-11-22T10:00:00Z"


SUMMARY = Summary(sentences=("Oolong.",), written_by="us", written_on="2026-01-01")


def record(number, title="", **parts):
    return Record(source="pubmed", pmid=str(90_000_000 + number), title=title, **parts)


def add(library, *records):
    return library.add(records, source="pubmed", query="q", when=WHEN)


@pytest.fixture
def library(tmp_path):
    with open_library(tmp_path, starter=False) as opened:
        yield opened


def found(index, *groups, **more):
    return {int(hit.key[-4:]) for hit in index.find(groups, **more)}


# --- words ----------------------------------------------------------------------------


@given(st.text())
def test_words_are_already_in_the_form_in_which_they_are_searched(text):
    words = split_words(text)
    assert split_words(" ".join(words)) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("7-hydroxymitragynine", "7‐Hydroxymitragynine"),
        ("Müller", "muller"),
        ("STRASSE", "straße"),
        ("ﬁbrosis", "fibrosis"),
        ("μ-opioid", "µ opioid"),
    ],
)
def test_spellings_that_look_alike_are_the_same_words(one, other):
    assert split_words(one) == split_words(other)


# --- find -----------------------------------------------------------------------------


def test_a_record_is_found_by_every_part_that_speaks_of_its_subject(library, tmp_path):
    add(
        library,
        record(1, "oolong"),
        record(2, abstract=(Section("oolong"),)),
        record(3, keywords=(Keyword("oolong"),)),
        record(4, mesh=(MeshHeading("Oolong"),)),
        record(5, chemicals=(Chemical("oolong"),)),
        record(6, supplementary=(Chemical("Oolong"),)),
        record(7, summary=SUMMARY),
        record(8, journal="Oolong"),
    )
    index = open_index(tmp_path, library)
    assert found(index, ["oolong"]) == {1, 2, 3, 4, 5, 6, 7}


def test_groups_are_anded_and_terms_in_a_group_are_ored(library, tmp_path):
    add(library, record(1, "green tea sleep"), record(2, "tea"), record(3, "sleep"))
    index = open_index(tmp_path, library)
    assert found(index, ["tea", "coffee"], ["sleep"]) == {1}
    assert found(index, ["tea", "sleep"]) == {1, 2, 3}
    assert (
        found(index) == found(index, []) == found(index, ["tea"], ["*", "!"]) == set()
    )


def test_a_phrase_stays_inside_one_part(library, tmp_path):
    add(library, record(1, "on sleep", abstract=(Section("latency was long"),)))
    index = open_index(tmp_path, library)
    assert found(index, ["sleep latency"]) == set()
    assert found(index, ["latency was"]) == {1}


def test_a_star_lets_the_last_word_go_on_after_three_letters(library, tmp_path):
    add(library, record(1, "mitragynine binds"), record(2, "mi"), record(3, "mitral"))
    index = open_index(tmp_path, library)
    assert found(index, ["mitragyn*"]) == {1}
    assert found(index, ["mit*"]) == {1, 3}
    assert found(index, ["mi*"]) == {2}  # too short: the word itself
    assert found(index, ["mitragynine bin*"]) == {1}
    assert found(index, ["mitragynine b*"]) == set()


def test_a_star_finds_all_continuations_however_many(library, tmp_path, monkeypatch):
    add(library, *(record(n, f"big tea{n}x") for n in range(70)))
    index = open_index(tmp_path, library)
    assert len(found(index, ["big tea*"])) == len(found(index, ["tea*"])) == 70
    monkeypatch.setattr("assay.edge.index_query.MOST_RANKED", 5)
    assert len(found(index, ["tea*"])) == 70


@pytest.mark.parametrize(
    "words",
    ["title:tea", "tea OR sleep", '"tea', "tea AND (", "[tea]", "te.*", "/tea/"],
)
def test_words_are_never_read_as_the_engines_syntax(library, tmp_path, words):
    add(library, record(1, "tea"), record(2, "sleep"))
    index = open_index(tmp_path, library)
    expected = {1} if split_words(words) == ["tea"] else set()
    assert found(index, [words]) == expected


def test_boost_ranks_but_does_not_select(library, tmp_path):
    add(library, record(1, "tea leaf"), record(2, "tea cup"), record(3, "cup"))
    index = open_index(tmp_path, library)
    assert [h.key[-1] for h in index.find([["tea"]], boost=["cup"])] == ["2", "1"]
    assert [h.key[-1] for h in index.find([["tea"]], boost=["leaf"])] == ["1", "2"]


def test_ties_are_broken_by_key_also_at_the_limit(library, tmp_path):
    numbers = [5, 3, 9, 1, 7, 2]
    for number in numbers:
        add(library, record(number, "tea"))
    index = open_index(tmp_path, library)
    keys = [hit.key for hit in index.find([["tea"]])]
    assert keys == sorted(keys)
    for limit in range(1, 8):
        assert [h.key for h in index.find([["tea"]], limit=limit)] == keys[:limit]


# --- against SQLite's FTS5 ------------------------------------------------------------

WORDS = ("tea", "teas", "teapot", "sleep", "sleepy", "7", "oh", "rest")
TERM = st.builds(
    lambda words, star: " ".join(words) + star,
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
    st.sampled_from(["", "*"]),
)
GROUPS = st.lists(st.lists(TERM, min_size=1, max_size=3), min_size=1, max_size=3)
TEXT = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)


class Oracle:
    """SQLite's FTS5 over the same words, one row a value (no phrase crosses values)."""

    def __init__(self, records):
        self.db = sqlite3.connect(":memory:")
        self.db.execute(
            "CREATE VIRTUAL TABLE t USING fts5(words, pmid, tokenize=ascii)"
        )
        for one in records:
            for value in ranked_words(searchable_document(one)):
                self.db.execute("INSERT INTO t VALUES (?, ?)", (value, one.pmid))

    def term(self, term):
        words = split_words(term)
        star = "*" if term.endswith("*") and len(words[-1]) >= 3 else ""
        match = 'words : "' + " ".join(words) + f'"{star}'
        sql = "SELECT pmid FROM t WHERE t MATCH ?"
        return {pmid for (pmid,) in self.db.execute(sql, (match,))}

    def find(self, groups):
        return set.intersection(
            *(set.union(*(self.term(term) for term in group)) for group in groups)
        )

    def close(self):
        self.db.close()


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=6),
    st.lists(GROUPS, min_size=1, max_size=8),
)
def test_invented_records_are_found_as_fts5_finds_them(tmp_path_factory, texts, many):
    records = [
        record(n, title, abstract=(Section(text),))
        for n, (title, text) in enumerate(texts)
    ]
    folder = tmp_path_factory.mktemp("library")
    oracle = Oracle(records)
    with open_library(folder, starter=False) as library:
        add(library, *records)
        index = open_index(folder, library)
        for groups in many:
            hits = {hit.key.removeprefix("pmid:") for hit in index.find(groups)}
            assert hits == oracle.find(groups), groups
    oracle.close()


def test_the_starter_library_is_searched_as_fts5_searches_it(tmp_path):
    with open_library(tmp_path) as library:
        records = [r for r in library.records() if r.pmid]
        oracle = Oracle(records)
        index = open_index(tmp_path, library)
        words = sorted({w for r in records for w in split_words(r.title)})
        for one, two in zip(words, words[7:], strict=False):
            for groups in (
                [[one]],
                [[one, f"{two}*"]],
                [[f"{one[:4]}*"], [two, "kratom"]],
            ):
                hits = {h.key for h in index.find(groups) if h.key.startswith("pmid")}
                assert hits == {f"pmid:{p}" for p in oracle.find(groups)}, groups
        oracle.close()


# --- following the library ------------------------------------------------------------


def test_the_index_catches_up_by_itself(library, tmp_path):
    index = open_index(tmp_path, library)
    assert found(index, ["tea"]) == set()
    add(library, record(1, "tea"))
    assert found(index, ["tea"]) == {1}
    add(library, record(1, "coffee"), record(2, "tea"))
    assert found(index, ["tea"]) == {2}
    assert found(index, ["coffee"]) == {1}


def test_joined_rows_are_found_once(library, tmp_path):
    add(library, record(1, "tea"), Record(source="x", doi="10.99999/t", title="tea"))
    index = open_index(tmp_path, library)
    assert len(index.find([["tea"]])) == 2
    add(library, record(1, "tea", doi="10.99999/t"))
    assert [hit.key for hit in index.find([["tea"]])] == ["pmid:90000001"]


def test_history_does_not_show_in_the_order(tmp_path):
    texts = {n: "tea " * (n % 3 + 1) + "cup " * (n % 5) for n in range(30)}
    answers = []
    for name, steps in {"at once": 1, "in steps": 3}.items():
        folder = tmp_path / name
        with open_library(folder, starter=False) as library:
            index = open_index(folder, library)
            for step in range(steps, 0, -1):
                for n, text in texts.items():
                    if step == 1 or n % 2:
                        add(library, record(n, text * step))
                index.find([["tea"]])
            answers.append(index.find([["tea"], ["cup"]]))
    assert answers[0] == answers[1]


def test_above_the_rebuilding_size_changes_are_followed_up_too(
    library, tmp_path, monkeypatch
):
    monkeypatch.setattr(index_file, "REBUILD_BELOW", 0)
    add(library, record(1, "tea"), Record(source="x", doi="10.99999/t", title="tea"))
    index = open_index(tmp_path, library)
    folder = index_folder(tmp_path)
    add(library, record(1, "coffee", doi="10.99999/t"), record(2, "tea"))
    assert found(index, ["tea"]) == {2}
    assert found(index, ["coffee"]) == {1}
    assert index_folder(tmp_path) == folder


# --- damage ---------------------------------------------------------------------------


def index_folder(folder):
    return json.loads((folder / "index/current.json").read_bytes())["folder"]


def files(folder):
    return [p for p in (folder / "index").rglob("*") if p.is_file()]


def replace(path, data):
    """Put other bytes in place of a file.

    As a new file: the old one may still be mapped into memory by this very process,
    and cutting a mapped file short kills it.
    """
    path.unlink()
    path.write_bytes(data)


def wreck_pointer(folder):
    replace(folder / "index/current.json", b"{")


def wreck_everything(folder):
    for path in files(folder):
        replace(path, b"junk")


def wreck_parts(folder):
    for path in files(folder):
        if path.suffix in {".idx", ".term", ".pos", ".store"}:
            replace(path, path.read_bytes()[:-9])


def lose_parts(folder):
    for path in files(folder):
        if path.suffix == ".term":
            path.unlink()


def age(folder):
    path = folder / "index/current.json"
    path.write_text(path.read_text().replace('"format": 1', '"format": 0'))


@pytest.mark.parametrize(
    "damage", [wreck_pointer, wreck_everything, wreck_parts, lose_parts, age]
)
def test_a_damaged_index_is_made_again_without_a_word(tmp_path, damage, capfd):
    with open_library(tmp_path) as library:
        expected = open_index(tmp_path, library).find([["kratom"], ["sleep*"]])
        damage(tmp_path)
        assert open_index(tmp_path, library).find([["kratom"], ["sleep*"]]) == expected
        assert capfd.readouterr().err == ""


@pytest.mark.parametrize("seed", range(12))
def test_no_damage_at_random_gives_a_wrong_answer(tmp_path, seed, capfd):
    luck = random.Random(seed)
    with open_library(tmp_path) as library:
        expected = open_index(tmp_path, library).find([["kratom"], ["sleep*"]])
        path = luck.choice(sorted(p for p in files(tmp_path) if p.stat().st_size))
        data = bytearray(path.read_bytes())
        if seed % 2:
            data[luck.randrange(len(data))] ^= luck.randrange(1, 256)
        else:
            del data[luck.randrange(len(data)) :]
        replace(path, data)
        assert open_index(tmp_path, library).find([["kratom"], ["sleep*"]]) == expected
    assert capfd.readouterr().err == ""


def test_a_sound_index_is_not_made_again(tmp_path):
    with open_library(tmp_path) as library:
        open_index(tmp_path, library)
        folder = index_folder(tmp_path)
        open_index(tmp_path, library)
    assert index_folder(tmp_path) == folder


def test_an_index_of_another_library_is_made_again(tmp_path):
    with open_library(tmp_path, starter=False) as library:
        add(library, record(1, "tea"))
        open_index(tmp_path, library)
    for path in tmp_path.glob("records.db*"):
        path.unlink()
    with open_library(tmp_path, starter=False) as library:
        add(library, record(2, "tea"))
        assert found(open_index(tmp_path, library), ["tea"]) == {2}


def test_a_library_put_back_from_a_copy_is_followed(tmp_path):
    with open_library(tmp_path, starter=False) as library:
        add(library, record(1, "tea"))
        copy = sqlite3.connect(tmp_path / "copy.db")
        library._db.backup(copy)
        copy.close()
        add(library, record(2, "tea"), record(3, "tea"))
        open_index(tmp_path, library)
    for path in tmp_path.glob("records.db*"):
        path.unlink()
    (tmp_path / "copy.db").rename(tmp_path / "records.db")
    with open_library(tmp_path, starter=False) as library:
        assert found(open_index(tmp_path, library), ["tea"]) == {1}


def test_where_nothing_can_be_written_the_index_is_kept_in_memory(library, tmp_path):
    (tmp_path / "index").write_text("a file, where the folder should be")
    add(library, record(1, "tea"))
    index = open_index(tmp_path, library)
    assert found(index, ["tea"]) == {1}
    add(library, record(2, "tea"))
    assert found(index, ["tea"]) == {1, 2}


def test_two_indexes_open_at_once_follow_the_same_library(tmp_path):
    with (
        open_library(tmp_path, starter=False) as one,
        open_library(tmp_path, starter=False) as two,
    ):
        first, second = open_index(tmp_path, one), open_index(tmp_path, two)
        for number in range(1, 6):
            add((one, two)[number % 2], record(number, "tea"), record(9, str(number)))
            assert found(first, ["tea"]) == set(range(1, number + 1))
            assert found(second, ["tea"]) == set(range(1, number + 1))
            assert found(second, [str(number)]) == {9}


def test_a_writer_that_never_ends_does_not_stop_the_search(
    library, tmp_path, monkeypatch
):
    monkeypatch.setattr(index_file, "LOCK_WAIT_S", 0.05)
    index = open_index(tmp_path, library)
    writer = index._built.index.writer(15_000_000, 1)
    add(library, record(1, "tea"))
    assert found(index, ["tea"]) == {1}
    del writer


def test_what_crashes_left_behind_is_swept_away(library, tmp_path):
    open_index(tmp_path, library)
    old = tmp_path / "index/left-behind"
    old.mkdir()
    (old / "part").write_text("x")
    os.utime(old, (0, 0))
    fresh = tmp_path / "index/just-being-made"
    fresh.mkdir()
    (tmp_path / "index/current.json").unlink()
    index = open_index(tmp_path, library)
    assert isinstance(index, Index)
    assert not old.exists()
    assert fresh.exists()


# --- real records -----------------------------------------------------------------


def test_real_records_are_found_as_fts5_finds_them(shared, tmp_path):
    body = (shared / "pubmed/topic_all.xml").read_bytes()
    records = parse_set(body).records
    oracle = Oracle(records)
    with open_library(tmp_path, starter=False) as library:
        add(library, *records)
        index = open_index(tmp_path, library)
        terms = [
            "sleep", "sleep quality", "sleep laten*", "insomni*", "withdrawal",
            "double-blind", "95%", "p < 0.05", "buprenorphine/naloxone", "REM sleep",
            "rats", "opioid*", "placebo-controlled", "anxiety", "methadone maint*",
            "Müller", "μg",
        ]  # fmt: skip
        for one in terms:
            for other in terms:
                groups = [[one, "kratom"], [other]]
                hits = {h.key[5:] for h in index.find(groups, limit=9999)}
                assert hits == oracle.find(groups), groups
    oracle.close()


def test_a_library_of_real_records_says_the_same_after_any_history(shared, tmp_path):
    records = parse_set((shared / "pubmed/topic_all.xml").read_bytes()).records
    question = [["sleep*", "insomnia"], ["opioid*", "withdrawal"]]
    answers = []
    for name, order in {"forward": 1, "backward": -1}.items():
        with open_library(tmp_path / name) as library:
            index = open_index(tmp_path / name, library)
            for start in range(0, len(records), 50):
                add(library, *records[::order][start : start + 50])
                index.find(question)
            answers.append(index.find(question, boost=["latency"]))
    assert answers[0] == answers[1]
