"""A work as OpenAlex gives it, made into a record (shape of 2025 and 2026)."""

import re
from collections.abc import Iterable, Iterator

from assay.dates import parse_iso_date
from assay.ids import normal_doi, normal_pmcid, normal_pmid
from assay.record import (
    Author,
    Identifier,
    Keyword,
    Link,
    MeshHeading,
    PartialDate,
    Qualifier,
    Record,
    Reference,
    Section,
)
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
from assay.sources.languages import three_letters
from assay.sources.markup import plain_text
from assay.sources.person import parse_person
from assay.sources.places import find_links

READ = (
    "id", "doi", "ids", "title", "publication_date", "publication_year", "language",
    "type", "is_retracted", "is_paratext", "authorships", "biblio", "primary_location",
    "best_oa_location", "locations", "mesh", "keywords", "referenced_works",
    "abstract_inverted_index",
)  # fmt: skip
"""Fields of a work that are read, and asked for with `select`."""

TYPES = {
    "review": "Review",
    "preprint": "Preprint",
    "letter": "Letter",
    "editorial": "Editorial",
    "erratum": "Published Erratum",
}
"""OpenAlex's types in PubMed's spelling, where they mean the same. A "retraction" keeps
its name: what it stands for is not documented."""

HOSTS = {"journal": "publisher", "book series": "publisher", "conference": "publisher"}
ADDRESSES = (("pdf_url", "pdf"), ("landing_page_url", "page"))
MOST_AUTHORS = 100
"""Authors of a work that a list gives; so many may be a part of more."""
_ABSTRACT = re.compile(r"(?:ABSTRACT|Abstract)[:.]?\s+(?=[A-Z“\"(\d])")


def parse_record(work: Object) -> Record:
    """Return the record of one work.

    `is_retracted` and `is_paratext` become flags: facts of this source without date
    or notice. The references are OpenAlex's own numbers of the works cited.

    Raises:
        ShapeError: a part is of another kind than documented, or it has no id.
    """
    own = text_of(work, "id").rpartition("/")[2]
    if not own:
        raise ShapeError("it has no id")
    ids, biblio = object_of(work, "ids"), object_of(work, "biblio")
    place = object_of(object_of(work, "primary_location"), "source")
    date = _date(work)
    authors = tuple(map(_author, objects_of(work, "authorships")))
    return Record(
        source="openalex",
        pmid=normal_pmid(text_of(ids, "pmid")),
        doi=normal_doi(text_of(work, "doi") or text_of(ids, "doi")),
        pmcid=_pmcid(text_of(ids, "pmcid")),
        title=plain_text(text_of(work, "title")),
        abstract=_abstract(object_of(work, "abstract_inverted_index")),
        year=number_of(work, "publication_year") or (date and date.year) or None,
        dates=(date,) if date else (),
        authors=authors,
        authors_complete=len(authors) != MOST_AUTHORS,
        journal=text_of(place, "display_name"),
        issn=text_of(place, "issn_l"),
        publisher=text_of(place, "host_organization_name"),
        volume=text_of(biblio, "volume"),
        issue=text_of(biblio, "issue"),
        pages=_pages(text_of(biblio, "first_page"), text_of(biblio, "last_page")),
        languages=tuple(filter(None, (three_letters(text_of(work, "language")),))),
        publication_types=_types(text_of(work, "type"), text_of(place, "type")),
        mesh=_mesh(objects_of(work, "mesh")),
        keywords=tuple(
            Keyword(text_of(word, "display_name"), "OpenAlex")
            for word in objects_of(work, "keywords")
        ),
        identifiers=_identifiers(own, ids),
        references=tuple(
            Reference("", (("openalex", cited.rpartition("/")[2]),))
            for cited in texts_of(work, "referenced_works")
        ),
        links=_links(work),
        flags=tuple(
            name for name in ("is_retracted", "is_paratext") if flag_of(work, name)
        ),
    )


