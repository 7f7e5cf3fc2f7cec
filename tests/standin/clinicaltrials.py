"""A stand-in for ClinicalTrials.gov's API v2: a study for every record of the set.

Records that name the same NCT number belong to one study; the others have a number
made of their PMID.
"""

import hashlib
import re
from functools import cached_property

from tests.standin.lucene import QueryError, Value, has_words, holds, in_range, parse
from tests.standin.records import Row
from tests.standin.replies import Reply
from tests.standin.services import Call, Service, cut_page, render_json, render_text
from tests.standin.works import Work, iso, work_of

NCT = re.compile(r"NCT\d{8}")
RANGE = re.compile(r"AREA\[(\w+)\]RANGE\[([^,\]]+),\s*([^\]]+)\]")
AREA = re.compile(r"AREA\[(\w+)\]")
DATES = {"LastUpdatePostDate": "crdt", "StudyFirstPostDate": "dp", "StartDate": "dp"}
TRIALS = {"Randomized Controlled Trial", "Clinical Trial", "Clinical Trial Protocol"}
PIECES = {
    "IdentificationModule": "identificationModule",
    "StatusModule": "statusModule",
    "SponsorCollaboratorsModule": "sponsorCollaboratorsModule",
    "DescriptionModule": "descriptionModule",
    "ConditionsModule": "conditionsModule",
    "DesignModule": "designModule",
    "ArmsInterventionsModule": "armsInterventionsModule",
    "OutcomesModule": "outcomesModule",
    "EligibilityModule": "eligibilityModule",
    "OverallOfficial": "contactsLocationsModule",
    "LocationCountry": "contactsLocationsModule",
    "ReferencesModule": "referencesModule",
}
ELSEWHERE = {
    "HasResults", "OutcomeMeasuresModule", "EventGroup", "LimitationsAndCaveats",
    "ConditionMesh", "InterventionMesh", "LargeDoc", "NCTId", "BriefTitle",
}  # fmt: skip
UNKNOWN_SIZE = 99_999_999


class Study:
    """One registered study, with the records that report it."""

    def __init__(self, number: str, row: Row) -> None:
        self.number, self.rows = number, [row]

    @cached_property
    def work(self) -> Work:
        """The facts of its first report."""
        return work_of(self.rows[0])

    def fits(self, field: str, value: Value) -> bool:
        """Return whether a clause of an expression holds."""
        facts = self.rows[0].facts
        if field in DATES:
            return in_range(facts.dates.get(DATES[field], ()), value)
        if field:
            raise QueryError(f"Unknown area name: `{field}`")
        if has_words([self.number], value):
            return True
        return any(
            has_words(facts.texts.get(part, []), value)
            for part in ("ti", "ab", "mh", "ot", "nm", "si")
        )


class Register:
    """What the service answers from."""

    def __init__(self, rows: list[Row]) -> None:
        self.studies: dict[str, Study] = {}
        for row in rows:
            named = NCT.findall(" ".join(row.facts.texts.get("si", ())))
            number = named[0] if named else f"NCT{row.pmid:08}"
            if number in self.studies:
                self.studies[number].rows.append(row)
            else:
                self.studies[number] = Study(number, row)
        self.known: dict[tuple[str, str], list[Study]] = {}

    def find(self, term: str, advanced: str) -> list[Study]:
        """Return the studies that fit both expressions. Raises: QueryError."""
        if (term, advanced) not in self.known:
            trees = [read(text) for text in (term, advanced) if text.strip()]
            self.known[term, advanced] = [
                study
                for study in self.studies.values()
                if all(holds(tree, study.fits) for tree in trees)
            ]
        return self.known[term, advanced]

    def answer(self, call: Call) -> Reply:
        """Answer one request."""
        if call.program == "version":
            said = {"apiVersion": "2.0.5", "dataTimestamp": "2026-11-20T09:00:05"}
            return render_json(said)
        if call.program == "studies":
            return self.list(call)
        number = call.program.removeprefix("studies/")
        if number not in self.studies:
            return render_text(f"NCT number {number} not found", 404)
        return render_json(shape(self.studies[number], []))

    def list(self, call: Call) -> Reply:
        """Answer with one page of studies, or in plain text with what is wrong."""
        asked = call.params
        if asked.get("format", "json") != "json":
            return invalid("format", asked["format"])
        size = asked.get("pageSize", "10")
        if not size.isdecimal():
            return invalid("pageSize", size)
        fields = [name for name in re.split(r"[|,]", asked.get("fields", "")) if name]
        for name in fields:
            if name not in PIECES and name not in ELSEWHERE:
                said = f"Parameter `fields` contains invalid field name `{name}`"
                return render_text(said, 400)
        sort = asked.get("sort", "@relevance")
        if not re.fullmatch(
            r"(@relevance|\w+Date|EnrollmentCount)(:(asc|desc))?", sort
        ):
            return invalid("sort", sort)
        term, advanced = asked.get("query.term", ""), asked.get("filter.advanced", "")
        try:
            hits = self.find(term, advanced)
        except QueryError as error:
            return render_text(f"Error parsing query in `query.term`: {error}", 400)
        mark = hashlib.sha256(f"{term}{advanced}".encode()).hexdigest()[:10]
        token = asked.get("pageToken", "")
        if token and not token.startswith(f"ZVt0{mark}-"):
            return render_text("Invalid value in parameter `pageToken`", 400)
        at = int(token.rpartition("-")[2]) if token else 0
        cut = cut_page(hits, at, min(int(size) or 10, 1000), call.lies)
        page: dict[str, object] = {}
        if cut.total is not None and asked.get("countTotal") == "true" and not token:
            page["totalCount"] = cut.total
        page["studies"] = [
            shape(row, fields) if isinstance(row, Study) else row for row in cut.rows
        ]
        if cut.next is not None and cut.next < len(hits):
            page["nextPageToken"] = f"ZVt0{mark}-{cut.next}"
        return render_json(page)


