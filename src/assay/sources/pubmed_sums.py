"""The sums of a search that was listed in parts, and every reason why they differ."""

from collections.abc import Iterator
from dataclasses import dataclass

from assay.sources.pubmed_search import SearchReply
from assay.sources.pubmed_split import Split, join_spans, show_span


@dataclass(frozen=True, slots=True)
class Sums:
    """All that the sums are made of."""

    reply: SearchReply
    by_day: Split
    by_pmid: Split | None
    """Everything listed a second time; None where the first time will do."""
    count: int | None

    @property
    def last(self) -> Split:
        """The split that the sums must hold for."""
        return self.by_pmid or self.by_day

    @property
    def expected(self) -> int:
        """How many records there should be."""
        return self.reply.total if self.count is None else self.count

    @property
    def ids(self) -> set[str]:
        """All that was ever listed."""
        return set(self.reply.pmids) | ids_of(self.by_day) | ids_of(self.last)


def is_whole(split_: Split, count: int) -> bool:
    """Return whether a split lists exactly as many as are counted.

    Nothing may be lost; no part may list other than it counts.
    """
    return (
        split_.heeded
        and not split_.lost
        and len(ids_of(split_)) == count
        and all(part.counted == len(part.pmids) for part in split_.parts)
    )


def ids_of(split_: Split) -> set[str]:
    """Return every PMID that the parts list."""
    return {pmid for part in split_.parts for pmid in part.pmids}


def find_differences(sums: Sums) -> Iterator[str]:
    """Yield one sentence for everything that makes a sum differ; none if all agree."""
    if wrong := find_disagreement(sums):
        yield f"PubMed: {wrong}."
    before, count = sums.reply.total, sums.count
    if count is None:
        yield "It could not be counted again."
    elif count != before:
        side = "more" if count > before else "fewer"
        yield (
            f"PubMed counted {before:,} records at first and {count:,} when all was "
            f"listed: {abs(count - before):,} {side}, since it changed meanwhile."
        )
    yield from _of_parts(sums.by_day)
    if sums.by_pmid is not None:
        yield "Everything was listed a second time, by PMID."
        yield from _of_second_list(sums, sums.by_pmid)


def _of_parts(by_day: Split) -> Iterator[str]:
    """Yield what is wrong with the parts by create date."""
    listed = sum(len(part.pmids) for part in by_day.parts)
    if twice := listed - len(ids_of(by_day)):
        yield f"{_some(twice)} listed in two parts by create date and kept once."
    for part in by_day.parts:
        if part.counted != len(part.pmids):
            yield (
                f"{part.counted:,} were counted and {len(part.pmids):,} listed of "
                f"those {show_span(part.span)}."
            )
    if lost := join_spans(by_day.lost):
        named = "; ".join(map(show_span, lost))
        yield f"Records {named} could not be listed by create date."


def _of_second_list(sums: Sums, by_pmid: Split) -> Iterator[str]:
    """Yield how the second list differs from the first."""
    second = ids_of(by_pmid)
    if more := len(second - ids_of(sums.by_day)):
        yield (
            f"{_some(more)} in no part by create date: without such a date, changed or "
            "added meanwhile, or not listed."
        )
    if is_whole(by_pmid, sums.expected) and (gone := len(sums.ids - second)):
        yield f"{_some(gone)} listed at first and not found any more."


def find_disagreement(sums: Sums) -> str:
    """Return how the last list differs from the last count; "" when it does not."""
    if is_whole(sums.last, sums.expected):
        return ""
    listed = len(sums.ids)
    if not sums.last.heeded:
        return (
            f"it counts {sums.expected:,} records, but far more in their parts, so "
            f"that it does not keep to them; {listed:,} were listed"
        )
    if listed == sums.expected:
        return (
            f"it counts {sums.expected:,} records, as many as were listed, but not all "
            "of their parts hold what they should"
        )
    side = "fewer" if listed < sums.expected else "more"
    return (
        f"it counts {sums.expected:,} records, but lists {listed:,} in their parts: "
        f"{abs(sums.expected - listed):,} {side}"
    )


def _some(number: int) -> str:
    return f"{number:,} {'record was' if number == 1 else 'records were'}"
