"""The ledger: an outcome is written whole or not at all, and nothing counts twice."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.digest.model import (
    Bearing,
    Cause,
    CauseKind,
    Digest,
    Fallen,
    Item,
    ItemKind,
    Move,
    Quote,
    Receipt,
    Use,
    Voice,
    Weighing,
    Work,
    heading_of,
)
from assay.digest.outcome import Delivered, Outcome, Parcel, Sent
from assay.edge.lease import hold_lease
from assay.edge.ledger import (
    last_asks,
    next_number,
    read_asks,
    read_digest,
    read_digests,
    read_headings,
    read_marks,
    read_sent,
    write_outcome,
)
from assay.edge.outbox import read_parcels
from assay.edge.state_values import (
    pack_value,
    parse_value,
    render_value,
    unpack_text,
    unpack_value,
)
from assay.edge.used_works import read_uses, read_works
from assay.edge.watch_file import read_note, read_weighings
from assay.errors import StoreError
from assay.model import Stance
from assay.notice import Standing
from assay.search import Problem
from tests import state_sample as sample


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache" / "state.db"


def test_without_a_file_nothing_was_done_and_none_is_made(path):
    assert read_marks(path) == read_asks(path) == last_asks(path) == ()
    assert read_sent(path, "tea") == {}
    assert next_number(path) == 1
    assert read_digests(path, 9) == read_headings(path) == ()
    assert read_digest(path, 1) is None
    assert not path.parent.exists()


def test_an_outcome_is_read_back_as_it_was_written(path):
    whole = sample.outcome(
        1, (1, 2), weighings=(sample.weighing(7, digest=1),), notes=(("seq", "9"),)
    )
    write_outcome(path, whole, lease=None)
    assert read_digest(path, 1) == whole.digest
    assert read_digests(path, 5) == (whole.digest,)
    assert read_headings(path) == (heading_of(whole.digest),)
    assert read_marks(path) == whole.marks
    assert read_asks(path) == last_asks(path) == whole.asked
    assert read_weighings(path, 7) == whole.weighings
    assert read_note(path, "seq") == "9"
    assert [each.work for each in read_works(path)] == [d.work for d in whole.delivered]
    assert [each.told for each in read_works(path)] == [sample.report()] * 2
    assert [use.name for use in read_uses(path, "doi:10.99999/invented.2")] == ["1"]
    assert read_parcels(path) == (
        Parcel(1, "atom", "pending"),
        Parcel(1, "html", "pending"),
    )


def test_a_number_is_never_used_again(path):
    write_outcome(path, sample.outcome(3, (1,)), lease=None)
    assert next_number(path) == 4
    before = read_sent(path, "tea")
    for number in (0, 1, 3):
        with pytest.raises(StoreError, match=f"Digest {number} is in .* already"):
            write_outcome(path, sample.outcome(number, (2,)), lease=None)
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM digests")
        db.commit()
    assert next_number(path) == 4
    assert read_marks(path)[0].until == sample.outcome(3).digest.made
    assert before != read_sent(path, "tea") == {}


def test_the_first_delivery_counts_under_every_name(path):
    write_outcome(path, sample.outcome(1, (1,)), lease=None)
    more = sample.work(1, "pmid:90000001", "doi:10.99999/invented.1", "pmcid:PMC1")
    delivered = (Delivered("tea", more), Delivered("coffee", more))
    write_outcome(path, replace(sample.outcome(2, ()), delivered=delivered), lease=None)
    first = Sent("pmid:90000001", 1, "2026-11-23", preprint=False)
    later = Sent("pmid:90000001", 2, "2026-11-30", preprint=False)
    assert read_sent(path, "tea") == {
        "pmid:90000001": first,
        "doi:10.99999/invented.1": first,
        "pmcid:PMC1": later,
    }
    assert set(read_sent(path, "coffee").values()) == {later}
    assert read_sent(path, "rats") == {}


def test_a_preprint_is_remembered_as_one(path):
    preprint = sample.work(1, preprint=True)
    made = replace(sample.outcome(1, ()), delivered=(Delivered("tea", preprint),))
    write_outcome(path, made, lease=None)
    assert all(sent.preprint for sent in read_sent(path, "tea").values())


def test_an_outcome_without_a_digest_is_asks_and_marks_only(path):
    write_outcome(path, sample.outcome(1, (1,)), lease=None)
    failed = sample.asked(failed=True, problem="PubMed is down.", found=None, new=0)
    tried = sample.mark(tried="2026-11-24", problem="PubMed is down.")
    whole = sample.outcome(2, (2,), weighings=(sample.weighing(1),))
    quiet = replace(
        whole, digest=None, asked=(failed,), marks=(tried,), notes=(("seq", "3"),)
    )
    write_outcome(path, quiet, lease=None)
    assert read_marks(path) == (tried,)
    assert read_asks(path) == (failed, *sample.outcome(1, (1,)).asked)
    assert next_number(path) == 2
    assert len(read_parcels(path)) == 2
    assert len(read_sent(path, "tea")) == 2
    assert [each.work.pmid for each in read_works(path)] == ["90000001"]
    assert read_weighings(path, 1) == ()
    assert read_note(path, "seq") == ""


def test_what_was_asked_is_read_newest_first_and_once_a_source(path):
    asked = [
        sample.asked(query, source, started=str(number), text=f"{query} {number // 2}")
        for number, (query, source) in enumerate(
            [("tea", "pubmed"), ("tea", "doaj"), ("rats", "pubmed"), ("tea", "pubmed")]
        )
    ]
    write_outcome(path, Outcome(asked=tuple(asked[:3])), lease=None)
    write_outcome(path, Outcome(asked=(asked[3],)), lease=None)
    assert read_asks(path) == tuple(asked[::-1])
    assert read_asks(path, most=2) == (asked[3], asked[2])
    assert read_asks(path, query="rats") == (asked[2],)
    assert last_asks(path) == (asked[2], asked[1], asked[3])


def test_text_that_no_file_can_hold_does_not_stop_a_run(path):
    """Half a surrogate pair can come in a file's name, and in a service's JSON."""
    odd = Work(
        key="doi:10.99999/\ud800", names=("doi:10.99999/\ud800",), title="\udfff"
    )
    whole = replace(
        sample.outcome(1, ()),
        digest=Digest(number=1, made="2026", items=(Item(work=odd, queries=("q",)),)),
        delivered=(Delivered("te\ud800a", odd),),
        asked=(sample.asked("te\ud800a", text="\ud800"),),
        marks=(sample.mark("te\ud800a", text="\ud800"),),
        notes=(("n", "\ud800"),),
    )
    write_outcome(path, whole, lease=None)
    assert read_digest(path, 1) == whole.digest
    assert read_marks(path) == whole.marks
    assert list(read_sent(path, "te\ud800a")) == ["doi:10.99999/?"]
    assert read_note(path, "n") == "?"


def test_what_was_packed_once_can_be_read_for_ever():
    """Another byte in `WORDS`, and every state file that there is would be lost."""
    content = bytes.fromhex(
        "78bb1806322a4309384b48ba36c4083f240968305a82807e665e19a88648d14309304fa8"
        "28c4db0a900256c110ecbdd44405600881bd599c939a5a00124c4c29cd01d73e88e07103"
        "d59d0a7e3a0abea5c09453048afea0fc54052fa4548035f8e05607a516430dc51d94ba46"
        "0688d044f5222450313c89250001439d609d"
    )
    assert unpack_value(Work, content, None) == sample.work(1)
    assert len(pack_value(sample.work(1))) <= len(content)


def test_fields_as_by_default_take_no_room_and_others_stay():
    assert render_value(Digest(number=1, made="x", title="")) == (
        '{"number":1,"made":"x","title":""}'
    )
    assert parse_value(Digest, '{"number":1,"made":"x"}', None).title == "assay digest"


def test_a_compressed_cell_that_ends_early_is_damaged(path):
    content = pack_value(sample.weighing(1))
    for end in range(len(content)):
        with pytest.raises(StoreError, match="is damaged"):
            unpack_value(Weighing, content[:end], path)
    for wrong in ("text", content + b"x"):
        with pytest.raises(StoreError, match="is damaged"):
            unpack_text(wrong, path)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
WORK = st.builds(
    Work, key=TEXT, names=st.lists(TEXT, max_size=2).map(tuple), title=TEXT
)
STANCE = st.none() | st.sampled_from(Stance)
CAUSE = st.builds(Cause, st.sampled_from(CauseKind), st.none() | WORK, STANCE, TEXT)
VOICE = st.builds(
    Voice,
    WORK,
    st.sampled_from(Stance),
    st.floats(0, 1),
    st.booleans(),
    st.sampled_from(Standing),
    TEXT,
)
WEIGHING = st.builds(
    lambda claim, voices, causes: replace(
        sample.weighing(claim), voices=tuple(voices), causes=tuple(causes)
    ),
    st.integers(1, 3),
    st.lists(VOICE, max_size=2),
    st.lists(CAUSE, max_size=2),
)
ITEM = st.builds(
    Item,
    work=WORK,
    queries=st.lists(TEXT, max_size=2).map(tuple),
    kind=st.sampled_from(ItemKind),
    bears_on=st.lists(
        st.builds(Bearing, st.integers(0, 9), TEXT, st.sampled_from(Stance)), max_size=2
    ).map(tuple),
    quote=st.builds(Quote, TEXT, st.integers(0, 9), st.integers(0, 9), st.booleans()),
    notices=st.just(sample.RETRACTED.notices),
)
FALLEN = st.builds(
    Fallen,
    work=WORK,
    before=st.sampled_from(Standing),
    after=st.sampled_from(Standing),
    notices=st.just(sample.RETRACTED.notices),
    uses=st.lists(st.builds(Use, TEXT, TEXT, TEXT, TEXT), max_size=2).map(tuple),
)
MOVE = st.builds(
    Move, watched=st.just(sample.watched()), before=WEIGHING, after=WEIGHING
)


@settings(max_examples=150, deadline=None)
@given(
    st.builds(
        Digest,
        number=st.integers(1, 2**60),
        made=TEXT,
        title=TEXT,
        queries=st.lists(TEXT, max_size=2).map(tuple),
        fallen=st.lists(FALLEN, max_size=2).map(tuple),
        moves=st.lists(MOVE, max_size=1).map(tuple),
        items=st.lists(ITEM, max_size=2).map(tuple),
        problems=st.lists(st.builds(Problem, where=TEXT, what=TEXT), max_size=2).map(
            tuple
        ),
        receipt=st.builds(Receipt, asked=st.just((sample.asked(),))),
        offline=st.booleans(),
    )
)
def test_any_digest_comes_back_as_it_was(digest):
    assert unpack_value(Digest, pack_value(digest), None) == digest


NAME = st.sampled_from(["a", "b", "c", "d", "e", "f"])
DELIVERED = st.builds(
    lambda query, names, preprint: Delivered(
        query, Work(key=names[0], names=tuple(names), preprint=preprint)
    ),
    st.sampled_from(["tea", "rats"]),
    st.lists(NAME, min_size=1, max_size=3, unique=True),
    st.booleans(),
)
MARK = st.builds(sample.mark, st.sampled_from(["tea", "rats"]), NAME, until=TEXT)
ASKED = st.builds(sample.asked, st.sampled_from(["tea", "rats"]), NAME, text=TEXT)
STEP = st.tuples(
    st.booleans(),  # with a digest
    st.integers(1, 3),  # by how much its number rises
    st.lists(DELIVERED, max_size=3),
    st.lists(MARK, max_size=3),
    st.lists(ASKED, max_size=3),
    st.lists(WEIGHING, max_size=2),
    st.dictionaries(NAME, TEXT, max_size=2),
    st.sets(st.sampled_from(["html", "atom"])),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(STEP, max_size=6))
def test_any_outcomes_one_after_the_other_are_as_plain_dicts_would_be(
    tmp_path_factory, steps
):
    path = tmp_path_factory.mktemp("state") / "state.db"
    number, sent, marks, asks, notes = 0, {"tea": {}, "rats": {}}, {}, [], {}
    weighings, digests, parcels = {1: [], 2: [], 3: []}, {}, set()
    for told, rise, delivered, moved, asked, weighed, noted, channels in steps:
        marks |= {(mark.query, mark.source): mark for mark in moved}
        asks += asked
        digest = None
        if told:
            number += rise
            day = f"2026-11-{number:02}"
            digest = digests[number] = Digest(number=number, made=f"{day}T06:00")
            notes |= noted
            parcels |= {(number, channel) for channel in channels}
            for query, work in delivered:
                for name in work.names:
                    row = Sent(work.key, number, day, work.preprint)
                    sent[query].setdefault(name, row)
            for weighing in weighed:
                weighings[weighing.claim].append(weighing)
        outcome = Outcome(
            digest=digest,
            channels=tuple(channels),
            asked=tuple(asked),
            marks=tuple(moved),
            delivered=tuple(delivered),
            weighings=tuple(weighed),
            notes=tuple(noted.items()),
        )
        write_outcome(path, outcome, lease=None)
    assert {query: read_sent(path, query) for query in sent} == sent
    assert {(mark.query, mark.source): mark for mark in read_marks(path)} == marks
    assert read_asks(path) == tuple(asks[::-1])
    assert {name: read_note(path, name) for name in notes} == notes
    assert read_digests(path, 99) == tuple(digests[n] for n in sorted(digests)[::-1])
    assert {(p.digest, p.channel) for p in read_parcels(path)} == parcels
    assert {n: list(read_weighings(path, n)) for n in weighings} == weighings
    assert next_number(path) == number + 1


def room_of(path):
    """Return how many bytes a file takes without what its digests hold."""
    with closing(sqlite3.connect(path)) as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        size = db.execute("PRAGMA page_size").fetchone()[0]
        held = "SELECT total(length(content)) FROM digests"
        return pages * size - db.execute(held).fetchone()[0]


@pytest.mark.parametrize("many", [40, pytest.param(2000, marks=pytest.mark.long)])
def test_the_file_grows_by_as_much_for_the_last_item_as_for_the_first(path, many):
    """Each is a work of its own with two names, of which nobody knows a notice."""
    rooms = []
    for number in range(1, 11):
        works = range(number * many * 10, (number + 1) * many * 10)
        write_outcome(path, sample.outcome(number, works), lease=None)
        rooms.append(room_of(path))
    grown = [(b - a) / many / 10 for a, b in pairwise(rooms)]
    assert max(grown) < 1.5 * min(grown) + 20
    assert max(grown) < 500


def test_a_delivery_of_a_work_that_is_known_costs_under_300_bytes(path):
    works = range(1000)
    write_outcome(path, sample.outcome(1, works), lease=None)
    before = room_of(path)
    again = sample.outcome(2, works, query="a-query-of-another-name", used=())
    write_outcome(path, again, lease=None)
    assert (room_of(path) - before) / 1000 < 300


def test_a_lease_is_held_while_an_outcome_is_written(path):
    with hold_lease(path, "digest", now=sample.Clock()) as lease:
        write_outcome(path, sample.outcome(), lease=lease)
    assert next_number(path) == 2
