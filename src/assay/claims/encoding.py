"""From bytes to characters, without ever guessing in silence.

The order follows the encoding sniffing of the HTML standard (byte order mark, what the
transport says, what the page says), except that bytes which are valid UTF-8 win over a
declaration of an older encoding: such declarations are wrong far more often than text
in another encoding is valid UTF-8 by chance.
"""

import codecs
import re

from assay.errors import ArticleError

_MARKS = (  # the longer marks first: UTF-32 begins like UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_KNOWN = {
    "utf8", "utf16", "utf16le", "utf16be", "utf32", "ascii", "latin1", "iso88591",
    "windows1252", "cp1252", "gb2312", "gbk", "gb18030", "big5", "shiftjis", "sjis",
    "cp932", "windows31j", "eucjp", "iso2022jp", "euckr", "cp949", "koi8r", "koi8u",
    "macintosh", "macroman", "tis620", "usascii", "big5hkscs",
    *(f"iso8859{n}" for n in range(2, 17)),
    *(f"{name}{n}" for name in ("windows", "cp") for n in (874, *range(1250, 1259))),
}  # fmt: skip
"""The encodings of the web, without signs; others (utf-7, rot13 …) are not believed."""
_WIDER = {  # the web reads these labels as the larger set (encoding.spec.whatwg.org)
    "ascii": "windows-1252", "usascii": "windows-1252", "latin1": "windows-1252",
    "iso88591": "windows-1252", "gb2312": "gb18030", "gbk": "gb18030",
    "shiftjis": "cp932", "sjis": "cp932", "windows31j": "cp932", "euckr": "cp949",
    "iso88599": "windows-1254", "iso885911": "cp874", "tis620": "cp874",
    "windows874": "cp874", "macintosh": "mac-roman", "big5": "big5hkscs",
}  # fmt: skip
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})"
    rb"|^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{1,40})",
    re.IGNORECASE,
)
_WINDOW = 4096
"""Bytes in which a page's own declaration is looked for (the standard asks 1,024)."""
MAX_STRANGE = 0.25
"""Largest share of letters outside ASCII in a text guessed to be windows-1252. French
and German have under 0.1; Russian or Greek read wrongly have over 0.9."""


def decode_text(body: bytes, *, charset: str = "") -> str:
    """Return the characters of `body`, without a byte order mark.

    `charset` is what the transport declared, "" when nothing. Without a usable
    declaration UTF-8 is tried, UTF-16 without a mark, then windows-1252 when the result
    looks like western text.

    Raises:
        ArticleError: when no encoding gives a believable text.

    >>> decode_text(b"caf\\xe9 na\\xefve and more"), decode_text("\\ufeffé".encode())
    ('café naïve and more', 'é')
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            text = _decoded(body[len(mark) :], encoding)
            if text is not None:
                return text
    page = _DECLARED.search(body[:_WINDOW])
    said = next((g for g in page.groups() if g), b"").decode() if page else ""
    bare = _bare_utf16(body)
    for encoding in (bare, _web_name(charset), "utf-8", _web_name(said)):
        text = _decoded(body, encoding) if encoding else None
        if text is not None and not _utf8_read_otherwise(body, encoding):
            return text
    return _guessed(body)


def _decoded(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _utf8_read_otherwise(body: bytes, encoding: str) -> bool:
    """Tell whether bytes that are UTF-8 would be read as something else.

    ASCII is the same in nearly all encodings, but not in the wide ones, which cannot
    write it without zeros.
    """
    if encoding == "utf-8" or _decoded(body, "utf-8") is None:
        return False
    wide = encoding.startswith(("utf-16", "utf-32"))
    return b"\0" not in body if wide else not body.isascii()


def _web_name(label: str) -> str:
    """Return the codec for a declared label as the web reads it, or ""."""
    bare = re.sub(r"[^a-z0-9]", "", label.lower())
    if bare not in _KNOWN:
        return ""
    if bare in {"utf16", "utf32"}:
        return f"{bare[:3]}-{bare[3:]}-le"
    return _WIDER.get(bare, label.strip().lower())


def _bare_utf16(body: bytes) -> str:
    """Return the UTF-16 form that bytes without a mark are in, or "".

    Text that is mostly ASCII has a zero in every second byte.
    """
    head = body[:2000]
    if len(head) < 4:
        return ""
    even = head[0::2].count(0) / len(head[0::2])
    odd = head[1::2].count(0) / len(head[1::2])
    if max(even, odd) < 0.7 or min(even, odd) > 0.1:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _guessed(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    sound = sum(1 for c in text if c > "\x7f") - lost
    if lost <= max(1, len(text) // 500) and sound > 2 * lost:
        return text  # UTF-8 with a few broken bytes: they stay visible as U+FFFD
    western = _decoded(body, "windows-1252")
    if western is not None and _looks_western(western):
        return western
    msg = (
        "The article's characters cannot be decoded: it is not UTF-8 and names no"
        " encoding that fits. Save it as UTF-8 text and try again."
    )
    raise ArticleError(msg)


def _looks_western(text: str) -> bool:
    letters = sum(1 for c in text if c.isalpha())
    strange = sum(1 for c in text if c > "\x7f" and c.isalpha())
    controls = sum(1 for c in text if c < " " and c not in "\t\n\r\f")
    return strange <= MAX_STRANGE * letters and controls * 100 <= len(text)
