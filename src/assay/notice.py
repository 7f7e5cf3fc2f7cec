"""The nouns of standing: what is known against relying on a record, and who was asked.

A retraction reaches the services at different times and some never. So what each says
is kept apart as a signal, and a check that failed is never taken for a clean record.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

PUBMED, CROSSREF, OPENALEX, EUROPEPMC = "PubMed", "Crossref", "OpenAlex", "Europe PMC"
"""The services that tell of notices, as they are named to people."""

SAYERS = {
    "publisher": "the publisher (in Crossref)",
    "retraction-watch": "Retraction Watch (in Crossref)",
}
"""In words, whom Crossref has a notice from."""


class Standing(StrEnum):
    """Whether a record may still be relied upon, the gravest first."""

    REPLACED = "retracted and replaced"
    """This text was retracted, and a corrected one was published in its place."""
    RETRACTED = "retracted"
    WITHDRAWN = "withdrawn"
    """Taken back or removed, mostly before it was final or since it is outdated."""
    NOTICE = "retraction notice"
    """Tells that another work is retracted, and is no study itself."""
    PARTLY = "partially retracted"
    DOUBTFUL = "possibly retracted"
    """A weak sign says so that nothing else bears out."""
    CONCERN = "expression of concern"
    CORRECTED = "corrected"
    UNKNOWN = "unknown"
    """No notice is known, but a check failed or none was made."""
    SOUND = "no notice known"
    """Nobody who was asked knows of a notice; whoever was asked answered."""


class Check(StrEnum):
    """What came of asking one service about one record."""

    ANSWERED = "answered"
    NOT_HELD = "not held"
    """It does not know the record, so it cannot know of a notice either."""
    FAILED = "failed"
    NOT_ASKED = "not asked"


class Notice(NamedTuple):
    """One notice on a record, or one sign of it, as one service tells it."""

    standing: Standing
    """What it makes of the record if it holds."""
    said_by: str
    """Who says so: "PubMed", "the publisher (in Crossref)", "OpenAlex" …"""
    kind: str
    """In the service's own word: RetractionIn, retraction, is_retracted …"""
    date: str = ""
    """ISO date of the notice as far as it is known: YYYY, YYYY-MM or YYYY-MM-DD."""
    reason: str = ""
    """In the words of the source; "" where it gives none, as most do."""
    pmid: str = ""
    """Of the notice; where the record is itself one, of the work that it is about."""
    doi: str = ""
    """Likewise."""
    weak: bool = False
    """True for a sign that has often been wrong, and needs another beside it."""


class Signal(NamedTuple):
    """What one service makes of one record."""

    service: str
    """"PubMed", "Crossref", "OpenAlex" or "Europe PMC"."""
    check: Check
    notices: tuple[Notice, ...] = ()
    """Also of a failed check, where they were known before."""
    when: str = ""
    """ISO time of its answer; "" when there is none or it is not known."""
    why: str = ""
    """Why it failed or was not asked, in a few words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingReport:
    """Whether a record may still be relied upon, and on whose word."""

    standing: Standing
    notices: tuple[Notice, ...] = ()
    """The gravest first; of equals the earliest first."""
    signals: tuple[Signal, ...] = ()
    """One for each service that was asked or could have been."""
    replacement: str = ""
    """PMID of the record that replaced this one; "" when none is named."""
