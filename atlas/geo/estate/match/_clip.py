"""The compiled loops behind `overlap.overlaps`: which rings are simple, and how much area two of them share.

A ring is cut by the edges of the other, one after the other (Sutherland and Hodgman). That holds for any ring that is
cut, but only a convex one may cut; where neither is convex, one is taken apart into triangles from its first point,
whose shares are added, those that are turned the other way with a minus.

Importing this module imports numba and compiles, or loads from numba's cache; nothing else in this room does.
"""

from __future__ import annotations

from typing import Final

import numba
import numpy as np
from numpy.typing import NDArray

from atlas.geo.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ASK, SIMPLE, CONVEX = range(3)
"""Not known to be simple; a ring that nowhere touches itself; one that is convex besides."""

MOST_CORNERS: Final = 48
"""Rings of more corners are left to shapely, whose sweep is the quicker then."""

_ROOM: Final = 512
_NOISE: Final = 1e-12
"""Sine of a turn below which it counts as straight on."""


_part = numba.njit(nogil=True, error_model="numpy")
"""Compiled into the loop that calls it."""


@_part
def _side(xy: Floats, a: int, b: int, c: int) -> float:
    """How far left of a to b the point c is, times the length of a to b; 0 where that is noise."""
    ux, uy = xy[b, 0] - xy[a, 0], xy[b, 1] - xy[a, 1]
    vx, vy = xy[c, 0] - xy[a, 0], xy[c, 1] - xy[a, 1]
    cross = ux * vy - uy * vx
    return 0.0 if abs(cross) <= _NOISE * (abs(ux) + abs(uy)) * (abs(vx) + abs(vy)) else cross


@_part
def _apart(xy: Floats, i: int, j: int) -> bool:
    """Whether the edges from i and from j do not touch, beyond doubt."""
    for axis in range(2):
        if max(xy[i, axis], xy[i + 1, axis]) < min(xy[j, axis], xy[j + 1, axis]):
            return True
        if max(xy[j, axis], xy[j + 1, axis]) < min(xy[i, axis], xy[i + 1, axis]):
            return True
    return bool(
        _side(xy, i, i + 1, j) * _side(xy, i, i + 1, j + 1) > 0
        or _side(xy, j, j + 1, i) * _side(xy, j, j + 1, i + 1) > 0
    )


@_part
def _kind(xy: Floats, first: int, end: int) -> int:
    corners = end - first - 1
    if corners < 3 or corners > MOST_CORNERS:
        return ASK
    left = right = False
    for k in range(corners):
        a, b = first + k, first + k + 1
        c = first + 1 if k == corners - 1 else b + 1
        ux, uy = xy[b, 0] - xy[a, 0], xy[b, 1] - xy[a, 1]
        vx, vy = xy[c, 0] - xy[b, 0], xy[c, 1] - xy[b, 1]
        # written so that a coordinate that is no number is asked about too
        if not ((ux != 0.0 or uy != 0.0) and np.isfinite(ux) and np.isfinite(uy)):
            return ASK
        turn = _side(xy, a, b, c)
        if turn == 0.0 and ux * vx + uy * vy <= 0.0:
            return ASK
        left |= turn > 0.0
        right |= turn < 0.0
        for j in range(k + 2, corners - (k == 0)):
            if not _apart(xy, a, first + j):
                return ASK
    return SIMPLE if left and right else CONVEX


@compiled("void(float64[:,::1], int64[::1], int64[::1], int8[::1])", error_model="numpy")
def kinds(xy: Floats, first: Ints, end: Ints, kind: NDArray[np.int8]) -> None:
    """Tell of each closed ring whether it is simple.

    Parameters
    ----------
    xy : numpy.ndarray of float, shape (m, 2)
        Corners of all rings, one after the other; the first of each is repeated as its last.
    first, end : numpy.ndarray of int, shape (n,)
        Where each begins and ends; both the same for none.
    kind : numpy.ndarray of int8, shape (n,)
        Is filled in: `ASK`, `SIMPLE` or `CONVEX`.
    """
    for k in range(len(first)):
        kind[k] = _kind(xy, first[k], end[k])


