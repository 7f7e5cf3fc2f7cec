"""The report of `assay check` as Markdown.

Every word from outside goes through `escape_markdown`; addresses are made from
identifiers only (`links`). What is left are our own words and our own signs.
"""

from collections.abc import Iterable, Iterator

from assay.evidence.studies import NOT_COUNTED
from assay.model import Evidence, Finding, Label, Report
from assay.output.clean import escape_markdown
from assay.output.flow import FLOW, count_flow, list_flow
from assay.output.links import find_links
from assay.output.second import HEADING, View, build_second
from assay.output.standings import known_of, link_notices, say_status
from assay.output.tally import (
    count_designs,
    count_studies,
    group_studies,
    split_sides,
)
from assay.output.words import (
    COURTESY,
    LABELS,
    NOT_ADVICE,
    OWN_WORDS,
    READ_WHAT,
    SYMBOLS,
    WEIGHTLESS,
    find_gaps,
    say_flag,
    say_neutral,
    say_number,
    say_search,
    say_step,
    say_studies,
    say_study,
    say_summary,
    title_of,
)


def render_markdown(report: Report) -> str:
    """Return the report as Markdown that ends with a newline."""
    return "\n".join(_lines(report)).rstrip("\n") + "\n"


def _lines(report: Report) -> Iterator[str]:
    article = report.article
    yield f"# {escape_markdown(article.title or article.name)}"
    yield ""
    yield f"Read from {escape_markdown(article.name)}. {say_summary(report)}"
    yield ""
    yield f"> {NOT_ADVICE}"
    yield ""
    gaps = find_gaps(report)
    if gaps:
        yield "## Not everything was searched"
        yield ""
        yield from _items(gaps)
        yield ""
    if report.findings:
        yield "## The claims"
        yield ""
    for number, finding in enumerate(report.findings, 1):
        yield from _claim(number, finding)
    yield from _designs(report)
    yield from _flow(report)
    yield from _searched(report)
    yield f"{READ_WHAT} {COURTESY}"


def _items(texts: Iterable[str]) -> Iterator[str]:
    yield from (f"- {escape_markdown(text)}" for text in texts)


def _claim(number: int, finding: Finding) -> Iterator[str]:
    label = finding.verdict.label
    yield f"### {number}. {escape_markdown(finding.claim.text)}"
    yield ""
    certainty = f" ({finding.verdict.certainty} certainty)"
    if label is Label.NOT_CHECKABLE:
        certainty = ""
    reason = finding.claim.why_not or finding.verdict.reason
    answer = f"**{SYMBOLS[label]} {LABELS[label]}**{certainty}"
    yield f"{answer} — {escape_markdown(reason)}"
    yield ""
    yield f"> {escape_markdown(finding.claim.sentence)}"
    yield ""
    if finding.verdict.steps:
        yield from _items(f"How sure: {say_step(s)}" for s in finding.verdict.steps)
        yield ""
    if finding.flags:
        yield from _items(f"Note: {say_flag(flag)}" for flag in finding.flags)
        yield ""
    sides = split_sides(finding.evidence)
    for name, side in (
        ("For", sides.supports),
        ("Against", sides.contradicts),
        ("With limits", sides.qualifies),
        (WEIGHTLESS, sides.weightless),
        ("Not counted", sides.not_counted),
    ):
        yield from _side(name, side)
    if sides.neutral:
        yield f"{say_neutral(count_studies(sides.neutral))}."
        yield ""
    if finding.second:
        yield from _second(build_second(finding.second))


def _second(second: View) -> Iterator[str]:
    yield f"**{HEADING}** — {escape_markdown(second.said)}"
    yield ""
    for quote in second.quotes:
        links = (f"[{link.name}]({link.address})" for link in quote.links)
        parts = (
            quote.stance,
            escape_markdown(quote.title),
            escape_markdown(quote.facts),
        )
        yield f"- {' · '.join((*parts, *links))}"
        own = f" *({OWN_WORDS})*" if quote.own_words else ""
        yield f"  - {escape_markdown(quote.sentence)}{own}"
    yield from _items(second.notes)
    yield ""


def _side(name: str, side: tuple[Evidence, ...]) -> Iterator[str]:
    if not side:
        return
    yield f"**{name}** ({say_studies(side)})"
    yield ""
    for study in group_studies(side):
        yield from _study(study)
    yield ""


def _study(study: tuple[Evidence, ...]) -> Iterator[str]:
    first = study[0]
    struck = "~~" if first.standing in NOT_COUNTED else ""
    standing = say_status(first)
    found = find_links(first.record)
    found += link_notices(known_of(first)) if standing else ()
    links = (f"[{link.name}]({link.address})" for link in found)
    parts = (
        f"{struck}{escape_markdown(title_of(first.record))}{struck}",
        f"**{escape_markdown(standing)}**" if standing else "",
        escape_markdown(say_study(first)),
        *links,
    )
    yield f"- {' · '.join(filter(None, parts))}"
    for item in study:
        yield f"  - {struck}{_quoted(item)}{struck}"
        for flag in item.flags:
            yield f"    - Note: {escape_markdown(say_flag(flag, item.sentence))}"


def _quoted(item: Evidence) -> str:
    sentence = escape_markdown(item.sentence)
    return f"{sentence} *({OWN_WORDS})*" if item.own_words else f"“{sentence}”"


def _designs(report: Report) -> Iterator[str]:
    rows = count_designs(report)
    if not rows:
        return
    yield "## The evidence by study design"
    yield ""
    yield "| Design | For | Against | With limits | Do not settle it |"
    yield "|---|--:|--:|--:|--:|"
    for row in rows:
        yield f"| {' | '.join(map(str, row))} |"
    yield ""


def _flow(report: Report) -> Iterator[str]:
    yield f"## {FLOW}"
    yield ""
    for number, line in enumerate(list_flow(count_flow(report)), 1):
        yield f"{number}. {escape_markdown(line)}"
    yield ""


def _searched(report: Report) -> Iterator[str]:
    yield "## What was searched"
    yield ""
    for log in report.searched:
        yield f"- {escape_markdown(say_search(log))}"
        yield f"  - Asked: {escape_markdown(log.query)}"
        if log.sent and log.sent != log.query:
            yield f"  - Sent as: {escape_markdown(log.sent)}"
        if log.translation and log.translation != log.sent:
            yield f"  - Read by the service as: {escape_markdown(log.translation)}"
        for sentence in log.ignored:
            yield f"  - {escape_markdown(sentence)}"
    for origin, number, date in report.library:
        held = f"Library: {say_number(number, 'record')} from {origin}"
        yield f"- {escape_markdown(f'{held} ({date})' if date else held)}"
    if not report.searched and not report.library:
        yield "- Nothing."
    yield ""
