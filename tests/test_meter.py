"""Credits are counted together and never spent beyond what there is."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.edge.meter import FORGOTTEN_AFTER, Charge, Meter, parse_charge
from assay.edge.services import openalex_service
from assay.errors import RefusedError

KEY = "invented-key-of-nobody"
NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
KEYLESS, KEYED = openalex_service(), openalex_service(api_key=KEY)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "credits.db"


def left(meter, service=KEYLESS):
    return meter.balance(service).left


def spend(meter, cost, said=None, service=KEYLESS):
    meter.settle(meter.reserve(service, cost), said or Charge(used=cost))


def test_what_is_spent_is_missing_from_what_is_left(path):
    with closing(Meter(path)) as meter:
        spend(meter, 10)
        spend(meter, 1)
        assert meter.balance(KEYLESS) == (989, 1000, False)


def test_a_request_on_its_way_already_counts(path):
    with closing(Meter(path)) as meter:
        hold = meter.reserve(KEYLESS, 10)
        assert left(meter) == 990
        meter.settle(hold, Charge())
        assert left(meter) == 1000, "no answer came, so nothing was charged"


def test_the_last_credit_is_spent_and_not_one_more(path):
    with closing(Meter(path)) as meter:
        spend(meter, 10, Charge(used=10, limit=1000, remaining=4))
        with pytest.raises(RefusedError) as refused:
            meter.reserve(KEYLESS, 10)
        assert "costs 10 credits and 4 are left of today's credits (1,000)" in str(
            refused.value
        )
        assert "free API key (openalex_api_key) gives ten times" in str(refused.value)
        assert "midnight UTC" in str(refused.value)
        spend(meter, 4)
        meter.settle(meter.reserve(KEYLESS, 0), Charge())  # what is free stays free


def test_who_has_a_key_is_not_told_to_get_one(path):
    with closing(Meter(path)) as meter:
        spend(meter, 1, Charge(used=1, limit=10_000, remaining=0), KEYED)
        with pytest.raises(RefusedError, match="midnight UTC") as refused:
            meter.reserve(KEYED, 1)
        assert "free API key" not in str(refused.value)


def test_a_budget_of_ones_own_ends_first(path):
    service = replace(KEYED, budget=25)
    with closing(Meter(path)) as meter:
        spend(meter, 10, service=service)
        spend(meter, 10, service=service)
        with pytest.raises(RefusedError, match=r"5 are left of your own limit \(25\)"):
            meter.reserve(service, 10)
        assert left(meter, KEYED) == 9_980, "the service would still answer"


def test_every_identity_has_credits_of_its_own(path):
    other = openalex_service(api_key="another-key-of-nobody")
    with closing(Meter(path)) as meter:
        spend(meter, 100, service=KEYED)
        assert (left(meter), left(meter, KEYED), left(meter, other)) == (
            1_000,
            9_900,
            10_000,
        )


def test_a_mirror_has_credits_of_its_own(path):
    mirror = openalex_service(at="https://mirror.example.org/")
    with closing(Meter(path)) as meter:
        spend(meter, 100, service=mirror)
        assert (left(meter, mirror), left(meter)) == (900, 1_000)


def test_the_key_is_not_in_the_file(path):
    with closing(Meter(path)) as meter:
        spend(meter, 1, service=KEYED)
    everything = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"OpenAlex" in everything
    assert KEY.encode() not in everything


def test_a_new_day_in_utc_has_new_credits(path):
    moment = [datetime(2026, 8, 1, 23, 59, tzinfo=UTC)]
    with closing(Meter(path, now=lambda: moment[0])) as meter:
        spend(meter, 990)
        late = meter.reserve(KEYLESS, 10)
        assert left(meter) == 0
        moment[0] += timedelta(minutes=2)
        assert left(meter) == 1000
        meter.settle(late, Charge(used=10, limit=1000, remaining=0))
        assert left(meter) == 1000, "an answer of yesterday tells nothing of today"


def test_a_request_whose_process_died_is_given_up(path, monkeypatch):
    with closing(Meter(path)) as meter:
        meter.reserve(KEYLESS, 10)
    with closing(Meter(path)) as meter:
        assert left(meter) == 990
        monkeypatch.setattr("assay.edge.meter.FORGOTTEN_AFTER", -FORGOTTEN_AFTER)
        assert left(meter) == 1000


@pytest.mark.parametrize("remaining", [5, 8_000])
def test_the_services_own_count_is_believed_when_nothing_else_is_asked(path, remaining):
    with closing(Meter(path)) as meter:
        spend(meter, 1, Charge(used=1, limit=10_000, remaining=remaining))
        assert meter.balance(KEYLESS) == (remaining, 10_000, False)


def test_of_two_answers_at_a_time_the_lower_count_is_believed(path):
    with closing(Meter(path)) as meter:
        first, second = meter.reserve(KEYLESS, 10), meter.reserve(KEYLESS, 10)
        meter.settle(second, Charge(used=10, limit=1000, remaining=980))
        meter.settle(first, Charge(used=10, limit=1000, remaining=990))  # it was late
        assert left(meter) == 970, "nobody can tell whether that was counted twice"
        spend(meter, 1, Charge(used=1, limit=1000, remaining=979))
        assert left(meter) == 979


def test_a_charge_that_was_not_expected_is_counted(path):
    with closing(Meter(path)) as meter:
        spend(meter, 1, Charge(used=10))
        assert left(meter) == 990


@given(st.lists(st.sampled_from([0, 1, 10]), max_size=300))
def test_never_more_is_sent_than_there_is(costs):
    with closing(Meter(now=lambda: NOON)) as meter:
        sent = 0
        for cost in costs:
            try:
                spend(meter, cost, service=replace(KEYLESS, credits=100))
            except RefusedError:
                assert sent + cost > 100
            else:
                sent += cost
        assert sent <= 100


@given(
    st.lists(
        st.tuples(st.sampled_from([0, 1, 10]), st.integers(0, 9), st.integers(0, 9)),
        max_size=60,
    ),
    st.integers(0, 60),
)
def test_the_service_is_never_asked_for_more_than_it_has_left(steps, budget):
    """Requests overlap: each is charged, and later answered, in any order."""
    server_left, sent, charged = budget, [], []
    with closing(Meter(now=lambda: NOON)) as meter:
        service = replace(KEYLESS, credits=budget)
        for cost, to_charge, to_answer in steps:
            try:
                sent.append(meter.reserve(service, cost))
            except RefusedError:
                assert cost
            if sent and to_charge < 6:
                hold = sent.pop(to_charge % len(sent))
                assert hold.cost <= server_left
                server_left -= hold.cost
                charged.append((hold, Charge(hold.cost, budget, server_left)))
            if charged and to_answer < 6:
                meter.settle(*charged.pop(to_answer % len(charged)))
        for answered in charged:
            meter.settle(*answered)
        assert left(meter, service) <= server_left


@pytest.mark.parametrize("said", ["", "-1", "ten", "1.5", "1e3", "¹"])
def test_a_header_that_is_no_number_says_nothing(said):
    headers = {"x-ratelimit-remaining": said, "x-ratelimit-limit": "1000"}
    assert parse_charge(headers) == Charge(limit=1000)


def test_a_damaged_file_leaves_the_count_to_this_process(path):
    path.parent.mkdir()
    path.write_bytes(b"no database at all, " * 100)
    with closing(Meter(path)) as meter:
        spend(meter, 10)
        assert left(meter) == 990
        assert not meter.shared
    assert path.read_bytes().startswith(b"no database")


def test_a_file_damaged_during_the_run_leaves_the_count_to_this_process(path):
    with closing(Meter(path)) as meter:
        hold = meter.reserve(KEYLESS, 10)
        with closing(sqlite3.connect(path)) as other:
            other.execute("DROP TABLE days")
        meter.settle(hold, Charge(used=10))
        assert not meter.shared
        assert left(meter) == 1000


def test_a_folder_that_cannot_be_made_is_no_obstacle(tmp_path):
    (tmp_path / "data").write_text("a file")
    with closing(Meter(tmp_path / "data" / "credits.db")) as meter:
        spend(meter, 10)
        assert (left(meter), meter.shared) == (990, False)


SPENDER = """
import sys
from pathlib import Path
from assay.edge.meter import Charge, Meter
from assay.edge.services import openalex_service
from assay.errors import RefusedError
meter, sent = Meter(Path(sys.argv[1])), 0
try:
    for _ in range(200):
        meter.settle(meter.reserve(openalex_service(), 10), Charge(used=10))
        sent += 10
except RefusedError:
    pass
print(sent)
"""


def test_two_processes_spend_one_budget(path):
    command = [sys.executable, "-c", SPENDER, str(path)]
    runs = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    sent = [int(run.communicate(timeout=120)[0]) for run in runs]
    assert sum(sent) == 1000
    with closing(Meter(path)) as meter:
        assert meter.balance(KEYLESS) == (0, 1000, False)
