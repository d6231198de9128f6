"""Where more sites would do most: `atlas.gaps.siting.covering`, asked of an atlas."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from atlas.errors import QueryError
from atlas.gaps.costs import nearest, pairs_within
from atlas.gaps.rule import is_high_need
from atlas.gaps.siting.covering import Siting, maximal_cover, raise_worst_served, worst_served
from atlas.geo.estate.opportunities import available
from atlas.geo.estate.totals import said
from atlas.graph.estate import names_of
from atlas.parameters import Parameters
from atlas.siting.answer import Answer, CandidateFile, NewSite
from atlas.siting.question import Candidates, Demand, Objective, Question
from atlas.snapshot import Atlas
from atlas.vocabulary import AccessMeasure, Decay, Sector, SiteKind, Status, label
from atlas.vocabulary.estate import AssetStatus, Use

_ADDITIVE: Final = {
    AccessMeasure.E2SFCA: None,
    AccessMeasure.SPATIAL_AVAILABILITY: None,
    AccessMeasure.TSFCA: Decay.UNIFORM,
}
"""Measures by which a new site's contribution does not depend on the others, with the decay that is theirs."""

_SLACK: Final = 1e-9


def why_not_worst(parameters: Parameters) -> str:
    """Why the access of the worst served cannot be raised under these choices; empty where it can."""
    if parameters.catchment_min is not None:
        return "a catchment in metres: there are no travel times to places where nothing stands yet"
    if parameters.measure not in _ADDITIVE:
        return f"access measured by one of {', '.join(_ADDITIVE)}: by others a site's effect depends on all the others"
    return ""


def site(
    atlas: Atlas,
    question: Question,
    file: CandidateFile | None = None,
    progress: Callable[[int, int], None] | None = None,
    among: Collection[str] | None = None,
) -> Answer:
    """Choose where more sites would do most, the sites that count already in their places.

    Parameters
    ----------
    atlas : Atlas
        Its choices say which sites count, who is in need, and how access is measured.
    question : Question
        What is asked.
    file : CandidateFile, optional
        The points, where candidates come from a file.
    progress : callable, optional
        Called with (done, total).
    among : collection of str, optional
        Ids of the only candidates that may be chosen; all unless given.

    Raises
    ------
    QueryError
        If access is not measured so that the worst served can be asked for, candidates come from a file and there is
        none, or as `atlas.gaps.siting.covering` raises it.
    """
    if question.objective is Objective.WORST and (reason := why_not_worst(atlas.parameters)):
        raise QueryError(f"the objective worst needs {reason}")
    places = _places(atlas, question, file)
    places = places if among is None else places[places.index.isin(list(among))]
    solve = _cover if question.objective is Objective.COVER else _worst
    siting, areas, people = solve(atlas, question, places, progress)
    population, access = (frame.to_numpy(float) for frame in (atlas.inputs.areaset.areas["population"], _access(atlas)))
    reach_m = question.radius_m if question.objective is Objective.COVER else atlas.parameters.catchment_m
    chosen = places.loc[list(siting.chosen)]
    if len(chosen):
        areas["after"] = cKDTree(chosen[["x_m", "y_m"]]).query(areas[["x_m", "y_m"]])[0] <= reach_m
    sectors = places["sector"][places["sector"] != ""].value_counts()
    names = atlas.inputs.areaset.borough_names()
    return Answer(
        question=question,
        release=atlas.inputs.release,
        revision=atlas.revision,
        parameters=atlas.parameters,
        place=names[question.borough] if question.borough else "London",
        candidates=len(places),
        of_sectors=tuple((Sector(str(sector)), int(count)) for sector, count in sectors.items()),
        file=file if question.candidates is Candidates.FILE else None,
        registers=len(atlas.inputs.estate.speaking),
        siting=siting,
        sites=_new_sites(atlas, chosen, siting, areas, reach_m),
        people=people,
        mean_access=float(population @ access / population.sum()),
        areas=areas,
    )


_Found = tuple[Siting, pd.DataFrame, float]


