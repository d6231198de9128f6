"""Measures of the partnership graph: who stands where among the others, and how sure that is.

Measures are of the *projection*: institutions, networks and programmes that stand, joined where at least one tie of any
kind but succession runs between two of them. Direction and number of ties do not count; places and sites are left out.
Every function takes a graph of `atlas.graph.build.build` or `atlas.graph.timeline.as_at`, or its projection.
"""

from __future__ import annotations

from atlas.graph.measures.actors import ACTORS, projection
from atlas.graph.measures.brokers import Brokerage, Mover, brokerage, joined_pairs
from atlas.graph.measures.centrality import betweenness
from atlas.graph.measures.frame import measures_of
from atlas.graph.measures.words import MEASURES, Measure

__all__ = [
    "ACTORS",
    "MEASURES",
    "Brokerage",
    "Measure",
    "Mover",
    "betweenness",
    "brokerage",
    "joined_pairs",
    "measures_of",
    "projection",
]
