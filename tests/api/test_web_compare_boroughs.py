"""Two boroughs side by side: the same facts as on their own pages."""

from __future__ import annotations

import csv
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from atlas.snapshot import Atlas
from tests.toy import EAST, WEST
from web.boroughs import place_row


def test_both_boroughs_and_london_stand_side_by_side(client: FlaskClient, toy: Atlas) -> None:
    document = client.get("/api/v1/compare/boroughs?a=west&b=East").get_json()
    assert document["boroughs"] == [WEST, EAST]
    facts = {fact["key"]: fact["values"] for fact in document["facts"]}
    west, east = (place_row(toy, code, "", (code,)) for code in (WEST, EAST))
    assert facts["population"] == [west.population, east.population, west.population + east.population]
    assert facts["gap_people"] == [0, 3200, 3200]
    assert facts["sites"] == [3, 0, 3]
    assert facts["networks"][2] is None


def test_who_works_in_both_is_told_from_who_works_in_one(client: FlaskClient) -> None:
    rows = client.get("/api/v1/compare/boroughs?a=West&b=East").get_json()["served"]
    by_key = {(row["kind"], row["who"]): row["nodes"] for row in rows}
    assert by_key["network", "both"] == ["network:all"]
    assert by_key["network", "first"] == ["network:west"]
    assert by_key["programme", "second"] == ["programme:east"]


def test_what_may_stand_is_counted_apart_and_marked(london_app: Flask) -> None:
    client = london_app.test_client()
    document = client.get("/api/v1/compare/boroughs?a=Enfield&b=Ealing").get_json()
    facts = {fact["key"]: fact["values"][0] for fact in document["facts"]}
    listed = [row for row in document["served"] if row["kind"] == "network" and row["who"] in {"both", "first"}]
    assert facts["networks"] + facts["networks_may_stand"] == sum(len(row["nodes"]) for row in listed)
    assert facts["networks_may_stand"] > 0
    text = client.get("/compare/boroughs?a=Enfield&b=Ealing").text
    marked = sum(len(row["may_stand"]) for row in document["served"])
    assert len(re.findall(r"may stand\s*</strong>", text)) == marked


def test_the_order_asked_for_is_the_order_shown(client: FlaskClient) -> None:
    heading = re.compile(r"<h1>(.*?)</h1>")
    assert heading.findall(client.get("/compare/boroughs?a=West&b=East").text) == ["West and East"]
    assert heading.findall(client.get("/compare/boroughs?a=East&b=West").text) == ["East and West"]


def test_without_a_choice_those_with_most_people_in_gaps_are_shown(client: FlaskClient) -> None:
    assert "<h1>East and West</h1>" in client.get("/compare/boroughs").text
    assert "<h1>East and West</h1>" in client.get("/compare/boroughs?b=West").text


def test_the_same_facts_as_csv(client: FlaskClient) -> None:
    answer = client.get("/api/v1/compare/boroughs?a=West&b=East&format=csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert rows[0]["fact"] == "population"
    assert set(rows[0]) == {"fact", "about", "hint", WEST, EAST, "london"}


@pytest.mark.parametrize(
    ("query", "field"),
    [("a=nowhere&b=East", "a"), ("a=West&b=West", "b"), ("a=West&format=pdf", "format"), ("c=x", "c")],
)
def test_what_cannot_be_compared_is_refused_in_words(client: FlaskClient, query: str, field: str) -> None:
    answer = client.get(f"/api/v1/compare/boroughs?{query}")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]


def test_other_choices_change_the_answer(client: FlaskClient) -> None:
    near = client.get("/api/v1/compare/boroughs?a=West&b=East&catchment=2000").get_json()
    assert near["revision"] != client.get("/api/v1/compare/boroughs?a=West&b=East").get_json()["revision"]
    assert "two releases" in client.get("/compare/boroughs").text
    assert "/graph/changes" in client.get("/compare/boroughs").text
