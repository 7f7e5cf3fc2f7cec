"""The feed: what RFC 4287 asks for, one entry a work, and nothing that acts."""

import re
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from unittest.mock import patch

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from assay.digest.model import Fallen, Use
from assay.notice import Standing
from assay.output import digest_entries
from assay.output.clean import one_line
from assay.output.digest_atom import BEGINNING, render_atom
from assay.output.digest_entries import MOST, entry_id, find_entries
from assay.output.digest_words import FAILED_HEADING
from assay.output.words import NO_TITLE
from tests import digest_sample as sample
from tests.test_output_clean import ANY, NASTY

ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
SPACE = "5f3a9c"
LAW = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)


def render(*digests, title="assay digest", **more):
    return render_atom(digests, workspace=SPACE, title=title, **more)


def find_faults(feed):
    """Return what RFC 4287 asks of a feed and this one does not hold."""
    root = etree.fromstring(feed.encode())
    faults = [] if root.tag == f"{ATOM}feed" else ["no atom:feed (4.1.1)"]
    entries = root.findall(f"{ATOM}entry")
    faults += _counted(root, ("id", "title", "updated"), ("generator", "subtitle"))
    authored = root.find(f"{ATOM}author") is not None
    if not authored and not all(e.find(f"{ATOM}author") is not None for e in entries):
        faults.append("an entry without an author (4.1.1)")
    for entry in entries:
        one = ("content", "published", "summary", "rights", "source")
        faults += _counted(entry, ("id", "title", "updated"), one)
        faults += _content_faults(entry)
    for holder in (root, *entries):
        faults += _link_faults(holder)
    ids = [each.text or "" for each in root.iter(f"{ATOM}id")]
    faults += ["two ids alike (4.2.6)"] if len(ids) != len(set(ids)) else []
    faults += [f"no IRI: {i} (4.2.6)" for i in ids if not re.match(r"[a-z]+:\S+$", i)]
    times = [*root.iter(f"{ATOM}updated"), *root.iter(f"{ATOM}published")]
    wrong = [t.text for t in times if not RFC_3339.fullmatch(t.text or "")]
    faults += [f"no RFC 3339 time: {text} (3.3)" for text in wrong]
    names = [a.findall(f"{ATOM}name") for a in root.iter(f"{ATOM}author")]
    faults += ["an author without one name (3.2.1)" for n in names if len(n) != 1]
    terms = [c.get("term") for c in root.iter(f"{ATOM}category")]
    return faults + ["a category without a term (4.2.2.1)" for t in terms if not t]


def _counted(holder, once, at_most_once):
    number = {name: len(holder.findall(ATOM + name)) for name in (*once, *at_most_once)}
    faults = [f"not one {name} (4.1)" for name in once if number[name] != 1]
    return faults + [f"two of {n} (4.1)" for n in at_most_once if number[n] > 1]


def _content_faults(entry):
    content, summary = entry.find(f"{ATOM}content"), entry.find(f"{ATOM}summary")
    links = [link.get("rel", "alternate") for link in entry.findall(f"{ATOM}link")]
    if content is None:
        return [] if "alternate" in links else ["no content, no alternate (4.1.2)"]
    if content.get("type") == "html" and len(content):
        return ["html with elements of its own (4.1.3.3)"]
    if content.get("src") and summary is None:
        return ["content elsewhere, and no summary (4.1.2)"]
    return []


def _link_faults(holder):
    links = holder.findall(f"{ATOM}link")
    faults = ["a link to nowhere (4.2.7.1)" for link in links if not link.get("href")]
    kinds = [
        (link.get("type"), link.get("hreflang"))
        for link in links
        if link.get("rel", "alternate") == "alternate"
    ]
    return faults + ["two alternates alike (4.1)"] * (len(kinds) - len(set(kinds)))


def read(feed):
    """Return the feed as feedparser reads it, without a complaint."""
    told = feedparser.parse(BytesIO(feed.encode()))
    assert not told.bozo, told.bozo_exception
    assert told.version == "atom10"
    return told


