"""Claims of several articles weighed with the library, by each article's own words."""

from assay.claims.find import find_claims
from assay.claims.terms import plan_search
from assay.claims.topics import widen
from assay.cli.at_hand import AtHand, read_own_words
from assay.cli.checking import build_vocabulary
from assay.cli.kept_article import parse_kept
from assay.cli.session import Session
from assay.edge.reader import open_reader
from assay.model import Article, Claim, Finding
from assay.workflows import Reader

_Place = tuple[int, int, str]
"""Where an article makes a claim, and what the claim says."""


def _place(claim: Claim) -> _Place:
    return claim.start, claim.end, claim.text


class ClaimReading:
    """Weighs one claim after the other, as `assay check` does once it has searched."""

    def __init__(self, session: Session, at_hand: AtHand) -> None:
        self.words = build_vocabulary(read_own_words(session))
        self._at_hand, self._reader = at_hand, open_reader(at_hand.spare)
        self._readers: dict[str, tuple[Reader, dict[_Place, Claim]]] = {}

    def weigh(self, claim: Claim, article: str, text: str) -> Finding | None:
        """Return what is found on a claim; None where it names nothing to look for.

        Args:
            claim: as it was found in its article.
            article: its name.
            text: the article as `kept_article` keeps it: what it names and the
                vocabulary does not is looked for by its own words.
        """
        if text not in self._readers:
            self._readers[text] = self._open(parse_kept(text, article))
        reader, found = self._readers[text]
        claim = found.get(_place(claim), claim)
        plan = plan_search(claim, reader.words)
        return reader.weigh(claim, plan) if plan.steps else None

    def _open(self, article: Article) -> tuple[Reader, dict[_Place, Claim]]:
        """Return what reads for an article, and its claims as they are found today.

        The vocabulary may name today what it did not name when a claim was found.
        """
        words = widen(self.words, article)
        asked = self._at_hand
        own = self._reader
        reader = Reader(words, asked.candidates, asked.ranked, own.ask, own.ahead)
        found = find_claims(article, words)
        return reader, {_place(claim): claim for claim in found if claim.checkable}
