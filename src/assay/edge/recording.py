"""What was answered before: read where it still serves, written where it may."""

from collections.abc import Callable
from datetime import datetime

from assay.edge.cache import Cache
from assay.edge.services import Service
from assay.errors import NotRecordedError, SourceError, StoreError
from assay.search import Problem
from assay.sources.base import Answer, Judge, Request

MAX_AGE = 86_400.0
"""Seconds: what was recorded within a day is not asked again."""


class Recording:
    """The recorded answers, as one run may use them; threads may share it."""

    def __init__(
        self,
        cache: Cache | None,
        *,
        offline: bool,
        refresh: bool,
        max_age: float,
        now: Callable[[], datetime],
    ) -> None:
        """Use `cache`; None records nothing. The others are as in `Fetcher`."""
        self._cache, self._now = cache, now
        self._offline, self._refresh, self._max_age = offline, refresh, max_age
        self.problem: Problem | None = None
        """Why something could not be recorded; None when all could."""

    def recall(self, service: Service, request: Request, judge: Judge) -> Answer | None:
        """Return what was recorded, or None to ask the service.

        Raises:
            NotRecordedError: nobody may be asked, and there is no recording.
            StoreError: the recording is damaged.
        """
        answer = self._read(request, judge)
        if answer is None and self._offline:
            raise NotRecordedError(
                service.title,
                "offline, and the answer to this was never recorded",
                "Run it once without --offline.",
            )
        return answer

    def _read(self, request: Request, judge: Judge) -> Answer | None:
        if self._cache is None or self._refresh:
            return None
        answer = self._cache.read(request)
        if answer is None or (not self._offline and self._age(answer) > self._max_age):
            return None
        try:
            judge(answer)
        except SourceError:  # recorded by a version that knew less
            return None
        return answer

    def _age(self, answer: Answer) -> float:
        return (self._now() - datetime.fromisoformat(answer.when)).total_seconds()

    def record(self, service: Service, request: Request, answer: Answer) -> None:
        """Record a good answer, unless it repeats a key."""
        repeated = any(key.encode() in answer.body for key in service.api_keys())
        if self._cache is None or repeated:
            return
        try:
            self._cache.write(request, answer)
        except StoreError as error:
            what, _, remedy = str(error).partition(". ")
            self.problem = Problem(where="recording", what=what, what_to_do=remedy)
