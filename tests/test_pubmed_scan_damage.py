"""However a record is damaged, it is read the same with the scanner and without it."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.errors import BadAnswerError
from assay.sources import pubmed_xml
from assay.sources.pubmed_scan import SCAN
from assay.sources.pubmed_xml import iter_articles
from tests.test_pubmed_scan import FULL, MATH, PLAIN

pytestmark = pytest.mark.skipif(
    SCAN is None,
    reason="the scanner was not built (no C compiler), or ASSAY_NO_SCANNER is set",
)

TAGS = sorted(set(re.findall(rb"</?[A-Za-z:]+[^<>]*>", FULL)))
EDGES = [match.start() for match in re.finditer(rb"[<>]", FULL)]
ELEMENTS = [m.span() for m in re.finditer(rb"<([A-Za-z]+)[^<>]*>[^<]*</\1>", FULL)]
SPACES = [chr(c).encode() for c in range(0x110000) if chr(c).isspace()]
MARKS = rb"""< > & ]]> ] / = ' " &amp; &lt &#65; &#x85; &#xa0; &#0; &#xD800; &#13; &#10;
    &#xFFFE; &#99999999999; &nbsp; <!--x--> <![CDATA[y]]> <?pi?> <?a?b?> <b> </b> <b/>
    <mml:mi>1</mml:mi> <x:y/> \xff \xc2 \xe2\x80 \xed\xa0\x80 \xc0\x80 \xef\xbf\xbe"""
PIECES = [
    *TAGS,
    *SPACES,
    *[mark.decode("unicode-escape").encode("latin-1") for mark in MARKS.split()],
    *[b" a='b'", b" UI='&#65;'", b' ValidYN="&#78;"', b" xmlns='u'", b" xml:lang='e'"],
    *[b" xmlns:mml='u'", f" {MATH}".encode(), b' MajorTopicYN="Y"', b"<?pi x ?>"],
]

Piece = st.sampled_from(PIECES) | st.binary(min_size=1, max_size=4)
Place = st.sampled_from(EDGES) | st.integers(0, len(FULL))
Damage = st.one_of(
    st.tuples(st.just("insert"), Place, Piece),
    st.tuples(st.just("flip"), Place, st.binary(min_size=1, max_size=1)),
    st.tuples(st.just("cut"), Place, st.integers(1, 200).map(bytes)),
    st.tuples(st.just("drop a tag"), Place, st.just(b"")),
    st.tuples(st.just("move"), Place, st.sampled_from(ELEMENTS)),
    st.tuples(st.just("blow up"), Place, st.integers(1000, 70_000).map(bytes)),
)


def damaged(xml, damages):
    for kind, at, what in damages:
        before, after = xml[:at], xml[at:]
        if kind == "insert":
            xml = before + what + after
        elif kind == "flip":
            xml = before + what + after[1:]
        elif kind == "cut":
            xml = before + after[len(what) :]
        elif kind == "drop a tag":
            xml = before + re.sub(rb"<[^<>]*>", b"", after, count=1)
        elif kind == "move":
            xml = before + FULL[slice(*what)] + after
        else:
            xml = before + b"x" * len(what) + after
    return xml


def read(body):
    """Return all that a set gives, or the sentence of what it is not."""
    try:
        return list(iter_articles([body]))
    except BadAnswerError as error:
        return str(error)


def same_without(body):
    items = read(body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pubmed_xml, "SCAN", None)
        return read(body) == items


def check(damages, before, after):
    parts = before, damaged(FULL, damages), after
    assert same_without(
        b"<PubmedArticleSet>" + b"".join(parts) + b"</PubmedArticleSet>"
    )


Beside = st.sampled_from([b"", b"\n ", PLAIN, b"<!-- c -->", b"x", b"<X/>"])
Damages = st.lists(Damage, min_size=1, max_size=4)


@given(Damages, Beside, Beside)
@settings(max_examples=200, deadline=None)
def test_damage_of_any_kind_is_read_alike(damages, before, after):
    check(damages, before, after)


@pytest.mark.long
@given(Damages, Beside, Beside)
@settings(
    max_examples=30_000,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
def test_much_damage_of_any_kind_is_read_alike(damages, before, after):
    check(damages, before, after)


@given(st.lists(Piece, max_size=30).map(b"".join))
@settings(max_examples=100, deadline=None)
def test_any_title_is_read_alike(title):
    record = PLAIN.replace(b">Title<", b">" + title + b"<")
    assert same_without(b"<PubmedArticleSet>" + record + b"</PubmedArticleSet>")
