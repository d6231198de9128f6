"""A drawing of a siting answer: boroughs, who is to be reached, the chosen places; the same facts stand in a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely

from atlas.geo.areas import AreaSet
from atlas.siting.answer import Answer
from web.payloads import JSON, Body
from web.visit import House

UNIT_M: Final = 100.0
"""One unit of the drawing."""

_SIMPLER_M: Final = 250.0
_MARGIN: Final = 12.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A neighbourhood's point.

    Parameters
    ----------
    x, y : float
        Units of the drawing, y downwards.
    r : float
        Its radius: its area stands for people.
    """

    x: float
    y: float
    r: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the template draws.

    Parameters
    ----------
    box : str
        The view box.
    land : str
        Path of the boroughs' borders.
    existing : tuple of (float, float)
        Sites that count already.
    reached, left : tuple of Dot
        People aimed at whom the chosen reach, and whom nobody does.
    chosen : tuple of (int, float, float)
        Order and position of the chosen places.
    reach : float
        What a site reaches, in units.
    """

    box: str
    land: str
    existing: tuple[tuple[float, float], ...]
    reached: tuple[Dot, ...]
    left: tuple[Dot, ...]
    chosen: tuple[tuple[int, float, float], ...]
    reach: float


def draw(house: House, geometry: str, areaset: AreaSet, existing: pd.DataFrame, answer: Answer) -> Drawing:
    """Lay an answer out on the boroughs' outlines, which are kept under the id of the geometry."""
    west, south, east, north = areaset.boroughs.total_bounds
    land = house.payloads.hold(("siting land", geometry), lambda: Body(land_path(areaset).encode(), JSON)).data.decode()

    def at(x_m: float, y_m: float) -> tuple[float, float]:
        return round((x_m - west) / UNIT_M, 1), round((north - y_m) / UNIT_M, 1)

    def dots(areas: pd.DataFrame) -> tuple[Dot, ...]:
        radii = np.sqrt(areas["people"].to_numpy(float) / 400)
        rows = zip(areas["x_m"], areas["y_m"], radii, strict=True)
        return tuple(Dot(*at(x_m, y_m), round(float(r), 1)) for x_m, y_m, r in rows)

    waiting = answer.areas[~answer.areas["before"]]
    inside = existing[existing["in_london"]]
    width, height = (east - west) / UNIT_M + 2 * _MARGIN, (north - south) / UNIT_M + 2 * _MARGIN
    return Drawing(
        box=f"{-_MARGIN:g} {-_MARGIN:g} {width:.0f} {height:.0f}",
        land=land,
        existing=tuple(dict.fromkeys(at(x, y) for x, y in zip(inside["x_m"], inside["y_m"], strict=True))),
        reached=dots(waiting[waiting["after"]]),
        left=dots(waiting[~waiting["after"]]),
        chosen=tuple((site.order, *at(site.x_m, site.y_m)) for site in answer.sites),
        reach=answer.reach_m / UNIT_M,
    )


def land_path(areaset: AreaSet) -> str:
    """Path of the boroughs, simplified so that neighbours keep one border."""
    west, _, _, north = areaset.boroughs.total_bounds
    shapes = shapely.coverage_simplify(np.asarray(areaset.boroughs.geometry), _SIMPLER_M)
    rings = [ring for part in shapely.get_parts(shapes) for ring in (part.exterior, *part.interiors)]
    paths = []
    for ring in rings:
        xy = shapely.get_coordinates(ring)[:-1]
        units = np.column_stack([(xy[:, 0] - west) / UNIT_M, (north - xy[:, 1]) / UNIT_M]).round().astype(int)
        paths.append("M" + "L".join(f"{x} {y}" for x, y in units.tolist()) + "Z")
    return "".join(paths)
