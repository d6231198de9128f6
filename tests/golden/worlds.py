"""Real areas with seeded sites, the same wherever they are built: for the golden files and the benchmarks.

Points are the middles of the areas' bounds, and England's degrees become metres by one multiplication, so that no
figure hangs on a version of GEOS or PROJ. Populations are those of the Indices of Deprivation 2019 (mid-2015).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

SEED: Final = 20261121
METRES_PER_DEGREE: Final = 111_320.0
MID_LATITUDE: Final = 52.5
OUTPUT_AREAS: Final = 188_880
POPULATION: Final = "Total population: mid 2015 (excluding prisoners)"
CODE: Final = "LSOA code (2011)"
FILES: Final = {
    "london": ("lsoa11_london_27700", "lsoa11cd", (1.0, 1.0)),
    "england": (
        "lsoa11_england_generalised_4326",
        "lsoa11_code",
        (METRES_PER_DEGREE * math.cos(math.radians(MID_LATITUDE)), METRES_PER_DEGREE),
    ),
}


@dataclass(frozen=True)
class World:
    """Demand and supply of one country or city; coordinates in metres."""

    population: pd.Series[float]
    demand_xy: NDArray[np.float64]
    capacity: pd.Series[float]
    supply_xy: NDArray[np.float64]


def world(shared: Path, place: str, n_sites: int) -> World:
    """LSOAs of `london` or `england`, and sites strewn around them (normal, 500 m) with 50 to 1,000 staff.

    `output_areas` are as many points as England and Wales have output areas (188,880, Census 2021), strewn around
    England's LSOAs in turn (normal, 300 m), so that each LSOA is five or six with its people shared among them.
    """
    file, code, scale = FILES["england" if place == "output_areas" else place]
    shapes = gpd.read_parquet(shared / "boundaries" / f"{file}.parquet").set_index(code).sort_index()
    bounds = shapes.bounds.to_numpy()
    demand_xy = np.round((bounds[:, :2] + bounds[:, 2:]) / 2 * scale, 1)
    people = pd.read_csv(shared / "deprivation" / "iod2019_file7_england.csv.gz", usecols=[CODE, POPULATION])
    population = people.set_index(CODE)[POPULATION].reindex(shapes.index).astype(float).rename("population")
    rng = np.random.default_rng(SEED)
    if place == "output_areas":
        lsoa = np.arange(OUTPUT_AREAS) % len(demand_xy)
        demand_xy = np.round(demand_xy[lsoa] + rng.normal(0, 300, (OUTPUT_AREAS, 2)), 1)
        shared_out = population.to_numpy()[lsoa] / np.bincount(lsoa)[lsoa]
        population = pd.Series(shared_out, [f"E00{k:06d}" for k in range(OUTPUT_AREAS)], name="population")
    near = demand_xy[rng.integers(len(demand_xy), size=n_sites)]
    supply_xy = np.round(near + rng.normal(0, 500, (n_sites, 2)), 1)
    labels = [f"site:{k:06d}" for k in range(n_sites)]
    capacity = pd.Series(rng.integers(50, 1001, n_sites).astype(float), labels, name="capacity")
    return World(population, demand_xy, capacity, supply_xy)
