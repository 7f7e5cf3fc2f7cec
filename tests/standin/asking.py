"""Asking a server of E-utilities in the plainest way, for tests."""

import io
import json
import re
import urllib.error
import urllib.parse
import urllib.request

from Bio import Entrez


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Leaves a redirect as it is."""

    def redirect_request(self, *args):
        return None


def ask(server, program, method="GET", **params):
    """Return (status, headers, body) of one request; lists repeat their name."""
    query = urllib.parse.urlencode(params, doseq=True)
    address = f"{server.url}{program}"
    if method == "GET":
        request = urllib.request.Request(f"{address}?{query}")
    else:
        request = urllib.request.Request(address, data=query.encode())
    opener = urllib.request.build_opener(NoRedirects)
    try:
        with opener.open(request, timeout=20) as reply:
            return reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers, refused.read()


def search(server, term, **params):
    """Return the esearchresult of a JSON search."""
    params = {"retmode": "json", "retmax": 200, **params}
    body = ask(server, "esearch.fcgi", method="POST", term=term, **params)[2]
    return json.loads(body, strict=False)["esearchresult"]


def record_ids(body):
    """Return the PMIDs in a set of records, in its order."""
    return [int(n) for n in re.findall(rb"<PMID Version=\"\d+\">(\d+)</PMID>", body)]


def read(body):
    """Return what Biopython makes of an XML reply, without asking anyone."""
    return Entrez.read(io.BytesIO(body))
