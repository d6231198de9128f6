"""Access: how much supply reaches each person, when people nearby compete for it.

The two-step floating catchment area (2SFCA) and its enhanced form (E2SFCA), of demand points i with people P_i and
supply points j with capacity S_j::

    R_j = S_j / Σ_i P_i w(d_ij)        A_i = Σ_j R_j w(d_ij)

so that Σ_i P_i A_i is the sum of S_j over the supply that somebody can reach. Supply whose catchment holds no people
has no ratio: its R_j is taken as 0, and it adds to nobody's access. Higher access is better served.

References: Luo & Wang (2003), 2SFCA; Luo & Qi (2009), E2SFCA.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from atlas.errors import QueryError
from atlas.gaps.costs import CostTable, nearest, pairs_within, points
from atlas.gaps.decay import check_catchment
from atlas.vocabulary import Decay

__all__ = ["CostTable", "access_from_weights", "e2sfca", "e2sfca_from_points", "nearest", "pairs_within", "tsfca"]


def e2sfca(
    population: pd.Series[float], capacity: pd.Series[float], costs: CostTable, *, catchment_m: float, decay: Decay
) -> pd.Series[float]:
    """Enhanced two-step floating catchment area, from a ready table of costs.

    Parameters
    ----------
    population : pandas.Series
        People at each origin of the table, in its order.
    capacity : pandas.Series
        Capacity of each destination of the table, in its order: 1 each, or staff.
    costs : CostTable
        Costs in the catchment's unit.
    catchment_m : float
        Where reach ends.
    decay : Decay
        How reach fades up to there.

    Returns
    -------
    pandas.Series
        `access`, capacity per person, on the index of `population`; higher is better served, 0 where nothing reaches.

    Raises
    ------
    QueryError
        If lengths do not match the table, or an amount is negative or not finite.

    Examples
    --------
    Three places, each with its own supply at cost 1 and the others at 40, weights falling as 1 / cost:

    >>> cost = [1, 40, 40, 40, 1, 40, 40, 40, 1]
    >>> table = CostTable.from_pairs([0, 0, 0, 1, 1, 1, 2, 2, 2], [0, 1, 2] * 3, cost, (3, 3))
    >>> access = e2sfca(pd.Series([100, 50, 10]), pd.Series([15, 20, 100]), table, catchment_m=100, decay=Decay.POWER)
    >>> access.round(6).tolist()
    [0.33908, 0.56466, 7.285901]
    """
    people, supply = amounts(population, "population"), amounts(capacity, "capacity")
    if (len(people), len(supply)) != (costs.n_origins, costs.n_destinations):
        raise QueryError(
            f"the cost table is of {costs.n_origins} origins and {costs.n_destinations} destinations, "
            f"but there are {len(people)} populations and {len(supply)} capacities"
        )
    access = access_from_weights(people, supply, costs.within(catchment_m).weights(catchment_m, decay))
    return pd.Series(access, index=population.index, name="access")


def tsfca(
    population: pd.Series[float], capacity: pd.Series[float], costs: CostTable, *, catchment_m: float
) -> pd.Series[float]:
    """Two-step floating catchment area: `e2sfca` with every distance inside the catchment counted alike.

    Examples
    --------
    >>> table = CostTable.from_pairs([0, 1, 1], [0, 0, 1], [10.0, 20.0, 5.0], (2, 2))
    >>> tsfca(pd.Series([10, 30]), pd.Series([4, 3]), table, catchment_m=20).tolist()
    [0.1, 0.2]
    """
    return e2sfca(population, capacity, costs, catchment_m=catchment_m, decay=Decay.UNIFORM)


def e2sfca_from_points(
    population: pd.Series[float],
    demand_xy: ArrayLike,
    capacity: pd.Series[float],
    supply_xy: ArrayLike,
    *,
    catchment_m: float,
    decay: Decay,
) -> pd.Series[float]:
    """`e2sfca` over straight-line distances, without ever holding the table: for country-sized runs.

    The numbers are those of ``e2sfca(population, capacity, pairs_within(demand_xy, supply_xy, catchment_m), …)``, up
    to the order of summation. The first call imports numba and compiles (about a second; kept on disk where it may).

    Parameters
    ----------
    population : pandas.Series
        People at each demand point.
    demand_xy : array_like of float, shape (n, 2)
        Eastings and northings of the demand points, metres, in the order of `population`.
    capacity : pandas.Series
        Capacity of each supply point.
    supply_xy : array_like of float, shape (m, 2)
        Eastings and northings of the supply points, metres, in the order of `capacity`.
    catchment_m : float
        Where reach ends, metres.
    decay : Decay
        How reach fades up to there.

    Returns
    -------
    pandas.Series
        `access`, as `e2sfca` gives it.

    Raises
    ------
    QueryError
        If lengths differ, an amount is negative or not finite, or a coordinate is not finite.

    Examples
    --------
    >>> people, sites = pd.Series([10, 30]), pd.Series([4])
    >>> e2sfca_from_points(
    ...     people, [[0, 0], [900, 0]], sites, [[300, 0]], catchment_m=1000, decay=Decay.UNIFORM
    ... ).tolist()
    [0.1, 0.1]
    """
    check_catchment(catchment_m)
    people, supply = amounts(population, "population"), amounts(capacity, "capacity")
    demand, offered = points(demand_xy, "demand"), points(supply_xy, "supply")
    for name, values, xy in (("population", people, demand), ("capacity", supply, offered)):
        if len(values) != len(xy):
            raise QueryError(f"{name} has {len(values)} values for {len(xy)} points")
    if not (len(people) and len(supply)):
        return pd.Series(np.zeros(len(people)), index=population.index, name="access")
    from atlas.gaps._fused import access_per_head  # noqa: PLC0415  # numba takes 0.4 s to import: only runs that need it

    access = access_per_head(people, demand, supply, offered, float(catchment_m), decay)
    return pd.Series(access, index=population.index, name="access")


def access_from_weights(people: NDArray[np.float64], supply: NDArray[np.float64], weights: Any) -> NDArray[np.float64]:
    """The formula alone, on checked arrays and a sparse matrix of weights (n_supply, n_demand)."""
    demand = weights @ people
    ratio = np.divide(supply, demand, out=np.zeros_like(supply), where=demand > 0)
    return np.asarray(weights.T @ ratio, dtype=np.float64)


def amounts(values: pd.Series[float], name: str) -> NDArray[np.float64]:
    """Amounts as a float array, checked to be finite and zero or more."""
    array = np.asarray(values, dtype=np.float64)
    bad = np.flatnonzero(~(np.isfinite(array) & (array >= 0)))
    if bad.size:
        raise QueryError(
            f"{name} must be finite and zero or more; {bad.size} are not, the first at {values.index[bad[0]]!r}: "
            f"{array[bad[0]]!r}"
        )
    return array
