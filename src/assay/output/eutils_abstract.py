"""A record as efetch's text: a citation with its abstract, to be read by people."""

from assay.output.clean import clean, one_line
from assay.output.eutils_esummary import name_of
from assay.output.eutils_medline import say_source
from assay.record import Record


def render_abstract(record: Record, number: int) -> str:
    r"""Return a citation with the number that it has in the list.

    >>> print(render_abstract(Record(source="x", pmid="90000001", title="Tea."), 1))
    1.
    <BLANKLINE>
    Tea.
    <BLANKLINE>
    PMID: 90000001
    <BLANKLINE>
    """
    parts = (
        f"{number}. {say_source(record)}".rstrip(),
        one_line(record.title),
        _people(record),
        _places(record),
        "\n".join(f"{link.ref_type}: {link.source}" for link in record.corrections),
        _abstract(record),
        one_line(record.copyright),
        _ids(record),
    )
    return clean("\n\n".join(filter(None, parts))) + "\n"


def _people(record: Record) -> str:
    numbers = {place: str(at) for at, place in enumerate(_affiliations(record), 1)}
    named = []
    for person in record.authors:
        marks = ")(".join(numbers[place] for place in person.affiliations)
        named.append(name_of(person) + (f"({marks})" if marks else ""))
    return f"{', '.join(named)}." if named else ""


def _places(record: Record) -> str:
    places = _affiliations(record)
    if not places:
        return ""
    lines = (f"({at}){place}" for at, place in enumerate(places, 1))
    return "\n".join(("Author information: ", *lines))


def _affiliations(record: Record) -> tuple[str, ...]:
    every = (place for person in record.authors for place in person.affiliations)
    return tuple(dict.fromkeys(every))


def _abstract(record: Record) -> str:
    parts = (
        f"{section.label}: {section.text}" if section.label else section.text
        for section in record.abstract
    )
    return "\n".join(parts)


def _ids(record: Record) -> str:
    indexed = " [Indexed for MEDLINE]" if record.status == "MEDLINE" else ""
    lines = (
        f"DOI: {record.doi}" if record.doi else "",
        f"PMCID: {record.pmcid}" if record.pmcid else "",
        f"PMID: {record.pmid}{indexed}",
    )
    return "\n".join(filter(None, lines))
