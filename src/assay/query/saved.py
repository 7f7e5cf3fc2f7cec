"""Saved queries as TOML text: parsing is strict, rendering is readable."""

import json
import re
import textwrap
import tomllib
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

from assay.errors import QueryError
from assay.query.schedules import parse_schedule, render_schedule
from assay.search import Query, SavedQuery
from assay.text import fold

SORTS = ("relevance", "pub_date", "Author", "JournalName")
"""PubMed's orders, as its esearch names them."""

EVERY = "all"
"""The limit of a query that wants every record."""

KEYS = ("title", "text", "sources", "notes", "filters", "digest")
FILTERS = ("since", "until", "limit", "sort")

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_BOUND = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def parse_name(name: str) -> str:
    """Return `name` if it can name a saved query.

    >>> parse_name("kratom-sleep")
    'kratom-sleep'
    >>> parse_name("../x")
    Traceback (most recent call last):
    assay.errors.QueryError: "../x" cannot name a saved query; use small letters, \
digits and hyphens, at most 64 of them.
    """
    if not _NAME.fullmatch(name):
        raise QueryError(
            f'"{fold(name)[:80]}" cannot name a saved query; use small letters, '
            "digits and hyphens, at most 64 of them."
        )
    return name


def parse_bound(text: str) -> str:
    """Return a first or last day as PubMed writes it; "" for "".

    A lone year or month stays as it is: PubMed knows what it begins and ends with.

    >>> parse_bound("2019"), parse_bound("2019-3-1"), parse_bound("")
    ('2019', '2019/03/01', '')
    """
    if not text:
        return ""
    match = _BOUND.fullmatch(text.strip())
    if match is None:
        raise QueryError(
            f'"{fold(text)[:40]}" is not a date; write YYYY, YYYY-MM or YYYY-MM-DD.'
        )
    year, month, day = (int(part or 0) for part in match.groups())
    if match[2] and not 1 <= month <= 12:
        raise QueryError(f'"{text.strip()}" names a month that does not exist.')
    if match[3] and not 1 <= day <= _DAYS[month - 1]:
        raise QueryError(f'"{text.strip()}" names a day that does not exist.')
    return "/".join([f"{year:04}", *(f"{n:02}" for n in (month, day) if n)])


def parse_limit(text: str) -> int | None:
    """Return the most records wanted from each source; None for every one.

    >>> parse_limit("200"), parse_limit("all")
    (200, None)
    """
    if text.strip().lower() == EVERY:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", text.strip()) or int(text) < 1:
        raise QueryError(
            f'The limit must be a number from 1 up, or "{EVERY}" for every record, '
            f'but is "{fold(text)[:40]}".'
        )
    return int(text)


def parse_sort(sort: str, orders: Iterable[str] = SORTS) -> str:
    """Return the order as PubMed spells it, whatever the case it was written in.

    >>> parse_sort("author")
    'Author'
    """
    for known in orders:
        if known.lower() == sort.strip().lower():
            return known
    raise QueryError(f'"{fold(sort)[:40]}" is no order; known: {", ".join(orders)}.')


def parse_saved(
    name: str, content: str, sources: Collection[str], where: str = ""
) -> SavedQuery:
    """Return the saved query that `content`, the text of a TOML file, describes.

    `sources` are the names of sources that exist; `where` names the file in errors.

    Raises:
        QueryError: not TOML, an unknown key or source, a value of the wrong kind or
            out of range; names the file and the key.

    >>> parse_saved("sleep", 'text = "sleep[tiab]"', ["pubmed"]).query.text
    'sleep[tiab]'
    """
    where = where or f"{name}.toml"
    try:
        table = tomllib.loads(content)
        return _parse_table(parse_name(name), table, sources)
    except tomllib.TOMLDecodeError as error:
        raise QueryError(f"{where} is not valid TOML: {error}.") from error
    except RecursionError:
        raise QueryError(f"{where} is not valid TOML: nested too deeply.") from None
    except QueryError as error:
        raise QueryError(f"{where}: {error}") from error


