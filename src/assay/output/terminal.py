"""The report of `assay check` in a terminal, and as plain text where there is none.

A terminal gets a table, narrow or wide; a pipe or a file gets lines that wrap nowhere,
so that `grep` and `less` can read them. Everything from outside is cleaned and printed
as `Text`, never as markup.
"""

from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assay.model import Evidence, Finding, Label, Report
from assay.output.clean import one_line
from assay.output.lines import print_line
from assay.output.links import find_links
from assay.output.second import HEADING, View, build_second, find_notes, say_second
from assay.output.standings import say_loudly
from assay.output.tally import count_studies, find_best, split_sides
from assay.output.words import (
    COURTESY,
    LABELS,
    NOT_ADVICE,
    OWN_WORDS,
    READ_WHAT,
    STANCES,
    SYMBOLS,
    find_gaps,
    say_flag,
    say_number,
    say_search,
    say_step,
    say_study,
    say_summary,
    title_of,
)

WIDE = 110
"""Columns from which certainty and the counts get columns of their own."""

STYLES = {
    Label.SUPPORTED: "bold green",
    Label.CONTRADICTED: "bold red",
    Label.MIXED: "bold yellow",
    Label.INSUFFICIENT: "bold cyan",
    Label.NOT_CHECKABLE: "dim",
}


def print_report(report: Report, console: Console, explain: bool = False) -> None:
    """Print the report; with `explain` also the words, the queries and the rules."""
    print_line(console, report.article.title or report.article.name, style="bold")
    print_line(console, say_summary(report))
    gaps = find_gaps(report)
    if gaps:
        print_line(console, "Not everything was searched: see below.", style="bold red")
    print_line(console)
    if console.is_terminal:
        if report.findings:
            console.print(_table(report, console.width))
    else:
        for number, finding in enumerate(report.findings, 1):
            _print_plain(number, finding, console)
    if explain:
        for number, finding in enumerate(report.findings, 1):
            for start, line in _explained(number, finding):
                print_line(console, line, start)
            print_line(console)
    _print_end(report, gaps, console)


def _verdict(finding: Finding) -> str:
    label = finding.verdict.label
    return f"{SYMBOLS[label]} {LABELS[label]}"


def _certainty(finding: Finding) -> str:
    if finding.verdict.label is Label.NOT_CHECKABLE:
        return ""
    return str(finding.verdict.certainty)


def _for_against(finding: Finding) -> tuple[int, int]:
    sides = split_sides(finding.evidence)
    return count_studies(sides.supports), count_studies(sides.contradicts)


def _table(report: Report, width: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_lines=False, expand=True)
    wide = width >= WIDE
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("Claim", ratio=4, overflow="fold")
    table.add_column("Verdict", no_wrap=wide, min_width=22 if wide else 18)
    if wide:
        table.add_column("Certainty", no_wrap=True)
        table.add_column("For", justify="right", no_wrap=True)
        table.add_column("Against", justify="right", no_wrap=True)
    table.add_column("Strongest sentence", ratio=5, overflow="fold")
    for number, finding in enumerate(report.findings, 1):
        cells = _wide_cells(finding) if wide else _narrow_cells(finding)
        claim = Text(one_line(finding.claim.text))
        table.add_row(Text(str(number)), claim, *cells, _best(finding))
        table.add_row()
    return table


def _wide_cells(finding: Finding) -> tuple[Text, ...]:
    label = finding.verdict.label
    checked = label is not Label.NOT_CHECKABLE
    counts = (str(n) if checked else "" for n in _for_against(finding))
    return (
        Text(_verdict(finding), STYLES[label]).append_text(_second(finding)),
        Text(_certainty(finding)),
        *map(Text, counts),
    )


def _narrow_cells(finding: Finding) -> tuple[Text, ...]:
    text = Text(_verdict(finding), STYLES[finding.verdict.label])
    if certainty := _certainty(finding):
        supports, contradicts = _for_against(finding)
        text.append(f"\n{certainty} certainty", "not bold default")
        counts = f"\n{supports} for, {contradicts} against"
        text.append(counts, "not bold default")
    return (text.append_text(_second(finding)),)


def _second(finding: Finding) -> Text:
    if finding.second is None:
        return Text()
    said = f"\nsecond opinion:\n{LABELS[finding.second.label]}"
    return Text(said, "dim not bold default")


