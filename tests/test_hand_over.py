"""The outbox is emptied: each parcel once; a failure is told and noted."""

import logging
import sys
import threading
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.digest.model import heading_of
from assay.digest.outcome import Outcome
from assay.edge.channels import (
    CHANNELS,
    Channel,
    PartlyHandedOverError,
    Place,
    Post,
)
from assay.edge.digest_settings import DigestSettings, MailSettings
from assay.edge.hand_over import (
    LONGEST_WAIT,
    find_next_try,
    hand_over,
    read_workspace_id,
)
from assay.edge.ledger import read_digest, read_digests, read_headings, write_outcome
from assay.edge.outbox import read_parcels
from assay.errors import DeliveryError, StoreError
from tests.digest_sample import full_digest
from tests.hook_server import Answer, serve_hook
from tests.mail_server import Inbox, serve_mail

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
CANARY = "c4nary-of-nobody"


@pytest.fixture
def state(tmp_path):
    return tmp_path / "cache/state.db"


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path / "digests", DigestSettings(), {})


@pytest.fixture
def channel(monkeypatch):
    """Register a channel by what it does, and return what it was given."""

    def register(name, deliver=lambda post, place: "there", check=lambda place: ""):
        given = []

        def told(post, place):
            given.append((post.digest.number, place.workspace))
            return deliver(post, place)

        made = Channel(name=name, title=name, what="A test.", check=check, deliver=told)
        monkeypatch.setitem(CHANNELS, name, f"channel_{name}")
        module = SimpleNamespace(CHANNEL=made)
        monkeypatch.setitem(sys.modules, f"channel_{name}", module)
        return given

    return register


def put(state, number, *channels):
    digest = full_digest(number=number)
    write_outcome(state, Outcome(digest=digest, channels=channels), lease=None)


def give(state, place, now=NOW, **more):
    def post_of(number):
        return Post(
            digest=read_digest(state, number),
            past=lambda newest: read_digests(state, newest),
            headings=lambda: read_headings(state),
            record=lambda _key: None,
        )

    return hand_over(state, post_of, place, now, **more)


def parcels(state):
    return {(p.digest, p.channel): p for p in read_parcels(state, pending=False)}


def fail(error):
    def deliver(_post, _place):
        raise error

    return deliver


def test_without_a_file_there_is_nothing_to_do(state, place):
    assert give(state, place) == ()
    assert not state.exists()


def test_what_lies_there_goes_once_the_oldest_first(state, place, channel):
    given = channel("one")
    for number in (1, 2, 3):
        put(state, number, "one")
    assert give(state, place) == ()
    assert [number for number, _ in given] == [1, 2, 3]
    assert give(state, place) == ()
    assert len(given) == 3
    parcel = parcels(state)[1, "one"]
    assert (parcel.state, parcel.place, parcel.tries) == ("sent", "there", 1)
    assert parcel.sent == NOW.isoformat(timespec="seconds")


def test_the_real_channels_for_files_deliver_from_the_outbox(state, place):
    put(state, 1, "html", "markdown", "atom", "ris")
    assert give(state, place) == ()
    names = sorted(path.name for path in place.folder.iterdir())
    start = f"{full_digest().made[:10]}-0001"
    endings = (".html", ".md", ".ris")
    assert names == [*(f"{start}{e}" for e in endings), "feed.atom", "index.html"]


def test_the_workspaces_id_is_drawn_once(state, place, channel):
    given = channel("one")
    put(state, 1, "one")
    give(state, place)
    put(state, 2, "one")
    give(state, place)
    [(_, first), (_, second)] = given
    assert first == second == read_workspace_id(state)
    assert len(first) == 36


def test_only_the_named_channels_are_handed_over_to(state, place, channel):
    one, two = channel("one"), channel("two")
    put(state, 1, "one", "two")
    give(state, place, only=("two",))
    assert (len(one), len(two)) == (0, 1)


