"""Studies for tests: random ones small enough to work out by a plain loop, and London."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from atlas.gaps.need import exponential
from atlas.gaps.study import Study, make_study
from atlas.geo.areas import AreaSet
from atlas.parameters import Parameters
from atlas.vocabulary import WEIGHTED_DOMAINS

EMPTY = gpd.GeoDataFrame(geometry=[])


def frames(seed: int, n: int = 40, n_sites: int = 7) -> dict[str, Any]:
    """Areas, need, sites and domain scores, anywhere in a square of 12 km."""
    rng = np.random.default_rng(seed)
    codes = pd.Index([f"E0100{k:04d}" for k in range(n)], name="lsoa")
    areas = gpd.GeoDataFrame(
        {
            "lad": "E09000001",
            "msoa": [f"E0200{k // 4:04d}" for k in range(n)],
            "population": rng.integers(0, 3_000, n) * (rng.random(n) < 0.9) + (np.arange(n) == 0),
            "x_m": rng.uniform(0, 12_000, n),
            "y_m": rng.uniform(0, 12_000, n),
        },
        geometry=[None] * n,
        index=codes,
    )
    around = pd.DataFrame(
        {"population": [900, 50], "x_m": [-500.0, 13_000.0], "y_m": [500.0, 4_000.0], "lad": "E07000001"},
        index=["E01999998", "E01999999"],
    )
    ranks = np.column_stack([rng.permutation(n) + 1 for _ in WEIGHTED_DOMAINS])
    sites = pd.DataFrame(
        {
            "x_m": rng.uniform(0, 12_000, n_sites),
            "y_m": rng.uniform(0, 12_000, n_sites),
            "capacity": rng.integers(1, 90, n_sites).astype(float),
            "sector": "health",
            "status": "active",
            "institution": [f"institution:{k // 3}" for k in range(n_sites)],
        },
        index=[f"site:{k}" for k in range(n_sites)],
    )
    return {
        "areaset": AreaSet(2011, areas, around, EMPTY, EMPTY),
        "need": pd.Series(rng.uniform(0, 60, n), codes),
        "sites": sites,
        "domain_scores": pd.DataFrame(exponential(ranks, n), codes, [domain.value for domain in WEIGHTED_DOMAINS]),
    }


def random_study(seed: int, n: int = 40, n_sites: int = 7, *, domains: bool = True, **choices: Any) -> Study:
    """A study of random frames; without `domains`, one of a release that has none."""
    parts = frames(seed, n, n_sites)
    if not domains:
        parts["domain_scores"] = None
    return make_study(**parts, parameters=Parameters(**choices))
