"""When a request may leave: by the service's pace, its room and its credits."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore, Event, Lock
from urllib.parse import urlsplit

from assay.edge.meter import Charge, Hold, Meter
from assay.edge.pace import Pace
from assay.edge.services import Pool, Service
from assay.search import Problem
from assay.sources.base import Request

LOOK_UP = 0.2
"""Seconds between two looks whether anybody still waits for a request."""


class Turns:
    """Gives each request its turn; threads may ask for theirs at the same time."""

    def __init__(self, pace: Pace, meter: Meter | None = None) -> None:
        """Keep `pace`, and count credits with `meter` (None: in this process)."""
        self._pace, self._meter = pace, meter or Meter()
        self._lock = Lock()
        self._rooms: dict[str, BoundedSemaphore] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What cannot be shared with the other processes of this machine."""
        pace = () if self._pace.shared else (_not_shared("pace", self._pace.path),)
        if self._meter.shared or self._meter.path is None:
            return pace
        return (*pace, _not_shared("credits", self._meter.path))

    def start(self, service: Service, request: Request, stop: Event) -> None:
        """Wait until the pace allows a start, or until `stop` is set."""
        pool = service.pool(request.pool)
        self._pace.wait(_name(request, pool), pool.pause, stop)

    @contextmanager
    def room(self, service: Service, request: Request, stop: Event) -> Iterator[None]:
        """Hold one of the places that the service allows at a time."""
        pool = service.pool(request.pool)
        if not pool.together:
            yield
            return
        with self._lock:
            room = self._rooms.setdefault(
                _name(request, pool), BoundedSemaphore(pool.together)
            )
        taken = False
        while not (taken or stop.is_set()):
            taken = room.acquire(timeout=LOOK_UP)
        try:
            yield
        finally:
            if taken:
                room.release()

    @contextmanager
    def credits(self, service: Service, request: Request) -> Iterator["Charging"]:
        """Hold the credits that a request costs; count them by what it then says.

        Raises:
            RefusedError: more than are left today; nothing may be sent.
        """
        charging = Charging(service, request)
        hold = self._meter.reserve(service, request.cost) if service.credits else None
        try:
            yield charging
        finally:
            if isinstance(hold, Hold):
                self._meter.settle(hold, charging.charge)


class Charging:
    """What one request has cost, once its answer is there."""

    def __init__(self, service: Service, request: Request) -> None:
        """Expect the request to cost what it says, until the service says so."""
        self._counts, self._expected = bool(service.credits), request.cost
        self.charge = Charge()
        """As the service said, or as expected; nothing as long as no answer came."""

    def answered(self, status: int, said: Charge) -> int:
        """Take in what an answer says; return the credits it has cost.

        An error is free unless the service says otherwise.
        """
        if not self._counts:
            return self._expected if status < 400 else 0
        expected = self._expected if status < 400 else 0
        used = expected if said.used is None else said.used
        self.charge = said._replace(used=used)
        return used


def _name(request: Request, pool: Pool) -> str:
    """Return the name under which the pace is kept: a host's pool at its speed."""
    host = urlsplit(request.url).netloc
    return f"{host} {request.pool} {round(pool.pause * 1000)}"


def _not_shared(what: str, path: Path) -> Problem:
    return Problem(
        where=what,
        what=f"{path} cannot be used, which counts for all assay processes together",
        what_to_do="If it is damaged, delete it: it is made anew. Until then run one "
        "assay at a time, or services may refuse to answer.",
    )