def _best(finding: Finding) -> Text:
    best = find_best(finding)
    if best is None:
        why = finding.claim.why_not or finding.verdict.reason
        text = Text(one_line(why), "dim")
    else:
        text = Text(one_line(_quoted(best)))
        links = find_links(best.record)
        cited = _cited(best, links[0].name if links else "")
        text.append(f"\n{one_line(cited)}", "dim")
    for flag in finding.flags:
        text.append(f"\nNote: {one_line(flag.message)}")
    return text


def _quoted(item: Evidence) -> str:
    if item.own_words:
        return f"{item.sentence} ({OWN_WORDS})"
    return f"“{item.sentence}”"


def _cited(item: Evidence, where: str) -> str:
    parts = (
        say_loudly(item),
        STANCES[item.stance],
        say_study(item),
        where,
    )
    return " · ".join(filter(None, parts))


def _address(item: Evidence) -> str:
    links = find_links(item.record)
    return links[0].address if links else ""


def _print_plain(number: int, finding: Finding, console: Console) -> None:
    for start, line in _plain_lines(number, finding):
        print_line(console, line, start)
    print_line(console)


def _plain_lines(number: int, finding: Finding) -> Iterator[tuple[str, str]]:
    yield f"{number}. ", finding.claim.text
    certainty = _certainty(finding)
    if not certainty:
        yield "   ", f"{_verdict(finding)}: {finding.claim.why_not}"
        return
    supports, contradicts = _for_against(finding)
    counts = f"{supports} for, {contradicts} against"
    yield "   ", f"{_verdict(finding)} ({certainty} certainty; {counts})"
    yield "   ", finding.verdict.reason
    for flag in finding.flags:
        yield "   Note: ", say_flag(flag)
    if best := find_best(finding):
        yield "   ", _quoted(best)
        yield "   ", f"{title_of(best.record)} · {_cited(best, _address(best))}"
        told = {flag.code for flag in finding.flags}
        for flag in best.flags:
            if flag.code not in told:
                yield "   Note on this study: ", say_flag(flag, best.sentence)
    if finding.second:
        yield f"   {HEADING}: ", say_second(finding.second)
        yield from (("     ", note) for note in find_notes(finding.second))


def _explained(number: int, finding: Finding) -> Iterator[tuple[str, str]]:
    yield f"Claim {number}, looked into: ", finding.claim.text
    yield "  ", finding.verdict.reason
    for step in finding.verdict.steps:
        yield "  how sure: ", say_step(step)
    for flag in finding.flags:
        yield "  note: ", say_flag(flag)
    for concept, words in finding.words:
        yield "  ", f"words for {concept}: {', '.join(words)}"
    for query in finding.queries:
        yield "  ", f"query: {query}"
    for item in finding.evidence:
        yield "  ", _cited(item, _address(item))
        yield "    ", _quoted(item)
        why = f": {item.why}" if item.why else ""
        yield "    ", f"rule {item.rule}{why} (weight {item.weight:.2f})"
        for flag in item.flags:
            yield "    note: ", say_flag(flag, item.sentence)
    if finding.second:
        yield from _second_lines(build_second(finding.second))


def _second_lines(second: View) -> Iterator[tuple[str, str]]:
    yield f"  {HEADING}: ", second.said
    for quote in second.quotes:
        where = quote.links[0].address if quote.links else ""
        parts = (f"second opinion: {quote.stance}", quote.title, quote.facts, where)
        yield "    ", " · ".join(filter(None, parts))
        own = f" ({OWN_WORDS})" if quote.own_words else ""
        yield "      ", f"{quote.sentence}{own}"
    yield from (("    ", note) for note in second.notes)


def _print_end(report: Report, gaps: tuple[str, ...], console: Console) -> None:
    if gaps:
        print_line(console, "Not everything was searched", style="bold red")
        for gap in gaps:
            print_line(console, gap, "  ! ", "red")
        print_line(console)
    for log in report.searched:
        print_line(console, say_search(log))
    for origin, number, date in report.library:
        read = say_number(number, "record")
        print_line(
            console, f"Library: {read} from {origin}{f' ({date})' if date else ''}."
        )
    readers = {f.second.reader: f.second.kind for f in report.findings if f.second}
    for reader, kind in readers.items():
        print_line(
            console, f"Second opinions, which decided nothing: {reader}, {kind}."
        )
    print_line(console, READ_WHAT)
    print_line(console, NOT_ADVICE)
    print_line(console, COURTESY, style="dim")
