"""Invented digests: nothing in them is a real plant, study, journal or person.

`full_digest` holds everything that a digest can tell, `quiet_digest` nothing,
`failed_digest` that nothing could be searched. Fields are given where a test needs
another one: `full_digest(items=())`.
"""

from dataclasses import replace

from assay.digest.asked import Asked, Window
from assay.digest.model import (
    Bearing,
    Cause,
    CauseKind,
    Digest,
    Fallen,
    Item,
    ItemKind,
    Move,
    Quote,
    Receipt,
    Use,
    Voice,
    Watched,
    Weighing,
    Work,
)
from assay.model import (
    Certainty,
    Claim,
    ClaimType,
    Design,
    Frame,
    Label,
    Span,
    Stance,
)
from assay.notice import Notice, Standing
from assay.search import Problem

MADE = "2026-11-23T06:00:00+00:00"
JOURNAL = "Journal of Invented Results"
WINDOW = Window("2026/11/16", "2026/05/04")
SEDATES = "Velora root is more sedating than valora leaf"
TIRES = "Velora tea makes people tired the next day"
HELPS = "Velora tea shortens the time to fall asleep"


def make_work(number, title, **more):
    """Return a work with the PMID 90000000 + `number`."""
    pmid = str(90000000 + number)
    doi = more.get("doi", "")
    names = (f"pmid:{pmid}", *((f"doi:{doi}",) if doi else ()))
    return Work(
        **{
            "key": names[0],
            "names": names,
            "title": title,
            "authors": "Fabel N, Muster A, et al.",
            "journal": JOURNAL,
            "year": 2026,
            "date": "2026-11",
            "pmid": pmid,
            "source": "pubmed",
            **more,
        }
    )


TRIAL = make_work(
    10,
    "Velora root and valora leaf for sedation: a randomised crossover trial",
    date="2026-11-18",
    design=Design.RANDOMISED_TRIAL,
    size=84,
    doi="10.99999/velora.10",
)
REVIEW = make_work(
    11,
    "Velora tea before bed: a systematic review",
    authors="Beispiel Study Group",
    date="2026-11-02",
    design=Design.SYSTEMATIC_REVIEW,
    size=1834,
)
PUBLISHED = make_work(
    12,
    "Next-day alertness after velora tea: a cohort of night nurses",
    date="2026-11-12",
    design=Design.COHORT,
    size=212,
    doi="10.99999/velora.12",
    pmcid="PMC90000012",
)
PREPRINT = Work(
    key="doi:10.99999/preprint.77",
    names=("doi:10.99999/preprint.77",),
    title="Velora alkaloids bind a receptor of invented mice",
    authors="Nemo O",
    journal="Invented Preprints",
    year=2026,
    date="2026-11-15",
    doi="10.99999/preprint.77",
    design=Design.ANIMAL,
    preprint=True,
    source="europepmc",
)
NO_ABSTRACT = Work(
    key="pmid:90000014",
    names=("pmid:90000014",),
    pmid="90000014",
    year=2026,
    source="pubmed",
)
OLD_TRIAL = make_work(
    1,
    "Velora root sedates in an open trial",
    date="2019-03",
    year=2019,
    design=Design.NONRANDOMISED_TRIAL,
    size=22,
)
OLD_COHORT = make_work(
    2,
    "Sedation among velora drinkers",
    date="2021",
    year=2021,
    design=Design.COHORT,
    size=410,
)
RETRACTED = make_work(
    3,
    "Velora cures insomnia in every patient",
    date="2018-06-01",
    year=2018,
    design=Design.RANDOMISED_TRIAL,
    size=30,
    doi="10.99999/velora.3",
)
NOTICE = Notice(
    Standing.RETRACTED,
    "PubMed",
    "RetractionIn",
    "2026-11-19",
    "Data could not be found.",
    pmid="90000099",
)
CONCERNED = make_work(
    4,
    "Tired after tea? A survey",
    date="2020",
    year=2020,
    design=Design.CROSS_SECTIONAL,
    size=96,
)


