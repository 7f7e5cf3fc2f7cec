"""`assay library add` and `export`, `assay search -o`: files of other tools."""

import csv
import gzip
import json

import pytest

from assay.cli import main
from assay.exchange import EXPORTS, parquet, parse_bibliography
from tests.standin import invented_xml, serve, synthetic_xml

RIS = "TY  - JOUR\nTI  - Lunaroot and sleep\nDO  - 10.99999/lunaroot\nER  - \n"
BIB = "@article{a,\n title = {Velora},\n doi = {10.99999/velora}\n}\n"


@pytest.fixture
def assay(capsys, monkeypatch, tmp_path):
    """Run one command in a workspace of its own; return (status, output, errors)."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "queries").mkdir()

    def run(*words):
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.mark.parametrize("ending", EXPORTS)
def test_the_library_is_written_in_every_format_and_read_again(assay, tmp_path, ending):
    (tmp_path / "a.xml").write_bytes(invented_xml())
    assay("library", "add", "a.xml")
    held = json.loads(assay("library", "--json")[1])["records"]
    status, out, err = assay("library", "export", f"all{ending}")
    assert (status, out, err) == (0, "", f"Wrote all{ending}\n")
    data = (tmp_path / f"all{ending}").read_bytes()
    records, problems = parse_bibliography(data, f"all{ending}")
    assert (len(records), problems) == (held, ())
    status, out, err = assay("library", "add", f"all{ending}")
    assert (status, err) == (0, "")
    assert out.startswith("0 new records"), "each is known by its identifiers"
    assert json.loads(assay("library", "--json")[1])["records"] == held


def test_files_of_other_tools_are_added_with_problems_told_by_place(assay, tmp_path):
    (tmp_path / "a.ris").write_text(RIS + "stray words\n" + RIS.replace("root", "leaf"))
    (tmp_path / "b.bib").write_text(BIB + "@article{b, title = {Broken}\n")
    status, out, err = assay("library", "add", "a.ris", "b.bib")
    assert status == 3
    assert out.startswith("3 new records")
    assert "assay: a.ris, line 5: “stray words” stands in no record" in err
    assert "assay: b.bib, line 5: the entry “@article{b" in err
    assert err.count("\n") == 2


def test_a_table_that_names_nothing_is_an_error_in_a_sentence(assay, tmp_path):
    (tmp_path / "a.csv").write_text("colour,size\nred,1\n")
    status, out, err = assay("library", "add", "a.csv")
    assert (status, out) == (1, "")
    assert "a.csv: its first line names no column" in err
    assert "Traceback" not in err


def test_a_packed_ris_file_is_added_too(assay, tmp_path):
    (tmp_path / "a.ris.gz").write_bytes(gzip.compress(RIS.encode()))
    assert assay("library", "add", "a.ris.gz")[:2] == (
        0,
        "1 new record, 0 changed, 0 as before.\n",
    )


def test_a_record_from_a_file_never_overwrites_what_pubmed_said(assay, tmp_path):
    (tmp_path / "a.xml").write_bytes(synthetic_xml(1))
    assay("library", "add", "a.xml")
    assay("library", "export", "before.jsonl")
    lines = (tmp_path / "before.jsonl").read_text().splitlines()
    ours = next(r for r in map(json.loads, lines) if r["source"] == "pubmed")
    forged = f"TY  - JOUR\nTI  - Forged\nAN  - {ours['pmid']}\nDB  - pubmed\nER  - \n"
    (tmp_path / "a.ris").write_text(forged)
    assert assay("library", "add", "a.ris")[0] == 0
    assay("library", "export", "after.jsonl")
    after = (tmp_path / "after.jsonl").read_text()
    assert "Forged" not in after
    assert json.dumps(ours["title"], ensure_ascii=False)[1:-1] in after


@pytest.mark.parametrize("ending", [".ris", ".bib", ".csv", ".csl.json", ".jsonl"])
def test_a_search_is_written_for_other_tools(assay, tmp_path, monkeypatch, ending):
    with serve() as server:
        monkeypatch.setenv("ASSAY_EUTILS", server.url)
        status, _, err = assay("search", "valerian", "-o", f"found{ending}")
    assert (status, err) == (0, f"Wrote found{ending}\n")
    data = (tmp_path / f"found{ending}").read_bytes()
    records, problems = parse_bibliography(data, f"found{ending}")
    assert len(records) > 3
    assert not problems
    assert all(record.pmid and record.title for record in records)


def test_a_name_with_two_endings_means_the_longer(assay, tmp_path):
    with_two = assay("library", "export", "all.csl.json")
    assert with_two[0] == 0
    assert isinstance(json.loads((tmp_path / "all.csl.json").read_text()), list)
    status, _, err = assay("library", "export", "all.json")
    assert status == 2
    assert "its ending must be one of .csv, .parquet, .ris, .bib" in err


def test_parquet_without_pyarrow_is_said_before_anything_is_done(
    assay, tmp_path, monkeypatch
):
    monkeypatch.setattr(parquet, "find_spec", lambda _name: None)
    status, out, err = assay("library", "export", "all.parquet")
    assert (status, out) == (2, "")
    assert "pip install 'assay[parquet]'" in err
    assert not (tmp_path / "all.parquet").exists()
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    status, _, err = assay("library", "add", "a.parquet")
    assert status == 1
    assert "assay[parquet]" in err


def test_a_file_of_formulas_stays_a_table_of_words(assay, tmp_path):
    (tmp_path / "a.ris").write_text("TY  - JOUR\nTI  - =HYPERLINK(1)\nER  - \n")
    assay("library", "add", "a.ris")
    assay("library", "export", "all.csv")
    with (tmp_path / "all.csv").open(encoding="utf-8", newline="") as file:
        titles = [row["title"] for row in csv.DictReader(file)]
    assert "'=HYPERLINK(1)" in titles


def test_an_export_that_fails_leaves_the_old_file(assay, tmp_path, monkeypatch):
    assert assay("library", "export", "all.ris")[0] == 0
    before = (tmp_path / "all.ris").read_bytes()

    def failing(_records):
        yield b"half"
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(EXPORTS, ".ris", failing)
    status, _, err = assay("library", "export", "all.ris")
    assert status == 1
    assert "No space left" in err
    assert (tmp_path / "all.ris").read_bytes() == before
