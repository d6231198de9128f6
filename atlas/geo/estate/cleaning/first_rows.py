"""In which row something was first seen, of millions of things in twelve bytes each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.int64]
Rows = NDArray[np.int32]
Run = tuple[Hashes, Rows]


class FirstRows:
    """Rows by hashes of what was first seen there.

    Two things of one hash of 64 bits are taken for one: in one of thirty million registers of a million rows.

    Examples
    --------
    >>> first = FirstRows()
    >>> first.add(np.array([7, 9]), np.array([2, 3]))
    >>> first.find(np.array([9, 8])).tolist(), len(first)
    ([3, 0], 2)
    """

    def __init__(self) -> None:
        self._runs: list[Run] = []

    def __len__(self) -> int:
        """Things seen."""
        return sum(len(hashes) for hashes, _ in self._runs)

    def find(self, hashes: Hashes) -> Rows:
        """Row that was added with each hash; 0 where none was.

        Parameters
        ----------
        hashes : numpy.ndarray of int, shape (n,)
            As Python's `hash` gives them, which are those of this process alone.
        """
        found = np.zeros(len(hashes), dtype=np.int32)
        for known, rows in self._runs:
            at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
            is_here = known[at] == hashes
            found[is_here] = rows[at[is_here]]
        return found

    def add(self, hashes: Hashes, rows: Rows) -> None:
        """Remember rows of hashes that were not there.

        Parameters
        ----------
        hashes : numpy.ndarray of int, shape (n,)
            Each once.
        rows : numpy.ndarray of int, shape (n,)
            None of them 0.
        """
        if not len(hashes):
            return
        run = hashes, rows
        # runs grow by doubling, so that few are looked through and each is sorted anew few times
        while self._runs and len(self._runs[-1][0]) <= 2 * len(run[0]):
            last = self._runs.pop()
            run = np.concatenate([last[0], run[0]]), np.concatenate([last[1], run[1]])
        order = np.argsort(run[0])
        self._runs.append((run[0][order], run[1][order].astype(np.int32)))
