"""What the drawing is sent: every actor, every tie between actors, each with its span."""

from __future__ import annotations

import json
from datetime import date

import pytest

from atlas.graph.timeline import Standing, span_of, standing
from atlas.maps.graph_values import DRAWN, FIRST, KINDS, days, graph_values, last_day
from atlas.maps.text import as_json
from atlas.snapshot import Inputs
from tests.toy import toy_inputs


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return toy_inputs()


def test_every_actor_and_every_tie_between_actors_is_there(inputs: Inputs) -> None:
    sent = json.loads(as_json(graph_values(inputs)))
    nodes, ties = sent["nodes"], sent["ties"]
    actors = {node for node, record in inputs.graph.nodes(data=True) if record["kind"] in KINDS}
    assert set(nodes["id"]) == actors
    assert {len(column) for column in nodes.values()} == {len(actors)}
    said = {
        (nodes["id"][one], sent["relation_ids"][relation], nodes["id"][other])
        for one, relation, other in zip(ties["from"], ties["relation"], ties["to"], strict=True)
    }
    assert said == {
        (one, tie["relation"], other)
        for one, other, tie in inputs.graph.edges(data=True)
        if one in actors and other in actors and tie["relation"] in DRAWN
    }
    assert {len(column) for column in ties.values()} == {len(said)}
    assert [sent["sources"][source] for source in ties["source"]] == [["A toy", ""]] * len(said)


def test_spans_say_the_same_in_days(inputs: Inputs) -> None:
    nodes = graph_values(inputs)["nodes"]
    for node, span in zip(nodes["id"], nodes["span"], strict=True):
        for day in (FIRST, date(2021, 7, 1), last_day(inputs.graph)):
            start_from, start_by, end_from, end_by = span
            number = days([day])[0]
            stands = start_by <= number <= end_from
            state = standing(span_of(inputs.graph.nodes[node]), day)
            assert (state is Standing.STANDS) == stands
            assert (state is Standing.DOES_NOT) == (number < start_from or number > end_by)


def test_footprints_and_sites_hang_on_their_nodes(inputs: Inputs) -> None:
    sent = graph_values(inputs)
    footprints = dict(zip(sent["nodes"]["id"], sent["nodes"]["footprint"], strict=True))
    assert footprints["network:west"] == {"boroughs": [0]}
    assert footprints["network:all"] == {"boroughs": [0, 1]}
    assert footprints["programme:east"]["circle"][2] == 1500
    assert footprints["institution:hospital"] is None
    owners = [sent["nodes"]["id"][owner] for owner in sent["sites"]["owner"]]
    assert sorted(owners) == ["institution:council", "institution:hospital", "institution:university"]
    assert {len(column) for column in sent["sites"].values()} == {3}
