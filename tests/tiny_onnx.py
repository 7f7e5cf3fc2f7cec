"""A classifier of pairs of a few hundred bytes, written as ONNX by hand.

It knows a few words: each token of the first text of a pair adds its numbers to the
outputs (contradiction, entailment, neutral). What follows [CLS] in the second text
counts for nothing. The fields are those of onnx.proto.
"""

import json
import struct

from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing

FLOAT, INT64 = 1, 7
WORDS = {
    "[UNK]": (0, 0, 0),
    "[CLS]": (0, 0, 2),
    "[SEP]": (0, 0, 0),
    "improved": (0, 6, 0),
    "worsened": (6, 0, 0),
    "strange": (float("nan"), 0, 0),
}
LABELS = ("contradiction", "entailment", "neutral")


def varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def field(number, value):
    """Return one field: a whole number, a text, or bytes."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    body = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(body)) + body


def tensor(name, rows):
    """Return numbers as an initializer of two dimensions."""
    flat = [number for row in rows for number in row]
    raw = struct.pack(f"<{len(flat)}f", *flat)
    shape = field(1, len(rows)) + field(1, len(rows[0]))
    return field(5, shape + field(2, FLOAT) + field(8, name) + field(9, raw))


def node(kind, inputs, output, attributes=b""):
    names = b"".join(field(1, name) for name in inputs)
    return field(1, names + field(2, output) + field(4, kind) + attributes)


def value(number, name, kind, dims):
    shape = b"".join(field(1, field(2, dim)) for dim in dims)
    kind = field(1, field(1, kind) + field(2, shape))
    return field(number, field(1, name) + field(2, kind))


def model_bytes(first="input_ids", outputs=3):
    """Return the model; `first` is the name of its first input."""
    axes = field(1, "axes") + field(8, 1) + field(20, 7)
    kept = field(1, "keepdims") + field(3, 0) + field(20, 2)
    rows = [row[:outputs] for row in WORDS.values()]
    graph = (
        node("Gather", ("words", first), "seen")
        + node("Gather", ("which", "token_type_ids"), "counts")
        + node("Mul", ("seen", "counts"), "weighed")
        + node("ReduceSum", ("weighed",), "logits", field(5, axes) + field(5, kept))
        + field(2, "tiny")
        + tensor("words", rows)
        + tensor("which", [[1.0], [0.0]])
        + value(11, first, INT64, ("pairs", "tokens"))
        + value(11, "token_type_ids", INT64, ("pairs", "tokens"))
        + value(12, "logits", FLOAT, ("pairs", "sides"))
    )
    return field(1, 6) + field(7, graph) + field(8, field(2, 11))


def write_model(folder, **more):
    """Write model.onnx, tokenizer.json and config.json into `folder`."""
    (folder / "model.onnx").write_bytes(model_bytes(**more))
    vocabulary = {word: at for at, word in enumerate(WORDS)}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 1), ("[SEP]", 2)],
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"id2label": {str(at): label for at, label in enumerate(LABELS)}}
    (folder / "config.json").write_text(json.dumps(config))
    return folder
