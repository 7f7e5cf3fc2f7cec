"""`assay watch`: claims whose verdict each digest looks at again."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.article_check import read_example, read_page
from assay.cli.check_explain import choose_claim
from assay.cli.options import Offline, Sources, choose_sources
from assay.cli.runs import now
from assay.cli.session import NOT_ALL, Session
from assay.cli.watching import Beginning, Begun, begin_article, begin_report
from assay.cli.weighing import uses_of
from assay.digest.model import Watched
from assay.edge.used_works import write_used
from assay.edge.watch_file import (
    drop_watched,
    last_weighings,
    read_watched,
    write_watched,
)
from assay.errors import UsageError
from assay.model import Article, Certainty, Finding, Label, Report, Verdict
from assay.output.watched import Row, print_watched, render_watched_json, say_problems
from assay.output.words import say_number
from assay.search import Problem

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: assay watch --example --offline")
def watch(
    ctx: typer.Context,
    *,
    article: Annotated[
        str,
        typer.Argument(
            metavar="ARTICLE|REPORT",
            help="An article, as `assay check` takes it, or a report that it wrote as "
            ".json. Without one, what is watched is listed.",
            show_default=False,
        ),
    ] = "",
    example: Annotated[
        bool, typer.Option("--example", help="Watch the example article that ships.")
    ] = False,
    claim: Annotated[
        list[str] | None,
        typer.Option(
            "--claim",
            metavar="CLAIM",
            help="Only this claim: its number in the report, or words of it. May be "
            "repeated.",
            show_default=False,
        ),
    ] = None,
    listed: Annotated[
        bool, typer.Option("--list", help="List what is watched, with its verdicts.")
    ] = False,
    drop: Annotated[
        list[str] | None,
        typer.Option(
            "--drop",
            metavar="CLAIM|ARTICLE",
            help="Watch no longer: a number of the list, or an article. Its history "
            "is kept. May be repeated.",
            show_default=False,
        ),
    ] = None,
    offline: Offline = False,
    source: Sources = None,
    allow_local: Annotated[
        bool,
        typer.Option(
            "--allow-local", help="Let an address lead to this or a private network."
        ),
    ] = False,
) -> int:
    """Watch an article's claims: each digest tells which verdicts moved, and why.

    The claims are checked once, so that it is known where they stand. From then on
    `assay digest` looks for new studies on them and weighs them again.
    """
    session: Session = ctx.obj
    wanted = bool(article) + example
    if wanted > 1 or (wanted and (drop or listed)):
        raise UsageError("Name one thing: an article or report, --list, or --drop.")
    if drop:
        return _drop(session, drop)
    if not wanted:
        if claim:
            raise UsageError("--claim goes with an article or a report; name it.")
        _show(session, _rows(session))
        return 0
    report = Path(article)
    if article.lower().endswith(".json") and report.is_file():
        begun = begin_report(session, report)
    else:
        page = (
            read_example()
            if example
            else read_page(session, article, offline=offline, allow_local=allow_local)
        )
        begun = begin_article(
            session, page, choose_sources(source or ()), offline=offline
        )
    return _watch(session, begun, claim or ())


# --- to watch -----------------------------------------------------------------------


def _watch(session: Session, beginning: Beginning, asked: Sequence[str]) -> int:
    """Watch the claims that were chosen; all that is kept is kept at once."""
    chosen = tuple(_each_once(_choose(beginning, asked)))
    state = session.workspace.state_db
    known = {(one.article, one.claim.text) for one in read_watched(state)}
    new = [begun for begun in chosen if _name(begun.watched) not in known]
    # before the claims: works of which nobody is told do no harm if it ends here
    used = [each for b in new for each in uses_of(b.watched, b.weighing)]
    write_used(state, used)
    kept = write_watched(
        state,
        [(begun.watched, beginning.text) for begun in chosen],
        [begun.weighing for begun in chosen],
    )
    last = last_weighings(state)
    rows = [
        Row(one, last.get(one.id), "watched" if _name(one) in known else "new")
        for one in kept
    ]
    _say(session, beginning, len(chosen), len(new), whole=not asked)
    _show(session, rows, beginning.problems)
    return NOT_ALL if beginning.partial else 0


def _name(watched: Watched) -> tuple[str, str]:
    """Return what tells one watched claim from another."""
    return (watched.article, watched.claim.text)


def _choose(beginning: Beginning, asked: Sequence[str]) -> Iterator[Begun]:
    """Yield the claims that were asked for, else all that can be checked.

    Raises:
        UsageError: none has the number or words, several have, or it cannot be checked.
    """
    if not any(beginning.claims):
        raise UsageError(
            f"{beginning.name} holds no claim that can be checked, so there is nothing "
            "to watch."
        )
    if not asked:
        yield from filter(None, beginning.claims)
    report = _as_report(beginning)
    for words in asked:
        number = choose_claim(report, words)
        begun = beginning.claims[number - 1]
        if begun is None:
            why = beginning.words[number - 1].why_not
            raise UsageError(f"Claim {number} cannot be watched. {why}".rstrip())
        yield begun


def _as_report(beginning: Beginning) -> Report:
    """Return the claims as a report, as `choose_claim` looks through them."""
    nothing = Verdict(label=Label.MIXED, certainty=Certainty.VERY_LOW, reason="")
    findings = tuple(Finding(claim=c, verdict=nothing) for c in beginning.words)
    article = Article(name="", title="", text="", blocks=(), sentences=())
    return Report(article=article, findings=findings)


def _each_once(claims: Iterator[Begun]) -> Iterator[Begun]:
    """Yield claims of the same words once: an article may say a thing twice."""
    met: set[str] = set()
    for begun in claims:
        if begun.watched.claim.text not in met:
            met.add(begun.watched.claim.text)
            yield begun


def _say(
    session: Session, beginning: Beginning, chosen: int, new: int, *, whole: bool
) -> None:
    """Tell what became of it: how many are new, and how many cannot be watched."""
    for problem in say_problems(beginning.problems):
        session.complain(f"assay: {problem}")
    for note in beginning.notes:
        session.say(note)
    stay = chosen - new
    told = [f"{say_number(new, 'claim')} of {beginning.name} watched from now on"]
    if not new:
        told = [f"No new claim of {beginning.name}"]
    told += [f"{stay} watched already"] if stay else []
    no = sum(1 for each in beginning.claims if each is None)
    told += [f"{no} cannot be checked and so not watched"] if no and whole else []
    session.say(f"{', '.join(told)}.")


# --- the list -----------------------------------------------------------------------


def _rows(session: Session) -> list[Row]:
    state = session.workspace.state_db
    last = last_weighings(state)
    return [Row(one, last.get(one.id)) for one in read_watched(state)]


def _show(
    session: Session, rows: Sequence[Row], problems: Sequence[Problem] = ()
) -> None:
    if session.as_json:
        session.write(render_watched_json(rows, problems))
    elif not session.asked.get("quiet") or not problems:
        print_watched(rows, session.out)


def _drop(session: Session, asked: Sequence[str]) -> int:
    """Watch claims no longer.

    Raises:
        UsageError: none of that number or article is watched; nothing is dropped.
    """
    rows = _rows(session)
    gone: dict[int, Row] = {}
    for words in asked:
        found = [row for row in rows if _fits(row.watched, words)]
        if not found:
            raise UsageError(f"{words}: {_say_known(rows)}")
        gone |= {row.watched.id: row for row in found}
    drop_watched(session.workspace.state_db, gone, now())
    session.say(
        f"{say_number(len(gone), 'claim')} watched no longer; `assay history NUMBER` "
        "still tells what was."
    )
    _show(session, [row._replace(state="dropped") for row in gone.values()])
    return 0


def _fits(watched: Watched, words: str) -> bool:
    names = {watched.article, watched.article.rpartition("/")[2]}
    return words == str(watched.id) or words in names or Path(words).name in names


def _say_known(rows: Sequence[Row]) -> str:
    if not rows:
        return "no claim is watched, so none can be dropped."
    numbers = ", ".join(str(row.watched.id) for row in rows[:12])
    articles = ", ".join(dict.fromkeys(row.watched.article for row in rows))
    more = " …" if rows[12:] else ""
    return (
        f"no watched claim has that number and no article that name. Claims: "
        f"{numbers}{more}; articles: {articles}."
    )
