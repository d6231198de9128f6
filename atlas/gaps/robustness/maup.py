"""Would larger areas say the same? The analysis repeated with LSOAs merged: the modifiable areal unit problem (MAUP).

Source: Openshaw (1984), The Modifiable Areal Unit Problem: results differ with the size of areas (scale) and with how
they are cut (zoning), so a finding that only one set of areas shows is weaker.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.errors import QueryError
from atlas.gaps.access import measure_access
from atlas.gaps.costs import CostTable, pairs_within
from atlas.gaps.need import percentiles
from atlas.gaps.rule import gap_index, is_high_need, is_low_access
from atlas.gaps.study import Study

_Floats = NDArray[np.float64]
_Flags = NDArray[np.bool_]
_Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Maup:
    """Gaps of LSOAs beside gaps of the groups that they are merged to.

    Parameters
    ----------
    groups : pandas.DataFrame
        Indexed by group code, in order: `n_areas`, `people`, `x_m`, `y_m`, `need` (score, higher is more deprived),
        `need_percentile` (100 is most deprived), `access`, `access_percentile` (100 is best served), `gap_index`,
        `is_gap`; percentiles are of the study area's people.
    is_gap : numpy.ndarray of bool, shape (n_areas,)
        Each LSOA by itself, in the order of `Study.areas`.
    is_group_gap : numpy.ndarray of bool, shape (n_areas,)
        Each LSOA's group.
    people_in_gaps, people_in_group_gaps, people_in_both : float
        People of the LSOAs that are gaps, of those whose group is, of those where both hold.
    """

    groups: pd.DataFrame
    is_gap: _Flags
    is_group_gap: _Flags
    people_in_gaps: float
    people_in_group_gaps: float
    people_in_both: float

    def sentence(self, groups: str = "larger areas") -> str:
        """What the comparison says, in one sentence; `groups` is what they are called.

        Examples
        --------
        >>> Maup(pd.DataFrame(), np.array([True]), np.array([True]), 4000.0, 6000.0, 3000.0).sentence("MSOAs")
        'Of the 4,000 people in gaps, 75% are in gaps of MSOAs too; of the 6,000 in gaps of MSOAs, 50% are in gaps.'
        """
        if not self.people_in_gaps and not self.people_in_group_gaps:
            return f"There are no gaps, of LSOAs or of {groups}."
        if not self.people_in_group_gaps:
            return f"Of the {self.people_in_gaps:,.0f} people in gaps, none are in gaps of {groups}: there are none."
        if not self.people_in_gaps:
            return f"No LSOA is a gap, but {self.people_in_group_gaps:,.0f} people are in gaps of {groups}."
        return (
            f"Of the {self.people_in_gaps:,.0f} people in gaps, "
            f"{self.people_in_both / self.people_in_gaps:.0%} are in gaps of {groups} too; "
            f"of the {self.people_in_group_gaps:,.0f} in gaps of {groups}, "
            f"{self.people_in_both / self.people_in_group_gaps:.0%} are in gaps."
        )


def maup(study: Study, groups: pd.Series[str]) -> Maup:
    """Repeat the analysis at the reader's choice with the study area's LSOAs merged.

    A group's people are the sum of its LSOAs', its point and its need score their means weighted by people (plain means
    where nobody lives there; such a group is no gap). Supply and surroundings stay as they are. Costs are straight
    lines from the merged points; over a table of travel times, means of the LSOAs' minutes weighted by people, where
    one that the table leaves out counts as twice the catchment, its end.

    Parameters
    ----------
    study : Study
        What was read and chosen.
    groups : pandas.Series
        Code of the group of each LSOA, by LSOA code: MSOA, ward, or any other; further codes are ignored.

    Raises
    ------
    QueryError
        If an LSOA of the study area has no group, or stands twice.

    Examples
    --------
    Two areas are gaps by themselves; the one in the east is merged with a larger, better-off one:

    >>> from geopandas import GeoDataFrame
    >>> from atlas.gaps.study import make_study
    >>> from atlas.geo.areas import AreaSet
    >>> from atlas.parameters import Parameters
    >>> towns = {"population": [1000, 1000, 1000, 7000], "x_m": [0.0, 0.0, 9000.0, 9000.0], "y_m": 0.0}
    >>> areas = GeoDataFrame(towns, geometry=[None] * 4, index=["E01000001", "E01000002", "E01000003", "E01000004"])
    >>> around, nothing = pd.DataFrame({"population": [], "x_m": [], "y_m": []}), GeoDataFrame(geometry=[])
    >>> site = {"x_m": 19000.0, "y_m": 0.0, "capacity": 1, "sector": "health", "status": "active", "institution": "i:a"}
    >>> areaset, sites = AreaSet(2011, areas, around, nothing, nothing), pd.DataFrame(site, index=["site:a"])
    >>> study = make_study(areaset, pd.Series([50.0, 40.0, 60.0, 5.0], areas.index), sites, Parameters())
    >>> maup(study, pd.Series(["west", "west", "east", "east"], areas.index)).sentence("quarters")
    'Of the 2,000 people in gaps, 50% are in gaps of quarters too; of the 2,000 in gaps of quarters, 50% are in gaps.'
    """
    code, group = _members(study, groups)
    n, residents = len(code), study.residents
    people = _sums(group, residents, n)
    share = _shares(residents, group, people)
    xy = np.column_stack([_sums(group, share * study.demand_xy[: study.n_areas, k], n) for k in (0, 1)])
    need = _sums(group, share * study.need, n)
    costs = _costs(study, xy, group, share)
    everyone = np.concatenate((people, study.people[study.n_areas :]))
    columns = {"n_areas": np.bincount(group, minlength=n), "people": people, "x_m": xy[:, 0], "y_m": xy[:, 1]}
    measured = columns | {"need": need} | _judge(study, need, everyone, costs)
    is_gap = _judge(study, study.need, study.people, study.costs)["is_gap"].astype(np.bool_)
    is_group_gap = measured["is_gap"].astype(np.bool_)[group]
    return Maup(
        groups=pd.DataFrame(measured, index=pd.Index(code, name="group")),
        is_gap=is_gap,
        is_group_gap=is_group_gap,
        people_in_gaps=float(residents[is_gap].sum()),
        people_in_group_gaps=float(residents[is_group_gap].sum()),
        people_in_both=float(residents[is_gap & is_group_gap].sum()),
    )


def _members(study: Study, groups: pd.Series[str]) -> tuple[list[str], _Positions]:
    twice = groups.index[groups.index.duplicated()]
    if len(twice):
        raise QueryError(f"each LSOA belongs to one group; {twice[0]} stands twice")
    of_area = groups.reindex(study.areas.index)
    without = of_area.index[of_area.isna()]
    if len(without):
        named = ", ".join(map(str, without[:3]))
        raise QueryError(f"{len(without)} areas have no group, among them {named}; every area needs one")
    code, group = np.unique(of_area.to_numpy(dtype=str), return_inverse=True)
    return code.tolist(), group.astype(np.int64)


def _sums(group: _Positions, values: _Floats, n: int) -> _Floats:
    return np.bincount(group, values, n).astype(np.float64)


def _shares(residents: _Floats, group: _Positions, people: _Floats) -> _Floats:
    """What each LSOA weighs in its group's means, adding to 1 a group."""
    alike = 1.0 / np.bincount(group)[group]
    return np.divide(residents, people[group], out=alike, where=people[group] > 0)


