"""Progress on standard error: for people who wait, and only when they wait."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
from rich.progress import Progress as RichProgress

from assay.cli.session import Session
from assay.output.clean import one_line

Progress = Callable[[int, int, str], None]
"""Called with (done, total, what is being done); a total of 0 is not known."""

PATIENCE = 1.0
"""Seconds that pass before anything is shown."""


class LateProgress(RichProgress):
    """A progress bar that shows itself only when the work takes longer."""

    begun = 0.0

    def get_renderables(self) -> Iterable[RenderableType]:
        """Yield the bars once the person has waited for a while; before, nothing."""
        if monotonic() - self.begun >= PATIENCE:
            yield from super().get_renderables()


@contextmanager
def show_progress(
    session: Session, what: str, *, lanes: bool = False
) -> Iterator[Progress]:
    """Give the function that is told how far the work has come.

    It shows something on a terminal only, and nothing with --quiet; what was shown is
    gone when the work is done. With `lanes`, each thing that is being done has a bar
    of its own, whatever is said in parentheses; else the one bar tells what was said
    last.
    """
    silent = bool(session.asked.get("quiet")) or not session.err.is_terminal
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
    )
    bar = LateProgress(*columns, console=session.err, transient=True, disable=silent)
    bar.begun = monotonic()
    first = bar.add_task(what, total=None)
    tasks: dict[str, TaskID] = {}

    def tell(done: int, total: int, what: str) -> None:
        lane = what.partition(" (")[0] if lanes else ""
        if lane not in tasks:
            tasks[lane] = bar.add_task(one_line(what), total=None) if tasks else first
        task = tasks[lane]
        bar.update(
            task, completed=done, total=total or None, description=one_line(what)
        )

    with bar:
        yield tell
