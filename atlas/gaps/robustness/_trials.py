"""A study measured in many ways: each draw's percentiles of need and access, its gaps, and its ranks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import cpu_count
from typing import Final

import numpy as np
from numpy.typing import NDArray

from atlas.gaps.need import SPREAD, percentiles
from atlas.gaps.robustness._draws import NEED_CHOICES, Draws, Progress
from atlas.gaps.rule import gap_index, is_high_need, is_low_access
from atlas.gaps.study import Study
from atlas.vocabulary import AccessMeasure

_Floats = NDArray[np.float64]
_Flags = NDArray[np.bool_]
_Ranks = NDArray[np.int32]

_NONE: Final = np.empty(0, dtype=np.int64)
_T_MEAN: Final = 50.0
_T_SPREAD: Final = 10.0
BATCH: Final = 16
"""Draws measured together: enough to fill a vector loop, few enough to stay in the cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What each draw finds.

    Parameters
    ----------
    n_gaps : numpy.ndarray of int, shape (n_draws,)
        How many areas are gaps.
    people_in_gaps : numpy.ndarray of float, shape (n_draws,)
        How many people live in them.
    rank_shift : numpy.ndarray of float, shape (n_draws,)
        Mean over areas of how many places the rank by gap index is from the reader's.
    is_gap, rank : numpy.ndarray, shape (n_draws, n_areas)
        Each area's; of no rows where they were not kept.
    """

    n_gaps: NDArray[np.int64]
    people_in_gaps: _Floats
    rank_shift: _Floats
    is_gap: _Flags
    rank: _Ranks


@dataclass(frozen=True, slots=True, eq=False)
class Trials:
    """A study made ready to be measured many times.

    Parameters
    ----------
    study : Study
        What is measured.
    start : numpy.ndarray of int, shape (n_sites + 1,)
        Where each site's pairs begin in the other two arrays.
    origin : numpy.ndarray of int32, shape (n_pairs,)
        Nearest first within each site, so that those of a catchment are the first.
    cost : numpy.ndarray of float, shape (n_pairs,)
        Rising within each site.
    closest : numpy.ndarray of float, shape (n_areas,)
        Cost to the nearest site, infinity where the table has none.
    scales : numpy.ndarray of float, shape (2, 3, 7, n_areas), or None
        Domains as each aggregation adds them, by each normalisation.
    readers_need : numpy.ndarray of float, shape (n_areas,)
        Percentile of need at the reader's choice.
    """

    study: Study
    start: NDArray[np.int64]
    origin: NDArray[np.int32]
    cost: _Floats
    closest: _Floats
    scales: _Floats | None
    readers_need: _Floats

    @classmethod
    def of(cls, study: Study) -> Trials:
        """Sort each site's pairs, scale the domains."""
        costs = study.costs
        ends = zip(costs.start[:-1], costs.start[1:], strict=True)
        order = np.concatenate([begin + np.argsort(costs.cost[begin:end]) for begin, end in ends] or [_NONE])
        # a site of no capacity counts as not being there
        counted = np.repeat(study.amount > 0, np.diff(costs.start))
        closest = np.full(costs.n_origins, np.inf)
        np.minimum.at(closest, costs.origin[counted], costs.cost[counted])
        # the table ends at the widest catchment, but a distance is known however far it is
        farther = study.nearest_cost()
        closest = closest if farther is None else farther
        return cls(
            study=study,
            start=costs.start.astype(np.int64),
            origin=costs.origin[order].astype(np.int32),
            cost=costs.cost[order],
            closest=closest[: study.n_areas],
            scales=None if study.domain_scores is None else scaled(study.domain_scores, study.residents),
            readers_need=percentiles(study.need, study.residents),
        )

    def need(self, draws: Draws) -> _Floats:
        """Percentile of need of each area in each draw, shape (n_draws, n_areas)."""
        if self.scales is None or not draws.varied & set(NEED_CHOICES):
            return np.tile(self.readers_need, (len(draws), 1))
        # a scale at a time, so that sums are made in one order whatever the batch
        total = np.zeros((len(draws), self.study.n_areas))
        for k in range(self.scales.shape[2]):
            total += draws.weights[:, k, None] * self.scales[draws.aggregation, draws.normalisation, k]
        return self._percentiles(total)

    def access(self, draws: Draws) -> tuple[_Floats, _Flags]:
        """Percentile of access of each area in each draw, and whether any site reaches it."""
        if self.study.parameters.measure is AccessMeasure.NEAREST:
            value = np.tile(-self.closest, (len(draws), 1))
        else:
            value = np.stack([self._capacity_per_person(draws, k) for k in range(len(draws))])
        return self._percentiles(value), self.closest <= draws.catchment[:, None]

    def _capacity_per_person(self, draws: Draws, k: int) -> _Floats:
        from atlas.gaps._fused import CODES, weigh  # noqa: PLC0415  # numba takes 0.4 s to import
        from atlas.gaps.robustness._tally import reach, share_out  # noqa: PLC0415

        study, catchment = self.study, float(draws.catchment[k])
        count, costs = np.empty(len(self.start) - 1, dtype=np.int64), np.empty_like(self.cost)
        weight = costs[: reach(self.start, self.cost, catchment, count, costs)]
        weigh(weight, catchment, CODES[draws.decays[draws.decay[k]]])
        given = weight * weight if study.parameters.measure is AccessMeasure.M2SFCA else weight
        capacity = study.capacity(float(draws.sharing[k]))
        access = np.zeros(len(study.people))
        share_out(self.start, self.origin, count, weight, given, study.people, capacity, access)
        return access[: study.n_areas]

    def _percentiles(self, values: _Floats) -> _Floats:
        from atlas.gaps.robustness._tally import percentiles_sorted  # noqa: PLC0415  # numba takes 0.4 s to import

        found = np.empty_like(values)
        percentiles_sorted(values, np.argsort(values, axis=1), self.study.residents, found)
        return found

    def judge(self, draws: Draws) -> tuple[_Flags, _Ranks]:
        """Whether each area is a gap in each draw, and its rank by gap index; what draws share is measured once."""
        from atlas.gaps.robustness._tally import ranks_sorted  # noqa: PLC0415  # numba takes 0.4 s to import

        parts = np.column_stack((draws.normalisation, draws.aggregation, draws.weights))
        first, again = _distinct(parts.astype(np.float64))
        need = self.need(draws.take(first))[again]
        first, again = _distinct(np.column_stack((draws.catchment, draws.decay, draws.sharing)))
        access, reached = self.access(draws.take(first))
        access, reached = access[again], reached[again]
        rule, people = self.study.parameters, self.study.residents
        is_gap = is_high_need(need, people, rule) & is_low_access(reached, access, rule)
        index = gap_index(need, access)
        rank = np.empty(index.shape, dtype=np.int32)
        ranks_sorted(index, np.argsort(index, axis=1), rank)
        return is_gap, rank


