"""How likely two records are one, from what they share and where they differ.

Every field is put on a level ("same", "near", "differs" …), each level adds to the
odds (`WEIGHTS`), and some levels set a limit whatever the rest says (`_limit`). The
weights were fitted on the tuning half of NLM's files (`python -m bench.dedupe --fit`),
which holds none of the records that the figures are reported on, then rounded and put
in the order of their levels; the limits were found by reading the tuning half's errors.
"""

from math import exp
from typing import NamedTuple

from assay.library.levels import FEW_WORDS, Levels, find_levels, numbers_differ
from assay.library.prepare import Prepared

MERGE = 0.855
"""Least probability at which two records are merged."""
ASK = 0.25
"""Least probability at which a person is asked."""
APART = 0.0
"""Probability of what cannot be: two PMIDs, an article and its erratum."""
UNSURE = 0.84
"""Most that a pair can have when something speaks against it that may be a slip."""
UNLIKELY = 0.1
"""Most that a pair can have when what is told of it can hardly be of one record."""

COMMON = frozenset(
    """
    abstracts announcement answer author authors calendar call comment comments
    commentary contents editor editorial editors foreword index introduction issue
    letter letters news note obituary papers preface question reply response
    """.split()
)
"""Words of titles that a journal gives to many pieces."""


class Likeness(NamedTuple):
    """How likely two records are one, and why."""

    probability: float
    """0 to 1; 1 only by a shared identifier."""
    reasons: tuple[str, ...]
    """Short phrases, e.g. "the same title", "volumes differ"."""
    text: float = 0.0
    """The probability without identifiers: of two that share one, which is nearer."""


BASE = -3.0
"""Log-odds of two records about which nothing is known but that they met in a block."""
WEIGHTS = {
    ("title", "same"): 3.2, ("title", "cut"): 1.8, ("title", "near"): 1.4,
    ("title", "short"): 2.7, ("title", "alike"): -2.4, ("title", "apart"): -4.0,
    ("people", "same"): 1.7, ("people", "most"): 0.6, ("people", "some"): -1.3,
    ("people", "none"): -4.4,
    ("year", "same"): 0.5, ("year", "next"): -0.4, ("year", "apart"): -1.2,
    ("journal", "same"): 1.0, ("journal", "differs"): -1.0,
    ("volume", "same"): 0.4, ("volume", "differs"): -4.6,
    ("issue", "same"): 0.3, ("issue", "differs"): -2.4,
    ("pages", "same"): 1.3, ("pages", "differs"): -4.2,
    ("opening", "same"): 0.8, ("opening", "differs"): -1.0,
}  # fmt: skip
"""What each level adds to the log-odds."""


def compare(one: Prepared, other: Prepared) -> Likeness:
    """Return how likely two records are one; the order does not matter.

    >>> from assay.library.prepare import prepare
    >>> from assay.record import Record
    >>> a = prepare(Record(source="x", pmid="90000001", title="Tea"))
    >>> compare(a, a)[:2], compare(a, a._replace(pmid="90000002")).probability
    ((1.0, ('the same PMID',)), 0.0)
    """
    if barred := find_bar(one, other):
        return Likeness(APART, (barred,))
    levels = find_levels(one, other)
    text = round(_probability(levels), 4)
    if shared := find_shared(one, other, levels):
        return shared._replace(text=text)
    probability = min(text, _limit(levels, one, other))
    if probability < ASK:
        return Likeness(probability, (), text)
    return Likeness(probability, _say(levels, one, other), text)


def find_bar(one: Prepared, other: Prepared) -> str:
    """Return why two records cannot be one, whatever else they share; "" if they can.

    >>> from assay.library.prepare import prepare
    >>> from assay.record import Record
    >>> a, b = (prepare(Record(source="x", title=t)) for t in ("Tea", "Erratum: Tea"))
    >>> find_bar(a, b)
    'one is an erratum'
    """
    if one.pmid and other.pmid and one.pmid != other.pmid:
        return "their PMIDs differ"
    if one.trial != other.trial:
        return (
            "one is a registration"
            if not (one.trial and other.trial)
            else ("their registrations differ")
        )
    same_pmid = one.pmid and one.pmid == other.pmid
    same_doi = one.doi and one.doi == other.doi  # not every source tells a preprint
    if not (same_pmid or same_doi) and one.preprint != other.preprint:
        return "one is a preprint"
    if not same_pmid and one.kind != other.kind and one.title and other.title:
        kind = one.kind if one.kind not in {"", other.kind} else other.kind
        return f"one is {'an' if kind[0] in 'aeiou' else 'a'} {kind}"
    return ""


def find_shared(one: Prepared, other: Prepared, levels: Levels) -> Likeness | None:
    """Return the certainty that a shared identifier gives; None when there is none.

    A DOI that stands on two records of unlike titles and authors is a slip somewhere.
    """
    if one.pmid and one.pmid == other.pmid:
        return Likeness(1.0, ("the same PMID",))
    if one.trial:
        return Likeness(1.0, ("the same registration",))
    if one.doi and other.doi and one.doi != other.doi:
        return None
    for name, a, b in (("DOI", one.doi, other.doi), ("PMCID", one.pmcid, other.pmcid)):
        if a and a == b:
            said = f"the same {name}"
            if _clash(one, other, levels):
                return Likeness(UNSURE, (said, "titles and authors differ"))
            return Likeness(1.0, (said,))
    return None


def _clash(one: Prepared, other: Prepared, levels: Levels) -> bool:
    """Say whether two records of one DOI tell of different works."""
    unlike = levels.title in {"apart", "short"} and one.title != other.title
    return unlike and levels.people == "none"


