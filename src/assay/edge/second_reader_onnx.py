"""A second reader that is a local ONNX classifier of pairs (study, claim).

Most models trained on natural language inference are such classifiers. What their
outputs stand for is said by the person in `labels`. They quote nothing themselves, so
the sentence shown is the one that gets the same answer with the greatest chance.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from assay.edge.encoder import Model
from assay.edge.second_reader_settings import ReaderSettings
from assay.errors import SettingsError
from assay.evidence.second import (
    SIDES,
    Outcome,
    Question,
    abstract_of,
    choose_stance,
    quote_sentence,
)
from assay.model import Discarded, Scores, SecondAnswer, Span, Stance
from assay.record import Record
from assay.text import record_sentences, record_text

INPUTS = frozenset({"input_ids", "attention_mask", "token_type_ids"})
"""What a model may want to be given."""

THREADS = 2
"""Processors that a run may use: such models are large, and run alone."""


@dataclass(frozen=True, slots=True)
class Classifier:
    """A model that was loaded and tried, with what its outputs stand for."""

    model: Model
    sides: tuple[str, ...]
    """Of each output, in order: supports, contradicts or silent."""
    study_first: bool

    def score(self, study: str, claim: str) -> Scores:
        """Return the chances of the three sides for a study's words and a claim.

        Raises:
            ValueError: the claim leaves no room for the study, or no number came.
        """
        pair = (study, claim) if self.study_first else (claim, study)
        try:
            logits = np.asarray(self.model.run(*pair), np.float64)
        except Exception:  # of two libraries, which share no base class
            raise ValueError("It could not read this pair.") from None
        if not np.isfinite(logits).all():
            raise ValueError("Its answer is not a number.")
        chances = np.exp(logits - logits.max())
        chances /= chances.sum()
        sums = dict.fromkeys(SIDES, 0.0)
        for side, chance in zip(self.sides, chances, strict=True):
            sums[side] += float(chance)
        return Scores(**sums)


def read_pairs(
    classifier: Classifier, questions: Sequence[Question]
) -> Iterator[Outcome]:
    """Yield what the classifier says about each question, in order."""
    for question in questions:
        try:
            yield _read(classifier, question)
        except ValueError as reason:
            yield Discarded(question.record, str(reason))


def _read(classifier: Classifier, question: Question) -> SecondAnswer:
    record = question.record
    scores = classifier.score(abstract_of(record), question.claim)
    stance = choose_stance(scores)
    if stance is Stance.NEUTRAL:
        return SecondAnswer(record, stance, chance=scores.silent)
    best = _best_sentence(classifier, question.claim, record, stance)
    return quote_sentence(record, stance, best, chance=_chance(scores, stance))


def _best_sentence(
    classifier: Classifier, claim: str, record: Record, stance: Stance
) -> Span:
    """Return the sentence of the abstract that the answer most likely rests on."""
    text = record_text(record)
    spans = [s for s, part in record_sentences(record) if part.category != "TITLE"]
    return max(
        spans,
        key=lambda span: _chance(
            classifier.score(text[span.start : span.end], claim), stance
        ),
    )


def _chance(scores: Scores, stance: Stance) -> float:
    return scores.supports if stance is Stance.SUPPORTS else scores.contradicts


def open_classifier(reader: ReaderSettings, folder: Path) -> Classifier:
    """Return the reader's classifier, loaded and tried; paths start at `folder`.

    Raises:
        SettingsError: a file is missing or is no such model; says which and why.
    """
    where = f"reader {reader.name}"
    model_file = _find(folder, reader.model, where)
    tokenizer = _open_tokenizer(_find(folder, reader.tokenizer, where), reader)
    session = _open_session(model_file, where)
    model = Model(reader.name, "", 0, session, tokenizer)
    try:
        tried = np.asarray(model.run("It rained.", "It rained."))
    except Exception as error:
        raise SettingsError(
            f"{where}: {model_file} cannot read a pair of sentences. "
            "Name a classifier of pairs and the tokenizer that it was trained with."
        ) from error
    if tried.ndim != 1:
        raise SettingsError(f"{where}: {model_file} is no classifier of pairs.")
    sides = _sides(reader, model_file, tried.size)
    return Classifier(model, sides, reader.order == "study-claim")


def _find(folder: Path, name: str, where: str) -> Path:
    path = folder / Path(name).expanduser()
    if not path.is_file():
        raise SettingsError(f"{where}: there is no file {path}.")
    return path


def _open_tokenizer(path: Path, reader: ReaderSettings) -> Tokenizer:
    first = reader.order == "study-claim"
    try:
        tokenizer = Tokenizer.from_file(str(path))
        tokenizer.no_padding()
        tokenizer.enable_truncation(
            reader.max_length,
            strategy="only_first" if first else "only_second",
            direction="left",  # results stand at the end of an abstract
        )
    except Exception as error:  # the library raises Exception itself
        raise SettingsError(
            f"reader {reader.name}: {path} is no tokenizer.json that can be loaded."
        ) from error
    return tokenizer


def _open_session(path: Path, where: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # the library's errors share no base class
        raise SettingsError(
            f"{where}: {path} is no ONNX model that can be loaded."
        ) from error
    unknown = {part.name for part in session.get_inputs()} - INPUTS
    if unknown:
        raise SettingsError(
            f"{where}: {path} wants {', '.join(sorted(unknown))} as input; "
            f"only {', '.join(sorted(INPUTS))} can be given."
        )
    return session


def _sides(reader: ReaderSettings, model_file: Path, width: int) -> tuple[str, ...]:
    """Return what each output of the model stands for."""
    where, labels = f"reader {reader.name}", dict(reader.labels)
    if not all(name.isdecimal() for name in labels):
        labels = _numbered(labels, model_file, where)
    outputs = [str(number) for number in range(width)]
    if sorted(labels) != sorted(outputs):
        raise SettingsError(
            f'{where}: "labels" must name each output of the model once: '
            f"it has {width}, and {len(labels)} are named."
        )
    return tuple(labels[output] for output in outputs)


def _numbered(
    labels: Mapping[str, str], model_file: Path, where: str
) -> dict[str, str]:
    """Return the labels by output number, from the config.json beside the model."""
    folders = (model_file.parent, model_file.parent.parent)
    config = next((c for f in folders if (c := f / "config.json").is_file()), None)
    remedy = 'Give numbers instead: labels = {0 = "supports", …}.'
    if config is None:
        raise SettingsError(
            f'{where}: no config.json beside the model says which outputs "labels" '
            f"means. {remedy}"
        )
    try:
        known = json.loads(config.read_bytes())["id2label"]
        numbers = {str(name).lower(): str(int(n)) for n, name in known.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise SettingsError(f"{where}: {config} names no outputs. {remedy}") from error
    unknown = [name for name in labels if name.lower() not in numbers]
    if unknown:
        raise SettingsError(
            f'{where}: "labels" names {unknown[0]}, but the outputs are '
            f"{', '.join(numbers)}."
        )
    return {numbers[name.lower()]: side for name, side in labels.items()}
