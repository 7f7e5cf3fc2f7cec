"""The files of an ingest: which are wanted, bringing them near, the dictionary."""

from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from assay.edge.addresses import (
    explained_disk,
    join_address,
    local_path,
    make_address,
    open_address,
    remove_address,
    say_fault,
)
from assay.edge.download import Downloader
from assay.edge.nlm_bytes import CheckedStream, CutError
from assay.edge.nlm_source import Source, find_md5, is_web, read_md5
from assay.edge.partition import (
    PARQUET,
    list_markers,
    read_dictionary_of,
    remove_partition,
)
from assay.edge.zstd_rows import train_dictionary
from assay.errors import AssayError, StoreError
from assay.library.ingested import Fate, FileOutcome, Tell
from assay.search import Problem
from assay.sources.pubmed_xml import Article, iter_articles

SAMPLES = 2_000
"""Records that the dictionary is trained on."""
FILES = 8
"""Most files that they are from: records of other years look otherwise."""


class Near(NamedTuple):
    """Brings files of the web to where the tasks can read them."""

    place: str
    """The address of the folder of partitions."""
    own: Path
    """A folder here that is ours alone."""
    web: Downloader
    tell: Tell

    def bring(self, source: Source, md5: str) -> str:
        """Return the address at which tasks can read a file.

        Raises:
            SourceError: it cannot be had.
            StoppedDownloadError: nobody waits for it any more.
            StoreError: the disk cannot be written.
        """
        if not is_web(source.address):
            return source.address
        name = source.file.name
        here = (local_path(self.place) or self.own) / name

        def tell(done: int, total: int) -> None:
            self.tell(f"Fetching {name}, kilobytes", done >> 10, total >> 10)

        with explained_disk(str(here)):
            self.web.save(source.address, here, md5, tell)
            return str(here) if local_path(self.place) else self._send_on(here)

    def forget(self, source: Source) -> None:
        """Take away what `bring` brought; a file of the person's stays."""
        if is_web(source.address):
            remove_address(join_address(self.place, source.file.name))

    def _send_on(self, here: Path) -> str:
        there = join_address(self.place, here.name)
        with here.open("rb") as file, make_address(there) as copy:
            while chunk := file.read(1 << 20):
                copy.write(chunk)
        here.unlink()
        return there


def find_dictionary(sources: Sequence[Source], near: Near) -> bytes:
    """Return the dictionary for a new generation; b"" where there are no files.

    That of partitions which are there already, so that they need not be made again;
    else one trained on the first records of some files, from all over their range.

    Raises:
        StoreError: what is to be brought near cannot be written.
    """
    for source in sources:
        if known := read_dictionary_of(near.place, source.file.name):
            return known
    files = min(FILES, len(sources))
    spread = [sources[each * len(sources) // files] for each in range(files)]
    found = (
        samples
        for source in dict.fromkeys((*spread, *sources))
        if (samples := _read_samples(source, near, SAMPLES // files))
    )
    return train_dictionary([each for some in islice(found, files) for each in some])


def _read_samples(source: Source, near: Near, most: int) -> list[bytes]:
    """Return the XML of a file's first records; [] where it cannot be read."""
    try:
        address = near.bring(source, read_md5(source.address, near.web))
        with open_address(address) as file:
            items = iter_articles(CheckedStream(file).chunks())
            articles = (item for item in items if isinstance(item, Article))
            return [each.xml for each in islice(articles, most)]
    except StoreError:
        raise
    except (CutError, AssayError, OSError):
        return []  # what is wrong with it is told when it is its turn


def compare_with_loaded(
    source: Source, known: Mapping[tuple[int, int], str], web: Downloader
) -> FileOutcome | Source:
    """Return what became of a file that is not to be loaded; else it with its md5.

    Args:
        source: a file.
        known: the md5 of each file that was loaded, by year and number.
        web: to ask for the .md5 beside a file.
    """
    name, before = source.file.name, known.get(source.file[:2], "")
    try:
        source = source._replace(md5=read_md5(source.address, web))
        if not before:
            return source
        now = find_md5(source, web) or before  # on the web without .md5: its name says
    except (AssayError, OSError) as error:
        return failed_file(name, error)
    if now == before:
        return FileOutcome(name, Fate.SKIPPED)
    problem = Problem(
        where=name,
        what=f"it was loaded with the md5 {before}, and has {now} now",
        what_to_do="NLM never changes a file: find out which of the two is theirs. "
        "What was loaded stays.",
    )
    return FileOutcome(name, Fate.REFUSED, problems=(problem,))


def failed_file(name: str, error: Exception) -> FileOutcome:
    """Return the outcome of a file that could not be had."""
    what = str(error).rstrip(".")
    if isinstance(error, OSError):
        what = f"{error.filename or name} cannot be read ({say_fault(error)})"
    problem = Problem(where=name, what=what)
    return FileOutcome(name, Fate.FAILED, problems=(problem,))


def tidy_folder(own: Path, loaded: set[str]) -> None:
    """Take away what a run that was killed left in our own folder of partitions.

    Partitions that are still to be loaded stay, and parts of files of the web.
    """
    for name in list_markers(str(own)):
        if name in loaded:
            remove_partition(str(own), name)
    waiting = {name + PARQUET for name in list_markers(str(own))}
    for left in (*own.glob(".*"), *own.glob(f"*{PARQUET}")):
        if left.name not in waiting:  # its marker was not written, or went first
            left.unlink(missing_ok=True)
    for name in loaded:
        (own / name).unlink(missing_ok=True)
