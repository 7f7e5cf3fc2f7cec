"""What every channel says of a digest as a whole, in the order in which it is said.

Failures come first, then works that have fallen, verdicts that moved, new works, and
last the receipt. What is said of one work stands in `digest_works`, of one move in
`digest_moves`. Texts from outside are in these sentences as they were recorded: each
channel makes them inert in its own way. A source that failed never reads like zero.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from assay.digest.asked import Asked, count_found
from assay.digest.model import Digest, Fallen, Heading, ItemKind
from assay.notice import Standing
from assay.output.digest_moves import say_moves
from assay.output.standings import join_names
from assay.output.words import say_number, say_problem
from assay.search import Problem
from assay.sources import SOURCES

NOTHING_NEW = "Nothing new"
FAILED_HEADING = "Not everything could be done"
FALLEN_HEADING = "Notices on works that you were sent or cited"
MOVES_HEADING = "Verdicts that moved"
ITEMS_HEADING = "New studies"
RECEIPT_HEADING = "Receipt"
FEW = 5
"""Queries that the line of a quiet digest names; of more it gives the number."""
_PLACES = {"library": "the library on this machine"}
_CLEAR = frozenset({Standing.SOUND, Standing.UNKNOWN})
_FALLS = {
    Standing.REPLACED: ("retraction", "retractions"),
    Standing.RETRACTED: ("retraction", "retractions"),
    Standing.WITHDRAWN: ("withdrawal", "withdrawals"),
    Standing.NOTICE: ("retraction notice", "retraction notices"),
    Standing.PARTLY: ("partial retraction", "partial retractions"),
    Standing.DOUBTFUL: ("possible retraction", "possible retractions"),
    Standing.CONCERN: ("expression of concern", "expressions of concern"),
    Standing.CORRECTED: ("correction", "corrections"),
}
_ASKED_ABOUT = ("work asked about", "works asked about")
_BACK = ("notice taken back", "notices taken back")


def name_source(source: str) -> str:
    """Return a source as people name it.

    >>> name_source("pubmed"), name_source("library"), name_source("own")
    ('PubMed', 'the library on this machine', 'own')
    """
    known = SOURCES.get(source)
    return known.title if known else _PLACES.get(source, source)


def say_day(text: str) -> str:
    """Return a day as YYYY-MM-DD, whatever stands between its parts.

    >>> say_day("2026/11/16"), say_day("2026-11-16T06:00:00+00:00")
    ('2026-11-16', '2026-11-16')
    """
    return text[:10].replace("/", "-")


def say_time(text: str) -> str:
    """Return an ISO time to the minute, in UTC; any other text as it is.

    >>> say_time("2026-11-23T07:00:00+01:00"), say_time("soon")
    ('2026-11-23 06:00 UTC', 'soon')
    """
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text
    if when.tzinfo is None:
        return f"{when:%Y-%m-%d %H:%M}"
    try:
        return f"{when.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    except OverflowError:
        return text


def capital(text: str) -> str:
    """Return a text with its first letter in capitals.

    >>> capital("the library")
    'The library'
    """
    return f"{text[:1].upper()}{text[1:]}"


def say_title(digest: Digest | Heading) -> str:
    """Return a digest's title with its number and day.

    >>> say_title(Digest(number=3, made="2026-11-23T06:00:00+00:00"))
    'assay digest 3, 2026-11-23'
    """
    return f"{digest.title} {digest.number}, {say_day(digest.made)}"


def say_subject(digest: Digest) -> str:
    """Return all that a digest tells in figures, the gravest first; for subject lines.

    >>> say_subject(Digest(number=3, made="2026-11-23T06:00:00+00:00"))
    'Nothing new'
    """
    published = sum(item.kind is ItemKind.PUBLISHED for item in digest.items)
    counted = (
        *_count_alarms(digest),
        *_count_falls(digest.fallen),
        *say_moves(digest.moves),
        *_said(len(digest.items) - published, "new study", "new studies"),
        *_said(published, "preprint now published", "preprints now published"),
    )
    if digest.fallen or digest.moves or digest.items or _all_failed(digest):
        return ", ".join(counted)
    return ", ".join((*counted, "nothing new otherwise" if counted else NOTHING_NEW))


def say_heading(heading: Heading) -> str:
    """Return what a past digest told, in figures, for the index.

    >>> say_heading(Heading(3, "2026-11-23T06:00:00+00:00", "x", 2, 1, 0, 0))
    '1 verdict moved, 2 new studies'
    """
    told = (
        *_said(heading.problems, "problem"),
        *_said(heading.fallen, "work with a notice", "works with a notice"),
        *_said(heading.moves, "verdict moved", "verdicts moved"),
        *_said(heading.items, "new study", "new studies"),
    )
    return ", ".join(told) or NOTHING_NEW


def is_quiet(digest: Digest) -> bool:
    """Tell whether a digest is told in one line: nothing is new and all went well.

    >>> is_quiet(Digest(number=3, made="2026-11-23T06:00:00+00:00"))
    True
    """
    return digest.quiet and all(each.whole for each in digest.receipt.asked)


def _all_failed(digest: Digest) -> bool:
    asked = digest.receipt.asked
    return bool(asked) and all(each.failed for each in asked)


def _said(number: int, one: str, many: str = "") -> tuple[str, ...]:
    return (say_number(number, one, many),) if number else ()


def _count_alarms(digest: Digest) -> tuple[str, ...]:
    failed = [asked for asked in digest.receipt.asked if asked.failed]
    partly = [a for a in digest.receipt.asked if not a.failed and a.problem]
    others = len(_find_other_problems(digest))
    return (
        *_said(len(failed), "search failed", "searches failed"),
        *_said(len(partly), "search incomplete", "searches incomplete"),
        *_said(others, "problem" if not failed else "other problem"),
        *_said(_unchecked(digest), "work not checked", "works not checked"),
    )


def _unchecked(digest: Digest) -> int:
    return 0 if digest.offline else digest.receipt.unknown


def _count_falls(fallen: Sequence[Fallen]) -> tuple[str, ...]:
    names = [_FALLS.get(each.after, _BACK) for each in fallen]
    ordered = dict.fromkeys((*_FALLS.values(), _BACK))
    return tuple(
        told for name in ordered for told in _said(names.count(name), name[0], name[1])
    )


def say_quiet(digest: Digest) -> str:
    """Return the one line of a digest that has nothing to tell: its receipt in short.

    >>> say_quiet(Digest(number=3, made="2026-11-23T06:00:00+00:00"))
    'Nothing new: no query was due.'
    """
    receipt = digest.receipt
    counted = (
        *_said(len(list_queries(digest)), "query", "queries"),
        say_number(receipt.requests, "request"),
        *_said(receipt.credits, "credit"),
        *_said(receipt.claims, "claim looked at again", "claims looked at again"),
        *(() if digest.offline else _said(receipt.works, *_ASKED_ABOUT)),
    )
    line = f"{_say_nothing(digest)}; {', '.join(counted)}."
    if not list_queries(digest) and counted == ("0 requests",):
        line = f"{NOTHING_NEW}: no query was due."
    return " ".join(filter(None, (line, say_unknown(digest), *say_made_up(digest))))


def _say_nothing(digest: Digest) -> str:
    asked, _ = split_asked(digest)
    since = min((say_day(each.window.first) for each in asked), default="")
    found = count_found(asked)
    queries = list_queries(digest)
    told = join_names(queries) if len(queries) <= FEW else f"{len(queries):,} queries"
    parts = (
        NOTHING_NEW,
        f"since {since}" if since else "",
        f"in {told}" if queries else "",
        "(asked of the library on this machine only)" if digest.offline else "",
    )
    again = f": {say_number(found, 'record')} found, all sent before" if found else ""
    return " ".join(filter(None, parts)) + again


def list_queries(digest: Digest) -> tuple[str, ...]:
    """Return the names of the queries that were run, each once.

    >>> list_queries(Digest(number=3, made="", queries=("tea",)))
    ('tea',)
    """
    asked = (each.query for each in split_asked(digest)[0])
    return tuple(dict.fromkeys((*digest.queries, *asked)))


def split_asked(digest: Digest) -> tuple[tuple[Asked, ...], tuple[Asked, ...]]:
    """Return what was asked for the saved queries, and what for the watched claims.

    What is asked for claims goes by a name with a blank, which no saved query has.

    >>> split_asked(Digest(number=3, made=""))
    ((), ())
    """
    asked = digest.receipt.asked
    saved = tuple(each for each in asked if " " not in each.query)
    return saved, tuple(each for each in asked if " " in each.query)


def name_query(query: str) -> str:
    """Return a query as people name it.

    >>> name_query("velora-sleep"), name_query("watched claims")
    ('velora-sleep', 'the watched claims')
    """
    return f"the {query}" if " " in query else query


def find_alarms(digest: Digest) -> tuple[str, ...]:
    """Return what was not searched, asked or delivered, one sentence each.

    First the searches that failed, then those that brought a part only, then other
    problems, then the works of which nothing is known. () when all went well.

    >>> find_alarms(Digest(number=3, made="2026-11-23T06:00:00+00:00"))
    ()
    """
    asked = digest.receipt.asked
    lines = [
        *_say_failed(digest, (a for a in asked if a.failed)),
        *_say_partial(digest, (a for a in asked if not a.failed and a.problem)),
        *map(say_problem, _find_other_problems(digest)),
        say_unknown(digest),
    ]
    return tuple(dict.fromkeys(filter(None, lines)))


class _Group(NamedTuple):
    """Searches of one source that fared alike."""

    source: str
    queries: str
    since: str
    why: str
    remedy: str
    """What to do, beside waiting for the next run; "" when nothing."""


def _grouped(digest: Digest, asked: Iterable[Asked]) -> list[_Group]:
    groups: dict[tuple[str, str, str], list[Asked]] = {}
    for each in asked:
        source = name_source(each.source)
        since = say_day(each.made_up or each.window.first)
        why = each.problem.strip().rstrip(".").removeprefix(f"{source}: ")
        groups.setdefault((source, since, why), []).append(each)
    return [
        _Group(
            source,
            join_names(dict.fromkeys(name_query(each.query) for each in alike)),
            since,
            why,
            _remedy(digest, alike),
        )
        for (source, since, why), alike in groups.items()
    ]


def _remedy(digest: Digest, asked: Sequence[Asked]) -> str:
    told = (
        problem.what_to_do
        for problem in digest.problems
        if any(_is_told(problem, each) for each in asked)
    )
    return " ".join(dict.fromkeys(filter(None, told)))


def _say_failed(digest: Digest, asked: Iterable[Asked]) -> list[str]:
    return [
        f"{capital(group.source)} could not be searched for {group.queries} since "
        f"{group.since}{_bracket(group.why)}; nothing can be said of it. The next run "
        f"makes up for it. {group.remedy}".rstrip()
        for group in _grouped(digest, asked)
    ]


def _say_partial(digest: Digest, asked: Iterable[Asked]) -> list[str]:
    return [
        f"{capital(group.source)} gave only a part for {group.queries} since "
        f"{group.since}{_bracket(group.why)}. The next run asks for it again. "
        f"{group.remedy}".rstrip()
        for group in _grouped(digest, asked)
    ]


def _bracket(why: str) -> str:
    return f" ({why})" if why else ""


def _find_other_problems(digest: Digest) -> tuple[Problem, ...]:
    """Return the problems that no search has told of already, each once."""
    told = [each for each in digest.receipt.asked if not each.whole]
    return tuple(
        dict.fromkeys(
            problem
            for problem in digest.problems
            if not any(_is_told(problem, asked) for asked in told)
        )
    )


def _is_told(problem: Problem, asked: Asked) -> bool:
    """Tell whether what came of a search says what a problem says."""
    places = (asked.source, name_source(asked.source), asked.query)
    what = problem.what.strip().rstrip(".")
    return (
        problem.where.casefold() in {each.casefold() for each in places}
        and bool(what)
        and what in asked.problem
    )


def say_unknown(digest: Digest) -> str:
    """Return of how many works used before nothing is known; "" when of none.

    Offline nobody is asked, as the person wanted: the receipt alone tells so.

    >>> say_unknown(Digest(number=3, made="2026-11-23T06:00:00+00:00"))
    ''
    """
    receipt = digest.receipt
    if not receipt.unknown or digest.offline:
        return ""
    works, unknown = receipt.works, receipt.unknown
    who = f"Of {say_number(works, 'work')} used before, {unknown:,} could not"
    if unknown == works:
        who = f"None of the {works:,} works used before could"
    if unknown == works == 1:
        who = "The one work used before could not"
    since = say_day(receipt.unknown_since)
    known = f"; the last check was on {since}" if since else ""
    return f"{who} be checked: whether there is a notice is not known{known}."


def say_made_up(digest: Digest) -> tuple[str, ...]:
    """Return which gaps of earlier runs this one made up for, one sentence each.

    >>> say_made_up(Digest(number=3, made="2026-11-23T06:00:00+00:00"))
    ()
    """
    mended = (a for a in digest.receipt.asked if a.made_up and a.whole)
    return tuple(
        f"A gap is made up for: {group.source} could not be searched for "
        f"{group.queries} since {group.since}; now it was, and what it holds since "
        "then is told here."
        for group in _grouped(digest, mended)
    )
