"""Pronouns with a shortened verb: "it's", "they're", and "its", "thats" of forums."""

import re

SHORT = ("'s", "'re", "'ll", "'ve", "'d", "'m")
"""What is left of an auxiliary after a pronoun: "it's", "they're"."""
PRONOUNS = frozenset(
    "it they he she we you i that who there this these those what here".split()
)
"""Words that may carry a shortened auxiliary."""


def is_short(word: str) -> bool:
    """Say whether a word is a pronoun with a shortened auxiliary.

    >>> is_short("it's"), is_short("sheep's")
    (True, False)
    """
    return word.endswith(SHORT) and word.split("'", 1)[0] in PRONOUNS


_UNMARKED = re.compile(
    r"(?:(?:that|there|what|here|he|she)s|(?:they|you)re|i[mv]e?)\b"
    r"|its(?=\s+(?:an?|the|not|just|so|really|actually|totally|basically|all|like|been|"
    r"too|more|less|better|safe|fine|good|bad|because|about)\b)",
    re.IGNORECASE,
)
"""Pronouns with a shortened auxiliary, written without the apostrophe."""


def is_unmarked(text: str, match: re.Match[str]) -> bool:
    """Say whether a word met is "its", "thats", "theyre" for "it's", "that's" …"""
    return _UNMARKED.match(text, match.start()) is not None


def where_shortened(word: str) -> int:
    """Return where the shortened verb begins in a word, its apostrophe included.

    >>> where_shortened("it's"), where_shortened("theyre")
    (2, 4)
    """
    if "'" in word:
        return word.rindex("'")
    return len(word) - (2 if word.endswith(("re", "ve")) else 1)
