"""Output files: what cannot be written is said before the work is done."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from assay.cli.session import Session
from assay.edge.files import write_atomically
from assay.errors import AssayError, UsageError
from assay.exchange import find_ending, why_not

_Format = TypeVar("_Format")


def choose_formats(
    paths: Sequence[Path], known: Mapping[str, _Format], article: str = ""
) -> tuple[tuple[Path, _Format], ...]:
    """Return each path with the format that its ending (".html" …) asks for.

    Of two known endings the longer counts: "a.csl.json" is no ".json".
    `article` is the file that is read, which must not be overwritten; "" for none.

    Raises:
        UsageError: an ending is not known or needs what is not installed, a folder
            does not exist, a path is a folder, is the article, or is named twice.
    """
    for path in paths:
        if not find_ending(path.name, known):
            endings = ", ".join(known)
            raise UsageError(f"{path}: its ending must be one of {endings}.")
        if why := why_not(path.name):
            raise UsageError(f"{path}: {why}")
        if not path.parent.is_dir():
            raise UsageError(f"{path}: there is no folder {path.parent}.")
        if path.is_dir():
            raise UsageError(f"{path} is a folder; name a file in it.")
        if article and path.exists() and _is_same(path, Path(article)):
            raise UsageError(f"{path} is the article itself; name another file.")
    if len({path.absolute() for path in paths}) < len(paths):
        raise UsageError("The same output file is named twice.")
    return tuple((path, known[find_ending(path.name, known)]) for path in paths)


def _is_same(path: Path, other: Path) -> bool:
    return other.exists() and path.samefile(other)


def write_output(session: Session, path: Path, content: str | Iterable[bytes]) -> None:
    """Write an output file whole or not at all, and say so.

    `content` is text, or pieces of bytes that are written as they come.

    Raises:
        AssayError: it cannot be written.
    """
    if isinstance(content, str):
        content = (content.encode("utf-8", "replace"),)
    try:
        write_atomically(path, content)
    except OSError as error:
        raise AssayError(f"{path} cannot be written: {error.strerror}.") from error
    session.say(f"Wrote {path}")
