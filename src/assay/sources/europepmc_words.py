"""Europe PMC's words for kinds of publication and links, in PubMed's spelling."""

_TYPES = (
    "Journal Article", "Review", "Systematic Review", "Meta-Analysis",
    "Network Meta-Analysis", "Randomized Controlled Trial", "Clinical Trial",
    "Clinical Trial, Phase I", "Clinical Trial, Phase II", "Clinical Trial, Phase III",
    "Clinical Trial, Phase IV", "Clinical Trial Protocol", "Controlled Clinical Trial",
    "Pragmatic Clinical Trial", "Equivalence Trial", "Adaptive Clinical Trial",
    "Observational Study", "Comparative Study", "Multicenter Study", "Evaluation Study",
    "Validation Study", "Twin Study", "Case Reports", "Letter", "Editorial", "Comment",
    "News", "Newspaper Article", "Practice Guideline", "Guideline",
    "Consensus Development Conference", "Published Erratum", "Retracted Publication",
    "Retraction of Publication", "Retraction Notice", "Expression of Concern",
    "Corrected and Republished Article", "Preprint", "English Abstract",
    "Historical Article", "Lecture", "Biography", "Interview", "Personal Narrative",
    "Duplicate Publication", "Scoping Review",
)  # fmt: skip
"""Publication types as PubMed writes them; Europe PMC's short rows have small letters.
"""

_OTHERS = {
    "research-article": "Journal Article",
    "review-article": "Review",
    "systematic-review": "Systematic Review",
    "meta-analysis": "Meta-Analysis",
    "case-report": "Case Reports",
    "correction": "Published Erratum",
    "retraction": "Retraction of Publication",
    "expression-of-concern": "Expression of Concern",
    "article-commentary": "Comment",
    "brief-report": "Journal Article",
    "rapid-communication": "Journal Article",
    "protocol": "Clinical Trial Protocol",
    "study-protocol": "Clinical Trial Protocol",
    "guideline": "Guideline",
}
"""Kinds of article as JATS writes them, which Europe PMC adds to PubMed's."""

_CANON = {name.lower(): name for name in _TYPES} | _OTHERS

_LINKS = (
    "RetractionIn", "RetractionOf", "PartialRetractionIn", "PartialRetractionOf",
    "RetractedandRepublishedIn", "RetractedandRepublishedFrom", "ErratumIn",
    "ErratumFor", "ExpressionOfConcernIn", "ExpressionOfConcernFor",
    "CorrectedandRepublishedIn", "CorrectedandRepublishedFrom", "RepublishedIn",
    "RepublishedFrom", "UpdateIn", "UpdateOf", "CommentIn", "CommentOn",
    "SummaryForPatientsIn", "OriginalReportIn", "ReprintIn", "ReprintOf", "Cites",
    "AssociatedDataset", "AssociatedPublication", "DatasetDescribedIn",
)  # fmt: skip
_REF_TYPES = {name.lower(): name for name in _LINKS} | {
    "preprintof": "UpdateIn",  # PubMed puts UpdateIn on a preprint
    "preprintin": "UpdateOf",
    "erratumof": "ErratumFor",
    "commentof": "CommentOn",
    "expressionofconcernof": "ExpressionOfConcernFor",
}


def publication_types(given: tuple[str, ...], source: str) -> tuple[str, ...]:
    """Return publication types in PubMed's spelling, each once; unknown ones as given.

    source: of the record; one of "PPR" is a preprint, whatever its types say.

    >>> publication_types(("randomized controlled trial", "research-article"), "MED")
    ('Randomized Controlled Trial', 'Journal Article')
    >>> publication_types((), "PPR")
    ('Preprint',)
    """
    named = [_CANON.get(name.lower(), name) for name in given if name]
    if source == "PPR":
        named.append("Preprint")
    return tuple(dict.fromkeys(named))


def ref_type(words: str) -> str:
    """Return PubMed's RefType for the type of a commentCorrection.

    What PubMed does not have stays as Europe PMC writes it. "Preprint of" stands on a
    preprint, where PubMed has UpdateIn.

    >>> ref_type("Retraction in"), ref_type("Preprint of"), ref_type("Other link")
    ('RetractionIn', 'UpdateIn', 'Other link')
    """
    return _REF_TYPES.get("".join(words.split()).lower(), words)
