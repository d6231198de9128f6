"""Land of the toy world: assets by what a test wants to say of each, and everything else as a register leaves it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from atlas.assets import ASSET_COLUMNS
from atlas.geo.estate.model import REGISTER_COLUMNS, Estate
from atlas.graph.estate import with_assets
from atlas.snapshot import Inputs
from tests.toy import EAST, WEST, X0, Y0, toy_inputs

UNSAID: Mapping[str, Any] = {
    "row": 2,
    "use": "unknown",
    "status": "unknown",
    "tenure": "unknown",
    "holding": "unknown",
    "visibility": "public",
    "is_sensitive": False,
    "placed_by": "coordinates",
    "land_ha": float("nan"),
    "floor_m2": float("nan"),
    "x_m": float("nan"),
    "y_m": float("nan"),
    "wkb": None,
    "outcome": "accepted",
}


def land(*rows: Mapping[str, Any], as_of: str = "2026-10-01") -> Estate:
    """An estate of these assets; `id` is the last part of each one's id, `at` its place in metres from the corner."""
    made = [_row(number, row) for number, row in enumerate(rows)]
    assets = pd.DataFrame(made, columns=list(ASSET_COLUMNS), index=pd.Index([*_ids(rows)], name="asset", dtype="str"))
    for name in set(ASSET_COLUMNS) - {"row", "is_sensitive", "wkb", "land_ha", "floor_m2", "x_m", "y_m"}:
        assets[name] = assets[name].astype("str")
    registers = pd.DataFrame(
        [
            dict.fromkeys(REGISTER_COLUMNS, "")
            | {"partner": f"institution:{one}", "partner_name": one.capitalize(), "title": "", "as_of": as_of}
            | {"imported_at": "2026-11-28T10:00:00+00:00", "visibility": "public"}
            for one in sorted(assets["register"].unique())
        ],
        columns=list(REGISTER_COLUMNS),
        index=pd.Index(sorted(assets["register"].unique()), name="register", dtype="str"),
    )
    return replace(Estate.empty(), assets=assets.sort_index(), registers=registers, revision="toy")


def _ids(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return [f"asset:{row.get('of', 'council')}-{row['id']}" for row in rows]


def _row(number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: value for name, value in row.items() if name not in {"id", "of", "at"}}
    of = row.get("of", "council")
    where = {}
    if "at" in row:
        x, y = row["at"]
        where = {"x_m": float(X0 + x), "y_m": float(Y0 + y), "lad": WEST if x < 4_000 else EAST}
    else:
        where = {"placed_by": "nowhere"}
    blank = dict.fromkeys(ASSET_COLUMNS, "")
    said = {"partner": f"institution:{of}", "register": of, "name": str(row["id"]).capitalize(), "row": number + 2}
    return {**blank, **UNSAID, **said, **where, **own}


def inputs_with(estate: Estate) -> Inputs:
    """The toy world with this land, in the estate and in the graph."""
    plain = toy_inputs()
    graph = with_assets(plain.graph, estate.assets, estate.registers)
    return replace(plain, estate=estate, graph=graph)


def some_land() -> Estate:
    """A little of everything: three partners, one of whom nobody knows, and one asset that is nowhere."""
    return land(
        {"id": "library", "at": (1_600, 600), "use": "library", "tenure": "freehold", "status": "in_use", "row": 7},
        {"id": "depot", "at": (6_500, 500), "use": "depot", "tenure": "leasehold", "title_number": "EGL1", "row": 8},
        {"id": "shop", "at": (1_500, 1_500), "tenure": "licence", "occupier": "WEST UNIVERSITY", "postcode": "E1 1BJ"},
        {"id": "lost", "tenure": "other", "land_ha": 1.5},
        {"of": "hospital", "id": "clinic", "at": (1_700, 700), "use": "health", "occupier": "Western Hospital"},
        {"of": "nobody", "id": "yard", "at": (2_000, 500)},
    )