def _probability(levels: Levels) -> float:
    odds = BASE + sum(
        WEIGHTS.get(pair, 0.0) for pair in zip(Levels._fields, levels, strict=True)
    )
    return 1 / (1 + exp(-odds))


def _limit(levels: Levels, one: Prepared, other: Prepared) -> float:
    """Return the most that two records can have, by what speaks against them.

    Never on a title alone: authors must agree, and the place or the abstract too.
    """
    differs = (levels.volume, levels.pages).count("differs")
    if levels.people == "none" or levels.title in {"apart", ""} or differs == 2:
        return UNLIKELY
    if numbers_differ(one, other):
        return UNLIKELY
    told = _same_place(levels) or levels.opening == "same"
    against = (
        differs
        or levels.opening == "differs"
        or (levels.journal == "differs" and not _placed_without_journal(levels))
        or not _years_agree(levels, one, other)
        or (levels.title in {"alike", "near", "cut"} and not told)
        or (levels.title == "short" and not (told or _short_is_enough(levels, one)))
        or (levels.people in {"most", "some"} and not told)
        or (not levels.people and not _nameless_is_enough(levels, one, other))
        or (_typed_apart(one, other) and levels.pages != "same")
        or (levels.issue == "differs" and levels.pages != "same")
        or _is_of_meeting(one) != _is_of_meeting(other)
        or _other_identifier(one, other)
    )
    if against:
        return UNSURE
    grounds = (levels.journal, levels.pages, levels.volume, levels.opening)
    return 1.0 if "same" in grounds else UNSURE


def _is_of_meeting(each: Prepared) -> bool:
    """Say whether the journal's name is that of a volume of meeting abstracts."""
    return any("abstracts" in name for name in each.journals)


def _same_place(levels: Levels) -> bool:
    """Say whether both stand on one page of one volume, or of one journal's year."""
    if levels.pages != "same":
        return False
    dated = "same" in (levels.year, levels.issue)
    return levels.volume == "same" or (levels.journal == "same" and dated)


def _placed_without_journal(levels: Levels) -> bool:
    """Say whether two names of a journal may be one's: title and place are the same."""
    if levels.people != "same":
        return False
    if levels.title == "short":
        return levels.pages == levels.volume == "same"
    beside = "same" in (levels.issue, levels.opening)
    placed = levels.pages == "same" or (levels.volume == "same" and beside)
    return levels.title == "same" and placed


def _years_agree(levels: Levels, one: Prepared, other: Prepared) -> bool:
    """Say whether the years may be those of one work's print and first appearance.

    Another year's piece of the same title stands in another volume, on another page.
    """
    if levels.year == "apart":
        place = (levels.volume, levels.pages, levels.opening)
        return levels.journal == "same" and "same" in place
    long = len(one.title) >= 2 * FEW_WORDS
    many = len(one.people) > 2 or not (_is_placed(one) or _is_placed(other))
    place = (levels.volume, levels.pages, levels.opening)
    return levels.year != "next" or "same" in place or (long and many)


def _is_placed(each: Prepared) -> bool:
    """Say whether a record tells where it stands; one ahead of print does not."""
    return bool(each.volume or each.first)


def _short_is_enough(levels: Levels, one: Prepared) -> bool:
    """Say whether a short title is told apart by its authors and volume."""
    if one.kind or COMMON & set(one.title) or levels.people != "same":
        return False
    if len(one.title) > 1 and len(one.people) > 2:
        return "same" in (levels.volume, levels.journal)
    issue = levels.issue == "same" or len(one.title) > 1
    return levels.volume == "same" and issue


def _nameless_is_enough(levels: Levels, one: Prepared, other: Prepared) -> bool:
    """Say whether two records without authors are told apart by where they stand."""
    if one.people or other.people or len(one.title) < 2:
        return False
    long = len(one.title) >= FEW_WORDS and not COMMON & set(one.title)
    if one.kind or not long:
        return _same_place(levels) and (long or not one.kind)
    dated = levels.issue == levels.year == "same"
    return dated or levels.volume == "same" or _same_place(levels)


def _typed_apart(one: Prepared, other: Prepared) -> bool:
    """Say whether only one's types tell that it is a notice, and its title does not."""
    return one.typed != other.typed and not (one.kind and other.kind)


def _other_identifier(one: Prepared, other: Prepared) -> bool:
    """Say whether both have a DOI, or both a PMCID, and they are not the same."""
    return bool(
        (one.doi and other.doi and one.doi != other.doi)
        or (one.pmcid and other.pmcid and one.pmcid != other.pmcid)
    )


_SAYS = {
    "title": {
        "same": "the same title", "cut": "one title continues the other",
        "near": "titles spelt alike", "alike": "titles alike",
        "apart": "titles differ", "short": "the same short title",
    },
    "people": {
        "same": "the same authors", "most": "most authors the same",
        "some": "some authors the same", "none": "other authors",
    },
    "opening": {"same": "the same abstract", "differs": "abstracts differ"},
    "pages": {"same": "the same pages", "differs": "pages differ"},
}  # fmt: skip
_YEARS = {"same": "the same year", "next": "years next to each other",
          "apart": "years apart"}  # fmt: skip


def _say(levels: Levels, one: Prepared, other: Prepared) -> tuple[str, ...]:
    """Return what is the same and what differs, a phrase each."""
    said = []
    for name, level in zip(Levels._fields, levels, strict=True):
        if name == "year":
            said.append(_YEARS.get(level, ""))
        elif name in _SAYS:
            said.append(_SAYS[name].get(level, ""))
        elif level:
            said.append(f"the same {name}" if level == "same" else f"{name}s differ")
    if _other_identifier(one, other):
        said.append("identifiers differ")
    if levels.title and numbers_differ(one, other):
        said.append("numbers in the titles differ")
    return tuple(filter(None, said))
