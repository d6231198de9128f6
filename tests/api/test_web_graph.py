"""The graph's page without a script, and what its drawing is sent."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from atlas.settings import Settings
from atlas.snapshot import Atlas
from atlas.vocabulary import Standing
from tests.toy import HOSTILE
from web import create_app
from web.boroughs import serving
from web.graph import graph_key, graph_revision, hold_graph, last_of, working_in
from web.graph_drawing import ego_drawing, served_drawing
from web.graph_view import Wanted, partners, tally, view
from web.payloads import Body
from web.visit import EXTENSION


def address_in(text: str) -> str:
    found = re.search(r'data-graph="([^"]+)"', text)
    assert found is not None
    return found[1]


def test_the_drawing_and_the_graph_for_programs_are_two_bodies(toy: Atlas) -> None:
    client = create_app(Settings(), toy).test_client()
    drawn = client.get(f"/graph/{graph_revision(toy.inputs)}/graph.json").get_json()
    linked = client.get("/api/v1/graph").get_json()
    assert "ties" in drawn
    assert "edges" in linked


def test_what_the_drawing_needs_is_sent_once_for_each_revision(client: FlaskClient, toy: Atlas) -> None:
    address = address_in(client.get("/graph").text)
    first = client.get(address)
    assert graph_revision(toy.inputs) in address
    assert "immutable" in first.headers["Cache-Control"]
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    plain = client.get(f"/graph/{toy.revision}/graph.json")
    assert plain.headers["Cache-Control"] == "no-cache"
    assert plain.data == first.data
    assert client.get("/graph/000000000000/graph.json").status_code == 404


def test_choices_of_how_gaps_are_measured_move_no_graph(client: FlaskClient) -> None:
    one, other = (address_in(client.get(f"/graph{query}").text) for query in ("", "?catchment=2000"))
    assert one.split("?")[0] == other.split("?")[0]


def test_it_can_be_made_before_it_is_asked_for(toy: Atlas, tmp_path: Path) -> None:
    app = create_app(Settings(), toy)
    held = app.extensions[EXTENSION]
    hold_graph(held, toy.inputs.release, tmp_path)

    def again() -> Body:
        raise AssertionError("made twice")

    kept = held.payloads.hold(graph_key(toy.inputs), again)
    client = app.test_client()
    assert client.get(address_in(client.get("/graph").text)).data == kept.data


def test_it_is_small(london_app: Flask) -> None:
    client = london_app.test_client()
    answer = client.get(address_in(client.get("/graph").text), headers={"Accept-Encoding": "br"})
    assert answer.headers["Content-Encoding"] == "br"
    assert len(answer.data) < 120_000


def test_the_page_says_what_stood(client: FlaskClient) -> None:
    text = client.get("/graph?at=2021-07-01").text
    assert "On 1 July 2021, 0 networks and programmes stood, and 3 more may have." in text
    assert 'value="2021-07-01"' in text
    assert "0 ties join them and 0 institutions for certain." in text
    now = client.get("/graph").text
    assert "On 21 November 2026, 3 networks and programmes stand." in now
    assert "4 ties join them and 3 institutions for certain." in now
    assert '<a href="/networks/west">West Partnership</a>' in now
    assert client.get("/graph?at=2026-11-21").text == now


def test_a_node_and_its_ties(client: FlaskClient) -> None:
    text = client.get("/graph?node=network:west").text
    assert "On 21 November 2026, West Partnership is tied to 3 others for certain." in text
    assert "Eastern Start" in text
    assert 'class="ego"' in text
    assert client.get("/graph?node=west+partnership").text == text
    before = client.get("/graph?node=network:west&at=2015").text
    assert "West Partnership did not stand on 1 January 2015." in before
    assert "It began in 2021." in before


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("kind=network", "0 ties join them and 0 institutions"),
        ("sector=health", "1 tie joins them and 1 institution"),
        ("relation=delivers", "1 tie joins them and 0 institutions"),
        ("works_on=procurement", "1 tie joins them and 1 institution"),
    ],
)
def test_filters(client: FlaskClient, query: str, said: str) -> None:
    assert said in client.get(f"/graph?{query}").text


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("at=tomorrow", "at"),
        ("at=1066", "at"),
        ("at=2100-01-01", "at"),
        ("node=network:nowhere", "node"),
        ("sector=none", "sector"),
        ("kind=planet", "kind"),
        ("relation=owns", "relation"),
        ("place=Paris", "place"),
        ("works_on=magic", "works_on"),
    ],
)
def test_what_cannot_be_asked_is_said(client: FlaskClient, query: str, word: str) -> None:
    answer = client.get(f"/graph?{query}")
    assert answer.status_code == 400
    assert word in answer.text


def test_names_are_text(hostile_app: Flask) -> None:
    client = hostile_app.test_client()
    for address in ("/graph", "/graph?node=network:west"):
        text = client.get(address).text
        assert HOSTILE not in text
        assert "javascript:" not in text
    sent = client.get(address_in(client.get("/graph").text)).text
    assert json.loads(sent)["nodes"]["name"].count(HOSTILE) == 6
    assert "javascript:" not in sent


def test_every_story_of_london_has_its_two_days(london_app: Flask) -> None:
    text = london_app.test_client().get("/graph").text
    stories = re.findall(r'data-at="(\d{4}-\d{2}-\d{2})" data-node="([^"]+)"', text)
    assert ("2026-03-31", "network:ics-north-central-london") in stories
    assert ("2026-04-01", "network:ics-west-and-north-london") in stories
    assert ("2022-02-28", "network:camden-2025") in stories
    assert "5 before, 4 after" in text
    client = london_app.test_client()
    for at, node in stories[:6]:
        assert client.get("/graph", query_string={"at": at, "node": node}).status_code == 200


def test_the_chart_counts_as_the_view_does(london: Atlas) -> None:
    day = date(2022, 7, 1)
    certain, possible = tally(london.graph, [day])[:, 0]
    found = view(london.graph, Wanted(day))
    assert (found.ties.certain, found.ties.possible) == (certain, possible)
    assert possible > certain > 0


def test_partners_are_counted_once(london: Atlas) -> None:
    found = view(london.graph, Wanted(date(2026, 11, 21)))
    node = "network:lain"
    others = {*found.graph.successors(node), *found.graph.predecessors(node)}
    assert partners(found.graph, node).total == len(others)


def test_an_ego_drawing_names_and_counts(toy: Atlas, london: Atlas) -> None:
    drawn = ego_drawing(toy, "network:west")
    assert drawn is not None
    assert [(branch.phrase, [leaf.node for leaf in branch.leaves]) for branch in drawn.branches] == [
        ("delivers", ["programme:east"]),
        ("has as a member", ["institution:hospital"]),
        ("is convened by", ["institution:council"]),
    ]
    assert drawn.possible == 0
    assert ego_drawing(toy, "network:west", date(2015, 1, 1)) is None
    large = ego_drawing(london, "network:ics-west-and-north-london")
    assert large is not None
    largest = large.branches[0]
    assert largest.more == largest.number - len(largest.leaves) > 0
    assert max(len(leaf.shown) for branch in large.branches for leaf in branch.leaves) <= 42
    assert largest.height > largest.leaves[-1].y


def test_a_borough_is_drawn_among_those_that_serve_it(london: Atlas, london_app: Flask) -> None:
    serves = serving(london, "E09000012")
    drawn = served_drawing(london, ("E09000012", "Hackney"), serves)
    assert drawn is not None
    shown = {branch.phrase.split()[0]: branch.number for branch in drawn.branches}
    stands = {kind: [row for row in rows if row.standing is not Standing.DOES_NOT] for kind, rows in serves.items()}
    assert shown == {f"{kind}s": len(rows) for kind, rows in stands.items() if rows}
    possible = sum(row.standing is Standing.MAY_STAND for rows in stands.values() for row in rows)
    assert drawn.possible == possible > 0
    assert served_drawing(london, ("E09000012", "Hackney"), {"network": []}) is None
    text = london_app.test_client().get("/boroughs/hackney").text
    assert 'class="ego"' in text
    assert "networks that serve it" in text


def test_who_works_in_a_borough(london: Atlas, london_app: Flask) -> None:
    client = london_app.test_client()
    text = client.get("/graph?place=hackney").text
    works = working_in(london, "E09000012")
    rows = [row for row in view(london.graph, Wanted(last_of(london.graph))).rows if row.node in works]
    assert 'work in <a href="/boroughs/hackney">Hackney</a> on' in text
    assert f'<span class="of">{len(rows)}</span>' in text
    certain = sum(row.record["standing"] == Standing.STANDS for row in rows)
    assert f"{certain} networks and programmes work in Hackney, and {len(rows) - certain} more may." in text
    assert '<option value="E09000012" selected>Hackney</option>' in text
    assert client.get("/graph?place=E09000012").text == text
    # who was chosen by name goes before where
    assert client.get("/graph?place=hackney&node=network:lain").text == client.get("/graph?node=network:lain").text
    assert "did you mean Hackney?" in client.get("/graph?place=hackny").text


def test_the_drawing_is_told_the_boroughs_that_the_page_counts(london: Atlas, london_app: Flask) -> None:
    client = london_app.test_client()
    nodes = client.get(address_in(client.get("/graph").text)).get_json()["nodes"]
    codes = london.inputs.areaset.boroughs.index
    told: dict[str, set[str]] = {}
    for node, footprint in zip(nodes["id"], nodes["footprint"], strict=True):
        here = (footprint or {}).get("in", (footprint or {}).get("boroughs", []))
        for borough in here if len(here) < len(codes) else []:
            told.setdefault(codes[borough], set()).add(node)
    assert told == {code: set(working_in(london, code)) for code in codes if working_in(london, code)}
    assert any("in" in (footprint or {}) for footprint in nodes["footprint"])
