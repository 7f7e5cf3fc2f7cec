"""The channel slack: each digest as a message to Slack, by an incoming webhook."""

from assay.edge.channels import Channel, Place, Post
from assay.edge.secrets import SLACK
from assay.edge.webhook_post import check_address, find_address, post_digest
from assay.output.digest_webhook import render_slack


def _deliver(post: Post, place: Place) -> str:
    address = find_address(SLACK, place)
    return post_digest(post, place, address, render_slack(post.digest))


CHANNEL = Channel(
    name="slack",
    title="Slack",
    what="Posts each digest to a channel of Slack, or of what takes Slack's messages.",
    check=lambda place: check_address(SLACK, place),
    deliver=_deliver,
)
