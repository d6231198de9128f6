from __future__ import annotations

import csv
import json
from datetime import date

import networkx as nx

from atlas.exports.graph_answer import Answer, plain_rows, stand_in
from atlas.exports.graph_chains import bridges_answer, chains_answer
from atlas.exports.graph_queries import changes_answer, ego_answer, lineage_answer, members_answer, serves_answer
from atlas.graph.build import build
from atlas.graph.places import Ground, PlaceIndex
from tests.toy import WEST, toy_partnerships

DAY = date(2026, 11, 21)


def world() -> nx.MultiDiGraph[str]:
    """The toy world, in which an older network was succeeded by the western one and two took over from another."""
    graph = nx.MultiDiGraph(build(toy_partnerships()))
    past = {"kind": "network", "start": "2015", "status": "ended", "checked_on": "2026-11-21"}
    graph.add_node("network:old", name="=Old", end="2020-12-31", **past)
    graph.add_node("network:gone", name="Gone", end="2018", **past)
    graph.add_node("network:split", name="Split", end="2020-12-31", **past)
    dated = {"start": "2021", "status": "active", "checked_on": "2026-11-21"}
    graph.add_edge("network:west", "network:old", key="succeeds", relation="succeeds", **dated)
    for heir in ("network:west", "network:all"):
        graph.add_edge(heir, "network:split", key="succeeds", relation="succeeds", **dated)
    return graph


def answers() -> list[Answer]:
    graph = world()
    place = Ground(WEST, "West", "borough", ("E12000007",))
    return [
        members_answer(graph, "network:west", DAY, ever=True),
        serves_answer(PlaceIndex.of(graph), place, DAY),
        ego_answer(graph, "network:west", DAY),
        chains_answer(graph, "institution:hospital", "programme:east", DAY),
        bridges_answer(graph, "network:west", "network:all", DAY),
        changes_answer(graph, date(2019, 1, 1), DAY),
        lineage_answer(graph, "network:old", DAY),
    ]


def test_every_answer_is_the_same_as_json_and_csv() -> None:
    for answer in answers():
        document = json.loads(answer.json())
        rows = list(csv.DictReader(answer.csv().splitlines()))
        assert document["sentence"] == answer.sentence
        assert answer.sentence.endswith(".")
        assert len(rows) == len(document["rows"]) == len(answer.rows)
        assert all(set(row) == set(answer.columns) for row in document["rows"])
        assert {column for column, _ in answer.shown} <= set(answer.columns)
        assert all(len(row) == len(answer.shown) for row in plain_rows(answer.rows, answer.shown))


def test_a_name_that_begins_like_a_formula_is_no_formula() -> None:
    answer = changes_answer(world(), date(2019, 1, 1), DAY)
    assert "'=Old" in {row["name"] for row in csv.DictReader(answer.csv().splitlines())}


def test_who_is_gone_is_stood_for() -> None:
    graph = world()
    assert stand_in(graph, "network:west", DAY) == ("network:west", "")
    assert stand_in(graph, "network:old", DAY)[0] == "network:west"
    node, said = stand_in(graph, "network:split", DAY)
    assert node == "network:split"
    assert said.endswith("in its place stood Everyone's Network, West Partnership.")
    assert stand_in(graph, "network:gone", DAY)[1].endswith("and nobody is recorded in its place.")
    assert stand_in(graph, "network:west", date(2019, 1, 1))[1].endswith("in its place stood =Old, Split.")


def test_chains_from_a_body_that_is_gone_start_at_its_heir() -> None:
    answer = chains_answer(world(), "network:old", "programme:east", DAY)
    assert answer.document["meant"] == ["network:west", "programme:east"]
    assert answer.document["length"] == 1
    assert answer.notes[0].startswith("=Old (from 2015 to 31 December 2020) did not stand")
    both = chains_answer(world(), "network:old", "network:west", DAY)
    assert both.sentence == "Both are West Partnership as at 21 November 2026."


def test_the_dates_that_cannot_tell_are_counted_in_words() -> None:
    notes = changes_answer(world(), date(2019, 1, 1), DAY).notes
    assert any("with no recorded start may have begun then" in note for note in notes)
