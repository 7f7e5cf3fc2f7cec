"""Every rule of the PubMed DTD that a reader can get wrong, on records made up here."""

import pytest

from assay.record import (
    Accession,
    Author,
    Chemical,
    Correction,
    Grant,
    Identifier,
    Keyword,
    MeshHeading,
    OtherAbstract,
    Qualifier,
    Reference,
    Section,
)
from assay.sources.pubmed_xml import parse_set

PMID = "90000001"
MATH = 'xmlns:mml="http://www.w3.org/1998/Math/MathML"'
TITLE = "<ArticleTitle>On invented results.</ArticleTitle>"


def citation(article=TITLE, more="", data="", attributes=""):
    return (
        f"<PubmedArticle><MedlineCitation{attributes}>"
        f'<PMID Version="1">{PMID}</PMID><Article>{article}</Article>{more}'
        f"</MedlineCitation><PubmedData>{data}</PubmedData></PubmedArticle>"
    )


def record_of(*args, **kwargs):
    return only(citation(*args, **kwargs))


def only(xml):
    parsed = parse_set(f"<PubmedArticleSet>{xml}</PubmedArticleSet>".encode())
    assert parsed.problems == ()
    (record,) = parsed.records
    return record


def dated(inner, more="", data=""):
    issue = (
        f"<Journal><JournalIssue><PubDate>{inner}</PubDate></JournalIssue></Journal>"
    )
    return record_of(issue + TITLE, more, data)


def test_an_empty_citation_is_a_record_with_its_pmid():
    record = record_of("")
    assert (record.pmid, record.version, record.title) == (PMID, "1", "")
    assert (record.year, record.dates, record.abstract) == (None, (), ())
    assert record.source == "pubmed"


@pytest.mark.parametrize(
    ("inner", "title"),
    [
        (
            "CO<sub>2</sub> and <i>T. <b>inventa</b></i> in H<sup>+</sup>.",
            "CO2 and T. inventa in H+.",
        ),
        (
            f"At <mml:math {MATH}><mml:mi>x</mml:mi><mml:mo>=</mml:mo></mml:math> 2",
            "At x= 2",
        ),
        ("<b>All</b> <i>of it</i>", "All of it"),
        ("A&#xa0;\n  wide\t<i> gap </i> .", "A wide gap ."),
        ("[Not Available].", "[Not Available]."),
        ("a &lt; b &amp; c<!-- no --> d<?no no?>", "a < b & c d"),
        ("<![CDATA[a < b]]>", "a < b"),
    ],
)
def test_a_title_is_all_its_text_as_printed(inner, title):
    assert record_of(f"<ArticleTitle>{inner}</ArticleTitle>").title == title


def test_a_translated_title_stands_beside_the_original():
    record = record_of(
        "<ArticleTitle>[On results].</ArticleTitle><Language>ger</Language>"
        "<Language>fre</Language><VernacularTitle>&#xdc;ber <i>R</i></VernacularTitle>"
    )
    assert record.title == "[On results]."
    assert record.vernacular_title == "Über R"
    assert record.languages == ("ger", "fre")


def test_abstract_parts_keep_label_category_and_order():
    record = record_of(
        "<Abstract><AbstractText>First.</AbstractText>"
        '<AbstractText Label="ZIEL" NlmCategory="UNASSIGNED">x<sup>2</sup> '
        f"<DispFormula><mml:math {MATH}><mml:mn>4</mml:mn></mml:math></DispFormula>"
        '</AbstractText><AbstractText Label="ZIEL" NlmCategory="METHODS"/>'
        "<AbstractText/><CopyrightInformation>(c) Nobody</CopyrightInformation>"
        "</Abstract>"
    )
    assert record.abstract == (
        Section("First."),
        Section("x2 4", "ZIEL", "UNASSIGNED"),
        Section("", "ZIEL", "METHODS"),
    )
    assert record.copyright == "(c) Nobody"


def test_other_abstracts_never_become_the_abstract():
    record = record_of(
        more='<OtherAbstract Type="Publisher" Language="spa"><AbstractText Label="FIN">'
        "Uno.</AbstractText><CopyrightInformation>(c)</CopyrightInformation>"
        '</OtherAbstract><OtherAbstract Type="PIP"><AbstractText>Two.</AbstractText>'
        "</OtherAbstract>"
    )
    assert record.abstract == ()
    assert record.other_abstracts == (
        OtherAbstract("Publisher", "spa", (Section("Uno.", "FIN"),)),
        OtherAbstract("PIP", "eng", (Section("Two."),)),
    )


