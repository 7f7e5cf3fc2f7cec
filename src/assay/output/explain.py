"""How one claim came to its verdict, every step: `assay check ARTICLE --explain CLAIM`.

The steps are numbered as they were taken: what was read in the claim, what was looked
for, what each record says, which records are one study, the table that decided, and
how sure it is. Nothing is decided here: the values are those of the report.
"""

from collections.abc import Iterator

from rich.console import Console

from assay.evidence.design import WEIGHTS
from assay.evidence.studies import (
    find_counted_in,
    find_maybe_same,
    group_studies,
)
from assay.evidence.trust import FEW, MANY, SIGNS, find_trust
from assay.evidence.verdict import (
    Row,
    Voice,
    decision_table,
    hear_studies,
    least_weight,
    sum_sides,
)
from assay.model import Claim, Evidence, Finding, Report, Scores, Stance, Term
from assay.output.lines import print_line
from assay.output.links import find_links
from assay.output.standings import say_loudly
from assay.output.words import (
    LABELS,
    OWN_WORDS,
    STANCES,
    say_number,
    say_search,
    say_step,
    say_study,
    title_of,
)

Lines = Iterator[tuple[str, str]]
"""(our own words at the start, the text behind them)."""


def print_explained(report: Report, number: int, console: Console) -> None:
    """Print every step from one claim, counted from 1, to its verdict."""
    for start, text in explain_lines(report, number):
        print_line(console, text, start)


def explain_lines(report: Report, number: int) -> Lines:
    """Yield the explanation of the claim with a number, line by line."""
    finding = report.findings[number - 1]
    yield f"Claim {number} of {len(report.findings)}: ", finding.claim.text
    yield "", ""
    yield "1. What was read in it", ""
    yield from _read(finding.claim)
    if not finding.claim.checkable:
        yield "", ""
        yield "It was not looked into: ", finding.claim.why_not
        return
    yield "", ""
    yield "2. What was looked for", ""
    yield from _searched(report, finding)
    yield "", ""
    yield "3. What the records say, weightiest first", ""
    for item in finding.evidence:
        yield from _evidence(item)
    if not finding.evidence:
        yield "  ", "No record was found that names what the claim is about."
    yield "", ""
    yield "4. The studies, each counted once", ""
    yield from _studies(finding)
    yield "", ""
    yield "5. The table that decided, from top to bottom", ""
    yield from _table(finding)
    yield "", ""
    yield "6. How sure that is", ""
    yield from _certainty(finding)


def _read(claim: Claim) -> Lines:
    frame = claim.frame
    yield "  sentence: ", claim.sentence
    yield "  relation: ", f"{frame.relation}; direction: {frame.direction}"
    for name, terms in (
        ("exposure", frame.exposure),
        ("outcome", frame.outcome),
        ("people", frame.population),
    ):
        if terms:
            yield f"  {name}: ", ", ".join(map(_term, terms))
    for name, words in (
        ("compared with", frame.comparator),
        ("hedge", frame.hedge),
        ("said by", frame.attribution),
    ):
        if words:
            yield f"  {name}: ", words
    yield "  denied: ", "yes" if frame.negated else "no"
    yield "  told as cause: ", "yes" if frame.causal else "no"


def _term(term: Term) -> str:
    known = f"known as {term.concept}" if term.concept else "not in the vocabulary"
    return f"{term.words} ({known})"


def _searched(report: Report, finding: Finding) -> Lines:
    for concept, words in finding.words:
        yield "  words for ", f"{concept}: {', '.join(words)}"
    logs = {log.query: log for log in report.searched}
    for query in finding.queries:
        yield "  query: ", query
        log = logs.get(query)
        yield "    ", say_search(log) if log else "Not asked of any service."
    speaking = [e for e in finding.evidence if e.stance is not Stance.NEUTRAL]
    spoke = len({e.record for e in speaking})
    yield (
        "  candidates: ",
        f"{say_number(finding.read, 'record')} of the library read, {spoke} of them "
        "speak of it.",
    )


def _evidence(item: Evidence) -> Lines:
    links = find_links(item.record)
    parts = (
        say_loudly(item),
        STANCES[item.stance],
        say_study(item),
        title_of(item.record),
        links[0].address if links else "",
    )
    yield "  ", " · ".join(filter(None, parts))
    own = f"{item.sentence} ({OWN_WORDS})"
    yield "    ", own if item.own_words else f"“{item.sentence}”"
    yield "    rule ", f"{item.rule}: {item.why}"
    yield "    reader: ", say_scores(item.scores)
    if item.stance is not Stance.NEUTRAL:
        yield "    weight: ", say_weight(item)
    for flag in item.flags:
        yield "    flag ", f"{flag.code}: {flag.message}"


