"""What a report uses: every record that speaks in it, and the claims it speaks of."""

from assay.digest.model import Use
from assay.digest.outcome import Used
from assay.digest.works import work_of
from assay.library.standing import report_of
from assay.model import Report, Stance
from assay.record import Record

MOST_CLAIMS = 3
"""Claims that are named for a work; of the others it is said how many there are."""


def find_used(report: Report, day: str) -> tuple[Used, ...]:
    """Return the works that a report cites, each once, in the report's order.

    What was said of their standing is what the report shows: no news later.

    day: YYYY-MM-DD, on which the report was made.

    >>> from assay.model import Article
    >>> article = Article(name="a", title="", text="", blocks=(), sentences=())
    >>> find_used(Report(article=article, findings=()), "2026-11-23")
    ()
    """
    claims: dict[Record, list[str]] = {}
    told = {}
    for finding in report.findings:
        for each in finding.evidence:
            if each.stance is not Stance.NEUTRAL:
                claims.setdefault(each.record, []).append(finding.claim.text)
                told[each.record] = each.checked or report_of(each.record)
    name = report.article.name
    return tuple(
        Used(work_of(r), Use("report", name, day, _named(texts)), told[r])
        for r, texts in claims.items()
    )


def _named(claims: list[str]) -> str:
    """Return claims as one text, the first few in full.

    >>> _named(["A.", "B.", "A.", "C.", "D.", "E."])
    '“A.”; “B.”; “C.”; and 2 more'
    """
    each = [f"“{claim}”" for claim in dict.fromkeys(claims)]
    more = len(each) - MOST_CLAIMS
    return "; ".join([*each[:MOST_CLAIMS], *([f"and {more} more"] if more > 0 else [])])
