"""`assay library review`: pairs side by side, decided on and undone at the screen."""

import io
import json
import re
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from assay.cli import main
from assay.edge.packaged import read_packaged_text
from assay.edge.store import open_library
from assay.output.pairs import compare_lines, print_pair
from tests.test_dedupe import ARTICLE
from tests.test_store_review import CERTAIN, DOUBTFUL, WHEN


@pytest.fixture
def assay(capsys, monkeypatch, tmp_path):
    """Run one command in a workspace with a doubtful pair; (status, output, errors)."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "queries").mkdir()
    with open_library(tmp_path / "cache/library") as library:
        library.add([ARTICLE, DOUBTFUL], source="pubmed", query="tea", when=WHEN)

    def run(*words):
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def numbers(assay):
    _, out, _ = assay("library", "review", "--json")
    content = json.loads(out)
    schema = json.loads(read_packaged_text("schemas/review.schema.json"))
    Draft202012Validator(schema).validate(content)
    return {
        pair["number"]: pair["state"]
        for pair in content["pairs"]
        if "doi:10.99999/d" in {pair["one"], pair["other"]}
    }


def test_the_pair_is_listed_shown_accepted_and_undone(assay):
    ((number, state),) = numbers(assay).items()
    assert state == "asked"
    status, out, _ = assay("library", "review")
    assert status == 0
    assert f"{number}  0." in out
    assert "doi:10.99999/d · pmid:90000001: the same title" in out
    status, out, err = assay("library", "review", "show", number)
    assert "90000001" in out
    assert f"accept {number}" in err
    assert assay("library", "review", "accept", number)[1] == (
        "doi:10.99999/d and pmid:90000001 are one record.\n"
    )
    assert numbers(assay) == {number: "merged"}
    assert "are as before" in assay("library", "review", "undo")[1]
    assert numbers(assay) == {number: "asked"}
    assay("library", "review", "split", number)
    assert numbers(assay) == {}


def test_a_record_without_an_identifier_is_called_by_its_title(assay, tmp_path):
    nameless = replace(ARTICLE, pmid="", doi="", pmcid="", identifiers=(), source="x")
    with open_library(tmp_path / "cache/library") as library:
        library.add([nameless], source="x", query="tea", when=WHEN)
    out = assay("library", "review")[1]
    called = f"“{ARTICLE.title[:60]}” (x)"
    assert called in " ".join(out.split())
    assert "like:" not in out
    number = re.search(r"(\d+)  [01]\.\d\d  “", out)[1]
    assert called in assay("library", "review", "split", number)[1]
    assert called in assay("library", "review", "undo")[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show",), "takes a number"),
        (("undo", "1"), "takes no number"),
        (("undo",), "Nothing was decided"),
        (("accept", "999"), "There is no pair 999"),
        (("keep",), "is none of list, show, accept, split, undo"),
    ],
)
def test_a_slip_is_told_in_one_sentence(assay, words, said):
    status, _, err = assay("library", "review", *words)
    assert status == 2
    assert said in err


@pytest.mark.parametrize("width", [80, 120])
def test_two_records_stand_side_by_side_and_differences_are_marked(width):
    out = io.StringIO()
    lines = compare_lines(ARTICLE, DOUBTFUL)
    print_pair(lines, Console(file=out, width=width, force_terminal=False))
    told = out.getvalue().splitlines()
    assert all(len(line) <= width for line in told)
    marked = [line.split()[1] for line in told if line.startswith("≠")]
    assert marked == ["Authors", "Year", "DOI"]


def test_what_services_write_differently_is_no_difference():
    lines = compare_lines(ARTICLE, CERTAIN)
    assert not any(line.differs for line in lines)
