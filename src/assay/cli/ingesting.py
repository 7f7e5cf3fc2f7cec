"""The journey of `assay library ingest`: what is found, loaded, added and told."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from assay.cli.adding import add_file, tell_unread
from assay.cli.opening import open_records
from assay.cli.progress import Progress, show_progress
from assay.cli.session import NOT_ALL, Session
from assay.edge.addresses import local_path, open_address
from assay.edge.download import Downloader
from assay.edge.ingest import Ingest
from assay.edge.jobs import Pool
from assay.edge.mirror import open_mirror
from assay.edge.mirror_refresh import refresh_library
from assay.edge.nlm_source import Sources, address_name, find_sources, is_web
from assay.edge.store import Library
from assay.errors import SourceError
from assay.library.ingested import Fate, FileOutcome
from assay.output.ingested import (
    render_ingest_json,
    say_file,
    say_left_out,
    say_pace,
    say_sums,
)
from assay.output.words import say_number
from assay.search import Problem

UNLOADED = frozenset({Fate.REFUSED, Fate.FAILED})


def run_ingest(session: Session, words: list[str], pool: Pool, place: str) -> int:
    """Load what the words name; return the exit status.

    Raises:
        AssayError: something named is not there, or nothing can be loaded.
    """
    start = monotonic()
    library = open_records(session)
    outcomes: list[FileOutcome] = []
    with ExitStack() as stack:
        web = stack.enter_context(Downloader())
        sources = find_sources(words, web)
        tell = stack.enter_context(show_progress(session, "Looking"))
        teller = _Teller(session, tell, len(sources.nlm) + len(sources.others))
        ingest = Ingest(
            session.workspace.library,
            pool=pool,
            web=web,
            when=datetime.now(UTC).isoformat(timespec="seconds"),
            place=place,
            tell=teller.tell,
        )
        added = _add_others(library, sources, web, tell)
        loaded = stack.enter_context(closing(ingest.run(sources.nlm)))
        for outcome in (each for stream in (added, loaded) for each in stream):
            outcomes.append(outcome)
            teller.note(outcome)
        _refresh(session, library)
    if ingest.unproven:
        files = say_number(ingest.unproven, "file")
        session.say(f"assay: {files} without an .md5 beside: gzip's own check counted.")
    return _finish(session, outcomes, ingest.problems, monotonic() - start)


class _Teller:
    """Tells how far it is, at what pace, and how long it will take."""

    def __init__(self, session: Session, progress: Progress, files: int) -> None:
        self._session, self._progress, self._files = session, progress, files
        self._begun = monotonic()
        self._done = self._read = self._records = 0
        self._lines = not session.err.is_terminal

    def tell(self, what: str, done: int, total: int) -> None:
        """Tell what takes long besides loading."""
        self._progress(done, total, what)

    def note(self, outcome: FileOutcome) -> None:
        """Tell that a file is done with."""
        self._done += 1
        self._read += outcome.fate in {Fate.LOADED, Fate.ADDED}
        self._records += outcome.records
        left, seconds = self._files - self._done, monotonic() - self._begun
        pace = say_pace(self._records, self._read, left, seconds)
        self._progress(
            self._done, self._files, f"Loading: {pace}" if pace else "Loading"
        )
        if self._lines and outcome.fate not in {Fate.SKIPPED, Fate.LEFT_OUT}:
            self._session.say(f"assay: {say_file(outcome)}")


def _add_others(
    library: Library, sources: Sources, web: Downloader, tell: Progress
) -> Iterator[FileOutcome]:
    """Add files without a number of NLM's to the library, each content once."""
    for address in sources.others:
        name = address_name(address)
        problems: list[Problem] = []
        try:
            with ExitStack() as stack:
                path = _near(address, web, stack)
                with path.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
                if library.note(f"file:{digest}"):
                    yield FileOutcome(name, Fate.SKIPPED)
                    continue
                added = add_file(library, path, problems, tell)
        except (SourceError, OSError) as error:
            problems.append(Problem(where=name, what=str(error).rstrip(".")))
            yield FileOutcome(name, Fate.FAILED, problems=tuple(problems))
            continue
        records = added.new + added.changed + added.unchanged
        problems += added.problems
        if not records:
            yield FileOutcome(name, Fate.REFUSED, problems=tuple(problems))
            continue
        if not problems:  # else it is read again, and they are told again
            note = (f"file:{digest}", name)
            library.write("REPLACE INTO meta VALUES (?, ?)", [note])
        yield FileOutcome(
            name, Fate.ADDED, records, added.new, added.changed, 0, tuple(problems)
        )


def _near(address: str, web: Downloader, stack: ExitStack) -> Path:
    """Return the path of a file, or of a copy that goes with the stack."""
    if path := local_path(address):
        return path
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    copy = folder / address_name(address)
    if is_web(address):
        web.save(address, copy)
    else:
        with open_address(address) as far, copy.open("wb") as file:
            shutil.copyfileobj(far, file)
    return copy


def _refresh(session: Session, library: Library) -> None:
    """Bring what was loaded to the library's records: notices of retraction arrive."""
    mirror = open_mirror(session.workspace.library)
    if mirror is not None:
        with mirror:
            refresh_library(library, mirror)


def _finish(
    session: Session,
    outcomes: list[FileOutcome],
    problems: list[Problem],
    seconds: float,
) -> int:
    """Tell what came of it; return the exit status."""
    for line in say_left_out(outcomes):
        session.say(f"assay: {line}")
    told = [each for each in outcomes if each.fate is not Fate.LEFT_OUT]
    unread = [problem for each in told for problem in each.problems] + problems
    tell_unread(session, unread)
    if session.as_json:
        session.write(render_ingest_json(outcomes, problems))
    else:
        session.write(f"{say_sums(outcomes, seconds)}\n")
    return NOT_ALL if unread else 0
