"""A drawing of what could be done together: boroughs, and a mark for each row; the same facts stand in tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from atlas.geo.areas import AreaSet
from atlas.opportunities.answer import CoLocation, Help, Opportunities, Spare
from atlas.opportunities.words import first
from web.payloads import JSON, Body
from web.siting_map import UNIT_M, land_path
from web.visit import House

_MARGIN: Final = 12.0
_SIZES: Final = 90.0
"""A mark is so many times smaller than the drawing is wide."""

_REACHES: Final = 23.0
"""That by which a mark is pressed likewise: 24 pixels across where the drawing has 288 (WCAG 2.5.8)."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One row on the drawing.

    Parameters
    ----------
    kind : str
        share, spare or help: its shape.
    anchor, words : str
        Id of its row on the page, and what it is called.
    x, y : float
        Units of the drawing, y downwards.
    """

    kind: str
    anchor: str
    words: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the template draws.

    Parameters
    ----------
    box : str
        The view box: London, or a borough.
    land : str
        Path of the boroughs' borders.
    size, reach : float
        Radius of a mark, and of that by which it is pressed, in units.
    marks : tuple of Mark
        In the order of the rows, the last first, so that the best lie on top.
    """

    box: str
    land: str
    size: float
    reach: float
    marks: tuple[Mark, ...]


def draw(house: House, geometry: str, areaset: AreaSet, found: Opportunities, borough: str) -> Drawing:
    """Lay the rows out on the boroughs' outlines, which are kept under the id of the geometry."""
    west, _, _, north = areaset.boroughs.total_bounds
    land = house.payloads.hold(("siting land", geometry), lambda: Body(land_path(areaset).encode(), JSON)).data.decode()
    frame = areaset.boroughs.loc[[borough]] if borough else areaset.boroughs
    left, bottom, right, top = frame.total_bounds
    width, height = (right - left) / UNIT_M, (top - bottom) / UNIT_M
    margin = _MARGIN * width / ((areaset.boroughs.total_bounds[2] - west) / UNIT_M)
    x, y = (left - west) / UNIT_M, (north - top) / UNIT_M
    kinds: list[tuple[str, tuple[CoLocation | Spare | Help, ...]]] = [
        ("share", found.co_locations),
        ("spare", found.spare),
        ("help", found.helps),
    ]
    marks = [
        Mark(kind, f"{kind}-{row.rank}", held.name, _unit(held.x_m - west), _unit(north - held.y_m))
        for kind, rows in kinds
        for row in rows
        for held in (first(row),)
    ]
    box = f"{x - margin:.1f} {y - margin:.1f} {width + 2 * margin:.1f} {height + 2 * margin:.1f}"
    across = max(width, height)
    reach = (across + 2 * margin) / _REACHES
    return Drawing(box, land, round(across / _SIZES, 2), round(reach, 2), tuple(reversed(marks)))


def _unit(metres: float) -> float:
    return round(metres / UNIT_M, 1)
