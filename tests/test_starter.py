"""The starter library: every line is sound, honest about its origin, and unbiased."""

import json
import re
from collections import Counter

import pytest

from assay.edge.packaged import read_packaged_text
from assay.errors import StoreError
from assay.library.merge import keys_of
from assay.library.starter import DESIGNS, parse_directions, parse_starter
from assay.model import Design
from assay.sources.pubmed_xml import parse_set
from assay.text import record_text, split_sentences

LINES = read_packaged_text("starter.jsonl").splitlines()
PARTS = [json.loads(line) for line in LINES]
RECORDS = parse_starter(LINES)
DIRECTIONS = {"benefit", "harm", "no_effect", "mixed", "descriptive"}
FORMS = {
    "pmid": r"[1-9]\d{0,7}",
    "pmcid": r"PMC[1-9]\d*",
    "doi": r"10\.\d{4,9}/[^\sA-Z]+",
}
FIELDS = {
    "id", "pmid", "pmcid", "doi", "title", "authors", "journal", "year", "design",
    "population", "n", "exposure", "comparator", "outcomes", "findings", "notes",
    "addresses", "retracted", "written_by", "written_on",
}  # fmt: skip
each_line = pytest.mark.parametrize("part", PARTS, ids=[part["id"] for part in PARTS])


@each_line
def test_a_line_has_the_documented_shape(part):
    assert set(part) <= FIELDS  # in particular no title_hint
    assert re.fullmatch(r"[a-z0-9-]+", part["id"])
    assert part["design"] in DESIGNS
    assert part["population"]
    assert part["title"] is None or part["title"] == part["title"].strip() != ""
    assert part["retracted"] is None  # nobody has checked
    assert part["written_by"]
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", part["written_on"])
    assert 1900 <= part.get("year", 1990) <= int(part["written_on"][:4])
    assert part.get("n", 1) > 0


@each_line
def test_a_line_has_a_verified_identifier_of_the_right_form(part):
    given = {kind: part[kind] for kind in FORMS if kind in part}
    assert given
    for kind, value in given.items():
        assert re.fullmatch(FORMS[kind], value)


@each_line
def test_a_line_has_findings_with_a_direction(part):
    assert part["findings"]
    for finding in part["findings"]:
        assert finding["direction"] in DIRECTIONS
        assert len(finding["text"]) > 20


def test_no_two_lines_share_an_identifier():
    counts = Counter(key for record in RECORDS for key in keys_of(record))
    assert {key for key, count in counts.items() if count > 1} == set()


def test_titles_that_were_not_seen_are_not_recorded():
    assert {r.title for r, p in zip(RECORDS, PARTS, strict=True) if not p["title"]} == {
        ""
    }


def test_a_summary_is_ours_and_never_an_abstract():
    for record in RECORDS:
        assert record.source == "starter"
        assert record.abstract == ()
        assert "not the authors'" in record.summary.written_by
        assert record.summary.written_on == "2026-11-22"


def test_sentences_of_a_summary_are_whole():
    for record in RECORDS:
        for sentence in record.summary.sentences:
            assert sentence[-1] in ".!?"
            assert sentence[0].isupper() or sentence[0].isdigit()
            assert split_sentences(sentence)[-1].end == len(sentence)


def test_designs_are_words_that_the_judge_knows():
    assert {record.design_stated for record in RECORDS} <= {d.value for d in Design}
    assert {Design(value) for value in DESIGNS.values()}


def test_the_recorded_direction_of_a_finding_leaves_no_trace():
    blind = []
    for part in PARTS:
        findings = [{"text": f["text"], "direction": "?"} for f in part["findings"]]
        blind.append(json.dumps({**part, "findings": findings}))
    assert parse_starter(blind) == RECORDS
    assert all("no_effect" not in repr(record) for record in RECORDS)


def test_directions_are_there_for_tests():
    found = parse_directions(LINES)
    assert {direction for _, _, direction in found} == DIRECTIONS
    sentences = {
        (record.identifiers[0].value, sentence)
        for record in RECORDS
        for sentence in record.summary.sentences
    }
    assert {(name, sentence) for name, sentence, _ in found} == sentences


def test_doubts_are_kept_with_the_summary():
    by_name = {record.identifiers[0].value: record for record in RECORDS}
    assert "looks inverted" in by_name["obeng-2021-mor"].summary.notes
    assert "Inferred" in by_name["garcia-romeu-2020"].summary.notes
    assert by_name["garcia-romeu-2020"].doi == ""  # seen in a reference list only


def test_authors_are_as_printed_and_say_when_more_were_not_seen():
    line = '{{"id": "a", "design": "animal", "findings": [], "authors": {}}}'
    [some] = parse_starter([line.format('["Roe, Jane", "Jo K. Doe", "et al."]')])
    assert [(a.last_name, a.fore_name) for a in some.authors] == [
        ("Roe", "Jane"),
        ("Jo K. Doe", ""),
    ]
    assert not some.authors_complete
    [unseen] = parse_starter([line.format("null")])
    assert (unseen.authors, unseen.authors_complete) == ((), False)


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"id": "a"}', '{"id": "a", "design": "guess", "findings": []}']
)
def test_a_line_of_another_shape_is_named(line):
    with pytest.raises(StoreError, match="Line 2"):
        parse_starter([LINES[0], line])


def test_what_ships_is_what_was_verified(shared):
    text = (shared / "kratom/studies.jsonl").read_text(encoding="utf-8")
    studies = [s for s in map(json.loads, text.splitlines()) if s["ship"]]
    own = PARTS[: len(studies)]
    assert [study["id"] for study in studies] == [part["id"] for part in own]
    for study, part in zip(studies, own, strict=True):
        assert {kind for kind in FORMS if kind in part} == set(study["verified_ids"])
        assert part["title"] == study["title"]
        assert [f["text"] for f in part["findings"]] == [
            f["text"] for f in study["findings"]
        ]


def test_what_was_added_says_of_itself_what_pubmed_says(shared):
    collected = (shared / "kratom/studies.jsonl").read_text(encoding="utf-8")
    ids = {json.loads(line)["id"] for line in collected.splitlines()}
    records = parse_set((shared / "pubmed/kratom.xml").read_bytes()).records
    added = {part["pmid"]: part for part in PARTS if part["id"] not in ids}
    assert added.keys() == {record.pmid for record in records}
    for record in records:
        part = added[record.pmid]
        assert (part["doi"], part.get("pmcid", "")) == (record.doi, record.pmcid)
        assert (part["title"], part["journal"]) == (record.title, record.journal)
        assert part["year"] == record.year
        assert [a.split()[0] for a in part["authors"]] == [
            a.last_name for a in record.authors
        ]
        told = " ".join(finding["text"] for finding in part["findings"])
        numbers = re.findall(r"\d+(?:\.\d+)?", told)
        printed = record_text(record).replace(",", "")
        assert all(number in printed for number in numbers)
