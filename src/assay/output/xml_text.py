"""Text as XML: escaped, and without the characters that no XML may hold.

The replies of the E-utilities and PubMed records are written with it. Every value goes
through `tag`, `attribute` or `escape_xml`, so nothing from outside is ever mark-up.
"""

import re

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What is no Char of XML 1.0 (section 2.2), half characters among it."""

_SPECIAL = re.compile('[&<>"]')
_NAMES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def escape_xml(text: str) -> str:
    r"""Return `text` as it stands in XML, between tags or in double quotes.

    >>> escape_xml('1 < 2 & "3"\x00')
    '1 &lt; 2 &amp; &quot;3&quot;\ufffd'
    """
    if _FORBIDDEN.search(text):
        text = _FORBIDDEN.sub("\ufffd", text)
    return _SPECIAL.sub(lambda found: _NAMES[found[0]], text)


def tag(name: str, text: object, **attributes: str) -> str:
    """Return an element that holds text, as it stands in XML.

    >>> tag("PMID", 90000001, Version="1")
    '<PMID Version="1">90000001</PMID>'
    """
    return around(name, escape_xml(str(text)), **attributes)


def around(name: str, inside: str, **attributes: str) -> str:
    """Return an element around mark-up that is already XML.

    >>> around("IdList", tag("Id", 90000001))
    '<IdList><Id>90000001</Id></IdList>'
    """
    given = "".join(f' {key}="{escape_xml(v)}"' for key, v in attributes.items())
    return f"<{name}{given}>{inside}</{name}>"


def given(name: str, text: str, **attributes: str) -> str:
    """Return an element that holds text, or "" when there is none.

    >>> given("Volume", ""), given("Volume", "7")
    ('', '<Volume>7</Volume>')
    """
    return tag(name, text, **attributes) if text else ""


def listed(name: str, inside: str, **attributes: str) -> str:
    """Return an element around mark-up, or "" when there is none.

    >>> listed("ChemicalList", "")
    ''
    """
    return around(name, inside, **attributes) if inside else ""
