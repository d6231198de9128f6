"""What nodes, ties and sources carry, from `atlas.records`: names, types, lists, units and meanings.

The codebook is written from here, and every format writes and reads by it. Three rules hold for all formats:

- *None and absent are one*: where a record's field is unknown (None), a file says nothing, and `restored` puts None
  back for the fields that the node's kind has.
- *Lists and records are JSON text* where a format has no type for them; `Field.in_text` says so.
- *Ties keep their key*: the relation, or an integer where a relation is repeated between the same two nodes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from atlas.records import NODE_TABLES, PARTIAL_DATE, TABLES, Asset, Record
from atlas.vocabulary import Kind, Standing

KEY: Final = "key"
"""Name under which a format that has no keys for parallel ties keeps a tie's key."""

HANGING: Final = ("commitments", "measurements", "profiles")
"""Tables whose rows hang on nodes, as a tuple of dictionaries."""

_ENDS: Final = ("subject", "object")
_UNITS: Final = {"_m": "metres", "_fte": "full-time equivalents", "_ha": "hectares", "_m2": "square metres"}
_RECORDS: Final[Mapping[Kind, type[Record]]] = {
    **{kind: TABLES[table] for table, kind in NODE_TABLES.items()},
    Kind.ASSET: Asset,
}


class FieldType(StrEnum):
    """Type of one value; a list has many of it."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DAY = "day"
    PARTIAL_DATE = "partial_date"
    RECORD = "record"


PYTHON: Final[Mapping[FieldType, tuple[type, ...]]] = {
    FieldType.TEXT: (str,),
    FieldType.INTEGER: (int,),
    FieldType.NUMBER: (float, int),
    FieldType.BOOLEAN: (bool,),
    FieldType.DAY: (str,),
    FieldType.PARTIAL_DATE: (str,),
    FieldType.RECORD: (dict,),
}
"""What a value is in the graph: days and partial dates are ISO text."""


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute.

    Parameters
    ----------
    name : str
        As in the graph.
    type : FieldType
        Of one value.
    description, unit : str
        What it means, and in what unit; the unit is empty where it has none.
    is_list : bool
        A tuple of values, in an order that is kept.
    is_nullable : bool
        None where it is unknown.
    is_optional : bool
        Carried by some of those that could: what hangs on a node, and `standing`.
    carriers : tuple of str
        Kinds of nodes that carry it; empty for a tie or a source.
    choices : tuple of str
        The closed list that it is taken from, where there is one.
    parts : tuple of Field
        Fields of a record.
    """

    name: str
    type: FieldType
    description: str
    unit: str = ""
    is_list: bool = False
    is_nullable: bool = False
    is_optional: bool = False
    carriers: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    parts: tuple[Field, ...] = ()

    @property
    def is_always_there(self) -> bool:
        """Whether every file has it; the others are left out of a graph in which nobody carries them."""
        return not self.is_optional and self.carriers != (Kind.ASSET.value,)

    @property
    def in_text(self) -> bool:
        """Whether a format without lists holds it as JSON text."""
        return self.is_list or self.type is FieldType.RECORD

    def fits(self, value: object) -> bool:
        """Whether a value is of this type.

        Examples
        --------
        >>> field = node_field("domains")
        >>> field.fits(("workforce",)), field.fits("workforce"), field.fits(None)
        (True, False, False)
        """
        if value is None:
            return self.is_nullable
        if self.is_list:
            return type(value) is tuple and all(self._one_fits(one) for one in value)
        return self._one_fits(value)

    def _one_fits(self, value: Any) -> bool:
        if self.type is FieldType.NUMBER and type(value) in (float, int):
            return bool(abs(value) < float("inf"))
        if self.type is FieldType.RECORD:
            known = {part.name: part for part in self.parts}
            return type(value) is dict and all(name in known and known[name].fits(one) for name, one in value.items())
        if type(value) not in PYTHON[self.type]:
            return False
        if self.type is FieldType.DAY:
            return len(value) == 10 and bool(PARTIAL_DATE.match(value))
        return self.type is not FieldType.PARTIAL_DATE or bool(PARTIAL_DATE.match(value))

    def text(self, value: Any) -> str:
        """A value as text, for a format that has no types; None is not to be written.

        Examples
        --------
        >>> node_field("domains").text(("workforce",)), node_field("is_anchor").text(True)
        ('["workforce"]', 'true')
        """
        if self.in_text:
            return json.dumps(value, ensure_ascii=False, allow_nan=False)
        if self.type is FieldType.BOOLEAN:
            return "true" if value else "false"
        return repr(value) if self.type in (FieldType.NUMBER, FieldType.INTEGER) else str(value)

    def value(self, text: str) -> Any:
        """Read a value back from its text.

        Raises
        ------
        ValueError
            If the text is not of this type.

        Examples
        --------
        >>> node_field("domains").value('["workforce"]'), node_field("staff_fte").value("12.5")
        (('workforce',), 12.5)
        """
        if self.in_text:
            return self.plain(json.loads(text))
        if self.type is FieldType.BOOLEAN:
            return {"true": True, "1": True, "false": False, "0": False}[text.strip().lower()]
        if self.type is FieldType.INTEGER:
            return int(text)
        return float(text) if self.type is FieldType.NUMBER else text

    def plain(self, value: Any) -> Any:
        """A value as the graph has it, from one read as JSON: lists become tuples."""
        return tuple(value) if self.is_list and isinstance(value, list | tuple) else value


