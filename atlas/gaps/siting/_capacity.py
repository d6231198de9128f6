"""Maximal covering where a site serves only so many people (Current and Storbeck 1988; here areas may be split)."""

from __future__ import annotations

from typing import Final

import numpy as np

from atlas.gaps.siting._bound import Descent, descend
from atlas.gaps.siting._cover import Cover, Floats, Method, Positions
from atlas.gaps.siting._exact import served, solve_capacitated

MAX_PAIRS: Final = 20_000
"""Pairs of area and candidate beyond which HiGHS is not asked: it has a variable for each."""

_SLACK: Final = 1e-6
_TURNS: Final = 600


def best_with_capacities(
    cover: Cover, capacity: Floats, p: int, seconds: float
) -> tuple[Positions, Floats, float, Method]:
    """Rows of the cover, what each adds, a bound on what any p can serve, and what it rests on."""
    alone = np.minimum(capacity, np.asarray(cover.share @ cover.weight))
    everyone = np.flatnonzero(alone > 0)
    if len(everyone) <= p:
        rows, gain = _in_order(cover, capacity, alone, everyone)
        return rows, gain, float(gain.sum()), "all candidates"
    method: Method = "Lagrangian bound"
    rows = _filled(cover, capacity, p)
    value, upper = served(cover, capacity, rows), _bound(cover, alone, p)
    if seconds > 0 and value < upper * (1 - _SLACK) and cover.share.nnz <= MAX_PAIRS:
        found, bound = solve_capacitated(cover, capacity, p, seconds)
        other = served(cover, capacity, found)
        rows, value = (found, other) if other > value else (rows, value)
        upper, method = min(upper, bound), "HiGHS"
    rows, gain = _in_order(cover, capacity, alone, rows)
    proved = value >= upper * (1 - _SLACK)
    return rows, gain, max(upper, value), method if proved else "greedy and exchanges"


def _bound(cover: Cover, alone: Floats, p: int) -> float:
    """What the p largest could serve apart, or what p could serve had they no limits."""
    state = Descent.start(cover, p)
    descend(state, _TURNS)
    return min(float(np.sort(alone)[-p:].sum()), state.upper)


def _filled(cover: Cover, capacity: Floats, p: int) -> Positions:
    """Greedy: each site in turn takes first the people whom the fewest candidates reach."""
    left = cover.weight.copy()
    reachable = np.bincount(cover.share.indices, minlength=len(left))
    chosen: list[int] = []
    for _ in range(p):
        gains = np.minimum(capacity, np.asarray(cover.share @ left))
        gains[chosen] = 0.0
        best = int(gains.argmax())
        if gains[best] <= 0:
            break
        chosen.append(best)
        at, _share = cover.row(best)
        at = at[np.argsort(reachable[at], kind="stable")]
        taken_before = np.cumsum(left[at]) - left[at]
        left[at] -= np.clip(capacity[best] - taken_before, 0.0, left[at])
    return np.array(chosen, dtype=np.int64)


def _in_order(cover: Cover, capacity: Floats, alone: Floats, rows: Positions) -> tuple[Positions, Floats]:
    """Rows by what each serves alone, the most first, and what each adds; those that add nothing are left out."""
    ordered = rows[np.argsort(-alone[rows], kind="stable")]
    together = [served(cover, capacity, ordered[: k + 1]) for k in range(len(ordered))]
    gain = np.diff(together, prepend=0.0)
    adds = gain > _SLACK * max(float(cover.weight.sum()), 1.0) * 1e-3
    return ordered[adds], gain[adds]
