"""Rows of one collection: made once for each state of the atlas, then chosen, counted and written a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from atlas.exports.text import records
from atlas.geo.areas import AreaSet
from atlas.geo.crs import points_to_wgs84

Mask = NDArray[np.bool_]
Positions = NDArray[np.intp]

PLACES: Final = 15
"""Decimals of a number: access next to nothing is not 0. Frames are rounded to fewer where that is all they know."""

DEGREES: Final = 6
"""Decimals of a degree: a tenth of a metre."""


@dataclass(frozen=True, eq=False)
class Rows:
    """All rows of a collection.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, …)
        Indexed by id: what rows are chosen by, and what they say unless `write` says it.
    columns : tuple of str
        What a row says, in order; `id` is its index.
    shapes : numpy.ndarray of shapely.Geometry, shape (n,), optional
        In longitude and latitude, None where a row is nowhere.
    inside : callable, optional
        Which rows have to do with a place, by its GSS code.
    write : callable, optional
        Gives the rows at some positions as a frame with the columns, where that costs too much for all at once.
    is_flat : bool
        Whether a list is written as one text, divided by semicolons.
    """

    frame: pd.DataFrame
    columns: tuple[str, ...]
    shapes: NDArray[np.object_] | None = None
    inside: Callable[[str], Mask] | None = None
    write: Callable[[Positions], pd.DataFrame] | None = None
    is_flat: bool = False

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The shapes, ready to be searched."""
        return shapely.STRtree(self.shapes if self.shapes is not None else [])

    def within(self, box: tuple[float, ...]) -> Mask:
        """Which rows touch a box: west, south, east, north in degrees; one whose west lies east of its east wraps."""
        west, south, east, north = box
        parts = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
        found = np.zeros(len(self), dtype=bool)
        for left, right in parts:
            found[self.tree.query(shapely.box(left, south, right, north), predicate="intersects")] = True
        return found

    def position(self, wanted: str) -> int | None:
        """Position of the row of an id; None where there is none."""
        found = self.frame.index.get_indexer(pd.Index([wanted]))
        return int(found[0]) if found[0] >= 0 else None

    def records(self, positions: Positions) -> list[dict[str, Any]]:
        """Rows as JSON values."""
        if self.write is not None:
            frame = self.write(positions)
        else:
            frame = self.frame.iloc[positions].rename_axis("id").reset_index()
        found = records(frame[list(self.columns)], PLACES)
        return [{name: _flat(value) for name, value in one.items()} for one in found] if self.is_flat else found

    def geometries(self, positions: Positions) -> list[str]:
        """Geometries of rows as GeoJSON."""
        if self.shapes is None:
            return ["null"] * len(positions)
        written = shapely.to_geojson(self.shapes[positions])
        return ["null" if shape is None else str(shape) for shape in written]

    def take(self, positions: Positions) -> Rows:
        """Some of the rows, as if there were no others."""
        inside, write = self.inside, self.write
        return replace(
            self,
            frame=self.frame.iloc[positions],
            shapes=None if self.shapes is None else self.shapes[positions],
            inside=None if inside is None else lambda code: inside(code)[positions],
            write=None if write is None else lambda some: write(positions[some]),
        )


def _flat(value: Any) -> Any:
    return "; ".join(map(str, value)) if isinstance(value, list) else value


def in_degrees(shapes: Iterable[Any]) -> NDArray[np.object_]:
    """Shapes in longitude and latitude, their rings as GeoJSON has them.

    Parameters
    ----------
    shapes : iterable of shapely.Geometry
        EPSG:27700; None where there is none.

    Examples
    --------
    >>> [shape] = in_degrees([shapely.Point(530_030, 180_380)])
    >>> round(shape.x, 3), round(shape.y, 3)
    (-0.128, 51.507)
    """
    given = np.asarray([*shapes], dtype=object)
    moved = shapely.transform(given, lambda xy: np.column_stack(points_to_wgs84(xy[:, 0], xy[:, 1])).round(DEGREES))
    return np.asarray(shapely.orient_polygons(moved), dtype=object)


def points_in_degrees(xy: NDArray[np.float64]) -> NDArray[np.object_]:
    """Points in longitude and latitude, None where a coordinate is not known.

    Parameters
    ----------
    xy : numpy.ndarray, shape (n, 2)
        Metres, EPSG:27700.
    """
    return in_degrees(shapely.Point(x, y) if np.isfinite([x, y]).all() else None for x, y in xy)


def areas_in(areaset: AreaSet, code: str) -> Mask:
    """Which small areas lie in a place: an LSOA, an MSOA, a ward, a borough, an integrated care board, or London.

    Parameters
    ----------
    areaset : AreaSet
        London.
    code : str
        GSS code.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
        In the order of `areaset.areas`.
    """
    areas = areaset.areas
    lads = lads_in(areaset, code)
    found = (
        (areas["msoa"] == code).to_numpy(bool) | np.asarray(areas.index == code) | areas["lad"].isin(lads).to_numpy()
    )
    return found | (areas["ward"] == code).to_numpy(bool) if "ward" in areas else found


def lads_in(areaset: AreaSet, code: str) -> frozenset[str]:
    """Codes of the boroughs in a place as wide as one, or wider; the code itself stands for a district elsewhere."""
    boroughs = areaset.boroughs
    mine = boroughs.index[(boroughs["icb22"] == code) | (boroughs["icb26"] == code) | (code == "E12000007")]
    return frozenset([*map(str, mine), code])
