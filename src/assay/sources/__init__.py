"""Where records come from: one file and one line in SOURCES a source."""

from assay.sources import pubmed
from assay.sources.base import Source

SOURCES: dict[str, Source] = {source.name: source for source in (pubmed.SOURCE,)}
"""All sources by name."""
