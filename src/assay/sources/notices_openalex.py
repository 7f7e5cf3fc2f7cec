"""Whether OpenAlex flags a work as retracted: one free look-up a work.

The flag comes from Retraction Watch and Crossref, has neither date nor notice, and was
wrong for many works for some time: it is a weak sign. A look-up by identifier costs no
credits, a list does. Source: OpenAlex, works, February 2026.
"""

from collections.abc import Sequence
from urllib.parse import quote

from assay.errors import SourceError
from assay.ids import normal_doi, normal_pmid
from assay.notice import OPENALEX, Check, Notice, Signal, Standing
from assay.sources.base import Answer, Getter, Request
from assay.sources.json_answer import (
    Object,
    ShapeError,
    flag_of,
    judge_json,
    object_of,
    read_object,
    text_of,
)
from assay.sources.markup import plain_text
from assay.sources.notices import ask_all, failed_signal, tells_of_another

WORKS = "https://api.openalex.org/works/"
FIELDS = "id,doi,ids,title,is_retracted"


def ask_openalex(names: Sequence[str], getter: Getter) -> dict[str, Signal]:
    """Return what OpenAlex makes of each work: one signal for every name given.

    names: "doi:10.…" or "pmid:…", in normal form.
    """
    wanted = list(dict.fromkeys(names))
    requests = [work_request(name) for name in wanted]
    outcomes = ask_all(requests, judge_work, getter)
    return {
        name: _of_outcome(name, outcome)
        for name, outcome in zip(wanted, outcomes, strict=True)
    }


def work_request(name: str) -> Request:
    """Return the request for one work, as OpenAlex gives it for nothing.

    >>> work_request("doi:10.99999/a,b(1)#c").url
    'https://api.openalex.org/works/doi:10.99999/a%2Cb%281%29%23c'
    """
    return Request(url=f"{WORKS}{quote(name, safe=':/')}", params=(("select", FIELDS),))


def judge_work(answer: Answer) -> bool:
    """Say True for one work, and for "there is no such work", which is an answer.

    OpenAlex says that with a page of HTML. Raises as `judge_json`.
    """
    if answer.status == 404 and b"404 Not Found" in answer.body:
        return True
    return judge_json(OPENALEX)(answer)


def _of_outcome(name: str, outcome: Answer | SourceError) -> Signal:
    if isinstance(outcome, SourceError):
        return failed_signal(OPENALEX, outcome)
    if outcome.status == 404:
        return Signal(OPENALEX, Check.NOT_HELD, when=outcome.when)
    try:
        return read_work(read_object(OPENALEX, outcome.body), name, outcome.when)
    except (ShapeError, SourceError):
        why = "its answer does not have the documented shape"
        return Signal(OPENALEX, Check.FAILED, when=outcome.when, why=why)


def read_work(work: Object, name: str, when: str = "") -> Signal:
    """Return what OpenAlex's description of a work says of its standing.

    An answer without the flag, or about another work, is a failed check.

    Raises:
        ShapeError: a part of it is not of the documented kind.

    >>> work = {"doi": "https://doi.org/10.99999/a", "is_retracted": True}
    >>> read_work(work, "doi:10.99999/a").notices[0].weak
    True
    """
    kind, _, value = name.partition(":")
    ids = object_of(work, "ids")
    own = (
        normal_pmid(text_of(ids, "pmid"))
        if kind == "pmid"
        else normal_doi(text_of(work, "doi") or text_of(ids, "doi"))
    )
    if own != value:
        why = "it answered with another work"
        return Signal(OPENALEX, Check.FAILED, when=when, why=why)
    if work.get("is_retracted") is None:
        why = "its answer does not say whether the work is retracted"
        return Signal(OPENALEX, Check.FAILED, when=when, why=why)
    if not flag_of(work, "is_retracted"):
        return Signal(OPENALEX, Check.ANSWERED, when=when)
    sign = Notice(Standing.RETRACTED, OPENALEX, "is_retracted", weak=True)
    if tells_of_another(plain_text(text_of(work, "title"))):
        sign = sign._replace(standing=Standing.NOTICE, weak=False)
    return Signal(OPENALEX, Check.ANSWERED, (sign,), when)