def test_groups_stand_among_persons_in_the_printed_order():
    record = record_of(
        '<AuthorList CompleteYN="N"><Author ValidYN="Y"><LastName>Roe</LastName>'
        "<ForeName>Ada B</ForeName><Initials>AB</Initials><Suffix>3<sup>rd</sup>"
        '</Suffix><Identifier Source="ORCID">0000-0000-0000-0000</Identifier>'
        "<AffiliationInfo><Affiliation>Dept. of <i>X</i></Affiliation>"
        '<Identifier Source="GRID">grid.0</Identifier></AffiliationInfo>'
        "<AffiliationInfo><Affiliation>Y.</Affiliation></AffiliationInfo></Author>"
        "<Author><CollectiveName>The <i>Invented</i> Group</CollectiveName></Author>"
        '<Author ValidYN="N"><LastName>Row</LastName></Author></AuthorList>'
    )
    assert record.authors == (
        Author(
            *("Roe", "Ada B", "AB", "3rd", "", ("Dept. of X", "Y.")),
            identifiers=(("ORCID", "0000-0000-0000-0000"),),
        ),
        Author(collective="The Invented Group"),
        Author("Row", valid=False),
    )
    assert not record.authors_complete


@pytest.mark.parametrize(
    ("inner", "expected", "text"),
    [
        ("<Year>2021</Year>", (2021, 0, 0, "year"), ""),
        ("<Year>2021</Year><Month>Mar</Month>", (2021, 3, 0, "month"), ""),
        (
            "<Year>2021</Year><Month>03</Month><Day>04</Day>",
            (2021, 3, 4, "day"),
            "",
        ),
        (
            "<Year>2021</Year><Season>Fall</Season>",
            (2021, 10, 0, "season"),
            "2021 Fall",
        ),
        (
            "<MedlineDate>1998 Dec-1999 Jan</MedlineDate>",
            (1998, 12, 0, "range"),
            "1998 Dec-1999 Jan",
        ),
        ("<MedlineDate>soon</MedlineDate>", (0, 0, 0, "unknown"), "soon"),
    ],
)
def test_a_publication_date_keeps_precision_and_words(inner, expected, text):
    date = dated(inner).dates[0]
    assert date[:4] == expected
    assert date.text == text
    assert date.origin == ("MedlineDate" if "MedlineDate" in inner else "PubDate")


def test_all_other_dates_follow_with_their_origin():
    day = "<Year>2020</Year><Month>1</Month><Day>2</Day>"
    record = only(
        '<PubmedArticle><MedlineCitation VersionDate="2019/12/31">'
        f"<PMID>{PMID}</PMID><DateCompleted>{day}</DateCompleted>"
        f"<DateRevised>{day}</DateRevised><Article><Journal><JournalIssue><PubDate>"
        "<Year>2021</Year></PubDate></JournalIssue></Journal>"
        f'<ArticleDate DateType="Electronic">{day}</ArticleDate></Article>'
        '</MedlineCitation><PubmedData><History><PubMedPubDate PubStatus="entrez">'
        f"{day}<Hour>6</Hour><Minute>0</Minute></PubMedPubDate></History>"
        "<PublicationStatus>ppublish</PublicationStatus></PubmedData></PubmedArticle>"
    )
    assert [date.origin for date in record.dates] == [
        "PubDate",
        "VersionDate",
        "DateCompleted",
        "DateRevised",
        "ArticleDate:Electronic",
        "History:entrez",
    ]
    assert {date[:4] for date in record.dates[2:]} == {(2020, 1, 2, "day")}
    assert record.year == 2021
    assert record.publication_status == "ppublish"


def test_a_year_is_taken_from_the_earliest_date_when_the_first_has_none():
    record = dated(
        "<MedlineDate>soon</MedlineDate>",
        more="<DateRevised><Year>2020</Year></DateRevised>",
        data='<History><PubMedPubDate PubStatus="pubmed"><Year>2019</Year>'
        "</PubMedPubDate></History>",
    )
    assert record.year == 2019


def ids(*article_ids):
    parts = "".join(f'<ArticleId IdType="{t}">{v}</ArticleId>' for t, v in article_ids)
    return f"<ArticleIdList>{parts}</ArticleIdList>"