def _costs(study: Study, xy: _Floats, group: _Positions, share: _Floats) -> CostTable:
    around = study.demand_xy[study.n_areas :]
    if study.parameters.catchment_min is None:
        return pairs_within(np.concatenate((xy, around)), study.supply_xy, study.catchment)
    n, sites, table = len(xy), len(study.supply), study.costs
    merged = np.concatenate((group, n + np.arange(len(around))))
    weight = np.concatenate((share, np.ones(len(around))))
    pair = merged[table.origin] * sites + np.repeat(np.arange(sites), np.diff(table.start))
    found, at = np.unique(pair, return_inverse=True)
    there = np.bincount(at, weight[table.origin])
    cost = np.bincount(at, weight[table.origin] * table.cost) + np.maximum(1.0 - there, 0.0) * study.most
    return CostTable.from_pairs(found // max(sites, 1), found % max(sites, 1), cost, (n + len(around), sites))


def _judge(study: Study, need: _Floats, everyone: _Floats, costs: CostTable) -> dict[str, NDArray[np.generic]]:
    rule, n, residents = study.parameters, len(need), everyone[: len(need)]
    found = measure_access(rule.measure, everyone, study.capacity(), costs, study.catchment, rule.decay)
    need_percentile, access = percentiles(need, residents), found.value[:n]
    access_percentile = percentiles(access, residents)
    is_low = is_low_access(found.reached[:n], access_percentile, rule)
    return {
        "need_percentile": need_percentile,
        "access": access,
        "access_percentile": access_percentile,
        "gap_index": gap_index(need_percentile, access_percentile),
        "is_gap": is_high_need(need_percentile, residents, rule) & is_low,
    }
