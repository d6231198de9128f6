"""Where p more sites would do most: for people in need within reach, or for those whom anchors serve worst.

*Maximal covering* (Church and ReVelle 1974): of the candidates j within the radius of area i (a_ij = 1) choose p, so
that the people in need w_i who come within reach of a site are as many as can be::

    max Σ_i w_i y_i     y_i <= Σ_j a_ij x_j     Σ_j x_j <= p     x_j of {0, 1}, 0 <= y_i <= 1

*Raising the worst served* is the same with shares: a_ij is how much of area i's shortfall candidate j makes good.

Greedy choice and exchanges (Teitz and Bart 1968) give a choice, Lagrangian relaxation (Galvão and ReVelle 1996) a
bound on every choice; candidates that the bound rules out are left out, and HiGHS decides among the rest. An answer
always says how much better any other could be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from atlas.errors import QueryError
from atlas.gaps.access import amounts
from atlas.gaps.costs import pairs_within, points
from atlas.gaps.decay import check_catchment
from atlas.gaps.need import percentiles
from atlas.gaps.siting._bound import Descent, descend
from atlas.gaps.siting._capacity import best_with_capacities
from atlas.gaps.siting._cover import Cover, Floats, Method, Positions, greedy
from atlas.gaps.siting._exact import MAX_PAIRS, solve
from atlas.vocabulary import Decay

TIME_LIMIT_S: Final = 20.0
"""What HiGHS may take unless the caller says otherwise, seconds."""

_TURNS: Final = 900
_TURNS_AGAIN: Final = 600
_STEPS: Final = _TURNS + _TURNS_AGAIN + 1
_POOLED: Final = 20
_POOL_S: Final = 5.0
_SLACK: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Siting:
    """Which candidates to choose, what they do, and how much better any other choice could be.

    Amounts are people in need for `maximal_cover` and capacity for `raise_worst_served`.

    Parameters
    ----------
    chosen : tuple
        Labels of the chosen candidates, the one that adds most first, then the one that adds most to it, and so on.
        Fewer than p where no other adds anything.
    gain : tuple of float
        What each adds to those before it.
    before, after, total : float
        Amount without and with the chosen, and if everybody were served.
    upper_bound : float
        No choice of p candidates has an `after` above this.
    proved : bool
        Whether the choice is proved to be optimal (within a relative 1e-9; with capacities 1e-6).
    method : str
        What the proof or the bound rests on: "all candidates" (no more than p are of use), "Lagrangian bound" (with
        capacities also what the p largest hold), "HiGHS", or "greedy and exchanges" (not proved; the bound is the
        lowest of these).

    Examples
    --------
    >>> Siting(("a", "b"), (50.0, 20.0), 10.0, 80.0, 200.0, 90.0, False, "greedy and exchanges").gap
    0.125
    """

    chosen: tuple[Any, ...]
    gain: tuple[float, ...]
    before: float
    after: float
    total: float
    upper_bound: float
    proved: bool
    method: Method

    @property
    def added(self) -> float:
        """What the chosen add to what was there before."""
        return self.after - self.before

    @property
    def gap(self) -> float:
        """Share of the most that could be added, which the chosen may miss; 0 where the optimum is proved."""
        most = self.upper_bound - self.before
        return 0.0 if self.proved or most <= 0 else max(0.0, (self.upper_bound - self.after) / most)


def maximal_cover(
    demand_xy: ArrayLike,
    demand: pd.Series[float],
    candidates: pd.DataFrame,
    existing_xy: ArrayLike = (),
    *,
    radius_m: float,
    p: int,
    time_limit_s: float = TIME_LIMIT_S,
    progress: Callable[[int, int], None] | None = None,
) -> Siting:
    """Choose p candidates that bring the most people in need within reach of a site.

    Parameters
    ----------
    demand_xy : array_like of float, shape (n, 2)
        Eastings and northings of the areas' points, metres (EPSG:27700), in the order of `demand`.
    demand : pandas.Series
        People in need at each point: population weighted by need, zero or more.
    candidates : pandas.DataFrame
        Columns `x_m`, `y_m`, metres, and optionally `max_people`: the most people in need that a site there can
        serve, in the unit of `demand`. Each label once; of two that add the same the first label is taken.
    existing_xy : array_like of float, shape (k, 2), optional
        Sites there are. Whoever they reach counts as `before`, whatever their capacity, and cannot be added again.
    radius_m : float
        The standard distance: a straight line, metres; at most this far is within reach.
    p : int
        How many to choose, at least 1.
    time_limit_s : float, optional
        Most seconds that HiGHS may take over what the bound leaves open; with 0 it is not asked, and the answer is the
        same on every machine.
    progress : callable, optional
        Called with (done, total), in steps of the work.

    Returns
    -------
    Siting
        Amounts in people in need. With `max_people`, areas may be shared among sites, people of one area among several.

    Raises
    ------
    QueryError
        If `p`, the radius, the time, a coordinate, a demand or a capacity is out of range, lengths differ, a column
        is missing, or a label comes twice.

    Notes
    -----
    Where no candidate reaches anybody who is not within reach already (or there is none, or no demand), nothing is
    chosen: `added` is 0, and that is proved.

    Examples
    --------
    >>> candidates = pd.DataFrame({"x_m": [0.0, 900.0, 5000.0], "y_m": 0.0}, index=["a", "b", "c"])
    >>> people = pd.Series([10.0, 40.0, 30.0])
    >>> siting = maximal_cover([[0, 0], [1000, 0], [5000, 0]], people, candidates, radius_m=1000, p=1)
    >>> siting.chosen, siting.added, siting.proved
    (('a',), 50.0, True)
    """
    _check(p, time_limit_s, radius_m)
    weight, xy = amounts(demand, "demand"), points(demand_xy, "demand points")
    if len(weight) != len(xy):
        raise QueryError(f"demand has {len(weight)} values for {len(xy)} points")
    existing = points(existing_xy, "existing sites")
    ordered = _ordered(candidates, ("x_m", "y_m"))
    # the order in which areas come must not decide between equal choices
    order = np.lexsort((weight, xy[:, 1], xy[:, 0]))
    weight, xy = weight[order], xy[order]
    reached = cKDTree(existing).query(xy)[0] <= radius_m if len(existing) and len(xy) else np.zeros(len(xy), bool)
    costs = pairs_within(xy, ordered[["x_m", "y_m"]], radius_m)
    share = csr_array((np.ones(costs.n_pairs), costs.origin, costs.start), shape=(len(ordered), len(xy)))
    cover = Cover.of(share, np.where(reached, 0.0, weight))
    total, before = float(weight.sum()), float(weight[reached].sum())
    if "max_people" not in ordered:
        return _answer(_best(cover, p, time_limit_s, progress), ordered.index, before, total)
    capacity = amounts(ordered["max_people"], "max_people")[cover.site]
    rows, gain, upper, method = best_with_capacities(cover, capacity, p, time_limit_s)
    if progress is not None:
        progress(_STEPS, _STEPS)
    return _answer((cover.site[rows], gain, upper, method), ordered.index, before, total)


def raise_worst_served(
    areas: pd.DataFrame,
    candidates: pd.DataFrame,
    *,
    catchment_m: float,
    decay: Decay,
    p: int,
    share: float = 0.2,
    time_limit_s: float = TIME_LIMIT_S,
    progress: Callable[[int, int], None] | None = None,
) -> Siting:
    """Choose p candidates that bring the people served worst closest to the average access.

    Access (E2SFCA) is additive over sites, and what a site gives depends on demand alone: candidate j with capacity
    S_j adds g_ij = S_j w_ij / Σ_k P_k w_kj to area i. The worst served are the areas whose access percentile is at
    most 100 · `share`, or whose access is 0, as they are today; T is today's mean access over all people. What is
    raised as far as can be is Σ P_i · min(T, A_i + Σ_j g_ij) over them.

    Without the limit T the aim would be a plain sum, and the p candidates with the largest S_j · (their demand from
    the worst served / all their demand) its exact optimum. But that is S_j for every candidate that reaches only the
    worst served: one that gives a thousand people much more than anybody has would equal one that helps fifty
    thousand. So access beyond the mean does not count.

    Parameters
    ----------
    areas : pandas.DataFrame
        Columns `population`, `x_m`, `y_m` (metres, EPSG:27700) and `access` (capacity per person, today).
    candidates : pandas.DataFrame
        Columns `x_m`, `y_m` and `capacity` (in the unit behind `access`: 1 each, or staff). Each label once.
    catchment_m : float
        Where reach ends, metres: as `access` was measured.
    decay : Decay
        How reach fades up to there: as `access` was measured.
    p : int
        How many to choose, at least 1.
    share : float, optional
        Share of people called worst served, above 0 and below 1.
    time_limit_s, progress
        As for `maximal_cover`.

    Returns
    -------
    Siting
        Amounts in capacity: people of the worst-served areas times their access, at most T each. `total` is what they
        would have at T.

    Raises
    ------
    QueryError
        As for `maximal_cover`; or if nobody has any access today, so that nobody is served worse than another.

    Examples
    --------
    >>> areas = pd.DataFrame({"population": 100, "x_m": [0, 500, 9000, 9500], "y_m": 0, "access": [0.02, 0.02, 0, 0]})
    >>> candidates = pd.DataFrame({"x_m": [0, 9000], "y_m": 0, "capacity": 1.0}, index=["here", "there"])
    >>> siting = raise_worst_served(areas, candidates, catchment_m=1000, decay=Decay.UNIFORM, p=1)
    >>> siting.chosen, siting.before, siting.after, siting.total
    (('there',), 0.0, 1.0, 2.0)
    """
    _check(p, time_limit_s)
    check_catchment(catchment_m)
    if not 0 < share < 1:
        raise QueryError(f"share must be above 0 and below 1, found {share!r}")
    _columns(areas, ("population", "x_m", "y_m", "access"), "areas")
    people, access = amounts(areas["population"], "population"), amounts(areas["access"], "access")
    xy = points(areas[["x_m", "y_m"]], "areas")
    ordered = _ordered(candidates, ("x_m", "y_m", "capacity"))
    supply = amounts(ordered["capacity"], "capacity")
    held = float(people @ access)
    if held <= 0:
        raise QueryError(
            "nobody has any access today, so nobody is served worse than another: "
            "ask instead where sites would reach most people"
        )
    target = held / float(people.sum())
    worst = worst_served(access, people, share)
    short = np.where(worst, np.maximum(target - access, 0.0), 0.0)
    weights = pairs_within(xy, ordered[["x_m", "y_m"]], catchment_m).weights(catchment_m, decay)
    cover = Cover.of(_shares(weights, people, supply, short), people * short)
    before = float(people[worst] @ np.minimum(access[worst], target))
    total = target * float(people[worst].sum())
    return _answer(_best(cover, p, time_limit_s, progress), ordered.index, before, total)


def worst_served(access: Floats, people: Floats, share: float) -> NDArray[np.bool_]:
    """Areas with people whose access is among the lowest share of all people's, or that nothing reaches.

    Examples
    --------
    >>> worst_served(np.array([0.0, 1.0, 9.0]), np.array([10.0, 10.0, 80.0]), 0.2).tolist()
    [True, True, False]
    """
    return np.asarray(((percentiles(access, people) <= 100 * share + _SLACK) | (access == 0)) & (people > 0))


def _shares(weights: Any, people: Floats, supply: Floats, short: Floats) -> Any:
    """Share of each area's shortfall that each candidate makes good alone."""
    demand = weights @ people
    ratio = np.divide(supply, demand, out=np.zeros_like(supply), where=demand > 0)
    gain = weights.multiply(ratio[:, None]).tocsr()
    lack = short[gain.indices]
    part = np.divide(gain.data, lack, out=np.zeros_like(gain.data), where=lack > 0)
    shares = csr_array((np.minimum(part, 1.0), gain.indices, gain.indptr), shape=gain.shape)
    shares.eliminate_zeros()
    return shares


