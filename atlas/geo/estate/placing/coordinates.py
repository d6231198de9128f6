"""What a pair of numbers may be: every system and order of axes in which it falls in Great Britain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from atlas.geo.crs import BNG, points_to_bng
from atlas.geo.estate.placing.britain import in_britain

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class System:
    """One way in which numbers stand for places.

    Parameters
    ----------
    name : str
        Short name; also the code of the repair, where it is one.
    words : str
        What people call it.
    first, second : tuple of float
        Least and greatest value that a place in Great Britain has: easting and northing, longitude and latitude.
    to_bng : callable
        From its two numbers to metres, EPSG:27700.
    """

    name: str
    words: str
    first: tuple[float, float]
    second: tuple[float, float]
    to_bng: Callable[[Floats, Floats], tuple[Floats, Floats]]


def _scaled(factor: float) -> Callable[[Floats, Floats], tuple[Floats, Floats]]:
    def to_bng(first: Floats, second: Floats) -> tuple[Floats, Floats]:
        return first * factor, second * factor

    return to_bng


def _from_mercator(first: Floats, second: Floats) -> tuple[Floats, Floats]:
    return _mercator().transform(first, second)


@cache
def _mercator() -> Transformer:
    return Transformer.from_crs("EPSG:3857", BNG, always_xy=True)


_A_M: Final = 6_378_137.0
_E2: Final = 0.00669438002290
"""GRS 1980: semi-major axis and first eccentricity squared, EPSG:7019."""

_ELLIPSOIDAL_HEIGHT_M: Final = 100.0
"""Of most built places in Great Britain, to 100 m: ground of 0 to 150 m over a geoid 45 to 55 m above the ellipsoid."""

_ROUNDS: Final = 6
"""Enough for a centimetre: each round gains two digits and more."""


def _from_geocentric(first: Floats, second: Floats) -> tuple[Floats, Floats]:
    """From X and Y without Z: longitude as it is, latitude at a common height (100 m of it are 80 m of northing)."""
    out_m = np.hypot(first, second)
    latitude = np.arccos(np.clip(out_m / (_A_M + _ELLIPSOIDAL_HEIGHT_M), -1, 1))
    for _ in range(_ROUNDS):
        across_m = _A_M / np.sqrt(1 - _E2 * np.sin(latitude) ** 2)
        latitude = np.arccos(np.clip(out_m / (across_m + _ELLIPSOIDAL_HEIGHT_M), -1, 1))
    return points_to_bng(np.degrees(np.arctan2(second, first)), np.degrees(latitude))


METRES: Final = "metres"
DEGREES: Final = "degrees"
MERCATOR: Final = "web_mercator"
GEOCENTRIC: Final = "geocentric"

SYSTEMS: Final = (
    System(METRES, "British National Grid", (0.0, 700_000.0), (0.0, 1_300_000.0), _scaled(1.0)),
    System(DEGREES, "longitude and latitude", (-9.0, 2.1), (49.7, 61.1), points_to_bng),
    System(MERCATOR, "Web Mercator", (-1_002_000.0, 234_000.0), (6_390_000.0, 8_650_000.0), _from_mercator),
    System(GEOCENTRIC, "geocentric X and Y", (3_050_000.0, 4_150_000.0), (-500_000.0, 160_000.0), _from_geocentric),
    System("kilometres", "kilometres", (0.0, 700.0), (0.0, 1_300.0), _scaled(1_000.0)),
    System("centimetres", "centimetres", (700_000.0, 70_000_000.0), (0.0, 130_000_000.0), _scaled(0.01)),
)
"""Most usual first."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A system and an order of axes."""

    system: System
    is_swapped: bool


READINGS: Final = tuple(Reading(system, is_swapped) for system in SYSTEMS for is_swapped in (False, True))
"""Two for each of `SYSTEMS`, that in the usual order first; other functions count in it."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """Where pairs of numbers would be under each of `READINGS`.

    Parameters
    ----------
    x_m, y_m : numpy.ndarray of float, shape (12, n)
        Metres, EPSG:27700; NaN where the reading does not put the pair in Great Britain.
    """

    x_m: Floats
    y_m: Floats

    @property
    def stands(self) -> Flags:
        """Whether each reading puts each pair in Great Britain, shape (12, n)."""
        return np.isfinite(self.x_m)

    def at(self, reading: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """Places under one reading a pair (-1 for none), shape (n,)."""
        pairs = np.arange(len(reading))
        is_none = reading < 0
        return (
            np.where(is_none, np.nan, self.x_m[reading, pairs]),
            np.where(is_none, np.nan, self.y_m[reading, pairs]),
        )


def candidates(a: Floats, b: Floats) -> Candidates:
    """Try every reading of pairs of numbers.

    Parameters
    ----------
    a, b : numpy.ndarray of float, shape (n,)
        What stands in x and in y; NaN where nothing does.

    Returns
    -------
    Candidates

    Examples
    --------
    >>> tried = candidates(np.array([530030.0, 51.5]), np.array([180380.0, -0.1]))
    >>> [[READINGS[k].system.name for k in np.flatnonzero(tried.stands[:, row])] for row in (0, 1)]
    [['metres'], ['degrees']]
    """
    x_m = np.full((len(READINGS), len(a)), np.nan)
    y_m = np.full_like(x_m, np.nan)
    for number, reading in enumerate(READINGS):
        first, second = (b, a) if reading.is_swapped else (a, b)
        at = np.flatnonzero(_within(first, reading.system.first) & _within(second, reading.system.second))
        if len(at):
            east_m, north_m = reading.system.to_bng(first[at], second[at])
            is_in = in_britain(east_m, north_m)
            x_m[number, at[is_in]], y_m[number, at[is_in]] = east_m[is_in], north_m[is_in]
    return Candidates(x_m, y_m)


def with_sign(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Places of pairs of degrees if their longitude had lost its minus, whichever of the two it is.

    Parameters
    ----------
    a, b : numpy.ndarray of float, shape (n,)
        What stands in x and in y.

    Returns
    -------
    x_m, y_m : numpy.ndarray of float, shape (n,)
        Metres, EPSG:27700; NaN where these are no degrees, the longitude is not positive, or the place is not in Great
        Britain.

    Examples
    --------
    >>> x_m, y_m = with_sign(np.array([0.1, -0.1]), np.array([51.5, 51.5]))
    >>> x_m.round(-3).tolist()
    [532000.0, nan]
    """
    longitude, latitude = np.minimum(a, b), np.maximum(a, b)
    west, north = SYSTEMS[1].first[0], SYSTEMS[1].second
    x_m, y_m = np.full(len(a), np.nan), np.full(len(a), np.nan)
    at = np.flatnonzero((longitude > 0) & (longitude < -west) & _within(latitude, north))
    if len(at):
        east_m, north_m = points_to_bng(-longitude[at], latitude[at])
        is_in = in_britain(east_m, north_m)
        x_m[at[is_in]], y_m[at[is_in]] = east_m[is_in], north_m[is_in]
    return x_m, y_m


def _within(values: Floats, bounds: tuple[float, float]) -> Flags:
    return np.asarray((values >= bounds[0]) & (values <= bounds[1]), dtype=bool)