def say_scores(scores: Scores | None) -> str:
    """Return what the built-in reader made of a record.

    >>> say_scores(None)
    'not asked'
    >>> say_scores(Scores(0.8, 0.05, 0.15, 0.6))
    'supports 0.80, contradicts 0.05, silent 0.15; rests on this sentence 0.60'
    """
    if scores is None:
        return "not asked"
    return (
        f"supports {scores.supports:.2f}, contradicts {scores.contradicts:.2f}, "
        f"silent {scores.silent:.2f}; rests on this sentence {scores.rationale:.2f}"
    )


def say_weight(item: Evidence) -> str:
    """Return a weight with what it is made of.

    >>> from assay.model import Design
    >>> from assay.record import Record
    >>> say_weight(Evidence(record=Record(source="x", sample_size=12), sentence="",
    ...     design=Design.RANDOMISED_TRIAL, start=0, end=0, stance=Stance.SUPPORTS,
    ...     rule="r", weight=0.3))
    '0.30 = randomised trial 0.80 × 0.75 (fewer than 30 people) × 0.50 fitted to the \
claim'
    """
    base, trust = WEIGHTS[item.design], find_trust(item.record, item.design)
    parts = [f"{item.design} {base:.2f}"]
    if trust.share != 1.0:
        parts.append(f"{trust.share:.2f} ({_why_share(item)})")
    rest = item.weight / (base * trust.share) if base * trust.share else 0.0
    if abs(rest - 1.0) >= 0.005:
        parts.append(f"{rest:.2f} fitted to the claim")
    return f"{item.weight:.2f} = {' × '.join(parts)}"


def _why_share(item: Evidence) -> str:
    trust = find_trust(item.record, item.design)
    told = [SIGNS[risk.code] for risk in trust.risks]
    if trust.size is not None and trust.size < FEW:
        told.insert(0, f"fewer than {FEW} people")
    return ", ".join(told) if trust.share < 1 else f"{MANY:,} people or more"


def _studies(finding: Finding) -> Lines:
    voices = hear_studies(finding.evidence)
    for voice in voices:
        yield "  ", _voice(voice)
    sides = sum_sides(finding.evidence)
    yield (
        "  sum: ",
        f"for {sides.supports:.2f}, against {sides.contradicts:.2f}, with limits "
        f"{sides.qualifies:.2f}, from {say_number(sides.studies, 'study', 'studies')}.",
    )
    for review, number in find_counted_in(e for v in voices for e in v.evidence):
        counted = say_number(number, "study", "studies")
        yield "  of the studies counted: ", f"{title_of(review)} contains {counted}."
    groups = group_studies(e for voice in voices for e in voice.evidence)
    for one, two in find_maybe_same(groups):
        alike = f"{title_of(one[0].record)} · {title_of(two[0].record)}"
        yield "  maybe the same study, counted apart: ", alike


def _voice(voice: Voice) -> str:
    records = list(dict.fromkeys(e.record for e in voice.evidence))
    names = [f"PMID {r.pmid}" if r.pmid else title_of(r) for r in records]
    joined = " (one study)" if len(names) > 1 else ""
    good = ", good evidence" if voice.good else ""
    return (
        f"{', '.join(names)}{joined}: {STANCES[voice.stance]} {voice.weight:.2f}{good}"
    )


def table_of(finding: Finding) -> tuple[Row, ...]:
    """Return the table that decided about a finding, its numbers filled in."""
    return decision_table(sum_sides(finding.evidence), least_weight(finding.claim))


def _table(finding: Finding) -> Lines:
    decided = False
    for row in table_of(finding):
        answer = "yes" if row.holds else "no"
        told = f"{LABELS[row.label]} if {row.test}"
        yield f"  {'—' if decided else answer}: ", told
        decided = decided or row.holds
    yield "  so: ", f"{LABELS[finding.verdict.label]}. {finding.verdict.reason}"


def _certainty(finding: Finding) -> Lines:
    for step in finding.verdict.steps:
        yield "  ", say_step(step)
    if not finding.verdict.steps:
        yield "  ", "Nothing is decided, so nothing is sure."
    yield "  so: ", f"{finding.verdict.certainty} certainty."
