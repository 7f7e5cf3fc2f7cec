"""`assay show`: one record, all of it."""

from typing import Annotated

import typer

from assay.cli.fetching import open_fetcher
from assay.cli.keeping import keep_found
from assay.cli.mirror import open_beside
from assay.cli.open_access import find_places
from assay.cli.opening import open_records
from assay.cli.options import Offline, Refresh
from assay.cli.progress import show_progress
from assay.cli.session import NOT_ALL, Session
from assay.edge.store import Library
from assay.errors import AssayError, SourceDownError, UsageError
from assay.ids import normal_doi, normal_pmcid, normal_pmid
from assay.library.merge import first_key, keys_of
from assay.library.searching import search as search_sources
from assay.output.json import render_record_json
from assay.output.listing import print_record
from assay.record import Record
from assay.search import Query
from assay.sources import SOURCES

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: assay show 33384303")
def show(
    ctx: typer.Context,
    *,
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="A PMID, a DOI or a PMCID.")
    ],
    offline: Offline = False,
    refresh: Refresh = False,
    open_access: Annotated[
        bool,
        typer.Option(
            "--open-access",
            help="Also ask Unpaywall and OpenAlex where its text is open to all.",
        ),
    ] = False,
) -> int:
    """Show one record, all of it: from what is at hand, else from PubMed.

    A record that the library holds as a summary only is shown as that; --refresh
    fetches it from PubMed.
    """
    session: Session = ctx.obj
    if offline and refresh:
        raise UsageError("--offline and --refresh contradict each other.")
    wanted = parse_identifier(identifier)
    library = open_records(session)
    record = None if refresh else _find(session, library, wanted)
    if record is None and not offline:
        record = _fetch(session, library, wanted, refresh=refresh)
    if record is None:
        hint = " It may be found without --offline." if offline else ""
        raise AssayError(f"There is no record {identifier} in the library.{hint}")
    complete = True
    if open_access:
        record, complete = find_places(
            session, record, offline=offline, refresh=refresh
        )
    if session.as_json:
        came = library.provenance(first_key(record))
        times = [(each.source, each.query, each.last) for each in came]
        session.write(render_record_json(record, times))
    else:
        print_record(record, session.out)
    return 0 if complete else NOT_ALL


def parse_identifier(text: str) -> Record:
    """Return a record that holds nothing but the identifier that `text` is.

    Raises:
        UsageError: it is none of the three.

    >>> parse_identifier("PMID: 90000001").pmid, parse_identifier("pmc90000001").pmcid
    ('90000001', 'PMC90000001')
    """
    pmid, doi = normal_pmid(text), normal_doi(text)
    pmcid = "" if doi else normal_pmcid(text)
    if not (pmid or doi or pmcid):
        raise UsageError(
            f'"{text[:80]}" is no PMID (digits), no DOI (10.…/…) and no PMCID '
            "(PMC and digits)."
        )
    return Record(source="", pmid=pmid, doi=doi, pmcid="" if pmid else pmcid)


def _find(session: Session, library: Library, wanted: Record) -> Record | None:
    """Return the record from the library, else from the mirror of PubMed."""
    found = library.find(pmid=wanted.pmid, doi=wanted.doi, pmcid=wanted.pmcid)
    if found is None and (mirror := open_beside(session)):
        found = next(filter(None, map(mirror.get, keys_of(wanted))), None)
    return found


def _fetch(
    session: Session, library: Library, wanted: Record, *, refresh: bool
) -> Record | None:
    """Ask PubMed, keep what comes, and return the record if it is among that.

    Raises:
        SourceDownError: PubMed could not be asked.
    """
    text = (
        f"{wanted.pmid}[uid]"
        if wanted.pmid
        else f'"{wanted.doi}"[aid]'
        if wanted.doi
        else wanted.pmcid
    )
    with show_progress(session, "Asking PubMed") as tell:
        fetcher = open_fetcher(session, refresh=refresh, progress=tell)
        found = search_sources(Query(text=text, limit=5), [SOURCES["pubmed"]], fetcher)
    keep_found(library, found)
    record = _find(session, library, wanted)
    if found.problems and (record is None or refresh):
        problem = found.problems[0]
        raise SourceDownError(problem.where, problem.what, problem.what_to_do)
    return record
