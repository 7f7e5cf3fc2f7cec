"""How watched claims are followed: what is asked for them, what new works say of them.

the claims' queries ─► few requests        findings ─► what each work bears on
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from assay.digest.model import Bearing, Quote, Voice, Watched, Weighing
from assay.digest.voices import group_pieces, voice_of
from assay.library.merge import keys_of
from assay.model import Evidence, Finding, Stance
from assay.notice import Standing
from assay.search import SearchLog

LONGEST = 4000
"""Characters of a request, within which queries are joined. A longer query is asked by
itself; PubMed takes it by POST."""

_VERBS = {
    Stance.SUPPORTS: "supports",
    Stance.CONTRADICTS: "contradicts",
    Stance.QUALIFIES: "limits",
}


def choose_queries(
    queries: Sequence[str], logs: Iterable[SearchLog]
) -> tuple[str, ...]:
    """Return which of a claim's queries are followed: those that a check asked.

    All of them where it asked none, as offline. Those that only narrow another one are
    left out, since that one finds what they find.

    >>> choose_queries(("(a) AND (b)", "a", "b"), ())
    ('a', 'b')
    """
    asked = {log.query for log in logs}
    chosen = [query for query in queries if query in asked] or queries
    return tuple(_widest(chosen))


def _widest(queries: Iterable[str]) -> Iterator[str]:
    every = tuple(dict.fromkeys(queries))
    for query in every:
        if not any(_narrows(query, other) for other in every):
            yield query


def _narrows(query: str, other: str) -> bool:
    """Say whether a query is another one with more that must be met."""
    return query.startswith((f"{other} AND (", f"({other}) AND ("))


def join_queries(queries: Iterable[str], longest: int = LONGEST) -> tuple[str, ...]:
    """Return queries joined by OR into few, each one in exactly one of them.

    >>> join_queries(["a", "b", "a"]), join_queries(["aaaa", "bbbb"], longest=5)
    (('(a) OR (b)',), ('aaaa', 'bbbb'))
    """
    groups: list[list[str]] = []
    length = 0
    for query in _widest(queries):
        more = len(query) + len(" OR ()")
        if not groups or length + more > longest:
            groups.append([])
            length = 0
        groups[-1].append(query)
        length += more
    return tuple(
        " OR ".join(f"({query})" for query in own) if len(own) > 1 else own[0]
        for own in groups
    )


def find_bearings(
    findings: Iterable[tuple[Watched, Finding]],
) -> tuple[Mapping[str, tuple[Bearing, ...]], Mapping[str, Quote]]:
    """Return what each work says of watched claims, and the sentence that says so.

    By every name of the work. A notice makes it silent. Of several claims that a work
    speaks to, the sentence is that which weighs most.

    >>> find_bearings(())
    ({}, {})
    """
    bearings: dict[str, tuple[Bearing, ...]] = {}
    best: dict[str, tuple[Voice, Quote]] = {}
    for watched, finding in findings:
        for own in group_pieces(finding.evidence):
            voice = voice_of(own)
            if not voice.counted:
                continue
            bearing = Bearing(watched.id, watched.claim.text, voice.stance)
            for name in keys_of(own[0].record):
                bearings[name] = (*bearings.get(name, ()), bearing)
                if name not in best or voice.weight > best[name][0].weight:
                    best[name] = (voice, _quote(own, voice, bearing))
    return bearings, {name: quote for name, (_, quote) in best.items()}


def _quote(own: Sequence[Evidence], voice: Voice, bearing: Bearing) -> Quote:
    piece = next((e for e in own if e.sentence == voice.sentence), own[0])
    why = f"{_VERBS[voice.stance]} “{bearing.text}”"
    return Quote(piece.sentence, piece.start, piece.end, piece.own_words, why)


def is_same(one: Weighing, other: Weighing) -> bool:
    """Say whether two weighings of a claim tell the same, whenever they were made.

    >>> from assay.model import Certainty, Label
    >>> one = Weighing(claim=1, when="2026", label=Label.MIXED, reason="",
    ...                certainty=Certainty.LOW)
    >>> is_same(one, one)
    True
    """
    return _told(one) == _told(other)


def _told(weighing: Weighing) -> tuple[object, ...]:
    voices = frozenset(
        (v.work.key, v.stance, v.weight, v.counted, _known(v.standing), v.sentence)
        for v in weighing.voices
    )
    return (weighing.label, weighing.certainty, weighing.reason, voices)


def _known(standing: Standing) -> Standing:
    """Return a standing; that nobody could be asked makes no difference."""
    return Standing.SOUND if standing is Standing.UNKNOWN else standing
