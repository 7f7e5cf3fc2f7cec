"""An invented claim with four weighings: nothing in it is a real plant or study."""

from assay.digest.model import Cause, CauseKind
from assay.model import Certainty, Design, Label, Stance
from assay.notice import Standing
from assay.output.history import build_history
from tests.digest_sample import SEDATES, make_voice, make_watched, make_work, weigh

WATCHED = make_watched(11, SEDATES)
SURVEY = make_work(21, "A survey of velora users", design=Design.CROSS_SECTIONAL)
TRIAL = make_work(
    22, "Velora and valora compared", design=Design.RANDOMISED_TRIAL, size=84
)
COHORT = make_work(23, "Velora users over a year", design=Design.COHORT, size=1200)
FOR = make_voice(
    SURVEY, Stance.SUPPORTS, "Most felt more sedated after the root.", 0.35
)
LATER = make_voice(COHORT, Stance.QUALIFIES, "Only those new to it were sedated.", 0.25)
AGAINST = make_voice(
    TRIAL, Stance.CONTRADICTS, "Sedation did not differ between root and leaf.", 0.8
)
FALLEN = AGAINST._replace(standing=Standing.RETRACTED, counted=False)
WEIGHINGS = (
    weigh(
        11,
        "2026-05-04T09:00:00+00:00",
        Label.INSUFFICIENT,
        Certainty.VERY_LOW,
        "1 study speaks of it, too little or too indirect to tell.",
        FOR,
    ),
    weigh(
        11,
        "2026-06-01T06:00:00+00:00",
        Label.INSUFFICIENT,
        Certainty.VERY_LOW,
        "2 studies speak of it, too little or too indirect to tell.",
        FOR,
        LATER,
        digest=4,
    ),
    weigh(
        11,
        "2026-09-07T06:00:00+00:00",
        Label.CONTRADICTED,
        Certainty.MODERATE,
        "1 study supports it and 1 study contradicts it.",
        AGAINST,
        FOR,
        LATER,
        digest=18,
        causes=(
            Cause(CauseKind.STUDY, TRIAL, Stance.CONTRADICTS, AGAINST.sentence),
        ),
    ),
    weigh(
        11,
        "2026-11-23T06:00:00+00:00",
        Label.INSUFFICIENT,
        Certainty.VERY_LOW,
        "2 studies speak of it, too little or too indirect to tell.",
        FOR,
        LATER,
        FALLEN,
        digest=29,
        causes=(
            Cause(
                CauseKind.NOTICE,
                TRIAL,
                Stance.CONTRADICTS,
                AGAINST.sentence,
                Standing.RETRACTED,
            ),
        ),
    ),
)  # fmt: skip
HISTORY = build_history(WATCHED, WEIGHINGS)