REFERENCES = (
    "<ReferenceList><Title>R</Title><Reference><Citation>Cited <i>one</i>.</Citation>"
    f"{ids(('pubmed', '90000009'), ('doi', '10.99999/cited'))}</Reference>"
    "<ReferenceList><Reference><Citation>Nested.</Citation>"
    f"{ids(('pmc', 'PMC9000009'))}</Reference></ReferenceList></ReferenceList>"
    "<ReferenceList><Reference><Citation>Bare.</Citation></Reference></ReferenceList>"
)


def test_ids_of_references_are_never_the_records_own():
    record = record_of(data=REFERENCES)
    assert (record.doi, record.pmcid, record.identifiers) == ("", "", ())
    assert record.references == (
        Reference("Cited one.", (("pubmed", "90000009"), ("doi", "10.99999/cited"))),
        Reference("Nested.", (("pmc", "PMC9000009"),)),
        Reference("Bare."),
    )


def test_own_ids_are_kept_once_each_with_their_validity():
    location = '<ELocationID EIdType="{}" ValidYN="{}">{}</ELocationID>'
    record = record_of(
        TITLE
        + location.format("doi", "N", "10.99999/WRONG")
        + location.format("pii", "Y", "S-1")
        + location.format("doi", "Y", "10.99999/RIGHT"),
        data=ids(
            ("pubmed", PMID),
            ("doi", "10.99999/RIGHT"),
            ("pmc", "PMC9000001"),
            ("mid", "NIHMS1"),
        )
        + REFERENCES,
    )
    assert record.doi == "10.99999/right"
    assert record.pmcid == "PMC9000001"
    assert record.identifiers == (
        Identifier("doi", "10.99999/WRONG", valid=False),
        Identifier("pii", "S-1"),
        Identifier("doi", "10.99999/RIGHT"),
        Identifier("pubmed", PMID),
        Identifier("pmc", "PMC9000001"),
        Identifier("mid", "NIHMS1"),
    )


def test_the_doi_of_the_article_ids_serves_where_no_valid_location_has_one():
    record = record_of(data=ids(("doi", "https://doi.org/10.99999/Later")))
    assert record.doi == "10.99999/later"


def test_a_pmcid_is_read_from_its_long_form_too():
    assert record_of(data=ids(("pmcid", "pmc-id: PMC9000001;"))).pmcid == "PMC9000001"


def test_publication_types_keep_their_identifiers():
    record = record_of(
        "<PublicationTypeList><PublicationType UI='D1'>Journal Article"
        "</PublicationType><PublicationType>Review</PublicationType>"
        "</PublicationTypeList>"
    )
    assert record.publication_types == ("Journal Article", "Review")
    assert record.publication_type_uis == ("D1", "")


def test_a_heading_is_major_by_its_descriptor_or_by_any_qualifier():
    record = record_of(
        more='<MeshHeadingList><MeshHeading><DescriptorName UI="D1" MajorTopicYN="N">'
        'Sleep</DescriptorName><QualifierName UI="Q1" MajorTopicYN="N">a'
        '</QualifierName><QualifierName UI="Q2" MajorTopicYN="Y">b</QualifierName>'
        '</MeshHeading><MeshHeading><DescriptorName UI="D2" MajorTopicYN="Y">Rest'
        '</DescriptorName></MeshHeading><MeshHeading><DescriptorName UI="D3">Dreams'
        "</DescriptorName></MeshHeading></MeshHeadingList>"
    )
    assert record.mesh == (
        MeshHeading(
            "Sleep", "D1", True, (Qualifier("a", "Q1"), Qualifier("b", "Q2", True))
        ),
        MeshHeading("Rest", "D2", True),
        MeshHeading("Dreams", "D3"),
    )


def test_substances_concepts_genes_and_keywords_are_kept():
    record = record_of(
        more="<ChemicalList><Chemical><RegistryNumber>0</RegistryNumber>"
        '<NameOfSubstance UI="D1">Dust</NameOfSubstance></Chemical><Chemical>'
        '<RegistryNumber>EC 9.9.9.9</RegistryNumber><NameOfSubstance UI="D2">Ase'
        "</NameOfSubstance></Chemical></ChemicalList><SupplMeshList><SupplMeshName "
        'Type="Disease" UI="C1">Ennui</SupplMeshName></SupplMeshList>'
        "<GeneSymbolList><GeneSymbol>abc1</GeneSymbol></GeneSymbolList>"
        '<KeywordList Owner="NOTNLM"><Keyword MajorTopicYN="Y">deep <i>sleep</i>'
        '</Keyword></KeywordList><KeywordList Owner="PIP"><Keyword>rest</Keyword>'
        "</KeywordList>"
    )
    assert record.chemicals == (
        Chemical("Dust", "D1"),
        Chemical("Ase", "D2", "EC 9.9.9.9"),
    )
    assert record.supplementary == (Chemical("Ennui", "C1", "Disease"),)
    assert record.genes == ("abc1",)
    assert record.keywords == (
        Keyword("deep sleep", "NOTNLM", True),
        Keyword("rest", "PIP"),
    )


