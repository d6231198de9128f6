"""Land of the toy world with everything that goes wrong in it: who may see it, one place twice, an attack as a name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from atlas.geo.estate.model import FINDING_COLUMNS, MATCH_COLUMNS, Estate, Viewer
from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.snapshot import Atlas
from tests.land import inputs_with, land
from tests.toy import HOSTILE, X0, Y0

FORMULA: Final = '=HYPERLINK("http://nowhere.invalid","Click")'
HIDDEN: Final = "Safe House of Nobody's Business"
PARTNERS_ONLY: Final = "Reserve Office for Partners"
DATES: Final = {"council": "2026-03-31", "hospital": "2025-11-01", "nobody": ""}
ROWS: Final = {"council": 10, "hospital": 4, "nobody": 2}

TOWN_HALL: Final = shapely.box(X0 + 1_400, Y0 + 450, X0 + 1_600, Y0 + 550)
"""Two hectares."""

ASSETS: Final[tuple[dict[str, Any], ...]] = (
    {
        "id": "library",
        "at": (1_600, 700),
        "use": "library",
        "tenure": "freehold",
        "status": "in_use",
        "holding": "land_and_buildings",
        "land_ha": 0.2,
        "floor_m2": 800.0,
        "uprn": "100023",
        "number": "1",
        "street": "High Street",
        "town": "West",
        "postcode": "E1 1BJ",
        "reference": "L/001",
    },
    {"id": "depot", "at": (6_500, 500), "use": "depot", "tenure": "leasehold", "status": "vacant", "land_ha": 1.5},
    {
        "id": "town-hall",
        "name": "Town Hall",
        "at": (1_500, 500),
        "use": "civic",
        "tenure": "freehold",
        "status": "in_use",
        "placed_by": "shape",
        "land_ha": 2.0,
        "wkb": shapely.to_wkb(TOWN_HALL),
    },
    {
        "id": "hostile",
        "name": HOSTILE,
        "at": (2_500, 1_500),
        "use": "community",
        "status": "surplus",
        "notes": HOSTILE,
        "street": HOSTILE,
        "organisation": HOSTILE,
    },
    {"id": "formula", "name": FORMULA, "at": (5_200, 1_500), "use": "office", "status": "in_use", "notes": "@SUM(A1)"},
    {"id": "lost", "use": "land", "tenure": "other", "status": "vacant", "land_ha": 1.0},
    {"id": "car-park", "name": "Car Park", "at": (3_000, 300), "use": "car_park", "placed_by": "postcode"},
    {
        "id": "block",
        "name": "Quarter Block",
        "at": (3_500, 1_200),
        "use": "office",
        "tenure": "freehold",
        "status": "in_use",
        "land_ha": 0.4,
        "floor_m2": 3_000.0,
        "uprn": "100077",
    },
    {
        "of": "hospital",
        "id": "block",
        "name": "Quarter Block, 2nd floor",
        "at": (3_505, 1_200),
        "use": "health",
        "tenure": "leasehold",
        "status": "in_use",
        "land_ha": 0.5,
        "floor_m2": 1_000.0,
        "uprn": "100077",
    },
    {"of": "hospital", "id": "clinic", "at": (1_700, 700), "use": "health", "tenure": "freehold", "floor_m2": 1_200.0},
    {"of": "hospital", "id": "stores", "at": (6_600, 1_500), "use": "depot", "occupier": "Western Hospital"},
    {"of": "nobody", "id": "yard", "at": (2_000, 500), "use": "land", "status": "subject_to_disposal", "land_ha": 0.3},
    {"of": "council", "id": "refuge", "name": HIDDEN, "at": (2_200, 700), "use": "refuge", "postcode": "E1 9ZZ"},
    {
        "of": "hospital",
        "id": "reserve",
        "name": PARTNERS_ONLY,
        "at": (2_300, 900),
        "use": "office",
        "visibility": "partners",
        "postcode": "E1 8YY",
    },
)
"""Twelve that everybody may see, and two that not everybody may; `tests.land` says what the rest of each row is."""

ONE_PLACE: Final = ("asset:council-block", "asset:hospital-block")
"""The freehold and a lease of one place, accepted as such."""


def whole_toy_estate() -> Estate:
    """The land as its owner sees it, with what nobody else may."""
    plain = land(*ASSETS)
    counts = plain.assets["register"].value_counts()
    ids = [str(register) for register in plain.registers.index]
    registers = plain.registers.assign(
        as_of=[DATES[one] for one in ids],
        title=[f"Register of {one}" for one in ids],
        file=[f"{one}.csv" for one in ids],
        rows=[ROWS[one] for one in ids],
        assets=[int(counts[one]) for one in ids],
        set_aside=[ROWS[one] - int(counts[one]) for one in ids],
    )
    matches = [
        (*ONE_PLACE, "uprn", 1.0, "the same UPRN, 100077", "accepted"),
        ("asset:council-library", "asset:hospital-clinic", "address", 0.71, "the same street", "proposed"),
    ]
    findings = [
        ("asset:council-depot", 3, "Easting", "x", "repair", "swapped", "180500", "536500", "the axes were swapped"),
        ("asset:council-depot", 3, "Status", "status", "doubt", "odd-status", "empty?", "", "the status is doubtful"),
        ("asset:council-refuge", 14, "Name", "name", "doubt", "odd-name", HIDDEN, "", "the name says where it is"),
    ]
    assets = plain.assets.copy()
    assets["is_sensitive"] = (assets["use"] == "refuge").to_numpy(bool)
    assets["extra"] = np.where(assets["name"] == "Depot", '{"Ward councillors": "three"}', "")
    assets["extra"] = assets["extra"].astype("str")
    return replace(
        plain,
        assets=assets,
        registers=registers,
        matches=pd.DataFrame(matches, columns=list(MATCH_COLUMNS)),
        findings=pd.DataFrame(findings, columns=["asset", *FINDING_COLUMNS]),
        revision="toy-1",
        viewer=Viewer.owner(),
    )


def toy_estate(viewer: Viewer | None = None) -> Estate:
    """What a viewer may see of it; everybody, if not said."""
    return whole_toy_estate().seen_by(viewer or Viewer.public())


def toy_estate_atlas(viewer: Viewer | None = None) -> Atlas:
    """The toy world with this land, measured."""
    return analyse(inputs_with(toy_estate(viewer)), Parameters())
