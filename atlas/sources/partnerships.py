"""The partnership tables: plain CSV, read and checked whole."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeAlias

from atlas.errors import Fault, Faults, UnavailableError
from atlas.graph.consistency import check
from atlas.graph.tie_columns import NumberedTies, TieColumns, collector_at_rest
from atlas.records import TABLES, Partnerships, Record, Tie
from atlas.sources.columns import LARGE_BYTES, read_columns
from atlas.sources.rows import header_fits, read_row
from atlas.sources.textfiles import Table, decode, parse_table, read_bytes
from atlas.sources.tie_rows import read_ties

OPTIONAL: Final = frozenset(
    {"sites", "networks", "programmes", "places", "commitments", "measurements", "profiles", "surveys"}
)
"""Tables that may be left out; not the sites, where surveys say that they were looked for."""

Numbered: TypeAlias = Sequence[tuple[int, Record]]
"""Records, each with its row as a spreadsheet counts it."""


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
    rows: dict[str, Numbered]
    sha256: str

    @property
    def last_checked(self) -> date | None:
        """The day when somebody last looked at a tie; None where there is none."""
        return max(TieColumns.of_ties(self.partnerships.ties).columns["checked_on"].values, default=None)


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
    with collector_at_rest():
        return _read_folder(folder, known_codes)


def _read_folder(folder: Path, known_codes: Collection[str]) -> PartnershipFiles:
    faults = Faults()
    digest = hashlib.sha256()
    rows: dict[str, Numbered] = {}
    written: dict[str, set[str]] = {}
    unread: set[str] = set()
    for table, record in TABLES.items():
        path = folder / f"{table}.csv"
        rows[table] = []
        if not path.is_file():
            if table not in OPTIONAL or (table == "sites" and (folder / "surveys.csv").is_file()):
                unread.add(table)
                faults.add(path.name, "no such file", f"a CSV table with columns {', '.join(record.columns())}")
            continue
        digest.update(path.read_bytes())
        read = _read_table(path, record)
        rows[table] = read.rows
        faults.extend(read.faults)
        if not read.is_whole:
            unread.add(table)
        if read.ids is not None:
            written[table] = read.ids
    places = {name.partition(":")[2] for name in written.get("places", ())}
    faults.extend(check(rows, places | set(known_codes), written, unread))
    records: dict[str, Any] = {table: _records(pairs) for table, pairs in rows.items()}
    partnerships = Partnerships.model_construct(**records)
    return PartnershipFiles(partnerships, tuple(faults), rows, digest.hexdigest())


@dataclass(frozen=True, slots=True)
class _Read:
    """A table as read: `ids` as they stand in the file, also of rows with faults; None where nothing could be read."""

    rows: Numbered
    faults: Faults
    ids: set[str] | None
    is_whole: bool


def _read_table(path: Path, record: type[Record]) -> _Read:
    faults = Faults()
    data = read_bytes(path, faults)
    text = None if data is None else decode(data, path.name, faults)
    if text is None:
        return _Read([], faults, None, is_whole=False)
    if record is Tie and len(text) >= LARGE_BYTES:
        del data
        ties = _read_large(text, path.name, faults)
        if ties is not None:
            return _Read(ties, faults, set(), is_whole=True)
    table = parse_table(text, path.name, faults)
    is_whole = not faults.errors
    if table is None:
        return _Read([], faults, None, is_whole=is_whole)
    ids = set[str]()
    if "id" in table.header:
        column = table.header.index("id")
        ids = {row[column].strip() for row in table.rows}
    return _Read(_read_records(table, record, faults), faults, ids, is_whole=is_whole)


def _read_large(text: str, file: str, faults: Faults) -> NumberedTies | None:
    coded = read_columns(text)
    if coded is None or not header_fits(file, tuple(coded), Tie, Faults()):
        return None
    ties = read_ties(coded, file, faults)
    return None if ties is None else ties.numbered


def _read_records(table: Table, record: type[Record], faults: Faults) -> list[tuple[int, Record]]:
    if not header_fits(table.file, table.header, record, faults):
        return []
    found = (
        (row, read_row(table.file, row, cells, record, faults))
        for row, cells in zip(table.numbers, table.records(), strict=True)
    )
    return [(row, record) for row, record in found if record is not None]


def _records(rows: Numbered) -> Sequence[Record]:
    return rows.ties if isinstance(rows, NumberedTies) else tuple(record for _, record in rows)
