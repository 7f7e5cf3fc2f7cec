"""An article checked, by the library and services at hand or by those of a bundle."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from assay.claims.article import parse_article
from assay.claims.headings import Headings, parse_headings
from assay.claims.vocabulary import Vocabulary, parse_vocabulary
from assay.cli.runs import now
from assay.cli.searching import Asker
from assay.cli.session import Session
from assay.digest.uses import find_used
from assay.edge.packaged import read_packaged_text
from assay.edge.page import Page
from assay.edge.reader import open_reader
from assay.edge.runs import name_tools, write_runs
from assay.edge.side_by_side import run_side_by_side
from assay.edge.spare import Spare
from assay.edge.used_works import write_used
from assay.errors import StoreError
from assay.evidence.recheck import Known, recheck
from assay.library.notices import Checked
from assay.library.rank import Ranking
from assay.model import Article, Report
from assay.search import Found, Query, SearchRun
from assay.sources.base import Getter
from assay.workflows import Candidates, LookUp, Progress, check

VOCABULARY = "vocabulary.toml"
HEADINGS = "headings.tsv"
"""The words of concepts that ship."""


def parse_page(page: Page) -> Article:
    """Return the article that a page holds.

    Raises:
        ArticleError: there is none in it.
    """
    return parse_article(
        page.body, name=page.name, media_type=page.media_type, charset=page.charset
    )


@lru_cache(maxsize=4)
def build_vocabulary(own: str) -> Vocabulary:
    """Return the words of concepts: those that ship, and the person's own (TOML).

    A process that checks many articles builds them once.
    """
    texts = [read_packaged_text(VOCABULARY), *([own] if own else [])]
    return parse_vocabulary(*texts, headings=_read_headings())


@cache
def _read_headings() -> Headings:
    """Return the words of headings: a process that weighs again reads them once."""
    return parse_headings(read_packaged_text(HEADINGS))


def limit_asker(asker: Asker, limit: int) -> LookUp:
    """Return the function that asks each source for at most `limit` records.

    Offline, a search that was never recorded is passed over: the report says that
    nobody was asked, and the library is read all the same.
    """

    def ask(query: Query) -> Found:
        found = asker.ask(_limited(query, limit))
        never_made = asker.offline and all(log.failed for log in found.logs)
        return Found() if never_made else found

    return ask


def _limited(query: Query, limit: int) -> Query:
    return replace(query, limit=min(query.limit or limit, limit))


def note_asker(
    look_up: LookUp, limit: int, runs: list[SearchRun], sources: Sequence[str]
) -> LookUp:
    """Return `look_up`, adding to `runs` every search that is made with it."""

    def noted(query: Query) -> Found:
        started = now()
        found = look_up(query)
        if found.logs:
            run = SearchRun(
                query=_limited(query, limit),
                command="check",
                sources=tuple(sources),
                logs=found.logs,
                problems=found.problems,
                found=len(found.records),
                started=started,
                finished=now(),
                tools=name_tools(),
            )
            runs.append(run)
        return found

    return noted


def keep_runs(session: Session, runs: Sequence[SearchRun]) -> None:
    """Keep the searches made for an article; where that fails, say so and go on."""
    if not runs:
        return
    try:
        write_runs(session.workspace.state_db, runs)
    except StoreError as error:
        session.say(f"assay: the logs of these searches are not kept. {error}")


def keep_used(session: Session, report: Report) -> None:
    """Remember what a report cites, so that a digest can tell when it falls.

    Where that fails, say so and go on.
    """
    try:
        write_used(session.workspace.state_db, find_used(report, now()[:10]))
    except StoreError as error:
        session.say(
            "assay: no digest will tell when a study that this report cites is "
            f"retracted. {error}"
        )


def run_check(
    article: Article,
    own_words: str,
    *,
    candidates: Candidates,
    ranked: Ranking,
    spare: Spare,
    look_up: LookUp,
    offline: bool,
    known: Known,
    getter: Getter,
    origins: Callable[[], tuple[tuple[str, int, str], ...]],
    keep: Callable[[Checked], None] = lambda _checked: None,
    progress: Progress = lambda _done, _total, _what: None,
) -> Report:
    """Return the report on an article, with the built-in reader.

    Args:
        article: as read.
        own_words: the workspace's own vocabulary, "" for none.
        candidates: how the library is asked.
        ranked: how what it gives is ordered.
        spare: reads ahead.
        look_up: how the services are asked.
        offline: True when `look_up` only knows recorded answers.
        known: how the library is asked for the works that reviews cite.
        getter: how the services are asked about notices on what speaks.
        origins: what the library holds, asked when all is done.
        keep: given what the services know of notices.
        progress: told how far it is.
    """
    words, reader = build_vocabulary(own_words), open_reader(spare)
    report = check(
        article,
        words,
        candidates=candidates,
        ranked=ranked,
        ask=reader.ask,
        ahead=reader.ahead,
        look_up=look_up,
        offline=offline,
        progress=progress,
    )
    progress(0, 0, "Asking for notices")
    weighed = recheck(
        report,
        words,
        known=known,
        getter=None if _nobody_answers(report) else getter,
        together=run_side_by_side,
        keep=keep,
    )
    return replace(weighed, library=origins())


def _nobody_answers(report: Report) -> bool:
    """Say whether every search failed: then nobody is asked about notices either."""
    return bool(report.searched) and all(log.failed for log in report.searched)
