"""What became of every row of a register, as JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from atlas.exports.text import guarded
from atlas.vocabulary.estate import Change, FindingKind

if TYPE_CHECKING:
    from atlas.geo.estate.imports import Report

COUNTS: Final = (
    "rows",
    "accepted",
    "repaired",
    "set_aside",
    "unchanged",
    "added",
    "changed",
    "gone",
    "on_map",
    "doubts",
)
"""Counts of an import; `rows` is the sum of the next four."""

ABOUT: Final = ("register", "partner", "file", "sha256", "form", "visibility", "as_of", "at", "who", "is_standing")

CSV_COLUMNS: Final = ("row", "outcome", "asset", "change", "what", "column", "from", "to", "why")
"""Every row of the file has a line or more; lines without a row are of assets that are gone, or of the whole file.

A line of ``what`` `CHANGED` has a field of the asset as its column: what it said before, and what it says now.
"""

CHANGED: Final = "changed"
_DIFFERENCES: Final = ("asset", "name", "field", "before", "after")


def report_json(found: Report) -> str:
    """Write the report of an import as JSON.

    Parameters
    ----------
    found : Report
        Of the import.

    Returns
    -------
    str
        Counts that add up (`rows` = `accepted` + `repaired` + `set_aside` + `unchanged`), what each column was taken
        for, and every finding, row set aside and change; with ``differences`` of what changed, field by field, and
        ``troubles`` with what failed afterwards.
    """
    record = found.record
    about: dict[str, Any] = {name: getattr(record, name) for name in COUNTS}
    about |= {"import": record.id} | {name: getattr(record, name) for name in ABOUT} | {"notes": list(record.notes)}
    about |= {"troubles": list(found.troubles)} if found.troubles else {}
    columns = [
        {"column": one.column, "field": one.field, "unit": one.unit, "confidence": one.confidence, "how": one.how}
        for one in found.columns
    ]
    aside = [row | {"raw": cells_of(row["raw"])} for row in _rows_of(found.set_aside)]
    lists = {
        "columns": columns,
        "findings": _rows_of(found.findings),
        "set_aside_rows": aside,
        "changes": _rows_of(changes_of(found)),
    }
    if found.differences is not None:
        lists["differences"] = _rows_of(found.differences[list(_DIFFERENCES)])
    # a line a row: a file of a million rows is written, and read, a line at a time
    parts = [f"{_json(name)}: {_json(value)}" for name, value in about.items()]
    parts += [f"{_json(name)}: {_listed(rows)}" for name, rows in lists.items()]
    return "{\n " + ",\n ".join(parts) + "\n}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _listed(rows: list[dict[str, Any]]) -> str:
    return "[\n  " + ",\n  ".join(map(_json, rows)) + "\n ]" if rows else "[]"


def _rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON values: None where there is nothing."""
    names = [*map(str, frame.columns)]
    columns = [frame[name].astype("object").where(frame[name].notna(), None).tolist() for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def cells_of(raw: str) -> Any:
    """The cells of a row that was set aside, by header; as they were kept where they are no such object.

    Examples
    --------
    >>> cells_of('{"Name": "Total"}'), cells_of("Total")
    ({'Name': 'Total'}, 'Total')
    """
    try:
        return json.loads(raw)
    except ValueError:
        return raw


def changes_of(found: Report) -> pd.DataFrame:
    """What the file changed: `change`, `asset`, and its `row`, or its `name` where it is gone."""
    rows = found.rows
    moved = rows.loc[rows["change"] != "", ["change", "asset", "row"]].assign(name="")
    gone = pd.DataFrame({"change": Change.GONE.value, "asset": found.gone["asset"], "name": found.gone["name"]})
    both = pd.concat([moved.astype({"row": "object"}), gone.assign(row=None)], ignore_index=True)
    return both[["change", "asset", "row", "name"]]


def report_csv(found: Report) -> str:
    """Write the report of an import as CSV: every row of the file, and all that was found in it.

    A row of which nothing is to be told has one line; another has one for each finding, for each field that changed,
    and for the reason that it was set aside, with its cells. Text that a spreadsheet would run is guarded.
    """
    lines = _lines(found)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    columns = [[_cell(value) for value in lines[name].tolist()] for name in CSV_COLUMNS]
    writer.writerows(zip(*columns, strict=True))
    return out.getvalue()


def _lines(found: Report) -> pd.DataFrame:
    findings = found.findings[found.findings["kind"] != FindingKind.SET_ASIDE]
    said = pd.DataFrame(
        {
            "row": findings["row"],
            "what": findings["kind"] + ": " + findings["code"].str.replace("_", " "),
            "column": findings["column"],
            "from": findings["before"],
            "to": findings["after"],
            "why": findings["why"],
        }
    )
    aside = pd.DataFrame(
        {
            "row": found.set_aside["row"],
            "what": "set aside",
            "from": found.set_aside["raw"],
            "why": found.set_aside["why"],
        }
    )
    changed = _changed(found)
    told = pd.concat([part for part in (said, aside, changed) if len(part)] or [said], ignore_index=True)
    told["row"] = told["row"].astype("int64")
    of_rows = found.rows.astype({"row": "int64"}).merge(told, on="row", how="left")
    of_file = told[~told["row"].isin(found.rows["row"])].assign(row=None)
    gone = pd.DataFrame({"asset": found.gone["asset"], "change": Change.GONE.value, "what": found.gone["name"]})
    parts = [part.astype("object") for part in (of_file, of_rows, gone) if len(part)]
    return pd.concat([pd.DataFrame(columns=list(CSV_COLUMNS), dtype="object"), *parts], ignore_index=True)


def _changed(found: Report) -> pd.DataFrame:
    """What changed, field by field, by the rows of the file."""
    if found.differences is None:
        return pd.DataFrame()
    told = found.differences.rename(columns={"field": "column", "before": "from", "after": "to"})
    rows = found.rows.loc[found.rows["change"] == Change.CHANGED, ["asset", "row"]]
    return told.merge(rows, on="asset")[["row", "column", "from", "to"]].assign(what=CHANGED, why="")


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return guarded(value)
    return "" if pd.isna(value) else value
