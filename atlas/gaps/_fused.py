"""The compiled loop behind `access.e2sfca_from_points`: weighted sums over the points in reach, and no table of pairs.

Importing this module imports numba and compiles, or loads from numba's cache; nothing else does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import cpu_count
from typing import Any, Final

import numba
import numpy as np
from numpy.typing import NDArray

from atlas.gaps.decay import EDGE_WEIGHT, GAUSSIAN_SCALE, LOG_EDGE, STEP_WEIGHTS
from atlas.vocabulary import Decay

_CODES: Final = {Decay.GAUSSIAN: 0, Decay.STEP: 1, Decay.EXPONENTIAL: 2, Decay.POWER: 3, Decay.UNIFORM: 4}
_NEAR, _MIDDLE, _FAR = STEP_WEIGHTS
_CELLS_PER_CATCHMENT: Final = 4
_MAX_CELLS_ACROSS: Final = 1000
_CHUNKS_PER_THREAD: Final = 4
_ALONE: Final = 2000


def _compiled(signature: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Compile at once; keep the result on disk where numba finds a folder it may write."""

    def compile_(function: Callable[..., Any]) -> Callable[..., Any]:
        try:
            return numba.njit(signature, nogil=True, cache=True)(function)
        except (OSError, RuntimeError):
            return numba.njit(signature, nogil=True)(function)

    return compile_


@_compiled("float64(float64, float64, int64)")
def _weight(distance: float, catchment: float, code: int) -> float:
    t = distance / catchment
    if code == 0:
        return math.expm1(0.5 * (1.0 - t) * (1.0 + t)) / GAUSSIAN_SCALE
    if code == 1:
        return _NEAR if t <= 1 / 3 else (_MIDDLE if t <= 2 / 3 else _FAR)
    if code == 2:
        return math.exp(LOG_EDGE * t)
    if code == 3:
        return EDGE_WEIGHT / max(t, EDGE_WEIGHT)
    return 1.0


@_compiled(
    "void(float64[:, ::1], float64[::1], int64[::1], float64[::1], float64[:, ::1], float64, int64, float64[::1])"
)
def _sum_in_reach(  # one flat loop: calls between compiled functions would hide it from the optimiser
    xy: NDArray[np.float64],
    value: NDArray[np.float64],
    start: NDArray[np.int64],
    frame: NDArray[np.float64],
    targets: NDArray[np.float64],
    catchment: float,
    code: int,
    out: NDArray[np.float64],
) -> None:
    left, bottom, size, columns, rows = frame[0], frame[1], frame[2], frame[3], frame[4]
    # a hair wider than the catchment, so that rounding in the grid loses no point; the distance decides
    reach = catchment * (1.0 + 1e-6) + 1e-3
    for k in range(len(targets)):
        x, y = targets[k, 0], targets[k, 1]
        total = 0.0
        first = int(min(max(math.floor((y - reach - bottom) / size), 0.0), rows))
        last = int(max(min(math.floor((y + reach - bottom) / size), rows - 1.0), -1.0))
        for row in range(first, last + 1):
            edge = bottom + row * size
            gap = max(edge - y, y - edge - size, 0.0)
            half = math.sqrt(max(reach * reach - gap * gap, 0.0))
            a = int(min(max(math.floor((x - half - left) / size), 0.0), columns))
            b = int(max(min(math.floor((x + half - left) / size), columns - 1.0), -1.0))
            if a > b:
                continue
            cell = row * int(columns)
            for i in range(start[cell + a], start[cell + b + 1]):
                dx, dy = xy[i, 0] - x, xy[i, 1] - y
                distance = math.sqrt(dx * dx + dy * dy)
                if distance <= catchment:
                    total += _weight(distance, catchment, code) * value[i]
        out[k] = total


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Points sorted into square cells, row by row.

    Parameters
    ----------
    xy : numpy.ndarray of float, shape (n, 2)
        The points, sorted by cell.
    order : numpy.ndarray of int, shape (n,)
        Where each stood before.
    start : numpy.ndarray of int, shape (rows * columns + 1,)
        Where each cell's points begin.
    frame : numpy.ndarray of float, shape (5,)
        Left and bottom edge, size of a cell (metres), columns, rows.
    """

    xy: NDArray[np.float64]
    order: NDArray[np.intp]
    start: NDArray[np.int64]
    frame: NDArray[np.float64]

    @classmethod
    def of(cls, xy: NDArray[np.float64], catchment_m: float) -> Grid:
        """Grid whose cells suit a catchment; at least one point."""
        low, high = xy.min(axis=0), xy.max(axis=0)
        size = max(catchment_m / _CELLS_PER_CATCHMENT, float((high - low).max()) / _MAX_CELLS_ACROSS)
        column, row = ((xy - low) // size).astype(np.int64).T
        columns, rows = int(column.max()) + 1, int(row.max()) + 1
        cell = row * columns + column
        order = np.argsort(cell, kind="stable")
        start = np.concatenate(([0], np.cumsum(np.bincount(cell, minlength=rows * columns)))).astype(np.int64)
        return cls(xy[order], order, start, np.array([low[0], low[1], size, columns, rows], dtype=np.float64))

    def sums(
        self, value: NDArray[np.float64], targets: NDArray[np.float64], catchment_m: float, decay: Decay
    ) -> NDArray[np.float64]:
        """Weighted sum, at each target, of the values of the points in reach; values in the grid's own order."""
        out = np.empty(len(targets))
        threads = cpu_count() if len(targets) > _ALONE else 1
        edges = np.linspace(0, len(targets), threads * _CHUNKS_PER_THREAD + 1).astype(int)

        def work(begin: int, end: int) -> None:
            _sum_in_reach(
                self.xy, value, self.start, self.frame, targets[begin:end], catchment_m, _CODES[decay], out[begin:end]
            )

        if threads == 1:
            work(0, len(targets))
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(work, edges[:-1], edges[1:]))
        return out


def access_per_head(
    people: NDArray[np.float64],
    demand_xy: NDArray[np.float64],
    supply: NDArray[np.float64],
    supply_xy: NDArray[np.float64],
    catchment_m: float,
    decay: Decay,
) -> NDArray[np.float64]:
    """E2SFCA of each demand point; inputs already checked, at least one point on each side."""
    demand_grid, supply_grid = Grid.of(demand_xy, catchment_m), Grid.of(supply_xy, catchment_m)
    # each pass walks the other side in its grid's order, so that neighbours in turn read the same memory
    demand = demand_grid.sums(people[demand_grid.order], supply_grid.xy, catchment_m, decay)
    offered = supply[supply_grid.order]
    ratio = np.divide(offered, demand, out=np.zeros_like(offered), where=demand > 0)
    access = np.empty(len(people))
    access[demand_grid.order] = supply_grid.sums(ratio, demand_grid.xy, catchment_m, decay)
    return access
