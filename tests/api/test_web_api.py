"""The API: the same answers for programs."""

from __future__ import annotations

import csv
import html
import io
import json

import networkx as nx
import pytest
from flask import Flask
from flask.testing import FlaskClient

from atlas.exports.gaps import gaps_csv, gaps_document
from atlas.exports.graph import ENDS
from atlas.snapshot import Atlas

FIELDS = {
    "id", "rank", "name", "lad", "lad_name", "lads", "lsoas", "population", "need", "need_percentile", "access",
    "access_percentile", "nearest_anchor_m", "p_gap", "verdict", "nearest_anchors", "networks", "programmes",
    "domains", "domains_missing", "need_by_domain", "sentence", "bounds", "centre",
}  # fmt: skip


def test_gaps_are_what_the_command_line_prints(client: FlaskClient, toy: Atlas) -> None:
    answer = client.get("/api/v1/gaps")
    assert answer.mimetype == "application/json"
    document = answer.get_json()
    assert document == json.loads(json.dumps(gaps_document(toy, toy.gap_areas)))
    assert set(document) == {"release", "revision", "parameters", "areas"}
    assert set(document["areas"][0]) >= FIELDS


def test_gaps_can_be_narrowed(london: Atlas, london_app: Flask) -> None:
    client = london_app.test_client()
    everywhere = client.get("/api/v1/gaps").get_json()["areas"]
    lewisham = client.get("/api/v1/gaps?in=Lewisham").get_json()["areas"]
    assert lewisham == client.get("/api/v1/gaps?in=E09000023").get_json()["areas"]
    assert lewisham == [area for area in everywhere if "E09000023" in area["lads"]]
    assert client.get("/api/v1/gaps?top=3").get_json()["areas"] == everywhere[:3]
    assert len(everywhere) == len(london.gap_areas)


def test_choices_reach_the_answer(client: FlaskClient) -> None:
    parameters = client.get("/api/v1/gaps?catchment=2500&decay=step&sectors=council,health").get_json()["parameters"]
    assert parameters["catchment_m"] == 2500
    assert parameters["decay"] == "step"
    assert parameters["sectors"] == ["health", "council"]


def test_csv_is_the_same_rows(client: FlaskClient, toy: Atlas) -> None:
    answer = client.get("/api/v1/gaps?format=csv")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="atlas-gaps-{toy.revision}.csv"'
    assert answer.data.decode() == gaps_csv(toy, toy.gap_areas)
    assert [row["id"] for row in csv.DictReader(io.StringIO(answer.text))] == [area.id for area in toy.gap_areas]


def test_an_area_across_a_border_names_all_its_boroughs_wherever_it_is_told(london: Atlas, london_app: Flask) -> None:
    client, area = london_app.test_client(), next(area for area in london.gap_areas if len(area.lads) > 1)
    rows = csv.DictReader(io.StringIO(client.get("/api/v1/gaps?format=csv").text))
    (row,) = [row for row in rows if row["id"] == area.id]
    assert (row["lads"], row["lad_names"]) == ("; ".join(area.lads), "; ".join(area.lad_names))
    for path in (f"/gaps/{area.id}", f"/embed/gaps/{area.id}"):
        assert f"{area.name}, {' and '.join(area.lad_names)}" in html.unescape(client.get(path).text)


def test_geojson_has_a_shape_for_each_area(client: FlaskClient, toy: Atlas) -> None:
    answer = client.get("/api/v1/gaps?format=geojson")
    assert answer.mimetype == "application/geo+json"
    document = json.loads(answer.data)
    assert [feature["id"] for feature in document["features"]] == [area.id for area in toy.gap_areas]
    assert all(feature["geometry"]["type"] in {"Polygon", "MultiPolygon"} for feature in document["features"])


def test_the_graph_opens_in_networkx(client: FlaskClient, toy: Atlas) -> None:
    graph = nx.node_link_graph(client.get("/api/v1/graph").get_json(), **ENDS)
    assert set(graph.nodes) == set(toy.graph.nodes)
    assert set(graph.edges(keys=True)) == set(toy.graph.edges(keys=True))


def test_the_graph_of_london_is_valid_json(london_app: Flask) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    json.loads(london_app.test_client().get("/api/v1/graph").data, parse_constant=refuse)


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("catchment=0&sectors=x", {"catchment", "sectors"}),
        ("catchmnt=2000", {"catchmnt"}),
        ("top=0", {"top"}),
        ("top=-1", {"top"}),
        ("top=" + "9" * 5000, {"top"}),
        ("format=xlsx&in=Paris", {"format", "in"}),
    ],
)
def test_a_bad_question_is_answered_with_problem_details(client: FlaskClient, query: str, fields: set[str]) -> None:
    answer = client.get(f"/api/v1/gaps?{query}")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    problem = json.loads(answer.data)
    assert problem["status"] == 400
    assert problem["type"] == "about:blank"
    assert {error["field"] for error in problem["errors"]} == fields
    assert all(error["allowed"] for error in problem["errors"])


@pytest.mark.parametrize("address", ["/api/v1/nothing", "/api/v2", "/map/x/values.json"])
def test_an_unknown_address_is_answered_in_kind(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


def test_a_page_that_is_missing_tells_a_program_the_near_ones(client: FlaskClient) -> None:
    answer = client.get("/networks/wset", headers={"Accept": "application/json"})
    assert json.loads(answer.data)["suggestions"] == ["west"]


def test_health_names_the_revision(client: FlaskClient, toy: Atlas) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok", "revision": toy.revision}
