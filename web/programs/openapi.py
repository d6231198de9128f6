"""The document that describes the interface (OpenAPI 3.1), made of the table that the routes are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from atlas import __version__
from web.library import Library
from web.programs.asking import LIMIT, OFFSET
from web.programs.describe import Parameter, Schema
from web.programs.operations import Operation, choices_of, of_collections, reference
from web.programs.others import OTHERS
from web.programs.table import AT, IN

PROBLEM: Final = "application/problem+json"
MIMETYPE: Final = "application/vnd.oai.openapi+json;version=3.1"

_PROBLEM: Final[Schema] = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "every field that cannot be used, what was given, and what is allowed",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("field", "value", "allowed")},
                "required": ["field", "value", "allowed"],
            },
        },
        "suggestions": {"type": "array", "items": {"type": "string"}, "description": "near names that do exist"},
    },
    "required": ["type", "title", "status", "detail"],
}

_ABOUT: Final = (
    "Everything that the pages show, read-only and without a key. An answer follows from its address and from the "
    "revision that it names: cite it, and the same answer can be had again."
)
_WRONG: Final = {
    "400": "A field is unknown or cannot be used; each is named.",
    "404": "There is no such thing; near names are given.",
    "429": "Too many answers were asked for in a minute; `Retry-After` says how long to wait.",
    "503": "Something that the answer needs is not here.",
    "default": "Something is wrong; with 500 the fault is ours.",
}
_HELD: Final = "What was sent before with this tag (`If-None-Match`) still holds."
_TOO_LONG: Final = "What was sent is longer than is taken."


def document(library: Library) -> dict[str, Any]:
    """The whole interface under `/api/v1`.

    Parameters
    ----------
    library : Library
        Every release that is here: what may be chosen follows from it.
    """
    return describe((*of_collections(), *OTHERS), library, "Atlas", _ABOUT)


def describe(
    operations: Iterable[Operation],
    library: Library,
    title: str,
    words: str,
    often: tuple[Parameter, ...] = (IN, AT, LIMIT, OFFSET),
) -> dict[str, Any]:
    """Some operations as an OpenAPI document.

    Parameters
    ----------
    operations : iterable of Operation
        In the order in which they are shown.
    library : Library
        Every release that is here.
    title, words : str
        Of the document.
    often : tuple of Parameter
        What many of them take, besides the choices: written once.
    """
    operations = tuple(operations)
    shared = _shared(operations, library, often)
    rows = dict(one.rows for one in operations if one.rows)
    schemas = {"Problem": _PROBLEM, **rows}
    groups = dict.fromkeys(one.group for one in operations)
    responses = {_name(status): _response(words, {PROBLEM: reference("Problem")}) for status, words in _WRONG.items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": __version__, "description": words, "license": {"name": "MIT"}},
        "tags": [{"name": group} for group in groups],
        "paths": _paths(operations, library, shared),
        "components": {
            "schemas": schemas,
            "responses": responses,
            "parameters": {name: _parameter(one) for name, one in shared.items()},
        },
    }


def all_parameters(operation: Operation, library: Library) -> tuple[Parameter, ...]:
    """What an address takes, the choices that its own fields leave included."""
    own = {one.name for one in operation.parameters}
    choices = choices_of(library, borough=operation.is_older) if operation.takes_choices else ()
    left_out = {"release"} if operation.name == "compare" else set()
    found = (*operation.parameters, *(one for one in choices if one.name not in own | left_out))
    if not operation.is_older:
        return found
    return tuple(replace(one, may_be_empty=not (one.in_path or one.is_required)) for one in found)


def _shared(operations: Iterable[Operation], library: Library, often: tuple[Parameter, ...]) -> dict[str, Parameter]:
    """Parameters that many addresses take in the same way, by the name of their part of the document."""
    found = {f"choice-{one.name}": one for one in choices_of(library, borough=True)}
    if any(one.is_older for one in operations):
        found |= {f"older-{one.name}": replace(one, may_be_empty=True) for one in found.values()}
    taken = [one for operation in operations for one in operation.parameters]
    return found | {one.name: one for one in often if one in taken}


def _paths(operations: Iterable[Operation], library: Library, shared: Mapping[str, Parameter]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in operations:
        found.setdefault(one.path, {})[one.method] = _told(one, library, shared)
    return found


def _told(operation: Operation, library: Library, shared: Mapping[str, Parameter]) -> dict[str, Any]:
    wrong = {status: {"$ref": f"#/components/responses/{_name(status)}"} for status in _WRONG}
    body = {"requestBody": _body(operation.body)} if operation.body else {}
    own = {"413": _response(_TOO_LONG, {PROBLEM: reference("Problem")})} if body else {"304": {"description": _HELD}}
    return {
        "operationId": operation.name,
        "tags": [operation.group],
        "summary": operation.summary,
        **({"description": operation.words} if operation.words else {}),
        "parameters": [_referred(one, shared) for one in all_parameters(operation, library)],
        **body,
        "responses": {"200": _response(operation.summary, operation.answers), **own, **wrong},
    }


def _body(forms: Mapping[str, Schema]) -> dict[str, Any]:
    return {"required": True, "content": {kind: {"schema": schema} for kind, schema in forms.items()}}


def _referred(one: Parameter, shared: Mapping[str, Parameter]) -> dict[str, Any]:
    name = next((name for name, other in shared.items() if other == one), None)
    return _parameter(one) if name is None else {"$ref": f"#/components/parameters/{name}"}


def _parameter(one: Parameter) -> dict[str, Any]:
    found: dict[str, Any] = {"name": one.name, "in": "path" if one.in_path else "query", "description": one.words}
    found |= {"required": True} if one.is_required else {}
    found |= {"allowEmptyValue": True} if one.may_be_empty else {}
    found |= {"style": "form", "explode": False} if one.schema.get("type") == "array" else {}
    return {**found, "schema": one.schema}


def _response(words: str, answers: Mapping[str, Schema]) -> dict[str, Any]:
    return {"description": words, "content": {kind: {"schema": schema} for kind, schema in answers.items()}}


def _name(status: str) -> str:
    return f"Problem{status.capitalize()}"
