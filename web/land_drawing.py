"""A drawing's ground: London's boroughs as one path, in units that rise southwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import shapely
from numpy.typing import NDArray

from atlas.geo.areas import AreaSet
from atlas.vocabulary import Release
from web.payloads import JSON, Body
from web.visit import House

UNIT_M: Final = 100.0
"""One unit of a drawing."""

MARGIN: Final = 12.0
"""Ground around London, in units; around a borough less, as it is smaller."""

_LONDON_M: Final = 250.0
_BOROUGH_M: Final = 50.0
"""How far a simplified border may lie from the true one where London is drawn, and where a borough is."""

_SIZES: Final = 90.0
"""A mark is so many times smaller than the drawing is wide."""

_REACHES: Final = 23.0
"""That by which a mark is pressed likewise: 24 pixels across where the drawing has 288 (WCAG 2.5.8)."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a drawing stands on.

    Parameters
    ----------
    west, north : float
        The corner from which units are counted, metres: London's, whatever is shown of it.
    box : str
        The view box: London, or a borough.
    land : str
        Path of the boroughs' borders.
    size, reach : float
        Radius of a mark, and of that by which it is pressed, in units.
    """

    west: float
    north: float
    box: str
    land: str
    size: float
    reach: float

    @classmethod
    def of(cls, house: House, release: Release, borough: str = "") -> Self:
        """Lay out London as a release has it, or a borough by its GSS code; the path is kept for all who ask."""
        areaset = house.library.inputs(release).areaset
        simpler_m = _BOROUGH_M if borough else _LONDON_M
        key = ("land", house.library.geometries[release], simpler_m)
        body = house.payloads.hold(key, lambda: Body(land_path(areaset, simpler_m).encode(), JSON))
        west, _, east, north = areaset.boroughs.total_bounds
        frame = areaset.boroughs.loc[[borough]] if borough else areaset.boroughs
        left, bottom, right, top = frame.total_bounds
        width, height = (right - left) / UNIT_M, (top - bottom) / UNIT_M
        margin = MARGIN * (right - left) / (east - west)
        x, y = (left - west) / UNIT_M - margin, (north - top) / UNIT_M - margin
        across = max(width, height)
        return cls(
            west=west,
            north=north,
            box=f"{x:.1f} {y:.1f} {width + 2 * margin:.1f} {height + 2 * margin:.1f}",
            land=body.data.decode(),
            size=round(across / _SIZES, 2),
            reach=round((across + 2 * margin) / _REACHES, 2),
        )

    def at(self, x_m: float, y_m: float) -> tuple[float, float]:
        """Units of a place in metres, to ten metres."""
        return round((x_m - self.west) / UNIT_M, 1), round((self.north - y_m) / UNIT_M, 1)

    def path(self, shape: shapely.Geometry) -> str:
        """Path of a polygon or several, to ten metres."""
        return _path(shape, self.west, self.north)


def land_path(areaset: AreaSet, simpler_m: float) -> str:
    """Path of the boroughs, simplified so that neighbours keep one border, within some metres of the true one."""
    west, _, _, north = areaset.boroughs.total_bounds
    shapes = shapely.coverage_simplify(np.asarray(areaset.boroughs.geometry), simpler_m)
    return "".join(_path(shape, west, north) for shape in shapes)


def _path(shape: shapely.Geometry, west: float, north: float) -> str:
    rings = (ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors))
    return "".join(_ring(shapely.get_coordinates(ring)[:-1], west, north) for ring in rings)


def _ring(xy: NDArray[np.float64], west: float, north: float) -> str:
    units = np.column_stack([(xy[:, 0] - west) / UNIT_M, (north - xy[:, 1]) / UNIT_M]).round(1)
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in units.tolist()) + "Z"