_Answer = tuple[Positions, Floats, float, Method]


def _best(cover: Cover, p: int, seconds: float, progress: Callable[[int, int], None] | None) -> _Answer:
    """Positions among the candidates first given, their gains, the bound on what can be added, what it rests on."""
    chosen, upper, method = _searched(cover, p, seconds, progress)
    if progress is not None:
        progress(_STEPS, _STEPS)
    rows = np.flatnonzero(np.isin(cover.site, chosen))
    order, gain = greedy(cover, p, rows)
    return cover.site[order], gain, upper, method


def _searched(
    cover: Cover, p: int, seconds: float, progress: Callable[[int, int], None] | None
) -> tuple[Positions, float, Method]:
    everyone = np.arange(len(cover.site))
    if len(everyone) <= p:
        return cover.site, cover.value(everyone), "all candidates"

    def tell(turn: int) -> None:
        if progress is not None:
            progress(turn, _STEPS)

    state = Descent.start(cover, p)
    descend(state, _TURNS, tell=tell)
    begun = monotonic()
    if seconds > 0 and not state.proved:
        pooled = state.pooled(_POOLED)
        # choices that share most of their sites: the best mixture of them is often better than any
        rows = solve(pooled, p, min(_POOL_S, seconds / 2))[0] if len(pooled.site) > p else np.arange(len(pooled.site))
        state.take(np.flatnonzero(np.isin(state.cover.site, pooled.site[rows])))
        descend(state, _TURNS_AGAIN, step=0.3, tell=lambda turn: tell(_TURNS + turn))
    if state.proved:
        return state.chosen, state.value, "Lagrangian bound"
    left = seconds - (monotonic() - begun)
    if left > 0 and state.cover.share.nnz <= MAX_PAIRS:
        rows, bound = solve(state.cover, p, left)
        state.take(rows)
        state.upper = max(min(state.upper, bound), state.value)
        if state.proved:
            return state.chosen, state.value, "HiGHS"
    return state.chosen, state.upper, "greedy and exchanges"


