"""The nouns as rows of cache/state.db hold them: JSON without what is as by default.

`output.typed` reads them back: what lacks takes its default. It is told apart from
`output.json`, which shows people every field, since millions of rows may be kept.
"""

import json
import zlib
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TypeVar

from assay.errors import StoreError
from assay.output.typed import MisfitError, parse_as

_T = TypeVar("_T")

WORDS = b"""\
"certainty":"very low","low","moderate","label":"insufficient","mixed","contradicted",\
"supported","reason":","version":","causes":[{"kind":"together","notice","study",\
"voices":[{"work":{"stance":"contradicts","supports","counted":true,"sentence":"\
"receipt":{"asked":[{"query":"source":"openalex","europepmc","window":{"first":"2026/\
"began":"2026/"},"text":"","started":"2026-T06:00:00+00:00","found":1,"new":1,\
"already":1,"requests":2,"credits":1}],"next_run":"","number":1,"made":"2026-,\
"problems":[{"where":"what":"what_to_do":"queries":["items":[{"work":{"bears_on":\
"quote":{"text":"start":,"end":,"why":"names supports \xe2\x80\x9c\xe2\x80\x9d\
{"standing":"retracted","expression of concern","corrected","unknown",\
"notices":[{"standing":"retracted","said_by":"the publisher (in Crossref)",\
"Retraction Watch (in Crossref)","kind":"retraction","RetractionIn","is_retracted",\
"date":"2026-","reason":"","pmid":"","doi":"10.","weak":true}],\
{"standing":"no notice known","signals":[{"service":"PubMed","check":"answered",\
"when":"2026-11-23T06:00:00.000000+00:00"},{"service":"Crossref","check":"failed",\
"not asked","why":""},{"service":"OpenAlex","check":"not held"},\
{"service":"Europe PMC","check":"answered"}]}\
"preprint":true,"size":1,"design":"animal","in vitro","narrative review","case report",\
"case series","cross-sectional","cohort","guideline","systematic review",\
"meta-analysis","randomised trial","authors":" A, et al.","date":"2026-11-23",\
{"key":"pmid:4","names":["pmid:4","doi:10.1016/j.10.1002/10.1038/s4","pmcid:PMC1"],\
"title":"A study of the effect of in patients with: a randomized controlled trial",\
"authors":"","journal":"Journal of the ","year":2026,"date":"2026-11","pmid":"4",\
"doi":"10.10","pmcid":"PMC1","design":"unclear","source":"pubmed"}"""
"""What compressed cells are likely to hold, for it halves the small ones. Part of the
file's format: another byte here, and what was written can be read no more."""

Cell = str | int | bytes | None


def render_value(value: object) -> str:
    """Return a noun as JSON on one line, without fields that hold their default.

    >>> from assay.digest.asked import Mark
    >>> render_value(Mark("tea", "pubmed", "tea[ti]", "2026/01/01", "", ""))
    '{"query":"tea","source":"pubmed","text":"tea[ti]","began":"2026/01/01","until":"",\
"tried":""}'
    """
    text = json.dumps(_lean(value), ensure_ascii=False, separators=(",", ":"))
    if text.isascii() or storable(text) == text:
        return text
    return json.dumps(json.loads(text))  # half a surrogate pair, as "\\ud800"


def pack_value(value: object) -> bytes:
    """Return a noun as compressed JSON."""
    return pack_text(render_value(value))


def pack_text(text: str) -> bytes:
    """Return text that SQLite can keep, compressed."""
    pack = zlib.compressobj(zdict=WORDS)
    return pack.compress(storable(text).encode()) + pack.flush()


def parse_value(kind: type[_T], text: object, path: Path) -> _T:
    """Return the noun that a cell of JSON holds.

    Raises:
        StoreError: it does not hold one; names the file at `path`.
    """
    try:
        return parse_as(kind, json.loads(str(text)))
    except (MisfitError, ValueError) as error:
        raise damaged(kind.__name__, path, str(error)) from error


def unpack_value(kind: type[_T], content: object, path: Path) -> _T:
    """Return the noun that a cell of compressed JSON holds.

    Raises:
        StoreError: as for `parse_value`.
    """
    return parse_value(kind, unpack_text(content, path), path)


def unpack_text(content: object, path: Path) -> str:
    """Return the text that a compressed cell holds.

    Raises:
        StoreError: it holds none; names the file at `path`.
    """
    unpack = zlib.decompressobj(zdict=WORDS)
    try:
        text = unpack.decompress(content).decode()  # type: ignore[arg-type]
    except (zlib.error, TypeError, UnicodeDecodeError) as error:
        raise damaged("text", path, str(error)) from error
    if not unpack.eof or unpack.unused_data:
        raise damaged("text", path, "it does not end where it should")
    return text


def storable(text: str) -> str:
    """Return text as SQLite can keep it: half a surrogate pair becomes "?".

    >>> storable("a\\ud800b")
    'a?b'
    """
    return text.encode("utf-8", "replace").decode()


def cells(*values: Cell) -> tuple[Cell, ...]:
    """Return values as SQLite can keep them."""
    return tuple(storable(v) if isinstance(v, str) else v for v in values)


def damaged(what: str, path: Path, why: str) -> StoreError:
    """Return the error of a row that holds something else than it should."""
    return StoreError(
        f"A row of {path} is damaged: no {what} ({why}). Put a copy back, or "
        "move it away to begin anew; assay leaves it as it is."
    )


def _lean(value: object) -> object:
    """Return a noun as JSON values; fields that are as by default are left out."""
    if isinstance(value, tuple):
        names: tuple[str, ...] = getattr(value, "_fields", ())
        if not names:
            return [_lean(each) for each in value]
        defaults: dict[str, object] = getattr(value, "_field_defaults", {})
        pairs = zip(names, value, strict=True)
        return {k: _lean(v) for k, v in pairs if k not in defaults or v != defaults[k]}
    if is_dataclass(value):
        held = ((each, getattr(value, each.name)) for each in fields(value))
        return {each.name: _lean(v) for each, v in held if v != each.default}
    return value
