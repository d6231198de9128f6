"""The partnership tables: plain CSV, read and checked whole."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from atlas.errors import Fault, Faults, UnavailableError
from atlas.graph.consistency import check
from atlas.records import GSS_CODE, NODE_ID, PARTIAL_DATE, POSTCODE, TABLES, Partnerships, Record
from atlas.sources.textfiles import Table, read_table

OPTIONAL: Final = frozenset({"places", "commitments", "measurements", "profiles", "surveys"})
"""Tables that may be left out."""

_EXAMPLES: Final = {
    NODE_ID.pattern: "institution:barts-health or network:we-make-camden",
    PARTIAL_DATE.pattern: "2026, 2026-10 or 2026-10-31",
    GSS_CODE.pattern: "E09000028",
    POSTCODE.pattern: "SE1 2QH",
}


@dataclass(frozen=True, slots=True)
class PartnershipFiles:
    """The tables as read.

    Parameters
    ----------
    partnerships : Partnerships
        Every row that could be read.
    faults : tuple of Fault
        Everything wrong or doubtful in them.
    rows : dict
        Spreadsheet rows of the records, by table.
    sha256 : str
        Hash of all tables.
    """

    partnerships: Partnerships
    faults: tuple[Fault, ...]
    rows: dict[str, list[tuple[int, Record]]]
    sha256: str


def read_partnerships(folder: Path, known_codes: Collection[str] = ()) -> PartnershipFiles:
    """Read and check every table in a folder; faults are returned, not raised.

    Parameters
    ----------
    folder : pathlib.Path
        Holds a CSV file for each table of `atlas.records.TABLES`.
    known_codes : collection of str
        GSS codes, besides those of places.csv, that rows may name.

    Raises
    ------
    UnavailableError
        If there is no such folder, or a file in it cannot be opened.
    """
    if not folder.is_dir():
        raise UnavailableError(f"there is no folder {folder}; partnership tables are kept in one")
    faults = Faults()
    digest = hashlib.sha256()
    rows: dict[str, list[tuple[int, Record]]] = {}
    written: dict[str, set[str]] = {}
    unread: set[str] = set()
    for table, record in TABLES.items():
        path = folder / f"{table}.csv"
        rows[table] = []
        if not path.is_file():
            if table not in OPTIONAL:
                unread.add(table)
                faults.add(path.name, "no such file", f"a CSV table with columns {', '.join(record.columns())}")
            continue
        found = Faults()
        read = read_table(path, found)
        faults.extend(found)
        if found.errors:
            unread.add(table)
        if read is not None:
            written[table] = {cells["id"].strip() for cells in read.records() if "id" in cells}
            rows[table] = _read_records(read, record, faults)
        digest.update(path.read_bytes())
    places = {name.partition(":")[2] for name in written.get("places", ())}
    faults.extend(check(rows, places | set(known_codes), written, unread))
    records: dict[str, Any] = {table: tuple(record for _, record in pairs) for table, pairs in rows.items()}
    partnerships = Partnerships.model_construct(**records)
    return PartnershipFiles(partnerships, tuple(faults), rows, digest.hexdigest())


def _read_records(table: Table, record: type[Record], faults: Faults) -> list[tuple[int, Record]]:
    if not _header_fits(table, record, faults):
        return []
    found = (
        (row, _read_row(table.file, row, cells, record, faults))
        for row, cells in zip(table.numbers, table.records(), strict=True)
    )
    return [(row, record) for row, record in found if record is not None]


def _header_fits(table: Table, record: type[Record], faults: Faults) -> bool:
    fields = record.model_fields
    expected = f"columns {', '.join(record.columns())}"
    missing = [name for name in fields if fields[name].is_required() and name not in table.header]
    unknown = [name for name in table.header if name and name not in fields]
    for name in missing:
        faults.add(table.file, "missing column", expected, row=1, column=name)
    for name in unknown:
        faults.add(table.file, "unknown column", expected, row=1, column=name)
    return not missing and not unknown


def _read_row(file: str, row: int, cells: dict[str, str], record: type[Record], faults: Faults) -> Record | None:
    given = {name: value for name, value in cells.items() if value.strip()}
    try:
        return record.model_validate(given)
    except ValidationError as error:
        for fault in error.errors():
            column = str(fault["loc"][0]) if fault["loc"] else None
            value = cells.get(column, "") if column else None
            faults.add(file, _problem(fault), _expected(fault, record), row=row, column=column, value=value)
        return None


def _problem(fault: ErrorDetails) -> str:
    if fault["type"] == "missing":
        return "empty cell"
    if fault["type"] == "value_error":
        return fault["msg"].removeprefix("Value error, ")
    return "wrong value"


def _expected(fault: ErrorDetails, record: type[Record]) -> str:
    context = fault.get("ctx", {})
    if "expected" in context:
        return f"one of {context['expected']}"
    if "pattern" in context:
        example = _EXAMPLES.get(context["pattern"])
        return f"{_meaning(fault, record)}, {f'such as {example}' if example else 'like ' + context['pattern']}"
    if fault["type"] == "value_error":
        return _meaning(fault, record) if fault["loc"] else "a row whose cells agree"
    if fault["type"].startswith("bool_"):
        return f"{_meaning(fault, record)}, true or false"
    if fault["type"].startswith("date_"):
        return f"{_meaning(fault, record)}, a day such as 2026-10-31"
    return f"{_meaning(fault, record)} ({fault['msg'].lower()})"


def _meaning(fault: ErrorDetails, record: type[Record]) -> str:
    field = record.model_fields.get(str(fault["loc"][0])) if fault["loc"] else None
    return (field.description if field else None) or "a value that fits"
