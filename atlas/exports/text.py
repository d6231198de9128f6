"""Answers as text: rows as CSV that a spreadsheet may open, documents as JSON."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

UNSAFE_START: Final = ("=", "+", "-", "@", "\t", "\r", "'")
"""How text starts that `guarded` puts an apostrophe before."""


def guarded(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run, and before an apostrophe, so that it can be undone.

    Examples
    --------
    >>> guarded("=1+1"), guarded("Barts")
    ("'=1+1", 'Barts')
    """
    return f"'{text}" if text.startswith(UNSAFE_START) else text


def unguarded(cell: str) -> str:
    """Undo `guarded`.

    Examples
    --------
    >>> unguarded("'=1+1"), unguarded("'''tis")
    ('=1+1', "''tis")
    """
    return cell.removeprefix("'")


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    r"""Write some columns of rows under a header; text is guarded, a list divided by semicolons, None empty.

    Examples
    --------
    >>> csv_text(["name", "is_held"], [{"name": "=1+1", "is_held": True, "more": 1}, {"name": ["a", "b"]}])
    "name,is_held\r\n'=1+1,true\r\na; b,\r\n"
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        value = "; ".join(map(str, value))
    return guarded(value) if isinstance(value, str) else value


def json_text(document: Mapping[str, Any]) -> str:
    """Write a document, indented; refuses NaN."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def plain(value: Any, places: int) -> Any:
    """A value of a frame as JSON has it: numbers rounded, NaN as null.

    Examples
    --------
    >>> import numpy as np
    >>> plain(np.float64(0.12345), 3), plain(float("nan"), 3), plain((np.int64(2), "a"), 3)
    (0.123, None, [2, 'a'])
    """
    if isinstance(value, tuple):
        return [plain(item, places) for item in value]
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        return round(value, places) if math.isfinite(value) else None
    return value


def records(frame: Any, places: int) -> list[dict[str, Any]]:
    """The rows of a frame as JSON values."""
    return [{str(key): plain(value, places) for key, value in row.items()} for row in frame.to_dict("records")]
