"""The scanner of PubMed records reads what lxml reads, or leaves it to lxml."""

import gzip
import hashlib
import itertools
import os
import pickle
import subprocess
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest

from assay.record import Author, Identifier, PartialDate, Record, Section
from assay.sources import pubmed_xml
from assay.sources.pubmed_scan import SCAN
from assay.sources.pubmed_xml import Article, iter_articles, read_article_bytes

pytestmark = pytest.mark.skipif(
    SCAN is None,
    reason="the scanner was not built (no C compiler), or ASSAY_NO_SCANNER is set",
)

PMID = "90000001"
MATH = 'xmlns:mml="http://www.w3.org/1998/Math/MathML"'
ARTICLE = f"""<Article PubModel="Print"><Journal><ISSN IssnType="Print">9999-9999</ISSN>
<JournalIssue CitedMedium="Print"><Volume>1</Volume><Issue>2</Issue><PubDate>
<Year>2024</Year><Month>Feb</Month><Day>30</Day></PubDate></JournalIssue>
<Title>Journal of Invented Results</Title>
<ISOAbbreviation>J Inv Res</ISOAbbreviation></Journal>
<ArticleTitle>On <i>invented</i> &lt;results&gt;: CO<sub>2</sub>, naïve &#x3b1;&#8239;β
<mml:math {MATH}><mml:mi mathvariant="normal">x</mml:mi><mml:mspace/></mml:math>.
</ArticleTitle><Pagination><StartPage>1</StartPage><EndPage>9</EndPage></Pagination>
<ELocationID EIdType="doi" ValidYN="Y">10.99999/ABC.1</ELocationID>
<ELocationID EIdType="pii" ValidYN="N">S1</ELocationID><Abstract><AbstractText
Label="AIMS &amp; M&#233;thode" NlmCategory="OBJECTIVE">
  Sleep\t was\n long. </AbstractText>
<AbstractText/><AbstractText Label="L">a ]] b</AbstractText><Other>x</Other>
<CopyrightInformation>© Nobody</CopyrightInformation></Abstract>
<AuthorList CompleteYN="N"><Author ValidYN="Y"><LastName>Élan</LastName><ForeName>A B
</ForeName><Initials>AB</Initials><Suffix>Jr</Suffix>
<Identifier Source="ORCID">0</Identifier><AffiliationInfo>
<Affiliation>A, &amp; B.</Affiliation><Identifier Source="ROR">1
</Identifier></AffiliationInfo><AffiliationInfo><Affiliation>C</Affiliation>
</AffiliationInfo></Author><Author ValidYN="N"><CollectiveName>The Group
</CollectiveName></Author></AuthorList><AuthorList Type="editors"><Author><LastName>Ed
</LastName></Author></AuthorList><Language>eng</Language><Language>ger</Language><DataBankList><DataBank>
<DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList><AccessionNumber>
NCT90000001</AccessionNumber><AccessionNumber>NCT90000002</AccessionNumber>
</AccessionNumberList></DataBank><DataBank><DataBankName>Empty</DataBankName></DataBank>
</DataBankList><GrantList><Grant><GrantID>1</GrantID><Agency>N</Agency><Country/></Grant>
</GrantList><PublicationTypeList><PublicationType UI="D016428">Journal Article
</PublicationType></PublicationTypeList><VernacularTitle>Über</VernacularTitle>
<ArticleDate DateType="Electronic"><Year>2024</Year><Month>01</Month><Day>02</Day>
</ArticleDate></Article>"""

