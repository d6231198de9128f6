from __future__ import annotations

import networkx as nx
import pytest

from atlas.errors import QueryError
from atlas.graph.measures.missing import rank_intervals


def test_nothing_left_out_leaves_the_ranks() -> None:
    ties = nx.Graph([("a", "b"), ("b", "c"), ("c", "d"), ("b", "e")])
    ties.add_node("alone")
    found = rank_intervals(ties, draws=3, dropped=0)
    assert found["degree_rank"].to_dict() == {"a": 3, "b": 1, "c": 2, "d": 3, "e": 3, "alone": 6}
    assert found["betweenness_rank"].to_dict() == {"a": 3, "b": 1, "c": 2, "d": 3, "e": 3, "alone": 6}
    for measure in ("degree", "betweenness"):
        for end in ("low", "high"):
            assert found[f"{measure}_{end}"].tolist() == found[f"{measure}_rank"].tolist()


def test_ties_left_out_widen_the_ranks_and_the_seed_holds_them() -> None:
    ties = nx.relabel_nodes(nx.gnm_random_graph(30, 60, seed=4), str)
    found = rank_intervals(ties, draws=50, dropped=0.3, seed=2)
    assert (found["betweenness_low"] <= found["betweenness_high"]).all()
    assert (found["betweenness_high"] - found["betweenness_low"]).max() > 3
    assert found.equals(rank_intervals(ties, draws=50, dropped=0.3, seed=2))
    assert not found.equals(rank_intervals(ties, draws=50, dropped=0.3, seed=3))


def test_a_graph_without_ties_has_no_order() -> None:
    ties: nx.Graph[str] = nx.Graph()
    assert rank_intervals(ties).empty
    ties.add_nodes_from("ab")
    assert rank_intervals(ties)["degree_rank"].tolist() == [1, 1]


@pytest.mark.parametrize(("draws", "dropped"), [(0, 0.1), (10, -0.1), (10, 1.5)])
def test_what_cannot_be_drawn_is_refused(draws: int, dropped: float) -> None:
    with pytest.raises(QueryError, match="share from 0 to 1"):
        rank_intervals(nx.Graph([("a", "b")]), draws=draws, dropped=dropped)
