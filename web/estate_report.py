"""The report of an import as a page: groups of findings first, and each list by the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from atlas.assets import BY_NAME
from atlas.errors import QueryError
from atlas.exports.estate.report import cells_of, changes_of
from atlas.geo.estate.differences import label_of
from atlas.geo.estate.totals import said
from atlas.graph.wording import plural
from atlas.vocabulary.estate import Change, FindingKind, PlacedBy
from web.estate_columns import column_words
from web.estate_desk import choices

if TYPE_CHECKING:
    from atlas.geo.estate.imports import Report

SHOWN: Final = 5
"""Rows of a group that are shown at once."""
PAGE_ROWS: Final = 100
GROUPS: Final = 60
LONGEST: Final = 300
"""Characters of a changed value that the page shows; the files have all."""
KINDS: Final = (*(kind.value for kind in FindingKind), "change")


@dataclass(frozen=True, slots=True)
class Group:
    """What one rule found.

    Parameters
    ----------
    code : str
        Short name of the rule.
    field : str
        Words for the field; empty where it is of the whole row.
    count : int
        How many rows it was found in.
    why : str
        The reason that is given most often.
    rows : list of dict
        The first of them.
    """

    code: str
    field: str
    count: int
    why: str
    rows: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a long list.

    Parameters
    ----------
    kind, code : str
        Of what.
    rows : list of dict
        Those of this page.
    count : int
        How many there are.
    page, pages : int
        Which of how many, from 1.
    """

    kind: str
    code: str
    rows: list[dict[str, Any]]
    count: int
    page: int
    pages: int


def none_or(number: int) -> str:
    """A count in a sentence.

    Examples
    --------
    >>> none_or(0), none_or(1234)
    ('none', '1,234')
    """
    return f"{number:,}" if number else "none"


def sentence(record: Any) -> str:
    """What became of the rows, in a sentence."""
    parts = [f"{none_or(record.accepted)} accepted", f"{none_or(record.repaired)} repaired"]
    parts.append(f"{none_or(record.set_aside)} set aside")
    if record.unchanged:
        parts.append(f"{record.unchanged:,} unchanged since the file before")
    return f"{plural(record.rows, 'row')}: {', '.join(parts)}; {none_or(record.on_map)} on the map."


def sum_of(record: Any) -> str:
    """The counts, adding up."""
    outcomes = ("accepted", "repaired", "set_aside", "unchanged")
    terms = [f"{getattr(record, name):,} {name.replace('_', ' ')}" for name in outcomes]
    total = sum(getattr(record, name) for name in outcomes)
    return f"{' + '.join(terms)} = {plural(total, 'row')}"


def report_context(
    found: Report,
    args: Mapping[str, str],
    differences: Callable[[list[str]], pd.DataFrame],
    named: Callable[[list[str]], Mapping[str, tuple[str, str]]],
) -> dict[str, Any]:
    """What the page of a report shows.

    Parameters
    ----------
    found : Report
        Of an import.
    args : mapping of str to str
        `kind`, `code` and `page` of a list that is wanted whole.
    differences : callable
        Gives what changed in some assets, field by field: `DIFFERENCE_COLUMNS`; it is asked for those that are shown.
    named : callable
        Gives the names of assets, and the addresses of their pages where they have one; asked for those as well.
    """
    kind = args.get("kind", "")
    if kind and kind not in KINDS:
        raise QueryError(f"kind {kind!r} is none of {', '.join(KINDS)}")
    changes = changes_of(found)
    shown = {change.value: rows for change in Change if (rows := _changed(changes, change))}
    whole = listed(found, kind, args.get("code", ""), args.get("page", "")) if kind else None
    if whole is None:
        _add_differences(shown.get(Change.CHANGED, []), differences)
        _add_names([row for rows in shown.values() for row in rows], named)
    elif kind == "change":
        _add_differences(whole.rows, differences)
        _add_names(whole.rows, named)
    return {
        "record": found.record,
        "sentence": sentence(found.record),
        "sum": sum_of(found.record),
        "seen_by": dict(choices()).get(found.record.visibility, ""),
        "columns": found.columns,
        "repairs": groups(found.findings, FindingKind.REPAIR),
        "doubts": groups(found.findings, FindingKind.DOUBT),
        "set_aside": [_with_cells(row) for row in _records(found.set_aside.head(SHOWN * 2))],
        "set_aside_count": len(found.set_aside),
        "changes": shown,
        "listed": whole,
        "column_words": column_words,
    }


