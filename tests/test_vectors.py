"""Vectors are computed once, kept, and made again whatever becomes of their file."""

import sqlite3
from dataclasses import replace

import numpy as np
import pytest

from assay.edge import vectors as module
from assay.edge.encoder import encode_texts, open_model
from assay.edge.packaged import STARTER, read_packaged_text
from assay.edge.spare import open_spare
from assay.edge.vectors import Vectors, digest_text, open_vectors
from assay.library.starter import parse_starter
from assay.text import record_text

TEXTS = ["Lunaroot and sleep.", "A trial of moonbark tea.", "Nothing was found."]


@pytest.fixture(scope="module")
def model():
    return open_model()


@pytest.fixture
def counted(monkeypatch):
    """Return the texts that were given to the model, in order."""
    texts = []

    def encode(model, wanted):
        wanted = list(wanted)
        texts.extend(wanted)
        return encode_texts(model, wanted)

    monkeypatch.setattr(module, "encode_texts", encode)
    return texts


@pytest.fixture
def kept(model, tmp_path):
    """Return a function that opens the vectors of one file anew."""
    opened = []

    def open_again(model=model, spare=None):
        opened.append(Vectors(model, tmp_path / "vectors.db", {}, spare=spare))
        return opened[-1]

    yield open_again
    for each in opened:
        each.close()


def test_a_vector_is_computed_once_and_read_from_the_file_ever_after(kept, counted):
    first = kept().of_records(TEXTS)
    assert counted == TEXTS
    assert kept().of_records(TEXTS).tobytes() == first.tobytes()
    assert counted == TEXTS


def test_what_was_begun_ahead_is_computed_once_and_kept(kept, counted):
    with open_spare() as spare:
        ahead = kept(spare=spare)
        ahead.ahead(TEXTS[:2])
        ahead.ahead(TEXTS)
        rows = ahead.of_records(TEXTS)
    assert sorted(counted) == sorted(TEXTS)
    assert kept().of_records(TEXTS).tobytes() == rows.tobytes()
    assert len(counted) == len(TEXTS)


def test_only_texts_that_are_new_are_computed(kept, counted):
    kept().of_records(TEXTS[:2])
    kept().of_records(TEXTS)
    assert counted == TEXTS


def test_texts_may_repeat_and_stand_in_any_order(kept, counted):
    rows = kept().of_records([TEXTS[1], TEXTS[0], TEXTS[1]])
    assert counted == [TEXTS[1], TEXTS[0]]
    assert rows[0].tobytes() == rows[2].tobytes() != rows[1].tobytes()


def test_kept_vectors_are_those_of_the_model_to_three_places(kept, model):
    assert np.allclose(kept().of_records(TEXTS), encode_texts(model, TEXTS), atol=1e-3)


def test_a_claim_is_nearest_to_the_text_that_speaks_of_it(kept):
    near = kept().nearness("Moonbark tea was tried.", TEXTS)
    assert len(near) == len(TEXTS)
    assert max(near) == near[1]
    assert kept().nearness("Moonbark tea was tried.", []) == ()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"no database at all " * 400),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: sqlite3.connect(path).execute("PRAGMA user_version = 9").close(),
        lambda path: sqlite3.connect(path).execute("DROP TABLE vectors").close(),
        lambda path: path.unlink(),
    ],
    ids=["empty", "foreign", "cut off", "of a later assay", "lacks a table", "gone"],
)
def test_a_spoilt_file_is_made_again(kept, counted, tmp_path, spoil):
    first = kept()
    rows = first.of_records(TEXTS)
    first.close()
    spoil(tmp_path / "vectors.db")
    assert kept().of_records(TEXTS).tobytes() == rows.tobytes()
    assert counted == TEXTS * 2
    assert kept().of_records(TEXTS).tobytes() == rows.tobytes()
    assert counted == TEXTS * 2  # and kept again


@pytest.mark.parametrize("value", ["x''", "zeroblob(768)", "'text'", "NULL"])
def test_a_spoilt_vector_is_computed_again(kept, counted, tmp_path, value):
    rows = kept().of_records(TEXTS)
    with sqlite3.connect(tmp_path / "vectors.db") as db:
        db.execute("PRAGMA ignore_check_constraints = 1")
        key = digest_text(TEXTS[0])
        sql = f"UPDATE OR IGNORE vectors SET value = {value} WHERE key = ?"
        db.execute(sql, (key,))
    db.close()
    assert kept().of_records(TEXTS).tobytes() == rows.tobytes()


def test_vectors_of_another_model_are_not_read(kept, model, counted):
    kept().of_records(TEXTS)
    kept(replace(model, digest="another")).of_records(TEXTS)
    assert counted == TEXTS * 2


def test_where_nothing_can_be_kept_vectors_are_computed_all_the_same(model, tmp_path):
    (tmp_path / "file").write_text("in the way")
    rows = Vectors(model, tmp_path / "file" / "vectors.db", {}).of_records(TEXTS)
    assert rows.shape == (3, 384)
    assert Vectors(model, None, {}).of_records(TEXTS).tobytes() == rows.tobytes()


def test_while_another_process_writes_vectors_are_computed_all_the_same(
    kept, counted, tmp_path, monkeypatch
):
    monkeypatch.setattr(module, "LOCK_WAIT_S", 0.05)
    kept().of_records(TEXTS[:1])
    before = (tmp_path / "vectors.db").read_bytes()
    other = sqlite3.connect(tmp_path / "vectors.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    mine = kept()
    assert mine.of_records(TEXTS).shape == (3, 384)
    other.execute("ROLLBACK")
    other.close()
    assert (tmp_path / "vectors.db").read_bytes() == before
    assert counted == [*TEXTS[:1], *TEXTS]


def test_the_starter_library_needs_nothing_computed_at_first_use(
    model, tmp_path, counted
):
    records = parse_starter(read_packaged_text(STARTER).splitlines())
    opened = open_vectors(tmp_path, model)
    opened.of_records([record_text(record) for record in records])
    opened.close()
    remedy = "run python -m bench.training.starter_vectors"
    assert counted == [], remedy


def test_the_vectors_that_ship_are_those_that_the_model_gives(model, tmp_path):
    records = parse_starter(read_packaged_text(STARTER).splitlines())[:5]
    texts = [record_text(record) for record in records]
    opened = open_vectors(tmp_path, model)
    near = opened.of_records(texts) @ encode_texts(model, texts).T
    assert near.diagonal().min() > 0.99  # versions of onnxruntime round differently
    assert (near - 2 * np.eye(len(texts))).max() < 0.99  # and no text is like another
    opened.close()
