"""What could be done with land together: who could share a place, and who stands beside what they may lack.

Nobody's needs are in a register, only uses, states and areas: what is found here is worth a conversation, and no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from rapidfuzz import fuzz, utils
from scipy.spatial import cKDTree

from atlas.errors import QueryError
from atlas.geo.estate.model import NOBODY, Estate
from atlas.geo.estate.sharing import COMPATIBLE, LAND_USES, SERVICES
from atlas.vocabulary.estate import AVAILABLE, SENSITIVE_USES, AssetStatus, Holding, Use

WALK_M: Final = 400.0
"""About five minutes on foot, the streets' bends counted."""

BESIDE_M: Final = 100.0
"""Across a street or around a corner."""

NEIGHBOURS: Final = 8
"""Of each asset as many of the nearest of each compatible use are looked at."""

CALLED_ALIKE: Final = 90.0
"""Share of the words that two names have in common, 0 to 100, from which they are taken for one place's."""

_SQUARE_METRES_PER_HECTARE: Final = 10_000.0


PAIR_COLUMNS: Final = ("left", "right", "distance_m", "rule")
COMPLEMENT_COLUMNS: Final = ("gives", "takes", "distance_m", "rule")


def co_locations(estate: Estate, within_m: float = WALK_M) -> pd.DataFrame:
    """Find pairs of assets of two partners, within walking distance, whose uses may share a place.

    Sensitive assets, those without a place, those that are available and those under construction are left out: what
    stands empty is another question. Two interests in one place (an accepted match) share it already, and so may two of
    one name and postcode within `BESIDE_M` that nobody has looked at. Of each asset the `NEIGHBOURS` nearest of each
    compatible use are looked at, so that in a crowd not every pair is found.

    Parameters
    ----------
    estate : Estate
        What a viewer may see.
    within_m : float
        Walking distance in a straight line, metres.

    Returns
    -------
    pandas.DataFrame
        `left` and `right` (positions of assets in the estate, left before right), `distance_m`, `rule` (position in
        `COMPATIBLE`); each pair once, sorted.

    Raises
    ------
    QueryError
        If the distance is not above 0.

    Examples
    --------
    >>> len(co_locations(Estate.empty()))
    0
    """
    _check_distance(within_m)
    assets = estate.assets
    status = assets["status"]
    fit = _shown(estate) & ~status.isin([*AVAILABLE, AssetStatus.UNDER_CONSTRUCTION]).to_numpy(bool)
    partner, group, xy = pd.factorize(assets["partner"])[0], estate.group, estate.xy
    at = {use: np.flatnonzero(fit & (assets["use"] == use).to_numpy(bool)) for use in Use}
    trees = {use: cKDTree(xy[rows]) for use, rows in at.items() if len(rows)}
    found = []
    for rule, pair in enumerate(COMPATIBLE):
        if pair.one not in trees or pair.other not in trees:
            continue
        for near, far in dict.fromkeys([(pair.one, pair.other), (pair.other, pair.one)]):
            left, right, apart = _nearest(xy, at[near], trees[far], at[far], within_m)
            keep = (partner[left] != partner[right]) & (group[left] != group[right])
            found.append((left[keep], right[keep], apart[keep], np.full(int(keep.sum()), rule)))
    pairs = _pairs(len(assets), found)
    return pairs[~_may_be_one(assets, pairs)].reset_index(drop=True)


