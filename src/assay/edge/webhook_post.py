"""Where a webhook's digests go, and the key that tells them apart."""

from assay.digest.model import name_of
from assay.edge.channels import Place, Post
from assay.edge.secrets import read_secret
from assay.edge.setting_rules import is_secret_address
from assay.edge.webhook import post_json
from assay.errors import DeliveryError


def find_address(name: str, place: Place, unsaid: str = "") -> str:
    """Return the address of a webhook: the secret of that name, or else `unsaid`.

    Raises:
        DeliveryError: there is none, or it is not one to which a secret may go; says
            how to set it, never the address.
    """
    if unsaid and not place.environ.get(name, "").strip():
        return unsaid
    address = read_secret(name, place.environ)
    if not is_secret_address(address):
        raise DeliveryError(
            f"What {name} (or the keyring) holds must be an https address, or http on "
            "this machine.",
            lasting=True,
        )
    return address


def check_address(name: str, place: Place, unsaid: str = "") -> str:
    """Return why there is no address, in one sentence; "" when there is one."""
    try:
        find_address(name, place, unsaid)
    except DeliveryError as error:
        return str(error)
    return ""


def post_digest(post: Post, place: Place, address: str, body: str) -> str:
    """Post a digest's text to an address, under a key of its own; return the host.

    Raises:
        DeliveryError: it was not taken.
    """
    key = f"{place.workspace}.{name_of(post.digest)}"
    return post_json(address, body, key)
