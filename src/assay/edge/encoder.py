"""Runs the models that ship: words in, numbers out, on one processor, without network.

A model lies in data/models/NAME: model.onnx, tokenizer.json, card.md, and manifest.json
with the digests of its files. Texts are run one at a time: measured on abstracts of 240
tokens, that takes 10 ms each, batches of 8 and 32 took 10 and 15 (their padding costs
more than they save), and the numbers of a text then never depend on its neighbours.
The weights hold 7 bits, so that no sum of two products overflows in the kernels of
older processors. One machine gives the same numbers every time, in whatever thread.
Between machines, or versions of onnxruntime, a float that rounds the other way early on
spreads: over 1,600 pairs two versions differed by .003 in the cosine on average, by .02
at most. So nothing may hang on less than that (tests/test_ranking.py).
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, TypeAlias

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from assay.edge.packaged import read_packaged
from assay.errors import StoreError

Numbers: TypeAlias = NDArray[np.float32]

ENCODER = "encoder"
"""The model that gives texts their vectors."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model that was loaded and checked."""

    name: str
    """As its manifest has it, e.g. "all-MiniLM-L6-v2"."""
    digest: str
    """sha256 of model.onnx, tokenizer.json and the longest text: what it computes
    hangs on all three."""
    width: int
    """Numbers in a vector; for models of other kinds, of their last layer."""
    session: onnxruntime.InferenceSession
    tokenizer: Tokenizer

    def run(self, text: str, other: str = "") -> Numbers:
        """Return the model's first output for a text, or for a pair of texts.

        Shape: (tokens, width) for an encoder, (answers,) for a classifier of pairs.
        What goes beyond the model's longest text is cut off, the longer one first.
        """
        read = self.tokenizer.encode(text, other or None)
        given = {
            "input_ids": read.ids,
            "attention_mask": read.attention_mask,
            "token_type_ids": read.type_ids,
        }
        wanted = [part.name for part in self.session.get_inputs()]
        rows = {name: np.array([given[name]], np.int64) for name in wanted}
        first: Numbers = self.session.run(None, rows)[0][0]
        return first


def encode_texts(model: Model, texts: Iterable[str]) -> Numbers:
    """Return one vector of length 1 a text: the mean over its tokens. (texts, width).

    Vectors of near meaning have a product near 1; of texts without relation, near 0.
    """
    rows = [_unit(model.run(text).mean(axis=0)) for text in texts]
    return np.stack(rows) if rows else np.zeros((0, model.width), np.float32)


def _unit(vector: Numbers) -> Numbers:
    length = np.float32(np.linalg.norm(vector))
    return np.asarray(vector / max(length, np.float32(1e-9)), np.float32)


class Manifest(NamedTuple):
    """What a model's manifest.json says."""

    name: str
    width: int
    longest: int
    """Tokens of a text, or of a pair, beyond which the rest is cut off."""
    files: dict[str, str]
    """sha256 of each file by its name."""


@cache
def open_model(name: str = ENCODER) -> Model:
    """Return a model that ships, ready to run. Takes about 0.1 s, once a process.

    A run uses one processor: two took 1.6 times the processor time and little less on
    the clock; texts are run side by side instead (`edge.spare`).

    Raises:
        StoreError: a file of it is missing or spoilt.
    """
    manifest = read_manifest(name)
    files = [read_model_file(name, file) for file in ("model.onnx", "tokenizer.json")]
    onnxruntime.disable_telemetry_events()  # which its builds for Windows would send
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(
            files[0], options, providers=["CPUExecutionProvider"]
        )
        tokenizer = Tokenizer.from_str(files[1].decode("utf-8"))
    except Exception as error:  # of two libraries, which share no base class
        raise _spoilt(name, "model.onnx or tokenizer.json") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(manifest.longest)
    digest = hashlib.sha256(b"".join([*files, b"%d" % manifest.longest])).hexdigest()
    return Model(manifest.name, digest, manifest.width, session, tokenizer)


def read_model_file(model: str, name: str) -> bytes:
    """Return the bytes of a model's file, as its manifest knows them.

    Raises:
        StoreError: it is missing, not in the manifest, or spoilt.
    """
    body = read_packaged(f"models/{model}/{name}")
    if hashlib.sha256(body).hexdigest() != read_manifest(model).files.get(name):
        raise _spoilt(model, name)
    return body


def read_manifest(model: str) -> Manifest:
    """Return what a model's manifest says.

    Raises:
        StoreError: it is missing or spoilt.

    >>> read_manifest("encoder").width
    384
    """
    body = read_packaged(f"models/{model}/manifest.json")
    try:
        parts = json.loads(body)
        files = {str(name): str(digest) for name, digest in parts["files"].items()}
        width, longest = int(parts["width"]), int(parts["longest"])
        return Manifest(str(parts["name"]), width, longest, files)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _spoilt(model, "manifest.json") from error


def _spoilt(model: str, name: str) -> StoreError:
    return StoreError(
        f"This installation's file data/models/{model}/{name} is spoilt. "
        "Install assay again."
    )
