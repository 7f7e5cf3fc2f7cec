"""Asks the sources as a command wants it: which of them, side by side, kept."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module

from assay.cli.fetching import open_fetcher
from assay.cli.keeping import keep_found
from assay.cli.opening import open_records
from assay.cli.progress import Progress, show_progress
from assay.cli.session import Session
from assay.edge.holdings import open_holdings
from assay.edge.library_source import search_library
from assay.edge.runs import last_run
from assay.edge.side_by_side import run_side_by_side
from assay.edge.store_review import Review
from assay.edge.tape import Tape
from assay.library.searching import Item, Streams, search
from assay.library.works import Works, find_works
from assay.query.changed import find_changes
from assay.search import Found, Query, SearchLog
from assay.sources import INSTEAD, SOURCES
from assay.sources.base import Getter, Source

MEANING = "meaning"
"""The order of what is at hand by its words and its meaning."""


def ask_sources(
    session: Session,
    query: Query,
    sources: Sequence[Source],
    *,
    offline: bool,
    refresh: bool,
    tape: Tape | None = None,
) -> Found:
    """Ask the sources side by side and keep what they give in the library.

    Where one fails, those of INSTEAD are asked, and the library at hand. A tape hears
    all of it.
    """
    titles = ", ".join(source.title for source in sources)
    with show_progress(session, f"Asking {titles}", lanes=len(sources) > 1) as tell:
        for source in sources if len(sources) > 1 else ():
            tell(0, 0, source.title)
        fetcher = open_fetcher(session, offline=offline, refresh=refresh, progress=tell)
        found = search(
            query,
            sources,
            tape.listen(fetcher) if tape else fetcher,
            together=partial(_side_by_side, tell),
            instead={} if offline else INSTEAD,
        )
    library = open_records(session)
    gave, found = found, note_changes(session, query, found)
    if tape:
        tape.note_remarks(gave, found)
    with show_progress(session, "Keeping what came"):
        keep_found(library, found)
    failed = {log.source for log in found.logs if log.failed}
    if not (failed if offline else failed & INSTEAD.keys()):
        return found
    local = ask_library(session, query)
    if tape:
        tape.note_local(local)
    return Found(
        records=(*found.records, *local.records),
        problems=found.problems + local.problems,
        logs=found.logs + local.logs,
    )


def ask_library(session: Session, query: Query, when: str = "") -> Found:
    """Return what library and mirror hold on a query; nobody else is asked.

    `when` is the ISO time that the log gives as that of the answer.

    Raises:
        StoreError: one of them cannot be read.
    """
    library = open_records(session)
    with ExitStack() as stack:
        folder = session.workspace.library
        holdings = stack.enter_context(open_holdings(folder, library))
        nearest = None
        if query.sort == MEANING:
            ranked = import_module("assay.edge.ranked_search")  # the model loads slowly
            nearest = stack.enter_context(ranked.open_meaning(folder, holdings)).search
        found = search_library(holdings, query, nearest)
    return replace(found, logs=tuple(replace(log, when=when) for log in found.logs))


def _side_by_side(tell: Progress, streams: Streams) -> Iterator[tuple[int, Item]]:
    """Yield the items of all streams, and tell how many records each gave in all."""
    for number, item in run_side_by_side(streams):
        if isinstance(item, SearchLog):
            title = SOURCES[item.source].title
            all_of_it = max(item.retrieved, 1)
            if item.failed:
                tell(0, all_of_it, f"{title} (failed)")
            else:
                tell(all_of_it, all_of_it, title)
        yield number, item


def sift(session: Session, found: Found) -> Works:
    """Return what was found, each work once, as persons decided where they did."""
    decisions = Review(open_records(session)).decisions()
    with show_progress(session, "Looking for duplicates"):
        return find_works(found.records, decisions)


def note_changes(session: Session, query: Query, found: Found) -> Found:
    """Say with each log how the service reads the query otherwise than last time."""
    logs = tuple(_compared(session, query, log) for log in found.logs)
    return replace(found, logs=logs)


def _compared(session: Session, query: Query, log: SearchLog) -> SearchLog:
    if log.failed or log.recorded or not log.translation:
        return log
    before = last_run(session.workspace.state_db, query, (log.source,))
    past = {each.source: each.translation for each in before.logs} if before else {}
    if not past.get(log.source):
        return log
    changes = find_changes(past[log.source], log.translation)
    return replace(log, ignored=(*log.ignored, *changes))


@dataclass
class Asker:
    """Asks the same sources again and again, and none that is down a second time.

    Where PubMed is down, the sources of INSTEAD are asked for all further queries.
    """

    sources: Sequence[Source]
    getter: Getter
    offline: bool = False
    down: set[str] = field(default_factory=set)

    def ask(self, query: Query) -> Found:
        """Return what the sources give on one query."""
        instead = {} if self.offline else INSTEAD
        spares = [s for name in sorted(self.down) for s in instead.get(name, ())]
        sources = dict.fromkeys((*self.sources, *spares))
        found = search(
            query,
            [s for s in sources if s.name not in self.down] or self.sources,
            self.getter,
            together=run_side_by_side,
            instead=instead,
        )
        if not self.offline:
            self.down |= {log.source for log in found.logs if log.failed}
        return found
