"""The compiled loop behind `access.e2sfca_from_points`: each weight is worked out once, and no table of pairs is kept.

Points are sorted into square cells, so that those near a site lie in a few runs of neighbours in memory; every step
is a plain loop over a run, which the compiler turns into vector instructions.

Importing this module imports numba and compiles, or loads from numba's cache; nothing else does.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import cpu_count
from typing import Final

import numpy as np
from numpy.typing import NDArray

from atlas.gaps.decay import EDGE_WEIGHT, GAUSSIAN_SCALE, LOG_EDGE, STEP_WEIGHTS
from atlas.geo.compiled import compiled
from atlas.vocabulary import Decay

CODES: Final = {Decay.GAUSSIAN: 0, Decay.STEP: 1, Decay.EXPONENTIAL: 2, Decay.POWER: 3, Decay.UNIFORM: 4}
_NEAR, _MIDDLE, _FAR = STEP_WEIGHTS
_CELLS_PER_CATCHMENT: Final = 4
_MAX_CELLS_ACROSS: Final = 1000
_CHUNKS: Final = 8
"""Fixed, so that sums are added in one order however many threads there are."""

_SERIES: Final = tuple(1 / math.factorial(k) for k in range(12, 0, -1))
"""The Taylor series of expm1, highest power first: exact to 1e-16 for arguments up to 0.3 either side of 0."""


@compiled("float64(float64)")
def _expm1(x: float) -> float:
    # a plain sum: the library's function cannot be made into vector instructions
    total = 0.0
    for term in _SERIES:
        total = total * x + term
    return total * x


@compiled("void(float64[::1], float64, int64)", error_model="numpy")
def weigh(distance: NDArray[np.float64], catchment: float, code: int) -> None:
    """Replace each distance by its weight, 0 beyond the catchment; one loop a curve, so that none has to choose."""
    if code == 0:
        for k in range(len(distance)):
            t = distance[k] / catchment
            half = _expm1(0.25 * (1.0 - t) * (1.0 + t))
            distance[k] = half * (half + 2.0) / GAUSSIAN_SCALE if distance[k] <= catchment else 0.0
    elif code == 1:
        for k in range(len(distance)):
            t = distance[k] / catchment
            inside = _NEAR if t <= 1 / 3 else (_MIDDLE if t <= 2 / 3 else _FAR)
            distance[k] = inside if distance[k] <= catchment else 0.0
    elif code == 2:
        for k in range(len(distance)):
            root = 1.0 + _expm1(LOG_EDGE / 16.0 * (distance[k] / catchment))
            fourth = root * root * (root * root)
            inside = fourth * fourth * (fourth * fourth)
            distance[k] = inside if distance[k] <= catchment else 0.0
    elif code == 3:
        for k in range(len(distance)):
            inside = EDGE_WEIGHT / max(distance[k] / catchment, EDGE_WEIGHT)
            distance[k] = inside if distance[k] <= catchment else 0.0
    else:
        for k in range(len(distance)):
            distance[k] = 1.0 if distance[k] <= catchment else 0.0


@compiled("float64(float64[::1], float64[::1])", fastmath={"reassoc"})
def _dot(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    total = 0.0
    for k in range(len(one)):
        total += one[k] * other[k]
    return total


@compiled("int64(float64[::1], float64, float64, float64, int64[::1], int64[:, ::1])")
def _find_runs(
    frame: NDArray[np.float64],
    x: float,
    y: float,
    catchment: float,
    start: NDArray[np.int64],
    runs: NDArray[np.int64],
) -> int:
    """Write where the points near (x, y) begin and end, a run for each row of cells; return how many runs there are."""
    left, bottom, size, columns, rows = frame[0], frame[1], frame[2], frame[3], frame[4]
    # a hair wider than the catchment, so that rounding in the grid loses no point; the distance decides
    reach = catchment * (1.0 + 1e-6) + 1e-3
    count = 0
    first = int(min(max(math.floor((y - reach - bottom) / size), 0.0), rows))
    last = int(max(min(math.floor((y + reach - bottom) / size), rows - 1.0), -1.0))
    for row in range(first, last + 1):
        edge = bottom + row * size
        gap = max(edge - y, y - edge - size, 0.0)
        half = math.sqrt(max(reach * reach - gap * gap, 0.0))
        a = int(min(max(math.floor((x - half - left) / size), 0.0), columns))
        b = int(max(min(math.floor((x + half - left) / size), columns - 1.0), a - 1.0))
        cell = row * int(columns)
        begin, end = start[cell + a], start[cell + b + 1]
        if begin < end:
            runs[count, 0], runs[count, 1] = begin, end
            count += 1
    return count


@compiled("void(float64[:, ::1], int64[::1], float64[::1], float64[:, ::1], float64, int64, float64[::1])")
def _spread(
    demand: NDArray[np.float64],
    start: NDArray[np.int64],
    frame: NDArray[np.float64],
    supply: NDArray[np.float64],
    catchment: float,
    code: int,
    access: NDArray[np.float64],
) -> None:
    """Add to `access` what each site gives; rows of `demand` and columns of `supply` are x, y and the amount there."""
    weight = np.empty(len(access))
    runs = np.empty((int(frame[4]), 2), dtype=np.int64)
    for j in range(len(supply)):
        x, y = supply[j, 0], supply[j, 1]
        found = _find_runs(frame, x, y, catchment, start, runs)
        held = 0
        for begin, end in runs[:found]:
            here, east, north = weight[held : held + end - begin], demand[0, begin:end], demand[1, begin:end]
            for k in range(len(here)):
                dx, dy = east[k] - x, north[k] - y
                here[k] = math.sqrt(dx * dx + dy * dy)
            held += end - begin
        weigh(weight[:held], catchment, code)
        total, held = 0.0, 0
        for begin, end in runs[:found]:
            total += _dot(weight[held : held + end - begin], demand[2, begin:end])
            held += end - begin
        ratio = supply[j, 2] / total if total > 0.0 else 0.0
        held = 0
        for begin, end in runs[:found]:
            here, given = weight[held : held + end - begin], access[begin:end]
            for k in range(len(here)):
                given[k] += ratio * here[k]
            held += end - begin


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
    demand = np.ascontiguousarray(np.column_stack((demand_xy, people))[order].T)
    # sites that stand together in turn read the same memory; dealt out in turn, the chunks have like work
    supply = np.column_stack((supply_xy, capacity))[_grid(supply_xy, catchment_m)[0]]
    parts = np.zeros((_CHUNKS, len(people)))

    def work(chunk: int) -> None:
        share = np.ascontiguousarray(supply[chunk::_CHUNKS])
        _spread(demand, start, frame, share, catchment_m, CODES[decay], parts[chunk])

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
