"""Saved queries: strict to read, safe to write, four that ship."""

import os
import re
import stat
import tomllib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.edge import saved as edge
from assay.edge.files import write_atomically
from assay.errors import QueryError
from assay.query.saved import (
    SORTS,
    parse_bound,
    parse_name,
    parse_saved,
    render_saved,
)
from assay.search import Query, SavedQuery
from assay.text import fold
from tests.test_schedule import schedules

SOURCES = ["pubmed", "starter"]
SHIPPED = Path(__file__).parent.parent / "queries"
FOUR = ["kratom-safety", "kratom-sleep", "kratom-withdrawal", "opioid-withdrawal-sleep"]

words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=200)
bounds = st.dates().map(lambda day: f"{day.year:04}/{day.month:02}/{day.day:02}")
saved_queries = st.builds(
    SavedQuery,
    name=st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True),
    title=words.map(fold),
    sources=st.lists(st.sampled_from(SOURCES), min_size=1, unique=True).map(tuple),
    notes=words.map(str.strip),
    query=st.builds(
        Query,
        text=words.map(fold).filter(bool),
        since=st.just("") | bounds.map(lambda day: min(day, "2000")),
        until=st.just("") | bounds.map(lambda day: max(day, "2000/06")),
        limit=st.none() | st.integers(1, 99_999),
        sort=st.sampled_from(SORTS),
    ),
    schedule=schedules(),
)


@given(saved_queries)
def test_what_is_written_is_read_back_as_it_was(saved):
    assert parse_saved(saved.name, render_saved(saved), SOURCES) == saved


@given(st.text(max_size=300))
def test_any_text_is_a_saved_query_or_a_query_error(content):
    with suppress(QueryError):
        assert parse_saved("any", content, SOURCES).query.text


def test_endless_brackets_are_a_query_error_too():
    with pytest.raises(QueryError, match="not valid TOML"):
        parse_saved("any", "text = " + "[" * 90_000, SOURCES)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('titel = "x"\ntext = "x"', 'unknown key "titel"; did you mean "title"?'),
        ('text = "x"\n[filters]\nlimits = 5', 'did you mean "filters.limit"?'),
        ('title = "x"', '"text" is missing or empty'),
        ('text = " "', '"text" is missing or empty'),
        ("text = 5", "text must be a text in quotes"),
        ('text = "x"\nfilters = 5', "filters must be a table"),
        ('text = "x"\ndigest = "monday"', "digest must be a table, [digest]"),
        ('text = "x"\n[digest]\nat = "7"', 'digest.at: "7" is no time of day'),
        ('text = "x"\n[digest]\nevrey = "monday"', 'did you mean "digest.every"?'),
        ('text = "x"\nsources = ["pubmde"]', "'pubmde' is not a source; known: pubmed"),
        ('text = "x"\nsources = [["pubmed"]]', "is not a source"),
        ('text = "x"\nsources = []', "at least one source"),
        ('text = "x"\n[filters]\nlimit = 0', "from 1 up"),
        ('text = "x"\n[filters]\nlimit = "five"', "from 1 up"),
        ('text = "x"\n[filters]\nlimit = true', "whole number"),
        ('text = "x"\n[filters]\nsort = "date"', "known: relevance, pub_date"),
        ('text = "x"\n[filters]\nsince = "last year"', "since: "),
        ('text = "x"\n[filters]\nsince = "2020-13"', "month that does not exist"),
        ('text = "x"\n[filters]\nuntil = "2020-02-30"', "day that does not exist"),
        ('text = "x"\n[filters]\nsince = [2020]', "since must be a date"),
        ('text = "x"\n[filters]\nsince = 2021\nuntil = 2020', "lies after the last"),
        ("text = x", "not valid TOML"),
    ],
)
def test_a_slip_is_named_with_file_key_and_what_is_known(content, said):
    with pytest.raises(QueryError, match=re.escape(said)) as caught:
        parse_saved("mine", content, SOURCES)
    assert str(caught.value).startswith("mine.toml")


def test_dates_may_be_written_as_toml_has_them():
    content = 'text = "x"\n[filters]\nsince = 2019\nuntil = 2020-02-29'
    query = parse_saved("mine", content, SOURCES).query
    assert (query.since, query.until) == ("2019", "2020/02/29")
    assert parse_bound("2019/1") == "2019/01"


@pytest.mark.parametrize(
    "name",
    ["", "../x", "a/b", "A", "a.b", "-a", "a-", "a b", "x" * 65, "\x00", "ä", "a\n"],
)
def test_names_that_could_play_tricks_are_refused(name, tmp_path):
    with pytest.raises(QueryError):
        parse_name(name)
    with pytest.raises(QueryError):
        edge.read_saved(tmp_path, name)
    with pytest.raises(QueryError):
        edge.remove_saved(tmp_path, name)
    with pytest.raises(QueryError):
        edge.write_saved(tmp_path, SavedQuery(name=name, query=Query(text="x")))


def test_four_queries_ship_and_are_listed_everywhere(tmp_path):
    stored, problems = edge.read_all_saved(tmp_path / "queries")
    assert [one.saved.name for one in stored] == FOUR
    assert all(one.shipped for one in stored)
    assert problems == ()
    assert sorted(path.stem for path in SHIPPED.glob("*.toml")) == FOUR


