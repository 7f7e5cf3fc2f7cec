"""Works used before that fell: each told once, no failure taken for good news."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.digest.fallen import find_fallen, is_unknown, keep_known
from assay.digest.model import Use, Work
from assay.digest.same_notice import find_new
from assay.library.retraction import gravity
from assay.library.standing import decide_standing
from assay.notice import Check, Notice, Signal, Standing, StandingReport

PUBMED, CROSSREF, OPENALEX = "PubMed", "Crossref", "OpenAlex"
PUBLISHER = "the publisher (in Crossref)"
WATCH = "Retraction Watch (in Crossref)"
RETRACTED, CORRECTED, CONCERN = (
    Standing.RETRACTED,
    Standing.CORRECTED,
    Standing.CONCERN,
)
DOI = "10.99999/velora"
WORK = Work(key="pmid:90000001", names=("pmid:90000001", f"doi:{DOI}"), doi=DOI)
USES = (Use("report", "velora.html", "2026-11-16", "Velora helps sleep."),)

IN_PUBMED = Notice(RETRACTED, PUBMED, "RetractionIn", "2026-11", pmid="90000014")
IN_CROSSREF = Notice(
    RETRACTED, PUBLISHER, "retraction", "2026-10-02", doi="10.99999/notice"
)
IN_WATCH = Notice(RETRACTED, WATCH, "retraction", "2026-10-02", doi=DOI)
FLAG = Notice(RETRACTED, OPENALEX, "is_retracted", weak=True)
ERRATUM = Notice(CORRECTED, PUBMED, "ErratumIn", "2025-03", pmid="90000020")


def report(pubmed=(), crossref=(), openalex=(), *, when="2026-11-16"):
    """Return what three services come to; None for one that failed."""
    given = {PUBMED: pubmed, CROSSREF: crossref, OPENALEX: openalex}
    return decide_standing(
        Signal(name, Check.FAILED, why="no answer")
        if notices is None
        else Signal(name, Check.ANSWERED, tuple(notices), when)
        for name, notices in given.items()
    )


CLEAN = report()
NOBODY = report(None, None, None)


def news(before, now):
    """Return (before, after, notices) of what is told; None when nothing is."""
    found = find_fallen([(WORK, before, USES)], {WORK.key: now})
    if not found:
        return None
    (one,) = found
    assert (one.work, one.uses) == (WORK, USES)
    return one.before, one.after, one.notices


# --- what is news -------------------------------------------------------------


@pytest.mark.parametrize("before", [None, CLEAN, NOBODY])
@pytest.mark.parametrize(
    ("notice", "after"),
    [
        (IN_PUBMED, RETRACTED),
        (IN_PUBMED._replace(standing=CONCERN), CONCERN),
        (ERRATUM, CORRECTED),
        (FLAG, Standing.DOUBTFUL),
    ],
)
def test_a_first_notice_is_news(before, notice, after):
    stood = before.standing if before else Standing.SOUND
    assert news(before, report([notice])) == (stood, after, (notice,))


def test_a_graver_standing_is_news():
    concern = ERRATUM._replace(standing=CONCERN, pmid="90000021")
    told = report([ERRATUM])
    assert news(told, report([ERRATUM, concern])) == (CORRECTED, CONCERN, (concern,))
    now = report([ERRATUM, concern, IN_PUBMED])
    assert news(told, now) == (CORRECTED, RETRACTED, (IN_PUBMED, concern))


def test_a_sign_that_is_borne_out_is_news():
    told = report([], [], [FLAG])
    assert told.standing is Standing.DOUBTFUL
    now = report([IN_PUBMED], [], [FLAG])
    assert news(told, now) == (Standing.DOUBTFUL, RETRACTED, (IN_PUBMED,))


def test_another_erratum_is_news_and_the_first_is_not_told_again():
    second = ERRATUM._replace(date="2026-02", pmid="90000022")
    now = report([ERRATUM, second])
    assert news(report([ERRATUM]), now) == (CORRECTED, CORRECTED, (second,))


def test_a_second_erratum_without_identifier_is_another_one():
    first = ERRATUM._replace(pmid="")
    second = first._replace(reason="Table 2")
    assert news(report([first]), report([first, second]))[2] == (second,)


# --- what is no news ----------------------------------------------------------


def test_what_was_retracted_when_it_was_cited_is_no_news():
    told = StandingReport(standing=RETRACTED, notices=(IN_PUBMED,))
    assert news(told, report([IN_PUBMED])) is None
    assert news(told, report([IN_PUBMED], [IN_CROSSREF], [FLAG])) is None


@pytest.mark.parametrize("first", [IN_PUBMED, IN_CROSSREF, IN_WATCH])
@pytest.mark.parametrize("later", [IN_PUBMED, IN_CROSSREF, IN_WATCH, FLAG])
def test_the_same_retraction_told_by_another_service_is_no_news(first, later):
    assert news(report([first]), report([first], [later])) is None


def test_the_same_erratum_told_by_another_service_is_no_news():
    theirs = Notice(CORRECTED, PUBLISHER, "correction", "2025-01-30", doi="10.99999/e")
    assert news(report([ERRATUM]), report([ERRATUM], [theirs])) is None
    years_later = theirs._replace(date="2026-11-02")
    told = news(report([ERRATUM]), report([ERRATUM], [years_later]))
    assert told == (CORRECTED, CORRECTED, (years_later,))


def test_a_notice_that_gets_its_link_or_its_number_later_is_no_news():
    typed = Notice(RETRACTED, PUBMED, "Retracted Publication")
    assert news(report([typed]), report([IN_PUBMED])) is None
    bare = ERRATUM._replace(pmid="", date="2025")
    assert news(report([bare]), report([ERRATUM])) is None


def test_a_weak_sign_beside_a_graver_notice_is_no_news():
    partly = IN_PUBMED._replace(standing=Standing.PARTLY, kind="ErratumIn")
    assert news(report([partly]), report([partly], [], [FLAG])) is None


def test_a_work_that_was_not_asked_about_is_not_told():
    assert find_fallen([(WORK, CLEAN, USES)], {}) == ()


# --- taken back ---------------------------------------------------------------


def test_a_notice_that_is_taken_back_is_told_as_such():
    assert news(report([IN_PUBMED]), CLEAN) == (RETRACTED, Standing.SOUND, ())
    back = FLAG._replace(said_by=PUBLISHER, kind="retraction", reason="reinstated 2026")
    told = news(report([], [IN_CROSSREF]), report([], [back]))
    assert told == (RETRACTED, Standing.DOUBTFUL, (back,))


def test_only_whoever_told_of_a_notice_can_take_it_back():
    for now in (
        report(None, []),
        decide_standing([Signal(PUBMED, Check.NOT_HELD), *CLEAN.signals[:2]]),
        decide_standing([Signal(CROSSREF, Check.ANSWERED)]),
    ):
        assert news(report([IN_PUBMED]), now) is None
        assert keep_known(report([IN_PUBMED]), now).standing is RETRACTED


@pytest.mark.parametrize("standing", [RETRACTED, CONCERN, CORRECTED])
def test_a_standing_that_was_told_without_its_notice_is_no_news(standing):
    told = StandingReport(standing=standing)
    notice = IN_PUBMED._replace(standing=standing)
    assert news(told, report([notice])) is None
    assert news(told, CLEAN) == (standing, Standing.SOUND, ())
    assert news(told, report([ERRATUM._replace(standing=CORRECTED)], None)) is None


def test_nothing_is_taken_back_while_another_check_fails():
    told = StandingReport(standing=RETRACTED, notices=(IN_PUBMED,))
    assert news(told, report([], None)) is None
    assert news(told, CLEAN) == (RETRACTED, Standing.SOUND, ())


def test_a_notice_told_without_its_service_is_held_by_whoever_said_it():
    told = StandingReport(standing=RETRACTED, notices=(IN_CROSSREF,))
    now = report([ERRATUM], None)
    assert news(told, now) == (RETRACTED, RETRACTED, (ERRATUM,))
    assert keep_known(told, now).standing is RETRACTED
    assert keep_known(told, report([ERRATUM])).standing is CORRECTED


# --- unknown ------------------------------------------------------------------


def test_a_check_that_failed_is_unknown_and_leaves_what_was_known():
    assert is_unknown(report([], None))
    assert is_unknown(NOBODY)
    assert not is_unknown(CLEAN)
    assert keep_known(CLEAN, NOBODY) == CLEAN
    assert keep_known(None, NOBODY).standing is Standing.UNKNOWN
    kept = keep_known(CLEAN, report([ERRATUM], None, when="2026-11-23"))
    assert kept.standing is CORRECTED
    assert {s.service: s.when for s in kept.signals} == {
        PUBMED: "2026-11-23",
        CROSSREF: "2026-11-16",
        OPENALEX: "2026-11-23",
    }


def test_a_service_that_fails_the_first_time_it_is_asked_is_not_passed_over():
    asked = Signal(CROSSREF, Check.NOT_ASKED, why="the record has no DOI")
    before = decide_standing([CLEAN.signals[2], asked])
    now = report([], None, when="2026-11-23")
    assert keep_known(before, now) == before, "it is not known to be clean now"


def test_what_a_record_itself_says_counts_when_nobody_answers():
    failed = Signal(PUBMED, Check.FAILED, (IN_PUBMED,), why="no answer")
    assert news(CLEAN, decide_standing([failed]))[1] is RETRACTED


# --- many ---------------------------------------------------------------------


def test_the_gravest_comes_first_and_good_news_last():
    works = {f"pmid:9000000{n}": n for n in range(4)}
    before = {0: CLEAN, 1: report([IN_PUBMED]), 2: CLEAN, 3: CLEAN}
    now = {0: report([ERRATUM]), 1: CLEAN, 2: report([IN_PUBMED]), 3: CLEAN}
    known = [(Work(key=k, names=(k,)), before[n], USES) for k, n in works.items()]
    found = find_fallen(known, {k: now[n] for k, n in works.items()})
    assert [works[each.work.key] for each in found] == [2, 0, 1]


def test_a_work_that_stands_there_twice_is_told_once_with_all_its_uses():
    more = (Use("digest", "3", "2026-11-09", "kratom-sleep"), *USES)
    known = [(WORK, CLEAN, USES), (WORK, CLEAN, more)]
    (one,) = find_fallen(known, {WORK.key: report([IN_PUBMED])})
    assert one.uses == (*USES, more[0])
    known = [(WORK, None, USES), (WORK, report([IN_PUBMED]), USES)]
    for each in (known, known[::-1]):
        assert find_fallen(each, {WORK.key: report([IN_PUBMED])}) == ()


# --- laws ---------------------------------------------------------------------

BARE = st.sampled_from(Standing).map(lambda s: StandingReport(standing=s))
STANDINGS = [s for s in Standing if gravity(s)]
SAYERS = {PUBMED: [PUBMED], CROSSREF: [PUBLISHER, WATCH], OPENALEX: [OPENALEX]}
DATES = st.sampled_from(["", "2025", "2025-03", "2026-11-02", "soon"])


def signal(service):
    pmids = st.sampled_from(["", "90000014", "90000020"])
    dois = st.sampled_from(["", DOI, "10.99999/n"])
    notice = st.builds(
        Notice,
        st.sampled_from(STANDINGS),
        st.sampled_from(SAYERS[service]),
        st.sampled_from(["a", "b"]),
        DATES,
        st.just(""),
        pmids,
        dois,
        st.booleans(),
    )
    notices = st.lists(notice, max_size=2).map(tuple)
    checks = st.sampled_from(Check)
    return st.builds(
        lambda check, found, when: Signal(
            service, check, found if check is Check.ANSWERED else (), when
        ),
        checks,
        notices,
        st.sampled_from(["2026-11-16", "2026-11-23"]),
    )


SIGNALS = st.tuples(*map(signal, SAYERS))
REPORTS = SIGNALS.map(decide_standing)
UNSIGNED = REPORTS.map(lambda r: replace(r, signals=()))
BEFORE = st.one_of(st.none(), REPORTS, UNSIGNED, BARE)
LAW = settings(max_examples=300, deadline=None)


@LAW
@given(before=BEFORE, now=REPORTS)
def test_what_was_told_is_told_once(before, now):
    assert news(keep_known(before, now), now) is None


@LAW
@given(before=BEFORE, now=SIGNALS)
def test_a_failed_check_changes_nothing(before, now):
    failed = [s._replace(check=Check.FAILED, notices=()) for s in now]
    nobody = decide_standing(failed)
    assert news(before, nobody) is None
    assert keep_known(before, nobody) == (before or nobody)
    asked = decide_standing(now)
    assert news(keep_known(asked, nobody), asked) is None


@LAW
@given(before=BEFORE, now=REPORTS)
def test_unknown_is_never_news_and_good_news_needs_an_answer(before, now):
    found = news(before, now)
    if found:
        stood, after, _ = found
        assert after is not Standing.UNKNOWN
        if gravity(after) < gravity(stood):
            assert Check.ANSWERED in {s.check for s in now.signals}


@LAW
@given(
    known=st.lists(st.tuples(BEFORE, REPORTS), max_size=4),
    random=st.randoms(use_true_random=False),
)
def test_the_order_of_works_and_signals_does_not_matter(known, random):
    works = [Work(key=f"k{n}", names=(f"k{n}",)) for n in range(len(known))]
    rows = [(w, before, USES) for w, (before, _) in zip(works, known, strict=True)]
    now = {w.key: r for w, (_, r) in zip(works, known, strict=True)}
    mixed = list(rows)
    random.shuffle(mixed)
    turned = {k: replace(r, signals=r.signals[::-1]) for k, r in now.items()}
    assert find_fallen(mixed, turned) == find_fallen(rows, now)


@LAW
@given(notices=st.lists(SIGNALS, max_size=2))
def test_no_notice_is_new_to_a_list_that_holds_it(notices):
    every = tuple(n for signals in notices for s in signals for n in s.notices)
    assert find_new(every, every) == ()
