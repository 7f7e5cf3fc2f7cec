"""`assay library` and `assay cache`: what is kept, adding to it, clearing it."""

import csv
import gzip
import json

import pytest
from jsonschema import Draft202012Validator

from assay.cli import main
from assay.edge.cache import Cache
from assay.edge.packaged import read_packaged_text
from assay.sources.base import Answer, Request
from tests.mirror_files import article, make_mirror, record
from tests.standin import invented_xml, synthetic_xml


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


@pytest.fixture
def invented(tmp_path):
    """Write the stand-in's invented records to a file."""
    path = tmp_path / "invented.xml"
    path.write_bytes(invented_xml())
    return path


def valid(text, name):
    content = json.loads(text)
    schema = json.loads(read_packaged_text(f"schemas/{name}.schema.json"))
    Draft202012Validator(schema).validate(content)
    return content


def test_a_fresh_library_holds_the_starter_records_and_says_so(assay, tmp_path):
    status, out, err = assay("library")
    first, starter = out.splitlines()
    assert (status, err) == (0, "")
    assert first.endswith(f"records in {tmp_path / 'cache/library/records.db'}")
    assert starter.startswith("starter\t")
    assert starter.split("\t")[1] == first.split()[0]


def test_library_as_json_follows_its_schema(assay):
    content = valid(assay("library", "--json")[1], "library")
    assert [origin["origin"] for origin in content["origins"]] == ["starter"]


def test_files_are_added_once(assay, invented):
    before = valid(assay("library", "--json")[1], "library")["records"]
    status, out, _ = assay("library", "add", invented)
    assert status == 0
    new = int(out.split()[0])
    assert new > 5
    status, out, _ = assay("library", "add", invented)
    assert out.startswith("0 new records")
    after = valid(assay("library", "add", invented, "--json")[1], "library")
    assert after["records"] == before + new


def test_a_packed_file_is_added_too(assay, tmp_path):
    path = tmp_path / "many.xml.gz"
    path.write_bytes(gzip.compress(synthetic_xml(700)))
    assert assay("library", "add", path)[1].startswith("700 new records")


