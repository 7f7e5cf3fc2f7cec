"""How each service is spoken to: its address, its paces, and who says they ask."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import quote, quote_plus, urlsplit

from assay.edge.settings import EUTILS as EUTILS_SETTING
from assay.edge.settings import Settings
from assay.errors import SettingsError
from assay.sources.base import Params
from assay.sources.pubmed import EUTILS

PAUSE_WITHOUT_KEY = 0.37
PAUSE_WITH_KEY = 0.11
"""Seconds between two starts. NCBI allows 3 requests a second, 10 with a key, over all
programs; clients that kept exactly to 0.333 s were still refused (Biopython)."""
CREDITS_WITHOUT_KEY = 1_000
CREDITS_WITH_KEY = 10_000
"""What OpenAlex gives a day (UTC) since 2026-02-24: for an address, or for a key."""


class Pool(NamedTuple):
    """One of the paces that a service keeps apart."""

    pause: float
    """Seconds between two starts, over all processes of this machine; 0 for none."""
    together: int = 0
    """Most requests on their way at a time in this process; 0 for any number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service, for everything that the edge must know about it."""

    title: str
    """As named in messages."""
    address: str
    """What the addresses of its requests begin with."""
    at: str = ""
    """Where to ask instead of `address`, e.g. a stand-in on loopback; "" for there."""
    pause: float
    """Seconds between two starts, over all processes of this machine; 0 for none."""
    pools: tuple[tuple[str, Pool], ...] = ()
    """Paces for some of its requests, by `Request.pool`; `pause` is for the others."""
    identity: Params = field(default=(), repr=False)
    """Parameters that say who asks; never shown, never recorded."""
    bearer: str = field(default="", repr=False)
    """Key for the Authorization header, "" for none; never shown, never recorded."""
    wants: str = ""
    """What to set before it can be asked at all; "" when all is there."""
    credits: int = 0
    """Credits that it gives a day, as far as known before it says so; 0 where nothing
    is charged."""
    budget: int | None = None
    """Most credits that the person wants to spend a day; None for all there are."""
    when_spent: str = ""
    """What to do when the credits of a day are spent."""

    def pool(self, name: str) -> Pool:
        """Return the pace for `Request.pool`."""
        return dict(self.pools).get(name, Pool(self.pause))

    def api_keys(self) -> tuple[str, ...]:
        """Return the keys: an answer that repeats one is not recorded."""
        keys = [value for name, value in self.identity if name == "api_key"]
        return tuple(filter(None, (*keys, self.bearer)))

    def secrets(self) -> tuple[str, ...]:
        """Return the values that must never be shown, longest first."""
        values = {value for name, value in self.identity if name != "tool" and value}
        values |= set(self.api_keys())
        return tuple(sorted(values, key=len, reverse=True))


def services_of(settings: Settings) -> dict[str, Service]:
    """Return every service by name, as asked by the person with these settings.

    Raises:
        SettingsError: an address that would send a key in the clear to another machine.

    >>> sorted(services_of(Settings()))
    ['clinicaltrials', 'crossref', 'doaj', 'europepmc', 'openalex', 'pubmed', \
'unpaywall']
    """
    email = settings.email
    return {
        "pubmed": pubmed_service(
            api_key=settings.api_key,
            email=email,
            tool=settings.tool,
            at="" if settings.eutils == EUTILS_SETTING else settings.eutils,
        ),
        "europepmc": europepmc_service(email=email, at=settings.europepmc),
        "openalex": openalex_service(
            api_key=settings.openalex_api_key,
            budget=int(settings.openalex_credits)
            if settings.openalex_credits
            else None,
            at=settings.openalex,
        ),
        "crossref": crossref_service(email=email, at=settings.crossref),
        "clinicaltrials": clinicaltrials_service(at=settings.clinicaltrials),
        "doaj": doaj_service(at=settings.doaj),
        "unpaywall": unpaywall_service(email=email, at=settings.unpaywall),
    }


def pubmed_service(
    *, api_key: str = "", email: str = "", tool: str = "assay", at: str = ""
) -> Service:
    """Return PubMed as asked by this person, faster with a key than without.

    Raises:
        SettingsError: when `at` would send the key in the clear to another machine.

    >>> pubmed_service().pause, pubmed_service(api_key="invented").pause
    (0.37, 0.11)
    """
    return Service(
        title="PubMed",
        address=EUTILS,
        at=_private("PubMed", at),
        pause=PAUSE_WITH_KEY if api_key else PAUSE_WITHOUT_KEY,
        identity=_named(("api_key", api_key), ("email", email), ("tool", tool)),
    )


def europepmc_service(*, email: str = "", at: str = "") -> Service:
    """Return Europe PMC: no limit is published; 5 a second were never refused.

    >>> europepmc_service().pause
    0.2
    """
    return Service(
        title="Europe PMC",
        address="https://www.ebi.ac.uk/europepmc/webservices/rest/",
        at=_private("Europe PMC", at),
        pause=0.2,
        identity=_named(("email", email)),
    )


def openalex_service(
    *, api_key: str = "", budget: int | None = None, at: str = ""
) -> Service:
    """Return OpenAlex, which counts credits a day; a free key gives ten times as many.

    It ignores an e-mail address since February 2026, so none is sent. It allows 100
    requests a second; ten are enough for anything here.

    >>> openalex_service().credits, openalex_service(api_key="invented").credits
    (1000, 10000)
    """
    free = "" if api_key else "A free API key (openalex_api_key) gives ten times more. "
    return Service(
        title="OpenAlex",
        address="https://api.openalex.org/",
        at=_private("OpenAlex", at),
        pause=0.1,
        identity=_named(("api_key", api_key)),
        credits=CREDITS_WITH_KEY if api_key else CREDITS_WITHOUT_KEY,
        budget=budget,
        when_spent=f"{free}Credits are renewed at midnight UTC.",
    )


def crossref_service(*, email: str = "", at: str = "") -> Service:
    """Return Crossref: in its public pools, or its polite ones with an e-mail.

    Since 2026-07-21 lists and single records are paced apart: public 1 and 5 requests a
    second, polite 3 and 10; public one at a time, polite three. A twentieth is added
    to each pause, because starts arrive less evenly than they were sent.

    >>> crossref_service().pool("list"), crossref_service().pool("single")
    (Pool(pause=1.05, together=1), Pool(pause=0.21, together=1))
    >>> crossref_service(email="ada@example.org").pool("list")
    Pool(pause=0.35, together=3)
    """
    together = 3 if email else 1
    lists, singles = (0.35, 0.105) if email else (1.05, 0.21)
    return Service(
        title="Crossref",
        address="https://api.crossref.org/",
        at=_private("Crossref", at),
        pause=lists,
        pools=(("list", Pool(lists, together)), ("single", Pool(singles, together))),
        identity=_named(("mailto", email)),
    )


def clinicaltrials_service(*, at: str = "") -> Service:
    """Return ClinicalTrials.gov: no limit is published; its robots file asks for 1 s.

    >>> clinicaltrials_service().pause
    1.0
    """
    return Service(
        title="ClinicalTrials.gov",
        address="https://clinicaltrials.gov/api/v2/",
        at=_private("ClinicalTrials.gov", at),
        pause=1.0,
    )


def doaj_service(*, at: str = "") -> Service:
    """Return DOAJ, which allows 2 requests a second.

    >>> doaj_service().pause
    0.5
    """
    return Service(
        title="DOAJ",
        address="https://doaj.org/api/",
        at=_private("DOAJ", at),
        pause=0.5,
    )


def unpaywall_service(*, email: str = "", at: str = "") -> Service:
    """Return Unpaywall, which wants an e-mail address and allows 100,000 a day.

    >>> unpaywall_service().pause
    0.2
    """
    return Service(
        title="Unpaywall",
        address="https://api.unpaywall.org/v2/",
        at=_private("Unpaywall", at),
        pause=0.2,
        wants="" if email else "Set one: email in assay.toml, or ASSAY_EMAIL.",
        identity=_named(("email", email)),
    )


def _named(*pairs: tuple[str, str]) -> Params:
    return tuple((name, value) for name, value in pairs if value)


def _private(title: str, at: str) -> str:
    """Return `at` if what says who asks may be sent there."""
    parts = urlsplit(at)
    if at and parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise SettingsError(
            f"{title}'s address {at} is not https. "
            "Give an https address, or one on this machine."
        )
    return at


def is_loopback(host: str) -> bool:
    """Return whether `host` names this machine itself.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("example.org")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def hide(text: str, secrets: tuple[str, ...]) -> str:
    """Return `text` without the secrets, also where they stand percent-encoded.

    >>> hide("HTTP 400 for ?email=me%40example.org", ("me@example.org",))
    'HTTP 400 for ?email=[hidden]'
    """
    for secret in secrets:
        for form in {secret, quote(secret, safe=""), quote_plus(secret)}:
            text = text.replace(form, "[hidden]")
    return text
