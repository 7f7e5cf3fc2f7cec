"""Watched claims: kept with their articles, never twice, their verdicts in order."""

import pytest

from assay.edge.watch_file import (
    drop_watched,
    last_weighings,
    read_article_text,
    read_note,
    read_watched,
    read_weighings,
    write_note,
    write_watched,
)
from tests import state_sample as sample


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache" / "state.db"


def test_without_a_file_nothing_is_watched_and_none_is_made(path):
    assert read_watched(path) == read_weighings(path, 1) == ()
    assert last_weighings(path) == {}
    assert read_article_text(path, 1) == read_note(path, "seq") == ""
    assert not path.parent.exists()


def test_a_claim_is_watched_once_and_keeps_its_verdicts(path):
    new = [(sample.watched(), "Tea helps."), (sample.watched("Tea harms."), "Tea")]
    kept = write_watched(path, new, [sample.weighing(), sample.weighing(voices=())])
    assert [each.id for each in kept] == [1, 2]
    assert read_watched(path) == kept
    assert write_watched(path, new[:1], [sample.weighing()]) == kept[:1]
    assert read_weighings(path, 1) == (sample.weighing(1),)
    assert last_weighings(path)[2] == sample.weighing(2, voices=())
    assert read_article_text(path, 1) == "Tea helps."
    drop_watched(path, [1], "2026-11-24")
    assert read_watched(path) == kept[1:]
    assert read_watched(path, dropped=True) == kept
    assert list(last_weighings(path)) == [2]
    write_note(path, "seq", "5")
    assert read_note(path, "seq") == "5"
