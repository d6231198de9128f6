"""Scrambled Sobol points, number for number those of `scipy.stats.qmc.Sobol`.

That library takes half a second to import, which every first run under a new revision would wait for; a test holds
these points to its own.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from atlas.errors import QueryError

_Numbers = NDArray[np.uint32]

BITS: Final = 30
"""Points are multiples of 2^-30."""

_DIRECTIONS: Final = (
    (1, 0, (1,)),
    (2, 1, (1, 3)),
    (3, 1, (1, 3, 1)),
    (3, 2, (1, 1, 1)),
    (4, 1, (1, 1, 3, 3)),
    (4, 4, (1, 3, 5, 13)),
    (5, 2, (1, 1, 5, 5, 17)),
    (5, 4, (1, 1, 5, 5, 5)),
    (5, 7, (1, 1, 7, 11, 19)),
    (5, 11, (1, 1, 5, 1, 1)),
    (5, 13, (1, 1, 1, 3, 11)),
    (5, 14, (1, 3, 5, 5, 31)),
)
"""Of the second coordinate and those after it: degree and inner coefficients of a primitive polynomial, and the first
direction numbers (Joe and Kuo 2008, table new-joe-kuo-6)."""

MOST: Final = len(_DIRECTIONS) + 1
"""Coordinates that a point may have."""


def _direction_numbers(degree: int, inner: int, first: tuple[int, ...]) -> list[int]:
    """m_k by the recurrence of Bratley and Fox (1988)."""
    found = list(first)
    for k in range(degree, BITS):
        number = found[k - degree] ^ (found[k - degree] << degree)
        for step in range(1, degree):
            if inner >> (degree - 1 - step) & 1:
                number ^= found[k - step] << step
        found.append(number)
    return found


def _directions(n_coordinates: int) -> _Numbers:
    """Direction numbers as binary fractions, shape (n_coordinates, BITS)."""
    rows = [[1] * BITS, *(_direction_numbers(*one) for one in _DIRECTIONS[: n_coordinates - 1])]
    return np.array(rows[:n_coordinates], dtype=np.uint32) << np.arange(BITS - 1, -1, -1, dtype=np.uint32)


def _scrambled(directions: _Numbers, rng: np.random.Generator) -> tuple[_Numbers, _Numbers]:
    """A digital shift, and the directions times random lower triangular matrices (Matoušek 1998)."""
    n, powers = len(directions), np.uint32(1) << np.arange(BITS, dtype=np.uint32)
    shift = rng.integers(2, size=(n, BITS), dtype=np.uint32) @ powers
    matrix = np.tril(rng.integers(2, size=(n, BITS, BITS), dtype=np.uint32))
    matrix[:, np.arange(BITS), np.arange(BITS)] = 1
    # bits from the highest down, as the matrices' rows and columns go
    bits = directions[:, :, None] >> np.arange(BITS - 1, -1, -1, dtype=np.uint32) & np.uint32(1)
    turned = np.einsum("drc,dkc->dkr", matrix, bits) & np.uint32(1)
    return shift, turned @ powers[::-1]


def scrambled_sobol(n: int, n_coordinates: int, seed: int) -> NDArray[np.float64]:
    """Points of the unit cube that fill it evenly; the first of many are those of few.

    Parameters
    ----------
    n : int
        How many: a power of two, at most 2^30.
    n_coordinates : int
        At most `MOST`.
    seed : int
        Of the scrambling (linear matrix scramble and digital shift, Matoušek 1998).

    Returns
    -------
    numpy.ndarray of float, shape (n, n_coordinates)
        From 0 to 1, 1 left out.

    Raises
    ------
    QueryError
        If there are more coordinates than directions.

    Examples
    --------
    >>> points = scrambled_sobol(4, 2, seed=1)
    >>> sorted((4 * points[:, 0]).astype(int).tolist())
    [0, 1, 2, 3]
    """
    if not 1 <= n_coordinates <= MOST:
        raise QueryError(f"a point has from 1 to {MOST} coordinates, found {n_coordinates}")
    shift, directions = _scrambled(_directions(n_coordinates), np.random.default_rng(seed).spawn(1)[0])
    points = np.empty((n, n_coordinates), dtype=np.uint32)
    points[0], filled = shift, 1
    # in the order of the Gray code, the second half of 2^(k+1) points mirrors the first
    for k in range(n.bit_length() - 1):
        points[filled : 2 * filled] = points[:filled][::-1] ^ directions[:, k]
        filled *= 2
    return points.astype(np.float64) * 2.0**-BITS
