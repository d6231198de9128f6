"""A drawing of a siting answer: boroughs, who is to be reached, the chosen places; the same facts stand in a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from atlas.siting.answer import Answer
from web.land_drawing import UNIT_M, Ground

_PEOPLE: Final = 400.0
"""People for whom a dot has a radius of one unit."""


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
    """What the template draws on London's ground.

    Parameters
    ----------
    existing : tuple of (float, float)
        Sites that count already.
    reached, left : tuple of Dot
        People aimed at whom the chosen reach, and whom nobody does.
    chosen : tuple of (int, float, float)
        Order and position of the chosen places.
    reach : float
        What a site reaches, in units.
    """

    existing: tuple[tuple[float, float], ...]
    reached: tuple[Dot, ...]
    left: tuple[Dot, ...]
    chosen: tuple[tuple[int, float, float], ...]
    reach: float


def draw(ground: Ground, existing: pd.DataFrame, answer: Answer) -> Drawing:
    """Lay an answer out on a ground."""

    def dots(areas: pd.DataFrame) -> tuple[Dot, ...]:
        radii = np.sqrt(areas["people"].to_numpy(float) / _PEOPLE)
        rows = zip(areas["x_m"], areas["y_m"], radii, strict=True)
        return tuple(Dot(*ground.at(x_m, y_m), round(float(r), 1)) for x_m, y_m, r in rows)

    waiting = answer.areas[~answer.areas["before"]]
    inside = existing[existing["in_london"]]
    return Drawing(
        existing=tuple(dict.fromkeys(ground.at(x, y) for x, y in zip(inside["x_m"], inside["y_m"], strict=True))),
        reached=dots(waiting[waiting["after"]]),
        left=dots(waiting[~waiting["after"]]),
        chosen=tuple((site.order, *ground.at(site.x_m, site.y_m)) for site in answer.sites),
        reach=answer.reach_m / UNIT_M,
    )
