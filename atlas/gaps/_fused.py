"""The compiled loop behind `access.e2sfca_from_points`: each weight is worked out once, and no table of pairs is kept.

Importing this module imports numba and compiles, or loads from numba's cache; nothing else does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
_CHUNKS: Final = 8
"""Fixed, so that sums are added in one order however many threads there are."""


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


@_compiled("void(float64[:, ::1], int64[::1], float64[::1], float64[:, ::1], float64, int64, float64[::1])")
def _spread(  # one flat loop: calls between compiled functions would hide it from the optimiser
    demand: NDArray[np.float64],
    start: NDArray[np.int64],
    frame: NDArray[np.float64],
    supply: NDArray[np.float64],
    catchment: float,
    code: int,
    access: NDArray[np.float64],
) -> None:
    left, bottom, size, columns, rows = frame[0], frame[1], frame[2], frame[3], frame[4]
    # a hair wider than the catchment, so that rounding in the grid loses no point; the distance decides
    reach = catchment * (1.0 + 1e-6) + 1e-3
    found = np.empty(len(demand), dtype=np.int64)
    weight = np.empty(len(demand))
    for j in range(len(supply)):
        x, y = supply[j, 0], supply[j, 1]
        count, total = 0, 0.0
        first = int(min(max(math.floor((y - reach - bottom) / size), 0.0), rows))
        last = int(max(min(math.floor((y + reach - bottom) / size), rows - 1.0), -1.0))
        for row in range(first, last + 1):
            edge = bottom + row * size
            gap = max(edge - y, y - edge - size, 0.0)
            half = math.sqrt(max(reach * reach - gap * gap, 0.0))
            a = int(min(max(math.floor((x - half - left) / size), 0.0), columns))
            b = int(max(min(math.floor((x + half - left) / size), columns - 1.0), a - 1.0))
            cell = row * int(columns)
            for i in range(start[cell + a], start[cell + b + 1]):
                dx, dy = demand[i, 0] - x, demand[i, 1] - y
                distance = math.sqrt(dx * dx + dy * dy)
                if distance <= catchment:
                    found[count], weight[count] = i, _weight(distance, catchment, code)
                    total += weight[count] * demand[i, 2]
                    count += 1
        if total > 0.0:
            ratio = supply[j, 2] / total
            for k in range(count):
                access[found[k]] += ratio * weight[k]


def access_per_head(
    people: NDArray[np.float64],
    demand_xy: NDArray[np.float64],
    capacity: NDArray[np.float64],
    supply_xy: NDArray[np.float64],
    catchment_m: float,
    decay: Decay,
) -> NDArray[np.float64]:
    """E2SFCA of each demand point; inputs already checked, at least one point on each side."""
    order, start, frame = _grid(demand_xy, catchment_m)
    demand = np.column_stack((demand_xy, people))[order]
    # sites that stand together in turn read the same memory
    supply = np.column_stack((supply_xy, capacity))[_grid(supply_xy, catchment_m)[0]]
    parts = np.zeros((_CHUNKS, len(people)))

    def work(chunk: int) -> None:
        begin, end = (len(supply) * k // _CHUNKS for k in (chunk, chunk + 1))
        _spread(demand, start, frame, supply[begin:end], catchment_m, _CODES[decay], parts[chunk])

    with ThreadPoolExecutor(cpu_count()) as pool:
        list(pool.map(work, range(_CHUNKS)))
    access = np.empty(len(people))
    access[order] = parts.sum(axis=0)
    return access


def _grid(
    xy: NDArray[np.float64], catchment_m: float
) -> tuple[NDArray[np.intp], NDArray[np.int64], NDArray[np.float64]]:
    """Sort points into square cells, row by row.

    Returns
    -------
    order : numpy.ndarray of int, shape (n,)
        Positions of the points, cell by cell.
    start : numpy.ndarray of int, shape (rows * columns + 1,)
        Where each cell's points begin.
    frame : numpy.ndarray of float, shape (5,)
        Left and bottom edge, size of a cell (metres), columns, rows.
    """
    low, high = xy.min(axis=0), xy.max(axis=0)
    size = max(catchment_m / _CELLS_PER_CATCHMENT, float((high - low).max()) / _MAX_CELLS_ACROSS)
    column, row = ((xy - low) // size).astype(np.int64).T
    columns, rows = int(column.max()) + 1, int(row.max()) + 1
    cell = row * columns + column
    order = np.argsort(cell, kind="stable")
    start = np.concatenate(([0], np.cumsum(np.bincount(cell, minlength=rows * columns)))).astype(np.int64)
    return order, start, np.array([low[0], low[1], size, columns, rows], dtype=np.float64)
