"""A list of articles, read from a file, a folder or standard input."""

import re
from pathlib import Path
from typing import BinaryIO, NamedTuple

from assay.claims.article_list import name_reports, parse_article_list
from assay.errors import UsageError

ENDINGS = (".html", ".htm", ".xhtml", ".md", ".markdown", ".txt", ".pdf")
"""What an article's name ends in, in a folder; all else lies there beside them."""

STDIN = "standard input"

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


class Entry(NamedTuple):
    """An article of a list, as it can be read."""

    shown: str
    """As it stands in the list."""
    target: str
    """An absolute path, or an address."""
    name: str
    """Of its report, without an ending."""
    why: str = ""
    """Why it cannot be checked, in a sentence; "" where it may be tried."""


class Listing(NamedTuple):
    """What a list names."""

    name: str
    """Of the list, for people."""
    entries: tuple[Entry, ...]
    passed_over: int = 0
    """Files of folders that are no articles by their endings."""


def read_list(listed: str, stdin: BinaryIO) -> Listing:
    """Return the articles that a list names, each once.

    A path counts from the folder of the list; from the working folder where the list
    comes from standard input ("-"). A folder stands for the articles right in it.

    What is not UTF-8 is an entry that says so.

    Raises:
        UsageError: there is no such list, it is no list, or nothing is on it.
    """
    place = Path(listed).expanduser()
    if listed == "-":
        name, base, lines = STDIN, Path.cwd(), _lines(stdin.read(), STDIN)
    elif place.is_dir():
        name, base, lines = place.resolve().name, place.resolve(), (".",)
    else:
        name, base, lines = place.name, place.absolute().parent, _read(place)
    found: dict[str, str] = {}
    passed_over = 0
    for line in lines:
        path = base / Path(line).expanduser()
        if _SCHEME.match(line) and not path.exists():
            found.setdefault(line, line)
        elif path.is_dir():
            files = sorted(each for each in path.iterdir() if each.is_file())
            articles = [each for each in files if each.suffix.lower() in ENDINGS]
            passed_over += len(files) - len(articles)
            shown = ((str(Path(line, each.name)), each) for each in articles)
            found |= {str(each.absolute()): told for told, each in shown}
        else:
            found.setdefault(str(path.absolute()), line)
    if not found:
        raise UsageError(f"{name}: no article is on the list.")
    named = name_reports(tuple(found.values()))
    entries = (
        _enter(each.target, target, each.name)
        for target, each in zip(found, named, strict=True)
    )
    return Listing(name, tuple(entries), passed_over)


def _enter(shown: str, target: str, name: str) -> Entry:
    """Return the entry of an article; bytes that are not UTF-8 are shown by number."""
    clear = shown.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    if clear == shown:
        return Entry(shown, target, name)
    why = "Its name is not UTF-8. Rename the file, or write the list in UTF-8."
    return Entry(clear, clear, name, why)


def _read(path: Path) -> tuple[str, ...]:
    try:
        return _lines(path.read_bytes(), path.name)
    except OSError as error:
        raise UsageError(
            f"The list {path} cannot be read: {error.strerror}. Name a file with one "
            "article a line, a folder of articles, or -."
        ) from error


def _lines(body: bytes, name: str) -> tuple[str, ...]:
    text = body.decode("utf-8-sig", "surrogateescape")
    lines = parse_article_list(text)
    if lines and not any(map(_is_utf8, lines)):
        raise UsageError(f"{name} is no list: it is not UTF-8 text.")
    if "\0" in text or text.lstrip().startswith("<"):
        raise UsageError(
            f"{name} is no list of articles, but looks like one article. "
            "Check it without --many."
        )
    return lines


def _is_utf8(line: str) -> bool:
    """Tell whether all of a line was; else it holds stand-ins for single bytes."""
    return not any("\ud800" <= letter <= "\udfff" for letter in line)
