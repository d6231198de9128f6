"""A node or a borough with its neighbours as a small drawing that needs no script: a tree of what it is to whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import networkx as nx

from atlas.graph.bare import without_assets
from atlas.graph.facts import tie_standing, ties_at
from atlas.graph.measures import ACTORS
from atlas.graph.places import Served
from atlas.snapshot import Atlas
from atlas.vocabulary import RELATIONS, Kind, Relation, Standing

WIDE: Final = 376
"""Width in units; a phone shows a unit as about a pixel."""

ROW: Final = 32
"""From one name to the next: 24 pixels and more where a unit is three quarters of one, as on the narrowest phone."""

HEAD: Final = 40
MOST: Final = 8
"""Neighbours shown of one group; the rest are counted."""

LETTERS: Final = 42
"""Letters of a name that find room."""

SHAPES: Final = {
    Kind.INSTITUTION.value: "M5.5 0a5.5 5.5 0 1 1-11 0 5.5 5.5 0 1 1 11 0Z",
    Kind.NETWORK.value: "M-5.5-5.5h11v11h-11Z",
    Kind.PROGRAMME.value: "M0-7 7 0 0 7-7 0Z",
    Kind.PLACE.value: "M0-6.5 6 5H-6Z",
}
"""Shape of each kind, as an SVG path about its centre."""


KINDS_THAT_SERVE: Final = {
    Kind.NETWORK.value: "networks that serve",
    Kind.PROGRAMME.value: "programmes that serve",
    Kind.INSTITUTION.value: "institutions that serve",
}
"""What is said of those that serve a place."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A neighbour.

    Parameters
    ----------
    node, name, shown : str
        Its id, its name, and as much of the name as finds room.
    kind, shape : str
        What it is, and the path of its shape.
    y : float
        Where its middle is, from the top of its branch.
    is_certain : bool
        Whether the tie stands on the day; otherwise it may.
    """

    node: str
    name: str
    shown: str
    kind: str
    shape: str
    y: float
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """Neighbours of whom the same is said.

    Parameters
    ----------
    phrase : str
        What: "is a member of".
    number, more : int
        How many there are, and how many are not shown.
    height : float
        Of its drawing.
    leaves : tuple of Leaf
        The first of them, by name.
    """

    phrase: str
    number: int
    more: int
    height: float
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class EgoDrawing:
    """A node's neighbours, placed.

    Parameters
    ----------
    node, name, kind, shape : str
        The node in the middle.
    width, row : int
        Of the drawing of a branch, and from one of its leaves to the next.
    branches : tuple of Branch
        Groups: of a node the largest first, of a place as they are given.
    possible : int
        Ties that may stand.
    """

    node: str
    name: str
    kind: str
    shape: str
    width: int
    row: int
    branches: tuple[Branch, ...]
    possible: int


def ego_drawing(atlas: Atlas, node_id: str, day: date | None = None) -> EgoDrawing | None:
    """Draw a node among its neighbours.

    Parameters
    ----------
    atlas : Atlas
        With the graph.
    node_id : str
        Id of an institution, network or programme.
    day : datetime.date, optional
        As at when; the latest day on which a row of the graph was checked if not given.

    Returns
    -------
    EgoDrawing or None
        For `_ego.html`; None where no tie to another institution, network, programme or place stands or may stand.
    """
    graph = without_assets(atlas.graph)
    groups = _groups(graph, node_id, day or atlas.inputs.place_index.now)
    largest_first = dict(sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])))
    record = graph.nodes[node_id]
    return _drawing(graph, (node_id, record["name"], record["kind"]), largest_first)


def served_drawing(atlas: Atlas, place: tuple[str, str], serving: Mapping[str, Sequence[Served]]) -> EgoDrawing | None:
    """Draw a place among those that serve it.

    Parameters
    ----------
    atlas : Atlas
        With the graph.
    place : tuple of str
        Code and name.
    serving : mapping of str to sequence of Served
        Who serves it, by kind; those that do not stand are left out.

    Returns
    -------
    EgoDrawing or None
        For `_ego.html`; None where nobody serves it.
    """
    groups = {
        f"{KINDS_THAT_SERVE[kind]} it": {
            row.node: row.standing is Standing.STANDS for row in rows if row.standing is not Standing.DOES_NOT
        }
        for kind, rows in serving.items()
    }
    code, name = place
    return _drawing(without_assets(atlas.graph), (f"place:{code}", name, Kind.PLACE.value), groups)


def _drawing(
    graph: nx.MultiDiGraph[str], middle: tuple[str, str, str], groups: Mapping[str, Mapping[str, bool]]
) -> EgoDrawing | None:
    """Place the groups of a node, given as id, name and kind; None where all are empty."""
    branches = []
    for phrase, ties in groups.items():
        ordered = sorted(ties, key=lambda other: (not ties[other], str(graph.nodes[other]["name"]).casefold(), other))
        # one more fits where the line that counts the rest would be
        shown = ordered if len(ordered) <= MOST + 1 else ordered[:MOST]
        leaves = [_leaf(graph, other, HEAD + ROW * row, is_certain=ties[other]) for row, other in enumerate(shown)]
        more = len(ordered) - len(shown)
        height = HEAD + ROW * (len(shown) + bool(more))
        if ordered:
            branches.append(Branch(phrase, len(ordered), more, height, tuple(leaves)))
    if not branches:
        return None
    node, name, kind = middle
    possible = sum(not certain for ties in groups.values() for certain in ties.values())
    return EgoDrawing(node, name, kind, SHAPES[kind], WIDE, ROW, tuple(branches), possible)


def _groups(graph: nx.MultiDiGraph[str], node: str, day: date) -> dict[str, dict[str, bool]]:
    """Neighbours by what is said of them, and whether a tie to them is certain."""
    found: defaultdict[str, dict[str, bool]] = defaultdict(dict)
    for subject, target, tie in ties_at(graph, node):
        other, rule = target if subject == node else subject, RELATIONS[Relation(tie["relation"])]
        stands = tie_standing(graph, subject, target, tie, day)
        if stands is not Standing.DOES_NOT and graph.nodes[other]["kind"] in {*ACTORS, Kind.PLACE.value}:
            group = found[rule.label if subject == node else rule.inverse]
            group[other] = group.get(other, False) or stands is Standing.STANDS
    return dict(found)


def _leaf(graph: nx.MultiDiGraph[str], node: str, y: float, *, is_certain: bool) -> Leaf:
    record = graph.nodes[node]
    name = str(record["name"])
    shown = name if len(name) <= LETTERS else name[: LETTERS - 1].rsplit(" ", 1)[0] + "…"
    return Leaf(node, name, shown, record["kind"], SHAPES[record["kind"]], y, is_certain)
