"""Where the actors of the partnership graph stand in a drawing: networks apart, institutions near theirs.

The larger part is laid out by ForceAtlas2 in its LinLog form (Noack 2007; Jacomy et al. 2014), which pulls together who
shares partners and pushes apart who does not, from Kamada and Kawai's (1989) layout as its start. Those with one
partner stand around it, and what would overlap is moved apart. Nothing is drawn by lot.

Where most of a graph has been laid out before, who stood there stays, and who is new finds a place beside its partners:
readers know a drawing by where things are in it.
"""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Sequence
from typing import Any, Final

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import KDTree

from atlas.graph.bare import without_assets
from atlas.graph.measures import ACTORS
from atlas.vocabulary import Kind

Points = NDArray[np.float64]

ROOM: Final = 22.0
"""How far a typical node stands from the middle, by the square root of the number of nodes, in units."""

FLATNESS: Final = 0.55
"""Power of the distance from the middle: below 1 it brings in who stands far out."""

GAP: Final = 12.0
"""Least distance between two shapes, in units."""

RADII: Final = {Kind.INSTITUTION.value: (4.0, 0.75), Kind.PROGRAMME.value: (5.0, 0.9), Kind.NETWORK.value: (6.0, 1.6)}
"""Radius of a shape by kind: a constant, and what it grows by with the square root of the degree, in units."""

LABEL: Final = (11.0, 26.0)
"""Width of a letter and height of a line of the names of networks, in units: a whole drawing is shown at about half."""

LABELLED: Final = 7
"""Least degree of the networks whose names must find room."""

SPACE: Final = 40.0
STEP: Final = 14.0
"""How far below the rest those without a tie stand, and from each other, in units."""

KNOWN: Final = 0.8
"""Least share of those with ties who were there before, and of those before who still are, for all to stay."""

ROUNDS: Final = 200
_GOLDEN: Final = math.pi * (3 - math.sqrt(5))


def positions(graph: nx.MultiDiGraph[str], before: pd.DataFrame | None = None) -> pd.DataFrame:
    """Lay out institutions, networks and programmes.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Nodes with `kind`, `name`. Ties of all relations and times count alike, so that nobody moves as time passes.
    before : pandas.DataFrame, optional
        What this gave for an earlier state of the graph. Where the two have most actors in common (`KNOWN`), those keep
        their places, or move aside by as much as a shape that has grown needs.

    Returns
    -------
    pandas.DataFrame
        Indexed by node id, sorted: `x`, `y` (units: pixels of a drawing at its own size, y downwards, 0, 0 the middle
        of the larger part when it was laid out), `radius` (of its shape, units), `degree` (how many others it is tied
        to). Who has no tie stands below the rest. The same for the same graph and the same `before`.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("network:n", kind="network", name="N")
    >>> graph.add_nodes_from([f"institution:{letter}" for letter in "abcdef"], kind="institution", name="A")
    >>> _ = graph.add_edges_from((f"institution:{letter}", "network:n") for letter in "abcd")
    >>> before = positions(graph)
    >>> before["degree"].to_dict()  # doctest: +NORMALIZE_WHITESPACE
    {'institution:a': 1, 'institution:b': 1, 'institution:c': 1, 'institution:d': 1,
     'institution:e': 0, 'institution:f': 0, 'network:n': 4}
    >>> _ = graph.add_edge("institution:e", "network:n")
    >>> moved = (positions(graph, before) - before).loc[["institution:a", "network:n"], ["x", "y"]]
    >>> bool(moved.abs().max().max() < 1)
    True
    """
    graph = without_assets(graph)
    partners = _partners(graph)
    degree = np.array([partners.degree(node) for node in partners], dtype=float)
    kinds = [graph.nodes[node]["kind"] for node in partners]
    radius = np.array([RADII[kind][0] + RADII[kind][1] * math.sqrt(n) for kind, n in zip(kinds, degree, strict=True)])
    size = dict(zip(partners, radius.tolist(), strict=True))
    stood = _stood(before, partners)
    found: dict[str, Points] = {}
    boxes = []
    if stood:
        found = _joined(partners, stood, size)
        boxes.append((list(found), np.array(list(found.values()))))
    groups = sorted(map(sorted, nx.connected_components(partners)), key=lambda nodes: (-len(nodes), nodes[0]))
    for nodes in (group for group in groups if len(group) > 1 and group[0] not in found):
        points = _part(partners.subgraph(nodes), nodes, size, _widths(graph, partners, nodes))
        found.update(zip(nodes, points, strict=True))
        boxes.append((nodes, points))
    bottom = _pack(found, boxes)
    found |= _rows([group[0] for group in groups if len(group) == 1], bottom, before if stood else None)
    index = pd.Index(list(partners), name="node", dtype=object)
    where = np.array([found[node] for node in partners], dtype=float).reshape(-1, 2)
    columns_of = {"x": where[:, 0], "y": where[:, 1], "radius": radius, "degree": degree.astype(int)}
    return pd.DataFrame(columns_of, index=index)


