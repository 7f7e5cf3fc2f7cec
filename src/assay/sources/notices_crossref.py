"""What Crossref knows of notices on a work, asked in both directions.

`updated-by` stands on the work, `update-to` on the notice: one request asks for twenty
works, another for the notices that name them. Retraction Watch's entries are among them
since January 2025. Source: Crossref REST API, works route.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from assay.errors import BadAnswerError, NotRecordedError, RefusedError, SourceError
from assay.ids import normal_doi
from assay.notice import CROSSREF, Check, Signal
from assay.sources.base import Answer, Getter, Request
from assay.sources.json_answer import (
    Object,
    ShapeError,
    judge_json,
    object_of,
    read_object,
)
from assay.sources.notices import ask_all, failed_signal
from assay.sources.notices_updates import (
    parse_list,
    read_notice,
    read_work,
    unreadable,
)

WORKS = "https://api.crossref.org/works"
BATCH = 20
"""DOIs asked about in one request."""
ROWS = 1000
"""Notices taken from one answer, as many as Crossref gives at a time."""
FIELDS = "DOI,title,updated-by,update-to"

_PLAIN = re.compile(r"10\.[0-9.]+/[a-z0-9._()/;:-]+")
"""DOIs that may stand in a filter: a comma would cut it in two."""


def ask_crossref(dois: Sequence[str], getter: Getter) -> dict[str, Signal]:
    """Return what Crossref makes of each DOI: one signal for every DOI given."""
    wanted = list(dict.fromkeys(dois))
    plain = [doi for doi in wanted if _PLAIN.fullmatch(doi)]
    found, down = _ask_lists(plain, getter)
    rest = [doi for doi in wanted if doi not in found]
    if down:
        found |= dict.fromkeys(rest, failed_signal(CROSSREF, down))
    else:
        found |= _ask_singles(rest, getter)
    held = [doi for doi in plain if found[doi].check is Check.ANSWERED]
    return _with_reverse(found, held, getter)


def _ask_lists(
    dois: Sequence[str], getter: Getter
) -> tuple[dict[str, Signal], SourceError | None]:
    """Ask for many works at a time; what a list does not bring is left out.

    Also returns the error when Crossref is down: then nothing more need be asked.

    A list may misread an identifier without a word, and a refusal is no answer: such
    works are asked for by themselves before they count as not held.
    """
    batches = _batches(dois)
    requests = [_list_request("doi", batch) for batch in batches]
    found: dict[str, Signal] = {}
    down: SourceError | None = None
    for batch, outcome in zip(
        batches, ask_all(requests, judge_json(CROSSREF), getter), strict=True
    ):
        if isinstance(outcome, RefusedError | BadAnswerError | NotRecordedError):
            continue
        down = outcome if isinstance(outcome, SourceError) else None
        if isinstance(outcome, SourceError):
            found |= dict.fromkeys(batch, failed_signal(CROSSREF, outcome))
        else:
            found |= _of_list(batch, outcome)
    return found, down


def _of_list(batch: Sequence[str], answer: Answer) -> dict[str, Signal]:
    try:
        items, _ = parse_list(answer.body)
    except SourceError as error:
        return dict.fromkeys(batch, failed_signal(CROSSREF, error))
    by_doi = {normal_doi(str(item.get("DOI", ""))): item for item in items}
    return {
        doi: read_work(by_doi[doi], doi, answer.when) for doi in batch if doi in by_doi
    }


def _ask_singles(dois: Sequence[str], getter: Getter) -> dict[str, Signal]:
    requests = [
        Request(url=f"{WORKS}/{quote(doi, safe='/')}", pool="single") for doi in dois
    ]
    outcomes = ask_all(requests, judge_work, getter)
    return {
        doi: _of_single(doi, outcome)
        for doi, outcome in zip(dois, outcomes, strict=True)
    }


def _of_single(doi: str, outcome: Answer | SourceError) -> Signal:
    if isinstance(outcome, SourceError):
        return failed_signal(CROSSREF, outcome)
    if outcome.status == 404:
        return Signal(CROSSREF, Check.NOT_HELD, when=outcome.when)
    try:
        work = object_of(read_object(CROSSREF, outcome.body), "message")
    except (ShapeError, SourceError):
        return unreadable(outcome.when)
    return read_work(work, doi, outcome.when)


def judge_work(answer: Answer) -> bool:
    """Say True for one work, and for "there is no such DOI here", which is an answer.

    Raises as `judge_json`.
    """
    if answer.status == 404 and answer.body.strip() == b"Resource not found.":
        return True
    return judge_json(CROSSREF)(answer)


def _with_reverse(
    found: Mapping[str, Signal], dois: Sequence[str], getter: Getter
) -> dict[str, Signal]:
    """Return the signals with what the notices themselves name as their works."""
    batches = _batches(dois)
    requests = [_list_request("updates", batch) for batch in batches]
    outcomes = ask_all(requests, judge_json(CROSSREF), getter)
    merged = dict(found)
    for batch, outcome in zip(batches, outcomes, strict=True):
        try:
            if isinstance(outcome, SourceError):
                raise outcome
            items, whole = parse_list(outcome.body)
        except SourceError as error:
            if not isinstance(error, NotRecordedError):
                for doi in batch:
                    merged[doi] = failed_signal(CROSSREF, error, found[doi].notices)
            continue
        merged |= {doi: _joined(found[doi], doi, items, whole=whole) for doi in batch}
    return merged


def _joined(
    signal: Signal, doi: str, items: Iterable[Object], *, whole: bool
) -> Signal:
    """Return a signal with what the notices say that it did not have yet."""
    known = {(n.standing, n.doi) for n in signal.notices}
    try:
        more = [n for item in items for n in read_notice(item, doi)]
    except ShapeError:
        return unreadable(signal.when)._replace(notices=signal.notices)
    new = tuple(n for n in more if (n.standing, n.doi) not in known)
    joined = signal._replace(notices=signal.notices + new)
    if whole:
        return joined
    return joined._replace(
        check=Check.FAILED, why="it lists only a part of the notices"
    )


def _batches(dois: Sequence[str]) -> list[Sequence[str]]:
    return [dois[at : at + BATCH] for at in range(0, len(dois), BATCH)]


def _list_request(name: str, dois: Sequence[str]) -> Request:
    """Return the request for works by DOI ("doi") or for their notices ("updates")."""
    params = (
        ("filter", ",".join(f"{name}:{doi}" for doi in dois)),
        ("select", FIELDS),
        ("rows", str(ROWS)),
    )
    return Request(url=WORKS, params=params, pool="list")
