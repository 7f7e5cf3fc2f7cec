"""The channel webhook: each digest as JSON to an address of the person's."""

from assay.edge.channels import Channel, Place, Post
from assay.edge.secrets import WEBHOOK
from assay.edge.webhook_post import check_address, find_address, post_digest
from assay.output.digest_webhook import render_webhook


def _check(place: Place) -> str:
    return check_address(WEBHOOK, place, place.settings.webhook)


def _deliver(post: Post, place: Place) -> str:
    address = find_address(WEBHOOK, place, place.settings.webhook)
    body = render_webhook(post.digest, workspace=place.workspace)
    return post_digest(post, place, address, body)


CHANNEL = Channel(
    name="webhook",
    title="Webhook",
    what="Posts each digest as JSON to an address of yours.",
    check=_check,
    deliver=_deliver,
)
