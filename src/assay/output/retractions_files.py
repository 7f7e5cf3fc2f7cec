"""The check of a bibliography as files: CSV and Markdown tables, a page, JSON."""

import csv
import io
from collections.abc import Callable, Iterator

from jinja2 import Environment, StrictUndefined

from assay.notice import Check, Standing
from assay.output.clean import clean, escape_markdown, one_line
from assay.output.json import Json, name_record, plain, render_document
from assay.output.retractions import (
    Audit,
    Row,
    count_standings,
    find_date,
    list_links,
    name_of_reference,
    rank_rows,
    say_asked,
    say_audit,
    say_why,
)
from assay.output.standings import (
    check_rows,
    find_grounds,
    link_notices,
    notice_rows,
)
from assay.output.words import COURTESY, say_problem

COLUMNS = (
    "number", "standing", "date", "said_by", "notice_pmid", "notice_doi", "notice_link",
    "reason", "replaced_by", "pmid", "doi", "pmcid", "title", "year", "journal",
    "pubmed", "crossref", "openalex", "why",
)  # fmt: skip
NOT_READ = "not read"
"""Standing of a passage of the bibliography that names no identifier."""

_FORMULA = ("=", "+", "-", "@")


def render_retractions_csv(audit: Audit) -> str:
    r"""Return a row a reference, the gravest first, what was not read last.

    >>> render_retractions_csv(Audit(name="a", rows=())).startswith("number,standing,")
    True
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rank_rows(audit):
        writer.writerow([_inert(text) for text in _cells(row)])
    for problem in audit.unread:
        empty = [""] * (len(COLUMNS) - 3)
        writer.writerow(["", NOT_READ, *empty, _inert(say_problem(problem))])
    return file.getvalue()


def _cells(row: Row) -> Iterator[str]:
    record, report = row.record, row.report
    grounds = find_grounds(report)
    links = [link.address for link in link_notices(report)]
    yield from (str(row.number), str(report.standing), find_date(report))
    yield "; ".join(dict.fromkeys(n.said_by for n in grounds))
    yield "; ".join(dict.fromkeys(n.pmid for n in grounds if n.pmid))
    yield "; ".join(dict.fromkeys(n.doi for n in grounds if n.doi))
    yield links[0] if links else ""
    yield "; ".join(dict.fromkeys(n.reason for n in grounds if n.reason))
    yield from (report.replacement, record.pmid, record.doi, record.pmcid)
    yield from (record.title, str(record.year or ""), record.journal)
    checks = {signal.service: str(signal.check) for signal in report.signals}
    for service in ("PubMed", "Crossref", "OpenAlex"):
        yield checks.get(service, str(Check.NOT_ASKED))
    yield say_why(row)


def _inert(text: str) -> str:
    line = one_line(text)
    return f"'{line}" if line.startswith(_FORMULA) else line


def render_retractions_markdown(audit: Audit) -> str:
    """Return the outcome as Markdown, with a table of every reference.

    >>> print(render_retractions_markdown(Audit(name="a.bib", rows=())).splitlines()[0])
    # Retractions: a.bib
    """
    return "\n".join(_markdown(audit)).rstrip("\n") + "\n"


def _markdown(audit: Audit) -> Iterator[str]:
    yield f"# Retractions: {escape_markdown(audit.name)}"
    yield ""
    yield escape_markdown(say_audit(audit))
    yield ""
    if audit.rows:
        yield "| # | Standing | Reference | Grounds | |"
        yield "|--:|---|---|---|---|"
    for row in rank_rows(audit):
        standing = str(row.report.standing)
        links = " ".join(f"[{e.name}]({e.address})" for e in list_links(row))
        cells = (
            str(row.number),
            standing if row.report.standing is Standing.SOUND else f"**{standing}**",
            escape_markdown(name_of_reference(row.record)),
            escape_markdown(say_why(row)),
            links,
        )
        yield f"| {' | '.join(cells)} |"
    yield ""
    for problem in (*audit.unread, *audit.problems):
        yield f"- Not checked: {escape_markdown(say_problem(problem))}"
    for sentence in say_asked(audit):
        yield f"- {escape_markdown(sentence)}"
    yield ""
    yield COURTESY


def render_retractions_json(audit: Audit) -> str:
    """Return the outcome as JSON (schema assay/retractions/1), the gravest first."""
    return render_document(
        "retractions",
        {
            "bibliography": audit.name,
            "counts": {str(standing): n for standing, n in count_standings(audit)},
            "references": [_reference(row) for row in rank_rows(audit)],
            "unread": plain(audit.unread),
            "problems": plain(audit.problems),
            "offline": audit.offline,
        },
    )


def _reference(row: Row) -> Json:
    record = row.record
    return {
        "number": row.number,
        "record": {**name_record(record), "journal": record.journal or None},
        "standing": str(row.report.standing),
        "date": find_date(row.report) or None,
        "why": say_why(row) or None,
        "notices": [{**each} for each in notice_rows(row.report)],
        "asked": [{**each} for each in check_rows(row.report)],
        "replacement": row.report.replacement or None,
    }


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Retractions: {{ audit.name }}</title>
<style>
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1.25rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8886; padding: .4rem .6rem; text-align: left; vertical-align: top; }
.grave { font-weight: 700; }
</style>
</head>
<body>
<h1>Retractions: <span dir="auto">{{ audit.name }}</span></h1>
<p>{{ summary }}</p>
{% if rows %}
<table>
<thead><tr><th scope="col">#</th><th scope="col">Standing</th><th scope="col">Reference</th><th scope="col">Grounds</th><th scope="col">Links</th></tr></thead>
<tbody>
{% for row, name, why, links in rows %}
<tr><td>{{ row.number }}</td><td{% if row.report.standing != sound %} class="grave"{% endif %}>{{ row.report.standing }}</td><td dir="auto">{{ name }}</td><td>{{ why }}</td><td>{% for link in links %}<a href="{{ link.address }}" rel="noreferrer">{{ link.name }}</a> {% endfor %}</td></tr>
{% endfor %}
</tbody>
</table>
{% endif %}
{% if told %}
<h2>Not everything was checked</h2>
<ul>
{% for sentence in told %}
<li dir="auto">{{ sentence }}</li>
{% endfor %}
</ul>
{% endif %}
<ul>
{% for sentence in asked %}
<li>{{ sentence }}</li>
{% endfor %}
</ul>
<p>{{ courtesy }}</p>
</body>
</html>
"""  # noqa: E501


def render_retractions_html(audit: Audit) -> str:
    """Return the outcome as one page that asks nothing of the network.

    >>> "<table>" in render_retractions_html(Audit(name="a.bib", rows=()))
    False
    """
    environment = Environment(
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    rows = [
        (row, name_of_reference(row.record), say_why(row), list_links(row))
        for row in rank_rows(audit)
    ]
    page = environment.from_string(_PAGE).render(
        audit=audit,
        summary=say_audit(audit),
        rows=rows,
        sound=Standing.SOUND,
        told=[say_problem(problem) for problem in (*audit.unread, *audit.problems)],
        asked=say_asked(audit),
        courtesy=COURTESY,
    )
    return page.rstrip("\n") + "\n"


def _shown(value: object) -> object:
    """Return a value as the page shows it: text without anything that acts."""
    return clean(value) if type(value) is str else value


FORMATS: dict[str, Callable[[Audit], str]] = {
    ".csv": render_retractions_csv,
    ".md": render_retractions_markdown,
    ".html": render_retractions_html,
    ".json": render_retractions_json,
}
"""What the check can be written as, by the ending of the file."""
