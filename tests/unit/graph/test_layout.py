"""Where actors stand: the same each time, nobody on another, institutions near their own network."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy.spatial import KDTree

from atlas.graph.build import build
from atlas.graph.layout import layout_id, positions
from tests.toy import toy_partnerships


def clubs(networks: int = 6, members: int = 12, seed: int = 0) -> nx.MultiDiGraph[str]:
    """Networks with members of their own, every other one a member of a second network as well."""
    draw = np.random.default_rng(seed)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for club in range(networks):
        graph.add_node(f"network:{club}", kind="network", name=f"A network of a longer name {club}")
    for club in range(networks):
        for member in range(members):
            node = f"institution:{club}-{member}"
            graph.add_node(node, kind="institution", name=node)
            graph.add_edge(node, f"network:{club}", relation="member_of")
            if member % 2:
                graph.add_edge(node, f"network:{(club + draw.integers(1, networks)) % networks}")
    graph.add_node("institution:alone", kind="institution", name="Alone")
    graph.add_node("place:E09000001", kind="place", name="A place")
    graph.add_edge("network:0", "place:E09000001", relation="serves")
    return graph


@pytest.fixture(scope="module")
def graph() -> nx.MultiDiGraph[str]:
    return clubs()


@pytest.fixture(scope="module")
def found(graph: nx.MultiDiGraph[str]) -> pd.DataFrame:
    return positions(graph)


def test_it_is_the_same_each_time_and_in_any_order(graph: nx.MultiDiGraph[str], found: pd.DataFrame) -> None:
    turned: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    turned.add_nodes_from(reversed(list(graph.nodes(data=True))))
    turned.add_edges_from(reversed(list(graph.edges(keys=True, data=True))))
    pd.testing.assert_frame_equal(positions(turned), found)


def test_every_actor_has_its_place(graph: nx.MultiDiGraph[str], found: pd.DataFrame) -> None:
    assert list(found.index) == sorted(node for node in graph if not node.startswith("place:"))
    assert np.isfinite(found[["x", "y", "radius"]].to_numpy()).all()
    assert found.loc["institution:alone", "degree"] == 0
    assert found.loc["institution:alone", "y"] > found.loc[found["degree"] > 0, "y"].max()


def test_no_shape_lies_on_another(found: pd.DataFrame) -> None:
    points, radius = found[["x", "y"]].to_numpy(), found["radius"].to_numpy()
    pairs = KDTree(points).query_pairs(2 * radius.max(), output_type="ndarray")
    distance = np.linalg.norm(points[pairs[:, 0]] - points[pairs[:, 1]], axis=1)
    assert (distance >= radius[pairs[:, 0]] + radius[pairs[:, 1]]).all()


def test_members_of_one_network_stand_by_it(found: pd.DataFrame) -> None:
    networks = found[found.index.str.startswith("network:")]
    alone = [node for node in found.index[found["degree"] == 1] if node.startswith("institution:")]
    _, nearest = KDTree(networks[["x", "y"]]).query(found.loc[alone, ["x", "y"]])
    own = [f"network:{node.partition(':')[2].partition('-')[0]}" for node in alone]
    assert list(networks.index[nearest]) == own


def test_a_shape_grows_with_its_ties(found: pd.DataFrame) -> None:
    institutions = found[found.index.str.startswith("institution:")].sort_values("degree")
    assert institutions["radius"].is_monotonic_increasing


@pytest.mark.parametrize("number", [0, 1, 2])
def test_few_are_enough(number: int) -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    nodes = [f"institution:{place}" for place in range(number)]
    graph.add_nodes_from(nodes, kind="institution", name="One")
    if number == 2:
        graph.add_edge(*nodes, relation="partners_with")
    found = positions(graph)
    assert len(found) == number
    assert not found.duplicated(["x", "y"]).any()


def test_the_toy_world_is_laid_out() -> None:
    assert positions(build(toy_partnerships()))["degree"].to_dict() == {
        "institution:council": 1,
        "institution:hospital": 1,
        "institution:university": 1,
        "network:all": 1,
        "network:west": 3,
        "programme:east": 1,
    }


def test_what_it_follows_from_is_told_by_its_id(graph: nx.MultiDiGraph[str]) -> None:
    before = layout_id(graph)
    told = graph.copy()
    told.nodes["institution:alone"]["sector"] = "culture"
    told.add_node("asset:a", kind="asset", name="Land")
    told.add_edge("institution:alone", "asset:a", relation="owns")
    assert layout_id(told) == before
    for change in ({"kind": "programme"}, {"name": "Another name"}):
        moved = graph.copy()
        moved.nodes["institution:alone"].update(change)
        assert layout_id(moved) != before


class TestAGraphThatHasGrown:
    """A drawing is known by where things are in it."""

    @pytest.fixture
    def grown(self, graph: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
        grown: nx.MultiDiGraph[str] = graph.copy()
        grown.add_nodes_from(["institution:bridge", "institution:left", "institution:new alone"], kind="institution")
        grown.add_nodes_from(["network:far", "programme:far"], kind="network")
        nx.set_node_attributes(grown, {node: node for node in grown}, "name")
        grown.add_edges_from([("institution:bridge", f"network:{club}") for club in (0, 2, 4)])
        grown.add_edge("institution:left", "institution:bridge")
        grown.add_edge("network:far", "programme:far")
        return grown

    def test_who_stood_stays(self, grown: nx.MultiDiGraph[str], found: pd.DataFrame) -> None:
        given = found.copy()
        after = positions(grown, found)
        tied = found.index[found["degree"] > 0]
        moved = (after - found).loc[tied, ["x", "y"]].abs()
        assert moved.to_numpy().max() < 2
        pd.testing.assert_frame_equal(found, given)

    def test_nothing_new_moves_nobody(self, graph: nx.MultiDiGraph[str], found: pd.DataFrame) -> None:
        pd.testing.assert_frame_equal(positions(graph, found), found, atol=0.2)

    def test_who_is_new_stands_among_its_partners(self, grown: nx.MultiDiGraph[str], found: pd.DataFrame) -> None:
        after = positions(grown, found)
        assert sorted(after.index) == sorted(node for node in grown if not node.startswith("place:"))
        test_no_shape_lies_on_another(after)
        middle = found.loc[[f"network:{club}" for club in (0, 2, 4)], ["x", "y"]].mean()
        everybody = np.linalg.norm(found.loc[found["degree"] > 0, ["x", "y"]] - middle, axis=1)
        bridge, left = (
            np.array(after.loc[f"institution:{name}", ["x", "y"]], dtype=float) for name in ("bridge", "left")
        )
        assert np.linalg.norm(bridge - middle) < np.median(everybody)
        assert np.linalg.norm(bridge - left) < np.median(everybody)

    def test_who_has_no_way_to_the_others_stands_below(self, grown: nx.MultiDiGraph[str], found: pd.DataFrame) -> None:
        after = positions(grown, found)
        lowest = found.loc[found["degree"] > 0, "y"].max()
        part = after.loc[["network:far", "programme:far"], "y"]
        assert part.min() > lowest
        assert after.loc["institution:new alone", "y"] > part.max()

    def test_after_too_great_a_change_all_is_laid_out_anew(self, found: pd.DataFrame) -> None:
        other = clubs(networks=9, seed=1)
        pd.testing.assert_frame_equal(positions(other, found), positions(other))

    def test_who_has_gone_leaves_the_others(self, graph: nx.MultiDiGraph[str], found: pd.DataFrame) -> None:
        fewer = graph.copy()
        fewer.remove_nodes_from(["institution:0-0", "institution:alone"])
        after = positions(fewer, found)
        moved = (after - found.loc[after.index])[["x", "y"]].abs()
        assert moved.to_numpy().max() < 0.2
