"""The library at hand, as claims are weighed with it: asked, read, ranked."""

from collections.abc import Sequence
from typing import NamedTuple

from assay.cli.opening import open_records
from assay.cli.session import Session
from assay.edge.holdings import open_holdings
from assay.edge.ranking import open_ranker
from assay.edge.reader import begin_reader
from assay.edge.spare import Spare, open_spare
from assay.edge.store import Library
from assay.errors import SettingsError
from assay.library.rank import Ranking
from assay.record import Record
from assay.workflows import MOST_CANDIDATES, Candidates


class AtHand(NamedTuple):
    """The library, the ways in which a claim asks it, and what works ahead."""

    library: Library
    candidates: Candidates
    ranked: Ranking
    spare: Spare


def open_at_hand(session: Session) -> AtHand:
    """Return the workspace's library; the session closes it.

    A record is read once, so all that is to be read is added before.

    Raises:
        StoreError: the library cannot be opened, or the encoder lacks.
    """
    library = open_records(session)
    folder = session.workspace.library
    holdings = session.resources.enter_context(open_holdings(folder, library))
    known: dict[str, Record | None] = {}

    def read(key: str) -> Record | None:
        if key not in known:
            known[key] = holdings.get(key)
        return known[key]

    spare = session.resources.enter_context(open_spare())
    begin_reader(spare)  # beside the encoder, which the ranker opens
    ranker = session.resources.enter_context(open_ranker(folder, holdings, read, spare))

    def candidates(groups: Sequence[Sequence[str]]) -> tuple[Record, ...]:
        keys = [hit.key for hit in holdings.find(groups, limit=MOST_CANDIDATES)]
        known.update(holdings.read(key for key in keys if key not in known))
        return tuple(filter(None, map(read, keys)))

    return AtHand(library, candidates, ranker.begin, spare)


def read_own_words(session: Session) -> str:
    """Return the workspace's own vocabulary; "" where there is none.

    Raises:
        SettingsError: it cannot be read.
    """
    own = session.workspace.vocabulary
    try:
        return own.read_text(encoding="utf-8") if own.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{own} cannot be read: {error}.") from error
