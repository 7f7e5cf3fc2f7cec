"""`assay cache`: what is kept on disk, and clearing what may go."""

import shutil
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from assay.cli.session import Session
from assay.edge.cache import Cache, CacheStats
from assay.errors import AssayError, StoreError
from assay.output.json import render_cache_json
from assay.output.words import say_number

app = typer.Typer(
    help="Say what is kept on disk and how large it is; clear what may go.",
    epilog="Example: assay cache",
    add_completion=False,
)


@app.callback(invoke_without_command=True)
def cache(ctx: typer.Context) -> None:
    """Say what is kept on disk and how large it is; clear what may go."""
    if ctx.invoked_subcommand is None:
        _show(ctx.obj)


@app.command("clear", epilog="Example: assay cache clear")
def clear(
    ctx: typer.Context,
    index: Annotated[
        bool,
        typer.Option(
            "--index", help="Remove the search index too; it is built again when used."
        ),
    ] = False,
) -> None:
    """Delete the recorded answers. The library and the logs of searches stay.

    A report that rests on answers that are gone cannot be bundled any more; a bundle
    that was written holds its own.
    """
    session: Session = ctx.obj
    said = f"Removed {say_number(_clear_answers(session.workspace.http_db), 'answer')}"
    if index:
        _remove(session.workspace.library / "index")
        said += " and the search index"
    session.say(f"{said}. The library and the logs of searches stay.")
    if session.as_json:
        _show(session)


def _clear_answers(path: Path) -> int:
    """Forget the recorded answers, deleting a damaged file; return how many."""
    if not path.exists():
        return 0
    try:
        cache = Cache(path)
        try:
            return cache.clear()
        finally:
            cache.close()
    except StoreError:
        for end in ("", "-wal", "-shm"):
            _remove(path.with_name(path.name + end))
        return 0


def _remove(path: Path) -> None:
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise AssayError(f"{path} cannot be removed: {error.strerror}.") from error


def _show(session: Session) -> None:
    stats = _stats(session.workspace.http_db)
    if session.as_json:
        session.write(
            render_cache_json(
                stats.answers, stats.bytes, stats.oldest, stats.newest, stats.path
            )
        )
        return
    session.write(f"{session.workspace.cache}\n")
    rows = list(_rows(session, stats))
    if not session.out.is_terminal:
        for row in rows:
            session.write("\t".join(row) + "\n")
        return
    table = Table(box=None, pad_edge=False)
    for name in ("What", "Size", "Holds", "May it go?"):
        table.add_column(name, justify="right" if name == "Size" else "left")
    for row in rows:
        table.add_row(*map(Text, row))
    session.out.print(table)


def _rows(session: Session, stats: CacheStats) -> list[tuple[str, str, str, str]]:
    place = session.workspace
    days = " to ".join(dict.fromkeys((stats.oldest[:10], stats.newest[:10])))
    held = say_number(stats.answers, "answer") + (f", {days}" if days else "")
    index = place.library / "index"
    return [
        ("http.db", _say_size(place.http_db), held, "yes: assay cache clear"),
        (
            "library/records.db",
            _say_size(place.library / "records.db"),
            "see assay library",
            "no: it holds what was found",
        ),
        (
            "library/index/",
            _say_size(index),
            "for searching the library",
            "yes: assay cache clear --index",
        ),
        (
            "state.db",
            _say_size(place.state_db),
            "every search with its log",
            "no: it holds what was done",
        ),
    ]


def _stats(path: Path) -> CacheStats:
    if not path.exists():
        return CacheStats(path=str(path), answers=0, bytes=0, oldest="", newest="")
    cache = Cache(path)
    try:
        return cache.stats()
    finally:
        cache.close()


def _say_size(path: Path) -> str:
    """Return the size of a file (with what SQLite keeps beside it) or a folder."""
    beside = path.parent.glob(f"{path.name}*") if path.parent.is_dir() else ()
    files = path.rglob("*") if path.is_dir() else beside
    size = float(sum(each.stat().st_size for each in files if each.is_file()))
    if not size:
        return "none"
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if size >= 10 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
