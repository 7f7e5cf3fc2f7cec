"""What a single clause of a query asks: its field, its words, its days, its numbers."""

import calendar
import re
from typing import NamedTuple

from assay.query.fields import FIELDS, STOPWORDS, WITH_PROXIMITY, fold_field
from assay.query.tree import Leaf, Lost, Range, Term

MIN_STEM = 4
"""Letters that PubMed wants before a * (PubMed help, 2022 and later)."""

SMALL_OPERATORS = frozenset({"and", "or", "not"})
"""In small letters they combine nothing; PubMed passes over them."""

DATES = frozenset(
    map(fold_field, ("date - publication", "electronic publication date",
                     "print publication date", "date - entry", "date - create",
                     "date - mesh", "date - completion", "date - modification"))
)  # fmt: skip
"""Fields that hold a day."""

RANGES = DATES | {"uid"}
"""Fields that PubMed searches from one value to another."""

FILTER_WORDS = frozenset(
    """
    hasabstract hasstructuredabstract hasnonenglishabstract haskeyword hascois
    hasdatabanklist hasnihmsid hascommentin hascommenton hascorrectedrepublishedin
    hascorrectedrepublishedfrom hasassociatedpublication hasassociateddataset
    haserratumin haserratumfor hasexpressionofconcernin hasexpressionofconcernfor
    hasoriginalreportin hasrepublishedin hasrepublishedfrom
    hasretractedandrepublishedin hasretractedandrepublishedfrom hasretractionin
    hasretractionof hassummaryforpatientsin hasupdatein hasupdateof pmcbook
    pmcbooktitle pmcbookchapter pubstatusaheadofprint ownernasa
    indexingmethod_automated indexingmethod_curated
    """.split()
)
"""Words that PubMed takes for filters without any tag (help, protocol B5)."""

_WORD = re.compile(r"[^\W_]+\*?")
_WRITTEN = re.compile(r"[^\W_]+(?:['.,-][^\W_]+)*")
_PMIDS = re.compile(r"\d{5,8}(?: \d{5,8})*")
_DAY = re.compile(r"(\d{4})(?:[/-](\d{1,2})(?:[/-](\d{1,2}))?)?")
RELATIVE = re.compile(r"last (\d{1,5}) (day|week|month|year)s?", re.IGNORECASE)
"""A span that counts back from today."""
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi: ?)?(10\.\d{4,9}/\S+)", re.I)
_NCT = re.compile(r"(?:clinicaltrials\.gov/)?(NCT\d{8})", re.IGNORECASE)
_PMC = re.compile(r"PMC\d{3,9}", re.IGNORECASE)


class Words(NamedTuple):
    """The words of a term as PubMed reads them."""

    words: tuple[str, ...]
    """Runs of letters and digits, in small letters; without what is passed over."""
    stem: bool = False
    """True when the last word may go on (*)."""
    text: str = ""
    """The words as written, in small letters, with the signs inside them that say how
    a service's own index parts them: crohn's, 1,3-butadiene."""


class Days(NamedTuple):
    """A span of days, both ends included; ISO dates, or "" for no bound."""

    first: str
    last: str


def field_of(leaf: Leaf) -> str:
    """Return the folded name of a clause's field.

    "all" when it has no tag, "" when PubMed does not know the tag.

    >>> from assay.query.tree import Tag
    >>> field_of(Term(0, 9, "tea", tag=Tag("Title / Abstract", "", 3, 9)))
    'title/abstract'
    """
    if isinstance(leaf, Lost) or leaf.tag is None:
        return "all"
    return FIELDS.get(fold_field(leaf.tag.name), "")


def modifier_of(leaf: Leaf) -> str:
    """Return what follows the colon of a clause's tag: "noexp", "~3" or "".

    >>> from assay.query.tree import Tag
    >>> modifier_of(Term(0, 9, "tea", tag=Tag("mh", "NoExp", 3, 9)))
    'noexp'
    """
    if isinstance(leaf, Lost) or leaf.tag is None:
        return ""
    return leaf.tag.modifier.replace(" ", "").lower()


def read_words(term: Term) -> Words:
    """Return the words that a term is looked up by; none when all are passed over.

    Signs become blanks. Stopwords are passed over outside quotes, and so are and, or,
    not in small letters. A * counts at the end of a term, after four letters or more.

    >>> read_words(Term(0, 9, "the 7-OH insomni*"))[:2]
    (('7', 'oh', 'insomni'), True)
    >>> read_words(Term(0, 9, "Crohn’s")).text
    "crohn's"
    """
    plain = term.text.translate(_STARS).lower()
    found = _WORD.findall(plain)
    bare = [word.rstrip("*") for word in found]
    if not term.quoted:
        passed = STOPWORDS | SMALL_OPERATORS
        bare = [word for word in bare if word not in passed]
    stem = bool(found) and found[-1].endswith("*") and _is_long_enough(term.text)
    open_end = stem and bool(bare) and found[-1][:-1] == bare[-1]
    return Words(tuple(bare), open_end, " ".join(_WRITTEN.findall(plain)))


_STARS = {ord("∗"): " ", ord("’"): "'"}  # U+2217 truncates nothing


