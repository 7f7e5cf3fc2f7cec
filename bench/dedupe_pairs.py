"""Hard pairs of records with their truth, made from NLM's own files.

The truth is in the identifiers: two records with two PMIDs are two. Then they are told
as different services tell them (Crossref, OpenAlex, Europe PMC), and their identifiers
are hidden. A pair that is one and the same is one record told by two services.

One half of the files' journals is for tuning, the other is held out, so that an article
and its erratum or letters lie in one half.
"""

import gzip
import random
import re
import unicodedata
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from assay.record import Author, Record, Section
from assay.sources.pubmed_xml import iter_records

FILES = ("pubmed20n0014.xml.gz", "pubmed21n1298.xml.gz")
SAME, APART = True, False
CHUNK = 1 << 18
SMALL = frozenset("a an and as at by for from in into of on or the to with".split())


class Pair(NamedTuple):
    """Two descriptions, whether they are of one record, and how they came about."""

    one: Record
    other: Record
    same: bool
    kind: str


def read_half(folder: Path, half: str, files: tuple[str, ...] = FILES) -> list[Record]:
    """Return the records of one half ("tuning" or "held-out") of the files."""
    found = {}
    for name in files:
        for record in read_file(Path(folder) / name):
            if (crc32(record.journal.encode()) % 2 == 0) == (half == "tuning"):
                found[record.pmid] = record
    return list(found.values())