@_part
def _cut(ring: Floats, size: int, ax: float, ay: float, ux: float, uy: float, made: Floats) -> int:
    """Keep what is left of the line through (ax, ay) along (ux, uy); how many corners that has, -1 for too many."""
    count = 0
    px, py = ring[size - 1, 0], ring[size - 1, 1]
    before = ux * (py - ay) - uy * (px - ax)
    for k in range(size):
        if count + 2 > _ROOM:
            return -1
        qx, qy = ring[k, 0], ring[k, 1]
        here = ux * (qy - ay) - uy * (qx - ax)
        if (before < 0.0) != (here < 0.0):
            share = before / (before - here)
            made[count, 0], made[count, 1] = px + share * (qx - px), py + share * (qy - py)
            count += 1
        if here >= 0.0:
            made[count, 0], made[count, 1] = qx, qy
            count += 1
        px, py, before = qx, qy, here
    return count


@_part
def _area(ring: Floats, size: int) -> float:
    """Area of a ring that is not closed, above 0 where it runs against the clock."""
    total = 0.0
    for k in range(1, size - 1):
        ux, uy = ring[k, 0] - ring[0, 0], ring[k, 1] - ring[0, 1]
        total += ux * (ring[k + 1, 1] - ring[0, 1]) - uy * (ring[k + 1, 0] - ring[0, 0])
    return 0.5 * total


@_part
def _share(subject: Floats, size: int, window: Floats, corners: int, kept: Floats, made: Floats) -> float:
    """Signed area of a ring within a convex one, which may run either way; NaN where it has too many corners."""
    turn = 1.0 if _area(window, corners) > 0.0 else -1.0
    for k in range(size):
        kept[k, 0], kept[k, 1] = subject[k, 0], subject[k, 1]
    for k in range(corners):
        ax, ay = window[k, 0], window[k, 1]
        b = k + 1 if k + 1 < corners else 0
        size = _cut(kept, size, ax, ay, turn * (window[b, 0] - ax), turn * (window[b, 1] - ay), made)
        if size < 0:
            return np.nan
        if size < 3:
            return 0.0
        kept, made = made, kept
    return float(_area(kept, size))


@_part
def _take(xy: Floats, begin: int, size: int, east: float, north: float, ring: Floats) -> None:
    """Copy a ring, moved near to 0, where areas lose no digits."""
    for k in range(size):
        ring[k, 0], ring[k, 1] = xy[begin + k, 0] - east, xy[begin + k, 1] - north


@compiled(
    "void(float64[:,::1], int64[::1], int64[::1], int8[::1], int64[::1], int64[::1], float64[::1])", error_model="numpy"
)
def shared_areas(
    xy: Floats, first: Ints, end: Ints, kind: NDArray[np.int8], one: Ints, other: Ints, shared: Floats
) -> None:
    """Work out the area that both rings of each pair cover.

    Parameters
    ----------
    xy, first, end, kind
        As of `kinds`; none of the pairs' rings is `ASK`.
    one, other : numpy.ndarray of int, shape (m,)
        The rings of each pair.
    shared : numpy.ndarray of float, shape (m,)
        Is filled in; NaN where shapely must be asked.
    """
    kept, made = np.empty((_ROOM, 2)), np.empty((_ROOM, 2))
    subject, window = np.empty((MOST_CORNERS, 2)), np.empty((MOST_CORNERS, 2))
    triangle = np.empty((3, 2))
    for k in range(len(one)):
        a, b = one[k], other[k]
        # the second cuts the first
        if kind[b] != CONVEX and (kind[a] == CONVEX or end[a] - first[a] < end[b] - first[b]):
            a, b = b, a
        east, north = xy[first[b], 0], xy[first[b], 1]
        size, corners = end[a] - first[a] - 1, end[b] - first[b] - 1
        _take(xy, first[a], size, east, north, subject)
        _take(xy, first[b], corners, east, north, window)
        if kind[b] == CONVEX:
            shared[k] = abs(_share(subject, size, window, corners, kept, made))
            continue
        total = 0.0
        triangle[0, 0], triangle[0, 1] = window[0, 0], window[0, 1]
        for j in range(1, corners - 1):
            triangle[1, 0], triangle[1, 1] = window[j, 0], window[j, 1]
            triangle[2, 0], triangle[2, 1] = window[j + 1, 0], window[j + 1, 1]
            turn = _area(triangle, 3)
            if turn != 0.0:
                total += (1.0 if turn > 0.0 else -1.0) * _share(subject, size, triangle, 3, kept, made)
        shared[k] = abs(total)
