"""A registered study as a record (ClinicalTrials.gov API 2.0.5, its OpenAPI schema).

A registration tells what was planned, so its publication type is REGISTRATION, which
weighs nothing in a verdict. Results posted in the register are kept as sections.
"""

from collections.abc import Iterator

from assay.dates import parse_iso_date
from assay.ids import normal_nct, normal_pmid
from assay.record import (
    Accession,
    Author,
    Correction,
    Identifier,
    Keyword,
    Link,
    MeshHeading,
    PartialDate,
    Record,
    Reference,
    Section,
)
from assay.sources.clinicaltrials_results import result_sections
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
from assay.sources.markup import plain_markdown
from assay.sources.person import parse_person

WHERE = "ClinicalTrials.gov"
REGISTRATION = "Clinical Trial Registration"
"""Publication type of every record from here; PubMed has none for it."""
UNKNOWN_SIZE = 99_999_999
"""Enrolment that stands for "not known"."""

_DATES = (
    ("studyFirstPostDateStruct", "studyFirstPostDate"),
    ("studyFirstSubmitDate", "studyFirstSubmitDate"),
    ("startDateStruct", "startDate"),
    ("primaryCompletionDateStruct", "primaryCompletionDate"),
    ("completionDateStruct", "completionDate"),
    ("resultsFirstPostDateStruct", "resultsFirstPostDate"),
    ("resultsFirstSubmitDate", "resultsFirstSubmitDate"),
    ("dispFirstPostDateStruct", "dispFirstPostDate"),
    ("lastUpdatePostDateStruct", "lastUpdatePostDate"),
    ("lastUpdateSubmitDate", "lastUpdateSubmitDate"),
    ("statusVerifiedDate", "statusVerifiedDate"),
)
"""Names in the status module, and the origin that tells them (without the service)."""

_OUTCOMES = (
    ("primaryOutcomes", "PRIMARY OUTCOMES"),
    ("secondaryOutcomes", "SECONDARY OUTCOMES"),
    ("otherOutcomes", "OTHER OUTCOMES"),
)
_REPORTS = {"RESULT": "ResultsIn", "DERIVED": "DerivedIn"}
"""Kinds of references that report the study: RESULT by the sponsor's word, DERIVED
because the article names the NCT number. BACKGROUND ones are references only."""


def name_row(row: Object) -> str:
    """Return a study's NCT number, to look it up by.

    >>> name_row({"protocolSection": {"identificationModule": {"nctId": "NCT9"}}})
    'NCT9'
    """
    section = object_of(row, "protocolSection")
    return text_of(object_of(section, "identificationModule"), "nctId")


def parse_record(row: Object) -> Record:
    """Return the record of one study.

    Raises:
        ShapeError: a part is of another kind than documented, or the number lacks.

    >>> study = {"protocolSection": {"identificationModule": {
    ...     "nctId": "NCT90000001", "briefTitle": "Tea and sleep"}}}
    >>> record = parse_record(study)
    >>> record.accessions, record.publication_types
    ((Accession(bank='ClinicalTrials.gov', number='NCT90000001'),), \
('Clinical Trial Registration',))
    """
    protocol = object_of(row, "protocolSection")
    own = object_of(protocol, "identificationModule")
    number = normal_nct(text_of(own, "nctId"))
    if not number:
        raise ShapeError("nctId is missing")
    status = object_of(protocol, "statusModule")
    dates = tuple(_dates(status))
    references = objects_of(protocol, "referencesModule", "references")
    return Record(
        source="clinicaltrials",
        title=text_of(own, "briefTitle") or text_of(own, "officialTitle"),
        abstract=(*_sections(protocol), *result_sections(row)),
        year=next((date.year for date in dates if date.year), None),
        dates=dates,
        authors=_sponsor(protocol),
        investigators=tuple(_officials(protocol)),
        publication_types=(REGISTRATION,),
        mesh=tuple(_headings(object_of(row, "derivedSection"))),
        keywords=tuple(dict.fromkeys(_keywords(protocol))),
        corrections=tuple(_reports(references)),
        accessions=(Accession(WHERE, number), *_other_registers(own)),
        identifiers=tuple(_identifiers(own, number)),
        references=tuple(map(_reference, references)),
        notes=tuple(_notes(row, protocol, own, status, references)),
        publication_status=text_of(status, "overallStatus"),
        publisher=WHERE,
        links=(
            Link(
                f"https://clinicaltrials.gov/study/{number}",
                "page",
                host="registry",
                said_by="clinicaltrials",
            ),
        ),
    )


