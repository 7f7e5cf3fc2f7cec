"""Whether two services tell of one notice, or one service of another than before.

PubMed names a notice by PMID, Crossref by DOI, OpenAlex by nothing; dates are those of
an issue here and of a deposit there. So what is the same is decided with care: to tell
of a second erratum twice costs a line, to miss it costs trust.
"""

import re
from collections.abc import Iterable, Sequence

from assay.digest.model import Work
from assay.library.retraction import gravity
from assay.notice import Notice, Standing

GONE = frozenset({Standing.REPLACED, Standing.RETRACTED, Standing.WITHDRAWN})
"""A work is taken back once, in whatever words services tell it."""

APART = 12
"""Months from which two services' dates cannot be of one notice: PubMed has the date of
the issue, Crossref that of the notice, which may be online long before."""

_MONTH = re.compile(r"(\d{4})(?:-(\d\d))?(?!\d)")


def find_new(notices: Sequence[Notice], told: Sequence[Notice]) -> tuple[Notice, ...]:
    """Return the notices that are not among those told, in their order.

    >>> notice = Notice(Standing.CORRECTED, "PubMed", "ErratumIn", "2021", pmid="9")
    >>> other = Notice(Standing.CORRECTED, "OpenAlex", "erratum", "2021-03")
    >>> find_new([notice, other], [notice]), find_new([notice], []) == (notice,)
    ((), True)
    """
    standing_still = set(notices)
    return tuple(
        notice
        for notice in notices
        if not any(is_same(notice, each, stays=each in standing_still) for each in told)
    )


def is_same(notice: Notice, told: Notice, *, stays: bool = False) -> bool:
    """Say whether a notice is one that was told before.

    Args:
        notice: as a service tells it now.
        told: as a service told it.
        stays: whether `told` is still told in the very same words: then another one
            of the same service is not that one in other words.

    >>> first = Notice(Standing.CORRECTED, "PubMed", "ErratumIn", pmid="90000001")
    >>> is_same(first._replace(pmid="90000002"), first)
    False
    """
    if notice == told:
        return True
    if _shares_name(notice, told):
        milder = gravity(notice.standing) <= gravity(told.standing)
        return milder or _family(notice) is _family(told)
    if _family(notice) is not _family(told):
        return False
    if notice.said_by != told.said_by:
        return notice.standing in GONE or not _conflict(notice, told, APART)
    return not stays and not _conflict(notice, told, 0)


def without_own_doi(notices: Iterable[Notice], work: Work) -> tuple[Notice, ...]:
    """Return notices without the DOI of the work itself, which names no notice.

    A work that was changed in place has its notices under its own DOI.

    >>> notice = Notice(Standing.CORRECTED, "Crossref", "correction", doi="10.99999/a")
    >>> work = Work(key="doi:10.99999/a", names=("doi:10.99999/a",), doi="10.99999/a")
    >>> without_own_doi([notice], work)[0].doi
    ''
    """
    return tuple(n._replace(doi="") if n.doi == work.doi else n for n in notices)


def _family(notice: Notice) -> Standing:
    return Standing.RETRACTED if notice.standing in GONE else notice.standing


def _shares_name(one: Notice, other: Notice) -> bool:
    return bool(
        (one.pmid and one.pmid == other.pmid) or (one.doi and one.doi == other.doi)
    )


def _conflict(one: Notice, other: Notice, months: int) -> bool:
    """Say whether identifiers or dates (more than so many months apart) differ."""
    if (one.pmid and other.pmid) or (one.doi and other.doi):
        return True  # they share neither
    mine, theirs = _months(one.date), _months(other.date)
    if mine is None or theirs is None:
        return False
    (first, last), (start, end) = mine, theirs
    return max(start - last, first - end) > months


def _months(date: str) -> tuple[int, int] | None:
    """Return the first and last month that a date may mean, counted from year 0."""
    match = _MONTH.match(date)
    if not match:
        return None
    year, month = match.groups()
    first = int(year) * 12 + (int(month) - 1 if month else 0)
    return first, first if month else first + 11
