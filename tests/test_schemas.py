"""What assay writes as JSON is what its schemas promise, no more and no less."""

import copy
import json
from dataclasses import fields, replace
from importlib.resources import files

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from assay.digest.model import Digest, heading_of
from assay.digest.outcome import Parcel
from assay.edge.bundle_file import Manifest, part_of, render_manifest
from assay.errors import ArticleError, SourceDownError
from assay.library.ingested import AtHand, Fate, FileOutcome
from assay.library.mesh_tree import Kept
from assay.library.standing import report_of
from assay.library.works import Works, find_works
from assay.model import Label
from assay.output import json as views
from assay.output.digest_json import render_digest_json
from assay.output.digest_run import render_run_json
from assay.output.digest_status import QueryStatus, Status, render_status_json
from assay.output.embedded import Vectored, render_embed_json
from assay.output.explain_json import render_explained_json
from assay.output.history import build_history
from assay.output.history_json import render_history_json
from assay.output.ingested import render_ingest_json
from assay.output.lints import Linted, render_lints_json
from assay.output.many import CHECKED, FAILED, Batch, render_many_json, tell_report
from assay.output.many import Row as ManyRow
from assay.output.mesh import render_mesh_json
from assay.output.pairs import compare_lines
from assay.output.related import Step, render_related_json
from assay.output.replay import Difference, Replay, render_replay_json
from assay.output.retractions import Audit, Row
from assay.output.retractions_files import render_retractions_json
from assay.output.review_json import render_review_json
from assay.output.search_json import render_search_json
from assay.output.search_log_json import render_search_log_json
from assay.output.serving import Serving, render_serving_json
from assay.output.translations import render_translations_json
from assay.output.verified import render_verify_json
from assay.output.watched import Row as WatchedRow
from assay.output.watched import render_watched_json
from assay.query.lint import lint
from assay.query.translate_europepmc import translate_query
from assay.record import Record
from assay.search import Found, Problem, Query, SearchRun
from assay.sources import SOURCES
from assay.sources.related import Related
from tests import digest_sample, history_sample, sample
from tests.test_output_clean import ANY, NASTY

