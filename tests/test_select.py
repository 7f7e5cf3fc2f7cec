"""The evidence on a claim: best sentences first, verbatim, whatever the order."""

from hypothesis import given, settings
from hypothesis import strategies as st

from assay.evidence.reading import read_record
from assay.evidence.select import SHOWN, find_evidence, weigh_claim
from assay.model import Label, Stance
from assay.record import Record, Section
from assay.text import record_text
from tests.claim_samples import claim, claims, record, shipped
from tests.library_strategies import RECORDS

SLEEP = "Valerian improves sleep quality."
SENTENCES = st.sampled_from(
    [
        "Valerian improved sleep quality.",
        "Valerian did not improve sleep quality.",
        "Valerian worsened sleep quality.",
        "Valerian lengthened sleep duration.",
        "Sleep quality improved in the treatment group.",
        "In rats, valerian improved sleep quality.",
        "Evidence on valerian is limited.",
        "Valerian is a herb.",
        "No side effects were seen with valerian.",
        "Nausea was reported in 4% of those on valerian.",
        "",
    ]
)
TYPES = st.sampled_from(
    [(), ("Randomized Controlled Trial",), ("Meta-Analysis",), ("Review",),
     ("Retracted Publication",), ("Case Reports",)]
)  # fmt: skip
TITLES = st.sampled_from(["", "Valerian and sleep", "Valerian in rats", "Melatonin"])


def build(number, title, types, sentences):
    return Record(
        source="pubmed",
        pmid=str(90000000 + number),
        title=title,
        abstract=(Section(" ".join(filter(None, sentences))),),
        publication_types=types,
        year=2000 + number % 20,
    )


BODIES = st.lists(
    st.builds(
        build, st.integers(1, 99), TITLES, TYPES, st.lists(SENTENCES, max_size=6)
    ),
    max_size=8,
    unique_by=lambda r: r.pmid,
)
ASKED = st.sampled_from(
    [SLEEP, "Valerian can cause nausea.", "Valerian is safe.",
     "Valerian does not improve sleep.", "Research on valerian is limited."]
)  # fmt: skip


def weighed(text, records):
    words = shipped()
    return weigh_claim(claim(text), [read_record(r, words) for r in records], words)


@settings(deadline=None)
@given(ASKED, BODIES)
def test_every_quote_is_verbatim_at_its_place(text, records):
    for evidence in weighed(text, records).evidence:
        quoted = record_text(evidence.record)[evidence.start : evidence.end]
        assert quoted == evidence.sentence
        assert evidence.sentence


@settings(deadline=None)
@given(ASKED, BODIES, st.randoms(use_true_random=False))
def test_the_order_of_the_studies_does_not_matter(text, records, random):
    mixed = random.sample(records, len(records))
    assert weighed(text, mixed) == weighed(text, records)


@settings(deadline=None, max_examples=40)
@given(st.lists(RECORDS, max_size=3))
def test_any_record_can_be_asked_about_any_claim(records):
    for text in (SLEEP, "Insomnia is common.", "Kava contains alkaloids."):
        for evidence in weighed(text, records).evidence:
            quoted = record_text(evidence.record)[evidence.start : evidence.end]
            assert quoted == evidence.sentence


def test_the_strongest_speaks_first_and_the_neutral_last():
    finding = weighed(
        SLEEP,
        [
            record("Valerian is a herb.", pmid="90000001"),
            record("Valerian improved sleep quality.", pmid="90000002"),
            record(
                "Valerian did not improve sleep quality.",
                pmid="90000003",
                publication_types=("Meta-Analysis",),
            ),
        ],
    )
    assert [e.record.pmid[-1] for e in finding.evidence] == ["3", "2", "1"]


def test_a_study_that_speaks_on_both_sides_is_shown_on_both():
    both = record(
        "Valerian improved sleep quality.", "Valerian worsened sleep quality."
    )
    stances = [e.stance for e in weighed(SLEEP, [both]).evidence]
    assert set(stances) == {Stance.SUPPORTS, Stance.CONTRADICTS}


def test_a_harm_met_once_is_met_whatever_was_not_met():
    both = record("Nausea was reported with kava.", "No nausea was seen with kava.")
    (evidence,) = weighed("Kava can cause nausea.", [both]).evidence
    assert evidence.stance is Stance.SUPPORTS


def test_a_neutral_study_shows_its_nearest_sentence():
    quiet = record("Kava is a herb.", "Sleep quality was measured with valerian.")
    (evidence,) = weighed(SLEEP, [quiet]).evidence
    assert evidence.rule == "no-direction"


def test_every_study_that_speaks_is_kept_and_counted():
    many = [
        record("Valerian improved sleep quality.", pmid=str(90000001 + n))
        for n in range(30)
    ]
    finding = weighed(SLEEP, many)
    assert len(finding.evidence) == 30
    assert "30 studies support it" in finding.verdict.reason


def test_of_studies_read_in_vain_no_more_are_kept_than_can_be_read():
    many = [
        record("Sleep quality was measured with valerian.", pmid=str(90000001 + n))
        for n in range(30)
    ]
    assert len(weighed(SLEEP, many).evidence) == SHOWN


def test_a_claim_that_cannot_be_checked_gets_no_evidence():
    (advice,) = claims("You should take valerian.")
    words = shipped()
    finding = weigh_claim(advice, [read_record(record(SLEEP), words)], words)
    assert (finding.evidence, finding.verdict.label) == ((), Label.NOT_CHECKABLE)


def test_flags_are_gathered_once_each():
    rats = [
        record("Valerian improved sleep quality.", title="In rats", pmid=f"9000000{n}")
        for n in (1, 2)
    ]
    assert [f.code for f in weighed(SLEEP, rats).flags] == ["other-species"]


def test_no_study_gives_no_evidence():
    assert find_evidence(claim(SLEEP), (), shipped()) == ()


def test_a_finding_on_the_outcome_itself_goes_before_one_on_its_neighbour():
    study = record(
        "Sleep quality did not improve with valerian.",
        "Valerian improved sleep efficiency.",
    )
    (evidence,) = weighed(SLEEP, [study]).evidence
    assert evidence.stance is Stance.CONTRADICTS
