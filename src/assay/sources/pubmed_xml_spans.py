"""Where each element of a well-formed piece of XML begins and ends in its bytes."""

import re

Span = tuple[int, int]

_RECORD = re.compile(
    rb"\s*<(PubmedArticle|PubmedBookArticle|DeleteCitation|DeleteDocument)(?=[\s>])"
)
_HIDDEN = re.compile(
    rb"<(?:!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>)",
    re.DOTALL,
)
"""In well-formed XML all else that begins with "<" is a tag."""
_TAG = re.compile(
    rb"""<(?P<close>/?)[^\s/>]+(?:[^>"']|"[^"]*"|'[^']*')*?(?P<empty>/?)>"""
)


def find_spans(xml: bytes) -> tuple[Span, ...]:
    """Return the first byte of each outermost element, and the one behind its last.

    `xml` is well-formed once it stands inside a root, in UTF-8 or another encoding in
    which ASCII characters are their own bytes.

    >>> find_spans(b"<a><b/></a> <!-- <c/> --> <d/>")
    ((0, 11), (26, 30))
    >>> find_spans(b" ")
    ()
    """
    if b"<!" in xml or b"<?" in xml:
        xml = _HIDDEN.sub(lambda match: b" " * len(match[0]), xml)
    return _find_records(xml) or _find_elements(xml)


def _find_records(xml: bytes) -> tuple[Span, ...]:
    """Return the spans where there is nothing but records and blanks; else ().

    Where a record holds another, a closing tag is left over, so that () comes.
    """
    spans: list[Span] = []
    at = 0
    while match := _RECORD.match(xml, at):
        at = xml.find(b">", xml.find(b"</" + match[1], match.end())) + 1
        spans.append((match.start(1) - 1, at))
    return () if xml[at:].strip() else tuple(spans)


def _find_elements(xml: bytes) -> tuple[Span, ...]:
    """Return the spans by walking all tags."""
    spans: list[Span] = []
    depth = start = 0
    for tag in _TAG.finditer(xml):
        if depth == 0:
            start = tag.start()
        if not tag["empty"]:
            depth += -1 if tag["close"] else 1
        if depth == 0:
            spans.append((start, tag.end()))
    return tuple(spans)
