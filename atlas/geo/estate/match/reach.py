"""Which rows of an estate could be paired with new ones, so that only those are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from atlas.geo.estate.match.nearby import CELL_M, area_of
from atlas.geo.estate.match.overlap import in_threads
from atlas.geo.estate.match.pairs import Flags, Ints, distinct

Hashes = NDArray[np.uint64]
Cells = NDArray[np.int32]

_BEYOND: Final = 3
"""Squares around the new ones beyond which nothing is reached."""


@dataclass(frozen=True, eq=False)
class Links:
    """What n rows could be linked to others by: twenty-six bytes of each, and its box where it has an outline.

    Two texts of one hash would only let more rows be read than need be.

    Parameters
    ----------
    uprn, sector : numpy.ndarray of uint64, shape (n,)
        Hashes of the UPRN and of the postcode's sector; 0 where there is none.
    cell : numpy.ndarray of int32, shape (n, 2)
        Square of `CELL_M` that the row stands in; 0 where it has no place.
    has_place, has_postcode : numpy.ndarray of bool, shape (n,)
        Whether it stands anywhere, and has a postcode.
    outlined : numpy.ndarray of int, shape (m,)
        Positions of those that have an outline, sorted.
    box : numpy.ndarray of float, shape (m, 4)
        Theirs; NaN where it is empty.

    Examples
    --------
    >>> columns = {"uprn": "", "postcode": ["SE6 4RU", "SE6 4AB", "E1 9TH"], "x_m": np.nan, "y_m": np.nan, "wkb": None}
    >>> Links.of(pd.DataFrame(columns)).reached(np.array([True, False, False])).tolist()
    [True, True, False]
    """

    uprn: Hashes
    sector: Hashes
    cell: Cells
    has_place: Flags
    has_postcode: Flags
    outlined: Ints
    box: NDArray[np.float64]

    @classmethod
    def of(cls, rows: pd.DataFrame) -> Links:
        """The links of some rows: `uprn`, `postcode`, `x_m`, `y_m`, `wkb`."""
        xy = rows[["x_m", "y_m"]].to_numpy(float)
        has_place = ~np.isnan(xy).any(axis=1)
        cell = np.zeros(xy.shape, dtype=np.int32)
        cell[has_place] = np.floor(xy[has_place] / CELL_M)
        postcode = rows["postcode"]
        outlined = np.flatnonzero(rows["wkb"].notna().to_numpy(bool))
        shapes = in_threads(shapely.from_wkb, rows["wkb"].to_numpy(object)[outlined])
        sector = _hashes(postcode.str.slice(0, -2))
        has_postcode = (postcode != "").to_numpy(bool)
        return cls(_hashes(rows["uprn"]), sector, cell, has_place, has_postcode, outlined, shapely.bounds(shapes))

    @classmethod
    def joined(cls, parts: Iterable[Links]) -> Links:
        """The links of all rows of some parts, one after the other."""
        some = list(parts) or [cls.of(pd.DataFrame(columns=["uprn", "postcode", "x_m", "y_m", "wkb"], dtype="str"))]
        starts = np.cumsum([0, *(len(part.uprn) for part in some)])
        whole = {
            name: np.concatenate([getattr(part, name) for part in some])
            for name in ("uprn", "sector", "cell", "has_place", "has_postcode", "box")
        }
        outlined = np.concatenate([part.outlined + start for part, start in zip(some, starts, strict=False)])
        return cls(**whole, outlined=outlined)

    def parts(self, is_new: Flags, most: int) -> Iterator[Flags]:
        """Divide the new rows into parts of `most` at most, of neighbours, so that each part reaches few others."""
        new = np.flatnonzero(is_new)
        if len(new) <= most:
            yield is_new
            return
        order = new[np.lexsort((self.sector[new], self._ground()[new]))]
        for start in range(0, len(order), most):
            part = np.zeros(len(is_new), dtype=bool)
            part[order[start : start + most]] = True
            yield part

    def _ground(self) -> Ints:
        """Where each row lies along a curve through all squares; all rows of a sector in one place, its middle."""
        code = pd.factorize(np.where(self.has_postcode, self.sector, np.arange(len(self.sector), dtype=np.uint64)))[0]
        count = np.maximum(np.bincount(code, self.has_place), 1)
        east, north = ((np.bincount(code, self.cell[:, side]) / count).astype(np.int64) for side in (0, 1))
        return (_spaced(east) | _spaced(north) << 1)[code]

    def reached(self, is_new: Flags) -> Flags:
        """Tell which rows share a UPRN, a sector, a place or part of an outline with a new row, or are new.

        More rows may be told than are paired, but all are told that any rule or any count of rows needs: what is
        proposed for the new ones among them is what would be proposed among all.

        Parameters
        ----------
        is_new : numpy.ndarray of bool, shape (n,)
            Which are new.

        Returns
        -------
        numpy.ndarray of bool, shape (n,)
        """
        if is_new.all():
            return is_new
        reached = is_new | _same(self.uprn, is_new) | _same(self.sector, is_new)
        reached |= self._close_by(is_new)
        return reached | self._outlined(is_new)

    def _close_by(self, is_new: Flags) -> Flags:
        """Rows that may stand beside a new one, where either has no postcode, and those that are counted with them."""
        reached = np.zeros(len(is_new), dtype=bool)
        placed = self.cell[is_new & self.has_place]
        if not len(placed):
            return reached
        low, high = placed.min(axis=0) - _BEYOND, placed.max(axis=0) + _BEYOND
        at = np.flatnonzero(self.has_place & (self.cell >= low).all(axis=1) & (self.cell <= high).all(axis=1))
        cell, new, seeker = self.cell[at].astype(np.int64), is_new[at], ~self.has_postcode[at]
        if not seeker.any():
            return reached
        area = area_of(cell[:, 0], cell[:, 1])

        def around(which: Flags, cells: int) -> Flags:
            steps = np.arange(-cells, cells + 1)
            ring = cell[which][:, None, None, :] + np.stack(np.meshgrid(steps, steps), axis=-1)
            return _among(area, area_of(ring[..., 0], ring[..., 1]).ravel())

        found = around(new & seeker, 1) | (seeker & around(new & seeker, 2)) | (seeker & around(new, 1))
        # the neighbours of a new row in its own square are counted with it
        reached[at] = found | _among(area, area[new & around(seeker, 1)])
        return reached

    def _outlined(self, is_new: Flags) -> Flags:
        """Rows whose outline's box meets that of a new one; empty ones meet each other."""
        reached = np.zeros(len(is_new), dtype=bool)
        new = is_new[self.outlined]
        if not new.any():
            return reached
        box, is_empty = self.box, np.isnan(self.box).any(axis=1)
        reached[self.outlined[is_empty]] = True
        sought = box[new & ~is_empty]
        if not len(sought):
            return reached
        (west, south), (east, north) = sought[:, :2].min(axis=0), sought[:, 2:].max(axis=0)
        near = np.flatnonzero((box[:, 0] <= east) & (box[:, 2] >= west) & (box[:, 1] <= north) & (box[:, 3] >= south))
        found = shapely.STRtree(_boxes(sought)).query(_boxes(box[near]))[0]
        reached[self.outlined[near[found]]] = True
        return reached


