"""The files of an ingest: which are wanted, bringing them near, the dictionary."""

from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from assay.edge.addresses import (
    join_address,
    local_path,
    make_address,
    open_address,
    remove_address,
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
from assay.errors import AssayError, BadAnswerError
from assay.library.ingested import Fate, FileOutcome, Tell
from assay.search import Problem
from assay.sources.pubmed_xml import Article, iter_articles

SAMPLES = 2_000
"""Records of the first file that the dictionary is trained on."""


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
        """
        if not is_web(source.address):
            return source.address
        name = source.file.name
        here = (local_path(self.place) or self.own) / name

        def tell(done: int, total: int) -> None:
            self.tell(f"Fetching {name}, kilobytes", done >> 10, total >> 10)

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
    else one trained on the first file that can be read.
    """
    for source in sources:
        if known := read_dictionary_of(near.place, source.file.name):
            return known
    for source in sources:
        try:
            address = near.bring(source, read_md5(source.address, near.web))
            with open_address(address) as file:
                items = iter_articles(CheckedStream(file).chunks())
                articles = (item for item in items if isinstance(item, Article))
                samples = [each.xml for each in islice(articles, SAMPLES)]
        except (CutError, BadAnswerError, AssayError, OSError):
            continue  # what is wrong with it is told when it is its turn
        return train_dictionary(samples)
    return b""


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
