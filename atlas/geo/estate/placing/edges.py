"""Which borough a place lies in, told by the postcodes around it where outlines are too rounded to say."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from atlas.geo.estate.placing.whereabouts import Flags, Floats, PlacingContext, Positions, boroughs_at

EDGE_M: Final = 100.0
"""Nearer to a border than this, a rounded outline may have a place on the wrong side."""

_ASKED: Final = 7
"""How many postcodes must agree."""

_ROUND_M: Final = 250.0
"""Postcodes farther away say nothing of a place."""


def lads_at(x_m: Floats, y_m: Floats, context: PlacingContext) -> tuple[Positions, Flags]:
    """Position of the borough that each place lies in, and whether the postcodes around it said so.

    Parameters
    ----------
    x_m, y_m : numpy.ndarray of float, shape (n,)
        Metres, EPSG:27700; NaN lies nowhere.
    context : PlacingContext
        `boroughs`, and `borders` where they are known.

    Returns
    -------
    borough : numpy.ndarray of int, shape (n,)
        Position in `context.boroughs`; -1 outside all of them.
    by_postcodes : numpy.ndarray of bool, shape (n,)
        Near a border, where the nearest postcodes all lie in one borough or district.
    """
    borough = boroughs_at(x_m, y_m, context.boroughs)
    by_postcodes = np.zeros(len(x_m), dtype=bool)
    borders = context.borders
    if borders is None:
        return borough, by_postcodes
    at = np.flatnonzero(np.isfinite(x_m))
    at = at[shapely.dwithin(borders.lines, shapely.points(x_m[at], y_m[at]), EDGE_M)]
    if not len(at) or borders.tree.n < _ASKED:
        return borough, by_postcodes
    away_m, which = borders.tree.query(np.column_stack([x_m[at], y_m[at]]), k=_ASKED)
    theirs = borders.borough_of[which]
    agree = (theirs == theirs[:, :1]).all(axis=1) & (away_m[:, -1] <= _ROUND_M)
    borough[at[agree]] = theirs[agree, 0]
    by_postcodes[at[agree]] = True
    return borough, by_postcodes