def test_a_broken_file_gives_what_it_has_and_says_what_it_has_not(assay, tmp_path):
    whole = gzip.compress(synthetic_xml(700))
    path = tmp_path / "half.xml.gz"
    path.write_bytes(whole[: len(whole) // 2])
    status, _, err = assay("library", "add", path)
    assert status == 3
    assert "half.xml.gz" in err
    assert "Traceback" not in err
    assert valid(assay("library", "--json")[1], "library")["origins"][0]["records"] > 9


def test_one_unreadable_record_costs_that_record_only(assay, tmp_path):
    path = tmp_path / "damaged.xml"
    path.write_bytes(synthetic_xml(20).replace(b"</PMID>", b"</PMDI>", 1))
    status, out, err = assay("library", "add", path)
    assert status == 3
    assert out.startswith("19 new records")
    assert err.count("\n") == 1


def test_a_file_that_holds_no_records_is_an_error(assay, tmp_path, invented):
    path = tmp_path / "poem.txt"
    path.write_text("Roses are red.")
    status, out, err = assay("library", "add", path)
    assert (status, out) == (1, "")
    assert str(path) in err
    status, out, err = assay("library", "add", path, invented)
    assert status == 3
    assert "new records" in out


def test_the_library_is_exported_as_a_table(assay, tmp_path):
    status, out, err = assay("library", "export", "all.csv")
    assert (status, out, err) == (0, "", "Wrote all.csv\n")
    with (tmp_path / "all.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == valid(assay("library", "--json")[1], "library")["records"]
    assert all(row["summary"] and not row["abstract"] for row in rows)
    assert assay("library", "export", "all.txt")[0] == 2


PMID = 90_000_001
NLM_FILE = "pubmed26n0001.xml.gz"


@pytest.fixture
def mirror(tmp_path):
    """Make a mirror of four invented records in the workspace."""
    rows = [record(n, PMID + n, words=f"leaf {n}") for n in range(4)]
    return make_mirror(tmp_path / "cache/library", (NLM_FILE, rows), name="2026")


def exported(text):
    return [json.loads(line) for line in text.splitlines()]


def test_the_library_tells_of_the_mirror_too(assay, mirror):
    told = assay("library")[1].splitlines()[-1]
    assert told == (
        f"4 records of PubMed (baseline of 2026) in {mirror}, from 1 of NLM's files, "
        f"the last {NLM_FILE}; loaded on 2026-11-23"
    )
    shown = valid(assay("library", "--json")[1], "library")["mirror"]
    assert (shown["records"], shown["last"]) == (4, NLM_FILE)


def test_all_holdings_are_exported_each_once_by_pmid(assay, mirror, tmp_path):
    both = article(PMID + 1, version=2, words="the library's word")
    body = b"<PubmedArticleSet>" + both + b"</PubmedArticleSet>"
    (tmp_path / "some.xml").write_bytes(body)
    assert assay("library", "add", "some.xml")[0] == 0
    status, out, err = assay("library", "export", "--jsonl")
    assert (status, err) == (0, "")
    shown = exported(out)
    pmids = [int(line["pmid"]) for line in shown if "pmid" in line]
    assert pmids == sorted(set(pmids))
    titles = [line.get("title") for line in shown if "pmid" in line][-4:]
    assert titles == ["On leaf 0", "On the library's word", "On leaf 2", "On leaf 3"]
    last = [line.get("pmid", "") for line in shown][len(pmids) :]
    assert set(last) == {""}
    assert assay("library", "export", "all.jsonl")[0] == 0
    assert (tmp_path / "all.jsonl").read_text(encoding="utf-8") == out


def test_the_order_of_an_export_does_not_tell_how_the_records_came(assay, tmp_path):
    made = synthetic_xml(9).split(b"<PubmedArticle>")
    for name, parts in (("one", made[:5]), ("two", made[:1] + made[5:])):
        body = b"<PubmedArticle>".join(parts).removesuffix(b"</PubmedArticleSet>")
        (tmp_path / f"{name}.xml").write_bytes(body + b"</PubmedArticleSet>")
    outputs = set()
    for number, names in enumerate((("one", "two"), ("two", "one"))):
        for name in names:
            words = ("library", "add", f"{name}.xml", "--workspace", f"w{number}")
            assert assay(*words)[0] == 0
        words = ("library", "export", "--jsonl", "--workspace", f"w{number}")
        outputs.add(assay(*words)[1])
    assert len(outputs) == 1


@pytest.mark.parametrize("words", [(), ("all.csv", "--jsonl"), ("--jsonl", "--json")])
def test_an_export_goes_to_one_place(assay, words):
    assert assay("library", "export", *words)[0] == 2


def test_a_damaged_mirror_is_a_plain_error(assay, mirror):
    (mirror / "pubmed.db").write_bytes(b"not a database at all" * 99)
    status, _, err = assay("library")
    assert status == 1
    assert "pubmed.db" in err
    assert "Traceback" not in err


def test_a_missing_file_is_said_before_anything_is_added(assay, invented, tmp_path):
    status, out, err = assay("library", "add", invented, tmp_path / "none.xml")
    assert (status, out) == (1, "")
    assert "none.xml" in err
    assert len(valid(assay("library", "--json")[1], "library")["origins"]) == 1


def test_a_library_that_is_no_database_is_a_plain_error(assay, tmp_path):
    folder = tmp_path / "cache/library"
    folder.mkdir(parents=True)
    (folder / "records.db").write_bytes(b"not a database at all" * 99)
    status, _, err = assay("library")
    assert status == 1
    assert err.startswith("assay: ")
    assert "Traceback" not in err


def record_an_answer(path):
    cache = Cache(path)
    request = Request(url="https://example.org/", params=(("term", "tea"),))
    when = "2026-01-02T03:04:05+00:00"
    cache.write(request, Answer(status=200, body=b"{}", when=when))
    cache.close()


def test_the_cache_is_described_and_cleared(assay, tmp_path):
    content = valid(assay("cache", "--json")[1], "cache")
    assert (content["answers"], content["bytes"]) == (0, 0)
    assert not (tmp_path / "cache/http.db").exists(), "looking makes nothing"
    record_an_answer(tmp_path / "cache/http.db")
    content = valid(assay("cache", "--json")[1], "cache")
    assert content["answers"] == 1
    assert "1 answer, 2026-01-02\t" in assay("cache")[1]
    status, out, err = assay("cache", "clear")
    assert (status, out, err) == (
        0,
        "",
        "Removed 1 answer. The library and the logs of searches stay.\n",
    )
    assert valid(assay("cache", "clear", "--json")[1], "cache")["answers"] == 0


def test_clearing_keeps_the_records(assay, tmp_path):
    before = assay("library")[1]
    assert assay("cache", "clear", "--index")[0] == 0
    assert assay("library")[1] == before


def test_a_damaged_recording_can_be_cleared(assay, tmp_path):
    path = tmp_path / "cache/http.db"
    path.parent.mkdir()
    path.write_bytes(b"not a database at all" * 99)
    assert assay("cache")[0] == 1
    assert assay("cache", "clear")[0] == 0
    assert assay("cache")[0] == 0