def _cover(
    atlas: Atlas, question: Question, places: pd.DataFrame, progress: Callable[[int, int], None] | None
) -> _Found:
    areas = pd.DataFrame(atlas.inputs.areaset.areas[["x_m", "y_m", "population"]])
    percentile = atlas.gaps.areas["need_percentile"].to_numpy(float)
    people = areas["population"].to_numpy(float)
    in_need = is_high_need(percentile, people, atlas.parameters)
    share = in_need if question.demand is Demand.MOST_IN_NEED else percentile / 100
    demand = pd.Series(people * share, areas.index, dtype=float)
    existing = atlas.counted_sites[["x_m", "y_m"]].to_numpy(float)
    candidates = places[["x_m", "y_m"]]
    limits = places["max_people"].fillna(np.inf if question.max_people is None else question.max_people)
    if np.isfinite(limits).any():
        # a site without a limit serves whoever there is
        candidates = candidates.assign(max_people=limits.clip(upper=float(demand.sum())))
    siting = maximal_cover(
        areas[["x_m", "y_m"]],
        demand,
        candidates,
        existing,
        radius_m=question.radius_m,
        p=question.p,
        time_limit_s=question.time_limit_s,
        progress=progress,
    )
    before = np.zeros(len(areas), dtype=bool)
    if len(existing):
        before = cKDTree(existing).query(areas[["x_m", "y_m"]])[0] <= question.radius_m
    aimed = areas[["x_m", "y_m"]].assign(people=demand, before=before, after=False)
    return siting, aimed[demand > 0], float(demand.sum())


def _worst(
    atlas: Atlas, question: Question, places: pd.DataFrame, progress: Callable[[int, int], None] | None
) -> _Found:
    parameters = atlas.parameters
    decay = _ADDITIVE[parameters.measure] or parameters.decay
    areas = pd.DataFrame(atlas.inputs.areaset.areas[["x_m", "y_m", "population"]]).assign(access=_access(atlas))
    siting = raise_worst_served(
        areas,
        places[["x_m", "y_m"]].assign(capacity=_for_londoners(atlas, places, decay)),
        catchment_m=parameters.catchment_m,
        decay=decay,
        p=question.p,
        share=parameters.access_share,
        time_limit_s=question.time_limit_s,
        progress=progress,
    )
    low = worst_served(areas["access"].to_numpy(float), areas["population"].to_numpy(float), parameters.access_share)
    aimed = areas[low]
    aimed = aimed[["x_m", "y_m"]].assign(people=aimed["population"].astype(float), before=False, after=False)
    return siting, aimed, float(aimed["people"].sum())


def _access(atlas: Atlas) -> pd.Series[float]:
    return atlas.gaps.areas["access"].reindex(atlas.inputs.areaset.areas.index)


def _for_londoners(atlas: Atlas, places: pd.DataFrame, decay: Decay) -> NDArray[np.float64]:
    """What Londoners get of one site at each place: people beyond London's edge use it too."""
    catchment_m, areaset = atlas.parameters.catchment_m, atlas.inputs.areaset
    xy = places[["x_m", "y_m"]].to_numpy(float)

    def demand(frame: pd.DataFrame) -> NDArray[np.float64]:
        weights = pairs_within(frame[["x_m", "y_m"]].to_numpy(float), xy, catchment_m).weights(catchment_m, decay)
        return np.asarray(weights @ frame["population"].to_numpy(float))

    ours, theirs = demand(areaset.areas), demand(areaset.surroundings)
    return np.divide(ours, ours + theirs, out=np.zeros_like(ours), where=ours > 0)


_COLUMNS: Final = ("name", "stands", "institution", "institution_name", "sector", "lad", "x_m", "y_m", "max_people")


def _places(atlas: Atlas, question: Question, file: CandidateFile | None) -> pd.DataFrame:
    """Where new sites may stand, the columns of `_COLUMNS` by id."""
    match question.candidates:
        case Candidates.SITES:
            places = _sites(atlas)
        case Candidates.AREAS:
            places = _neighbourhoods(atlas)
        case Candidates.ASSETS:
            places = _assets(atlas)
        case Candidates.FILE:
            if file is None:
                raise QueryError("candidates are to come from a file, and none was given")
            places = file.points.assign(lad=_boroughs_at(file.points, atlas.inputs.areaset.boroughs))
    places = places.assign(**{name: np.nan if name == "max_people" else "" for name in _COLUMNS if name not in places})
    return places[places["lad"] == question.borough] if question.borough else places


