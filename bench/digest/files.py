"""The files of all digests, read back: each item of each digest exactly once."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import feedparser
import rispy

from assay.digest.model import Digest, name_of

PMID = re.compile(r"pubmed\.ncbi\.nlm\.nih\.gov/(\d+)")


def check_files(
    folder: Path, digests: Sequence[Digest], channels: Sequence[str]
) -> list[str]:
    """Return what the files of these channels lack or have twice; [] when nothing."""
    return [
        wrong
        for name in channels
        if name in CHECKS
        for wrong in CHECKS[name](folder, digests)
    ]


def _pmids(digest: Digest) -> frozenset[str]:
    return frozenset(item.work.pmid for item in digest.items)


def _others(digest: Digest) -> frozenset[str]:
    """Return the PMIDs that a page names beside its new works."""
    named = [name for item in digest.items for name in (item.before, *item.also)]
    notices = [note.pmid for item in digest.items for note in item.notices]
    for fell in digest.fallen:
        named.append(fell.work.key)
        notices += [note.pmid for note in fell.notices]
    return frozenset((*(name.removeprefix("pmid:") for name in named), *notices))


def _check_each(
    ending: str, read: Callable[[Path], Counter[str]], *, quiet: bool = True
) -> Callable[[Path, Sequence[Digest]], Iterator[str]]:
    """Return the check of a channel that writes one file a digest.

    quiet: whether it does so for a digest without a new work.
    """

    def check(folder: Path, digests: Sequence[Digest]) -> Iterator[str]:
        wanted = {
            f"{name_of(digest)}.{ending}": digest
            for digest in digests
            if quiet or digest.items
        }
        there = {path.name for path in folder.glob(f"????-??-??-*.{ending}")}
        for name in sorted(wanted.keys() ^ there):
            yield f"{name} is {'missing' if name in wanted else 'too much'}"
        for name in sorted(wanted.keys() & there):
            held, digest = read(folder / name), wanted[name]
            lacks = _pmids(digest) - held.keys()
            more = held.keys() - _pmids(digest) - _others(digest)
            twice = [pmid for pmid, often in held.items() if often > 1]
            if lacks or more or twice:
                yield f"{name}: lacks {lacks}, has {more} too much, {twice} twice"

    return check


def _read_markdown(path: Path) -> Counter[str]:
    """Return the PMIDs that the list of new works links to, each as often."""
    return Counter(set(PMID.findall(path.read_text(encoding="utf-8"))))


def _read_ris(path: Path) -> Counter[str]:
    with path.open(encoding="utf-8") as file:
        found = rispy.load(file)
    return Counter(str(entry.get("accession_number", "")) for entry in found)


def _check_mail(folder: Path, digests: Sequence[Digest]) -> Iterator[str]:
    names = Counter(
        message_from_bytes(path.read_bytes(), policy=default)["Message-ID"]
        for path in folder.glob("*.eml")
    )
    if len(names) != len(digests) or max(names.values(), default=1) > 1:
        often = names.most_common(1)
        yield f"{len(digests)} digests, {len(names)} Message-IDs: {often}"


def _check_feed(folder: Path, _digests: Sequence[Digest]) -> Iterator[str]:
    feed = feedparser.parse((folder / "feed.atom").read_bytes())
    ids = Counter(entry.id for entry in feed.entries)
    if not ids or max(ids.values()) > 1 or feed.bozo:
        yield f"the feed: {len(ids)} ids, {ids.most_common(1)}, {feed.get('bozo')}"


CHECKS: dict[str, Callable[[Path, Sequence[Digest]], Iterator[str]]] = {
    "markdown": _check_each("md", _read_markdown),
    "ris": _check_each("ris", _read_ris, quiet=False),
    "html": _check_each("html", _read_markdown),
    "eml": _check_mail,
    "atom": _check_feed,
}
"""Channel → what is wrong with its files."""
