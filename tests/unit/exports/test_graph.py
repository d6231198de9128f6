from __future__ import annotations

import json

import networkx as nx

from atlas.exports.graph import ENDS, node_link
from tests.toy import toy_atlas


def test_a_graph_reads_back_with_its_evidence() -> None:
    graph = toy_atlas().graph
    back = nx.node_link_graph(json.loads(json.dumps(node_link(graph))), multigraph=True, directed=True, **ENDS)
    assert set(back.nodes) == set(graph.nodes)
    assert set(back.edges(keys=True)) == set(graph.edges(keys=True))
    assert {tie["source"] for *_, tie in back.edges(data=True)} == {"toy"}
