"""What counts as a gap: one rule on need and access, and the measures that stand beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from atlas.parameters import Parameters
from atlas.vocabulary import Verdict

_SLACK = 1e-9
"""Percentiles are sums of shares: a boundary met exactly must not be missed by their rounding."""

_Floats = NDArray[np.float64]


def is_high_need(need_percentile: _Floats, people: _Floats, parameters: Parameters) -> NDArray[np.bool_]:
    """Whether an area with people in it has a need percentile of at least ``100 * (1 - need_share)``."""
    return np.asarray((need_percentile >= 100 * (1 - parameters.need_share) - _SLACK) & (people > 0))


def is_low_access(reached: NDArray[np.bool_], access_percentile: _Floats, parameters: Parameters) -> NDArray[np.bool_]:
    """Whether an area's access percentile is at most ``100 * access_share``, or nothing reaches it at all.

    With a narrow catchment more than a fifth of people may have no anchor in reach; they tie, their shared percentile
    passes the fifth, and without the second half of the rule nobody would be called badly served.
    """
    return np.asarray((access_percentile <= 100 * parameters.access_share + _SLACK) | ~reached)


def gap_index(need_percentile: _Floats, access_percentile: _Floats) -> _Floats:
    """Geometric mean of the need percentile and of 100 less the access percentile: 0 to 100, higher is more of a gap.

    It is high only where both are: an area of the highest need with the best access scores near 0.

    Examples
    --------
    >>> gap_index(np.array([90.0, 90.0]), np.array([10.0, 99.0])).round(1).tolist()
    [90.0, 9.5]
    """
    return np.sqrt(need_percentile * (100.0 - access_percentile))


def bivariate_class(need_percentile: _Floats, access_percentile: _Floats) -> NDArray[np.int64]:
    """Class 0 to 8 by thirds of people: need third (0 low, 2 high) + 3 * access third (0 most anchors, 2 fewest).

    Examples
    --------
    >>> bivariate_class(np.array([10.0, 95.0, 95.0]), np.array([80.0, 80.0, 5.0])).tolist()
    [0, 2, 8]
    """
    return _third(need_percentile) + 3 * (2 - _third(access_percentile))


def _third(percentile: _Floats) -> NDArray[np.int64]:
    cuts: Any = [100 / 3, 200 / 3]
    return np.asarray(np.searchsorted(cuts, percentile, side="right"), dtype=np.int64)


def verdict_of(p_gap: float, parameters: Parameters) -> Verdict:
    """Verdict on a gap by the share of trials in which it is one.

    Examples
    --------
    >>> [verdict_of(p, Parameters()).value for p in (0.95, 0.6, 0.1)]
    ['robust', 'fragile', 'not_a_gap']
    """
    if p_gap >= parameters.robust_at - _SLACK:
        return Verdict.ROBUST
    return Verdict.FRAGILE if p_gap >= parameters.fragile_at - _SLACK else Verdict.NOT_A_GAP
