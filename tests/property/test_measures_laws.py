"""Laws of the measures of the graph, and networkx as their oracle, on random graphs."""

from __future__ import annotations

from itertools import combinations
from unittest.mock import patch

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.graph.measures import _arrays
from atlas.graph.measures.affiliation import affiliations, co_affiliations
from atlas.graph.measures.brokers import joined_pairs
from atlas.graph.measures.centrality import betweenness, closeness, eigenvector
from atlas.graph.measures.communities import find_communities
from atlas.graph.measures.cores import cores
from atlas.graph.measures.cuts import bridges, pairs_cut
from atlas.graph.measures.missing import rank_intervals
from atlas.graph.measures.overlap import overlap
from atlas.graph.measures.structural_holes import constraint


@st.composite
def projections(draw: st.DrawFn) -> nx.Graph[str]:
    """A graph of up to fourteen nodes, in parts or whole."""
    nodes = [f"institution:{k:02d}" for k in range(draw(st.integers(1, 14)))]
    pairs = list(combinations(nodes, 2))
    found: nx.Graph[str] = nx.Graph()
    found.add_nodes_from(nodes)
    if pairs:
        found.add_edges_from(draw(st.lists(st.sampled_from(pairs), max_size=30)))
    return found


@st.composite
def memberships(draw: st.DrawFn) -> nx.MultiDiGraph[str]:
    """Up to eight institutions in up to five networks."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    rows = [f"institution:{k}" for k in range(draw(st.integers(1, 8)))]
    columns = [f"network:{k}" for k in range(draw(st.integers(1, 5)))]
    graph.add_nodes_from(rows, kind="institution", status="active")
    graph.add_nodes_from(columns, kind="network", status="active")
    pairs = [(one, other) for one in rows for other in columns]
    for one, other in draw(st.lists(st.sampled_from(pairs), max_size=25)):
        graph.add_edge(one, other, relation="member_of", status="active")
    return graph


@pytest.mark.parametrize("most", [0, 10**9], ids=["igraph", "networkx"])
@given(ties=projections())
def test_shortest_chains_are_those_of_networkx(most: int, ties: nx.Graph[str]) -> None:
    with patch.object(_arrays, "MOST_FOR_NETWORKX", most):
        assert betweenness(ties) == pytest.approx(nx.betweenness_centrality(ties, normalized=False))
        assert closeness(ties) == pytest.approx(nx.closeness_centrality(ties))


@given(projections())
def test_constraint_is_that_of_networkx(ties: nx.Graph[str]) -> None:
    assert constraint(ties) == pytest.approx(nx.constraint(ties), nan_ok=True)


@given(projections())
def test_eigenvector_solves_its_equation(ties: nx.Graph[str]) -> None:
    found = eigenvector(ties)
    assert all(0 <= value <= 1 for value in found.values())
    part = [node for node, value in found.items() if value > 0]
    if not ties.number_of_edges():
        assert part == []
        return
    assert len(part) == max(map(len, nx.connected_components(ties)))
    at = max(part, key=found.__getitem__)
    largest = sum(found[other] for other in ties[at])
    for node in part:
        assert largest * found[node] == pytest.approx(sum(found[other] for other in ties[node]), abs=1e-9)


@given(projections())
def test_pairs_cut_are_those_of_taking_a_node_away(ties: nx.Graph[str]) -> None:
    found = pairs_cut(ties)
    for node in ties:
        left = nx.Graph(ties)
        left.remove_node(node)
        own = len(nx.node_connected_component(ties, node)) - 1
        assert found[node] == joined_pairs(ties) - own - joined_pairs(left)
    assert {node for node, cut in found.items() if cut} == set(nx.articulation_points(ties))
    assert set(bridges(ties)) == {tuple(sorted(tie)) for tie in nx.bridges(ties)}


@given(projections())
def test_a_core_holds_together(ties: nx.Graph[str]) -> None:
    found = cores(ties)
    for k in set(found.values()):
        inside = ties.subgraph([node for node, core in found.items() if core >= k])
        assert all(inside.degree(node) >= k for node in inside)


@given(projections())
def test_communities_divide_those_with_ties(ties: nx.Graph[str]) -> None:
    found = find_communities(ties, trials=3)
    groups = [set(group.nodes) for group in found.groups]
    assert sorted(node for group in groups for node in group) == sorted(n for n in ties if ties.degree(n))
    assert [len(group) for group in groups] == sorted(map(len, groups), reverse=True)
    if groups:
        tied = ties.subgraph(set().union(*groups))
        assert found.modularity == pytest.approx(nx.community.modularity(tied, groups))
        peer = nx.community.modularity(tied, nx.community.louvain_communities(tied, seed=1))
        assert found.modularity >= peer - 0.05
    assert all(group.centre in group.nodes for group in found.groups)


@given(memberships())
def test_newmans_weights_add_to_the_meetings(graph: nx.MultiDiGraph[str]) -> None:
    found = affiliations(graph)
    for side in ("institutions", "networks"):
        ids, matrix = found.of(side)
        pairs = co_affiliations(found, side)
        taking = matrix.sum(axis=0)
        for position, node in enumerate(ids):
            mine = pairs[(pairs["one"] == node) | (pairs["other"] == node)]
            row = matrix[[position]].toarray().ravel()
            assert mine["newman"].sum() == pytest.approx(sum(taking[row > 0] > 1))


@given(memberships())
def test_overlap_is_that_of_sets(graph: nx.MultiDiGraph[str]) -> None:
    found = affiliations(graph)
    table = overlap(found).set_index(["one", "other"])
    members = {network: set(found.members(network)) for network in found.networks}
    shared = {pair for pair in combinations(found.networks, 2) if members[pair[0]] & members[pair[1]]}
    assert set(table.index) == shared
    for one, other in shared:
        row = table.loc[(one, other)]
        assert row["shared"] == len(members[one] & members[other])
        assert row["jaccard"] == pytest.approx(len(members[one] & members[other]) / len(members[one] | members[other]))
        assert row["of_smaller"] <= 1


@given(projections(), st.sampled_from([0.0, 0.1, 0.5, 1.0]))
def test_ranks_are_in_order(ties: nx.Graph[str], dropped: float) -> None:
    found = rank_intervals(ties, draws=5, dropped=dropped)
    tied = sum(1 for _, count in ties.degree() if count)
    for measure in ("degree", "betweenness"):
        low, high, rank = (found[f"{measure}_{part}"] for part in ("low", "high", "rank"))
        assert (low <= high).all()
        assert rank.between(1, tied + 1).all()
        assert high.between(1, tied + 1).all()
        if dropped == 0:
            assert (low == rank).all()