def _pmcid(text: str) -> str:
    """Return a PMCID, which OpenAlex writes as an address that may lack its letters."""
    number = text.rstrip("/").rpartition("/")[2]
    return normal_pmcid(text) or normal_pmcid(f"PMC{number}")


def _identifiers(own: str, ids: Object) -> tuple[Identifier, ...]:
    mag = text_of(ids, "mag")
    return (Identifier("openalex", own), *((Identifier("mag", mag),) if mag else ()))


def _date(work: Object) -> PartialDate | None:
    """Return the date of publication; 1 January is what a bare year becomes there."""
    text = text_of(work, "publication_date")
    if not text:
        return None
    date = parse_iso_date(text, "OpenAlex:publication_date")
    if (date.month, date.day) == (1, 1):
        return date._replace(month=0, day=0, precision="year", text=text)
    return date


def _abstract(index: Object) -> tuple[Section, ...]:
    """Return the abstract that an index of words to places stands for.

    >>> _abstract({"sleep": [2], "Tea": [0], "and": [1, 3], "rest.": [4]})[0].text
    'Tea and sleep and rest.'
    """
    placed: list[tuple[int, str]] = []
    for word, places in index.items():
        if not isinstance(places, list) or not all(type(at) is int for at in places):
            raise ShapeError("abstract_inverted_index is no index")
        placed += ((at, word) for at in places)
    words = plain_text(" ".join(word for _, word in sorted(placed)))
    text = _ABSTRACT.sub("", words, count=1) if _ABSTRACT.match(words) else words
    return (Section(text),) if text else ()


def _author(value: Object) -> Author:
    who = object_of(value, "author")
    name = text_of(value, "raw_author_name") or text_of(who, "display_name")
    orcid = text_of(who, "orcid").rpartition("/")[2]
    own = text_of(who, "id").rpartition("/")[2]
    known = (("ORCID", orcid), ("OpenAlex", own))
    return parse_person(plain_text(name))._replace(
        affiliations=texts_of(value, "raw_affiliation_strings"),
        identifiers=tuple((kind, one) for kind, one in known if one),
    )


def _pages(first: str, last: str) -> str:
    return first if last in {"", first} else f"{first}-{last}"


def _types(kind: str, place: str) -> tuple[str, ...]:
    """Return the type in PubMed's spelling, or OpenAlex's own word for it.

    >>> _types("article", "journal"), _types("article", "repository"), _types("", "")
    (('Journal Article',), ('article',), ())
    """
    if kind == "article" and place == "journal":
        return ("Journal Article",)
    return (TYPES.get(kind, kind),) if kind else ()


def _mesh(rows: Iterable[Object]) -> tuple[MeshHeading, ...]:
    """Return the headings; each qualifier of one is a row of its own."""
    found: dict[str, MeshHeading] = {}
    for row in rows:
        name, ui = text_of(row, "descriptor_name"), text_of(row, "descriptor_ui")
        major, qualifier = (
            flag_of(row, "is_major_topic"),
            text_of(row, "qualifier_name"),
        )
        heading = found.get(ui or name, MeshHeading(name, ui))
        added: tuple[Qualifier, ...] = ()
        if qualifier:
            added = (Qualifier(qualifier, text_of(row, "qualifier_ui"), major),)
        found[ui or name] = heading._replace(
            major=heading.major or major, qualifiers=heading.qualifiers + added
        )
    return tuple(found.values())


def _links(work: Object) -> tuple[Link, ...]:
    best = object_of(work, "best_oa_location")
    places = (best, *objects_of(work, "locations"))
    return tuple(dict.fromkeys(link for place in places for link in _links_of(place)))


def _links_of(place: Object) -> Iterator[Link]:
    """Yield the addresses of one place, if all may read there: the PDF first."""
    if not flag_of(place, "is_oa"):
        return
    host = text_of(object_of(place, "source"), "type")
    yield from find_links(place, ADDRESSES, HOSTS.get(host, host), "openalex")
