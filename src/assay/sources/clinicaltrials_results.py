"""Results posted in the register of ClinicalTrials.gov, as sections that can be read.

Kept: every outcome measure with its groups, numbers and analyses, and how many people
had adverse events in each group. Single adverse events are not asked for.
"""

from collections.abc import Iterator

from assay.record import Section
from assay.sources.json_answer import Object, number_of, object_of, objects_of, text_of
from assay.sources.markup import plain_markdown

LABEL = "POSTED RESULT"


def result_sections(row: Object) -> Iterator[Section]:
    """Yield one section for each outcome measure, then those of harms and limits.

    Nothing for a study without posted results.

    >>> list(result_sections({}))
    []
    """
    results = object_of(row, "resultsSection")
    for one in objects_of(results, "outcomeMeasuresModule", "outcomeMeasures"):
        kind = text_of(one, "type").replace("_", " ")
        yield Section(_measure(one), f"{LABEL} ({kind})" if kind else LABEL)
    harms = object_of(results, "adverseEventsModule")
    if told := " ".join(_harms(harms)):
        yield Section(told, "POSTED ADVERSE EVENTS")
    more = object_of(object_of(results, "moreInfoModule"), "limitationsAndCaveats")
    if limits := plain_markdown(text_of(more, "description")):
        yield Section(limits, "POSTED LIMITATIONS")


def _measure(one: Object) -> str:
    """Return an outcome measure in words: what, when, in whom, how much."""
    groups = {text_of(g, "id"): text_of(g, "title") for g in objects_of(one, "groups")}
    sizes = {
        text_of(count, "groupId"): text_of(count, "value")
        for denom in objects_of(one, "denoms")[:1]
        for count in objects_of(denom, "counts")
    }
    parts = [text_of(one, "title"), text_of(one, "description")]
    parts += [_said("Time frame", text_of(one, "timeFrame"))]
    parts += [_said("Analysed", text_of(one, "populationDescription"))]
    if text_of(one, "reportingStatus") == "NOT_POSTED":
        parts += [_said("Not posted yet", text_of(one, "anticipatedPostingDate"))]
    unit = ", ".join(
        filter(None, (_named(one, "paramType"), _named(one, "dispersionType")))
    )
    of_what = text_of(one, "unitOfMeasure")
    told = [
        _number(cell, part, groups, sizes)
        for part, cell in _cells(one)
        if text_of(cell, "value")
    ]
    if told:
        head = " ".join(filter(None, (unit, f"({of_what})" if of_what else "")))
        parts.append(f"{head or 'Values'}: {'; '.join(told)}")
    parts += [_analysis(a, groups) for a in objects_of(one, "analyses")]
    clean = [plain_markdown(part).rstrip(".") for part in parts]
    return ". ".join(filter(None, clean)) + "."


def _cells(one: Object) -> Iterator[tuple[str, Object]]:
    """Yield each measurement with the titles of its class and category."""
    for row in objects_of(one, "classes"):
        for category in objects_of(row, "categories"):
            titles = (text_of(row, "title"), text_of(category, "title"))
            for cell in objects_of(category, "measurements"):
                yield ", ".join(filter(None, titles)), cell


def _number(
    cell: Object, part: str, groups: dict[str, str], sizes: dict[str, str]
) -> str:
    group = text_of(cell, "groupId")
    size = f" (n={sizes[group]})" if sizes.get(group) else ""
    low, high = text_of(cell, "lowerLimit"), text_of(cell, "upperLimit")
    spread = text_of(cell, "spread")
    around = f" ({low} to {high})" if low or high else f" ({spread})" if spread else ""
    comment = text_of(cell, "comment")
    told = f"{groups.get(group, group)}{size} {text_of(cell, 'value')}{around}"
    return " ".join(filter(None, (f"{part}:" if part else "", told, comment)))


def _analysis(one: Object, groups: dict[str, str]) -> str:
    """Return a statistical analysis in words."""
    names = one.get("groupIds")
    ids = [str(name) for name in names] if isinstance(names, list) else []
    between = " v ".join(groups.get(i, i) for i in ids)
    low, high = text_of(one, "ciLowerLimit"), text_of(one, "ciUpperLimit")
    level = text_of(one, "ciPctValue")
    value = " ".join(
        filter(None, (_named(one, "paramType"), text_of(one, "paramValue")))
    )
    dispersion = text_of(one, "dispersionValue")
    told = (
        value,
        f"{_named(one, 'dispersionType')} {dispersion}" if dispersion else "",
        f"{level}% CI {low} to {high}" if low or high else "",
        f"P {_sign(text_of(one, 'pValue'))}" if text_of(one, "pValue") else "",
        text_of(one, "pValueComment"),
        text_of(one, "statisticalMethod"),
        text_of(one, "statisticalComment"),
        _named(one, "nonInferiorityType"),
        text_of(one, "nonInferiorityComment"),
        text_of(one, "estimateComment"),
        text_of(one, "groupDescription"),
        text_of(one, "otherAnalysisDescription"),
    )
    return _said(f"Analysis of {between}" if between else "Analysis", ", ".join(
        filter(None, told)
    ))  # fmt: skip


def _sign(value: str) -> str:
    """Return "= 0.04" of "0.04", and "<0.001" as it is."""
    return value if value[:1] in "<>=" else f"= {value}"


def _harms(module: Object) -> Iterator[str]:
    for group in objects_of(module, "eventGroups"):
        told = []
        for name, label in (
            ("deaths", "deaths"),
            ("serious", "serious adverse events"),
            ("other", "other adverse events"),
        ):
            hurt = number_of(group, f"{name}NumAffected")
            risk = number_of(group, f"{name}NumAtRisk")
            if hurt is not None:
                told.append(f"{label} {hurt} of {risk}")
        if told:
            yield f"{text_of(group, 'title')}: {', '.join(told)}."
    for name in ("timeFrame", "description", "allCauseMortalityComment"):
        if text := plain_markdown(text_of(module, name)):
            yield text if text.endswith(".") else f"{text}."


def _said(name: str, words: str) -> str:
    return f"{name}: {words}" if words else ""


def _named(one: Object, name: str) -> str:
    """Return a value of a list in plain words: "LEAST_SQUARES_MEAN" in small ones."""
    text = text_of(one, name)
    return text.replace("_", " ").lower() if text.isupper() else text
