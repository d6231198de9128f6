"""The gap analysis: need and access of every area, where they make a gap, how sure, and the areas they join into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.errors import QueryError
from atlas.gaps.access import access_from_weights, amounts
from atlas.gaps.clusters import Cluster, find_clusters
from atlas.gaps.costs import nearest, pairs_within, points
from atlas.gaps.need import check_numbers, percentiles
from atlas.gaps.robustness import Trial, gap_share, trials
from atlas.gaps.rule import bivariate_class, gap_index, is_high_need, is_low_access, verdict_of
from atlas.geo.areas import AreaSet
from atlas.parameters import Parameters
from atlas.vocabulary import Sector, Status, SurveyStatus, Verdict


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """Where need is high and anchors are few.

    Every percentile is of the study area's people (mid-rank, population-weighted).

    Parameters
    ----------
    parameters : Parameters
        The reader's choices.
    areas : pandas.DataFrame
        On the areas' index: `need` (score, higher is more deprived), `need_percentile` (100 is most deprived),
        `access` (capacity per person), `access_percentile` (100 is best served), `nearest_anchor_m` (metres, NaN where
        no site is counted), `nearest_site` (its id, missing there), `gap_index` (0 to 100, higher is more of a gap),
        `is_gap_here` (the rule at the reader's choices), `p_gap` (share of trials in which it is a gap), `verdict`
        (`Verdict` values), `bivariate_class` (0 to 8, need third + 3 * access third, 8 is most need and fewest
        anchors), `cluster` (rank of its cluster from 1; 0 for none).
    clusters : tuple of Cluster
        Contiguous gaps, most people first.
    trials : tuple of Trial
        The ways of measuring behind `p_gap`.
    unsurveyed : mapping of str to tuple of Sector
        By borough, the chosen sectors that no complete survey covers; boroughs with none are left out.
    n_sites : int
        How many sites were counted as supply, those outside London included.
    """

    parameters: Parameters
    areas: pd.DataFrame
    clusters: tuple[Cluster, ...]
    trials: tuple[Trial, ...]
    unsurveyed: Mapping[str, tuple[Sector, ...]]
    n_sites: int


def find_gaps(
    areaset: AreaSet, need: pd.Series[float], sites: pd.DataFrame, parameters: Parameters, surveys: pd.DataFrame
) -> Gaps:
    """Measure every area of the study area, find its gaps, and join them.

    Access is E2SFCA with the surroundings as further demand and the sites outside London as further supply, so that
    areas at the edge are judged as those inside. Results do not depend on the order of rows.

    Parameters
    ----------
    areaset : AreaSet
        The study area and its surroundings.
    need : pandas.Series
        Score by LSOA code, higher is more deprived; further codes are ignored.
    sites : pandas.DataFrame
        Indexed by site id: `x_m`, `y_m` (EPSG:27700), `capacity` (1 or staff), `sector`, `status`. Active sites of
        the chosen sectors count.
    parameters : Parameters
        The reader's choices.
    surveys : pandas.DataFrame
        `borough` (GSS code), `sector`, `status`: how completely anchors were looked for.

    Returns
    -------
    Gaps
        On the areas' own index and order.

    Raises
    ------
    QueryError
        If an area has no need score, nobody lives in the study area, or a number is out of range.
    """
    areas = areaset.areas.sort_index()
    if not len(areas):
        raise QueryError("there are no areas to analyse")
    supply = supply_of(sites, parameters)
    people = amounts(areas["population"], "population")
    if not people.sum() > 0:
        raise QueryError("nobody lives in the study area: every population is zero")
    score = np.asarray(need.reindex(areas.index), dtype=np.float64)
    check_numbers(score, areas.index, "need score")
    need_percentile = percentiles(score, people)
    high = is_high_need(need_percentile, people, parameters)
    access = _access(areaset, areas, people, high, supply, parameters)
    access_percentile = percentiles(access["access"], people)
    is_gap = high & is_low_access(access["access"], access_percentile, parameters)
    unsurveyed = unsurveyed_sectors(surveys, areas["lad"].unique().tolist(), parameters)
    columns = {
        "need": score,
        "need_percentile": need_percentile,
        "access": access["access"],
        "access_percentile": access_percentile,
        "nearest_anchor_m": access["distance_m"],
        "nearest_site": access["which"],
        "gap_index": gap_index(need_percentile, access_percentile),
        "is_gap_here": is_gap,
        "p_gap": access["p_gap"],
        "verdict": _verdicts(is_gap, access["p_gap"], areas["lad"], unsurveyed, parameters),
        "bivariate_class": bivariate_class(need_percentile, access_percentile),
    }
    measures = pd.DataFrame(columns, index=areas.index)
    clusters, rank = find_clusters(areas, measures, parameters)
    measures = measures.assign(cluster=rank).reindex(areaset.areas.index)
    return Gaps(parameters, measures, clusters, trials(parameters), unsurveyed, len(supply))


def supply_of(sites: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """The sites that count: active, of the chosen sectors, in order of id."""
    counted = sites["sector"].isin([sector.value for sector in parameters.sectors]) & (sites["status"] == Status.ACTIVE)
    return sites[counted].sort_index()


def unsurveyed_sectors(
    surveys: pd.DataFrame, boroughs: list[str], parameters: Parameters
) -> Mapping[str, tuple[Sector, ...]]:
    """By borough, the chosen sectors that no complete survey covers; boroughs with none are left out.

    Examples
    --------
    >>> done = pd.DataFrame({"borough": ["E09000023"], "sector": ["health"], "status": ["complete"]})
    >>> dict(unsurveyed_sectors(done, ["E09000023"], Parameters(sectors=("health", "police"))))
    {'E09000023': (<Sector.POLICE: 'police'>,)}
    """
    complete = surveys[surveys["status"] == SurveyStatus.COMPLETE]
    done = set(zip(complete["borough"], complete["sector"], strict=True))
    missing = {
        borough: tuple(sector for sector in parameters.sectors if (borough, sector) not in done)
        for borough in sorted(boroughs)
    }
    return MappingProxyType({borough: sectors for borough, sectors in missing.items() if sectors})


def _access(
    areaset: AreaSet,
    areas: gpd.GeoDataFrame,
    people: NDArray[np.float64],
    high_need: NDArray[np.bool_],
    supply: pd.DataFrame,
    parameters: Parameters,
) -> dict[str, Any]:
    around = areaset.surroundings.sort_index()
    here = points(areas[["x_m", "y_m"]], "areas")
    demand = np.concatenate([here, points(around[["x_m", "y_m"]], "surroundings")])
    everyone = np.concatenate([people, amounts(around["population"], "population of the surroundings")])
    capacity = amounts(supply["capacity"], "capacity")
    widest = max(trial.catchment_m for trial in trials(parameters))
    # one table, to the widest catchment, serves the reader's choice and every trial
    costs = pairs_within(demand, points(supply[["x_m", "y_m"]], "sites"), widest)
    weights = costs.within(parameters.catchment_m).weights(parameters.catchment_m, parameters.decay)
    closest = nearest(pd.DataFrame(areas[["x_m", "y_m"]]), supply)
    return {
        "access": access_from_weights(everyone, capacity, weights)[: len(areas)],
        "p_gap": gap_share(costs, everyone, capacity, high_need, parameters),
        "distance_m": np.asarray(closest["distance_m"]),
        "which": closest["which"].astype("str"),
    }


def _verdicts(
    is_gap: NDArray[np.bool_],
    p_gap: NDArray[np.float64],
    lads: pd.Series[str],
    unsurveyed: Mapping[str, tuple[Sector, ...]],
    parameters: Parameters,
) -> list[str]:
    verdicts = []
    for here, share, lad in zip(is_gap, p_gap, lads, strict=True):
        verdict = verdict_of(share, parameters) if here else Verdict.NOT_A_GAP
        is_unknown = verdict is not Verdict.NOT_A_GAP and lad in unsurveyed
        verdicts.append(Verdict.UNKNOWN.value if is_unknown else verdict.value)
    return verdicts
