"""What a lint is, and every code there is."""

from typing import Literal, NamedTuple, TypeAlias

Level: TypeAlias = Literal["damage", "advice"]


class Lint(NamedTuple):
    """Something in a query that does not do what it seems to."""

    code: str
    """One of CODES; it never changes its meaning."""
    message: str
    """One or two plain sentences: what PubMed makes of it, and what to write."""
    start: int
    end: int
    """It is text[start:end]."""
    fix: str | None = None
    """What to write in its place, "" for nothing; None when no fix is sure."""

    @property
    def level(self) -> Level:
        """damage: PubMed searches for something else; advice: it may miss records."""
        return CODES[self.code][0]


CODES: dict[str, tuple[Level, str]] = {
    "empty": ("damage", "The query is empty."),
    "too-deep": ("damage", "Parentheses are nested too deeply to be read."),
    "open-parenthesis": ("damage", "A parenthesis is never closed."),
    "close-parenthesis": ("damage", "A parenthesis was never opened."),
    "open-quote": ("damage", "A quote is never closed."),
    "open-bracket": ("damage", "A bracket is never closed."),
    "close-bracket": ("damage", "A bracket was never opened."),
    "empty-group": ("damage", "There is nothing in a pair of parentheses."),
    "dangling-operator": ("damage", "An operator has nothing to combine."),
    "double-operator": ("damage", "Two operators stand in a row."),
    "not-first": ("damage", "NOT has nothing before it."),
    "history": ("damage", "#2 names a search that only one session knows."),
    "bare-tag": ("damage", "A tag stands behind no term."),
    "group-tag": ("damage", "A tag behind a parenthesis is ignored."),
    "unknown-tag": ("damage", "PubMed does not know a tag and ignores it."),
    "abstract-tag": ("damage", "There is no tag for the abstract alone."),
    "noexp-ignored": ("damage", ":noexp has no effect on this field."),
    "unknown-modifier": ("damage", "What follows the colon of a tag is ignored."),
    "proximity-ignored": ("damage", "The words are not searched near each other."),
    "small-operator": ("damage", "and, or, not in small letters combine nothing."),
    "sign-operator": ("damage", "PubMed reads & as AND and | as OR."),
    "mixed-operators": ("damage", "Operators are read strictly from left to right."),
    "entity": ("damage", "An XML or web entity breaks the query."),
    "odd-quotes": ("damage", "PubMed does not take these for quotes."),
    "curly-quotes": ("advice", "PubMed takes these for quotes, others may not."),
    "odd-star": ("damage", "A star of another kind truncates nothing."),
    "invisible-character": ("damage", "A character that nobody sees parts a word."),
    "other-syntax": ("damage", "This is the syntax of another service."),
    "foreign-wildcard": ("damage", "PubMed turns ? and $ into blanks."),
    "short-stem": ("damage", "PubMed wants four letters before a star."),
    "star-inside": ("damage", "A star counts at the end of a term only."),
    "star-outside": ("damage", "A star behind the quotes of a phrase is lost."),
    "truncated-heading": ("advice", "A truncated heading finds none below it."),
    "only-stopwords": ("damage", "PubMed passes over every word of a term."),
    "no-words": ("damage", "A term holds no letter and no digit."),
    "phrase-not-indexed": ("damage", "PubMed's index lacks a phrase."),
    "term-not-found": ("damage", "PubMed did not find a term and dropped it."),
    "date-format": ("damage", "PubMed cannot read a date."),
    "range-reversed": ("damage", "A range ends before it begins."),
    "range-field": ("damage", "PubMed does not search this field by range."),
    "pmid-format": ("damage", "A PMID is a number."),
    "two-subheadings": ("damage", "A heading takes one subheading at most."),
    "mesh-only": ("advice", "Records not yet indexed with MeSH are missed."),
    "not-animals": ("advice", "NOT animals drops studies of animals and people."),
    "not-unindexed": ("advice", "NOT drops records not yet indexed with MeSH."),
    "repeated-clause": ("advice", "A clause stands twice in one list."),
}
"""Code → how grave it is, and what it is about (protocols B1 to B5)."""