def _distinct(rows: _Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    _, first, again = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return first, again.ravel()


def measure(
    trials: Trials, draws: Draws, usual: _Ranks, *, keep: bool, progress: Progress | None = None, batch: int = BATCH
) -> Measured:
    """Measure a study in many ways; nothing found depends on the batches or on how many threads there are.

    Parameters
    ----------
    trials : Trials
        The study, made ready.
    draws : Draws
        The ways.
    usual : numpy.ndarray of int, shape (n_areas,)
        Ranks at the reader's choice.
    keep : bool
        Whether to keep each area's gaps and ranks, 5 bytes a draw and area.
    progress : callable, optional
        Told after each batch, from the caller's thread, how many draws are done.
    batch : int
        Draws measured together; those that share need or access should be neighbours.
    """
    study, n = trials.study, len(draws)
    rows = n if keep else 0
    result = Measured(
        n_gaps=np.zeros(n, dtype=np.int64),
        people_in_gaps=np.zeros(n),
        rank_shift=np.zeros(n),
        is_gap=np.zeros((rows, study.n_areas), dtype=np.bool_),
        rank=np.zeros((rows, study.n_areas), dtype=np.int32),
    )

    def work(begin: int) -> int:
        part = slice(begin, min(begin + batch, n))
        is_gap, rank = trials.judge(draws.take(part))
        result.n_gaps[part] = is_gap.sum(axis=1)
        result.people_in_gaps[part] = np.where(is_gap, study.residents, 0.0).sum(axis=1)
        result.rank_shift[part] = np.abs(rank - usual).mean(axis=1)
        if keep:
            result.is_gap[part], result.rank[part] = is_gap, rank
        return part.stop

    with ThreadPoolExecutor(cpu_count()) as pool:
        for done in pool.map(work, range(0, n, batch)):
            if progress is not None:
                progress(done, n)
    return result


def scaled(domain_scores: _Floats, people: _Floats) -> _Floats:
    """Domains on each scale, ready to be weighed and added.

    Parameters
    ----------
    domain_scores : numpy.ndarray of float, shape (n_areas, 7)
        Exponentially transformed ranks X, 0 to 100; higher is more deprived.
    people : numpy.ndarray of float, shape (n_areas,)
        Those whose mean and spread the z-scores are from.

    Returns
    -------
    numpy.ndarray of float, shape (2, 3, 7, n_areas)
        By aggregation (as it is; the logarithm of one more), then by normalisation: X; 100 R, the rank that X was made
        from, so that each place counts alike; 50 + 10 z, so that no domain counts for more by spreading wider here. A
        domain that does not differ between people has z = 0.
    """
    score = np.ascontiguousarray(domain_scores.T)
    rank = 100.0 * np.expm1(-score / SPREAD) / np.expm1(-100.0 / SPREAD)
    share = people / people.sum()
    # sums along rows in the order of areas, not a matrix product, whose order is the library's
    off = score - (score * share).sum(axis=1, keepdims=True)
    spread = np.sqrt((off * off * share).sum(axis=1, keepdims=True))
    z = np.divide(off, spread, out=np.zeros_like(off), where=spread > 1e-9)
    plain = np.stack((score, rank, np.maximum(_T_MEAN + _T_SPREAD * z, 0.0)))
    return np.stack((plain, np.log1p(plain)))