def _sections(protocol: Object) -> Iterator[Section]:
    """Yield what was planned, in parts."""
    told = object_of(protocol, "descriptionModule")
    if summary := plain_markdown(text_of(told, "briefSummary")):
        yield Section(summary, "BRIEF SUMMARY")
    if details := plain_markdown(text_of(told, "detailedDescription")):
        yield Section(details, "DETAILED DESCRIPTION")
    if arms := " ".join(_arms(protocol)):
        yield Section(arms, "ARMS AND INTERVENTIONS")
    for name, label in _OUTCOMES:
        outcomes = objects_of(protocol, "outcomesModule", name)
        if outcomes:
            yield Section(" ".join(map(_outcome, outcomes)), label)
    if who := " ".join(_eligible(object_of(protocol, "eligibilityModule"))):
        yield Section(who, "ELIGIBILITY")


def _sentence(*parts: str) -> str:
    """Return parts as one sentence that ends with a full stop; "" for no parts."""
    text = ": ".join(filter(None, (plain_markdown(part) for part in parts)))
    return text if text.endswith((".", "!", "?")) or not text else f"{text}."


def _arms(protocol: Object) -> Iterator[str]:
    for arm in objects_of(protocol, "armsInterventionsModule", "armGroups"):
        names = ", ".join(texts_of(arm, "interventionNames"))
        kind = text_of(arm, "type").replace("_", " ").lower()
        label = text_of(arm, "label") + (f" ({kind})" if kind else "")
        yield _sentence(label, text_of(arm, "description"), names)
    for one in objects_of(protocol, "armsInterventionsModule", "interventions"):
        kind = text_of(one, "type").replace("_", " ").capitalize()
        other = ", ".join(texts_of(one, "otherNames"))
        name = text_of(one, "name") + (f" (also {other})" if other else "")
        arms = ", ".join(texts_of(one, "armGroupLabels"))
        given = f"given to {arms}" if arms else ""
        yield _sentence(kind, name, text_of(one, "description"), given)


def _outcome(one: Object) -> str:
    return _sentence(
        text_of(one, "measure"), text_of(one, "description"), text_of(one, "timeFrame")
    )


def _eligible(module: Object) -> Iterator[str]:
    criteria = plain_markdown(text_of(module, "eligibilityCriteria"))
    if criteria:
        yield criteria
    ages = (text_of(module, "minimumAge"), text_of(module, "maximumAge"))
    words = " to ".join(filter(None, ages)) if all(ages) else " ".join(ages).strip()
    if words:
        yield _sentence("Age", words if all(ages) or not ages[0] else f"from {words}")
    for name, label in (
        ("sex", "Sex"),
        ("genderDescription", "Gender"),
        ("studyPopulation", "Study population"),
        ("samplingMethod", "Sampling"),
    ):
        if text := text_of(module, name):
            yield _sentence(label, text)
    if flag_of(module, "healthyVolunteers"):
        yield "Healthy volunteers are accepted."


def _dates(status: Object) -> Iterator[PartialDate]:
    """Yield the dates; that one is only estimated stands in its text."""
    for name, origin in _DATES:
        value = status.get(name)
        struct = object_of(status, name) if isinstance(value, dict) else {}
        text = text_of(struct, "date") if struct else text_of(status, name)
        if text:
            date = parse_iso_date(text, f"{WHERE}:{origin}")
            kind = text_of(struct, "type").lower()
            yield date._replace(text=f"{text} ({kind})") if kind else date


def _sponsor(protocol: Object) -> tuple[Author, ...]:
    """Return the lead sponsor, who answers for the entry, as a group."""
    module = object_of(protocol, "sponsorCollaboratorsModule")
    name = text_of(object_of(module, "leadSponsor"), "name")
    return (Author(collective=name),) if name else ()


def _officials(protocol: Object) -> Iterator[Author]:
    for one in objects_of(protocol, "contactsLocationsModule", "overallOfficials"):
        place = text_of(one, "affiliation")
        person = parse_person(text_of(one, "name"))
        yield person._replace(affiliations=(place,) if place else ())


def _headings(derived: Object) -> Iterator[MeshHeading]:
    for name in ("conditionBrowseModule", "interventionBrowseModule"):
        for one in objects_of(derived, name, "meshes"):
            yield MeshHeading(text_of(one, "term"), text_of(one, "id"))


def _keywords(protocol: Object) -> Iterator[Keyword]:
    for word in texts_of(protocol, "conditionsModule", "conditions"):
        yield Keyword(word, "condition")
    for word in texts_of(protocol, "conditionsModule", "keywords"):
        yield Keyword(word, "sponsor")
    for one in objects_of(protocol, "armsInterventionsModule", "interventions"):
        for word in (text_of(one, "name"), *texts_of(one, "otherNames")):
            yield Keyword(word, "intervention")


def _reference(one: Object) -> Reference:
    pmid = normal_pmid(text_of(one, "pmid"))
    ids = (("pubmed", pmid), ("relation", text_of(one, "type")))
    return Reference(text_of(one, "citation"), tuple(pair for pair in ids if pair[1]))


