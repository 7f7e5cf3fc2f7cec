"""Files into the mirror: plan, tasks, loads as partitions come, index, done.

Killed anywhere and run again it goes on: a file is loaded when the mirror says so, in
one transaction; a partition that is good is not made again; the index is brought up to
the store before anything else is loaded. The same files give the same mirror.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from assay.edge.addresses import absolute_address
from assay.edge.download import Downloader, StoppedDownloadError
from assay.edge.ingest_files import (
    Near,
    compare_with_loaded,
    failed_file,
    find_dictionary,
    tidy_folder,
)
from assay.edge.ingest_index import IndexFollower
from assay.edge.jobs import Outcome, Pool, Task, run_tasks
from assay.edge.mirror import Mirror
from assay.edge.mirror_generation import (
    DICTIONARY,
    FOLDER,
    PARTITIONS,
    announce_files,
    loading,
    make_generation,
    read_generations,
    remove_old_generations,
    switch_generation,
)
from assay.edge.mirror_load import LoadOutcome, load_partition
from assay.edge.nlm_source import Source
from assay.edge.partition import (
    DamagedPartitionError,
    Order,
    Unwritable,
    open_partition,
    remove_partition,
    write_dictionary,
    write_partition,
)
from assay.errors import SourceError, StoreError
from assay.library.generations import Generation, plan_generation
from assay.library.ingested import Fate, FileOutcome, Tell
from assay.library.nlm_files import Partition
from assay.search import Problem


class Ingest:
    """One run of loading files into the mirror of a library's folder."""

    def __init__(
        self,
        folder: Path,
        *,
        pool: Pool,
        web: Downloader,
        when: str,
        place: str = "",
        tell: Tell = lambda _what, _done, _total: None,
    ) -> None:
        """Prepare a run; nothing is read or written yet.

        Args:
            folder: the library's (cache/library).
            pool: who parses.
            web: asks for files of the web.
            when: ISO time of the loads.
            place: address of the folder of partitions, which stay there; "": a folder
                in the mirror's, from which each goes when it is loaded.
            tell: told of what takes long.
        """
        self._folder, self._pool, self._when, self._tell = folder, pool, when, tell
        self._own = folder / FOLDER / PARTITIONS
        self._stays = bool(place)
        shared = absolute_address(place or str(self._own))
        self._near = Near(shared, self._own, web, tell)
        self.unproven = 0
        """Files to be loaded that have no .md5 beside them: gzip's own check counts."""
        self.problems: list[Problem] = []
        """What is to be told of the run as a whole, e.g. why a new baseline is not in
        use yet."""

    def run(self, sources: Sequence[Source]) -> Generator[FileOutcome, None, None]:
        """Load files; yield what became of each as soon as it is known.

        Without any, the index is brought up to the store.

        Raises:
            AssayError: nothing can be loaded (the disk, another ingest, the cluster).
                What was yielded before is kept.
        """
        with loading(self._folder):
            current, building = read_generations(self._folder)
            if not sources and current is None:
                return
            files = [source.file for source in sources]
            plan = plan_generation(files, current, building)
            for problem in plan.left_out:
                yield FileOutcome(problem.where, Fate.LEFT_OUT, problems=(problem,))
            chosen = [source for source in sources if source.file in plan.files]
            if not chosen and sources:
                return
            generation = make_generation(
                self._folder, plan.name, lambda: find_dictionary(chosen, self._near)
            )
            if plan.beside:
                announce_files(generation, plan.files)
            yield from self._run(generation, chosen)
            if building and not sources:
                self.problems.append(_say_unfinished(building))
            if why := switch_generation(self._folder, plan.name, plan.files):
                self.problems.append(why)
            remove_old_generations(self._folder)

    def _run(
        self, generation: Path, sources: Sequence[Source]
    ) -> Iterator[FileOutcome]:
        with IndexFollower(generation, self._tell) as index:
            index.catch_up(self._near.place, self._when)
            with Mirror(generation) as mirror:
                loaded = mirror.files()
            tidy_folder(self._own, {each.file.name for each in loaded})
            known = {each.file[:2]: each.md5 for each in loaded}
            wanted = []
            for number, source in enumerate(sources):
                self._tell("Comparing files", number, len(sources))
                compared = compare_with_loaded(source, known, self._near.web)
                if isinstance(compared, FileOutcome):
                    yield compared
                else:
                    wanted.append(compared)
            self.unproven = sum(not source.md5 for source in wanted)
            try:
                if wanted:
                    yield from self._load_all(generation, index, wanted)
            finally:
                tidy_folder(self._own, set())  # of workers that were killed meanwhile

    def _load_all(
        self, generation: Path, index: IndexFollower, sources: Sequence[Source]
    ) -> Iterator[FileOutcome]:
        dictionary = (generation / DICTIONARY).read_bytes()
        job = _Job(sources, self._near, write_dictionary(self._near.place, dictionary))
        self._tell("Reading the first files", 0, len(sources))
        with closing(run_tasks(job.tasks(), self._pool)) as outcomes:
            try:
                for outcome in outcomes:
                    order = job.orders[outcome.name]
                    yield self._take(generation, index, order, outcome)
                    self._near.forget(job.sources[outcome.name])
            except BaseException:
                self._near.web.stop.set()  # a task may be waiting for a file
                raise
        yield from job.lost

    def _take(
        self, generation: Path, index: IndexFollower, order: Order, outcome: Outcome
    ) -> FileOutcome:
        """Load what a task made; return what became of the file."""
        made = outcome.value
        if isinstance(made, Partition):
            try:
                return self._load(generation, index, order, made)
            except DamagedPartitionError:  # since it was made
                made = write_partition(order)
        if isinstance(made, Unwritable):  # so it would go with all others
            raise StoreError(made.why)
        if isinstance(made, Partition):
            return self._load(generation, index, order, made)
        if isinstance(made, Problem):
            return FileOutcome(order.file, Fate.REFUSED, problems=(made,))
        told = (outcome.problem,) if outcome.problem else ()
        return FileOutcome(order.file, Fate.FAILED, problems=told)

    def _load(
        self, generation: Path, index: IndexFollower, order: Order, made: Partition
    ) -> FileOutcome:
        with open_partition(order.place, made) as rows:
            with Mirror(generation) as mirror:
                before = set(mirror.places(rows.pmids()))
            load = load_partition(generation, made, iter(rows), self._when)
            index.apply(made, rows, load)
        if not self._stays:
            remove_partition(order.place, order.file)
        return _count(made, load, before)


