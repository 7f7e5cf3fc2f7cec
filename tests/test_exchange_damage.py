"""Damaged, mislabelled and hostile bibliographies: one sentence each, the rest kept."""

import gzip
import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.exchange import EXPORTS, IMPORTS, docx, parse_bibliography
from assay.record import Author, Record
from assay.search import Problem
from tests.exchange_samples import TEXT
from tests.standin import synthetic_xml

THREE = [
    Record(
        source="x",
        pmid=str(90000001 + n),
        doi=f"10.99999/x{n}",
        title=f"Title {n} é",
        year=2021,
        authors=(Author("Invented", "Ann", "A"),),
    )
    for n in range(3)
]
PATIENT = settings(  # a busy machine is no fault of ours
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TEXTS = [ending for ending in EXPORTS if ending != ".parquet"]
each_text = pytest.mark.parametrize("ending", TEXTS)


def written(ending, records=THREE):
    return b"".join(EXPORTS[ending](records))


def titles(records):
    return [record.title for record in records]


@each_text
@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252"]
)
def test_any_common_encoding_is_read(ending, encoding):
    data = written(ending).decode().encode(encoding)
    records, problems = parse_bibliography(data, f"a{ending}")
    assert titles(records) == titles(THREE)
    assert problems == ()


@each_text
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_any_line_end_is_read(ending, end):
    data = written(ending).replace(b"\r\n", b"\n").replace(b"\n", end.encode())
    records, problems = parse_bibliography(data, f"a{ending}")
    assert titles(records) == titles(THREE)
    assert problems == ()


@pytest.mark.parametrize("ending", IMPORTS)
def test_an_empty_file_is_told(ending):
    records, problems = parse_bibliography(b"", f"a{ending}")
    assert records == ()
    assert len(problems) == 1
    assert problems[0].where == f"a{ending}"


@pytest.mark.parametrize("ending", IMPORTS)
def test_bytes_that_are_no_text_are_told(ending):
    noise = bytes((n * 73 + 5) % 256 for n in range(4000))
    records, problems = parse_bibliography(noise, f"a{ending}")
    assert records == ()
    assert problems
    assert len(str(problems[0].what)) < 300


@each_text
def test_a_file_that_breaks_off_keeps_what_stands_before_and_says_so(ending):
    whole = written(ending)
    cut = whole[: whole.rindex(b"Title 2")]
    records, problems = parse_bibliography(cut, f"a{ending}")
    assert titles(records)[:2] == ["Title 0 é", "Title 1 é"]
    if ending == ".nbib":  # has no end that could be missing
        assert len(records) == 3
    else:
        assert problems
        assert all(problem.where.startswith(f"a{ending}") for problem in problems)


@each_text
def test_a_wrong_ending_is_told_and_the_file_read_as_what_it_is(ending):
    wrong = ".ris" if ending != ".ris" else ".bib"
    records, problems = parse_bibliography(written(ending), f"a{wrong}")
    if ending == ".csv":  # nothing in its bytes says so
        assert problems
        return
    assert titles(records) == titles(THREE)
    assert "whatever its ending says" in problems[0].what


@each_text
def test_without_an_ending_the_content_decides(ending):
    records, problems = parse_bibliography(written(ending), "standard input")
    assert titles(records) == titles(THREE)
    assert problems == ()


@pytest.mark.parametrize("ending", [*IMPORTS, ""])
@PATIENT
@given(st.binary(max_size=300) | TEXT.map(lambda t: t.encode("utf-8", "replace")))
def test_no_bytes_raise_anything(ending, data):
    records, problems = parse_bibliography(data, f"a{ending}")
    assert all(isinstance(record, Record) for record in records)
    assert all(isinstance(problem, Problem) for problem in problems)
    assert records or problems


@each_text
@PATIENT
@given(st.data())
def test_no_damage_raises_anything(ending, data):
    whole = bytearray(written(ending))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        size = data.draw(st.integers(0, 40))
        whole[at : at + size] = data.draw(st.binary(max_size=10))
    records, problems = parse_bibliography(bytes(whole), f"a{ending}")
    assert records or problems


def test_lines_outside_of_records_are_told_with_their_number():
    data = b"Provider: x\n\nTY  - JOUR\nTI  - T\nER  -\nlost words\n"
    records, (problem,) = parse_bibliography(data, "a.ris")
    assert titles(records) == ["T"]
    assert problem.where == "a.ris, line 6"
    assert "lost words" in problem.what


def test_ris_without_ends_still_gives_its_records():
    data = b"TY  - JOUR\nTI  - One\nTY  - JOUR\nTI  - Two\n"
    records, problems = parse_bibliography(data, "a.ris")
    assert titles(records) == ["One", "Two"]
    assert [p.where for p in problems] == ["a.ris, line 1", "a.ris, line 3"]


