"""HTML: the article's own words, in order, without the page around them.

Our own walk over the page gives its blocks, and trafilatura tells which of them belong
to the article. Where it finds little, the part marked as the article is taken whole:
losing an article's claims is worse than keeping a line too many.
"""

import logging
import re
from collections.abc import Iterator
from importlib import import_module

import lxml.html
from lxml import etree

from assay.claims.article_parts import (
    Parsed,
    Part,
    clean_characters,
    count_words,
    join_parts,
    letters,
)
from assay.text import fold

MIN_SHARE = 0.6
"""trafilatura's words over our own walk's, below which our walk is taken."""
MAX_ELEMENTS = 50_000
"""Elements of a page up to which trafilatura is asked. Its time grows faster than their
number (5 s for 60,000 here, 150 s for 500,000); an article has a few thousand."""
MAX_COMPARED = 300_000
"""Letters of an article up to which its parts are looked up in trafilatura's text."""
LONG_KEY = 25
"""Letters from which a part found inside trafilatura's text is no chance."""
MAX_TITLE = 300
"""Characters of the longest title."""
MAX_LINK = 100
"""Characters: a block of nothing but links is navigation when shorter."""
LONG_CELL = 120
"""Characters: a table with a longer cell lays out a page; it is no table of facts."""

_KIND = {
    "p": "", "div": "", "section": "", "article": "", "main": "", "body": "",
    "center": "", "dl": "", "ul": "", "ol": "", "list": "", "table": "", "tbody": "",
    "thead": "", "details": "", "header": "", "figure": "", "address": "", "hr": "",
    "head": "heading", **{f"h{n}": "heading" for n in range(1, 7)},
    "summary": "heading", "dt": "heading", "legend": "heading",
    "li": "item", "item": "item", "dd": "item",
    "quote": "quote", "blockquote": "quote", "q": "quote",
    "figcaption": "caption", "caption": "caption",
    "tr": "", "row": "", "td": "", "th": "", "cell": "",
}  # fmt: skip
"""Elements that begin a block, and its kind; "" takes the kind of what is around."""
_SKIPPED = {
    "script", "style", "noscript", "nav", "footer", "aside", "form", "button", "svg",
    "template", "select", "textarea", "iframe", "object", "video", "audio", "math",
    "pre", "code", "title", "meta", "link", "graphic", "dialog", "canvas",
}  # fmt: skip
_NOISE = re.compile(
    r"(?:^|[\s_-])(?:comments?|disqus|cookie|consent|sidebar|breadcrumbs?|share|social"
    r"|related|newsletter|subscribe|promo|advert\w*|menu|navbar|popup|modal)(?:$|"
    r"[\s_-])",
    re.IGNORECASE,
)
_ROWS = {"tr", "row"}
_CELLS = {"td", "th", "cell"}
_BREAK = {"br", "lb"}
_FOOTNOTE = re.compile(
    r"\s*[\[(]?\s*(?:\d{1,3}|[*†‡§]|[a-z])\s*(?:[,;–-]\s*\d{1,3}\s*)*[\])]?\s*"
)
_SITE_NAME = re.compile(r"\s+[|»·•—–-]\s+[^|»·•—–]{1,40}$")

logging.getLogger("trafilatura").addHandler(logging.NullHandler())
# Without a handler, Python would print its notes on damaged pages to the terminal.


def parse_page(source: str) -> lxml.html.HtmlElement | None:
    """Return the tree of a page, None when there is nothing in it to make one of.

    >>> parse_page("<p>Tea") is None, parse_page("  ") is None
    (False, True)
    """
    source = re.sub(r"^\s*<\?xml[^>]*\?>", "", source)
    if not source.strip():
        return None
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True)
    try:
        tree = lxml.html.document_fromstring(source, parser=parser)
    except (etree.LxmlError, ValueError):
        return None
    for mark in list(tree.iter("sup")):
        _drop_footnote(mark)
    return tree


def parse_html(tree: lxml.html.HtmlElement) -> Parsed:
    """Return title, text and blocks of the main text of a page.

    The blocks may be none; `article_stub` then says what the page was.

    >>> tree = parse_page("<h1>Tea</h1><p>It calms<sup>1</sup>.</p><nav>Home</nav>")
    >>> parse_html(tree).text
    'Tea\\n\\nIt calms.'
    """
    title = _title(tree)
    own = list(_parts(_main(tree)))
    whole = list(_parts(tree, strict=False))  # read before trafilatura, which cuts
    if not own:  # all the text stands in parts that are usually noise
        own = whole
    kept = _confirmed(whole, _by_trafilatura(tree))
    enough = _words(kept) >= MIN_SHARE * _words(own)
    return join_parts(title, kept if kept and enough else own)


def _confirmed(whole: list[Part], found: list[Part]) -> list[Part]:
    """Return the parts of the whole page that trafilatura found too, with headings.

    It knows what belongs to an article, and our walk keeps its order and its headings:
    a heading stays when a confirmed part follows it. When it found one lump of text, or
    the page is too large to compare, nothing is confirmed.
    """
    keys = {letters(p.text) for p in found}
    lump = "".join(letters(p.text) for p in found)
    if len(found) < 2 or len(lump) > MAX_COMPARED:
        return []
    kept: list[Part] = []
    for part in reversed(whole):
        key = letters(part.text)
        before = part.kind == "heading" and kept and kept[-1].kind != "heading"
        if key in keys or before or (len(key) > LONG_KEY and key in lump):
            kept.append(part)
    return kept[::-1]


