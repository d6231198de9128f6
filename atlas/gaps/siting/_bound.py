"""A bound on what any p candidates can meet, and good choices found on the way: Lagrangian relaxation.

Relaxing y_i <= Σ_j a_ij x_j with multipliers 0 <= λ_i <= w_i gives, for every λ, a bound on the best value::

    L(λ) = Σ_i (w_i - λ_i) + the p largest of c_j = Σ_i a_ij λ_i

λ descends by a deflected subgradient (Galvão and ReVelle 1996; Camerini, Fratta and Maffioli 1975). Where L with
candidate j forced in does not pass the best choice known, j is in no better choice, and is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from atlas.gaps.siting._cover import Cover, Floats, Positions, greedy, interchange

_DEFLECTION: Final = 0.95
_PATIENCE: Final = 20
_SHORTER: Final = 0.8
_LOOK_EVERY: Final = 25
_SHORTEST: Final = 1e-4
_SLOWEST: Final = 1e-5
_PASSES: Final = 3
_WORTH_IT: Final = 0.95


@dataclass
class Descent:
    """Where the descent has come to: the rest of the problem, the best choice and the lowest bound.

    Parameters
    ----------
    cover : Cover
        What is left; a better choice than `chosen`, if there is one, lies in it.
    p : int
        How many to choose, fewer than there were candidates.
    chosen : numpy.ndarray of int
        The best choice known, as positions among the candidates first given (`Cover.site`).
    value : float
        Its value.
    lam : numpy.ndarray of float
        Multipliers of the lowest bound yet, in the order of the rest's areas.
    upper : float
        No choice is worth more.
    pool : dict of bytes to float
        Choices that no exchange improves (sorted positions, as bytes) and their values.
    tried : set of bytes
        Choices that exchanges were tried from.
    """

    cover: Cover
    p: int
    chosen: Positions
    value: float
    lam: Floats
    upper: float = np.inf
    pool: dict[bytes, float] = field(default_factory=dict)
    tried: set[bytes] = field(default_factory=set)

    @classmethod
    def start(cls, cover: Cover, p: int) -> Descent:
        """Begin from a greedy choice."""
        rows, _ = greedy(cover, p)
        state = cls(cover, p, cover.site[rows], cover.value(rows), cover.weight)
        state.offer(rows)
        return state

    @property
    def proved(self) -> bool:
        """Whether no choice can be better, but for rounding."""
        return self.upper < self.value + self.cover.grain

    def offer(self, rows: Positions) -> None:
        """Improve a choice by exchanges, and keep it if it is the best yet."""
        key = np.sort(self.cover.site[rows]).tobytes()
        if key in self.tried:
            return
        self.tried.add(key)
        better = interchange(self.cover, rows, _PASSES)
        self.take(better)
        self.pool[np.sort(self.cover.site[better]).tobytes()] = self.cover.value(better)

    def take(self, rows: Positions) -> bool:
        """Keep a choice if it is the best yet."""
        value = self.cover.value(rows)
        if value <= self.value:
            return False
        self.chosen, self.value = self.cover.site[rows], value
        return True

    def pooled(self, best: int) -> Cover:
        """The problem with only those candidates that the best of the pool hold."""
        keys = sorted(self.pool, key=lambda key: (-self.pool[key], key))[:best]
        sites = np.unique(np.concatenate([np.frombuffer(key, dtype=self.chosen.dtype) for key in keys]))
        return self.cover.keep(np.isin(self.cover.site, sites))


def descend(state: Descent, turns: int, step: float = 1.0, tell: Callable[[int], None] | None = None) -> None:
    """Lower the bound, improve the choice and shrink the rest, until proved or until nothing moves."""
    lam, deflected = state.lam, np.zeros(len(state.lam))
    stalled, mark = 0, np.inf
    for turn in range(turns):
        cost, top, bound = _relaxed(state.cover, lam, state.p)
        stalled = 0 if bound < mark * (1 - _SLOWEST) else stalled + 1
        mark = bound if stalled == 0 else mark
        if bound < state.upper:
            state.upper, state.lam = bound, lam
        if turn % _LOOK_EVERY == 0 and turn:
            if tell is not None:
                tell(turn)
            state.offer(top)
            areas = _leave_out(state, cost, top, bound)
            if areas is not None:
                lam, deflected = lam[areas], deflected[areas]
                continue
        if state.proved or step < _SHORTEST or len(state.cover.site) <= state.p:
            break
        if stalled >= _PATIENCE:
            step, stalled, lam = step * _SHORTER, 0, state.lam
        deflected = state.cover.met(top) - 1.0 + _DEFLECTION * deflected
        lam = _moved(state.cover.weight, lam, deflected, step * (bound - state.value))
    _finish(state)


def _relaxed(cover: Cover, lam: Floats, p: int) -> tuple[Floats, Positions, float]:
    """Reduced values of the candidates, the p largest of them, and the bound."""
    cost = np.asarray(cover.share @ lam, dtype=np.float64)
    top = np.sort(np.argpartition(cost, len(cost) - p)[len(cost) - p :])
    return cost, top, float((cover.weight - lam).sum() + cost[top].sum())


def _moved(weight: Floats, lam: Floats, direction: Floats, length: float) -> Floats:
    """One step down, kept between 0 and the weights; what points out of them does not count towards its length."""
    free = np.where(((lam >= weight) & (direction < 0)) | ((lam <= 0) & (direction > 0)), 0.0, direction)
    # no BLAS: its threads wait for each other longer than such short sums take
    norm = float((free * free).sum())
    return np.clip(lam - max(length, 0.0) / norm * free, 0.0, weight) if norm > 0 else lam


def _leave_out(state: Descent, cost: Floats, top: Positions, bound: float) -> NDArray[np.bool_] | None:
    """Drop candidates that no better choice holds; the areas kept, or None where too few would go to be worth it."""
    alive = bound - cost[top].min() + cost >= state.value + state.cover.grain
    alive[top] = True
    if alive.sum() > _WORTH_IT * len(alive):
        return None
    areas = state.cover.seen(alive)
    state.cover, state.lam = state.cover.keep(alive), state.lam[areas]
    return areas


def _finish(state: Descent) -> None:
    if len(state.cover.site) > state.p:
        _leave_out(state, *_relaxed(state.cover, state.lam, state.p))
    if len(state.cover.site) <= state.p:
        state.take(np.arange(len(state.cover.site)))
        state.upper = state.value
    state.upper = state.value if state.proved else max(state.upper, state.value)
