"""What every channel of a digest says: plain, whole, and never a failure as a zero."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.digest.model import (
    Bearing,
    Cause,
    CauseKind,
    Digest,
    Receipt,
    Use,
    heading_of,
)
from assay.model import Certainty, Label, Stance
from assay.notice import Standing
from assay.output.digest_html import render_digest_html
from assay.output.digest_markdown import render_digest_markdown
from assay.output.digest_moves import (
    MOST_NAMED,
    find_movers,
    say_cause_quotes,
    say_causes,
    say_change,
    say_move,
    say_sides,
    split_voices,
)
from assay.output.digest_receipt import list_receipt, say_asked
from assay.output.digest_words import (
    find_alarms,
    is_quiet,
    say_heading,
    say_made_up,
    say_quiet,
    say_subject,
    say_time,
    say_title,
)
from assay.output.digest_works import (
    NO_QUOTE,
    bearings_of,
    cite_work,
    link_fallen,
    link_item,
    link_work,
    name_work,
    say_fallen,
    say_fallen_grounds,
    say_published,
    say_quote,
    say_standing_of,
    say_why,
    title_of_work,
)
from assay.search import Problem
from tests import digest_sample as sample

FULL, QUIET, FAILED = (
    sample.full_digest(),
    sample.quiet_digest(),
    sample.failed_digest(),
)


def receipt(digest):
    return dict(list_receipt(digest))


def moved(*causes, **changes):
    """Return the move by a study with other causes."""
    after = replace(sample.MOVED_BY_STUDY.after, causes=causes, **changes)
    return replace(sample.MOVED_BY_STUDY, after=after)


# --- the whole ------------------------------------------------------------------------


def test_the_subject_tells_the_gravest_first():
    assert say_subject(FULL) == (
        "1 search failed, 1 search incomplete, 1 other problem, 3 works not checked, "
        "1 retraction, 1 verdict moved, 1 certainty moved, 4 new studies, "
        "1 preprint now published"
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"items": sample.ITEMS[:1]}, "1 new study"),
        ({"items": sample.ITEMS[:2]}, "2 new studies"),
        ({"items": sample.ITEMS[:1] * 2000}, "2,000 new studies"),
        ({"moves": (sample.MOVED_BY_STUDY,) * 2}, "2 verdicts moved"),
        ({"fallen": (sample.FALLEN,) * 2}, "2 retractions"),
        ({}, "Nothing new"),
    ],
)
def test_plural_forms_are_right(changes, said):
    assert say_subject(sample.quiet_digest(**changes)) == said


def test_each_kind_of_notice_is_counted_under_its_own_name():
    fallen = tuple(replace(sample.FALLEN, after=each) for each in Standing)
    said = say_subject(sample.quiet_digest(fallen=fallen))
    assert said == (
        "2 retractions, 1 withdrawal, 1 retraction notice, 1 partial retraction, "
        "1 possible retraction, 1 expression of concern, 1 correction, "
        "2 notices taken back"
    )


def test_a_failed_week_never_reads_like_a_quiet_one():
    assert say_subject(FAILED) == "2 searches failed"
    told = " ".join((say_subject(FAILED), *find_alarms(FAILED), say_title(FAILED)))
    told += " ".join(f"{name} {said}" for name, said in list_receipt(FAILED))
    assert "Nothing new" not in told
    assert "0 record" not in told
    assert receipt(FAILED)["Found"] == "not known: no search succeeded"
    assert receipt(FAILED)["New"] == "not known: no search succeeded"
    assert not is_quiet(FAILED)


def test_where_some_searches_failed_the_rest_is_told_as_the_rest():
    part = sample.quiet_digest(
        receipt=Receipt(asked=(*FAILED.receipt.asked, *QUIET.receipt.asked))
    )
    assert say_subject(part) == "2 searches failed, nothing new otherwise"
    assert (
        receipt(part)["Found"] == "0 records; of 2 searches that failed it is not known"
    )


def test_a_failure_that_no_problem_tells_of_is_told_all_the_same():
    silent = replace(FAILED, problems=())
    assert silent.quiet
    assert not is_quiet(silent)
    assert find_alarms(silent) == find_alarms(FAILED)


def test_a_quiet_digest_is_one_line():
    line = "Nothing new since 2026-11-16 in velora-sleep; 1 query, 1 request."
    assert say_quiet(QUIET) == line
    assert is_quiet(QUIET)


def test_the_line_of_a_quiet_digest_tells_what_was_found_and_looked_at():
    [asked] = QUIET.receipt.asked
    more = (replace(asked, query=f"tea-{n}", found=1, already=1) for n in range(7))
    told = say_quiet(
        sample.quiet_digest(
            receipt=Receipt(
                asked=(asked, *more), requests=1234, credits=1, claims=1, works=41
            )
        )
    )
    assert told == (
        "Nothing new since 2026-11-16 in 8 queries: 7 records found, all sent before; "
        "8 queries, 1,234 requests, 1 credit, 1 claim looked at again, "
        "41 works asked about."
    )
    assert "\n" not in told


def test_a_quiet_run_offline_says_that_only_the_library_was_asked():
    line = say_quiet(sample.quiet_digest(offline=True))
    assert "(asked of the library on this machine only)" in line


def test_a_gap_that_was_made_up_for_is_said():
    [line] = say_made_up(FULL)
    assert line == (
        "A gap is made up for: PubMed could not be searched for velora-safety since "
        "2026-11-09; now it was, and what it holds since then is told here."
    )
    [asked] = QUIET.receipt.asked
    mended = Receipt(asked=(replace(asked, made_up="2026-11-09"),), requests=1)
    assert "gap is made up" in say_quiet(sample.quiet_digest(receipt=mended))
    again = Receipt(asked=(replace(asked, made_up="2026-11-09", failed=True),))
    assert say_made_up(sample.quiet_digest(receipt=again)) == ()


# --- failures -------------------------------------------------------------------------


def test_what_failed_is_told_with_since_when_and_why():
    assert find_alarms(FULL) == (
        "Europe PMC could not be searched for velora-sleep since 2026-11-16 (no answer "
        "came within 30 seconds); nothing can be said of it. The next run makes up for "
        "it.",
        "OpenAlex gave only a part for velora-sleep since 2026-11-16 (2 of 14 records "
        "did not come back). The next run asks for it again.",
        "mail to the owner: the server refused digest 2 (450 try again later). It "
        "stays in the outbox; the next run tries again.",
        "Of 41 works used before, 3 could not be checked: whether there is a notice "
        "is not known; the last check was on 2026-11-16.",
    )


def test_a_failed_search_for_claims_is_told_as_such():
    claims = replace(FAILED.receipt.asked[0], query="watched claims")
    digest = replace(
        FULL, problems=(), receipt=replace(FULL.receipt, asked=(claims,), unknown=0)
    )
    [line] = find_alarms(digest)
    assert line.startswith("PubMed could not be searched for the watched claims since")
    assert receipt(digest)["Watched claims looked at"] == (
        "12; found for them: not known: no search succeeded"
    )
    assert receipt(digest)["Sources that failed"] == "PubMed (for the watched claims)"
    assert receipt(digest)["Queries run"] == "2 (velora-safety, velora-sleep)"


def test_queries_of_one_fate_are_told_in_one_sentence():
    [line] = find_alarms(FAILED)
    assert "for velora-safety and velora-sleep since 2026-11-16 (the service" in line


def test_a_search_that_fails_again_is_told_since_it_first_did():
    asked = replace(FAILED.receipt.asked[0], made_up="2026-10-05")
    [line] = find_alarms(replace(FAILED, receipt=Receipt(asked=(asked,))))
    assert "since 2026-10-05" in line


def test_a_problem_of_another_place_is_never_swallowed():
    what = FAILED.problems[0].what
    other = Problem(where="Crossref", what=what)
    more = Problem(where="PubMed", what="its list ended early")
    lines = find_alarms(replace(FAILED, problems=(*FAILED.problems, other, more)))
    assert lines[1:] == (f"Crossref: {what}.", "PubMed: its list ended early.")


def test_what_to_do_about_a_failed_search_is_said_with_it():
    [problem] = FAILED.problems
    remedy = replace(problem, what_to_do="Check the key.")
    [line] = find_alarms(replace(FAILED, problems=(problem, remedy)))
    assert line.endswith("The next run makes up for it. Check the key.")


def test_a_source_is_named_once_where_its_problem_names_it_too():
    first, second = FAILED.receipt.asked
    second = replace(second, problem=f"PubMed: {first.problem}")
    digest = replace(FAILED, receipt=Receipt(asked=(first, second)))
    assert find_alarms(digest) == find_alarms(FAILED)


@pytest.mark.parametrize(
    ("works", "unknown", "said"),
    [
        (14, 1, "Of 14 works used before, 1 could not be checked: "),
        (14, 14, "None of the 14 works used before could be checked: "),
        (1, 1, "The one work used before could not be checked: "),
    ],
)
def test_works_of_which_nothing_is_known_are_told_in_a_quiet_line_too(
    works, unknown, said
):
    digest = sample.quiet_digest(
        receipt=replace(QUIET.receipt, works=works, unknown=unknown)
    )
    assert is_quiet(digest)
    assert f"asked about. {said}" in say_quiet(digest)
    assert find_alarms(digest)[0].startswith(said)


# --- works ----------------------------------------------------------------------------


def test_a_work_without_title_or_abstract_says_so():
    item = sample.ITEMS[-1]
    assert title_of_work(item.work) == "[title not recorded]"
    assert say_quote(item.quote) == NO_QUOTE
    assert cite_work(item.work) == "2026"
    assert cite_work(replace(item.work, year=None)) == "date not recorded"


def test_a_published_preprint_says_what_it_was():
    assert say_published(sample.ITEMS[2]) == (
        "The preprint you were sent on 2026-05-04 (DOI 10.99999/preprint.12) is now "
        "published in Journal of Invented Results."
    )
    assert [bool(say_published(item)) for item in sample.ITEMS] == [
        False,
        False,
        True,
        False,
        False,
    ]


def test_what_a_sentence_was_chosen_for_is_said_once():
    assert say_why(sample.ITEMS[0]) == ""
    assert say_why(sample.ITEMS[2]) == "Shown because it names velora, alertness."


def test_links_are_made_from_identifiers_only():
    work = replace(
        sample.TRIAL,
        pmid="javascript:1",
        doi="10.99999/a b",
        pmcid="PMC9/../",
        names=("nct:NCT9000000x",),
        key="https://example.org/",
        title="https://example.org/",
    )
    assert link_work(work) == ()
    assert [link.name for link in link_item(sample.ITEMS[2])] == [
        "PubMed 90000012",
        "DOI",
        "Full text in PMC",
        "Notice",
    ]
    assert link_fallen(sample.FALLEN)[-1].address.endswith("/90000099/")


def test_a_work_is_named_by_the_shortest_name_it_has():
    names = ("content:0f", "nct:NCT90000001")
    work = replace(sample.NO_ABSTRACT, pmid="", key="content:0f", names=names)
    assert name_work(sample.PREPRINT) == "DOI 10.99999/preprint.77"
    assert name_work(work) == "NCT90000001"
    assert name_work(replace(work, names=())) == "“[title not recorded]”"


def test_a_fallen_work_is_told_with_where_it_was_used():
    assert say_fallen(sample.FALLEN) == (
        "RETRACTED: Velora cures insomnia in every patient — you were sent it on "
        "2026-05-04 (digest 1, for velora-sleep) and it was used to judge "
        f"evening-tea.md (2026-06-01, for “{sample.TIRES}”)."
    )
    assert say_fallen_grounds(sample.FALLEN) == (
        "2026-11-19, said by PubMed; notice: PMID 90000099; reason: Data could not be "
        "found."
    )


def test_every_use_of_a_fallen_work_is_told():
    uses = tuple(Use("report", f"a{n}.md", "2026-06-01") for n in range(300))
    said = say_fallen(replace(sample.FALLEN, uses=uses))
    assert all(use.name in said for use in uses)
    assert "used to judge a0.md (2026-06-01), a1.md" in said


@pytest.mark.parametrize("after", list(Standing))
def test_no_standing_is_without_words(after):
    fallen = replace(sample.FALLEN, after=after, before=Standing.CONCERN)
    assert say_fallen(fallen).startswith(
        "NOTICE TAKEN BACK: "
        if after in {Standing.SOUND, Standing.UNKNOWN}
        else f"{after.upper()}: "
    )
    assert "Known before: expression of concern." in say_fallen_grounds(fallen)


def test_a_notice_on_a_new_item_is_told_with_its_grounds():
    assert say_standing_of(sample.ITEMS[2]) == (
        "corrected since (2026-11-20, said by the publisher (in Crossref); notice: DOI "
        "10.99999/velora.12e)"
    )


# --- moves ----------------------------------------------------------------------------


def test_a_verdict_that_moved_names_what_moved_it():
    assert say_move(sample.MOVED_BY_STUDY) == (
        f"“{sample.SEDATES}”: mixed → contradicted (certainty low → moderate), because "
        "of PMID 90000010 (randomised trial, n = 84)."
    )
    assert say_move(sample.MOVED_BY_NOTICE) == (
        f"“{sample.TIRES}”: still supported, certainty moderate → very low, because "
        "PMID 90000003 (randomised trial, n = 30) was retracted."
    )
    same = moved(certainty=Certainty.LOW)
    assert say_change(same) == "mixed → contradicted"


@pytest.mark.parametrize(
    ("kind", "standing", "said"),
    [
        ("study", "no notice known", "because of PMID 90000002 (cohort, n = 410)."),
        ("notice", "retracted", "n = 410) was retracted."),
        ("notice", "withdrawn", "n = 410) was withdrawn."),
        ("notice", "expression of concern", "n = 410) got an expression of concern."),
        ("notice", "no notice known", "n = 410) no longer stands under a notice."),
        ("changed", "no notice known", "because the record of PMID 90000002 (cohort, "),
        ("gone", "no notice known", "n = 410) is no longer found to speak of it."),
    ],
)
def test_each_kind_of_cause_has_its_words(kind, standing, said):
    cause = Cause(
        CauseKind(kind), sample.OLD_COHORT, Stance.SUPPORTS, "", Standing(standing)
    )
    assert said in say_move(moved(cause))


def test_other_rules_are_never_told_as_a_study():
    rules = Cause(CauseKind.RULES)
    assert "because the same studies are read with other words." in say_move(
        moved(rules)
    )
    assert (
        "because assay 0.6.0, before 0.5.0, reads the same studies in another way."
    ) in say_move(moved(rules, version="0.6.0"))


def test_causes_that_only_together_moved_it_are_all_named():
    one = Cause(CauseKind.STUDY, sample.TRIAL, alone=False)
    two = Cause(CauseKind.STUDY, sample.REVIEW, alone=False)
    for causes in ((one, two), (Cause(CauseKind.TOGETHER, alone=False), one, two)):
        assert (
            "because of PMID 90000010 (randomised trial, n = 84) and PMID 90000011 "
            "(systematic review, n = 1,834), together: to leave out only one of them "
            "would not undo it."
        ) in say_move(moved(*causes))
    assert "several changes, none of which alone would undo it" in say_move(
        moved(Cause(CauseKind.TOGETHER))
    )
    gone = two._replace(kind=CauseKind.TOGETHER, standing=Standing.RETRACTED)
    assert (
        "n = 84) and PMID 90000011 (systematic review, n = 1,834; now retracted)"
        in (say_move(moved(one, gone)))
    )
    lost = Cause(CauseKind.TOGETHER, sample.OLD_TRIAL, alone=False)
    move = moved(one, lost, voices=(sample.MOVER,))
    assert "; no longer found to speak of it), together: to leave out" in say_move(move)
    both = say_move(moved(Cause(CauseKind.RULES, alone=False), one))
    assert "n = 84) and another way of reading, together" in both
    assert "No single cause of it was found." in say_move(moved())


def test_of_hundreds_of_causes_a_sentence_names_few_and_counts_the_rest():
    causes = [
        Cause(CauseKind.TOGETHER, replace(sample.TRIAL, key=f"x:{n}"), alone=False)
        for n in range(337)
    ]
    said = say_move(moved(*causes))
    assert said.count("PMID") == MOST_NAMED
    assert "n = 84) and 332 more, together: to leave out only one" in said
    quoted = [cause._replace(sentence="They slept.") for cause in causes]
    assert say_cause_quotes(moved(*quoted))[-1] == "… and 332 more."
    rules = Cause(CauseKind.RULES, alone=False)
    assert "another way of reading and 333 more" in say_move(moved(rules, *causes))


@given(
    st.lists(
        st.builds(
            Cause,
            st.sampled_from([k for k in CauseKind if k is not CauseKind.RULES]),
            st.sampled_from([None, sample.TRIAL, sample.OLD_COHORT]),
            standing=st.sampled_from(list(Standing)),
            alone=st.booleans(),
        ),
        max_size=4,
    )
)
def test_whatever_moved_a_verdict_is_named(causes):
    move = moved(*causes)
    said = say_move(move)
    assert said.startswith(f"“{sample.SEDATES}”: mixed → contradicted")
    assert said.endswith(".")
    for cause in causes:
        assert cause.work is None or cause.work.pmid in said
    assert find_movers(move) == {c.work.key for c in causes if c.work}


def test_every_voice_stands_on_one_side():
    for move in FULL.moves:
        for weighing in (move.before, move.after):
            sides = split_voices(weighing)
            voices = [voice for side in sides for voice in side.voices]
            assert sorted(map(str, voices)) == sorted(map(str, weighing.voices))
    assert say_sides(sample.MOVED_BY_NOTICE.after) == "1 for, 1 not counted"
    assert say_sides(sample.MOVED_BY_STUDY.after) == "1 for, 2 against"


def test_studies_each_of_which_moved_a_verdict_are_named_in_one_clause():
    move = sample.MOVED_BY_STUDY
    (first,) = move.after.causes
    causes = (first, first._replace(work=sample.REVIEW))
    after = replace(move.after, causes=causes)
    said = say_causes(replace(move, after=after))
    assert said.startswith("because of PMID 90000010 (randomised trial, n = 84) and ")
    assert said.count("because of") == 1


def test_offline_no_work_is_said_to_have_been_asked_about():
    receipt = Receipt(works=2, unknown=2)
    digest = Digest(number=1, made=sample.MADE, receipt=receipt, offline=True)
    told = {row.name: row.said for row in list_receipt(digest)}
    assert told["Works used before"] == "2; nothing is known of them"
    assert "asked about" not in say_quiet(digest)
    assert "asked about" in say_quiet(replace(digest, offline=False))


def test_every_label_and_certainty_has_words():
    for label in Label:
        move = moved(label=label)
        assert say_change(move)


# --- the receipt ----------------------------------------------------------------------


def test_the_receipt_holds_all_its_figures_always():
    assert receipt(FULL) == {
        "Queries run": "2 (velora-safety, velora-sleep)",
        "Found": "24 records; of 1 search that failed it is not known",
        "New": "5 works",
        "Already sent": "17 records",
        "Sources that failed": (
            "Europe PMC (for velora-sleep); OpenAlex in part (for velora-sleep)"
        ),
        "Watched claims looked at": "12; found for them: 5 records",
        "Works asked about": (
            "41; nothing is known of 3 of them; 1,200 more have their turn in the "
            "next runs"
        ),
        "Requests": "19",
        "Credits": "20",
        "Next run": "2026-11-23 07:00 UTC",
    }
    assert receipt(QUIET)["Sources that failed"] == "none"
    assert set(receipt(QUIET)) == set(receipt(FULL)) == set(receipt(FAILED))
    assert "Asked" in receipt(sample.quiet_digest(offline=True))
    assert receipt(sample.quiet_digest(next_run=""))["Next run"] == (
        "nothing is due again"
    )


def test_each_search_is_told_in_a_line():
    lines = [say_asked(asked) for asked in FULL.receipt.asked]
    assert lines[1] == (
        "velora-sleep in PubMed since 2026-11-16: 8 found, 4 new, 4 already sent."
    )
    assert lines[2].endswith("FAILED; what it holds is not known.")
    assert lines[3].endswith("INCOMPLETE: 2 of 14 records did not come back.")


def test_the_index_tells_a_digest_in_figures():
    assert say_heading(heading_of(FULL)) == (
        "2 problems, 1 work with a notice, 2 verdicts moved, 5 new studies"
    )
    assert say_heading(heading_of(QUIET)) == "Nothing new"
    assert say_heading(heading_of(FAILED)) == "1 problem"
    assert (
        say_title(heading_of(FULL)) == say_title(FULL) == "assay digest 3, 2026-11-23"
    )


def test_a_time_is_told_in_utc_and_nonsense_as_it_is():
    assert say_time("2026-11-23T07:00:00+01:00") == "2026-11-23 06:00 UTC"
    assert say_time("2026-11-23T07:00:00") == "2026-11-23 07:00"
    assert say_time("0001-01-01T00:00:00+23:00") == "0001-01-01T00:00:00+23:00"
    assert say_time("soon") == "soon"


def test_a_claim_that_two_articles_make_is_told_once_of_a_work():
    one, other = (Bearing(n, "velora sedates", Stance.SUPPORTS) for n in (1, 2))
    against = Bearing(3, "velora sedates", Stance.CONTRADICTS)
    item = replace(sample.ITEMS[0], bears_on=(one, other, against))
    assert bearings_of(item) == (one, against)
    digest = replace(sample.quiet_digest(), items=(item,))
    for render in (render_digest_html, render_digest_markdown):
        assert render(digest).count("Supports the watched claim") == 1


def test_offline_it_is_no_alarm_that_nobody_was_asked_about_notices():
    receipt = Receipt(works=3, unknown=3)
    digest = Digest(number=1, made="2026-11-23T06:00:00+00:00", receipt=receipt)
    assert find_alarms(digest)
    assert find_alarms(replace(digest, offline=True)) == ()
    assert "not checked" not in say_subject(replace(digest, offline=True))
