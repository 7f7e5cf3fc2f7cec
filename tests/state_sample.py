"""Invented works, digests and outcomes for the tests of cache/state.db."""

from datetime import UTC, datetime, timedelta

from assay.digest.asked import Asked, Mark, Window
from assay.digest.model import (
    Cause,
    CauseKind,
    Digest,
    Item,
    Use,
    Voice,
    Watched,
    Weighing,
    Work,
)
from assay.digest.outcome import Delivered, Outcome, Used
from assay.model import Certainty, Claim, ClaimType, Frame, Label, Span, Stance, Term
from assay.notice import Check, Notice, Signal, Standing, StandingReport

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CHANNELS = ("html", "atom")


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now=NOON):
        self.now = now

    def __call__(self):
        return self.now

    def move(self, seconds):
        self.now += timedelta(seconds=seconds)


def work(number, *names, **known):
    """Return an invented work with a PMID and a DOI, or with the names given."""
    if not names:
        known = {
            "pmid": str(90_000_000 + number),
            "doi": f"10.99999/invented.{number}",
            "title": f"Invented trial number {number} of tea and the sleep of adults",
            "authors": "Fabel N, Muster A, Roe J, et al.",
            "journal": "Journal of Invented Results",
            "year": 2026,
            "date": "2026-11-20",
            "source": "pubmed",
        } | known
        names = (f"pmid:{known['pmid']}", f"doi:{known['doi']}")
    return Work(key=names[0], names=names, **known)


def mark(query="tea", source="pubmed", text="tea[ti]", **known):
    values = {"began": "2026/11/01", "until": NOON.isoformat(), "tried": "x"} | known
    return Mark(query, source, text, **values)


def asked(query="tea", source="pubmed", **known):
    values = {
        "window": Window("2026/11/09", "2026/11/01"),
        "text": "tea[ti] AND sleep",
        "started": NOON.isoformat(),
        "found": 1,
        "new": 1,
        "requests": 2,
    } | known
    return Asked(query=query, source=source, **values)


def report(standing=Standing.SOUND, *notices):
    signal = Signal("PubMed", Check.ANSWERED, notices, NOON.isoformat())
    return StandingReport(standing=standing, notices=notices, signals=(signal,))


RETRACTED = report(
    Standing.RETRACTED, Notice(Standing.RETRACTED, "PubMed", "RetractionIn", "2026-11")
)


def claim(text="Tea helps with sleep."):
    return Claim(
        sentence=text,
        start=0,
        end=len(text),
        clause=Span(0, len(text)),
        text=text,
        type=ClaimType.EFFICACY,
        frame=Frame(exposure=(Term("tea", "tea"),), outcome=(Term("sleep"),)),
    )


def watched(text="Tea helps with sleep.", article="tea.md"):
    return Watched(id=0, claim=claim(text), article=article, queries=("tea AND sleep",))


def weighing(number=0, label=Label.MIXED, digest=0, voices=(1,)):
    return Weighing(
        claim=number,
        when=NOON.isoformat(),
        label=label,
        certainty=Certainty.LOW,
        reason="One of two studies says so.",
        voices=tuple(
            Voice(work(n), Stance.SUPPORTS, 0.8, True, Standing.SOUND, "It was so.")
            for n in voices
        ),
        digest=digest,
        causes=(Cause(CauseKind.STUDY, work(1), Stance.SUPPORTS, "It was so."),),
    )


def outcome(number=1, works=(1,), query="tea", channels=CHANNELS, **more):
    """Return the outcome of a run that found these works for one query."""
    found = tuple(work(n) for n in works)
    made = (NOON + timedelta(days=7 * (number - 1))).isoformat()
    items = tuple(Item(work=each, queries=(query,)) for each in found)
    values = {
        "digest": Digest(number=number, made=made, queries=(query,), items=items),
        "channels": channels,
        "asked": (asked(query, found=len(found), new=len(found)),),
        "marks": (mark(query, until=made),),
        "delivered": tuple(Delivered(query, each) for each in found),
        "used": tuple(
            Used(each, Use("digest", str(number), made[:10], query)) for each in found
        ),
        "standings": tuple((each.key, report()) for each in found),
        "checked": made,
    } | more
    return Outcome(**values)
