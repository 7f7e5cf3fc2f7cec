"""The mirror's records get vectors once, keep them, and are found by nearness."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.cli import embedding, main
from assay.edge import jobs, mirror_vectors, vector_blocks
from assay.edge import vectors as kept_vectors
from assay.edge.encoder import encode_texts, open_model
from assay.edge.jobs import Outcome
from assay.edge.mirror import open_mirror
from assay.edge.mirror_vectors import (
    CURRENT,
    find_near_signs,
    open_mirror_vectors,
    pack_signs,
)
from assay.edge.vector_blocks import plan_blocks
from assay.edge.vector_files import join_blocks, row_type, write_block
from assay.edge.vectors import Vectors, digest_text, open_vectors
from assay.text import record_text
from tests.mirror_files import load, make_mirror, record, withdrawal

FIRST, SECOND = "pubmed26n0001.xml.gz", "pubmed26n0002.xml.gz"
PMID = 90_000_001
WORDS = ("tea and sleep", "a bridge in winter", "falling asleep", "moonbark")


@pytest.fixture(scope="module")
def model():
    return open_model()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Make a workspace whose library has a mirror; return the library's folder."""
    (tmp_path / "queries").mkdir()
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "cache/library"
    make_mirror(
        place, (FIRST, [record(n, PMID + n, words=w) for n, w in enumerate(WORDS)])
    )
    return place


@pytest.fixture
def counted(monkeypatch):
    """Do tasks in this process; return the texts that were embedded."""
    texts = []

    def encode(model, wanted):
        wanted = list(wanted)
        texts.extend(wanted)
        return encode_texts(model, wanted)

    def run(tasks, pool):
        for each in tasks:
            yield Outcome(each.name, each.function(*each.arguments))

    pool = SimpleNamespace(run=run)
    monkeypatch.setattr(jobs, "import_module", lambda _: pool)
    monkeypatch.setattr(vector_blocks, "encode_texts", encode)
    monkeypatch.setattr(embedding, "measure_pace", lambda *_: 50.0)
    monkeypatch.setattr(kept_vectors, "encode_texts", encode)
    return texts


def embed():
    return main(["library", "embed"])


def vectors_of(folder, model):
    return open_mirror_vectors(folder / "pubmed", model.digest)


# --- embedding ------------------------------------------------------------------------


