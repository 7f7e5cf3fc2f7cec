"""What came of a run of the digest beside the digest: where it went, what is next."""

import json
from collections.abc import Iterator, Sequence

from assay.digest.model import Digest
from assay.digest.outcome import Parcel
from assay.output.digest_json import render_digest_json
from assay.output.digest_words import find_alarms, say_time
from assay.output.json import Json, plain, render_document
from assay.output.words import say_problem
from assay.search import Problem


def render_run_json(
    digest: Digest | None,
    parcels: Sequence[Parcel],
    problems: Sequence[Problem],
    holder: str,
    next_run: str,
) -> str:
    """Return a run as JSON (schema assay/digest-run/1).

    `digest` is null when nothing was due or another process is at it (`holder`).

    >>> print(render_run_json(None, (), (), "", "2026-11-30T06:00:00+00:00"), end="")
    {
      "schema": "assay/digest-run/1",
      "digest": null,
      "parcels": [],
      "problems": [],
      "holder": null,
      "next_run": "2026-11-30T06:00:00+00:00"
    }
    """
    told: Json = json.loads(render_digest_json(digest)) if digest else None
    return render_document(
        "digest-run",
        {
            "digest": told,
            "parcels": [plain(parcel) for parcel in parcels],
            "problems": [plain(problem) for problem in problems],
            "holder": holder or None,
            "next_run": next_run or None,
        },
    )


def say_run(
    digest: Digest | None,
    parcels: Sequence[Parcel],
    problems: Sequence[Problem],
    holder: str,
    next_run: str,
) -> Iterator[str]:
    """Yield one line for each thing that the person should know of a run.

    >>> list(say_run(None, (), (), "", "2026-11-30T06:00:00+00:00"))
    ['Nothing is due before 2026-11-30 06:00 UTC; --all runs it now.']
    """
    if holder:
        yield f"Another assay is making a digest here ({holder}); this one did nothing."
    elif digest is None and not (problems or parcels):
        yield _say_next(next_run)
    for parcel in parcels:
        if parcel.state == "sent":
            yield f"{parcel.channel}: {parcel.place}"
        elif not problems:
            yield f"{parcel.channel}: would get it"
    for problem in problems:
        yield say_problem(problem)


def say_failed(digest: Digest | None, problems: Sequence[Problem]) -> tuple[str, ...]:
    """Return what of a run was not searched, asked or delivered, one line each.

    That alone is said with --quiet. A digest in which all went well says nothing.

    >>> say_failed(None, [Problem(where="digest 1 by html", what="The disk is full")])
    ('digest 1 by html: The disk is full.',)
    """
    alarms = find_alarms(digest) if digest and digest.problems else ()
    return (*alarms, *map(say_problem, problems))


def _say_next(next_run: str) -> str:
    if not next_run:
        return "Nothing is scheduled; --all runs every saved query now."
    return f"Nothing is due before {say_time(next_run)}; --all runs it now."
