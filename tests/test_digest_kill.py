"""A digest that is killed anywhere, or run twice at once, gives each thing once.

Runs are killed at a line of assay's own code, chosen over the whole run, with every
channel at once: files, a feed, a real mail server, a real receiver of webhooks.
"""

import random
import re
from collections import Counter
from contextlib import ExitStack

import pytest
from bench.digest.forks import COUNT

from tests.digest_town import Town


@pytest.fixture
def town(tmp_path):
    with ExitStack() as stack:
        yield Town(tmp_path, stack)


def kill_many(town, kills, seed):
    """Kill so many runs, each followed by one that is not; return where they died."""
    chance = random.Random(seed)
    town.bear()
    [whole] = town.run(die_at=COUNT)
    assert not whole.said.get("error")
    lines, died = whole.said["lines"], []
    for number in range(kills):
        town.bear()
        at = 1 + int((number + chance.random()) / kills * lines)
        [killed] = town.run(die_at=at)
        assert killed.killed, f"it was through before line {at} of {lines}"
        died.append(killed.said["at"])
        [after] = town.run()
        assert not after.killed
        assert after.said.get("error", "") == "", f"killed at {died[-1]}"
        assert after.said["problems"] == []
        town.check()
    return died


def test_a_digest_killed_anywhere_loses_nothing_and_repeats_nothing(town):
    died = kill_many(town, 12, seed=12)
    assert len(set(died)) > 8


@pytest.mark.long
def test_a_digest_killed_two_hundred_times_loses_nothing_and_repeats_nothing(
    town, capsys
):
    died = kill_many(town, 200, seed=200)
    files = Counter(re.sub(r":\d+$", "", place) for place in died)
    with capsys.disabled():
        print(f"\n200 kills in {len(files)} files: {files.most_common()}")  # noqa: T201


def test_of_two_digests_at_once_one_works_and_the_other_says_so(town):
    town.pubmed.latency = 0.06
    for _ in range(10):
        town.bear(each=1)
        ended = town.run(together=2)
        assert [each.said.get("error", "") for each in ended] == ["", ""]
        assert sorted(bool(each.said["digest"]) for each in ended) == [False, True]
        [loser] = [each for each in ended if not each.said["digest"]]
        assert "process" in loser.said["holder"]
        town.check()
