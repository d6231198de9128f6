"""A mapping: which attributes of a graph file from outside are which columns of the partnership tables."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from atlas.errors import Faults
from atlas.records import NODE_ID, NODE_TABLES, TABLES, Source
from atlas.sources.graph_files import GraphFile
from atlas.sources.textfiles import decode, read_bytes
from atlas.vocabulary import RELATIONS, Kind, Relation, label

LEAVE_OUT: Final = "leave out"
"""What a value is mapped to where nodes or ties that have it are not wanted."""

KIND: Final = "kind"
"""Column of nodes that says which table they belong to; the tables' own column `kind` is `type` here."""

TYPE: Final = "type"

_ENDS: Final = ("subject", "object")
_SECTIONS: Final = ("nodes", "ties", *NODE_TABLES)

Scalar: TypeAlias = str | bool | int | float


class Column(BaseModel):
    """Where a column comes from.

    Parameters
    ----------
    attribute : str or list of str
        The file's attribute; of several the first that is not empty. Written `from`.
    split : str
        What separates the parts of a list.
    date : str
        How days are written, as in `31/10/2026` for `%d/%m/%Y`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    attribute: str | tuple[str, ...] = Field(alias="from")
    split: Annotated[str, Field(min_length=1)] | None = None
    date: Annotated[str, Field(min_length=2)] | None = None

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes that are tried."""
        return (self.attribute,) if isinstance(self.attribute, str) else self.attribute


Columns: TypeAlias = dict[str, str | tuple[str, ...] | Column]


class GraphMapping(BaseModel):
    """A mapping as its file has it; `column_of`, `default_of` and `value_of` say what it means.

    Parameters
    ----------
    source : list of dict
        Rows of sources.csv; the first is what everything in the file rests on, unless it says otherwise.
    defaults : dict
        Values of columns where the file says nothing; under the name of a table, for that table alone.
    nodes, ties : dict
        Column to attribute, or to a `Column`.
    institutions, sites, networks, programmes, places : dict
        The same for one table; they go before `nodes`.
    values : dict
        By column, what the file's values mean.
    ids : dict
        Ids in Atlas of nodes by their id or label in the file.
    undirected : bool
        Take no edge's direction from the file: the kinds of its ends say which way it runs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: tuple[dict[str, Scalar], ...] = ()
    defaults: dict[str, Scalar | dict[str, Scalar]] = {}
    nodes: Columns = {}
    ties: Columns = {}
    institutions: Columns = {}
    sites: Columns = {}
    networks: Columns = {}
    programmes: Columns = {}
    places: Columns = {}
    values: dict[str, dict[str, Scalar]] = {}
    ids: dict[str, str] = {}
    undirected: bool = False

    def section(self, name: str) -> Columns:
        """Columns of one section."""
        columns: Columns = getattr(self, name)
        return columns

    def column_of(self, table: str, column: str) -> Column | None:
        """Where a column of a table comes from; None where no attribute has it.

        Examples
        --------
        >>> GraphMapping(nodes={"name": "Label"}).column_of("networks", "name").attributes
        ('Label',)
        """
        found = self.section(table).get(column)
        if found is None and table != "ties":
            found = self.nodes.get(column)
        return found if found is None or isinstance(found, Column) else Column(attribute=found)

    def default_of(self, table: str, column: str) -> str | None:
        """What a column of a table holds where the file says nothing; None where nobody has said.

        Examples
        --------
        >>> mapping = GraphMapping(defaults={"status": "active", "is_anchor": False, "networks": {"status": "unknown"}})
        >>> mapping.default_of("networks", "status"), mapping.default_of("institutions", "is_anchor")
        ('unknown', 'false')
        """
        own = self.defaults.get(table)
        for given in (own if isinstance(own, dict) else {}, self.defaults):
            found = given.get(column)
            if found is not None and not isinstance(found, dict):
                return _text(found)
        return None

    def value_of(self, column: str, value: str) -> str | None:
        """What the file's value of a column means; None where the mapping does not say."""
        meant = self.values.get(column, {})
        wanted = value.strip().casefold()
        found = next((text for name, text in meant.items() if name.strip().casefold() == wanted), None)
        return None if found is None else _text(found)