class _Job:
    """The tasks of the files to be loaded, made as there is room for them."""

    def __init__(self, sources: Sequence[Source], near: Near, dictionary: str) -> None:
        self.sources = {source.file.name: source for source in sources}
        self.orders: dict[str, Order] = {}
        self.lost: list[FileOutcome] = []
        """Files that could not be had."""
        self._near, self._dictionary = near, dictionary

    def tasks(self) -> Iterator[Task]:
        """Yield a task for each file, when it is at hand."""
        for name, source in self.sources.items():
            try:
                address = self._near.bring(source, source.md5)
            except StoppedDownloadError:
                return
            except SourceError as error:
                self.lost.append(failed_file(name, error))
                continue
            place = self._near.place
            near = absolute_address(address)  # as workers in other folders find it
            order = Order(name, near, place, source.md5, self._dictionary)
            self.orders[name] = order
            yield Task(name, write_partition, (order,))


def _say_unfinished(building: Generation) -> Problem:
    """Return the problem that a new generation was begun and nobody goes on with it."""
    files = len(building.files)
    loaded = f"{files:,} files were" if files != 1 else "1 file was"
    return Problem(
        where=f"the mirror of PubMed ({building.name})",
        what=f"{loaded} loaded, and it is not in use yet",
        what_to_do="Run ingest with all files of its baseline: those loaded are "
        "skipped.",
    )


def _count(made: Partition, load: LoadOutcome, before: set[int]) -> FileOutcome:
    """Return what a load brought, by what stood before."""
    replaced = sum(pmid in before for pmid in load.written)
    return FileOutcome(
        made.file,
        Fate.LOADED,
        records=made.records,
        new=len(load.written) - replaced,
        replaced=replaced,
        withdrawn=sum(pmid in before for pmid in load.gone),
        problems=made.problems,
    )
