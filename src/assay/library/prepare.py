"""A record made ready to be compared: folded words, names, places, nothing else.

Services write the same work differently: in title case, without markup or diacritics,
with initials, with the journal's short name. What is left here is what they share.
"""

import re
import unicodedata
from functools import lru_cache
from sys import intern
from typing import NamedTuple

from assay.ids import normal_nct
from assay.library.search_words import LETTERS
from assay.record import Author, Record

OPENING = 30
"""Words of an abstract that are compared."""
REGISTRIES = frozenset({"clinicaltrials"})
"""Sources whose records are registrations, not papers."""
_LETTERS = str.maketrans({**LETTERS, "µ": "mu", "’": "'", "‘": "'"})
_MARKUP = re.compile(r"</?(?:i|b|u|em|strong|sub|sup|jats:[\w-]+|mml:[\w-]+|\w+:\w+)>")
_WORD = re.compile(r"\w+")
_WITHDRAWN = re.compile(
    r"\W*(?:retracted(?: article)?|withdrawn(?: article)?|removed)\s*[:.]\s*", re.I
)
_SUBTITLE = re.compile(r"\s*(?::|\?|\.\s|\s[-–—]\s)")
_PLACE = re.compile(
    r"\((?![^)]*\b(?:ed|edition|edicion|edición|engl|suppl\w*|abstr\w*)\b)[^)]*\)|\[.*?\]",
    re.IGNORECASE,
)
"""What is put in brackets after a journal's name: a town, but not an edition."""
_SECOND_NAME = re.compile(
    r"\s*(?:[:;=/]|\.\s+(?=(?:the|journal|japanese|official|revue|revista)\b)).*", re.I
)
_NUMBER = re.compile(r"\d+")
_ROMAN = frozenset("ii iii iv vi vii viii ix xi xii".split())
_PAGE = re.compile(r"([a-z]*)\s*0*(\d+)", re.I)
_ROMAN_PAGES = re.compile(r"([ivxlc]+)(?:\s*[-–—]\s*([ivxlc]+))?")
_LAST = re.compile(r"\s*[-–—]\s*([a-z]*)\s*0*(\d+)", re.I)
_LABEL = re.compile(
    r"(?:abstract|background|objectives?|aims?|introduction|purpose|summary)\b[\s:.-]*",
    re.IGNORECASE,
)


class Notice(NamedTuple):
    """A kind of piece that is about another work, and how its title begins."""

    kind: str
    title: re.Pattern[str]
    types: frozenset[str]
    """Publication types that say so, in lower case."""


def _begins(words: str) -> re.Pattern[str]:
    return re.compile(rf"[\W_]*(?:{words})", re.IGNORECASE)


NOTICES = (
    Notice(
        "erratum",
        _begins(
            r"(?:author|publisher|publisher'?s|editorial)? ?\b(?:erratum|errata|"
            r"corrigend(?:um|a)|correction(?:s)?(?: to\b| for\b|\s*[:.)\]]|\s*$)|"
            r"addendum)|department of error|this corrects"
        ),
        frozenset({"published erratum", "erratum", "correction"}),
    ),
    Notice(
        "retraction notice",
        _begins(
            r"retraction(?: notice| note| of\b| to\b|\s*[:.]|\s*$)|notice of retraction"
            r"|statement of retraction|withdrawal(?: of\b|\s*[:.])|retraction and"
        ),
        frozenset({"retraction notice", "retraction of publication", "retraction"}),
    ),
    Notice(
        "expression of concern",
        _begins(r"(?:editorial )?expression of concern"),
        frozenset({"expression of concern"}),
    ),
    Notice(
        "reply",
        _begins(
            r"(?:(?:the )?authors?['’]?s?['’]? )?(?:in )?(?:reply|repl(?:y|ies) to\b|"
            r"response(?:s)?(?: to\b|\s*[:.]|\s*$))|rebuttal\b"
        ),
        frozenset(),
    ),
    Notice(
        "comment",
        _begins(
            r"re\s?:|comments?(?:ary)?(?: on\b| to\b| regarding\b|\s*[:.])|"
            r"(?:invited|editorial) comment|letter to the editor\b|letters? regarding\b"
        ),
        frozenset(),
    ),
)
"""In the order in which they are looked for."""
_REPLY_AFTER = re.compile(
    r"[\s:.(\[–—-]+(?:(?:the )?authors?['’]?s?['’]? )?(?:reply|response)\W*$", re.I
)


class Prepared(NamedTuple):
    """What of a record is compared: 1 KB of most; words and names are kept once."""

    pmid: str
    doi: str
    pmcid: str
    trial: str
    """Its registration, of a registry's record; "" of any other."""
    kind: str
    """What its title calls it: erratum, reply …; "" for a work of its own."""
    typed: str
    """What its publication types call it, where they are told."""
    preprint: bool
    title: tuple[str, ...]
    core: int
    """Words of the title before its subtitle."""
    numbers: tuple[str, ...]
    """In the title, in order, Roman ones too."""
    people: tuple[str, ...]
    """Last name and first initial, in order: "roe j"."""
    year: int | None
    journals: tuple[str, ...]
    """The journal's names, folded."""
    issn: str
    volume: str
    issue: str
    first: str
    """First page, or article number."""
    last: str
    opening: str
    """The first words of the abstract."""


