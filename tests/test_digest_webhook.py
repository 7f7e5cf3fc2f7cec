"""A digest by webhook: one shape for any receiver, one for Slack within its limits."""

import json
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings

from assay.output.clean import one_line
from assay.output.digest_json import parse_digest_json
from assay.output.digest_webhook import (
    MOST_BLOCKS,
    MOST_FIELD,
    MOST_HEADER,
    MOST_SECTION,
    render_slack,
    render_webhook,
)
from assay.output.words import NO_TITLE, NOT_ADVICE
from tests import digest_sample as sample
from tests.test_output_clean import ANY, NASTY

LAW = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
ALL = (sample.full_digest(), sample.quiet_digest(), sample.failed_digest())
LINK = re.compile(r"<https://[!-;=?-{}~]+\|[\w. ]+>")


def slack(digest):
    return json.loads(render_slack(digest))


def texts(message):
    """Return (kind, words) of every text of a message."""
    found = []
    for block in message["blocks"]:
        each = [block.get("text"), *block.get("fields", ())]
        found += [(text["type"], text["text"]) for text in each if text]
    return found


def words(message):
    return unescape("\n".join(text for _, text in texts(message)))


def unescape(text):
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def size(text):
    return len(text.encode("utf-16-le")) // 2


def many(number, text="Sleep did not differ."):
    items = tuple(
        replace(
            sample.ITEMS[0],
            work=replace(sample.TRIAL, title=f"Velora, part {n}"),
            quote=sample.ITEMS[0].quote._replace(text=text),
        )
        for n in range(number)
    )
    return sample.full_digest(items=items)


def assert_within_limits(message):
    assert len(message["blocks"]) <= MOST_BLOCKS
    assert size(message["text"]) <= MOST_SECTION
    for block in message["blocks"]:
        most = MOST_HEADER if block["type"] == "header" else MOST_SECTION
        assert 0 < size(block["text"]["text"]) <= most
        for field in block.get("fields", ()):
            assert 0 < size(field["text"]) <= MOST_FIELD


@pytest.mark.parametrize("digest", ALL)
def test_any_receiver_gets_the_whole_digest(digest):
    told = json.loads(render_webhook(digest, workspace="5f3a9c"))
    assert told["event"] == "digest"
    assert parse_digest_json(json.dumps(told["digest"])) == digest
    assert told["digest"]["schema"] == "assay/digest/1"


def test_a_digest_is_known_again_by_its_id():
    assert json.loads(render_webhook(ALL[0]))["id"] == "2026-11-23-0003"
    ids = [json.loads(render_webhook(d, workspace=w))["id"] for d in ALL for w in "ab"]
    assert len(set(ids)) == 6
    assert "a.2026-11-23-0003" in ids
    assert render_webhook(ALL[0]) == render_webhook(sample.full_digest())
    assert render_slack(ALL[0]) == render_slack(sample.full_digest())


@pytest.mark.parametrize("render", [render_webhook, render_slack])
def test_the_sentence_for_people_says_the_worst_first(render):
    full, quiet, failed = (json.loads(render(digest))["text"] for digest in ALL)
    assert full.startswith("assay digest 3, 2026-11-23: 1 search failed, ")
    assert "Nothing new since 2026-11-16" in quiet
    assert failed.startswith("assay digest 4, 2026-11-23: 2 searches failed")
    assert "\n" not in full + quiet + failed


def test_what_the_documentation_shows_is_what_is_sent_today(golden):
    webhook = render_webhook(ALL[0], workspace="5f3a9c")
    golden("../../docs/digest-examples/webhook.json", webhook)
    golden("../../docs/digest-examples/slack.json", render_slack(ALL[0]))


def test_slack_is_told_everything_in_order():
    message = slack(ALL[0])
    said = words(message)
    order = [
        "1 search failed",
        "could not be searched",
        "A gap is made up for",
        f"RETRACTED: {sample.RETRACTED.title}",
        "mixed → contradicted",
        "± Mixed",
        f"1. {sample.TRIAL.title}",
        "not the authors’ words",
        "is now published in",
        "[title not recorded]",
        "Queries run",
        NOT_ADVICE,
    ]
    found = [said.find(each) for each in order]
    assert -1 not in found
    assert found == sorted(found)
    assert_within_limits(message)


