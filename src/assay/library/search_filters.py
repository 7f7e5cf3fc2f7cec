"""PubMed's filters that a record itself can answer: which of them it passes.

The words are those of PubMed's help ("Filters", "Subset", protocol of 2025); the first
form is with [sb] or [filter], and those without blanks are understood untagged too.
"""

from assay.record import Record

STATUSES = {
    "MEDLINE": "medline",
    "Completed": "medline",
    "OLDMEDLINE": "oldmedline",
    "In-Process": "inprocess",
    "In-Data-Review": "inprocess",
    "PubMed-not-MEDLINE": "pubmednotmedline",
    "Publisher": "publisher",
}
"""Status of the record → word of the filter."""

_LINKED = frozenset(
    """
    commentin commenton correctedandrepublishedin correctedandrepublishedfrom
    associatedpublication associateddataset erratumin erratumfor expressionofconcernin
    expressionofconcernfor originalreportin republishedin republishedfrom
    retractedandrepublishedin retractedandrepublishedfrom retractionin retractionof
    summaryforpatientsin updatein updateof
    """.split()
)
"""Types of CommentsCorrections that have a filter, in small letters."""

_NAMED = {
    "correctedandrepublishedin": "hascorrectedrepublishedin",
    "correctedandrepublishedfrom": "hascorrectedrepublishedfrom",
}
"""Where the filter is not named as the type is."""

ANSWERED = (
    frozenset(
        [*STATUSES.values(), *(_NAMED.get(kind, f"has{kind}") for kind in _LINKED)]
    )
    | frozenset(
        """
    hasabstract hasstructuredabstract hasnonenglishabstract haskeyword hascois
    hasdatabanklist hasnihmsid pubstatusaheadofprint ownernasa indexingmethod_automated
    indexingmethod_curated pmcbook freetext jsubsetaim
    """.split()
    )
    | {"pubmed pmc", "pubmed books"}
)
"""Every filter that `find_filters` can give."""


NAMELESS = "nopmid"
"""Of records without a PMID. Nobody can ask for it; the E-utilities leave them out."""


def find_filters(record: Record) -> list[str]:
    """Return the words of the filters that a record passes, each once.

    >>> find_filters(Record(source="pubmed", pmid="90000001", coi="None."))
    ['hascois']
    """
    told = {
        "hasabstract": bool(record.abstract),
        "hasstructuredabstract": any(part.label for part in record.abstract),
        "hasnonenglishabstract": any(
            other.language not in {"", "eng"} for other in record.other_abstracts
        ),
        "haskeyword": bool(record.keywords),
        "hascois": bool(record.coi),
        "hasdatabanklist": bool(record.accessions),
        "hasnihmsid": any(i.type == "mid" for i in record.identifiers),
        "pubstatusaheadofprint": record.publication_status == "aheadofprint",
        "ownernasa": record.owner == "NASA",
        "indexingmethod_automated": record.indexing_method == "Automated",
        "indexingmethod_curated": record.indexing_method == "Curated",
        "pmcbook": any(
            i.type in {"pmcbook", "bookaccession"} for i in record.identifiers
        ),
        "pubmed books": bool(record.book_title),
        "pubmed pmc": bool(record.pmcid),
        "freetext": bool(record.pmcid or record.links),
        NAMELESS: not record.pmid,
        "jsubsetaim": "AIM" in record.citation_subsets,
        STATUSES.get(record.status, ""): True,
    }
    found = [name for name, passed in told.items() if passed and name]
    if record.corrections:
        kinds = {part.ref_type.lower() for part in record.corrections} & _LINKED
        found += sorted(_NAMED.get(kind, f"has{kind}") for kind in kinds)
    return found