def item(number, title="Velora", **more):
    work = sample.make_work(number, title, **more)
    return replace(sample.ITEMS[3], work=work)


def digest(number, *items, made="", **more):
    day = made or f"2026-{1 + number // 28:02d}-{1 + number % 28:02d}T06:00:00+00:00"
    return sample.quiet_digest(number=number, made=day, items=items, **more)


def fall(work, after=Standing.RETRACTED, **more):
    use = Use("digest", "1", "2026-05-04", "velora-sleep")
    parts = {"before": Standing.SOUND, "notices": (sample.NOTICE,), "uses": (use,)}
    return Fallen(**{"work": work, "after": after, **parts, **more})


ALL = (sample.full_digest(), sample.quiet_digest(), sample.failed_digest())


@pytest.mark.parametrize("digests", [(), ALL[1:2], ALL[2:], ALL])
def test_a_feed_holds_what_the_rfc_asks_for(digests):
    feed = render(*digests, self_link="https://example.org/f?a=1&b=2")
    assert find_faults(feed) == []
    assert read(feed).feed.links[0].href == "https://example.org/f?a=1&b=2"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (r" <title>.*?</title>", "", "not one title (4.1)"),
        (r"<author>.*?</author>", "", "an entry without an author (4.1.1)"),
        (r"<name>assay</name>", "", "an author without one name (3.2.1)"),
        (r"T06:00:00Z", " 06:00", "no RFC 3339 time: 2026-11-23 06:00 (3.3)"),
        (r"<id>urn:uuid:.*?</id>", "<id>urn:uuid:1</id>", "two ids alike (4.2.6)"),
        (r'rel="related"', 'rel="alternate"', "two alternates alike (4.1)"),
        (r"<content.*?</content>", "", "no content, no alternate (4.1.2)"),
        (r'type="html">', 'type="html"><b/>', "html with elements of its own (4.1.3.3"),
        (r"<category term=.*?/>", "<category/>", "a category without a term (4.2.2.1)"),
        (r"urn:uuid:", "", "no IRI: "),
    ],
)
def test_a_feed_that_breaks_the_rfc_would_be_noticed(old, new, fault):
    feed = re.sub(old, new, render(*ALL))
    assert any(each.startswith(fault) for each in find_faults(feed))


def test_a_feed_reader_sees_what_the_digests_tell():
    told = read(render(*ALL, title="Velora & <sleep>"))
    assert told.feed.title == "Velora & <sleep>"
    titles = [entry.title for entry in told.entries]
    assert titles[0] == f"assay digest 4, 2026-11-23: {FAILED_HEADING.lower()}"
    assert titles[2] == f"RETRACTED: {sample.RETRACTED.title}"
    assert titles[3].startswith(f"“{sample.SEDATES}”: mixed → contradicted")
    assert titles[5] == sample.TRIAL.title
    assert [tag.term for tag in told.entries[5].tags] == [*sample.ITEMS[0].queries]
    assert told.entries[5].link == "https://pubmed.ncbi.nlm.nih.gov/90000010/"
    assert sample.MOVER.sentence in told.entries[5].content[0].value
    assert "503 three times" in told.entries[0].content[0].value


def test_the_feed_of_the_documentation_is_what_is_written_today(golden):
    golden("../../docs/digest-examples/feed.atom", render(*ALL))


def test_a_feed_of_nothing_is_a_feed_too():
    assert read(render()).entries == []
    assert render() == render(digest(1))
    assert f"{BEGINNING:%Y-%m-%dT%H:%M:%SZ}" in render()


def test_a_work_told_in_two_digests_is_one_entry_of_both_queries():
    first, again = item(1), replace(item(1, "Velora, revised"), queries=("other",))
    (before,) = find_entries([digest(1, first)], SPACE)
    (entry,) = find_entries([digest(1, first), digest(2, again)], SPACE)
    assert entry.id == before.id
    assert entry.title == "Velora, revised"
    assert entry.queries == ("other", "velora-sleep")
    assert entry.published == before.published < entry.updated