def test_a_quiet_week_is_said_once_and_a_failed_one_is_not_quiet():
    assert words(slack(ALL[1])).count("Nothing new") == 1
    assert "Nothing new" not in words(slack(ALL[2]))


@pytest.mark.parametrize("number", [10, 34, 35, 36, 60, 1000])
def test_what_slack_has_no_room_for_is_counted(number):
    message = slack(many(number))
    assert_within_limits(message)
    said = words(message)
    shown = len(re.findall(r"Velora, part \d+$", said, re.MULTILINE))
    more = re.search(r"and ([\d,]+) more in digest 3", said)
    assert shown + (int(more[1].replace(",", "")) if more else 0) == number
    assert (number > 40) == (len(message["blocks"]) == MOST_BLOCKS) or number < 60
    assert "Queries run" in said


@pytest.mark.parametrize("number", range(36, 48))
def test_no_heading_stands_over_nothing(number):
    fallen = (sample.FALLEN,) * number
    blocks = slack(sample.full_digest(fallen=fallen, moves=()))["blocks"]
    for block, following in pairwise(blocks):
        if block["text"]["type"] == "mrkdwn":
            assert following["text"]["type"] == "plain_text"
            assert not following["text"]["text"].startswith("and ")


def test_a_digest_of_very_many_failures_stays_within_the_limits():
    asked = tuple(
        replace(sample.ASKED[2], query=f"q{n}", problem=f"{n} " + "<why> " * 40)
        for n in range(900)
    )
    receipt = replace(ALL[0].receipt, asked=asked)
    message = slack(sample.full_digest(receipt=receipt))
    assert_within_limits(message)
    assert re.search(r"and [\d,]+ more in digest 3", words(message))


@pytest.mark.parametrize("text", ["<&>" * 2000, "😀" * 4000, "a\n" * 4000, "x" * 9000])
def test_a_text_that_is_too_long_is_cut_where_it_shows(text):
    message = slack(many(2, text))
    assert_within_limits(message)
    assert "…" in words(message)
    for _, said in texts(message):
        assert not re.search(r"&(?!(amp|lt|gt);)", said)


def test_nobody_is_called_and_nothing_is_formatted():
    text = "<!channel> @here <@U1> *b* _i_ ~s~ `c` :tada: https://e.example <x|y>"
    work = replace(sample.TRIAL, title=text, authors=text, journal=text)
    digest = sample.full_digest(
        title=text, items=(replace(sample.ITEMS[0], work=work, queries=(text,)),)
    )
    message = slack(digest)
    assert words(message).count(f"1. {text}") == 1
    for kind, said in texts(message):
        if kind == "mrkdwn":
            assert text not in unescape(said)
            assert "channel" not in said
        else:
            assert "<" not in said
    assert "<" not in message["text"]


@LAW
@given(ANY | NASTY, ANY | NASTY)
def test_whatever_others_wrote_is_plain_text_to_slack(title, name):
    work = replace(sample.TRIAL, title=title, doi=f"10.99999/{name}")
    item = replace(sample.ITEMS[0], work=work, queries=(name,))
    problem = replace(sample.PROBLEMS[0], where=title, what=name)
    message = slack(sample.full_digest(items=(item,), problems=(problem,)))
    assert_within_limits(message)
    assert f"1. {one_line(title) or NO_TITLE}" in words(message)
    for block in message["blocks"]:
        assert block["text"]["type"] == "mrkdwn" or not block["text"]["emoji"]
    for kind, said in texts(message):
        if kind == "plain_text":
            assert not re.search(r"[<>]|&(?!(amp|lt|gt);)", said)
        else:
            links = LINK.sub("", said)
            assert re.fullmatch(r"\*[A-Z][a-z ]+\*|[ ·]*", links), links


@LAW
@given(ANY | NASTY)
def test_whatever_others_wrote_comes_back_from_the_webhook(text):
    digest = sample.full_digest(title=text, queries=(text,))
    told = json.loads(render_webhook(digest))
    assert told["digest"]["title"] == text or not text
    render_webhook(digest).encode()
    assert told["text"] == one_line(told["text"])
