"""Looking works up by their identifiers: many at a time, and each accounted for.

A service that does not know a work, one that could not be asked and one that gave the
record are three different things. What a list does not bring is asked for by itself
before it counts as not known, because a list may misread an identifier silently.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assay.errors import BadAnswerError, SourceDownError, SourceError
from assay.record import Record
from assay.search import Problem
from assay.sources.base import Answer, Getter, Judge, Request
from assay.sources.json_answer import LATER, Object, ShapeError, read_object

GIVE_UP_AFTER = 3
"""Requests that fail one after another before the rest is not asked for any more."""


class Looked(NamedTuple):
    """What came of looking one work up."""

    id: str
    """As it was asked for, in normal form."""
    record: Record | None = None
    """None with no problem: the service does not know the work."""
    problem: Problem | None = None
    """Why nobody can tell."""
    when: str = ""
    """ISO time of the answer; "" when there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """How one service is asked for works by identifier."""

    where: str
    """Its title, for messages."""
    normal: Callable[[str], str]
    """Give an identifier's normal form; "" for what is none."""
    single: Callable[[str], Request]
    unknown: Callable[[Answer], bool]
    """Say whether an answer with an error status says that there is no such work."""
    judge: Judge
    parse: Callable[[Object], Record]
    """Read the object that a single answer is. Raises `ShapeError`."""
    together: Callable[[Sequence[str]], Request] | None = None
    """Ask for several at a time; None where that is not possible."""
    parse_together: Callable[[Answer], Iterable[Record | Problem]] | None = None
    fits: Callable[[str], bool] = lambda _: True
    """Say whether an identifier may stand in a list with others."""
    kind: Callable[[str], str] = lambda _: ""
    """Say of which kind an identifier is: those of one list are of one kind."""
    few: int = 0
    """Up to so many are asked for one by one."""
    size: int = 1
    """Most that are asked for at a time."""
    names: Callable[[Record], Iterable[str]] = lambda record: (record.doi,)
    """Identifiers by which a record can have been asked for."""


def look_up(ids: Iterable[str], how: LookUp, getter: Getter) -> Iterator[Looked]:
    """Yield what came of each work, each identifier once, in the order given.

    Raises:
        StoreError: the recorded answers are damaged.
    """
    given = {one: how.normal(one) for one in dict.fromkeys(ids)}
    wanted = tuple(dict.fromkeys(filter(None, given.values())))
    found = _together(wanted, how, getter) if len(wanted) > how.few else {}
    rest = [one for one in wanted if one not in found]
    found |= {looked.id: looked for looked in _singly(rest, how, getter)}
    told: set[str] = set()
    for as_given, one in given.items():
        if not one:
            yield Looked(as_given, problem=_no_identifier(how, as_given))
        elif one not in told:
            told.add(one)
            yield found[one]


def _no_identifier(how: LookUp, given: str) -> Problem:
    what = f"it cannot be asked for “{given[:60]}”, which is no identifier it knows"
    return Problem(where=how.where, what=what, what_to_do="Check how it is written.")


def _together(wanted: Sequence[str], how: LookUp, getter: Getter) -> dict[str, Looked]:
    """Return those works that lists bring; what a list lacks is asked for later."""
    found: dict[str, Looked] = {}
    if how.together is None or how.parse_together is None:
        return found
    batches = _batches([one for one in wanted if how.fits(one)], how)
    outcomes = getter.get_many([how.together(b) for b in batches], how.judge)
    for batch, outcome in zip(batches, outcomes, strict=True):
        if isinstance(outcome, SourceError):
            continue
        try:
            items = tuple(how.parse_together(outcome))
        except SourceError:
            continue
        for item in items:
            for name in how.names(item) if isinstance(item, Record) else ():
                if name in batch and isinstance(item, Record):
                    looked = Looked(name, item, when=outcome.when)
                    found.setdefault(name, looked)
    return found


def _batches(ids: Sequence[str], how: LookUp) -> list[list[str]]:
    kinds: dict[str, list[str]] = {}
    for one in ids:
        kinds.setdefault(how.kind(one), []).append(one)
    size = how.size
    return [
        alike[at : at + size]
        for alike in kinds.values()
        for at in range(0, len(alike), size)
    ]


def _singly(ids: Sequence[str], how: LookUp, getter: Getter) -> Iterator[Looked]:
    """Yield each work; once the service seems to be down, the rest as not asked."""

    def judge(answer: Answer) -> bool:
        return how.unknown(answer) or how.judge(answer)

    outcomes = getter.get_many([how.single(one) for one in ids], judge)
    failures, asked = 0, 0
    for one, outcome in zip(ids, outcomes, strict=False):
        yield _looked(one, how, outcome)
        asked += 1
        failures = failures + 1 if isinstance(outcome, SourceDownError) else 0
        if failures == GIVE_UP_AFTER:
            break
    for one in ids[asked:]:
        what = f"it was not asked for {one}, because it did not answer before"
        yield Looked(one, problem=Problem(where=how.where, what=what, what_to_do=LATER))


def _looked(one: str, how: LookUp, outcome: Answer | SourceError) -> Looked:
    if isinstance(outcome, SourceError):
        return _failed(one, outcome)
    if how.unknown(outcome):
        return Looked(one, when=outcome.when)
    try:
        record = how.parse(read_object(how.where, outcome.body))
    except ShapeError as error:
        what = f"record {one} cannot be read ({error})"
        return _failed(one, BadAnswerError(how.where, what, LATER), outcome.when)
    except SourceError as error:
        return _failed(one, error, outcome.when)
    return Looked(one, record, when=outcome.when)


def _failed(one: str, error: SourceError, when: str = "") -> Looked:
    problem = Problem(where=error.where, what=error.what, what_to_do=error.what_to_do)
    return Looked(one, problem=problem, when=when)
