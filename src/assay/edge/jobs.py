"""Work in many pieces: each a task, done by processes here or by a cluster.

One seam for all work that can be cut up: parsing of files, checks of many articles,
embeddings. POOLS is the registry of who does the work; its modules are imported when
they are used. Under each of them the same is held:

- Outcomes come as they are ready, in any order, and each task has exactly one.
- A task that raises, or whose process ends, is tried again, three times in all. Then
  its outcome is a problem and the others go on.
- At most `ahead` tasks are on their way or finished and not yet taken: what tasks put
  on a disk is bounded, and `tasks` is read only as far.
- Leaving the iterator (Ctrl-C, `break`) stops the work at once. So a task may end in
  the middle, and may run twice: it writes what it makes whole or not at all.
"""

from collections.abc import Callable, Generator, Iterable
from importlib import import_module
from typing import NamedTuple

from assay.errors import AssayError, UsageError
from assay.search import Problem

POOLS: dict[str, str] = {
    "processes": "assay.edge.jobs_processes",
    "dask": "assay.edge.jobs_dask",
}
"""Name → module. Each holds `run(tasks, pool)`."""

TRIES = 3
"""How often a task is tried before its outcome is a problem."""


class Task(NamedTuple):
    """One piece of work, which some other process can do."""

    name: str
    """Of this task alone in its job; for people."""
    function: Callable[..., object]
    """One of a module, so that another process finds it by its name. What it raises is
    tried again: that which another try cannot mend is better returned as a value."""
    arguments: tuple[object, ...] = ()
    """Small, and such as can be pickled, like what the function returns."""


class Outcome(NamedTuple):
    """What became of a task."""

    name: str
    value: object = None
    """What its function returned; None with a problem."""
    problem: Problem | None = None
    """Why there is no value; `what` is the error of the last try."""
    tries: int = 1
    """1 or more; how often it was tried. Dask tells only of errors, not of lost
    workers."""


class Pool(NamedTuple):
    """Who does the work."""

    kind: str = "processes"
    """One of POOLS."""
    workers: int = 0
    """Processes; 0: as many as this process may use processors. A cluster has its
    own."""
    address: str = ""
    """Of a cluster's scheduler, e.g. "tcp://10.0.0.1:8786", or its scheduler file."""
    ahead: int = 0
    """Tasks on their way or waiting to be taken; 0: twice as many as workers."""


class Reply(NamedTuple):
    """What one try of a task gave, such as can cross from process to process."""

    value: object = None
    error: str = ""
    """One sentence; "" when it went well."""


Outcomes = Generator[Outcome, None, None]
"""Outcomes as they are ready; closing it stops the work."""


def choose_pool(cluster: str = "", workers: int = 0) -> Pool:
    """Return the pool that a person asked for on the command line.

    Raises:
        UsageError: the two do not go together, or a number is below 0.

    >>> choose_pool("tcp://10.0.0.1:8786").kind
    'dask'
    """
    if workers < 0:
        raise UsageError("--workers is a number of processes: 1 or more.")
    if cluster and workers:
        raise UsageError(
            "A cluster has its own number of workers: give --cluster or --workers."
        )
    return Pool("dask" if cluster else "processes", workers, cluster)


def run_tasks(tasks: Iterable[Task], pool: Pool) -> Outcomes:
    """Do the tasks; yield the outcome of each as it is ready.

    Args:
        tasks: read as there is room for more; names differ.
        pool: who does them.

    Raises:
        AssayError: nobody can do them: what the pool needs is not installed, or the
            cluster does not answer. Nothing was lost that was yielded before.
    """
    try:
        module = import_module(POOLS[pool.kind])
    except ModuleNotFoundError as error:
        raise AssayError(
            f"Work on a cluster needs {error.name}, which is not installed. "
            'Install it with: pip install "assay[cluster]".'
        ) from error
    run: Callable[[Iterable[Task], Pool], Outcomes] = module.run
    return run(tasks, pool)


def try_once(function: Callable[..., object], arguments: tuple[object, ...]) -> Reply:
    """Return what the function gave, or its error in words.

    Errors are told as text, since not every error can cross to another process.

    >>> try_once(int, ("7",))
    Reply(value=7, error='')
    >>> try_once(int, ("seven",)).error
    "ValueError: invalid literal for int() with base 10: 'seven'"
    """
    try:
        return Reply(function(*arguments))
    except AssayError as error:
        return Reply(error=str(error))
    except OSError as error:
        place = f": {error.filename}" if error.filename else ""
        return Reply(error=f"{error.strerror or type(error).__name__}{place}")
    except Exception as error:  # a fault of ours must not end the whole job
        return Reply(error=f"{type(error).__name__}: {error}")


def failed(name: str, why: str, tries: int) -> Outcome:
    """Return the outcome of a task that was given up.

    >>> failed("a", "no room on the disk.", 3).problem.what
    'it failed 3 times, at last with: no room on the disk'
    """
    times = "once" if tries == 1 else f"{tries} times, at last"
    problem = Problem(
        where=name,
        what=f"it failed {times} with: {why.rstrip('.')}",
        what_to_do="The others were done. Run the same command again to try it again.",
    )
    return Outcome(name, problem=problem, tries=tries)
