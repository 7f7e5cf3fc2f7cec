"""einfo's replies: the one database, its fields, its links, how many records it has."""

from typing import NamedTuple

from assay.output.eutils import DATABASE, Reply, render_json, render_xml
from assay.output.eutils_elink import LINK_NAMES
from assay.output.xml_text import around, tag

_FIELDS = """
ALL All Fields
UID UID #1
FILT Filter 1
TITL Title
MESH MeSH Terms 1h
MAJR MeSH Major Topic 1h
JOUR Journal 1
AFFL Affiliation
ECNO EC/RN Number 1
SUBS Supplementary Concept 1
PDAT Date - Publication d1
EDAT Date - Entry d1
VOL Volume 1
PAGE Pagination 1
PTYP Publication Type 1h
LANG Language 1
ISS Issue 1
SUBH MeSH Subheading 1h
SI Secondary Source ID 1
MHDA Date - MeSH d1
TIAB Title/Abstract
OTRM Other Term
AUTH Author
COLN Author - Corporate
CNTY Place of Publication 1
GRNT Grants and Funding
MDAT Date - Modification d1
CDAT Date - Completion d1
FAUT Author - First 1
FULL Author - Full 1
INVR Investigator
TT Transliterated Title
LAUT Author - Last 1
PPDT Print Publication Date d1
EPDT Electronic Publication Date d1
LID Location ID 1
CRDT Date - Create d1
BOOK Book
ED Editor
ISBN ISBN 1
PUBN Publisher
EID Extended PMID 1
AUID Author - Identifier 1
PS Subject - Personal Name
COIS Conflict of Interest Statements
WORD Text Word
"""
"""Short name, full name and marks: d date, # number, 1 one value, h hierarchy."""


class Info(NamedTuple):
    """What there is to say of the records that are served."""

    records: int
    build: str
    """What the records are made of, in one line."""
    updated: str
    """When records came in last, YYYY/MM/DD HH:MM; "" when nothing is known."""


def render_databases(*, as_json: bool) -> Reply:
    """Return the list of databases: PubMed and no other."""
    if as_json:
        return render_json("einfo", "einforesult", {"dblist": [DATABASE]})
    names = around("DbList", f"\n\t{tag('DbName', DATABASE)}\n")
    return render_xml("eInfoResult", f"\n{names}\n")


def render_info(info: Info, *, as_json: bool, second: bool = False) -> Reply:
    """Return fields, links and the number of records; `second` is version 2.0."""
    about = {
        "DbName": DATABASE,
        "MenuName": "PubMed",
        "Description": "PubMed records at hand, served by assay",
        "DbBuild": info.build,
        "Count": str(info.records),
        "LastUpdate": info.updated,
    }
    fields = [_field(line, second=second) for line in _FIELDS.split("\n") if line]
    links = [_link(name) for name in LINK_NAMES]
    if as_json:
        lowered = {name.lower(): value for name, value in about.items()}
        lists = {"fieldlist": _lowered(fields), "linklist": _lowered(links)}
        result = {"dbinfo": [lowered | lists]}
        return render_json("einfo", "einforesult", result)
    inside = "".join(f"\t\t{tag(n, v)}\n" for n, v in about.items())
    inside += around("FieldList", _listed("Field", fields)) + "\n"
    inside += around("LinkList", _listed("Link", links)) + "\n"
    return render_xml("eInfoResult", f"\n{around('DbInfo', chr(10) + inside)}\n")


def _field(line: str, *, second: bool) -> dict[str, str]:
    name, _, full = line.partition(" ")
    words = full.split(" ")
    marks = words.pop() if set(words[-1]) <= set("d#1h") else ""
    said = {
        "Name": name,
        "FullName": " ".join(words),
        "Description": " ".join(words),
        "TermCount": "",
        "IsDate": _yes("d" in marks),
        "IsNumerical": _yes("#" in marks),
        "SingleToken": _yes("1" in marks),
        "Hierarchy": _yes("h" in marks),
        "IsHidden": _yes(name == "UID"),
    }
    ranges = {
        "IsRangable": _yes("d" in marks or "#" in marks),
        "IsTruncatable": _yes("d" not in marks and "#" not in marks),
    }
    return said | ranges if second else said


def _link(name: str) -> dict[str, str]:
    said = name.removeprefix("pubmed_pubmed_")
    menu = {"refs": "References", "citedin": "Cited In"}[said]
    meaning = {
        "refs": "The works that the record cites",
        "citedin": "The records at hand that cite it",
    }[said]
    return {"Name": name, "Menu": menu, "Description": meaning, "DbTo": DATABASE}


def _lowered(entries: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{name.lower(): value for name, value in e.items()} for e in entries]


def _listed(name: str, entries: list[dict[str, str]]) -> str:
    return "".join(
        "\n" + around(name, "".join(tag(n, v) for n, v in entry.items()))
        for entry in entries
    )


def _yes(truth: bool) -> str:
    return "Y" if truth else "N"
