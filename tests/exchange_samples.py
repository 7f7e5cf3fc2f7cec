"""Records that come and go through bibliographies: strategies, and how they compare."""

from datetime import date

from hypothesis import strategies as st

from assay.exchange.flat import abstract_text, full_pages
from assay.output.clean import one_line
from assay.record import (
    Accession,
    Author,
    Correction,
    Keyword,
    MeshHeading,
    PartialDate,
    Record,
    Section,
)

ANY = st.text(st.characters(codec=None, exclude_categories=()), max_size=30)
SYNTAX = st.lists(
    st.sampled_from(
        [
            *("TY  - JOUR", "ER  - ", "\nAB  - x", "PMID- 90000009", "\n\n", "\r", " "),
            *("@article{a,", "{", "}", "\\", "$", "%", "&", "#", "_", "^", "~", '"'),
            *("\\'e", "\\input{x}", "--", "---", "``", "''", " and ", "K_i", "\\%"),
            *("mRNA", "FDA", "=1+1", "'=x", "@SUM(1)", "-2", ",", ";", " | ", "Ünï"),
            *("[{", "null", "\u2028", "\x00", "\ud800", "\ufeff", "\x1b[31m", "é"),
            *("Standing", "PMID: 1", "C2", "N1", "a < b", "<p", "?`", "!`", "·", "β"),
        ]
    ),
    max_size=8,
).map("".join)
TEXT = ANY | SYNTAX
WORD = st.from_regex(r"[A-Za-zÀ-ÿА-я0-9][A-Za-zÀ-ÿА-я0-9 .()'-]{0,12}", fullmatch=True)
NAME = st.from_regex(r"[A-ZÀ-ÖА-Я][a-zà-öа-я]{1,8}(-[A-Z][a-z]{1,5})?", fullmatch=True)

SUFFIXES = st.sampled_from(("", "", "Jr", "3rd"))
INITIALS = st.from_regex(r"[A-Z]{1,3}", fullmatch=True)
GROUPS = st.from_regex(r"[A-Z][a-z]{2,9} [a-z]{2,9}", fullmatch=True)
AUTHORS = st.one_of(
    st.tuples(NAME, NAME, SUFFIXES).map(lambda n: Author(n[0], n[1], "", n[2])),
    st.tuples(NAME, INITIALS).map(lambda n: Author(n[0], "", n[1])),
    GROUPS.map(lambda name: Author(collective=name)),
)
DATES = st.dates(date(2021, 1, 1), date(2021, 12, 31)).map(
    lambda day: PartialDate(2021, day.month, day.day, "day", "PubDate")
)
NUMBERS = st.integers(90_000_001, 99_999_999).map(str)

RECORDS = st.builds(
    Record,
    source=st.sampled_from(("pubmed", "europepmc", "crossref")),
    pmid=NUMBERS,
    doi=st.from_regex(r"10\.99999/[a-z0-9.()_:<>;-]{0,12}[a-z0-9]", fullmatch=True),
    pmcid=NUMBERS.map("PMC{}".format),
    title=TEXT,
    abstract=st.lists(TEXT.map(Section), max_size=2).map(tuple),
    year=st.just(2021),
    dates=st.lists(DATES, max_size=1).map(tuple),
    authors=st.lists(AUTHORS, max_size=3).map(tuple),
    journal=TEXT,
    volume=WORD,
    issue=WORD,
    pages=st.from_regex(r"[Se]?\d{1,4}(-\d{1,4})?", fullmatch=True),
    languages=st.just(("eng", "ger")),
    publication_types=st.lists(WORD.map(str.strip), max_size=2, unique=True).map(tuple),
    keywords=st.lists(WORD.map(Keyword), max_size=2).map(tuple),
    mesh=st.lists(WORD.map(MeshHeading), max_size=2).map(tuple),
    corrections=st.lists(
        st.tuples(st.sampled_from(("RetractionIn", "ErratumIn")), WORD, NUMBERS).map(
            lambda parts: Correction(*parts)
        ),
        max_size=1,
    ).map(tuple),
    accessions=st.just((Accession("ClinicalTrials.gov", "NCT90000001"),)),
)


def kept(record):
    """Return what every format must keep of a record, in one normal form."""
    said = record.dates[0] if record.dates else PartialDate(0)
    is_exact = said.precision in {"month", "day"} and said.year == record.year
    return {
        "pmid": record.pmid,
        "doi": record.doi,
        "pmcid": record.pmcid,
        "title": one_line(record.title),
        "abstract": abstract_text(record),
        "year": record.year,
        "date": said[:3] if is_exact else None,
        "authors": [named(author) for author in record.authors if author.valid],
        "journal": one_line(record.journal),
        "volume": one_line(record.volume),
        "issue": one_line(record.issue),
        "pages": full_pages(one_line(record.pages)),
        "languages": record.languages,
        "types": tuple(map(one_line, record.publication_types)),
    }


def named(author):
    """Return a person by parts, and as one text who has one name only."""
    fore = one_line(author.fore_name) or one_line(author.initials)
    if author.collective or not fore:
        return one_line(author.collective or author.last_name)
    return one_line(author.last_name), fore, one_line(author.suffix)
