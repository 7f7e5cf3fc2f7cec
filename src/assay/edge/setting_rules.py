"""What settings may look like, and what is said of a key that nobody knows."""

from collections.abc import Mapping
from difflib import get_close_matches
from urllib.parse import urlsplit


def is_word(text: str) -> bool:
    """Say whether `text` is one run of printable ASCII characters.

    >>> is_word("assay"), is_word("two words"), is_word("")
    (True, False, False)
    """
    return text.isascii() and text.isprintable() and bool(text) and " " not in text


def is_email(text: str) -> bool:
    """Say whether `text` looks like an e-mail address.

    >>> is_email("ada@example.org"), is_email("ada"), is_email("a@b@c")
    (True, False, False)
    """
    name, _, host = text.partition("@")
    return is_word(text) and bool(name) and "." in host and "@" not in host


def is_number(text: str) -> bool:
    """Say whether `text` is a whole number that is not negative.

    >>> is_number("500"), is_number("-1"), is_number("1e3")
    (True, False, False)
    """
    return text.isascii() and text.isdecimal() and len(text) <= 9


def is_safe_address(text: str) -> bool:
    """Say whether a key may be sent there: https, or http on this very machine.

    >>> is_safe_address("https://example.org/"), is_safe_address("http://example.org/")
    (True, False)
    >>> is_safe_address("http://127.0.0.1:8080/entrez/eutils/")
    True
    """
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or parts.username or parts.query or parts.fragment:
        return False
    here = host in {"localhost", "127.0.0.1", "::1"}
    return parts.scheme == "https" or (parts.scheme == "http" and here)


def is_secret_address(text: str) -> bool:
    """Say whether an address that is itself a secret may be used: https, or http here.

    Unlike `is_safe_address`, what follows a question mark may belong to it.

    >>> is_secret_address("https://example.org/in?key=1"), is_secret_address("http://a.b")
    (True, False)
    """
    plain, _, _ = text.partition("?")
    return is_word(text) and "#" not in text and is_safe_address(plain)


def unknown_key(name: str, known: Mapping[str, object]) -> str:
    """Return the sentence for a key that is not known, with the nearest known one.

    >>> unknown_key("x", {"tool": 1})
    'unknown key "x". Known keys: tool.'
    """
    near = get_close_matches(name, known, n=1)
    hint = f'; did you mean "{near[0]}"?' if near else "."
    return f'unknown key "{name}"{hint} Known keys: {", ".join(known)}.'
