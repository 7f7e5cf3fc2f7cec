"""Clauses that ask for persons."""

from assay.library.search_read import Read, read_star
from assay.library.search_tree import More, Value, either
from assay.library.search_words import normal_value
from assay.query.tree import Term

MOST_WORDS = 8
"""Words of a name among which the last name is looked for at either end."""

MOST_INITIALS = 2
"""Letters up to which the last word of a name in quotes is taken for initials."""


def read_name(term: Term, field: str) -> Read:
    """Read a person's name: "smith j", "smith", "smith, john", "john smith".

    PubMed lets initials go on where no quotes are; a last name alone has any.

    >>> read_name(Term(0, 9, "Roe J", quoted=True), "author").tree.parts[0]
    Value(field='author', values=('roe j',), more='')
    """
    words = normal_value(term.text).split(" ")
    if not words[0]:
        return Read(None, "there is no name in it to look for")
    whole = " ".join(words)
    star, short = read_star(term.text)
    ignored = (short,) if short else ()
    if star:
        return Read(Value(field, (whole,), "letters"), ignored=ignored)
    forms = tuple(
        form
        for at in range(1, min(len(words), MOST_WORDS))
        for form in (
            f"{' '.join(words[:at])}, {' '.join(words[at:])}",
            f"{' '.join(words[at:])}, {' '.join(words[:at])}",
        )
    )
    if not forms:
        return Read(Value(field, (whole,), "words"), ignored=ignored)
    short_form = Value(field, (whole,), _follows(words[-1], quoted=term.quoted))
    full = Value(field, tuple(dict.fromkeys(forms)), "words")
    return Read(either((short_form, full)), ignored=ignored)


def _follows(last: str, *, quoted: bool) -> More:
    """Return what may follow a name of several words: "de la Roe" has any initials."""
    if not quoted:
        return "letters"
    return "words" if len(last) > MOST_INITIALS else ""
