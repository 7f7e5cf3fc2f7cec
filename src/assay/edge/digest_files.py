"""The files of digests: written whole, in their folder only, and not without need."""

import errno
import os
from pathlib import Path

from assay.edge.files import write_atomically
from assay.errors import DeliveryError

_REMEDIES = {
    errno.ENOSPC: "The disk is full: make room, then run it again.",
    errno.EDQUOT: "Your share of the disk is used up: make room, then run it again.",
    errno.EROFS: "The disk can only be read; name another folder in [digest].",
    errno.EACCES: "Let this user write there, or name another folder in [digest].",
    errno.EPERM: "Let this user write there, or name another folder in [digest].",
    errno.EEXIST: "A file lies where its folder should be: move it away, or name "
    "another folder in [digest].",
    errno.ELOOP: "A link leads round in a circle: remove it.",
    errno.ENOTDIR: "A part of the path is no folder; name another one in [digest].",
    errno.ENAMETOOLONG: "The path is too long; name another folder in [digest].",
}
_PASSING = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE})


def write_file(folder: Path, name: str, content: bytes, *, ours: bytes = b"") -> Path:
    """Write a digest's file to its folder and return its path.

    The folder is made when it lacks. A file that holds just that is left alone, and
    with it the time at which it was changed, by which feed readers go. Where `ours` is
    given, a file that holds other things and not these bytes is somebody else's.

    Raises:
        DeliveryError: it cannot be written there; says why and what to do.
    """
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_odd(path, folder)
        there = path.read_bytes() if path.is_file() else b""
        if there and ours not in there:
            raise _foreign(path)
        if there != content or not there:
            write_atomically(path, content)
    except OSError as error:
        remedy = _REMEDIES.get(error.errno or 0, "Check the folder, then run it again.")
        why = (error.strerror or type(error).__name__).lower()
        raise DeliveryError(
            f"{path} cannot be written ({why}). {remedy}",
            lasting=error.errno not in _PASSING,
        ) from error
    return path


def _foreign(path: Path) -> DeliveryError:
    return DeliveryError(
        f"{path} was not made by assay and is left as it is. Move it away, or name "
        "another folder in [digest].",
        lasting=True,
    )


def _refuse_odd(path: Path, folder: Path) -> None:
    """Refuse to write where something else than a file of this folder lies."""
    inside = Path(os.path.realpath(path)).parent == Path(os.path.realpath(folder))
    if path.is_symlink() and not inside:
        raise DeliveryError(
            f"{path} is a link that leads out of its folder, which is not followed. "
            "Remove the link, then run it again.",
            lasting=True,
        )
    if path.exists() and not path.is_file():
        what = "a folder" if path.is_dir() else "no file"
        raise DeliveryError(
            f"{path} is {what}; it should be a file. Move it away, then run it again.",
            lasting=True,
        )
