"""The ground under a place's name: which codes lie around and inside it, and the points of its small areas."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely
from rapidfuzz import fuzz, process

from atlas.errors import NotFoundError
from atlas.geo.areas import AreaSet
from atlas.geo.footprints import BEYOND, LONDON, WHOLE
from atlas.graph.bare import without_assets
from atlas.graph.lookup import LETTERS, NEAR
from atlas.graph.places import Ground
from atlas.records import slug
from atlas.vocabulary import Kind


def ground_of(
    areaset: AreaSet, graph: nx.MultiDiGraph[str], wanted: str, sites: gpd.GeoDataFrame | None = None
) -> Ground:
    """Return the place called so: a borough, a neighbourhood (LSOA or MSOA), a board, London, or a place of the graph.

    Parameters
    ----------
    areaset : AreaSet
        London's small areas.
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build`; its places are those outside London, and neighbourhoods without a code.
    wanted : str
        Name, name as an address has it, or GSS code, in any case.
    sites : geopandas.GeoDataFrame, optional
        Indexed by node id, with `x_m`, `y_m` in EPSG:27700: those inside a small area are then known.

    Raises
    ------
    NotFoundError
        If there is none; with the names that come nearest.
    """
    code = _code(areaset, graph, wanted)
    areas = areaset.areas
    if code in areas.index:
        row = areas.loc[code]
        inside_sites = _sites_in(np.asarray(areas.loc[[code], "geometry"])[0], sites)
        around = (str(row["msoa"]), *_around(areaset, str(row["lad"])))
        return Ground(code, str(row["name"]), "neighbourhood", around, (), _points(areas.loc[[code]]), inside_sites)
    for column, kind in (("msoa", "group of neighbourhoods"), ("lad", "borough")):
        mine = areas[areas[column] == code]
        if len(mine):
            district = str(mine["lad"].iloc[0])
            around = _around(areaset, district) if column == "msoa" else _around(areaset, district)[1:]
            inside_sites = _sites_in(shapely.union_all(np.asarray(mine.geometry)), sites) if column == "msoa" else ()
            codes = [*mine.index, *(mine["msoa"].unique() if column == "lad" else ())]
            name = str(mine[f"{column}_name"].iloc[0])
            return Ground(code, name, kind, around, tuple(map(str, codes)), _points(mine), inside_sites)
    return _wider(areaset, graph, code)


def _wider(areaset: AreaSet, graph: nx.MultiDiGraph[str], code: str) -> Ground:
    """Boards and London, which hold boroughs; and places outside."""
    boroughs = areaset.boroughs
    mine = boroughs.index[(boroughs["icb22"] == code) | (boroughs["icb26"] == code) | (code == LONDON)]
    areas = areaset.areas[areaset.areas["lad"].isin(mine)]
    inside = map(str, (*mine, *areas["msoa"].unique(), *areas.index))
    if code == LONDON:
        boards = {str(board) for board in boroughs[["icb22", "icb26"]].to_numpy().ravel()}
        return Ground(code, WHOLE[LONDON], "region", tuple(BEYOND), (*inside, *sorted(boards)), _points(areas))
    if code in areaset.icbs.index:
        name = str(areaset.icbs["name"][code])
        return Ground(code, name, "integrated care board", (LONDON, *BEYOND), tuple(inside), _points(areas))
    record = graph.nodes[f"{Kind.PLACE}:{code}"]
    return Ground(code, str(record["name"]), str(record.get("type") or "place"))


def _around(areaset: AreaSet, district: str) -> tuple[str, ...]:
    row = areaset.boroughs.loc[district]
    return district, *dict.fromkeys((str(row["icb22"]), str(row["icb26"]))), LONDON, *BEYOND


def _points(areas: pd.DataFrame) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return areas[["x_m", "y_m"]].to_numpy(dtype=np.float64)


def _sites_in(shape: shapely.Geometry, sites: gpd.GeoDataFrame | None) -> tuple[str, ...]:
    if sites is None:
        return ()
    return tuple(map(str, sites.index[shapely.intersects_xy(shape, sites["x_m"], sites["y_m"])]))


def _code(areaset: AreaSet, graph: nx.MultiDiGraph[str], wanted: str) -> str:
    """The GSS code, or the last part of a place's id, of what is called so."""
    typed, plain = wanted.strip().upper(), slug(wanted)
    codes = {*areaset.areas.index, *areaset.areas["msoa"], *areaset.boroughs.index, *areaset.icbs.index, LONDON}
    if typed in codes:
        return typed
    places = {
        node.partition(":")[2]: str(record.get("name") or node)
        for node, record in without_assets(graph).nodes(data=True)
        if record.get("kind") == Kind.PLACE
    }
    for code in places:
        if plain and plain in {slug(code), f"{Kind.PLACE}-{slug(code)}"}:
            return code
    named = _named(areaset, places)
    found = {slug(name): code for code, name in reversed(named.items())}
    if plain in found:
        return found[plain]
    near = process.extract(wanted.strip()[:LETTERS], named, scorer=fuzz.WRatio, processor=str.casefold, limit=3)
    raise NotFoundError("place", wanted, (name for name, score, _ in near if score >= NEAR))


def _named(areaset: AreaSet, places: Mapping[str, str]) -> dict[str, str]:
    """Names by code; where two places share a name, the wider comes first."""
    frames = (areaset.boroughs["name"], areaset.icbs["name"])
    wider = {str(code): str(name) for names in frames for code, name in names.items()}
    msoas = areaset.areas.drop_duplicates("msoa").set_index("msoa")["msoa_name"]
    smaller = {str(code): str(name) for names in (msoas, areaset.areas["name"]) for code, name in names.items()}
    return {LONDON: WHOLE[LONDON], **wider, **places, **smaller}
