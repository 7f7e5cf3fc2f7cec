"""What other programs' own readers get back from the files that assay writes.

rispy, bibtexparser, citeproc-py, Biopython and pandas are installed for the tests;
ASReview is not (it is large): its part is skipped, and says so.
"""

import io
import json
import re
from dataclasses import replace
from functools import cache

import bibtexparser
import pandas as pd
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors
from Bio import Medline
from citeproc.source.json import CiteProcJSON

from assay.exchange.bibtex import render_bibtex
from assay.exchange.csl import render_csl
from assay.exchange.csv import render_csv
from assay.exchange.flat import flatten
from assay.exchange.nbib import render_nbib
from assay.exchange.parquet import render_parquet
from assay.exchange.ris import render_ris
from assay.record import Record
from assay.sources.pubmed_xml import iter_records
from tests.standin import invented_xml


@cache
def of_file(path):
    return [r for r in iter_records([path.read_bytes()]) if isinstance(r, Record)]


@pytest.fixture
def invented():
    return [r for r in iter_records([invented_xml()]) if isinstance(r, Record)]


@pytest.fixture
def real(shared):
    return [
        record
        for name in ("topic_all.xml", "edge.xml")
        for record in of_file(shared / "pubmed" / name)
    ]


def wanted(record):
    """Return the six fields that no reader may lose; authors by their last names."""
    flat = flatten(record)
    return {
        "title": "".join(flat.get("title", ())),
        "authors": [name.split(",")[0] for name in flat.get("author", ())],
        "year": "".join(flat.get("year", ())),
        "doi": record.doi,
        "pmid": record.pmid,
        "abstract": "".join(flat.get("abstract", ())),
    }


def compare(records, read):
    """Check that a reader has every field of every record."""
    assert len(read) == len(records)
    for record, fields in zip(records, read, strict=True):
        assert fields == wanted(record)


def by_rispy(text):
    for item in rispy.loads(text.replace("\r\n", "\n")):
        yield {
            "title": item.get("title", ""),
            "authors": [name.split(",")[0] for name in item.get("authors", ())],
            "year": item.get("year", ""),
            "doi": item.get("doi", ""),
            "pmid": item.get("accession_number", ""),
            "abstract": item.get("abstract", ""),
        }


def by_bibtexparser(text):
    library = bibtexparser.parse_string(
        text, append_middleware=[SeparateCoAuthors(), LatexDecodingMiddleware()]
    )
    assert not library.failed_blocks
    for entry in library.entries:
        fields = {field.key: field.value for field in entry.fields}
        yield {
            "title": fields.get("title", ""),
            "authors": [
                name.strip("{}").split(",")[0] for name in fields.get("author", ())
            ],
            "year": fields.get("year", ""),
            "doi": fields.get("doi", ""),
            "pmid": fields.get("pmid", ""),
            "abstract": fields.get("abstract", ""),
        }


def by_citeproc(text):
    items = json.loads(text)
    source = CiteProcJSON(items)
    for item in items:
        read = source[item["id"].lower()]
        authors = read.get("author", ())
        yield {
            "title": str(read.get("title", "")),
            "authors": [
                str(name.get("family") or name.get("literal")) for name in authors
            ],
            "year": str(read.issued.year) if "issued" in read else "",
            "doi": str(read.get("DOI", "")),
            "pmid": str(read.get("PMID", "")),
            "abstract": str(read.get("abstract", "")),
        }


def by_biopython(text):
    for item in Medline.parse(io.StringIO(text)):
        dois = [each for each in item.get("AID", ()) if each.endswith(" [doi]")]
        yield {
            "title": item.get("TI", ""),
            "authors": [name.split(",")[0] for name in item.get("FAU", ())],
            "year": "".join(re.findall(r"\d{4}", item.get("DP", ""))[:1]),
            "doi": dois[0].removesuffix(" [doi]") if dois else "",
            "pmid": item.get("PMID", ""),
            "abstract": item.get("AB", ""),
        }


def by_pandas(table):
    for _, row in table.iterrows():
        authors = row["authors"].split("; ") if row["authors"] else []
        yield {
            "title": row["title"],
            "authors": [name.split(",")[0] for name in authors],
            "year": str(row["year"]),
            "doi": row["doi"],
            "pmid": row["pmid"],
            "abstract": row["abstract"],
        }


def read_by_asreview(path):
    """Return what ASReview's own reader has; its Record knows no PMID."""
    loader = pytest.importorskip("asreview.data.loader", reason=NO_ASREVIEW)
    for item in loader.load_records(path):
        yield {
            "title": item.title or "",
            "authors": [name.split(",")[0].strip() for name in item.authors],
            "year": str(item.year or ""),
            "doi": item.doi or "",
            "abstract": item.abstract or "",
        }


NO_ASREVIEW = (
    "asreview is not installed (pip install asreview: about 490 MB with what it needs)"
)
READERS = {
    "rispy": (render_ris, by_rispy),
    "bibtexparser": (render_bibtex, by_bibtexparser),
    "citeproc-py": (render_csl, by_citeproc),
}
each_reader = pytest.mark.parametrize(("write", "read"), READERS.values(), ids=READERS)


@each_reader
def test_other_readers_have_every_field_of_invented_records(write, read, invented):
    compare(invented, list(read(write(invented))))


@each_reader
def test_other_readers_have_every_field_of_real_records(write, read, real):
    some = real[::4]  # bibtexparser's LaTeX takes 10 s for all of them
    compare(some, list(read(write(some))))


@pytest.mark.long
@each_reader
def test_other_readers_have_every_field_of_all_real_records(write, read, real):
    compare(real, list(read(write(real))))


def test_biopython_has_every_field_but_the_order_of_groups(invented, real):
    records = [
        replace(record, authors=tuple(a for a in record.authors if not a.collective))
        for record in (*invented, *real)
    ]
    compare(records, list(by_biopython(render_nbib(records))))


def test_pandas_has_every_field_of_the_tables(invented, real):
    records = invented + real
    text = dict.fromkeys(("pmid", "year"), str)
    table = pd.read_csv(
        io.StringIO(render_csv(records)), dtype=text, keep_default_na=False
    )
    read = list(by_pandas(table))
    for fields in read:
        guarded = fields["title"].startswith(("'=", "'+", "'-", "'@"))
        fields["title"] = fields["title"][1:] if guarded else fields["title"]
    compare(records, read)


def test_pandas_reads_the_same_from_parquet(invented, real):
    pytest.importorskip("pyarrow", reason="pyarrow is not installed: assay[parquet]")
    records = invented + real
    table = pd.read_parquet(io.BytesIO(render_parquet(records)))
    assert str(table["year"].dtype) == "int32"
    compare(records, list(by_pandas(table)))


@pytest.mark.parametrize(
    ("ending", "write"), [(".ris", render_ris), (".csv", render_csv)]
)
def test_asreview_has_every_field_it_knows(invented, real, tmp_path, ending, write):
    records = [r for r in invented + real if r.title or r.abstract]
    path = tmp_path / f"records{ending}"
    path.write_text(write(records), encoding="utf-8", newline="")
    read = list(read_by_asreview(path))
    assert len(read) == len(records)
    for record, fields in zip(records, read, strict=True):
        expected = {name: wanted(record)[name] for name in fields}
        assert fields == expected
