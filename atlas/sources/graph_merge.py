"""New rows beside those that are there: the same thing is there once, and what is said of it must agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, TypeAlias

from atlas.errors import Fault, Faults
from atlas.records import TABLES, Tie
from atlas.sources.graph_draft import Draft, Drafted, told
from atlas.sources.partnerships import Numbered
from atlas.vocabulary import RELATIONS

Rows: TypeAlias = dict[str, list[tuple[int, Any]]]

_ENDS: Final = ("subject", "relation", "object")
_NOT_COMPARED: Final = frozenset({"id", *_ENDS})
_FIRST_ROW: Final = 2
"""The header is row 1."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Rows of a package to be.

    Parameters
    ----------
    rows : dict
        By table, each with the row of the file that will hold it.
    origins : dict
        By table and row, where new rows come from.
    """

    rows: Rows
    origins: dict[str, dict[int, Drafted]]


def merged(draft: Draft, before: Mapping[str, Numbered], faults: Faults) -> Merged:
    """Put a draft beside the rows that are there.

    Parameters
    ----------
    draft : Draft
        New rows.
    before : mapping
        Rows that are there, by table, each with its row in the spreadsheet.
    faults : Faults
        Collects, column by column, where the file says something else of a node, a source or a tie that is there.
    """
    rows: Rows = {table: list(before.get(table, ())) for table in TABLES}
    origins: dict[str, dict[int, Drafted]] = {table: {} for table in TABLES}
    for table in TABLES:
        there = _index(table, rows[table])
        number = max((row for row, _ in rows[table]), default=_FIRST_ROW - 1)
        for new in draft.rows[table]:
            old = _same(table, new, there)
            if old is not None:
                faults.extend(_conflicts(table, new, old))
                continue
            number += 1
            rows[table].append((number, new.record))
            origins[table][number] = new
    return Merged(rows, origins)


_Index: TypeAlias = Mapping[Any, Sequence[tuple[int, Any]]]


def _index(table: str, rows: Sequence[tuple[int, Any]]) -> _Index:
    found: dict[Any, list[tuple[int, Any]]] = {}
    for row, record in rows:
        found.setdefault(_key(table, record), []).append((row, record))
    return found


def _key(table: str, record: Any) -> Any:
    if isinstance(record, Tie):
        ends = (record.subject, record.object)
        return (record.relation, *(sorted(ends) if RELATIONS[record.relation].symmetric else ends))
    if table == "surveys":
        return record.borough, record.sector
    return record.id if "id" in TABLES[table].model_fields else record


def _same(table: str, new: Drafted, there: _Index) -> tuple[int, Any] | None:
    """The row that is of the same thing; a tie without a start of its own is the one tie of these ends."""
    found = there.get(_key(table, new.record), ())
    if table != "ties":
        return found[0] if found else None
    same = [one for one in found if one[1].start == new.record.start]
    if not same and "start" not in new.stated and len(found) == 1:
        same = list(found)
    return same[0] if same else None


def _conflicts(table: str, new: Drafted, old: tuple[int, Any]) -> list[Fault]:
    row, record = old
    faults = []
    for column in TABLES[table].columns():
        here, there = getattr(new.record, column), getattr(record, column)
        if column in new.stated - _NOT_COMPARED and here != there:
            expected = f"{_shown(there)}, as in {table}.csv row {row}"
            fault = Fault(table, "something else than the tables have", expected, None, column, _shown(here))
            faults.append(told(fault, new.where, new.cells))
    return faults


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(map(_shown, value))
    if isinstance(value, Enum):
        return str(value.value)
    return "nothing" if value in (None, "") else str(value)
