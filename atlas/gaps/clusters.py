"""Gap areas: neighbouring LSOAs with a gap, taken together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.gaps.rule import verdict_of
from atlas.geo.contiguity import components, queen
from atlas.parameters import Parameters
from atlas.vocabulary import Verdict

_MEANS = ("need", "need_percentile", "access", "access_percentile", "nearest_anchor_m", "p_gap")


@dataclass(frozen=True, slots=True)
class Cluster:
    """Contiguous LSOAs with a gap; every mean is weighted by people.

    Parameters
    ----------
    lsoas : tuple of str
        Codes, sorted.
    lads : tuple of str
        Boroughs it lies in, the one with most of its people first.
    population : int
        People, all of whom live where need is in the highest share.
    need, need_percentile : float
        Means of the score and of its percentile; higher is more deprived, 100 the most.
    access, access_percentile : float
        Means of capacity per person and of its percentile; 100 is best served.
    nearest_anchor_m : float
        Mean distance to the nearest anchor site, metres; NaN where no site is counted.
    p_gap : float
        Mean share of trials in which it is a gap, 0 to 1.
    verdict : Verdict
        Robust or fragile by `p_gap`, or unknown where a chosen sector was not surveyed completely.
    bounds : tuple of float
        West, south, east, north, metres (EPSG:27700).
    """

    lsoas: tuple[str, ...]
    lads: tuple[str, ...]
    population: int
    need: float
    need_percentile: float
    access: float
    access_percentile: float
    nearest_anchor_m: float
    p_gap: float
    verdict: Verdict
    bounds: tuple[float, float, float, float]


def find_clusters(
    areas: gpd.GeoDataFrame, measures: pd.DataFrame, parameters: Parameters
) -> tuple[tuple[Cluster, ...], NDArray[np.int64]]:
    """Join contiguous LSOAs (queen) whose verdict is robust, fragile or unknown; unknown ones apart from the others.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame
        Indexed by code: `lad`, `population`, `geometry`.
    measures : pandas.DataFrame
        On the same index: the columns of `Gaps.areas` up to `verdict`.
    parameters : Parameters
        The reader's choices.

    Returns
    -------
    tuple of Cluster
        Most people first; ties by need percentile, the higher first, then by the first code.
    numpy.ndarray of int, shape (n_areas,)
        Rank of each area's cluster, from 1; 0 where it is in none.
    """
    verdict = np.asarray(measures["verdict"])
    at = np.flatnonzero(verdict != Verdict.NOT_A_GAP)
    shapes = gpd.GeoSeries(areas.geometry.iloc[at])
    columns: dict[str, NDArray[Any]] = {name: np.asarray(measures[name], dtype=np.float64)[at] for name in _MEANS}
    columns |= {name: np.asarray(areas[name])[at] for name in ("lad", "population")}
    columns |= {"code": np.asarray(areas.index)[at], "unknown": verdict[at] == Verdict.UNKNOWN}
    columns["edges"] = np.asarray(shapes.bounds, dtype=np.float64)
    links = queen(shapes)
    found = []
    for chosen in (columns["unknown"], ~columns["unknown"]):
        piece = components(links, chosen)
        for number in range(1, piece.max(initial=0) + 1):
            inside = np.flatnonzero(piece == number)
            gap = {name: values[inside] for name, values in columns.items()}
            found.append((_cluster(gap, parameters), inside))
    found.sort(key=lambda pair: (-pair[0].population, -pair[0].need_percentile, pair[0].lsoas))
    rank = np.zeros(len(areas), dtype=np.int64)
    for number, (_, inside) in enumerate(found, start=1):
        rank[at[inside]] = number
    return tuple(cluster for cluster, _ in found), rank


def _cluster(gap: Mapping[str, NDArray[Any]], parameters: Parameters) -> Cluster:
    people = gap["population"].astype(np.float64)
    total = float(people.sum())
    means = {name: float(people @ gap[name]) / total for name in _MEANS}
    by_lad: Counter[str] = Counter()
    for lad, count in zip(gap["lad"].tolist(), people.tolist(), strict=True):
        by_lad[lad] += count
    west, south = gap["edges"][:, :2].min(axis=0).tolist()
    east, north = gap["edges"][:, 2:].max(axis=0).tolist()
    return Cluster(
        lsoas=tuple(sorted(gap["code"].tolist())),
        lads=tuple(sorted(by_lad, key=lambda lad: (-by_lad[lad], lad))),
        population=round(total),
        verdict=Verdict.UNKNOWN if gap["unknown"][0] else verdict_of(means["p_gap"], parameters),
        bounds=(west, south, east, north),
        **means,
    )
