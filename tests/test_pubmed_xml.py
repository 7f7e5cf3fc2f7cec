"""The PubMed parser on real records: nothing lost, and Biopython reads the same."""

import html
import io
import re
from dataclasses import astuple
from pathlib import Path

import pytest
from Bio import Entrez
from lxml import etree

from assay.sources.pubmed_xml import iter_records, parse_set

FILES = ("pubmed/topic_all.xml", "pubmed/edge.xml")
REPLIES = (
    "eutils/biopython/Entrez/pubmed*.xml",
    "eutils/hawc/*.xml",
    "eutils/eutils/*pubmedarticle*.xml",
)

INLINE = {"b", "i", "u", "sup", "sub"}
DATE_PARTS = {"Year", "Month", "Day", "Hour", "Minute", "Season"}
NOT_KEPT = {
    "NumberOfReferences",
    "MedlineTA",  # only where ISOAbbreviation is missing
    "ISSNLinking",  # only where ISSN is missing
    "ReferenceList/Title",
    "AffiliationInfo/Identifier",
    "EndPage",  # only where MedlinePgn is missing
    "PersonalNameSubject/Initials",  # only where ForeName is missing
    "Section/SectionTitle",
    "ObjectList/Object",
    "Object/Param",
}


def real_sets(shared):
    """Return the bytes of every recorded set of PubMed records, by file name."""
    paths = [shared / name for name in FILES]
    paths += [path for pattern in REPLIES for path in sorted(shared.glob(pattern))]
    bodies = {path.name: path.read_bytes() for path in paths}
    return {name: body for name, body in bodies.items() if b"<PubmedArticleSet" in body}


def articles_of(body):
    return etree.fromstring(body, etree.XMLParser(load_dtd=False, no_network=True))


def folded(element):
    return "" if element is None else " ".join("".join(element.itertext()).split())


def strings_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from strings_in(part)


def leaves(article):
    """Yield each lowest element that carries text of its own, inline mark-up aside."""
    for element in article.iter("*"):
        inner = {child.tag for child in element.iterchildren("*")}
        name = etree.QName(element).localname
        path = f"{etree.QName(element.getparent()).localname}/{name}"
        outside = "MathML" in element.tag or name in INLINE | DATE_PARTS
        has_parts = any(tag not in INLINE and "MathML" not in tag for tag in inner)
        if not outside and not has_parts and not {name, path} & NOT_KEPT:
            yield element


def test_no_letter_of_a_title_or_an_abstract_is_lost(shared):
    for body in real_sets(shared).values():
        parsed = parse_set(body)
        articles = articles_of(body).findall("PubmedArticle")
        records = [record for record in parsed.records if not record.book_title]
        assert parsed.complete
        for record, article in zip(records, articles, strict=True):
            assert record.pmid == article.findtext("MedlineCitation/PMID")
            assert record.title == folded(article.find(".//ArticleTitle"))
            parts = article.findall("MedlineCitation/Article/Abstract/AbstractText")
            assert [s.text for s in record.abstract] == [folded(p) for p in parts]


def test_the_text_of_every_element_is_somewhere_in_its_record(shared):
    for name, body in real_sets(shared).items():
        articles = articles_of(body)
        for record, article in zip(parse_set(body).records, articles, strict=True):
            kept = {*strings_in(astuple(record)), "0"}
            whole = " ; ".join(kept)
            for leaf in leaves(article):
                text = folded(leaf)
                assert text in kept or text in whole, f"{name} {record.pmid} {leaf.tag}"


def test_a_stream_of_small_chunks_gives_what_the_whole_gives(shared):
    body = (shared / FILES[0]).read_bytes()
    chunks = (body[at : at + 4096] for at in range(0, len(body), 4096))
    assert tuple(iter_records(chunks)) == parse_set(body).records


def test_books_of_real_replies_are_read(shared):
    bodies = real_sets(shared)
    books = [
        record
        for name, body in bodies.items()
        if "test_book" in name
        for record in parse_set(body).records
    ]
    assert len(books) == 2
    for record in books:
        assert record.title
        assert record.book_title
        assert record.publisher
        assert record.authors
        assert record.year
        assert not record.journal


# --- Biopython as the other reader ---------------------------------------------------


def biopython(body):
    """Return Biopython's reading, or None where it would have to fetch the DTD."""
    dtd = re.search(rb"pubmed_[0-9]+[.]dtd", body)
    if not (dtd and (Path(Entrez.__file__).parent / "DTDs" / dtd[0].decode()).exists()):
        return None
    return Entrez.read(io.BytesIO(body), escape=True)["PubmedArticle"]


