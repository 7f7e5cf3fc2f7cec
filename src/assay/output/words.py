"""The words that people read, the same in every format."""

from collections.abc import Iterable

from assay.evidence.studies import count_papers
from assay.model import (
    Certainty,
    CertaintyStep,
    Evidence,
    Flag,
    Label,
    Report,
    Stance,
)
from assay.notice import Standing
from assay.output.tally import count_labels, count_studies
from assay.record import Author, Record
from assay.search import Problem, SearchLog

LABELS = {
    Label.SUPPORTED: "Supported",
    Label.CONTRADICTED: "Contradicted",
    Label.MIXED: "Mixed",
    Label.INSUFFICIENT: "Insufficient evidence",
    Label.NOT_CHECKABLE: "Not checkable",
}
SYMBOLS = {
    Label.SUPPORTED: "✓",
    Label.CONTRADICTED: "✗",
    Label.MIXED: "±",
    Label.INSUFFICIENT: "?",
    Label.NOT_CHECKABLE: "–",
}
"""One sign a label, so that no view tells them apart by colour alone."""

MEANINGS = {
    Label.SUPPORTED: "The studies read agree with the claim.",
    Label.CONTRADICTED: "The studies read say otherwise.",
    Label.MIXED: "Some studies read agree, some say otherwise.",
    Label.INSUFFICIENT: "Nothing was found that settles it either way.",
    Label.NOT_CHECKABLE: "Advice, opinion or wording that no study can settle.",
}
CERTAINTY_STEPS = {
    Certainty.VERY_LOW: 1,
    Certainty.LOW: 2,
    Certainty.MODERATE: 3,
    Certainty.HIGH: 4,
}
STANCES = {
    Stance.SUPPORTS: "for",
    Stance.CONTRADICTS: "against",
    Stance.QUALIFIES: "with limits",
    Stance.NEUTRAL: "does not settle it",
}
NO_TITLE = "[title not recorded]"
WEIGHTLESS = "No weight here: animals, laboratory, other people, or only registered"
"""Heading over studies that speak of a claim and cannot tell what it asserts."""
OWN_WORDS = "assay’s summary, not the authors’ words"
NOT_ADVICE = (
    "This is not medical advice. It shows what the studies found say about what an "
    "article claims. Talk to a doctor or a pharmacist before you act on it."
)
COURTESY = (
    "Bibliographic data courtesy of the U.S. National Library of Medicine (NLM). NLM "
    "does not endorse this report, and its data may have changed since they were read."
)
READ_WHAT = (
    "Only titles, abstracts and summaries were read, not full texts: a study may say "
    "more than is quoted here."
)


def title_of(record: Record) -> str:
    """Return the record's title, or words that say that none was recorded.

    >>> title_of(Record(source="x"))
    '[title not recorded]'
    """
    return record.title or record.vernacular_title or record.book_title or NO_TITLE


def name_of(author: Author) -> str:
    """Return an author as in a reference list.

    >>> name_of(Author(last_name="Invented", initials="AB"))
    'Invented AB'
    """
    person = f"{author.last_name} {author.initials or author.fore_name}".strip()
    return author.collective or f"{person} {author.suffix}".strip()


def say_number(number: int, one: str, many: str = "") -> str:
    """Return the number with its noun; thousands are set apart.

    >>> say_number(1, "claim"), say_number(1234, "claim"), say_number(2, "is", "are")
    ('1 claim', '1,234 claims', '2 are')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def say_studies(evidence: Iterable[Evidence]) -> str:
    """Return how many studies there are, and papers where they are more.

    >>> say_studies(())
    '0 studies'
    """
    given = tuple(evidence)
    studies, papers = count_studies(given), count_papers(given)
    told = say_number(studies, "study", "studies")
    return f"{papers} papers of {told}" if papers > studies else told


def say_neutral(number: int) -> str:
    """Return how many studies were read in vain.

    >>> say_neutral(1)
    '1 more study read that does not settle it'
    """
    studies = say_number(number, "more study", "more studies")
    return f"{studies} read that {'does' if number == 1 else 'do'} not settle it"


def say_raised(flag: Flag, shown: str = "") -> str:
    """Return what raised a flag, in words; "" when that is not recorded.

    `shown` is a sentence that stands right beside it and need not be repeated.

    >>> say_raised(Flag("other-species", "In rats.", "Animals", "MeSH heading"))
    'MeSH heading: Animals'
    """
    if not flag.raised_by:
        return ""
    if flag.raised_by == shown:
        return "Raised by the sentence shown."
    quoted = flag.where in {"abstract", "article", "interest statement", "title"}
    words = f"“{flag.raised_by}”" if quoted else flag.raised_by
    place = "assay’s summary" if flag.where == "summary" else flag.where
    return f"{place[:1].upper()}{place[1:]}: {words}" if place else words


def say_flag(flag: Flag, shown: str = "") -> str:
    """Return a flag's message with what raised it."""
    return " ".join(filter(None, (flag.message, say_raised(flag, shown))))