def _stood(before: pd.DataFrame | None, partners: nx.Graph[str]) -> dict[str, Points]:
    """Where those with ties stood who had ties before; nobody where too many came or went."""
    if before is None:
        return {}
    tied = [node for node, degree in partners.degree() if degree]
    was = before[before["degree"] > 0]
    both = was.index.intersection(tied)
    if len(both) < KNOWN * max(len(tied), len(was), 1):
        return {}
    return dict(zip(both, was.loc[both, ["x", "y"]].to_numpy(dtype=float), strict=True))


def _joined(partners: nx.Graph[str], stood: dict[str, Points], size: dict[str, float]) -> dict[str, Points]:
    """Who stood, and everybody tied to them, near or far: each finds room by the middle of its partners."""
    found = dict(stood)
    waiting = [node for node, degree in partners.degree() if degree and node not in found]
    while ready := {node: near for node in waiting if (near := [found[one] for one in partners[node] if one in found])}:
        for node, near in ready.items():
            found[node] = _room(np.mean(near, axis=0), size[node], found, size)
        waiting = [node for node in waiting if node not in found]
    nodes = sorted(found)
    # names are not moved apart again: whoever draws lets them give way to each other
    points = _apart(np.array([found[node] for node in nodes]), np.array([size[node] for node in nodes]))
    return dict(zip(nodes, points, strict=True))


def _room(middle: Points, radius: float, found: dict[str, Points], size: dict[str, float]) -> Points:
    """The first place on a spiral around the middle where a shape lies on no other."""
    points = np.array(list(found.values()))
    least = np.array([size[node] for node in found]) + radius + GAP
    for place in itertools.count():
        angle = _GOLDEN * place
        tried = middle + 0.7 * GAP * math.sqrt(place) * np.array([math.cos(angle), math.sin(angle)])
        if (np.hypot(*(points - tried).T) >= least).all():
            return np.asarray(tried)
    raise AssertionError("a spiral ends nowhere")


