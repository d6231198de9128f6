"""Write access.json: E2SFCA by PySAL `access` on real areas, for `test_access.py` to compare with.

Run from the checkout, with the path of the real data (about 5 GB of memory, 20 seconds)::

    .venv/bin/python -m tests.golden.pysal_access ../shared/data
"""

from __future__ import annotations

import json
import math
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from tests.golden.worlds import SEED, World, world

CATCHMENT_M: Final = 10_000.0
EVERY: Final = {"london": 60, "england": 400}
"""One area in so many is written down; the total speaks for all."""

WEIGHTS: Final[dict[str, Callable[[float], float]]] = {
    "step": lambda d: 1.0 if d <= CATCHMENT_M / 3 else (0.68 if d <= 2 * CATCHMENT_M / 3 else 0.22),
    "gaussian": lambda d: (math.exp(-0.5 * (d / CATCHMENT_M) ** 2) - math.exp(-0.5)) / (1 - math.exp(-0.5)),
    "exponential": lambda d: 0.01 ** (d / CATCHMENT_M),
    "power": lambda d: min(1.0, 0.01 * CATCHMENT_M / d) if d else 1.0,
    "uniform": lambda _: 1.0,
}
CASES: Final = [("london", 350, decay) for decay in WEIGHTS] + [
    ("england", 2000, "gaussian"),
    ("england", 2000, "step"),
    ("england", 2000, "uniform"),
]


def pysal(here: World, weight: Callable[[float], float]) -> pd.Series[float]:
    """Access by PySAL, distances included."""
    from access import Access  # noqa: PLC0415  # slow to import, and it warns

    demand = gpd.GeoDataFrame(
        {"geoid": here.population.index, "people": here.population.to_numpy()},
        geometry=gpd.points_from_xy(*here.demand_xy.T),
    )
    supply = gpd.GeoDataFrame(
        {"geoid": here.capacity.index, "staff": here.capacity.to_numpy()},
        geometry=gpd.points_from_xy(*here.supply_xy.T),
    )
    access = Access(
        demand_df=demand, demand_index="geoid", demand_value="people",
        supply_df=supply, supply_index="geoid", supply_value=["staff"],
    )  # fmt: skip
    access.create_euclidean_distance(threshold=CATCHMENT_M)
    result = access.enhanced_two_stage_fca(cost="euclidean", max_cost=CATCHMENT_M, weight_fn=weight)
    return result["e2sfca_staff"].reindex(here.population.index).fillna(0.0)


def main(shared: Path) -> None:
    """Write the file."""
    warnings.simplefilter("ignore")
    cases = []
    for place, n_sites, decay in CASES:
        here = world(shared, place, n_sites)
        access = pysal(here, WEIGHTS[decay])
        sample = access.iloc[:: EVERY[place]]
        cases.append(
            {
                "place": place,
                "sites": n_sites,
                "decay": decay,
                "catchment_m": CATCHMENT_M,
                "areas": len(access),
                "total": float((access * here.population).sum()),
                "sum": float(access.sum()),
                "access": {code: float(value) for code, value in sample.items()},
            }
        )
    document = {"by": "PySAL access", "seed": SEED, "cases": cases}
    Path(__file__).with_name("access.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