def say_summary(report: Report) -> str:
    """Return the whole report in one sentence.

    >>> from assay.model import Article
    >>> article = Article(name="a", title="", text="", blocks=(), sentences=())
    >>> say_summary(Report(article=article, findings=()))
    'No claim that can be checked was found.'
    """
    if not report.findings:
        return "No claim that can be checked was found."
    parts = [
        f"{number} {LABELS[label].lower()}"
        for label, number in count_labels(report)
        if number
    ]
    return f"{say_number(len(report.findings), 'claim')}: {', '.join(parts)}."


def say_standing(standing: Standing) -> str:
    """Return what must be known about a record's standing; "" when it is sound.

    >>> say_standing(Standing.CONCERN)
    'expression of concern'
    """
    return {
        Standing.REPLACED: "retracted and replaced — not counted",
        Standing.RETRACTED: "retracted — not counted",
        Standing.WITHDRAWN: "withdrawn — not counted",
        Standing.NOTICE: "retraction notice — not counted",
        Standing.PARTLY: "partially retracted",
        Standing.DOUBTFUL: "possibly retracted",
        Standing.CONCERN: "expression of concern",
        Standing.CORRECTED: "corrected since",
        Standing.UNKNOWN: "notices not fully checked",
    }.get(standing, "")


def say_study(item: Evidence) -> str:
    """Return design, size, year and journal in one line, leaving out what is unknown.

    >>> from assay.model import Design
    >>> record = Record(source="x", year=2020, sample_size=1200)
    >>> say_study(Evidence(record=record, design=Design.COHORT, sentence="", start=0,
    ...                    end=0, stance=Stance.NEUTRAL, rule="none"))
    'cohort, n = 1,200, 2020'
    """
    record = item.record
    design = "design unclear" if item.design == "unclear" else str(item.design)
    size = f"n = {record.sample_size:,}" if record.sample_size is not None else ""
    year = str(record.year) if record.year else "year unknown"
    return ", ".join(filter(None, (design, size, year, record.journal)))


def say_step(step: CertaintyStep) -> str:
    """Return one step to a certainty: the level it leads to, its domain and why.

    >>> say_step(CertaintyStep("imprecision", -1, Certainty.LOW, "A single study."))
    'down to low for imprecision: A single study.'
    """
    start = f"starts {step.level}" if not step.change else f"down to {step.level}"
    return f"{start} for {step.domain}: {step.why}"


def say_problem(problem: Problem) -> str:
    """Return a problem as sentences: where, what, what to do.

    >>> say_problem(Problem(where="pubmed", what="no answer", what_to_do="Try later."))
    'pubmed: no answer. Try later.'
    """
    what = problem.what.rstrip()
    stop = "" if what.endswith((".", "!", "?")) else "."
    return f"{problem.where}: {what}{stop} {problem.what_to_do}".rstrip()


def say_search(log: SearchLog) -> str:
    """Return what one search brought, in one sentence.

    >>> say_search(SearchLog(source="pubmed", query="x", count=2, retrieved=2))
    'pubmed: 2 hits, 2 records read.'
    """
    if log.failed or log.count is None:
        return f"{log.source}: this search failed; it has no outcome."
    read = say_number(log.retrieved, "record")
    when = f", answer of {log.when}" if log.when else ""
    how = " (from the recording)" if log.recorded else ""
    return f"{log.source}: {say_number(log.count, 'hit')}, {read} read{when}{how}."


SHOWN_QUERY = 120
"""Characters of a query that a gap quotes; the whole stands under what was searched."""


def short_query(query: str) -> str:
    """Return a query cut to what a sentence can hold.

    >>> short_query("tea")
    'tea'
    """
    return query if len(query) <= SHOWN_QUERY else f"{query[:SHOWN_QUERY].rstrip()} …"


def find_gaps(report: Report) -> tuple[str, ...]:
    """Return what was not searched although one might think so, one sentence each."""
    gaps = [say_problem(problem) for problem in report.problems]
    if report.offline:
        gaps.append(
            "No source was asked anew: this was an offline run, which reads only the "
            "library on this machine and answers recorded earlier."
        )
    for log in report.searched:
        gaps += _gaps_of(log)
    altered = sum(bool(log.ignored) for log in report.searched)
    if altered:
        gaps.append(
            f"Of {say_number(len(report.searched), 'search', 'searches')}, {altered} "
            "read otherwise than asked; the list of searches in a written report says "
            "how."
        )
    return tuple(dict.fromkeys(gaps))


def _gaps_of(log: SearchLog) -> list[str]:
    gaps = []
    if log.failed or log.count is None:
        gaps.append(f"{log.source}: the search “{short_query(log.query)}” failed.")
    elif log.count > log.wanted:
        gaps.append(
            f"{log.source}: only the first {log.wanted:,} of {log.count:,} hits of "
            f"“{short_query(log.query)}” were asked for."
        )
    if log.missing:
        ids = ", ".join(log.missing[:10]) + (" …" if len(log.missing) > 10 else "")
        gaps.append(
            f"{log.source}: {say_number(len(log.missing), 'record')} asked for did "
            f"not come back ({ids})."
        )
    return gaps
