"""Reference lists as people write them: one reference after the other, or bare ids.

Only what is sure is taken: DOI, PMID and PMCID as they stand in the text, and a title
that stands in quotation marks. The whole reference is kept as a note. One that names no
identifier cannot be looked up, and is told.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from assay.exchange.docx import read_docx
from assay.exchange.flat import Parsed, build
from assay.exchange.reading import number_lines, quoted, read_text
from assay.ids import normal_doi, normal_pmcid, normal_pmid
from assay.record import Record
from assay.search import Problem

SOURCE = "references"

_DOI = re.compile(
    r"(?<![\d.])10\.\d{4,9}(?:\.\d+)*/[^\s\"<>“”«»|]+?"
    r"(?=[\s\"<>“”«»|]|\.?(?:PMC?ID|Epub|https?:)|$)",
    re.IGNORECASE,
)
_PMID = re.compile(
    r"\bPMID\s*:?\s*(\d{1,9})\b|ncbi\.nlm\.nih\.gov/(?:pubmed/)?(\d{1,9})\b",
    re.IGNORECASE,
)
_PMCID = re.compile(r"(?<![A-Za-z0-9])PMC\s?\d{1,10}(?![0-9])", re.IGNORECASE)
_NUMBERED = re.compile(r"\s*(?:\[\d{1,5}\]|\(\d{1,5}\)|\d{1,5}[.)])\s+(?=\S)")
_TITLE = re.compile(r"[“\"]([^“”\"]{15,400})[”\"]")
_HEADING = re.compile(
    r"\W*(?:\d+\W+)?(?:references?|bibliography|works cited|literature(?: cited)?|"
    r"reference list|cited literature|further reading|sources)\W*",
    re.IGNORECASE,
)
_COLUMN = re.compile(r"\W*(?:pmids?|dois?|pmcids?|ids?)\W*", re.IGNORECASE)
SHORTEST_PMID = 5
"""Digits of a number that stands alone and is taken for a PMID; a shorter one is more
likely a page, a year or the number of the reference. "PMID: 12" is always one."""


class Passage(NamedTuple):
    """One paragraph or line of a text, and where it stands."""

    place: str
    text: str


def parse_references(data: bytes, name: str = "references") -> Parsed:
    r"""Return what a plain text names: references, or a list of DOIs and PMIDs.

    References are parted by empty lines or by their numbers, else each line is one.

    >>> parse_references(b"90000001\n10.99999/a, PMC9000001")[0][1].doi
    '10.99999/a'
    """
    read = read_text(data, name)
    passages = list(_passages(read.text, name))
    records, problems = _read(_after_heading(passages) or passages)
    if not records and not problems and not read.problems:
        problems = [Problem(where=name, what="it names no reference")]
    return tuple(records), (*read.problems, *problems)


def parse_docx(data: bytes, name: str = "document") -> Parsed:
    """Return what a Word document names under its heading "References" or the like.

    Without such a heading the identifiers of the whole text are taken, and this is
    told. What is no sound .docx, or would unpack to more than is read, is a problem.
    """
    read = read_docx(data, name)
    if read.problems:
        return (), read.problems
    passages = [
        Passage(f"{name}, paragraph {number}", text)
        for number, text in enumerate(read.paragraphs, 1)
        if text.strip()
    ]
    listed = _after_heading(passages)
    if listed:
        records, problems = _read(listed)
        return tuple(records), tuple(problems)
    named = [passage for passage in passages if _ids(passage.text)]
    records, _ = _read(named)
    problem = Problem(
        where=name,
        what="no heading such as “References” was found; "
        f"the identifiers of the whole text were taken ({len(records):,})",
    )
    return tuple(records), (problem,)


def _read(passages: Iterable[Passage]) -> tuple[list[Record], list[Problem]]:
    records: list[Record] = []
    problems: list[Problem] = []
    for place, text in passages:
        bare = _NUMBERED.sub("", text, count=1)
        alone = _alone(bare) or _alone(text)
        if alone:
            records += (build(SOURCE, {kind: [value]}) for kind, value in alone)
        elif _ids(bare):
            records.append(_record(bare))
        elif not _COLUMN.fullmatch(text):
            problems.append(
                Problem(
                    where=place,
                    what=f"{quoted(bare)} names no DOI, PMID or PMCID",
                    what_to_do="Look it up and add its DOI or PMID.",
                )
            )
    return records, problems


def _record(text: str) -> Record:
    values: dict[str, list[str]] = {"note": [f"Reference: {text}"]}
    for kind, value in _ids(text):
        values.setdefault(kind, []).append(value)
    titles = _TITLE.findall(text)
    if len(titles) == 1 and len(titles[0].split()) > 2:
        values["title"] = [titles[0].strip(" ,.")]
    return build(SOURCE, values)


def _ids(text: str) -> list[tuple[str, str]]:
    """Return the identifiers in a reference, (kind, normal form), each once."""
    found = [("doi", normal_doi(doi.rstrip("]}*'’"))) for doi in _DOI.findall(text)]
    found += [("pmid", normal_pmid(a or b)) for a, b in _PMID.findall(text)]
    found += [("pmcid", normal_pmcid(words)) for words in _PMCID.findall(text)]
    return [each for each in dict.fromkeys(found) if each[1]]


def _alone(text: str) -> list[tuple[str, str]]:
    """Return the identifiers of a line that holds nothing else, else none."""
    words = re.sub(r"(?i)\b(pmc?id|doi)\s*:\s*", r"\1:", text)
    found = [_one_id(word) for word in re.split(r"[\s,;|]+", words) if word]
    return list(dict.fromkeys(found)) if found and all(v for _, v in found) else []


def _one_id(word: str) -> tuple[str, str]:
    bare = word.strip("\"'()[]<>“”*•-")
    if pmcid := re.fullmatch(r"(?i)(?:pmcid:)?(pmc\d+)(?:\.\d+)?", bare):
        return "pmcid", normal_pmcid(pmcid[1])
    if doi := normal_doi(bare):
        return "doi", doi
    if bare.isdecimal() and len(bare) < SHORTEST_PMID:
        return "pmid", ""
    return "pmid", normal_pmid(bare)


def _after_heading(passages: list[Passage]) -> list[Passage]:
    """Return what follows the last heading of a reference list; () without one."""
    headings = [at for at, p in enumerate(passages) if _HEADING.fullmatch(p.text)]
    return passages[headings[-1] + 1 :] if headings else []


def _passages(text: str, name: str) -> Iterator[Passage]:
    """Yield the references of a text with the lines that they begin at."""
    blocks: list[list[tuple[int, str]]] = [[]]
    for number, line in number_lines(text):
        if line.strip():
            blocks[-1].append((number, line.strip()))
        elif blocks[-1]:
            blocks.append([])
    blocks = [block for block in blocks if block]
    for block in blocks:
        for group in _groups(block, alone=len(blocks) == 1):
            place = f"{name}, line {group[0][0]}"
            yield Passage(place, " ".join(line for _, line in group))


def _groups(
    block: list[tuple[int, str]], *, alone: bool
) -> Iterator[list[tuple[int, str]]]:
    """Yield the lines of each reference in lines without an empty one between them."""
    numbered = any(_NUMBERED.match(line) for _, line in block)
    each = (alone and not numbered) or all(_ids(t) or _alone(t) for _, t in block)
    group: list[tuple[int, str]] = []
    for number, line in block:
        starts = each or _NUMBERED.match(line) or _HEADING.fullmatch(line)
        if group and (starts or _HEADING.fullmatch(group[-1][1])):
            yield group
            group = []
        group.append((number, line))
    if group:
        yield group
