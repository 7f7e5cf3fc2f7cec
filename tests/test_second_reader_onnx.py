"""A local ONNX classifier of pairs as a second reader, with a tiny real model."""

from importlib.resources import files
from pathlib import Path

import pytest

from assay.edge.second_reader_onnx import open_classifier, read_pairs
from assay.edge.second_reader_settings import ReaderSettings
from assay.errors import SettingsError
from assay.evidence.second import Question
from assay.model import Discarded, Stance
from assay.record import Record, Section
from assay.text import record_text
from tests.tiny_onnx import write_model

NAMES = (
    ("entailment", "supports"),
    ("contradiction", "contradicts"),
    ("neutral", "silent"),
)


def settings(**more):
    values = {
        "name": "mine",
        "kind": "onnx",
        "model": "model.onnx",
        "tokenizer": "tokenizer.json",
        "labels": NAMES,
    }
    return ReaderSettings(**{**values, **more})


def read(folder, text, claim="Tea helps.", **more):
    """Return what the reader says about one invented abstract."""
    record = Record(source="x", title="Improved", abstract=(Section(text),))
    classifier = open_classifier(settings(**more), folder)
    [outcome] = read_pairs(classifier, [Question(claim, record)])
    return outcome


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("Sleep improved.", Stance.SUPPORTS),
        ("Sleep worsened.", Stance.CONTRADICTS),
        ("Sleep was measured.", Stance.NEUTRAL),
        ("Sleep improved. Mood worsened.", Stance.NEUTRAL),
    ],
)
def test_the_declared_labels_say_what_an_output_means(tmp_path, text, stance):
    assert read(write_model(tmp_path), text).stance is stance


def test_the_sentence_that_bears_the_answer_is_quoted_with_its_offsets(tmp_path):
    text = "It rained. Sleep improved a lot. It rained again."
    answer = read(write_model(tmp_path), text)
    assert answer.sentence == "Sleep improved a lot."
    assert record_text(answer.record)[answer.start : answer.end] == answer.sentence
    assert 0.9 < answer.chance < 1.0


def test_outputs_may_be_named_by_number(tmp_path):
    write_model(tmp_path)
    (tmp_path / "config.json").unlink()
    turned = (("0", "supports"), ("1", "contradicts"), ("2", "silent"))
    answer = read(tmp_path, "Sleep improved.", labels=turned)
    assert answer.stance is Stance.CONTRADICTS


def test_several_outputs_may_stand_for_one_side(tmp_path):
    labels = (("0", "silent"), ("1", "supports"), ("2", "silent"))
    answer = read(write_model(tmp_path), "Sleep worsened.", labels=labels)
    assert answer.stance is Stance.NEUTRAL
    assert answer.chance > 0.9


def test_the_pair_is_given_in_the_order_set(tmp_path):
    write_model(tmp_path)
    study, claim = "Sleep improved.", "Sleep worsened."
    assert read(tmp_path, study, claim).stance is Stance.SUPPORTS
    turned = read(tmp_path, study, claim, order="claim-study")
    assert turned.stance is Stance.CONTRADICTS


def test_of_a_long_abstract_the_beginning_is_left_out(tmp_path):
    write_model(tmp_path)
    filler = "Tea is drunk at night. " * 30
    last = read(tmp_path, f"{filler}Sleep improved.", max_length=40)
    assert last.sentence == "Sleep improved."
    first = read(tmp_path, f"Sleep improved. {filler}", max_length=40)
    assert first.stance is Stance.NEUTRAL


def test_what_the_model_cannot_read_is_discarded(tmp_path):
    write_model(tmp_path)
    long = read(tmp_path, "Sleep improved.", claim="tea " * 60, max_length=40)
    assert long.why == "It could not read this pair."
    strange = read(tmp_path, "Something strange happened.")
    assert isinstance(strange, Discarded)
    assert strange.why == "Its answer is not a number."


def test_the_same_pairs_give_the_same_answers_whatever_their_neighbours(tmp_path):
    classifier = open_classifier(settings(), write_model(tmp_path))
    questions = [
        Question("Tea helps.", Record(source="x", abstract=(Section(text),)))
        for text in ("Sleep improved.", "Sleep worsened.", "It rained.")
    ]
    forward = list(read_pairs(classifier, questions))
    assert list(read_pairs(classifier, questions[::-1])) == forward[::-1]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model": "none.onnx"}, r"there is no file .*none\.onnx"),
        ({"tokenizer": "none.json"}, r"there is no file .*none\.json"),
        ({"model": "config.json"}, r"config\.json is no ONNX model"),
        ({"tokenizer": "config.json"}, r"config\.json is no tokenizer"),
        (
            {"labels": (("yes", "supports"), ("no", "contradicts"), ("x", "silent"))},
            "names yes, but the outputs are contradiction, entailment, neutral",
        ),
        (
            {"labels": (("0", "supports"), ("1", "contradicts"), ("3", "silent"))},
            "each output of the model once",
        ),
        (
            {"labels": (*((str(n), "silent") for n in range(4)),)},
            "it has 3, and 4 are named",
        ),
    ],
)
def test_a_slip_is_one_sentence_that_names_the_reader(tmp_path, change, said):
    with pytest.raises(SettingsError, match=f"reader mine: .*{said}"):
        open_classifier(settings(**change), write_model(tmp_path))


def test_a_model_that_wants_something_else_is_named(tmp_path):
    write_model(tmp_path, first="pixels")
    with pytest.raises(SettingsError, match="wants pixels as input"):
        open_classifier(settings(), tmp_path)


def test_a_model_that_is_no_classifier_is_told_from_one(tmp_path):
    encoder = Path(str(files("assay.data") / "models/encoder"))
    paths = {name: str(encoder / name) for name in ("model.onnx", "tokenizer.json")}
    change = {"model": paths["model.onnx"], "tokenizer": paths["tokenizer.json"]}
    with pytest.raises(SettingsError, match=r"reader mine: .* no classifier of pairs"):
        open_classifier(settings(**change), tmp_path)


def test_names_without_a_config_ask_for_numbers(tmp_path):
    write_model(tmp_path)
    (tmp_path / "config.json").write_text('{"id2label": 5}')
    with pytest.raises(SettingsError, match="names no outputs"):
        open_classifier(settings(), tmp_path)
    (tmp_path / "config.json").unlink()
    with pytest.raises(SettingsError, match=r"no config\.json .* Give numbers"):
        open_classifier(settings(), tmp_path)
