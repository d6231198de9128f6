"""Which rows of an estate could be paired with a new one, so that only those are read."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from atlas.geo.estate.match.nearby import CELL_M, area_of
from atlas.geo.estate.match.overlap import in_threads
from atlas.geo.estate.match.pairs import Flags, Ints, distinct
from atlas.geo.estate.match.uprn import codes_of


def within_reach(rows: pd.DataFrame, is_new: Flags) -> Flags:
    """Tell which rows share a UPRN, a sector, a place or part of an outline with a new row, or are new.

    More rows may be told than are paired, but all are told that any rule or any count of rows needs: what is proposed
    for the new ones among them is what would be proposed among all.

    Parameters
    ----------
    rows : pandas.DataFrame
        `uprn`, `postcode`, `x_m`, `y_m`, `wkb`.
    is_new : numpy.ndarray of bool, shape (n,)
        Which are new.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)

    Examples
    --------
    >>> columns = {"uprn": "", "postcode": ["SE6 4RU", "SE6 4AB", "E1 9TH"], "x_m": np.nan, "y_m": np.nan, "wkb": None}
    >>> within_reach(pd.DataFrame(columns), np.array([True, False, False])).tolist()
    [True, True, False]
    """
    codes, found = pd.factorize(rows["postcode"])
    postcodes = pd.Series(found, dtype="str")
    sector = np.append(codes_of(postcodes.str.slice(0, -2)), -1)[codes]
    reached = is_new | _same(codes_of(rows["uprn"]), is_new) | _same(sector, is_new)
    no_postcode = np.append((postcodes == "").to_numpy(bool), True)[codes]
    reached |= _close_by(rows[["x_m", "y_m"]].to_numpy(float), no_postcode, is_new)
    return reached | _outlined(rows["wkb"], is_new)


def _same(code: Ints, is_new: Flags) -> Flags:
    """Rows with the code of a new one."""
    told = np.zeros(code.max(initial=-1) + 2, dtype=bool)
    told[code[is_new]] = True
    # the last stands for none
    told[-1] = False
    return told[code]


def _close_by(xy: NDArray[np.float64], no_postcode: Flags, is_new: Flags) -> Flags:
    """Rows that may stand beside a new one, where either has no postcode, and those that are counted with them."""
    has_place = ~np.isnan(xy).any(axis=1)
    seeks = has_place & no_postcode
    reached = np.zeros(len(xy), dtype=bool)
    if not seeks.any():
        return reached
    at = np.flatnonzero(has_place)
    cell = np.floor(xy[at] / CELL_M).astype(np.int64)
    area, new, seeker = area_of(cell[:, 0], cell[:, 1]), is_new[at], seeks[at]

    def around(which: Flags, cells: int) -> Flags:
        steps = np.arange(-cells, cells + 1)
        ring = cell[which][:, None, None, :] + np.stack(np.meshgrid(steps, steps), axis=-1)
        return _among(area, area_of(ring[..., 0], ring[..., 1]).ravel())

    found = around(new & seeker, 1) | (seeker & around(new & seeker, 2)) | (seeker & around(new, 1))
    # the neighbours of a new row in its own square are counted with it
    reached[at] = found | _among(area, area[new & around(seeker, 1)])
    return reached


def _among(values: Ints, sought: Ints) -> Flags:
    """Which values are among others; numpy's own way by a hash is many times slower here."""
    sought = np.append(distinct(sought), np.iinfo(np.int64).max)
    return np.asarray(sought[np.searchsorted(sought, values)] == values)


def _outlined(wkb: pd.Series, is_new: Flags) -> Flags:
    """Rows whose outline's box meets that of a new one."""
    has = wkb.notna().to_numpy(bool)
    reached = np.zeros(len(wkb), dtype=bool)
    new = np.flatnonzero(has & is_new)
    if not len(new):
        return reached
    at = np.flatnonzero(has)
    shapes = in_threads(shapely.from_wkb, wkb.iloc[at].to_numpy(object))
    reached[at[shapely.is_empty(shapes)]] = True
    found = shapely.STRtree(shapes).query(shapes[np.searchsorted(at, new)])[1]
    reached[at[found]] = True
    return reached
