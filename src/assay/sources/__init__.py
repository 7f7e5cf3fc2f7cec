"""Where records come from: one file and one line in SOURCES a source."""

from assay.sources import (
    clinicaltrials,
    crossref,
    doaj,
    europepmc,
    openalex,
    pubmed,
)
from assay.sources.base import Source

SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        pubmed.SOURCE,
        europepmc.SOURCE,
        openalex.SOURCE,
        crossref.SOURCE,
        clinicaltrials.SOURCE,
        doaj.SOURCE,
    )
}
"""All sources by name, in the order in which their records are listed."""

INSTEAD: dict[str, tuple[Source, ...]] = {"pubmed": (europepmc.SOURCE,)}
"""The sources that are asked where the one of a name fails: they hold its records."""