def read(text: str) -> tuple:
    """Return the tree of an Essie expression. Raises: QueryError."""
    ranged = RANGE.sub(r"\1:[\2 TO \3]", text)
    return parse(AREA.sub(r"\1:", ranged))


def invalid(name: str, value: str) -> Reply:
    """Return the refusal of a parameter, as plain as it is."""
    return render_text(f"Invalid value in parameter `{name}`: `{value}`", 400)


def shape(study: Study, fields: list[str]) -> dict[str, object]:
    """Return a study; with fields, only the modules that are asked for."""
    wanted = {PIECES[name] for name in fields if name in PIECES}
    modules = {
        name: module
        for name, module in protocol(study).items()
        if not fields or name in wanted
    }
    posted = study.rows[0].pmid % 5 == 0
    said: dict[str, object] = {"protocolSection": modules}
    if not fields or "HasResults" in fields:
        said["hasResults"] = posted
    if posted and (not fields or "OutcomeMeasuresModule" in fields):
        said["resultsSection"] = results(study)
    if not fields or "ConditionMesh" in fields:
        meshes = [{"id": "D999999", "term": h[0]} for h in study.work.headings]
        said["derivedSection"] = {"conditionBrowseModule": {"meshes": meshes}}
    return said


def protocol(study: Study) -> dict[str, dict[str, object]]:
    """Return the modules of protocolSection."""
    work = study.work
    trial = bool(TRIALS & set(work.types))
    day = work.iso_day or "2020-01-01"
    return {
        "identificationModule": {
            "nctId": study.number,
            "orgStudyIdInfo": {"id": f"INV-{study.rows[0].pmid}"},
            "briefTitle": work.title.rstrip("."),
        },
        "statusModule": {
            "overallStatus": "COMPLETED",
            "startDateStruct": {"date": day[:7]},
            "completionDateStruct": {"date": day, "type": "ACTUAL"},
            "studyFirstPostDateStruct": {"date": day, "type": "ACTUAL"},
            "lastUpdatePostDateStruct": {"date": iso(work.created), "type": "ACTUAL"},
        },
        "sponsorCollaboratorsModule": {
            "leadSponsor": {"name": "Institute of Invented Results", "class": "OTHER"}
        },
        "descriptionModule": {"briefSummary": marked(work.abstract)},
        "conditionsModule": {
            "conditions": [heading[0] for heading in work.headings],
            "keywords": work.keywords,
        },
        "designModule": {
            "studyType": "INTERVENTIONAL" if trial else "OBSERVATIONAL",
            "phases": ["NA"] if trial else [],
            "designInfo": {"allocation": "RANDOMIZED"} if trial else {},
            "enrollmentInfo": {
                "count": UNKNOWN_SIZE if work.pmid % 7 == 0 else 100 + work.pmid % 50,
                "type": "ACTUAL",
            },
        },
        "armsInterventionsModule": {
            "interventions": [
                {"type": "OTHER", "name": name} for name, _ in work.chemicals
            ]
        },
        "outcomesModule": {
            "primaryOutcomes": [{"measure": "Sleep latency", "timeFrame": "6 weeks"}]
        },
        "eligibilityModule": {"sex": "ALL", "minimumAge": "18 Years"},
        "referencesModule": {
            "references": [
                {
                    "pmid": str(row.pmid),
                    "type": "DERIVED",
                    "citation": f"J Invent Results. {work.printed}",
                }
                for row in study.rows
            ]
        },
    }


def marked(text: str) -> str:
    """Return a text as Markdown has it: comparisons with a backslash."""
    return re.sub(r"([<>*])", r"\\\1", text)


def results(study: Study) -> dict[str, object]:
    """Return posted results with one outcome measure."""
    cells = [
        {"groupId": "OG000", "value": "12.1", "spread": "3.0"},
        {"groupId": "OG001", "value": "14.2", "lowerLimit": "12.0", "upperLimit": "16"},
    ]
    measure = {
        "type": "PRIMARY",
        "title": "Sleep latency",
        "timeFrame": "6 weeks",
        "reportingStatus": "POSTED",
        "paramType": "MEAN",
        "dispersionType": "STANDARD_DEVIATION",
        "unitOfMeasure": "minutes",
        "groups": [
            {"id": "OG000", "title": "Tea"},
            {"id": "OG001", "title": "Placebo"},
        ],
        "denoms": [
            {"units": "Participants", "counts": [{"groupId": "OG000", "value": "60"}]}
        ],
        "classes": [{"categories": [{"measurements": cells}]}],
        "analyses": [{"groupIds": ["OG000", "OG001"], "pValue": "0.04"}],
    }
    group = {"title": "Tea", "seriousNumAffected": 1, "seriousNumAtRisk": 60}
    return {
        "outcomeMeasuresModule": {"outcomeMeasures": [measure]},
        "adverseEventsModule": {"eventGroups": [group]},
    }


SERVICE = Service(base="/api/v2/", make=lambda rows: Register(rows).answer)
