"""A study area at a reader's choices, as arrays in one order: what measures, trials, tests and siting start from."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.errors import QueryError
from atlas.gaps.access import amounts
from atlas.gaps.costs import CostTable, TravelTimes, nearest, pairs_as_far, points_of
from atlas.gaps.need import check_numbers
from atlas.geo.areas import AreaSet
from atlas.parameters import MAX_CATCHMENT_M, Parameters
from atlas.vocabulary import AccessMeasure, CapacityRule, Status

_Floats = NDArray[np.float64]

WIDEST: float = 2.0
"""Trials go to this many catchments, and costs are kept as far."""


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """Demand, supply, need and costs, each an array by position.

    Parameters
    ----------
    parameters : Parameters
        The reader's choices.
    areas : geopandas.GeoDataFrame
        The study area's own LSOAs in order of code, as `AreaSet.areas` has them.
    people : numpy.ndarray of float, shape (n_demand,)
        The study area's own areas come first, its surroundings after.
    demand_xy : numpy.ndarray of float, shape (n_demand, 2)
        Eastings and northings, metres.
    need : numpy.ndarray of float, shape (n_areas,)
        Scores at the reader's choice; higher is more deprived.
    domain_scores : numpy.ndarray of float, shape (n_areas, 7), or None
        Scores of `WEIGHTED_DOMAINS` by the official exponential method; None where the release has no domains, or the
        reader chose a measure that no weights make.
    supply : pandas.DataFrame
        The sites that count, in order of id, as the sites' frame has them.
    supply_xy : numpy.ndarray of float, shape (n_sites, 2)
        Eastings and northings, metres.
    amount : numpy.ndarray of float, shape (n_sites,)
        Capacity of each site as recorded: 1, or staff.
    institution : numpy.ndarray of int, shape (n_sites,)
        Number of the institution of each site, from 0.
    costs : CostTable
        From all demand to all supply, to `WIDEST` catchments; in the catchment's unit.
    """

    parameters: Parameters
    areas: gpd.GeoDataFrame
    people: _Floats
    demand_xy: _Floats
    need: _Floats
    domain_scores: _Floats | None
    supply: pd.DataFrame
    supply_xy: _Floats
    amount: _Floats
    institution: NDArray[np.int64]
    costs: CostTable

    @property
    def n_areas(self) -> int:
        """How many areas of the study area itself."""
        return len(self.areas)

    @property
    def residents(self) -> _Floats:
        """People of the study area itself, shape (n_areas,)."""
        return self.people[: self.n_areas]

    @property
    def catchment(self) -> float:
        """Where reach ends, in the unit of `costs`: metres, or minutes over a table of travel times."""
        return self.parameters.catchment_min or self.parameters.catchment_m

    @property
    def most(self) -> float:
        """The widest catchment that a trial may use."""
        widest = WIDEST * self.catchment
        return widest if self.parameters.catchment_min else min(widest, MAX_CATCHMENT_M)

    def nearest_cost(self) -> _Floats | None:
        """Distance from all demand to the nearest site, however far, shape (n_demand,).

        None where another measure is chosen, and over travel times, which are known as far as their table goes.
        """
        is_asked = self.parameters.measure is AccessMeasure.NEAREST and not self.parameters.catchment_min
        if not (is_asked and len(self.supply)):
            return None
        here, there = (pd.DataFrame(xy, columns=["x_m", "y_m"]) for xy in (self.demand_xy, self.supply_xy))
        return np.asarray(nearest(here, there)["distance_m"])

    def capacity(self, sharing: float | None = None) -> _Floats:
        """Capacity of each site, shape (n_sites,).

        Parameters
        ----------
        sharing : float, optional
            From 0, each site counts in full, to 1, an institution's sites share one: the recorded amount over the
            number of its institution's sites to this power. The reader's choice if not given.
        """
        if sharing is None:
            sharing = float(self.parameters.capacity is CapacityRule.INSTITUTION)
        sites = np.bincount(self.institution, minlength=1)[self.institution]
        return np.asarray(self.amount / np.power(sites, sharing, dtype=np.float64))


def make_study(
    areaset: AreaSet,
    need: pd.Series[float],
    sites: pd.DataFrame,
    parameters: Parameters,
    domain_scores: pd.DataFrame | None = None,
    travel_times: TravelTimes | None = None,
) -> Study:
    """Put what was read and what was chosen into arrays of one order.

    Parameters
    ----------
    areaset : AreaSet
        The study area and its surroundings.
    need : pandas.Series
        Score by LSOA code, higher is more deprived; further codes are ignored.
    sites : pandas.DataFrame
        Indexed by site id: `x_m`, `y_m` (EPSG:27700), `capacity`, `sector`, `status`, `institution`.
    parameters : Parameters
        The reader's choices.
    domain_scores : pandas.DataFrame, optional
        By LSOA code, a column for each of `WEIGHTED_DOMAINS`: exponentially transformed ranks.
    travel_times : TravelTimes, optional
        Minutes from areas and surroundings to sites.

    Raises
    ------
    QueryError
        If there are no areas, an area has no need score, nobody lives there, a number is out of range, or minutes were
        chosen and no travel times are here.
    """
    areas, around = areaset.areas.sort_index(), areaset.surroundings.sort_index()
    if not len(areas):
        raise QueryError("there are no areas to analyse")
    people = amounts(areas["population"], "population")
    if not people.sum() > 0:
        raise QueryError("nobody lives in the study area: every population is zero")
    score = np.asarray(need.reindex(areas.index), dtype=np.float64)
    check_numbers(score, areas.index, "need score")
    supply = supply_of(sites, parameters)
    # a site that offers nothing is no site: not the nearest one either
    supply = supply[~(supply["capacity"] == 0)]
    demand_xy = np.concatenate([points_of(areas, "areas"), points_of(around, "surroundings")])
    supply_xy = points_of(supply, "sites")
    return Study(
        parameters=parameters,
        areas=areas,
        people=np.concatenate([people, amounts(around["population"], "population of the surroundings")]),
        demand_xy=demand_xy,
        need=score,
        domain_scores=None if domain_scores is None else np.asarray(domain_scores.reindex(areas.index), np.float64),
        supply=supply,
        supply_xy=supply_xy,
        amount=amounts(supply["capacity"], "capacity"),
        institution=pd.factorize(supply["institution"])[0].astype(np.int64),
        costs=_minutes(areas.index.append(around.index), supply.index, parameters, travel_times)
        if parameters.catchment_min
        else pairs_as_far(demand_xy, supply_xy, min(WIDEST * parameters.catchment_m, MAX_CATCHMENT_M)),
    )


def supply_of(sites: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """The sites that count: active, of the chosen sectors, in order of id."""
    counted = sites["sector"].isin([sector.value for sector in parameters.sectors]) & (sites["status"] == Status.ACTIVE)
    return sites[counted].sort_index()


def _minutes(
    origins: pd.Index[str], destinations: pd.Index[str], parameters: Parameters, travel_times: TravelTimes | None
) -> CostTable:
    if travel_times is None:
        raise QueryError(
            f"a catchment of {parameters.catchment_min:g} minutes needs a table of travel times; "
            f"give one with `--travel-times FILE` or ATLAS_TRAVEL_TIMES"
        )
    return travel_times.between(origins, destinations).within(WIDEST * (parameters.catchment_min or 0))
