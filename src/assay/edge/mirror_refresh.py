"""Brings to the library what was loaded anew of the records that it holds."""

from collections.abc import Iterator, Sequence

from assay.edge.mirror import Mirror
from assay.edge.store import Added, Library
from assay.library.merge import PUBMED, keys_of
from assay.library.nlm_files import Loaded, split_place
from assay.record import Record

NOTE = "pubmed"
"""Name of the library's note on the last load that was brought to it."""

_WITHOUT_PMID = (
    "SELECT key FROM identity WHERE (key >= 'doi:' AND key < 'doi;' OR "
    "key >= 'pmcid:' AND key < 'pmcid;') AND id NOT IN "
    "(SELECT id FROM identity WHERE key >= 'pmid:' AND key < 'pmid;') ORDER BY key"
)


def refresh_library(library: Library, mirror: Mirror) -> Added:
    """Merge the mirror's copies of the library's records into them; say what changed.

    So a notice of retraction in an update file reaches the library, as by a search.
    Only what was loaded since the last time is looked at: the library keeps a note of
    it, written last, so that a kill in between loses nothing. Costs nothing when there
    was no load; else a look at every name in the library.

    Raises:
        StoreError: one of the two cannot be read or written.
    """
    name, _, last = library.note(NOTE).partition(":")
    since = int(last) if name == mirror.generation.name else 0
    loads = mirror.loads()
    total = Added()
    if since == loads:
        return total
    known, pmids = _named(library, mirror)
    places = mirror.places(pmids)
    for loaded in mirror.files():
        if since < loaded.load <= loads:
            total = total.plus(
                library.add(
                    _known_records(mirror, _from(loaded, places), known),
                    source=PUBMED,
                    query=loaded.file.name,
                    when=loaded.when,
                )
            )
    note = (NOTE, f"{mirror.generation.name}:{loads}")
    library.write("REPLACE INTO meta VALUES (?, ?)", [note])
    return total


def _named(library: Library, mirror: Mirror) -> tuple[frozenset[str], list[int]]:
    """Return the library's names, and the PMIDs that the mirror may have for them."""
    bare = [str(row[0]) for row in library.ask(_WITHOUT_PMID)]
    sure = library.pmids()
    likely = {pmid for key in bare for pmid in mirror.candidates(key)}
    keys = (f"pmid:{pmid}" for pmid in sure)
    return frozenset((*keys, *bare)), sorted(sure | likely)


def _from(loaded: Loaded, places: dict[int, int]) -> list[int]:
    """Return the PMIDs whose record came from a file."""
    file = loaded.file.year, loaded.file.number
    return [pmid for pmid, place in places.items() if split_place(place)[:2] == file]


def _known_records(
    mirror: Mirror, pmids: Sequence[int], known: frozenset[str]
) -> Iterator[Record]:
    """Yield the mirror's records of some PMIDs that the library has names for."""
    for pmid in pmids:
        record = mirror.get(f"pmid:{pmid}")
        if record is not None and known.intersection(keys_of(record)):
            yield record
