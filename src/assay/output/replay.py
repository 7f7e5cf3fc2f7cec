"""Whether a repeated run came out as before, and where it differs first."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from assay.output.clean import one_line
from assay.output.json import Json, plain, render_document
from assay.output.words import say_number

SHOWN = 160
"""Characters of each side of a difference that are shown."""
BEFORE = 40
"""Characters of them that stand before the difference."""
NOTHING = "(nothing)"


class Difference(NamedTuple):
    """The first place where an outcome is not what it was."""

    path: str
    """Name of the report."""
    line: int
    """From 1; 0 when the whole report lacks on one side."""
    bundle: str
    """What the bundle has there, cut short."""
    here: str
    """What came out here, cut short."""


class Replay(NamedTuple):
    """What became of a repeat."""

    bundle: str
    """Name of the file."""
    whole: str
    """SHA-256 over all its parts."""
    made_by: str
    """Version of assay that wrote it."""
    here: str
    """Version that repeated it."""
    command: str
    parts: int
    outcome: tuple[str, ...]
    """Names of the reports that were compared."""
    difference: Difference | None = None


def find_difference(
    before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> Difference | None:
    """Return the first place where two outcomes differ, or None.

    Reports are compared by name, byte for byte.

    >>> find_difference({"a": b"1\\n2"}, {"a": b"1\\n3"})
    Difference(path='a', line=2, bundle='2', here='3')
    """
    for name in sorted(before.keys() | after.keys()):
        if name not in before:
            return Difference(name, 0, NOTHING, "a report")
        if name not in after:
            return Difference(name, 0, "a report", NOTHING)
        if before[name] != after[name]:
            return _first(name, before[name], after[name])
    return None


def _first(name: str, before: bytes, after: bytes) -> Difference:
    one, two = (each.split(b"\n") for each in (before, after))
    at = next(
        (n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b),
        min(len(one), len(two)),
    )
    sides = [lines[at] if at < len(lines) else None for lines in (one, two)]
    start = _shared(*(side or b"" for side in sides))
    shown = [NOTHING if side is None else _cut(side, start) for side in sides]
    return Difference(name, at + 1, *shown)


def _shared(one: bytes, two: bytes) -> int:
    pairs = zip(one, two, strict=False)
    return next(
        (n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(two))
    )


def _cut(line: bytes, at: int) -> str:
    start = max(0, at - BEFORE)
    piece = line[start : start + SHOWN].decode("utf-8", "replace")
    before = "…" if start else ""
    return before + one_line(piece) + ("…" if len(line) > start + SHOWN else "")


def render_replay_json(replay: Replay) -> str:
    """Return what became of a repeat as JSON (schema assay/replay/1)."""
    parts = plain(replay)
    assert isinstance(parts, dict)
    content: dict[str, Json] = {**parts, "same": replay.difference is None}
    return render_document("replay", content)


def say_replay(replay: Replay) -> Iterator[str]:
    """Yield what became of a repeat, line by line."""
    size = say_number(replay.parts, "part")
    yield f"{replay.bundle} is whole: {size}, written by assay {replay.made_by}."
    yield f"SHA-256 of its parts together: {replay.whole}"
    names = ", ".join(name.rpartition("/")[2] for name in replay.outcome)
    different = replay.difference
    if different is None:
        yield f"Repeated without any network: the same to the byte ({names})."
        return
    place = f", line {different.line:,}" if different.line else ""
    yield f"Repeated without any network: it differs, first in {different.path}{place}."
    yield f"  in the bundle: {different.bundle}"
    yield f"  here:          {different.here}"
    if replay.made_by != replay.here:
        yield (
            f"This is assay {replay.here}; the difference may come from that. "
            f"Repeat it with assay {replay.made_by} to know."
        )
