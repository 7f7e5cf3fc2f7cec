"""A digest as JSON: the same digest comes back, and every field is in the schema."""

import json
import types
import typing
from dataclasses import fields, is_dataclass
from enum import StrEnum

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.digest.model import Digest
from assay.output.digest_json import parse_digest_json, render_digest_json
from assay.output.typed import MisfitError
from tests import digest_sample
from tests.test_output_clean import NASTY
from tests.test_schemas import SCHEMAS, check

SCHEMA = SCHEMAS["digest"]
SAMPLES = [
    digest_sample.full_digest(),
    digest_sample.quiet_digest(),
    digest_sample.failed_digest(),
]


def values_of(hint):
    """Return a strategy for any value of a type of the nouns."""
    plain = {
        str: st.text(max_size=8) | NASTY,
        int: st.integers(-9, 10**9),
        float: st.floats(allow_nan=False, allow_infinity=False),
        bool: st.booleans(),
        type(None): st.none(),
    }
    if hint in plain:
        return plain[hint]
    inside = typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        return st.lists(values_of(inside[0]), max_size=2).map(tuple)
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return st.one_of(*map(values_of, inside))
    if issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    named = typing.get_type_hints(hint)
    return st.builds(hint, **{name: values_of(each) for name, each in named.items()})


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.deferred(lambda: values_of(Digest)))
def test_any_digest_comes_back_as_it_was(digest):
    text = render_digest_json(digest)
    assert parse_digest_json(text) == digest
    assert render_digest_json(parse_digest_json(text)) == text


@pytest.mark.parametrize("digest", SAMPLES)
def test_the_samples_come_back_as_they_were(digest):
    text = render_digest_json(digest)
    assert parse_digest_json(text) == digest
    check("digest", text)


def nouns_in(hint, found):
    """Return every noun that a digest holds, by its name."""
    for inside in typing.get_args(hint) or (hint,):
        has_fields = is_dataclass(inside) or hasattr(inside, "_fields")
        if not has_fields or inside.__name__ in found:
            continue
        hints = typing.get_type_hints(inside)
        found[inside.__name__] = set(hints)
        for each in hints.values():
            nouns_in(each, found)
    return found


def test_every_field_of_every_noun_is_in_the_schema():
    nouns = nouns_in(Digest, {})
    own = {each.name for each in fields(Digest)} | {"schema", "subject"}
    assert set(SCHEMA["properties"]) == set(SCHEMA["required"]) == own
    parts = [set(part["properties"]) for part in SCHEMA["$defs"].values()]
    for part in SCHEMA["$defs"].values():
        assert set(part["required"]) == set(part["properties"])
    for name, held in nouns.items():
        assert held in parts or name == "Digest", f"{name} is not in the schema"


def test_what_a_newer_assay_adds_is_passed_over_and_what_lacks_is_absent():
    value = json.loads(render_digest_json(SAMPLES[0]))
    value["weather"] = {"rain": 1}
    value["items"][0]["work"]["colour"] = "green"
    assert parse_digest_json(json.dumps(value)) == SAMPLES[0]
    small = {"schema": "assay/digest/1", "number": 1, "made": "2026-11-23"}
    assert parse_digest_json(json.dumps(small)) == Digest(number=1, made="2026-11-23")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "the schema is not assay/digest/1"),
        ('{"schema": "assay/digest/2"}', "the schema is not assay/digest/1"),
        ('{"schema": "assay/digest/1"}', "a field lacks"),
        ('{"schema": "assay/digest/1", "number": "3"}', "number: not a whole number"),
    ],
)
def test_what_is_no_digest_is_refused_with_the_place(text, said):
    with pytest.raises(MisfitError, match=said):
        parse_digest_json(text)
