"""A digest over simulated years delivers exactly what was deliverable, each once.

The years are those of `bench.digest` (its own documentation tells what happens in
them), smaller here; with --long they are whole.
"""

from contextlib import ExitStack
from datetime import timedelta

import pytest
from bench.digest.years import Plan, simulate, totals

from tests.digest_town import WISHES, Town

SMALL = Plan(
    seed=1, queries=12, years=1, a_year=16, kills=0.1, pairs=0.05, works=10, stretch=3
)


def live(plan):
    """Live through a plan; return the counts, and see that nothing is wrong."""
    with simulate(plan) as simulation:
        sheets = simulation.oracle.sheets
        wrong = [*simulation.story.wrong, *(w for sheet in sheets for w in sheet.wrong)]
        assert wrong == []
        return totals([simulation])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_in_a_year_each_query_is_told_exactly_what_it_could_be(seed):
    counts = live(SMALL._replace(seed=seed))
    assert counts["delivered"] == counts["deliverable"] > 100
    assert not counts["repeated"] + counts["late"] + counts["missing"]


@pytest.mark.long
@pytest.mark.parametrize("seed", [11, 12, 13, 14])
def test_in_three_years_each_query_is_told_exactly_what_it_could_be(seed):
    counts = live(Plan(seed=seed, queries=50, years=3, a_year=30))
    assert counts["delivered"] == counts["deliverable"] > 3000


@pytest.fixture
def town(tmp_path):
    with ExitStack() as stack:
        yield Town(tmp_path, stack)


PREPRINT = ("Journal Article", "Preprint")


def told(town):
    """Return (PMID, kind) of every item of every digest."""
    return [
        (int(item.work.pmid), str(item.kind))
        for digest in town.digests()
        for item in digest.items
    ]


def test_an_article_is_told_as_that_of_its_preprint_by_title_and_authors_alone(town):
    early = town.put(WISHES[0], types=PREPRINT)
    town.run()
    town.now += timedelta(days=90)
    late = town.put(WISHES[0], subject=early.subject, writers=early.pmid)
    town.run()
    assert told(town) == [(early.pmid, "new"), (late.pmid, "published")]


def test_a_preprint_that_is_found_after_its_article_is_not_told(town):
    article = town.put(WISHES[0])
    town.run()
    town.now += timedelta(days=90)
    late = {"subject": article.subject, "writers": article.pmid, "types": PREPRINT}
    town.put(WISHES[0], **late)
    town.run()
    assert told(town) == [(article.pmid, "new")]


def test_a_quiet_week_asks_pubmed_once_a_query_and_fetches_nothing_for_it(town):
    town.bear()
    town.run()
    town.now += timedelta(days=32)
    town.pubmed.requests.clear()
    town.run()
    assert town.digests()[-1].items == ()
    assert town.pubmed.count("esearch") == len(WISHES)
    assert town.pubmed.count("efetch") <= 1, "for the notices of what was sent"
