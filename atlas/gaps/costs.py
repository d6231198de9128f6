"""Costs between demand and supply, apart from the formulas that use them: any travel time can take distance's place."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array, csr_array
from scipy.spatial import cKDTree

from atlas.errors import QueryError
from atlas.gaps.decay import check_catchment, weights
from atlas.vocabulary import Decay

_Positions = NDArray[np.integer[Any]]

_NEAREST_TIED: Final = 4

_STEP_M: Final = 2_000.0


@dataclass(frozen=True, slots=True, eq=False)
class CostTable:
    """The cost of every pair of an origin and a destination within reach, by position.

    Rows of the compressed table are destinations (supply), its columns origins (demand), in order of position.

    Parameters
    ----------
    start : numpy.ndarray of int, shape (n_destinations + 1,)
        Where each destination's pairs begin in the other two arrays.
    origin : numpy.ndarray of int, shape (n_pairs,)
        Position of the origin, rising within each destination.
    cost : numpy.ndarray of float, shape (n_pairs,)
        Cost of the pair: metres, or any unit that the catchment shares.
    n_origins : int
        How many origins there are, those out of reach included.

    Examples
    --------
    >>> table = CostTable.from_pairs(origin=[0, 1, 1], destination=[0, 0, 1], cost=[1.0, 40.0, 1.0], shape=(2, 2))
    >>> table.n_pairs, table.weights(40, Decay.UNIFORM).toarray().tolist()
    (3, [[1.0, 1.0], [0.0, 1.0]])
    """

    start: _Positions
    origin: _Positions
    cost: NDArray[np.float64]
    n_origins: int

    @classmethod
    def from_pairs(cls, origin: ArrayLike, destination: ArrayLike, cost: ArrayLike, shape: tuple[int, int]) -> Self:
        """Table from pairs in any order.

        Parameters
        ----------
        origin, destination : array_like of int, shape (n_pairs,)
            Positions of both ends.
        cost : array_like of float, shape (n_pairs,)
            Costs, zero or more; leave out pairs that cannot be travelled.
        shape : tuple of int
            How many origins and how many destinations there are.

        Raises
        ------
        QueryError
            If lengths differ, a position is out of range, a pair comes twice, or a cost is negative or not finite.
        """
        i, j = np.asarray(origin, dtype=np.int64), np.asarray(destination, dtype=np.int64)
        value = np.asarray(cost, dtype=np.float64)
        if not i.shape == j.shape == value.shape or i.ndim != 1:
            raise QueryError(f"pairs need three arrays of one length, found {i.size}, {j.size} and {value.size} values")
        for name, position, count in (("origin", i, shape[0]), ("destination", j, shape[1])):
            if position.size and not (position.min() >= 0 and position.max() < count):
                raise QueryError(f"{name} positions must be from 0 to {count - 1}")
        if not (np.isfinite(value) & (value >= 0)).all():
            raise QueryError("costs must be finite and zero or more")
        return cls(*_by_destination(i, j, value, shape), shape[0])

    @property
    def n_destinations(self) -> int:
        """How many destinations there are, those out of reach included."""
        return self.start.size - 1

    @property
    def n_pairs(self) -> int:
        """How many pairs are within reach."""
        return self.cost.size

    def within(self, catchment_m: float) -> CostTable:
        """The pairs whose cost is at most the catchment."""
        inside = self.cost <= catchment_m
        if inside.all():
            return self
        start = np.concatenate(([0], np.cumsum(inside)))[self.start]
        return CostTable(start, self.origin[inside], self.cost[inside], self.n_origins)

    def take(self, origins: ArrayLike, destinations: ArrayLike) -> CostTable:
        """The table of other origins and destinations, given by their positions in this one.

        Parameters
        ----------
        origins, destinations : array_like of int
            Positions in the order wanted, each at most once; -1 for one that this table does not have: it gets no
            pair.

        Raises
        ------
        QueryError
            If a position is out of range, or comes twice.

        Examples
        --------
        >>> table = CostTable.from_pairs([0, 1, 1], [0, 0, 1], [5.0, 6.0, 7.0], (2, 2))
        >>> table.take(origins=[1, 0], destinations=[1, -1]).weights(9, Decay.UNIFORM).toarray().tolist()
        [[1.0, 0.0], [0.0, 0.0]]
        """
        i, i_there = _turned(origins, self.n_origins, "origin")
        j, j_there = _turned(destinations, self.n_destinations, "destination")
        destination = np.repeat(np.arange(self.n_destinations), np.diff(self.start))
        new_i, new_j = i[self.origin], j[destination]
        kept = (new_i >= 0) & (new_j >= 0)
        shape = (i_there, j_there)
        return CostTable(*_by_destination(new_i[kept], new_j[kept], self.cost[kept], shape), i_there)

    def nearest(self, counted: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
        """The lowest cost of each origin, over all destinations or those counted; infinite where it has no pair.

        Examples
        --------
        >>> table = CostTable.from_pairs([0, 1, 1], [0, 0, 1], [5.0, 6.0, 7.0], (3, 2))
        >>> table.nearest().tolist(), table.nearest(np.array([False, True])).tolist()
        ([5.0, 6.0, inf], [inf, 7.0, inf])
        """
        lowest = np.full(self.n_origins, np.inf)
        if counted is None or counted.all():
            np.minimum.at(lowest, self.origin, self.cost)
        else:
            held = np.repeat(counted, np.diff(self.start))
            np.minimum.at(lowest, self.origin[held], self.cost[held])
        return lowest

    def weights(self, catchment_m: float, decay: Decay) -> Any:
        """Decay weights as a `scipy.sparse.csr_array` of shape (n_destinations, n_origins)."""
        shape = (self.n_destinations, self.n_origins)
        return csr_array((weights(self.cost, catchment_m, decay), self.origin, self.start), shape=shape)


@dataclass(frozen=True, slots=True, eq=False)
class TravelTimes:
    """Journeys from areas to sites, by label.

    A pair that is left out cannot be travelled.

    Parameters
    ----------
    origins, destinations : pandas.Index
        Area codes and site ids, in the order of `costs`.
    costs : CostTable
        Minutes of each pair.
    file : str
        Name of the file that they were read from.
    sha256 : str
        Hash of that file.
    """

    origins: pd.Index[str]
    destinations: pd.Index[str]
    costs: CostTable
    file: str
    sha256: str

    def between(self, origins: pd.Index[str], destinations: pd.Index[str]) -> CostTable:
        """Minutes of each pair, by position in the orders given; labels that are not in the table get no pair.

        Examples
        --------
        >>> table = CostTable.from_pairs([0, 1], [0, 0], [12.0, 30.0], (2, 1))
        >>> times = TravelTimes(pd.Index(["E01000001", "E01000002"]), pd.Index(["site:a"]), table, "times.csv", "")
        >>> times.between(pd.Index(["E01000002"]), pd.Index(["site:new", "site:a"])).cost.tolist()
        [30.0]
        """
        return self.costs.take(self.origins.get_indexer(origins), self.destinations.get_indexer(destinations))


def _turned(positions: ArrayLike, count: int, name: str) -> tuple[_Positions, int]:
    """For each old position its new one, -1 where it is left out; and how many new ones there are."""
    wanted = np.asarray(positions, dtype=np.int64).ravel()
    known = wanted[wanted >= 0]
    if wanted.size and not (wanted.min() >= -1 and wanted.max() < count):
        raise QueryError(f"{name} positions must be from 0 to {count - 1}, or -1")
    if np.unique(known).size < known.size:
        raise QueryError(f"{name} positions must come once each")
    new = np.full(count, -1, dtype=np.int64)
    new[known] = np.flatnonzero(wanted >= 0)
    return new, wanted.size


def _by_destination(
    i: _Positions, j: _Positions, cost: NDArray[np.float64], shape: tuple[int, int]
) -> tuple[_Positions, _Positions, NDArray[np.float64]]:
    table = coo_array((cost, (j, i)), shape=shape[::-1]).tocsr()
    if table.nnz != cost.size:
        raise QueryError("a pair of origin and destination comes twice")
    return table.indptr, table.indices, table.data


def pairs_within(origins_xy: ArrayLike, destinations_xy: ArrayLike, catchment_m: float) -> CostTable:
    """Straight-line distance of every pair at most one catchment apart.

    Parameters
    ----------
    origins_xy, destinations_xy : array_like of float, shape (n, 2)
        Eastings and northings of demand and of supply, metres (EPSG:27700).
    catchment_m : float
        Widest distance kept, metres.

    Returns
    -------
    CostTable
        Distances in metres, by position.

    Raises
    ------
    QueryError
        If a coordinate is not finite, a shape is not (n, 2), or the catchment is not positive.

    Examples
    --------
    >>> pairs_within([[0, 0], [3000, 4000]], [[0, 0]], 5000).cost.tolist()
    [0.0, 5000.0]
    """
    check_catchment(catchment_m)
    return _pairs(_Places(points(origins_xy, "origins")), _Places(points(destinations_xy, "destinations")), catchment_m)


def pairs_as_far(origins_xy: ArrayLike, destinations_xy: ArrayLike, catchment_m: float) -> CostTable:
    """`pairs_within`, cut out of a wider table where one of the same points was made before.

    Tables are made in whole steps of 2 km and the last few kept, so that a catchment a little wider costs a fifth.
    """
    check_catchment(catchment_m)
    wide = _STEP_M * math.ceil(catchment_m / _STEP_M)
    origins, destinations = (
        _Places(points(xy, name)) for xy, name in ((origins_xy, "origins"), (destinations_xy, "destinations"))
    )
    return _kept_pairs(origins, destinations, wide).within(catchment_m)


class _Places:
    """Points that are equal where their coordinates are: what distances are kept by."""

    def __init__(self, xy: NDArray[np.float64]) -> None:
        self.xy = np.ascontiguousarray(xy)
        self._digest = hashlib.blake2b(self.xy.data).digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Places) and self._digest == other._digest

    def __hash__(self) -> int:
        return hash(self._digest)


def _pairs(origins: _Places, destinations: _Places, catchment_m: float) -> CostTable:
    shape = (len(origins.xy), len(destinations.xy))
    if not all(shape):
        return CostTable(np.zeros(shape[1] + 1, np.int64), np.empty(0, np.int64), np.empty(0), shape[0])
    # the tree compares squares, so ask for a hair more and compare the distances themselves
    found = cKDTree(origins.xy).sparse_distance_matrix(
        cKDTree(destinations.xy), catchment_m * (1 + 1e-9), output_type="ndarray"
    )
    found = found[found["v"] <= catchment_m]
    return CostTable(*_by_destination(found["i"], found["j"], found["v"], shape), shape[0])


_kept_pairs = lru_cache(maxsize=4)(_pairs)


def nearest(origins: pd.DataFrame, destinations: pd.DataFrame) -> pd.DataFrame:
    """The nearest destination of each origin, in a straight line.

    Parameters
    ----------
    origins, destinations : pandas.DataFrame
        Columns `x_m`, `y_m`: eastings and northings, metres (EPSG:27700).

    Returns
    -------
    pandas.DataFrame
        On the origins' index: `distance_m` (metres; NaN where there is no destination) and `which` (the
        destination's label; None where there is none). Of several equally near, the first label in order.

    Raises
    ------
    QueryError
        If a coordinate is not finite.

    Examples
    --------
    >>> areas = pd.DataFrame({"x_m": [0, 900], "y_m": [0, 0]}, index=["a", "b"])
    >>> sites = pd.DataFrame({"x_m": [100, 1000], "y_m": [0, 0]}, index=["s", "t"])
    >>> nearest(areas, sites).values.tolist()
    [[100.0, 's'], [100.0, 't']]
    """
    start = points_of(origins, "origins")
    ordered = destinations.iloc[np.argsort(np.asarray(destinations.index), kind="stable")]
    end = points_of(ordered, "destinations")
    if not (len(start) and len(end)):
        nothing = {"distance_m": np.full(len(start), np.nan), "which": np.full(len(start), None)}
        return pd.DataFrame(nothing, index=origins.index)
    distance, rank = _nearest(_Places(start), _Places(end))
    label = np.asarray(ordered.index, dtype=object)[rank]
    return pd.DataFrame({"distance_m": distance, "which": label}, index=origins.index)


@lru_cache(maxsize=8)
def _nearest(start: _Places, end: _Places) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Distance to the nearest end, and the position of the first of several equally near; not to be written to."""
    # several sites may share one postcode's point: search the places, then name the first of each
    places, first = np.unique(end.xy, axis=0, return_index=True)
    distance, at = cKDTree(places).query(start.xy, k=min(_NEAREST_TIED, len(places)))
    distance, at = distance.reshape(len(start.xy), -1), at.reshape(len(start.xy), -1)
    rank = np.where(distance == distance[:, :1], first[at], len(end.xy)).min(axis=1)
    closest = distance[:, 0].copy()
    closest.flags.writeable = rank.flags.writeable = False
    return closest, rank


def points_of(frame: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """Columns `x_m` and `y_m` of a frame as `points` gives them; of a frame with shapes, without making another."""
    return points(np.column_stack((frame["x_m"], frame["y_m"])), name)


def points(xy: ArrayLike, name: str) -> NDArray[np.float64]:
    """Coordinates as a float array of shape (n, 2), checked to be finite."""
    array = np.asarray(xy, dtype=np.float64)
    if array.size == 0:
        return np.empty((0, 2))
    if array.ndim != 2 or array.shape[1] != 2:
        raise QueryError(f"{name} must be of shape (n, 2), found {array.shape}")
    bad = np.flatnonzero(~np.isfinite(array).all(axis=1))
    if bad.size:
        raise QueryError(f"{name} must have finite coordinates; {bad.size} have not, the first at position {bad[0]}")
    return np.ascontiguousarray(array)