def make_watched(number, text, article="evening-tea.md"):
    """Return a watched claim that is its whole sentence."""
    claim = Claim(
        sentence=f"{text}.",
        start=0,
        end=len(text) + 1,
        clause=Span(0, len(text)),
        text=text,
        type=ClaimType.EFFICACY,
        frame=Frame(),
    )
    return Watched(
        id=number,
        claim=claim,
        article=article,
        title="An evening with velora",
        queries=("velora[tiab] AND sedat*[tiab]",),
        added="2026-05-04T09:00:00+00:00",
    )


def make_voice(work, stance, sentence, weight=0.5, standing=Standing.SOUND):
    """Return a voice; what was taken back does not count."""
    counted = standing is not Standing.RETRACTED
    return Voice(work, stance, weight if counted else 0.0, counted, standing, sentence)


FOR = make_voice(OLD_TRIAL, Stance.SUPPORTS, "Sedation was deeper after the root.")
AGAINST = make_voice(
    OLD_COHORT, Stance.CONTRADICTS, "Root and leaf drinkers were equally sedated."
)
MOVER = make_voice(
    TRIAL,
    Stance.CONTRADICTS,
    "Sedation scores after velora root did not differ from those after valora leaf.",
    0.9,
)
STOOD = make_voice(RETRACTED, Stance.SUPPORTS, "All 30 patients were tired.", 0.8)
FELL = make_voice(
    RETRACTED,
    Stance.SUPPORTS,
    "All 30 patients were tired.",
    standing=Standing.RETRACTED,
)
SURVEY = make_voice(CONCERNED, Stance.SUPPORTS, "Of 96 drinkers, 31 felt tired.", 0.3)


def weigh(claim, when, label, certainty, reason, *voices, **more):
    """Return a weighing of a claim."""
    return Weighing(
        claim=claim,
        when=when,
        label=label,
        certainty=certainty,
        reason=reason,
        voices=voices,
        **{"version": "0.5.0", **more},
    )


MOVED_BY_STUDY = Move(
    watched=make_watched(1, SEDATES),
    before=weigh(
        1,
        "2026-11-16T06:00:00+00:00",
        Label.MIXED,
        Certainty.LOW,
        "One study agrees, one says otherwise.",
        FOR,
        AGAINST,
    ),
    after=weigh(
        1,
        MADE,
        Label.CONTRADICTED,
        Certainty.MODERATE,
        "A randomised trial and a cohort say otherwise.",
        MOVER,
        FOR,
        AGAINST,
        digest=3,
        causes=(Cause(CauseKind.STUDY, TRIAL, Stance.CONTRADICTS, MOVER.sentence),),
    ),
)
MOVED_BY_NOTICE = Move(
    watched=make_watched(2, TIRES, "https://example.org/tired"),
    before=weigh(
        2,
        "2026-11-16T06:00:00+00:00",
        Label.SUPPORTED,
        Certainty.MODERATE,
        "Two studies agree.",
        STOOD,
        SURVEY,
    ),
    after=weigh(
        2,
        MADE,
        Label.SUPPORTED,
        Certainty.VERY_LOW,
        "One survey agrees.",
        SURVEY,
        FELL,
        digest=3,
        causes=(
            Cause(
                CauseKind.NOTICE,
                RETRACTED,
                Stance.SUPPORTS,
                FELL.sentence,
                Standing.RETRACTED,
            ),
        ),
    ),
)
FALLEN = Fallen(
    work=RETRACTED,
    before=Standing.SOUND,
    after=Standing.RETRACTED,
    notices=(NOTICE,),
    uses=(
        Use("digest", "1", "2026-05-04", "velora-sleep"),
        Use("report", "evening-tea.md", "2026-06-01", f"“{TIRES}”"),
    ),
)
ITEMS = (
    Item(
        work=TRIAL,
        queries=("velora-safety", "velora-sleep"),
        bears_on=(Bearing(1, SEDATES, Stance.CONTRADICTS),),
        quote=Quote(MOVER.sentence, 71, 148, why=f"contradicts “{SEDATES}”"),
    ),
    Item(
        work=REVIEW,
        queries=("velora-sleep",),
        bears_on=(Bearing(3, HELPS, Stance.QUALIFIES),),
        quote=Quote(
            "People fell asleep 6 minutes sooner, but only in the first week.",
            43,
            107,
            own_words=True,
            why=f"limits “{HELPS}”",
        ),
        also=("doi:10.99999/velora.11",),
    ),
    Item(
        work=PUBLISHED,
        queries=("velora-safety",),
        kind=ItemKind.PUBLISHED,
        told_before="2026-05-04",
        before="doi:10.99999/preprint.12",
        quote=Quote(
            "Alertness at noon was the same with and without velora.",
            62,
            117,
            why="names velora, alertness",
        ),
        standing=Standing.CORRECTED,
        notices=(
            Notice(
                Standing.CORRECTED,
                "the publisher (in Crossref)",
                "erratum",
                "2026-11-20",
                doi="10.99999/velora.12e",
            ),
        ),
    ),
    Item(
        work=PREPRINT,
        queries=("velora-sleep",),
        quote=Quote(
            "Velorine bound the receptor with high affinity.",
            50,
            97,
            why="names velora, receptor",
        ),
    ),
    Item(work=NO_ABSTRACT, queries=("velora-sleep",)),
)
ASKED = (
    Asked(
        query="velora-safety",
        source="pubmed",
        window=Window("2026/11/09", "2026/05/04"),
        text="velora[tiab] AND safety",
        started=MADE,
        found=4,
        new=2,
        already=2,
        requests=3,
        made_up="2026-11-09",
    ),
    Asked(
        query="velora-sleep",
        source="pubmed",
        window=WINDOW,
        text="velora[tiab] AND sleep",
        started=MADE,
        found=8,
        new=4,
        already=4,
        requests=2,
    ),
    Asked(
        query="velora-sleep",
        source="europepmc",
        window=WINDOW,
        text="velora[tiab] AND sleep",
        started=MADE,
        failed=True,
        problem="no answer came within 30 seconds",
        requests=4,
    ),
    Asked(
        query="velora-sleep",
        source="openalex",
        window=WINDOW,
        text="velora[tiab] AND sleep",
        started=MADE,
        problem="2 of 14 records did not come back",
        found=12,
        new=1,
        already=11,
        requests=2,
        credits=20,
    ),
    Asked(
        query="watched claims",
        source="pubmed",
        window=WINDOW,
        text="watched claims",
        started=MADE,
        found=5,
        requests=1,
    ),
)
PROBLEMS = (
    Problem(where="Europe PMC", what="no answer came within 30 seconds"),
    Problem(
        where="mail to the owner",
        what="the server refused digest 2 (450 try again later)",
        what_to_do="It stays in the outbox; the next run tries again.",
    ),
)


