"""Work begun on the processors that stand idle, before anybody asks what it gives."""

import sys
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from assay.edge.process import count_processors

MOST_AHEAD = 3
"""Most pieces of work done at the same time beside who asks, each by one processor; one
is left to who asks. With two beside it on two processors, who asks came to its turn
late, and a check took a third longer."""

HELD_S = 0.001
"""Longest that who asks keeps the interpreter from the others; by Python's 0.005 a
check takes a fiftieth longer."""

_T = TypeVar("_T")


class _Begun(NamedTuple):
    """A piece of work that is to be done, or was."""

    work: Callable[[], Any]
    result: "Future[Any]"


class Spare:
    """Does work ahead, each piece once. One thread asks; what is done needs no GIL."""

    def __init__(self, threads: int = 0) -> None:
        """With no threads nothing is done before it is asked for."""
        self._begun: dict[Hashable, _Begun] = {}
        self._pool = ThreadPoolExecutor(threads, "spare") if threads else None

    def begin(self, key: Hashable, work: Callable[[], object]) -> None:
        """Have a piece of work done, unless it was begun; `take` gives its result.

        Args:
            key: names the work; what it holds by identity must live until it is taken.
            work: gives the same whoever does it, and when.
        """
        if self._pool and key not in self._begun:
            self._begun[key] = _Begun(work, self._pool.submit(work))

    def take(self, key: Hashable, work: Callable[[], _T]) -> _T:
        """Return what a piece of work gives; it is done now if nobody has come to it.

        Who waits for others does what waits meanwhile.
        """
        begun = self._begun.pop(key, None)
        if begun is None or begun.result.cancel():
            return work()
        while not begun.result.done() and self._do_another():
            pass
        result: _T = begun.result.result()
        return result

    def _do_another(self) -> bool:
        """Do one of those that wait; say whether there was one."""
        for key, (work, result) in self._begun.items():
            if result.cancel():
                done: Future[Any] = Future()
                done.set_result(work())
                self._begun[key] = _Begun(work, done)
                return True
        return False

    def close(self) -> None:
        """Let go of what nobody has come to; wait for what is being done."""
        self._begun.clear()
        if self._pool:
            self._pool.shutdown(cancel_futures=True)


@contextmanager
def open_spare() -> Iterator[Spare]:
    """Give what does work ahead on this machine's idle processors."""
    spare = Spare(max(1, min(MOST_AHEAD, count_processors() - 1)))
    before = sys.getswitchinterval()
    sys.setswitchinterval(HELD_S)
    try:
        yield spare
    finally:
        sys.setswitchinterval(before)
        spare.close()
