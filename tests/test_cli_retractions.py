"""assay retractions as a person runs it, against three services on loopback."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack

import pytest
from jsonschema import Draft202012Validator

from assay.cli import main
from assay.cli.fetching import open_services
from assay.edge.packaged import read_packaged_text
from tests.net import FAST
from tests.standin import serve
from tests.standin.services import serve_service

RETRACTED, NOTICE, SOUND = "90000013", "90000014", "90000015"
BIB = """@article{{a, title = {{Kratom improves every measure of sleep}},
  doi = {{10.99999/invented.{0}}}}}
@article{{b, title = {{Valerian extract}}, doi = {{10.99999/invented.{1}}}}}
"""
RIS = "TY  - JOUR\nTI  - Tea\nDO  - 10.99999/invented.90000013\nER  -\n"


@pytest.fixture
def services():
    """Give the stand-ins of PubMed, Crossref and OpenAlex by name."""
    with ExitStack() as stack:
        running = {"eutils": stack.enter_context(serve())}
        for name in ("crossref", "openalex"):
            running[name] = stack.enter_context(serve_service(name))
        yield running
    assert running["eutils"].errors == []


@pytest.fixture
def assay(capsys, monkeypatch, tmp_path, services):
    """Run one command in a workspace of its own; return (status, output, errors)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NCBI_API_KEY", "k3y")
    monkeypatch.setenv("ASSAY_EMAIL", "nobody.at.all@example.org")
    for name, server in services.items():
        monkeypatch.setenv(f"ASSAY_{name.upper()}", server.url)
    monkeypatch.setitem(open_services.__kwdefaults__, "patience", FAST)
    (tmp_path / "queries").mkdir()

    def run(*words):
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def valid(text):
    content = json.loads(text)
    schema = json.loads(read_packaged_text("schemas/retractions.schema.json"))
    Draft202012Validator(schema).validate(content)
    return content


def asked(services):
    return [len(server.requests) for server in services.values()]


def test_a_retracted_reference_is_shown_with_who_says_so_and_where(assay, tmp_path):
    (tmp_path / "refs.bib").write_text(BIB.format(RETRACTED, SOUND), "utf-8")
    status, out, err = assay("retractions", "refs.bib")
    assert (status, err) == (0, "")
    first, second, *_ = out.splitlines()
    assert first == "2 references: 1 retracted, 1 no notice known."
    assert second == "RETRACTED  Kratom improves every measure of sleep"
    assert "2021-07-01, said by the publisher (in Crossref), PubMed and Open" in out
    assert "notice: DOI 10.99999/invented.90000014, PMID 90000014" in out
    assert "https://pubmed.ncbi.nlm.nih.gov/90000014/" in out
    assert "Valerian" not in out, "what has no notice is counted"
    assert "Valerian extract" in assay("retractions", "refs.bib", "--all")[1]


def test_every_service_is_asked_and_tells_its_own(assay):
    status, out, _ = assay("retractions", RETRACTED, NOTICE, SOUND, "--json")
    content = valid(out)
    assert status == 0
    standings = {r["record"]["pmid"]: r["standing"] for r in content["references"]}
    assert standings == {
        RETRACTED: "retracted",
        NOTICE: "retraction notice",
        SOUND: "no notice known",
    }
    first = content["references"][0]
    assert {n["said_by"] for n in first["notices"]} >= {"PubMed", "OpenAlex"}
    assert any("Crossref" in notice["said_by"] for notice in first["notices"])
    for reference in content["references"]:
        checks = {each["service"]: each["check"] for each in reference["asked"]}
        assert checks == dict.fromkeys(("PubMed", "Crossref", "OpenAlex"), "answered")


def test_a_doi_finds_what_pubmed_holds_under_it(assay):
    _, out, _ = assay("retractions", f"https://doi.org/10.99999/invented.{RETRACTED}")
    assert out.startswith("1 reference: 1 retracted.\n")
    assert "PMID 90000013" in out