def plain(text):
    """Return a string of Biopython without mark-up, white space folded."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split())


def star(element):
    return element.attributes.get("MajorTopicYN") == "Y"


def oracle_people(people):
    for person in people:
        yield (
            *(plain(person.get(k, "")) for k in ("LastName", "ForeName", "Initials")),
            plain(person.get("Suffix", "")),
            plain(person.get("CollectiveName", "")),
            tuple(plain(a["Affiliation"]) for a in person.get("AffiliationInfo", ())),
        )


def oracle_references(lists):
    for part in lists:
        for reference in part.get("Reference", ()):
            ids = reference.get("ArticleIdList", ())
            yield (
                plain(reference["Citation"]),
                tuple((i.attributes["IdType"], plain(i)) for i in ids),
            )
        yield from oracle_references(part.get("ReferenceList", ()))


def oracle_mesh(headings):
    for heading in headings:
        name, qualifiers = heading["DescriptorName"], heading["QualifierName"]
        yield (
            plain(name),
            name.attributes["UI"],
            star(name) or any(map(star, qualifiers)),
            tuple((plain(q), q.attributes["UI"], star(q)) for q in qualifiers),
        )


def oracle_abstract(article):
    for text in article.get("Abstract", {}).get("AbstractText", ()):
        yield (
            plain(text),
            *(text.attributes.get(name, "") for name in ("Label", "NlmCategory")),
        )


def by_biopython(article):
    """Return what Biopython reads, in our shapes."""
    citation, data = article["MedlineCitation"], article["PubmedData"]
    inner = citation["Article"]
    history = [
        (f"History:{d.attributes['PubStatus']}", *(int(d[k]) for k in d if k in DATE))
        for d in data["History"]
    ]
    return {
        "pmid": plain(citation["PMID"]),
        "status": citation.attributes["Status"],
        "title": plain(inner["ArticleTitle"]),
        "vernacular_title": plain(inner.get("VernacularTitle", "")),
        "abstract": tuple(oracle_abstract(inner)),
        "journal": plain(inner["Journal"]["Title"]),
        "volume": plain(inner["Journal"]["JournalIssue"].get("Volume", "")),
        "issue": plain(inner["Journal"]["JournalIssue"].get("Issue", "")),
        "languages": tuple(map(plain, inner["Language"])),
        "publication_types": tuple(map(plain, inner["PublicationTypeList"])),
        "authors": tuple(oracle_people(inner.get("AuthorList", ()))),
        "mesh": tuple(oracle_mesh(citation.get("MeshHeadingList", ()))),
        "chemicals": tuple(
            plain(c["NameOfSubstance"]) for c in citation.get("ChemicalList", ())
        ),
        "keywords": tuple(plain(k) for ks in citation["KeywordList"] for k in ks),
        "corrections": tuple(
            (c.attributes["RefType"], plain(c["RefSource"]), plain(c.get("PMID", "")))
            for c in citation.get("CommentsCorrectionsList", ())
        ),
        "other_abstracts": tuple(
            tuple(plain(text) for text in other["AbstractText"])
            for other in citation["OtherAbstract"]
        ),
        "grants": tuple(
            (plain(g.get("GrantID", "")), plain(g["Agency"]))
            for g in inner.get("GrantList", ())
        ),
        "accessions": tuple(
            (plain(bank["DataBankName"]), plain(number))
            for bank in inner.get("DataBankList", ())
            for number in bank.get("AccessionNumberList", ("",))
        ),
        "references": tuple(oracle_references(data.get("ReferenceList", ()))),
        "history": sorted(history),
        "coi": plain(citation.get("CoiStatement", "")),
    }


DATE = ("Year", "Month", "Day")


def by_assay(record):
    """Return the same of our record."""
    history = [d for d in record.dates if d.origin.startswith("History")]
    plainly = {
        name: getattr(record, name)
        for name in (
            "pmid status title vernacular_title abstract journal volume issue languages"
            " publication_types mesh accessions references coi"
        ).split()
    }
    return plainly | {
        "authors": tuple(author[:6] for author in record.authors),
        "chemicals": tuple(chemical.name for chemical in record.chemicals),
        "keywords": tuple(keyword.text for keyword in record.keywords),
        "corrections": tuple(entry[:3] for entry in record.corrections),
        "other_abstracts": tuple(
            tuple(section.text for section in other.sections)
            for other in record.other_abstracts
        ),
        "grants": tuple((grant.number, grant.agency) for grant in record.grants),
        "history": sorted((d.origin, d.year, d.month, d.day) for d in history),
    }


def test_biopython_reads_the_same_in_every_record(shared):
    compared = 0
    for name, body in real_sets(shared).items():
        articles = biopython(body)
        if articles is None:
            continue
        records = [r for r in parse_set(body).records if not r.book_title]
        for record, article in zip(records, articles, strict=True):
            ours, theirs = by_assay(record), by_biopython(article)
            different = [field for field in theirs if ours[field] != theirs[field]]
            assert not different, f"{name} {record.pmid}: {different}"
            compared += 1
    assert compared >= 734


@pytest.mark.parametrize("name", FILES)
def test_every_real_record_has_what_pubmed_always_gives(shared, name):
    for record in parse_set((shared / name).read_bytes()).records:
        assert record.year
        assert record.journal
        assert record.languages
        assert record.publication_types
        assert len(record.publication_types) == len(record.publication_type_uis)
        assert record.status
        assert record.dates[0].origin in {"PubDate", "MedlineDate"}
        assert all(date.precision != "unknown" for date in record.dates)
