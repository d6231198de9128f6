"""Pairs of rows that share a key, never of one group, without ever comparing all with all."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from multiprocessing import cpu_count
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Pairs = tuple[Ints, Ints]
"""Two positions of each pair, the lower first."""

MOST_PAIRS: Final = 250_000
"""Pairs of one block beyond which a finer key is asked for."""

_PART: Final = 65_536

NO_PAIRS: Final[Pairs] = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))


def pairs_in_blocks(
    keys: Sequence[Ints],
    group: Ints,
    wanted: tuple[Flags, Flags],
    most: int = MOST_PAIRS,
    span: tuple[Ints, Ints] | None = None,
) -> Pairs:
    """Pair the rows of each block that are of different groups.

    Parameters
    ----------
    keys : sequence of numpy.ndarray of int, each shape (n,)
        The first makes the blocks, -1 standing for none. A block of more than `most` pairs is divided by the next
        key, and at last its groups' first rows are paired, their second rows, and so on.
    group : numpy.ndarray of int, shape (n,)
        Rows of one group are never paired.
    wanted : tuple of two numpy.ndarray of bool, each shape (n,)
        One of each pair is in the first, the other in the second.
    most : int
        See `keys`.
    span : tuple of two numpy.ndarray of int, each shape (n,), optional
        From and to; rows whose spans do not meet are not paired.

    Returns
    -------
    tuple of two numpy.ndarray of int
        Positions, the lower first; each pair once, in no stated order.

    Examples
    --------
    >>> every = np.ones(4, dtype=bool)
    >>> one, other = pairs_in_blocks([np.array([7, 7, 7, -1])], np.array([0, 0, 1, 1]), (every, every))
    >>> list(zip(one.tolist(), other.tolist()))
    [(0, 2), (1, 2)]
    """
    key = keys[0]
    rows = np.flatnonzero(key >= 0)
    if not len(rows):
        return NO_PAIRS
    codes = pd.factorize(key[rows])[0].astype(np.int64)
    rows, codes = _of_use(rows, codes, wanted)
    # stable, so that the rows of a run stay in their order
    order = np.argsort(codes * (group.max() + 1) + group[rows], kind="stable")
    rows, codes = rows[order], codes[order]
    block_end, run_end = _ends(codes), _ends(codes, group[rows])
    counts = block_end - run_end
    if not len(codes):
        return NO_PAIRS
    size = np.bincount(codes, counts).astype(np.int64)
    large = size[codes] > most
    counts[large] = 0
    found = _spread(rows, run_end, counts, wanted, span)
    if not large.any():
        return found
    finer = _finer(rows[large], codes[large], keys, group)
    rest = pairs_in_blocks(finer, group, wanted, most if len(keys) else MOST_PAIRS, span)
    return np.concatenate([found[0], rest[0]]), np.concatenate([found[1], rest[1]])


def _of_use(rows: Ints, codes: Ints, wanted: tuple[Flags, Flags]) -> Pairs:
    """Rows of the blocks that have any of either side."""
    if not len(rows):
        return rows, codes
    blocks = int(codes.max()) + 1
    has = [np.bincount(codes[side[rows]], minlength=blocks) > 0 for side in wanted]
    kept = (has[0] & has[1])[codes] & (wanted[0] | wanted[1])[rows]
    return rows[kept], codes[kept]


def _ends(*sorted_codes: Ints) -> Ints:
    """Where the run of each element ends."""
    n = len(sorted_codes[0])
    if not n:
        return np.empty(0, dtype=np.int64)
    starts = np.zeros(n, dtype=bool)
    starts[0] = True
    for codes in sorted_codes:
        starts[1:] |= codes[1:] != codes[:-1]
    bounds = np.append(np.flatnonzero(starts), n)
    return np.repeat(bounds[1:], np.diff(bounds))


def _spread(
    rows: Ints, begin: Ints, counts: Ints, wanted: tuple[Flags, Flags], span: tuple[Ints, Ints] | None
) -> Pairs:
    """Pair each row with so many from where its block's other groups begin, in parts that stay in the cache."""
    part = np.cumsum(counts) // _PART
    bounds = np.append(np.flatnonzero(np.append(True, part[1:] != part[:-1])), len(rows)).tolist()
    every = bool(wanted[0].all() and wanted[1].all())

    def spread(low: int, high: int) -> Pairs:
        here, many = np.arange(low, high), counts[low:high]
        one = np.repeat(here, many)
        shift = begin[low:high] - (np.cumsum(many) - many)
        one, other = rows[one], rows[np.repeat(shift, many) + np.arange(len(one))]
        if span is not None:
            one, other = meeting(span, one, other)
        if not every:
            kept = (wanted[0][one] & wanted[1][other]) | (wanted[1][one] & wanted[0][other])
            one, other = one[kept], other[kept]
        return np.minimum(one, other), np.maximum(one, other)

    if len(bounds) <= 3:
        parts = [spread(low, high) for low, high in pairwise(bounds)]
    else:
        with ThreadPoolExecutor(cpu_count()) as pool:
            parts = list(pool.map(spread, bounds[:-1], bounds[1:]))
    return np.concatenate([one for one, _ in parts]), np.concatenate([other for _, other in parts])


