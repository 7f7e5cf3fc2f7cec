"""Numbers are found with their units, and compared as a careful reader would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.evidence.amounts import parse_amount, render_amount
from assay.evidence.numbers import Quantity, agree, find_numbers, render_number
from assay.evidence.units import BASE, UNITS, convert

HOUR, DAY = 60.0, 1440.0


def read(text):
    return [(q.kind, q.low, q.high, q.sign) for q in find_numbers(text)]


def one(text):
    (found,) = find_numbers(text)
    return found


@pytest.mark.parametrize(
    ("text", "kind", "low", "high"),
    [
        ("30%", "share", 30, 30),
        ("70 percent", "share", 70, 70),
        ("half of them", "share", 50, 50),
        ("a quarter of users", "share", 25, 25),
        ("three-quarters", "share", 75, 75),
        ("1 in 5", "share", 20, 20),
        ("one in ten", "share", 10, 10),
        ("12/40", "share", 30, 30),
        ("12 of the 40", "share", 30, 30),
        ("3 per 1,000", "share", 0.3, 0.3),
        ("5 percentage points", "points", 5, 5),
        ("twice as likely", "times", 2, 2),
        ("a threefold rise", "times", 3, 3),
        ("1.4 times higher", "times", 1.4, 1.4),
        ("it doubles the risk", "times", 2, 2),
        ("0.5 g", "mass", 500, 500),
        ("250 mcg", "mass", 0.25, 0.25),
        ("5–10 mg", "mass", 5, 10),
        ("between 5 and 10 mg", "mass", 5, 10),
        ("5 mg to 10 mg", "mass", 5, 10),
        ("5 mg/kg", "mass/kg", 5, 5),
        ("20 mg per day", "mass", 20, 20),
        ("1,000 IU", "activity", 1000, 1000),
        ("1.5 litres", "volume", 1500, 1500),
        ("half an hour", "time", 30, 30),
        ("one and a half hours", "time", 90, 90),
        ("an 8-week trial", "time", 56 * DAY, 56 * DAY),
        ("a 25-year-old", "time", 25 * 365.25 * DAY, 25 * 365.25 * DAY),
        ("twenty-six patients", "number", 26, 26),
        ("1.5 million people", "number", 1.5e6, 1.5e6),
        ("p < 0.05", "p", 0.05, 0.05),
        ("P=·02", "p", 0.02, 0.02),
        ("95% CI 1.2 to 1.9", "interval", 1.2, 1.9),
        ("(90% confidence interval, −0.9 to −0.1)", "interval", -0.9, -0.1),
        ("odds ratio of 1.5", "ratio", 1.5, 1.5),
        ("aHR 0.70", "ratio", 0.7, 0.7),
        ("in 1998", "year", 1998, 1998),
        ("120 mmHg", "pressure", 120, 120),
        ("6 feet", "length", 1828.8, 1828.8),
    ],
)
def test_a_number_is_read_with_its_unit(text, kind, low, high):
    found = one(text)
    assert found.kind == kind
    assert (found.low, found.high) == pytest.approx((low, high))


@pytest.mark.parametrize(
    "text",
    ["vitamin B12", "omega-3", "COVID-19", "CYP3A4", "5-HTP", "type 2",
     "a 12-item scale", "open 24/7", "1st", "7-hydroxymitragynine"],
)  # fmt: skip
def test_digits_in_a_name_count_nothing(text):
    assert [q.kind for q in find_numbers(text)] == ["name"]


@pytest.mark.parametrize(
    "text",
    ["one of the best", "the half-life", "a double-blind trial", "twice daily",
     "the second half", "no numbers at all", ""],
)  # fmt: skip
def test_words_that_only_look_like_numbers_are_left_alone(text):
    assert find_numbers(text) == ()


def test_a_change_from_one_to_another_is_two_numbers_and_not_a_range():
    told = read("It rose from 11 h to 24 h.")
    assert told == [
        ("time", 11 * HOUR, 11 * HOUR, ""),
        ("time", 24 * HOUR, 24 * HOUR, ""),
    ]


def test_how_often_something_is_taken_is_no_multiple():
    assert [q.kind for q in find_numbers("3 times a day")] == ["number"]


def test_a_sign_is_kept():
    assert read("about 30%") == [("share", 30, 30, "~")]
    assert read("more than half") == [("share", 50, 50, ">")]
    assert read("fewer than 10 days")[0][3] == "<"


def test_offsets_lead_back_to_the_words():
    text = "Of 40 rats, 12 (30%) slept for about two hours."
    told = [text[q.start : q.end] for q in find_numbers(text)]
    assert told == ["40", "12", "30%", "about two hours"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("about 30%", "29.6%"),
        ("30%", "29.6%"),
        ("half", "50%"),
        ("half", "20/40"),
        ("a third", "31%"),
        ("13 feet", "4 m"),
        ("0.5 g", "500 mg"),
        ("8 weeks", "2 months"),
        ("52 weeks", "a 1-year trial"),
        ("more than half", "62%"),
        ("5 to 10 mg", "8 mg"),
        ("1 in 5", "20.4%"),
        ("25 µg", "0.025 mg"),
        ("twice", "2.1-fold"),
    ],
)
def test_numbers_that_say_the_same_agree(first, second):
    assert agree(one(first), one(second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("30%", "40%"),
        ("half", "40%"),
        ("5 mg", "5 g"),
        ("8 weeks", "3 months"),
        ("up to 90%", "12%"),
        ("more than half", "30%"),
        ("30%", "30 mg"),
        ("5 mg", "5 mg/kg"),
        ("fewer than 10 days", "20 days"),
    ],
)
def test_numbers_that_say_otherwise_do_not_agree(first, second):
    assert not agree(one(first), one(second))


amounts = st.integers(0, 10**6).map(lambda n: n / 1000)
signs = st.sampled_from(["", "<", ">", "~"])


@st.composite
def quantities(draw):
    kind = draw(st.sampled_from([*BASE, "mass/kg", "mass/ml", "number"]))
    low = draw(amounts)
    high = draw(st.one_of(st.just(low), st.just(low + draw(amounts))))
    if kind == "number" and low == high and 1800 <= low < 2100:
        low = high = low + 0.5
    if kind == "number" and low != high and 1800 <= low < 2100:
        low = 0.0
    return Quantity(kind, low, high, 0, 0, draw(signs))


results = st.one_of(
    st.builds(lambda v, s: Quantity("p", v / 1000, v / 1000, 0, 0, s),
              st.integers(0, 999), st.sampled_from(["", "<", ">"])),
    st.builds(lambda a, b: Quantity("interval", min(a, b), max(a, b), 0, 0),
              amounts, amounts),
    st.builds(lambda v: Quantity("ratio", v, v, 0, 0), amounts),
    st.builds(lambda y: Quantity("year", y, y, 0, 0), st.integers(1800, 2099)),
)  # fmt: skip


@given(st.one_of(quantities(), results))
def test_what_is_written_reads_back_as_the_same_number(number):
    back = one(render_number(number))
    assert (back.kind, back.sign) == (number.kind, number.sign)
    assert (back.low, back.high) == pytest.approx((number.low, number.high), abs=1e-6)


@given(st.integers(-(10**9), 10**9).map(lambda n: n / 1000))
def test_an_amount_written_in_digits_reads_back(value):
    assert parse_amount(render_amount(value)) == pytest.approx(value)


@given(amounts, st.sampled_from(sorted(UNITS)), st.data())
def test_a_unit_converted_there_and_back_is_the_same(amount, unit, data):
    same_kind = sorted(u for u in UNITS if UNITS[u][0] == UNITS[unit][0])
    other = data.draw(st.sampled_from(same_kind))
    there = convert(amount, unit, other)
    assert convert(there, other, unit) == pytest.approx(amount)


def test_units_of_different_kinds_do_not_convert():
    with pytest.raises(ValueError, match="do not measure the same"):
        convert(1, "mg", "weeks")


@given(quantities(), quantities())
def test_agreeing_goes_both_ways(one_, other):
    assert agree(one_, other) == agree(other, one_)


@given(quantities())
def test_every_number_agrees_with_itself(number):
    assert agree(number, number)


@given(st.text(alphabet="0123456789.,-–%/ onetwhalfmgkdiCPI=<>~()\0", max_size=60))
def test_any_text_is_read_and_offsets_stay_inside(text):
    for q in find_numbers(text):
        assert 0 <= q.start < q.end <= len(text)
        assert q.low <= q.high
