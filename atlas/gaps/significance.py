"""Is it chance? Need against the access of the neighbours, area by area, by bivariate local Moran.

All areas share one table of draws. A row of it is a random order of the areas, cut off; area i with c neighbours takes
the first c that are not itself, which is a random sample without replacement of the others: a proper conditional
permutation. Without its own entry, an area's draws are those of every other with c neighbours, so these are summed and
sorted once for each c, an area's place among them is found by bisection, and only the few rows with the area itself in
them are done again. That takes n log(permutations), where drawing for each area takes n times permutations.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import cpu_count
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from atlas.errors import QueryError

HIGH_NEED_LOW_ACCESS: Final = 4
"""The quadrant of gaps: need above the mean, the neighbours' access not above it."""

_BLOCK: Final = 1 << 20
"""Draws that are made and sorted together: fixed, so that they do not depend on the number of threads."""

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]


def bivariate_local_moran(
    need: pd.Series[float],
    access: pd.Series[float],
    links: Any,
    *,
    permutations: int = 99_999,
    seed: int = 1,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Bivariate local Moran of need against the neighbours' access, with its chance under permutation.

    With x need and y access, both less their mean and divided by their (population) standard deviation, and c_i the
    number of neighbours of area i among n areas (Anselin, Syabri and Smirnov 2002)::

        lag_i = Σ_j y_j / c_i  over the neighbours j of i
        I_i = (n - 1) / n · x_i · lag_i

    Need and access stay with area i, and the access of all others is dealt at random to its neighbours. `p` is the
    share of ``permutations + 1`` in which the lag, and so I, is at least as far out as found, on whichever side that is
    rarer; draws equal to what was found count on both sides. The side is chosen by the data, so `q` is worked out
    from twice `p` (at most 1).

    Parameters
    ----------
    need : pandas.Series of float, shape (n,)
        Indexed by code; higher is more deprived.
    access : pandas.Series of float, shape (n,)
        On the same index; higher is better served.
    links : scipy.sparse.csr_array, shape (n, n)
        Neighbours as `atlas.geo.contiguity.queen` or `atlas.geo.neighbours.k_nearest` gives them, in the order of the
        index; every neighbour weighs the same.
    permutations : int
        Draws. The smallest `q` is ``2 n / (permutations + 1)``, divided by how many areas share it: of London's 4,835,
        no fewer than 194 can be significant at 999, and two at 99,999.
    seed : int
        Where the draws start; the same seed gives the same result on any number of processors.
    alpha : float
        Share of false discoveries among the significant areas that is put up with.

    Returns
    -------
    pandas.DataFrame
        On the same index:

        - `moran`: I_i, no unit; negative where need is high and the neighbours' access low, or the reverse;
        - `lag`: mean access of the neighbours, in standard deviations from the mean of all;
        - `p`: one-sided, from ``1 / (permutations + 1)`` to 1;
        - `q`: the share of false discoveries if this area and all with a smaller `q` are called significant;
        - `quadrant`: 1 high need and high lag, 2 low and high, 3 low and low, 4 high need and low lag, 0 neither;
        - `is_significant`: whether `q` is at most `alpha`.

        An area without neighbours has `moran` 0, `lag` 0, `p` 1 and `quadrant` 0. So has every area where need or
        access is equal everywhere; then its `lag` is still that of access.

    Raises
    ------
    QueryError
        If the two are not on one index, a value is missing or infinite, the links have another shape or join an area
        to itself, or a choice is out of range.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from atlas.geo.contiguity import queen
    >>> row = [f"E{k:02d}" for k in range(20)]
    >>> need = pd.Series([9.0] * 4 + [1.0] * 16, row)
    >>> access = pd.Series([0.0] * 5 + [5.0, 6.0, 7.0] * 5, row)
    >>> links = queen(gpd.GeoSeries([shapely.box(k, 0, k + 1, 1) for k in range(20)]))
    >>> found = bivariate_local_moran(need, access, links, permutations=9_999)
    >>> found.loc["E02", ["moran", "lag", "quadrant"]].astype(float).round(2).tolist()
    [-3.18, -1.67, 4.0]
    """
    x, y = _values(need, "need"), _values(access, "access")
    if not need.index.equals(access.index):
        raise QueryError("need and access must be on one index, found two")
    if permutations < 1 or seed < 0 or not 0 < alpha < 1:
        raise QueryError(
            "expected permutations from 1, a seed from 0 and alpha between 0 and 1, "
            f"found {permutations}, {seed} and {alpha}"
        )
    n, links = len(x), _checked(links, len(x))
    degree = np.diff(links.indptr).astype(np.int64)
    zx, zy = _standardised(x), _standardised(y)
    lag = (links.astype(np.float64) @ zy) / np.maximum(degree, 1)
    varies = bool(zx.any() and zy.any())
    extreme = _extreme(zy, links, degree, permutations, seed) if varies else np.full(n, permutations)
    p = (extreme + 1) / (permutations + 1)
    q = benjamini_hochberg(np.minimum(2 * p, 1))
    quadrant = np.where(zx > 0, np.where(lag > 0, 1, 4), np.where(lag > 0, 2, 3))
    return pd.DataFrame(
        {
            "moran": (n - 1) / max(n, 1) * zx * lag,
            "lag": lag,
            "p": p,
            "q": q,
            "quadrant": np.where(varies & (degree > 0), quadrant, 0),
            "is_significant": q <= alpha,
        },
        index=need.index,
    )


def benjamini_hochberg(p: ArrayLike) -> _Floats:
    """Turn p-values into false discovery rates (Benjamini and Hochberg 1995), as `scipy.stats` does.

    With p sorted upwards, ``q_(k) = min over j >= k of p_(j) · n / j``, at most 1. Calling those with q of at most
    alpha significant makes at most the share alpha of them false on average, for independent tests and for positively
    dependent ones, as neighbours' are.

    Parameters
    ----------
    p : array_like of float, shape (n,)
        From 0 to 1.

    Returns
    -------
    numpy.ndarray of float, shape (n,)
        In the order given.

    Raises
    ------
    QueryError
        If a value is missing or not from 0 to 1.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    values = np.asarray(p, dtype=np.float64)
    if not ((values >= 0) & (values <= 1)).all():
        raise QueryError("p-values must be from 0 to 1, found one that is not")
    # importing scipy.stats would take longer than the whole test
    downwards = np.argsort(values)[::-1]
    rate = np.minimum(values[downwards] * (values.size / np.arange(values.size, 0, -1)), 1)
    q = np.empty_like(values)
    q[downwards] = np.minimum.accumulate(rate)
    return q


def _values(given: pd.Series[float], name: str) -> _Floats:
    values = np.asarray(given, dtype=np.float64)
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        raise QueryError(
            f"{name} must be a number in every area, found {values[bad[0]]} in {given.index[bad[0]]}"
            f" and {bad.size - 1} more; leave out areas where it is not known"
        )
    return values


def _checked(links: Any, n: int) -> Any:
    from scipy.sparse import csr_array  # noqa: PLC0415  # slow to import

    links = csr_array(links, copy=True)
    links.sum_duplicates()
    links.eliminate_zeros()
    if links.shape != (n, n):
        raise QueryError(f"links must have {n} rows and columns, one for each area, found {links.shape}")
    if links.diagonal().any():
        raise QueryError("links must not join an area to itself, found one that does")
    # weights other than one another's equals would need their own draws
    links.data = np.ones(links.nnz, dtype=bool)
    return links


def _standardised(values: _Floats) -> _Floats:
    # asked of the values: rounding gives equal ones a tiny deviation
    if values.size == 0 or values.min() == values.max():
        return np.zeros(values.size)
    return np.asarray((values - values.mean()) / values.std())


def _extreme(zy: _Floats, links: Any, degree: _Ints, permutations: int, seed: int) -> _Ints:
    """Count the draws at least as far out as the lag found, on the rarer side."""
    columns = int(degree.max()) + 1
    y = _whole(zy)
    found = links.astype(np.int64) @ y

    def work(block: tuple[int, np.random.SeedSequence]) -> tuple[_Ints, _Ints]:
        rows, start = block
        return _tails(y, found, degree, _draws(len(y), columns, rows, np.random.default_rng(start)))

    with ThreadPoolExecutor(cpu_count()) as pool:
        tails = list(pool.map(work, _blocks(permutations, columns, seed)))
    at_least, at_most = (np.sum(side, axis=0) for side in zip(*tails, strict=True))
    return np.asarray(np.where(degree > 0, np.minimum(at_least, at_most), permutations))


def _whole(zy: _Floats) -> _Ints:
    # whole numbers add up to the same in any order; coarse enough that rounding here is all the rounding there is
    return np.asarray(np.rint(zy * (2.0**46 / np.abs(zy).max())), dtype=np.int64)


def _blocks(permutations: int, columns: int, seed: int) -> Iterator[tuple[int, np.random.SeedSequence]]:
    rows = max(1, _BLOCK // columns)
    starts = np.random.SeedSequence(seed).spawn(-(-permutations // rows))
    for number, start in enumerate(starts):
        yield min(rows, permutations - number * rows), start


def _draws(n: int, columns: int, rows: int, rng: np.random.Generator) -> NDArray[np.int32]:
    """Draw the beginnings of random orders of `n`, one in each column of an array of shape (columns, rows).

    By Floyd's algorithm (Bentley and Floyd 1987) for all at once, then shuffled, because its own order is not random.
    """
    table = np.empty((columns, rows), dtype=np.int32)
    for k in range(columns):
        last = n - columns + k
        pick = rng.integers(0, last, size=rows, dtype=np.int32, endpoint=True)
        table[k] = np.where((table[:k] == pick).any(axis=0), last, pick)
    return rng.permuted(table, axis=0)


def _tails(y: _Ints, found: _Ints, degree: _Ints, table: NDArray[np.int32]) -> tuple[_Ints, _Ints]:
    """Count for each area the draws that are at least, and at most, what was found."""
    rows = table.shape[1]
    # sums[c] is of the first c; an area's own entry is still among them
    sums = np.zeros(table.shape, dtype=np.int64)
    np.cumsum(y[table[:-1]], axis=0, out=sums[1:])
    # each number is rounded by at most a half: sums that would be equal are no farther apart than this
    low, high = found - table.shape[0], found + table.shape[0]
    at_least, at_most = np.zeros_like(found), np.zeros_like(found)
    for c in np.unique(degree[degree > 0]):
        areas = np.flatnonzero(degree == c)
        ordered = np.sort(sums[c])
        at_least[areas] = rows - np.searchsorted(ordered, low[areas], side="left")
        at_most[areas] = np.searchsorted(ordered, high[areas], side="right")
    own, row = np.nonzero(degree[table] > np.arange(table.shape[0])[:, None])
    area = table[own, row]
    with_own = sums[degree[area], row]
    without = with_own - y[area] + y[table[degree[area], row]]
    for tail, level, reaches in ((at_least, low, np.greater_equal), (at_most, high, np.less_equal)):
        tail += np.bincount(area[reaches(without, level[area])], minlength=len(y))  # noqa: PLW2901  # in place
        tail -= np.bincount(area[reaches(with_own, level[area])], minlength=len(y))  # noqa: PLW2901  # in place
    return at_least, at_most
