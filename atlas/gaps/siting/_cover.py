"""What `siting` solves: areas with a weight, candidates that each meet a share of some areas, p to be chosen.

The value of a choice is Σ_i w_i · min(1, Σ_{j chosen} a_ij). With every a_ij 1 that is maximal covering.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Positions = NDArray[np.integer[Any]]
Method = Literal["all candidates", "Lagrangian bound", "HiGHS", "greedy and exchanges"]
_NOTHING = 1e-12


@dataclass(frozen=True, eq=False)
class Cover:
    """Candidates and what they meet.

    Parameters
    ----------
    share : scipy.sparse.csr_array, shape (m, n)
        Share of each area's weight that a candidate meets alone, above 0 and at most 1.
    weight : numpy.ndarray of float, shape (n,)
        Weight of each area, above 0.
    site : numpy.ndarray of int, shape (m,)
        Position of each row among the candidates first given.
    """

    share: Any
    weight: Floats
    site: Positions

    @classmethod
    def of(cls, share: Any, weight: Floats) -> Cover:
        """Leave out areas of no weight or out of reach, and candidates that meet nothing."""
        whole = cls(share, weight, np.arange(share.shape[0]))
        return whole.keep(np.asarray(share @ weight) > 0, weight > 0)

    @cached_property
    def binary(self) -> bool:
        """Whether whoever is met is met wholly."""
        return bool((self.share.data == 1).all())

    @cached_property
    def grain(self) -> float:
        """Two different values differ by at least about this much."""
        total = float(self.weight.sum())
        whole = self.binary and total < 2**52 and bool((self.weight == np.floor(self.weight)).all())
        return 1 - 1e-6 if whole else 1e-9 * total

    def keep(self, sites: NDArray[np.bool_], areas: NDArray[np.bool_] | None = None) -> Cover:
        """The problem without the other candidates, and without areas that none of these meets."""
        share = self.share[sites]
        seen = self.seen(sites)
        seen = seen if areas is None else seen & areas
        return Cover(share[:, np.flatnonzero(seen)], self.weight[seen], self.site[sites])

    def seen(self, sites: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Areas that some of these candidates meet."""
        seen = np.zeros(self.share.shape[1], dtype=bool)
        seen[self.share[sites].indices] = True
        return seen

    def row(self, site: int) -> tuple[Positions, Floats]:
        """Areas that one candidate meets, and the share of each."""
        here = slice(self.share.indptr[site], self.share.indptr[site + 1])
        return self.share.indices[here], self.share.data[here]

    def met(self, chosen: Positions) -> Floats:
        """Sum of shares that the chosen rows meet of each area; may pass 1."""
        rows = self.share[chosen]
        return np.asarray(np.bincount(rows.indices, rows.data, rows.shape[1]), dtype=np.float64)

    def value(self, chosen: Positions) -> float:
        """Weight that the chosen rows meet together."""
        return float((self.weight * np.minimum(self.met(chosen), 1.0)).sum()) if len(chosen) else 0.0

    def gains(self, met: Floats) -> Floats:
        """What each candidate would add to areas already met so far."""
        open_ = np.maximum(1.0 - met, 0.0)
        if self.binary:
            return np.asarray(self.share @ (self.weight * open_), dtype=np.float64)
        at = self.share.indices
        part = np.minimum(self.share.data, open_[at]) * self.weight[at]
        return np.asarray(csr_array((part, at, self.share.indptr), shape=self.share.shape).sum(axis=1))


def greedy(cover: Cover, p: int, among: Positions | None = None) -> tuple[Positions, Floats]:
    """At each turn the candidate that adds most, the first of equals, until p or until none adds anything.

    Returns
    -------
    chosen : numpy.ndarray of int
        Rows in the order of choice.
    gain : numpy.ndarray of float
        What each added.
    """
    rows = np.arange(cover.share.shape[0]) if among is None else np.sort(among)
    part = cover if among is None else Cover(cover.share[rows], cover.weight, cover.site[rows])
    met = np.zeros(len(cover.weight))
    chosen: list[int] = []
    taken = np.zeros(len(rows), dtype=bool)
    gain: list[float] = []
    while len(chosen) < min(p, len(rows)):
        gains = part.gains(met)
        gains[taken] = 0.0
        best = int(gains.argmax())
        if gains[best] <= _NOTHING * cover.weight.sum():
            break
        chosen.append(int(rows[best]))
        taken[best] = True
        gain.append(float(gains[best]))
        at, share = part.row(best)
        met[at] += share
    return np.array(chosen, dtype=np.int64), np.array(gain)


def interchange(cover: Cover, chosen: Positions, passes: int) -> Positions:
    """Exchange one chosen row for another while that adds value (Teitz and Bart 1968)."""
    rows, met = chosen.copy(), cover.met(chosen)
    value, unchanged = cover.value(rows), 0
    for turn in range(passes * len(rows)):
        k = turn % len(rows)
        at, part = cover.row(int(rows[k]))
        without = met.copy()
        # a difference of float sums may leave dust where nothing is met
        without[at] = np.where(without[at] - part > _NOTHING, without[at] - part, 0.0)
        gains = cover.gains(without)
        gains[np.delete(rows, k)] = 0.0
        best = int(gains.argmax())
        now = float((cover.weight * np.minimum(without, 1.0)).sum()) + float(gains[best])
        if now > value + 0.5 * cover.grain:
            at, part = cover.row(best)
            rows[k], value, unchanged, met = best, now, 0, without
            met[at] += part
        else:
            unchanged += 1
        if unchanged == len(rows):
            break
    return rows
