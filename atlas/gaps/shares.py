"""Shares of the ways of measuring as whole per cent, so that no rounding contradicts a verdict."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from atlas.parameters import Parameters

SELDOM: Final = 10
"""Per cent of ways below which an area is seldom a gap."""

_SLACK: Final = 1e-7


@lru_cache(maxsize=32)
def _bounds(fragile_at: float, robust_at: float) -> tuple[int, ...]:
    from_verdicts = {round(100 * share) for share in (fragile_at, robust_at)}
    return (1, *sorted(bound for bound in {SELDOM, *from_verdicts} if bound > 1))


def share_bounds(parameters: Parameters) -> list[int]:
    """Whole per cent from which each class of the share of ways starts, the class of none left out.

    Examples
    --------
    >>> from atlas.parameters import Parameters
    >>> share_bounds(Parameters())
    [1, 10, 50, 90]
    """
    return list(_bounds(parameters.fragile_at, parameters.robust_at))


def whole_shares(shares: NDArray[np.float64], parameters: Parameters) -> NDArray[np.int64]:
    """Shares of ways, 0 to 1, as whole per cent.

    Rounding moves no share into another class of `share_bounds`: 0 is never and 100 always.

    Examples
    --------
    >>> from atlas.parameters import Parameters
    >>> whole_shares(np.array([0.0, 0.001, 0.814, 0.899, 0.9, 0.999, 1.0]), Parameters()).tolist()
    [0, 1, 81, 89, 90, 99, 100]
    """
    starts = np.array([0, *share_bounds(parameters)])
    ends = np.array([*starts[1:] - 1, 99])
    per_cent = 100 * shares
    group = (shares > 0) + np.digitize(per_cent + _SLACK, starts[2:])
    rounded = np.clip(np.rint(per_cent), starts[group], ends[group])
    return np.where(shares == 1, 100, rounded).astype(np.int64)


def held_share(share: float, held: float) -> int:
    """A share, 0 to 1, as whole per cent that lies on the same side of 0, of a bound and of 1 as the share itself.

    Examples
    --------
    >>> held_share(0.4975, 0.5), held_share(0.5, 0.5), held_share(0.001, 0.5), held_share(0.999, 0.5)
    (49, 50, 1, 99)
    >>> held_share(0.0, 0.5), held_share(1.0, 0.5)
    (0, 100)
    """
    if share in {0, 1}:
        return round(100 * share)
    lowest, highest = (1, round(100 * held) - 1) if share < held else (round(100 * held), 99)
    return min(max(round(100 * share), lowest), highest)


def whole_share(share: float, parameters: Parameters) -> int:
    """`whole_shares` of one share.

    Examples
    --------
    >>> whole_share(0.8975, Parameters())
    89
    """
    return int(whole_shares(np.array([share]), parameters)[0])
