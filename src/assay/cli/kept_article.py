"""The article of a watched claim, kept as text: what its own words are taken from."""

import json

from assay.claims.article import parse_article
from assay.errors import ArticleError
from assay.model import Article, Block, Claim, Span
from assay.output.json import plain
from assay.output.typed import MisfitError, parse_as


def render_article(article: Article) -> str:
    """Return an article as JSON, its parts with it, so that it need not be cut again.

    >>> article = Article(name="a", title="", text="Tea.", blocks=(),
    ...                   sentences=(Span(0, 4),))
    >>> parse_kept(render_article(article), "a") == article
    True
    """
    return json.dumps(plain(article), ensure_ascii=False, separators=(",", ":"))


def parse_kept(text: str, name: str) -> Article:
    """Return an article that was kept; a plain text is cut into its parts.

    >>> parse_kept("Tea improves sleep.", "a.txt").sentences
    (Span(start=0, end=19),)
    >>> parse_kept("", "a.txt").text
    ''
    """
    try:
        return parse_as(Article, json.loads(text))
    except (MisfitError, ValueError):
        pass
    try:
        body = text.encode("utf-8", "replace")
        return parse_article(body, name=name, media_type="text/plain", charset="utf-8")
    except ArticleError:  # there is nothing in it, and so no word of its own
        return Article(name=name, title="", text=text, blocks=(), sentences=())


def join_sentences(claims: tuple[Claim, ...], name: str, title: str) -> Article:
    """Return an article that holds no more than the sentences of some claims.

    >>> join_sentences((), "a", "A").text
    ''
    """
    text = ""
    blocks: list[Block] = []
    for sentence in dict.fromkeys(claim.sentence for claim in claims):
        blocks.append(Block("paragraph", len(text), len(text) + len(sentence)))
        text += f"{sentence}\n"
    spans = tuple(Span(block.start, block.end) for block in blocks)
    return Article(
        name=name, title=title, text=text, blocks=tuple(blocks), sentences=spans
    )
