"""Everything that goes wrong with the real service, by name.

A fault is a function from the right reply (and what was asked) to the wrong one.
"""

import json
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise

from tests.standin.records import PMID, RECORD
from tests.standin.replies import (
    HTML,
    JSON,
    PROLOG,
    RECORD_SET,
    TEXT,
    XML,
    Asked,
    Reply,
    open_document,
    render_error,
    render_html,
    render_json,
    render_xml,
)
from tests.standin.world import BAD_IDS, EXPIRED, OVER_CAP

Fault = Callable[[Reply, Asked], Reply]


def limit_body(asked: Asked) -> bytes:
    """Return the body of a refusal for speed: it echoes the key."""
    key = asked.params.get("api_key", "")
    limit = "10" if key else "3"
    said = {
        "error": "API rate limit exceeded",
        "api-key": key or "127.0.0.1",
        "count": str(int(limit) + 1),
        "limit": limit,
    }
    return json.dumps(said, separators=(",", ":")).encode()


def rate_limit(reply: Reply, asked: Asked) -> Reply:
    """Return 429 without a hint when to come back."""
    return Reply(limit_body(asked), JSON, 429)


def rate_limit_with_hint(reply: Reply, asked: Asked) -> Reply:
    """Return 429 with Retry-After."""
    seconds = asked.fault_value or "2"
    return Reply(limit_body(asked), JSON, 429).with_header("Retry-After", seconds)


def rate_limit_in_200(reply: Reply, asked: Asked) -> Reply:
    """Return the body of 429 with status 200, whatever was asked for."""
    return Reply(limit_body(asked), JSON, 200)


def bad_key(reply: Reply, asked: Asked) -> Reply:
    """Return the refusal of a key, which echoes it."""
    key = asked.params.get("api_key", "")
    said = {"error": "API key invalid", "api-key": key, "type": "invalid"}
    return Reply(json.dumps(said, separators=(",", ":")).encode(), JSON, 400)


def says(message: str, status: int = 200) -> Fault:
    """Return the fault that answers with an error of the program's own shape."""

    def fault(reply: Reply, asked: Asked) -> Reply:
        return render_error(asked, message, status)

    return fault


def page(status: int, title: str, said: str) -> Fault:
    """Return the fault that answers with an HTML page."""

    def fault(reply: Reply, asked: Asked) -> Reply:
        return render_html(status, title, said)

    return fault


def over_cap(reply: Reply, asked: Asked) -> Reply:
    """Return the refusal of a retstart beyond the cap: 200 for esearch, else 400."""
    return render_error(asked, OVER_CAP, 200 if asked.program == "esearch" else 400)


def bad_db(reply: Reply, asked: Asked) -> Reply:
    """Return the refusal of a database."""
    name = asked.params.get("db", "pubmed")
    if asked.program == "einfo":
        return render_error(asked, f"Can not retrieve DbInfo for db={name}")
    return render_error(asked, f"Invalid db name specified: {name}")


def unknown_id(reply: Reply, asked: Asked) -> Reply:
    """Return what comes when no id is known: an empty set, or an error for each id."""
    if asked.program == "efetch" and asked.params.get("retmode") == "text":
        one = asked.ids[0] if asked.ids else "0"
        said = f"The following PMID is not available: {one}"
        return Reply(f"id: {one} Error occurred: {said}\n".encode(), TEXT)
    if asked.program == "efetch":
        return Reply(RECORD_SET % b"")
    if asked.program == "esummary" and asked.json:
        error = "cannot get document summary"
        result: dict[str, object] = {"uids": list(asked.ids)}
        result |= {one: {"uid": one, "error": error} for one in asked.ids}
        return render_json("esummary", "result", result)
    return reply


def cut_chunked(reply: Reply, asked: Asked) -> Reply:
    """Return a chunked body whose connection closes in the middle of a chunk."""
    return replace(reply, wire="cut-chunked")


def cut_sized(reply: Reply, asked: Asked) -> Reply:
    """Return half of the bytes that Content-Length promises."""
    return replace(reply, wire="cut-sized")


