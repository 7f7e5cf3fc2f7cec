"""Make src/assay/data/starter.jsonl from the collected facts about studies.

    python bench/training/make_starter.py PATH/studies.jsonl

Every study marked "ship" goes in, in the order of the collection. Identifiers that
were not seen printed, guessed titles and the collectors' own bookkeeping stay out.
"""

import json
import sys
from pathlib import Path

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
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    studies = [s for s in map(json.loads, filter(None, lines)) if s["ship"]]
    text = "".join(
        json.dumps(shipped(s), ensure_ascii=False, separators=(",", ":")) + "\n"
        for s in studies
    )
    TARGET.write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(studies)} records in {TARGET.name}")
    return 0


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
