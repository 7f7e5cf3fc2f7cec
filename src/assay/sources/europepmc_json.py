"""A record of Europe PMC, made of a row of its JSON (resultType core, version 6.9).

What is not kept, and why: numbers that change from day to day (citedByCount), numbers
of the service itself (journalIssueId, orderIn, firstIndexDate is kept as a date), and
what stands in the row twice (authorString, authorIdList, affiliation, fullTextIdList).
`tests/test_europepmc_recorded.py` holds the list.
"""

from collections.abc import Iterator

from assay.dates import parse_date_text, parse_iso_date
from assay.ids import normal_doi, normal_pmcid, normal_pmid
from assay.record import (
    Author,
    Chemical,
    Correction,
    Grant,
    Identifier,
    Keyword,
    Link,
    MeshHeading,
    PartialDate,
    Qualifier,
    Record,
)
from assay.sources.europepmc_words import publication_types, ref_type
from assay.sources.json_answer import (
    Object,
    ShapeError,
    flag_of,
    number_of,
    object_of,
    objects_of,
    text_of,
    texts_of,
)
from assay.sources.markup import plain_text, split_sections

KEY = "europepmc"
"""Type of the identifier that holds a record's source and id, e.g. "MED/90000001"."""

_DATES = (
    ("printPublicationDate", "EuropePMC:printPublicationDate"),
    ("electronicPublicationDate", "ArticleDate:Electronic"),
    ("firstPublicationDate", "EuropePMC:firstPublicationDate"),
    ("dateOfCreation", "EuropePMC:dateOfCreation"),
    ("firstIndexDate", "EuropePMC:firstIndexDate"),
    ("dateOfCompletion", "DateCompleted"),
    ("dateOfRevision", "DateRevised"),
    ("fullTextReceivedDate", "EuropePMC:fullTextReceivedDate"),
    ("embargoDate", "EuropePMC:embargoDate"),
)
"""Names of dates in a row, and the origin that tells them."""

_FLAGS = (
    "isOpenAccess inEPMC inPMC hasPDF hasBook hasSuppl hasData hasReferences "
    "hasTextMinedTerms hasDbCrossReferences hasLabsLinks hasEvaluations authMan "
    "epmcAuthMan nihAuthMan hasTMAccessionNumbers"
).split()
_KINDS = {"pdf": "pdf", "html": "html", "doi": "page", "abs": "page"}


def name_row(row: Object) -> str:
    """Return what a row can be looked up by: its source and id, or its title.

    >>> name_row({"source": "MED", "id": "90000001"})
    'MED/90000001'
    """
    number = text_of(row, "id")
    return f"{text_of(row, 'source')}/{number}" if number else text_of(row, "title")