SCHEMAS = {
    path.name.removesuffix(".schema.json"): json.loads(path.read_text("utf-8"))
    for path in files("assay.data.schemas").iterdir()
    if path.name.endswith(".schema.json")
}
REPLAY = Replay(
    bundle="e.assay",
    whole="0" * 64,
    made_by="0.1.0",
    here="0.1.0",
    command="check",
    parts=9,
    outcome=("outcome/report.json",),
    difference=Difference("outcome/report.json", 3, "a", ""),
)
STEP = Step(
    wanted=Record(source="", pmid="90000001"),
    related={"references": (Related(sample.TRIAL, ("pubmed", "openalex")),)},
    logs=sample.FOUND.logs,
    problems=sample.FOUND.problems,
)
LIBRARY = (("starter", 139, "2025-01-15"), ("pubmed", 2, ""))
AUDIT = Audit(
    name="velora.bib",
    rows=tuple(
        Row(number, record, report_of(record))
        for number, record in enumerate(sample.RECORDS, 1)
    ),
    unread=sample.REPORT.problems,
    problems=sample.REPORT.problems,
)
PROBLEM = Problem(where="x", what="y")
PARCEL = Parcel(1, "html", "pending", 1, "2026-11-23", "The disk is full.")
ASKED = digest_sample.full_digest().receipt.asked[0]
WRITTEN = {
    "check": lambda: views.render_json(sample.REPORT),
    "check-many": lambda: render_many_json(
        Batch(
            "tea.txt",
            (".html", ".json"),
            (
                ManyRow(
                    "a.html", "a", CHECKED, tell_report(sample.REPORT, partial=True)
                ),
                ManyRow("b.html", "b", FAILED, why="There is no such file."),
            ),
        )
    ),
    "explain": lambda: render_explained_json(sample.REPORT, 1),
    "search": lambda: render_search_json(
        sample.QUERY, sample.FOUND, find_works(sample.FOUND.records), "velora"
    ),
    "record": lambda: views.render_record_json(
        sample.TRIAL, [("pubmed", "velora", "2025-02-01T10:00:00Z")]
    ),
    "queries": lambda: views.render_queries_json([sample.SAVED]),
    "lint": lambda: render_lints_json([Linted("tea", "te*[ab]", lint("te*[ab]"))]),
    "translations": lambda: render_translations_json(
        sample.QUERY, {"Europe PMC": translate_query(sample.QUERY)}
    ),
    "library": lambda: views.render_library_json(LIBRARY, "cache/library", 141),
    "cache": lambda: views.render_cache_json(3, 4096, "2025-02-01T10:00:00Z"),
    "bundle": lambda: render_manifest(
        Manifest("0.1.0", "check", "0" * 64, (part_of("article", b"tea"),))
    ),
    "replay": lambda: render_replay_json(REPLAY),
    "search-log": lambda: render_search_log_json(sample.RUN, SOURCES),
    "retractions": lambda: render_retractions_json(AUDIT),
    "review": lambda: render_review_json(
        [(1, "doi:10.99999/x", "pmid:90000001", 0.5, ("the same title",), "asked")],
        [(1, "doi:10.99999/x", "pmid:90000001", "same", "Jane", "2026-01-01", "")],
        compare_lines(sample.TRIAL, sample.TRIAL),
    ),
    "digest": lambda: render_digest_json(digest_sample.full_digest()),
    "history": lambda: render_history_json(history_sample.HISTORY),
    "watched": lambda: render_watched_json(
        [WatchedRow(history_sample.WATCHED, history_sample.WEIGHINGS[-1], "new")],
        sample.REPORT.problems,
    ),
    "digest-run": lambda: render_run_json(
        digest_sample.full_digest(),
        (PARCEL,),
        (PROBLEM,),
        "",
        "2026-11-30",
    ),
    "digest-status": lambda: render_status_json(
        Status(
            queries=(QueryStatus("tea", "never", asked=(ASKED,)),),
            digests=(heading_of(digest_sample.full_digest()),),
            parcels=(PARCEL,),
            problems=(PROBLEM,),
        )
    ),
    "related": lambda: render_related_json(STEP),
    "embed": lambda: render_embed_json(Vectored(9, 8, 2), (PROBLEM,)),
    "ingest": lambda: render_ingest_json(
        [FileOutcome("a", Fate.LOADED, 3, 2, 1, 0, (PROBLEM,))], (PROBLEM,)
    ),
    "mesh": lambda: render_mesh_json(Kept(5, 2, 9)),
    "serve": lambda: render_serving_json(Serving("http://127.0.0.1:1/", 3)),
    "verify": lambda: render_verify_json(AtHand(3), (PROBLEM,)),
    "error": lambda: views.render_error_json(SourceDownError("pubmed", "no", "Wait.")),
}


