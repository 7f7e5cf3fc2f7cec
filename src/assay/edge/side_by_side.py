"""Several streams at once, each in a thread of its own, as one stream.

Sources wait for their services nearly all the time: asked side by side, a search takes
as long as its slowest source and not as long as all of them together.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import NamedTuple, TypeVar

T = TypeVar("T")

AHEAD = 1_000
"""Items that may wait to be taken; a thread that is further ahead waits."""
LOOK_UP = 0.2
"""Seconds between two looks whether anybody still listens, or has something to say."""


class _Ended(NamedTuple):
    """The last word of a stream."""

    error: BaseException | None


def run_side_by_side(
    streams: Sequence[Callable[[], Iterator[T]]],
) -> Iterator[tuple[int, T]]:
    """Yield (number of the stream, item) as the items come, in any order.

    The items of one stream keep their order. A stream that raises ends all of them, and
    its error is raised here. Closing the iterator stops the streams.
    """
    queue: Queue[tuple[int, T | _Ended]] = Queue(AHEAD)
    stop = Event()
    for number, stream in enumerate(streams):
        given = (number, stream, queue, stop)
        Thread(target=_pump, args=given, name=f"stream {number}", daemon=True).start()
    left = len(streams)
    try:
        while left:
            number, item = _take(queue)
            if not isinstance(item, _Ended):
                yield number, item
                continue
            left -= 1
            if item.error is not None:
                raise item.error
    finally:
        stop.set()


def _take(queue: "Queue[tuple[int, T | _Ended]]") -> tuple[int, T | _Ended]:
    """Wait in short steps, so that Ctrl-C always gets through."""
    while True:
        with suppress(Empty):
            return queue.get(timeout=LOOK_UP)


def _pump(
    number: int,
    stream: Callable[[], Iterator[T]],
    queue: "Queue[tuple[int, T | _Ended]]",
    stop: Event,
) -> None:
    error: BaseException | None = None
    try:
        for item in stream():
            if not _put(queue, (number, item), stop):
                return
    except BaseException as raised:  # handed to the one who listens
        error = raised
    _put(queue, (number, _Ended(error)), stop)


def _put(
    queue: "Queue[tuple[int, T | _Ended]]", item: tuple[int, T | _Ended], stop: Event
) -> bool:
    """Hand an item over; False when nobody listens any more."""
    while not stop.is_set():
        with suppress(Full):
            queue.put(item, timeout=LOOK_UP)
            return True
    return False
