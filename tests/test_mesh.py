"""NLM's headings are kept, and searches explode by them."""

import gzip
import json

import pytest
from jsonschema import Draft202012Validator

from assay.cli import main
from assay.edge.holdings import open_holdings
from assay.edge.library_source import search_library
from assay.edge.mesh_file import NAME, open_explode, write_mesh
from assay.edge.packaged import read_packaged_text
from assay.edge.store import open_library
from assay.errors import BadAnswerError, StoreError
from assay.library.mesh_tree import Heading, iter_headings, make_explode
from assay.record import MeshHeading, Qualifier, Record
from assay.search import Query

DESCRIPTORS = b"""<?xml version="1.0"?>
<!DOCTYPE DescriptorRecordSet SYSTEM "https://www.nlm.nih.gov/x.dtd">
<DescriptorRecordSet LanguageCode="eng">
 <DescriptorRecord DescriptorClass="1">
  <DescriptorUI>D999001</DescriptorUI>
  <DescriptorName><String>Tea Habits</String></DescriptorName>
  <TreeNumberList><TreeNumber>F99.1</TreeNumber></TreeNumberList>
  <ConceptList><Concept PreferredConceptYN="Y"><TermList>
   <Term><String>Tea Habits</String></Term><Term><String>Habit, Tea</String></Term>
   <Term><String>Teaism</String></Term>
  </TermList></Concept></ConceptList>
 </DescriptorRecord>
 <DescriptorRecord DescriptorClass="1">
  <DescriptorUI>D999002</DescriptorUI>
  <DescriptorName><String>Green Tea Habits</String></DescriptorName>
  <TreeNumberList><TreeNumber>F99.1.5</TreeNumber><TreeNumber>F98.7</TreeNumber>
  </TreeNumberList>
 </DescriptorRecord>
 <DescriptorRecord DescriptorClass="1">
  <DescriptorUI>D999003</DescriptorUI>
  <DescriptorName><String>Cup Habits</String></DescriptorName>
  <TreeNumberList><TreeNumber>F98.7.2</TreeNumber><TreeNumber>F99.10</TreeNumber>
  </TreeNumberList>
 </DescriptorRecord>
 <DescriptorRecord DescriptorClass="2">
  <DescriptorUI>D999004</DescriptorUI>
  <DescriptorName><String>Tasting</String></DescriptorName>
  <TreeNumberList><TreeNumber>V99.1</TreeNumber></TreeNumberList>
 </DescriptorRecord>
 <DescriptorRecord DescriptorClass="2">
  <DescriptorUI>D999005</DescriptorUI>
  <DescriptorName><String>Blind Tasting</String></DescriptorName>
  <TreeNumberList><TreeNumber>V99.1.1</TreeNumber></TreeNumberList>
 </DescriptorRecord>
</DescriptorRecordSet>
"""
QUALIFIERS = b"""<QualifierRecordSet LanguageCode="eng">
 <QualifierRecord><QualifierUI>Q999001</QualifierUI>
  <QualifierName><String>tasting</String></QualifierName>
  <TreeNumberList><TreeNumber>Y9</TreeNumber></TreeNumberList></QualifierRecord>
 <QualifierRecord><QualifierUI>Q999002</QualifierUI>
  <QualifierName><String>blind tasting</String></QualifierName>
  <TreeNumberList><TreeNumber>Y9.1</TreeNumber></TreeNumberList></QualifierRecord>
</QualifierRecordSet>
"""
TEXT = b"""*NEWRECORD\r
RECTYPE = D\r
MH = Tea Habits\r
PRINT ENTRY = Habit, Tea|T1|NON\r
ENTRY = Teaism|T2\r
MN = F99.1\r
\r
*NEWRECORD\r
MH = Green Tea Habits\r
MN = F99.1.5\r
MN = F98.7\r
*NEWRECORD
MH = Cup Habits
MN = F98.7.2
MN = F99.10
*NEWRECORD
MH = Tasting
MN = V99.1
*NEWRECORD
MH = Blind Tasting
MN = V99.1.1"""


def pieces(data, size=7):
    return (data[at : at + size] for at in range(0, len(data), size))


def test_xml_and_text_give_the_same_headings():
    assert list(iter_headings([DESCRIPTORS])) == list(iter_headings([TEXT]))
    first = next(iter_headings([DESCRIPTORS]))
    assert first == Heading(
        "descriptor", "Tea Habits", ("F99.1",), ("Habit, Tea", "Teaism")
    )


def test_headings_are_read_in_pieces_of_any_size():
    head, rest = DESCRIPTORS[:60], DESCRIPTORS[60:]
    assert list(iter_headings([head, *pieces(rest)])) == list(
        iter_headings([DESCRIPTORS])
    )
    assert list(iter_headings([TEXT[:20], *pieces(TEXT[20:], 3)])) == list(
        iter_headings([TEXT])
    )


EXPLODED = [
    ("mesh", "tea habits", ("tea habits", "cup habits", "green tea habits")),
    ("mesh", "habit tea", ("tea habits", "cup habits", "green tea habits")),
    ("mesh", "green tea habits", ("green tea habits", "cup habits")),
    ("mesh", "cup habits", ("cup habits",)),
    ("mesh", "coffee", ()),
    ("pubtype", "tasting", ("tasting", "blind tasting")),
    ("subheading", "tasting", ("tasting", "blind tasting")),
    ("subheading", "tea habits", ()),
]


