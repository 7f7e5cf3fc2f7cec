"""The person's settings: from the environment, else from assay.toml in the workspace.

Neither a key nor the e-mail address is ever shown: not by `repr`, not in an error, not
in a traceback. A key goes to its own service only; the address to those that ask for
one (NCBI, Europe PMC, Crossref, Unpaywall) and to no other.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import NamedTuple

from assay.edge.channels import CHANNELS
from assay.edge.digest_settings import UNSAID, DigestSettings, parse_digest
from assay.edge.second_reader_settings import ReaderSettings, parse_readers
from assay.edge.secrets import environ_secrets, hide_words
from assay.edge.setting_rules import (
    is_email,
    is_number,
    is_safe_address,
    is_word,
    unknown_key,
)
from assay.errors import SettingsError

EUTILS = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
"""Where NCBI's E-utilities answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the person has set; "" where nothing is set and there is no default."""

    api_key: str = ""
    """NCBI's key: ten requests a second instead of three."""
    openalex_api_key: str = ""
    """OpenAlex's key, which is free: ten times as many credits a day."""
    openalex_credits: str = ""
    """Most credits of OpenAlex to spend a day, in digits; "" for all there are."""
    email: str = ""
    """Sent to services that ask for one, to write before they block somebody."""
    tool: str = "assay"
    """The name under which NCBI sees this program."""
    eutils: str = EUTILS
    """Address of the E-utilities, with the closing slash."""
    europepmc: str = ""
    """Where to ask instead of Europe PMC, with the closing slash; so are the next."""
    openalex: str = ""
    crossref: str = ""
    clinicaltrials: str = ""
    doaj: str = ""
    unpaywall: str = ""
    readers: tuple[ReaderSettings, ...] = ()
    """The second readers that `assay check --reader NAME` may ask."""
    digest: DigestSettings = UNSAID
    """How digests are wanted, and where they go."""
    secrets: tuple[str, ...] = ()
    """Those of the digest's channels that the environment holds: to be hidden."""

    def __repr__(self) -> str:
        shown = (f"{f.name}={self._shown(f.name)!r}" for f in fields(self))
        return f"Settings({', '.join(shown)})"

    def _shown(self, name: str) -> object:
        value: object = getattr(self, name)
        return "(hidden)" if value and name in {*SECRET, "secrets"} else value


class Key(NamedTuple):
    """One setting: its names, what it must look like, what it is for."""

    field: str
    variable: str
    """Its environment variable."""
    must_be: str
    """Ends the sentence "… must be …"."""
    allows: Callable[[str], bool]
    purpose: str
    secret: bool = False


def _address_of(field: str, title: str) -> Key:
    return Key(
        field,
        f"ASSAY_{field.upper()}",
        "an https address (or http on this machine)",
        is_safe_address,
        f"Address of {title}, for a mirror or for tests.",
    )


KEYS = {
    "ncbi_api_key": Key(
        "api_key",
        "NCBI_API_KEY",
        "the key as NCBI shows it, without blanks",
        is_word,
        "Your NCBI API key: ten requests a second instead of three.",
        secret=True,
    ),
    "openalex_api_key": Key(
        "openalex_api_key",
        "OPENALEX_API_KEY",
        "the key as OpenAlex shows it, without blanks",
        is_word,
        "Your OpenAlex API key, which is free: 10,000 credits a day instead of 1,000.",
        secret=True,
    ),
    "openalex_credits": Key(
        "openalex_credits",
        "ASSAY_OPENALEX_CREDITS",
        "a whole number, 0 or more",
        is_number,
        "Most credits of OpenAlex that assay spends a day (UTC); all when not set.",
    ),
    "email": Key(
        "email",
        "ASSAY_EMAIL",
        "an e-mail address",
        is_email,
        "Your e-mail address, sent with each request to those who ask for it: NCBI, "
        "Europe PMC, Crossref and Unpaywall.",
        secret=True,
    ),
    "tool": Key(
        "tool",
        "ASSAY_TOOL",
        "one word",
        is_word,
        'The name under which NCBI sees this program; "assay" when not set.',
    ),
    "eutils": _address_of("eutils", "the E-utilities"),
    "europepmc": _address_of("europepmc", "Europe PMC's REST service"),
    "openalex": _address_of("openalex", "OpenAlex's API"),
    "crossref": _address_of("crossref", "Crossref's REST API"),
    "clinicaltrials": _address_of("clinicaltrials", "ClinicalTrials.gov's API v2"),
    "doaj": _address_of("doaj", "DOAJ's API"),
    "unpaywall": _address_of("unpaywall", "Unpaywall's API v2"),
}
"""Every key of assay.toml. A new setting is one row here and one field above."""

