"""Files by their address: a path of this machine, or any place that fsspec knows.

E.g. s3://bucket/folder, gs://bucket/folder, file:///data. fsspec is in the extra
`cluster`; each kind of place has its own package (s3fs, gcsfs), which it names itself.
A path needs none of them.
"""

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import unquote, urlsplit

from assay.edge.files import open_atomically
from assay.errors import AssayError, StoreError

DISK_FAULTS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
"""Errors of a disk that takes nothing more, whatever is written."""


def local_path(address: str) -> Path | None:
    """Return the path that an address names; None when it is of another machine.

    >>> local_path("file:///data/x.gz"), local_path("s3://bucket/x.gz")
    (PosixPath('/data/x.gz'), None)
    """
    if "://" not in address:
        return Path(address)
    parts = urlsplit(address)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def absolute_address(address: str) -> str:
    """Return an address that means the same to a process in another folder.

    >>> absolute_address("file:///data/x.gz"), absolute_address("s3://bucket/x.gz")
    ('/data/x.gz', 's3://bucket/x.gz')
    """
    path = local_path(address)
    return str(path.absolute()) if path else address


def join_address(folder: str, name: str) -> str:
    """Return the address of a file in a folder.

    >>> join_address("s3://bucket/folder/", "a.parquet")
    's3://bucket/folder/a.parquet'
    """
    return f"{folder.rstrip('/')}/{name}"


def name_of(address: str) -> str:
    """Return the last part of an address: the file's name.

    >>> name_of("s3://bucket/pubmed26n0001.xml.gz")
    'pubmed26n0001.xml.gz'
    """
    return address.rstrip("/").rpartition("/")[2]


@contextmanager
def open_address(address: str) -> Iterator[BinaryIO]:
    """Give a file to be read.

    Raises:
        OSError: it is not there or cannot be read.
        AssayError: fsspec, or its package for this kind of place, is not installed.
    """
    path = local_path(address)
    with explained_place(address):
        file = path.open("rb") if path else _system(address).open(address, "rb")
    with file:
        yield cast("BinaryIO", file)


@contextmanager
def open_near(address: str) -> Iterator[BinaryIO]:
    """Give a file to be read here and there, a copy of it where it is far away."""
    with open_address(address) as file:
        if local_path(address):
            yield file
            return
        with tempfile.TemporaryFile() as near:
            shutil.copyfileobj(file, near)
            near.seek(0)
            yield cast("BinaryIO", near)


def read_address(address: str) -> bytes | None:
    """Return a small file's bytes; None when it is not there."""
    try:
        with open_address(address) as file:
            return file.read()
    except FileNotFoundError:
        return None


def is_folder(address: str) -> bool:
    """Tell whether an address is a folder that is there."""
    if path := local_path(address):
        return path.is_dir()
    with explained_place(address):
        return bool(_system(address).isdir(address))


def list_folder(address: str) -> tuple[str, ...]:
    """Return the names of the files and folders in a folder, sorted; () if none."""
    if path := local_path(address):
        return tuple(sorted(p.name for p in path.iterdir())) if path.is_dir() else ()
    with explained_place(address):
        system = _system(address)
        found = system.ls(address, detail=False) if system.isdir(address) else []
    return tuple(sorted(name_of(str(each)) for each in found))


def remove_address(address: str) -> None:
    """Take a file away; nothing happens where there is none."""
    with suppress(FileNotFoundError):
        if path := local_path(address):
            path.unlink()
        else:
            _system(address).rm_file(address)


@contextmanager
def make_address(address: str) -> Iterator[BinaryIO]:
    """Give a new file, to be written and read, which is put there when all went well.

    Nobody sees a part of it; the folder is made where it lacks.
    """
    if path := local_path(address):
        path.parent.mkdir(parents=True, exist_ok=True)
        with open_atomically(path) as file:
            yield file
        return
    with tempfile.NamedTemporaryFile() as held:
        yield cast("BinaryIO", held)
        held.flush()
        with explained_place(address):
            system = _system(address)
            system.makedirs(address.rpartition("/")[0], exist_ok=True)
            system.put_file(held.name, address)


def write_address(address: str, content: bytes) -> None:
    """Write a small file, whole or not at all."""
    with make_address(address) as file:
        file.write(content)


@contextmanager
def explained_place(address: str) -> Iterator[None]:
    """Turn what lacks for an address into one sentence.

    Raises:
        AssayError: a package is not installed, or the kind of place is not known.
    """
    try:
        yield
    except ImportError as error:
        lacks = error.name or str(error)
        raise AssayError(
            f"{address} cannot be reached without {lacks}. Install it: "
            'pip install "assay[cluster]", and s3fs for s3:// or gcsfs for gs://.'
        ) from error
    except ValueError as error:
        raise AssayError(f"{address} cannot be read as an address: {error}.") from error


@contextmanager
def explained_disk(address: str) -> Iterator[None]:
    """Turn errors of writing something into one sentence with its remedy.

    Raises:
        StoreError: instead of an OSError.
    """
    try:
        yield
    except OSError as error:
        raise StoreError(say_unwritable(address, error)) from error


def say_unwritable(address: str, error: OSError) -> str:
    """Return why something cannot be written, and what to do about it.

    >>> say_unwritable("a", OSError(errno.ENOSPC, "No space left on device"))
    'a cannot be written (No space left on device). Free some space, and run it again.'
    """
    remedy = "Allow writing there, or name another folder."
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        remedy = "Free some space, and run it again."
    return f"{address} cannot be written ({say_fault(error)}). {remedy}"


def say_fault(error: OSError) -> str:
    """Return what an error of the disk is, in words.

    >>> say_fault(IsADirectoryError(21, "Is a directory", "x.md5"))
    'Is a directory'
    """
    return error.strerror or type(error).__name__


def _system(address: str) -> Any:
    return import_module("fsspec.core").url_to_fs(address)[0]