def _may_be_one(assets: pd.DataFrame, pairs: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether two of one postcode stand beside each other and are called alike: one building in two registers."""
    found = np.zeros(len(pairs), dtype=bool)
    beside = np.flatnonzero(pairs["distance_m"] <= BESIDE_M)
    ends = (assets[["name", "postcode"]].iloc[pairs[side].iloc[beside]] for side in ("left", "right"))
    told = zip(*(end.astype(str).itertuples(index=False) for end in ends), strict=True)
    for at, (one, other) in zip(beside.tolist(), told, strict=True):
        if one.postcode and one.postcode == other.postcode:
            alike = fuzz.token_set_ratio(one.name, other.name, processor=utils.default_process)
            found[at] = alike >= CALLED_ALIKE
    return found


def _pairs(size: int, found: Sequence[tuple[NDArray[Any], ...]]) -> pd.DataFrame:
    columns = [np.concatenate(parts) for parts in zip(*found, strict=True)] or [np.empty(0)] * 4
    one, other = (columns[side].astype(np.int64) for side in (0, 1))
    left, right = np.minimum(one, other), np.maximum(one, other)
    _, first = np.unique(left * size + right, return_index=True)
    values = (left[first], right[first], columns[2][first].astype(float), columns[3][first].astype(np.int64))
    return pd.DataFrame(dict(zip(PAIR_COLUMNS, values, strict=True)))


def groups(pairs: pd.DataFrame, estate: Estate, weight: pd.Series[float]) -> list[tuple[str, tuple[str, ...]]]:
    """Gather pairs around assets in the middle; each place is in one group at most.

    Hubs are taken in turn: first those of the greatest weight, of equal ones those with most partners around them, then
    by id. A hub takes of each other partner the nearest asset whose place is still free; of a place that two of them
    hold, the nearer interest.

    Parameters
    ----------
    pairs : pandas.DataFrame
        From `co_locations`.
    estate : Estate
        The same.
    weight : pandas.Series
        What ranks hubs, by asset id, such as people in need within reach; assets that are not in it
        weigh nothing.

    Returns
    -------
    list of (str, tuple of str)
        A hub and those around it, the nearest first: two partners at least.
    """
    index = estate.assets.index
    ends = [pairs[side].to_numpy(np.int64) for side in ("left", "right")]
    hub, other = np.concatenate(ends), np.concatenate(ends[::-1])
    order = np.lexsort((np.tile(pairs["distance_m"].to_numpy(float), 2), hub))
    hub, other = hub[order], other[order]
    partner, names = pd.factorize(estate.assets["partner"])
    starts = np.flatnonzero(np.diff(hub, prepend=-1))
    hubs = hub[starts]
    met = np.sort(hub * len(names) + partner[other])
    met = met[np.diff(met, prepend=-1) > 0] // max(len(names), 1)
    weights = weight.reindex(index[hubs]).fillna(0.0).to_numpy(float)
    turns = np.lexsort((hubs, -np.bincount(met, minlength=len(index))[hubs], -weights))
    bounds = np.append(starts, len(hub))
    place = estate.group
    taken = np.zeros(len(index), dtype=bool)
    found: list[tuple[str, tuple[str, ...]]] = []
    for turn in turns.tolist():
        if taken[place[hubs[turn]]]:
            continue
        near = other[bounds[turn] : bounds[turn + 1]]
        free = near[~taken[place[near]]]
        around = free[np.sort(np.unique(partner[free], return_index=True)[1])]
        around = around[np.sort(np.unique(place[around], return_index=True)[1])]
        if len(around):
            taken[place[around]] = taken[place[hubs[turn]]] = True
            found.append((str(index[hubs[turn]]), tuple(map(str, index[around]))))
    return found


def complements(estate: Estate, within_m: float = BESIDE_M) -> pd.DataFrame:
    """Find neighbours of whom one has what the other may lack, by the rules of `COMPLEMENTS`.

    We know no needs, only uses, states and areas: that a building fills its plot is read from its floor area and its
    land area, where a register has both.

    Parameters
    ----------
    estate : Estate
        What a viewer may see.
    within_m : float
        How near neighbours are, metres in a straight line between their points.

    Returns
    -------
    pandas.DataFrame
        `gives` and `takes` (positions in the estate of assets of two partners), `distance_m`, `rule` (position in
        `COMPLEMENTS`). A pair is there once, by the first rule that it fits; sorted.

    Raises
    ------
    QueryError
        If the distance is not above 0.

    Examples
    --------
    >>> len(complements(Estate.empty()))
    0
    """
    _check_distance(within_m)
    assets, xy = estate.assets, estate.xy
    shown = _shown(estate)
    free = assets["status"].isin(AVAILABLE).to_numpy(bool)
    is_land = assets["use"].isin(LAND_USES).to_numpy(bool) | (assets["holding"] == Holding.LAND).to_numpy(bool)
    unused = (assets["use"] == Use.LAND).to_numpy(bool) | (free & is_land)
    in_works = (assets["status"] == AssetStatus.UNDER_CONSTRUCTION).to_numpy(bool)
    fills = (assets["floor_m2"] >= assets["land_ha"] * _SQUARE_METRES_PER_HECTARE).to_numpy(bool) & ~is_land
    fills &= assets["use"].isin(SERVICES).to_numpy(bool) & ~free & (assets["floor_m2"] > 0).to_numpy(bool)
    sides = ((free & ~is_land, in_works), (free & ~is_land, fills), (unused, fills | in_works))
    partner, group = pd.factorize(assets["partner"])[0], estate.group
    found = []
    for rule, (gives, takes) in enumerate(sides):
        giving, taking = np.flatnonzero(shown & gives), np.flatnonzero(shown & takes)
        if len(giving) and len(taking):
            one, other, apart = _nearest(xy, giving, cKDTree(xy[taking]), taking, within_m)
            keep = (partner[one] != partner[other]) & (group[one] != group[other])
            rows = pd.DataFrame({"gives": one[keep], "takes": other[keep], "distance_m": apart[keep], "rule": rule})
            found.append(rows)
    if not found:
        return pd.DataFrame({name: [] for name in COMPLEMENT_COLUMNS})
    every = pd.concat(found).drop_duplicates(["gives", "takes"])
    return every.sort_values(["gives", "takes"], ignore_index=True)


def available(estate: Estate) -> NDArray[np.bool_]:
    """Tell which assets somebody else might use: vacant, surplus or subject to disposal, placed and not sensitive."""
    return _shown(estate) & estate.assets["status"].isin(AVAILABLE).to_numpy(bool)


def near_areas(estate: Estate, geometry: shapely.Geometry, within_m: float) -> pd.Series[float]:
    """Find the assets inside an area or near it.

    Parameters
    ----------
    estate : Estate
        What a viewer may see.
    geometry : shapely.Geometry
        The area, EPSG:27700.
    within_m : float
        How near, metres; 0 for inside alone.

    Returns
    -------
    pandas.Series
        Distance of the asset's point from the area, metres, by asset id in the estate's order; 0 inside.

    Examples
    --------
    >>> near_areas(Estate.empty(), shapely.box(0, 0, 1, 1), 10.0).to_dict()
    {}
    """
    xy = estate.xy
    west, south, east, north = shapely.bounds(geometry)
    inside = (xy[:, 0] >= west - within_m) & (xy[:, 0] <= east + within_m)
    rows = np.flatnonzero(inside & (xy[:, 1] >= south - within_m) & (xy[:, 1] <= north + within_m))
    shapely.prepare(geometry)
    apart = np.asarray(shapely.distance(shapely.points(xy[rows]), geometry))
    kept = apart <= within_m
    return pd.Series(apart[kept], index=estate.assets.index[rows[kept]], name="distance_m", dtype=float)


def areas_at(estate: Estate, areas: gpd.GeoDataFrame) -> pd.Series[str]:
    """Say which area each asset stands in.

    Parameters
    ----------
    estate : Estate
        What a viewer may see.
    areas : geopandas.GeoDataFrame
        By code, EPSG:27700.

    Returns
    -------
    pandas.Series
        Code by asset id, in the estate's order; empty outside them all and for what is nowhere. On a border the first
        by code.

    Examples
    --------
    >>> areas_at(Estate.empty(), gpd.GeoDataFrame(geometry=[], crs="EPSG:27700")).to_dict()
    {}
    """
    codes = np.full(len(estate), "", dtype=object)
    ordered = areas.sort_index()
    points = np.flatnonzero(np.isfinite(estate.xy).all(axis=1))
    hit, area = ordered.sindex.query(shapely.points(estate.xy[points]), predicate="intersects", sort=True)
    first = np.unique(hit, return_index=True)[1]
    codes[points[hit[first]]] = ordered.index.to_numpy(object)[area[first]]
    return pd.Series(codes, index=estate.assets.index, dtype="str", name="lsoa")


def _shown(estate: Estate) -> NDArray[np.bool_]:
    """Assets that have a place, whose place may be spoken of, and that a partner holds."""
    assets = estate.assets
    guarded = assets["is_sensitive"].to_numpy(bool) | assets["use"].isin(SENSITIVE_USES).to_numpy(bool)
    held = (estate.holder != NOBODY).to_numpy(bool)
    return np.asarray(np.isfinite(estate.xy).all(axis=1) & ~guarded & held)


def _nearest(
    xy: NDArray[np.float64], rows: NDArray[np.int64], tree: cKDTree, others: NDArray[np.int64], within_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Of each row the nearest of the others within a distance: rows, others, metres; itself left out."""
    count = min(NEIGHBOURS, len(others))
    # the bound of the tree is open, and what is as far as can be counts too
    apart, at = tree.query(xy[rows], k=np.arange(1, count + 1), distance_upper_bound=np.nextafter(within_m, np.inf))
    near, place = np.nonzero(np.isfinite(apart))
    left, right = rows[near], others[at[near, place]]
    keep = left != right
    return left[keep], right[keep], apart[near, place][keep]


def _check_distance(within_m: float) -> None:
    if not within_m > 0:
        raise QueryError(f"the distance must be above 0 metres, found {within_m:g}")
