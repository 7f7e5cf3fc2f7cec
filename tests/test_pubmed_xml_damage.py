"""What the PubMed parser makes of damage: whole records stay, the rest is a problem."""

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.errors import BadAnswerError
from assay.record import Record
from assay.search import Problem
from assay.sources import pubmed_xml
from assay.sources.pubmed_xml import Deleted, iter_records, parse_set

PMIDS = [f"9000000{n}" for n in range(1, 7)]


def article(pmid, kind="PubmedArticle"):
    inner, data = {
        "PubmedArticle": ("MedlineCitation", "PubmedData"),
        "PubmedBookArticle": ("BookDocument", "PubmedBookData"),
    }[kind]
    return (
        f'<{kind}>\n <{inner}><PMID Version="1">{pmid}</PMID><Article><ArticleTitle>'
        f"Invented &lt;{pmid}&gt; <i>é ☃</i>.</ArticleTitle></Article>"
        "<CommentsCorrectionsList><CommentsCorrections RefType='CommentIn'><RefSource>"
        "J</RefSource><PMID>90000099</PMID></CommentsCorrections>"
        f"</CommentsCorrectionsList></{inner}><{data}><ArticleIdList>"
        f'<ArticleId IdType="pubmed">{pmid}</ArticleId></ArticleIdList>'
        f"<ReferenceList><Reference><Citation>90000098</Citation></Reference>"
        f"</ReferenceList></{data}>\n</{kind}>\n"
    ).encode()


HEAD = (
    b'<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD x//EN" '
    b'"http://127.0.0.1:1/pubmed.dtd">\n<PubmedArticleSet>\n'
)
TAIL = b"<DeleteCitation><PMID>90000011</PMID></DeleteCitation>\n</PubmedArticleSet>\n"
RECORDS = [
    article(p, "PubmedBookArticle" if p == PMIDS[2] else "PubmedArticle") for p in PMIDS
]
BODY = HEAD + b"".join(RECORDS) + TAIL


def pmids(parsed):
    return [record.pmid for record in parsed.records]


def test_the_undamaged_set_is_complete():
    parsed = parse_set(BODY)
    assert pmids(parsed) == PMIDS
    assert parsed.deleted == ("90000011",)
    assert parsed.complete
    assert parsed.problems == ()


def test_a_set_cut_anywhere_keeps_its_whole_records_and_says_so():
    sizes = [len(HEAD), *(len(record) - 1 for record in RECORDS)]
    ends = list(itertools.accumulate(sizes))[1:]
    ends = [end + n for n, end in enumerate(ends)]
    for cut in range(len(HEAD), BODY.rindex(b">"), 97):
        parsed = parse_set(BODY[:cut])
        assert pmids(parsed) == [
            p for p, end in zip(PMIDS, ends, strict=True) if end <= cut
        ]
        assert not parsed.complete
        assert "closing tag" in parsed.problems[-1].what


def test_a_cut_record_is_named_in_its_problem():
    body = BODY[: BODY.index(PMIDS[3].encode()) + 200]
    parsed = parse_set(body)
    assert pmids(parsed) == PMIDS[:3]
    assert parsed.problems[0].where == f"PubMed record {PMIDS[3]}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<ArticleTitle>", b"<ArticleTitel>"),
        (b"</PubmedArticle>", b"</PubmedArtikle>"),
        (b"<PubmedArticle>", b"<PubmedArtikle>"),
        (b"\xc3\xa9", b"\xc3"),
        (b"Invented", b"\x00"),
        (b"Invented", b"&nbsp;"),
        (b"Invented", b"&unknown;"),
        (b"</CommentsCorrectionsList>", b""),
    ],
)
def test_one_unreadable_record_costs_only_itself(old, new):
    damaged = RECORDS[1].replace(old, new, 1)
    parsed = parse_set(HEAD + RECORDS[0] + damaged + RECORDS[2] + RECORDS[3] + TAIL)
    assert pmids(parsed) == [PMIDS[0], PMIDS[2], PMIDS[3]]
    assert [problem.where for problem in parsed.problems] == [
        f"PubMed record {PMIDS[1]}"
    ]
    assert parsed.deleted == ("90000011",)
    assert not parsed.complete


def test_a_record_made_of_two_halves_is_refused():
    middle = RECORDS[0].index(b"</MedlineCitation>")
    rest = RECORDS[1][RECORDS[1].index(b"</MedlineCitation>") :]
    parsed = parse_set(HEAD + RECORDS[0][:middle] + rest + TAIL)
    assert pmids(parsed) == []
    assert "own article ids" in parsed.problems[0].what


