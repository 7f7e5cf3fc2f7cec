"""The vectors of records: computed once each, kept beside the index.

cache/library/vectors.db is derived: whatever becomes of it, it is made again. A vector
is known by the digest of the very text that it stands for, and the file by the digest
of the model; so nothing outdated is ever read. A missing, damaged, foreign, locked or
unwritable file is never an error for the person: what cannot be kept is computed.
"""

import hashlib
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np

from assay.edge.encoder import (
    ENCODER,
    Model,
    Numbers,
    encode_texts,
    read_manifest,
    read_model_file,
)
from assay.edge.mirror_generation import FOLDER as MIRROR
from assay.edge.mirror_vectors import open_mirror_vectors
from assay.edge.spare import Spare

FORMAT = 1
"""PRAGMA user_version of the file."""

STARTER_VECTORS = "starter.vectors"
"""The vectors of the starter library, which ship with the encoder (`pack_file`)."""

LOCK_WAIT_S = 2.0
"""How long to wait while another process writes; then nothing is kept this time."""

PAGE = 500
"""Vectors asked for at a time."""

_KEY = 16
"""Bytes of a text's digest that are kept."""

Row: TypeAlias = tuple[bytes, bytes, int]
"""A digest, its vector, and the checksum of the vector."""

Statement: TypeAlias = Callable[[sqlite3.Connection], Iterable[Row]]

Elsewhere: TypeAlias = Callable[[Sequence[bytes]], Mapping[bytes, bytes]]
"""Returns the vectors of digests, of those that it knows."""


class Vectors:
    """Vectors of texts, from the file where they are known. For one thread."""

    def __init__(
        self,
        model: Model,
        path: Path | None,
        known: Mapping[bytes, bytes],
        elsewhere: Elsewhere = lambda _keys: {},
        spare: Spare | None = None,
    ) -> None:
        """Keep vectors at `path` (None: nowhere), besides those that are `known`.

        elsewhere: asked for those that are in neither.
        spare: computes ahead.
        """
        self._model, self._path, self._spare = model, path, spare or Spare()
        self._known, self._elsewhere = dict(known), elsewhere
        self._db = _open(path, model.digest) if path else None

    def close(self) -> None:
        """Close the file; vectors can still be had, but are kept no more."""
        if self._db:
            self._db.close()
        self._db = None

    def ahead(self, texts: Sequence[str]) -> None:
        """Begin to compute the vectors that are not known, while others go on."""
        for key, text in self._missing(texts).items():
            self._spare.begin(key, partial(self._compute, text))

    def of_records(self, texts: Sequence[str]) -> Numbers:
        """Return one vector a text, in order; new ones are computed and kept.

        They have the precision of 16 bits, computed just now or not. (texts, width).
        """
        computed = {
            key: self._spare.take(key, partial(self._compute, text))
            for key, text in self._missing(texts).items()
        }
        if computed:
            self._known |= computed
            self._write(computed)
        rows = b"".join(self._known[digest_text(text)] for text in texts)
        width = self._model.width
        return np.frombuffer(rows, "<f2").reshape(-1, width).astype(np.float32)

    def _missing(self, texts: Iterable[str]) -> dict[bytes, str]:
        """Return the texts that no vector is known of, by their digests."""
        asked = {digest_text(text): text for text in texts}
        missing = {k: t for k, t in asked.items() if k not in self._known}
        self._known |= self._read(missing)
        self._known |= self._elsewhere([k for k in missing if k not in self._known])
        return {k: t for k, t in missing.items() if k not in self._known}

    def _compute(self, text: str) -> bytes:
        return pack(encode_texts(self._model, [text]))[0]

    def nearness(self, claim: str, texts: Sequence[str]) -> tuple[float, ...]:
        """Return how near each text is to a claim in meaning: a cosine, -1 to 1."""
        if not texts:
            return ()
        vector = encode_texts(self._model, [claim])[0]
        return tuple(float(x) for x in self.of_records(texts) @ vector)

    def _read(self, wanted: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return those that the file holds undamaged."""
        keys, size = list(wanted), 2 * self._model.width
        rows: list[Row] = []
        for at in range(0, len(keys), PAGE):
            rows += self._asked(_wanted(keys[at : at + PAGE]))
        return {
            key: value
            for key, value, crc in rows
            if len(value) == size and zlib.crc32(value) == crc
        }

    def _write(self, computed: Mapping[bytes, bytes]) -> None:
        rows = [(key, value, zlib.crc32(value)) for key, value in computed.items()]

        def write(db: sqlite3.Connection) -> Iterable[Row]:
            with db:
                db.executemany("REPLACE INTO vectors VALUES (?, ?, ?)", rows)
            return ()

        self._asked(write)

    def _asked(self, statement: Statement) -> list[Row]:
        """Return what the file answers; nothing where it cannot be used."""
        if self._db is None:
            return []
        try:
            return list(statement(self._db))
        except sqlite3.OperationalError:  # locked, full: the file may be sound
            return []
        except sqlite3.Error:
            self.close()
            self._db = _made_anew(self._path, self._model.digest)
            return []


def _wanted(keys: Sequence[bytes]) -> Statement:
    marks = ", ".join("?" * len(keys))
    sql = f"SELECT key, value, crc FROM vectors WHERE key IN ({marks})"
    return lambda db: db.execute(sql, keys)


def open_vectors(folder: Path, model: Model, spare: Spare | None = None) -> Vectors:
    """Return the vectors of a library's records, those kept of the mirror's included.

    Args:
        folder: the library's folder (cache/library).
        model: the encoder, as `encoder.open_model` gives it.
        spare: computes ahead.

    Raises:
        StoreError: the vectors that ship with the model are spoilt.
    """
    mirror = open_mirror_vectors(folder / MIRROR, model.digest)
    kept, shipped = folder / "vectors.db", _shipped(model)
    if mirror is None:
        return Vectors(model, kept, shipped, spare=spare)
    return Vectors(model, kept, shipped, mirror.known, spare)


def digest_text(text: str) -> bytes:
    """Return what a text's vector is known by.

    >>> len(digest_text("tea"))
    16
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:_KEY]


