"""Which reading of a pair of numbers is meant: told by the row's own facts, then by the register's other rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import numpy as np

from atlas.geo.estate.placing.coordinates import DEGREES, GEOCENTRIC, READINGS, Candidates, candidates, with_sign
from atlas.geo.estate.placing.notation import GRID, Numbers
from atlas.geo.estate.placing.whereabouts import (
    BOROUGH_EDGE_M,
    NEAR_POSTCODE_M,
    Flags,
    Floats,
    Positions,
    Whereabouts,
    outside_m,
)

FEWEST_ROWS: Final = 5
"""Fewer rows than these say nothing of a register as a whole."""

_NEAR_MIDDLE_M: Final = 5_000.0
_FAR_FROM_MIDDLE_M: Final = 10_000.0
_VERY_FAR_M: Final = 50_000.0
_NEAR_SPREADS: Final = 3.0
_FAR_SPREADS: Final = 6.0

_IS_SWAPPED: Final = np.array([reading.is_swapped for reading in READINGS])
_IS_DEGREES: Final = np.array([reading.system.name == DEGREES for reading in READINGS])
_IS_GEOCENTRIC: Final = np.array([reading.system.name == GEOCENTRIC for reading in READINGS])


@dataclass(frozen=True, eq=False)
class Middle:
    """Where most of a register's rows lie.

    Parameters
    ----------
    x_m, y_m : float
        Medians; NaN where too few rows are known.
    spread_m : float
        Median distance from there.
    """

    x_m: float
    y_m: float
    spread_m: float

    @classmethod
    def of(cls, x_m: Floats, y_m: Floats) -> Middle:
        """The middle of some places."""
        known = np.isfinite(x_m)
        if known.sum() < FEWEST_ROWS:
            return cls(np.nan, np.nan, np.nan)
        east_m, north_m = float(np.median(x_m[known])), float(np.median(y_m[known]))
        return cls(east_m, north_m, float(np.median(np.hypot(x_m[known] - east_m, y_m[known] - north_m))))

    def away_m(self, x_m: Floats, y_m: Floats) -> Floats:
        """Distance of places from the middle."""
        return np.asarray(np.hypot(x_m - self.x_m, y_m - self.y_m))

    def is_near(self, x_m: Floats, y_m: Floats) -> Flags:
        """Whether places lie where most do."""
        return np.asarray(self.away_m(x_m, y_m) <= max(_NEAR_MIDDLE_M, _NEAR_SPREADS * self.spread_m))

    def is_far(self, x_m: Floats, y_m: Floats, at_least_m: float = _FAR_FROM_MIDDLE_M) -> Flags:
        """Whether places lie well away from where most do."""
        return np.asarray(self.away_m(x_m, y_m) > max(at_least_m, _FAR_SPREADS * self.spread_m))


@dataclass(frozen=True, eq=False)
class Chosen:
    """The reading of each pair of numbers; each array of shape (n,).

    Parameters
    ----------
    reading : numpy.ndarray of int
        Number in `READINGS`; -1 where there is none.
    x_m, y_m : numpy.ndarray of float
        Metres, EPSG:27700; NaN where there is none.
    is_sign_mended : numpy.ndarray of bool
        Whether the longitude was given its minus back.
    is_sign_doubtful : numpy.ndarray of bool
        Whether it may have lost it, for all that is known.
    is_uncertain : numpy.ndarray of bool
        Whether the only reading is an unusual one that nothing speaks for; such rows have no place.
    """

    reading: Positions
    x_m: Floats
    y_m: Floats
    is_sign_mended: Flags
    is_sign_doubtful: Flags
    is_uncertain: Flags


def choose(numbers: Numbers, where: Whereabouts, boroughs: gpd.GeoDataFrame) -> Chosen:
    """Choose the reading of each pair of numbers.

    The row's postcode decides, then the borough it states, then the reading of most other rows, then their middle,
    then what is usual. An unusual reading that lands far from all these is not taken.

    Parameters
    ----------
    numbers : Numbers
        As they stand.
    where : Whereabouts
        What else the rows say.
    boroughs : geopandas.GeoDataFrame
        London's boroughs, EPSG:27700.

    Returns
    -------
    Chosen
    """
    tried = _tried(numbers)
    reading, is_settled = _settle(tried, where, boroughs)
    reading = _by_the_others(tried, reading, is_settled)
    x_m, y_m = tried.at(reading)
    none = np.zeros(len(x_m), dtype=bool)
    chosen = _mend_signs(Chosen(reading, x_m, y_m, none, none, none), numbers, where, boroughs)
    return _without_uncertain(chosen, where, boroughs)


def _tried(numbers: Numbers) -> Candidates:
    tried = candidates(numbers.a, numbers.b)
    is_grid = numbers.notation == GRID
    if not is_grid.any():
        return tried
    others = np.broadcast_to(is_grid, tried.x_m.shape).copy()
    others[0] = False
    return Candidates(np.where(others, np.nan, tried.x_m), np.where(others, np.nan, tried.y_m))


def _settle(tried: Candidates, where: Whereabouts, boroughs: gpd.GeoDataFrame) -> tuple[Positions, Flags]:
    """The first reading of each pair that the row's own facts speak for most, and whether no other is as good."""
    stands = tried.stands
    count = stands.sum(axis=0)
    reading = np.where(count > 0, stands.argmax(axis=0), -1).astype(np.int64)
    is_settled = count == 1
    for row in _groups(stands, count):
        at, options = row
        scores = np.stack([_support(tried.x_m[k], tried.y_m[k], at, where, boroughs) for k in options])
        best = scores.argmax(axis=0)
        reading[at] = np.asarray(options)[best]
        is_settled[at] = (scores == scores.max(axis=0)).sum(axis=0) == 1
    return reading, is_settled


