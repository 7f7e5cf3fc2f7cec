"""Serves a library by E-utilities from a thread, and asks in plain words."""

import http.client
import json
import threading
from contextlib import contextmanager
from urllib.parse import urlencode, urlsplit

import uvicorn
from lxml import etree

from assay.edge.eutils_server import Server
from assay.edge.eutils_serving import configure, listen
from assay.edge.mirror_generation import make_generation
from assay.edge.mirror_index_writer import open_mirror_index_writer
from assay.edge.store import open_library
from assay.library.searchable import searchable_document
from assay.sources.pubmed_xml import parse_set
from tests import mirror_files
from tests.standin import invented_xml

PATH = "/entrez/eutils/"
WHEN = "2026-11-01T00:00:00+00:00"


def fill_library(folder, *more):
    """Put the sixty invented records and some more into a library."""
    with open_library(folder, starter=False) as library:
        records = (*parse_set(invented_xml()).records, *more)
        library.add(records, source="file", query="invented", when=WHEN)


def fill_mirror(folder, *records):
    """Make a mirror that holds the PMIDs and titles of records, searchable whole."""
    generation = make_generation(folder, "mixed", lambda: b"")
    rows = [
        mirror_files.record(at, int(record.pmid), words=record.title)
        for at, record in enumerate(records)
    ]
    outcome = mirror_files.load(generation, "pubmed26n0001.xml.gz", rows)
    documents = [
        (int(record.pmid), json.dumps(searchable_document(record)).encode())
        for record in records
    ]
    with open_mirror_index_writer(generation) as writer:
        writer.apply(documents, outcome.gone, outcome.load)


@contextmanager
def served(folder):
    """Serve a library's folder; give the address that ends in /entrez/eutils/."""
    bound = listen("127.0.0.1", 0)
    server = uvicorn.Server(configure(Server(folder)))
    thread = threading.Thread(target=server.run, args=([bound],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{bound.getsockname()[1]}{PATH}"
    finally:
        server.should_exit = True
        thread.join(20)
        bound.close()
        assert not thread.is_alive()


class Client:
    """Asks one server; every answer is read whole."""

    def __init__(self, address):
        self.host = urlsplit(address).netloc
        self.status = 0
        self.kind = ""

    def raw(self, path, body=None, method="", **headers):
        """Return the bytes at a path; `status` and `kind` tell the rest."""
        connection = http.client.HTTPConnection(self.host, timeout=30)
        try:
            connection.request(
                method or ("POST" if body else "GET"), path, body, headers
            )
            answer = connection.getresponse()
            self.status = answer.status
            self.kind = answer.headers.get("content-type", "")
            return answer.read()
        finally:
            connection.close()

    def bytes(self, program, params=(), **named):
        """Return what a utility answers to a GET."""
        words = urlencode([*params, *named.items()])
        return self.raw(f"{PATH}{program}.fcgi?{words}")

    def post(self, program, **named):
        """Return what a utility answers to a form."""
        return self.raw(f"{PATH}{program}.fcgi", urlencode(named))

    def text(self, program, **named):
        """Return an answer as text."""
        return self.bytes(program, **named).decode()

    def json(self, program, **named):
        """Return an answer as JSON, without its header."""
        found = json.loads(self.bytes(program, retmode="json", **named))
        assert found.pop("header") == {"type": program, "version": "0.3"}
        [value] = found.values()
        return value

    def xml(self, program, params=(), **named):
        """Return the root of an answer."""
        return etree.fromstring(self.bytes(program, params, **named))

    def ids(self, term, **named):
        """Return the PMIDs that a search lists."""
        found = self.json("esearch", term=term, **named)
        return [int(pmid) for pmid in found["idlist"]]
