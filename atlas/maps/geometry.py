"""Shapes for the browser: one TopoJSON topology for each set of areas, whatever is measured on it."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from atlas.geo.areas import AreaSet
from atlas.geo.crs import BNG, WGS84, points_to_wgs84

FORMAT: Final = 4
"""Raised whenever the payload changes for the same areas, so that no reader mixes two."""

STEPS: Final = 10_000
"""Steps of the grid across the longer side: 6 m for London, a pixel at zoom 14."""

MOST_VERTICES: Final = 45_000
"""Areas with more are simplified: the shapes fit a first page, and still look right at zoom 14."""

TOLERANCES_M: Final = (25.0, 50.0, 75.0, 100.0, 150.0, 200.0, 300.0, 500.0)
"""Tried in turn: square root of the area of the triangle that a vertex adds (Visvalingam and Whyatt, 1993)."""


def geometry_id(areaset: AreaSet) -> str:
    """Twelve hexadecimal digits that change with the shapes, names and order of the areas; quick to tell.

    Examples
    --------
    >>> from atlas.sources.embedded import read_areas
    >>> len(geometry_id(read_areas()))
    12
    """
    parts = hashlib.sha256(f"{FORMAT} {STEPS} {MOST_VERTICES} {areaset.vintage}".encode())
    for frame in (areaset.areas, areaset.boroughs, areaset.icbs):
        columns = sorted(set(frame.columns) & {"name", "lad", "msoa_name", "icb22", "icb26", "start", "end"})
        parts.update(frame[columns].reset_index().astype(str).to_csv(index=False).encode())
    for shape in shapely.to_wkb(np.asarray(areaset.areas.geometry)):
        parts.update(shape)
    return parts.hexdigest()[:12]


def topology(areaset: AreaSet) -> bytes:
    """The shapes and names of areas as TopoJSON.

    Shapes come once; values come apart, as plain arrays in the order of `areaset.areas`. Boroughs, integrated care
    boards and London have no shapes of their own: their lines are those between areas of different ones. What every map
    draws at once, the lines between boroughs and the edge of them all, comes told apart.

    Parameters
    ----------
    areaset : AreaSet
        Areas that touch without gaps or overlaps; otherwise their shared lines come twice.

    Returns
    -------
    bytes
        UTF-8 JSON, the same for the same areas. The objects `areas`, `boroughs` and `edge`, the last two lines that
        share their arcs with the first, in EPSG:4326. The member `atlas` holds `id` and
        `vintage`; `boroughs` (code, name, positions of `icb22` and `icb26` in `icbs`, where to write the name);
        `icbs` (code, name, start, end); `stems` (MSOAs: the part of a name that their areas share, name of the
        place, position of the borough); `areas` (codes as steps from one to the next, position of the stem, last
        letter of the name).

    Notes
    -----
    Simplification keeps shared lines shared (GEOS coverage simplification).

    Examples
    --------
    >>> from atlas.sources.embedded import read_areas
    >>> payload = json.loads(topology(read_areas()))
    >>> len(payload["objects"]["areas"]["geometries"])
    4835
    """
    from topojson.core.topology import Topology  # noqa: PLC0415 -- slow, and needed only where no cache has the answer

    shapes = gpd.GeoSeries(_simplified(np.asarray(areaset.areas.geometry)), crs=areaset.areas.crs or BNG)
    found = Topology(
        gpd.GeoDataFrame(geometry=shapes.to_crs(WGS84)),
        prequantize=STEPS,
        shared_coords=bool(shapely.coverage_is_valid(np.asarray(shapes))),
        object_name="areas",
    ).to_dict()
    areas = geometries(found)
    lines = lines_between(areas, pd.factorize(areaset.areas["lad"])[0].tolist(), len(found["arcs"]))
    payload = written(found, areas, lines, _about(areaset))
    return json.dumps(payload, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain).encode()


def bounds(areaset: AreaSet) -> list[list[float]]:
    """South-west and north-east corners of the areas: latitude and longitude of each, degrees."""
    return corners(areaset.areas.total_bounds)


def corners(box_m: Any) -> list[list[float]]:
    """Corners of a box given as west, south, east, north in metres (EPSG:27700), as `bounds` gives them.

    Examples
    --------
    >>> corners((503_000, 155_000, 562_000, 201_000))
    [[51.2711, -0.5245], [51.6983, 0.342]]
    """
    west, south, east, north = map(float, box_m)
    longitudes, latitudes = points_to_wgs84([west, west, east, east], [south, north, south, north])
    return [
        [round(float(latitudes.min()), 4), round(float(longitudes.min()), 4)],
        [round(float(latitudes.max()), 4), round(float(longitudes.max()), 4)],
    ]


def _simplified(shapes: NDArray[Any]) -> NDArray[Any]:
    if shapely.get_num_coordinates(shapes).sum() <= MOST_VERTICES:
        return shapes
    simpler = shapes
    for tolerance_m in TOLERANCES_M:
        simpler = shapely.coverage_simplify(shapes, tolerance_m)
        if shapely.get_num_coordinates(simpler).sum() <= MOST_VERTICES:
            break
    return simpler


def geometries(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The library writes every area as a feature with an id and many parts; only the rings are wanted.

    An area that fills another's hole is turned to run against it, as neighbours do everywhere else.

    Examples
    --------
    >>> areas = [{"type": "Polygon", "arcs": [[0], [1]]}, {"type": "Polygon", "arcs": [[1]]}]
    >>> [shape["arcs"] for shape in geometries({"objects": {"areas": {"geometries": areas}}})]
    [[[0], [1]], [[-2]]]
    """
    geometries = []
    shapes = found["objects"]["areas"]["geometries"]
    polygons = [shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]] for shape in shapes]
    holes = {ring[0] for parts in polygons for _, *inner in parts for ring in inner if len(ring) == 1}
    for polygon in polygons:
        parts = [
            [[~part[0][0]]] if len(part) == len(part[0]) == 1 and part[0][0] in holes else part for part in polygon
        ]
        one = len(parts) == 1
        geometries.append({"type": "Polygon" if one else "MultiPolygon", "arcs": parts[0] if one else parts})
    return geometries