@pytest.mark.parametrize("name", FOUR)
def test_a_shipped_query_is_good_pubmed(name):
    text = edge.read_saved(SHIPPED, name).saved.query.text
    bare = re.sub(r'"[^"]*"', "PHRASE", text)
    assert text.count("(") == text.count(")")
    assert set(re.findall(r"\[(.*?)\]", text)) <= {"tiab", "mh", "sh"}
    assert not re.search(r"\b(and|or|not)\b", bare), "operators in capitals"
    terms = re.split(r"\s+(?:AND|OR|NOT)\s+", bare.replace("(", "").replace(")", ""))
    assert all(re.fullmatch(r"\S{3,}\[\w+\]", term) for term in terms), terms
    assert all(len(stem) >= 4 for stem in re.findall(r"(\w+)\*", bare))


@pytest.mark.parametrize("name", FOUR)
def test_the_mesh_headings_of_a_shipped_query_exist(name, shared):
    text = edge.read_saved(SHIPPED, name).saved.query.text
    files = sorted((shared / "pubmed").glob("*.xml"))
    known = "".join(path.read_text(encoding="utf-8") for path in files)
    for heading in re.findall(r'"([^"]+)"\[mh\]', text):
        assert re.search(rf"<DescriptorName[^>]*>{re.escape(heading)}<", known), heading


def test_a_query_in_the_workspace_hides_the_shipped_one(tmp_path):
    mine = SavedQuery(name="kratom-sleep", query=Query(text="mine[tiab]"))
    edge.write_saved(tmp_path, mine)
    assert edge.read_saved(tmp_path, "kratom-sleep").saved == mine
    stored, _ = edge.read_all_saved(tmp_path)
    assert [one.shipped for one in stored if one.saved == mine] == [False]
    assert len(stored) == len(FOUR)


def test_a_saved_query_is_never_overwritten_unasked(tmp_path):
    first = SavedQuery(name="a", query=Query(text="one"))
    second = SavedQuery(name="a", query=Query(text="two"))
    edge.write_saved(tmp_path, first)
    with pytest.raises(QueryError, match="--force"):
        edge.write_saved(tmp_path, second)
    assert edge.read_saved(tmp_path, "a").saved == first
    edge.write_saved(tmp_path, second, replace=True)
    assert edge.read_saved(tmp_path, "a").saved == second


def test_removing_says_which_file_it_was_and_spares_what_ships(tmp_path):
    path = edge.write_saved(tmp_path, SavedQuery(name="a", query=Query(text="one")))
    assert edge.remove_saved(tmp_path, "a") == path
    assert not path.exists()
    with pytest.raises(QueryError, match="There is no saved query"):
        edge.remove_saved(tmp_path, "a")
    with pytest.raises(QueryError, match="ships with assay"):
        edge.remove_saved(tmp_path, "kratom-sleep")


def test_one_broken_file_does_not_hide_the_others(tmp_path):
    (tmp_path / "broken.toml").write_text("text = 5")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "Bad Name.toml").write_text('text = "x"')
    (tmp_path / "huge.toml").write_bytes(b"#" * 200_000)
    (tmp_path / "folder.toml").mkdir()
    stored, problems = edge.read_all_saved(tmp_path)
    assert len(stored) == len(FOUR)
    assert len(problems) == 5
    assert all(str(tmp_path) in problem.what for problem in problems)


def test_an_unknown_name_is_answered_with_the_known_ones(tmp_path):
    with pytest.raises(QueryError) as caught:
        edge.read_saved(tmp_path, "valerian")
    assert all(name in str(caught.value) for name in FOUR)


def test_a_slip_in_a_name_is_answered_with_the_name_that_was_meant(tmp_path):
    with pytest.raises(QueryError, match='mean "kratom-sleep"'):
        edge.read_saved(tmp_path, "kratom-slep")


def test_a_written_file_is_whole_and_readable_by_others(tmp_path):
    path = edge.write_saved(tmp_path, SavedQuery(name="a", query=Query(text="ä[ti]")))
    assert tomllib.loads(path.read_text(encoding="utf-8")) == {"text": "ä[ti]"}
    assert list(tmp_path.iterdir()) == [path]
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask


def test_a_folder_that_cannot_be_written_is_a_plain_error(tmp_path):
    (tmp_path / "queries").write_text("a file")
    with pytest.raises(QueryError, match="cannot be written"):
        edge.write_saved(
            tmp_path / "queries", SavedQuery(name="a", query=Query(text="x"))
        )


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "out.txt"
    write_atomically(path, b"old")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link_and_permissions_stay(tmp_path):
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_what_is_no_file_is_written_straight():
    write_atomically(Path(os.devnull), b"gone")


@pytest.mark.parametrize(
    "read", [edge.read_all_saved, lambda folder: edge.read_saved(folder, "tea")]
)
def test_a_folder_that_cannot_be_read_is_not_taken_for_an_empty_one(
    tmp_path, monkeypatch, read
):
    (tmp_path / "tea.toml").write_text('text = "tea"\n')
    listed = Path.iterdir

    def refuse(path):
        if path == tmp_path:
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(QueryError, match="cannot be read: Permission denied"):
        read(tmp_path)