CITATION = f"""<PubmedArticle>
<MedlineCitation Status="MEDLINE" Owner="NLM" VersionDate="2023/05/06"
 IndexingMethod="Curated"><PMID Version="2">{PMID}</PMID><DateCompleted>
<Year>2024</Year></DateCompleted><DateRevised><Year>2024</Year><Month>12</Month>
<Day>31</Day></DateRevised>{ARTICLE}<MedlineJournalInfo>
<Country>Nowhere</Country><MedlineTA>J Inv</MedlineTA>
<NlmUniqueID>9</NlmUniqueID><ISSNLinking>9999-9998</ISSNLinking></MedlineJournalInfo>
<ChemicalList><Chemical><RegistryNumber>0</RegistryNumber><NameOfSubstance UI="D1">Tea
</NameOfSubstance></Chemical><Chemical><RegistryNumber>9-9</RegistryNumber>
<NameOfSubstance>Tee</NameOfSubstance></Chemical></ChemicalList><SupplMeshList>
<SupplMeshName Type="Disease" UI="C1">Yawns</SupplMeshName></SupplMeshList>
<CitationSubset>IM</CitationSubset><CommentsCorrectionsList><CommentsCorrections
 RefType="RetractionIn"><RefSource>J. 2025</RefSource><PMID Version="1">90000002</PMID>
<Note>n</Note></CommentsCorrections></CommentsCorrectionsList><GeneSymbolList>
<GeneSymbol>abc</GeneSymbol></GeneSymbolList><MeshHeadingList><MeshHeading>
<DescriptorName UI="D2" MajorTopicYN="N">Sleep</DescriptorName><QualifierName UI="Q1"
 MajorTopicYN="Y">methods</QualifierName><QualifierName UI="Q2" MajorTopicYN="N">law
</QualifierName></MeshHeading></MeshHeadingList><NumberOfReferences>2</NumberOfReferences>
<PersonalNameSubjectList><PersonalNameSubject><LastName>Roe</LastName><Initials>J
</Initials><Suffix>3rd</Suffix></PersonalNameSubject><PersonalNameSubject><LastName>Doe
</LastName><ForeName>Jane</ForeName><Initials>J</Initials></PersonalNameSubject>
</PersonalNameSubjectList><OtherID Source="NASA">00</OtherID><OtherAbstract
 Type="plain-language-summary" Language="fre"><AbstractText>Résumé</AbstractText>
<CopyrightInformation>other</CopyrightInformation></OtherAbstract><KeywordList
 Owner="NOTNLM"><Keyword MajorTopicYN="N">tea</Keyword><Keyword MajorTopicYN="Y"/>
</KeywordList><KeywordList><Keyword>k</Keyword></KeywordList><CoiStatement>None.
</CoiStatement><SpaceFlightMission>Flight 1</SpaceFlightMission><InvestigatorList>
<Investigator ValidYN="Y"><LastName>Poe</LastName></Investigator></InvestigatorList>
<GeneralNote Owner="NLM">Note</GeneralNote></MedlineCitation>"""

DATA = f"""<PubmedData><History><PubMedPubDate PubStatus="pubmed"><Year>2024</Year>
<Month>2</Month><Day>1</Day><Hour>6</Hour><Minute>0</Minute></PubMedPubDate>
<PubMedPubDate PubStatus="medline"><Year>2024</Year><Month>2</Month><Day>3</Day>
</PubMedPubDate></History><PublicationStatus>ppublish</PublicationStatus><ArticleIdList>
<ArticleId IdType="pubmed">{PMID}</ArticleId><ArticleId IdType="doi">10.99999/ABC.1
</ArticleId><ArticleId IdType="doi">10.99999/ABC.1</ArticleId><ArticleId IdType="pmc">
PMC99999999</ArticleId></ArticleIdList><?pmcsd ?><ReferenceList>
<Title>References</Title><Reference><Citation>Roe, <i>J</i> 1999.</Citation>
<ArticleIdList><ArticleId
 IdType="pubmed">90000003</ArticleId><ArticleId>90000004</ArticleId></ArticleIdList>
</Reference><ReferenceList><Reference><Citation>Two</Citation></Reference>
</ReferenceList></ReferenceList></PubmedData></PubmedArticle>"""

FULL = (CITATION + DATA).encode()
PLAIN = (
    f"<PubmedArticle><MedlineCitation><PMID>{PMID}</PMID><Article><ArticleTitle>Title"
    "</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
).encode()


def test_the_scanner_in_the_source_tree_is_built_from_these_sources():
    folder = Path(pubmed_xml.__file__).parent
    sources = sorted(folder.glob("pubmed_scan*.[ch]"))
    if not sources:
        pytest.skip("installed from a wheel, which holds no sources")
    told = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    built = import_module("assay.sources._pubmed_scan").SOURCES
    assert built == told, "build it again: pip install --no-deps --editable ."


def by_lxml(xml, monkeypatch):
    """Return what lxml alone reads."""
    with monkeypatch.context() as patch:
        patch.setattr(pubmed_xml, "SCAN", None)
        return read_article_bytes(xml)


def with_title(text):
    return PLAIN.replace(b">Title<", b">" + text + b"<")


def inside(xml):
    """Put an element into a citation, where every element may stand."""
    return PLAIN.replace(b"</MedlineCitation>", xml + b"</MedlineCitation>")


def test_a_record_with_every_element_is_read_alike(monkeypatch):
    found = SCAN(b"\n " + FULL + FULL, 0)
    assert found[0] == by_lxml(FULL, monkeypatch)
    assert found[1:] == (2, 2 + len(FULL))
    unset = {"summary", "book_title", "publisher", "isbns", "design_stated"}
    unset |= {"population", "sample_size", "links", "flags", "given_by"}
    empty = {f.name for f in fields(Record) if not getattr(found[0], f.name)}
    assert empty - unset == {"authors_complete"}