def full_digest(**changes):
    """Return a digest that holds everything."""
    digest = Digest(
        number=3,
        made=MADE,
        queries=("velora-safety", "velora-sleep"),
        fallen=(FALLEN,),
        moves=(MOVED_BY_STUDY, MOVED_BY_NOTICE),
        items=ITEMS,
        problems=PROBLEMS,
        receipt=Receipt(
            asked=ASKED,
            claims=12,
            works=41,
            unknown=3,
            unknown_since="2026-11-16T06:00:00+00:00",
            left=1200,
            requests=19,
            credits=20,
        ),
        next_run="2026-11-23T07:00:00+00:00",
    )
    return replace(digest, **changes)


def quiet_digest(**changes):
    """Return a digest of a week in which nothing is new and all went well."""
    asked = Asked(
        query="velora-sleep",
        source="pubmed",
        window=WINDOW,
        text="velora[tiab] AND sleep",
        started=MADE,
        found=0,
        requests=1,
    )
    digest = Digest(
        number=2,
        made=MADE,
        queries=("velora-sleep",),
        receipt=Receipt(asked=(asked,), requests=1),
        next_run="2026-11-30T06:00:00+00:00",
    )
    return replace(digest, **changes)


def failed_digest(**changes):
    """Return a digest of a week in which nothing could be searched."""
    asked = tuple(
        Asked(
            query=query,
            source="pubmed",
            window=WINDOW,
            text="velora",
            started=MADE,
            failed=True,
            problem="the service answered 503 three times",
            requests=3,
        )
        for query in ("velora-safety", "velora-sleep")
    )
    digest = Digest(
        number=4,
        made=MADE,
        queries=("velora-safety", "velora-sleep"),
        problems=(
            Problem(where="PubMed", what="the service answered 503 three times"),
        ),
        receipt=Receipt(asked=asked, requests=6),
        next_run="2026-11-23T07:00:00+00:00",
    )
    return replace(digest, **changes)