def test_what_ris_has_no_place_for_is_a_note():
    data = (
        b"TY  - THES\nTI  - One\nTI  - Other\nC1  - here\nN1  - own words\n"
        b"AN  - WOS:123\nUR  - https://example.org/a;b\nDO  - none\nER  -\n"
    )
    (record,), problems = parse_bibliography(data, "a.ris")
    assert problems == ()
    assert set(record.notes) == {
        "Title: Other", "C1: here", "own words", "Accession number: WOS:123",
        "URL: https://example.org/a;b", "DOI: none", "TY: THES",
    }  # fmt: skip


def test_continued_lines_belong_to_their_tag():
    data = b"TY  - JOUR\nAB  - First part\n  second part\n\nthird\nER  - \n"
    (record,), _ = parse_bibliography(data, "a.ris")
    assert record.abstract[0].text == "First part second part third"


def test_a_key_that_stands_twice_is_told_and_both_are_kept():
    data = b"@article{a, title={One}}\n@article{a, title={Two}}\n"
    records, (problem,) = parse_bibliography(data, "a.bib")
    assert titles(records) == ["One", "Two"]
    assert problem.where == "a.bib, line 2"
    assert "“a” stands twice" in problem.what


def test_a_field_that_stands_twice_is_told_and_both_are_kept():
    data = b"@article{a, title={One}, title={Two}, doi={10.99999/x}}"
    (record,), (problem,) = parse_bibliography(data, "a.bib")
    assert record.title == "One"
    assert "Title: Two" in record.notes
    assert "title stands twice" in problem.what


def test_an_entry_that_cannot_be_read_costs_that_entry_only():
    data = (
        b"@article{a, title={One}}\n@article{b, title={Two\n\n@book{c, title={Three}}"
    )
    records, problems = parse_bibliography(data, "a.bib")
    assert "One" in titles(records)
    assert "Three" in titles(records)
    assert any("“@article{b" in problem.what for problem in problems)


def test_strings_comments_and_latex_of_a_bib_file_are_read():
    data = (
        b"% a comment\n@comment{x}\n@string{j = {Journal of Invented Results}}\n"
        b"@article{a, author={M{\\\"u}ller, J{\\'o}n and {The {WHO} Group} and "
        b"de la Cruz, Ann and Last, Jr., First}, title={The {FDA} \\& 50% of \\alpha-"
        b"{T}ea: $K_i$ \\unknown{x}}, journal=j, month=mar, year=2021, "
        b"pages={12--19}, keywords={a, b}, url={http://example.org/~x_y}}"
    )
    (record,), problems = parse_bibliography(data, "a.bib")
    assert problems == ()
    assert record.title == "The FDA & 50% of α-Tea: K_i \\unknownx"
    assert [(a.last_name, a.fore_name, a.suffix) for a in record.authors] == [
        ("Müller", "Jón", ""), ("", "", ""), ("de la Cruz", "Ann", ""),
        ("Last", "First", "Jr."),
    ]  # fmt: skip
    assert record.authors[1].collective == "The WHO Group"
    assert record.journal == "Journal of Invented Results"
    assert record.dates[0][:2] == (2021, 3)
    assert record.pages == "12-19"
    assert [keyword.text for keyword in record.keywords] == ["a", "b"]
    assert "URL: http://example.org/~x_y" in record.notes


def test_huge_lines_are_read():
    long = "word " * 400_000
    for ending in TEXTS:
        record = Record(source="x", doi="10.99999/x", title="T " + long)
        (read,), problems = parse_bibliography(written(ending, [record]), f"a{ending}")
        assert read.title.split() == record.title.split()
        assert problems == ()


def test_deep_json_is_told():
    for ending in (".csl.json", ".jsonl"):
        data = b'[{"title": ' + b"[" * 100_000
        records, problems = parse_bibliography(data, f"a{ending}")
        assert (records, len(problems)) == ((), 1)


def test_a_later_assay_s_field_is_told_and_the_record_kept():
    data = (
        b'{"schema":"assay/jsonl/1","source":"x","title":"T","colour":"red"}\n{"a":1}'
    )
    records, problems = parse_bibliography(data, "a.jsonl")
    assert titles(records) == ["T"]
    assert [p.where for p in problems] == ["a.jsonl, line 1", "a.jsonl, line 2"]
    assert "“colour”" in problems[0].what


def test_rows_that_are_short_or_long_are_told_and_kept():
    data = b"title,doi,year\nOne,10.99999/a\nTwo,10.99999/b,2021,more\n"
    records, problems = parse_bibliography(data, "a.csv")
    assert titles(records) == ["One", "Two"]
    assert [p.where for p in problems] == ["a.csv, line 2", "a.csv, line 3"]
    assert records[1].notes == ("more",)


def test_tables_of_other_tools_are_read():
    pubmed = (
        b"PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,DOI\n"
        b'90000001,Tea,"Invented A, Made BC.",J Inv. 2021,Invented A,J Inv,2021,'
        b"10.99999/x\n"
    )
    (record,), problems = parse_bibliography(pubmed, "csv-tea-set.csv")
    assert problems == ()
    assert [a.last_name for a in record.authors] == ["Invented", "Made"]
    assert (record.journal, record.year, record.doi) == ("J Inv", 2021, "10.99999/x")
    assert "Citation: J Inv. 2021" in record.notes


