"""One article of a list, checked in whatever process it is given to."""

import hashlib
from collections.abc import Mapping
from time import monotonic
from typing import NamedTuple

from assay.cli.article_check import Asked, make_report, read_page
from assay.cli.check_second import open_second
from assay.cli.keeping import is_partial
from assay.cli.session import Session
from assay.edge.deadline import within
from assay.edge.page import Page
from assay.errors import ArticleError
from assay.output.formats import FORMATS
from assay.output.many import Told, tell_report


class Job(NamedTuple):
    """One article, and how it is to be checked."""

    target: str
    """An absolute path, or an address."""
    asked: Asked
    endings: tuple[str, ...]
    """Of the files that are wanted, e.g. (".json", ".html")."""
    workspace: str
    """Absolute."""
    api_base: str = ""
    seconds: float = 0.0
    """How long it may take; 0 for as long as it needs."""
    known: str = ""
    """sha256 of an article's bytes: with the same ones nothing is to be done."""


class Done(NamedTuple):
    """What became of one article."""

    sha256: str = ""
    """Of its bytes; "" where they could not be read."""
    texts: Mapping[str, str] = {}
    """Ending → the report; none where the bytes are those that were known."""
    told: Told = Told()
    why: str = ""
    """Why there is no report; "" otherwise."""
    said: tuple[str, ...] = ()
    """What a check by itself would have said by the way."""


class Listening(Session):
    """A session without a person: what would be said is kept."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.asked = {"workspace": job.workspace, "quiet": True}
        if job.api_base:
            self.asked["api_base"] = job.api_base
        self.said: list[str] = []

    def say(self, text: str) -> None:
        """Keep what would have been said."""
        self.said.append(self.hide(text))


class _TimeUpError(Exception):
    """The article took longer than it may."""


def check_listed(job: Job) -> Done:
    """Return the report on one article in the forms that are wanted.

    Raises:
        AssayError: what another try may mend, such as a library that is locked.
    """
    session = Listening(job)
    with session:
        try:
            done = _check(session, job)
        except ArticleError as error:  # the same whenever it is tried
            done = Done(why=session.hide(str(error)))
        except _TimeUpError:
            done = Done(
                why=f"It took longer than {job.seconds:g} seconds. Allow it more with "
                "--timeout, or check it alone."
            )
    return done._replace(said=tuple(dict.fromkeys(session.said)))


def _check(session: Session, job: Job) -> Done:
    asked = job.asked
    end = monotonic() + job.seconds

    def tell(_done: int, _total: int, _what: str) -> None:
        """End the check where its time is up: between two of its steps."""
        if job.seconds and monotonic() > end:
            raise _TimeUpError

    page = _read(session, job)
    digest = hashlib.sha256(page.body).hexdigest()
    if digest == job.known:
        return Done(digest)
    second = open_second(
        session, asked.reader, offline=asked.offline, refresh=asked.refresh
    )
    made = make_report(session, page, job.target, asked, second=second, progress=tell)
    report = made.shown
    partial = is_partial(report.problems, report.searched)
    return Done(
        digest,
        {ending: FORMATS[ending](report) for ending in job.endings},
        tell_report(report, partial=partial),
    )


def _read(session: Session, job: Job) -> Page:
    """Return the article's bytes, within its time: a server may send drop by drop."""

    def read() -> Page:
        asked = job.asked
        return read_page(
            session, job.target, offline=asked.offline, allow_local=asked.allow_local
        )

    try:
        return within(job.seconds, read) if job.seconds else read()
    except TimeoutError as error:
        raise _TimeUpError from error