def parse_record(row: Object) -> Record:
    """Return the record of one row.

    Raises:
        ShapeError: a part is of another kind than documented, or source and id lack.

    >>> row = {"source": "MED", "id": "90000001", "title": "Tea and <i>sleep</i>."}
    >>> record = parse_record(row)
    >>> record.pmid, record.title
    ('90000001', 'Tea and sleep.')
    """
    source, number = text_of(row, "source"), text_of(row, "id")
    if not source or not number:
        raise ShapeError("source and id are missing")
    info, book = object_of(row, "journalInfo"), object_of(row, "bookOrReportDetails")
    journal = object_of(info, "journal")
    issns = tuple(filter(None, (text_of(journal, "issn"), text_of(journal, "essn"))))
    publisher = plain_text(text_of(book, "publisher") or text_of(row, "publisher"))
    return Record(
        source="europepmc",
        pmid=normal_pmid(text_of(row, "pmid") or (number if source == "MED" else "")),
        version=text_of(row, "versionNumber"),
        doi=normal_doi(text_of(row, "doi")),
        pmcid=normal_pmcid(text_of(row, "pmcid") or number),
        title=plain_text(text_of(row, "title")),
        abstract=split_sections(text_of(row, "abstractText")),
        year=_year(row, info, book),
        dates=tuple(_dates(row, info, book)),
        authors=_authors(row),
        investigators=tuple(
            _person(one) for one in objects_of(row, "investigatorList", "investigator")
        ),
        journal=plain_text(text_of(journal, "title"))
        or (publisher if source == "PPR" else ""),
        journal_abbreviation=text_of(journal, "medlineAbbreviation")
        or text_of(journal, "isoabbreviation"),
        issn=next(iter(issns), ""),
        nlm_id=text_of(journal, "nlmid"),
        volume=text_of(info, "volume"),
        issue=text_of(info, "issue"),
        pages=text_of(row, "pageInfo"),
        languages=tuple(filter(None, text_of(row, "language").split(","))),
        publication_types=publication_types(
            texts_of(row, "pubTypeList", "pubType"), source
        ),
        mesh=tuple(map(_heading, objects_of(row, "meshHeadingList", "meshHeading"))),
        chemicals=tuple(
            Chemical(text_of(one, "name"), "", text_of(one, "registryNumber"))
            for one in objects_of(row, "chemicalList", "chemical")
        ),
        keywords=tuple(
            Keyword(plain_text(word))
            for word in texts_of(row, "keywordList", "keyword")
        ),
        corrections=tuple(
            map(
                _correction,
                objects_of(row, "commentCorrectionList", "commentCorrection"),
            )
        ),
        grants=tuple(
            Grant(
                text_of(one, "grantId"),
                text_of(one, "acronym"),
                plain_text(text_of(one, "agency")),
            )
            for one in objects_of(row, "grantsList", "grant")
        ),
        identifiers=tuple(_identifiers(row, f"{source}/{number}")),
        notes=tuple(_notes(row, book, issns[1:])),
        citation_subsets=tuple(
            text_of(one, "code") or text_of(one, "name")
            for one in objects_of(row, "subsetList", "subset")
        ),
        publication_status=text_of(row, "publicationStatus"),
        book_title=plain_text(text_of(book, "comprisingTitle")),
        publisher=publisher,
        isbns=tuple(filter(None, (text_of(book, "isbn13"), text_of(book, "isbn10")))),
        links=tuple(_links(row, source)),
        flags=tuple(name for name in _FLAGS if flag_of(row, name)),
    )


def _year(row: Object, info: Object, book: Object) -> int | None:
    for value, name in (
        (row, "pubYear"),
        (info, "yearOfPublication"),
        (book, "yearOfPublication"),
    ):
        year = number_of(value, name)
        if year:
            return year
    first = text_of(row, "firstPublicationDate")
    return parse_iso_date(first).year or None if first else None


def _dates(row: Object, info: Object, book: Object) -> Iterator[PartialDate]:
    printed = text_of(info, "dateOfPublication") or text_of(book, "dateOfPublication")
    if not printed:
        month = text_of(info, "monthOfPublication")
        year = text_of(info, "yearOfPublication") or text_of(row, "pubYear")
        printed = f"{year}-{month.zfill(2)}" if year and month else year
        yield from (parse_iso_date(one, "PubDate") for one in (printed,) if one)
    else:
        yield parse_date_text(printed, "PubDate")
    for name, origin in _DATES:
        text = text_of(row, name) or text_of(info, name)
        if text:
            yield parse_iso_date(text, origin)


def _authors(row: Object) -> tuple[Author, ...]:
    """Return the authors; of their names in one text where there is no list.

    The affiliation of the row is the first author's; it is only needed where the list
    gives none.
    """
    people = [_person(one) for one in objects_of(row, "authorList", "author")]
    people = people or list(parse_people(text_of(row, "authorString")))
    place = plain_text(text_of(row, "affiliation"))
    if place and people and not any(person.affiliations for person in people):
        people[0] = people[0]._replace(affiliations=(place,))
    return tuple(people)


def parse_people(names: str) -> tuple[Author, ...]:
    """Return the authors of a text like "Roe RB, Doe J, Tea Group."; () for "".

    >>> [a.last_name or a.collective for a in parse_people("Roe RB, Tea Group.")]
    ['Roe', 'Tea Group']
    """
    return tuple(_short_name(name) for name in names.rstrip(".").split(", ") if name)


