from __future__ import annotations

from datetime import date

import networkx as nx
import pandas as pd
import pytest

from atlas.errors import QueryError
from atlas.graph.build import build
from atlas.graph.measures import MEASURES, measures_of, projection
from atlas.graph.measures.answer import Measured
from atlas.graph.measures.sentences import doubt_words, headline, ordered, size_words, sure_words
from atlas.graph.timeline import as_at
from tests.toy import toy_partnerships


@pytest.fixture
def toy() -> nx.MultiDiGraph[str]:
    return build(toy_partnerships())


def test_the_frame_has_every_measure_that_has_words(toy: nx.MultiDiGraph[str]) -> None:
    found = measures_of(toy)
    assert list(found) == ["name", "kind", *MEASURES]
    assert list(found.index) == list(projection(toy))
    assert [key for key, words in MEASURES.items() if words.key != key] == []
    west = found.loc["network:west"]
    assert (west["degree"], west["affiliations"], west["betweenness"], west["core"], west["pairs_cut"]) == (
        3,
        2,
        3,
        1,
        3,
    )
    assert found["community"].to_dict()["network:west"] == 1


def test_only_constraint_is_ever_not_known(toy: nx.MultiDiGraph[str]) -> None:
    graph = nx.MultiDiGraph(toy)
    graph.remove_edge("institution:university", "network:all")
    found = measures_of(graph)
    alone = ["institution:university", "network:all"]
    assert found.drop(columns="constraint").notna().all(axis=None)
    assert found.index[found["constraint"].isna()].tolist() == alone
    assert found.loc[alone, "community"].tolist() == [0, 0]


def test_measures_as_at_a_day_count_what_stood_then(toy: nx.MultiDiGraph[str]) -> None:
    graph = nx.MultiDiGraph(toy)
    for node, end in (("network:west", "2024"), ("programme:east", None)):
        graph.nodes[node].update(start="2021", end=end, status="ended" if end else "active")
    for _, _, tie in graph.edges(data=True):
        tie.update(start="2021-06-01")
    graph.edges["institution:hospital", "network:west", "member_of"].update(status="ended", end="2023")
    assert "network:west" not in projection(graph)
    then = projection(as_at(graph, date(2022, 1, 1)))
    assert then.degree("network:west") == 3
    assert projection(as_at(graph, date(2024, 1, 1))).degree("network:west") == 2
    assert measures_of(as_at(graph, date(2022, 1, 1))).loc["network:west", "betweenness"] == 3
    assert projection(as_at(graph, date(2020, 1, 1))).number_of_edges() == 0


def test_ties_of_which_nobody_knows_since_when_are_counted_and_said(toy: nx.MultiDiGraph[str]) -> None:
    assert doubt_words(Measured(toy)) == ""
    then = Measured(as_at(toy, date(2022, 1, 1)))
    assert then.ties.number_of_edges() == 4
    assert doubt_words(then).startswith("Of these ties 4 may have stood on 2022-01-01")


def test_the_answer_in_words(toy: nx.MultiDiGraph[str]) -> None:
    measured = Measured(toy)
    assert headline(measured) == "West Partnership stands between the most others"
    assert size_words(measured) == (
        "6 institutions, networks and programmes not known to have ended, 4 pairs of them tied; 4 hang together in the "
        "largest of 2 parts; 0 have no tie that is known to stand."
    )
    dated = size_words(Measured(as_at(toy, date(2022, 1, 1))))
    assert dated.startswith("6 institutions, networks and programmes that stand or may stand, 4 pairs")
    assert "West Partnership" in sure_words(measured)
    nobody = Measured(nx.MultiDiGraph())
    assert headline(nobody) == "Nobody stands between others"
    assert sure_words(nobody) == ""


def test_the_order_of_a_measure(toy: nx.MultiDiGraph[str]) -> None:
    table = measures_of(toy)
    assert ordered(table).index[0] == "network:west"
    assert ordered(table, "constraint").index[0] == "network:west"
    with pytest.raises(QueryError, match="betweenness"):
        ordered(table, "charm")


def test_who_has_no_value_comes_last() -> None:
    table = pd.DataFrame(
        {"name": list("abc"), "degree": [0, 1, 2], "constraint": [float("nan"), 1.0, 0.5], "community": [0, 1, 1]},
        index=list("abc"),
    )
    assert list(ordered(table, "constraint").index) == ["c", "b", "a"]
    assert list(ordered(table, "community").index) == ["c", "b", "a"]