def _hashes(texts: pd.Series) -> Hashes:
    """Numbers of texts, 0 for the empty one."""
    codes, found = pd.factorize(texts)
    values = np.asarray(found, dtype=object)
    hashes = np.append(np.where(values == "", np.uint64(0), pd.util.hash_array(values, categorize=False)), np.uint64(0))
    return np.asarray(hashes[codes], dtype=np.uint64)


def _boxes(bounds: NDArray[np.float64]) -> NDArray[np.object_]:
    return np.asarray(shapely.box(*bounds.T), dtype=object)


def _spaced(number: Ints) -> Ints:
    """The bits of numbers below 65,536, a gap before each; two of them laced together number squares along a curve."""
    spaced = np.clip(number, 0, 0xFFFF)
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        spaced = (spaced | spaced << shift) & mask
    return np.asarray(spaced, dtype=np.int64)


def _same(hashes: Hashes, is_new: Flags) -> Flags:
    """Rows with the hash of a new one; 0 stands for none."""
    sought = hashes[is_new]
    sought = sought[sought > 0]
    return np.asarray(pd.Index(hashes).isin(sought)) if len(sought) else np.zeros(len(hashes), dtype=bool)


def _among(values: Ints, sought: Ints) -> Flags:
    """Which values are among others; numpy's own way by a hash is many times slower here."""
    sought = np.append(distinct(sought), np.iinfo(np.int64).max)
    return np.asarray(sought[np.searchsorted(sought, values)] == values)
