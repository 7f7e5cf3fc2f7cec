"""`assay check --many LIST`: one report an article, side by side, and a list."""

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from assay import __version__
from assay.cli.article_check import Asked
from assay.cli.at_hand import read_own_words
from assay.cli.check_second import open_second
from assay.cli.many_task import Done, Job, check_listed
from assay.cli.opening import open_records
from assay.cli.options import choose_sources
from assay.cli.progress import show_progress
from assay.cli.session import NOT_ALL, Session
from assay.edge.holdings import open_holdings
from assay.edge.jobs import Outcome, Pool, Task, run_tasks
from assay.edge.many_file import (
    BATCH,
    MADE,
    Basis,
    Marker,
    begin_batch,
    digest_file,
    digest_options,
    digest_text,
    read_marker,
    write_batch,
    write_file,
    write_report,
)
from assay.edge.many_list import STDIN, Listing, read_list
from assay.edge.mirror import open_mirror
from assay.errors import UsageError
from assay.output.formats import FORMATS
from assay.output.many import (
    CHECKED,
    FAILED,
    KEPT,
    WAITING,
    Batch,
    Row,
    is_complete,
    render_many_html,
    render_many_json,
    say_batch,
    say_pace,
)

USUAL = ("html", "json")
"""The forms in which reports are written where no --format says otherwise."""

INDEX = {".html": render_many_html, ".json": render_many_json}
"""The list of the reports, by the ending of its file."""


class Way(NamedTuple):
    """How a list is worked through."""

    endings: tuple[str, ...]
    """Of each report's files, e.g. (".json", ".html")."""
    pool: Pool
    again: bool
    """True to make every report anew."""
    seconds: float
    """How long one article may take; 0 for as long as it needs."""


def choose_endings(formats: tuple[str, ...]) -> tuple[str, ...]:
    """Return the endings of the forms that are wanted, in the order of FORMATS.

    Raises:
        UsageError: there is no such form.
    """
    wanted = {f".{name.strip().lower().lstrip('.')}" for name in formats or USUAL}
    if unknown := sorted(wanted - FORMATS.keys()):
        known = ", ".join(ending[1:] for ending in FORMATS)
        raise UsageError(f'There is no format "{unknown[0][1:]}"; known: {known}.')
    return tuple(ending for ending in FORMATS if ending in wanted)


def check_many(
    session: Session, listed: str, output: Path | None, asked: Asked, way: Way
) -> int:
    """Check every article of a list; return the exit status.

    Raises:
        UsageError: the list or the folder of the reports will not do.
        AssayError: a report cannot be written, or nobody can do the work.
    """
    listing = read_list(listed, sys.stdin.buffer)
    if listing.passed_over:
        session.say(f"{listing.passed_over:,} files are no articles by their endings.")
    folder = _choose_folder(listing, output, way.endings)
    open_second(session, asked.reader, offline=asked.offline, refresh=asked.refresh)
    many = _Many(session, listing, folder, asked, way)
    try:
        many.run()
    finally:
        batch = many.end()
    if session.as_json:
        session.write(render_many_json(batch))
    elif not session.asked.get("quiet"):
        session.write(f"{say_batch(batch)} Open {folder / 'index.html'}\n")
    return 0 if is_complete(batch) else NOT_ALL


def _choose_folder(
    listing: Listing, output: Path | None, endings: tuple[str, ...]
) -> Path:
    """Return the folder of the reports: the one that is named, or one named after it.

    Raises:
        UsageError: it is a file, or an article or another's page would be overwritten.
    """
    named = Path(listing.name).stem if listing.name != STDIN else "article"
    folder = output or Path(f"{named}-reports")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; with --many, --output names a folder.")
    if not folder.absolute().parent.is_dir():
        raise UsageError(f"{folder}: there is no folder {folder.absolute().parent}.")
    place, articles = folder.resolve(), {each.target for each in listing.entries}
    for entry in listing.entries:
        for ending in endings:
            if str(place / f"{entry.name}{ending}") in articles:
                raise UsageError(
                    f"{folder} holds an article that a report would overwrite; "
                    "name another folder with --output."
                )
    ours = (folder / MADE / BATCH).exists()
    if not ours and any((folder / f"index{ending}").exists() for ending in INDEX):
        raise UsageError(
            f"{folder} holds an index that assay did not write; name another folder "
            "with --output."
        )
    return folder