def _words(parts: list[Part]) -> int:
    return sum(count_words(p.text) for p in parts)


def _by_trafilatura(tree: lxml.html.HtmlElement) -> list[Part]:
    """Return the blocks that trafilatura finds, none when it fails on the page."""
    if sum(1 for _ in tree.iter()) > MAX_ELEMENTS:
        return []
    trafilatura = import_module("trafilatura")  # 0.1 s, which other texts do not need
    try:
        document = trafilatura.bare_extraction(
            tree, favor_recall=True, include_comments=False, include_tables=True
        )
    except Exception:  # it fails in many ways on damaged pages
        return []
    body = getattr(document, "body", None)
    return [] if body is None else list(_parts(body))


def _drop_footnote(mark: lxml.html.HtmlElement) -> None:
    """Remove a raised footnote number; a power, as in 10<sup>6</sup>, stays."""
    before = mark.getprevious()
    parent = mark.getparent()
    if parent is None or not _FOOTNOTE.fullmatch(mark.text_content() or ""):
        return
    text = (parent.text if before is None else before.tail) or ""
    if not text[-1:].isdigit():
        mark.text = None
        del mark[:]


def _title(tree: lxml.html.HtmlElement) -> str:
    """Return the article's title.

    The heading that the page's title begins with, else the only heading of the first
    rank, else the page's title without the site's name.
    """
    heads = [(str(h.tag), _heading(h)) for h in tree.iter("h1", "h2")]
    named = tree.xpath("string(//meta[@property='og:title']/@content)")
    page = clean_characters(fold(str(named) or str(tree.xpath("string(//title)"))))
    for _, head in heads:
        if count_words(head) > 1 and letters(page).startswith(letters(head)):
            return head
    first = [head for tag, head in heads if tag == "h1" and head]
    if len(first) == 1 and len(first[0]) <= MAX_TITLE:
        return first[0]
    return _SITE_NAME.sub("", page)[:MAX_TITLE]


def _heading(element: lxml.html.HtmlElement) -> str:
    return clean_characters(fold(element.text_content())).strip("¶# ")


def _main(tree: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    """Return the one element marked as the article, else the whole page."""
    for path in ("//article", "//main", "//*[@role='main']"):
        marked = tree.xpath(path)
        if len(marked) == 1 and count_words(marked[0].text_content()) > 20:
            return marked[0]
    return tree


def _parts(root: etree._Element, *, strict: bool = True) -> Iterator[Part]:
    """Yield the blocks of a tree in reading order, every piece of text once.

    `strict` leaves out elements whose class or id says that they are no article text.
    """
    kinds = ["paragraph"]
    words: list[tuple[str, bool]] = []  # each piece, and whether it stands in a link
    links = 0
    skipped = False  # the next event is the end of an element that was passed over
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = str(element.tag)
        if event == "end":
            if tag in _KIND and not skipped:
                yield from _flushed(words, kinds.pop())
            links -= tag == "a" and not skipped
            skipped = False
            if element is not root:
                words.append((_one_line(element.tail), links > 0))
            continue
        row = _fact_row(element) if tag in _ROWS else ""
        if tag in _KIND or row:
            yield from _flushed(words, kinds[-1])
        skipped = bool(row) or (element is not root and _is_noise(element, strict))
        if row:
            yield Part("table", clean_characters(row))
        if skipped:
            walk.skip_subtree()
            continue
        if tag in _KIND:
            kinds.append(_KIND[tag] or kinds[-1])
        links += tag == "a"
        text = "\n" if tag in _BREAK else _one_line(element.text)
        words.append((text, links > 0))
    yield from _flushed(words, kinds[-1])


def _is_noise(element: etree._Element, strict: bool) -> bool:
    """Tell whether an element holds no text of the article."""
    tag = str(element.tag)
    if tag in _SKIPPED or element.get("hidden") is not None:
        return True
    if element.get("aria-hidden") == "true" or "display:none" in (
        element.get("style") or ""
    ).replace(" ", ""):
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return strict and tag not in {"body", "html", "p"} and bool(_NOISE.search(names))


def _fact_row(row: etree._Element) -> str:
    """Return the cells of a table row in one line, "" when they lay out a page."""
    cells = [fold(_all_text(c)) for c in row if str(c.tag) in _CELLS]
    if any(len(cell) > LONG_CELL for cell in cells) or len(cells) < 2:
        return ""
    return " | ".join(cells)


def _flushed(words: list[tuple[str, bool]], kind: str) -> Iterator[Part]:
    """Yield what has been gathered as blocks of one kind, and forget it.

    A line break ends a block unless the next line goes on in lower case. A short block
    that is nothing but links leads elsewhere and is left out, unless it is a heading.
    """
    text = clean_characters("".join(piece for piece, _ in words))
    plain = "".join(piece for piece, linked in words if not linked)
    words.clear()
    if kind != "heading" and len(text) < MAX_LINK and not re.search(r"\w", plain):
        return
    current: list[str] = []
    for line in filter(None, map(fold, text.split("\n"))):
        if current and not line[0].islower():
            yield Part(kind, " ".join(current))
            current.clear()
        current.append(line)
    if current:
        yield Part(kind, " ".join(current))


def _all_text(element: etree._Element) -> str:
    return "".join(str(piece) for piece in element.itertext())


def _one_line(text: str | None) -> str:
    """Return text with the page's own line ends, which mean nothing, as blanks."""
    return re.sub(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]", " ", text or "")
