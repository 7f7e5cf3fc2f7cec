"""The sums of a search: which of its numbers do not add up."""

from collections.abc import Iterator
from itertools import pairwise

from assay.search import SearchLog, SearchRun, Slice

BY_DAY = "crdt"
"""`Slice.field` of parts that are cut by day: these alone can be compared."""


def check_sums(run: SearchRun) -> tuple[str, ...]:
    """Return every sum of a search that does not hold, one sentence each.

    () is the proof that what the services counted, what was delivered, what lacks and
    what is left after duplicates agree. A difference that a log explains is no error:
    it is told with the log. A search that failed has no sums.

    >>> from assay.search import Query
    >>> check_sums(SearchRun(query=Query(text="tea"), found=2))
    ('All sources: 2 records were found, but the sources gave 0.',)
    """
    return (
        *_unlogged(run),
        *(said for log in run.logs for said in _of_log(log, run.query.limit)),
        *_of_all(run),
    )


def count_lacking(log: SearchLog) -> int:
    """Return how many of the records wanted did not come, or came unreadable.

    Services other than PubMed do not name them: `missing` has their ids where known.

    >>> count_lacking(SearchLog(source="x", query="q", wanted=9, retrieved=7))
    2
    """
    return max(log.wanted - log.passed_over - log.retrieved, len(log.missing))


def _unlogged(run: SearchRun) -> Iterator[str]:
    names = [log.source for log in run.logs]
    for source in run.sources:
        if names.count(source) != 1:
            yield f"{source}: it was to be asked, and has {names.count(source)} logs."
    for name in dict.fromkeys(names):
        if name not in run.sources and names.count(name) != 1:
            yield f"{name}: it has {names.count(name)} logs."


def _of_log(log: SearchLog, limit: int | None) -> Iterator[str]:
    if log.failed or log.count is None:
        if log.count is None and not log.failed:
            yield f"{log.source}: no count came, yet the search is not said to fail."
        return
    most = log.count if limit is None else min(log.count, limit)
    if log.wanted > most or (log.wanted < most and not (log.difference or log.ignored)):
        yield (
            f"{log.source}: {log.wanted:,} records were wanted of {log.count:,} "
            f"counted, where {most:,} were to be."
        )
    came = log.retrieved + log.passed_over + len(log.missing)
    if came != log.wanted and not log.difference:
        yield (
            f"{log.source}: {log.wanted:,} records were wanted; {log.retrieved:,} came "
            f"and {len(log.missing):,} are known to lack, which makes {came:,}."
        )
    if log.count_after not in (None, log.count) and not log.difference:
        yield (
            f"{log.source}: it counted {log.count:,} at first and {log.count_after:,} "
            "at the end, and why is not known."
        )
    yield from _of_slices(log, came)


def _of_slices(log: SearchLog, came: int) -> Iterator[str]:
    if not log.slices:
        return
    listed = sum(part.listed for part in log.slices)
    counted = sum(part.counted for part in log.slices)
    if counted != log.count and not log.difference:
        yield (
            f"{log.source}: its {len(log.slices):,} parts count {counted:,} together, "
            f"the whole {log.count:,}."
        )
    if listed - log.repeated != came and not log.difference:
        yield (
            f"{log.source}: its parts list {listed:,} ids, {log.repeated:,} of them "
            f"again, which leaves {listed - log.repeated:,}, not {came:,}."
        )
    short = [part for part in log.slices if part.listed != part.counted]
    if short and not log.difference:
        more = f" (and {len(short) - 1:,} more)" if len(short) > 1 else ""
        yield (
            f"{log.source}: {_named(short[0])} counts {short[0].counted:,} and lists "
            f"{short[0].listed:,}{more}."
        )
    days = sorted((s for s in log.slices if s.field == BY_DAY), key=lambda s: s.first)
    for before, after in pairwise(days):
        if after.first <= before.last:
            yield f"{log.source}: {_named(before)} and {_named(after)} overlap."


def _named(part: Slice) -> str:
    return f"the part {part.first} to {part.last}"


def _of_all(run: SearchRun) -> Iterator[str]:
    gave = sum(log.retrieved - log.set_aside for log in run.logs)
    if run.found != gave:
        yield (
            f"All sources: {run.found:,} records were found, but the sources gave "
            f"{gave:,}."
        )
    if (run.duplicates is None) != (run.merged is None):
        yield "All sources: either duplicates or what is left was not counted."
    if run.duplicates is not None and run.merged is not None:
        left = run.found - run.duplicates
        if left != run.merged:
            yield (
                f"All sources: {run.found:,} records without {run.duplicates:,} "
                f"duplicates are {left:,}, not {run.merged:,}."
            )
    if run.studies is None or run.merged is None:
        return
    if run.studies > run.merged or bool(run.studies) != bool(run.merged):
        yield (
            f"All sources: {run.merged:,} records cannot be of {run.studies:,} studies."
        )
