"""Pages that came instead of the article: consent walls, log-ins, empty shells."""

import re

from assay.claims.article_parts import count_words
from assay.text import split_sentences

FEW_WORDS = 80
"""Words of main text below which a page may be a stub of the article."""
HARDLY_ANY = 25
"""Words of main text from which the signs must stand in it; below, anywhere on the
page, for instance in its noscript part."""
MOSTLY = 0.5
"""Share of the words in sentences about consent above which a page is a consent wall,
however long it is."""

_CONSENT = re.compile(
    r"\b(?:cookies?|consent|privacy (?:policy|settings|choices)|we value your privacy"
    r"|personal data|our partners|legitimate interest|accept all|reject all"
    r"|manage (?:preferences|options)|gdpr|personali[sz]ed ad)",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"\b(?:(?:sign|log) ?in to (?:continue|read|view|access)"
    r"|subscribe to (?:continue|read)"
    r"|subscribers? only|already a (?:subscriber|member)|become a (?:subscriber|member)"
    r"|(?:create|register for) (?:a|an|your) (?:free )?account|continue reading with"
    r"|members[- ]only|remaining free articles?|to read the full (?:article|story)"
    r"|purchase access|access through your institution|forgot(?:ten)? your password)",
    re.IGNORECASE,
)
_SCRIPT = re.compile(
    r"(?:enable|requires?|turn on|activate|needs?|without) java ?script"
    r"|java ?script (?:is|must be|has been) (?:disabled|enabled|required|off)",
    re.IGNORECASE,
)
_ROBOT = re.compile(
    r"verify (?:that )?you are (?:a )?human|checking your browser|are you a robot"
    r"|unusual traffic|captcha|access denied|request blocked|attention required"
    r"|performing security verification|just a moment",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"\b404\b|page (?:was |could )?not (?:be )?found|no longer available", re.IGNORECASE
)
_SAVE = "Open it in a browser, save the page, and give that file."


def find_stub(source: str, whole: str, text: str) -> str:
    """Return why a page is not the article, with what to do; "" when it may be one.

    `source` is the page, `whole` all text in it, `text` the main text found.

    >>> find_stub("", "We use cookies. Accept all", "We use cookies.")[:28]
    'The page is a consent notice'
    >>> find_stub("", "Tea calms the nerves.", "Tea calms the nerves.")
    ''
    """
    if count_words(text) >= FEW_WORDS:
        return _wall(text)
    signs = {sign.lower().rstrip("s") for sign in _CONSENT.findall(whole)}
    if len(signs) >= 2 and _CONSENT.search(text or whole):
        return f"The page is a consent notice, not the article. {_SAVE}"
    for pattern, what in (
        (_ROBOT, "The site wants to see a browser and a person"),
        (_LOGIN, "The page asks to log in or to subscribe"),
        (_SCRIPT, "The page is filled in by JavaScript and holds no article"),
        (_MISSING, "The page says that the article is not there"),
    ):
        if pattern.search(text if count_words(text) >= HARDLY_ANY else whole):
            return f"{what}. {_SAVE}"
    if count_words(text) < 3:
        if len(re.findall(r"<script\b", source[:2_000_000], re.IGNORECASE)) >= 1:
            return (
                "The page is filled in by JavaScript and holds no article text."
                f" {_SAVE}"
            )
        return "The page holds no article text. Check the address in a browser."
    return ""


def _wall(text: str) -> str:
    """Return a message when most of a longer text is about consent, else ""."""
    about = total = 0
    for span in split_sentences(text):
        sentence = text[span.start : span.end]
        words = count_words(sentence)
        total += words
        about += words if _CONSENT.search(sentence) else 0
    if about > MOSTLY * total:
        return f"The page is a consent notice, not the article. {_SAVE}"
    return ""