def _rows(alone: Sequence[str], bottom: float, before: pd.DataFrame | None) -> dict[str, Points]:
    """Those without a tie in rows below the others: who stood there stays, the rest take the free places."""
    top, found = bottom + SPACE, {}
    if before is not None:
        stood = before.loc[before.index.intersection(list(alone))].query("degree == 0")[["x", "y"]]
        down = max(0.0, top - stood["y"].min()) if len(stood) else 0.0
        found = {node: np.array([x, y + down]) for node, x, y in stood.itertuples()}
        top = min((float(point[1]) for point in found.values()), default=top)
    columns = max(1, math.ceil(math.sqrt(6 * len(alone))))
    places = (
        np.array([(place % columns - (columns - 1) / 2) * STEP, top + place // columns * STEP])
        for place in itertools.count()
    )
    taken = np.array(list(found.values())).reshape(-1, 2)
    free = (place for place in places if (np.abs(taken - place).max(axis=1) >= STEP - 1).all())
    return found | {node: next(free) for node in alone if node not in found}


def layout_id(graph: nx.MultiDiGraph[str]) -> str:
    """Sixteen hexadecimal digits that change with whatever `positions` follows from, and with nothing else.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_nodes_from(["institution:a", "network:n"], kind="network", name="A")
    >>> before = layout_id(graph)
    >>> _ = graph.add_edge("institution:a", "network:n")
    >>> layout_id(graph) == before, layout_id(graph.reverse()) == layout_id(graph)
    (False, True)
    """
    partners = _partners(without_assets(graph))
    nodes = [(node, graph.nodes[node]["kind"], graph.nodes[node]["name"]) for node in partners]
    return hashlib.blake2b(repr((nodes, list(partners.edges()))).encode(), digest_size=8).hexdigest()


def _partners(graph: nx.MultiDiGraph[str]) -> nx.Graph[str]:
    """Who was ever tied to whom."""
    found: nx.Graph[str] = nx.Graph()
    found.add_nodes_from(sorted(node for node, record in graph.nodes(data=True) if record["kind"] in ACTORS))
    ties = {(min(one, other), max(one, other)) for one, other in graph.edges() if one != other}
    found.add_edges_from(sorted(tie for tie in ties if tie[0] in found and tie[1] in found))
    return found


def _widths(graph: nx.MultiDiGraph[str], partners: nx.Graph[str], nodes: Sequence[str]) -> Points:
    """Half the width of each name that must find room, on two lines, in units; 0 for the others."""
    return np.array(
        [
            LABEL[0] / 2 * min(max(len(graph.nodes[node]["name"]) / 2, 9), 20)
            if graph.nodes[node]["kind"] == Kind.NETWORK and partners.degree(node) >= LABELLED
            else 0.0
            for node in nodes
        ]
    )


def _part(partners: nx.Graph[str], nodes: list[str], size: dict[str, float], widths: Points) -> Points:
    """Lay out one component: those with several partners by forces, the others around theirs."""
    core = [node for node in nodes if partners.degree(node) > 1] or nodes[:1]
    placed = dict(zip(core, _forces(partners.subgraph(core), core, partners), strict=True))
    for hub in core:
        leaves = [node for node in sorted(partners[hub]) if node not in placed]
        outwards = placed[hub] - np.mean(
            [placed[other] for other in partners[hub] if other in placed] or [[0, 0]], axis=0
        )
        placed |= _fan(placed[hub], math.atan2(outwards[1], outwards[0]), leaves, size, size[hub])
    points = _apart(np.array([placed[node] for node in nodes]), np.array([size[node] for node in nodes]), widths)
    return _level(points)


def _forces(core: nx.Graph[str], nodes: list[str], partners: nx.Graph[str]) -> Points:
    """Place those with several partners."""
    if len(nodes) == 1:
        return np.zeros((1, 2))
    import igraph  # noqa: PLC0415 -- slow to import

    at = {node: place for place, node in enumerate(nodes)}
    edges = sorted((min(at[one], at[other]), max(at[one], at[other])) for one, other in core.edges())
    turns = np.arange(len(nodes)) * 2 * math.pi / len(nodes)
    circle = np.column_stack([np.cos(turns), np.sin(turns)]).tolist()
    start = np.array(igraph.Graph(len(nodes), edges).layout_kamada_kawai(seed=circle, kkconst=len(nodes)).coords)
    ordered: nx.Graph[str] = nx.Graph()
    ordered.add_nodes_from(nodes)
    ordered.add_edges_from((nodes[one], nodes[other]) for one, other in edges)
    with np.errstate(invalid="ignore", divide="ignore"):  # networkx divides by a node's distance from itself
        moved = nx.forceatlas2_layout(
            ordered,
            pos=dict(zip(nodes, start * 10, strict=True)),
            max_iter=ROUNDS,
            node_mass={node: partners.degree(node) + 1.0 for node in nodes},
            linlog=True,
            gravity=0.6,
            seed=0,
        )
    points = np.array([moved[node] for node in nodes], dtype=float)
    points -= np.median(points, axis=0)
    distance = np.hypot(points[:, 0], points[:, 1])
    typical = max(float(np.median(distance)), 1e-9)
    closer = (np.maximum(distance, 1e-9) / typical) ** (FLATNESS - 1)
    return np.asarray(points * closer[:, None] / typical * ROOM * math.sqrt(len(partners)), dtype=float)


def _fan(centre: Points, towards: float, leaves: list[str], size: dict[str, float], inner: float) -> dict[str, Points]:
    """Place those with one partner around it, as seeds stand in a sunflower, the first outwards."""
    found = {}
    for place, leaf in enumerate(leaves):
        distance = inner + GAP + size[leaf] + 11.0 * math.sqrt(place)
        angle = towards + _GOLDEN * place
        found[leaf] = centre + distance * np.array([math.cos(angle), math.sin(angle)])
    return found


def _apart(points: Points, radius: Points, widths: Points | None = None) -> Points:
    """Move apart what overlaps: shapes of each other, and the names under the larger networks of other names."""
    points = points.copy()
    widths = np.zeros(len(points)) if widths is None else widths
    named = np.flatnonzero(widths)
    for _ in range(ROUNDS):
        pairs = KDTree(points).query_pairs(2 * float(radius.max()) + GAP, output_type="ndarray")
        one, other = pairs[:, 0], pairs[:, 1]
        between = points[other] - points[one]
        distance = np.hypot(between[:, 0], between[:, 1])
        lack = radius[one] + radius[other] + GAP - distance
        tight = lack > 0
        push = between[tight] / np.maximum(distance[tight], 1e-6)[:, None] * (lack[tight] / 2)[:, None]
        moved = np.zeros_like(points)
        np.add.at(moved, one[tight], -push)
        np.add.at(moved, other[tight], push)
        _names_apart(points, moved, named, widths)
        points += 0.7 * moved
        if np.abs(moved).max(initial=0) < 0.05:
            break
    return points


def _names_apart(points: Points, moved: Points, named: NDArray[Any], widths: Points) -> None:
    """Add to `moved` what parts names that overlap, up and down, where they are short."""
    one, other = (named[ends] for ends in np.triu_indices(len(named), k=1))
    across, down = (points[other] - points[one]).T
    lack = 2.4 * LABEL[1] - np.abs(down)
    tight = (np.abs(across) < widths[one] + widths[other]) & (lack > 0)
    push = np.where(down[tight] < 0, -1.0, 1.0) * lack[tight] / 2
    np.add.at(moved[:, 1], one[tight], -push)
    np.add.at(moved[:, 1], other[tight], push)


def _level(points: Points) -> Points:
    """Turn the longer side level, the middle at 0, 0."""
    points = points - points.mean(axis=0)
    if len(points) < 3:
        return points
    axes = np.linalg.svd(points, full_matrices=False)[2]
    turned = points @ axes.T
    # an axis has no direction of its own: the first of the sorted nodes decides it
    return np.asarray(
        turned * np.where(turned[0] < 0, -1.0, 1.0) - _middle(turned * np.where(turned[0] < 0, -1.0, 1.0))
    )


def _middle(points: Points) -> Points:
    return np.asarray((points.min(axis=0) + points.max(axis=0)) / 2, dtype=float)


def _pack(found: dict[str, Points], parts: list[tuple[list[str], Points]]) -> float:
    """Put the smaller parts in rows below the largest; gives the bottom of them all."""
    if not parts:
        return 0.0
    left, right = parts[0][1][:, 0].min(), parts[0][1][:, 0].max()
    x, top, bottom = left, parts[0][1][:, 1].max() + 70, parts[0][1][:, 1].max()
    for nodes, points in parts[1:]:
        low, high = points.min(axis=0) - 25, points.max(axis=0) + 25
        wide, tall = high - low
        if x + wide > right and x > left:
            x, top = left, bottom + 30
        for node in nodes:
            found[node] = found[node] - low + np.array([x, top - 25])
        x += wide
        bottom = max(bottom, top + tall - 25)
    return float(bottom)
