"""Tasks for the tests of the seam: each is found by its name in another process."""

import os
import signal
import time
from pathlib import Path


def double(number):
    return 2 * number


def fail(words):
    raise ValueError(words)


def fail_twice(folder):
    """Fail at the first two tries; tell by a file for each how often it was tried."""
    if _count(folder) < 3:
        raise OSError("not yet")
    return "at last"


def die_always():
    os.kill(os.getpid(), signal.SIGKILL)


def write_one(folder, name):
    """Write a file of its own, whole or not at all; return its name."""
    fresh = Path(folder) / f".{name}.{os.getpid()}"
    fresh.write_text(name)
    fresh.replace(Path(folder) / f"{name}.made")
    return name


def write_slowly(folder, name, seconds):
    """As `write_one`, after a while; a file tells meanwhile who does it."""
    (Path(folder) / f"{name}.{os.getpid()}.begun").write_text(str(os.getpid()))
    time.sleep(seconds)
    return write_one(folder, name)


def not_to_be_handed_over():
    return lambda: 1


def _count(folder):
    tries = len(list(Path(folder).glob("try-*"))) + 1
    (Path(folder) / f"try-{tries}").touch()
    return tries