def _person(one: Object) -> Author:
    collective = plain_text(text_of(one, "collectiveName"))
    last = text_of(one, "lastName")
    if not collective and not last:
        return _short_name(text_of(one, "fullName"))
    found = objects_of(one, "authorAffiliationDetailsList", "authorAffiliation")
    places = [plain_text(text_of(place, "affiliation")) for place in found]
    places = places or [plain_text(text_of(one, "affiliation"))]
    number = object_of(one, "authorId")
    return Author(
        plain_text(last),
        plain_text(text_of(one, "firstName")),
        text_of(one, "initials"),
        text_of(one, "suffix"),
        collective,
        tuple(filter(None, places)),
        ((text_of(number, "type"), text_of(number, "value")),) if number else (),
    )


def _short_name(name: str) -> Author:
    """Return the author of "Roe RB"; what has no initials at its end is a group."""
    last, _, initials = name.rpartition(" ")
    if last and initials.isupper() and initials.isalpha() and len(initials) <= 4:
        return Author(last, "", initials)
    return Author(collective=plain_text(name))


def _heading(one: Object) -> MeshHeading:
    qualifiers = tuple(
        Qualifier(text_of(q, "qualifierName"), "", flag_of(q, "majorTopic_YN"))
        for q in objects_of(one, "meshQualifierList", "meshQualifier")
    )
    major = flag_of(one, "majorTopic_YN") or any(q.major for q in qualifiers)
    return MeshHeading(text_of(one, "descriptorName"), "", major, qualifiers)


def _correction(one: Object) -> Correction:
    """Return a link; one to a record without PMID has its key in the note."""
    source, number = text_of(one, "source"), text_of(one, "id")
    pmid = normal_pmid(number) if source == "MED" else ""
    place = f"{source}/{number}" if number and not pmid else ""
    notes = (plain_text(text_of(one, "note")), place)
    return Correction(
        ref_type(text_of(one, "type")),
        plain_text(text_of(one, "reference")),
        pmid,
        "; ".join(filter(None, notes)),
    )


def _identifiers(row: Object, key: str) -> Iterator[Identifier]:
    """Yield the ids: those of the normal forms too, as PubMed's record has them."""
    yield Identifier(KEY, key)
    pmid, doi = normal_pmid(text_of(row, "pmid")), text_of(row, "doi")
    if pmid:
        yield Identifier("pubmed", pmid)
    if doi:
        yield Identifier("doi", doi, valid=bool(normal_doi(doi)))
    full = (text_of(row, "pmcid"), *texts_of(row, "fullTextIdList", "fullTextId"))
    for pmcid in dict.fromkeys(filter(None, full)):
        yield Identifier("pmc", pmcid)
    if manuscript := text_of(row, "manuscriptId"):
        yield Identifier("mid", manuscript)


def _notes(row: Object, book: Object, issns: tuple[str, ...]) -> Iterator[str]:
    """Yield what has no place of its own but must not be lost."""
    for issn in issns:
        yield f"Other ISSN: {issn}"
    if licence := text_of(row, "license"):
        yield f"Licence: {licence}"
    banks = texts_of(row, "tmAccessionTypeList", "accessionType")
    if banks:
        yield f"Text-mined accessions of: {', '.join(banks)}"
    crossed = texts_of(row, "dbCrossReferenceList", "dbName")
    if crossed:
        yield f"Database entries in: {', '.join(crossed)}"
    tags = texts_of(row, "dataLinksTagsList", "dataLinkstag")
    if tags:
        yield f"Data links: {', '.join(tags)}"
    if pages := text_of(book, "numberOfPages"):
        yield f"Pages of the book: {pages}"


def _links(row: Object, source: str) -> Iterator[Link]:
    """Yield where the full text is open to all; subscriptions are left out."""
    mans = ("authMan", "epmcAuthMan", "nihAuthMan")
    version = "submitted" if source == "PPR" else ""
    if any(flag_of(row, name) for name in mans):
        version = "accepted"
    for one in objects_of(row, "fullTextUrlList", "fullTextUrl"):
        code = text_of(one, "availabilityCode")
        open_access = code == "OA" or text_of(one, "availability") == "Open access"
        if not open_access and code != "F":
            continue
        style = text_of(one, "documentStyle")
        yield Link(
            text_of(one, "url"),
            _KINDS.get(style, style),
            version,
            text_of(row, "license") if open_access else "",
            text_of(one, "site"),
            "europepmc",
        )
