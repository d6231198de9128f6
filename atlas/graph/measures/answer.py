"""A graph measured: every part is worked out when it is first asked for, and once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import networkx as nx
import pandas as pd

from atlas.graph.measures.actors import projection
from atlas.graph.measures.affiliation import Affiliations, Side, affiliations, co_affiliations
from atlas.graph.measures.communities import Communities, find_communities
from atlas.graph.measures.cuts import bridges
from atlas.graph.measures.frame import measures_of
from atlas.graph.measures.missing import rank_intervals
from atlas.graph.measures.overlap import overlap
from atlas.graph.measures.resilience import Departure, departure


@dataclass(frozen=True, eq=False)
class Measured:
    """A graph and all that is measured in it.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build` or `atlas.graph.timeline.as_at`.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_nodes_from(["institution:a", "institution:b"], kind="institution", name="A", status="active")
    >>> _ = graph.add_edge("institution:a", "institution:b", relation="partners_with", status="active")
    >>> Measured(graph).parts, list(Measured(graph).table["degree"])
    ((2,), [1, 1])
    """

    graph: nx.MultiDiGraph[str]

    @cached_property
    def ties(self) -> nx.Graph[str]:
        """The projection."""
        return projection(self.graph)

    @cached_property
    def parts(self) -> tuple[int, ...]:
        """Sizes of the parts that no tie joins, the largest first; nodes without a tie left out."""
        sizes = (len(part) for part in nx.connected_components(self.ties))
        return tuple(sorted((size for size in sizes if size > 1), reverse=True))

    @cached_property
    def communities(self) -> Communities:
        """The communities."""
        return find_communities(self.ties)

    @cached_property
    def affiliations(self) -> Affiliations:
        """Who takes part in what."""
        return affiliations(self.graph)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Every measure of every node, as `measures_of` gives it."""
        return measures_of(self.graph, ties=self.ties, communities=self.communities, taking_part=self.affiliations)

    @cached_property
    def intervals(self) -> pd.DataFrame:
        """How sure the ranks are, as `rank_intervals` gives it."""
        return rank_intervals(self.ties)

    @cached_property
    def overlaps(self) -> pd.DataFrame:
        """Networks and programmes that share institutions, as `overlap` gives it."""
        return overlap(self.affiliations)

    @cached_property
    def meetings(self) -> pd.DataFrame:
        """Institutions that meet, as `co_affiliations` gives them; the largest of Newman's weights first."""
        pairs = co_affiliations(self.affiliations)
        pairs = pairs.astype({"one": str, "other": str})
        order = ["newman", "shared", "one", "other"]
        return pairs.sort_values(order, ascending=[False, False, True, True], ignore_index=True)

    def overlapping(self, least: int, side: Side = "networks") -> pd.DataFrame:
        """Those of `overlaps`, or of `meetings`, that share so many or more: of two small ones, one is soon all."""
        pairs = self.overlaps if side == "networks" else self.meetings
        return pairs[pairs["shared"] >= least].reset_index(drop=True)

    @cached_property
    def bridges(self) -> list[tuple[str, str]]:
        """Ties that are the only way between two parts."""
        return bridges(self.ties)

    def name(self, node: str) -> str:
        """The name of a node."""
        return str(self.graph.nodes[node].get("name", node))

    def without(self, node: str) -> Departure:
        """What breaks when a node leaves, as `departure` gives it."""
        return departure(self.graph, node, self.ties)
