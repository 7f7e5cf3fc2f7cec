"""`assay library mesh`: keep NLM's MeSH headings, so that searches explode by them."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.progress import Progress, show_progress
from assay.cli.session import Session
from assay.edge.mesh_file import write_mesh
from assay.errors import AssayError, BadAnswerError
from assay.library.mesh_tree import iter_headings
from assay.output.mesh import render_mesh_json, say_mesh

CHUNK = 1 << 18
"""Bytes read at a time."""


def mesh(
    ctx: typer.Context,
    path: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="desc2026.xml, qual2026.xml or d2026.bin from NLM; plain or gzip.",
        ),
    ],
) -> None:
    """Keep NLM's MeSH headings, so that a search for one also finds narrower ones.

    Without them the headings that ship are used: diseases, and other names of
    medicines. A file read later takes the place of one of its kind.
    """
    session: Session = ctx.obj
    if not path.is_file():
        raise AssayError(f"There is no file {path}; nothing was changed.")
    folder = session.workspace.library
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with show_progress(session, "Reading") as tell:
            kept = write_mesh(folder, iter_headings(_chunks(path, tell)))
    except BadAnswerError as error:
        raise AssayError(f"{path}: {error.what}.") from error
    except (OSError, EOFError, zlib.error) as error:
        raise AssayError(f"{path} cannot be read: {error}.") from error
    if session.as_json:
        session.write(render_mesh_json(kept))
    else:
        session.write(f"{say_mesh(kept)}\n")


def _chunks(path: Path, tell: Progress) -> Iterator[bytes]:
    size = path.stat().st_size
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        source = gzip.GzipFile(fileobj=file) if packed else file
        while chunk := source.read(CHUNK):
            tell(file.tell() >> 10, size >> 10, f"{path.name}, kilobytes")
            yield chunk
