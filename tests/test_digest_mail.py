"""The mail: headers that hold, words first, and HTML that asks nobody for anything."""

import re
from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import SMTP
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from assay.errors import DeliveryError
from assay.output.clean import one_line
from assay.output.digest_mail import MailHeaders, build_mail
from assay.output.digest_mail_html import MOST_BYTES, render_mail_html
from assay.output.digest_mail_text import WIDTH, render_mail_text
from assay.output.words import NOT_ADVICE
from tests import digest_sample as sample
from tests.test_output_clean import ANY, NASTY

HEADERS = MailHeaders(
    sender="Anna Muster <anna@example.org>",
    to=("anna@example.org",),
    workspace="5f3a9c",
    unsubscribe="stop@example.org",
)
LAW = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
ALL = (sample.full_digest(), sample.quiet_digest(), sample.failed_digest())


def build(digest=ALL[0], **changes):
    return build_mail(digest, replace(HEADERS, **changes))


def parse(mail):
    """Return a mail as Python's own reader sees it, without a complaint."""
    parsed = message_from_bytes(mail, policy=SMTP)
    for part in parsed.walk():
        assert not part.defects
    return parsed


def many(number, **more):
    """Return a digest with so many items as large as usual ones are."""
    sentence = " ".join(["Sleep after the tea did not differ from water."] * 4)
    quote = sample.ITEMS[0].quote._replace(text=sentence)
    titles = (f"{sample.TRIAL.title}, part {n}" for n in range(number))
    works = (replace(sample.TRIAL, title=title) for title in titles)
    items = tuple(replace(sample.ITEMS[0], work=w, quote=quote) for w in works)
    return sample.full_digest(items=items, **more)


@pytest.mark.parametrize("digest", ALL)
def test_a_mail_is_read_back_as_it_was_meant(digest):
    parsed = parse(build(digest))
    assert parsed.get_content_type() == "multipart/alternative"
    text, page = parsed.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert page.get_content_type() == "text/html"
    assert text.get_content().splitlines() == render_mail_text(digest).splitlines()
    assert page.get_content().splitlines() == render_mail_html(digest).splitlines()
    for part in (text, page):
        assert part["Content-Transfer-Encoding"] == "quoted-printable"
        assert part.get_content_charset() == "utf-8"


def test_the_headers_say_who_when_and_that_no_person_wrote_it():
    parsed = parse(build())
    assert parsed["From"] == "Anna Muster <anna@example.org>"
    assert parsed["To"] == "anna@example.org"
    assert parsedate_to_datetime(parsed["Date"]).isoformat() == sample.MADE
    assert parsed["Message-ID"] == "<2026-11-23-0003.mail.5f3a9c@example.org>"
    assert parsed["List-Id"] == '"assay digest" <digest.5f3a9c.localhost>'
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["List-Unsubscribe"] == "<mailto:stop@example.org>"
    assert "List-Unsubscribe-Post" not in parsed


def test_a_domain_of_the_person_names_the_mail():
    parsed = parse(build(host="lab.example.net"))
    assert parsed["Message-ID"].endswith(".5f3a9c@lab.example.net>")
    assert parsed["List-Id"].endswith("<digest.5f3a9c.lab.example.net>")


def test_nobody_can_cancel_where_no_address_takes_it():
    assert "List-Unsubscribe" not in parse(build(unsubscribe=""))


@pytest.mark.parametrize(
    ("digest", "subject"),
    [
        (ALL[0], "[assay digest 3] 1 search failed, 1 search incomplete"),
        (ALL[1], "[assay digest 2] Nothing new"),
        (ALL[2], "[assay digest 4] 2 searches failed"),
    ],
)
def test_the_subject_says_the_worst_first(digest, subject):
    assert parse(build(digest))["Subject"].startswith(subject)


def test_the_same_digest_is_the_same_mail_and_another_one_is_another():
    assert build() == build()
    ids = {parse(build(d, channel=c))["Message-ID"] for d in ALL for c in "ab"}
    assert len(ids) == 6


