"""What a work cites and what cites it, for people and as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console

from assay.library.retraction import SERVICES
from assay.library.standing import report_of
from assay.notice import Standing
from assay.output.json import Json, plain, render_document
from assay.output.lines import print_line
from assay.output.links import find_links
from assay.output.words import name_of, say_number, say_problem, title_of
from assay.record import Record
from assay.search import Problem, SearchLog
from assay.sources.related import CITED, DIRECTIONS, Related

MANY = 3
"""Authors named before "et al." stands for the rest."""
HEADINGS = {"references": "It cites", "citations": "It is cited by"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What `assay related` found one step away from a work."""

    wanted: Record
    """What is known of the work itself; at least an identifier."""
    related: dict[str, tuple[Related, ...]]
    """By direction; one that was not asked for is absent."""
    logs: tuple[SearchLog, ...] = ()
    problems: tuple[Problem, ...] = ()


def print_step(step: Step, console: Console) -> None:
    """Print both lists, each work with who says so, then what was asked and failed."""
    name = step.wanted.title or step.wanted.pmid or step.wanted.doi or step.wanted.pmcid
    print_line(console, name, style="bold")
    for direction in DIRECTIONS:
        if direction in step.related:
            _print_list(direction, step.related[direction], console)
    for log in step.logs:
        print_line(console, _say_log(log))
        if log.difference:
            print_line(console, log.difference, "  ! ", "yellow")
    if step.problems:
        print_line(console, "Not everything was found out", style="bold red")
    for problem in step.problems:
        print_line(console, say_problem(problem), "  ! ", "red")


def _print_list(direction: str, related: Sequence[Related], console: Console) -> None:
    number = say_number(len(related), "work")
    print_line(console, f"{HEADINGS[direction]} {number}", style="bold")
    width = len(str(len(related)))
    for place, work in enumerate(related, 1):
        print_line(console, name_work(work.record), f"{place:>{width}}. ")
        addresses = [link.address for link in find_links(work.record)]
        said = f"said by {', '.join(map(_title, work.said_by))}"
        indent = " " * (width + 2)
        print_line(console, " · ".join((*addresses, said)), indent, "dim")
        if standing := find_standing(work.record):
            print_line(console, standing.upper(), indent, "red")


def name_work(record: Record) -> str:
    """Return a work on one line: title, authors, journal, year, or as it was cited.

    >>> name_work(Record(source="x", title="Tea", journal="J", year=2020))
    'Tea · J · 2020'
    >>> name_work(Record(source="x", notes=("As cited: Roe 2020.",)))
    'Roe 2020.'
    """
    cited = next((n.removeprefix(CITED) for n in record.notes if CITED in n), "")
    if not record.title and cited:
        return cited
    names = ", ".join(name_of(a) for a in record.authors[:MANY])
    names += " et al." if len(record.authors) > MANY else ""
    year = str(record.year or "")
    parts = (title_of(record), names, record.journal, year)
    return " · ".join(filter(None, parts))


def find_standing(record: Record) -> str:
    """Return what the lists tell of a work's standing, e.g. "retracted"; "" for none.

    >>> find_standing(Record(source="x", publication_types=("Retracted Publication",)))
    'retracted'
    """
    standing = report_of(record).standing
    known = standing not in {Standing.SOUND, Standing.UNKNOWN}
    return str(standing) if known else ""


def _title(name: str) -> str:
    return SERVICES.get(name, name)


def _say_log(log: SearchLog) -> str:
    if log.failed:
        return f"{_title(log.source)}: {log.query}: not known, it failed."
    return f"{_title(log.source)}: {log.query}: {log.retrieved} of {log.count}."


def render_related_json(step: Step) -> str:
    """Return one step as JSON (schema assay/related/1)."""
    wanted = step.wanted
    content: dict[str, Json] = {
        "record": {
            "pmid": wanted.pmid or None,
            "doi": wanted.doi or None,
            "pmcid": wanted.pmcid or None,
            "title": wanted.title or None,
        }
    }
    for direction in DIRECTIONS:
        found = step.related.get(direction)
        content[direction] = None if found is None else list(map(_work, found))
    content["problems"] = plain(step.problems)
    content["log"] = plain(step.logs)
    return render_document("related", content)


def _work(work: Related) -> Json:
    record = work.record
    cited = (n.removeprefix(CITED) for n in record.notes if n.startswith(CITED))
    return {
        "pmid": record.pmid or None,
        "doi": record.doi or None,
        "pmcid": record.pmcid or None,
        "title": record.title or None,
        "authors": [name_of(author) for author in record.authors],
        "journal": record.journal or None,
        "year": record.year,
        "cited_as": next(cited, None),
        "standing": find_standing(record) or None,
        "said_by": list(work.said_by),
    }
