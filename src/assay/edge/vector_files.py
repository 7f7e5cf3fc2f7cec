"""The files of the mirror's vectors: blocks as tasks make them, made into one folder.

blocks/NAME.rows     a block: PMID, place, digest of the text and vector, row by row
blocks/NAME.json     its done-marker: model, rows, sha256

A block is taken only with its marker and when its bytes are those that the marker
names. Of two rows of one PMID the later block's counts.
"""

import hashlib
import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assay.edge.encoder import Model
from assay.edge.files import write_atomically
from assay.edge.mirror_vectors import (
    CHUNK,
    CURRENT,
    FOLDER,
    FORMAT,
    KEY,
    MirrorVectors,
    open_mirror_vectors,
    pack_signs,
)

BLOCKS = "blocks"

Rows = NDArray[Any]
"""Of the type that `row_type` gives."""


def row_type(width: int) -> np.dtype[Any]:
    """Return the type of a block's rows.

    >>> row_type(384).itemsize
    800
    """
    return np.dtype(
        [
            ("pmid", "<i8"),
            ("place", "<i8"),
            ("key", f"V{KEY}"),
            ("row", "<f2", (width,)),
        ]
    )


def write_block(mirror: Path, name: str, rows: Rows, model: Model) -> None:
    """Write a block whole, and then its done-marker. Raises OSError.

    Args:
        mirror: cache/library/pubmed, or where its vectors/ is to be made.
        name: sorts after those of blocks that are older.
    """
    folder, body = mirror / FOLDER / BLOCKS, rows.tobytes()
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / f"{name}.rows", body)
    marker = {
        "format": FORMAT,
        "model": model.digest,
        "rows": len(rows),
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    write_atomically(folder / f"{name}.json", json.dumps(marker).encode())


class Part(NamedTuple):
    """Some vectors, each array one row a record."""

    pmids: NDArray[np.int64]
    places: NDArray[np.int64]
    keys: NDArray[np.void]
    rows: NDArray[np.float16]


def join_blocks(
    mirror: Path, model: Model, held: NDArray[np.int64]
) -> MirrorVectors | None:
    """Put all blocks that are done into one folder with the vectors there are.

    The folder takes the place of the old one by an atomic rename of what names it.
    Raises OSError where the disk cannot be written; then the old one stays in use.

    Args:
        mirror: cache/library/pubmed.
        model: blocks of another one are thrown away.
        held: the PMIDs of the mirror, rising; vectors of others are dropped.

    Returns:
        The vectors in use; None without any.
    """
    folder = mirror / FOLDER
    old = open_mirror_vectors(mirror, model.digest)
    parts = list(_read_blocks(folder / BLOCKS, model))
    if parts or (old and not np.isin(old.pmids, held).all()):
        if old:
            parts.insert(0, Part(old.pmids, old.places, old.keys, old.rows))
        name = secrets.token_hex(8)
        rows = _write_folder(folder / name, parts, held, model.width)
        told = {
            "format": FORMAT,
            "model": model.digest,
            "width": model.width,
            "rows": rows,
            "folder": name,
        }
        write_atomically(folder / CURRENT, json.dumps(told).encode())
        _clear(folder, name)
    return open_mirror_vectors(mirror, model.digest)


def _read_blocks(folder: Path, model: Model) -> Iterator[Part]:
    """Yield the blocks that are done and whole, the oldest first."""
    for path in sorted(folder.glob("*.json")):
        body = path.with_suffix(".rows")
        with suppress(OSError, ValueError, KeyError, TypeError):
            told = json.loads(path.read_bytes())
            if (told["format"], told["model"]) != (FORMAT, model.digest):
                continue
            if hashlib.sha256(body.read_bytes()).hexdigest() != told["sha256"]:
                continue
            if told["rows"]:
                rows = np.memmap(body, row_type(model.width), "r")
                yield Part(rows["pmid"], rows["place"], rows["key"], rows["row"])


def _write_folder(
    folder: Path, parts: list[Part], held: NDArray[np.int64], width: int
) -> int:
    """Write the files that `MirrorVectors` maps; return the number of rows.

    In memory are the names of the rows, 48 bytes each, and CHUNK vectors.
    """
    folder.mkdir(parents=True)
    pmids = np.concatenate([part.pmids for part in parts])
    source = np.repeat(np.arange(len(parts)), [len(part.pmids) for part in parts])
    row = np.concatenate([np.arange(len(part.pmids)) for part in parts])
    order = np.lexsort((source, pmids))
    last = np.append(pmids[order][1:] != pmids[order][:-1], True)
    order = order[last & np.isin(pmids[order], held)]
    source, row = source[order], row[order]
    names = {"pmids": "<i8", "places": "<i8", "keys": f"V{KEY}"}
    kept = {name: np.zeros(len(order), kind) for name, kind in names.items()}
    signs = _map_new(folder / "signs", "<u8", width // 64, len(order))
    with (folder / "rows").open("wb") as file:
        for start in range(0, len(order), CHUNK):
            here = slice(start, start + CHUNK)
            rows = np.zeros((len(order[here]), width), "<f2")
            for number in np.unique(source[here]):
                mine = source[here] == number
                part, at = parts[number], row[here][mine]
                rows[mine] = part.rows[at]
                for name, values in kept.items():
                    values[here][mine] = getattr(part, name)[at]
            file.write(rows.tobytes())
            signs[:, here] = pack_signs(rows)
    for name, values in kept.items():
        (folder / name).write_bytes(values.tobytes())
    heads = kept["keys"].view(">u8").reshape(-1, 2)[:, 0].astype("<u8")
    by_head = np.argsort(heads, kind="stable")
    (folder / "sorted").write_bytes(heads[by_head].tobytes())
    (folder / "order").write_bytes(by_head.astype("<u4").tobytes())
    return len(order)


def _map_new(path: Path, kind: str, *shape: int) -> NDArray[Any]:
    """Return a new file as an array; one without rows is an empty file."""
    if 0 in shape:
        path.touch()
        return np.zeros(shape, kind)
    return np.memmap(path, kind, "w+", shape=shape)


def _clear(folder: Path, name: str) -> None:
    """Take away what the folder of that name has made useless.

    What another process has open stays there until the next time.
    """
    for path in folder.iterdir():
        if path.is_dir() and path.name != name:
            shutil.rmtree(path, ignore_errors=True)
