"""Which of NLM's files go into which generation of the mirror: rules without a disk.

A generation that began with its year's number 1 is that year's: it is called by it,
and takes no file of an earlier year. Any other, made of files as they were at hand, is
called "mixed". A later year's number 1 begins a new one, beside the one in use.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from assay.library.nlm_files import NlmFile
from assay.search import Problem

MIXED = "mixed"
"""Name of a generation that began without a year's number 1."""
LEAST_SHARE = 0.5
"""A generation with fewer records than this share of the one in use does not take its
place by itself: baselines grow, so a few files of one were given."""


class Generation(NamedTuple):
    """A generation as it stands on the disk."""

    name: str
    """The year of its baseline, or "mixed"; the name of its folder."""
    files: tuple[NlmFile, ...] = ()
    """Those that were loaded into it."""
    records: int = 0
    announced: int = 0
    """The greatest number of its year that was ever to be loaded into it, be it that
    the file came in or not; 0 where nobody noted it."""


class GenerationPlan(NamedTuple):
    """Where files go."""

    name: str
    """Of the generation that they are loaded into."""
    files: tuple[NlmFile, ...]
    """Each once, in the order in which they are to be read."""
    left_out: tuple[Problem, ...] = ()
    beside: bool = False
    """True: another generation is in use until this one is whole."""


def baseline_of(name: str) -> int:
    """Return the year of a generation's baseline; 0 where it began without one.

    >>> baseline_of("2026"), baseline_of("mixed")
    (2026, 0)
    """
    return int(name) if name.isdecimal() else 0


def plan_generation(
    given: Iterable[NlmFile],
    current: Generation | None,
    building: Generation | None = None,
) -> GenerationPlan:
    """Return which generation files go into, and which of them are left out.

    Args:
        given: the files at hand, in any order; those already loaded may be among them.
        current: the generation in use, if there is one.
        building: a later one, begun beside it and not whole yet, if there is one.

    >>> plan_generation([NlmFile(2026, 1, "pubmed26n0001.xml.gz")], None).name
    '2026'
    """
    files, left_out = _each_once(sorted(given))
    name = _choose(files, current, building)
    first = baseline_of(name)
    fitting = tuple(file for file in files if file.year >= first)
    early = tuple(file for file in files if file.year < first)
    return GenerationPlan(
        name,
        fitting,
        (*left_out, *_say_early(early, first)),
        beside=current is not None and name != current.name,
    )


def _choose(
    files: Sequence[NlmFile], current: Generation | None, building: Generation | None
) -> str:
    newest = building or current
    started = max((file.year for file in files if file.number == 1), default=0)
    if newest is None:
        return str(started) if started else MIXED
    if started > _year_of(newest):
        return str(started)
    if building and any(file.year >= baseline_of(building.name) for file in files):
        return building.name
    return current.name if current else newest.name


def _year_of(generation: Generation) -> int:
    years = (file.year for file in generation.files)
    return baseline_of(generation.name) or max(years, default=0)


def _each_once(files: Sequence[NlmFile]) -> tuple[list[NlmFile], tuple[Problem, ...]]:
    kept: dict[tuple[int, int], NlmFile] = {}
    for file in files:
        kept.setdefault((file.year, file.number), file)
    twice = tuple(
        Problem(
            where=file.name,
            what="left out: there is another file of its number",
            what_to_do=f"{kept[file.year, file.number].name} is read.",
        )
        for file in files
        if kept[file.year, file.number] != file
    )
    return list(kept.values()), twice


def _say_early(files: Sequence[NlmFile], year: int) -> tuple[Problem, ...]:
    what = f"left out: older than the baseline of {year}, which holds all that was "
    return tuple(Problem(where=file.name, what=f"{what}before it") for file in files)


def find_gaps(generation: Generation, given: Iterable[NlmFile] = ()) -> tuple[int, ...]:
    """Return the numbers that lack before a baseline's generation is whole.

    From 1 to the greatest of its year that is loaded or was ever given; () for
    "mixed".

    >>> find_gaps(Generation("2026", (NlmFile(2026, 1, "a"), NlmFile(2026, 3, "b"))))
    (2,)
    """
    year = baseline_of(generation.name)
    loaded = {file.number for file in generation.files if file.year == year}
    wanted = {file.number for file in given if file.year == year}
    if not year:
        return ()
    last = max(loaded | wanted | {generation.announced, 1})
    return tuple(n for n in range(1, last + 1) if n not in loaded)


def find_why_not(
    new: Generation, old: Generation | None, given: Iterable[NlmFile] = ()
) -> str:
    """Return why a generation cannot take another's place yet; "" when it can.

    >>> find_why_not(Generation("2026", (NlmFile(2026, 2, "a"),)), Generation("2025"))
    'the baseline of 2026 still lacks number 1'
    """
    if old is None or new.name == old.name:
        return ""
    year = baseline_of(new.name)  # nothing that is found now may be lost by the change
    wanted = (*given, *(file for file in old.files if file.year >= year))
    if gaps := find_gaps(new, wanted):
        return f"the baseline of {new.name} still lacks number {_say_numbers(gaps)}"
    if lost := [file.name for file in wanted if file not in new.files]:
        return f"the generation {new.name} still lacks {lost[0]}"
    if new.records < old.records * LEAST_SHARE:
        return (
            f"the generation {new.name} holds {new.records:,} records, the one in use "
            f"{old.records:,}: files of its baseline seem to lack"
        )
    return ""


def _say_numbers(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:10]))
    return f"{shown} and {len(numbers) - 10:,} more" if len(numbers) > 10 else shown