def test_the_mail_of_the_documentation_is_what_is_written_today(golden):
    text = build().decode().replace("\r\n", "\n")
    golden("../../docs/digest-examples/mail.eml", text)


def test_every_line_ends_as_mail_asks_and_is_short():
    mail = build(many(30), to=tuple(f"person{n}@example.org" for n in range(40)))
    lines = mail.split(b"\r\n")
    assert max(map(len, lines)) <= 78
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    mail.decode("ascii")


def test_a_long_address_stays_one_address():
    long = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.example.org"
    parsed = parse(build(unsubscribe=long, host=f"{'d' * 60}.{'e' * 60}.example"))
    assert parsed["List-Unsubscribe"].strip() == f"<mailto:{long}>"
    assert parsed["Message-ID"].strip().startswith("<2026-11-23-0003.mail.5f3a9c@ddd")
    assert b"=?" not in build(unsubscribe=long).split(b"\r\n\r\n")[0]


@pytest.mark.parametrize(
    "address",
    [
        *("", "anna", "@example.net", "anna@", "anna@example..org", "anna@-x.org"),
        *("anna@example.org, eve@example.org", "anna@exa mple.org", "<anna@x.org"),
        *("anna@example.org\r\nBcc: eve@example.org", "anna@x.org>\nBcc: <eve@x.org"),
        *("änna@example.org", "anna@exämple.org", '"a b"@example.org', "a@b@c.org"),
    ],
)
@pytest.mark.parametrize("field", ["sender", "to", "unsubscribe"])
def test_what_is_no_address_is_refused_without_saying_it(field, address):
    if field == "unsubscribe" and not address:
        return
    value = (address,) if field == "to" else address
    with pytest.raises(DeliveryError, match="is not an e-mail address") as told:
        build(**{field: value})
    assert told.value.lasting
    assert not address or address not in str(told.value)


def test_a_mail_to_nobody_and_a_wrong_host_are_refused():
    with pytest.raises(DeliveryError, match="`to` names nobody"):
        build(to=())
    with pytest.raises(DeliveryError, match="`host` is not the name of a domain"):
        build(host="a host\r\nX: y")


@LAW
@given(ANY | NASTY, ANY | NASTY)
def test_no_text_makes_a_header(title, name):
    sender = f"{name.replace('<', '').replace('>', '')} <anna@example.org>"
    parsed = parse(build(sample.quiet_digest(title=title), sender=sender))
    assert parsed.keys() == parse(build()).keys()
    assert [a.addr_spec for a in parsed["From"].addresses] == ["anna@example.org"]
    told = one_line(f"[{one_line(title)} 2] Nothing new")
    assert one_line(parsed["Subject"]) == told


@pytest.mark.parametrize(
    "name",
    ["Änne", "a, b", "=?utf-8?q?x?=", 'the "one"', "x" * 300, "名前", "a;b:c,"],
)
def test_a_name_before_an_address_is_read_back(name):
    parsed = parse(build(sender=f"{name} <anna@example.org>"))
    assert parsed["From"].addresses[0].display_name == name.strip()


def test_a_long_name_of_any_letters_is_encoded_in_short_pieces():
    name = " ".join(["名前"] * 60)
    mail = build(sender=f"{name} <anna@example.org>")
    raw = message_from_bytes(mail)["From"]
    assert str(make_header(decode_header(raw))) == f"{name} <anna@example.org>"
    assert all(len(piece) <= 75 for piece in re.findall(r"=\?.*?\?=", raw))


def test_plain_words_are_told_in_lines_that_mail_can_show():
    for digest in ALL:
        for line in render_mail_text(digest).splitlines():
            assert len(line) <= WIDTH or " " not in line.strip()