def written(
    found: dict[str, Any], areas: list[dict[str, Any]], lines: dict[str, dict[str, Any]], about: dict[str, Any]
) -> dict[str, Any]:
    """A topology in the order in which `atlas-topology.js` reads it: its arcs come first, then its areas.

    No list may stand before the arcs, nothing after the `arcs` of an area, and no space in either list.

    Parameters
    ----------
    found : dict
        What the library made: its `arcs` and `transform` are taken.
    areas : list of dict
        What `geometries` makes of the same.
    lines : dict
        Further objects, by name.
    about : dict
        The member `atlas`.
    """
    return {
        "type": "Topology",
        "arcs": found["arcs"],
        "objects": {"areas": {"type": "GeometryCollection", "geometries": areas}, **lines},
        "transform": {key: list(found["transform"][key]) for key in ("scale", "translate")},
        "atlas": about,
    }


def lines_between(areas: list[dict[str, Any]], borough: list[int], arcs: int) -> dict[str, dict[str, Any]]:
    """Lines between areas of different boroughs, and those that have an area on one side only.

    Parameters
    ----------
    areas : list of dict
        Geometries of a topology.
    borough : list of int
        Position of the borough of each.
    arcs : int
        How many the topology has.

    Examples
    --------
    >>> areas = [{"type": "Polygon", "arcs": [[0, 1]]}, {"type": "Polygon", "arcs": [[~1, 2]]}]
    >>> {name: shape["arcs"] for name, shape in lines_between(areas, [0, 1], 3).items()}
    {'boroughs': [[1]], 'edge': [[0], [2]]}
    """
    beside: list[list[int]] = [[] for _ in range(arcs)]
    for shape, of in zip(areas, borough, strict=True):
        for part in [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]:
            for arc in (arc for ring in part for arc in ring):
                beside[arc if arc >= 0 else ~arc].append(of)
    found = {
        "boroughs": [[arc] for arc, sides in enumerate(beside) if len(set(sides)) > 1],
        "edge": [[arc] for arc, sides in enumerate(beside) if len(sides) == 1],
    }
    return {name: {"type": "MultiLineString", "arcs": lines} for name, lines in found.items()}


def _about(areaset: AreaSet) -> dict[str, Any]:
    areas, boroughs, icbs = areaset.areas, areaset.boroughs, areaset.icbs
    stem = areas["name"].str[:-1]
    place = areas["msoa_name"].where(areas["msoa_name"] != stem, "")
    keys = pd.MultiIndex.from_arrays([stem, place, areas["lad"]])
    positions, unique = pd.factorize(keys)
    borough = boroughs.index.get_indexer(unique.get_level_values(2))
    numbers = areas.index.str[1:].astype(int).to_numpy()
    return {
        "id": geometry_id(areaset),
        "vintage": areaset.vintage,
        "boroughs": _boroughs(boroughs, icbs),
        "icbs": [
            {"code": row.Index, "name": row.name, "start": row.start, "end": row.end}
            for row in icbs[["name", "start", "end"]].fillna("").astype(str).itertuples()
        ],
        "stems": {
            "name": list(unique.get_level_values(0)),
            "place": list(unique.get_level_values(1)),
            "borough": borough.tolist(),
        },
        "areas": {
            "code": np.diff(numbers, prepend=0).tolist(),
            "stem": positions.tolist(),
            "letter": "".join(areas["name"].str[-1]),
        },
    }


def _boroughs(boroughs: gpd.GeoDataFrame, icbs: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """With the middle of the largest circle inside each: a name fits best there."""
    middles = shapely.get_point(shapely.maximum_inscribed_circle(np.asarray(boroughs.geometry), 50.0), 0)
    longitudes, latitudes = points_to_wgs84(shapely.get_x(middles), shapely.get_y(middles))
    columns = {
        "code": boroughs.index.tolist(),
        "name": boroughs["name"].tolist(),
        "icb22": icbs.index.get_indexer(pd.Index(boroughs["icb22"])).tolist(),
        "icb26": icbs.index.get_indexer(pd.Index(boroughs["icb26"])).tolist(),
        "label": np.column_stack([longitudes, latitudes]).round(4).tolist(),
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} has no place in JSON")
