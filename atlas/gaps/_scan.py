"""The compiled loop behind `scan.scan_low_provision`: work goes with the cases met, not with the windows.

Importing this module imports numba and compiles, or loads from numba's cache; nothing else does.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from atlas.geo.compiled import compiled


@compiled("void(int64[:, ::1], int64[::1], float64[:, ::1], uint64[::1], uint32[::1], float64[::1], float64[::1])")
def highest(  # one flat loop: calls between compiled functions would hide it from the optimiser
    order: NDArray[np.int64],
    sizes: NDArray[np.int64],
    expected: NDArray[np.float64],
    start: NDArray[np.uint64],
    replicate: NDArray[np.uint32],
    entropy: NDArray[np.float64],
    best: NDArray[np.float64],
) -> None:
    """Raise each replicate's highest log likelihood ratio by the windows round some centres.

    Parameters
    ----------
    order : numpy.ndarray of int64, shape (n_centres, widest)
        Areas round each centre, nearest first.
    sizes : numpy.ndarray of int64, shape (n_centres,)
        How many of them its widest window holds.
    expected : numpy.ndarray of float, shape (n_centres, widest)
        Cases expected in the window that ends with each area; all C cases together are ``len(entropy) - 1``.
    start : numpy.ndarray of uint64, shape (n_areas + 1,)
        Where each area's cases begin in `replicate`.
    replicate : numpy.ndarray of uint32
        Of each case, the replicate that dealt it there; without a sign, or each look-up would check for one.
    entropy : numpy.ndarray of float, shape (C + 1,)
        ``c ln c + (C - c) ln(C - c)`` for c from 0 to C.
    best : numpy.ndarray of float, shape (n_replicates,)
        Changed in place.
    """
    total = len(entropy) - 1
    count = np.empty(len(best), dtype=np.int32)
    for i in range(len(order)):
        count[:] = 0
        least = best.min()
        mean = inside = outside = 0.0
        few = np.int32(0)
        for k in range(sizes[i]):
            area = order[i, k]
            for e in range(start[area], start[area + 1]):
                r = replicate[e]
                c = count[r]
                # of the windows that hold c cases, the last has the highest ratio: look only where another is met
                if c < few:
                    best[r] = max(best[r], entropy[c] - c * inside - (total - c) * outside)
                count[r] = c + 1
            mean = expected[i, k]
            if mean > 0.0:
                inside, outside = math.log(mean), math.log(total - mean)
                # the ratio is at most (c - mean)^2 / (mean (1 - mean / C)): more cases than this raise nobody's best
                few = np.int32(math.ceil(mean - math.sqrt(least * mean * (1.0 - mean / total))))
        for r in range(len(best)):
            c = count[r]
            if c < few:
                best[r] = max(best[r], entropy[c] - c * inside - (total - c) * outside)
