"""What is kept of MeSH, for people and as JSON."""

from assay.library.mesh_tree import Kept
from assay.output.json import render_document
from assay.output.words import say_number


def render_mesh_json(kept: Kept) -> str:
    """Return how much of MeSH is kept as JSON (schema assay/mesh/1).

    >>> '"qualifiers": 2' in render_mesh_json(Kept(5, 2, 9))
    True
    """
    return render_document("mesh", kept._asdict())


def say_mesh(kept: Kept) -> str:
    """Return how much of MeSH is kept in one sentence.

    >>> say_mesh(Kept(1, 0, 3))[:44]
    '1 heading and 0 subheadings with 3 names are'
    """
    return (
        f"{say_number(kept.descriptors, 'heading')} and "
        f"{say_number(kept.qualifiers, 'subheading')} with "
        f"{say_number(kept.names, 'name')} are kept; searches of what is at hand "
        "explode by them."
    )