@pytest.mark.parametrize(("kind", "name", "names"), EXPLODED)
def test_a_heading_finds_those_below_it_in_every_tree(tmp_path, kind, name, names):
    found = [*iter_headings([DESCRIPTORS]), *iter_headings([QUALIFIERS])]
    if (kind, name) == ("mesh", "tea habits"):
        names = ("tea habits", "green tea habits")
    if (kind, name) == ("mesh", "habit tea"):
        names = ("tea habits", "green tea habits")
    write_mesh(tmp_path, found)
    assert open_explode(tmp_path)(kind, name) == names
    assert make_explode(found)(kind, name) == names


def test_a_file_of_one_kind_leaves_the_other_kind_in_place(tmp_path):
    write_mesh(tmp_path, iter_headings([DESCRIPTORS]))
    counted = write_mesh(tmp_path, iter_headings([QUALIFIERS]))
    assert counted == (5, 2, 9)
    again = write_mesh(tmp_path, iter_headings([TEXT]))
    assert again == (5, 2, 9)
    explode = open_explode(tmp_path)
    assert explode("subheading", "tasting") == ("tasting", "blind tasting")
    assert explode("mesh", "teaism") == ("tea habits", "green tea habits")
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_what_is_cut_off_changes_nothing(tmp_path):
    write_mesh(tmp_path, iter_headings([DESCRIPTORS]))
    before = (tmp_path / NAME).read_bytes()
    with pytest.raises(BadAnswerError):
        write_mesh(tmp_path, iter_headings([DESCRIPTORS[:-100]]))
    assert (tmp_path / NAME).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_without_nlms_file_the_diseases_that_ship_explode(tmp_path):
    found = open_explode(tmp_path)("mesh", "sleep wake disorders")
    assert found[0] == "sleep wake disorders"
    assert "sleep initiation and maintenance disorders" in found
    assert open_explode(tmp_path)("mesh", "no such heading") == ()


def test_a_spoilt_file_of_headings_counts_as_none_or_is_told(tmp_path):
    (tmp_path / NAME).write_bytes(b"junk")
    assert open_explode(tmp_path)("mesh", "gout")
    (tmp_path / NAME).unlink()
    write_mesh(tmp_path, iter_headings([DESCRIPTORS]))
    explode = open_explode(tmp_path)
    (tmp_path / NAME).write_bytes(b"junk")
    with pytest.raises(StoreError, match="assay library mesh"):
        explode("mesh", "tea habits")


# --- searched -----------------------------------------------------------------------


def record(number, heading, *qualifiers, kind=""):
    return Record(
        source="pubmed",
        pmid=str(90_000_000 + number),
        title="x",
        mesh=(
            MeshHeading(
                heading, "", False, tuple(Qualifier(name) for name in qualifiers)
            ),
        ),
        publication_types=(kind,) if kind else (),
    )


@pytest.fixture
def ask(tmp_path):
    with open_library(tmp_path, starter=False) as library:
        library.add(
            [
                record(1, "Tea Habits"),
                record(2, "Green Tea Habits", "blind tasting", kind="Blind Tasting"),
                record(3, "Green Tea Habits", "tasting"),
            ],
            source="pubmed",
            query="q",
            when="2026-11-22",
        )
        write_mesh(tmp_path, iter_headings([DESCRIPTORS]))
        write_mesh(tmp_path, iter_headings([QUALIFIERS]))
        with open_holdings(tmp_path, library) as holdings:
            yield lambda text: search_library(holdings, Query(text=text))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("tea habits[mh]", "123"),
        ("teaism[mh]", "123"),
        ("tea habits[mh:noexp]", "1"),
        ("teaism[mh:noexp]", "1"),
        ("tea habits/tasting[mh]", "23"),
        ("tea habits/tasting[mh:noexp]", ""),
        ("tasting[sh]", "23"),
        ("tasting[sh:noexp]", "3"),
        ("tasting[pt]", "2"),
    ],
)
def test_headings_subheadings_and_types_explode(ask, text, numbers):
    found = ask(text)
    assert sorted(one.pmid[-1] for one in found.records) == list(numbers)


def test_what_was_looked_for_besides_is_told(ask):
    (log,) = ask("teaism[mh]").logs
    assert "1 narrower heading" in log.translation
    assert ask("tea habits[mh:noexp]").logs[0].translation == ""


# --- the command --------------------------------------------------------------------


def run(capsys, *words):
    status = main([*words])
    return status, *capsys.readouterr()


def test_the_command_says_how_much_is_kept(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "desc.xml.gz"
    path.write_bytes(gzip.compress(DESCRIPTORS))
    status, out, _ = run(capsys, "library", "mesh", str(path))
    assert status == 0
    assert "5 headings" in out


def test_as_json_it_follows_its_schema(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "q.xml"
    path.write_bytes(QUALIFIERS)
    content = json.loads(run(capsys, "library", "mesh", str(path), "--json")[1])
    schema = json.loads(read_packaged_text("schemas/mesh.schema.json"))
    Draft202012Validator(schema).validate(content)
    assert (content["descriptors"], content["qualifiers"]) == (0, 2)


@pytest.mark.parametrize(
    "data", [b"", b"<a/>", b"PMID- 90000001", gzip.compress(DESCRIPTORS)[:-20]]
)
def test_a_wrong_file_gets_one_sentence(tmp_path, monkeypatch, capsys, data):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "wrong.xml"
    path.write_bytes(data)
    status, _, err = run(capsys, "library", "mesh", str(path))
    assert status == 1
    assert len(err.strip().splitlines()) == 1
    assert "wrong.xml" in err
