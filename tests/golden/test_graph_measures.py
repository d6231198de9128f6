"""Measures of the real partnership graph against networkx, today and as at a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import networkx as nx
import pytest

from atlas.graph.measures import _arrays
from atlas.graph.measures.answer import Measured
from atlas.graph.measures.centrality import betweenness, closeness
from atlas.graph.timeline import as_at
from atlas.pipeline import load_inputs
from atlas.settings import Settings
from atlas.vocabulary import Release


@pytest.fixture(scope="module")
def london(tmp_path_factory: pytest.TempPathFactory) -> nx.MultiDiGraph[str]:
    workspace: Path = tmp_path_factory.mktemp("workspace")
    return load_inputs(Settings(workspace=workspace), Release.ESTIMATE).graph


@pytest.fixture(scope="module", params=["today", "2022-07-01"])
def measured(request: pytest.FixtureRequest, london: nx.MultiDiGraph[str]) -> Measured:
    return Measured(london if request.param == "today" else as_at(london, date.fromisoformat(request.param)))


@pytest.mark.parametrize("library", ["networkx", "igraph"])
def test_chains_by_either_library(measured: Measured, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_arrays, "MOST_FOR_NETWORKX", 0 if library == "igraph" else 10**12)
    assert betweenness(measured.ties) == pytest.approx(nx.betweenness_centrality(measured.ties, normalized=False))
    assert closeness(measured.ties) == pytest.approx(nx.closeness_centrality(measured.ties))


def test_the_other_measures(measured: Measured) -> None:
    ties, table = measured.ties, measured.table
    assert table["constraint"].to_dict() == pytest.approx(nx.constraint(ties), nan_ok=True)
    assert table["core"].to_dict() == nx.core_number(ties)
    assert set(table.index[table["pairs_cut"] > 0]) == set(nx.articulation_points(ties))
    largest = ties.subgraph(max(nx.connected_components(ties), key=len))
    peer = nx.eigenvector_centrality_numpy(largest)
    highest = max(peer.values())
    assert table.loc[list(largest), "eigenvector"].to_dict() == pytest.approx(
        {node: value / highest for node, value in peer.items()}, abs=1e-9
    )


def test_communities_are_no_worse_than_louvain(measured: Measured) -> None:
    tied = measured.ties.subgraph([node for node, count in measured.ties.degree() if count])
    peer = nx.community.modularity(tied, nx.community.louvain_communities(tied, seed=1))
    assert measured.communities.modularity >= peer - 1e-3
    assert measured.communities.modularity > 0.5


def test_every_leaving_agrees_with_the_table(measured: Measured) -> None:
    for node in measured.table.index[measured.table["degree"] > 0][::5]:
        assert measured.without(node).pairs_cut == measured.table.loc[node, "pairs_cut"]


def test_the_sources_brokers_are_among_the_first(london: nx.MultiDiGraph[str]) -> None:
    """LAIN was made to bring London's anchors together."""
    measured = Measured(london)
    assert measured.intervals.loc["network:lain", "betweenness_rank"] <= 10
    assert measured.intervals.loc["network:lain", "betweenness_high"] <= 30
    found = measured.overlaps.set_index(["one", "other"])
    assert found.loc[("network:lain", "network:lain-procurement-working-group"), "of_smaller"] > 0.5
