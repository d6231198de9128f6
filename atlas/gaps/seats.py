"""Who is missing where: the join of a network's or a gap area's seats with the ground that it stands on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely

from atlas.errors import NotFoundError
from atlas.gaps.briefs import GapArea
from atlas.geo.areas import AreaSet
from atlas.geo.footprints import WHOLE, covers, geometry_of
from atlas.graph.introductions import councils_of
from atlas.graph.seats import Holder, Seats, Surroundings, find_seats, holders, membership_doubts, network_seats
from atlas.parameters import MAX_CATCHMENT_M
from atlas.vocabulary import Domain, FootprintKind, Kind, Sector, Status, SurveyStatus

_SMALL: Final = ("E01", "E02")
"""GSS codes that a site does not carry: whether it lies in one, its position tells."""


def surroundings_of(
    kind: FootprintKind, footprint: Sequence[str], areaset: AreaSet, sites: gpd.GeoDataFrame, surveys: pd.DataFrame
) -> Surroundings:
    """Find the active sites inside a footprint, its middle, and what has been looked for in it.

    Parameters
    ----------
    kind, footprint
        As in `atlas.geo.footprints.covers`.
    areaset : AreaSet
        The study area.
    sites : geopandas.GeoDataFrame
        As `atlas.snapshot.Inputs.sites` has them.
    surveys : pandas.DataFrame
        `borough`, `sector`, `status`.

    Returns
    -------
    Surroundings
        A footprint wider than London is London. The middle is a circle's own, else the mean position of the people
        whom the footprint covers; None where it covers nobody.
    """
    active = sites[sites["status"] == Status.ACTIVE.value]
    areas, boroughs, icbs = areaset.areas, areaset.boroughs, areaset.icbs
    if kind is FootprintKind.PLACES and any(code.startswith(_SMALL) for code in footprint):
        shape = geometry_of(kind, footprint, areas, boroughs, icbs)
        inside = np.asarray(shapely.contains_xy(shape, active["x_m"], active["y_m"]) if shape else False)
        inside = np.broadcast_to(inside, len(active))
    else:
        inside = np.asarray(covers(kind, footprint, pd.DataFrame(active).assign(msoa=""), boroughs, icbs))
    whole = kind is FootprintKind.PLACES and not WHOLE.keys().isdisjoint(footprint)
    inside = inside & (np.asarray(active["in_london"], dtype=bool) | (not whole))
    covered = areas[covers(kind, footprint, areas, boroughs, icbs)]
    middle = _middle(covered)
    if kind is FootprintKind.RADIUS:
        middle = (float(footprint[0]), float(footprint[1]))
    return Surroundings(pd.DataFrame(active[inside]), middle, _surveyed(surveys, set(covered["lad"])))


def seats_of_network(
    graph: nx.MultiDiGraph[str], node: str, areaset: AreaSet, sites: gpd.GeoDataFrame, surveys: pd.DataFrame
) -> Seats:
    """Find who is missing from a network or programme; `atlas.graph.seats.network_seats` says how.

    Raises
    ------
    NotFoundError
        If the graph has no such network or programme.
    QueryError
        If its footprint has a code that cannot be placed.
    """
    record: Any = graph.nodes[node] if node in graph else {}
    if record.get("kind") not in {Kind.NETWORK, Kind.PROGRAMME}:
        raise NotFoundError("network or programme", node)
    kind = FootprintKind(record.get("footprint_kind", FootprintKind.NONE))
    return network_seats(graph, node, surroundings_of(kind, record.get("footprint", ()), areaset, sites, surveys))


def seats_of_area(graph: nx.MultiDiGraph[str], area: GapArea, sites: gpd.GeoDataFrame, surveys: pd.DataFrame) -> Seats:
    """Find who could take a seat in a gap area.

    Its domains are those that no local network or programme (one that reaches less than all of London) works on. At
    the table are the institutions that sit in the local ones and the councils that serve its boroughs; introductions
    start from all of these. Candidates are the nearest institutions within 10 km, since in a gap itself few stand.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        The partnership graph.
    area : GapArea
        The area.
    sites, surveys
        As in `surroundings_of`.
    """
    acted_on = {Domain(domain) for node in area.local for domain in graph.nodes[node].get("domains", ())}
    councils = [node for code in area.lads for node in councils_of(graph, f"{Kind.PLACE}:{code}")]
    seated = {holder.node: holder for holder in holders(graph, area.local)}
    seated |= {node: Holder(node, Sector.COUNCIL, is_certain=True) for node in councils}
    away_m = np.hypot(sites["x_m"] - area.centre[0], sites["y_m"] - area.centre[1])
    near = pd.DataFrame(sites[(sites["status"] == Status.ACTIVE.value) & (away_m <= MAX_CATCHMENT_M)])
    around = Surroundings(near, area.centre, _surveyed(surveys, set(area.lads)))
    starts = [*area.local, *councils]
    doubts = [
        f"{graph.nodes[node]['name']}: {said}"
        for node in area.local
        for said in membership_doubts(graph, node, holders(graph, [node]))
    ]
    return find_seats(graph, set(Domain) - acted_on, tuple(seated.values()), starts, around, doubts)


def _middle(areas: pd.DataFrame) -> tuple[float, float] | None:
    people = np.asarray(areas["population"], dtype=np.float64)
    if not people.sum() > 0:
        return None
    east, north = (float(people @ np.asarray(areas[axis], dtype=np.float64) / people.sum()) for axis in ("x_m", "y_m"))
    return east, north


def _surveyed(surveys: pd.DataFrame, boroughs: Collection[str]) -> frozenset[Sector]:
    """Sectors that were looked for completely in each of these boroughs."""
    done = surveys[(surveys["status"] == SurveyStatus.COMPLETE.value) & surveys["borough"].isin(boroughs)]
    counts = done.groupby("sector")["borough"].nunique()
    return (
        frozenset(Sector(str(sector)) for sector in counts.index[counts == len(boroughs)]) if boroughs else frozenset()
    )
