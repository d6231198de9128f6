"""The rest of a siting problem as a mixed-integer program, by HiGHS (Huangfu and Hall 2018) through scipy."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import numpy as np
from scipy.sparse import coo_array, csr_array, eye_array, hstack, vstack

from atlas.gaps.siting._cover import Cover, Floats, Positions

MAX_PAIRS: Final = 500_000
"""Beyond this HiGHS would not even have read the problem in a reader's time."""


def solve(cover: Cover, p: int, seconds: float) -> tuple[Positions, float]:
    """Best p rows of the cover that HiGHS finds in the time, and the bound that it proves (infinite if none)."""
    share, weight = _merged(cover)
    m, n = share.shape[0], len(weight)
    reach = hstack([-share.T, eye_array(n)])
    count = csr_array(np.r_[np.ones(m), np.zeros(n)][None])
    limits = np.r_[np.zeros(n), p]
    x, bound = _milp(np.r_[np.zeros(m), weight], vstack([reach, count]).tocsr(), limits, np.ones(m + n), m, seconds)
    return np.flatnonzero(x[:m] > 0.5), bound


def solve_capacitated(cover: Cover, capacity: Floats, p: int, seconds: float) -> tuple[Positions, float]:
    """The same where row j serves at most `capacity[j]`; an area's people may be shared among sites."""
    (m, n), pairs = cover.share.shape, cover.share.nnz
    site, area = np.repeat(np.arange(m), np.diff(cover.share.indptr)), cover.share.indices
    at = np.arange(pairs)
    one, most = np.ones(pairs), np.minimum(cover.weight[area], capacity[site])
    rows = [
        # nobody is served twice; a site serves what it holds; and only where it stands
        hstack([csr_array((n, m)), coo_array((one, (area, at)), shape=(n, pairs))]),
        hstack([coo_array((-capacity, (np.arange(m), np.arange(m)))), coo_array((one, (site, at)), shape=(m, pairs))]),
        hstack([coo_array((-most, (at, site)), shape=(pairs, m)), eye_array(pairs)]),
        csr_array(np.r_[np.ones(m), np.zeros(pairs)][None]),
    ]
    limits = np.r_[cover.weight, np.zeros(m + pairs), p]
    upper = np.r_[np.ones(m), most]
    x, bound = _milp(np.r_[np.zeros(m), one], vstack(rows).tocsr(), limits, upper, m, seconds)
    return np.flatnonzero(x[:m] > 0.5), bound


def served(cover: Cover, capacity: Floats, chosen: Positions) -> float:
    """Most people that the chosen rows can serve together: a transport problem, exact."""
    from scipy.optimize import linprog  # noqa: PLC0415  # half a second at start-up for everyone else

    if not len(chosen):
        return 0.0
    share = cover.share[chosen]
    (m, n), pairs = share.shape, share.nnz
    site, at = np.repeat(np.arange(m), np.diff(share.indptr)), np.arange(pairs)
    one = np.ones(pairs)
    table = vstack([
        coo_array((one, (share.indices, at)), shape=(n, pairs)),
        coo_array((one, (site, at)), shape=(m, pairs)),
    ])  # fmt: skip
    found = linprog(-one, A_ub=table.tocsr(), b_ub=np.r_[cover.weight, capacity[chosen]], method="highs")
    return -float(found.fun)


def _merged(cover: Cover) -> tuple[Any, Floats]:
    """Areas met alike by the same candidates made one: the value of every choice stays the same."""
    areas = cover.share.T.tocsr()
    areas.sort_indices()
    start = areas.indptr
    groups: dict[bytes, int] = {}
    group = np.array([
        groups.setdefault(areas.indices[a:b].tobytes() + areas.data[a:b].tobytes(), len(groups))
        for a, b in pairwise(start)
    ])  # fmt: skip
    _, first = np.unique(group, return_index=True)
    return areas[first].T.tocsr(), np.asarray(np.bincount(group, weights=cover.weight), dtype=np.float64)


def _milp(worth: Floats, table: Any, limits: Floats, upper: Floats, whole: int, seconds: float) -> tuple[Floats, float]:
    """Maximise `worth @ x` under ``table @ x <= limits``, 0 <= x <= upper, the first `whole` of x integers."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415

    kinds = np.r_[np.ones(whole), np.zeros(len(worth) - whole)]
    # worth around 1 a row: HiGHS's tolerances are absolute
    scale = float(worth.max())
    found = milp(
        -worth / scale,
        constraints=LinearConstraint(table, -np.inf, limits),
        bounds=Bounds(0.0, upper),
        integrality=kinds,
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    bound = np.inf if found.mip_dual_bound is None else -float(found.mip_dual_bound) * scale
    return (np.zeros(len(worth)) if found.x is None else found.x), bound
