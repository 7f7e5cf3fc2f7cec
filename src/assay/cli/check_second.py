"""The second reader of `assay check --reader NAME`: asked last, deciding nothing."""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from assay.cli.fetching import open_services
from assay.cli.progress import show_progress
from assay.cli.session import Session
from assay.edge.second_reader_endpoint import (
    AT_ONCE,
    PATIENCE,
    ask_endpoint,
    reader_limits,
    reader_service,
)
from assay.edge.second_reader_onnx import open_classifier, read_pairs
from assay.edge.second_reader_settings import ReaderSettings, find_reader
from assay.edge.settings import FILE_NAME
from assay.evidence.second import Outcome, Question, SecondReader, add_opinions
from assay.model import Report

SecondLook = Callable[[Report], Report]
"""Returns the report with second opinions, its verdicts as they were."""


def open_second(
    session: Session, name: str, *, offline: bool, refresh: bool
) -> SecondLook:
    """Return what adds the opinions of the reader `name`; "" adds none.

    It is opened before anything is searched, so that a slip is told at once.

    Raises:
        SettingsError: there is no such reader, its files are missing or of another
            kind, or the variable of its key is not set.
    """
    if not name:
        return lambda report: report
    root = session.workspace.root
    reader = find_reader(session.settings.readers, name, str(root / FILE_NAME))
    if reader.kind == "onnx":
        read: SecondReader = partial(read_pairs, open_classifier(reader, root))
    else:
        read = _endpoint(session, reader, offline=offline, refresh=refresh)
    return partial(_look, session, reader, read)


def _endpoint(
    session: Session, reader: ReaderSettings, *, offline: bool, refresh: bool
) -> SecondReader:
    """Return the endpoint with the recording, which serves however old it is."""
    fetcher = open_services(
        session,
        [reader_service(reader, offline=offline)],
        offline=offline,
        refresh=refresh,
        patience=PATIENCE,
        limits=reader_limits(reader),
        overlap=AT_ONCE,
        max_age=math.inf,
    )
    return partial(ask_endpoint, reader, fetcher)


def _look(
    session: Session, reader: ReaderSettings, read: SecondReader, report: Report
) -> Report:
    def told(questions: Sequence[Question]) -> Iterator[Outcome]:
        for at, outcome in enumerate(read(questions)):
            tell(at + 1, len(questions), "Asking the second reader")
            yield outcome

    with show_progress(session, "Asking the second reader") as tell:
        return add_opinions(
            report,
            told,
            reader=reader.name,
            kind=_kind(reader),
            most=reader.studies,
        )


def _kind(reader: ReaderSettings) -> str:
    if reader.kind == "onnx":
        return f"the ONNX model {reader.model}"
    return f"the model {reader.model} at {reader.url}"
