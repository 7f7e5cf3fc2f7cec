"""HTTP, politely and within limits: the one file that imports httpx.

Every request is one thread that waits for its turn (`turns`), asks, is judged and, when
it is worth it, asks again (stamina). Several may be on their way while their *starts*
keep the pace. The caller's thread only waits, so that Ctrl-C always gets through.
Several callers may use one fetcher at the same time, each in a thread of its own.
"""

import logging
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from threading import Event, Lock
from typing import NamedTuple, Self
from urllib.parse import urlencode, urlsplit

import httpx
import stamina

from assay import __version__
from assay.edge.body import Body, BodyError, Limits
from assay.edge.cache import Cache
from assay.edge.meter import Meter, parse_charge
from assay.edge.pace import Pace
from assay.edge.patience import (
    AskAgainError,
    Patience,
    say_wait,
    seconds_demanded,
    worth_another_try,
)
from assay.edge.recording import MAX_AGE, Recording
from assay.edge.redirect import MOST_REDIRECTS, REDIRECTS, follow_redirect
from assay.edge.services import Service, hide
from assay.edge.task import StoppedError, Task
from assay.edge.turns import Turns
from assay.errors import BadAnswerError, RefusedError, SourceDownError, SourceError
from assay.search import Problem
from assay.sources.base import Answer, Judge, Request

USER_AGENT = f"assay/{__version__}"
OVERLAP = 24
"""Requests on their way at a time: at 0.11 s a start, answers may take 2.6 s."""
LEAVE = 0.5
"""Seconds for requests that nobody waits for any more, when the fetcher is closed."""
LIMITS = Limits()
PATIENCE = Patience()
TRY_LATER = "Try again later; --offline uses what was recorded before."

Progress = Callable[[int, int, str], None]
"""Called in the caller's thread with (done, total, title of the service); a total of 0
is not known. In parentheses after the title stands how often it was asked."""