def test_formats_of_every_kind_are_read(assay, tmp_path, monkeypatch):
    (tmp_path / "a.ris").write_text(RIS, "utf-8")
    (tmp_path / "a.txt").write_text("1. Fabel N. Kratom. PMID: 90000013\n", "utf-8")
    csl = [{"type": "article-journal", "id": "x", "DOI": "10.99999/invented.90000013"}]
    (tmp_path / "a.json").write_text(json.dumps(csl), "utf-8")
    (tmp_path / "a.nbib").write_text("PMID- 90000013\nTI  - Tea\n", "utf-8")
    for name in ("a.ris", "a.txt", "a.json", "a.nbib"):
        status, out, _ = assay("retractions", name)
        assert (status, out.splitlines()[0]) == (0, "1 reference: 1 retracted."), name
    stdin = io.TextIOWrapper(io.BytesIO(RIS.encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert "1 retracted" in assay("retractions", "-")[1]


def test_a_reference_without_an_identifier_is_told_and_not_hidden(assay, tmp_path):
    text = "1. Roe A. A book that nobody numbered. 1999.\n2. Tea. PMID: 90000015\n"
    (tmp_path / "refs.txt").write_text(text, "utf-8")
    status, out, _ = assay("retractions", "refs.txt")
    assert status == 3
    assert "1 passage could not be checked" in out
    assert "A book that nobody numbered" in out
    (tmp_path / "refs.bib").write_text("@book{a, title = {Untold}}", "utf-8")
    status, out, _ = assay("retractions", "refs.bib")
    assert status == 3
    assert out.startswith("1 reference: 1 unknown.\nUNKNOWN  Untold\n")


def test_files_hold_every_reference_the_gravest_first(assay, tmp_path):
    (tmp_path / "refs.bib").write_text(BIB.format(SOUND, RETRACTED), "utf-8")
    names = ("out.csv", "out.md", "out.html", "out.json")
    words = [word for name in names for word in ("-o", name)]
    status, out, _ = assay("retractions", "refs.bib", *words, "--quiet")
    assert (status, out) == (0, "")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text("utf-8"))))
    assert [row["standing"] for row in rows] == ["retracted", "no notice known"]
    assert [row["number"] for row in rows] == ["2", "1"]
    assert rows[0]["notice_link"] == "https://doi.org/10.99999/invented.90000014"
    assert rows[0]["notice_pmid"] == "90000014"
    page = (tmp_path / "out.html").read_text("utf-8")
    assert page.count("<tr>") == 3
    assert 'href="https://pubmed.ncbi.nlm.nih.gov/90000014/"' in page
    assert "| **retracted** |" in (tmp_path / "out.md").read_text("utf-8")
    valid((tmp_path / "out.json").read_text("utf-8"))


def test_a_page_shows_hostile_titles_as_text(assay, tmp_path):
    (tmp_path / "refs.bib").write_text(
        "@article{a, title = {<script>alert(1)</script>|*x*}, pmid = {90000013}}",
        "utf-8",
    )
    assay("retractions", "refs.bib", "-o", "out.html", "-o", "out.md", "-q")
    assert "<script>" not in (tmp_path / "out.html").read_text("utf-8")
    assert "<script>" not in (tmp_path / "out.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("wanted", "targets", "status"),
    [
        ("retracted", [RETRACTED], 1),
        ("retracted", [SOUND], 0),
        ("retracted", ["90000025", "90000029"], 0),
        ("concern", ["90000025"], 1),
        ("corrected", ["90000029"], 1),
        ("corrected", [NOTICE], 0),
    ],
)
def test_a_run_fails_on_what_it_was_told_to(assay, wanted, targets, status):
    got, out, err = assay("retractions", *targets, "--fail-on", wanted)
    assert got == status
    assert out
    assert ("at least as grave as --fail-on" in err) is (status == 1)