def test_a_record_without_a_pmid_is_a_problem():
    body = HEAD + b"<PubmedArticle><MedlineCitation/></PubmedArticle>" + TAIL
    (problem,) = parse_set(body).problems
    assert problem.where == "PubMed record (PMID not readable)"
    assert "no PMID" in problem.what


@pytest.mark.parametrize("junk", [b"oops", b"<Oops>1</Oops>", b"<Oops>", b"\xff"])
@pytest.mark.parametrize("place", [0, 2, 6])
def test_what_belongs_to_no_record_is_reported(junk, place):
    parts = [*RECORDS[:place], junk, *RECORDS[place:]]
    parsed = parse_set(HEAD + b"".join(parts) + TAIL)
    assert pmids(parsed) == PMIDS
    assert not parsed.complete


def test_text_after_the_end_is_reported():
    assert parse_set(BODY + b"\n \n").complete
    assert not parse_set(BODY + b"<html/>").complete


@pytest.mark.parametrize(
    "empty",
    [
        b"<PubmedArticleSet/>",
        b"<PubmedArticleSet></PubmedArticleSet>",
        HEAD + b"</PubmedArticleSet>",
        b"\xef\xbb\xbf<?xml version='1.0'?><!-- none --><PubmedArticleSet />\n",
        b"<PubmedBookArticleSet a='b'>\n</PubmedBookArticleSet>",
    ],
)
def test_an_empty_set_is_empty_and_complete(empty):
    parsed = parse_set(empty)
    assert (parsed.records, parsed.deleted, parsed.problems) == ((), (), ())
    assert parsed.complete


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "an empty answer"),
        (b" \n", "an empty answer"),
        (b'<?xml version="1.0" ?>\n', "no root element"),
        (HEAD[:90], "no root element"),
        (b"<!DOCTYPE html><HTML lang='en'><p>Sorry</p></HTML>", "an HTML page"),
        (b'{"error":"API rate limit exceeded"}', "JSON"),
        (b'["Empty id list"]', "JSON"),
        (b"90000001\n", "text"),
        (b"<eFetchResult><ERROR>x</ERROR></eFetchResult>", "<eFetchResult>"),
        ("<PubmedArticleSet/>".encode("utf-16"), "text"),
        (b"<!DOCTYPE a [" + b"<!-- " * 9999, "no root element"),
    ],
)
def test_what_is_no_set_is_a_bad_answer(body, words):
    with pytest.raises(BadAnswerError, match=re.escape(words)) as caught:
        parse_set(body)
    assert str(caught.value).startswith("PubMed: ")
    assert "rate limit" not in str(caught.value)


def declared(subset, text):
    record = RECORDS[0].replace(b"Invented", text)
    head = b"<!DOCTYPE PubmedArticleSet [" + subset + b"]><PubmedArticleSet>"
    return head + record + RECORDS[1] + TAIL


@pytest.mark.parametrize(
    "subset",
    [
        b"\n".join(
            [b'<!ENTITY e0 "ha">']
            + [
                b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10)
                for n in range(1, 20)
            ]
        ),
        b'<!ENTITY e19 SYSTEM "file:///etc/hostname">',
        b'<!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p; <!ENTITY e19 "x">',
    ],
)
def test_entities_declared_in_the_answer_are_never_expanded(subset):
    parsed = parse_set(declared(subset, b"&e19;"))
    assert pmids(parsed) == [PMIDS[1]]
    assert parsed.problems[0].where == f"PubMed record {PMIDS[0]}"


def test_a_declaration_alone_does_no_harm():
    assert pmids(parse_set(declared(b'<!ENTITY x "]]>y">', b"Z"))) == PMIDS[:2]


def test_the_encoding_that_the_answer_declares_is_used():
    text = BODY.decode().replace("☃", "").encode("iso-8859-1")
    text = text.replace(b'version="1.0" ?>', b'version="1.0" encoding="ISO-8859-1"?>')
    parsed = parse_set(text)
    assert parsed.complete
    assert parsed.records[0].title == f"Invented <{PMIDS[0]}> é ."


def test_nesting_without_end_is_one_unreadable_record():
    deep = b"<ReferenceList>" * 5000 + b"</ReferenceList>" * 5000
    damaged = RECORDS[0].replace(b"<ReferenceList>", deep + b"<ReferenceList>")
    parsed = parse_set(HEAD + damaged + RECORDS[1] + TAIL)
    assert pmids(parsed) == [PMIDS[1]]


