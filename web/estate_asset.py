"""One asset: its facts, every interest in the same place side by side, where each fact comes from."""

from __future__ import annotations

import difflib
import json
import math
from typing import Any, Final

import numpy as np

from atlas.assets import BY_NAME, FIELDS, Field
from atlas.errors import NotFoundError
from atlas.geo.crs import points_to_wgs84
from atlas.geo.estate.match.conflicts import conflicts
from atlas.geo.estate.model import Estate
from atlas.geo.estate.totals import said
from atlas.graph.estate import names_of
from atlas.graph.wording import date_words
from atlas.vocabulary import label
from atlas.vocabulary.estate import Decision, PlacedBy

SHOWN: Final = tuple(field for field in FIELDS if field.is_told)
HIDDEN: Final = ("visibility", "as_of")
"""Fields that are not set side by side: whoever looks may see all that is here, and dates stand above."""

MOST_NEAR: Final = 20_000
"""Ids among which a misspelt one is looked for."""


def find_asset(estate: Estate, wanted: str) -> int:
    """Position of the asset of an id, with or without its first part.

    Raises
    ------
    NotFoundError
        If there is none of that id in what may be seen.
    """
    asset = wanted if wanted.startswith("asset:") else f"asset:{wanted}"
    if asset in estate.assets.index:
        return int(estate.assets.index.get_loc(asset))  # type: ignore[arg-type]
    near = difflib.get_close_matches(asset, list(estate.assets.index[:MOST_NEAR]), n=3)
    raise NotFoundError("asset", wanted, [one.removeprefix("asset:") for one in near])


def shown(field: Field, value: Any) -> str:
    """A value as it is shown; empty where nothing is said."""
    if field.kind == "number":
        return "" if value is None or math.isnan(value) else f"{value:,.10g} {field.unit}".strip()
    text = "" if value is None or value != value else str(value)  # noqa: PLR0124 -- NaN alone
    if not text or text == "unknown":
        return ""
    if field.choices is not None:
        return said(field.choices(text))
    return date_words(text[:10]) if field.kind == "date" else text


def asset_context(estate: Estate, position: int) -> dict[str, Any]:
    """What the page of an asset shows."""
    row = estate.assets.iloc[position]
    asset = str(estate.assets.index[position])
    register = estate.registers.loc[row["register"]].to_dict() if row["register"] in estate.registers.index else {}
    same = np.flatnonzero(estate.group == estate.group[position])
    longitude, latitude = points_to_wgs84([row["x_m"]], [row["y_m"]])
    findings = estate.findings[estate.findings["asset"] == asset]
    return {
        "asset_id": asset,
        "key": asset.removeprefix("asset:"),
        "name": names_of(estate.assets.iloc[[position]]).iloc[0],
        "row": row.to_dict(),
        "owner": estate.partner_names.get(row["partner"], row["partner"]),
        "partner": row["partner"],
        "facts": [(field.label, text, field.name) for field in SHOWN if (text := shown(field, row[field.name]))],
        "unsaid": [field.label for field in SHOWN if not shown(field, row[field.name])],
        "place": label(PlacedBy(row["placed_by"])),
        "is_approximate": row["placed_by"] == PlacedBy.POSTCODE,
        "coordinates": (round(row["x_m"]), round(row["y_m"]), round(latitude[0], 5), round(longitude[0], 5))
        if np.isfinite(row["x_m"])
        else None,
        "extra": sorted(json.loads(row["extra"]).items()) if row["extra"] else [],
        "register": {**register, "id": row["register"], "as_of": register.get("as_of") or row["as_of"]},
        "findings": findings.to_dict("records"),
        "same": side_by_side(estate, same) if len(same) > 1 else None,
        "proposed": _proposed(estate, asset),
        "available": said(next(f.choices for f in FIELDS if f.name == "status")(row["status"])),  # type: ignore[misc]
    }


def side_by_side(estate: Estate, positions: Any) -> dict[str, Any]:
    """Interests in one place, field by field, with what `atlas.geo.estate.match.conflicts` says of each.

    What belongs to an interest, such as its tenure, differs without conflict.
    """
    rows = estate.assets.iloc[positions]
    owners, names = estate.partner_names, names_of(rows).to_dict()
    dates = estate.registers["as_of"].to_dict()
    heads = [
        {
            "key": str(asset).removeprefix("asset:"),
            "name": names[asset],
            "owner": owners.get(row["partner"], row["partner"]),
            "as_of": row["as_of"] or dates.get(row["register"], ""),
        }
        for asset, row in rows.to_dict("index").items()
    ]
    told = conflicts(estate.assets, [str(asset) for asset in rows.index])
    lines = [
        {
            "field": str(name),
            "words": line["label"].iloc[0],
            "cells": [_cell(str(name), str(value), str(line["unit"].iloc[0])) for value in line["value"]],
            "is_different": bool(line["is_conflict"].iloc[0]),
            "is_interest": bool(line["is_interest"].iloc[0]),
        }
        for name, line in told[~told["field"].isin(HIDDEN)].groupby("field", sort=False)
    ]
    return {"heads": heads, "lines": lines, "different": sum(line["is_different"] for line in lines)}


def _cell(name: str, value: str, unit: str) -> str:
    field = BY_NAME.get(name)
    if not value or field is None or field.kind == "number":
        return f"{value} {unit}".strip() if value else ""
    return shown(field, value)


def _proposed(estate: Estate, asset: str) -> list[dict[str, Any]]:
    """Other rows that may be the same place, not yet decided."""
    matches = estate.matches
    mine = matches[
        ((matches["left"] == asset) | (matches["right"] == asset)) & (matches["decision"] == Decision.PROPOSED)
    ]
    others = [right if left == asset else left for left, right in zip(mine["left"], mine["right"], strict=True)]
    names = names_of(estate.assets.loc[others]).to_dict()
    return [
        {"key": other.removeprefix("asset:"), "name": names[other], "score": score, "reasons": reasons}
        for other, score, reasons in zip(others, mine["score"], mine["reasons"], strict=True)
    ]
