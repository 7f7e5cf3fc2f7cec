"""What each report rests on, in cache/state.db: so that it can be bundled later."""

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from assay.edge.bundle import Bundle, name_records
from assay.edge.cache import Cache
from assay.edge.state_file import open_state, read_state
from assay.edge.store import Library
from assay.edge.tape import Note, Tape
from assay.errors import StoreError
from assay.output.json import plain
from assay.output.typed import MisfitError, parse_as
from assay.record import Record

AGAIN = "Run `assay check ARTICLE --bundle FILE` to check and bundle in one go."


class Rest(NamedTuple):
    """A note, with the bodies that lie in no recording."""

    note: Note
    bodies: tuple[tuple[str, str], ...] = ()
    """(digest, base64)."""


@dataclass(frozen=True)
class Bodies:
    """Gives bodies by digest: those held, else those recorded."""

    held: Mapping[str, bytes]
    cache: Cache

    def read(self, digest: str) -> bytes:
        """Return a body.

        Raises:
            StoreError: it is recorded no more.
        """
        body = self.held.get(digest)
        if body is None:
            body = self.cache.read_body(digest)
        if body is None:
            raise StoreError(
                "An answer that the report rests on is recorded no more (it was asked "
                f"for again since, or cleared). {AGAIN}"
            )
        return body


def write_rest(path: Path, outcome: bytes, note: Note, tape: Tape) -> None:
    """Note in the file at `path` what a report rests on.

    Args:
        path: cache/state.db of the workspace.
        outcome: the report as JSON.
        note: from `Tape.note`, with its records named.
        tape: holds the bodies that were not recorded.

    Raises:
        StoreError: the file cannot be written.
    """
    bodies = tuple(
        (digest, base64.b64encode(body).decode())
        for digest, body in sorted(tape.bodies.items())
    )
    text = json.dumps(plain(Rest(note, bodies)), ensure_ascii=False)
    row = (_digest(outcome), zlib.compress(text.encode("utf-8", "surrogatepass")))
    sql = (
        "INSERT INTO rests (outcome, note) SELECT ?1, ?2 WHERE NOT EXISTS "
        "(SELECT 1 FROM rests WHERE outcome = ?1 AND note = ?2)"
    )
    with open_state(path) as db:
        db.execute(sql, row)


def read_rest(path: Path, outcome: bytes) -> tuple[Note, dict[str, bytes]] | None:
    """Return what a report rests on, with bodies that were not recorded, or None.

    Raises:
        StoreError: the file cannot be read, or what it holds is damaged.
    """
    sql = "SELECT note FROM rests WHERE outcome = ? ORDER BY id DESC LIMIT 1"
    with read_state(path) as db:
        row = db.execute(sql, (_digest(outcome),)).fetchone() if db else None
    if row is None:
        return None
    try:
        text = zlib.decompress(row[0]).decode("utf-8", "surrogatepass")
        rest = parse_as(Rest, json.loads(text))
        return rest.note, {name: base64.b64decode(body) for name, body in rest.bodies}
    except (zlib.error, MisfitError, ValueError) as error:
        raise StoreError(
            f"What is noted of this report in {path} is damaged. {AGAIN}"
        ) from error


def _digest(outcome: bytes) -> str:
    return hashlib.sha256(outcome).hexdigest()


def gather_bundle(
    note: Note, article: bytes, library: Library, bodies: Bodies
) -> Bundle:
    """Return the bundle that a note stands for, without its outcome.

    Raises:
        StoreError: an answer or a record is not what it was any more.
    """
    if note.article and hashlib.sha256(article).hexdigest() != note.article.sha256:
        raise StoreError(
            "The article is not the one that the report is about: its bytes differ. "
            f"Give the file as it was, with --article. {AGAIN}"
        )
    records: dict[str, Record] = {}
    for key, _ in note.records:
        if record := library.get(key):
            records[key] = record
    known = dict(name_records(records))
    changed = [key for key, digest in note.records if known.get(key) != digest]
    if changed:
        raise StoreError(
            f"The library's record {changed[0]} has changed since the report was made."
            f" {AGAIN}"
        )
    return Bundle(
        note=note,
        article=article,
        records=records,
        read=bodies.read,
        outcome={},
    )
