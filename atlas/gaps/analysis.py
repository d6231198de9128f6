"""The gap analysis: need and access of every area, where they make a gap, how sure, and the areas they join into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.gaps.access import measure_access
from atlas.gaps.clusters import Cluster, find_clusters
from atlas.gaps.costs import nearest
from atlas.gaps.need import percentiles
from atlas.gaps.robustness.monte_carlo import Robustness
from atlas.gaps.rule import bivariate_class, gap_index, is_high_need, is_low_access, verdict_of
from atlas.gaps.study import Study
from atlas.parameters import Parameters
from atlas.vocabulary import Sector, SurveyStatus, Verdict


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
        `access` (as the measure chosen gives it, higher is better served), `is_reached` (whether any counted site is
        within the catchment), `access_percentile` (100 is best served), `nearest_anchor_m` (metres, NaN where
        no site is counted), `nearest_site` (its id, missing there), `gap_index` (0 to 100, higher is more of a gap),
        `is_gap_here` (the rule at the reader's choices), `p_gap` (share of draws in which it is a gap), `rank` (by gap
        index, 1 is most of a gap), `rank_low`, `rank_high` (5th and 95th percentile of that rank over the draws),
        `p_top` (share of draws in which it is among as many as are gaps here), `verdict` (`Verdict` values),
        `bivariate_class` (0 to 8, need third + 3 * access third, 8 is most need and fewest anchors), `cluster` (rank
        of its cluster from 1; 0 for none).
    clusters : tuple of Cluster
        Contiguous gaps, most people first.
    robustness : Robustness
        The draws behind `p_gap`.
    unsurveyed : mapping of str to tuple of Sector
        By borough, the chosen sectors that no complete survey covers; boroughs with none are left out.
    supply : pandas.DataFrame
        The sites that were counted, those outside London included, in order of id, as the sites' frame has them.
    """

    parameters: Parameters
    areas: pd.DataFrame
    clusters: tuple[Cluster, ...]
    robustness: Robustness
    unsurveyed: Mapping[str, tuple[Sector, ...]]
    supply: pd.DataFrame

    def unsurveyed_in(self, lads: Iterable[str]) -> list[Sector]:
        """The chosen sectors that no complete survey covers in any of these boroughs."""
        missing = {sector for lad in lads for sector in self.unsurveyed.get(lad, ())}
        return [sector for sector in self.parameters.sectors if sector in missing]


def find_gaps(study: Study, robustness: Robustness, surveys: pd.DataFrame, index: pd.Index[str] | None = None) -> Gaps:
    """Measure every area of the study area, find its gaps, and join them.

    Demand around the study area and supply outside it take part, so that areas at the edge are judged as those inside.
    Results do not depend on the order of rows.

    Parameters
    ----------
    study : Study
        What was read and chosen.
    robustness : Robustness
        Other ways of measuring the same study.
    surveys : pandas.DataFrame
        `borough` (GSS code), `sector`, `status`: how completely anchors were looked for.
    index : pandas.Index, optional
        Codes in the order wanted of the result; that of the study if not given.

    Returns
    -------
    Gaps
        On that index.
    """
    parameters, areas, people = study.parameters, study.areas, study.residents
    need_percentile = percentiles(study.need, people)
    found = measure_access(
        parameters.measure,
        study.people,
        study.capacity(),
        study.costs,
        study.catchment,
        parameters.decay,
        nearest_cost=study.nearest_cost(),
    )
    access, reached = found.value[: study.n_areas], found.reached[: study.n_areas]
    access_percentile = percentiles(access, people)
    is_gap = is_high_need(need_percentile, people, parameters) & is_low_access(reached, access_percentile, parameters)
    closest = nearest(areas, study.supply)
    unsurveyed = unsurveyed_sectors(surveys, areas["lad"].unique().tolist(), parameters)
    columns = {
        "need": study.need,
        "need_percentile": need_percentile,
        "access": access,
        "is_reached": reached,
        "access_percentile": access_percentile,
        "nearest_anchor_m": np.asarray(closest["distance_m"]),
        "nearest_site": closest["which"].astype("str"),
        "gap_index": gap_index(need_percentile, access_percentile),
        "is_gap_here": is_gap,
        **{name: getattr(robustness, name) for name in ("p_gap", "rank", "rank_low", "rank_high", "p_top")},
        "verdict": _verdicts(is_gap, robustness.p_gap, areas["lad"], unsurveyed, parameters),
        "bivariate_class": bivariate_class(need_percentile, access_percentile),
    }
    measures = pd.DataFrame(columns, index=areas.index)
    clusters, rank = find_clusters(areas, measures, parameters)
    measures = measures.assign(cluster=rank)
    if index is not None:
        measures = measures.reindex(index)
    return Gaps(parameters, measures, clusters, robustness, unsurveyed, study.supply)


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


def _verdicts(
    is_gap: NDArray[np.bool_],
    p_gap: NDArray[np.float64],
    lads: pd.Series[str],
    unsurveyed: Mapping[str, tuple[Sector, ...]],
    parameters: Parameters,
) -> NDArray[np.object_]:
    verdicts = np.full(len(is_gap), Verdict.NOT_A_GAP.value, dtype=object)
    lad = np.asarray(lads)
    for k in np.flatnonzero(is_gap):
        verdict = verdict_of(p_gap[k], parameters)
        is_unknown = verdict is not Verdict.NOT_A_GAP and lad[k] in unsurveyed
        verdicts[k] = Verdict.UNKNOWN.value if is_unknown else verdict.value
    return verdicts