def test_a_failure_of_one_channel_leaves_the_others_alone(state, place, channel):
    channel("bad", fail(DeliveryError("The server sleeps.")))
    given = channel("good")
    put(state, 1, "bad", "good")
    put(state, 2, "bad", "good")
    problems = give(state, place)
    assert [number for number, _ in given] == [1, 2]
    assert [problem.where for problem in problems] == [
        "digest 1 by bad",
        "digest 2 by bad",
    ]
    assert problems[0].what == "The server sleeps"
    assert problems[0].what_to_do == "It is tried again from 2026-11-23 07:30 UTC on."
    parcel = parcels(state)[1, "bad"]
    assert (parcel.state, parcel.tries) == ("pending", 1)
    assert parcel.problem == "The server sleeps."


def test_it_is_tried_again_after_ever_longer_waits(state, place, channel):
    given = channel("bad", fail(DeliveryError("no")))
    put(state, 1, "bad")
    now = NOW
    waits = []
    for _ in range(7):
        give(state, place, now)
        again = datetime.fromisoformat(parcels(state)[1, "bad"].next_try)
        assert give(state, place, again - timedelta(seconds=1)) == ()
        waits.append((again - now) / HOUR)
        now = again
    assert waits == [1, 2, 4, 8, 16, 24, 24]
    assert len(given) == 7


def test_what_lasts_is_tried_once_a_day(state, place, channel):
    given = channel("bad", fail(DeliveryError("no", lasting=True)))
    put(state, 1, "bad")
    for hours in range(49):
        give(state, place, NOW + hours * HOUR)
    assert len(given) == 3


def test_one_who_asks_to_wait_is_not_asked_sooner(state, place, channel):
    channel("bad", fail(DeliveryError("no", wait=5 * 3600.0)))
    put(state, 1, "bad")
    give(state, place)
    again = parcels(state)[1, "bad"].next_try
    assert datetime.fromisoformat(again) == NOW + 5 * HOUR


def test_a_person_may_have_it_tried_at_once(state, place, channel):
    answers = [DeliveryError("no", lasting=True)]

    def deliver(_post, _place):
        if answers:
            raise answers.pop()
        return "there"

    channel("shy", deliver)
    put(state, 1, "shy")
    assert give(state, place)
    assert give(state, place) == ()
    assert parcels(state)[1, "shy"].state == "pending"
    assert give(state, place, at_once=True) == ()
    assert parcels(state)[1, "shy"].state == "sent"


def test_a_channel_that_is_not_set_up_is_looked_at_in_every_run(state, place, channel):
    missing = ["Its address is not set."]
    given = channel("bare", check=lambda _place: missing[0] if missing else "")
    put(state, 1, "bare")
    [problem] = give(state, place)
    assert problem.what == "Its address is not set"
    assert given == []
    missing.clear()
    assert give(state, place) == ()
    assert len(given) == 1


def test_a_time_far_ahead_was_set_by_a_wrong_clock_and_holds_nothing_up(
    state, place, channel
):
    given = channel("bad", fail(DeliveryError("no")))
    put(state, 1, "bad")
    give(state, place, NOW + timedelta(days=3))
    give(state, place, NOW)
    assert len(given) == 2


def test_a_channel_that_is_no_more_is_a_problem_and_no_crash(state, place, channel):
    given = channel("good")
    put(state, 1, "pigeon", "good")
    [problem] = give(state, place)
    assert problem.where == "digest 1 by pigeon"
    assert "knows no such channel; there are html, markdown" in problem.what
    assert len(given) == 1
    assert give(state, place) == ()  # told once a day
    assert parcels(state)[1, "pigeon"].state == "pending"


@pytest.mark.parametrize(
    "error", [ZeroDivisionError(CANARY), KeyError(CANARY), OSError(5, CANARY)]
)
def test_what_nobody_foresaw_is_a_problem_of_that_channel_without_its_words(
    state, place, channel, error, caplog
):
    caplog.set_level(logging.DEBUG)
    channel("bad", fail(error))
    given = channel("good")
    put(state, 1, "bad", "good")
    [problem] = give(state, place)
    assert type(error).__name__ in problem.what
    assert "please report it" in problem.what
    assert CANARY not in f"{problem}{parcels(state)}{caplog.text}"
    assert "test_hand_over" in caplog.text  # where it happened
    assert len(given) == 1