@given(st.lists(st.integers(0, len(BODY)), max_size=9))
def test_chunks_of_any_size_give_the_same_records(cuts):
    edges = [0, *sorted(cuts), len(BODY)]
    chunks = [BODY[a:b] for a, b in itertools.pairwise(edges)]
    assert list(iter_records(chunks)) == list(iter_records([BODY]))


def test_a_stream_is_read_no_further_than_needed():
    taken = 0

    def chunks():
        nonlocal taken
        yield HEAD
        for _ in range(40):
            taken += 1
            yield RECORDS[0] * 100

    items = iter_records(chunks())
    assert next(items).pmid == PMIDS[0]
    assert taken < 20


@given(block=st.integers(1, 2000))
@settings(max_examples=30)
def test_blocks_of_any_size_give_the_same_records(block):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pubmed_xml, "BLOCK", max(block, len(HEAD)))
        items = list(iter_records([BODY]))
    assert items == list(iter_records([BODY]))


@pytest.fixture
def _short(monkeypatch):
    monkeypatch.setattr(pubmed_xml, "BLOCK", 1000)
    monkeypatch.setattr(pubmed_xml, "LONGEST", 5000)
    monkeypatch.setattr(pubmed_xml, "_KEPT", 1000)


@pytest.mark.usefixtures("_short")
def test_a_record_that_never_ends_is_given_up_and_the_next_is_read():
    damaged = b"<PubmedArticle>" + b"x" * 9000 + RECORDS[1]
    items = list(iter_records([HEAD + RECORDS[0] + damaged + RECORDS[2] + TAIL]))
    found = [item.pmid for item in items if isinstance(item, Record)]
    assert found == [PMIDS[0], PMIDS[2]]
    assert "longer than" in next(i.what for i in items if isinstance(i, Problem))


@pytest.mark.usefixtures("_short")
@pytest.mark.parametrize("around", [b"", b"<!--", b"<![CDATA["])
def test_a_record_that_is_too_long_is_never_taken_for_a_shorter_one(around):
    end = {b"": b"", b"<!--": b"-->", b"<![CDATA[": b"]]>"}[around]
    start = RECORDS[1].index(b"</ArticleTitle>")
    long = RECORDS[1][:start] + around + b" word" * 4000 + end + RECORDS[1][start:]
    items = list(iter_records([HEAD + RECORDS[0] + long + RECORDS[2] + TAIL]))
    found = [item.pmid for item in items if isinstance(item, Record)]
    assert found == [PMIDS[0], PMIDS[2]]
    assert [i.where for i in items if isinstance(i, Problem)] == [
        f"PubMed record {PMIDS[1]}"
    ]


DAMAGE = st.lists(
    st.tuples(
        st.sampled_from(["cut", "flip", "insert", "swap"]),
        st.integers(0, len(BODY) - 1),
        st.integers(0, len(BODY) - 1),
        st.binary(min_size=1, max_size=8)
        | st.sampled_from(
            [b"<", b">", b"&", b"]]>", b"<!--", b"<![CDATA[", b"</PMID>"]
        ),
    ),
    min_size=1,
    max_size=4,
)


def damaged(body, damages):
    for kind, at, other, data in damages:
        low, high = sorted((at, other))
        if kind == "cut":
            body = body[:low] + body[high:]
        elif kind == "flip":
            body = body[:at] + data[:1] + body[at + 1 :]
        elif kind == "insert":
            body = body[:at] + data + body[at:]
        else:
            body = body[:low] + body[high:] + body[low:high]
    return body


@given(DAMAGE)
@settings(max_examples=500)
def test_damage_of_any_kind_never_invents_a_record(damages):
    try:
        parsed = parse_set(damaged(BODY, damages))
    except BadAnswerError:
        return
    assert set(pmids(parsed)) <= set(PMIDS)
    assert parsed.complete == (not parsed.problems)


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_arbitrary_bytes_inside_a_set_raise_nothing(data):
    parsed = parse_set(HEAD + data + TAIL)
    assert set(pmids(parsed)) == set()


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_a_bad_answer(data):
    with pytest.raises(BadAnswerError):
        parse_set(data)


def test_the_deletions_of_an_update_file_are_read(shared):
    block = (shared / "pubmed" / "deletecitation.xml").read_bytes()
    body = b"<PubmedArticleSet>" + block + b"</PubmedArticleSet>"
    deleted = re.findall(rb"<PMID[^>]*>(\d+)", block)
    assert deleted
    assert list(iter_records([body])) == [Deleted(p.decode(), "1") for p in deleted]
