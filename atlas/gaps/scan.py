"""A second opinion on low provision: Kulldorff's spatial scan statistic, circles, Poisson, low rates only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import cpu_count
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from atlas.errors import QueryError

_PAIRS: Final = 1 << 20
"""Centres times areas that are ordered together; it bounds memory, and results do not hang on it."""

_SLACK: Final = 1e-9
"""Equal sums that are added in another order must still be equal."""

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LowCluster:
    """A circle with fewer cases than its people would have by chance.

    Parameters
    ----------
    centre : object
        Code of the area in whose point the circle is centred.
    areas : tuple
        Codes of the areas whose points it holds, nearest to the centre first.
    radius_m : float
        From the centre to the farthest of these points, metres.
    people : float
        People in it, or whatever weight was given for them.
    cases : int
        Cases in it.
    expected : float
        Cases that it would have if all had the same chance for each person.
    log_likelihood_ratio : float
        Of a lower rate inside than outside, against one rate; higher is less likely by chance.
    p : float
        Share of ``replicates + 1`` in which the highest ratio anywhere is at least this one.
    """

    centre: Any
    areas: tuple[Any, ...]
    radius_m: float
    people: float
    cases: int
    expected: float
    log_likelihood_ratio: float
    p: float


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan found, with what it was asked.

    Parameters
    ----------
    clusters : tuple of LowCluster
        The most likely one first, then those that overlap none before them, as long as their p is at most `alpha`.
    areas : pandas.DataFrame
        Indexed as people were: `cluster`, from 1 in the order above, 0 for none, and `p`, 1 for none.
    max_share, alpha : float
    replicates, seed : int
        As given.
    """

    clusters: tuple[LowCluster, ...]
    areas: pd.DataFrame
    max_share: float
    alpha: float
    replicates: int
    seed: int


@dataclass(frozen=True, slots=True)
class _Windows:
    """The circles round some centres, the widest ones' areas in order."""

    order: _Ints
    sizes: _Ints
    expected: _Floats


