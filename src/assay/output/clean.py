"""Text from outside made safe to show: in a terminal, in Markdown, in JSON.

Articles and records are written by others. Nothing in them may move a cursor, colour a
line, turn a sentence round or become a link. HTML needs one thing more, escaping, which
the template engine does for every value.
"""

import re

from assay.text import fold

_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor, erase
    r"|\x1b[\]PX^_][^\x07\x1b\n]{0,400}(?:\x07|\x1b\\)"  # OSC, DCS …: titles, links
    r"|\x1b[ -/]*[0-~]"  # the short ones: reset, character sets
)
"""Terminal sequences (ECMA-48). An unclosed string is not taken as one: it would
swallow the text after it."""

_BREAK = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f"  # C0 and C1 controls but tab and newline
    "\u202a-\u202e\u2066-\u2069"  # bidirectional embeddings, overrides, isolates
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"  # marks and tags nobody sees
)
_BROKEN = re.compile(
    "[\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane + low) for plane in range(0, 0x110000, 0x10000)
              for low in (0xFFFE, 0xFFFF))
    + "]"
)  # fmt: skip
"""Half characters and noncharacters: no file or page may hold them."""

_UNSAFE_JSON = re.compile(f"{_HIDDEN.pattern}|{_BROKEN.pattern}|[\x85\u2028\u2029]")

_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#|~$@^]|!(?=\[)|:(?=\S)|(?<=www)\.")
_MARKDOWN_START = re.compile(r"(?:[-+](?=\s|$)|[-=](?=[-=]*$)|\d{1,9}[.)](?=\s|$))")


def clean(text: str) -> str:
    r"""Return `text` without anything that acts instead of being read.

    Terminal sequences and controls go, tabs become blanks, every kind of line break
    becomes a newline, what no file may hold becomes U+FFFD. Blanks are kept as they
    are, so that pieces of a text can be cleaned one by one and put together.

    >>> clean("\x1b[31mred\x1b[0m\tand \x9bplain\u202e")
    'red and plain'
    >>> clean("one\r\ntwo")
    'one\ntwo'
    """
    text = _BREAK.sub("\n", _SEQUENCE.sub("", text)).replace("\t", " ")
    return _BROKEN.sub("\ufffd", _HIDDEN.sub("", text))


def one_line(text: str) -> str:
    r"""Return `text` cleaned, on one line, with single blanks.

    >>> one_line(" a\n b\x07 ")
    'a b'
    """
    return fold(clean(text))


def escape_markdown(text: str) -> str:
    r"""Return `text` as Markdown that shows exactly these words on one line.

    No character of it starts a list, a heading, a link (also not a bare address, as
    GitHub makes of one), an emphasis, a formula or a tag.

    >>> print(escape_markdown("[go](javascript:x) <b> & *1*"))
    \[go\](javascript\:x) &lt;b&gt; &amp; \*1\*
    >>> print(escape_markdown("1. www.example.org"))
    1\. www\.example.org
    """
    line = one_line(text).replace("&", "&amp;")
    line = _MARKDOWN.sub(lambda m: _HTML.get(m[0], f"\\{m[0]}"), line)
    if start := _MARKDOWN_START.match(line):
        cut = start.end() - 1
        line = f"{line[:cut]}\\{line[cut:]}"
    return line


_HTML = {"<": "&lt;", ">": "&gt;"}


def escape_json(text: str) -> str:
    r"""Return JSON `text` with hidden characters written as escapes; same value.

    >>> print(escape_json('"a\u202eb"'))
    "a\u202eb"
    """
    return _UNSAFE_JSON.sub(lambda m: _escaped(m[0]), text)


def _escaped(char: str) -> str:
    code = char.encode("utf-16-be", "surrogatepass")
    pairs = (code[i : i + 2] for i in range(0, len(code), 2))
    return "".join(f"\\u{pair.hex()}" for pair in pairs)
