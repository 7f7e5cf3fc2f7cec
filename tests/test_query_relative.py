"""Spans that count back from today become days before other services are asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.query.lint import lint
from assay.query.relative import settle_dates
from assay.query.translate_europepmc import translate_query
from assay.search import Fidelity, Query

SETTLED = [
    ('"last 5 years"[dp]', "2026-11-23", "2021/11/23:3000[dp]"),
    ('"last 1 year"[dp]', "2024-02-29", "2023/02/28:3000[dp]"),
    ('"last 6 months"[edat]', "2026-03-31", "2025/09/30:3000[edat]"),
    ('"last 30 days"[crdt]', "2026-03-01", "2026/01/30:3000[crdt]"),
    ('"last 2 weeks"[dp]', "2026-01-10", "2025/12/27:3000[dp]"),
    ('tea[ti] AND "Last 5 Years"[PDAT] NOT x', "2026-11-23",
     "tea[ti] AND 2021/11/23:3000[PDAT] NOT x"),
    ('"last 5 years"[ti]', "2026-11-23", '"last 5 years"[ti]'),
    ('"last 99999 years"[dp]', "2026-11-23", "0001/01/23:3000[dp]"),
    ("tea  OR [x", "2026-11-23", "tea  OR [x"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "today", "settled"), SETTLED)
def test_a_span_back_from_today_becomes_days(text, today, settled):
    assert settle_dates(text, today) == settled


def test_a_settled_span_can_be_sent_and_an_unsettled_one_is_told_of():
    text = 'tea[ti] AND "last 5 years"[dp]'
    unsettled = translate_query(Query(text=text)).clauses[1]
    assert unsettled.fidelity is Fidelity.UNSUPPORTED
    assert "today" in unsettled.why
    settled = translate_query(Query(text=settle_dates(text, "2026-11-23")))
    assert "FIRST_PDATE:[2021-11-23 TO 3000-12-31]" in settled.sent


spans = st.builds(
    '"last {} {}"[dp]'.format, st.integers(0, 9999), st.sampled_from(["days", "years"])
)


@given(spans, st.dates().map(str))
def test_what_is_settled_is_sound(text, today):
    assert lint(settle_dates(text, today)) == ()