def read_file(path: Path) -> list[Record]:
    """Return the records of one PubMed file."""

    def chunks():
        with gzip.open(path, "rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    return [item for item in iter_records(chunks()) if isinstance(item, Record)]


def build_pairs(records: list[Record], wanted: int, seed: str) -> list[Pair]:
    """Return so many hard pairs, half of them one and the same record."""
    chance = random.Random(seed)
    apart = list(_apart(records, chance))
    chance.shuffle(apart)
    kept = _balanced(apart, wanted // 2)
    pairs = [Pair(*_told_apart(a, b, chance), APART, kind) for kind, a, b in kept]
    hard = [a for _, a, _ in kept if a.title and a.source == "pubmed"]
    plain = [r for r in records if r.title]
    for at in range(wanted - len(pairs)):
        record = chance.choice(hard if at % 2 else plain)
        kind = "hard" if at % 2 else "any"
        pairs.append(Pair(*_told_twice(record, chance), SAME, f"same, {kind}"))
    chance.shuffle(pairs)
    return pairs


def _balanced(apart, wanted):
    """Take from each kind in turn, until there are enough or no more."""
    kinds = defaultdict(list)
    for item in apart:
        kinds[item[0]].append(item)
    taken = []
    while len(taken) < wanted and any(kinds.values()):
        for rest in kinds.values():
            if rest and len(taken) < wanted:
                taken.append(rest.pop())
    return taken


def _apart(records, chance):
    """Yield (kind, one, other): records that are two although they look like one."""
    by_pmid = {r.pmid: r for r in records}
    met = set()
    for record in records:
        for link in record.corrections:
            other = by_pmid.get(link.pmid)
            pair = frozenset((record.pmid, link.pmid))
            if other and pair not in met and record.title and other.title:
                met.add(pair)
                yield _LINKS.get(link.ref_type, "linked"), record, other
    for kind, one, other in _lookalikes(records):
        pair = frozenset((one.pmid, other.pmid))
        if pair not in met and not is_twin(one, other):
            met.add(pair)
            yield kind, one, other
    articles = [r for r in records if len(r.title) > 40 and r.volume and r.pages]
    for make in (_abstract_of, _preprint_of, _next_year, _translated):
        for record in chance.sample(articles, min(150, len(articles))):
            yield make(record, chance)


_LINKS = {
    "ErratumIn": "erratum", "ErratumFor": "erratum", "CommentIn": "comment",
    "CommentOn": "comment", "RetractionIn": "retraction", "RetractionOf": "retraction",
    "UpdateIn": "version", "UpdateOf": "version",
}  # fmt: skip


def _lookalikes(records):
    """Yield records of one title, or of one first author and nearly one title."""
    titles, authors = defaultdict(list), defaultdict(list)
    for record in records:
        words = re.findall(r"[a-z0-9]+", record.title.lower())
        if words:
            titles[" ".join(words)].append(record)
        if len(words) > 3 and record.authors:
            name = record.authors[0]
            authors[name.last_name, name.initials, record.journal].append(record)
    for same in titles.values():
        for one, other in pairwise(same):
            yield "same title", one, other
    for same in authors.values():
        for one, other in pairwise(same):
            a, b = ({*r.title.lower().split()} for r in (one, other))
            if len(a & b) >= 0.6 * max(len(a), len(b)):
                yield "companion", one, other


def is_twin(one: Record, other: Record) -> bool:
    """Say whether NLM gave one article two PMIDs: nothing else tells them apart.

    An edition in another language on the same pages, or a slip of the index. With
    their PMIDs shown they stay two; with them hidden nobody could tell.
    """
    titles = [re.findall(r"[a-z0-9]+", r.title.lower()) for r in (one, other)]
    first = [r.authors[0][:2] if r.authors else () for r in (one, other)]
    places = [
        (r.volume, re.findall(r"[a-z]*\d+", r.pages.lower())[:1]) for r in (one, other)
    ]
    alike = places[0] == places[1] or not all(map(any, places))
    return alike and (titles[0] == titles[1] or first[0] == first[1])


def _abstract_of(record, chance):
    """Make the conference abstract that came before an article."""
    start = chance.randint(1, 900)
    told = replace(
        record, pmid="", doi="", pmcid="", identifiers=(), mesh=(), corrections=(),
        journal=f"{record.journal} Meeting Abstracts", source="made",
        journal_abbreviation="", issn="", year=(record.year or 2000) - 1,
        volume=str(chance.randint(1, 99)), issue="suppl 1", pages=f"S{start}",
        abstract=record.abstract if chance.random() < 0.3 else (),
    )  # fmt: skip
    return "conference abstract", record, told


def _preprint_of(record, chance):
    """Make the preprint that came before an article."""
    told = replace(
        record, pmid="", doi="", pmcid="", identifiers=(), mesh=(), corrections=(),
        journal="medRxiv", journal_abbreviation="medRxiv", issn="", volume="",
        issue="", pages="", year=(record.year or 2000) - chance.randint(0, 1),
        publication_types=("Preprint",), source="made",
    )  # fmt: skip
    return "preprint", record, told


def _next_year(record, chance):
    """Make next year's piece of the same title (a yearly report)."""
    volume = re.search(r"\d+", record.volume)
    told = replace(
        record, pmid="", doi="", pmcid="", identifiers=(), mesh=(), corrections=(),
        year=(record.year or 2000) + 1, abstract=(), source="made",
        volume=str(int(volume[0]) + 1) if volume else "2",
        pages=str(chance.randint(1000, 1900)),
    )  # fmt: skip
    return "another year", record, told


def _translated(record, chance):
    """Make the same article in a journal's edition of another language."""
    told = replace(
        record, pmid="", doi="", pmcid="", identifiers=(), mesh=(), corrections=(),
        journal=f"{record.journal} (Edicion Invented)", journal_abbreviation="",
        issn="", title=_shuffled(record.title, chance), languages=("spa",),
        pages=str(chance.randint(1000, 1900)), abstract=(), source="made",
    )  # fmt: skip
    return "translation", record, told


def _shuffled(title, chance):
    """Return a title as a translation back would give it: other order, some words."""
    words = title.rstrip(".").split()
    at = chance.randint(1, max(1, len(words) - 1))
    return " ".join(words[at:] + words[:at])


# --- how services tell a record ----------------------------------------------


def _told(record, chance):
    return chance.choice((as_crossref, as_openalex, as_europepmc))(record, chance)


def _told_apart(one, other, chance):
    """Tell two records, again if nothing that is told would tell them apart."""
    for _ in range(20):
        told = _told(one, chance), _told(other, chance)
        if one.journal != other.journal or _differ(*told):
            break
    return told


def _differ(one, other):
    """Say whether a field that both tell differs (the year may by itself)."""

    def parts(r):
        title = re.sub(r"[^a-z0-9]", "", r.title.lower())
        return title, len(r.authors), r.volume, r.issue, r.pages.split("-")[0]

    both = zip(parts(one), parts(other), strict=True)
    types = {one.source, other.source} <= {"pubmed", "europepmc"}
    typed = types and one.publication_types != other.publication_types
    return typed or any(a and b and not _begins_alike(a, b) for a, b in both)


def _begins_alike(a, b):
    """Say whether two values are one: titles also where a subtitle was cut."""
    long = isinstance(a, str) and min(len(a), len(b)) > 12
    return a == b or (long and (a.startswith(b) or b.startswith(a)))


def _told_twice(record, chance):
    ways = chance.sample((as_crossref, as_openalex, as_europepmc, as_pubmed), 2)
    one, other = (way(record, chance) for way in ways)
    if chance.random() < 0.3:  # an identifier each, but none that both know
        one = replace(one, pmid=record.pmid)
        other = replace(other, doi=record.doi)
    return one, other


def as_pubmed(record: Record, _chance: random.Random) -> Record:
    """Return a record as PubMed tells it, its identifiers hidden."""
    return replace(
        record, pmid="", doi="", pmcid="", identifiers=(), corrections=(),
        accessions=(), references=(),
    )  # fmt: skip


def as_crossref(record: Record, chance: random.Random) -> Record:
    """Return a record as Crossref tells it, its identifiers hidden."""
    title = record.title.rstrip(".")
    if chance.random() < 0.3:
        title = _title_case(title)
    if chance.random() < 0.1 and ": " in title:
        title = title.split(": ", 1)[0]
    if chance.random() < 0.15:
        title = _bare(title)
    return _bones(
        record, "crossref", chance, title=title, types=("journal-article",),
        journal=record.journal, abstract=0.4, authors=_given(record, chance),
        issn=record.issn,
    )  # fmt: skip


def as_openalex(record: Record, chance: random.Random) -> Record:
    """Return a record as OpenAlex tells it, its identifiers hidden."""
    authors = tuple(
        replace_author(a, fore_name=a.fore_name.title(), initials="")
        for a in record.authors
    )
    return _bones(
        record, "openalex", chance, title=record.title.rstrip("."), types=("article",),
        journal=record.journal, abstract=0.7, authors=authors, issn=record.issn,
    )  # fmt: skip


def as_europepmc(record: Record, chance: random.Random) -> Record:
    """Return a record as Europe PMC tells it, its identifiers hidden."""
    authors = tuple(replace_author(a, fore_name="") for a in record.authors)
    journal = record.journal_abbreviation or record.journal
    return _bones(
        record, "europepmc", chance, title=record.title.strip("[]"), journal=journal,
        types=record.publication_types, abstract=0.8, authors=authors, issn="",
    )  # fmt: skip


def replace_author(author: Author, **parts: str) -> Author:
    """Return an author without affiliations and ids, with other parts."""
    return author._replace(affiliations=(), identifiers=(), **parts)


def _bones(record, source, chance, *, title, types, journal, abstract, authors, issn):
    """Return what a service keeps of a record, with what it now and then loses."""
    year, pages = record.year, record.pages
    if year and chance.random() < 0.1:
        year += chance.choice((-1, 1))
    if chance.random() < (0.04 if source == "europepmc" else 0.12):
        pages = ""
    elif chance.random() < 0.1:
        pages = pages.split("-")[0]
    preprint = "Preprint" in record.publication_types
    return Record(
        source=source,
        title=title,
        authors=authors,
        year=year,
        journal=journal,
        issn=issn if chance.random() < 0.8 else "",
        volume=record.volume if chance.random() < 0.92 else "",
        issue=record.issue if chance.random() < 0.7 else "",
        pages=pages,
        abstract=_cut(record.abstract) if chance.random() < abstract else (),
        publication_types=("preprint",) if preprint else types,
    )


def _cut(abstract):
    text = " ".join(section.text for section in abstract)
    return (Section(text),) if text else ()


def _given(record, chance):
    bare = chance.random() < 0.15
    short = chance.random() < 0.2
    return tuple(
        replace_author(
            a,
            last_name=_bare(a.last_name) if bare else a.last_name,
            fore_name=a.initials if short else a.fore_name,
            initials="",
        )
        for a in record.authors
    )


def _bare(text: str) -> str:
    """Return a text without diacritics, as old systems wrote it."""
    spread = unicodedata.normalize("NFKD", text)
    return "".join(c for c in spread if not unicodedata.combining(c))


def _title_case(title: str) -> str:
    words = title.split()
    return " ".join(
        w if at and w.lower() in SMALL else w[:1].upper() + w[1:]
        for at, w in enumerate(words)
    )
