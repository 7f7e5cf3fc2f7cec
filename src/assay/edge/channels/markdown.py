"""The channel markdown: a Markdown file for each digest."""

from assay.digest.model import name_of
from assay.edge.channels import Channel, Place, Post
from assay.edge.digest_files import write_file
from assay.output.digest_markdown import render_digest_markdown


def _deliver(post: Post, place: Place) -> str:
    text = render_digest_markdown(post.digest)
    return str(write_file(place.folder, f"{name_of(post.digest)}.md", text.encode()))


CHANNEL = Channel(
    name="markdown",
    title="Markdown",
    what="Writes a Markdown file for each digest.",
    check=lambda _place: "",
    deliver=_deliver,
)
