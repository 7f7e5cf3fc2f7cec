"""The claims of an article or of a report as they are first watched: with a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from assay import __version__
from assay.cli.article_check import EXAMPLE, check_page
from assay.cli.at_hand import open_at_hand, read_own_words
from assay.cli.bundling import open_tape
from assay.cli.checking import parse_page
from assay.cli.claim_reading import ClaimReading
from assay.cli.keeping import is_partial
from assay.cli.kept_article import join_sentences, render_article
from assay.cli.session import Session
from assay.digest.following import choose_queries
from assay.digest.model import Watched, Weighing
from assay.digest.voices import weighing_of
from assay.edge.packaged import read_packaged
from assay.edge.page import Page
from assay.edge.rests import read_rest
from assay.edge.tape import Note
from assay.errors import ArticleError, AssayError, UsageError
from assay.model import Article, Claim, Report
from assay.output.kept_report import KeptClaim, parse_kept_report
from assay.output.words import NOT_ADVICE
from assay.search import Problem
from assay.sources.base import Source
from assay.workflows import PER_SEARCH


class Begun(NamedTuple):
    """A claim that may be watched, with its first verdict."""

    watched: Watched
    """Without an id."""
    weighing: Weighing


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """The claims of one article that can be checked."""

    name: str
    text: str
    """The article as `kept_article` keeps it."""
    claims: tuple[Begun | None, ...]
    """In the order of the report; None for one that cannot be checked."""
    words: tuple[Claim, ...]
    """All claims, in the same order."""
    problems: tuple[Problem, ...] = ()
    partial: bool = False
    """True when something was not searched."""
    notes: tuple[str, ...] = ()
    """What the person should know of the first verdicts, one sentence each."""


NOBODY_ASKED = (
    "Nobody was asked: the first verdicts rest on the library alone. Watch the article "
    "again without --offline to search for what was published before."
)


def begin_article(
    session: Session, page: Page, sources: Sequence[Source], *, offline: bool
) -> Beginning:
    """Return the claims of an article, checked as `assay check` does.

    Raises:
        ArticleError: there is no article in the page.
        StoreError: the library cannot be used.
    """
    if is_report(page.body):
        raise UsageError(
            f"{page.name} is a report for people, which cannot be watched. Name the "
            "article, or the .json that `assay check ARTICLE -o report.json` writes."
        )
    begun = Note(
        command="check",
        sources=tuple(source.name for source in sources),
        limit=PER_SEARCH,
        offline=offline,
        vocabulary=read_own_words(session),
    )
    report = check_page(session, page, begun, open_tape(session))
    article, when = report.article, _now()
    claims = tuple(
        Begun(
            _watched(article, finding.claim, finding.queries, report, when),
            weighing_of(finding, 0, when, __version__),
        )
        if finding.claim.checkable
        else None
        for finding in report.findings
    )
    return Beginning(
        name=article.name,
        text=render_article(article),
        claims=claims,
        words=tuple(finding.claim for finding in report.findings),
        problems=report.problems,
        partial=is_partial(report.problems, report.searched),
        notes=(NOBODY_ASKED,) if offline else (),
    )


def is_report(body: bytes) -> bool:
    """Say whether bytes are a report of ours for people (HTML or Markdown).

    >>> is_report(b"# Tea")
    False
    """
    return NOT_ADVICE.encode() in body


def _watched(
    article: Article, claim: Claim, queries: Sequence[str], report: Report, when: str
) -> Watched:
    return Watched(
        id=0,
        claim=claim,
        article=article.name,
        title=article.title,
        queries=choose_queries(queries, report.searched),
        added=when,
    )


# --- a report -----------------------------------------------------------------------


def begin_report(session: Session, path: Path) -> Beginning:
    """Return the claims of a report as it has them: verdict, evidence and time.

    Raises:
        UsageError: it is no report that can be watched.
        AssayError: it cannot be read.
    """
    body = _read(path)
    made = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    when = made.isoformat(timespec="seconds")
    report = parse_kept_report(body.decode("utf-8", "replace"), path.name, when)
    whole = _find_article(session, body)
    when_watched = _now()
    claims = tuple(each.claim for each in report.claims)
    article = whole or join_sentences(claims, report.name, report.title)
    text = render_article(article)
    unnamed = [e for e in report.claims if e.claim.checkable and not e.weighing]
    weighed = _weigh_now(session, unnamed, report.name, text)
    begun = tuple(
        Begun(
            Watched(
                id=0,
                claim=each.claim,
                article=report.name,
                title=report.title,
                queries=choose_queries(each.queries, report.searched),
                added=when_watched,
            ),
            each.weighing or weighed[each.claim],
        )
        if each.claim.checkable
        else None
        for each in report.claims
    )
    return Beginning(
        name=report.name,
        text=text,
        claims=begun,
        words=claims,
        notes=(_say_weighed(len(unnamed)),) if unnamed else (),
    )


def _say_weighed(number: int) -> str:
    which = "1 claim rests" if number == 1 else f"{number} claims rest"
    return (
        f"{which} on records that the report cannot name, and was weighed now by the "
        "library instead."
    )


def _weigh_now(
    session: Session, claims: Sequence[KeptClaim], name: str, text: str
) -> dict[Claim, Weighing]:
    """Return verdicts by the library on claims whose report does not name its records.

    A claim that names nothing to look for keeps the report's answer: nothing.
    """
    if not claims:
        return {}
    reading = ClaimReading(session, open_at_hand(session))
    made: dict[Claim, Weighing] = {}
    for each in claims:
        finding = reading.weigh(each.claim, name, text)
        if finding is None:
            raise UsageError(
                f"“{each.claim.text}” names nothing that can be looked for here. Watch "
                "its article in the place of the report."
            )
        made[each.claim] = weighing_of(finding, 0, _now(), __version__)
    return made


def _find_article(session: Session, report: bytes) -> Article | None:
    """Return the article of a report that was made here; None where it is not there."""
    found = read_rest(session.workspace.state_db, report)
    given = found[0].article if found else None
    if found is None or given is None:
        return None
    body = found[1].get(given.sha256, b"")
    if not (body or given.target):
        body = read_packaged(f"examples/{EXAMPLE}") if given.name == EXAMPLE else b""
    try:
        body = body or Path(given.target).read_bytes()
        article = parse_page(Page(body, given.name, given.media_type, given.charset))
    except (OSError, ValueError, ArticleError):
        return None
    return article if article.sha256 == given.sha256 else None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AssayError(f"{path} cannot be read: {error.strerror}.") from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
