"""A work as Crossref gives it, made into a record (REST API, June 2026)."""

from collections.abc import Iterator

from assay.dates import parse_date
from assay.ids import normal_doi, normal_nct
from assay.record import (
    Accession,
    Author,
    Correction,
    Grant,
    Identifier,
    PartialDate,
    Record,
    Reference,
    Section,
)
from assay.sources.json_answer import (
    Object,
    ShapeError,
    object_of,
    objects_of,
    text_of,
    texts_of,
)
from assay.sources.languages import three_letters
from assay.sources.markup import plain_text, split_sections
from assay.sources.person import initials_of

READ = (
    "DOI", "title", "subtitle", "original-title", "abstract", "description", "type",
    "subtype", "published", "published-print", "published-online", "published-other",
    "issued", "posted", "accepted", "author", "editor", "container-title",
    "short-container-title", "ISSN", "ISBN", "publisher", "volume", "issue", "page",
    "article-number", "institution", "language", "funder", "clinical-trial-number",
    "reference", "update-to", "updated-by", "relation",
)  # fmt: skip
"""Fields of a work that are read."""

TYPES = {
    "journal-article": "Journal Article",
    "preprint": "Preprint",
    "letter": "Letter",
}
"""Crossref's types and subtypes in PubMed's spelling, where they mean the same."""

IN_BOOKS = frozenset(
    "book-chapter book-part book-section book-track reference-entry".split()
)
"""Types whose container is a book."""

DATES = (
    "published", "published-print", "published-online", "published-other", "posted",
    "issued", "accepted",
)  # fmt: skip
"""Dates of the work, that of its publication first; those of its registration are
left out."""

NOTICES = {
    "retraction": ("RetractionIn", "RetractionOf"),
    "partial_retraction": ("PartialRetractionIn", "PartialRetractionOf"),
    "withdrawal": ("WithdrawalIn", "WithdrawalOf"),
    "removal": ("WithdrawalIn", "WithdrawalOf"),
    "expression_of_concern": ("ExpressionOfConcernIn", "ExpressionOfConcernFor"),
    "correction": ("ErratumIn", "ErratumFor"),
    "corrigendum": ("ErratumIn", "ErratumFor"),
    "erratum": ("ErratumIn", "ErratumFor"),
    "new_version": ("UpdateIn", "UpdateOf"),
    "new_edition": ("UpdateIn", "UpdateOf"),
}
"""Type of an update → PubMed's link on the work it is about, and on the notice. Others
keep Crossref's word, with In or Of behind it."""

RELATIONS = {
    "is-preprint-of": "UpdateIn",
    "has-preprint": "UpdateOf",
    "is-comment-on": "CommentOn",
    "has-comment": "CommentIn",
}
"""Relations that PubMed has a link for; others keep Crossref's name."""


def parse_record(work: Object) -> Record:
    """Return the record of one work.

    Raises:
        ShapeError: a part is of another kind than documented, or it has no DOI.
    """
    doi = normal_doi(text_of(work, "DOI"))
    if not doi:
        raise ShapeError("it has no DOI")
    dates = tuple(date for name in DATES for date in _date(work, name))
    title, container = _title(work), _first(work, "container-title")
    book = text_of(work, "type") in IN_BOOKS
    original = " ".join(map(plain_text, texts_of(work, "original-title")[:1]))
    return Record(
        source="crossref",
        doi=doi,
        title=title,
        vernacular_title="" if original.lower() == title.lower() else original,
        abstract=_abstract(text_of(work, "abstract") or text_of(work, "description")),
        year=next((date.year for date in dates if date.year), None),
        dates=dates,
        authors=tuple(map(_person, objects_of(work, "author"))),
        editors=tuple(map(_person, objects_of(work, "editor"))),
        journal="" if book else container or _institution(work),
        book_title=container if book else "",
        journal_abbreviation=_first(work, "short-container-title"),
        issn=_first(work, "ISSN"),
        isbns=texts_of(work, "ISBN"),
        publisher=text_of(work, "publisher"),
        volume=text_of(work, "volume"),
        issue=text_of(work, "issue"),
        pages=text_of(work, "page") or text_of(work, "article-number"),
        languages=tuple(filter(None, (three_letters(text_of(work, "language")),))),
        publication_types=_types(work),
        grants=tuple(
            grant for one in objects_of(work, "funder") for grant in _grants(one)
        ),
        accessions=tuple(map(_registration, objects_of(work, "clinical-trial-number"))),
        identifiers=(Identifier("doi", doi),),
        references=tuple(map(_reference, objects_of(work, "reference"))),
        corrections=tuple(dict.fromkeys(_corrections(work))),
    )


def _first(work: Object, name: str) -> str:
    return next(iter(map(plain_text, texts_of(work, name))), "")


def _institution(work: Object) -> str:
    """Return who posted a preprint, which has no journal, e.g. the server's name."""
    names = (text_of(one, "name") for one in objects_of(work, "institution"))
    return next(filter(None, names), "")


def _title(work: Object) -> str:
    """Return the title with its subtitle, which PubMed has in one.

    >>> _title({"title": ["Tea\\n  <i>and</i> sleep"], "subtitle": ["A trial"]})
    'Tea and sleep: A trial'
    """
    title, subtitle = _first(work, "title"), _first(work, "subtitle")
    if not subtitle or subtitle.lower() in title.lower():
        return title
    return f"{title}: {subtitle}" if title else subtitle


