"""Asking services for notices: many works at a time, and no failure taken for a "no".

What one service does not answer costs its own signal only: each outcome is a signal
that says what came of asking.
"""

import re
from collections.abc import Iterator, Sequence

from assay.errors import NotRecordedError, SourceDownError, SourceError
from assay.notice import Check, Notice, Signal
from assay.sources.base import Answer, Getter, Judge, Request

GIVE_UP_AFTER = 3
"""Requests that fail one after another before the rest is not asked for any more."""

_TELLS = re.compile(
    r"\W*(?:notice of )?(?:retraction|withdrawal|removal)\b"
    r"(?: notice| note| of\b| to\b|:|\W*\Z)",
    re.IGNORECASE,
)


def ask_all(
    requests: Sequence[Request], judge: Judge, getter: Getter
) -> Iterator[Answer | SourceError]:
    """Yield the outcome of every request, in order, one each, whatever happens.

    After three in a row to which no answer came the rest is not asked, and has the
    last one's error as its outcome.
    """
    if not requests:
        return
    given, down = 0, 0
    last = SourceError("notices", "it was not asked")
    try:
        for outcome in getter.get_many(requests, judge):
            given += 1
            yield outcome
            if not isinstance(outcome, SourceDownError):
                down = 0
                continue
            down, last = down + 1, outcome
            if down == GIVE_UP_AFTER:
                break
    except SourceError as error:  # e.g. a service that is not set up
        last = error
    for _ in range(given, len(requests)):
        yield last


def failed_signal(
    service: str, error: SourceError, notices: tuple[Notice, ...] = ()
) -> Signal:
    """Return the signal of a check to which no usable answer came.

    Offline, an answer that was never recorded makes the check one that was not made.

    >>> failed_signal("Crossref", SourceDownError("Crossref", "no answer")).why
    'no answer'
    """
    if isinstance(error, NotRecordedError):
        return Signal(service, Check.NOT_ASKED, notices, why="offline, never recorded")
    return Signal(service, Check.FAILED, notices, why=error.what)


def tells_of_another(title: str) -> bool:
    """Say whether a title is that of a notice about another work.

    It bears out what else says so and is no proof: eyelids are retracted, too.

    >>> tells_of_another("Retraction: Tea and sleep"), tells_of_another("Retraction")
    (True, True)
    >>> tells_of_another("RETRACTED: Tea"), tells_of_another("Withdrawal from tea")
    (False, False)
    """
    return _TELLS.match(title) is not None