def _add_differences(rows: list[dict[str, Any]], differences: Callable[[list[str]], pd.DataFrame]) -> None:
    """Give assets that changed their names, and what changed in them."""
    changed = {str(row["asset"]): row for row in rows if row["change"] == Change.CHANGED}
    if not changed:
        return
    for line in _records(differences(list(changed))):
        row = changed[line["asset"]]
        row["name"] = line["name"]
        told = {"label": label_of(line["field"])}
        told |= {side: value_in_words(line["field"], line[side]) for side in ("before", "after")}
        row.setdefault("differences", []).append(told)


def _add_names(rows: list[dict[str, Any]], named: Callable[[list[str]], Mapping[str, tuple[str, str]]]) -> None:
    """Give assets their names, and their pages where they have one."""
    names = named([str(row["asset"]) for row in rows])
    for row in rows:
        name, row["address"] = names.get(str(row["asset"]), ("", ""))
        row["name"] = row["name"] or name


def value_in_words(field: str, value: str) -> str:
    """A value as pages show it, cut where it is very long.

    Examples
    --------
    >>> value_in_words("use", "open_space"), value_in_words("lad", "E09000023"), value_in_words("name", "in_use")
    ('Park or open space', 'E09000023', 'in_use')
    """
    choices = PlacedBy if field == "placed_by" else BY_NAME[field].choices if field in BY_NAME else None
    if choices is not None and value in set(choices):
        return said(choices(value))
    return value if len(value) <= LONGEST else value[:LONGEST] + "…"


def groups(findings: pd.DataFrame, kind: FindingKind) -> list[Group]:
    """Findings of a kind by rule and field, the most frequent first."""
    found = findings[findings["kind"] == kind]
    made = []
    for (code, field), rows in found.groupby(["code", "field"], sort=False, dropna=False):
        why = str(rows["why"].value_counts().index[0])
        made.append(Group(str(code), fields_in_words(str(field)), len(rows), why, _found(rows[:SHOWN])))
    return sorted(made, key=lambda group: -group.count)[:GROUPS]


def listed(found: Report, kind: str, code: str, page: str) -> Listed:
    """One page of a list."""
    if kind == FindingKind.SET_ASIDE:
        rows = found.set_aside
    elif kind == "change":
        changes = changes_of(found)
        rows = _of_code(changes, "change", code, Change)
    else:
        rows = found.findings[found.findings["kind"] == kind]
        rows = _of_code(rows, "code", code, rows["code"].unique())
    pages = max(1, -(-len(rows) // PAGE_ROWS))
    number = min(pages, number_of(page))
    on_page = rows[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
    if kind == FindingKind.SET_ASIDE:
        shown = [_with_cells(row) for row in _records(on_page)]
    else:
        shown = _records(on_page) if kind == "change" else _found(on_page)
    return Listed(kind, code, shown, len(rows), number, pages)


def _of_code(rows: pd.DataFrame, column: str, code: str, known: Iterable[str]) -> pd.DataFrame:
    if code and code not in set(known):
        raise QueryError(f"code {code!r} is none of {', '.join(known) or 'those of this list'}")
    return rows[rows[column] == code] if code else rows


def number_of(page: str) -> int:
    """Number of a page of a list; the first where none is asked for.

    Raises
    ------
    QueryError
        If it is no number from 1 on.

    Examples
    --------
    >>> number_of(""), number_of("12")
    (1, 12)
    """
    if not page:
        return 1
    if not (page.isascii() and page.isdigit() and len(page) < 9 and int(page)):
        raise QueryError(f"page {page[:20]!r} is not a number from 1 on")
    return int(page)


def fields_in_words(fields: str) -> str:
    """Fields as they are called.

    Examples
    --------
    >>> fields_in_words("x, y"), fields_in_words("uprn")
    ('Easting or longitude, northing or latitude', 'UPRN')
    """
    labels = [BY_NAME[name].label if name in BY_NAME else name for name in fields.split(", ")]
    return ", ".join(labels[:1] + [one if one.isupper() else one[:1].lower() + one[1:] for one in labels[1:]])


def _found(findings: pd.DataFrame) -> list[dict[str, Any]]:
    """Findings with the file's headers, or the field's words where no column has it."""
    rows = _records(findings)
    # headers stand as in the file, fields as we call them
    return [row | {"column": str(row["column"]) or fields_in_words(str(row["field"]))} for row in rows]


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _with_cells(row: dict[str, Any]) -> dict[str, Any]:
    """A row that was set aside, with its cells that are not empty."""
    cells = cells_of(str(row["raw"]))
    if not isinstance(cells, dict):
        cells = {"": cells}
    return {**row, "cells": {str(name): str(cell) for name, cell in cells.items() if str(cell).strip()}}


def _changed(changes: pd.DataFrame, change: Change) -> list[dict[str, Any]]:
    return _records(changes[changes["change"] == change].head(SHOWN * 2))
