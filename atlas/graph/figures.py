"""Figures as they were reported: which count a network itself, of when they speak, and how they are written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from atlas.graph.timeline import bounds

SIZE_UNITS: Final = frozenset({"boroughs", "institutions", "members", "organisations", "schools", "signatories"})
"""Units that count those at the table, not what they achieve."""


_SCALES: Final = ((1e9, "bn"), (1e6, "m"))


def short(value: float, unit: str) -> str:
    """Write a figure without the words of its unit.

    Examples
    --------
    >>> short(1.17e9, "GBP"), short(91.7, "%"), short(4000, "people")
    ('£1.17bn', '91.7%', '4,000')
    """
    if unit == "%":
        return f"{value:,.10g}%"
    if not unit.startswith("GBP"):
        return f"{value:,.10g}"
    scale, letters = next(((scale, letters) for scale, letters in _SCALES if abs(value) >= scale), (1.0, ""))
    return f"£{value / scale:,.10g}{letters}"


def amount(value: float, unit: str) -> str:
    """Write a figure with its unit.

    Examples
    --------
    >>> amount(4000, "people"), amount(18000, "GBP a year"), amount(20, "%")
    ('4,000 people', '£18,000 a year', '20%')
    """
    return f"{short(value, unit)} {unit.removeprefix('GBP').removeprefix('%').strip()}".strip()


def is_size(row: Mapping[str, Any]) -> bool:
    """Whether a measurement counts those at the table.

    Examples
    --------
    >>> is_size({"unit": "institutions"}), is_size({"unit": "GBP"})
    (True, False)
    """
    return row["unit"] in SIZE_UNITS


def last_day(row: Mapping[str, Any]) -> date:
    """Last day that a measurement speaks of, `date.min` where it has no period; a year or a month ends on its last."""
    end = row.get("period_end") or row.get("period_start")
    return bounds(end)[1] if end else date.min


def latest_size(record: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the newest measurement of how many sit at a node's table, of several the largest; None without one."""
    sizes = [row for row in record.get("measurements", ()) if is_size(row)]
    return max(sizes, key=lambda row: (last_day(row), row["value"]), default=None)