@pytest.mark.parametrize("dead", ["eutils", "crossref", "openalex"])
def test_a_dead_service_makes_nothing_clean_and_spoils_no_other(assay, services, dead):
    services[dead].fail("html-200", times=50)
    status, out, _ = assay("retractions", RETRACTED, SOUND)
    told = {"eutils": "PubMed", "crossref": "Crossref", "openalex": "OpenAlex"}[dead]
    assert status == 3
    assert "RETRACTED" in out or dead == "eutils"
    assert "no notice known." not in out.splitlines()[0]
    assert "UNKNOWN" in out
    assert f"{told}: it is not known whether it has notices on" in out


def test_offline_what_was_recorded_is_used_and_the_rest_said_not_to_be_asked(
    assay, services
):
    online = assay("retractions", RETRACTED, SOUND)
    before = asked(services)
    status, out, _ = assay("retractions", RETRACTED, SOUND, "--offline")
    assert asked(services) == before
    assert (status, out.splitlines()[0]) == (0, online[1].splitlines()[0])
    assert "Nobody was asked anew" in out
    status, out, _ = assay("retractions", "90000021", "--offline")
    assert status == 3
    assert "1 unknown" in out
    assert "never recorded" in out


def test_the_same_again_asks_nobody_and_says_the_same(assay, services):
    first = assay("retractions", RETRACTED)
    before = asked(services)
    assert assay("retractions", RETRACTED) == first
    assert asked(services) == before


def test_a_doi_with_a_comma_reaches_every_service_whole(assay, services):
    status, out, _ = assay("retractions", "10.99999/a,b(1)")
    assert status == 3
    assert "1 unknown" in out
    assert "do not hold it" in out
    for name in ("crossref", "openalex"):
        paths = [request.program for request in services[name].requests]
        assert any(path.endswith("10.99999/a,b(1)") for path in paths), paths


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing.bib"], "is no file, and no PMID, DOI or PMCID either"),
        (["queries"], "is a folder"),
        ([RETRACTED, "--fail-on", "anything"], "--fail-on must be one of"),
        ([RETRACTED, "--offline", "--refresh"], "contradict"),
        ([RETRACTED, "-o", "out.pdf"], "its ending must be one of"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(assay, words, said):
    status, out, err = assay("retractions", *words)
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_records_of_the_library_learn_of_a_retraction(assay, tmp_path, services):
    (tmp_path / "old.nbib").write_text(
        "PMID- 90000013\nTI  - Kratom improves every measure of sleep\nAB  - Tea.\n",
        "utf-8",
    )
    assay("library", "add", "old.nbib")
    assert "RETRACTED" not in assay("show", RETRACTED, "--offline")[1]
    assay("retractions", RETRACTED, SOUND)
    assert "RETRACTED" in assay("show", RETRACTED, "--offline")[1]
    assert assay("show", SOUND, "--offline")[0] == 1, "a bibliography is no search"


def test_ctrl_c_keeps_what_was_answered(tmp_path):
    with ExitStack() as stack:
        openalex = stack.enter_context(
            serve_service("openalex", synthetic=200, latency=0.05)
        )
        servers = {
            "EUTILS": stack.enter_context(serve(synthetic=200)),
            "CROSSREF": stack.enter_context(serve_service("crossref", synthetic=200)),
            "OPENALEX": openalex,
        }
        env = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "NCBI_API_KEY": "k3y"}
        env |= {f"ASSAY_{name}": server.url for name, server in servers.items()}
        pmids = [str(91000001 + number) for number in range(200)]
        command = [sys.executable, "-m", "assay", "retractions", *pmids]
        with subprocess.Popen(
            command,
            cwd=tmp_path,
            env=env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as running:
            end = time.monotonic() + 60
            while len(openalex.requests) < 5:
                assert time.monotonic() < end
                time.sleep(0.01)
            running.send_signal(signal.SIGINT)
            out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert out == ""
    assert err.startswith("assay: interrupted. What was done so far is kept")
    assert err.count("\n") == 1
