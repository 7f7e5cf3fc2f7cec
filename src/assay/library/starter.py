"""The starter library: facts about real studies in our own words, as records.

One JSON object a line:

    id            our name of the study, e.g. "roe-2021-tea"
    pmid, doi, pmcid   only those that were seen printed; at least one of them
    title         null where it was not seen: never guessed
    authors       names as printed; "et al." where more were not seen; null: not seen
    journal, year     null where not seen
    design        one of DESIGNS
    population, n, exposure, comparator, outcomes   as its readers noted them
    findings      [{"text", "direction"}]
    notes         what to doubt, one sentence each
    addresses     the pages that were read
    retracted     null: nobody has checked
    written_by, written_on

The direction of a finding is there to test assay against. `parse_starter` drops it: a
verdict never sees it, so that offline and online take the same way.
"""

import json
from collections.abc import Iterable
from typing import cast

from assay.errors import StoreError
from assay.library.merge import STARTER
from assay.record import Author, Identifier, Keyword, PartialDate, Record, Summary

DESIGNS = {
    "animal": "animal",
    "case_report": "case report",
    "case_series": "case series",
    "cohort": "cohort",
    "cross_sectional_survey": "cross-sectional",
    "ecological_momentary_assessment": "cohort",
    "guideline": "guideline",
    "in_vitro": "in vitro",
    "meta_analysis": "meta-analysis",
    "narrative_review": "narrative review",
    "nonrandomized_trial": "non-randomised trial",
    "pharmacokinetic": "pharmacokinetic",
    "qualitative": "qualitative",
    "randomized_trial": "randomised trial",
    "systematic_review": "systematic review",
}
"""The designs a line may state → the word of `model.Design`. What an "ecological
momentary assessment" is, a note of the line says."""

ET_AL = "et al."

KEYWORD_OWNER = "assay"
"""Owner of the keywords that are our own (exposure and outcomes), not the authors'."""


def parse_starter(lines: Iterable[str]) -> tuple[Record, ...]:
    """Return the records of a starter file, in its order; blank lines are skipped.

    Raises:
        StoreError: a line does not have the shape described above; it is named.

    >>> line = '{"id": "a", "design": "animal", "findings": [{"text": "It slept"}]}'
    >>> parse_starter([line])[0].summary.sentences
    ('It slept.',)
    """
    records = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            records.append(_record(json.loads(line)))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            why = f"Line {number} of the starter library cannot be read ({error!r})."
            raise StoreError(f"{why} Install assay again.") from error
    return tuple(records)


def parse_directions(lines: Iterable[str]) -> tuple[tuple[str, str, str], ...]:
    """Return (id, sentence, direction) of every finding: for tests, never a verdict.

    The direction is one of benefit, harm, no_effect, mixed, descriptive.

    >>> parse_directions(['{"id": "a", "findings": [{"text": "B", "direction": "c"}]}'])
    (('a', 'B.', 'c'),)
    """
    return tuple(
        (part["id"], _sentence(finding["text"]), finding["direction"])
        for part in map(json.loads, filter(str.strip, lines))
        for finding in part["findings"]
    )


def _record(part: dict[str, object]) -> Record:
    names = _strings(part, "authors")
    year = cast("int | None", part.get("year"))
    return Record(
        source=STARTER,
        pmid=_text(part, "pmid"),
        doi=_text(part, "doi"),
        pmcid=_text(part, "pmcid"),
        title=_text(part, "title"),
        summary=_summary(part),
        year=year,
        dates=(PartialDate(year, origin="starter"),) if year else (),
        authors=tuple(_author(name) for name in names if name != ET_AL),
        authors_complete=bool(names) and ET_AL not in names,
        journal=_text(part, "journal"),
        keywords=tuple(Keyword(word, KEYWORD_OWNER) for word in _keywords(part)),
        identifiers=(Identifier(STARTER, str(part["id"])),),
        design_stated=DESIGNS[str(part["design"])],
        population=_text(part, "population"),
        sample_size=cast("int | None", part.get("n")),
    )


def _summary(part: dict[str, object]) -> Summary:
    findings = cast("list[dict[str, str]]", part["findings"])
    return Summary(
        sentences=tuple(_sentence(finding["text"]) for finding in findings),
        written_by=_text(part, "written_by"),
        written_on=_text(part, "written_on"),
        addresses=_strings(part, "addresses"),
        notes=" ".join(map(_sentence, _strings(part, "notes"))),
    )


def _keywords(part: dict[str, object]) -> tuple[str, ...]:
    exposures = filter(None, map(str.strip, _text(part, "exposure").split(";")))
    return tuple(dict.fromkeys((*exposures, *_strings(part, "outcomes"))))


def _author(name: str) -> Author:
    """Return a printed name: its parts only where a comma tells them apart."""
    last, _, fore = name.partition(", ")
    return Author(last, fore)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _text(part: dict[str, object], name: str) -> str:
    return str(part.get(name) or "")


def _strings(part: dict[str, object], name: str) -> tuple[str, ...]:
    return tuple(cast("list[str]", part.get(name) or ()))