def closed(schema):
    """Return the schema with every object closed, so that no field goes untold."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: closed(value) for key, value in copy.copy(schema).items()}
    if schema.get("type") == "object":
        schema.setdefault("additionalProperties", False)
    return schema


def check(name, text):
    value = json.loads(text)
    Draft202012Validator(closed(SCHEMAS[name])).validate(value)
    assert text.endswith("}\n")
    return value


def test_there_is_a_view_for_every_schema():
    assert set(WRITTEN) == set(SCHEMAS)


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_schema_is_valid_and_names_its_number(name):
    schema = SCHEMAS[name]
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["properties"]["schema"] == {"const": f"assay/{name}/1"}
    assert schema["$id"] == f"urn:assay:schema:{name}:1"


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_reference_in_a_schema_leads_somewhere(name):
    used = {
        part.split('"')[0] for part in json.dumps(SCHEMAS[name]).split("#/$defs/")[1:]
    }
    assert used == set(SCHEMAS[name].get("$defs", {}))


def test_shared_parts_are_the_same_in_every_schema():
    seen = {}
    for schema in SCHEMAS.values():
        for name, part in schema.get("$defs", {}).items():
            assert seen.setdefault(name, part) == part


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_what_is_written_fits_its_schema_and_is_the_same_twice(name):
    assert check(name, WRITTEN[name]())["schema"] == f"assay/{name}/1"
    assert WRITTEN[name]() == WRITTEN[name]()


def test_the_smallest_values_fit_too():
    check("check", views.render_json(sample.EMPTY))
    check("search", render_search_json(sample.QUERY, Found(), Works()))
    check("record", views.render_record_json(Record(source="x")))
    check("replay", render_replay_json(REPLAY._replace(difference=None)))
    check("search-log", render_search_log_json(SearchRun(query=Query(text="x"))))
    check("queries", views.render_queries_json([]))
    check("digest", render_digest_json(Digest(number=1, made="2026-11-23")))
    check("digest", render_digest_json(digest_sample.quiet_digest()))
    check("digest", render_digest_json(digest_sample.failed_digest()))
    check("history", render_history_json(build_history(history_sample.WATCHED, ())))
    check("watched", render_watched_json([WatchedRow(history_sample.WATCHED, None)]))
    check("library", views.render_library_json([]))
    check("cache", views.render_cache_json(0, 0))
    check("retractions", render_retractions_json(Audit(name="x", rows=())))
    check("error", views.render_error_json(ArticleError("a.txt: no text."), 1))


def test_a_record_of_two_origins_is_one_record():
    shown = check("library", views.render_library_json(LIBRARY, records=140))
    assert shown["records"] == 140
    assert check("library", views.render_library_json(LIBRARY))["records"] == 141


def test_every_field_of_a_record_is_in_its_schema():
    names = {each.name for each in fields(Record)}
    names |= {"standing", "own_words", "text", "sentences"}
    assert set(SCHEMAS["record"]["$defs"]["record"]["properties"]) == names


def test_the_labels_are_exactly_the_five_documented():
    labels = {"supported", "contradicted", "mixed", "insufficient", "not checkable"}
    assert set(views.LABELS) == set(Label)
    assert set(views.LABELS.values()) == labels
    schema = SCHEMAS["check"]["$defs"]["verdict"]["properties"]["label"]["enum"]
    assert set(schema) == labels


def test_every_offset_finds_its_sentence_again():
    report = check("check", views.render_json(sample.REPORT))
    article = sample.REPORT.article.text
    for claim in report["claims"]:
        assert article[claim["start"] : claim["end"]] == claim["sentence"]
    shown = check("record", views.render_record_json(sample.TRIAL))["record"]
    for sentence in shown["sentences"]:
        start, end = sentence["start"], sentence["end"]
        assert shown["text"][start:end] == sentence["text"]
    latency = report["claims"][3]["evidence"][0]
    assert shown["text"][latency["start"] : latency["end"]] == latency["sentence"]


def test_what_is_absent_is_null_and_what_is_ours_says_from_where():
    claims = check("check", views.render_json(sample.REPORT))["claims"]
    starter = claims[3]["evidence"][1]["record"]
    assert starter["title"] is None
    assert starter["own_words"] is True
    assert starter["provenance"]["addresses"] == ["https://example.org/velora"]
    assert claims[3]["evidence"][0]["record"]["provenance"] is None
    assert claims[3]["evidence"][2]["record"]["standing"] == "retracted"
    assert claims[0]["evidence"][0]["weight"] == 0.3333


@settings(max_examples=50)
@given(ANY | NASTY, ANY | NASTY)
def test_any_text_comes_back_as_it_was(text, other):
    record = replace(sample.TRIAL, title=text, coi=other, genes=(text, other))
    shown = check("record", views.render_record_json(record))["record"]
    assert (shown["title"], shown["coi"]) == (text or None, other or None)
    assert shown["genes"] == [text, other]
