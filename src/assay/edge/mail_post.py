"""A digest as the mail that the settings ask for, whichever way it goes."""

from assay.edge.channels import Place, Post
from assay.errors import DeliveryError
from assay.output.digest_mail import MailHeaders, build_mail

NOT_SET = (
    "assay.toml says neither from whom nor to whom a mail is: write a table "
    '[digest.email] with "from" and "to".'
)


def make_mail(post: Post, place: Place) -> bytes:
    """Return the mail, the same bytes each time, with the same Message-ID.

    Raises:
        DeliveryError: an address cannot stand in a mail.
    """
    mail = place.settings.email
    if mail is None:
        raise DeliveryError(NOT_SET, lasting=True)
    headers = MailHeaders(
        sender=mail.sender,
        to=mail.to,
        workspace=place.workspace,
        unsubscribe=mail.unsubscribe,
    )
    return build_mail(post.digest, headers)