def _field(name: str, described: Mapping[str, Any], enums: Mapping[str, Any], carriers: tuple[str, ...] = ()) -> Field:
    options = [one for one in described.get("anyOf", (described,)) if one.get("type") != "null"]
    is_nullable = len(options) < len(described.get("anyOf", (described,)))
    is_list = options[0].get("type") == "array"
    one = options[0]["items"] if is_list else options[0]
    one = {**one, **enums.get(one.get("$ref", "").rpartition("/")[2], {})}
    kinds = {"integer": FieldType.INTEGER, "number": FieldType.NUMBER, "boolean": FieldType.BOOLEAN}
    kind = kinds.get(one["type"], FieldType.DAY if one.get("format") == "date" else FieldType.TEXT)
    if one.get("pattern", "").startswith(r"^\d{4}(-\d{2}"):
        kind = FieldType.PARTIAL_DATE
    return Field(
        name,
        kind,
        described.get("description", ""),
        unit=next((unit for ending, unit in _UNITS.items() if name.endswith(ending)), ""),
        is_list=is_list,
        is_nullable=is_nullable,
        carriers=carriers,
        choices=tuple(one.get("enum", ())),
    )


def _fields_of(record: type[Record], carriers: tuple[str, ...] = ()) -> list[Field]:
    schema = record.model_json_schema()
    return [
        _field(name, schema["properties"][name], schema.get("$defs", {}), carriers)
        for name in record.columns()
        if name not in ("id", "node", *_ENDS)
    ]


def _renamed(field: Field, name: str) -> Field:
    return Field(name, field.type, field.description, carriers=field.carriers, choices=field.choices)


def _joined(one: Field, other: Field) -> Field:
    if (one.type, one.is_list, one.is_nullable) != (other.type, other.is_list, other.is_nullable):
        raise TypeError(f"{one.name} is of one type for {one.carriers} and of another for {other.carriers}")
    words = dict.fromkeys((one.description, other.description))
    return Field(
        one.name,
        one.type,
        "; ".join(words),
        unit=one.unit,
        is_list=one.is_list,
        is_nullable=one.is_nullable,
        carriers=(*one.carriers, *other.carriers),
        choices=one.choices if one.choices == other.choices else (),
    )


def _standing(what: str) -> Field:
    words = f"in a graph as at a day: whether this {what} stands on it, or may stand"
    return Field("standing", FieldType.TEXT, words, is_optional=True, choices=tuple(Standing))


def _hanging(table: str) -> Field:
    words = (TABLES[table].__doc__ or "").strip()
    return Field(table, FieldType.RECORD, words, is_list=True, is_optional=True, parts=tuple(_fields_of(TABLES[table])))


def _node_fields() -> tuple[Field, ...]:
    found = {"kind": Field("kind", FieldType.TEXT, "what the node is", choices=tuple(_RECORDS))}
    for kind, record in _RECORDS.items():
        for field in _fields_of(record, (kind.value,)):
            own = _renamed(field, "type") if field.name == "kind" else field
            found[own.name] = _joined(found[own.name], own) if own.name in found else own
    last = ("source", "evidence", "checked_on")
    ordered = [field for name, field in found.items() if name not in last] + [found[name] for name in last]
    return (*ordered, *map(_hanging, HANGING), _standing("node"))


NODE_FIELDS: Final = _node_fields()
"""Every attribute of nodes, in the order in which files have them; the id is not among them."""

TIE_FIELDS: Final = (*_fields_of(TABLES["ties"]), _standing("tie"))
"""Every attribute of ties, in order; the two ends and the key are not among them."""

SOURCE_FIELDS: Final = tuple(_fields_of(TABLES["sources"]))
"""Every attribute of the sources that rows name; the graph has them by id in `graph.graph["sources"]`."""

_NODE: Final = {field.name: field for field in NODE_FIELDS}
_TIE: Final = {field.name: field for field in TIE_FIELDS}
_OF_KIND: Final = {
    "": tuple(field for field in TIE_FIELDS if not field.is_optional),
    "source": SOURCE_FIELDS,
    **{kind.value: tuple(field for field in NODE_FIELDS if kind.value in field.carriers) for kind in _RECORDS},
}


def node_field(name: str) -> Field:
    """The attribute of nodes of this name; KeyError if there is none."""
    return _NODE[name]


def tie_field(name: str) -> Field:
    """The attribute of ties of this name; KeyError if there is none."""
    return _TIE[name]


def restored(values: Mapping[str, Any], kind: str = "") -> dict[str, Any]:
    """Put back what a file leaves out: None for what is unknown, an empty list, an empty text.

    Parameters
    ----------
    values : mapping
        What a file says of a node or a tie, of the types that the fields have.
    kind : str, optional
        The node's kind, or "source"; a tie has none.

    Examples
    --------
    >>> found = restored({"kind": "place", "name": "Camden"}, "place")
    >>> found["type"]
    ''
    >>> restored({"relation": "serves"})["end"] is None
    True
    """
    found = dict(values)
    for field in _OF_KIND.get(kind, ()):
        if field.name not in found:
            if field.is_list:
                found[field.name] = ()
            elif field.is_nullable:
                found[field.name] = None
            elif field.type is FieldType.TEXT:
                found[field.name] = ""
    return found


def restored_key(text: str | int) -> str | int:
    """A tie's key from its text: relations are words, so digits are an integer.

    Examples
    --------
    >>> restored_key("member_of"), restored_key("1")
    ('member_of', 1)
    """
    return int(text) if str(text).isdecimal() else text
