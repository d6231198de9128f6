"""Borders of boroughs, and the postcodes around them: outlines are rounded off, and postcodes say better which side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree


@dataclass(frozen=True, eq=False)
class Borders:
    """What tells on which side of a border a place lies; made once for all rows of a register.

    Parameters
    ----------
    boroughs : geopandas.GeoDataFrame
        London's boroughs by GSS code, EPSG:27700.
    find_postcodes : callable
        Gives all postcodes in and around London: `lad`, `easting_m`, `northing_m`. Asked once, and only where a place
        lies near a border.
    """

    boroughs: gpd.GeoDataFrame
    find_postcodes: Callable[[], pd.DataFrame]

    @cached_property
    def lines(self) -> shapely.Geometry:
        """Borders of all boroughs."""
        lines = shapely.union_all(self.boroughs.geometry.boundary.to_numpy())
        shapely.prepare(lines)
        return lines

    @cached_property
    def _postcodes(self) -> pd.DataFrame:
        return self.find_postcodes()

    @cached_property
    def tree(self) -> cKDTree:
        """Finds the postcodes around a place."""
        return cKDTree(self._postcodes[["easting_m", "northing_m"]].to_numpy(float))

    @cached_property
    def borough_of(self) -> NDArray[np.intp]:
        """Position in `boroughs` of the one that each postcode lies in; -1 elsewhere."""
        return self.boroughs.index.get_indexer(pd.Index(self._postcodes["lad"]))
