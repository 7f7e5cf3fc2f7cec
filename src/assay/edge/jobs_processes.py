"""Tasks in processes of this machine.

Each worker is a process with a pipe and a thread here that feeds it, so that it is
known which task was in the hands of a process that ended: that one is tried again, and
no other. (The pool of `concurrent.futures` breaks as a whole, and every task in it
would count as tried.)
"""

import os
import signal
import time
from collections.abc import Iterable, Iterator
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from queue import Empty, Queue
from threading import Lock, Semaphore, Thread

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
from assay.edge.process import count_processors

LEAVE_S = 5.0
"""How long a process that was told to end may take."""
END_S = 1.0
"""How long the ending of all workers at once is waited for."""
LOOK_UP_S = 0.2
"""Time between two looks whether the person has had enough."""


class _Ended(Exception):  # noqa: N818 -- no error: nobody waits for the work any more
    """The job was left."""


def run(tasks: Iterable[Task], pool: Pool) -> Outcomes:
    """Yield the outcome of each task; see `jobs.run_tasks`."""
    most = pool.workers or count_processors()
    crew = _Crew(iter(tasks), pool.ahead or 2 * most)
    try:
        yield from crew.outcomes(most)
    finally:
        crew.end()


class _Worker:
    """A process that does one task at a time."""

    def __init__(self) -> None:
        """Start it."""
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve_tasks, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()  # so that the pipe ends when the process does

    def do(self, task: Task) -> Reply | None:
        """Return what came of a task; None when the process has ended."""
        try:
            self._pipe.send((task.function, task.arguments))
            reply: Reply = self._pipe.recv()
        except (EOFError, OSError):
            return None
        return reply

    def kill(self) -> None:
        """End the process at once, whatever it does; `do` returns None then."""
        self._process.kill()

    def leave(self) -> str:
        """Let the process end, which does nothing; return in words how it did."""
        self._pipe.close()
        self._process.join(LEAVE_S)
        self._process.kill()
        self._process.join()
        return _how_it_ended(self._process.exitcode)


class _Crew:
    """The workers of one job, and what is still to be done."""

    def __init__(self, tasks: Iterator[Task], ahead: int) -> None:
        self._tasks, self._room = tasks, Semaphore(ahead)
        self._lock, self._reading, self._left = Lock(), Lock(), False
        self._workers: set[_Worker] = set()
        self._threads: list[Thread] = []
        self._said: Queue[Outcome | BaseException | None] = Queue()
        """Outcomes; None when a thread has nothing more to do."""

    def outcomes(self, most: int) -> Iterator[Outcome]:
        """Yield outcomes until every task has one."""
        for number in range(most):
            feed = Thread(target=self._feed, name=f"worker {number}", daemon=True)
            feed.start()
            self._threads.append(feed)
        working = most
        while working:
            said = self._hear()
            if isinstance(said, BaseException):
                raise said
            if said is None:
                working -= 1
                continue
            yield said
            self._room.release()  # now that what it made was used

    def end(self) -> None:
        """End every worker at once."""
        with self._lock:
            self._left = True
            for worker in self._workers:
                worker.kill()
        for _ in self._threads:
            self._room.release()
        until = time.monotonic() + END_S
        for thread in self._threads:  # one that waits for a file ends by itself
            thread.join(max(0.0, until - time.monotonic()))

    def _hear(self) -> Outcome | BaseException | None:
        """Wait in short steps, so that Ctrl-C always gets through."""
        while True:
            try:
                return self._said.get(timeout=LOOK_UP_S)
            except Empty:
                continue

    def _feed(self) -> None:
        """Give one worker task after task; a thread of its own does this."""
        worker: _Worker | None = None
        try:
            while (task := self._next()) is not None:
                worker = worker or self._hire()
                outcome, worker = self._do(task, worker)
                self._said.put(outcome)
            self._said.put(None)
        except _Ended:
            pass
        except BaseException as error:  # of the tasks' iterator; for the caller
            self._said.put(error)
        finally:
            if worker is not None:
                self._dismiss(worker)

    def _next(self) -> Task | None:
        self._room.acquire()
        with self._reading:
            task = None if self._left else next(self._tasks, None)
        if task is None:
            self._room.release()
        return task

    def _do(self, task: Task, worker: _Worker) -> tuple[Outcome, _Worker]:
        """Return a task's outcome, and who is there to do the next one."""
        for tries in range(1, TRIES + 1):
            said = worker.do(task)
            reply = said or Reply(error=self._dismiss(worker))
            if said is None:
                worker = self._hire()
            if not reply.error:
                return Outcome(task.name, reply.value, tries=tries), worker
        return failed(task.name, reply.error, TRIES), worker

    def _hire(self) -> _Worker:
        with self._lock:
            if self._left:
                raise _Ended
            worker = _Worker()
            self._workers.add(worker)
        return worker

    def _dismiss(self, worker: _Worker) -> str:
        ended = worker.leave()
        with self._lock:
            self._workers.discard(worker)
        return ended


def _how_it_ended(status: int | None) -> str:
    """Return in words how a process ended.

    >>> _how_it_ended(-9)
    'its process was ended by signal 9 (the machine may lack memory)'
    """
    if status is None or status >= 0:
        return f"its process ended with status {status}"
    lack = " (the machine may lack memory)" if status == -9 else ""
    return f"its process was ended by signal {-status}{lack}"


# --- in the worker's process ----------------------------------------------------------


def serve_tasks(pipe: "Connection[Reply, tuple[object, ...]]") -> None:
    """Do one task after the other until the other side of the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who drives
    Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            function, arguments = pipe.recv()
        except (EOFError, OSError):
            return
        except Exception as error:  # a function that is not found here
            pipe.send(Reply(error=f"it cannot be handed over: {error}"))
            continue
        reply = try_once(function, arguments)  # type: ignore[arg-type]
        try:
            pipe.send(reply)
        except OSError:  # nobody listens any more
            return
        except Exception as error:  # it cannot be pickled
            pipe.send(Reply(error=f"its outcome cannot be handed over: {error}"))


def _end_with_parent() -> None:
    """End this process when the one that started it has ended, however it did."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
