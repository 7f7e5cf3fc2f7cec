"""References and citations, one step: from whom they are, and what is missing."""

import json
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from assay.cli import main
from assay.cli.related import find_step
from assay.edge.packaged import read_packaged_text
from assay.output.related import find_standing
from assay.record import Record
from assay.sources.europepmc_related import parse_row
from assay.sources.json_answer import ShapeError
from assay.sources.related import FINDERS, complete, group_related
from tests.services_up import open_fetcher, serve_source

WANTED = Record(source="", pmid="90000003")
BOTH = ("references", "citations")


@contextmanager
def opened(folder, names=tuple(FINDERS)):
    """Give the stand-ins by name and a fetcher that asks them."""
    with ExitStack() as stack:
        servers = {n: stack.enter_context(serve_source(n)) for n in names}
        yield servers, stack.enter_context(open_fetcher(servers, folder))


def pmids(found):
    return [work.record.pmid for work in found]


def test_every_work_is_listed_once_with_all_who_say_so(tmp_path):
    with opened(tmp_path) as (_servers, fetcher):
        step = find_step(WANTED, BOTH, tuple(FINDERS), fetcher)
    assert not step.problems
    said = {w.record.pmid: w.said_by for w in step.related["references"]}
    assert said["90000001"] == ("europepmc", "openalex", "crossref")
    assert said["90000002"] == ("europepmc", "openalex", "crossref")
    assert "90000004" in pmids(step.related["citations"])
    nameless = [w for w in step.related["references"] if not w.record.pmid]
    assert any(w.record.title == "A work that nobody has." for w in nameless)
    asked = [(log.source, log.failed) for log in step.logs]
    assert asked == [
        ("pubmed", False),
        ("europepmc", False),
        ("openalex", False),
        ("crossref", False),
        ("europepmc", False),
        ("openalex", False),
    ]


def test_a_source_that_is_down_is_told_and_the_others_answer(tmp_path):
    with opened(tmp_path) as (servers, fetcher):
        servers["europepmc"].fail("http-503", path="MED/*", times=99)
        step = find_step(WANTED, BOTH, tuple(FINDERS), fetcher)
    assert {p.where for p in step.problems} == {"Europe PMC"}
    assert "90000002" in pmids(step.related["references"])
    failed = [log.source for log in step.logs if log.failed]
    assert failed == ["europepmc", "europepmc"]


def test_a_list_in_pages_is_followed_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr("assay.sources.europepmc_related.PAGE", 1)
    with opened(tmp_path, ("europepmc",)) as (servers, fetcher):
        step = find_step(WANTED, ("references",), ("europepmc",), fetcher)
        asked = [r.params["page"] for r in servers["europepmc"].requests if "page" in
                 r.params]  # fmt: skip
    assert len(step.related["references"]) == step.logs[0].count == 3
    assert asked[:3] == ["1", "2", "3"]


def test_a_list_that_is_cut_short_says_how_many_are_missing(tmp_path):
    with opened(tmp_path, ("europepmc",)) as (servers, fetcher):
        servers["europepmc"].fail("short-page", path="MED/*", times=9)
        step = find_step(WANTED, ("references",), ("europepmc",), fetcher)
    (problem,) = step.problems
    assert problem.what.startswith("2 of 3 records did not come")


def test_a_work_that_a_list_calls_retracted_is_shown_so(tmp_path):
    with opened(tmp_path) as (_servers, fetcher):
        wanted = Record(source="", pmid="90000015")
        step = find_step(wanted, ("references",), ("europepmc", "openalex"), fetcher)
    standings = {
        w.record.pmid: find_standing(w.record) for w in step.related["references"]
    }
    assert standings["90000013"] != ""
    assert standings["90000014"] != standings["90000013"]


def test_a_doi_is_enough(tmp_path):
    wanted = Record(source="", doi="10.99999/invented.90000003")
    with opened(tmp_path) as (_servers, fetcher):
        assert complete(wanted, fetcher).pmid == "90000003"
        step = find_step(wanted, BOTH, tuple(FINDERS), fetcher)
    assert not step.problems
    assert "90000001" in pmids(step.related["references"])


