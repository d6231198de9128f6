"""Rows of partnership tables in the making: each with the place in a file from outside that it comes from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from atlas.errors import Fault, Faults
from atlas.records import TABLES, Record
from atlas.sources.graph_files import Where
from atlas.sources.rows import read_row


@dataclass(frozen=True, slots=True)
class Cell:
    """What a column is to hold.

    Parameters
    ----------
    text : str
        As the table would have it.
    attribute : str or None
        The file's attribute that says so; None where a default does.
    found : str or None
        What the file has there, where the mapping gave it another meaning.
    """

    text: str
    attribute: str | None = None
    found: str | None = None


@dataclass(frozen=True, slots=True)
class Drafted:
    """A row.

    Parameters
    ----------
    record : Record
        As read.
    where : Where
        Where it comes from.
    cells : mapping of str to Cell
        What was given for its columns.
    """

    record: Any
    where: Where
    cells: Mapping[str, Cell]

    @property
    def stated(self) -> frozenset[str]:
        """Columns that the file itself fills."""
        return frozenset(name for name, cell in self.cells.items() if cell.attribute is not None)


@dataclass(slots=True)
class Draft:
    """Rows by table, with the ids that stand in the file even where a row has faults.

    Parameters
    ----------
    rows : dict
        By table.
    ids : dict
        By table.
    faults : Faults
        Of single rows.
    left_out, unused : counts and names
        How many nodes and ties the mapping leaves out, and attributes that no column takes.
    """

    rows: dict[str, list[Drafted]] = field(default_factory=lambda: {table: [] for table in TABLES})
    ids: dict[str, set[str]] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    left_out: dict[str, int] = field(default_factory=lambda: {"nodes": 0, "ties": 0})
    unused: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, table: str, cells: Mapping[str, Cell], where: Where) -> Any:
        """Make a record of cells; None where a fault was added for each that is wrong."""
        found = Faults()
        given = {name: cell.text for name, cell in cells.items()}
        if given.get("id"):
            self.ids.setdefault(table, set()).add(given["id"])
        record: Record | None = read_row(f"{table}.csv", 0, given, TABLES[table], found)
        self.faults.extend(told(fault, where, cells) for fault in found)
        if record is not None:
            self.rows[table].append(Drafted(record, where, cells))
        return record

    def __iter__(self) -> Iterator[tuple[str, Drafted]]:
        return ((table, row) for table, rows in self.rows.items() for row in rows)


def told(fault: Fault, where: Where, cells: Mapping[str, Cell]) -> Fault:
    """A fault of a row, told of the place that the row comes from and in the file's own words.

    Examples
    --------
    >>> fault = Fault("ties.csv", "wrong value", "one of ...", row=3, column="relation", value="x")
    >>> print(told(fault, Where("map.csv", 9), {"relation": Cell("x", "Type")}))
    map.csv, row 9, column Type: wrong value for relation, found 'x', expected one of ...
    """
    cell = cells.get(fault.column or "")
    # a mapping calls the tables' own column `kind` of nodes `type`
    name = "type" if fault.column == "kind" else fault.column
    column, problem, value = name, fault.problem, fault.value
    if cell is not None and cell.attribute is not None:
        column = cell.attribute
        if column.lower() != name:
            problem = f"{problem} for {name}"
        value = value if cell.found is None else cell.found
    return Fault(where.file, problem, fault.expected, where.row, column, value, fault.severity)


def filled(names: Collection[str], given: Mapping[str, Cell | None]) -> dict[str, Cell]:
    """Cells of those columns that have something."""
    return {name: cell for name in names if (cell := given.get(name)) is not None and cell.text.strip()}
