"""What an address takes and what a row holds, as JSON Schema: what is documented is what is checked."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from atlas.exports.graph.fields import Field, FieldType
from atlas.records import PARTIAL_DATE

Schema = Mapping[str, Any]

NUMBER: Final = re.compile(r"-?\d{1,20}(\.\d{1,40})?([eE][+-]?\d{1,3})?", re.ASCII)
WHOLE: Final = re.compile(r"-?\d{1,40}", re.ASCII)
DAY: Final = (
    r"[12]\d{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|[12]\d))"
)
"""A day of the calendar, but for the last of February."""

_TYPES: Final[Mapping[FieldType, Schema]] = {
    FieldType.TEXT: {"type": "string"},
    FieldType.INTEGER: {"type": "integer"},
    FieldType.NUMBER: {"type": "number"},
    FieldType.BOOLEAN: {"type": "boolean"},
    FieldType.DAY: {"type": "string", "format": "date"},
    FieldType.PARTIAL_DATE: {"type": "string", "pattern": PARTIAL_DATE.pattern},
    FieldType.RECORD: {"type": "object"},
}


def schema_of(field: Field) -> Schema:
    """A field of a row as JSON Schema.

    Examples
    --------
    >>> schema_of(Field("area_m2", FieldType.NUMBER, "how large", unit="square metres", is_nullable=True))
    {'type': ['number', 'null'], 'description': 'how large (square metres)'}
    """
    one: dict[str, Any] = dict(_TYPES[field.type])
    if field.choices:
        one["enum"] = [*field.choices]
    if field.is_list:
        one = {"type": "array", "items": one}
    if field.is_nullable:
        one["type"] = [one["type"], "null"]
        one |= {"enum": [*one["enum"], None]} if "enum" in one else {}
    words = field.description + (f" ({field.unit})" if field.unit else "")
    return {**one, "description": words} if words else one


def row_schema(fields: Iterable[Field]) -> Schema:
    """A row of some fields as JSON Schema; only optional fields may be missing."""
    fields = tuple(fields)
    return {
        "type": "object",
        "properties": {field.name: schema_of(field) for field in fields},
        "required": [field.name for field in fields if not field.is_optional],
        "additionalProperties": False,
    }


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something that an address takes.

    Parameters
    ----------
    name, words : str
        What it is called, and what it does.
    schema : mapping
        What it may be, as JSON Schema; a list is separated by commas.
    allowed : str
        What it may be, in words; made of the schema if not given.
    is_required : bool
        Whether it must be given.
    in_path : bool
        Whether it is a part of the path.
    may_be_empty : bool
        Whether it may be given and empty, as forms send it.
    is_capped : bool
        Whether what is above the maximum is taken for the maximum.
    """

    name: str
    words: str
    schema: Schema
    allowed: str = ""
    is_required: bool = False
    in_path: bool = False
    may_be_empty: bool = False
    is_capped: bool = False

    def read(self, text: str) -> Any:
        """The value that a text stands for.

        Raises
        ------
        ValueError
            Saying in words what would have been right.

        Examples
        --------
        >>> limit = Parameter("limit", "rows", {"type": "integer", "minimum": 1, "maximum": 1000})
        >>> limit.read("20")
        20
        >>> limit.read("0")
        Traceback (most recent call last):
            ...
        ValueError: a whole number from 1 to 1000
        """
        schema = {word: value for word, value in self.schema.items() if not (self.is_capped and word == "maximum")}
        try:
            value = value_of(schema, text)
            return min(value, self.schema["maximum"]) if self.is_capped else value
        except ValueError:
            raise ValueError(self.allowed or in_words(self.schema)) from None


def value_of(schema: Schema, text: str) -> Any:
    """Read a text by a schema; ValueError where it does not fit."""
    kind = schema.get("type", "string")
    if kind == "array":
        return _several(schema, text)
    if kind == "boolean":
        return {"true": True, "false": False}[text] if text in {"true", "false"} else _refuse()
    if kind in {"integer", "number"}:
        return _number(schema, text)
    is_right = (
        text in schema.get("enum", (text,))
        and re.fullmatch(schema.get("pattern", ".*"), text, re.ASCII | re.DOTALL) is not None
        and schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", 1_000)
    )
    return text if is_right else _refuse()


def _refuse() -> Any:
    raise ValueError


def _several(schema: Schema, text: str) -> tuple[Any, ...]:
    parts = text.split(",")
    if not schema.get("minItems", 1) <= len(parts) <= schema.get("maxItems", 100):
        raise ValueError
    return tuple(value_of(schema["items"], part.strip()) for part in parts)


def _number(schema: Schema, text: str) -> Any:
    form, read = (WHOLE, int) if schema["type"] == "integer" else (NUMBER, float)
    if not form.fullmatch(text):
        raise ValueError
    value = read(text)
    if not math.isfinite(value) or not schema.get("minimum", -math.inf) <= value <= schema.get("maximum", math.inf):
        raise ValueError
    return value


def in_words(schema: Schema) -> str:
    """What a schema allows, in words.

    Examples
    --------
    >>> in_words({"type": "array", "items": {"type": "string", "enum": ["health", "council"]}})
    'any of health, council, separated by commas'
    >>> in_words({"type": "integer", "minimum": 0})
    'a whole number of at least 0'
    >>> in_words({"type": "string", "examples": ["lain", "kq"]})
    'a text, such as lain'
    """
    if "enum" in schema:
        return _listed("one of", schema["enum"])
    kind = schema.get("type", "string")
    if kind == "array":
        item = schema["items"]
        each = _listed("any of", item["enum"]) if "enum" in item else f"{in_words(item)} each"
        return f"{each}, separated by commas"
    if kind == "boolean":
        return "true or false"
    if kind == "string":
        return "a text" + "".join(f", such as {one}" for one in schema.get("examples", [])[:1])
    said = "a whole number" if kind == "integer" else "a number"
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{said} from {low} to {high}"
    return said if low is None else f"{said} of at least {low}"


def _listed(how: str, values: Sequence[Any]) -> str:
    shown = ", ".join(map(str, values[:60]))
    return f"{how} {shown}" + (f" and {len(values) - 60} more" if len(values) > 60 else "")