REF_TYPES = """AssociatedDataset AssociatedPublication CommentIn CommentOn
    CorrectedandRepublishedIn CorrectedandRepublishedFrom ErratumIn ErratumFor
    ExpressionOfConcernIn ExpressionOfConcernFor RepublishedIn RepublishedFrom
    RetractedandRepublishedIn RetractedandRepublishedFrom RetractionIn RetractionOf
    UpdateIn UpdateOf SummaryForPatientsIn OriginalReportIn ReprintIn ReprintOf
    Cites""".split()


def test_corrections_of_every_type_are_kept_with_or_without_a_pmid():
    entries = "".join(
        f'<CommentsCorrections RefType="{name}"><RefSource>J Inv</RefSource>'
        '<PMID Version="1">90000002</PMID><Note>n</Note></CommentsCorrections>'
        f'<CommentsCorrections RefType="{name}"><RefSource>K</RefSource>'
        "</CommentsCorrections>"
        for name in REF_TYPES
    )
    lists = f"<CommentsCorrectionsList>{entries}</CommentsCorrectionsList>"
    assert record_of(more=lists).corrections == tuple(
        entry
        for name in REF_TYPES
        for entry in (
            Correction(name, "J Inv", "90000002", "n"),
            Correction(name, "K"),
        )
    )


def test_trial_numbers_and_grants_are_kept_with_any_part_missing():
    record = record_of(
        "<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName>"
        "<AccessionNumberList><AccessionNumber>NCT90000001</AccessionNumber>"
        "<AccessionNumber>NCT90000002</AccessionNumber></AccessionNumberList>"
        "</DataBank><DataBank><DataBankName>GENBANK</DataBankName></DataBank>"
        "</DataBankList><GrantList><Grant><GrantID>R1</GrantID><Acronym>XX</Acronym>"
        "<Agency>A</Agency><Country>C</Country></Grant><Grant><Agency>B</Agency>"
        "</Grant></GrantList>"
    )
    assert record.accessions == (
        Accession("ClinicalTrials.gov", "NCT90000001"),
        Accession("ClinicalTrials.gov", "NCT90000002"),
        Accession("GENBANK", ""),
    )
    assert record.grants == (Grant("R1", "XX", "A", "C"), Grant(agency="B"))


def test_the_journal_its_issue_and_pages_are_kept():
    record = record_of(
        '<Journal><ISSN IssnType="Print">0000-0001</ISSN><JournalIssue>'
        "<Volume>7</Volume><Issue>8 Suppl</Issue></JournalIssue>"
        "<Title>Journal of Invented Results</Title></Journal>" + TITLE + "<Pagination>"
        "<StartPage>12</StartPage><EndPage>18</EndPage></Pagination>",
        "<MedlineJournalInfo><Country>Utopia</Country><MedlineTA>J Inv</MedlineTA>"
        "<NlmUniqueID>9999</NlmUniqueID><ISSNLinking>0000-0002</ISSNLinking>"
        "</MedlineJournalInfo>",
    )
    assert (record.journal, record.journal_abbreviation) == (
        "Journal of Invented Results",
        "J Inv",
    )
    assert (record.issn, record.nlm_id, record.country) == (
        "0000-0001",
        "9999",
        "Utopia",
    )
    assert (record.volume, record.issue, record.pages) == ("7", "8 Suppl", "12-18")


def test_printed_pages_come_before_first_and_last():
    pages = "<StartPage>1012</StartPage><MedlinePgn>1012-8</MedlinePgn>"
    assert record_of(f"<Pagination>{pages}</Pagination>").pages == "1012-8"
    assert record_of("<Pagination><StartPage>9</StartPage></Pagination>").pages == "9"