def _text(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def targets(table: str) -> tuple[str, ...]:
    """Columns of a table that a mapping may fill.

    Examples
    --------
    >>> targets("places")
    ('id', 'name', 'type')
    """
    columns = [name for name in TABLES[table].columns() if name not in _ENDS]
    return tuple(columns if table == "ties" else (TYPE if name == "kind" else name for name in columns))


@cache
def all_targets() -> Mapping[str, tuple[str, ...]]:
    """Columns that each section of a mapping may fill."""
    every = dict.fromkeys(name for table in NODE_TABLES for name in targets(table))
    return {"nodes": (KIND, *every), "ties": targets("ties"), **{table: targets(table) for table in NODE_TABLES}}


@cache
def choices(table: str, column: str) -> tuple[StrEnum, ...]:
    """The closed list of a column; empty where it has none.

    Examples
    --------
    >>> choices("networks", "scale")[0], choices("networks", "name")
    (<Scale.NEIGHBOURHOOD: 'neighbourhood'>, ())
    """
    if column == KIND and table == "nodes":
        return tuple(Kind)
    name = "kind" if column == TYPE else column
    annotation = TABLES[table].model_fields[name].annotation
    options = (annotation, *getattr(annotation, "__args__", ()))
    found = next((one for one in options if isinstance(one, type) and issubclass(one, StrEnum)), None)
    return () if found is None else tuple(found)


def plain(text: str) -> str:
    """Words of a text, in lower case.

    Examples
    --------
    >>> plain(" Further-Education  COLLEGE"), plain("member_of")
    ('further education college', 'member of')
    """
    return " ".join(re.findall(r"\w+", text.replace("_", " ").lower()))


def word_of(options: Iterable[StrEnum], text: str) -> str:
    """A member of a closed list by its spelling or its label, in any case; else the text as it is.

    Examples
    --------
    >>> word_of(choices("institutions", "sector"), "Further Education"), word_of((), "Zoo")
    ('further_education', 'Zoo')
    """
    wanted = plain(text)
    return next((one.value for one in options if wanted in (plain(one.value), plain(label(one)))), text)


def verb_of(text: str) -> tuple[Relation, bool] | None:
    """A relation by its spelling, its label or its inverse, and whether it is read backwards.

    Examples
    --------
    >>> verb_of("Member of"), verb_of("is convened by"), verb_of("likes")
    ((<Relation.MEMBER_OF: 'member_of'>, False), (<Relation.CONVENES: 'convenes'>, True), None)
    """
    wanted = plain(text)
    for relation, rule in RELATIONS.items():
        if wanted in (plain(relation.value), plain(rule.label)):
            return relation, False
        if wanted == plain(rule.inverse):
            return relation, True
    return None


def read_mapping(path: Path) -> GraphMapping:
    """Read a mapping from a TOML or a JSON file.

    Raises
    ------
    DataError
        If it is neither, with the line; or with every section, column, attribute and value that is not as a mapping
        has it.
    UnavailableError
        If there is no such file.
    """
    faults = Faults()
    data = read_bytes(path, faults)
    text = None if data is None else decode(data, path.name, faults)
    faults.raise_errors(f"{path.name} cannot be read as a mapping")
    try:
        document = json.loads(text or "") if path.suffix.lower() == ".json" else tomllib.loads(text or "")
    except (ValueError, RecursionError) as error:
        faults.add(path.name, f"not {'JSON' if path.suffix.lower() == '.json' else 'TOML'} ({error})", "a mapping")
        faults.raise_errors(f"{path.name} cannot be read as a mapping")
    return parse_mapping(document, path.name)


def parse_mapping(document: Any, file: str) -> GraphMapping:
    """Check a mapping's form and its words.

    Raises
    ------
    DataError
        With every fault.
    """
    faults = Faults()
    if isinstance(document, dict) and isinstance(document.get("source"), dict):
        document = {**document, "source": [document["source"]]}
    try:
        mapping = GraphMapping.model_validate(document)
    except ValidationError as error:
        for fault in error.errors():
            place = ".".join(
                str(part) for part in fault["loc"] if not str(part).startswith(("tuple[", "Column", "str"))
            )
            expected = f"one of {', '.join(GraphMapping.model_fields)}" if len(fault["loc"]) == 1 else "see the guide"
            faults.add(file, fault["msg"].lower(), expected, column=place, value=str(fault["input"])[:80])
        faults.raise_errors(f"{file} cannot be used as a mapping")
    _check_columns(mapping, file, faults)
    _check_values(mapping, file, faults)
    for name, wanted in mapping.ids.items():
        if not NODE_ID.match(wanted):
            expected = "kind:slug, such as institution:barts-health"
            faults.add(file, "no id", expected, column=f"ids.{name}", value=wanted)
    faults.raise_errors(f"{file} cannot be used as a mapping")
    return mapping


def _check_columns(mapping: GraphMapping, file: str, faults: Faults) -> None:
    allowed = all_targets()
    every = tuple(sorted({*allowed["nodes"], *allowed["ties"]}))
    named: list[tuple[str, tuple[str, ...], Iterable[str]]]
    named = [(section, allowed[section], mapping.section(section)) for section in _SECTIONS]
    named += [("source", Source.columns(), source) for source in mapping.source]
    named.append(("values", every, mapping.values))
    own = {table: columns for table, columns in mapping.defaults.items() if isinstance(columns, dict)}
    named.append(("defaults", every, [name for name in mapping.defaults if name not in own]))
    named += [(f"defaults.{table}", allowed.get(table, ()), columns) for table, columns in own.items()]
    for section, known, columns in named:
        for column in columns:
            if column not in known:
                expected = f"one of {', '.join(known or allowed)}"
                faults.add(file, "no such column", expected, column=section, value=column)


def _check_values(mapping: GraphMapping, file: str, faults: Faults) -> None:
    for column, meant in mapping.values.items():
        tables = [table for table in (*NODE_TABLES, "ties") if column in targets(table)]
        tables = ["nodes"] if column == KIND else tables
        options = {one for table in tables for one in choices(table, column)}
        if not options or any(not choices(table, column) for table in tables):
            continue
        for name, value in meant.items():
            text = _text(value)
            known = verb_of(text) is not None if column == "relation" else word_of(options, text) in options
            is_left = column in (KIND, "relation") and text == LEAVE_OUT
            if text and not known and not is_left:
                words = [*sorted(options), *([LEAVE_OUT] if column in (KIND, "relation") else [])]
                expected = f"one of {', '.join(words)}"
                faults.add(file, "no such value", expected, column=f"values.{column}.{name}", value=text)


def check_attributes(mapping: GraphMapping, graph: GraphFile, file: str) -> Faults:
    """Warn of attributes that a mapping names and that nothing in the file has: an empty column is none."""
    faults = Faults()
    there = {
        "nodes": {name for node in graph.nodes for name in node.values},
        "ties": {name for edge in graph.edges for name in edge.values},
    }
    for section in _SECTIONS:
        names = there["ties" if section == "ties" else "nodes"]
        for column in mapping.section(section):
            found = mapping.column_of(section, column)
            wanted = found.attributes if found else ()
            if wanted and names.isdisjoint(wanted):
                expected = f"one of {', '.join(sorted(names)) or 'none: there are none'}"
                place, value = f"{section}.{column}", " or ".join(wanted)
                faults.add(file, "no such attribute", expected, column=place, value=value, severity="warning")
    return faults
