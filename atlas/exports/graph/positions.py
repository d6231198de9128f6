"""Where nodes of the partnership graph are: geometries, and on what each rests; EPSG:27700."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final, cast

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.errors import QueryError
from atlas.exports.graph.checks import Used
from atlas.exports.graph.fields import KEY, SOURCE_FIELDS, Field, FieldType
from atlas.geo.crs import BNG
from atlas.geo.footprints import geometry_of
from atlas.snapshot import Inputs
from atlas.vocabulary import FootprintKind, Kind, Relation
from atlas.vocabulary.estate import PlacedBy

BASIS: Final = "geometry_basis"
"""Column that says what a geometry rests on; None where there is none."""

_DTYPES: Final[dict[FieldType, Any]] = {
    FieldType.INTEGER: "Int64",
    FieldType.NUMBER: "Float64",
    FieldType.BOOLEAN: "boolean",
}


def positions(graph: nx.MultiDiGraph[str], inputs: Inputs) -> dict[str, tuple[BaseGeometry | None, str | None]]:
    """Find where each node is.

    ============ ==================================================================================================
    node         geometry and its basis
    ============ ==================================================================================================
    site         a point: its own coordinates ("coordinates"), else its postcode's ("postcode")
    asset        a point inside it, as the register has it ("register"), or its postcode's ("postcode")
    institution  its only site ("only site"); the mean of its sites' points ("centroid of 5 sites"); without sites, a
                 point inside the area that it governs ("inside the area governed")
    network,     its footprint within London ("footprint")
    programme
    place        its boundary, where it lies in London ("boundary")
    ============ ==================================================================================================

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`, whole or in part.
    inputs : Inputs
        Whose areas and sites are used.

    Returns
    -------
    dict of str to (shapely.Geometry or None, str or None)
        For every node, in the graph's order.
    """
    layers = (inputs.areaset.areas, inputs.areaset.boroughs, inputs.areaset.icbs)

    @cache
    def shape(kind: FootprintKind, footprint: tuple[str, ...]) -> BaseGeometry | None:
        try:
            return cast("BaseGeometry | None", geometry_of(kind, footprint, *layers))
        except QueryError:
            return None  # a code that no boundary here has

    points = {node: _site(node, record, inputs.sites) for node, record in graph.nodes(data=True)}
    found: dict[str, tuple[BaseGeometry | None, str | None]] = {}
    for node, record in graph.nodes(data=True):
        kind = Kind(record["kind"])
        if kind is Kind.SITE:
            found[node] = points[node]
        elif kind is Kind.ASSET:
            found[node] = _asset(record)
        elif kind is Kind.INSTITUTION:
            own = _sites_of(graph, node)
            code = (record.get("gss_code", ""),)
            found[node] = _institution([points[one][0] for one in own], shape(FootprintKind.PLACES, code))
        elif kind is Kind.PLACE:
            found[node] = _with_basis(shape(FootprintKind.PLACES, (node.partition(":")[2],)), "boundary")
        else:
            how = FootprintKind(record.get("footprint_kind", FootprintKind.NONE))
            found[node] = _with_basis(shape(how, tuple(record.get("footprint", ()))), "footprint")
    return found


def _with_basis(geometry: BaseGeometry | None, basis: str) -> tuple[BaseGeometry | None, str | None]:
    return (geometry, basis) if geometry is not None else (None, None)


def _site(node: str, record: dict[str, Any], sites: gpd.GeoDataFrame) -> tuple[BaseGeometry | None, str | None]:
    if record["kind"] != Kind.SITE:
        return None, None
    if record.get("easting_m") is not None:
        return shapely.Point(record["easting_m"], record["northing_m"]), "coordinates"
    return (sites.geometry[node], "postcode") if node in sites.index else (None, None)


def _asset(record: dict[str, Any]) -> tuple[BaseGeometry | None, str | None]:
    if record.get("easting_m") is None:
        return None, None
    basis = "postcode" if record.get("placed_by") == PlacedBy.POSTCODE else "register"
    return shapely.Point(record["easting_m"], record["northing_m"]), basis


def _sites_of(graph: nx.MultiDiGraph[str], node: str) -> list[str]:
    held = (target for _, target, tie in graph.out_edges(node, data=True) if tie.get("relation") == Relation.OCCUPIES)
    return sorted({target for target in held if graph.nodes[target]["kind"] == Kind.SITE})


def _institution(
    sites: Sequence[BaseGeometry | None], governed: BaseGeometry | None
) -> tuple[BaseGeometry | None, str | None]:
    known: list[Any] = [site for site in sites if site is not None]
    if len(known) == 1:
        return known[0], "only site"
    if known:
        x, y = np.mean([[site.x, site.y] for site in known], axis=0)
        return shapely.Point(round(x, 1), round(y, 1)), f"centroid of {len(known)} sites"
    return (governed.representative_point(), "inside the area governed") if governed is not None else (None, None)


def node_frame(graph: nx.MultiDiGraph[str], inputs: Inputs, used: Used, *, as_lists: bool) -> gpd.GeoDataFrame:
    """Every node as a row: `id`, its attributes, `geometry_basis` and `geometry`.

    Parameters
    ----------
    as_lists : bool
        Lists of text as lists; JSON text otherwise. Records are always JSON text.
    """
    where = positions(graph, inputs)
    columns: dict[str, Any] = {"id": pd.array(list(graph), dtype="str")}
    columns |= _columns([record for _, record in graph.nodes(data=True)], used.nodes, as_lists=as_lists)
    columns[BASIS] = _texts(basis for _, basis in where.values())
    return _located(columns, [shape for shape, _ in where.values()])


def tie_frame(graph: nx.MultiDiGraph[str], inputs: Inputs, used: Used) -> gpd.GeoDataFrame:
    """Every tie as a row: `subject`, `key`, `object`, its attributes, and a line between the two nodes' points.

    A footprint or boundary counts by a point inside it. A tie has no line where an end is nowhere, or both are at
    one point.
    """
    points = {
        node: None if geometry is None else geometry.representative_point()
        for node, (geometry, _) in positions(graph, inputs).items()
    }
    ties = list(graph.edges(keys=True, data=True))
    columns: dict[str, Any] = {
        "subject": _texts(subject for subject, *_ in ties),
        KEY: _texts(str(key) for _, _, key, _ in ties),
        "object": _texts(target for _, target, *_ in ties),
    }
    columns |= _columns([tie for *_, tie in ties], used.ties, as_lists=False)
    lines = [_line(points[subject], points[target]) for subject, target, *_ in ties]
    return _located(columns, lines)


def source_frame(graph: nx.MultiDiGraph[str]) -> pd.DataFrame:
    """Every source as a row, by its id."""
    sources = graph.graph.get("sources", {})
    return pd.DataFrame({"id": _texts(sources), **_columns(list(sources.values()), SOURCE_FIELDS, as_lists=False)})


def _located(columns: dict[str, Any], shapes: list[Any]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, crs=BNG))


def _line(start: Any, end: Any) -> shapely.LineString | None:
    return None if start is None or end is None or start.equals(end) else shapely.LineString([start, end])


def _texts(values: Any) -> Any:
    return pd.array(list(values), dtype="str")


def _columns(records: Sequence[dict[str, Any]], fields: Sequence[Field], *, as_lists: bool) -> dict[str, Any]:
    return {field.name: _column([one.get(field.name) for one in records], field, as_lists) for field in fields}


def _column(values: list[Any], field: Field, as_lists: bool) -> Any:  # noqa: FBT001 -- a private helper
    if as_lists and field.is_list and field.type is not FieldType.RECORD:
        return pd.Series([None if value is None else list(value) for value in values], dtype=object)
    if field.in_text:
        return _texts(None if value is None else field.text(value) for value in values)
    return pd.Series(values, dtype=_DTYPES[field.type]) if field.type in _DTYPES else _texts(values)
