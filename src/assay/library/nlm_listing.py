"""What stands around NLM's files: the .md5 beside each, the page that lists them."""

import re
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

from assay.library.nlm_files import parse_nlm_name

FOLDERS = ("baseline", "updatefiles")
"""NLM's two folders of a year, which are looked into besides the one that is named."""

_HEX = re.compile(r"(?<![0-9a-fA-F])([0-9a-fA-F]{32})\s*$")
_HREF = re.compile(r"""<a\s[^>]*?href\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)


def parse_md5(text: str) -> str:
    """Return the md5 that an .md5 file tells; "" when it tells none.

    NLM writes "MD5(name)= hex"; the last 32 hexadecimal digits count, so that a form
    of another year is read too. Of "hex  name" (md5sum) it is the first word.

    >>> parse_md5("MD5(pubmed26n0001.xml.gz)= 0F343B0931126A20F133D67C2B018A3B")
    '0f343b0931126a20f133d67c2b018a3b'
    >>> parse_md5("<html>not found</html>")
    ''
    """
    first = text.partition(" ")[0]
    found = _HEX.search(text) or _HEX.search(first)
    return found[1].lower() if found else ""


def parse_listing(html: str, address: str) -> tuple[str, ...]:
    """Return the addresses of NLM's files and folders that a page links to, sorted.

    Only what lies below the page's own address: a listing names its own files.

    >>> parse_listing('<a href="pubmed26n0001.xml.gz">', "https://a.example/x/")
    ('https://a.example/x/pubmed26n0001.xml.gz',)
    """
    found = {urljoin(address, unescape(href)) for href in _HREF.findall(html)}
    here = urlsplit(address)
    base = here.path.rpartition("/")[0] + "/"
    return tuple(
        sorted(
            each
            for each in found
            if (parts := urlsplit(each))[:2] == here[:2]
            and not parts.query
            and is_wanted(unquote(parts.path.removeprefix(base)))
        )
    )


def is_wanted(name: str) -> bool:
    """Tell whether a name in a folder or listing is NLM's: a file, or its two folders.

    >>> is_wanted("pubmed26n0001.xml.gz"), is_wanted("baseline/"), is_wanted("README")
    (True, True, False)
    """
    return parse_nlm_name(name) is not None or name.rstrip("/") in FOLDERS
