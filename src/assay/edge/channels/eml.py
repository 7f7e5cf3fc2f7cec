"""The channel eml: each digest as a mail in a file, for the person's own mailer."""

from assay.digest.model import name_of
from assay.edge.channels import Channel, Place, Post
from assay.edge.digest_files import write_file
from assay.edge.mail_post import NOT_SET, make_mail


def _check(place: Place) -> str:
    return "" if place.settings.email else f"The channel eml is not set up. {NOT_SET}"


def _deliver(post: Post, place: Place) -> str:
    mail = make_mail(post, place)
    return str(write_file(place.folder, f"{name_of(post.digest)}.eml", mail))


CHANNEL = Channel(
    name="eml",
    title="Mail as a file",
    what="Writes each digest as a mail, which your own mailer can open and send.",
    check=_check,
    deliver=_deliver,
)