def test_pubmed_xml_is_read_plain_and_packed():
    for name, data in (
        ("a.xml", synthetic_xml(20)),
        ("a.xml.gz", gzip.compress(synthetic_xml(20))),
    ):
        records, problems = parse_bibliography(data, name)
        assert (len(records), problems) == (20, ())
    records, problems = parse_bibliography(
        gzip.compress(synthetic_xml(20))[:-900], name
    )
    assert problems


WORD = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    "<w:body>{}</w:body></w:document>"
)
PARAGRAPH = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
LINKED = (
    '<w:p><w:r><w:t>Made B. Sleep. </w:t></w:r><w:hyperlink r:id="r1"><w:r><w:t>link'
    "</w:t></w:r></w:hyperlink><w:r><w:instrText>PMID: 90000009</w:instrText></w:r>"
    "</w:p>"
)
LINKS = '<a><b Id="r1" Target="https://doi.org/10.99999/linked"/></a>'


def document(body, links=LINKS, compressed=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compressed) as archive:
        archive.writestr("word/document.xml", body)
        archive.writestr("word/_rels/document.xml.rels", links)
    return out.getvalue()


def test_the_references_of_a_word_document_are_read():
    body = "".join(
        (
            PARAGRAPH.format("Text that cites 10.99999/cited."),
            PARAGRAPH.format("References"),
            PARAGRAPH.format("1. Invented A. Tea. doi:10.99999/tea. PMID: 90000001"),
            LINKED,
            PARAGRAPH.format("Nobody C. A lost book."),
        )
    )
    records, problems = parse_bibliography(document(WORD.format(body)), "a.docx")
    assert [(r.doi, r.pmid) for r in records] == [
        ("10.99999/tea", "90000001"),
        ("10.99999/linked", ""),
    ]
    assert [p.where for p in problems] == ["a.docx, paragraph 5"]
    assert "A lost book" in problems[0].what


def test_without_a_heading_the_identifiers_of_the_whole_document_are_taken():
    body = PARAGRAPH.format("See 10.99999/tea.") + PARAGRAPH.format("No more.")
    (record,), (problem,) = parse_bibliography(document(WORD.format(body)), "a.docx")
    assert record.doi == "10.99999/tea"
    assert "no heading" in problem.what


def test_a_zip_bomb_is_refused(monkeypatch):
    monkeypatch.setattr(docx, "LARGEST", 1 << 20)
    data = document(b"0" * (8 << 20))
    records, (problem,) = parse_bibliography(data, "a.docx")
    assert (records, len(data) < 20_000) == ((), True)
    assert "unpacks to more than 1 MB" in problem.what


@pytest.mark.parametrize("lead", ["", "<!-- " + "x" * 9000 + " -->"])
def test_an_entity_bomb_is_refused(lead):
    bomb = (
        f'{lead}<!DOCTYPE a [<!ENTITY b "{"b" * 99}"><!ENTITY c "{"&b;" * 99}">]>'
        + WORD.format(PARAGRAPH.format("&c;" * 99))
    )
    for data in (document(bomb), document(WORD.format(""), links=bomb)):
        records, (problem,) = parse_bibliography(data, "a.docx")
        assert records == ()
        assert "defines entities" in problem.what


def test_an_external_entity_is_never_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("10.99999/secret")
    body = f'<!DOCTYPE a [<!ENTITY s SYSTEM "file://{secret}">]>' + WORD.format(
        PARAGRAPH.format("References") + PARAGRAPH.format("&s;")
    )
    records, problems = parse_bibliography(document(body), "a.docx")
    assert records == ()
    assert "secret" not in str(problems)


def test_a_list_of_references_gives_what_it_names():
    text = (
        "References\n\n1. Invented A. “Tea and the sleep of many people”. J Inv. "
        "2020;1:2. doi:\n   10.99999/abc.1. PMID: 90000001; PMCID: PMC9000001.\n"
        "2. Nobody C. A book. 1999.\n[3] See https://doi.org/10.99999/(x)y).\n"
    )
    (first, third), (lost,) = parse_bibliography(text.encode(), "refs.txt")
    assert (first.doi, first.pmid, first.pmcid, first.title) == (
        "10.99999/abc.1", "90000001", "PMC9000001", "Tea and the sleep of many people",
    )  # fmt: skip
    assert third.doi == "10.99999/(x)y"
    assert third.title == ""
    assert lost.where == "refs.txt, line 5"
    assert lost.what_to_do


def test_a_list_of_identifiers_is_one_record_each():
    text = "PMID\n90000001\n90000002, PMC9000003; 10.99999/A\nPMID: 12\n34\n"
    records, (short,) = parse_bibliography(text.encode(), "ids.txt")
    assert [r.pmid or r.pmcid or r.doi for r in records] == [
        "90000001", "90000002", "PMC9000003", "10.99999/a", "12",
    ]  # fmt: skip
    assert short.where == "ids.txt, line 5"
