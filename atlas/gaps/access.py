"""Access: how much supply reaches each person, when people nearby compete for it; five ways.

Of demand points i with people P_i, supply points j with capacity S_j, and decay weights w_ij of their costs::

    R_j = S_j / Σ_k P_k w_kj           supply per person, among all whom j reaches
    E2SFCA, 2SFCA           A_i = Σ_j R_j w_ij     with w = 1 inside the catchment for 2SFCA
    M2SFCA                  A_i = Σ_j R_j w_ij²
    spatial availability    v_i = V_i / P_i,  V_i = Σ_j S_j P_i^alpha w_ij / Σ_k P_k^alpha w_kj
    nearest                 minus the cost to the nearest supply

Σ_i P_i A_i is the sum of S_j over the supply that somebody can reach in E2SFCA, 2SFCA and spatial availability, and at
most that in M2SFCA. Per person and with alpha = 1, spatial availability is E2SFCA (its authors show it). Supply
whose catchment holds no people has no ratio: its R_j is taken as 0, and it adds to nobody's access. Higher is better
served, in all five.

References: Luo & Wang (2003), 2SFCA; Luo & Qi (2009), E2SFCA; Delamater (2013), M2SFCA; Soukhov, Páez, Higgins &
Mohamed (2023), spatial availability.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from atlas.errors import QueryError
from atlas.gaps.costs import CostTable, nearest, pairs_within, points
from atlas.gaps.decay import check_catchment
from atlas.vocabulary import AccessMeasure, Decay

__all__ = [
    "Access",
    "CostTable",
    "access_from_weights",
    "amounts",
    "e2sfca",
    "e2sfca_from_points",
    "m2sfca",
    "measure_access",
    "nearest",
    "pairs_within",
    "spatial_availability",
    "tsfca",
]


@dataclass(frozen=True, slots=True, eq=False)
class Access:
    """Access of each origin of a table of costs.

    Parameters
    ----------
    value : numpy.ndarray of float, shape (n_origins,)
        Capacity per person, or minus the cost to the nearest supply; always finite, higher is better served.
    reached : numpy.ndarray of bool, shape (n_origins,)
        Whether any supply is within the catchment.
    """

    value: NDArray[np.float64]
    reached: NDArray[np.bool_]


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
    return _by_table(AccessMeasure.E2SFCA, population, capacity, costs, catchment_m, decay)


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


def m2sfca(
    population: pd.Series[float], capacity: pd.Series[float], costs: CostTable, *, catchment_m: float, decay: Decay
) -> pd.Series[float]:
    """Modified two-step floating catchment area: supply that is far from everybody is not fully used.

    ``A_i = Σ_j S_j w_ij² / Σ_k P_k w_kj`` (Delamater 2013). Σ_i P_i A_i is at most the supply that somebody reaches,
    and equals it where every weight is 1. Parameters, errors and result are those of `e2sfca`.

    Examples
    --------
    One site, all of its people two thirds of the catchment away, where the weight is 0.68:

    >>> table = CostTable.from_pairs([0], [0], [2000.0], (1, 1))
    >>> people, sites = pd.Series([10]), pd.Series([5])
    >>> float(m2sfca(people, sites, table, catchment_m=3000, decay=Decay.STEP).iloc[0])
    0.34
    >>> float(e2sfca(people, sites, table, catchment_m=3000, decay=Decay.STEP).iloc[0])
    0.5
    """
    return _by_table(AccessMeasure.M2SFCA, population, capacity, costs, catchment_m, decay)


def spatial_availability(
    population: pd.Series[float],
    capacity: pd.Series[float],
    costs: CostTable,
    *,
    catchment_m: float,
    decay: Decay,
    alpha: float = 1.0,
) -> pd.Series[float]:
    """Spatial availability per person (Soukhov, Páez, Higgins & Mohamed 2023).

    Each site's capacity is shared out whole among the areas in its reach, by two balancing factors::

        F^p_i = P_i^alpha / Σ_k P_k^alpha        F^c_ij = w_ij / Σ_k w_kj
        F_ij = F^p_i F^c_ij / Σ_k F^p_k F^c_kj   V_i = Σ_j S_j F_ij         v_i = V_i / P_i

    The sums under F^p and F^c cancel in F, so that it does not matter over whom F^p is summed. With alpha = 1, P_i
    cancels too, and v_i is the access of `e2sfca`; only V_i, a count of supply, looks different on a map.

    Parameters
    ----------
    population, capacity, costs, catchment_m, decay
        As for `e2sfca`.
    alpha : float
        Above 1, areas of more people are allotted more than their share; below 1, less.

    Returns
    -------
    pandas.Series
        `access`, v_i: capacity per person, on the index of `population`; V_i is ``population * access``. Higher is
        better served, 0 where nothing reaches. Where nobody lives, V_i is 0 and v_i has no value of its own: it is
        the access that one person there would find if alpha is 1, else 0.

    Raises
    ------
    QueryError
        As `e2sfca`, or if alpha is not a positive finite number.

    Examples
    --------
    The worked exercise of the authors' workshop: 100 and 50 jobs for 80 and 120 people, weights of 1 / minutes.

    >>> table = CostTable.from_pairs([0, 1, 1], [0, 0, 1], [15.0, 20.0, 15.0], (2, 2))
    >>> people, jobs = pd.Series([80, 120]), pd.Series([100, 50])
    >>> available = people * spatial_availability(people, jobs, table, catchment_m=45, decay=Decay.POWER)
    >>> available.round(1).tolist()
    [47.1, 102.9]
    """
    if not (math.isfinite(alpha) and alpha > 0):
        raise QueryError(f"alpha must be a positive number, found {alpha!r}")
    if alpha == 1:
        return _by_table(AccessMeasure.SPATIAL_AVAILABILITY, population, capacity, costs, catchment_m, decay)
    people = pd.Series(amounts(population, "population"), population.index)
    share = people**alpha
    per_share = _by_table(AccessMeasure.SPATIAL_AVAILABILITY, share, capacity, costs, catchment_m, decay)
    return (per_share * share / people.where(people > 0, 1.0)).rename("access")


def measure_access(
    measure: AccessMeasure,
    people: NDArray[np.float64],
    supply: NDArray[np.float64],
    costs: CostTable,
    catchment: float,
    decay: Decay,
    *,
    nearest_cost: NDArray[np.float64] | None = None,
) -> Access:
    """Access of each origin by the measure chosen, on arrays that are already checked to be finite and not negative.

    Parameters
    ----------
    measure : AccessMeasure
        Which of the five; spatial availability is per person, with alpha = 1.
    people : numpy.ndarray of float, shape (n_origins,)
        People at each origin.
    supply : numpy.ndarray of float, shape (n_destinations,)
        Capacity of each destination; one of no capacity counts as not being there.
    costs : CostTable
        Costs in the catchment's unit, at least as far as the catchment.
    catchment : float
        Where reach ends: metres, minutes.
    decay : Decay
        How reach fades up to there; 2SFCA and nearest have none.
    nearest_cost : numpy.ndarray of float, shape (n_origins,), optional
        For the nearest supply only: its cost even beyond the table (as `nearest` gives it), not finite where there is
        none. Without it, the lowest cost in the table.

    Returns
    -------
    Access
        Value 0 where nothing reaches, or for the nearest supply: minus its cost, whatever the catchment. Where the
        nearest is not known (no pair in the table, no supply at all) the value is minus twice the longest cost of the
        table, four catchments at the least: a finite stand-in that ranks below every other and is no cost to be shown.

    Raises
    ------
    QueryError
        If lengths do not match the table, or the catchment is not positive.

    Examples
    --------
    >>> table = CostTable.from_pairs([0, 1, 1], [0, 0, 1], [1000.0, 3000.0, 500.0], (3, 2))
    >>> people, sites = np.array([100.0, 50.0, 10.0]), np.array([1.0, 1.0])
    >>> found = measure_access(AccessMeasure.NEAREST, people, sites, table, 800, Decay.UNIFORM)
    >>> found.value.tolist(), found.reached.tolist()
    ([-1000.0, -500.0, -6000.0], [False, True, False])
    """
    check_catchment(catchment)
    _check_lengths(people, supply, costs)
    within = costs.within(catchment)
    is_counted = supply > 0
    reached = np.zeros(costs.n_origins, dtype=np.bool_)
    reached[within.origin if is_counted.all() else within.origin[np.repeat(is_counted, np.diff(within.start))]] = True
    match measure:
        case AccessMeasure.NEAREST:
            value = _minus_nearest(costs, is_counted, catchment, nearest_cost)
        case AccessMeasure.M2SFCA:
            weights = within.weights(catchment, decay)
            value = access_from_weights(people, supply, weights, weights.power(2))
        case _:
            curve = Decay.UNIFORM if measure is AccessMeasure.TSFCA else decay
            value = access_from_weights(people, supply, within.weights(catchment, curve))
    return Access(value, reached)


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
    to the order of summation. The first call imports numba and compiles (two seconds; kept on disk where it may).

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


def access_from_weights(
    people: NDArray[np.float64], supply: NDArray[np.float64], weights: Any, given: Any | None = None
) -> NDArray[np.float64]:
    """The formula alone, on checked arrays and a sparse matrix of weights (n_supply, n_demand).

    `given`, where it is not `weights` itself, are the weights of the second step.
    """
    demand = weights @ people
    ratio = np.divide(supply, demand, out=np.zeros(len(supply)), where=demand > 0)
    return np.asarray((weights if given is None else given).T @ ratio, dtype=np.float64)


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


def _by_table(
    measure: AccessMeasure,
    population: pd.Series[float],
    capacity: pd.Series[float],
    costs: CostTable,
    catchment_m: float,
    decay: Decay,
) -> pd.Series[float]:
    people, supply = amounts(population, "population"), amounts(capacity, "capacity")
    access = measure_access(measure, people, supply, costs, catchment_m, decay)
    return pd.Series(access.value, index=population.index, name="access")


def _check_lengths(people: NDArray[np.float64], supply: NDArray[np.float64], costs: CostTable) -> None:
    if (len(people), len(supply)) != (costs.n_origins, costs.n_destinations):
        raise QueryError(
            f"the cost table is of {costs.n_origins} origins and {costs.n_destinations} destinations, "
            f"but there are {len(people)} populations and {len(supply)} capacities"
        )


def _minus_nearest(
    costs: CostTable, is_counted: NDArray[np.bool_], catchment: float, nearest_cost: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    lowest = costs.nearest(is_counted) if nearest_cost is None else nearest_cost
    known = np.isfinite(lowest)
    # by the catchment, so that it stays as it is where only the sites change
    longest = max(2.0 * catchment, costs.cost.max(initial=0.0), lowest[known].max(initial=0.0))
    # a sum from zero, so that no distance is 0 and not -0
    return 0.0 - np.where(known, lowest, 2.0 * longest)