def test_what_nobody_knows_is_told_by_those_who_need_it(tmp_path):
    wanted = Record(source="", doi="10.99999/unknown")
    with opened(tmp_path) as (_servers, fetcher):
        step = find_step(wanted, BOTH, tuple(FINDERS), fetcher)
    assert {p.where for p in step.problems} >= {"PubMed", "Europe PMC", "OpenAlex"}
    assert step.related == {"references": (), "citations": ()}


IDS = st.sampled_from(["", "90000001", "90000002", "90000003"])
RECORDS = st.lists(
    st.builds(
        lambda source, pmid, doi: Record(
            source=source, pmid=pmid, doi=doi and f"10.99999/{doi}"
        ),
        st.sampled_from(["pubmed", "europepmc", "openalex"]),
        IDS,
        IDS,
    ),
    max_size=8,
)


@given(records=RECORDS)
def test_works_that_share_an_identifier_are_one_and_nobody_is_lost(records):
    groups = group_related(records)
    for name in ("pmid", "doi"):
        found = [getattr(g.record, name) for g in groups if getattr(g.record, name)]
        given_ids = {getattr(r, name) for r in records} - {""}
        assert set(found) <= given_ids
    nameless = [r for r in records if not (r.pmid or r.doi)]
    assert sum(not (g.record.pmid or g.record.doi) for g in groups) == len(nameless)
    assert {s for g in groups for s in g.said_by} == {r.source for r in records}
    again = group_related([replace(g.record) for g in groups])
    assert len(again) <= len(groups)


def test_a_row_that_names_no_work_is_unreadable():
    with pytest.raises(ShapeError, match="names no work"):
        parse_row({"citedOrder": 1})
    assert parse_row({"unstructuredInformation": "Roe 2020."}).notes == (
        "As cited: Roe 2020.",
    )


@pytest.fixture
def assay(capsys, monkeypatch, tmp_path):
    """Run `assay related` with all stand-ins; gives (run, servers)."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "queries").mkdir()
    with ExitStack() as stack:
        servers = {n: stack.enter_context(serve_source(n)) for n in FINDERS}
        for name, server in servers.items():
            variable = "EUTILS" if name == "pubmed" else name.upper()
            monkeypatch.setenv(f"ASSAY_{variable}", server.url)

        def run(*words):
            status = main(["related", *words])
            captured = capsys.readouterr()
            return status, captured.out, captured.err

        yield run, servers


def test_the_command_names_works_and_who_says_so(assay):
    run, _servers = assay
    status, out, err = run("90000003", "--source", "europepmc", "--source", "openalex")
    assert (status, err) == (0, "")
    assert "It cites 3 works" in out
    assert "said by Europe PMC, OpenAlex" in out
    assert "It is cited by" in out


def test_the_command_gives_json_and_says_what_failed(assay):
    run, servers = assay
    servers["openalex"].fail("json-400", times=99)
    status, out, _err = run(
        "90000003", "--json", "--direction", "citations",
        "--source", "openalex", "--source", "europepmc",
    )  # fmt: skip
    assert status == 3
    content = json.loads(out)
    schema = json.loads(read_packaged_text("schemas/related.schema.json"))
    Draft202012Validator(schema).validate(content)
    assert content["references"] is None
    assert [w["pmid"] for w in content["citations"]][:1] == ["90000004"]
    assert [p["where"] for p in content["problems"]] == ["OpenAlex"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["kratom"], "no PMID"),
        (["90000003", "--direction", "sideways"], "--direction must be"),
        (["90000003", "--source", "doaj"], "lists no references"),
        (["90000003", "--offline", "--refresh"], "contradict"),
    ],
)
def test_wrong_words_are_told(assay, words, said):
    status, _out, err = assay[0](*words)
    assert status == 2
    assert said in err
