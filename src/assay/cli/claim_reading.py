"""Claims of several articles weighed with the library, by each article's own words."""

from assay.claims.terms import plan_search
from assay.claims.topics import widen
from assay.cli.at_hand import AtHand, read_own_words
from assay.cli.checking import build_vocabulary
from assay.cli.kept_article import parse_kept
from assay.cli.session import Session
from assay.edge.reader import open_reader
from assay.model import Claim, Finding
from assay.workflows import Reader


class ClaimReading:
    """Weighs one claim after the other, as `assay check` does once it has searched."""

    def __init__(self, session: Session, at_hand: AtHand) -> None:
        self.words = build_vocabulary(read_own_words(session))
        self._at_hand, self._ask = at_hand, open_reader().ask
        self._readers: dict[str, Reader] = {}

    def weigh(self, claim: Claim, article: str, text: str) -> Finding | None:
        """Return what is found on a claim; None where it names nothing to look for.

        Args:
            claim: as it was found in its article.
            article: its name.
            text: the article as `kept_article` keeps it: what it names and the
                vocabulary does not is looked for by its own words.
        """
        reader = self._readers.get(text)
        if reader is None:
            words = widen(self.words, parse_kept(text, article))
            asked = self._at_hand
            reader = Reader(words, asked.candidates, asked.ranked, self._ask)
            self._readers[text] = reader
        plan = plan_search(claim, reader.words)
        return reader.weigh(claim, plan) if plan.steps else None
