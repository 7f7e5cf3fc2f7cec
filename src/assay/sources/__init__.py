"""Where records come from: one file and one line in SOURCES a source."""

from assay.sources import pubmed
from assay.sources.base import Source

SOURCES: dict[str, Source] = {source.name: source for source in (pubmed.SOURCE,)}
"""All sources by name."""

INSTEAD: dict[str, tuple[Source, ...]] = {
    "pubmed": tuple(SOURCES[name] for name in ("europepmc",) if name in SOURCES)
}
"""The sources that are asked where the one of a name fails: they hold its records."""
