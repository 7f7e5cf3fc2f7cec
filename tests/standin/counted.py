"""The plainest service there can be: numbered rows, for tests of what all share.

`rows?start=0&size=10` answers {"total": n, "rows": [{"id": …, "title": …}], "next": …};
`again` may be "yes" for a service whose cursor stays the same from page to page.
"""

from itertools import count

from tests.standin.records import Row
from tests.standin.replies import Reply
from tests.standin.services import Call, Service, cut_page, render_json, render_text

START = "*"


def make(rows: list[Row]):
    """Return what answers with the ids of these records."""
    places: dict[str, int] = {}
    tickets = count(1)

    def answer(call: Call) -> Reply:
        if call.program != "rows":
            return render_text("there is no such list", 404)
        hits = [] if call.params.get("query") == "nothing" else rows
        found = [{"id": str(row.pmid), "title": f"Record {row.pmid}"} for row in hits]
        cursor = call.params["cursor"]
        again = cursor.startswith("scroll")
        at = 0 if cursor == START else places[cursor]
        cut = cut_page(found, at, int(call.params["size"]), call.lies)
        said: dict[str, object] = {"rows": cut.rows}
        if cut.total is not None:
            said["total"] = cut.total
        if call.params.get("scroll") == "yes":
            token = cursor if again else f"scroll{next(tickets)}"
            places[token] = cut.next or 0
            said["next"] = token
        elif cut.next is not None and cut.next < len(found):
            token = START if cut.next == 0 else f"at{cut.next}"
            places[token] = cut.next
            said["next"] = token
        return render_json(said)

    return answer


SERVICE = Service(base="/counted/v1/", make=make)