def prepare(record: Record) -> Prepared:
    """Return what of a record is compared with others.

    >>> prepare(Record(source="x", title="Tea &amp; <i>sleep</i>: Part II.")).title
    ('tea', 'amp', 'sleep', 'part', 'ii')
    """
    plain = _WITHDRAWN.sub("", record.title, count=1)
    words = tuple(map(intern, fold_words(plain)))
    first, last = find_pages(record.pages)
    second = _SECOND_NAME.search(record.journal)
    names = [record.journal, record.journal_abbreviation]
    names += [second[0].strip(" :;=/.")] if second else []
    return Prepared(
        pmid=record.pmid,
        doi=record.doi.lower(),
        pmcid=record.pmcid.upper(),
        trial=trial_of(record),
        kind=kind_by_title(record.title),
        typed=_kind_by_type(record),
        preprint=is_preprint(record),
        title=words,
        core=len(fold_words(_SUBTITLE.split(plain, maxsplit=1)[0])),
        numbers=_numbers(words),
        people=tuple(filter(None, map(_person_of, record.authors))),
        year=record.year,
        journals=tuple(dict.fromkeys(filter(None, map(fold_journal, names)))),
        issn=record.issn,
        volume=intern(_leading(record.volume)),
        issue=intern(_leading(record.issue)),
        first=intern(first),
        last=intern(last),
        opening=_opening(record),
    )


def fold_words(text: str) -> tuple[str, ...]:
    """Return the words of a text without case, diacritics, markup and punctuation.

    >>> fold_words("The <i>β</i>-blocker in Malmö")
    ('the', 'beta', 'blocker', 'in', 'malmo')
    """
    return tuple(_WORD.findall(_plain(_MARKUP.sub("", text))))


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    spread = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(c for c in spread if not unicodedata.combining(c))


@lru_cache(maxsize=65536)
def fold_journal(name: str) -> str:
    """Return a journal's name folded, without its town and its second name.

    >>> fold_journal("The Journal of Invented Results (Malmö) : official journal")
    'journal of invented results'
    >>> fold_journal("Invented Results (Engl Ed)")
    'invented results engl ed'
    """
    words = fold_words(_SECOND_NAME.sub("", _PLACE.sub(" ", name)))
    return " ".join(words[1:] if words[:1] == ("the",) else words)


def _person_of(author: Author) -> str:
    return _person(author.last_name, author.initials or author.fore_name)


@lru_cache(maxsize=32768)
def _person(last_name: str, given_name: str) -> str:
    last = "".join(fold_words(last_name))
    given = fold_words(given_name)
    return intern(f"{last} {given[0][0]}" if last and given else last)


def find_pages(pages: str) -> tuple[str, str]:
    """Return the first and the last page, the last one written out; "" if unknown.

    >>> find_pages("123-9"), find_pages("S12-S13"), find_pages("e0104")
    (('123', '129'), ('s12', 's13'), ('e104', ''))
    >>> find_pages("XI-xii")
    ('xi', 'xii')
    """
    start = _PAGE.search(pages)
    if not start:
        roman = _ROMAN_PAGES.fullmatch(pages.strip().lower())
        return (roman[1], roman[2] or "") if roman else ("", "")
    letters, first = start[1].lower(), start[2]
    end = _LAST.match(pages, start.end())
    if not end:
        return letters + first, ""
    last = end[2]
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return letters + first, (end[1].lower() or letters) + last


def is_preprint(record: Record) -> bool:
    """Say whether a record is a preprint's, as its types say.

    >>> is_preprint(Record(source="x", publication_types=("Preprint",)))
    True
    """
    types = {name.lower() for name in record.publication_types}
    return bool(types & {"preprint", "posted-content"})


def trial_of(record: Record) -> str:
    """Return the registration that a registry's own record is of; "" for papers.

    >>> trial_of(Record(source="clinicaltrials", title="NCT90000001"))
    ''
    """
    if record.source not in REGISTRIES or record.pmid:
        return ""
    numbers = [each.value for each in record.identifiers]
    numbers += [each.number for each in record.accessions]
    return next(filter(None, map(normal_nct, numbers)), "")


def kind_by_title(title: str) -> str:
    """Return what a title says that its record is, "" when it is a work of its own.

    >>> kind_by_title("Correction to: Tea and sleep"), kind_by_title("Correction of x")
    ('erratum', '')
    """
    for notice in NOTICES:
        if notice.title.match(title):
            return notice.kind
    return "reply" if _REPLY_AFTER.search(title) else ""


def _kind_by_type(record: Record) -> str:
    types = {name.lower() for name in record.publication_types}
    return next((n.kind for n in NOTICES if types & n.types), "")


def _numbers(words: tuple[str, ...]) -> tuple[str, ...]:
    found: list[str] = []
    for word in words:
        if word in _ROMAN:
            found.append(word)
        elif not word.isalpha():
            found += _NUMBER.findall(word)
    return tuple(found)


def _leading(text: str) -> str:
    """Return the first number of a volume or issue, else its folded text."""
    match = _NUMBER.search(text)
    return match[0].lstrip("0") if match else "".join(fold_words(text))


def _opening(record: Record) -> str:
    words: list[str] = []
    for section in record.abstract:
        words += fold_words(_LABEL.sub("", section.text[:400], count=1))
        if len(words) >= OPENING:
            break
    return " ".join(words[:OPENING])
