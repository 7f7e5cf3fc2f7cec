"""The library as a table for people who work with pandas."""

from assay.edge.store import open_library
from assay.edge.tables import to_pandas
from assay.record import Author, Record, Section


def test_a_row_a_record_with_plain_columns(tmp_path):
    with open_library(tmp_path, starter=False) as library:
        library.add(
            [
                Record(
                    source="pubmed",
                    pmid="90000001",
                    year=2021,
                    authors=(Author("Roe", "Jane"), Author(collective="Tea Group")),
                    abstract=(Section("One."), Section("Two.")),
                ),
                Record(source="pubmed", pmid="90000002"),
            ],
            source="pubmed",
            query="q",
            when="2026-11-22",
        )
        table = to_pandas(library)
    assert list(table["pmid"]) == ["90000001", "90000002"]
    assert table["year"].isna().tolist() == [False, True]
    assert table.loc[0, "authors"] == "Roe Jane; Tea Group"
    assert table.loc[0, "abstract"] == "One.\nTwo."
    assert table.loc[1, "title"] == ""


def test_an_empty_library_is_an_empty_table_with_its_columns(tmp_path):
    with open_library(tmp_path, starter=False) as library:
        table = to_pandas(library)
    assert len(table) == 0
    assert "pmid" in table.columns


def test_the_starter_library_is_a_table_of_summaries(tmp_path):
    with open_library(tmp_path) as library:
        table = to_pandas(library)
    assert len(table) == 142
    assert (table["summary"] != "").all()
    assert (table["abstract"] == "").all()