def _sites(atlas: Atlas) -> pd.DataFrame:
    sites = atlas.sites
    counted = sites.index.isin(atlas.counted_sites.index)
    spare = pd.DataFrame(sites[~counted & sites["in_london"] & (sites["status"] == Status.ACTIVE)])
    kinds = [label(SiteKind(kind)) for kind in spare["kind"]]
    columns = [column for column in _COLUMNS if column in spare]
    return spare[columns].assign(stands=kinds)


def _assets(atlas: Atlas) -> pd.DataFrame:
    """What partners hold that is vacant, surplus or subject to disposal."""
    estate, graph = atlas.inputs.estate, atlas.graph
    free = estate.assets[available(estate)]
    partners = free["partner"].unique()
    known = {node: graph.nodes[node] for node in partners if node in graph}
    names = estate.registers.drop_duplicates("partner").set_index("partner")["partner_name"].to_dict()
    names |= {node: record["name"] for node, record in known.items()}
    stands = [
        f"{said(Use(use))}, {label(AssetStatus(status)).lower()}"
        for use, status in zip(free["use"], free["status"], strict=True)
    ]
    sectors = {node: record.get("sector", "") for node, record in known.items()}
    return free[["lad", "x_m", "y_m"]].assign(
        name=names_of(free),
        stands=stands,
        institution=free["partner"],
        institution_name=[str(names.get(node) or node) for node in free["partner"]],
        sector=[sectors.get(node, "") for node in free["partner"]],
    )


def _neighbourhoods(atlas: Atlas) -> pd.DataFrame:
    areas = atlas.inputs.areaset.areas
    everyday = areas["msoa_name"].fillna("").astype(str)
    names = [f"{said} ({name})" if said else str(name) for said, name in zip(everyday, areas["name"], strict=True)]
    return pd.DataFrame(areas[["lad", "x_m", "y_m"]]).assign(name=names)


def _boroughs_at(points: pd.DataFrame, boroughs: gpd.GeoDataFrame) -> list[str]:
    """GSS code of the borough at each point; empty outside London."""
    found = boroughs.sindex.query(gpd.points_from_xy(points["x_m"], points["y_m"]), predicate="intersects")
    codes = np.full(len(points), "", dtype=object)
    codes[found[0]] = boroughs.index.to_numpy()[found[1]]
    return [str(code) for code in codes]


def _new_sites(
    atlas: Atlas, chosen: pd.DataFrame, siting: Siting, areas: pd.DataFrame, reach_m: float
) -> tuple[NewSite, ...]:
    if chosen.empty:
        return ()
    names = atlas.inputs.areaset.borough_names()
    away = nearest(chosen[["x_m", "y_m"]], pd.DataFrame(atlas.counted_sites[["x_m", "y_m"]]))["distance_m"]
    waiting = areas[~areas["before"]]
    gap_of = {code: area.id for area in atlas.gap_areas for code in area.lsoas}
    found = []
    for place, (label_, row) in enumerate(chosen.iterrows()):
        is_near = np.hypot(waiting["x_m"] - row["x_m"], waiting["y_m"] - row["y_m"]) <= reach_m
        near = waiting[is_near]
        found.append(
            NewSite(
                order=place + 1,
                id=str(label_),
                name=str(row["name"]),
                stands=str(row["stands"]),
                institution=str(row["institution"]),
                institution_name=str(row["institution_name"]),
                sector=Sector(row["sector"]) if row["sector"] else None,
                lad=str(row["lad"]),
                lad_name=names.get(row["lad"], ""),
                x_m=float(row["x_m"]),
                y_m=float(row["y_m"]),
                adds=siting.gain[place],
                people_in_reach=float(near["people"].sum()),
                nearest_anchor_m=float(away.iloc[place]),
                gap_areas=tuple(dict.fromkeys(gap_of[str(code)] for code in near.index if code in gap_of)),
            )
        )
    return tuple(found)
