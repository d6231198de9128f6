"""Circles among ties that must not run in any: nothing is part of itself, nobody succeeds themselves."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import networkx as nx
import numpy as np

from atlas.errors import Faults
from atlas.graph.tie_columns import TieColumns
from atlas.vocabulary import Relation

TREES: Final = (Relation.PART_OF, Relation.SUCCEEDS)


def check_circles(ties: TieColumns, faults: Faults) -> None:
    """Collect circles of `part_of` and of `succeeds`, each told whole, at the row of its first tie.

    Of each node that lies on circles the shortest through it is told, unless one told before passes through it.
    """
    for relation in TREES:
        rows = _rows_of(ties, relation)
        whole = nx.DiGraph(list(rows))
        knots = sorted(sorted(knot) for knot in nx.strongly_connected_components(whole) if len(knot) > 1)
        for circle in (circle for knot in knots for circle in _circles(nx.subgraph(whole, knot))):
            back = [*circle, circle[0]]
            row = min(rows[step] for step in pairwise(back))
            problem, expected = f"ties of {relation} run in a circle", "no node to come back to itself"
            faults.add("ties.csv", problem, expected, row=row, column="object", value=" > ".join(back))


def _rows_of(ties: TieColumns, relation: Relation) -> dict[tuple[str, str], int]:
    """Ends of a relation's ties, each with the first row that has them; a tie to itself is a fault of its own."""
    chosen = np.flatnonzero(ties.columns["relation"].where(lambda verb: verb is relation))
    subject, target = ties.columns["subject"], ties.columns["object"]
    rows: dict[tuple[str, str], int] = {}
    for place in chosen.tolist():
        ends = subject.values[subject.codes[place]], target.values[target.codes[place]]
        if ends[0] != ends[1]:
            rows[ends] = min(int(ties.rows[place]), rows.get(ends, int(ties.rows[place])))
    return rows


def _circles(knot: nx.DiGraph[str]) -> list[list[str]]:
    found: list[list[str]] = []
    told: set[str] = set()
    for node in sorted(knot):
        if node not in told:
            circle = _shortest_through(knot, node)
            found.append(circle)
            told.update(circle)
    return found


def _shortest_through(knot: nx.DiGraph[str], node: str) -> list[str]:
    """Find the shortest circle from a node back to it; of several, the first in order of ids."""
    before: dict[str, str] = {}
    level = [node]
    while level:
        further: list[str] = []
        for one in level:
            for other in sorted(knot.successors(one)):
                if other == node:
                    circle = [one]
                    while circle[-1] != node:
                        circle.append(before[circle[-1]])
                    return circle[::-1]
                if other not in before:
                    before[other] = one
                    further.append(other)
        level = further
    raise AssertionError(node)  # every node of a strongly connected component lies on a circle