def _groups(stands: Flags, count: Positions) -> list[tuple[Positions, list[int]]]:
    """Pairs with more than one reading, by which these are."""
    several = np.flatnonzero(count > 1)
    if not len(several):
        return []
    masks = (stands[:, several] * (1 << np.arange(len(READINGS)))[:, None]).sum(axis=0)
    return [(several[masks == mask], [k for k in range(len(READINGS)) if mask >> k & 1]) for mask in np.unique(masks)]


def _support(x_m: Floats, y_m: Floats, at: Positions, where: Whereabouts, boroughs: gpd.GeoDataFrame) -> Positions:
    """How much a row's own facts speak for a place: 2 for its postcode, 1 for its borough."""
    near = np.hypot(x_m[at] - where.postcode_x_m[at], y_m[at] - where.postcode_y_m[at]) <= NEAR_POSTCODE_M
    inside = outside_m(x_m[at], y_m[at], where.expected[at], boroughs) <= BOROUGH_EDGE_M
    return np.asarray(2 * near + inside, dtype=np.int64)


def _by_the_others(tried: Candidates, reading: Positions, is_settled: Flags) -> Positions:
    """Readings that the rows themselves leave open, as most rows have them or where most rows lie."""
    known = reading >= 0
    open_rows = np.flatnonzero(known & ~is_settled)
    if not len(open_rows) or known.sum() < FEWEST_ROWS:
        return reading
    counts = np.bincount(reading[known & is_settled], minlength=len(READINGS))
    usual = int(counts.argmax())
    result = reading.copy()
    if counts[usual] * 2 > known.sum():
        result[open_rows[tried.stands[usual, open_rows]]] = usual
    middle = Middle.of(*tried.at(result))
    x_m, y_m = tried.at(result)
    strays = open_rows[middle.is_far(x_m[open_rows], y_m[open_rows])]
    for k in range(len(READINGS)):
        result[strays[middle.is_near(tried.x_m[k, strays], tried.y_m[k, strays])]] = k
    return result


