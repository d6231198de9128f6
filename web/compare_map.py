"""A drawing of gap areas then and now: each on its own ground, with what became of it; the same stands in a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from atlas.comparison import ReleaseComparison
from atlas.then_and_now import FATES, AreaThenNow
from web.land_drawing import Ground

_SIMPLER_M: Final = 60.0


@dataclass(frozen=True, slots=True)
class Patch:
    """One gap area on the drawing.

    Parameters
    ----------
    fate : str
        What became of it: its colour and its mark.
    anchor, words : str
        Id of its row on the page; its name and what became of it.
    path : str
        Its ground.
    x, y : float
        Where its mark stands, inside it; units of the drawing, y downwards.
    """

    fate: str
    anchor: str
    words: str
    path: str
    x: float
    y: float


def anchor_of(row: AreaThenNow) -> str:
    """Id of a row on the page: an area may have its name at both times."""
    return f"{'now' if row.is_later else 'then'}-{row.area.id}"


def patches(ground: Ground, found: ReleaseComparison, rows: Iterable[AreaThenNow]) -> tuple[Patch, ...]:
    """The rows on a ground, in their order."""
    shapes = {
        is_later: atlas.inputs.areaset.areas.geometry
        for is_later, atlas in ((False, found.before), (True, found.after))
    }
    return tuple(_patch(ground, row, np.asarray(shapes[row.is_later].loc[list(row.area.lsoas)])) for row in rows)


def _patch(ground: Ground, row: AreaThenNow, parts: np.ndarray) -> Patch:
    whole = shapely.union_all(parts)
    mark = shapely.point_on_surface(whole)
    x, y = ground.at(mark.x, mark.y)
    return Patch(
        fate=row.fate.value,
        anchor=anchor_of(row),
        words=f"{row.area.name}: {FATES[row.fate][0].lower()}",
        path=ground.path(shapely.simplify(whole, _SIMPLER_M)),
        x=x,
        y=y,
    )
