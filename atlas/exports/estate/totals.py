"""What a choice of assets adds up to, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from atlas.exports.text import json_text
from atlas.geo.estate.totals import Row, Totals, sentence


def totals_json(found: Totals) -> str:
    """Write totals as JSON.

    Parameters
    ----------
    found : Totals
        From `atlas.geo.estate.totals.totals`.

    Returns
    -------
    str
        `interests` are rows of registers, `assets` distinct places. `land_ha` and `floor_m2` are sums over those that
        state them, each place once; `no_land` and `no_floor` count those that do not.
    """
    document: dict[str, Any] = {"sentence": sentence(found), **_row(found.whole)}
    document |= {"on_map": found.on_map, "approximate": found.approximate, "available": found.available}
    for name in ("by_owner", "by_use", "by_tenure", "by_status"):
        rows: tuple[Row, ...] = getattr(found, name)
        document[name] = [{"key": row.key, "label": row.label, **_row(row)} for row in rows]
    return json_text(document)


def _row(row: Row) -> dict[str, Any]:
    values = {name: value for name, value in asdict(row).items() if name not in {"key", "label"}}
    return values | {"land_ha": round(row.land_ha, 4), "floor_m2": round(row.floor_m2, 1)}
