"""Tasks on a cluster, by Dask's scheduler (https://distributed.dask.org).

The workers are somebody else's: whoever started the scheduler says how many there are,
and they may come and go. All that a worker needs is the same assay and the addresses
that the tasks name.
"""

import json
import logging
import warnings
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

from distributed import Client, Future, as_completed
from distributed.client import ClosedClientError
from distributed.scheduler import KilledWorker

from assay import __version__
from assay.edge.jobs import (
    TRIES,
    Outcome,
    Outcomes,
    Pool,
    Reply,
    Task,
    failed,
    try_once,
)
from assay.errors import AssayError

PATIENCE_S = 10
"""How long the scheduler may take to answer at first."""
WORKERS_S = 120
"""How long the first worker may take to come: a batch system starts them later."""
LEAST_AHEAD = 8
"""Tasks handed over when no worker is there yet."""
MUST_AGREE = {"python": 2, "dask": 3, "distributed": 3, "assay": 3}
"""What must be the same on all machines, and how many parts of its version."""


def run(tasks: Iterable[Task], pool: Pool) -> Outcomes:
    """Yield the outcome of each task; see `jobs.run_tasks`."""
    for name in ("distributed", "distributed.client"):  # it is told as outcomes
        logging.getLogger(name).setLevel(logging.CRITICAL)
    client = open_client(pool.address)
    job = _Job(client, iter(tasks), pool)
    try:
        job.meet()
        yield from job.outcomes()
    finally:
        with suppress(OSError, ClosedClientError):  # a scheduler that is gone
            job.leave()
            client.close(timeout=PATIENCE_S)  # type: ignore[no-untyped-call]


class _Connection(Client):
    """A connection that `run` closes, and nobody where it could not be opened."""

    def __del__(self) -> None:
        """Do nothing: Dask would wait here for what was never opened, and complain."""


def open_client(address: str) -> Client:
    """Return a connection to the scheduler at an address.

    Args:
        address: or the path of the file that the scheduler wrote it to
            (`dask scheduler --scheduler-file`).

    Raises:
        AssayError: nobody answers.
    """
    try:
        told = Path(address)
        if told.is_file():
            address = str(json.loads(told.read_bytes())["address"])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # check_versions tells of versions
            return _Connection(  # type: ignore[no-untyped-call]
                address, timeout=PATIENCE_S, set_as_default=False
            )
    except (OSError, ValueError, TypeError, ImportError, LookupError) as error:
        raise AssayError(
            f"No scheduler answers at {address} ({error or type(error).__name__}). "
            "Start one with `dask scheduler`, and give the address that it prints."
        ) from error


def check_versions(client: Client, address: str) -> None:
    """Raise an AssayError when what a machine of the cluster has does not go with this.

    Workers that come later are not looked at here; `try_there` compares assay's.
    """
    found = cast("dict[str, dict[str, Any]]", client.get_versions(packages=["assay"]))
    here = _versions(found["client"])
    for place, there in found["workers"].items():
        if why := find_mismatch(here, _versions(there)):
            raise AssayError(
                f"The worker {place} of {address} {why}. Install the same on all "
                "machines, and run the same command again."
            )


def find_mismatch(here: Mapping[str, str], there: Mapping[str, str]) -> str:
    """Return in words in what two machines must not differ, but do; "" if in nothing.

    >>> find_mismatch({"python": "3.11.2"}, {"python": "3.12.1"})
    'has python 3.12, and this machine has 3.11'
    """
    for name, parts in MUST_AGREE.items():
        one, other = (_cut(each.get(name, ""), parts) for each in (here, there))
        if one != other:
            return f"has {name} {other or '(none)'}, and this machine has {one}"
    return ""


def _cut(version: str, parts: int) -> str:
    return ".".join(version.split(".")[:parts])


def _versions(told: Mapping[str, Mapping[str, str | None]]) -> dict[str, str]:
    """Return the versions by name that Dask tells of one machine."""
    return {name: version or "" for name, version in told["packages"].items()}


def try_there(version: str, task: Task) -> Reply:
    """Return what came of one try, in the worker's process.

    >>> try_there("0.0.0", Task("a", int)).error.startswith("the worker has assay ")
    True
    """
    if version != __version__:
        what = f"the worker has assay {__version__}, and it was asked by {version}"
        return Reply(error=f"{what}: install the same on all machines")
    return try_once(task.function, task.arguments)


class _Job:
    """The tasks of one job, and those of them that the cluster has."""

    def __init__(self, client: Client, tasks: Iterator[Task], pool: Pool) -> None:
        self._client, self._tasks, self._pool = client, tasks, pool
        self._given: dict[Future[Reply], tuple[Task, int]] = {}
        self._finished = as_completed(loop=client.loop)  # type: ignore[no-untyped-call]

    def meet(self) -> None:
        """Wait for a worker, and see that what they have goes with this.

        Raises:
            AssayError: it does not, nobody comes, or the scheduler is gone.
        """
        with self._explained():
            try:
                self._client.wait_for_workers(1, WORKERS_S)
            except TimeoutError as error:
                raise AssayError(
                    f"No worker has come to the scheduler at {self._pool.address} "
                    f"within {WORKERS_S:g} seconds. Start some with `dask worker`, "
                    "and run the same command again."
                ) from error
            check_versions(self._client, self._pool.address)

    def outcomes(self) -> Iterator[Outcome]:
        """Yield outcomes until every task has one."""
        self._hand_over()
        while self._given:
            future = next(self._finished)
            task, tries = self._given.pop(future)
            reply = self._reply(future)
            if not reply.error:
                yield Outcome(task.name, reply.value, tries=tries)
            elif tries < TRIES:
                self._submit(task, tries + 1)
            else:
                yield failed(task.name, reply.error, tries)
            self._hand_over()

    def leave(self) -> None:
        """Let the cluster forget what it has not begun."""
        if self._given:
            left = list(self._given)
            self._client.cancel(left, force=True)  # type: ignore[no-untyped-call]
            self._given.clear()

    def _hand_over(self) -> None:
        """Hand over tasks as long as there is room for more."""
        with self._explained():
            threads = sum(self._client.nthreads().values())  # type: ignore[no-untyped-call]
        room = self._pool.ahead or max(LEAST_AHEAD, 2 * threads)
        while len(self._given) < room and (task := next(self._tasks, None)) is not None:
            self._submit(task, 1)

    def _submit(self, task: Task, tries: int) -> None:
        with self._explained():
            future = self._client.submit(try_there, __version__, task, pure=False)
        self._given[future] = (task, tries)
        self._finished.add(future)  # type: ignore[no-untyped-call]

    def _reply(self, future: Future[Reply]) -> Reply:
        """Return what the cluster says of a task.

        Raises:
            AssayError: the scheduler is gone.
        """
        with self._explained():
            try:
                reply: Reply = future.result()
            except (CancelledError, ClosedClientError):
                raise
            except KilledWorker:  # Dask has tried it on several workers
                what = "every worker that did it ended (they may lack memory)"
                return Reply(error=what)
            except Exception as error:
                return Reply(error=f"{type(error).__name__}: {error}")
            return reply

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what Dask raises when its scheduler is gone into one sentence."""
        try:
            yield
        except (OSError, CancelledError, ClosedClientError) as error:
            raise AssayError(
                f"The scheduler at {self._pool.address} is gone. What was done so far "
                "is kept; start it, and run the same command again."
            ) from error