def test_a_work_is_the_same_under_a_name_it_got_later():
    early = replace(item(1), work=sample.PREPRINT)
    names = ("pmid:90000001", *sample.PREPRINT.names)
    late = replace(item(1), work=sample.make_work(1, "Velora", names=names))
    fallen = digest(3, fallen=(fall(sample.make_work(1, "Velora")),))
    (entry,) = find_entries([digest(1, early), digest(2, late), fallen], SPACE)
    assert entry.id == entry_id(SPACE, "item", sample.PREPRINT.key)
    assert entry.title == "RETRACTED: Velora"


def test_a_work_that_falls_comes_first_again_under_its_own_id():
    told = [digest(1, item(1, "Velora cures")), digest(2, item(2), item(3))]
    before = {entry.id: entry for entry in find_entries(told, SPACE)}
    fallen = digest(3, item(4), fallen=(fall(sample.make_work(1, "Velora cures")),))
    entry, *others = find_entries([*told, fallen], SPACE)
    assert before[entry.id].title == "Velora cures"
    assert entry.title == "RETRACTED: Velora cures"
    assert entry.updated > before[entry.id].updated
    assert entry.published == before[entry.id].published
    assert len(others) == 3
    body = read(render(*told, fallen)).entries[0].content[0].value
    for said in ("RETRACTED", "You were sent it on 2026-05-04", "could not be found"):
        assert said in body


def test_a_work_that_was_only_cited_gets_an_entry_when_it_falls():
    (entry,) = find_entries([digest(1, fallen=(fall(sample.RETRACTED),))], SPACE)
    assert entry.title == f"RETRACTED: {sample.RETRACTED.title}"


def test_a_fall_is_not_forgotten_when_the_work_is_told_again():
    work = sample.make_work(1, "Velora")
    told = [digest(1, item(1)), digest(2, fallen=(fall(work),))]
    unknown = replace(item(1), standing=Standing.UNKNOWN, queries=("other",))
    (entry,) = find_entries([*told, digest(3, unknown)], SPACE)
    assert entry.title == "RETRACTED: Velora"


def test_a_notice_that_is_taken_back_is_told_under_the_same_id():
    work = sample.make_work(1, "Velora")
    struck = replace(item(1), standing=Standing.RETRACTED, notices=(sample.NOTICE,))
    back = fall(work, Standing.SOUND, before=Standing.RETRACTED, notices=())
    (before,) = find_entries([digest(1, struck)], SPACE)
    (after,) = find_entries([digest(1, struck), digest(2, fallen=(back,))], SPACE)
    assert before.id == after.id
    assert before.title == "RETRACTED: Velora"
    assert after.title == "NOTICE TAKEN BACK: Velora"


def test_what_is_told_again_is_newer_even_when_the_clock_went_back():
    first = digest(1, item(1), made="2026-05-05T06:00:00+00:00")
    second = digest(2, item(1), made="2026-05-04T06:00:00+00:00")
    (entry,) = find_entries([first, second], SPACE)
    assert entry.updated > datetime.fromisoformat(first.made)


def test_a_digest_that_would_fill_the_feed_names_all_that_has_no_entry():
    many = digest(7, *(item(n, f"Velora {n}") for n in range(1, MOST + 50)))
    entries = find_entries([digest(1, item(999, "Older")), many], SPACE)
    assert len(entries) == MOST
    assert entries[0].title == "Velora 1"
    assert entries[-1].title.startswith("50 more in assay digest 7")
    feed = render(digest(1, item(999, "Older")), many)
    for number in range(1, MOST + 50):
        assert re.search(rf"Velora {number}\b", feed)
    assert find_faults(feed) == []


def test_what_is_told_twice_in_one_digest_is_one_entry():
    both = digest(1, item(3), fallen=(fall(sample.make_work(3, "Velora")),))
    (entry,) = find_entries([both], SPACE)
    assert entry.title == "RETRACTED: Velora"
    assert entry.updated == entry.published


def test_two_workspaces_have_no_id_in_common():
    ids = [
        {entry.id for entry in find_entries(ALL, space)} | {entry_id(space)}
        for space in ("a", "b")
    ]
    assert not ids[0] & ids[1]


