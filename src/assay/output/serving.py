"""Where records are served, for people and as JSON."""

from typing import NamedTuple

from assay.output.json import render_document
from assay.output.words import say_number

PAGE = "docs/how-to/serve-your-own-pubmed.md"


class Serving(NamedTuple):
    """A server that has begun to listen."""

    address: str
    """Of the E-utilities, with a / at its end."""
    records: int
    """How many it serves."""


def render_serving(serving: Serving) -> str:
    """Return where it listens, and how programs are pointed at it.

    >>> print(render_serving(Serving("http://127.0.0.1:8080/", 2)).split(" at ")[0])
    Serving 2 records
    """
    address = serving.address
    return (
        f"Serving {say_number(serving.records, 'record')} at {address}\n"
        f"EDirect:   esearch -base {address} -db pubmed -query ... | "
        f"efetch -base {address} -format abstract\n"
        f"assay:     ASSAY_EUTILS={address} assay search ...\n"
        f"Biopython and others: {PAGE}\n"
        "Stop with Ctrl-C.\n"
    )


def render_serving_json(serving: Serving) -> str:
    """Return where it listens as JSON (schema assay/serve/1)."""
    return render_document(
        "serve", {"address": serving.address, "records": serving.records}
    )
