"""The container of a bundle: a ZIP file whose every byte is vouched for.

Its parts stand in a fixed order with fixed times, so that the same parts give the same
bytes. manifest.json names each part with its size and SHA-256; the file's comment, its
last 64 bytes, is the SHA-256 of all bytes before. Reading trusts none of it: nothing
is unpacked to disk, and no more is read than a bundle may hold.
"""

import hashlib
import json
import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from assay.errors import StoreError
from assay.output.json import Json, plain, render_document
from assay.output.typed import MisfitError, parse_as

SCHEMA = "assay/bundle/1"
MANIFEST = "manifest.json"

LARGEST_FILE = 4_000_000_000
LARGEST_INDEX = 20_000_000
LARGEST_PART = 250_000_000
LARGEST_MANIFEST = 50_000_000
LARGEST_WHOLE = 20_000_000_000
"""Bytes: of the file, of ZIP's own index, of one part, of the manifest, of all parts
unpacked. A search of 60,000 PubMed records is about 600 MB in 240 parts of 2.5 MB."""
MOST_PARTS = 60_000
"""Fewer than ZIP can count without its later additions, which are so never needed."""

_COMMENT = b"assay bundle, sha256 of all bytes before: "
_DIGEST = 64
_END = struct.Struct("<4s4H2LH")
"""ZIP's end record: sign, disks, entries, size and place of the index, comment."""
_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that a ZIP file can say."""
_UNPACKING = (BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, KeyError)
"""What zipfile raises for files that are not as they should be."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*", re.ASCII)
_LONGEST_NAME = 200
_CHUNK = 1 << 20


class Part(NamedTuple):
    """One part of a bundle, as the manifest names it."""

    path: str
    sha256: str
    bytes: int


class Manifest(NamedTuple):
    """What a bundle says of itself."""

    assay: str
    """Version that wrote it."""
    command: str
    whole: str
    """SHA-256 over all parts: of "sha256 bytes path" lines, in their order."""
    parts: tuple[Part, ...]


def part_of(path: str, content: bytes) -> Part:
    """Return how the manifest names a part.

    >>> part_of("a.txt", b"").bytes
    0
    """
    return Part(path, hashlib.sha256(content).hexdigest(), len(content))


def hash_whole(parts: Iterable[Part]) -> str:
    """Return the SHA-256 over parts, which hangs on no way of packing them.

    >>> hash_whole([]) == hashlib.sha256(b"").hexdigest()
    True
    """
    lines = (f"{part.sha256} {part.bytes} {part.path}\n" for part in parts)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def render_manifest(manifest: Manifest) -> str:
    """Return the manifest as JSON (schema assay/bundle/1): manifest.json itself.

    >>> json.loads(render_manifest(Manifest("1.0", "check", "", ())))["assay"]
    '1.0'
    """
    parts: list[Json] = [plain(part) for part in manifest.parts]
    head: dict[str, Json] = {
        "assay": manifest.assay,
        "command": manifest.command,
        "whole": manifest.whole,
        "parts": parts,
    }
    return render_document("bundle", head)


def write_container(
    file: BinaryIO,
    manifest: Manifest,
    contents: Iterable[bytes],
) -> None:
    """Write a bundle of these parts, whose contents come in the manifest's order.

    `file` is open for writing and reading, and empty.
    """
    text = render_manifest(manifest).encode()
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=6) as packed:
        packed.writestr(_info(MANIFEST), text)
        for part, content in zip(manifest.parts, contents, strict=True):
            packed.writestr(_info(part.path), content)
        packed.comment = _COMMENT + b"0" * _DIGEST
    file.seek(-_DIGEST, 2)
    at = file.tell()
    digest = _hash_start(file, at)
    file.seek(at)
    file.write(digest.encode())


def _info(path: str) -> ZipInfo:
    info = ZipInfo(path, _TIME)
    info.create_system, info.external_attr = 3, 0o644 << 16
    info.compress_type = ZIP_DEFLATED
    return info


def _hash_start(file: BinaryIO, length: int) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while length and (piece := file.read(min(_CHUNK, length))):
        digest.update(piece)
        length -= len(piece)
    return digest.hexdigest()


