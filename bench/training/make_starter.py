"""Make src/assay/data/starter.jsonl from the collected facts about studies.

    python -m bench.training.make_starter PATH/studies.jsonl PATH/kratom.xml

Every study marked "ship" goes in, in the order of the collection. Identifiers that
were not seen printed, guessed titles and the collectors' own bookkeeping stay out.
Then come the studies of starter_more.jsonl: findings in our own words of records that
are read from a PubMed file, which gives all that can be checked (identifiers, title,
authors, journal, year).
"""

import json
import sys
from pathlib import Path

from assay.sources.pubmed_xml import parse_set

MORE = Path(__file__).with_name("starter_more.jsonl")
TARGET = Path(__file__).parents[2] / "src/assay/data/starter.jsonl"
WRITTEN_BY = "assay maintainers, in their own words; not the authors'"
WRITTEN_ON = "2026-11-22"

SEEN = {
    "second_page": "seen on a second page",
    "reference_list": "seen in a reference list",
}
DESIGN_OVERRIDES = {
    # Ten people watched after their usual dose, nothing compared: its readers noted
    # that it must never be weighed as a trial.
    "smith-2024-direct-obs": "case_series",
}
EMA_NOTE = (
    "The design is ecological momentary assessment: repeated reports in daily life"
)


def main() -> int:
    """Write the file and say how many records it holds."""
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    studies = [s for s in read_lines(Path(sys.argv[1])) if s["ship"]]
    records = {r.pmid: r for r in parse_set(Path(sys.argv[2]).read_bytes()).records}
    studies += [with_facts(s, records[s["pmid"]]) for s in read_lines(MORE)]
    text = "".join(
        json.dumps(shipped(s), ensure_ascii=False, separators=(",", ":")) + "\n"
        for s in studies
    )
    TARGET.write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(studies)} records in {TARGET.name}")
    return 0


def read_lines(path):
    """Return the objects of a file with one on each line."""
    return [json.loads(s) for s in path.read_text(encoding="utf-8").splitlines() if s]


def with_facts(study, record):
    """Return a study with the facts that its PubMed record holds."""
    return {
        **study,
        "doi": record.doi,
        "pmcid": record.pmcid,
        "verified_ids": [k for k in ("pmid", "doi", "pmcid") if getattr(record, k)],
        "id_evidence": {},
        "title": record.title,
        "authors": [f"{a.last_name} {a.initials}" for a in record.authors],
        "journal": record.journal,
        "year": record.year,
        "source_urls": [f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/"],
        "retracted": None,
        "inferred": [],
        "funding_or_coi": None,
    }


def shipped(study):
    """Return what ships of one study; keys without a value stay out, save the title."""
    verified = study["verified_ids"]
    line = {
        "id": study["id"],
        **{k: study[k] for k in ("pmid", "doi", "pmcid") if k in verified},
        "title": study["title"],
        "authors": study["authors"],
        "journal": study["journal"],
        "year": study["year"],
        "design": DESIGN_OVERRIDES.get(study["id"], study["study_design"]),
        "population": study["population"],
        "n": study["n"],
        "exposure": study["exposure"],
        "comparator": study["comparator"],
        "outcomes": study["outcomes"],
        "findings": [
            {"text": f["text"], "direction": f["direction"]} for f in study["findings"]
        ],
        "notes": notes(study),
        "addresses": study["source_urls"],
        "retracted": study["retracted"],
        "written_by": WRITTEN_BY,
        "written_on": WRITTEN_ON,
    }
    kept = {"title", "retracted"}
    return {k: v for k, v in line.items() if k in kept or v not in (None, [], "")}


def notes(study):
    """Return what to doubt about a study, one sentence each."""
    found = [study["note"]] if study["note"] else []
    if study["study_design"] == "ecological_momentary_assessment":
        found.append(EMA_NOTE)
    if study["inferred"]:
        found.append(f"Inferred, not seen printed: {', '.join(study['inferred'])}")
    found += [
        f"{kind.upper()} {SEEN[how]}"
        for kind, how in study["id_evidence"].items()
        if kind in study["verified_ids"] and how in SEEN
    ]
    if study["funding_or_coi"]:
        found.append(f"Funding or interests as seen: {study['funding_or_coi']}")
    return [one[0].upper() + one[1:] for one in found]


if __name__ == "__main__":
    sys.exit(main())
