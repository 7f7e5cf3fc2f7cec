"""What the programs share: the records, the stored sets, the rules for ids."""

import hashlib
import re
from dataclasses import dataclass, field

from tests.standin.index import Index
from tests.standin.records import Row
from tests.standin.replies import Asked

CAP = 9999
MOST_JSON_SUMMARIES = 500
MOST_POSTED = 10_000
OVER_CAP = (
    "Search Backend failed: Exception:\n'retstart' cannot be larger than 9998. For "
    "PubMed, ESearch can only retrieve the first 9,999 records matching the query. To "
    "obtain more than 9,999 PubMed records, consider using EDirect that contains "
    "additional logic to batch PubMed search results automatically so that an "
    "arbitrary number can be retrieved."
)
BAD_IDS = "ID list is empty! Possibly it has no correct IDs."
EXPIRED = "Unable to obtain query #{}"


@dataclass(slots=True)
class World:
    """What the programs work on."""

    rows: dict[int, Row]
    shuffle: bool = True
    cap: int = CAP
    """How many hits a search can list."""
    lie_about_count: int = 0
    """Added to the count of every search that finds something."""
    lose_ids: int = 0
    """How many ids each list of a search lacks at its end."""
    ignore_ranges: bool = False
    """Whether ranges of dates and PMIDs narrow nothing."""
    sessions: dict[str, dict[int, tuple[int, ...]]] = field(default_factory=dict)
    opened: int = 0
    kept: Index | None = None

    @property
    def index(self) -> Index:
        """The index, made when first asked for."""
        if self.kept is None:
            self.kept = Index(list(self.rows.values()))
        return self.kept

    def add(self, row: Row) -> None:
        """Take in a record, or another version of one."""
        self.remove(row.pmid)
        self.rows[row.pmid] = row
        self.index.insert(row)

    def remove(self, *pmids: int) -> None:
        """Take records out, as when they are withdrawn or merged."""
        for pmid in pmids:
            if pmid in self.rows:
                self.index.drop(self.rows.pop(pmid))

    def move(self, pmid: int, *days: int) -> None:
        """Give a record another create day (20210314), or none."""
        row = self.rows[pmid]
        self.remove(pmid)
        row.facts.dates["crdt"] = days
        self.add(row)

    def keep_set(self, webenv: str, pmids: tuple[int, ...]) -> tuple[str, int]:
        """Store a set; return its session and its number in it."""
        if webenv not in self.sessions:
            self.opened += 1
            digest = hashlib.sha256(str(self.opened).encode()).hexdigest()
            webenv = f"MCID_{digest[:24]}"
            self.sessions[webenv] = {}
        sets = self.sessions[webenv]
        sets[len(sets) + 1] = pmids
        return webenv, len(sets)


class LostSetError(KeyError):
    """The session or the set in it is not known (any more)."""


def number(params: dict[str, str], name: str, otherwise: int) -> int:
    """Return a parameter as a number; what is not one counts as not given."""
    text = params.get(name, "")
    return int(text) if re.fullmatch(r"\d+", text) else otherwise


def stored_set(world: World, asked: Asked) -> tuple[int, ...]:
    """Return the PMIDs of WebEnv and query_key; Raises: LostSetError."""
    key = number(asked.params, "query_key", 1)
    sets = world.sessions.get(asked.params.get("WebEnv", ""), {})
    if key not in sets:
        raise LostSetError(key)
    return sets[key]


def wanted_ids(world: World, asked: Asked) -> list[int]:
    """Return the ids named or stored, without repetition.

    Raises: Lost, for an unknown session; OverflowError, for retstart over the cap.
    """
    if "WebEnv" in asked.params or "query_key" in asked.params:
        stored = stored_set(world, asked)
        start = number(asked.params, "retstart", 0)
        most = number(asked.params, "retmax", world.cap)
        if start >= world.cap:
            raise OverflowError(start)
        return list(stored[start : min(start + most, world.cap)])
    # "-1" was seen to bring record 1 (recorded in 2024)
    found = [int(one) for one in asked.ids if re.fullmatch(r"-?0*[1-9]\d{0,14}", one)]
    return list(dict.fromkeys(map(abs, found)))