def pack(vectors: Numbers) -> list[bytes]:
    """Return each vector as bytes: numbers of 16 bits, the low byte first.

    >>> pack(np.ones((1, 2), np.float32))
    [b'\\x00<\\x00<']
    """
    return [row.tobytes() for row in vectors.astype("<f2")]


def pack_file(vectors: Mapping[bytes, bytes]) -> bytes:
    """Return vectors by the digests of their texts as one file, sorted.

    >>> pack_file({b"b" * 16: b"2", b"a" * 16: b"1"})
    b'aaaaaaaaaaaaaaaa1bbbbbbbbbbbbbbbb2'
    """
    return b"".join(key + vectors[key] for key in sorted(vectors))


def _shipped(model: Model) -> dict[bytes, bytes]:
    """Return the vectors that ship; none where the model came without them."""
    if STARTER_VECTORS not in read_manifest(ENCODER).files:
        return {}
    body, step = read_model_file(ENCODER, STARTER_VECTORS), _KEY + 2 * model.width
    rows = (body[at : at + step] for at in range(0, len(body), step))
    return {row[:_KEY]: row[_KEY:] for row in rows}


def _open(path: Path, digest: str) -> sqlite3.Connection | None:
    """Return the file, made anew where it is damaged or of another model."""
    db = None
    try:
        db = sqlite3.connect(path, timeout=LOCK_WAIT_S)
        version = db.execute("PRAGMA user_version").fetchone()[0]
        known = version == FORMAT and db.execute("SELECT digest FROM model").fetchall()
        if known == [(digest,)]:
            db.execute("SELECT key, value, crc FROM vectors LIMIT 1").fetchall()
            return db
    except sqlite3.Error as error:
        if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            _close(db)
            return None  # sound, for all that is known
    _close(db)
    return _made_anew(path, digest)


def _close(db: sqlite3.Connection | None) -> None:
    if db:
        db.close()


def _made_anew(path: Path | None, digest: str) -> sqlite3.Connection | None:
    if path is None:
        return None
    db = None
    try:
        for name in (path.name, f"{path.name}-journal"):
            with suppress(FileNotFoundError):
                path.with_name(name).unlink()
        db = sqlite3.connect(path, timeout=LOCK_WAIT_S)
        with db:
            db.execute("CREATE TABLE model (digest TEXT NOT NULL)")
            db.execute("INSERT INTO model VALUES (?)", (digest,))
            db.execute(
                "CREATE TABLE vectors (key BLOB PRIMARY KEY, value BLOB NOT NULL,"
                " crc INTEGER NOT NULL) WITHOUT ROWID"
            )
            db.execute(f"PRAGMA user_version = {FORMAT}")
    except (sqlite3.Error, OSError):
        _close(db)
        return None
    return db
