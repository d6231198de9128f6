"""A scenario applied: new sites and a new graph, beside those that were read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import networkx as nx
import pandas as pd

from atlas.errors import DataError
from atlas.gaps.scenario.changes import Scenario
from atlas.gaps.scenario.plan import Plan, make_plan
from atlas.geo.areas import AreaSet
from atlas.graph.bare import without_assets
from atlas.parameters import Parameters
from atlas.vocabulary import Confidence, FootprintKind, Kind, PositionBasis, Relation, Status, label

SOURCE: Final = "scenario"
"""Id of the source that every node and tie of a scenario rests on: somebody's question, not evidence."""


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """What a scenario makes of the data.

    Parameters
    ----------
    plan : Plan
        The changes, resolved.
    sites : geopandas.GeoDataFrame
        As `atlas.geo.locate.site_frame` has them; closed sites stay, with status `ended`.
    graph : networkx.MultiDiGraph
        Frozen; new nodes and ties rest on the source `scenario`.
    """

    plan: Plan
    sites: gpd.GeoDataFrame
    graph: nx.MultiDiGraph[str]


def apply_scenario(
    scenario: Scenario, sites: gpd.GeoDataFrame, graph: nx.MultiDiGraph[str], areaset: AreaSet
) -> Applied:
    """Apply every change; nothing that is given is altered, and the order of changes does not matter.

    Parameters
    ----------
    scenario : Scenario
        Postcodes already turned into coordinates (`atlas.sources.scenarios`).
    sites : geopandas.GeoDataFrame
        Anchor sites indexed by id, as `atlas.geo.locate.site_frame` has them.
    graph : networkx.MultiDiGraph
        The partnership graph, as `atlas.graph.build.build` has it; assets are left out.
    areaset : AreaSet
        The study area and its surroundings.

    Raises
    ------
    DataError
        With every change that cannot be made, and why.
    """
    graph = without_assets(graph)
    plan, faults = make_plan(tuple(enumerate(scenario.changes, 1)), sites, graph, areaset, scenario.name)
    if faults.errors:
        raise DataError(f"the scenario {scenario.name!r} cannot be run", faults.errors)
    return Applied(plan, _sites(plan, sites), _graph(plan, scenario, graph, areaset.borough_names()))


def uncounted(plan: Plan, sites: pd.DataFrame, parameters: Parameters) -> tuple[str, ...]:
    """Say which added or closed sites change no access, since their sector is not counted.

    Parameters
    ----------
    plan : Plan
        The changes, resolved.
    sites : pandas.DataFrame
        Sites before: `name`, `sector`.
    parameters : Parameters
        The reader's choices.
    """
    touched = [(site["name"], site["sector"]) for site in plan.sites.values()]
    rows = sites.loc[sites.index.isin(plan.closed), ["name", "sector"]]
    touched += list(rows.itertuples(index=False, name=None))
    counted = {sector.value for sector in parameters.sectors}
    return tuple(
        f"{name} is of a sector that is not counted as supply here ({sector}), so that it changes no access."
        for name, sector in touched
        if sector not in counted
    )


def _sites(plan: Plan, sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    closed = sites.index.isin(plan.closed)
    kept = sites.assign(status=sites["status"].mask(closed, Status.ENDED.value))
    if not plan.sites:
        return kept
    frame = pd.DataFrame.from_dict(dict(plan.sites), orient="index")
    frame.index.name = sites.index.name
    points = gpd.points_from_xy(frame["x_m"], frame["y_m"])
    new = gpd.GeoDataFrame(frame, geometry=points, crs=sites.crs)
    both = pd.concat([kept, new[[name for name in sites.columns if name in new]]]) if len(kept) else new
    return gpd.GeoDataFrame(both.sort_index(), geometry="geometry", crs=sites.crs)


def _graph(
    plan: Plan, scenario: Scenario, graph: nx.MultiDiGraph[str], names: Mapping[str, str]
) -> nx.MultiDiGraph[str]:
    changed: nx.MultiDiGraph[str] = nx.MultiDiGraph(graph)
    source = {"id": SOURCE, "title": scenario.name, "publisher": "The scenario's author", "url": "", "published": None}
    changed.graph["sources"] = {**graph.graph.get("sources", {}), SOURCE: {**source, "licence": ""}}
    said = _said(scenario)
    for node, (name, sector) in plan.institutions.items():
        changed.add_node(
            node,
            kind=Kind.INSTITUTION.value,
            name=name,
            sector=sector.value,
            type=label(sector),
            is_anchor=True,
            **said,
        )
    _add_sites(changed, plan, names, said)
    for site in plan.closed:
        changed.nodes[site]["status"] = Status.ENDED.value
        _end(changed, [*changed.in_edges(site, keys=True), *changed.out_edges(site, keys=True)])
    for network, codes in plan.footprints.items():
        changed.nodes[network].update(footprint_kind=FootprintKind.PLACES.value, footprint=codes)
    for subject, relation, target in plan.ties:
        _tie(changed, subject, relation, target, said)
    nx.freeze(changed)
    return changed


def _said(scenario: Scenario) -> dict[str, Any]:
    """What nodes and ties carry that the scenario makes."""
    evidence = {"source": SOURCE, "evidence": scenario.name, "checked_on": None}
    return {**evidence, "start": None, "end": None, "status": Status.ACTIVE.value}


def _add_sites(graph: nx.MultiDiGraph[str], plan: Plan, names: Mapping[str, str], said: Mapping[str, Any]) -> None:
    for node, site in plan.sites.items():
        own = {name: site[name] for name in ("name", "institution", "postcode")}
        position = {"easting_m": site["x_m"], "northing_m": site["y_m"], "position": PositionBasis.SURVEYED.value}
        graph.add_node(
            node,
            kind=Kind.SITE.value,
            type=site["kind"],
            borough=site["lad"],
            staff_fte=None,
            **own,
            **position,
            **said,
        )
        place = f"{Kind.PLACE}:{site['lad']}"
        if place not in graph:
            graph.add_node(place, kind=Kind.PLACE.value, name=names.get(site["lad"], site["lad"]), type="district")
        _tie(graph, site["institution"], Relation.OCCUPIES.value, node, said)
        _tie(graph, node, Relation.LOCATED_IN.value, place, said)


def _tie(graph: nx.MultiDiGraph[str], subject: str, relation: str, target: str, said: Mapping[str, Any]) -> None:
    key = relation if not graph.has_edge(subject, target, relation) else None
    graph.add_edge(subject, target, key=key, relation=relation, confidence=Confidence.LOW.value, note="", **said)


def _end(graph: nx.MultiDiGraph[str], ties: Iterable[tuple[str, str, str]]) -> None:
    for subject, target, key in ties:
        if graph.edges[subject, target, key]["status"] == Status.ACTIVE:
            graph.edges[subject, target, key]["status"] = Status.ENDED.value
