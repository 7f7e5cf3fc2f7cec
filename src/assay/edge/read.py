"""Reads an article's bytes: from a file, from standard input, or from an address."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from assay.claims.article import MAX_BYTES
from assay.edge.page import Page
from assay.errors import ArticleError

FetchPage = Callable[..., Page]
"""As `page.fetch_page`: (address, *, allow_local) -> Page."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


def read_article(
    target: str, *, stdin: BinaryIO, allow_local: bool, fetch_page: FetchPage
) -> Page:
    """Return the bytes of an article, its name, media type and charset.

    `target` is a path, "-" for standard input, or an http(s) address. At most one byte
    more than MAX_BYTES is read; `claims.parse_article` says when that is too much.

    Raises:
        ArticleError: when it cannot be read; says what to do.
    """
    if target == "-":
        return Page(stdin.read(MAX_BYTES + 1), "standard input", "", "")
    if _SCHEME.match(target) and not _is_file(target):
        return fetch_page(target, allow_local=allow_local)
    return _file(target)


def _is_file(target: str) -> bool:
    """Tell whether a file of that name is there: "C:\\tea.txt" is no address."""
    try:
        return Path(target).exists()
    except (OSError, ValueError):
        return False


def _file(target: str) -> Page:
    path = Path(target)
    if target.startswith("~"):
        path = path.expanduser()
    try:
        with path.open("rb") as file:
            return Page(file.read(MAX_BYTES + 1), path.name, "", "")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ArticleError(_missing(target)) from error
    except IsADirectoryError as error:
        raise ArticleError(
            f"{target} is a folder. Name one file in it, one at a time."
        ) from error
    except PermissionError as error:
        raise ArticleError(
            f"{target} may not be read. Change its permissions or copy it."
        ) from error
    except (OSError, ValueError, RuntimeError) as error:
        raise ArticleError(
            f"{target!r} cannot be read as a file. Check the name."
        ) from error


def _missing(target: str) -> str:
    if re.match(r"www\.|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}/", target):
        return f"There is no file {target}. For a page, begin it with https://."
    return f"There is no file {target}. Check the name, or give an address or -."