NAMES = [("pmid:1",), ("doi:1",), ("doi:1", "pmid:1"), ("pmid:2",), ("pmid:2", "pmc:2")]
WORKS = [sample.make_work(1, f"W{n[0]}", key=n[0], names=n) for n in NAMES]
ITEMS = st.sampled_from([replace(sample.ITEMS[0], work=work) for work in WORKS])
FALLS = st.builds(fall, st.sampled_from(WORKS), st.sampled_from(Standing))
MOVES = st.sampled_from([sample.MOVED_BY_NOTICE, sample.MOVED_BY_STUDY])
DAYS = st.integers(1, 28).map(lambda day: f"2026-05-{day:02d}T06:00:00+00:00")
TOLD = st.fixed_dictionaries(
    {
        "made": DAYS,
        "items": st.lists(ITEMS, max_size=3).map(tuple),
        "fallen": st.lists(FALLS, max_size=2).map(tuple),
        "moves": st.lists(MOVES, max_size=2, unique_by=id).map(tuple),
        "problems": st.sampled_from([(), sample.PROBLEMS]),
    }
)
YEARS = st.lists(TOLD, max_size=6).map(
    lambda all_: [sample.quiet_digest(number=n, **d) for n, d in enumerate(all_, 1)]
)


@LAW
@given(YEARS, DAYS)
def test_a_quiet_digest_changes_no_byte(digests, made):
    quiet = sample.quiet_digest(number=len(digests) + 1, made=made)
    assert render(*digests, quiet) == render(*digests)


@LAW
@given(YEARS)
def test_the_order_in_which_digests_are_handed_in_changes_nothing(digests):
    assert render(*reversed(digests)) == render(*digests)


@LAW
@given(YEARS)
def test_every_feed_holds_what_the_rfc_asks_for(digests):
    assert find_faults(render(*digests)) == []


@LAW
@given(YEARS)
def test_no_entry_is_lost_and_none_goes_back_in_time(digests):
    before = {}
    for upto in range(len(digests) + 1):
        after = {e.id: e for e in find_entries(digests[:upto], SPACE)}
        assert before.keys() <= after.keys()
        for id_, entry in before.items():
            changed = entry != after[id_]
            assert after[id_].updated > entry.updated or not changed
            assert after[id_].published == entry.published
        before = after


@LAW
@given(YEARS, st.integers(8, 9))
def test_no_entry_that_is_among_the_newest_falls_out(digests, most):
    for upto in range(len(digests) + 1):
        everything = find_entries(digests[:upto], SPACE)
        with patch.object(digest_entries, "MOST", most):
            assert find_entries(digests[:upto], SPACE) == everything[:most]


@LAW
@given(YEARS)
def test_ids_stay_when_titles_and_addresses_change(digests):
    def renamed(thing):
        return replace(thing, work=replace(thing.work, title="Anew", pmid="90000777"))

    changed = [
        replace(
            each,
            items=tuple(map(renamed, each.items)),
            fallen=tuple(map(renamed, each.fallen)),
        )
        for each in digests
    ]
    ids = [[e.id for e in find_entries(ds, SPACE)] for ds in (digests, changed)]
    assert ids[0] == ids[1]


@LAW
@given(ANY | NASTY, ANY | NASTY)
def test_whatever_others_wrote_is_words(text, name):
    work = replace(sample.TRIAL, title=text, authors=text, journal=text)
    quote = replace(sample.ITEMS[0], work=work, queries=(name,))
    quote = replace(quote, quote=quote.quote._replace(text=text, why=text))
    feed = render(digest(1, quote), title=text)
    root = etree.fromstring(feed.encode())
    assert root.findtext(f"{ATOM}title") == (one_line(text) or "assay")
    entry = root.find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == (one_line(text) or NO_TITLE)
    assert [c.get("term") for c in entry.iter(f"{ATOM}category")] == [one_line(name)]
    page = etree.HTML(entry.findtext(f"{ATOM}content"))
    tags = {element.tag for element in page.iter()}
    assert tags <= {"html", "body", "p", "a", "blockquote", "strong"}
