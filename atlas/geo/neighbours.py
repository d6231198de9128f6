"""Which areas are nearest: an equal number of neighbours for each, where contiguity leaves islands with none."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from atlas.errors import QueryError


def k_nearest(xy: ArrayLike, k: int) -> Any:
    """Link each point to its k nearest others.

    Parameters
    ----------
    xy : array_like of float, shape (n, 2)
        Points in a plane, metres (EPSG:27700).
    k : int
        Neighbours of each, from 1 to n - 1.

    Returns
    -------
    scipy.sparse.csr_array of bool, shape (n, n)
        True for neighbours, k in each row, empty diagonal; not symmetric. Rows and columns in the order given. Where
        several are equally far and not all fit, which are taken hangs on the order of the points.

    Raises
    ------
    QueryError
        If a coordinate is missing or infinite, or k is out of range.

    Examples
    --------
    >>> k_nearest([[0, 0], [1, 0], [3, 0]], 1).toarray().astype(int).tolist()
    [[0, 1, 0], [1, 0, 0], [0, 1, 0]]
    """
    points = np.asarray(xy, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
        raise QueryError("points must be finite numbers in two columns, x and y")
    n = len(points)
    if not 1 <= k < n:
        raise QueryError(f"k must be from 1 to {n - 1}, the number of other points, found {k}")
    _, found = cKDTree(points).query(points, k=k + 1)
    itself = found == np.arange(n)[:, None]
    # among points at one place, a point may not be found as its own nearest
    itself[~itself.any(axis=1), -1] = True
    others = found[~itself]
    return csr_array((np.ones(n * k, dtype=bool), (np.repeat(np.arange(n), k), others)), shape=(n, n))
