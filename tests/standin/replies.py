"""A reply as a value, and the shapes that E-utilities give it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import escape

PROLOG = '<?xml version="1.0" encoding="UTF-8" ?>\n'
DTDS = {
    "eSearchResult": ("esearch 20060628", "20060628/esearch.dtd"),
    "eSummaryResult": ("esummary v1 20041029", "20041029/esummary-v1.dtd"),
    "eLinkResult": ("elink 20101123", "20101123/elink.dtd"),
    "ePostResult": ("epost 20090526", "20090526/epost.dtd"),
    "eInfoResult": ("einfo 20190110", "20190110/einfo.dtd"),
    "eEfetchResult": ("efetch 20131226", "20131226/efetch.dtd"),
}
RECORD_SET = (
    b'<?xml version="1.0" ?>\n'
    b'<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, '
    b'1st January 2025//EN" '
    b'"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
    b"<PubmedArticleSet>%s</PubmedArticleSet>"
)
XML = "text/xml; charset=UTF-8"
JSON = "application/json; charset=UTF-8"
TEXT = "text/plain; charset=UTF-8"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back, and how it is put on the wire."""

    body: bytes
    kind: str = XML
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    wire: str = "chunked"
    """chunked, sized, cut-chunked, cut-sized, reset, hang, drip."""
    drip: float = 0.0
    """Seconds between the pieces of a slow reply."""

    def with_header(self, name: str, value: str) -> "Reply":
        """Return the reply with one more header."""
        return replace(self, headers=(*self.headers, (name, value)))


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the programs see it."""

    program: str
    """esearch, efetch …, without its ending."""
    method: str
    params: dict[str, str]
    """The last value of each name; ids that were repeated are joined by commas."""
    id_groups: tuple[tuple[str, ...], ...] = ()
    """The ids, one group for every `id=` that was sent."""
    target: str = ""
    host: str = ""
    fault_value: str = field(default="")
    """What stood behind the fault's name: "3" of "missing-ids:3"."""

    @property
    def json(self) -> bool:
        """Whether JSON was asked for."""
        return self.params.get("retmode", "").lower() == "json"

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids in the order sent."""
        return tuple(one for group in self.id_groups for one in group)


def open_document(root: str) -> str:
    """Return the prolog with the DOCTYPE of one kind of reply."""
    name, path = DTDS[root]
    return (
        f'{PROLOG}<!DOCTYPE {root} PUBLIC "-//NLM//DTD {name}//EN" '
        f'"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/{path}">\n'
    )


def render_xml(root: str, inside: str, status: int = 200) -> Reply:
    """Return an XML reply with its root element around the inside."""
    text = f"{open_document(root)}<{root}>{inside}</{root}>\n"
    return Reply(text.encode(), XML, status)


def render_json(kind: str, name: str, value: object, *, raw: bool = False) -> Reply:
    """Return a JSON reply with its header block; `raw` leaves newlines raw."""
    whole = {"header": {"type": kind, "version": "0.3"}, name: value}
    text = json.dumps(whole, separators=(",", ":"), ensure_ascii=False)
    return Reply((text.replace("\\n", "\n") if raw else text).encode(), JSON)


def render_records(parts: Iterable[bytes]) -> Reply:
    """Return a PubmedArticleSet; the empty set too, as on the wire."""
    return Reply(RECORD_SET % b"\n".join(parts))


def tag(name: str, text: object) -> str:
    """Return one element with its text escaped; an empty one is short."""
    said = escape(str(text))
    return f"<{name}>{said}</{name}>" if said else f"<{name}/>"


def render_error(asked: Asked, message: str, status: int = 200) -> Reply:
    """Return an error in the shape of the program that was asked."""
    program = asked.program
    if program == "esearch" and asked.json:
        reply = render_json(program, "esearchresult", {"ERROR": message}, raw=True)
        return replace(reply, status=status)
    if program == "esummary" and asked.json:
        reply = render_json(program, "esummaryresult", [message])
        return replace(reply, status=status)
    if program == "elink" and asked.json:
        return replace(render_json(program, "ERROR", message), status=status)
    if program == "efetch":
        if asked.params.get("retmode", "").lower() == "text":
            return Reply(message.replace(" ", "+").encode(), TEXT, status)
        # its DOCTYPE names another root than its root element: so does NCBI's
        text = f"{open_document('eEfetchResult')}<eFetchResult>\n\t"
        text += f"{tag('ERROR', message)}\n</eFetchResult>\n"
        return Reply(text.encode(), XML, status)
    root = f"e{program[1].upper()}{program[2:]}Result"
    if root not in DTDS:
        return Reply(message.encode(), TEXT, status)
    return render_xml(root, f"\n\t{tag('ERROR', message)}\n", status)


def render_html(status: int, title: str, said: str) -> Reply:
    """Return an HTML page, as proxies and web servers send."""
    page = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
        f'<html lang="en">\n<head><title>{title}</title></head>\n'
        f"<body>\n<h1>{title}</h1>\n<p>{said}</p>\n<h2>Error {status}</h2>\n"
        "<address>stand-in</address>\n</body>\n</html>\n"
    )
    return Reply(page.encode(), HTML, status, wire="sized")