class Container:
    """A bundle that was opened and found whole."""

    def __init__(self, packed: ZipFile, manifest: Manifest, path: Path) -> None:
        self._packed, self.manifest, self.path = packed, manifest, path
        self._parts = {part.path: part for part in manifest.parts}

    def paths(self) -> Sequence[str]:
        """Return the paths of all parts, in their order."""
        return tuple(self._parts)

    def read(self, path: str) -> bytes:
        """Return a part; b"" where there is none.

        Raises:
            StoreError: it is not what the manifest says.
        """
        part = self._parts.get(path)
        if part is None:
            return b""
        with _explained(self.path):
            body = _take(self._packed, path, part.bytes)
        if hashlib.sha256(body).hexdigest() != part.sha256:
            raise StoreError(_damaged(self.path, f"{path} is not what it was"))
        return body


@contextmanager
def open_container(path: Path) -> Iterator[Container]:
    """Give a bundle, every byte of which was checked.

    Raises:
        StoreError: it cannot be read, is no bundle, is damaged or was changed, holds
            more than a bundle may, or another assay wrote its layout.
    """
    with ExitStack() as opened:
        with _explained(path):
            file = opened.enter_context(path.open("rb"))
            _check_bytes(file, path)
            packed = opened.enter_context(ZipFile(file))
            container = Container(packed, _check_parts(packed, path), path)
            for part in container.manifest.parts:
                container.read(part.path)
        yield container


def _check_bytes(file: BinaryIO, path: Path) -> None:
    size = file.seek(0, 2)
    if size > LARGEST_FILE:
        raise StoreError(f"{path} is too large to be a bundle of assay.")
    file.seek(max(0, size - _END.size - len(_COMMENT) - _DIGEST))
    end, comment, said = file.read(_END.size), file.read(len(_COMMENT)), file.read()
    if comment != _COMMENT or len(said) != _DIGEST or end[:4] != b"PK\x05\x06":
        raise StoreError(
            f"{path} is not a bundle of assay, or its end is missing. Ask for it again."
        )
    _, _, _, _, entries, index, _, _ = _END.unpack(end)
    if entries > MOST_PARTS or index > LARGEST_INDEX:
        raise StoreError(_damaged(path, "it would unpack to more than a bundle may"))
    if _hash_start(file, size - _DIGEST).encode() != said:
        raise StoreError(_damaged(path, "its bytes are not those that were written"))


def _check_parts(packed: ZipFile, path: Path) -> Manifest:
    infos = packed.infolist()
    names = [info.filename for info in infos]
    whole = sum(info.file_size for info in infos)
    odd = [
        info.filename
        for info in infos
        if not _NAME.fullmatch(info.filename)
        or len(info.filename) > _LONGEST_NAME
        or info.compress_type not in {ZIP_DEFLATED, ZIP_STORED}
        or info.flag_bits & 1
    ]
    if odd or len(set(names)) < len(names) or names[:1] != [MANIFEST]:
        raise StoreError(_damaged(path, "it holds what no bundle holds"))
    if len(names) > MOST_PARTS or whole > LARGEST_WHOLE:
        raise StoreError(_damaged(path, "it would unpack to more than a bundle may"))
    manifest = _manifest(_take(packed, MANIFEST, LARGEST_MANIFEST), path)
    parts = manifest.parts
    sizes = [(info.filename, info.file_size) for info in infos[1:]]
    if [(part.path, part.bytes) for part in parts] != sizes:
        raise StoreError(_damaged(path, "its list of parts is not that of its parts"))
    if any(part.bytes > LARGEST_PART for part in parts):
        raise StoreError(_damaged(path, "it would unpack to more than a bundle may"))
    if hash_whole(parts) != manifest.whole:
        raise StoreError(_damaged(path, "its list of parts was changed"))
    return manifest


def _manifest(text: bytes, path: Path) -> Manifest:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    said = value.get("schema") if isinstance(value, dict) else None
    if said != SCHEMA:
        raise StoreError(
            f"{path} is a bundle of another layout than {SCHEMA}. Use the version of "
            "assay that wrote it, or a newer one."
        )
    try:
        return parse_as(Manifest, value)
    except MisfitError as error:
        raise StoreError(_damaged(path, f"its manifest is not one ({error})")) from None


def _take(packed: ZipFile, name: str, most: int) -> bytes:
    """Return a part, reading at most one byte more than it may have."""
    with packed.open(name) as part:
        body = part.read(most + 1)
    if len(body) > most:
        raise BadZipFile
    return body


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise StoreError(f"There is no file {path}. Check the name.") from error
    except IsADirectoryError as error:
        raise StoreError(f"{path} is a folder; name the bundle's file.") from error
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}.") from error
    except _UNPACKING as error:
        raise StoreError(_damaged(path, "it cannot be unpacked")) from error


def _damaged(path: Path, why: str) -> str:
    return f"{path} is damaged or was changed: {why}. Ask for it again."
