"""A task that makes a partition, slowly enough to be killed meanwhile."""

import os
import time
from pathlib import Path

from assay.edge.partition import write_partition


def write_partition_slowly(order, folder, seconds):
    """As `write_partition`, after a while; a file tells meanwhile who does it."""
    (Path(folder) / f"{order.file}.{os.getpid()}.begun").write_text(str(os.getpid()))
    time.sleep(seconds)
    return write_partition(order)