SECRET = frozenset(key.field for key in KEYS.values() if key.secret)
FILE_NAME = "assay.toml"
READERS = "readers"
"""The table of that file that holds one table a second reader."""
DIGEST = "digest"
"""The one that says how digests are wanted."""


def read_settings(folder: Path, environ: Mapping[str, str]) -> Settings:
    """Return the settings: the environment's, else those of `folder`/assay.toml.

    An environment variable that is empty counts as not set. The file may be absent.

    Raises:
        SettingsError: an unknown key, a value of the wrong kind, or not TOML; says
            where, never the value.
    """
    path = folder / FILE_NAME
    table = _read_file(path)
    readers = parse_readers(table.pop(READERS, {}), str(path), environ)
    digest = parse_digest(table.pop(DIGEST, {}), str(path), CHANNELS)
    found = parse_settings(table, str(path))
    for key in KEYS.values():
        if value := environ.get(key.variable, "").strip():
            found[key.field] = _checked(value, key, f"The variable {key.variable}")
    secrets = environ_secrets(environ)
    return Settings(**found, readers=readers, digest=digest, secrets=secrets)


def _read_file(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        return {}
    except IsADirectoryError as error:
        raise SettingsError(f"{path} is a folder; it should be a file.") from error
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8 text; save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        # its message may quote the file, and with it a key: only the place is shown
        place = str(error).rpartition("(at ")[2].rstrip(")")
        where = f" at {place}" if place[:4] == "line" else ""
        raise SettingsError(f"{path} is not valid TOML{where}.") from None
    except RecursionError:
        raise SettingsError(f"{path} is not valid TOML: nested too deeply.") from None


def parse_settings(table: Mapping[str, object], where: str) -> dict[str, str]:
    """Return the fields that a parsed assay.toml sets, its inner tables left out.

    `where` begins error messages.

    >>> parse_settings({"tool": "mine"}, "assay.toml")
    {'tool': 'mine'}
    >>> parse_settings({"mail": "x"}, "assay.toml")
    Traceback (most recent call last):
    assay.errors.SettingsError: assay.toml: unknown key "mail"; did you mean "email"? \
Known keys: ncbi_api_key, openalex_api_key, openalex_credits, email, tool, eutils, \
europepmc, openalex, crossref, clinicaltrials, doaj, unpaywall.
    """
    found = {}
    for name, value in table.items():
        if name not in KEYS:
            raise SettingsError(f"{where}: {unknown_key(name, KEYS)}")
        found[KEYS[name].field] = _checked(value, KEYS[name], f'{where}: "{name}"')
    return found


def _checked(value: object, key: Key, where: str) -> str:
    if key.allows is is_number and type(value) is int:
        value = str(value)
    if not isinstance(value, str):
        kind = {bool: "true or false", dict: "a table", list: "a list"}
        was = kind.get(type(value), "a number or a date")
        raise SettingsError(f"{where} must be a text in quotes, but is {was}.")
    if not key.allows(value.strip()):
        raise SettingsError(f"{where} must be {key.must_be}.")
    tidy = value.strip()
    return tidy.rstrip("/") + "/" if key.allows is is_safe_address else tidy


def hide_secrets(text: str, settings: Settings) -> str:
    """Return `text` with every key, password and e-mail address blotted out.

    >>> hide_secrets("…&api_key=k123&…", Settings(api_key="k123"))
    '…&api_key=(hidden)&…'
    """
    keys = (reader.key for reader in settings.readers)
    own = (getattr(settings, name) for name in sorted(SECRET))
    return hide_words(text, (*own, *keys, *settings.secrets, *settings.digest.people()))