class _Many:
    """One run over a list: what is to be done, and what became of it so far."""

    def __init__(
        self, session: Session, listing: Listing, folder: Path, asked: Asked, way: Way
    ) -> None:
        self._session, self._listing, self._folder = session, listing, folder
        self._asked, self._way = asked, way
        self._entries = {each.target: each for each in listing.entries}
        self._rows = {
            target: Row(
                each.shown, each.name, FAILED if each.why else WAITING, why=each.why
            )
            for target, each in self._entries.items()
        }
        self._markers: dict[str, Marker] = {}
        self._said: set[str] = set()
        self._library = open_records(session)
        with open_holdings(session.workspace.library, self._library):
            pass  # the index is made once, and what cannot be opened is told once
        now = Basis(_digest_options(session, asked), self._state())
        self._basis = begin_batch(folder, now)

    def run(self) -> None:
        """Check what lacks; tell and write what comes, as it comes."""
        for row in self._rows.values():
            if row.why:
                self._session.complain(f"assay: {row.target}: {row.why}")
        begun = monotonic()
        total = sum(not row.why for row in self._rows.values())
        with (
            show_progress(self._session, "Checking") as tell,
            closing(run_tasks(self._tasks(), self._way.pool)) as outcomes,
        ):
            for done, outcome in enumerate(outcomes, 1):
                self._take(outcome)
                pace = say_pace(done, total, monotonic() - begun)
                tell(done, total, f"Checking ({pace})")

    def end(self) -> Batch:
        """Write the list of the reports, whatever became of them, and return it."""
        rows = tuple(
            self._look(target) if row.state == WAITING else row
            for target, row in self._rows.items()
        )
        batch = Batch(self._listing.name, self._way.endings, rows)
        for ending, render in INDEX.items():
            write_file(self._folder / f"index{ending}", render(batch))
        write_batch(self._folder, self._basis, self._state())
        return batch

    def _look(self, target: str) -> Row:
        """Return the row of an article that was not reached, by an earlier report."""
        row, marker = self._rows[target], self._read_marker(target)
        if marker and digest_file(Path(target)) == marker.sha256:
            return row._replace(state=KEPT, told=marker.told)
        return row

    def _read_marker(self, target: str) -> Marker | None:
        name = self._entries[target].name
        return read_marker(self._folder, name, target, self._basis, self._way.endings)

    def _tasks(self) -> Iterator[Task]:
        """Yield a task an article; one whose report is there is only looked at."""
        way, anew = self._way, self._way.again or self._asked.refresh
        for target, entry in self._entries.items():
            if entry.why:
                continue
            marker = None if anew else self._read_marker(target)
            if marker:
                self._markers[target] = marker
            job = Job(
                target=target,
                asked=self._asked,
                endings=way.endings,
                workspace=str(self._session.workspace.root.absolute()),
                api_base=str(self._session.asked.get("api_base", "")),
                seconds=way.seconds,
                known=marker.sha256 if marker else "",
            )
            yield Task(target, check_listed, (job,))

    def _take(self, outcome: Outcome) -> None:
        """Write the report that came, and note what became of its article."""
        target, row = outcome.name, self._rows[outcome.name]
        done, problem = outcome.value, outcome.problem
        if not isinstance(done, Done):
            what = problem.what.rstrip(".") if problem else "nothing came back"
            done = Done(why=f"{what[:1].upper()}{what[1:]}.")
        if done.why:
            row = row._replace(state=FAILED, why=self._session.hide(done.why))
            self._session.complain(f"assay: {row.target}: {row.why}")
        elif done.texts:
            files = {ending: digest_text(text) for ending, text in done.texts.items()}
            marker = Marker(self._basis, target, done.sha256, files, done.told)
            write_report(self._folder, row.name, done.texts, marker)
            row = row._replace(state=CHECKED, told=done.told)
        else:
            row = row._replace(state=KEPT, told=self._markers[target].told)
        self._rows[target] = row
        for said in done.said:
            if said not in self._said:
                self._said.add(said)
                self._session.say(said)

    def _state(self) -> str:
        """Return what tells the library and the mirror from others, or from later."""
        state = f"{self._library.name()}:{self._library.last_seq()}"
        mirror = open_mirror(self._session.workspace.library)
        if mirror is None:
            return state
        with mirror:
            return f"{state}:{mirror.generation.name}:{mirror.loads()}"


def _digest_options(session: Session, asked: Asked) -> str:
    """Return one digest of all that a report rests on besides article and library."""
    readers = [each for each in session.settings.readers if each.name == asked.reader]
    return digest_options(
        {
            "version": __version__,
            "sources": [each.name for each in choose_sources(asked.sources)],
            "limit": asked.limit,
            "offline": asked.offline,
            "reader": [(each.name, each.model, each.url) for each in readers],
            "words": read_own_words(session),
        }
    )
