"""What a scenario changes, as JSON and CSV."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

import pandas as pd

from atlas.exports.text import csv_text, json_text
from atlas.gaps.scenario.changes import Scenario
from atlas.gaps.scenario.effects import AreaEffect, Effects
from atlas.gaps.scenario.words import effect_sentence
from atlas.snapshot import Atlas

CSV_COLUMNS: Final = (
    "fate",
    "id_before",
    "id_after",
    "name",
    "lad_name",
    "lad_names",
    "shared",
    *(f"{name}_{side}" for name in ("rank", "verdict", "population", "p_gap") for side in ("before", "after")),
    "access_before",
    "access_after",
    "nearest_before_m",
    "nearest_after_m",
    "held_share",
    "networks_gained",
    "programmes_gained",
    "missing_before",
    "missing_after",
    "scenario",
    "scenario_sha256",
    "release",
    "base_revision",
    "revision",
)


def scenario_document(
    scenario: Scenario, before: Atlas, after: Atlas, effects: Effects, notes: tuple[str, ...] = ()
) -> dict[str, Any]:
    """What a scenario changes, with all that a reader needs to run it again, as JSON values.

    Access: as the measure chosen gives it, higher is better served; percentiles, 100 the best served, are of the same
    people on both sides. `lsoas` has those whose access, rule or gap area changes.
    """
    return {
        "scenario": scenario.document(),
        "scenario_sha256": scenario.sha256,
        "release": before.inputs.release.value,
        "base_revision": before.revision,
        "revision": after.revision,
        "parameters": before.parameters.model_dump(mode="json"),
        "sentence": effect_sentence(effects),
        "notes": list(notes),
        "summary": {"before": asdict(before.summary), "after": asdict(after.summary)},
        "mean_access": {side: effects.mean_access(side) for side in ("before", "after")},
        "fixed_threshold": effects.fixed_threshold,
        "totals": effects.totals(),
        "areas": [area_document(area) for area in effects.areas],
        "brokerage": asdict(effects.brokerage),
        "lsoas": _lsoas(effects),
    }


def area_document(area: AreaEffect) -> dict[str, Any]:
    """One gap area before and after, as JSON values."""
    found = asdict(area)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


def scenario_json(
    scenario: Scenario, before: Atlas, after: Atlas, effects: Effects, notes: tuple[str, ...] = ()
) -> str:
    """`scenario_document` as text; refuses NaN."""
    return json_text(scenario_document(scenario, before, after, effects, notes))


def scenario_csv(scenario: Scenario, before: Atlas, after: Atlas, effects: Effects) -> str:
    """A row for each gap area of either side, lists separated by semicolons."""
    constant = {
        "scenario": scenario.name,
        "scenario_sha256": scenario.sha256,
        "release": before.inputs.release.value,
        "base_revision": before.revision,
        "revision": after.revision,
    }
    return csv_text(CSV_COLUMNS, [{**_row(area), **constant} for area in effects.areas])


def _row(area: AreaEffect) -> dict[str, Any]:
    row = area_document(area)
    for side in ("before", "after"):
        standing = row.pop(side) or {}
        row |= {f"{name}_{side}": standing.get(name) for name in ("id", "rank", "verdict", "population", "p_gap")}
    standing_there = area.before or area.after
    row["name"] = standing_there.name if standing_there else ""
    for kind in ("networks", "programmes"):
        row[f"{kind}_gained"] = [node for node in row[f"{kind}_after"] if node not in row[f"{kind}_before"]]
    return row


def _lsoas(effects: Effects) -> list[dict[str, Any]]:
    at = effects.lsoas
    moved = (at["access_change"] != 0) | (at["in_gap_before"] != at["in_gap_after"])
    moved |= at["is_gap_before"] != at["is_gap_after"]
    rows = at[moved].sort_index().rename_axis("lsoa").reset_index().to_dict("records")
    return [{str(key): _plain(value) for key, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, float) and pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value