def _mend_signs(chosen: Chosen, numbers: Numbers, where: Whereabouts, boroughs: gpd.GeoDataFrame) -> Chosen:
    """Longitudes that lost their minus: mended where postcode or stated borough say so, else in doubt."""
    is_degrees = np.where(chosen.reading >= 0, _IS_DEGREES[chosen.reading], chosen.reading < 0)
    west_x_m, west_y_m = with_sign(numbers.a, numbers.b)
    at = np.flatnonzero(is_degrees & np.isfinite(west_x_m) & (numbers.notation != GRID))
    if not len(at):
        return chosen
    as_given, mended = (chosen.x_m[at], chosen.y_m[at]), (west_x_m[at], west_y_m[at])
    away = [where.from_postcode_m(*_spread(pair, at, len(where.stated)))[at] for pair in (as_given, mended)]
    by_postcode = ~(away[0] <= NEAR_POSTCODE_M) & (away[1] <= NEAR_POSTCODE_M)
    is_open = ~where.has_postcode[at]
    stated = [_inside(pair, where.stated[at], boroughs) for pair in (as_given, mended)]
    by_borough = is_open & ~stated[0] & stated[1]
    home = np.full(len(at), where.home)
    by_home = ~_inside(as_given, home, boroughs) & _inside(mended, home, boroughs)
    middle = Middle.of(chosen.x_m, chosen.y_m)
    by_middle = (~np.isfinite(as_given[0]) | middle.is_far(*as_given)) & middle.is_near(*mended)
    is_mended = by_postcode | by_borough
    is_doubtful = ~is_mended & is_open & (where.stated[at] < 0) & (by_home | by_middle | ~np.isfinite(as_given[0]))
    return _with_signs(chosen, at, is_mended, is_doubtful, mended, numbers)


def _with_signs(
    chosen: Chosen, at: Positions, is_mended: Flags, is_doubtful: Flags, mended: tuple[Floats, Floats], numbers: Numbers
) -> Chosen:
    x_m, y_m, reading = chosen.x_m.copy(), chosen.y_m.copy(), chosen.reading.copy()
    x_m[at[is_mended]], y_m[at[is_mended]] = mended[0][is_mended], mended[1][is_mended]
    degrees = np.flatnonzero(_IS_DEGREES)
    reading[at[is_mended]] = np.where(numbers.a > numbers.b, degrees[1], degrees[0])[at[is_mended]]
    flags = [np.zeros(len(x_m), dtype=bool) for _ in range(2)]
    for flag, which in zip(flags, (is_mended, is_doubtful), strict=True):
        flag[at[which]] = True
    return replace(chosen, reading=reading, x_m=x_m, y_m=y_m, is_sign_mended=flags[0], is_sign_doubtful=flags[1])


def _spread(pair: tuple[Floats, Floats], at: Positions, size: int) -> tuple[Floats, Floats]:
    whole = np.full((2, size), np.nan)
    whole[:, at] = pair
    return whole[0], whole[1]


def _inside(pair: tuple[Floats, Floats], borough: Positions, boroughs: gpd.GeoDataFrame) -> Flags:
    return np.asarray(outside_m(*pair, borough, boroughs) <= BOROUGH_EDGE_M)


def _without_uncertain(chosen: Chosen, where: Whereabouts, boroughs: gpd.GeoDataFrame) -> Chosen:
    """Choices less those of an unusual reading that lands where nothing else in row or register does."""
    known = chosen.reading >= 0
    counts = np.bincount(chosen.reading[known], minlength=len(READINGS))
    usual = int(counts.argmax()) if known.sum() >= FEWEST_ROWS and counts.max() * 2 > known.sum() else -1
    odd = _IS_SWAPPED | ~np.isin(np.arange(len(READINGS)), [0, 2])
    at = np.flatnonzero(known & (chosen.reading != usual) & odd[chosen.reading])
    geocentric = np.flatnonzero(known & _IS_GEOCENTRIC[chosen.reading])
    at = np.union1d(at, geocentric).astype(np.int64)
    if not len(at):
        return chosen
    x_m, y_m = chosen.x_m[at], chosen.y_m[at]
    support = _support(chosen.x_m, chosen.y_m, at, where, boroughs)
    away_m = where.from_postcode_m(chosen.x_m, chosen.y_m)[at]
    astray_m = outside_m(x_m, y_m, where.expected[at], boroughs)
    is_usual = known & (chosen.reading == usual)
    middle = Middle.of(chosen.x_m[is_usual], chosen.y_m[is_usual])
    is_astray = (np.fmax(away_m, astray_m) > _FAR_FROM_MIDDLE_M) | middle.is_far(x_m, y_m, _VERY_FAR_M)
    is_astray |= _IS_GEOCENTRIC[chosen.reading[at]]
    is_uncertain = np.zeros(len(known), dtype=bool)
    is_uncertain[at[is_astray & (support == 0)]] = True
    x_all, y_all = (np.where(is_uncertain, np.nan, values) for values in (chosen.x_m, chosen.y_m))
    return replace(chosen, x_m=x_all, y_m=y_all, is_uncertain=is_uncertain)
