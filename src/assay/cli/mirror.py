"""The mirror of PubMed, as the commands about the library tell of it."""

from assay.cli.session import Session
from assay.edge.mirror import Mirror, open_mirror
from assay.library.generations import baseline_of
from assay.library.nlm_files import MirrorState
from assay.output.words import say_number


def open_beside(session: Session) -> Mirror | None:
    """Return the mirror in the workspace; the session closes it. None without one.

    Raises:
        StoreError: it cannot be read.
    """
    mirror = open_mirror(session.workspace.library)
    return session.resources.enter_context(mirror) if mirror else None


def tell_mirror(mirror: Mirror) -> MirrorState:
    """Return what lies in the mirror, in short."""
    files = mirror.files()
    return MirrorState(
        path=str(mirror.generation),
        generation=mirror.generation.name,
        records=mirror.count(),
        files=len(files),
        last=files[-1].file.name if files else "",
        loaded=max((loaded.when for loaded in files), default=""),
    )


def say_mirror(state: MirrorState) -> str:
    """Return it as a sentence.

    >>> say_mirror(MirrorState("m", "2026", 7, 0, "", ""))
    '7 records of PubMed (baseline of 2026) in m, no file loaded yet'
    """
    year = baseline_of(state.generation)
    kind = f"baseline of {year}" if year else "files of any year"
    said = f"{say_number(state.records, 'record')} of PubMed ({kind}) in {state.path}"
    if not state.files:
        return f"{said}, no file loaded yet"
    return (
        f"{said}, from {state.files:,} of NLM's files, the last {state.last}; loaded "
        f"on {state.loaded[:10]}"
    )