def test_its_values_are_those_that_python_makes():
    record, *_ = SCAN(FULL, 0)
    assert type(record) is Record
    assert type(record.authors[0]) is Author
    assert record.abstract[1] == Section("a ]] b", "L")
    first = record.identifiers[0]
    assert first == Identifier("doi", "10.99999/ABC.1")
    assert len({first, Identifier("doi", "10.99999/ABC.1")}) == 1
    assert record.dates[0] == PartialDate(2024, 2, 0, "month", "PubDate", "2024 Feb 30")
    assert record.dates[1].origin == "VersionDate"
    assert pickle.loads(pickle.dumps(record)) == record
    assert hash(record) == hash(pickle.loads(pickle.dumps(record)))
    with pytest.raises(AttributeError):
        record.title = "x"


SPACES = [
    chr(c) for c in range(0x110000) if chr(c).isspace() and c not in range(0x1C, 0x20)
]


@pytest.mark.parametrize(
    "text",
    [
        *[f"a{space}{space}b{space}" for space in SPACES if space not in "\r\v\f"],
        *[f"a &#{ord(space)};b" for space in SPACES if space not in "\v\f"],
        "a\u200bb \u2060 \ufeff c",
        "&amp;&lt;&gt;&quot;&apos;&#65;&#x41;&#x1F600;",
        "\U0001f600 é ☃ \x7f \ufffd",
        "a]] >b ]>",
        "<b>a <i/>b</b> <u>c</u>",
        f"<mml:math {MATH}><mml:mi>x</mml:mi></mml:math>",
        "x" * 100_000 + " é",
        "",
        " ",
    ],
)
def test_text_is_folded_alike(text, monkeypatch):
    xml = with_title(text.encode())
    assert SCAN(xml, 0)[0] == by_lxml(xml, monkeypatch)


@pytest.mark.parametrize(
    "xml",
    [
        with_title(b"<!-- c -->"),
        with_title(b"<![CDATA[x]]>"),
        with_title(b"<?pi x?>"),
        with_title(b"a\rb"),
        with_title(b"<x:b xmlns:x='u'>t</x:b>"),
        with_title(b"<b xmlns='u'>t</b>"),
        with_title("<é/>".encode()),
        with_title(b"<b>" * 40 + b"</b>" * 40),
        inside(b"text between"),
        inside(b"<Abstract><!-- c --></Abstract>"),
        inside(b"<KeywordList><Other>x</Other></KeywordList>"),
        inside(b"<MeshHeadingList><X/></MeshHeadingList>"),
        PLAIN.replace(b"<PMID>", b"<PMID Version='1\n2'>"),
        PLAIN.replace(b"<PMID>", b"<PMID xml:lang='en'>"),
        PLAIN.replace(b"PubmedArticle", b"PubmedBookArticle"),
        b"<?xml version='1.0'?>" + PLAIN,
        b"<!-- c -->" + PLAIN,
    ],
)
def test_what_it_does_not_know_it_leaves_to_lxml(xml):
    assert SCAN(xml, 0) is None


@pytest.mark.parametrize(
    "xml",
    [
        with_title(b"&nbsp;"),
        with_title(b"&amp"),
        with_title(b"&#0;"),
        with_title(b"&#xD800;"),
        with_title(b"&#xFFFE;"),
        with_title(b"&#x110000;"),
        with_title(b"&#99999999999999999999;"),
        with_title(b"]]>"),
        with_title(b"\x01"),
        with_title(b"\x00"),
        with_title(b"\xff"),
        with_title(b"\xc0\x80"),
        with_title(b"\xed\xa0\x80"),
        with_title(b"\xf4\x90\x80\x80"),
        with_title(b"\xef\xbf\xbf"),
        with_title(b"\xe2\x80"),
        with_title(b"<mml:mi:x/>"),
        with_title(b"<b></i></b>"),
        with_title(b"<b></b x='1'>"),
        PLAIN.replace(b"<PMID>", b"<PMID a='1' a='2'>"),
        PLAIN.replace(b"<PMID>", b"<PMID a='<'>"),
        PLAIN.replace(b"<PMID>", b"<PMID a='1'b='2'>"),
        PLAIN.replace(b"<PMID>", b"<PMID a=1>"),
        PLAIN.replace(b"<PMID>", b"<PMID a>"),
        PLAIN.replace(b"<PMID>", b"<PMID / >"),
        PLAIN.replace(b"<PMID>", b"< PMID>"),
        PLAIN.replace(b"</PMID>", b"</PMIDs>"),
        PLAIN.replace(b"</PMID>", b""),
        inside(b"<?xml version='1.0'?>"),
        inside(b"<?a?b?>"),
        inside(b"<?a"),
        PLAIN.replace(PMID.encode(), b""),
    ],
)
def test_it_takes_nothing_that_is_damaged(xml):
    assert SCAN(xml, 0) is None
    body = b"<PubmedArticleSet>" + xml + PLAIN + b"</PubmedArticleSet>"
    items = list(iter_articles([body]))
    assert isinstance(items[0], pubmed_xml.Problem)
    assert [a.record.pmid for a in items if isinstance(a, Article)] == [PMID]


