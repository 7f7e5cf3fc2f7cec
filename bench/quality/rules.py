"""What the pipeline says of one claim and one abstract, as a check would read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.eval.checking import read_words

from assay.claims.find import find_claims
from assay.claims.topics import widen
from assay.claims.vocabulary import Vocabulary
from assay.evidence.reading import read_record
from assay.evidence.select import weigh_claim
from assay.model import Article, Block, Claim, Evidence, Span, Stance
from assay.record import Record
from assay.text import fold, record_sections
from bench.quality.measures import Said

_LABELS = {Stance.SUPPORTS: "S", Stance.CONTRADICTS: "C"}


class Read(NamedTuple):
    """What the pipeline says of a pair."""

    said: Said
    claims: int
    """Claims that it found in the sentence; 0 means that it never looked."""
    rules: tuple[str, ...] = ()
    """The rules that spoke; where none did, those that kept silent."""


@dataclass
class RulesReader:
    """Reads pairs with the rules, as they are."""

    words: Vocabulary = field(default_factory=read_words)

    def read(self, claim: str, records: Iterable[Record]) -> list[Read]:
        """Return what each record says of a claim, each judged by itself."""
        found, words = self.find(claim)
        return [self._judge(found, record, words) for record in records]

    def find(self, sentence: str) -> tuple[list[Claim], Vocabulary]:
        """Return the checkable claims of a sentence, and the words to read with."""
        article = as_article(sentence)
        words = widen(self.words, article)
        return [c for c in find_claims(article, words) if c.checkable], words

    def _judge(self, claims: list[Claim], record: Record, words: Vocabulary) -> Read:
        if not claims:
            return Read(Said("N"), 0)
        study = read_record(record, words)
        met = [e for c in claims for e in weigh_claim(c, [study], words).evidence]
        label = join_stances(e.stance for e in met)
        told = [e for e in met if _LABELS.get(e.stance) == label]
        return Read(
            said=Said(label, sentences_of(told, record)),
            claims=len(claims),
            rules=tuple(dict.fromkeys(e.rule for e in told or met)),
        )


def as_article(sentence: str) -> Article:
    """Return an article that holds one sentence and nothing else."""
    whole = Span(0, len(sentence))
    return Article(
        name="claim",
        title="",
        text=sentence,
        blocks=(Block("paragraph", *whole),),
        sentences=(whole,),
    )


def join_stances(stances: Iterable[Stance]) -> str:
    """Return the label for what an abstract says of the claims of one sentence.

    One side alone decides; both sides, or only what qualifies, is no answer.

    >>> join_stances([Stance.SUPPORTS, Stance.NEUTRAL]), join_stances([])
    ('S', 'N')
    >>> join_stances([Stance.SUPPORTS, Stance.CONTRADICTS])
    'N'
    """
    sides = {_LABELS[s] for s in stances if s in _LABELS}
    return sides.pop() if len(sides) == 1 else "N"


def sentences_of(evidence: Sequence[Evidence], record: Record) -> tuple[int, ...]:
    """Return the numbers of the abstract's sections in which the evidence stands.

    The title has no number. With one sentence a section they are sentence numbers.
    """
    starts, at = [], 0
    for section in record_sections(record):
        starts.append((at, section.category == "TITLE"))
        at += len(fold(section.text)) + 1
    titles = sum(title for _, title in starts)
    where = [
        sum(e.start >= start for start, _ in starts) - 1 - titles for e in evidence
    ]
    return tuple(dict.fromkeys(n for n in where if n >= 0))
