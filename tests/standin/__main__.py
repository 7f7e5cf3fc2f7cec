"""Runs the stand-in by hand: python -m tests.standin --port 8123."""

import argparse
import gzip
import time
from pathlib import Path

from tests.standin.server import serve


def main() -> None:
    """Serve until interrupted, and print where."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.standin", description=__doc__
    )
    parser.add_argument("--port", type=int, default=8123, help="0 picks a free one")
    parser.add_argument("--records", type=Path, help="a file of PubMed XML (.gz too)")
    parser.add_argument("--synthetic", type=int, default=0, metavar="N")
    parser.add_argument("--busy-day", type=int, default=0, metavar="N")
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--enforce-rate", action="store_true")
    given = parser.parse_args()
    xml = given.records.read_bytes() if given.records else None
    if xml and given.records.suffix == ".gz":
        xml = gzip.decompress(xml)
    with serve(
        xml,
        given.synthetic,
        given.latency,
        given.enforce_rate,
        port=given.port,
        busy_day=given.busy_day,
    ) as server:
        print(f"{len(server.pmids)} records at {server.url}", flush=True)  # noqa: T201
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
