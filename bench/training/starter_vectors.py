"""Makes the vectors of the starter library, which ship with the encoder.

python -m bench.training.starter_vectors

Run it after the encoder or the starter library has changed: a first check then has
nothing to compute. Where it was forgotten, checks compute what is missing.
"""

import hashlib
import json
from pathlib import Path

from assay.edge.encoder import encode_texts, open_model
from assay.edge.packaged import STARTER, read_packaged_text
from assay.edge.vectors import STARTER_VECTORS, digest_text, pack, pack_file
from assay.library.starter import parse_starter
from assay.text import record_text

FOLDER = Path(__file__).parents[2] / "src/assay/data/models/encoder"


def main() -> None:
    records = parse_starter(read_packaged_text(STARTER).splitlines())
    texts = [record_text(record) for record in records]
    vectors = pack(encode_texts(open_model(), texts))
    body = pack_file(dict(zip(map(digest_text, texts), vectors, strict=True)))
    (FOLDER / STARTER_VECTORS).write_bytes(body)
    place = FOLDER / "manifest.json"
    manifest = json.loads(place.read_text(encoding="utf-8"))
    manifest["files"][STARTER_VECTORS] = hashlib.sha256(body).hexdigest()
    place.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(f"{len(texts)} vectors, {len(body):,} bytes")


if __name__ == "__main__":
    main()