def _answer(best: _Answer, labels: pd.Index[Any], before: float, total: float) -> Siting:
    at, gain, upper, method = best
    proved = method != "greedy and exchanges"
    added = float(gain.sum())
    return Siting(
        chosen=tuple(labels[at]),
        gain=tuple(gain.tolist()),
        before=before,
        after=before + added,
        total=total,
        upper_bound=before + (added if proved else max(upper, added)),
        proved=proved,
        method=method,
    )


def _check(p: int, seconds: float, radius_m: float = 1.0) -> None:
    if not isinstance(p, int | np.integer) or isinstance(p, bool) or p < 1:
        raise QueryError(f"p must be a whole number of sites, at least 1, found {p!r}")
    if not (np.isfinite(radius_m) and radius_m > 0):
        raise QueryError(f"radius_m must be a positive number of metres, found {radius_m!r}")
    if not (np.isfinite(seconds) and seconds >= 0):
        raise QueryError(f"time_limit_s must be a number of seconds, zero or more, found {seconds!r}")


def _columns(frame: pd.DataFrame, columns: tuple[str, ...], name: str) -> None:
    missing = [column for column in columns if column not in frame]
    if missing:
        raise QueryError(f"{name} must have the columns {', '.join(columns)}; {', '.join(missing)} missing")


def _ordered(candidates: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Candidates by label, so that of equal ones the first label is found first."""
    _columns(candidates, columns, "candidates")
    twice = candidates.index[candidates.index.duplicated()]
    if len(twice):
        raise QueryError(f"each candidate's label must come once; {twice[0]!r} comes again")
    return candidates.iloc[np.argsort(np.asarray(candidates.index), kind="stable")]
