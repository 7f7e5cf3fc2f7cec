"""Every work that was ever cited or sent, under all its names, and where it was used.

A work that comes under a new name joins the one that is there, and two that turn out to
be one become one with the uses of both. Two with a PMID of their own each are never
joined: PubMed gives a notice the DOI of the work it is about now and then.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import NamedTuple

from assay.digest.model import Use, Work
from assay.digest.outcome import Used
from assay.edge.state_file import open_state, read_state
from assay.edge.state_values import cells, pack_value, storable, unpack_value
from assay.notice import Standing, StandingReport

AT_ONCE = 500
"""Works read at a time, so that nobody who writes waits while they are looked at."""
_FIRMEST = ("pmid", "doi", "pmcid")
"""Kinds of names, the firmest first, as `library.merge.keys_of` has them."""
_GRAVEST = tuple(Standing)


class UsedWork(NamedTuple):
    """A work that was used, and what was last told of it."""

    work: Work
    told: StandingReport | None
    """None where nothing was ever told or asked."""
    checked: str
    """ISO time at which it was last asked about, or day of the report that told of it;
    "" when never."""


class _Row(NamedTuple):
    """A row of the works."""

    id: int
    work: Work
    told: StandingReport | None
    checked: str


def write_used(path: Path, used: Iterable[Used]) -> None:
    """Note works with the places where they were used; all of them or none.

    A report that was made again counts once, with what it spoke of last.

    Raises:
        StoreError: the file cannot be written, or is damaged.
    """
    rows = tuple(used)
    if rows:
        with open_state(path) as db:
            put_used(db, path, rows)


def read_works(path: Path) -> Iterator[UsedWork]:
    """Yield every work that was used, the first used first; none without a file.

    Raises:
        StoreError: the file cannot be read, or is damaged.
    """
    last = 0
    while rows := _read_some(path, last):
        for row in rows:
            yield UsedWork(row.work, row.told, row.checked)
        last = rows[-1].id


def count_works(path: Path) -> int:
    """Return how many works were used; 0 without a file.

    Raises:
        StoreError: as for `read_works`.
    """
    with read_state(path, since=2) as db:
        row = db.execute("SELECT count(*) FROM works").fetchone() if db else (0,)
    return int(row[0])


def _read_some(path: Path, after: int) -> tuple[_Row, ...]:
    sql = f"""SELECT id, content, standing, checked FROM works
        WHERE id > ? ORDER BY id LIMIT {AT_ONCE}"""
    with read_state(path, since=2) as db:
        rows = db.execute(sql, (after,)).fetchall() if db else ()
    return tuple(_parse_row(path, row) for row in rows)


def read_uses(path: Path, key: str) -> tuple[Use, ...]:
    """Return where a work was used, under any of its names, the first use first.

    Raises:
        StoreError: as for `read_works`.
    """
    sql = """SELECT kind, name, day, what FROM uses
        WHERE work = (SELECT work FROM work_names WHERE identity = ?)
        ORDER BY day, kind DESC, name"""
    with read_state(path, since=2) as db:
        rows = db.execute(sql, cells(key)).fetchall() if db else ()
    return tuple(Use(*row) for row in rows)


def put_used(db: sqlite3.Connection, path: Path, used: Iterable[Used]) -> None:
    """Note works with the places where they were used, inside a transaction."""
    now: set[tuple[int, str, str]] = set()
    for each in used:
        work = _put_work(db, path, each)
        _put_use(db, work, each.use, again=(work, each.use.kind, each.use.name) in now)
        now.add((work, each.use.kind, each.use.name))


def put_standings(
    db: sqlite3.Connection,
    standings: Iterable[tuple[str, StandingReport]],
    checked: str,
) -> None:
    """Note, inside a transaction, what is known of works under any of their names now.

    One that was never used is passed over: nobody waits to hear of it.
    """
    sql = """UPDATE works SET standing = ?, checked = ?
        WHERE id = (SELECT work FROM work_names WHERE identity = ?)"""
    rows = (cells(pack_value(told), checked, key) for key, told in standings)
    db.executemany(sql, rows)


def _put_work(db: sqlite3.Connection, path: Path, used: Used) -> int:
    """Note a work under all its names; return its id."""
    work = used.work
    names = tuple(dict.fromkeys((work.key, *work.names)))
    held = _find_same(work, _find_held(db, path, names))
    if held:
        number = _join(db, work, held)
    else:
        told = pack_value(used.told) if used.told else None
        row = (pack_value(work), told, used.use.when if used.told else "")
        sql = "INSERT INTO works (content, standing, checked) VALUES (?, ?, ?)"
        number = int(db.execute(sql, cells(*row)).lastrowid or 0)
    sql = "INSERT INTO work_names VALUES (?, ?) ON CONFLICT DO NOTHING"
    db.executemany(sql, [cells(name, number) for name in names])
    return number


def _find_held(
    db: sqlite3.Connection, path: Path, names: Sequence[str]
) -> tuple[_Row, ...]:
    """Return the works that one of the names belongs to, the first noted first."""
    sql = f"""SELECT id, content, standing, checked FROM works WHERE id IN (
        SELECT work FROM work_names WHERE identity IN ({", ".join("?" * len(names))})
        ) ORDER BY id"""
    return tuple(_parse_row(path, row) for row in db.execute(sql, cells(*names)))


def _find_same(work: Work, held: Sequence[_Row]) -> tuple[_Row, ...]:
    """Return those that are one with a work: none has another PMID."""
    pmid, same = work.pmid, []
    for row in held:
        if not (pmid and row.work.pmid) or pmid == row.work.pmid:
            same.append(row)
            pmid = pmid or row.work.pmid
    return tuple(same)


def _join(db: sqlite3.Connection, work: Work, held: Sequence[_Row]) -> int:
    """Make one of a new work and of those that are held; return its id."""
    first, *others = held
    whole = _merge(work, [row.work for row in held])
    if others:
        told = min((row.told for row in held), key=_gravity)
        row = (pack_value(told) if told else None, min(row.checked for row in held))
        sql = "UPDATE works SET standing = ?, checked = ? WHERE id = ?"
        db.execute(sql, cells(*row, first.id))
    if whole != first.work:
        sql = "UPDATE works SET content = ? WHERE id = ?"
        db.execute(sql, cells(pack_value(whole), first.id))
    for other in others:
        _move(db, other.id, first.id)
    return first.id


def _move(db: sqlite3.Connection, old: int, new: int) -> None:
    """Give a work the names and uses of another one, which goes."""
    sql = "SELECT kind, name, day, what FROM uses WHERE work = ? ORDER BY kind, name"
    for use in db.execute(sql, (old,)).fetchall():
        _put_use(db, new, Use(*use), again=True)
    db.execute("DELETE FROM uses WHERE work = ?", (old,))
    db.execute("UPDATE work_names SET work = ? WHERE work = ?", (new, old))
    db.execute("DELETE FROM works WHERE id = ?", (old,))


def _gravity(told: StandingReport | None) -> int:
    """Return how grave what was told of a work is, 0 where nothing was.

    Of two that are one the less counts: otherwise a person who used the one would never
    hear what was told of the other.
    """
    return len(_GRAVEST) - _GRAVEST.index(told.standing) if told else 0


def _put_use(db: sqlite3.Connection, work: int, use: Use, *, again: bool) -> None:
    """Note a use; where the same one is noted `again` in one go, both are told of."""
    sql = "SELECT day, what FROM uses WHERE work = ? AND kind = ? AND name = ?"
    key = cells(work, use.kind, use.name)
    held = db.execute(sql, key).fetchone()
    day, what = storable(use.when), storable(use.what)
    if held and again:
        day, what = min(day, held[0]), _both(held[1], what)
    elif held and day < held[0]:
        return
    db.execute("REPLACE INTO uses VALUES (?, ?, ?, ?, ?)", (*key, day, what))


def _both(one: str, other: str) -> str:
    """Return what two uses say, each thing once.

    >>> _both("tea; rats", "tea"), _both("", "tea")
    ('tea; rats', 'tea')
    """
    return "; ".join(dict.fromkeys(filter(None, f"{one}; {other}".split("; "))))


def _merge(new: Work, held: Sequence[Work]) -> Work:
    """Return what is known of a work: the new word counts, the old fills its gaps.

    >>> old = Work(key="doi:10.99999/x", names=("doi:10.99999/x",), title="Tea", year=1)
    >>> new = Work(key="pmid:90000001", names=("pmid:90000001",), title="TEA")
    >>> both = _merge(new, [old])
    >>> both.key, both.names, both.title, both.year
    ('pmid:90000001', ('pmid:90000001', 'doi:10.99999/x'), 'TEA', 1)
    """
    names = [name for work in (new, *held) for name in (work.key, *work.names)]
    whole = new
    for old in held:
        gaps = {
            field.name: getattr(old, field.name)
            for field in fields(Work)
            if getattr(whole, field.name) == field.default
        }
        whole = replace(whole, **gaps)
    keys = [new.key, *(work.key for work in held)]
    return replace(
        whole,
        key=min(keys, key=_softness),
        names=tuple(dict.fromkeys(names)),
        preprint=new.preprint,
    )


def _softness(key: str) -> int:
    kind = key.partition(":")[0]
    return _FIRMEST.index(kind) if kind in _FIRMEST else len(_FIRMEST)


def _parse_row(path: Path, row: Sequence[object]) -> _Row:
    number, content, standing, checked = row
    work = unpack_value(Work, content, path)
    told = None if standing is None else unpack_value(StandingReport, standing, path)
    return _Row(int(str(number)), work, told, str(checked))
