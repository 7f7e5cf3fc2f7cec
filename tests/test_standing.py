"""The table of standings: every state, every signal, every failure, and its laws."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.library.retraction import gravity, notice_in_title, standing_of
from assay.library.standing import decide_standing, report_of, weigh_signals
from assay.notice import Check, Notice, Signal, Standing
from assay.output.standings import say_grounds
from assay.record import Correction, Record
from assay.sources.crossref_json import parse_record

SERVICES = ("PubMed", "Crossref", "OpenAlex")
FIRM = (
    Standing.REPLACED,
    Standing.RETRACTED,
    Standing.WITHDRAWN,
    Standing.NOTICE,
    Standing.PARTLY,
    Standing.CONCERN,
    Standing.CORRECTED,
)


def notice(standing, said_by="PubMed", *, weak=False, **more):
    return Notice(standing, said_by, "kind", weak=weak, **more)


def told(service, *notices):
    return Signal(service, Check.ANSWERED, notices)


FAILED = Signal("Crossref", Check.FAILED, why="no answer within 30 s")
FLAG = told("OpenAlex", notice(Standing.RETRACTED, "OpenAlex", weak=True))

NOTICES = st.builds(
    Notice,
    st.sampled_from(FIRM),
    st.sampled_from(SERVICES),
    st.just("kind"),
    st.sampled_from(["", "2020", "2021-07-05"]),
    weak=st.booleans(),
)
SIGNALS = st.builds(
    Signal,
    st.sampled_from(SERVICES),
    st.sampled_from(list(Check)),
    st.lists(NOTICES, max_size=3).map(tuple),
)
BODIES = st.lists(SIGNALS, max_size=5)


# --- the table --------------------------------------------------------------------


@pytest.mark.parametrize(("standing", "service"), [*product(FIRM, SERVICES)])
def test_one_firm_notice_of_any_service_gives_its_standing(standing, service):
    clean = [told(name) for name in SERVICES if name != service]
    report = decide_standing([*clean, told(service, notice(standing, service))])
    assert report.standing is standing
    assert report.notices[0].said_by == service


@pytest.mark.parametrize(("standing", "service"), [*product(FIRM, SERVICES)])
def test_what_is_known_stays_known_when_the_others_fail(standing, service):
    dead = [Signal(name, Check.FAILED) for name in SERVICES if name != service]
    report = decide_standing([*dead, told(service, notice(standing, service))])
    assert report.standing is standing


@pytest.mark.parametrize("checks", [*product(Check, repeat=3)])
def test_without_a_notice_only_answers_make_a_record_sound(checks):
    signals = map(Signal, SERVICES, checks)
    report = decide_standing(signals)
    clean = Check.FAILED not in checks and Check.ANSWERED in checks
    assert report.standing is (Standing.SOUND if clean else Standing.UNKNOWN)
    assert {(s.service, s.check) for s in report.signals} == set(
        zip(SERVICES, checks, strict=True)
    )


def test_a_correction_before_the_retraction_does_not_hide_it():
    entries = (
        notice(Standing.CORRECTED, date="2004-03-06"),
        notice(Standing.RETRACTED, date="2010-02-06"),
    )
    report = decide_standing([told("Crossref", *entries)])
    assert report.standing is Standing.RETRACTED
    assert [n.date for n in report.notices] == ["2010-02-06", "2004-03-06"]


def test_what_openalex_alone_says_is_doubtful_and_says_who_knows_of_nothing():
    report = decide_standing([FLAG, told("PubMed"), told("Crossref")])
    assert report.standing is Standing.DOUBTFUL
    assert (
        say_grounds(report) == "said by OpenAlex; Crossref and PubMed know of no notice"
    )


def test_what_openalex_alone_says_is_no_clearer_when_the_others_failed():
    report = decide_standing([FLAG, FAILED, Signal("PubMed", Check.NOT_HELD)])
    assert report.standing is Standing.DOUBTFUL
    assert say_grounds(report) == (
        "said by OpenAlex; Crossref [no answer within 30 s] could not be asked, "
        "PubMed does not hold it"
    )


def test_two_weak_signs_of_different_origin_are_enough():
    titled = Record(source="pubmed", title="RETRACTED: Tea and sleep")
    assert weigh_signals(titled, [told("PubMed")]).standing is Standing.DOUBTFUL
    both = weigh_signals(titled, [told("PubMed"), FLAG])
    assert both.standing is Standing.RETRACTED
    same = Record(source="openalex", title="RETRACTED: Tea and sleep")
    assert weigh_signals(same, [FLAG]).standing is Standing.DOUBTFUL


@pytest.mark.parametrize(
    ("title", "journal", "standing"),
    [
        ("WITHDRAWN: Tea", "The Cochrane database of systematic reviews", "withdrawn"),
        ("WITHDRAWN: Tea", "Journal of Invented Results", "possibly retracted"),
        ("Withdrawn: Tea", "Journal of Invented Results", "possibly retracted"),
        ("[RETRACTED] Tea", "Journal of Invented Results", "possibly retracted"),
        ("RETRACTED ARTICLE: Tea", "", "possibly retracted"),
        ("Withdrawn patients and sleep", "", "no notice known"),
        ("Retracted: what becomes of it", "", "possibly retracted"),
        ("Tea", "", "no notice known"),
    ],
)
def test_titles_are_weak_signs_but_for_cochranes_withdrawn_reviews(
    title, journal, standing
):
    record = Record(source="pubmed", title=title, journal=journal)
    assert weigh_signals(record, [told("PubMed")]).standing == standing
    assert report_of(record).standing is Standing.SOUND, "offline nothing changes"


# --- a DOI that two records share -----------------------------------------------------


def test_a_replacement_is_not_retracted_because_it_kept_the_doi():
    new = Record(
        source="pubmed", corrections=(Correction("RetractedandRepublishedFrom"),)
    )
    gone = told("Crossref", notice(Standing.RETRACTED, "the publisher (in Crossref)"))
    report = weigh_signals(new, [told("PubMed"), gone, FLAG])
    assert report.standing is Standing.CORRECTED
    old = Record(
        source="pubmed", corrections=(Correction("RetractedandRepublishedIn"),)
    )
    own = told("PubMed", notice(Standing.REPLACED))
    assert weigh_signals(old, [own, gone]).standing is Standing.REPLACED


def test_a_notice_that_has_the_doi_of_its_work_stays_a_notice():
    record = Record(source="pubmed", publication_types=("Retraction Notice",))
    gone = told("Crossref", notice(Standing.RETRACTED, "Crossref"))
    own = told("PubMed", notice(Standing.NOTICE))
    assert weigh_signals(record, [own, gone, FLAG]).standing is Standing.NOTICE


# --- what records say by themselves ------------------------------------------------


@pytest.mark.parametrize(
    ("link", "date"),
    [
        (Correction("RetractionIn", "Oncol Lett. 2021 Jul;22(1):545"), "2021-07"),
        (Correction("RetractionIn", "Nature. 1980 Jan 3;283(5742):111"), "1980-01-03"),
        (Correction("RetractionIn", "A J. 2020 Jul-Sep;14(3):544"), "2020-07"),
        (Correction("RetractionIn", "J Inv Res. 2016"), "2016"),
        (Correction("RetractionIn", "J Inv Res 12: 34"), ""),
        (Correction("RetractionIn", "J. 2016", when="2017-02-03"), "2017-02-03"),
    ],
)
def test_the_date_of_a_notice_is_read_where_it_is_told(link, date):
    report = report_of(Record(source="pubmed", corrections=(link,)))
    assert [n.date for n in report.notices] == [date]


def test_a_notice_tells_who_says_so_and_where_it_stands():
    links = (
        Correction("ErratumIn", "J. 2019", "90000012"),
        Correction("RetractionIn", "J. 2021 Jul 5", "90000014", "Made-up data"),
        Correction(
            "RetractionIn", "", "", "", "10.99999/n", "2021", "retraction-watch"
        ),
    )
    report = report_of(Record(source="pubmed", corrections=links))
    assert report.standing is Standing.RETRACTED
    assert say_grounds(report) == (
        "2021, said by Retraction Watch (in Crossref) and PubMed; notice: DOI "
        "10.99999/n, PMID 90000014; reason: Made-up data"
    )


def test_a_partial_retraction_that_is_filed_as_an_erratum_is_told_apart():
    link = Correction("ErratumIn", "J. 2019", note="Partial retraction")
    record = Record(source="pubmed", corrections=(link,))
    assert standing_of(record) is Standing.PARTLY


def test_openalexs_own_flag_is_doubtful():
    record = Record(source="openalex", flags=("is_retracted",))
    assert standing_of(record) is Standing.DOUBTFUL
    assert report_of(record).standing is Standing.DOUBTFUL


@pytest.mark.parametrize(
    ("update", "title", "standing"),
    [
        ({"type": "retraction", "DOI": "10.99999/n"}, "Tea", Standing.RETRACTED),
        ({"type": "withdrawal", "DOI": "10.99999/n"}, "Tea", Standing.WITHDRAWN),
        ({"type": "removal", "DOI": "10.99999/n"}, "Tea", Standing.WITHDRAWN),
        ({"type": "partial_retraction", "DOI": "10.99999/n"}, "Tea", Standing.PARTLY),
        ({"type": "correction", "DOI": "10.99999/n"}, "Tea", Standing.CORRECTED),
        ({"type": "retract_replace", "DOI": "10.99999/n"}, "Tea", Standing.DOUBTFUL),
        ({"type": "new_version", "DOI": "10.99999/n"}, "Tea", Standing.SOUND),
        ({"type": "retraction", "DOI": "10.99999/a"}, "Tea", Standing.DOUBTFUL),
        ({"type": "retraction", "DOI": "10.99999/a"}, "Retraction", Standing.NOTICE),
        ({"type": "correction", "DOI": "10.99999/a"}, "Tea", Standing.CORRECTED),
    ],
)
def test_a_record_of_crossref_stands_as_its_updates_say(update, title, standing):
    work = {"DOI": "10.99999/a", "title": [title], "updated-by": [update]}
    assert standing_of(parse_record(work)) is standing
    firm = {**update, "source": "retraction-watch"}
    if standing is Standing.DOUBTFUL and update["DOI"] == "10.99999/a":
        told = standing_of(parse_record({**work, "updated-by": [firm]}))
        assert told is Standing.RETRACTED


def test_a_record_that_no_service_gave_is_unknown_and_not_sound():
    assert report_of(Record(source="file", doi="10.99999/x")).standing is (
        Standing.UNKNOWN
    )


@given(st.text(max_size=40))
def test_any_title_is_read(title):
    signs = notice_in_title(Record(source="pubmed", title=title))
    assert all(sign.weak for sign in signs)


# --- laws -----------------------------------------------------------------------


@given(BODIES, SIGNALS)
def test_one_more_signal_never_makes_a_standing_less_grave(signals, more):
    before = decide_standing(signals).standing
    assert gravity(decide_standing([*signals, more]).standing) >= gravity(before)


@given(BODIES, st.randoms(use_true_random=False))
def test_the_order_of_the_signals_does_not_matter(signals, random):
    mixed = random.sample(signals, len(signals))
    assert decide_standing(mixed) == decide_standing(signals)


@given(BODIES)
def test_a_failed_check_is_never_clean(signals):
    failed = Signal("Crossref", Check.FAILED)
    assert decide_standing([*signals, failed]).standing is not Standing.SOUND


@given(BODIES)
def test_nothing_is_clean_that_nobody_answered_for(signals):
    silent = [s for s in signals if s.check is not Check.ANSWERED]
    assert decide_standing(silent).standing is not Standing.SOUND


@given(BODIES)
def test_a_notice_is_never_lost(signals):
    report = decide_standing(signals)
    assert set(report.notices) == {n for s in signals for n in s.notices}
    assert (report.standing in {Standing.SOUND, Standing.UNKNOWN}) == (
        not report.notices
    )


@given(BODIES)
def test_weak_signs_of_one_sayer_are_never_more_than_doubtful(signals):
    one = [
        s._replace(notices=tuple(n._replace(weak=True, said_by="x") for n in s.notices))
        for s in signals
    ]
    assert gravity(decide_standing(one).standing) <= gravity(Standing.DOUBTFUL)
