"""Settings: the environment, else assay.toml; secrets stay secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.edge.settings import (
    EUTILS,
    KEYS,
    SECRET,
    Settings,
    hide_secrets,
    read_settings,
)
from assay.errors import SettingsError, UsageError

KEY, MAIL = "k3y-of-nobody-at-all", "nobody@example.org"


@pytest.fixture
def write(tmp_path):
    def write(text):
        (tmp_path / "assay.toml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_without_file_and_variables_there_are_defaults(tmp_path):
    assert read_settings(tmp_path, {}) == Settings(tool="assay", eutils=EUTILS)


def test_the_file_sets_every_key(write):
    folder = write(
        f'ncbi_api_key = "{KEY}"\nemail = "{MAIL}"\ntool = "mine"\n'
        'eutils = "https://example.org/eutils"\nopenalex_credits = 500\n'
        'crossref = "https://example.org/crossref"\n'
    )
    assert read_settings(folder, {}) == Settings(
        api_key=KEY,
        email=MAIL,
        tool="mine",
        eutils="https://example.org/eutils/",
        openalex_credits="500",
        crossref="https://example.org/crossref/",
    )


def test_the_environment_wins_over_the_file(write):
    folder = write('tool = "file"\nemail = "file@example.org"\n')
    found = read_settings(
        folder, {"ASSAY_TOOL": "variable", "NCBI_API_KEY": f" {KEY}\n"}
    )
    assert (found.tool, found.email, found.api_key) == (
        "variable",
        "file@example.org",
        KEY,
    )


def test_an_empty_variable_counts_as_not_set(write):
    assert read_settings(write('tool = "file"'), {"ASSAY_TOOL": " "}).tool == "file"


def test_an_unknown_key_is_an_error_that_names_the_known_ones(write):
    with pytest.raises(SettingsError) as caught:
        read_settings(write('emial = "x@example.org"'), {})
    said = str(caught.value)
    assert 'unknown key "emial"; did you mean "email"?' in said
    assert all(key in said for key in KEYS)
    assert "assay.toml" in said


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("email = 5", "number"),
        ("email = [1]", "a list"),
        ("email = true", "true or false"),
        ("[email]\nx = 1", "a table"),
        ("tool = 2020-01-01", "date"),
        ("tool = 5", "number"),
        ("openalex_credits = true", "true or false"),
        ("openalex_credits = -5", "whole number"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_with_its_place(write, line, place):
    with pytest.raises(SettingsError, match=place) as caught:
        read_settings(write(line), {})
    assert "assay.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ASSAY_EMAIL", "hush-hush"),
        ("ASSAY_EMAIL", "hush hush@example.org"),
        ("NCBI_API_KEY", "hush hush"),
        ("NCBI_API_KEY", "hush\x1b[31m"),
        ("ASSAY_TOOL", "hush hush"),
        ("ASSAY_EUTILS", "ftp://hush"),
        ("ASSAY_EUTILS", "http://hush.example.org/"),
        ("ASSAY_EUTILS", "https://me:hush@example.org/"),
        ("ASSAY_EUTILS", "https://example.org/?api_key=hush"),
        ("ASSAY_EUTILS", "https://[hush"),
        ("ASSAY_EUTILS", "https://example.org:hush/"),
        ("OPENALEX_API_KEY", "hush hush"),
        ("ASSAY_OPENALEX_CREDITS", "hush"),
        ("ASSAY_UNPAYWALL", "http://hush.example.org/"),
    ],
)
def test_a_bad_value_is_refused_and_never_repeated(tmp_path, variable, value):
    with pytest.raises(SettingsError, match=variable) as caught:
        read_settings(tmp_path, {variable: value})
    assert "hush" not in str(caught.value)
    assert isinstance(caught.value, UsageError)


def test_a_broken_file_is_named_with_the_line_but_not_quoted(write):
    with pytest.raises(SettingsError, match=r"not valid TOML at line 2") as caught:
        read_settings(write(f'tool = "x"\nncbi_api_key = {KEY}\n'), {})
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None


def test_files_that_are_no_text_are_plain_errors(tmp_path):
    (tmp_path / "assay.toml").write_bytes(b"tool = '\xff'")
    with pytest.raises(SettingsError, match="UTF-8"):
        read_settings(tmp_path, {})
    (tmp_path / "assay.toml").write_text("tool = " + "[" * 90_000)
    with pytest.raises(SettingsError, match="nested too deeply"):
        read_settings(tmp_path, {})
    (tmp_path / "assay.toml").unlink()
    (tmp_path / "assay.toml").mkdir()
    with pytest.raises(SettingsError, match="folder"):
        read_settings(tmp_path, {})


def test_repr_hides_the_secrets_and_shows_the_rest():
    shown = repr(Settings(api_key=KEY, email=MAIL, tool="mine"))
    assert KEY not in shown
    assert MAIL not in shown
    assert "tool='mine'" in shown
    assert "api_key=''" in repr(Settings())


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=4))
def test_no_text_keeps_a_secret(secret):
    text = f"GET /?api_key={secret}&x ({secret})"
    assert secret not in hide_secrets(text, Settings(api_key=secret)).replace(
        "(hidden)", ""
    )


def test_an_address_in_a_url_is_hidden_too():
    hidden = hide_secrets("?email=nobody%40example.org", Settings(email=MAIL))
    assert "nobody" not in hidden


def test_the_key_and_the_address_are_what_is_secret():
    assert {"api_key", "email", "openalex_api_key"} == SECRET