def test_a_module_that_cannot_be_loaded_is_a_problem(state, place, monkeypatch):
    monkeypatch.setitem(CHANNELS, "lost", "assay.edge.channels.not_there")
    put(state, 1, "lost")
    [problem] = give(state, place)
    assert "ModuleNotFoundError" in problem.what


def test_a_digest_that_cannot_be_read_is_a_problem_of_it_alone(state, place, channel):
    given = channel("one")
    put(state, 1, "one")
    put(state, 2, "one")

    def post_of(number):
        if number == 1:
            raise StoreError("Digest 1 cannot be read.")
        digest = read_digest(state, number)
        return Post(
            digest=digest,
            past=lambda _n: (digest,),
            headings=lambda: (heading_of(digest),),
            record=lambda _key: None,
        )

    [problem] = hand_over(state, post_of, place, NOW)
    assert problem.what == "Digest 1 cannot be read"
    assert [number for number, _ in given] == [2]


def test_what_reached_only_some_is_sent_and_told(state, place, channel):
    error = PartlyHandedOverError("1 of 2 was refused.", "1 recipient")
    given = channel("half", fail(error))
    put(state, 1, "half")
    [problem] = give(state, place)
    assert problem.what == "1 of 2 was refused"
    parcel = parcels(state)[1, "half"]
    assert (parcel.state, parcel.place) == ("sent", "1 recipient")
    give(state, place, NOW + LONGEST_WAIT)
    assert len(given) == 1


@pytest.mark.parametrize("how", ["note_sent", "note_unsent"])
def test_an_outcome_that_cannot_be_noted_is_told_and_made_again(
    state, place, channel, monkeypatch, how
):
    error = DeliveryError("no") if how == "note_unsent" else None
    first = channel("one", fail(error) if error else lambda _post, _place: "there")
    second = channel("two")
    put(state, 1, "one", "two")

    def full(*_args):
        raise StoreError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(f"assay.edge.hand_over.{how}", full)
        problems = give(state, place)
    assert any("cannot be noted" in problem.what for problem in problems)
    assert len(second) == 1
    give(state, place)
    assert len(first) == 2


def test_an_outbox_that_cannot_be_read_stops_the_run(state, place):
    state.parent.mkdir()
    state.write_bytes(b"no database at all, but long enough to be looked at" * 50)
    with pytest.raises(StoreError):
        give(state, place)


def test_a_lease_is_renewed_before_each_parcel(state, place, channel):
    renewed = []
    channel("one", lambda _post, _place: renewed.append("sent") or "there")
    put(state, 1, "one")
    put(state, 2, "one")
    give(state, place, renew=lambda: renewed.append("renewed"))
    assert renewed == ["renewed", "sent"] * 2


@given(
    st.integers(0, 10_000),
    st.booleans(),
    st.floats(min_value=0, allow_nan=False),
)
def test_no_wait_is_shorter_than_an_hour_or_longer_than_a_day(tries, lasting, wait):
    error = DeliveryError("no", lasting=lasting, wait=wait)
    again = find_next_try(tries, error, NOW)
    assert HOUR <= again - NOW <= LONGEST_WAIT


# --- with real servers, and secrets on every path -------------------------------------


@pytest.fixture
def servers(tmp_path):
    """Start servers with the answers given, and give the place that knows them."""
    with ExitStack() as stack:

        def start(*, rcpt=None, hook=(), users=None):
            inbox = Inbox(rcpt=rcpt)
            mail = stack.enter_context(serve_mail(inbox, users=users))
            web = stack.enter_context(serve_hook(*hook))
            settings = DigestSettings(
                email=MailSettings(
                    sender="assay@example.org",
                    to=("ada@example.org", "bo@example.org"),
                    host="127.0.0.1",
                    port=mail.port,
                    tls="none",
                    user="me" if users else "",
                ),
            )
            environ = {
                "ASSAY_SMTP_PASSWORD": CANARY,
                "ASSAY_WEBHOOK": f"{web.address}/{CANARY}",
                "ASSAY_SLACK_WEBHOOK": f"{web.address}/{CANARY}",
            }
            place = Place(tmp_path / "digests", settings, environ)
            return SimpleNamespace(place=place, inbox=inbox, web=web, mail=mail)

        yield start


