"""Small invented files of NLM's kind, as partitions that the mirror can load."""

import hashlib

from assay.edge.mirror_generation import make_generation
from assay.edge.mirror_load import load_partition
from assay.edge.zstd_rows import RowPacker
from assay.library.nlm_files import Partition, Row, parse_nlm_name

WHEN = "2026-11-23T09:00:00+00:00"
PACKER = RowPacker()


def article(pmid, version=1, words="tea", doi="", retracted=False, year=0, of=0):
    """Return the XML of one invented record; `of`: what it is a retraction of."""
    ids = f'<ArticleId IdType="doi">{doi}</ArticleId>' if doi else ""
    pmid_of = f'<PMID Version="1">{of}</PMID>' if of else ""
    notice = (
        "<CommentsCorrectionsList><CommentsCorrections "
        f'RefType="Retraction{"Of" if of else "In"}">'
        f"<RefSource>J Invent Results. 2026</RefSource>{pmid_of}"
        "</CommentsCorrections></CommentsCorrectionsList>"
    )
    revised = f"<DateRevised><Year>{year}</Year></DateRevised>" if year else ""
    return (
        '<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM">'
        f'<PMID Version="{version}">{pmid}</PMID>{revised}<Article PubModel="Print">'
        "<Journal><JournalIssue><PubDate><Year>2026</Year></PubDate></JournalIssue>"
        "<Title>Journal of Invented Results</Title></Journal>"
        f"<ArticleTitle>On {words}</ArticleTitle></Article>"
        f"{notice if retracted or of else ''}</MedlineCitation>"
        "<PubmedData><ArticleIdList>"
        f'<ArticleId IdType="pubmed">{pmid}</ArticleId>{ids}'
        "</ArticleIdList></PubmedData></PubmedArticle>"
    ).encode()


def record(
    position, pmid, version=1, words="tea", doi="", retracted=False, year=0, of=0
):
    """Return the row of an invented record."""
    names = (f"doi:{doi}",) if doi else ()
    xml = article(pmid, version, words, doi, retracted, year, of)
    document = b'{"title": ["%s"]}' % words.encode()
    value = PACKER.pack(xml)
    return Row(position, pmid, version, False, value, names, document)


def withdrawal(position, pmid):
    """Return the row of a withdrawal."""
    return Row(position, pmid, 0, True, None)


def partition(name, rows):
    """Return the done-marker of rows."""
    told = repr([row[:4] for row in rows]).encode()
    gone = sum(row.withdrawn for row in rows)
    md5 = hashlib.md5(told, usedforsecurity=False).hexdigest()
    return Partition(name, md5, "", len(rows) - gone, gone)


def load(generation, name, rows, when=WHEN):
    """Load rows as one of NLM's files; return the outcome."""
    return load_partition(generation, partition(name, rows), iter(rows), when)


def make_mirror(folder, *files, name="mixed"):
    """Make a mirror of files, each (name, rows); return its generation's folder."""
    generation = make_generation(folder, name, lambda: b"")
    for file, rows in files:
        load(generation, file, rows)
    return generation


def place(file, position):
    """Return the place of a row, by the rule itself."""
    known = parse_nlm_name(file)
    return (known.year * 100_000 + known.number) * (1 << 24) + position
