"""What was proved of the library and the mirror, for people and as JSON."""

from collections.abc import Sequence

from assay.library.ingested import AtHand
from assay.output.json import plain, render_document
from assay.output.words import say_number
from assay.search import Problem


def render_verify_json(counted: AtHand, problems: Sequence[Problem]) -> str:
    """Return whether all is whole as JSON (schema assay/verify/1).

    >>> '"whole": true' in render_verify_json(AtHand(3), ())
    True
    """
    return render_document(
        "verify",
        {
            "whole": not problems,
            "library": counted.library,
            "mirror": counted.mirror,
            "files": counted.files,
            "indexed": counted.indexed,
            "problems": plain(tuple(problems)),
        },
    )


def say_verified(counted: AtHand) -> str:
    """Return that all is whole, with what it is, in one or two sentences.

    >>> say_verified(AtHand(3))
    'All is whole: 3 records in the library.'
    """
    own = f"{say_number(counted.library or 0, 'record')} in the library"
    if counted.mirror is None:
        return f"All is whole: {own}."
    return (
        f"All is whole: {own}; {say_number(counted.mirror, 'record')} in the mirror of "
        f"PubMed, from {say_number(counted.files or 0, 'file')}, and as many in its "
        "index."
    )
