"""The built-in reader: a claim and a study in, chances out, on one processor.

The model lies in data/models/reader (its card says what it learned from and what it is
bad at). It reads `[CLS] claim [SEP] title [SEP] sentence …`; of an abstract that is too
long the first sentences are left out, since findings stand at the end.
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from assay.edge.encoder import Model, open_model, read_manifest
from assay.edge.process import count_processors
from assay.evidence.reading import Study
from assay.evidence.scores import Reading
from assay.model import Claim

READER = "reader"
"""The folder of the model in data/models."""
_CLS, _SEP, _UNKNOWN = 101, 102, 100
_CLAIM, _TITLE, _SENTENCE = 96, 64, 128
"""Most tokens of a claim, of a title and of one sentence, as in training."""
_UNREAD = -99.0
MOST_AHEAD = 3
"""Most studies read ahead at the same time, each by one processor; one processor is
left to who asks. With two beside it on two processors, who asks came to its turn late,
and a check took a third longer."""


class _Begun(NamedTuple):
    """A study that is to be read for a claim, or was."""

    claim: Claim
    study: Study
    reading: "Future[Reading | None]"


@dataclass
class BuiltInReader:
    """The model with the tokens of every study that it has met."""

    model: Model
    longest: int
    """Tokens read at most, claim and study together."""
    _tokens: dict[str, list[int]] = field(default_factory=dict)
    _begun: dict[tuple[str, int], _Begun] = field(default_factory=dict)
    """What is being read, by the claim's text and the study itself, which is held."""
    _threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(_spare_processors(), "reader")
    )

    def ahead(self, claim: Claim, study: Study) -> None:
        """Begin to read a study for a claim, while others go on; `ask` tells of it."""
        key = claim.text, id(study)
        if key not in self._begun:
            reading = self._threads.submit(self._read, claim, study)
            self._begun[key] = _Begun(claim, study, reading)

    def ask(self, claim: Claim, study: Study) -> Reading | None:
        """Return what the model makes of a claim and a study; None without sentences.

        The numbers hang on this claim and study alone, never on what was asked before.
        """
        begun = self._begun.pop((claim.text, id(study)), None)
        if begun is None or begun.reading.cancel():  # nobody has come to it yet
            return self._read(claim, study)
        while not begun.reading.done() and self._read_another():
            pass
        return begun.reading.result()

    def _read_another(self) -> bool:
        """Read one of those that wait, rather than wait for another; say whether."""
        for key, begun in self._begun.items():
            if begun.reading.cancel():
                read: Future[Reading | None] = Future()
                read.set_result(self._read(begun.claim, begun.study))
                self._begun[key] = begun._replace(reading=read)
                return True
        return False

    def _read(self, claim: Claim, study: Study) -> Reading | None:
        title = [line.text for line in study.lines if line.place == "TITLE"]
        told = [at for at, line in enumerate(study.lines) if line.place != "TITLE"]
        sentences = [study.lines[at].text for at in told]
        if not sentences:
            return None
        stance, rationale, roles = self._run(claim.text, " ".join(title), sentences)
        by_line = dict(zip(told, zip(rationale, roles, strict=True), strict=True))
        lines = [by_line.get(at, (_UNREAD, -1)) for at in range(len(study.lines))]
        return Reading(
            (stance[0], stance[1], stance[2]),
            tuple(told for told, _ in lines),
            tuple(role for _, role in lines),
        )

    def _run(
        self, claim: str, title: str, sentences: Sequence[str]
    ) -> tuple[list[float], list[float], list[int]]:
        head = [_CLS, *self._ids(claim)[:_CLAIM], _SEP]
        body = [*self._ids(title)[:_TITLE], _SEP]
        parts = [self._ids(s)[:_SENTENCE] or [_UNKNOWN] for s in sentences]
        room = self.longest - len(head) - len(body) - 1
        first = 0
        while first < len(parts) - 1 and sum(map(len, parts[first:])) > room:
            first += 1
        kept = parts[first:]
        ids = [*head, *body, *(t for part in kept for t in part), _SEP]
        start = len(head) + len(body)
        ends = list(accumulate((len(p) for p in kept), initial=start))
        pool = np.zeros((1, len(kept), len(ids)), np.float32)
        for at, part in enumerate(kept):
            pool[0, at, ends[at] : ends[at + 1]] = 1 / len(part)
        types = np.ones((1, len(ids)), np.int64)
        types[0, : len(head)] = 0
        given = {
            "input_ids": np.array([ids], np.int64),
            "token_type_ids": types,
            "pool": pool,
        }
        stance, told, roles = self.model.session.run(None, given)
        return (
            [float(x) for x in stance[0]],
            [_UNREAD] * first + [float(x) for x in told[0]],
            [-1] * first + [int(x) for x in roles[0].argmax(-1)],
        )

    def _ids(self, text: str) -> list[int]:
        known = self._tokens.get(text)
        if known is None:
            coded = self.model.tokenizer.encode(text, add_special_tokens=False)
            known = self._tokens[text] = list(coded.ids)
        return known


def _spare_processors() -> int:
    return max(1, min(MOST_AHEAD, count_processors() - 1))


def open_reader() -> BuiltInReader:
    """Return the built-in reader, ready to ask. Takes about 0.1 s.

    Raises:
        StoreError: a file of it is missing or spoilt.
    """
    model = open_model(READER, threads=1)
    return BuiltInReader(model, read_manifest(READER).longest)