def meeting(span: tuple[Ints, Ints], one: Ints, other: Ints) -> Pairs:
    """Those pairs of which neither's span ends before the other's begins."""
    low, high = span
    kept = (low[one] <= high[other]) & (low[other] <= high[one])
    return one[kept], other[kept]


def _finer(rows: Ints, codes: Ints, keys: Sequence[Ints], group: Ints) -> list[Ints]:
    """The keys that remain for the rows of blocks that are too large, each within the block; at last the rank."""
    n = len(group)
    if len(keys) > 1:
        within = np.unique(np.column_stack([codes, keys[1][rows]]), axis=0, return_inverse=True)[1]
        rest = list(keys[2:])
    else:
        order = np.lexsort((rows, group[rows], codes))
        ends = _ends(codes[order], group[rows][order])
        rank = np.empty(len(rows), dtype=np.int64)
        # counted from the end of each run would reverse it, so from its beginning
        starts = np.append(0, ends[:-1])
        begins = np.maximum.accumulate(np.where(np.append(True, ends[1:] != ends[:-1]), starts, 0))
        rank[order] = np.arange(len(rows)) - begins
        within = np.unique(np.column_stack([codes, rank]), axis=0, return_inverse=True)[1]
        rest = []
    made = np.full(n, -1, dtype=np.int64)
    made[rows] = within.ravel()
    return [made, *rest]


def join(keys: Pairs, rows: Pairs, most: int = MOST_PAIRS) -> Pairs:
    """Pair the rows of two lists that have the same key; keys of more than `most` pairs are passed over.

    Parameters
    ----------
    keys : tuple of two numpy.ndarray of int
        Of each list.
    rows : tuple of two numpy.ndarray of int
        Positions, as long as their keys; a row may stand in a list with several keys.
    most : int
        So many of one key tell nothing.

    Returns
    -------
    tuple of two numpy.ndarray of int
        Positions, the lower first; each pair once, sorted.
    """
    order = np.argsort(keys[1], kind="stable")
    sought, other = keys[1][order], rows[1][order]
    low, high = np.searchsorted(sought, keys[0], "left"), np.searchsorted(sought, keys[0], "right")
    counts = high - low
    inverse, size = np.unique(keys[0], return_inverse=True, return_counts=True)[1:]
    counts[counts * size[inverse] > most] = 0
    one = np.repeat(rows[0], counts)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    two = other[np.repeat(low, counts) + np.arange(len(one)) - first]
    return once(np.minimum(one, two), np.maximum(one, two))


def once(one: Ints, other: Ints) -> Pairs:
    """Each pair once, sorted; none of a row with itself."""
    apart = one != other
    one, other = one[apart], other[apart]
    if not len(one):
        return NO_PAIRS
    width = np.int64(other.max()) + 1
    codes = distinct(one * width + other)
    return codes // width, codes % width


def distinct(values: Ints) -> Ints:
    """The distinct values, sorted; numpy's own way by a hash is many times slower here."""
    ordered = np.sort(values)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered
