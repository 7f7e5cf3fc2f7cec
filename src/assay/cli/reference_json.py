"""The page docs/reference/json.md, made of the JSON Schemas that ship."""

import json
from collections.abc import Iterator
from typing import Any

from assay.edge.packaged import packaged_names, read_packaged_text

INTRODUCTION = """# JSON

Every command takes `--json` and then writes one JSON document to standard output:
UTF-8, indented, with the same bytes for the same findings. Its `schema` names its shape
and the shape's number, such as `assay/check/1`. Under one number fields may be added;
when one goes or changes its meaning the number rises. The schemas (JSON Schema
2020-12) are the files in `assay/data/schemas` of the installed package.

Offsets count characters (Unicode code points) from 0; `start` is the first, `end` is
behind the last."""

Schema = dict[str, Any]
"""A part of a JSON Schema; Any, because JSON holds anything."""


def render_schemas() -> str:
    """Return the page of every JSON shape, each with a table of its fields."""
    parts = [INTRODUCTION]
    for name in packaged_names("schemas"):
        schema = json.loads(read_packaged_text(f"schemas/{name}"))
        parts += [
            f"## {schema['title']}",
            schema["description"].partition(" Absent")[0],
        ]
        parts.append(_table(schema))
        for title, part in schema.get("$defs", {}).items():
            parts += [f"### {title} ({schema['title']})", part.get("description", "")]
            parts.append(_table(part))
    return "\n\n".join(filter(None, parts)) + "\n"


def _table(schema: Schema) -> str:
    if "properties" not in schema:
        return f"{_type(schema)}." if schema.get("enum") else ""
    lines = ["| field | type | |", "|---|---|---|", *_fields(schema, "")]
    return "\n".join(lines)


def _fields(schema: Schema, prefix: str) -> Iterator[str]:
    for name, part in schema.get("properties", {}).items():
        said = part.get("description", "").replace("|", "\\|")
        yield f"| `{prefix}{name}` | {_type(part)} | {said} |"
        yield from _fields(part, f"{prefix}{name}.")
        if isinstance(part.get("items"), dict):
            yield from _fields(part["items"], f"{prefix}{name}[].")


def _type(part: Schema) -> str:
    """Return a schema's type in words.

    >>> _type({"type": ["string", "null"]}), _type({"const": 1})
    ('string or null', '`1`')
    """
    if "$ref" in part:
        return str(part["$ref"].rpartition("/")[2])
    if "const" in part:
        return f"`{part['const']}`"
    if "enum" in part:
        return " · ".join(
            "null" if each is None else str(each) for each in part["enum"]
        )
    choices = part.get("anyOf") or part.get("oneOf")
    if choices:
        return " or ".join(map(_type, choices))
    kinds = part.get("type", "anything")
    names = [kinds] if isinstance(kinds, str) else kinds
    inner = _type(part["items"]) if isinstance(part.get("items"), dict) else ""
    return " or ".join(
        f"array of {inner}" if name == "array" and inner else name for name in names
    )
