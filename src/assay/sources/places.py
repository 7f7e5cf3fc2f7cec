"""Places where a full text is open to all, as OpenAlex and Unpaywall name them."""

from collections.abc import Iterable, Iterator

from assay.record import Link
from assay.sources.json_answer import Object, text_of

VERSIONS = {
    "publishedVersion": "published",
    "acceptedVersion": "accepted",
    "submittedVersion": "submitted",
}
"""The services' names of versions (after DRIVER's guidelines) in plain words."""


def find_links(
    place: Object, addresses: Iterable[tuple[str, str]], host: str, said_by: str
) -> Iterator[Link]:
    """Yield a link for each address of one place, each once; only web addresses.

    addresses: names in `place` with the kind of what stands there.

    >>> place = {"pdf": "https://x/a.pdf", "page": None, "version": "acceptedVersion"}
    >>> [link[:3] for link in find_links(place, [("pdf", "pdf"), ("page", "page")],
    ...                                  "repository", "x")]
    [('https://x/a.pdf', 'pdf', 'accepted')]
    """
    version, licence = text_of(place, "version"), text_of(place, "license")
    kinds: dict[str, str] = {}
    for name, kind in addresses:
        kinds.setdefault(text_of(place, name), kind)
    for url, kind in kinds.items():
        if url.startswith(("https://", "http://")):
            told = VERSIONS.get(version, version)
            yield Link(url, kind, told, licence, host, said_by)
