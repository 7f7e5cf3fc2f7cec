"""One request on its way, in a thread of its own that nobody has to wait for."""

import time
from collections.abc import Callable
from threading import Event, Thread

from assay.errors import SourceDownError, SourceError
from assay.sources.base import Answer

GRACE = 2.0
"""Seconds after its deadline when a task that still says nothing is given up."""

LOOK_UP = 0.5
"""Seconds between two looks at the deadline."""


class StoppedError(Exception):
    """Nobody waits for this request any more."""


class Task:
    """Work that ends in an answer or an error, with a deadline for each exchange.

    The deadline is kept by the waiting side, because a server that sends one byte of
    its header a minute never lets the working side look at a clock.
    """

    def __init__(
        self, title: str, work: Callable[["Task"], Answer], stop: Event
    ) -> None:
        """Start `work`; `title` names the service in messages."""
        self.stop = stop
        self.cost = 0
        """Credits charged so far, over all tries."""
        self.silences = 0
        """Tries so far that brought not a single byte."""
        self.note = ""
        """Which try it is, e.g. "try 2"; "" for the first."""
        self._title, self._work = title, work
        self._deadline = float("inf")
        self._done = Event()
        self._outcome: Answer | BaseException | None = None
        Thread(target=self._run, name=f"asking {title}", daemon=True).start()

    def begin(self, seconds: float) -> None:
        """Start an exchange that may take `seconds`.

        Raises:
            StoppedError: when nobody waits for it.
        """
        if self.stop.is_set():
            raise StoppedError
        self._deadline = time.monotonic() + seconds + GRACE

    def rest(self) -> None:
        """End an exchange: what follows (a pause, a new try) has no deadline."""
        self._deadline = float("inf")

    def outcome(
        self, tell: Callable[[str], None] = lambda _note: None
    ) -> Answer | SourceError:
        """Wait for the answer or the source's error; raise any other error.

        Each `note` is told meanwhile.
        """
        told = ""
        while not self._done.wait(LOOK_UP):
            if self.note != told:
                told = self.note
                tell(told)
            if time.monotonic() > self._deadline:
                return SourceDownError(
                    self._title, "no complete answer came in the time allowed"
                )
        if isinstance(self._outcome, Answer | SourceError):
            return self._outcome
        raise self._outcome or StoppedError

    def join(self, seconds: float) -> None:
        """Wait until the work has ended, but not longer than `seconds`."""
        self._done.wait(max(0.0, seconds))

    def _run(self) -> None:
        try:
            self._outcome = self._work(self)
        except BaseException as error:  # handed to the waiting side
            self._outcome = error
        finally:
            self._done.set()
