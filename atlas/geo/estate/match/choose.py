"""Which of several pairs of one row is the likeliest."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from atlas.geo.estate.match.pairs import Flags, Ints

MOST_FOR_ONE: Final = 3
"""How many rows of one register are proposed for one row at most."""


def choose(one: Ints, other: Ints, score: NDArray[np.float64], group: Ints) -> tuple[Flags, Flags]:
    """Tell which pairs come second to a likelier one, and which are worth showing.

    The likeliest pair is taken first, then the likeliest of those whose rows are still free for each other's
    register, and so on; of equally likely ones that of the lower positions.

    Parameters
    ----------
    one, other : numpy.ndarray of int, shape (m,)
        Positions of each pair.
    score : numpy.ndarray of float, shape (m,)
        How likely each is.
    group : numpy.ndarray of int, shape (n,)
        Register of each row.

    Returns
    -------
    second, kept : numpy.ndarray of bool, shape (m,)
        Whether another pair was taken for either row; whether it is taken, or among the `MOST_FOR_ONE` likeliest of
        both its rows.

    Examples
    --------
    >>> pairs = np.array([0, 0, 1]), np.array([2, 3, 2])
    >>> second, kept = choose(*pairs, np.array([0.9, 0.8, 0.95]), np.array([0, 0, 1, 1]))
    >>> second.tolist(), kept.tolist()
    ([True, False, False], [True, True, True])
    """
    m = len(one)
    second, kept = np.zeros(m, dtype=bool), np.ones(m, dtype=bool)
    if not m:
        return second, kept
    width = np.int64(group.max()) + 1
    slots = [
        np.unique(rows * width + group[peers], return_inverse=True)[1] for rows, peers in ((one, other), (other, one))
    ]
    crowded = np.bincount(slots[0])[slots[0]] > 1
    crowded |= np.bincount(slots[1])[slots[1]] > 1
    at = np.flatnonzero(crowded)
    at = at[np.lexsort((other[at], one[at], -score[at]))]
    a, b = slots[0][at].tolist(), slots[1][at].tolist()
    taken: tuple[set[int], set[int]] = (set(), set())
    is_second = []
    for x, y in zip(a, b, strict=True):
        free = x not in taken[0] and y not in taken[1]
        if free:
            taken[0].add(x)
            taken[1].add(y)
        is_second.append(not free)
    second[at] = is_second
    for slot in (slots[0][at], slots[1][at]):
        order = np.argsort(slot, kind="stable")
        ordered = slot[order]
        rank = np.empty(len(at), dtype=np.int64)
        rank[order] = np.arange(len(at)) - np.searchsorted(ordered, ordered)
        kept[at] &= rank < MOST_FOR_ONE
    return second, kept | ~second
