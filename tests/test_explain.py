"""`--explain CLAIM` shows every step from one claim to its verdict, and nothing new."""

import json
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from assay.cli.check_explain import choose_claim, complete
from assay.errors import UsageError
from assay.evidence.verdict import decide
from assay.model import Design, Finding, Scores, Stance
from assay.output.explain import explain_lines, print_explained, say_weight
from assay.output.explain_json import render_explained_json
from assay.record import Author
from tests import sample
from tests.test_output_terminal import acting
from tests.test_studies import paper
from tests.test_verdict import build, build_claim

NCT = "NCT90000001"


def report_on(*evidence, **more):
    claim = build_claim()
    finding = Finding(
        claim=claim,
        verdict=decide(claim, evidence),
        evidence=evidence,
        queries=("zorvel AND sleep",),
        words=(("zorvel", ("zorvel",)),),
        read=41,
        **more,
    )
    return replace(sample.REPORT, findings=(finding,))


def told(report, number=1):
    return "\n".join(start + text for start, text in explain_lines(report, number))


def shown(report, number=1):
    out = StringIO()
    print_explained(report, number, Console(file=out, width=200))
    return out.getvalue()


def test_every_step_is_told_in_its_order():
    text = told(report_on(build(1), build(2, Stance.CONTRADICTS, 0.35)))
    heads = [line for line in text.splitlines() if line[:2].rstrip(".").isdigit()]
    assert [h[0] for h in heads] == ["1", "2", "3", "4", "5", "6"]
    assert "relation: effect" in text
    assert "query: zorvel AND sleep" in text
    assert "41 records of the library read, 2 of them speak" in text
    assert "rule same-direction" in text
    assert "reader: not asked" in text


def test_the_row_that_decided_is_the_last_one_answered():
    text = told(report_on(build(1), build(2, Stance.CONTRADICTS)))
    table = text.split("5. ")[1].split("6. ")[0].splitlines()[1:]
    answers = [line.split(":")[0].strip() for line in table if line.strip()]
    assert answers == ["no", "no", "yes", "—", "—", "so"]
    assert "so: Mixed" in text


def test_the_scores_of_the_reader_are_told_where_there_are_any():
    item = replace(build(1), scores=Scores(0.81, 0.05, 0.14, 0.7))
    assert "supports 0.81, contradicts 0.05, silent 0.14" in told(report_on(item))


def test_papers_of_one_study_are_told_as_one():
    text = told(report_on(paper(1, f"{NCT}."), paper(2, f"{NCT}.")))
    assert "PMID 90000001, PMID 90000002 (one study): for 0.80" in text


def test_papers_that_may_be_one_study_are_named():
    papers = [
        paper(
            n, "We studied 120 adults.", title="Zorvel and nightly sleep",
            authors=(Author(last_name="Invented"),),
        )
        for n in (1, 2)
    ]  # fmt: skip
    assert "maybe the same study, counted apart" in told(report_on(*papers))


def test_a_weight_tells_what_it_is_made_of():
    small = paper(1, "We enrolled 12 men.", weight=0.3)
    assert say_weight(small) == (
        "0.30 = randomised trial 0.80 × 0.75 (fewer than 30 people) "
        "× 0.50 fitted to the claim"
    )
    cohort = paper(1, "We followed 12,000 men.", weight=0.6075, design=Design.COHORT)
    assert "1.35 (10,000 people or more)" in say_weight(cohort)


def test_the_certainty_is_told_step_by_step():
    text = told(report_on(build(1)))
    assert "starts moderate for design" in text
    assert "down to low for imprecision: It is a single study." in text
    assert text.endswith("so: low certainty.")


@pytest.mark.parametrize("number", range(1, len(sample.REPORT.findings) + 1))
def test_every_claim_of_a_report_can_be_explained_and_nothing_acts(number):
    text = shown(sample.REPORT, number)
    assert text.startswith(f"Claim {number} of ")
    assert not acting(text)
    as_json = json.loads(render_explained_json(sample.REPORT, number))
    assert as_json["number"] == number


def test_a_claim_that_cannot_be_checked_says_so_and_ends_there():
    at, finding = next(
        (n, f) for n, f in enumerate(sample.REPORT.findings, 1) if f.claim.why_not
    )
    text = told(sample.REPORT, at)
    assert finding.claim.why_not in text
    assert "3. " not in text


def test_json_tells_the_same_decision():
    report = report_on(build(1), build(2, Stance.CONTRADICTS))
    found = json.loads(render_explained_json(report, 1))
    assert found["sides"]["for"] == found["sides"]["good_against"] == 0.8
    held = next(row for row in found["table"] if row["holds"])
    assert held["label"] == found["verdict"]["label"] == "mixed"


# --- which claim ----------------------------------------------------------------------


def test_a_claim_is_chosen_by_number_or_by_words_of_it():
    claims = [f.claim.text for f in sample.REPORT.findings]
    assert choose_claim(sample.REPORT, "2") == 2
    assert choose_claim(sample.REPORT, claims[1].upper()) == 2
    assert choose_claim(sample.REPORT, "BLOOD pressure") == 1 + next(
        n for n, text in enumerate(claims) if "blood pressure" in text
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("0", "There is no claim 0"),
        ("99", "There is no claim 99"),
        ("unicorns", "No claim of the article holds the words “unicorns”"),
        ("velora", "fits several claims"),
    ],
)
def test_what_fits_no_claim_or_several_is_told_in_one_sentence(asked, said):
    with pytest.raises(UsageError, match=said) as told_:
        choose_claim(sample.REPORT, asked)
    assert "\n" not in str(told_.value)


def test_an_article_without_claims_has_none_to_explain():
    with pytest.raises(UsageError, match="none can be explained"):
        choose_claim(replace(sample.REPORT, findings=()), "1")


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        (["a.md", "--explain", "sleep"], ["a.md", "--explain", "sleep"]),
        (["a.md", "--explain"], ["a.md", "--explain=*"]),
        (["--explain", "--offline", "a.md"], ["--explain=*", "--offline", "a.md"]),
        (["--explain", "--", "a.md"], ["--explain=*", "--", "a.md"]),
        (["--", "--explain"], ["--", "--explain"]),
    ],
)
def test_the_claim_may_be_left_out(words, completed):
    assert complete(words) == completed
