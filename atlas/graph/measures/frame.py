"""Every measure of every node, as one frame."""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx
import numpy as np
import pandas as pd

from atlas.graph.measures.actors import projection
from atlas.graph.measures.affiliation import Affiliations, affiliations
from atlas.graph.measures.centrality import betweenness, closeness, degree, eigenvector
from atlas.graph.measures.communities import Communities, find_communities
from atlas.graph.measures.cores import cores
from atlas.graph.measures.cuts import pairs_cut
from atlas.graph.measures.structural_holes import constraint


def measures_of(
    graph: nx.MultiDiGraph[str],
    *,
    ties: nx.Graph[str] | None = None,
    communities: Communities | None = None,
    taking_part: Affiliations | None = None,
) -> pd.DataFrame:
    """Measure every institution, network and programme that stands.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `atlas.graph.build.build` or `atlas.graph.timeline.as_at`.
    ties, communities, taking_part : optional
        The graph's `projection`, `find_communities` of it, and the graph's `affiliations`, where they have been made.

    Returns
    -------
    pandas.DataFrame
        Indexed by node id, in order: `name`, `kind`, and a column for each of `MEASURES`, which say what they are.
        `constraint` is NaN for a node without a tie: there is nobody to be bound to.

    Examples
    --------
    >>> graph = nx.MultiDiGraph()
    >>> graph.add_node("institution:a", kind="institution", name="A", status="active")
    >>> graph.add_node("network:n", kind="network", name="N", status="active")
    >>> _ = graph.add_edge("institution:a", "network:n", relation="member_of", status="active")
    >>> measures_of(graph).loc["network:n", ["degree", "affiliations", "community"]].tolist()
    [1, 1, 1]
    """
    ties = projection(graph) if ties is None else ties
    communities = find_communities(ties) if communities is None else communities
    taking_part = affiliations(graph) if taking_part is None else taking_part
    nodes = list(ties)
    found = pd.DataFrame(
        {
            "name": [str(graph.nodes[node].get("name", node)) for node in nodes],
            "kind": [str(graph.nodes[node]["kind"]) for node in nodes],
        },
        index=pd.Index(nodes, name="id"),
    )
    columns: dict[str, Mapping[str, float]] = {
        "degree": degree(ties),
        "affiliations": _affiliation_counts(taking_part),
        "betweenness": betweenness(ties),
        "closeness": closeness(ties),
        "eigenvector": eigenvector(ties),
        "constraint": constraint(ties),
        "core": cores(ties),
        "pairs_cut": pairs_cut(ties),
        "community": communities.numbers(),
    }
    for key, values in columns.items():
        found[key] = [values.get(node, 0) for node in nodes]
    return found


def _affiliation_counts(found: Affiliations) -> dict[str, int]:
    counts: dict[str, int] = {}
    for nodes, axis in ((found.institutions, 1), (found.networks, 0)):
        sums = np.asarray(found.matrix.sum(axis=axis)).ravel().astype(int).tolist()
        counts.update(zip(nodes, sums, strict=True))
    return counts
