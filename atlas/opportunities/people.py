"""Who is in need around a piece of land."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from atlas.gaps.costs import pairs_within
from atlas.gaps.rule import is_high_need
from atlas.snapshot import Atlas


@dataclass(frozen=True, slots=True, eq=False)
class InNeed:
    """The neighbourhoods most in need.

    Parameters
    ----------
    xy : numpy.ndarray of float, shape (n, 2)
        Their points, EPSG:27700.
    people : numpy.ndarray of float, shape (n,)
        Who lives in each.
    is_waiting : numpy.ndarray of bool, shape (n,)
        Whether no anchor site that counts is within reach.
    reach_m : float
        What is within reach, metres.
    """

    xy: NDArray[np.float64]
    people: NDArray[np.float64]
    is_waiting: NDArray[np.bool_]
    reach_m: float

    @classmethod
    def of(cls, atlas: Atlas, reach_m: float) -> InNeed:
        """Those of an atlas: everybody in the areas that its rule of gaps calls most in need."""
        areas = atlas.inputs.areaset.areas
        people = areas["population"].to_numpy(float)
        percentile = atlas.gaps.areas["need_percentile"].reindex(areas.index).to_numpy(float)
        chosen = is_high_need(percentile, people, atlas.parameters)
        xy = areas[["x_m", "y_m"]].to_numpy(float)[chosen]
        sites = atlas.counted_sites[["x_m", "y_m"]].to_numpy(float)
        waits = np.ones(len(xy), dtype=bool)
        if len(sites) and len(xy):
            waits = cKDTree(sites).query(xy)[0] > reach_m
        return cls(xy, people[chosen], waits, reach_m)

    def around(self, places: pd.DataFrame, *, waiting: bool = False) -> NDArray[np.float64]:
        """Count the people in need within reach of each place (`x_m`, `y_m`); only those who wait, if asked."""
        people = self.people * self.is_waiting if waiting else self.people
        table = pairs_within(self.xy, places[["x_m", "y_m"]], self.reach_m)
        pairs = csr_array((np.ones(table.n_pairs), table.origin, table.start), shape=(len(places), len(self.xy)))
        return np.asarray(pairs @ people, dtype=np.float64)
