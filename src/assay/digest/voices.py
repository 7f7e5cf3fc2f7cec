"""What each work says of a claim: kept in a weighing, and made evidence again."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from assay.digest.model import Voice, Weighing, Work
from assay.digest.works import work_of
from assay.evidence.studies import NOT_COUNTED, study_key
from assay.evidence.verdict import CAVEATS
from assay.model import Evidence, Finding, Stance
from assay.record import Identifier, Record


def weighing_of(finding: Finding, claim: int, when: str, version: str) -> Weighing:
    """Return a finding as the weighing that is kept of it.

    Args:
        finding: of a claim that is watched.
        claim: its `Watched.id`.
        when: ISO time.
        version: of assay, whose rules weighed.
    """
    return Weighing(
        claim=claim,
        when=when,
        label=finding.verdict.label,
        certainty=finding.verdict.certainty,
        reason=finding.verdict.reason,
        voices=tuple(voice_of(own) for own in group_pieces(finding.evidence)),
        version=version,
    )


def group_pieces(evidence: Iterable[Evidence]) -> tuple[tuple[Evidence, ...], ...]:
    """Return the evidence that speaks by record: those that count first, by weight.

    >>> group_pieces(())
    ()
    """
    by_record: dict[tuple[str, ...], list[Evidence]] = {}
    for e in evidence:
        if e.stance is not Stance.NEUTRAL:
            by_record.setdefault(study_key(e), []).append(e)
    told = [tuple(sorted(own, key=_place)) for own in by_record.values()]
    return tuple(sorted(told, key=lambda own: _rank(voice_of(own))))


def _place(e: Evidence) -> tuple[object, ...]:
    return (-e.weight, e.start, e.end, e.stance, e.rule, e.standing, e.sentence)


def is_heard(voice: Voice) -> bool:
    """Say whether a voice bears on the verdict: it stands, and weighs something.

    >>> from assay.notice import Standing
    >>> is_heard(Voice(Work(key="x", names=("x",)), Stance.SUPPORTS, 0.0, True,
    ...                Standing.SOUND, "It did."))
    False
    """
    return voice.counted and voice.weight > 0 and bool(voice.sentence)


def _rank(voice: Voice) -> tuple[object, ...]:
    return (not voice.counted, -voice.weight, voice.work.key)


def voice_of(own: Sequence[Evidence]) -> Voice:
    """Return what the pieces of one record say together, as verdicts hear it.

    One that speaks on both sides qualifies; one that finds something and asks for more
    research keeps its side. At least one piece.
    """
    weighty = [e for e in own if e.weight > 0 and e.sentence]
    told = [e for e in weighty or own if e.rule not in CAVEATS] or weighty or own
    stances = {e.stance for e in told}
    first = min(told, key=_place)
    return Voice(
        work=replace(work_of(first.record), design=first.design),
        stance=first.stance if len(stances) == 1 else Stance.QUALIFIES,
        weight=max(e.weight for e in weighty or own),
        counted=any(e.standing not in NOT_COUNTED for e in weighty or own),
        standing=first.standing,
        sentence=first.sentence,
        own_words=first.own_words,
    )


def evidence_of(voice: Voice) -> Evidence:
    """Return a voice as a piece of evidence: it speaks as it did when it was kept.

    Its record holds what a work tells, no abstract, so what hangs on that, as how sure
    a verdict is, may differ a little.
    """
    return Evidence(
        record=_record(voice.work),
        design=voice.work.design,
        standing=voice.standing,
        stance=voice.stance,
        sentence=voice.sentence,
        start=0,
        end=len(voice.sentence),
        own_words=voice.own_words,
        rule="kept",
        weight=voice.weight,
    )


def _record(work: Work) -> Record:
    known = {f"pmid:{work.pmid}", f"doi:{work.doi}", f"pmcid:{work.pmcid}"}
    others = (name.partition(":") for name in work.names if name not in known)
    return Record(
        source=work.source,
        pmid=work.pmid,
        doi=work.doi,
        pmcid=work.pmcid,
        title=work.title,
        journal=work.journal,
        year=work.year,
        sample_size=work.size,
        identifiers=tuple(Identifier(kind, value) for kind, _, value in others),
    )
