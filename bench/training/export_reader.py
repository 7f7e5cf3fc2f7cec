"""Makes the reader that ships: trained weights → ONNX → int8, and their nearness.

    python -m bench.training.export_reader BASE_FOLDER WEIGHTS --name NAME

needs numpy, onnx, onnxruntime, safetensors, tokenizers. BASE_FOLDER is the unpacked
base model (for its tokenizer), WEIGHTS what bench/training/reader.py wrote. The body is
written as the encoder's is; the heads stay in full precision, they are small.
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper
from safetensors.numpy import load_file

from bench.training.export_encoder import (
    HEADS,
    LAYERS,
    LONGEST,
    OPSET,
    WIDTH,
    Graph,
    layer,
    sha256,
)

TARGET = Path(__file__).parents[2] / "src/assay/data/models/reader"
READ = 448
"""Tokens of a claim and an abstract that are read at most."""


def build(weights: dict[str, np.ndarray], *, int8: bool) -> onnx.ModelProto:
    """Return the graph: (input_ids, token_type_ids, pool) → stance, rationale, roles."""
    g = Graph(weights, int8=int8)
    ints = {n: g.constant(n, np.array(v, np.int64)) for n, v in (
        ("zero", [0]), ("split", [0, 0, HEADS, WIDTH // HEADS]),
        ("join", [0, 0, WIDTH]), ("sides", [1, 2]), ("one", [1]), ("last", [-1]),
    )}  # fmt: skip
    kinds = g.constant("kinds", weights["embeddings.token_type_embeddings.weight"])
    places = weights["embeddings.position_embeddings.weight"][:LONGEST]
    length = g.one("Shape", "input_ids", start=1, end=2)
    place = g.one("Slice", g.constant("places", places), ints["zero"], length)
    kind = g.one("Gather", kinds, "token_type_ids")
    x = g.one("Add", g.one("Add", g.tokens("input_ids"), place), kind)
    x = g.norm(x, "embeddings.LayerNorm")
    nothing = g.constant("nothing", np.zeros((1, 1, 1, 1), np.float32))
    for at in range(LAYERS):
        x = layer(g, x, nothing, f"encoder.layer.{at}", ints)
    heads = Graph(weights, int8=False)
    heads.nodes, heads.constants, heads.count = g.nodes, g.constants, g.count
    sentences = heads.one("MatMul", "pool", x)
    told = heads.linear(
        heads.one("Gelu", heads.linear(sentences, "rationale.0")), "rationale.2"
    )
    share = heads.one("Transpose", heads.one("Softmax", told, axis=1), perm=[0, 2, 1])
    gist = heads.one("MatMul", share, sentences)
    first = heads.one("Slice", x, ints["zero"], ints["one"], ints["one"])
    both = heads.one("Squeeze", heads.one("Concat", first, gist, axis=2), ints["one"])
    stance = heads.linear(heads.one("Gelu", heads.linear(both, "stance.1")), "stance.4")
    roles = heads.linear(sentences, "role")
    flat = heads.one("Squeeze", told, ints["last"])
    for value, name in ((stance, "stance"), (flat, "rationale"), (roles, "roles")):
        heads.nodes.append(helper.make_node("Identity", [value], [name]))
    number = helper.make_tensor_value_info
    graph = helper.make_graph(
        heads.nodes,
        "reader",
        [
            number("input_ids", TensorProto.INT64, [1, "tokens"]),
            number("token_type_ids", TensorProto.INT64, [1, "tokens"]),
            number("pool", TensorProto.FLOAT, [1, "sentences", "tokens"]),
        ],
        [
            number("stance", TensorProto.FLOAT, [1, 3]),
            number("rationale", TensorProto.FLOAT, [1, "sentences"]),
            number("roles", TensorProto.FLOAT, [1, "sentences", 5]),
        ],
        list(heads.constants.values()),
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9
    )
    onnx.checker.check_model(model)
    return model


def probe(path: Path, seed: int = 1) -> np.ndarray:
    """Return the stances that a graph gives random texts of three sentences."""
    session = ort.InferenceSession(path, providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(40):
        ids = rng.integers(1000, 29000, (1, 90))
        ids[0, 0], ids[0, 20], ids[0, 30], ids[0, -1] = 101, 102, 102, 102
        types = (np.arange(90) > 20).astype(np.int64)[None]
        pool = np.zeros((1, 3, 90), np.float32)
        for at in range(3):
            pool[0, at, 31 + 19 * at : 50 + 19 * at] = 1 / 19
        given = {"input_ids": ids, "token_type_ids": types, "pool": pool}
        rows.append(session.run(["stance"], given)[0][0])
    return np.stack(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="the base model's unpacked folder")
    parser.add_argument("weights", type=Path)
    parser.add_argument("--name", required=True)
    parser.add_argument("--target", type=Path, default=TARGET)
    asked = parser.parse_args()
    weights = {
        name.removeprefix("body."): value.astype(np.float32)
        for name, value in load_file(asked.weights).items()
    }
    asked.target.mkdir(parents=True, exist_ok=True)
    full, model = asked.target / "fp32.onnx", asked.target / "model.onnx"
    onnx.save(build(weights, int8=False), full)
    onnx.save(build(weights, int8=True), model)
    tokenizer = asked.target / "tokenizer.json"
    shutil.copyfile(asked.source / "tokenizer.json", tokenizer)
    apart = float(np.abs(probe(full) - probe(model)).mean())
    full.unlink()
    manifest = {
        "name": asked.name,
        "weights_sha256": sha256(asked.weights),
        "width": 3,
        "longest": READ,
        "files": {p.name: sha256(p) for p in (model, tokenizer)},
        "logits_apart": round(apart, 4),
    }
    text = json.dumps(manifest, indent=2) + "\n"
    (asked.target / "manifest.json").write_text(text, encoding="utf-8")
    print(f"{model.stat().st_size:,} bytes")
    print(text)


if __name__ == "__main__":
    main()
