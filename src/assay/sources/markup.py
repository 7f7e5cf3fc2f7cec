"""Marks in titles and abstracts (HTML, JATS, Markdown) taken off; headings kept."""

import re
from html import unescape

from assay.record import Section

_INLINE = (
    "i|b|u|em|strong|sup|sub|inf|small|span|tt|sc|a|italic|bold|underline|monospace"
)
_BLOCK = "p|br|div|ul|ol|li|list|list-item|title|sec|table|tr|td|label|abstract"
_HEADING = re.compile(
    r"<(?:jats:)?(h[1-6]|title)(?:\s[^<>]*)?>(.*?)</(?:jats:)?\1\s*>",
    re.IGNORECASE | re.S,
)
_IN_LINE = re.compile(rf"</?(?:jats:)?(?:{_INLINE})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_SPACE = re.compile(
    rf"</?(?:jats:)?(?:{_BLOCK}|h[1-6]|mml:\w+)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)


def plain_text(text: str) -> str:
    """Return a text without marks, on one line; what is no known mark is kept.

    >>> plain_text("CO<sub>2</sub>  if p <0.05 &amp; n >3<br/>in <i>vivo</i>")
    'CO2 if p <0.05 & n >3 in vivo'
    """
    return " ".join(unescape(_SPACE.sub(" ", _IN_LINE.sub("", text))).split())


def split_sections(text: str) -> tuple[Section, ...]:
    """Return the parts of an abstract, each with its heading as label; () for "".

    >>> split_sections("<h4>Methods</h4>We asked. <h4>Results</h4><p>All slept.</p>")
    (Section(text='We asked.', label='Methods', category=''), \
Section(text='All slept.', label='Results', category=''))
    >>> split_sections("Tea was drunk.")[0].label
    ''
    """
    pieces = _HEADING.split(text)
    found = [("", pieces[0])]
    found += zip(pieces[2::3], pieces[3::3], strict=True)
    told = [(plain_text(label).rstrip(":"), plain_text(part)) for label, part in found]
    return tuple(Section(part, label) for label, part in told if part or label)


_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!<>~|-])")
_BULLET = re.compile(r"^[ \t]*[*+][ \t]+", re.MULTILINE)


def plain_markdown(text: str) -> str:
    r"""Return Markdown, as ClinicalTrials.gov writes it, as plain text on one line.

    >>> plain_markdown("Inclusion:\n\n* age \\>= 18\n* no \\*tea\\*")
    'Inclusion: - age >= 18 - no *tea*'
    """
    return " ".join(unescape(_ESCAPED.sub(r"\1", _BULLET.sub("- ", text))).split())