def _parse_table(
    name: str, table: Mapping[str, object], sources: Collection[str]
) -> SavedQuery:
    _only_known(table, KEYS, "")
    filters = table.get("filters", {})
    if not isinstance(filters, dict):
        raise QueryError("filters must be a table, [filters].")
    _only_known(filters, FILTERS, "filters.")
    digest = table.get("digest", {})
    if not isinstance(digest, dict):
        raise QueryError("digest must be a table, [digest].")
    text = fold(_text(table, "text"))
    if not text:
        raise QueryError('the key "text" is missing or empty; it holds the query.')
    return SavedQuery(
        name=name,
        title=fold(_text(table, "title")),
        sources=_sources(table.get("sources", ["pubmed"]), sources),
        notes=_text(table, "notes").strip(),
        query=_parse_filters(text, filters),
        schedule=parse_schedule(digest),
    )


def _parse_filters(text: str, filters: Mapping[str, object]) -> Query:
    limit = filters.get("limit", Query(text="").limit)
    if isinstance(limit, bool) or not isinstance(limit, int | str):
        raise QueryError(f'limit must be a whole number, or "{EVERY}".')
    since, until = (_bound(filters, key) for key in ("since", "until"))
    parse_range(since, until)
    sort = parse_sort(_text(filters, "sort") or Query(text="").sort)
    return Query(
        text=text, since=since, until=until, limit=parse_limit(str(limit)), sort=sort
    )


def parse_range(since: str, until: str) -> None:
    """Make sure that two bounds, as `parse_bound` gives them, leave some time between.

    Raises QueryError when the first lies after the last.

    >>> parse_range("2019", "2019/03")
    """
    if since and until and since > until and not since.startswith(until):
        raise QueryError(f"the first day, {since}, lies after the last, {until}.")


def _bound(filters: Mapping[str, object], key: str) -> str:
    value = filters.get(key, "")
    if isinstance(value, bool | float | list | dict):
        raise QueryError(f'{key} must be a date like "2019" or "2019-03-31".')
    try:
        return parse_bound(str(value))
    except QueryError as error:
        raise QueryError(f"{key}: {error}") from error


def _sources(value: object, known: Collection[str]) -> tuple[str, ...]:
    names = value if isinstance(value, list) else [value]
    for name in names:
        if not isinstance(name, str) or name not in known:
            raise QueryError(
                f"sources: {name!r} is not a source; known: {', '.join(known)}."
            )
    if not names:
        raise QueryError("sources must name at least one source.")
    return tuple(dict.fromkeys(names))


def _text(table: Mapping[str, object], key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise QueryError(f"{key} must be a text in quotes.")
    return value


def _only_known(
    table: Mapping[str, object], known: Collection[str], prefix: str
) -> None:
    for key in table:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f'; did you mean "{prefix}{near[0]}"?' if near else "."
            known_keys = ", ".join(prefix + name for name in known)
            raise QueryError(
                f'unknown key "{prefix}{key}"{hint} Known keys: {known_keys}.'
            )


def render_saved(saved: SavedQuery) -> str:
    """Return the TOML text that `parse_saved` reads back as the same saved query.

    What stands at its default is left out.

    >>> render_saved(SavedQuery(name="x", query=Query(text="sleep[tiab]")))
    'text = "sleep[tiab]"\\n'
    """
    usual = Query(text="")
    lines = [f"title = {_quoted(saved.title)}"] if saved.title else []
    lines.append(f"text = {_long(_wrapped(saved.query.text))}")
    if saved.sources != ("pubmed",):
        lines.append(f"sources = [{', '.join(map(_quoted, saved.sources))}]")
    if saved.notes:
        lines.append(f"notes = {_long(saved.notes)}")
    filters = [
        f"{key} = {value if isinstance(value, int) else _quoted(value or EVERY)}"
        for key in FILTERS
        if (value := getattr(saved.query, key)) != getattr(usual, key)
    ]
    if filters:
        lines += ["", "[filters]", *filters]
    if digest := render_schedule(saved.schedule):
        lines += ["", digest]
    return "\n".join(lines) + "\n"


def _wrapped(text: str) -> str:
    """Break a long query after blanks, which is where `fold` makes it whole again."""
    if len(text) <= 70:
        return text
    return textwrap.fill(text, 80, break_long_words=False, break_on_hyphens=False)


def _long(text: str) -> str:
    """Return a TOML string: of several lines, as written, where that can be."""
    plain = all(char.isprintable() or char == "\n" for char in text)
    if "\n" in text and plain and "'''" not in text and not text.endswith("'"):
        return f"'''\n{text}'''"
    return _quoted(text)


def _quoted(text: str) -> str:
    """Return a TOML basic string; JSON's escapes are TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