def _reports(references: tuple[Object, ...]) -> Iterator[Correction]:
    """Yield links to the articles that report the study."""
    for one in references:
        kind = _REPORTS.get(text_of(one, "type"))
        pmid = normal_pmid(text_of(one, "pmid"))
        if kind and pmid:
            yield Correction(kind, text_of(one, "citation"), pmid)


def _other_registers(own: Object) -> Iterator[Accession]:
    for one in objects_of(own, "secondaryIdInfos"):
        bank = text_of(one, "domain") or text_of(one, "type") or "secondary"
        if number := text_of(one, "id"):
            yield Accession(bank, number)


def _identifiers(own: Object, number: str) -> Iterator[Identifier]:
    yield Identifier("nct", number)
    for old in texts_of(own, "nctIdAliases"):
        yield Identifier("nct", old, valid=False)
    if sponsors := text_of(object_of(own, "orgStudyIdInfo"), "id"):
        yield Identifier("org", sponsors)


def _notes(
    row: Object,
    protocol: Object,
    own: Object,
    status: Object,
    references: tuple[Object, ...],
) -> Iterator[str]:
    """Yield what has no place of its own, as "Name: what"."""
    said = (
        ("Official title", text_of(own, "officialTitle")),
        ("Acronym", text_of(own, "acronym")),
        ("Status", text_of(status, "overallStatus")),
        ("Last known status", text_of(status, "lastKnownStatus")),
        ("Why stopped", text_of(status, "whyStopped")),
        *_design(object_of(protocol, "designModule")),
        *_sponsors(object_of(protocol, "sponsorCollaboratorsModule")),
        ("Countries", ", ".join(_countries(protocol))),
        ("Results", _posted(row, status)),
    )
    yield from (f"{name}: {words}" for name, words in said if words)
    for one in references:
        for notice in objects_of(one, "retractions"):
            source = text_of(notice, "source")
            yield f"Reference {text_of(one, 'pmid')} was retracted: {source}"
    for one in objects_of(protocol, "referencesModule", "seeAlsoLinks"):
        yield f"See also: {text_of(one, 'label')} {text_of(one, 'url')}"
    for one in objects_of(protocol, "referencesModule", "availIpds"):
        words = (text_of(one, name) for name in ("type", "id", "url", "comment"))
        yield f"Individual data: {' '.join(filter(None, words))}"
    documents = object_of(row, "documentSection")
    for one in objects_of(documents, "largeDocumentModule", "largeDocs"):
        yield f"Document: {text_of(one, 'label')} of {text_of(one, 'date')}"


def _design(module: Object) -> Iterator[tuple[str, str]]:
    info, size = object_of(module, "designInfo"), object_of(module, "enrollmentInfo")
    masking = object_of(info, "maskingInfo")
    count = number_of(size, "count")
    kind = text_of(size, "type").lower()
    yield "Study type", text_of(module, "studyType")
    phases = ", ".join(texts_of(module, "phases"))
    yield "Phase", "not applicable" if phases == "NA" else phases
    for label, name in (
        ("Allocation", "allocation"),
        ("Intervention model", "interventionModel"),
        ("Intervention model in words", "interventionModelDescription"),
        ("Primary purpose", "primaryPurpose"),
        ("Observational model", "observationalModel"),
        ("Time perspective", "timePerspective"),
    ):
        yield label, text_of(info, name)
    yield (
        "Masking",
        ", ".join(
            filter(None, (text_of(masking, "masking"), *texts_of(masking, "whoMasked")))
        ),
    )
    yield "Masking in words", text_of(masking, "maskingDescription")
    if count == UNKNOWN_SIZE:
        yield "Enrolment", "not known"
    elif count is not None:
        yield "Enrolment", f"{count}{f' ({kind})' if kind else ''}"


def _sponsors(module: Object) -> Iterator[tuple[str, str]]:
    lead, party = (
        object_of(module, "leadSponsor"),
        object_of(module, "responsibleParty"),
    )
    yield "Sponsor's class", text_of(lead, "class")
    others = objects_of(module, "collaborators")
    yield "Collaborators", "; ".join(text_of(one, "name") for one in others)
    person = text_of(party, "investigatorFullName") or text_of(party, "oldNameTitle")
    yield "Responsible party", person or text_of(party, "type")


def _countries(protocol: Object) -> tuple[str, ...]:
    places = objects_of(protocol, "contactsLocationsModule", "locations")
    return tuple(dict.fromkeys(filter(None, (text_of(p, "country") for p in places))))


def _posted(row: Object, status: Object) -> str:
    """Say whether results are in the register, and since when; "" when not told."""
    if "hasResults" not in row:
        return ""
    if not flag_of(row, "hasResults"):
        return "none posted"
    day = text_of(object_of(status, "resultsFirstPostDateStruct"), "date")
    return f"posted on {day}" if day else "posted"