def scan_low_provision(
    xy: ArrayLike,
    people: pd.Series[float],
    cases: pd.Series[int],
    *,
    max_share: float = 0.25,
    replicates: int = 999,
    seed: int = 1,
    alpha: float = 0.05,
) -> Scan:
    """Find the circles with the fewest sites for their people, and the chance of finding any such.

    Round each area's point, circles grow from one area's point to the next, up to `max_share` of all people. With C
    cases in all, c in a circle and μ expected there (C times its share of people), its log likelihood ratio is
    (Kulldorff 1997, Poisson model)::

        c ln(c / μ) + (C - c) ln((C - c) / (C - μ))  where c < μ, else 0

    The C cases are dealt anew to areas, with chances in proportion to people, and the highest ratio of all circles is
    noted each time; p is the place of a circle's own ratio among these. Testing against the highest anywhere allows
    for the many circles.

    Parameters
    ----------
    xy : array_like of float, shape (n, 2)
        The areas' points, metres (EPSG:27700).
    people : pandas.Series of float, shape (n,)
        Indexed by code, 0 or more. People weighted by need ask for cases in proportion to need.
    cases : pandas.Series of int, shape (n,)
        On the same index: how many sites lie in each area. Whole numbers of things that could each have been
        elsewhere: staff of one site could not, and would make chance look smaller than it is.
    max_share : float
        The most people that a circle may hold, above 0 and at most a half of all.
    replicates : int
        How many times the cases are dealt anew.
    seed : int
        Where the draws start; the same seed gives the same result on any number of processors.
    alpha : float
        How likely by chance a cluster after the first may be.

    Returns
    -------
    Scan
        No cluster, where no circle has fewer cases than expected: there are no cases, nobody lives anywhere, or there
        is one area.

    Raises
    ------
    QueryError
        If the inputs differ in length or index, a value is missing, infinite or negative, a count of cases is not
        whole, or a choice is out of range.

    Examples
    --------
    >>> codes = [f"E{k:02d}" for k in range(40)]
    >>> people, cases = pd.Series(1000.0, codes), pd.Series([0] * 10 + [2] * 30, codes)
    >>> found = scan_low_provision([(k, 0.0) for k in range(40)], people, cases)
    >>> worst = found.clusters[0]
    >>> sorted(worst.areas) == codes[:10], worst.cases, worst.expected, worst.p
    (True, 0, 15.0, 0.001)
    >>> found.areas.loc[["E00", "E39"], "cluster"].tolist()
    [1, 0]
    """
    points, weight, count = _inputs(xy, people, cases)
    _check_choices(max_share, replicates, seed, alpha)
    total, everyone = int(count.sum()), float(weight.sum())
    mean = weight * (total / everyone) if everyone > 0 else np.zeros_like(weight)
    dealt = _deal(mean, total, replicates, seed)
    step = max(1, _PAIRS // max(len(points), 1))
    chunks = [np.arange(k, min(k + step, len(points))) for k in range(0, len(points), step)] if total else []

    def work(centres: _Ints) -> tuple[_Floats, _Ints, _Floats]:
        windows = _windows(points, centres, mean, max_share * total)
        return *_observed(windows, count, total), _simulated(windows, dealt, total, replicates)

    with ThreadPoolExecutor(cpu_count()) as pool:
        done = list(pool.map(work, chunks))
    chance = np.max([part[2] for part in done], axis=0) if done else np.zeros(replicates)
    ratio, size = (np.concatenate([part[k] for part in done]) if done else np.zeros(0) for k in (0, 1))
    found: list[LowCluster] = []
    number, p_of = np.zeros(len(points), dtype=np.int64), np.ones(len(points))
    # of equal ratios, the centre that comes first
    for centre in np.argsort(-ratio, kind="stable"):
        p = float(1 + np.count_nonzero(chance >= ratio[centre] * (1 - _SLACK))) / (replicates + 1)
        if ratio[centre] <= 0 or (found and p > alpha):
            break
        order = _nearest_first(points, points[[centre]])[0, : int(size[centre])]
        if not number[order].any():
            number[order], p_of[order] = len(found) + 1, p
            radius = float(np.hypot(*(points[order[-1]] - points[centre])))
            sums = (float(weight[order].sum()), int(count[order].sum()), float(mean[order].sum()))
            codes = people.index.take(order)
            found.append(LowCluster(people.index[centre], tuple(codes), radius, *sums, float(ratio[centre]), p))
    areas = pd.DataFrame({"cluster": number, "p": p_of}, index=people.index)
    return Scan(tuple(found), areas, max_share, alpha, replicates, seed)


def _inputs(xy: ArrayLike, people: pd.Series[float], cases: pd.Series[int]) -> tuple[_Floats, _Floats, _Ints]:
    points, weight = np.asarray(xy, dtype=np.float64), np.asarray(people, dtype=np.float64)
    count = np.asarray(cases, dtype=np.float64)
    if points.shape != (len(weight), 2) or not people.index.equals(cases.index):
        raise QueryError(
            f"expected a point, people and cases for each area, on one index, found points of shape {points.shape}, "
            f"{len(weight)} people and {len(count)} cases"
        )
    for name, values in (("points", points), ("people", weight), ("cases", count)):
        if not np.isfinite(values).all() or (name != "points" and (values < 0).any()):
            raise QueryError(f"{name} must be numbers{'' if name == 'points' else ' from 0'}, found one that is not")
    if (count != np.rint(count)).any():
        raise QueryError("cases must be whole numbers, found a fraction; count sites, not shares of their capacity")
    if count.any() and not weight.any():
        raise QueryError("nobody lives in any area, so no cases can be expected")
    return points, weight, count.astype(np.int64)


def _check_choices(max_share: float, replicates: int, seed: int, alpha: float) -> None:
    if not 0 < max_share <= 0.5 or not 0 < alpha < 1 or replicates < 1 or seed < 0:
        raise QueryError(
            "expected max_share above 0 and up to 0.5, alpha between 0 and 1, replicates from 1 and a seed from 0, "
            f"found {max_share}, {alpha}, {replicates} and {seed}"
        )


def _nearest_first(points: _Floats, centres: _Floats) -> _Ints:
    """Order all points by distance from each centre; of equally far ones, the first given comes first."""
    away = np.sqrt((points[:, 0] - centres[:, :1]) ** 2 + (points[:, 1] - centres[:, 1:]) ** 2)
    # distance and position in one whole number: sorting these is several times quicker than an argsort
    bits = max(len(points) - 1, 1).bit_length()
    scale = 2.0 ** (61 - bits) / max(float(np.hypot(*np.ptp(points, axis=0))), 1.0)
    key = ((away * scale).astype(np.int64) << bits) | np.arange(len(points))
    key.sort(axis=1)
    return np.asarray(key & ((1 << bits) - 1))


def _windows(points: _Floats, centres: _Ints, mean: _Floats, limit: float) -> _Windows:
    order = _nearest_first(points, points[centres])
    expected = np.cumsum(mean[order], axis=1)
    sizes = (expected <= limit * (1 + _SLACK)).sum(axis=1)
    widest = int(sizes.max())
    return _Windows(np.ascontiguousarray(order[:, :widest]), sizes, np.ascontiguousarray(expected[:, :widest]))


def _observed(windows: _Windows, count: _Ints, total: int) -> tuple[_Floats, _Ints]:
    """Highest log likelihood ratio round each centre, and how many areas its circle holds; 0 and 0 for none."""
    if windows.order.shape[1] == 0:
        return np.zeros(len(windows.order)), np.zeros(len(windows.order), dtype=np.int64)
    inside = np.cumsum(count[windows.order], axis=1)
    mean = windows.expected
    low = (inside < mean) & (np.arange(mean.shape[1]) < windows.sizes[:, None])
    c, mu = inside[low], mean[low]
    ratio = np.zeros(mean.shape)
    ratio[low] = _entropy(total)[c] - c * np.log(mu) - (total - c) * np.log(total - mu)
    best = ratio.argmax(axis=1)
    top = ratio[np.arange(len(best)), best]
    return top, np.where(top > 0, best + 1, 0)


def _entropy(total: int) -> _Floats:
    c = np.arange(total + 1, dtype=np.float64)
    log = np.log(np.maximum(c, 1))
    return np.asarray(c * log + (total - c) * log[::-1])


def _deal(mean: _Floats, total: int, replicates: int, seed: int) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    """Deal the cases anew: where each area's begin, and of each case, area by area, the replicate that dealt it."""
    if not total:
        return np.zeros(len(mean) + 1, dtype=np.uint64), np.empty(0, dtype=np.uint32)
    dealt = np.random.default_rng(seed).multinomial(total, mean / mean.sum(), size=replicates).T
    start = np.concatenate(([0], np.cumsum(dealt.sum(axis=1))))
    area, replicate = np.nonzero(dealt)
    return start.astype(np.uint64), np.repeat(replicate.astype(np.uint32), dealt[area, replicate])


def _simulated(
    windows: _Windows, dealt: tuple[NDArray[np.uint64], NDArray[np.uint32]], total: int, replicates: int
) -> _Floats:
    from atlas.gaps._scan import highest  # noqa: PLC0415  # compiles

    best = np.zeros(replicates)
    highest(windows.order, windows.sizes, windows.expected, *dealt, _entropy(total), best)
    return best
