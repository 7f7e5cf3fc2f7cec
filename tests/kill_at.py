"""Runs `assay` and ends it by SIGKILL at the n-th time that it touches a file.

python -m tests.kill_at N WORDS... ; N = 0 never kills. The number of times is printed
at the end of a run that came through. Tasks are done in the same process.
"""

import os
import signal
import sys
from itertools import count

from assay.cli import main
from assay.edge import jobs_processes

TOUCHES = {"os.rename", "os.remove", "os.mkdir", "shutil.rmtree", "sqlite3.connect"}


class HereWorker:
    """Does a task where it stands, in place of a worker's process."""

    def do(self, task):
        return jobs_processes.try_once(task.function, task.arguments)

    def kill(self):
        pass

    def leave(self):
        return ""


def is_touch(event, arguments):
    """Tell whether an audited event changes a file, or is about to."""
    if event == "open":
        return isinstance(arguments[1], str) and arguments[1][:1] in "wxa"
    return event in TOUCHES


def run(at, words):
    """Run a command line, and be killed at the `at`-th touch."""
    numbers, last = count(1), [0]

    def hook(event, arguments):
        if is_touch(event, arguments):
            last[0] = next(numbers)
            if last[0] == at:
                os.kill(os.getpid(), signal.SIGKILL)

    jobs_processes._Worker = HereWorker
    sys.addaudithook(hook)
    status = main(words)
    sys.stdout.write(f"{last[0]}\n")
    return status


if __name__ == "__main__":
    sys.exit(run(int(sys.argv[1]), sys.argv[2:]))
