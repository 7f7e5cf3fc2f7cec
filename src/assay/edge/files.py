"""Files that are written whole or not at all."""

import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


def write_atomically(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write `content` to `path` so that a reader sees the old file or the new one.

    Pieces are written as they come; when making one fails, the old file stays. A link
    stays a link and the file's permissions stay; what is not a file (a pipe, a device)
    is written straight. Raises OSError, and then leaves the old file alone.
    """
    pieces = (content,) if isinstance(content, bytes) else content
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        with target.open("wb") as file:
            file.writelines(pieces)
        return
    with open_atomically(target) as file:
        file.writelines(pieces)


@contextmanager
def open_atomically(path: Path) -> Iterator[BinaryIO]:
    """Give a new file that takes the place of `path` when all went well.

    It can be written and read; else as `write_atomically`, for what is too large to be
    held whole.
    """
    target = Path(os.path.realpath(path))
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(_mode(target))
        Path(name).replace(target)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise


def _mode(target: Path) -> int:
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
