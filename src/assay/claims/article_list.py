"""A list of articles: what is on it, and the name of each one's report."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

INDEX = "index"
"""Name of the page that lists the reports: no report is called so."""

LONGEST_NAME = 80
"""Characters of a report's name without what tells it from others."""


class Listed(NamedTuple):
    """An article of a list."""

    target: str
    """A path or an address, as it stands in the list."""
    name: str
    """Of its report, without an ending; differs from the others' in any case."""


def parse_article_list(text: str) -> tuple[str, ...]:
    """Return the articles of a list, each once, in order.

    One stands on a line. Blank lines and lines that begin with # are passed over.

    >>> parse_article_list("# ours\\n\\ntea.html\\n https://example.org/#a \\ntea.html")
    ('tea.html', 'https://example.org/#a')
    """
    lines = (line.strip() for line in text.lstrip("\ufeff").splitlines())
    return tuple(dict.fromkeys(line for line in lines if line and line[0] != "#"))


def name_reports(targets: Sequence[str]) -> tuple[Listed, ...]:
    """Return each article with the name of its report.

    It is that of the file, or the words of the address. Articles that would share one
    have some digits of their own after it, whatever the order of the list.

    >>> [each.name for each in name_reports(["a/Tea.html", "https://x.org/b?c=1"])]
    ['Tea', 'x.org-b-c-1']
    >>> [len(each.name) for each in name_reports(["a/tea.md", "b/Tea.html"])]
    [12, 12]
    >>> name_reports(["index.html"])[0].name[:6]
    'index-'
    """
    stems = [_stem(target) for target in targets]
    shared = Counter(stem.casefold() for stem in stems)
    shared[INDEX] += 1
    return tuple(
        Listed(target, stem if shared[stem.casefold()] < 2 else _marked(stem, target))
        for target, stem in zip(targets, stems, strict=True)
    )


def _stem(target: str) -> str:
    """Return a name that is one on every system: letters, digits, dots and hyphens."""
    scheme, found, rest = target.partition("://")
    if found and re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]+", scheme):
        words = rest
    else:
        words = re.split(r"[/\\]", target.rstrip("/\\"))[-1]
        words = re.sub(r"(?<=.)\.[A-Za-z0-9]{1,8}$", "", words)
    name = re.sub(r"[^\w.]+", "-", words).strip("-._")[:LONGEST_NAME].strip("-._")
    return f"{name}-" if _RESERVED.fullmatch(name) else name or "article"


_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
"""Names that no file may have on Windows."""


def _marked(stem: str, target: str) -> str:
    digest = hashlib.sha256(target.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{stem}-{digest[:8]}"