def test_every_record_gets_a_vector_once(folder, model, counted, capsys):
    assert embed() == 0
    assert "4 records need a vector: 50 a second" in capsys.readouterr().err
    assert len(counted) == 4
    assert main(["library", "embed", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["records"], told["vectors"], told["new"]) == (4, 4, 0)
    assert len(counted) == 4
    near = vectors_of(folder, model).nearest(encode_texts(model, ["sleep"])[0], 2)
    assert {each.pmid for each in near} == {PMID, PMID + 2}
    assert near[0].cosine > near[1].cosine > 0.3


def test_only_what_is_new_or_changed_is_embedded_again(folder, model, counted):
    embed()
    with open_mirror(folder) as mirror:
        changed = [
            record(0, PMID, words=WORDS[0]),  # came again as it was
            record(1, PMID + 1, words="load limits"),
            record(2, PMID + 9, words=WORDS[3]),  # the words of another record
            withdrawal(3, PMID + 2),
        ]
        load(mirror.generation, SECOND, changed)
    del counted[:]
    assert embed() == 0
    assert len(counted) == 1
    assert "load limits" in counted[0]
    found = vectors_of(folder, model)
    assert found.pmids.tolist() == [PMID, PMID + 1, PMID + 3, PMID + 9]
    assert found.rows[2].tobytes() == found.rows[3].tobytes()


def test_few_records_are_cut_into_small_blocks_and_many_into_large_ones():
    held = SimpleNamespace(generation="g")
    for records, size in ((60, 60), (1_400, 100), (20_000, 400), (99_000, 1000)):
        tasks = list(plan_blocks(held, np.arange(records)))
        assert len(tasks[0].arguments[2]) == size
        assert [p for t in tasks for p in t.arguments[2]] == list(range(records))
        assert sorted(t.name for t in tasks) == [t.name for t in tasks]


def test_an_interrupted_run_goes_on_where_it_was(
    folder, model, counted, monkeypatch, capsys
):
    monkeypatch.setattr(vector_blocks, "BLOCK", 2)
    whole = jobs.import_module("")

    def stop_after_one(tasks, pool):
        yield next(whole.run(tasks, pool))
        raise KeyboardInterrupt

    monkeypatch.setattr(
        jobs, "import_module", lambda _: SimpleNamespace(run=stop_after_one)
    )
    assert embed() == 130
    assert "2 of 4 vectors are kept" in capsys.readouterr().err
    assert len(counted) == 2
    monkeypatch.setattr(jobs, "import_module", lambda _: whole)
    assert embed() == 0
    assert len(counted) == 4
    assert len(vectors_of(folder, model)) == 4
    left = [path.name for path in (folder / "pubmed/vectors").iterdir()]
    assert len(left) == 2  # current.json and the folder it names


@pytest.mark.parametrize("cut", [0, 799, 800])
def test_a_block_that_is_not_whole_counts_for_nothing(tmp_path, model, cut):
    rows = np.zeros(2, row_type(model.width))
    rows["pmid"] = (PMID, PMID + 1)
    write_block(tmp_path, "a", rows, model)
    body = tmp_path / "vectors/blocks/a.rows"
    body.write_bytes(body.read_bytes()[:cut])
    assert join_blocks(tmp_path, model, rows["pmid"]) is None


def test_of_two_blocks_the_later_counts_and_what_is_withdrawn_goes(tmp_path, model):
    for name, place, pmids in (("a", 1, (7, 8)), ("b", 2, (8, 9)), ("c", 3, ())):
        rows = np.zeros(len(pmids), row_type(model.width))
        rows["pmid"], rows["place"] = pmids, place
        write_block(tmp_path, name, rows, model)
    found = join_blocks(tmp_path, model, np.array([8, 9]))
    assert (found.pmids.tolist(), found.places.tolist()) == ([8, 9], [2, 2])
    assert len(join_blocks(tmp_path, model, np.array([9]))) == 1
    assert len(join_blocks(tmp_path, model, np.array([], np.int64))) == 0


def test_without_a_mirror_it_is_said_what_to_do(tmp_path, monkeypatch, capsys):
    (tmp_path / "queries").mkdir()
    monkeypatch.chdir(tmp_path)
    assert embed() == 1
    assert "assay library ingest" in capsys.readouterr().err


# --- what is kept ---------------------------------------------------------------------


def test_kept_vectors_are_the_very_numbers_that_would_be_computed(
    folder, model, counted
):
    embed()
    with open_mirror(folder) as mirror:
        texts = [record_text(each) for each in mirror.records()]
    fresh = Vectors(model, None, {}).of_records(texts)
    del counted[:]
    opened = open_vectors(folder, model)
    assert opened.of_records(texts).tobytes() == fresh.tobytes()
    opened.close()
    assert counted == []


def test_texts_are_told_apart_by_the_whole_of_their_digests(tmp_path, model):
    keys = [b"sameheadA0000000", b"sameheadB0000000", b"a" * 16]
    rows = np.zeros(3, row_type(model.width))
    rows["pmid"] = range(3)
    for at, key in enumerate(keys):
        rows[at]["key"], rows[at]["row"] = np.void(key), at + 1
    write_block(tmp_path, "a", rows, model)
    found = join_blocks(tmp_path, model, rows["pmid"])
    known = found.known([*keys, b"samehead" + bytes(8), digest_text("tea")])
    assert [np.frombuffer(known[key], "<f2")[0] for key in keys] == [1, 2, 3]
    assert len(known) == 3


@pytest.mark.parametrize("spoilt", ["rows", "signs", "order", CURRENT])
def test_spoilt_files_and_another_model_count_for_nothing(
    folder, model, counted, spoilt
):
    embed()
    assert open_mirror_vectors(folder / "pubmed", "another") is None
    [path] = (folder / "pubmed/vectors").rglob(spoilt)
    path.write_bytes(path.read_bytes()[:-1])
    assert vectors_of(folder, model) is None
    assert embed() == 0
    assert len(counted) == 8


# --- the nearest ----------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 60), st.integers(1, 12), st.randoms(use_true_random=False))
def test_the_nearest_by_signs_are_those_of_going_through_all(rows, most, random):
    few = [random.getrandbits(6) for _ in range(rows)]  # many are equally near
    signs = np.array([few, [0] * rows], np.uint64)
    asked = np.array([random.getrandbits(6), 0], np.uint64)
    away = [(word ^ int(asked[0])).bit_count() for word in few]
    bound = sorted(away)[:most][-1:] or [0]
    wanted = [row for row, each in enumerate(away) if each <= bound[0]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mirror_vectors, "CHUNK", 7)
        assert find_near_signs(signs, asked, most).tolist() == wanted


def test_with_a_pool_of_all_the_nearest_are_exact_and_ties_go_by_pmid(tmp_path, model):
    rng = np.random.default_rng(7)
    rows = np.zeros(500, row_type(model.width))
    rows["pmid"] = np.arange(500)
    made = rng.normal(size=(500, model.width))
    rows["row"] = made / np.linalg.norm(made, axis=1, keepdims=True)
    rows[400]["row"] = rows[3]["row"]
    write_block(tmp_path, "a", rows, model)
    found = join_blocks(tmp_path, model, rows["pmid"])
    vector = rows[3]["row"].astype(np.float32)
    exact = rows["row"].astype(np.float32) @ vector
    near = found.nearest(vector, 10, pool=500)
    assert [each.pmid for each in near[:2]] == [3, 400]
    wanted = np.lexsort((rows["pmid"], -exact))[:10]
    assert [each.pmid for each in near] == wanted.tolist()
    assert near[0].cosine == pytest.approx(float(exact[3]))
    assert {each.pmid for each in found.nearest(vector, 2, pool=2)} == {3, 400}


def test_signs_are_48_bytes_a_record(model):
    assert pack_signs(np.ones((5, model.width), np.float16)).nbytes == 5 * 48