def test_a_mail_that_is_greylisted_goes_at_the_second_try_under_the_same_id(
    state, servers
):
    world = servers(rcpt={"*": lambda n: "450 4.2.0 later" if n <= 2 else ""})
    put(state, 1, "email")
    [problem] = give(state, world.place)
    assert "450 4.2.0 later" in problem.what
    assert give(state, world.place, NOW + HOUR) == ()
    assert parcels(state)[1, "email"].place == "2 recipients by 127.0.0.1"
    [(_, to, message)] = world.inbox.messages
    assert to == ("ada@example.org", "bo@example.org")
    assert message.count(b"Message-ID:") == 1


def test_one_who_is_refused_is_counted_but_not_named(state, servers):
    world = servers(rcpt={"bo@example.org": "550 5.1.1 <bo@example.org> unknown"})
    put(state, 1, "email")
    [problem] = give(state, world.place)
    assert "took the digest for 1 of 2 recipients" in problem.what
    assert "550 5.1.1 (hidden) unknown" in problem.what
    assert "@" not in problem.what
    assert parcels(state)[1, "email"].state == "sent"


def test_a_web_server_that_asks_to_wait_is_left_alone_until_then(state, servers):
    world = servers(hook=(Answer(429, Retry_After="7200"), Answer()))
    put(state, 1, "webhook")
    assert give(state, world.place)
    assert give(state, world.place, NOW + HOUR) == ()
    assert len(world.web.posts) == 1
    assert give(state, world.place, NOW + 2 * HOUR) == ()
    assert parcels(state)[1, "webhook"].state == "sent"


@pytest.mark.parametrize(
    ("status", "users"),
    [(200, {"me": CANARY}), (302, {"me": "x"}), (404, {"me": "x"}), (429, {"me": "x"})],
)
def test_no_secret_is_left_behind_whatever_happens(
    state, servers, status, users, caplog, tmp_path
):
    caplog.set_level(logging.DEBUG)
    echo = f"no such hook /in/{CANARY} for ada@example.org".encode()
    world = servers(hook=(Answer(status, echo, Location="/x"),), users=users)
    put(state, 1, "email", "webhook", "slack", "eml", "html")
    problems = give(state, world.place)
    assert bool(problems) is (status != 200 or users["me"] != CANARY)
    kept = b"".join(p.read_bytes() for p in state.parent.rglob("*") if p.is_file())
    told = f"{problems}{parcels(state)}{world.place.settings!r}{caplog.text}"
    assert CANARY.encode() not in kept
    assert CANARY not in told
    files = [p for p in world.place.folder.rglob("*") if p.is_file()]
    assert not [p for p in files if CANARY.encode() in p.read_bytes()]


def test_a_secret_in_an_error_that_a_channel_let_out_is_hidden(state, servers, channel):
    world = servers()
    channel("loose", fail(DeliveryError(f"It knows {CANARY} and ada@example.org.")))
    put(state, 1, "loose")
    [problem] = give(state, world.place)
    assert problem.what == "It knows (hidden) and (hidden)"
    assert parcels(state)[1, "loose"].problem == f"{problem.what}."


def test_two_at_a_time_lose_nothing(state, place, channel):
    given = channel("one")
    for number in range(1, 6):
        put(state, number, "one")
    failures = []

    def run():
        try:
            failures.extend(give(state, place))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert {number for number, _ in given} == {1, 2, 3, 4, 5}
    assert {parcel.state for parcel in parcels(state).values()} == {"sent"}
