"""The E-utilities by name: the one place to look what is served."""

from collections.abc import Callable

from tests.standin.fetch import efetch
from tests.standin.lookups import ecitmatch, einfo, elink, epost, espell
from tests.standin.replies import Asked, Reply
from tests.standin.search import esearch
from tests.standin.summaries import esummary
from tests.standin.world import World

PROGRAMS: dict[str, Callable[[World, Asked], Reply]] = {
    "esearch": esearch,
    "efetch": efetch,
    "esummary": esummary,
    "elink": elink,
    "espell": espell,
    "ecitmatch": ecitmatch,
    "einfo": einfo,
    "epost": epost,
}