def _abstract(text: str) -> tuple[Section, ...]:
    """Return the parts of an abstract in JATS; a heading "Abstract" says nothing.

    >>> _abstract("<jats:title>Abstract</jats:title><jats:p>Tea was drunk.</jats:p>")
    (Section(text='Tea was drunk.', label='', category=''),)
    """
    return tuple(
        part._replace(label="") if part.label.lower() == "abstract" else part
        for part in split_sections(text)
        if part.text
    )


def _types(work: Object) -> tuple[str, ...]:
    """Return the subtype, else the type, in PubMed's spelling where there is one.

    >>> _types({"type": "posted-content", "subtype": "preprint"})
    ('Preprint',)
    """
    kind = text_of(work, "subtype") or text_of(work, "type")
    return (TYPES.get(kind, kind),) if kind else ()


def _parts(value: Object) -> tuple[int, ...]:
    """Return year, month and day as far as known; () for [[null]] and none at all.

    >>> _parts({"date-parts": [[2021, 3]]}), _parts({"date-parts": [[None]]})
    ((2021, 3), ())
    """
    dates = value.get("date-parts")
    first = dates[0] if isinstance(dates, list) and dates else None
    if first is None:
        return ()
    if not isinstance(first, list):
        raise ShapeError("date-parts is no list of dates")
    known: list[int] = []
    for part in first[:3]:
        if part is None:
            break
        try:
            known.append(int(part))
        except (TypeError, ValueError, OverflowError):
            raise ShapeError("date-parts is no list of numbers") from None
    return tuple(known)


def _date(work: Object, name: str) -> Iterator[PartialDate]:
    parts = _parts(object_of(work, name))
    if parts and parts[0]:
        yield _partial(parts, f"Crossref:{name}")


def _partial(parts: tuple[int, ...], origin: str = "") -> PartialDate:
    year, *rest = (str(part) for part in parts)
    month, day = (*rest, "", "")[:2]
    return parse_date(year.zfill(4), month, day, origin=origin)


def _iso(parts: tuple[int, ...]) -> str:
    """Return a date as ISO text, as precise as it is; "" for none.

    >>> _iso((2021, 3)), _iso((2021, 13)), _iso(())
    ('2021-03', '2021', '')
    """
    date = _partial(parts) if parts else PartialDate(0)
    if not date.year:
        return ""
    rest = (f"{part:02}" for part in (date.month, date.day) if part)
    return "-".join((f"{date.year:04}", *rest))


def _person(value: Object) -> Author:
    given = plain_text(text_of(value, "given"))
    orcid = text_of(value, "ORCID").rpartition("/")[2]
    places = (text_of(place, "name") for place in objects_of(value, "affiliation"))
    return Author(
        last_name=plain_text(text_of(value, "family")),
        fore_name=given,
        initials=initials_of(given),
        suffix=text_of(value, "suffix"),
        collective=plain_text(text_of(value, "name")),
        affiliations=tuple(filter(None, map(plain_text, places))),
        identifiers=(("ORCID", orcid),) if orcid else (),
    )


def _grants(funder: Object) -> tuple[Grant, ...]:
    name = text_of(funder, "name")
    awards = texts_of(funder, "award") or ("",)
    return tuple(Grant(number=award, agency=name) for award in awards)


def _registration(value: Object) -> Accession:
    number = text_of(value, "clinical-trial-number")
    trial = normal_nct(number)
    if trial:
        return Accession("ClinicalTrials.gov", trial)
    return Accession(text_of(value, "registry"), number)


def _reference(value: Object) -> Reference:
    """Return one entry of the list, in the words deposited or made of its parts."""
    doi = normal_doi(text_of(value, "DOI"))
    names = ("author", "article-title", "volume-title", "journal-title", "year",
             "volume", "first-page")  # fmt: skip
    words = text_of(value, "unstructured") or ". ".join(
        filter(None, (text_of(value, name).rstrip(".") for name in names))
    )
    return Reference(plain_text(words), (("doi", doi),) if doi else ())


def _corrections(work: Object) -> Iterator[Correction]:
    """Yield what is linked: notices on it, what it is a notice on, and relations."""
    for name, end in (("updated-by", 0), ("update-to", 1)):
        for entry in objects_of(work, name):
            yield _notice(entry, end)
    for relation, found in object_of(work, "relation").items():
        for entry in objects_of({relation: found}, relation):
            yield _related(relation, entry)


def _notice(entry: Object, end: int) -> Correction:
    kind = text_of(entry, "type").lower().replace("-", "_").replace(" ", "_")
    words = "".join(part.capitalize() for part in kind.split("_"))
    refs = NOTICES.get(kind, (f"{words}In", f"{words}Of"))
    return Correction(
        refs[end],
        source=text_of(entry, "label") or kind,
        doi=normal_doi(text_of(entry, "DOI")),
        when=_iso(_parts(object_of(entry, "updated"))),
        said_by=text_of(entry, "source"),
    )


def _related(relation: str, entry: Object) -> Correction:
    kind, one = text_of(entry, "id-type"), text_of(entry, "id")
    doi = normal_doi(one) if kind == "doi" else ""
    return Correction(
        RELATIONS.get(relation, relation),
        doi=doi,
        note="" if doi else f"{kind} {one}".strip(),
        said_by="crossref",
    )