def test_a_record_cut_anywhere_is_left():
    for end in range(len(FULL)):
        assert SCAN(FULL[:end], 0) is None
    for start in range(1, len(FULL)):
        assert SCAN(FULL[start:] + b"<", 0) is None


@pytest.mark.parametrize("start", [-1, len(PLAIN) + 1, 1 << 70])
def test_a_place_outside_the_block_is_an_error(start):
    with pytest.raises((ValueError, OverflowError)):
        SCAN(PLAIN, start)


@pytest.mark.parametrize("block", ["text", bytearray(PLAIN), memoryview(PLAIN), None])
def test_it_reads_bytes_only(block):
    with pytest.raises(TypeError):
        SCAN(block, 0)


def test_nothing_that_it_makes_is_kept():
    cuts = [FULL[:end] for end in range(0, len(FULL), 11)]
    odd = [
        with_title(b"x" * 9000 + b"&nbsp;"),
        inside(b"<Keyword/>" * 400 + b"<"),
        FULL,
    ]

    def work():
        for xml in itertools.chain(cuts, odd):
            SCAN(xml, 0)

    work()
    tracemalloc.start()
    try:
        work()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(5):
            work()
        after = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert after - before < 2000  # one object kept a record would be 5 x 700 of them


def test_records_are_read_on_several_threads_at_once(monkeypatch):
    blocks = [FULL.replace(b"Tea", b"Tea%d" % n) for n in range(20)]
    right = [by_lxml(block, monkeypatch) for block in blocks]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            assert [r[0] for r in pool.map(lambda b: SCAN(b, 0), blocks)] == right


def test_it_can_be_left_out_at_run_time():
    program = (
        "from assay.sources import pubmed_scan, pubmed_xml\n"
        "print(pubmed_scan.SCAN, pubmed_xml.SCAN)"
    )
    env = os.environ | {"ASSAY_NO_SCANNER": "1"}
    told = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, check=True
    )
    assert told.stdout.split() == [b"None", b"None"]


def compare(bodies, monkeypatch):
    """Return the records read alike with and without the scanner, and those left."""
    records = left = 0
    for body in bodies:
        items = list(iter_articles([body]))
        with monkeypatch.context() as patch:
            patch.setattr(pubmed_xml, "SCAN", None)
            assert list(iter_articles([body])) == items
        for item in items:
            if isinstance(item, Article):
                records += 1
                left += SCAN(item.xml, 0) is None
    return records, left


def test_real_records_are_read_alike(shared, monkeypatch):
    paths = [shared / "pubmed" / f"{name}.xml" for name in ("edge", "oud")]
    paths += sorted((shared / "eutils").rglob("*.xml"))
    bodies = [path.read_bytes() for path in paths]
    sets = [body for body in bodies if b"<PubmedArticleSet" in body]
    records, left = compare(sets, monkeypatch)
    assert records > 400
    assert left < 0.05 * records


@pytest.mark.long
def test_whole_files_of_nlm_are_read_alike(monkeypatch):
    folder = os.environ.get("ASSAY_NLM", "")
    if not folder:
        pytest.skip("needs NLM's files in the folder that ASSAY_NLM names")
    for path in sorted(Path(folder).glob("pubmed*.xml.gz")):
        with gzip.open(path) as file:
            records, left = compare(_pieces(file), monkeypatch)
        assert records > 1000
        assert left < 0.01 * records


def _pieces(file):
    """Yield sets of some megabytes, so that no list of a whole file is held."""
    _head, *rest = file.read(1 << 16).partition(b"<PubmedArticle>")
    data = b"".join(rest)
    while chunk := file.read(1 << 22):
        data += chunk
        end = data.rfind(b"</PubmedArticle>") + len(b"</PubmedArticle>")
        yield b"<PubmedArticleSet>" + data[:end] + b"</PubmedArticleSet>"
        data = data[end:]
    yield b"<PubmedArticleSet>" + data
