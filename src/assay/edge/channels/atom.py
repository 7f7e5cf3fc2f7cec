"""The channel atom: one feed of all digests, feed.atom."""

from assay.edge.channels import Channel, Place, Post
from assay.edge.digest_files import write_file
from assay.output.digest_atom import render_atom
from assay.output.digest_words import is_quiet

FEED = "feed.atom"
OURS = b"<generator>assay</generator>"
"""By which a feed of ours is known."""


def _deliver(post: Post, place: Place) -> str:
    """Write the feed; a digest that tells nothing leaves it as it is."""
    path = place.folder / FEED
    if is_quiet(post.digest) and path.is_file():
        return str(path)
    digests = post.past(len(post.headings()))
    feed = render_atom(digests, workspace=place.workspace, title=place.settings.title)
    return str(write_file(place.folder, FEED, feed.encode(), ours=OURS))


CHANNEL = Channel(
    name="atom",
    title="Atom feed",
    what=f"Writes a feed of all digests for a feed reader, {FEED}.",
    check=lambda _place: "",
    deliver=_deliver,
)
