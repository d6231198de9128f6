"""Rows of the partnership graph: who is there, what ties them, and what is measured of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import networkx as nx
import numpy as np
import pandas as pd
import shapely

from atlas.exports.graph.fields import HANGING, NODE_FIELDS, TIE_FIELDS, Field, FieldType
from atlas.geo.footprints import covers, geometry_of
from atlas.graph.measures.answer import Measured
from atlas.graph.measures.words import MEASURES
from atlas.snapshot import Atlas
from atlas.vocabulary import FootprintKind, Kind, Sector
from web.programs.measured import names_of
from web.programs.rows import Mask, Rows, areas_in, in_degrees, lads_in, points_in_degrees
from web.ties import others

_TEXT, _NUMBER, _WHOLE, _FLAG = FieldType.TEXT, FieldType.NUMBER, FieldType.INTEGER, FieldType.BOOLEAN
_ENDS: Final = ("subject", "object")
_DECIMALS: Final = 6
_STANDING: Final = next(field for field in NODE_FIELDS if field.name == "standing")


def _of_kind(kind: Kind, *more: Field) -> tuple[Field, ...]:
    """What rows of a kind say: what its record has, then what follows from the rest of the graph."""
    mine = [one for one in NODE_FIELDS if kind.value in one.carriers and one.name not in {"name", *HANGING}]
    first = (Field("id", _TEXT, f"{kind}:slug"), Field("name", _TEXT, "name"))
    return (*first, *mine, *more, _STANDING)


INSTITUTIONS: Final = _of_kind(
    Kind.INSTITUTION,
    Field("sites", _WHOLE, "its sites on record"),
    Field("lads", _TEXT, "GSS codes of the districts that they stand in", is_list=True),
    Field(
        "networks",
        _TEXT,
        "ids of the networks that it is tied to today or on the day asked for; of what has ended, ever",
        is_list=True,
    ),
    Field("programmes", _TEXT, "the same of programmes", is_list=True),
)
SITES: Final = _of_kind(
    Kind.SITE,
    Field("institution_name", _TEXT, "name of who works here"),
    Field("sector", _TEXT, "what they do", choices=tuple(Sector)),
    Field("in_london", _FLAG, "whether it stands in a London borough"),
    Field("is_counted", _FLAG, "whether it counts as supply by default"),
)
_TIED: Final = Field(
    "institutions", _WHOLE, "institutions tied to it today or on the day asked for; of what ended, ever"
)
NETWORKS: Final = _of_kind(Kind.NETWORK, _TIED)
PROGRAMMES: Final = _of_kind(Kind.PROGRAMME, _TIED)
TIES: Final = (
    Field("id", _TEXT, "subject, relation and object; a number in place of the relation where it is repeated"),
    Field("subject", _TEXT, "id of the node that the verb starts from"),
    Field("subject_name", _TEXT, "its name"),
    *(field for field in TIE_FIELDS if field.name == "relation"),
    Field("object", _TEXT, "id of the node that the verb points to"),
    Field("object_name", _TEXT, "its name"),
    *(field for field in TIE_FIELDS if field.name != "relation"),
)
MEASURED: Final = (
    Field("id", _TEXT, "id of the node"),
    Field("name", _TEXT, "name"),
    Field("kind", _TEXT, "what it is", choices=(Kind.INSTITUTION, Kind.NETWORK, Kind.PROGRAMME)),
    Field("sector", _TEXT, "what an institution does", is_nullable=True, choices=tuple(Sector)),
    *(Field(key, _NUMBER, one.what, one.unit, is_nullable=True) for key, one in MEASURES.items()),
)
"""Every measure; how sure ranks are is in `/api/v1/graph/measures`."""


@dataclass(frozen=True, eq=False)
class Places:
    """Which nodes have to do with a place: by a site in it, or by a footprint that takes in any of its people.

    Parameters
    ----------
    atlas : Atlas
        The graph, sites and areas.
    """

    atlas: Atlas

    @cached_property
    def _reach(self) -> list[tuple[str, Mask]]:
        inputs = self.atlas.inputs
        found = []
        for node, record in inputs.graph.nodes(data=True):
            kind = FootprintKind(record.get("footprint_kind") or FootprintKind.NONE)
            if kind is not FootprintKind.NONE:
                ground = (inputs.areaset.areas, inputs.areaset.boroughs, inputs.areaset.icbs)
                found.append((node, np.asarray(covers(kind, record["footprint"], *ground))))
        return found

    def nodes(self, code: str) -> frozenset[str]:
        """Ids of the nodes, sites included."""
        inputs, sites = self.atlas.inputs, self.atlas.sites
        inside = areas_in(inputs.areaset, code)
        by_reach = {node for node, mask in self._reach if bool((mask & inside).any())}
        standing = sites["lad"].isin([*lads_in(inputs.areaset, code)]).to_numpy(bool)
        if inside.any() and not standing.any():
            ground = shapely.union_all(np.asarray(inputs.areaset.areas.geometry)[inside])
            standing = np.asarray(shapely.intersects_xy(ground, sites["x_m"], sites["y_m"]))
        here = sites[standing]
        return frozenset({*by_reach, *map(str, here.index), *map(str, here["institution"]), f"place:{code}"})


def _nodes(graph: nx.MultiDiGraph[str], kind: Kind, fields: tuple[Field, ...]) -> pd.DataFrame:
    rows = {node: record for node, record in graph.nodes(data=True) if record["kind"] == kind}
    order = sorted(rows, key=lambda node: (str(rows[node]["name"]).casefold(), node))
    values = {name: [rows[node].get(name) for node in order] for name in names_of(fields) if name != "id"}
    return pd.DataFrame(values, index=pd.Index(order, dtype="str"), dtype=object)


def _shown(frame: pd.DataFrame, fields: tuple[Field, ...]) -> tuple[str, ...]:
    """Columns that rows have: `standing` only where a day was asked for."""
    is_dated = bool(frame["standing"].notna().any())
    return tuple(name for name in names_of(fields) if name != "standing" or is_dated)


def _rows(frame: pd.DataFrame, fields: tuple[Field, ...], places: Places, shapes: Any = None) -> Rows:
    return Rows(frame, _shown(frame, fields), shapes, lambda code: np.asarray(frame.index.isin([*places.nodes(code)])))


def institutions(atlas: Atlas, graph: nx.MultiDiGraph[str]) -> Rows:
    """Every institution."""
    frame, sites = _nodes(graph, Kind.INSTITUTION, INSTITUTIONS), atlas.sites
    lads = {str(node): tuple(sorted(set(of))) for node, of in sites.groupby("institution")["lad"]}
    count = sites.groupby("institution").size().to_dict()
    frame["sites"] = [int(count.get(node, 0)) for node in frame.index]
    frame["lads"] = pd.Series([lads.get(node, ()) for node in frame.index], frame.index, dtype=object)
    for name, kind in (("networks", Kind.NETWORK), ("programmes", Kind.PROGRAMME)):
        taking = [tuple(others(graph, node, kind)) for node in frame.index]
        frame[name] = pd.Series(taking, frame.index, dtype=object)
    return _rows(frame, INSTITUTIONS, Places(atlas))


def joint(kind: Kind, fields: tuple[Field, ...]) -> Callable[[Atlas, nx.MultiDiGraph[str]], Rows]:
    """Give what makes the rows of networks, or of programmes."""

    def rows(atlas: Atlas, graph: nx.MultiDiGraph[str]) -> Rows:
        frame = _nodes(graph, kind, fields)
        frame["institutions"] = [len(others(graph, node, Kind.INSTITUTION)) for node in frame.index]
        return _rows(frame, fields, Places(atlas), footprints(atlas, graph, list(frame.index)))

    return rows


def footprints(atlas: Atlas, graph: nx.MultiDiGraph[str], nodes: list[str]) -> Any:
    """Shapes of footprints within London; None where nothing of one is known there."""
    areaset = atlas.inputs.areaset
    made: dict[tuple[Any, ...], Any] = {}
    for node in nodes:
        record = graph.nodes[node]
        asked = (FootprintKind(record.get("footprint_kind") or FootprintKind.NONE), tuple(record.get("footprint", ())))
        if asked not in made:
            made[asked] = geometry_of(*asked, areaset.areas, areaset.boroughs, areaset.icbs)
        made[node,] = made[asked]
    return in_degrees(made[node,] for node in nodes)


def sites(atlas: Atlas, graph: nx.MultiDiGraph[str]) -> Rows:
    """Every site."""
    frame = _nodes(graph, Kind.SITE, SITES)
    located = atlas.sites.reindex(frame.index)
    for name in ("institution_name", "sector"):
        frame[name] = located[name].astype(object)
    frame["in_london"] = located["in_london"].fillna(False).astype(bool)
    frame["is_counted"] = frame.index.isin(atlas.counted_sites.index)
    shapes = points_in_degrees(located[["x_m", "y_m"]].to_numpy(float))
    return _rows(frame, SITES, Places(atlas), shapes)


def ties(atlas: Atlas, graph: nx.MultiDiGraph[str]) -> Rows:
    """Every tie."""
    columns: dict[str, list[Any]] = defaultdict(list)
    ids, nodes = [], graph.nodes
    for subject, target, key, tie in sorted(
        graph.edges(keys=True, data=True), key=lambda one: tuple(map(str, one[:3]))
    ):
        ids.append(f"{subject} {key} {target}")
        for end, node in zip(_ENDS, (subject, target), strict=True):
            columns[end].append(node)
            columns[f"{end}_name"].append(nodes[node]["name"])
        columns["sectors"].append(tuple(sorted({nodes[node].get("sector") or "" for node in (subject, target)} - {""})))
        columns["domains"].append((*nodes[subject].get("domains", ()), *nodes[target].get("domains", ())))
        columns["ends"].append((subject, target))
        for field in TIE_FIELDS:
            columns[field.name].append(tie.get(field.name))
    names = [*names_of(TIES)[1:], "sectors", "domains", "ends"]
    frame = pd.DataFrame({name: pd.Series(columns[name], dtype=object) for name in names}).set_axis(ids)
    places = Places(atlas)

    def inside(code: str) -> Mask:
        here = [*places.nodes(code)]
        return np.asarray(frame["subject"].isin(here) | frame["object"].isin(here))

    return Rows(frame, _shown(frame, TIES), None, inside)


def measures(atlas: Atlas, found: Measured) -> Rows:
    """Every measure of every institution, network and programme, the largest betweenness first."""
    sectors = [found.graph.nodes[node].get("sector") for node in found.table.index]
    frame = found.table.assign(sector=pd.Series(sectors, found.table.index, dtype=object)).rename_axis("id")
    frame = frame.sort_values(["betweenness", "id"], ascending=[False, True]).round(_DECIMALS)
    places = Places(atlas)
    return Rows(frame, names_of(MEASURED), None, lambda code: np.asarray(frame.index.isin([*places.nodes(code)])))
