"""Which areas touch: queen contiguity, and the connected pieces of a choice of areas.

Two areas are queen neighbours where they share at least one vertex. Boundaries cut from one topology (as ONS's are,
generalised or not) have the same vertices on both sides of a shared border, so equal coordinates find every neighbour
at once. Boundaries from several sources may meet without a common vertex, or miss each other by a hair: for those
give a tolerance, and areas within that distance are neighbours; it compares shapes and is far slower.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from atlas.errors import QueryError

_ODD = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)


def queen(geometries: gpd.GeoSeries, *, tolerance_m: float | None = None) -> Any:
    """Queen contiguity of areas.

    Parameters
    ----------
    geometries : geopandas.GeoSeries
        Polygons or multipolygons; missing and empty ones have no neighbours.
    tolerance_m : float, optional
        Distance up to which areas count as touching, in the unit of the coordinates. Without it, neighbours are those
        with a vertex in common.

    Returns
    -------
    scipy.sparse.csr_array of bool, shape (n, n)
        Symmetric, True for neighbours, empty diagonal; rows and columns in the order given. An island's row is empty.

    Raises
    ------
    QueryError
        If the tolerance is negative.

    Examples
    --------
    >>> squares = gpd.GeoSeries([shapely.box(0, 0, 1, 1), shapely.box(1, 1, 2, 2), shapely.box(5, 5, 6, 6)])
    >>> queen(squares).toarray().astype(int).tolist()
    [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    """
    shapes = np.asarray(geometries, dtype=object)
    if tolerance_m is None:
        return _links(*_shared_vertices(shapes), len(shapes))
    if not tolerance_m >= 0:
        raise QueryError(f"tolerance must be zero or more, found {tolerance_m!r}")
    left, right = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=tolerance_m)
    return _links(left, right, len(shapes))


def components(links: Any, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Connected pieces of the chosen areas.

    Parameters
    ----------
    links : scipy.sparse.csr_array, shape (n, n)
        Contiguity, as `queen` gives it.
    chosen : numpy.ndarray of bool, shape (n,)
        Which areas to join up; links through others do not count.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        0 for areas not chosen; else the number of the piece, from 1, in the order in which pieces are first met.

    Examples
    --------
    >>> squares = gpd.GeoSeries([shapely.box(k, 0, k + 1, 1) for k in range(4)])
    >>> components(queen(squares), np.array([True, False, True, True])).tolist()
    [1, 0, 2, 2]
    """
    piece = np.zeros(len(chosen), dtype=np.int64)
    at = np.flatnonzero(chosen)
    if at.size:
        _, found = connected_components(links[at][:, at], directed=False)
        _, first, number = np.unique(found, return_index=True, return_inverse=True)
        piece[at] = np.argsort(np.argsort(first))[number] + 1
    return piece


def _shared_vertices(shapes: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Owners of each two equal vertices, once each way round or the other."""
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    # adding zero makes -0.0 and 0.0 one key
    xy += 0.0
    vertex, bits = xy.view(np.complex128)[:, 0], xy.view(np.uint64)
    key = bits[:, 0] * _ODD[0] + bits[:, 1] * _ODD[1]
    order = np.argsort(key)
    key = key[order]
    left, right = [], []
    step = 1
    # equal keys stand together: compare each vertex with the next, then the next but one, until none is equal
    at = np.flatnonzero(key[1:] == key[:-1])
    while at.size:
        here, there = order[at], order[at + step]
        # unequal vertices may share a key, and a ring ends where it began
        same = (vertex[here] == vertex[there]) & (owner[here] != owner[there])
        left.append(owner[here[same]])
        right.append(owner[there[same]])
        step += 1
        at = at[at + step < key.size]
        at = at[key[at] == key[at + step]]
    if not left:
        return np.empty(0, np.intp), np.empty(0, np.intp)
    return np.concatenate(left), np.concatenate(right)


def _links(left: NDArray[np.intp], right: NDArray[np.intp], n: int) -> Any:
    # neighbours share many vertices, and sorting is quicker than adding up
    pair = np.sort(np.minimum(left, right) * n + np.maximum(left, right))
    pair = pair[np.flatnonzero(np.diff(pair, prepend=-1))]
    pair = pair[pair // n != pair % n]
    half = csr_array((np.ones(pair.size, dtype=bool), (pair // n, pair % n)), shape=(n, n))
    return csr_array(half + half.T)
