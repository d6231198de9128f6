"""What the drawing of the graph and the map beside it need: sent once, whatever the date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import networkx as nx
import numpy as np
import pandas as pd

from atlas.geo.crs import points_to_wgs84
from atlas.geo.footprints import covers
from atlas.graph.bare import without_assets
from atlas.graph.layout import positions
from atlas.graph.timeline import last_checked, span_of
from atlas.maps.geometry import geometry_id
from atlas.maps.values import footprint_shape
from atlas.vocabulary import RELATIONS, Domain, FootprintKind, Kind, Relation, Sector, label

if TYPE_CHECKING:
    from atlas.geo.areas import AreaSet
    from atlas.snapshot import Inputs

KINDS: Final = (Kind.INSTITUTION, Kind.NETWORK, Kind.PROGRAMME)
"""Kinds that are drawn, in the order of their numbers."""

DRAWN: Final = (
    Relation.MEMBER_OF,
    Relation.CONVENES,
    Relation.HOSTS,
    Relation.CHAIRS,
    Relation.FUNDS,
    Relation.DELIVERS,
    Relation.PARTNERS_WITH,
    Relation.PART_OF,
    Relation.SUCCEEDS,
)
"""Relations between them."""

FIRST: Final = date(1990, 1, 1)
"""Where the slider begins."""

_EPOCH: Final = date(1970, 1, 1).toordinal()


def days(span: Iterable[date]) -> list[int]:
    """Dates as days since 1 January 1970, as a browser counts them; open ends are the calendar's own.

    Examples
    --------
    >>> days([date(1970, 1, 2), date.max])
    [1, 2932896]
    """
    return [day.toordinal() - _EPOCH for day in span]


def last_day(graph: nx.MultiDiGraph[str]) -> date:
    """Where the slider ends: the latest day on which a row of the graph was checked, `FIRST` where none was.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("network:n", checked_on="2026-11-21")
    >>> print(last_day(graph))
    2026-11-21
    """
    found = last_checked(graph)
    return FIRST if found == date.max else found


def graph_values(inputs: Inputs, where: pd.DataFrame | None = None) -> dict[str, Any]:
    """Everything that the drawing, the map and their slider need besides the shapes.

    Parameters
    ----------
    inputs : Inputs
        The graph, the areas and the sites.
    where : pandas.DataFrame, optional
        `atlas.graph.layout.positions` of the graph, where they are kept.

    Returns
    -------
    dict
        JSON values, in columns. `nodes`: `id`, `name`, `kind` (number in `kinds`), `what` (in words), `sector` (number
        in `sectors`, or -1), `domains` (numbers in `domains`), `x`, `y`, `radius` (units of `atlas.graph.layout`),
        `degree`, `span` (`start_from, start_by, end_from, end_by` as `days`), `footprint` (as in `atlas.maps.values`,
        with the boroughs that a circle or areas lie `in`; or null). `ties`: `from`, `to` (numbers of nodes), `relation`
        (number in `relations`), `span`, `source` (number in `sources`), `note`. `sites`: `owner` (number of a node),
        `lon`, `lat`, `name`, `span`. `relations` are triples: what is said from the one end, from the other, and
        whether it is symmetric; `sources` pairs of title and address. `first` and `last` are the days between which
        the slider runs.
    """
    graph = without_assets(inputs.graph)
    where = positions(graph) if where is None else where
    at = {node: place for place, node in enumerate(where.index)}
    ties = [
        (at[one], at[other], tie)
        for one, other, tie in graph.edges(data=True)
        if one in at and other in at and Relation(tie["relation"]) in DRAWN
    ]
    sources = sorted({str(tie["source"]) for _, _, tie in ties})
    return {
        "geometry": geometry_id(inputs.areaset),
        "first": days([FIRST])[0],
        "last": days([last_day(graph)])[0],
        "kinds": [kind.value for kind in KINDS],
        "sectors": [[sector.value, label(sector)] for sector in Sector],
        "domains": [[domain.value, label(domain)] for domain in Domain],
        "relations": [[RELATIONS[one].label, RELATIONS[one].inverse, RELATIONS[one].symmetric] for one in DRAWN],
        "relation_ids": [one.value for one in DRAWN],
        "sources": [_source(graph, source) for source in sources],
        "nodes": {
            **_nodes([graph.nodes[node] for node in where.index], inputs.areaset),
            "id": where.index.tolist(),
            **{name: np.rint(where[name]).astype(int).tolist() for name in ("x", "y", "degree")},
            "radius": where["radius"].round(1).tolist(),
        },
        "ties": {
            "from": [one for one, _, _ in ties],
            "to": [other for _, other, _ in ties],
            "relation": [DRAWN.index(Relation(tie["relation"])) for _, _, tie in ties],
            "span": [days(span_of(tie)) for _, _, tie in ties],
            "source": [sources.index(str(tie["source"])) for _, _, tie in ties],
            "note": [tie.get("note") or "" for _, _, tie in ties],
        },
        "sites": _sites(inputs, at),
    }


def _source(graph: nx.MultiDiGraph[str], source: str) -> list[str]:
    row = graph.graph["sources"].get(source, {})
    url = str(row.get("url") or "")
    # what stands in a link must be an address, whatever the table says
    return [str(row.get("title") or source), url if url.startswith(("https://", "http://")) else ""]


def _nodes(records: list[Mapping[str, Any]], areaset: AreaSet) -> dict[str, list[Any]]:
    kinds, sectors, domains = ([*map(str, members)] for members in (KINDS, Sector, Domain))
    return {
        "name": [record["name"] for record in records],
        "kind": [kinds.index(record["kind"]) for record in records],
        "what": [record.get("type") or record["kind"] for record in records],
        "sector": [sectors.index(record["sector"]) if record.get("sector") else -1 for record in records],
        "domains": [[domains.index(domain) for domain in record.get("domains", ())] for record in records],
        "span": [days(span_of(record)) for record in records],
        "footprint": [_footprint(record, areaset) if "footprint_kind" in record else None for record in records],
    }


def _footprint(record: Mapping[str, Any], areaset: AreaSet) -> dict[str, Any] | None:
    shape = footprint_shape(record["footprint_kind"], record["footprint"], areaset)
    if not shape or "boroughs" in shape:
        return shape or None
    return shape | {"in": list(boroughs_of(record, areaset))}


def boroughs_of(record: Mapping[str, Any], areaset: AreaSet) -> tuple[int, ...]:
    """Places, in the list of boroughs, of those that a footprint lies in, wholly or in part; none where it has none."""
    if "footprint_kind" not in record:
        return ()
    kind = FootprintKind(record["footprint_kind"])
    inside = covers(kind, record["footprint"], areaset.areas, areaset.boroughs, areaset.icbs)
    return tuple(np.flatnonzero(areaset.boroughs.index.isin(areaset.areas["lad"][inside])).tolist())


def _sites(inputs: Inputs, at: Mapping[str, int]) -> dict[str, list[Any]]:
    sites = inputs.sites[inputs.sites["institution"].isin(list(at))].sort_index()
    longitudes, latitudes = points_to_wgs84(sites["x_m"], sites["y_m"])
    records: list[Mapping[str, Any]] = [inputs.graph.nodes[str(site)] for site in sites.index]
    return {
        "owner": [at[str(owner)] for owner in sites["institution"]],
        "lon": np.round(longitudes, 4).tolist(),
        "lat": np.round(latitudes, 4).tolist(),
        "name": sites["name"].tolist(),
        "span": [days(span_of(record)) for record in records],
    }
