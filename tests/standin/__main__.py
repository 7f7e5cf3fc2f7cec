"""Runs the stand-ins by hand: python -m tests.standin --port 8123 [--all]."""

import argparse
import gzip
import signal
import time
from contextlib import ExitStack
from pathlib import Path

from tests.standin.server import serve
from tests.standin.services import serve_service

OTHERS = ("europepmc", "openalex", "crossref", "clinicaltrials", "doaj", "unpaywall")
"""Served with --all, on the ports after PubMed's."""


def main() -> None:
    """Serve until interrupted, and print where."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's & ignores it
    given = read_arguments()
    xml = given.records.read_bytes() if given.records else None
    if xml and given.records.suffix == ".gz":
        xml = gzip.decompress(xml)
    with ExitStack() as stack:
        server = stack.enter_context(
            serve(
                xml,
                given.synthetic,
                given.latency,
                given.enforce_rate,
                port=given.port,
                busy_day=given.busy_day,
            )
        )
        print(f"{len(server.pmids)} records at {server.url}", flush=True)  # noqa: T201
        for number, name in enumerate(OTHERS if given.all else (), 1):
            other = serve_service(
                name,
                xml,
                synthetic=given.synthetic,
                latency=given.latency,
                port=given.port + number if given.port else 0,
            )
            url = stack.enter_context(other).url
            print(f"export ASSAY_{name.upper()}={url}", flush=True)  # noqa: T201
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return


def read_arguments() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.standin", description=__doc__
    )
    parser.add_argument("--port", type=int, default=8123, help="0 picks a free one")
    parser.add_argument("--all", action="store_true", help="the other services too")
    parser.add_argument("--records", type=Path, help="a file of PubMed XML (.gz too)")
    parser.add_argument("--synthetic", type=int, default=0, metavar="N")
    parser.add_argument("--busy-day", type=int, default=0, metavar="N")
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--enforce-rate", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
