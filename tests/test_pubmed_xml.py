"""The PubMed parser on real records: nothing lost, nothing taken from references."""

import pytest
from lxml import etree

from assay.sources.pubmed_xml import parse_set

FILES = ("topic_all", "edge")


def folded(element):
    return "" if element is None else " ".join("".join(element.itertext()).split())


@pytest.mark.parametrize("name", FILES)
def test_no_letter_of_a_title_or_an_abstract_is_lost(shared, name):
    body = (shared / "pubmed" / f"{name}.xml").read_bytes()
    articles = etree.fromstring(body, etree.XMLParser(load_dtd=False, no_network=True))
    parsed = parse_set(body)
    assert parsed.complete
    assert len(parsed.records) == len(articles)
    for record, article in zip(parsed.records, articles, strict=True):
        assert record.pmid == article.findtext("MedlineCitation/PMID")
        assert record.title == folded(article.find(".//ArticleTitle"))
        parts = article.findall("MedlineCitation/Article/Abstract/AbstractText")
        assert [s.text for s in record.abstract] == [folded(p) for p in parts]