def test_both_parts_tell_everything_and_failures_first():
    digest = ALL[0]
    page = html.fromstring(render_mail_html(digest)).text_content()
    for part in (" ".join(render_mail_text(digest).split()), " ".join(page.split())):
        order = [
            "could not be searched",
            "A gap is made up for",
            f"RETRACTED: {sample.RETRACTED.title}",
            "mixed → contradicted",
            "± Mixed",
            sample.TRIAL.title,
            "not the authors’ words",
            "is now published in",
            "preprint, not peer-reviewed",
            "[title not recorded]",
            "Queries run",
            NOT_ADVICE,
        ]
        found = [part.lower().find(each.lower()) for each in order]
        assert -1 not in found
        assert found == sorted(found)


def test_a_quiet_week_is_one_line_and_a_failed_one_is_not_quiet():
    assert "Nothing new since 2026-11-16" in render_mail_text(ALL[1])
    assert "Nothing new" not in render_mail_text(ALL[2])
    assert "Nothing new" not in render_mail_html(ALL[2])


def test_a_hundred_items_are_told_at_length_in_less_than_gmail_cuts():
    page = render_mail_html(many(100))
    assert len(page.encode()) <= MOST_BYTES < 100_000
    assert page.count("<b>") > 100
    assert "too long" not in page


@pytest.mark.parametrize("number", [200, 3000])
def test_what_is_too_long_for_a_mail_is_told_in_short_then_counted(number):
    digest = many(number)
    page, text = render_mail_html(digest), render_mail_text(digest)
    assert len(page.encode()) <= MOST_BYTES
    shown = {int(n) for n in re.findall(r"part (\d+)</a>", page)}
    said = html.fromstring(page).text_content()
    counted = re.search(r"too long: ([\d,]+) are told in short", said)
    assert counted
    left = re.search(r"and ([\d,]+) more are not shown", said)
    more = int(left[1].replace(",", "")) if left else 0
    receipt = len(digest.receipt.asked) + 10
    assert number - len(shown) <= more <= number - len(shown) + receipt
    assert shown == set(range(len(shown)))
    assert "plain-text part of this mail and in digest 3" in said
    assert f"part {number - 1}" in text
    assert "could not be searched" in page


def test_what_is_left_out_of_a_mail_are_the_last_ones():
    digest = many(1500)
    long = replace(
        digest.items[1100], work=replace(sample.TRIAL, title="x" * MOST_BYTES)
    )
    items = (*digest.items[:200], long, *digest.items[200:])
    page = render_mail_html(replace(digest, items=items))
    assert len(page.encode()) <= MOST_BYTES
    assert {int(n) for n in re.findall(r"part (\d+)</a>", page)} == set(range(200))


def test_a_page_asks_nobody_for_anything():
    for digest in (*ALL, many(300)):
        page = html.fromstring(render_mail_html(digest))
        tags = {each.tag for each in page.iter()}
        assert not tags & {"link", "script", "img", "style", "iframe", "base", "form"}
        for each in page.iter():
            assert not set(each.attrib) & {"src", "background", "srcset", "action"}
            assert "url(" not in each.get("style", "")
            assert not any(name.startswith("on") for name in each.attrib)
            assert each.get("href", "https://").startswith("https://")


def test_a_page_is_at_most_600_wide_and_sets_no_colour_of_text_or_ground():
    page = render_mail_html(ALL[0])
    assert "max-width:600px" in page
    assert not re.search(r"[;\"]\s*(?:background|color)[\w-]*:", page)


@LAW
@given(st.tuples(ANY | NASTY, ANY | NASTY))
def test_whatever_others_wrote_is_words(texts):
    title, quote = texts
    work = replace(sample.TRIAL, title=title, authors=quote)
    item = replace(sample.ITEMS[0], work=work, queries=(title,))
    item = replace(item, quote=item.quote._replace(text=quote, why=title))
    digest = sample.full_digest(items=(item,), title=title)
    tags = {each.tag for each in html.fromstring(render_mail_html(digest)).iter()}
    plain = {e.tag for e in html.fromstring(render_mail_html(ALL[0])).iter()}
    assert tags <= plain
    assert one_line(title) in " ".join(render_mail_text(digest).split())
    parse(build(digest))
