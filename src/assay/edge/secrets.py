"""Passwords and secret addresses: from the environment, else the system's keyring.

They are read when they are used and kept nowhere: in no file, log, error or report. The
keyring is that of the package `keyring`, which is optional (`assay[keyring]`).
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from functools import partial
from importlib import import_module
from typing import NamedTuple
from urllib.parse import quote, quote_plus

from assay.edge.deadline import within
from assay.errors import DeliveryError

SMTP_PASSWORD = "ASSAY_SMTP_PASSWORD"
WEBHOOK = "ASSAY_WEBHOOK"
SLACK = "ASSAY_SLACK_WEBHOOK"

SERVICE = "assay"
"""Under which the keyring knows all of them."""
KEYRING_WAITS = 30.0
"""Seconds in which a person may unlock the keyring; under cron nobody does."""
HIDDEN = "(hidden)"


class Secret(NamedTuple):
    """What a secret is, and whose."""

    what: str
    of: str
    """How a command line names the user under whom the keyring has it."""


SECRETS = {
    SMTP_PASSWORD: Secret("the password for your mail server", "USER"),
    WEBHOOK: Secret("the address of your webhook", WEBHOOK),
    SLACK: Secret("the address of your Slack webhook", SLACK),
}
"""Every secret by its environment variable. A new one is one row here."""


def say_where(name: str) -> str:
    """Return the sentence that says where a secret belongs.

    >>> say_where(SLACK)
    'Put it into the environment variable ASSAY_SLACK_WEBHOOK, or into the keyring of \
this system: pip install "assay[keyring]", then keyring set assay ASSAY_SLACK_WEBHOOK.'
    """
    user = SECRETS[name].of
    whose = ", with the user of [digest.email]" if user == "USER" else ""
    return (
        f"Put it into the environment variable {name}, or into the keyring of this "
        f'system: pip install "assay[keyring]", then keyring set {SERVICE} '
        f"{user}{whose}."
    )


def read_secret(name: str, environ: Mapping[str, str], *, user: str = "") -> str:
    """Return a secret: the variable's, else what the keyring has under `user`.

    An empty variable counts as not set; blanks around a secret are no part of it.
    Without `user` it lies there under its own name.

    Raises:
        DeliveryError: there is none, or the keyring cannot be used; says how to set it.
    """
    if value := environ.get(name, "").strip():
        return value
    why = "is not set"
    try:
        value = within(KEYRING_WAITS, partial(_from_keyring, user or name)).strip()
    except ImportError:
        pass
    except TimeoutError:
        why = "is not set, and the keyring did not answer (is it locked?)"
    except Exception as error:  # a backend raises what it likes
        why = f"is not set, and {_say_unusable(type(error).__name__)}"
    if value:
        return value
    what = SECRETS[name].what
    raise DeliveryError(
        f"{what[0].upper()}{what[1:]} {why}. {say_where(name)}", lasting=True
    ) from None


def _say_unusable(error: str) -> str:
    """Return why the keyring gave nothing, from the name of what it raised."""
    if error == "NoKeyringError":  # of keyring itself: no backend is there
        return "this system has no keyring"
    return f"the keyring cannot be used ({error})"


def _from_keyring(user: str) -> str:
    keyring = import_module("keyring")
    return str(keyring.get_password(SERVICE, user) or "")


def environ_secrets(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the secrets that the environment holds.

    >>> environ_secrets({"ASSAY_WEBHOOK": " https://example.org/x ", "HOME": "/"})
    ('https://example.org/x',)
    """
    return tuple(filter(None, (environ.get(name, "").strip() for name in SECRETS)))


def hide_words(text: str, secrets: Iterable[str]) -> str:
    """Return a text without secrets, also as they are written in addresses and mail.

    >>> hide_words("535 czNjcmV0 s3cret me%40example.org", ["s3cret", "me@example.org"])
    '535 (hidden) (hidden) (hidden)'
    """
    forms = {form for secret in secrets if secret for form in _forms(secret)}
    for form in sorted(forms, key=len, reverse=True):  # what holds another one first
        text = text.replace(form, HIDDEN)
    return text


def _forms(secret: str) -> set[str]:
    coded = b64encode(secret.encode()).decode()
    return {secret, secret.lower(), quote(secret, safe=""), quote_plus(secret), coded}
