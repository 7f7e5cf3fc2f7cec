"""The channel html: a page for each digest, and an index of all of them."""

from importlib import import_module
from pathlib import Path

from assay.digest.model import Digest, Heading, name_of
from assay.edge.channels import Channel, Place, Post
from assay.edge.digest_files import write_file

PAGES = "assay.output.digest_html"
"""Loaded when there is a digest: a run in which nothing is due stays small."""
INDEX = "index.html"
OURS = b"<title>assay digests</title>"
"""By which an index of ours is known: a folder may hold a person's own pages."""
FEED = "feed.atom"


def _deliver(post: Post, place: Place) -> str:
    """Write the digest's page and the index, and past pages that are not there."""
    path = _write_page(post.digest, place.folder)
    headings = post.headings()
    _write_lost(post, place.folder, headings)
    feed = "atom" in place.settings.to or (place.folder / FEED).is_file()
    index = str(import_module(PAGES).render_digest_index(headings, feed=feed))
    write_file(place.folder, INDEX, index.encode(), ours=OURS)
    return str(path)


def _write_page(digest: Digest, folder: Path) -> Path:
    page = str(import_module(PAGES).render_digest_html(digest))
    return write_file(folder, f"{name_of(digest)}.html", page.encode())


def _write_lost(post: Post, folder: Path, headings: tuple[Heading, ...]) -> None:
    """Write anew the pages of past digests that the index names and that lack."""
    lost = {
        heading.number: at
        for at, heading in enumerate(headings, 1)
        if not (folder / f"{name_of(heading)}.html").exists()
    }
    for digest in post.past(max(lost.values())) if lost else ():
        if digest.number in lost:
            _write_page(digest, folder)


CHANNEL = Channel(
    name="html",
    title="HTML pages",
    what="Writes a page for each digest and an index of all of them, index.html.",
    check=lambda _place: "",
    deliver=_deliver,
)