def test_people_notes_subsets_and_conflicts_are_kept():
    name = "<LastName>Roe</LastName><ForeName>Ada</ForeName>"
    record = record_of(
        more="<CitationSubset>IM</CitationSubset><CitationSubset>S</CitationSubset>"
        f"<PersonalNameSubjectList><PersonalNameSubject>{name}<Suffix>Jr</Suffix>"
        "</PersonalNameSubject></PersonalNameSubjectList>"
        '<OtherID Source="NASA">001</OtherID><CoiStatement>None <b>at all</b>.'
        "</CoiStatement><SpaceFlightMission>Flight 1</SpaceFlightMission>"
        f"<InvestigatorList><Investigator>{name}</Investigator></InvestigatorList>"
        '<GeneralNote Owner="KIE">a note</GeneralNote>',
        attributes=' Status="MEDLINE" Owner="NASA" IndexingMethod="Automated"',
    )
    assert record.citation_subsets == ("IM", "S")
    assert record.subjects == ("Ada Roe Jr",)
    assert record.coi == "None at all."
    assert record.investigators == (Author("Roe", "Ada"),)
    assert record.notes == ("NASA: 001", "Flight 1", "a note")
    assert (record.status, record.owner, record.indexing_method) == (
        "MEDLINE",
        "NASA",
        "Automated",
    )


def book(document="", inside="", data=""):
    return (
        f"<PubmedBookArticle><BookDocument><PMID>{PMID}</PMID>"
        f"{ids(('bookaccession', 'NBK9'))}<Book><Publisher><PublisherName>P"
        "</PublisherName><PublisherLocation>Nowhere</PublisherLocation></Publisher>"
        "<BookTitle>The <i>Book</i></BookTitle><PubDate><Year>1999</Year></PubDate>"
        "<BeginningDate><Year>1998</Year></BeginningDate>"
        '<AuthorList Type="editors"><Author><LastName>Ed</LastName></Author>'
        f"</AuthorList>{inside}<Isbn>9990000000000</Isbn>"
        '<ELocationID EIdType="doi">10.99999/book</ELocationID></Book>'
        f"{document}<ItemList ListType='Synonyms'><Item>a</Item><Item>b</Item>"
        "</ItemList></BookDocument><PubmedBookData>"
        f"{data}</PubmedBookData></PubmedBookArticle>"
    )


AUTHOR = (
    '<AuthorList Type="authors"><Author><LastName>{}</LastName></Author></AuthorList>'
)


def test_a_book_without_a_chapter_is_its_own_record():
    record = only(book(inside=AUTHOR.format("Writer") + "<Edition>2nd</Edition>"))
    assert record.title == record.book_title == "The Book"
    assert record.authors == (Author("Writer"),)
    assert record.editors == (Author("Ed"),)
    assert (record.doi, record.year, record.journal) == ("10.99999/book", 1999, "")
    assert (record.publisher, record.isbns) == ("P, Nowhere", ("9990000000000",))
    assert record.notes == ("Edition: 2nd", "Synonyms: a; b")
    assert [date.origin for date in record.dates] == ["PubDate", "BeginningDate"]


def test_a_chapter_has_its_own_title_authors_and_ids():
    record = only(
        book(
            "<LocationLabel Type='chapter'>9</LocationLabel><ArticleTitle>On A"
            f"</ArticleTitle>{AUTHOR.format('Own')}<PublicationType UI='D1'>Review"
            "</PublicationType><Abstract><AbstractText>T.</AbstractText></Abstract>"
            "<ContributionDate><Year>2001</Year></ContributionDate>",
            inside=AUTHOR.format("Writer"),
            data=ids(("pubmed", PMID)),
        )
    )
    assert (record.title, record.book_title) == ("On A", "The Book")
    assert record.authors == (Author("Own"),)
    assert record.editors == (Author("Writer"), Author("Ed"))
    assert record.doi == ""
    assert record.identifiers == (
        Identifier("bookaccession", "NBK9"),
        Identifier("pubmed", PMID),
    )
    assert record.publication_types == ("Review",)
    assert record.abstract == (Section("T."),)
    assert record.dates[-1].origin == "ContributionDate"
    assert record.notes[0] == "chapter: 9"


def test_books_articles_and_deletions_may_share_a_set():
    body = (
        f"<PubmedArticleSet>{citation()}{book()}<DeleteCitation><PMID>90000007</PMID>"
        '<PMID Version="2">90000008</PMID></DeleteCitation></PubmedArticleSet>'
    )
    parsed = parse_set(body.encode())
    assert [record.book_title for record in parsed.records] == ["", "The Book"]
    assert parsed.deleted == ("90000007", "90000008")
    assert parsed.complete


def test_unknown_elements_are_passed_over():
    record = record_of(TITLE + "<New><PMID>1</PMID></New>", "<Newer>x</Newer>")
    assert record.title == "On invented results."
    assert record.pmid == PMID
