"""An article read from where the person says, and checked as it stands there."""

import sys
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from assay.cli.at_hand import open_at_hand, read_own_words
from assay.cli.bundling import end_note, give_article, keep_note, open_tape
from assay.cli.check_second import SecondLook
from assay.cli.checking import (
    keep_runs,
    keep_used,
    limit_asker,
    note_asker,
    parse_page,
    run_check,
)
from assay.cli.fetching import open_fetcher
from assay.cli.keeping import keep_found, renew_known
from assay.cli.options import choose_sources
from assay.cli.progress import Progress, show_progress
from assay.cli.searching import Asker
from assay.cli.session import Session
from assay.edge.packaged import read_packaged
from assay.edge.page import Page, fetch_page
from assay.edge.read import read_article
from assay.edge.tape import Note, Tape
from assay.errors import ArticleError
from assay.model import Report
from assay.output.json import render_json
from assay.search import Found, Query, SearchRun
from assay.workflows import PER_SEARCH

EXAMPLE = "kratom-evening-tea.md"
"""An article written by us, which ships."""


class Asked(NamedTuple):
    """How articles are to be checked."""

    sources: tuple[str, ...] = ()
    """Names; () for the usual ones."""
    limit: int = PER_SEARCH
    """Most records of each search."""
    offline: bool = False
    refresh: bool = False
    reader: str = ""
    """Name of the second reader; "" for none."""
    allow_local: bool = False


class Made(NamedTuple):
    """A report that was made, and what it rests on."""

    report: Report
    """By assay alone."""
    shown: Report
    """With the second reader's opinions, where one was asked."""
    json: str
    """The latter as JSON, which is kept in any case."""
    note: Note
    tape: Tape


def read_example() -> Page:
    """Return the example article that ships."""
    return Page(read_packaged(f"examples/{EXAMPLE}"), EXAMPLE, "", "")


def read_page(
    session: Session, target: str, *, offline: bool, allow_local: bool
) -> Page:
    """Return an article's bytes: of a file, an address, or standard input ("-").

    Raises:
        ArticleError: it cannot be read, or is an address and nobody is to be asked.
    """

    def fetch(address: str, *, allow_local: bool) -> Page:
        if offline:
            raise ArticleError(
                f"{address} is not read with --offline. "
                "Save the page and give the file."
            )
        with show_progress(session, "Fetching the page"):
            return fetch_page(address, allow_local=allow_local)

    if target == "-" and sys.stdin.isatty():
        session.say("Reading the article from standard input; Ctrl-D ends it.")
    return read_article(
        target, stdin=sys.stdin.buffer, allow_local=allow_local, fetch_page=fetch
    )


def make_report(
    session: Session,
    page: Page,
    target: str,
    asked: Asked,
    *,
    second: SecondLook,
    progress: Progress = lambda _done, _total, _what: None,
) -> Made:
    """Return the report on a page; what it rests on and cites is noted for later.

    Args:
        target: the file or address that the page was read from; "" for the example.
        second: adds the second reader's opinions.
        progress: told how far it is, besides the person.

    Raises:
        ArticleError: there is no article in the page.
        StoreError: the library cannot be used.
    """
    tape = open_tape(session)
    begun = Note(
        command="check",
        article=give_article(page, target, tape),
        sources=tuple(each.name for each in choose_sources(asked.sources)),
        limit=asked.limit,
        offline=asked.offline,
        vocabulary=read_own_words(session),
    )
    report = check_page(
        session, page, begun, tape, refresh=asked.refresh, progress=progress
    )
    note = end_note(tape, replace(begun, library=report.library))
    shown = second(report)
    text = render_json(shown)
    keep_note(session, note, tape, text)
    keep_used(session, report)
    return Made(report, shown, text, note, tape)


def check_page(
    session: Session,
    page: Page,
    begun: Note,
    tape: Tape,
    *,
    refresh: bool = False,
    progress: Progress = lambda _done, _total, _what: None,
) -> Report:
    """Return the report by the sources and the library; the tape hears all of it.

    Raises:
        ArticleError: there is no article in the page.
        StoreError: the library cannot be used.
    """
    article = parse_page(page)
    fetcher = open_fetcher(session, offline=begun.offline, refresh=refresh)
    asker = Asker(
        choose_sources(begun.sources), tape.listen(fetcher), offline=begun.offline
    )
    runs: list[SearchRun] = []
    ask = note_asker(limit_asker(asker, begun.limit), begun.limit, runs, begun.sources)
    session.resources.callback(keep_runs, session, runs)
    library, candidates, ranked, spare = open_at_hand(session)

    def look_up(query: Query) -> Found:
        found = ask(query)
        keep_found(library, found)
        return found

    with show_progress(session, "Reading the article") as tell:

        def told(done: int, total: int, what: str) -> None:
            tell(done, total, what)
            progress(done, total, what)

        return run_check(
            article,
            begun.vocabulary,
            candidates=tape.candidates(candidates),
            ranked=tape.ranked(ranked),
            spare=spare,
            look_up=look_up,
            offline=begun.offline,
            known=tape.known(library.get),
            getter=asker.getter,
            keep=partial(renew_known, library),
            origins=library.origins,
            progress=told,
        )