def _is_long_enough(text: str) -> bool:
    last = text.rstrip().split(" ")[-1]
    return sum(char.isalnum() for char in last.partition("*")[0]) >= MIN_STEM


def split_heading(term: Term) -> tuple[str, str]:
    """Return a MeSH heading and its subheading, "" where there is none.

    >>> split_heading(Term(0, 9, "neoplasms/diet therapy"))
    ('neoplasms', 'diet therapy')
    """
    heading, _, subheading = term.text.partition("/")
    return heading.strip(), subheading.strip()


def read_days(leaf: Leaf) -> Days | None:
    """Return the days that a clause of a date field asks for; None when it says none.

    "last 5 years" says none: `relative.settle_dates` makes it a span first.

    >>> from assay.query.tree import Tag
    >>> read_days(Term(0, 4, "2020/2", tag=Tag("dp", "", 4, 8)))
    Days(first='2020-02-01', last='2020-02-29')
    """
    if isinstance(leaf, Lost):
        return None
    if isinstance(leaf, Range):
        return make_days(leaf.first, leaf.last)
    return make_days(leaf.text, leaf.text)


def make_days(first: str, last: str) -> Days | None:
    """Return the days from the first of one date to the last of another; "" is open.

    None when one is no date, or when they stand the wrong way round. PubMed's usual
    bounds for "ever" and "still", 1000 and 3000, are open too.

    >>> make_days("2019", "3000")
    Days(first='2019-01-01', last='')
    """
    start, end = _bound(first, last=False), _bound(last, last=True)
    if start is None or end is None or (start and end and start > end):
        return None
    return Days(start, end)


def _bound(text: str, *, last: bool) -> str | None:
    if not text:
        return ""
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    if year >= 3000 or year <= 1000:
        return ""
    month = month or (12 if last else 1)
    if not 1 <= month <= 12:
        return None
    most = calendar.monthrange(year, month)[1]
    day = day or (most if last else 1)
    return f"{year:04}-{month:02}-{min(day, most):02}" if 1 <= day <= 31 else None


def is_relative(leaf: Leaf) -> bool:
    """Tell whether a clause counts its days back from today.

    >>> is_relative(Term(0, 4, "last 30 days"))
    True
    """
    return isinstance(leaf, Term) and bool(RELATIVE.fullmatch(leaf.text))


def find_pmids(leaf: Leaf) -> tuple[str, ...]:
    """Return the PMIDs that a clause lists; a range gives none.

    >>> find_pmids(Term(0, 4, "90000001 90000002"))
    ('90000001', '90000002')
    """
    if isinstance(leaf, Term) and field_of(leaf) in {"all", "uid"}:
        tagged = field_of(leaf) == "uid" and leaf.text.isdigit()
        if tagged or (not leaf.quoted and _PMIDS.fullmatch(leaf.text)):
            return tuple(leaf.text.split(" "))
    return ()


def find_doi(leaf: Leaf) -> str:
    """Return the DOI that a clause is, in small letters; "" for none.

    >>> find_doi(Term(0, 4, "10.99999/Tea.1"))
    '10.99999/tea.1'
    """
    match = _DOI.fullmatch(leaf.text) if isinstance(leaf, Term) else None
    return match[1].lower() if match else ""


def find_trial(leaf: Leaf) -> str:
    """Return the NCT number that a clause is; "" for none.

    >>> find_trial(Term(0, 4, "clinicaltrials.gov/nct90000001"))
    'NCT90000001'
    """
    match = _NCT.fullmatch(leaf.text) if isinstance(leaf, Term) else None
    return match[1].upper() if match else ""


def find_pmcid(leaf: Leaf) -> str:
    """Return the PMCID that a clause is; "" for none.

    >>> find_pmcid(Term(0, 4, "pmc9000001"))
    'PMC9000001'
    """
    match = _PMC.fullmatch(leaf.text) if isinstance(leaf, Term) else None
    return match[0].upper() if match else ""


def read_phrases(term: Term) -> tuple[Words, ...]:
    """Return what of a term must be found as it stands, each on its own.

    A term in quotes is one phrase; of one without, every part between blanks is, so
    that "7-OH" stays together.

    >>> [part.words for part in read_phrases(Term(0, 9, "green tea 7-OH"))]
    [('green',), ('tea',), ('7', 'oh')]
    """
    if term.quoted:
        whole = read_words(term)
        return (whole,) if whole.words else ()
    pieces = (Term(term.start, term.end, piece) for piece in term.text.split(" "))
    return tuple(words for words in map(read_words, pieces) if words.words)


def is_near(term: Term) -> bool:
    """Tell whether PubMed takes a term for words near each other ("a b"[tiab:~3]).

    >>> from assay.query.tree import Tag
    >>> is_near(Term(0, 9, "green tea", quoted=True, tag=Tag("ti", "~3", 0, 9)))
    True
    """
    return (
        term.quoted
        and "*" not in term.text
        and field_of(term) in WITH_PROXIMITY
        and bool(re.fullmatch(r"~\d{1,4}", modifier_of(term)))
        and len(term.text.split()) > 1
    )
