"""PDF: not yet."""

from assay.claims.article_parts import Parsed
from assay.errors import ArticleError


def parse_pdf(body: bytes) -> Parsed:
    """Return title, text and blocks of a PDF.

    Raises:
        ArticleError: always, for now.
    """
    del body
    raise ArticleError("It is a PDF. Save the article as text and give that file.")
