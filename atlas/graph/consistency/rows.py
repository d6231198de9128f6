"""The rows that are checked, and the ids that they may name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

from atlas.errors import Faults
from atlas.vocabulary import Kind

Rows: TypeAlias = Mapping[str, Sequence[tuple[int, Any]]]
"""Tables by name: pairs of spreadsheet row and record."""


@dataclass(frozen=True, slots=True)
class Ids:
    """Every id with its kind, and the kinds of which some ids may be unknown."""

    kinds: dict[str, Kind]
    unread: frozenset[Kind]


def in_tables(rows: Rows, tables: Collection[str]) -> Iterator[tuple[str, int, Any]]:
    """Walk the rows of some tables: file, row and record."""
    return chain.from_iterable(
        ((f"{table}.csv", row, record) for row, record in rows.get(table, ())) for table in tables
    )


def resolve(faults: Faults, ids: Ids, allowed: Collection[Kind], place: tuple[str, int, str], wanted: str) -> None:
    """Collect an id that resolves to nothing, or to a node of another kind."""
    file, row, column = place
    kinds = " or ".join(sorted(allowed))
    found = ids.kinds.get(wanted)
    if found is None and wanted.partition(":")[0] in ids.unread:
        return
    if found is None:
        faults.add(file, "no such node", f"the id of a row: {kinds}", row=row, column=column, value=wanted)
    elif found not in allowed:
        faults.add(file, "node of the wrong kind", kinds, row=row, column=column, value=wanted)
