"""The built-in reader: a claim and a study in, chances out, on one processor.

The model lies in data/models/reader (its card says what it learned from and what it is
bad at). It reads `[CLS] claim [SEP] title [SEP] sentence …`; of an abstract that is too
long the first sentences are left out, since findings stand at the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate

import numpy as np

from assay.edge.encoder import Model, open_model, read_manifest
from assay.edge.spare import Spare
from assay.evidence.reading import Study
from assay.evidence.scores import Reading
from assay.model import Claim

READER = "reader"
"""The folder of the model in data/models."""
_CLS, _SEP, _UNKNOWN = 101, 102, 100
_CLAIM, _TITLE, _SENTENCE = 96, 64, 128
"""Most tokens of a claim, of a title and of one sentence, as in training."""
_UNREAD = -99.0


@dataclass
class BuiltInReader:
    """The model with the tokens of every study that it has met."""

    model: Model
    longest: int
    """Tokens read at most, claim and study together."""
    spare: Spare = field(default_factory=Spare)
    """Reads ahead."""
    _tokens: dict[str, list[int]] = field(default_factory=dict)

    def ahead(self, claim: Claim, study: Study) -> None:
        """Begin to read a study for a claim, while others go on; `ask` tells of it."""
        self.spare.begin(_key(claim, study), partial(self._read, claim, study))

    def ask(self, claim: Claim, study: Study) -> Reading | None:
        """Return what the model makes of a claim and a study; None without sentences.

        The numbers hang on this claim and study alone, never on what was asked before.
        """
        return self.spare.take(_key(claim, study), partial(self._read, claim, study))

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


def _key(claim: Claim, study: Study) -> tuple[str, str, int]:
    """Return what a reading is known by; the work that bears it holds the study."""
    return READER, claim.text, id(study)


def begin_reader(spare: Spare) -> None:
    """Begin to open the built-in reader, for `open_reader` with the same spare."""
    spare.begin(READER, partial(open_model, READER))


def open_reader(spare: Spare | None = None) -> BuiltInReader:
    """Return the built-in reader, ready to ask. Takes about 0.1 s.

    Args:
        spare: reads ahead; None to read what is asked when it is asked.

    Raises:
        StoreError: a file of it is missing or spoilt.
    """
    spare = spare or Spare()
    model = spare.take(READER, partial(open_model, READER))
    return BuiltInReader(model, read_manifest(READER).longest, spare)
