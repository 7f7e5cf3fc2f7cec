"""efetch: the records themselves, as XML, MEDLINE text, abstracts or ids."""

import hashlib

from tests.standin.medline import render_abstract, render_medline
from tests.standin.records import parse_element
from tests.standin.replies import (
    PROLOG,
    TEXT,
    Asked,
    Reply,
    render_error,
    render_records,
    tag,
)
from tests.standin.summaries import render_first
from tests.standin.world import (
    BAD_IDS,
    EXPIRED,
    OVER_CAP,
    LostSetError,
    World,
    wanted_ids,
)


def efetch(world: World, asked: Asked) -> Reply:
    """Return records; what is unknown is left out without a word."""
    try:
        wanted = wanted_ids(world, asked)
    except LostSetError as lost:
        return render_error(asked, EXPIRED.format(lost.args[0]))
    except OverflowError:
        return render_error(asked, OVER_CAP, 400)
    if not wanted and "WebEnv" not in asked.params:
        return render_error(asked, BAD_IDS, 400)
    rows = [world.rows[pmid] for pmid in wanted if pmid in world.rows]
    mode = asked.params.get("retmode", "").lower()
    kind = asked.params.get("rettype", "").lower()
    if asked.json or (mode == "text" and kind == "uilist"):
        return Reply("".join(f"{row.pmid}\n" for row in rows).encode(), TEXT)
    if mode == "text" and kind == "medline":
        said = "\n".join(medline_or_regret(world, pmid) for pmid in wanted)
        return Reply(f"\n{said}".encode(), TEXT)
    if mode == "text":
        said = "\n\n".join(render_abstract(parse_element(row.xml)) for row in rows)
        return Reply(said.encode(), TEXT)
    if kind == "uilist":
        ids = "".join(f"\t{tag('Id', row.pmid)}\n" for row in rows)
        return Reply(f"{PROLOG}<IdList>\n{ids}</IdList>\n".encode())
    if kind == "docsum":
        return render_first([(row.pmid, row) for row in rows])
    if kind == "full":
        return Reply(b"")
    if world.shuffle:
        rows.sort(key=lambda row: hashlib.sha256(str(row.pmid).encode()).digest())
    return render_records(row.xml for row in rows)


def medline_or_regret(world: World, pmid: int) -> str:
    """Return MEDLINE text, or the line that stands in its place."""
    row = world.rows.get(pmid)
    if row is None:
        lost = f"The following PMID is not available: {pmid}"
        return f"id: {pmid} Error occurred: {lost}\n"
    return render_medline(parse_element(row.xml))
