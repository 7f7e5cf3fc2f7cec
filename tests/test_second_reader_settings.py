"""The tables [readers.NAME] of assay.toml: slips are named, keys are never there."""

import pytest

from assay.edge.second_reader_settings import READER_KEYS, find_reader
from assay.edge.settings import hide_secrets, read_settings
from assay.errors import SettingsError

KEY = "k3y-of-nobody-at-all"
OPENAI = {"kind": '"openai"', "url": '"http://127.0.0.1:1/v1"', "model": '"tiny"'}
ONNX = {
    "kind": '"onnx"',
    "model": '"m.onnx"',
    "tokenizer": '"tokenizer.json"',
    "labels": '{entailment = "supports", contradiction = "contradicts", '
    'neutral = "silent"}',
}


def write(folder, table, **more):
    lines = [f"{key} = {value}" for key, value in {**table, **more}.items() if value]
    text = "[readers.mine]\n" + "\n".join(lines)
    (folder / "assay.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_reader_is_read_with_its_defaults(tmp_path):
    [reader] = read_settings(write(tmp_path, OPENAI), {}).readers
    assert (reader.name, reader.kind, reader.model) == ("mine", "openai", "tiny")
    assert (reader.url, reader.studies, reader.timeout, reader.answer) == (
        "http://127.0.0.1:1/v1/",
        6,
        120,
        "json_object",
    )
    [reader] = read_settings(write(tmp_path, ONNX, studies=3), {}).readers
    assert reader.labels == (
        ("entailment", "supports"),
        ("contradiction", "contradicts"),
        ("neutral", "silent"),
    )
    assert (reader.order, reader.max_length, reader.studies) == ("study-claim", 512, 3)


def test_other_settings_may_stand_beside_readers(tmp_path):
    write(tmp_path, OPENAI)
    text = (tmp_path / "assay.toml").read_text()
    (tmp_path / "assay.toml").write_text(f'tool = "mine"\n{text}')
    settings = read_settings(tmp_path, {})
    assert (settings.tool, len(settings.readers)) == ("mine", 1)


def test_the_key_comes_from_the_variable_and_is_never_shown(tmp_path):
    folder = write(tmp_path, OPENAI, key_env='"MY_KEY"')
    settings = read_settings(folder, {"MY_KEY": f" {KEY}\n"})
    assert settings.readers[0].key == KEY
    assert KEY not in repr(settings)
    assert hide_secrets(f"Bearer {KEY}!", settings) == "Bearer (hidden)!"
    assert read_settings(folder, {}).readers[0].key == ""


@pytest.mark.parametrize(
    ("table", "slip", "said"),
    [
        (OPENAI, {"kind": None}, '"kind" must be onnx or openai'),
        (OPENAI, {"kind": "[1]"}, '"kind" must be onnx or openai'),
        (OPENAI, {"url": None}, '"url" is missing'),
        (OPENAI, {"url": '"http://hush.example.org/v1"'}, "https address"),
        (OPENAI, {"url": '"https://me:hush@example.org/"'}, "https address"),
        (OPENAI, {"url": "5"}, "https address"),
        (OPENAI, {"model": '" "'}, '"model" must be a text'),
        (OPENAI, {"key_env": '"hush-1234"'}, "name of an environment variable"),
        (OPENAI, {"key_env": '"hush"'}, "name of an environment variable"),
        (OPENAI, {"key": '"hush"'}, 'unknown key "key"; did you mean "key_env"?'),
        (OPENAI, {"answer": '"xml"'}, "one of json_object, json_schema, text"),
        (OPENAI, {"answer": "[]"}, "one of json_object, json_schema, text"),
        (OPENAI, {"timeout": "0"}, "from 1 to 600"),
        (OPENAI, {"timeout": "true"}, "from 1 to 600"),
        (OPENAI, {"studies": "51"}, "from 1 to 50"),
        (OPENAI, {"labels": "{}"}, 'unknown key "labels"'),
        (ONNX, {"labels": None}, '"labels" is missing'),
        (ONNX, {"labels": '{a = "supports", b = "contradicts"}'}, "leaves none"),
        (
            ONNX,
            {"labels": '{a = "supports", b = "contradicts", c = "silent", d = "x"}'},
            "leaves none",
        ),
        (ONNX, {"labels": '["supports", "contradicts", "silent"]'}, "leaves none"),
        (ONNX, {"order": '"both"'}, "study-claim or claim-study"),
        (ONNX, {"order": "[]"}, "study-claim or claim-study"),
        (ONNX, {"max_length": "8"}, "from 32 to 8192"),
        (ONNX, {"tokenizer": None}, '"tokenizer" is missing'),
    ],
)
def test_a_slip_is_one_sentence_with_its_place_and_never_the_value(
    tmp_path, table, slip, said
):
    with pytest.raises(SettingsError) as caught:
        read_settings(write(tmp_path, table, **slip), {})
    assert said in str(caught.value)
    assert "assay.toml, [readers.mine]" in str(caught.value)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["readers = 5", "[readers]\nmine = 5", '[readers."a b"]\nkind = "onnx"']
)
def test_what_is_no_table_of_readers_is_an_error(tmp_path, text):
    (tmp_path / "assay.toml").write_text(text)
    with pytest.raises(SettingsError, match="reader"):
        read_settings(tmp_path, {})


def test_a_wrong_name_is_answered_with_those_that_there_are(tmp_path):
    readers = read_settings(write(tmp_path, OPENAI), {}).readers
    assert find_reader(readers, "mine", "assay.toml") is readers[0]
    with pytest.raises(SettingsError, match=r"no reader .other.* there is: mine\."):
        find_reader(readers, "other", "assay.toml")
    with pytest.raises(SettingsError, match=r"no table \[readers\.other\]"):
        find_reader((), "other", "assay.toml")


def test_every_key_is_a_field_with_a_purpose(tmp_path):
    for keys in READER_KEYS.values():
        for name, key in keys.items():
            assert key.purpose.endswith((".", "/v1")), name
