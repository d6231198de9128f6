"""The definition as OpenAPI 3.0, since GDAL and the conformance class of Part 1 know no other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from web.programs.describe import Schema

MIMETYPE: Final = "application/vnd.oai.openapi+json;version=3.0"
VERSION: Final = "3.0.3"
_WITHIN: Final = ("items", "not")


def as_oas30(document: Mapping[str, Any], server: str, root: str) -> dict[str, Any]:
    """A document of OpenAPI 3.1 as one of 3.0.

    Parameters
    ----------
    document : mapping
        From `web.programs.openapi.describe`.
    server : str
        Address that paths are told below.
    root : str
        What the path of that address begins with; every path of the document does.
    """
    parts = document["components"]
    return {
        **document,
        "openapi": VERSION,
        "servers": [{"url": server}],
        "paths": {path.removeprefix(root) or "/": _path(item) for path, item in document["paths"].items()},
        "components": {
            "schemas": {name: schema_30(one) for name, one in parts["schemas"].items()},
            "responses": {name: _response(one) for name, one in parts["responses"].items()},
            "parameters": {name: _parameter(one) for name, one in parts["parameters"].items()},
        },
    }


def schema_30(schema: Schema) -> Schema:
    """A schema in the words of OpenAPI 3.0.

    Examples
    --------
    >>> schema_30({"type": ["string", "null"], "examples": ["E09000023"]})
    {'type': 'string', 'nullable': True, 'example': 'E09000023'}
    >>> schema_30({"type": "array", "items": {"const": "Feature"}})
    {'type': 'array', 'items': {'type': 'string', 'enum': ['Feature']}}
    """
    found: dict[str, Any] = {}
    for word, value in schema.items():
        found |= _keyword(word, value)
    if found.get("type") == "array":
        found.setdefault("items", {})
    return found


def _keyword(word: str, value: Any) -> dict[str, Any]:
    if word == "type" and isinstance(value, list):
        return _types(value)
    if word == "const":
        return {"type": "string", "enum": [value]}
    if word == "examples":
        return {"example": value[0]}
    if word == "properties":
        return {word: {name: schema_30(one) for name, one in value.items()}}
    return {word: schema_30(value) if word in _WITHIN else value}


def _types(kinds: list[str]) -> dict[str, Any]:
    named = [kind for kind in kinds if kind != "null"]
    nullable = {"nullable": True} if "null" in kinds else {}
    return {"type": named[0], **nullable} if len(named) == 1 else {"anyOf": [{"type": kind} for kind in named]}


def _path(item: Mapping[str, Any]) -> dict[str, Any]:
    return {method: _operation(operation) for method, operation in item.items()}


def _operation(operation: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **operation,
        "parameters": [_parameter(one) for one in operation["parameters"]],
        "responses": {status: _response(one) for status, one in operation["responses"].items()},
    }


def _parameter(one: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**one, "schema": schema_30(one["schema"])} if "schema" in one else one


def _response(one: Mapping[str, Any]) -> Mapping[str, Any]:
    if "content" not in one:
        return one
    return {**one, "content": {kind: {"schema": schema_30(held["schema"])} for kind, held in one["content"].items()}}