def cut_body(reply: Reply, asked: Asked) -> Reply:
    """Return a body that ends in the middle, with a Content-Length that fits it."""
    return replace(reply, body=reply.body[: len(reply.body) * 2 // 3], wire="sized")


def cut_root(reply: Reply, asked: Asked) -> Reply:
    """Return all records, but not the closing tag of the root."""
    end = max(reply.body.rfind(b"</"), 0)
    return replace(reply, body=reply.body[:end], wire="sized")


def prolog_only(reply: Reply, asked: Asked) -> Reply:
    """Return an XML declaration, a DOCTYPE and nothing else."""
    return Reply(open_document("eLinkResult").encode(), XML)


def empty_body(reply: Reply, asked: Asked) -> Reply:
    """Return 200 with no byte in the body."""
    return replace(reply, body=b"", wire="sized")


def redirect(status: int, *, away: bool) -> Fault:
    """Return the fault that sends the client elsewhere, or to the same host."""

    def fault(reply: Reply, asked: Asked) -> Reply:
        host, _, port = asked.host.partition(":")
        other = "localhost" if host == "127.0.0.1" else "127.0.0.1"
        place = f"{other if away else host}:{port}"
        address = f"http://{place}{asked.target}"
        moved = Reply(b"", HTML, status, wire="sized")
        return moved.with_header("Location", address)

    return fault


def no_summaries(reply: Reply, asked: Asked) -> Reply:
    """Return a summary set whose only content is a comment about a failure."""
    inside = (
        '\n<DocumentSummarySet status="OK"><!-- DocSum Backend failed -->\n'
        "</DocumentSummarySet>\n"
    )
    text = f"{PROLOG}<!DOCTYPE eSummaryResult>\n<eSummaryResult>{inside}"
    return Reply(f"{text}</eSummaryResult>\n".encode(), XML)


def reset(reply: Reply, asked: Asked) -> Reply:
    """Return nothing: the connection is reset before any byte."""
    return replace(reply, wire="reset")


def hang(reply: Reply, asked: Asked) -> Reply:
    """Return nothing, and keep the connection open until the server stops."""
    return replace(reply, wire="hang")


def slow_drip(reply: Reply, asked: Asked) -> Reply:
    """Return the body in twenty pieces with a pause (0.2 s) between them."""
    return replace(reply, wire="drip", drip=float(asked.fault_value or 0.2))


@cache
def pack_bomb(megabytes: int) -> bytes:
    """Return a gzip stream of so many megabytes of blanks, packed once."""
    packer = zlib.compressobj(9, wbits=-15)
    block = b"<PubmedArticleSet>" + b" " * (1024 * 1024 - 18)
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(megabytes):
        checksum = zlib.crc32(block, checksum)
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    tail = struct.pack("<II", checksum, megabytes * len(block) % 2**32)
    return head + packed * megabytes + b"\x03\x00" + tail


def gzip_bomb(reply: Reply, asked: Asked) -> Reply:
    """Return a small gzip body that unpacks to 512 MB (or as many as said)."""
    body = pack_bomb(int(asked.fault_value or 512))
    bomb = Reply(body, reply.kind, wire="sized")
    return bomb.with_header("Content-Encoding", "gzip")


def entity_bomb(reply: Reply, asked: Asked) -> Reply:
    """Return XML whose entities unfold to a billion words."""
    names = "abcdefghij"
    rules = ['<!ENTITY a "lol">'] + [
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names)
    ]
    inside = "<PubmedArticleSet><PubmedArticle>&j;</PubmedArticle></PubmedArticleSet>"
    text = f'<?xml version="1.0"?>\n<!DOCTYPE PubmedArticleSet [{"".join(rules)}]>\n'
    return Reply((text + inside).encode(), XML)


def wrong_type(reply: Reply, asked: Asked) -> Reply:
    """Return the right body under a wrong content type."""
    return replace(reply, kind=HTML if reply.kind != HTML else XML)


def change_records(reply: Reply, change: Callable[[list[bytes]], list[bytes]]) -> Reply:
    """Return a set with its records changed; other replies stay as they are."""
    records = [match[0] for match in RECORD.finditer(reply.body)]
    if not records:
        return reply
    return replace(reply, body=RECORD_SET % b"\n".join(change(records)))


def missing_ids(reply: Reply, asked: Asked) -> Reply:
    """Return the set without its last record, or without as many as said."""
    count = int(asked.fault_value or 1)
    return change_records(
        reply, lambda records: records[: max(len(records) - count, 0)]
    )


def duplicate_ids(reply: Reply, asked: Asked) -> Reply:
    """Return the set with its first record in it twice."""
    return change_records(reply, lambda records: [*records, records[0]])


def foreign_ids(reply: Reply, asked: Asked) -> Reply:
    """Return the set with a record that nobody asked for."""
    stranger = b'<PMID Version="1">99999999</PMID>'
    return change_records(
        reply, lambda records: [*records, PMID.sub(stranger, records[0], count=1)]
    )


def unreadable_record(reply: Reply, asked: Asked) -> Reply:
    """Return the set with one record in it that has no PMID and no title."""
    broken = b"<PubmedArticle><MedlineCitation/><PubmedData/></PubmedArticle>"
    return change_records(reply, lambda records: [records[0], broken, *records[1:]])


def ill_formed_record(reply: Reply, asked: Asked) -> Reply:
    """Return the set with one record that is not well-formed XML (a lost end tag)."""

    def change(records: list[bytes]) -> list[bytes]:
        middle = len(records) // 2
        broken = re.sub(rb"</(ArticleTitle|BookTitle)>", b"", records[middle], count=1)
        return [*records[:middle], broken, *records[middle + 1 :]]

    return change_records(reply, change)


def two_errors(reply: Reply, asked: Asked) -> Reply:
    """Return two errors in one reply, which epost's own DTD forbids."""
    first = "<ERROR>Empty ID list; Nothing to store</ERROR>"
    second = (
        "<ERROR>Some IDs have invalid value and were omitted. "
        "Maximum ID value 18446744073709551615</ERROR>"
    )
    return render_xml("ePostResult", f"\n\t{first}\n\t{second}")


def plain_exception(reply: Reply, asked: Asked) -> Reply:
    """Return the text of an exception where XML or JSON was asked for."""
    said = "NCBI C++ Exception:\n    Error: TXCLIENT(CException::eUnknown) EOF\n"
    return Reply(said.encode(), TEXT)


FAULTS: dict[str, Fault] = {
    "rate-limit-429": rate_limit,
    "rate-limit-429-retry-after": rate_limit_with_hint,
    "rate-limit-200": rate_limit_in_200,
    "bad-key-400": bad_key,
    "empty-term": says("Empty term and query_key - nothing todo"),
    "backend-failed": says("Search Backend failed: Exception: no answer from backend"),
    "backend-failed-502": says("Search Backend failed: Exception: 502 Proxy Error"),
    "backend-eof": says("Search Backend failed: TXCLIENT(CException::eUnknown) EOF"),
    "retstart-over-cap": over_cap,
    "retstart-over-cap-2022": says(
        "Position 15000 is out of acceptable range [9999,9998]"
    ),
    "expired-webenv": says(EXPIRED.format(1)),
    "bad-db": bad_db,
    "bad-id-400": says(BAD_IDS, 400),
    "no-id": says("Neither query_key nor id specified"),
    "unknown-id": unknown_id,
    "uri-too-long-414": page(
        414,
        "Submitted URI too large!",
        "The length of the requested URL exceeds the capacity limit for this server. "
        "The request cannot be processed.",
    ),
    "http-500": page(500, "Internal Server Error", "The server met an error."),
    "http-502": page(502, "Bad Gateway", "The proxy received an invalid response."),
    "http-503": page(503, "Service Unavailable", "Please try again later."),
    "http-504": page(504, "Gateway Timeout", "The proxy did not answer in time."),
    "text-500": lambda reply, asked: Reply(b"Internal error", TEXT, 500),
    "not-found-404": page(404, "Not Found", "The page was not found."),
    "html-200": page(200, "Maintenance", "This site is down for maintenance."),
    "truncated-chunked": cut_chunked,
    "truncated-sized": cut_sized,
    "cut-body": cut_body,
    "cut-root": cut_root,
    "prolog-only": prolog_only,
    "empty-body": empty_body,
    "redirect-307-away": redirect(307, away=True),
    "redirect-308-away": redirect(308, away=True),
    "redirect-302-away": redirect(302, away=True),
    "redirect-307-same": redirect(307, away=False),
    "redirect-308-same": redirect(308, away=False),
    "docsum-failed": no_summaries,
    "plain-exception": plain_exception,
    "two-errors": two_errors,
    "reset": reset,
    "hang": hang,
    "slow-drip": slow_drip,
    "gzip-bomb": gzip_bomb,
    "entity-bomb": entity_bomb,
    "wrong-content-type": wrong_type,
    "missing-ids": missing_ids,
    "duplicate-ids": duplicate_ids,
    "foreign-ids": foreign_ids,
    "unreadable-record": unreadable_record,
    "ill-formed-record": ill_formed_record,
}
