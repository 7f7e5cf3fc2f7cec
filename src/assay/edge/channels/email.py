"""The channel email: each digest as a mail through the person's own mail server."""

from assay.edge.channels import Channel, PartlyHandedOverError, Place, Post
from assay.edge.digest_settings import MailSettings
from assay.edge.mail_post import NOT_SET, make_mail
from assay.edge.secrets import SMTP_PASSWORD, read_secret
from assay.edge.smtp import send_mail
from assay.errors import DeliveryError


def _check(place: Place) -> str:
    mail = place.settings.email
    if mail is None:
        return f"The channel email is not set up. {NOT_SET}"
    if not mail.host:
        return (
            'The channel email is not set up: "host", the name of your mail server, '
            "is missing in [digest.email] of assay.toml."
        )
    try:
        _password(mail, place)
    except DeliveryError as error:
        return f"The channel email is not set up. {error}"
    return ""


def _password(mail: MailSettings, place: Place) -> str:
    if not mail.user:
        return ""
    return read_secret(SMTP_PASSWORD, place.environ, user=mail.user)


def _deliver(post: Post, place: Place) -> str:
    message = make_mail(post, place)
    mail = place.settings.email
    if mail is None or not mail.host:
        raise DeliveryError(_check(place), lasting=True)
    sent = send_mail(message, mail, _password(mail, place))
    people = "1 recipient" if sent.taken == 1 else f"{sent.taken} recipients"
    where = f"{people} by {mail.host}"
    if sent.refused:
        raise PartlyHandedOverError(
            f"The mail server {mail.host} took the digest for {sent.taken} of "
            f"{sent.taken + sent.refused} recipients and refused the others "
            f'({sent.why}). Check "to" in [digest.email]; it is not sent again.',
            where,
        )
    return where


CHANNEL = Channel(
    name="email",
    title="E-mail",
    what="Sends each digest as a mail, through your own mail server.",
    check=_check,
    deliver=_deliver,
)
