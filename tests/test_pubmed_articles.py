"""Each record of a set comes with its own bytes, as NLM wrote them."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from assay.errors import BadAnswerError
from assay.sources.pubmed_xml import (
    Article,
    iter_articles,
    iter_records,
    read_article_bytes,
)
from assay.sources.pubmed_xml_spans import find_spans

PMID = "90000001"


def article(pmid=PMID, inside="", kind="PubmedArticle"):
    return (
        f"<{kind}>\n <MedlineCitation><PMID>{pmid}</PMID>{inside}</MedlineCitation>"
        f"</{kind}>"
    ).encode()


def wrapped(*parts, head=b""):
    return head + b"<PubmedArticleSet>" + b"".join(parts) + b"</PubmedArticleSet>"


def articles_of(*parts, head=b""):
    items = iter_articles([wrapped(*parts, head=head)])
    return [item for item in items if isinstance(item, Article)]


ODD = [
    article(inside="<!-- </PubmedArticle><PubmedArticle> -->"),
    article(inside="<Note><![CDATA[</PubmedArticle><PubmedArticle>]]></Note>"),
    article(inside="<?x </PubmedArticle> ?>"),
    article(inside="<Note a='>' b=\"/>\"/>"),
    article().replace(b"</PubmedArticle>", b"</PubmedArticle \n>"),
    article().replace(b"<PubmedArticle>", b"<PubmedArticle\n a='/>' >", 1),
    article(inside="<Note><PubmedArticle/><PubmedArticle></PubmedArticle></Note>"),
    article(inside="<PubmedArticleNote>é ☃</PubmedArticleNote>"),
]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("between", [b"", b"\n  ", b"<!-- <PubmedArticle> -->"])
def test_the_bytes_of_a_record_are_its_own(odd, between):
    plain = article("90000002")
    found = articles_of(plain, between, odd, between, article("90000003"))
    assert [a.xml for a in found] == [plain, odd, article("90000003")]
    assert [a.record.pmid for a in found] == ["90000002", PMID, "90000003"]


def test_a_record_read_apart_from_a_damaged_block_keeps_its_bytes():
    broken = article("90000004").replace(b"</PMID>", b"")
    found = articles_of(article("90000002"), broken, b"<X/>", article("90000003"))
    assert [a.xml for a in found] == [article("90000002"), article("90000003")]


def test_withdrawals_and_empty_elements_do_not_move_the_bytes():
    gone = b"<DeleteCitation><PMID>90000009</PMID></DeleteCitation>"
    found = articles_of(
        b"<PubmedArticle/>",
        gone,
        b"<X><PubmedArticle></PubmedArticle></X>",
        article(),
        gone,
    )
    assert [a.xml for a in found] == [article()]


def test_a_set_in_another_encoding_gives_xml_in_utf_8():
    head = b'<?xml version="1.0" encoding="iso-8859-1"?>'
    title = "<Article><ArticleTitle>é</ArticleTitle></Article>"
    odd = article(inside=title).decode().encode("iso-8859-1")
    (found,) = articles_of(odd, head=head)
    assert found.record.title == "é"
    assert read_article_bytes(found.xml) == found.record


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (b"", "not one record"),
        (b"\xff", "belong to no record"),
        (article()[:-3], "not well-formed"),
        (article("").replace(b"<PMID></PMID>", b""), "no PMID"),
        (article() * 2, "not one record"),
        (article() + b"<X/>", "belong to no record"),
        (b"<DeleteCitation><PMID>90000001</PMID></DeleteCitation>", "not one record"),
    ],
)
def test_what_is_not_one_record_is_refused(xml, words):
    with pytest.raises(BadAnswerError, match=words):
        read_article_bytes(xml)


def test_records_are_the_walk_over_articles():
    body = wrapped(article(), b"<X/>", article("90000002"))
    items = list(iter_articles([body]))
    bare = [item.record if isinstance(item, Article) else item for item in items]
    assert list(iter_records([body])) == bare


def test_every_real_record_is_read_again_from_its_own_bytes(shared):
    for name in ("edge.xml", "oud.xml"):
        body = (shared / "pubmed" / name).read_bytes()
        found = [a for a in iter_articles([body]) if isinstance(a, Article)]
        at = 0
        for xml in (a.xml for a in found):
            at = body.index(xml, at) + len(xml)
        assert len(found) == len(re.findall(rb"<PubmedArticle>", body))
        assert all(read_article_bytes(a.xml) == a.record for a in found)


TREES = st.recursive(
    st.sampled_from(["<a/>", "x", "<!-- <a> -->", "<?p <a> ?>", "<a b='/>'/>", " "]),
    lambda inner: st.lists(inner, max_size=3).map(
        lambda parts: f'<b c="<>">{"".join(parts)}</b >'.replace('"<>"', '">"')
    ),
    max_leaves=9,
)


@given(st.lists(TREES, max_size=5).map("".join))
@settings(max_examples=200)
def test_the_spans_are_those_of_the_outermost_elements(xml):
    root = etree.fromstring(
        f"<root>{xml}</root>",
        etree.XMLParser(remove_comments=True, remove_pis=True),
    )
    spans = find_spans(xml.encode())
    assert len(spans) == len(root)
    for (start, stop), element in zip(spans, root, strict=True):
        assert etree.fromstring(xml.encode()[start:stop]).tag == element.tag
