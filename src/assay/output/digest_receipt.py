"""The receipt of a digest: what was done for it, in figures; failures are no zeros."""

from collections.abc import Sequence
from typing import NamedTuple

from assay.digest.asked import Asked, count_found
from assay.digest.model import Digest
from assay.output.digest_words import (
    list_queries,
    name_query,
    name_source,
    say_day,
    say_time,
    split_asked,
)
from assay.output.standings import join_names
from assay.output.words import say_number

MANY = 20
"""Searches of a receipt from which those that found nothing are told as one line."""
WORKS = "Works asked about"
WORKS_OFFLINE = "Works used before"
"""Name of the row of works that notices are known or not known of."""
NOT_KNOWN = "not known: no search succeeded"


class Row(NamedTuple):
    """One line of the receipt."""

    name: str
    said: str


def list_receipt(digest: Digest) -> tuple[Row, ...]:
    """Return what was done for a digest, in figures, one row each, all of them always.

    >>> [row.name for row in list_receipt(Digest(number=3, made=""))][:2]
    ['Queries run', 'Found']
    """
    receipt = digest.receipt
    queries = list_queries(digest)
    asked, for_claims = split_asked(digest)
    named = f" ({', '.join(queries)})" if queries else ""
    when = say_time(digest.next_run) if digest.next_run else "nothing is due again"
    rows: tuple[Row, ...] = (
        Row("Queries run", f"{len(queries):,}{named}"),
        Row("Found", _say_found(asked)),
        Row("New", _say_new(digest)),
        Row("Already sent", _say_already(asked)),
        Row("Sources that failed", _say_failures(receipt.asked)),
        Row("Watched claims looked at", _say_claims(receipt.claims, for_claims)),
        Row(WORKS_OFFLINE if digest.offline else WORKS, _say_works(digest)),
        Row("Requests", f"{receipt.requests:,}"),
        Row("Credits", f"{receipt.credits:,}"),
        Row("Next run", when),
    )
    if digest.offline:
        note = "nothing over the network; only the library on this machine"
        rows = (rows[0], Row("Asked", note), *rows[1:])
    return rows


def _say_new(digest: Digest) -> str:
    if _all_failed(split_asked(digest)[0]):
        return NOT_KNOWN
    return say_number(len(digest.items), "work")


def _all_failed(asked: Sequence[Asked]) -> bool:
    return bool(asked) and all(each.found is None for each in asked)


def _say_found(asked: Sequence[Asked]) -> str:
    failed = sum(each.found is None for each in asked)
    if _all_failed(asked):
        return NOT_KNOWN
    lacks = say_number(failed, "search", "searches") if failed else ""
    note = f"; of {lacks} that failed it is not known" if lacks else ""
    return f"{say_number(count_found(asked), 'record')}{note}"


def _say_already(asked: Sequence[Asked]) -> str:
    if _all_failed(asked):
        return NOT_KNOWN
    return say_number(sum(each.already for each in asked), "record")


def _say_failures(asked: Sequence[Asked]) -> str:
    failed: dict[str, list[str]] = {}
    for each in asked:
        if not each.whole:
            part = "" if each.failed else " in part"
            name = f"{name_source(each.source)}{part}"
            failed.setdefault(name, []).append(name_query(each.query))
    told = (
        f"{name} (for {join_names(dict.fromkeys(q))})" for name, q in failed.items()
    )
    return "; ".join(told) or "none"


def _say_claims(claims: int, asked: Sequence[Asked]) -> str:
    return (
        f"{claims:,}; found for them: {_say_found(asked)}" if asked else f"{claims:,}"
    )


def _say_works(digest: Digest) -> str:
    receipt = digest.receipt
    parts = [f"{receipt.works:,}"]
    if receipt.unknown:
        which = f"{receipt.unknown:,} of them"
        which = "them" if receipt.unknown == receipt.works else which
        parts.append(f"nothing is known of {which}")
    if receipt.left:
        turn = "has its turn" if receipt.left == 1 else "have their turn"
        parts.append(f"{receipt.left:,} more {turn} in the next runs")
    return "; ".join(parts)


def list_searches(asked: Sequence[Asked]) -> tuple[str, ...]:
    """Return what came of each search, a line each.

    Of more than `MANY` those that found nothing and did not fail are one line.

    >>> list_searches(())
    ()
    """
    if len(asked) <= MANY:
        return tuple(map(say_asked, asked))
    told = [each for each in asked if not each.whole or each.found or each.made_up]
    rest = len(asked) - len(told)
    searches = say_number(rest, "more search", "more searches")
    line = (f"In {searches} nothing was found; none of them failed.",) if rest else ()
    return (*map(say_asked, told), *line)


def say_asked(asked: Asked) -> str:
    """Return what came of one search, in one line.

    >>> from assay.digest.asked import Window
    >>> say_asked(Asked(query="tea", source="pubmed", text="tea", started="",
    ...                 window=Window("2026/11/16", "2026/11/16"), found=2, new=2))
    'tea in PubMed since 2026-11-16: 2 found, 2 new, 0 already sent.'
    """
    start = f"{name_query(asked.query)} in {name_source(asked.source)}"
    start += f" since {say_day(asked.window.first)}"
    if asked.failed or asked.found is None:
        return f"{start}: FAILED; what it holds is not known."
    part = f" INCOMPLETE: {asked.problem.rstrip('.')}." if asked.problem else ""
    return (
        f"{start}: {asked.found:,} found, {asked.new:,} new, "
        f"{asked.already:,} already sent.{part}"
    )
