"""Models that ship run the same every time, and say when their files are not right."""

import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from assay.edge import encoder
from assay.edge.encoder import encode_texts, open_model, read_manifest
from assay.edge.packaged import read_packaged
from assay.errors import StoreError

TEXTS = (
    "Lunaroot shortens the time to fall asleep.",
    "People who took lunaroot fell asleep sooner than those given placebo.",
    "The bridge was closed to lorries for the winter.",
    "",
)


@pytest.fixture(autouse=True)
def _opened_anew():
    """Let each test open models for itself: they are kept once they are open."""
    open_model.cache_clear()
    yield
    open_model.cache_clear()


@pytest.fixture(scope="module")
def model():
    return open_model()


def test_vectors_have_length_one_and_near_meaning_is_near(model):
    vectors = encode_texts(model, TEXTS)
    assert vectors.shape == (4, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    claim, alike, unlike, _ = vectors
    assert claim @ alike > claim @ unlike + 0.3


def test_a_text_has_the_same_vector_whatever_stands_beside_it(model):
    together = encode_texts(model, TEXTS)
    alone = [encode_texts(model, [text])[0] for text in TEXTS]
    assert together.tobytes() == np.stack(alone).tobytes()


def test_threads_beside_each_other_give_the_same_numbers(model):
    with ThreadPoolExecutor(4) as pool:
        beside = list(pool.map(lambda text: encode_texts(model, [text])[0], TEXTS * 4))
    assert np.stack(beside).tobytes() == encode_texts(model, TEXTS * 4).tobytes()


def test_no_texts_give_no_vectors(model):
    assert encode_texts(model, []).shape == (0, 384)


def test_what_goes_beyond_the_longest_text_is_cut_off(model):
    long = "tea " * 1000
    assert len(model.run(long)) == read_manifest("encoder").longest
    assert len(model.run(long, long)) == read_manifest("encoder").longest


def test_every_file_that_the_manifest_names_is_there_as_it_was_made():
    for name, digest in read_manifest("encoder").files.items():
        body = read_packaged(f"models/encoder/{name}")
        assert hashlib.sha256(body).hexdigest() == digest, name


def test_the_model_comes_with_a_card_and_a_notice():
    card = read_packaged("models/encoder/card.md").decode()
    assert "Apache-2.0" in card
    assert b"Apache License" in read_packaged("models/encoder/NOTICE")


@pytest.fixture
def shipped(monkeypatch):
    """Let a test change what ships: a dict of files that stand in for the real ones."""
    changed = {}

    def read(name):
        return changed[name] if name in changed else read_packaged(name)

    monkeypatch.setattr(encoder, "read_packaged", read)
    return changed


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_spoilt_file_is_named_with_the_remedy(shipped, name):
    shipped[f"models/encoder/{name}"] = b"spoilt"
    with pytest.raises(StoreError, match=rf"encoder/{name} is spoilt\. Install assay"):
        open_model()


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"files": 1}', b"\xff"])
def test_a_spoilt_manifest_is_named_with_the_remedy(shipped, body):
    shipped["models/encoder/manifest.json"] = body
    with pytest.raises(StoreError, match=r"manifest\.json is spoilt\. Install assay"):
        open_model()


def test_a_model_that_cannot_be_run_is_named_though_its_digest_is_right(shipped):
    manifest = json.loads(read_packaged("models/encoder/manifest.json"))
    manifest["files"]["model.onnx"] = hashlib.sha256(b"no model").hexdigest()
    shipped["models/encoder/model.onnx"] = b"no model"
    shipped["models/encoder/manifest.json"] = json.dumps(manifest).encode()
    with pytest.raises(StoreError, match="is spoilt"):
        open_model()


def test_a_model_that_does_not_ship_is_named():
    with pytest.raises(StoreError, match=r"lacks its file data/models/no-such-model/"):
        open_model("no-such-model")


def test_no_model_library_is_loaded_for_the_help():
    code = (
        "import sys; from assay.cli import main; main(['--help']); "
        "loaded = {'onnxruntime', 'tokenizers', 'numpy'} & set(sys.modules); "
        "sys.exit(bool(loaded))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_running_a_model_imports_nothing_that_speaks_to_a_model_hub():
    code = (
        "import sys; from assay.edge.encoder import open_model; open_model().run('x'); "
        "sys.exit('huggingface_hub' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
