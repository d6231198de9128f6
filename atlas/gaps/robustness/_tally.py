"""The compiled loops behind `_trials`: many sums over the same pairs, and percentiles and ranks of sorted values.

Importing this module imports numba and compiles, or loads from numba's cache; nothing else does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from atlas.geo.compiled import compiled

_Floats = NDArray[np.float64]
_Positions = NDArray[np.intp]


@compiled("int64(int64[::1], float64[::1], float64, int64[::1], float64[::1])")
def reach(start: _Positions, cost: _Floats, catchment: float, count: _Positions, inside: _Floats) -> int:
    """Write each site's costs within the catchment one after another, and how many it has; return how many in all."""
    held = 0
    for j in range(len(count)):
        low, high = start[j], start[j + 1]
        while low < high:
            middle = (low + high) // 2
            if cost[middle] <= catchment:
                low = middle + 1
            else:
                high = middle
        count[j] = low - start[j]
        for k in range(count[j]):
            inside[held + k] = cost[start[j] + k]
        held += count[j]
    return held


@compiled(
    "void(int64[::1], int32[::1], int64[::1], float64[::1], float64[::1], float64[::1], float64[::1], float64[::1])"
)
def share_out(
    start: _Positions,
    origin: NDArray[np.int32],
    count: _Positions,
    weight: _Floats,
    given: _Floats,
    people: _Floats,
    supply: _Floats,
    access: _Floats,
) -> None:
    """Add ``S_j / (Σ_i P_i w_ij) * given_ij`` to each origin's access, site by site.

    Sums are in the order of sites, so that areas which the same sites reach alike have equal sums.
    """
    held = 0
    for j in range(len(count)):
        begin, total = start[j], 0.0
        for k in range(count[j]):
            total += weight[held + k] * people[origin[begin + k]]
        if total > 0.0:
            ratio = supply[j] / total
            for k in range(count[j]):
                access[origin[begin + k]] += ratio * given[held + k]
        held += count[j]


@compiled("void(float64[:, ::1], int64[:, ::1], float64[::1], float64[:, ::1])")
def percentiles_sorted(values: _Floats, order: _Positions, people: _Floats, found: _Floats) -> None:
    """`need.percentiles` of each row, given the order of its values."""
    n = values.shape[1]
    everyone = people.sum()
    for row in range(len(values)):
        below, start = 0.0, 0
        while start < n:
            value, tied, end = values[row, order[row, start]], 0.0, start
            while end < n and values[row, order[row, end]] == value:
                tied += people[order[row, end]]
                end += 1
            for k in range(start, end):
                found[row, order[row, k]] = 100.0 * (below + tied / 2) / everyone
            below += tied
            start = end


@compiled("void(float64[:, ::1], int64[:, ::1], int32[:, ::1])")
def ranks_sorted(values: _Floats, order: _Positions, found: NDArray[np.int32]) -> None:
    """Rank of each value of each row, 1 for the highest, equal values sharing the best; `order` is rising."""
    n = values.shape[1]
    for row in range(len(values)):
        rank = 1
        for k in range(n - 1, -1, -1):
            if k < n - 1 and values[row, order[row, k]] != values[row, order[row, k + 1]]:
                rank = n - k
            found[row, order[row, k]] = rank
