"""Watched claims weighed again with the library, exactly as `assay check` does.

kept article ─► its words ─► plan ─► library ─► finding ─► notices ─► weighing, move
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from assay import __version__
from assay.claims.vocabulary import Vocabulary
from assay.cli.at_hand import AtHand, open_at_hand
from assay.cli.claim_reading import ClaimReading
from assay.cli.keeping import renew_known
from assay.cli.progress import Progress
from assay.cli.session import Session
from assay.cli.weighing_gate import Weighed
from assay.digest.drift import find_move
from assay.digest.following import find_bearings, is_same
from assay.digest.model import Move, Use, Watched, Weighing
from assay.digest.outcome import Used
from assay.digest.voices import weighing_of
from assay.edge.side_by_side import run_side_by_side
from assay.edge.watch_file import read_article_text
from assay.evidence.recheck import Outcome, find_speaking, was_asked, weigh_again
from assay.library.merge import keys_of
from assay.library.notices import check_standings
from assay.model import Article, Evidence, Finding, Report, Stance
from assay.notice import Standing, StandingReport
from assay.record import Record
from assay.search import Problem
from assay.sources.base import Getter


def weigh_watched(
    session: Session,
    watched: Sequence[Watched],
    last: Mapping[int, Weighing],
    *,
    now: datetime,
    getter: Getter | None,
    standings: Mapping[str, StandingReport],
    number: int,
    tell: Progress,
) -> Weighed:
    """Return the claims as they are weighed now, and what moved.

    The arguments are those of `weighing_gate.look_at_watched`.
    """
    at_hand = open_at_hand(session)
    reading = ClaimReading(session, at_hand)
    findings: list[tuple[Watched, Finding]] = []
    lost: list[Problem] = []
    for at, one in enumerate(watched):
        tell(at, len(watched), "Weighing watched claims")
        text = read_article_text(session.workspace.state_db, one.id)
        if found := reading.weigh(one.claim, one.article, text):
            findings.append((one, found))
        elif one.queries:
            lost.append(_lost(one))
    report = _as_report(findings)
    asked = _ask(report, standings, at_hand, getter)
    still = {one.id: last[one.id] for one in watched if one.id in last}
    stood = _stand(report, {**standings, **asked.known}, still, reading.words)
    again = [(one, f) for (one, _), f in zip(findings, stood.findings, strict=True)]
    made = []
    for at, (one, finding) in enumerate(again):
        tell(at, len(again), "Finding what moved verdicts")
        made.append(_Made(one, finding, last.get(one.id), now, number))
    bearings, sentences = find_bearings(again)
    kept = [each for each in made if each.differs]
    return Weighed(
        weighings=tuple(each.after for each in kept),
        moves=tuple(each.move for each in kept if each.move),
        bearings=bearings,
        sentences=sentences,
        used=tuple(used for each in kept for used in uses_of(each.watched, each.after)),
        problems=(*lost, *asked.problems),
        claims=len(watched),
    )


def _lost(watched: Watched) -> Problem:
    return Problem(
        where=f"watched claim {watched.id}",
        what="it was not weighed again: what it names is in no vocabulary any more",
        what_to_do=f"Put its words back into vocabulary.toml, or watch "
        f"{watched.article} again.",
    )


def _as_report(findings: Sequence[tuple[Watched, Finding]]) -> Report:
    """Return the findings as a report, so that notices are asked for all at once."""
    nothing = Article(name="", title="", text="", blocks=(), sentences=())
    return Report(article=nothing, findings=tuple(f for _, f in findings))


@dataclass(frozen=True)
class _Asked:
    known: Mapping[str, StandingReport] = field(default_factory=dict)
    """By every name of a record."""
    problems: tuple[Problem, ...] = ()


def _ask(
    report: Report,
    standings: Mapping[str, StandingReport],
    at_hand: AtHand,
    getter: Getter | None,
) -> _Asked:
    """Ask for notices on what speaks, but on what this run asked already."""
    speaking = find_speaking(report)
    wanted = [r for r in speaking if not any(n in standings for n in keys_of(r))]
    if getter is None or not wanted:
        return _Asked()
    checked = check_standings(wanted, getter, run_side_by_side)
    renew_known(at_hand.library, checked)
    known = {
        name: told
        for record, told in zip(wanted, checked.reports, strict=True)
        for name in keys_of(record)
        if was_asked(told)
    }
    return _Asked(known, checked.problems)


def _stand(
    report: Report,
    known: Mapping[str, StandingReport],
    last: Mapping[int, Weighing],
    words: Vocabulary,
) -> Report:
    """Return the report with what is known of notices, now or from before.

    The gravest that any claim knows of: one that is watched later may know of none.
    """
    carried: dict[str, Standing] = {}
    for voice in (v for weighing in last.values() for v in weighing.voices):
        for name in voice.work.names:
            both = (voice.standing, carried.get(name, voice.standing))
            carried[name] = min(both, key=list(Standing).index)
    told: dict[Record, StandingReport] = {}
    for e in _speaking(report):
        names = keys_of(e.record)
        now = next((known[name] for name in names if name in known), None)
        past = next((carried[name] for name in names if name in carried), None)
        standing = choose_standing(e.standing, now.standing if now else None, past)
        if now or standing is not e.standing:
            held = now or StandingReport(standing=standing)
            told[e.record] = replace(held, standing=standing)
    return weigh_again(report, Outcome(told, {}), words)


def choose_standing(
    own: Standing, now: Standing | None, past: Standing | None
) -> Standing:
    """Return the standing of a record: what was found out now, where anything was.

    Else the gravest that is known: a notice stays one until somebody who was asked says
    otherwise. Else a verdict would move back because a service was down.

    Args:
        own: by the record's own marks.
        now: by those who were asked in this run; None when nobody was.
        past: when the claim was weighed last; None for a record that is new to it.

    >>> choose_standing(Standing.SOUND, Standing.UNKNOWN, Standing.RETRACTED)
    <Standing.RETRACTED: 'retracted'>
    >>> choose_standing(Standing.SOUND, Standing.SOUND, Standing.RETRACTED)
    <Standing.SOUND: 'no notice known'>
    """
    if now not in {None, Standing.UNKNOWN}:
        return now or own
    return min(filter(None, (own, now, past)), key=list(Standing).index)


def _speaking(report: Report) -> Iterator[Evidence]:
    for finding in report.findings:
        yield from (e for e in finding.evidence if e.stance is not Stance.NEUTRAL)


class _Made:
    """A claim as it is weighed now, and how it moved from before."""

    def __init__(
        self,
        watched: Watched,
        finding: Finding,
        before: Weighing | None,
        now: datetime,
        number: int,
    ) -> None:
        when = now.isoformat(timespec="seconds")
        after = weighing_of(finding, watched.id, when, __version__)
        after = replace(after, digest=number)
        move: Move | None = None
        if before:
            move = find_move(watched, before, finding, when, __version__)
        if move:
            after = replace(move.after, digest=number)
            move = replace(move, after=after)
        self.watched, self.after, self.move = watched, after, move
        self.differs = before is None or not is_same(before, after)


def uses_of(watched: Watched, weighing: Weighing) -> Iterator[Used]:
    """Yield the works that a weighing rests on, as used for the claim's article."""
    claim = f"“{watched.claim.text}”"
    for voice in weighing.voices:
        use = Use("report", watched.article, weighing.when[:10], claim)
        yield Used(voice.work, use, StandingReport(standing=voice.standing))
