"""Notes what a run rests on while it runs, and makes its bundle."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from assay import __version__
from assay.cli.repeating import render_search, repeat
from assay.cli.session import Session
from assay.edge.bundle import Bundle, name_records, read_bundle, write_bundle
from assay.edge.bundle_file import Manifest, open_container
from assay.edge.cache import Cache
from assay.edge.page import Page
from assay.edge.rests import Bodies, write_rest
from assay.edge.runs import name_tools
from assay.edge.services import services_of
from assay.edge.tape import Given, Note, Tape
from assay.errors import AssayError, StoreError, UsageError
from assay.output.replay import Difference, find_difference
from assay.output.search_log import render_search_log
from assay.output.search_log_json import render_search_log_json
from assay.search import Found, SearchRun
from assay.sources import SOURCES

ENDING = ".assay"


def check_bundle_path(path: Path | None) -> None:
    """See that a bundle can be written there, before any work is done.

    Raises:
        UsageError: its ending is another one, or its folder does not exist.
    """
    if path is None:
        return
    if path.suffix.lower() != ENDING:
        raise UsageError(f"{path}: a bundle's name ends in {ENDING}.")
    if not path.parent.is_dir():
        raise UsageError(f"{path}: there is no folder {path.parent}.")
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file in it.")


def find_secrets(session: Session) -> tuple[str, ...]:
    """Return the values that say who asks, longest first."""
    services = services_of(session.settings).values()
    known = {secret for service in services for secret in service.secrets()}
    readers = {reader.key for reader in session.settings.readers}
    return tuple(sorted(filter(None, known | readers), key=len, reverse=True))


def open_cache(session: Session) -> Cache:
    """Return the workspace's recording; the session closes it."""
    cache = Cache(session.workspace.http_db)
    session.resources.callback(cache.close)
    return cache


def open_tape(session: Session) -> Tape:
    """Return a tape for this run."""
    return Tape(secrets=find_secrets(session), is_kept=open_cache(session).holds)


def end_note(tape: Tape, begun: Note) -> Note:
    """Return what a run rests on, now that it is done."""
    note = tape.note(begun)
    return replace(note, records=name_records(tape.records), tools=name_tools())


def give_article(page: Page, target: str, tape: Tape) -> Given:
    """Return how an article was given.

    Args:
        page: as it was read.
        target: the file or address; "" for the example.
        tape: holds the bytes of one that does not lie in a file.
    """
    digest = hashlib.sha256(page.body).hexdigest()
    place = Path(target) if target else None
    is_file = place is not None and place.name == page.name
    if place is not None and not is_file:
        tape.bodies[digest] = page.body
    return Given(
        name=page.name,
        media_type=page.media_type,
        charset=page.charset,
        sha256=digest,
        target=str(place.absolute()) if place is not None and is_file else "",
    )


def keep_note(session: Session, note: Note, tape: Tape, outcome: str) -> None:
    """Note for later what a report rests on; where that fails, say so and go on."""
    try:
        write_rest(session.workspace.state_db, outcome.encode(), note, tape)
    except StoreError as error:
        session.say(f"assay: this report cannot be bundled later. {error}")


def read_bodies(session: Session, tape: Tape) -> Callable[[str], bytes]:
    """Return what gives the answers of a run that was just made, by digest."""
    return Bodies(tape.bodies, open_cache(session)).read


def bundle_search(
    session: Session,
    path: Path,
    tape: Tape,
    run: SearchRun,
    found: Found,
    *,
    offline: bool,
) -> Manifest:
    """Write the bundle of a search that was just made, with its log.

    Raises:
        AssayError: as for `pack_bundle`.
    """
    begun = Note(
        command="search",
        query=run.query,
        name=run.name,
        sources=run.sources,
        offline=offline,
    )
    bundle = Bundle(
        note=end_note(tape, begun),
        article=b"",
        records=tape.records,
        read=read_bodies(session, tape),
        outcome=render_search(run.query, found, run.name),
        logs={
            "log/search.json": render_search_log_json(run, SOURCES).encode(),
            "log/search.md": render_search_log(run, SOURCES).encode(),
        },
    )
    return pack_bundle(session, path, bundle)


def pack_bundle(session: Session, path: Path, bundle: Bundle) -> Manifest:
    """Write a bundle, repeat it from the file, and say what it is.

    Raises:
        AssayError: it cannot be written, or does not come out the same.
    """
    manifest = write_bundle(path, bundle, find_secrets(session))
    with open_container(path) as container:
        written = read_bundle(container)
        different = find_difference(written.outcome, repeat(written))
    if different:
        raise AssayError(say_difference(path, different))
    session.say(
        f"Wrote {path}; repeated from it, the outcome is the same to the byte. "
        f"SHA-256 of its parts together: {manifest.whole}"
    )
    return manifest


def say_difference(path: Path, different: Difference) -> str:
    """Return the sentence about a bundle that does not give its own outcome again."""
    return (
        f"{path} was written, but repeated from it {different.path} differs in line "
        f"{different.line} ({different.bundle!r} is {different.here!r}). That is a "
        f"fault of ours: report it, with the version {__version__}."
    )