class _Reply(NamedTuple):
    """An answer with what its headers say about going on."""

    answer: Answer
    headers: Mapping[str, str]
    """Names in lower case."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Fetcher:
    """A `Getter` over the network and the recording. Close it, or use it in `with`."""

    def __init__(
        self,
        services: Sequence[Service],
        *,
        pace: Pace,
        cache: Cache | None = None,
        meter: Meter | None = None,
        offline: bool = False,
        refresh: bool = False,
        max_age: float = MAX_AGE,
        overlap: int = OVERLAP,
        limits: Limits = LIMITS,
        patience: Patience = PATIENCE,
        progress: Progress | None = None,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        """Ask `services` and no others.

        With `offline`, answers come from `cache` alone, however old. With `refresh`,
        nothing is read from it. Otherwise a recording younger than `max_age` seconds
        is used. At most `overlap` requests of one caller are on their way at a time.
        """
        self._services = tuple(services)
        self._turns = Turns(pace, meter)
        self._recording = Recording(
            cache, offline=offline, refresh=refresh, max_age=max_age, now=now
        )
        self._overlap, self._limits, self._patience = overlap, limits, patience
        self._progress, self._now = progress, now
        self._client: httpx.Client | None = None
        self._lock, self._closed = Lock(), False
        self._left: list[Task] = []
        self._singles: Counter[str] = Counter()
        """Answers to requests that were made one by one, by service."""
        for name in ("httpx", "httpcore", "stamina"):  # they would log addresses
            logging.getLogger(name).setLevel(logging.ERROR)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; what is still on its way is dropped."""
        until = time.monotonic() + LEAVE
        for task in tuple(
            self._left
        ):  # their threads end by themselves, mostly at once
            task.join(until - time.monotonic())
        with self._lock:
            self._closed = True
            if self._client is not None:
                self._client.close()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What went wrong beside the answers, e.g. that nothing can be recorded."""
        found = self._recording.problem
        return (*((found,) if found else ()), *self._turns.problems)

    def get(self, request: Request, judge: Judge) -> Answer:
        """Return the answer to one request.

        Raises:
            SourceDownError: no usable answer came, after all tries.
            RefusedError, BadAnswerError: as the judge says, or for a redirect to
                another host or an answer beyond the limits.
            NotRecordedError: offline, and there is no recording.
            StoreError: the recording is damaged.
        """
        (outcome,) = self.get_many((request,), judge)
        if isinstance(outcome, SourceError):
            raise outcome
        return outcome

    def get_many(
        self, requests: Sequence[Request], judge: Judge
    ) -> Iterator[Answer | SourceError]:
        """Yield the outcome of each request, in order; the requests overlap.

        Closing the iterator stops what has not been asked yet.

        Raises:
            StoreError: the recording is damaged.
        """
        stop = Event()
        waiting = deque(requests)
        window: deque[tuple[Service, Task]] = deque()
        try:
            for done in range(1, len(requests) + 1):
                while waiting and len(window) < self._overlap:
                    window.append(self._start(waiting.popleft(), judge, stop))
                service, task = window.popleft()
                told = partial(self._tell, service, done - 1, len(requests))
                outcome = task.outcome(told)
                self._tell(service, done, len(requests))
                yield outcome
        finally:
            stop.set()
            self._left.extend(task for _, task in window)

    def _tell(self, service: Service, done: int, total: int, note: str = "") -> None:
        """Tell how far it is; of what is asked one by one, how much there was."""
        if self._progress is None:
            return
        if total == 1:
            with self._lock:
                done += self._singles[service.title]
                self._singles[service.title] = done
        what = f"{service.title} ({note})" if note else service.title
        self._progress(done, 0 if total == 1 else total, what)

    def _start(
        self, request: Request, judge: Judge, stop: Event
    ) -> tuple[Service, Task]:
        service = self._service(request.url)
        place = (service.at or service.address) + request.url[len(service.address) :]
        request = replace(request, url=place)

        def work(task: Task) -> Answer:
            try:
                return self._answer(service, request, judge, task)
            except SourceError as error:  # it may quote the service, which may echo
                parts = (error.where, error.what, error.what_to_do)
                shown = (hide(part, service.secrets()) for part in parts)
                raise type(error)(*shown) from None

        return service, Task(service.title, work, stop)

    def _service(self, url: str) -> Service:
        for service in self._services:
            if url.startswith(service.address):
                return service
        raise RefusedError(urlsplit(url).netloc, "this service is not set up")

    # --- one request, in its own thread --------------------------------------------

    def _answer(
        self, service: Service, request: Request, judge: Judge, task: Task
    ) -> Answer:
        recorded = self._recording.recall(service, request, judge)
        if recorded is not None:
            return recorded
        if service.wants:
            what = "it answers only those who give an e-mail address"
            raise RefusedError(service.title, what, service.wants)
        answer, whole = self._ask(service, request, judge, task)
        if whole:
            self._recording.record(service, request, answer)
        return answer

    def _ask(
        self, service: Service, request: Request, judge: Judge, task: Task
    ) -> tuple[Answer, bool]:
        patience = self._patience
        tries = stamina.retry_context(
            on=worth_another_try,
            attempts=patience.attempts,
            timeout=None,
            wait_initial=patience.first,
            wait_max=patience.most,
            wait_jitter=patience.jitter,
        )
        try:
            for attempt in tries:
                with attempt:
                    return self._try(service, request, judge, task, attempt.num)
        except AskAgainError as last:
            raise last.error from None
        raise AssertionError("stamina ends with an answer or an error")

    def _try(
        self, service: Service, request: Request, judge: Judge, task: Task, num: int
    ) -> tuple[Answer, bool]:
        try:
            reply = self._exchange(service, request, task)
        except AskAgainError as again:
            task.note = f"try {num + 1}"
            task.silences += again.silent
            if task.silences >= self._patience.silences:
                raise again.error from None
            raise
        answer = replace(reply.answer, attempt=num, cost=task.cost)
        try:
            return answer, judge(answer)
        except SourceDownError as error:
            asked = reply.headers.get("retry-after", "")
            demand = seconds_demanded(asked, self._now())
            if demand is not None and demand > self._patience.longest_demand:
                what = f"{error.what}, and it asks to wait {say_wait(demand)}"
                remedy = service.when_spent if answer.status == 429 else ""
                raise SourceDownError(error.where, what, remedy or TRY_LATER) from None
            wait = None if demand is None else max(demand, self._patience.first)
            task.note = f"try {num + 1}"
            raise AskAgainError(error, wait) from None

    def _exchange(self, service: Service, request: Request, task: Task) -> _Reply:
        """Ask once, following redirects within the host; each keeps the pace."""
        with (
            self._turns.credits(service, request) as charging,
            self._turns.room(service, request, task.stop),
        ):
            reply = self._follow(service, request, task)
            said = parse_charge(reply.headers)
            task.cost += charging.answered(reply.answer.status, said)
            return reply

    def _follow(self, service: Service, request: Request, task: Task) -> _Reply:
        url = request.url
        for _ in range(MOST_REDIRECTS + 1):
            self._turns.start(service, request, task.stop)
            task.begin(self._limits.seconds)
            try:
                reply = self._send(service, request, url)
            finally:
                task.rest()
            if reply.answer.status not in REDIRECTS:
                return reply
            url = follow_redirect(service, url, reply.headers.get("location", ""))
        raise RefusedError(service.title, "it sends from one address to the next")

    def _send(self, service: Service, request: Request, url: str) -> _Reply:
        form = urlencode((*request.params, *service.identity))
        content, headers = None, {}
        if service.bearer:
            headers["Authorization"] = f"Bearer {service.bearer}"
        if request.method == "POST":
            content = (request.body or form).encode()
            kind = "json" if request.body else "x-www-form-urlencoded"
            headers["Content-Type"] = f"application/{kind}"
        elif not urlsplit(url).query:
            url = f"{url}?{form}"
        until = time.monotonic() + self._limits.seconds
        try:
            with self._open().stream(
                request.method, url, content=content, headers=headers
            ) as response:
                body, complete = self._take(response, until)
                return self._reply(response, body, complete)
        except httpx.InvalidURL:  # longer than 64 KiB, or an address that is none
            what = "the query is too long to be asked of it"
            todo = "Shorten the query, or ask its parts one by one."
            raise RefusedError(service.title, what, todo) from None
        except httpx.HTTPError as error:
            what = _reason(error, self._limits)
            down = SourceDownError(service.title, what, TRY_LATER)
            silent = isinstance(error, httpx.ReadTimeout)
            raise AskAgainError(down, silent=silent) from None
        except BodyError as error:
            raise BadAnswerError(
                service.title, f"its answer cannot be used: {error}", TRY_LATER
            ) from None

    def _take(self, response: httpx.Response, until: float) -> tuple[bytes, bool]:
        """Return the body, and whether it is whole, within the limits."""
        body = Body(response.headers.get("Content-Encoding", ""), self._limits.bytes)
        try:
            for piece in response.iter_raw():
                body.feed(piece)
                if time.monotonic() > until:
                    return body.bytes(), False
        except httpx.TransportError:  # what came before it broke may be of use
            return body.bytes(), False
        return body.bytes(), body.ended

    def _reply(self, response: httpx.Response, body: bytes, complete: bool) -> _Reply:
        media_type, _, _ = response.headers.get("Content-Type", "").partition(";")
        answer = Answer(
            status=response.status_code,
            body=body,
            media_type=media_type.strip().lower(),
            url=str(response.url.copy_with(query=None)),
            when=self._now().isoformat(timespec="seconds"),
            complete=complete,
        )
        return _Reply(answer, dict(response.headers))

    def _open(self) -> httpx.Client:
        with self._lock:
            if self._closed:
                raise StoppedError
            if self._client is None:
                limits = self._limits
                self._client = httpx.Client(
                    headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"},
                    timeout=httpx.Timeout(
                        limits.silence, connect=limits.connect, pool=None
                    ),
                    limits=httpx.Limits(max_keepalive_connections=self._overlap),
                    mounts=dict.fromkeys(_LOOPBACK),  # never through a proxy
                )
            return self._client


_LOOPBACK = ("all://127.0.0.1", "all://localhost", "all://[::1]")


def _reason(error: Exception, limits: Limits) -> str:
    """Say in plain words why no answer came."""
    if "CERTIFICATE" in str(error):
        return "its certificate is not trusted (is a proxy between?)"
    if isinstance(error, httpx.ConnectTimeout):
        return f"no connection within {limits.connect:.0f} s"
    if isinstance(error, httpx.TimeoutException):
        return f"no answer within {limits.silence:.0f} s"
    if isinstance(error, httpx.ConnectError):
        return "it cannot be reached"
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError):
        return "it broke off the connection"
    return f"the exchange failed ({type(error).__name__})"
