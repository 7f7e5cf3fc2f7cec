"""A limit of time for what may otherwise wait for ever."""

import threading
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")


def within(seconds: float, work: Callable[[], _T]) -> _T:
    """Return what `work` returns, or raise what it raises, within so many seconds.

    It runs in a thread of its own: no timeout of a socket bounds a server that answers
    byte by byte, a name server, or a keyring that waits for a click.

    Raises:
        TimeoutError: it took longer; it may still be running.
    """
    results: list[_T] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            results.append(work())
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True, name="assay-deadline")
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError
    return results[0]
