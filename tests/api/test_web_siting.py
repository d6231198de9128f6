"""Where more sites would do most, on the page and for programs."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

import web.siting
from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.settings import Settings
from atlas.siting.answer import Answer
from atlas.siting.question import Question
from atlas.siting.solve import site
from atlas.snapshot import Atlas
from atlas.vocabulary import Sector
from tests.api.conftest import hostile_partnerships
from tests.toy import HOSTILE, toy_inputs
from web import create_app

AREAS = "candidates=areas&radius=1200&p=2"


def test_the_page_says_it_in_words_in_a_table_and_on_a_drawing(client: FlaskClient) -> None:
    page = client.get(f"/siting?{AREAS}").text
    document = client.get(f"/api/v1/siting?{AREAS}").get_json()
    assert f"<h1>{document['sentence']}</h1>" in page
    assert document["proof"] in page
    assert len(re.findall(r'<tr id="place-', page)) == len(document["sites"]) > 0
    assert page.count('class="siting-site"') == len(document["sites"])
    assert page.count('class="siting-anchor"') == 3
    assert "registers are not in yet" in page


def test_the_page_needs_no_script_of_its_own(client: FlaskClient) -> None:
    page = client.get("/siting").text
    assert [script.partition("?")[0] for script in re.findall(r"<script[^>]*>", page)] == [
        '<script src="/static/js/plain.js',
    ]
    assert 'action="/siting"' in page


def test_the_form_keeps_what_was_chosen(client: FlaskClient) -> None:
    page = client.get(f"/siting?{AREAS}&catchment=3000&in=east&demand=weighted").text
    for chosen in (
        'value="2" selected',
        'value="areas" selected',
        'value="1200" selected',
        'value="weighted" selected',
    ):
        assert chosen in page
    assert '<option value="E09000002" selected>East</option>' in page
    assert '<input type="hidden" name="catchment" value="3000">' in page
    assert "/api/v1/siting?" in page
    assert "in=E09000002" in page


def test_the_worst_served(client: FlaskClient) -> None:
    page = client.get("/siting?objective=worst&candidates=areas&p=1&radius=500&demand=weighted").text
    assert "would raise the access" in page
    assert 'id="radius"' not in page
    question = client.get("/api/v1/siting?objective=worst&candidates=areas&p=1&radius=500").get_json()["question"]
    assert "radius_m" not in question


def test_no_place_to_choose_from_is_an_answer(client: FlaskClient) -> None:
    answer = client.get("/siting")
    assert answer.status_code == 200
    assert "there is no place to choose from" in answer.text


def test_a_site_is_named_with_its_owner(client: FlaskClient) -> None:
    page = client.get("/siting?sectors=health&radius=1000&demand=weighted&p=1").text
    assert "Campus" in page
    assert 'href="/institutions/university?sectors=health"' in page


@pytest.mark.parametrize("path", ["/siting", "/api/v1/siting"])
@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("p=0&radius=0&objective=x&candidates=file&demand=z", {"p", "radius", "objective", "candidates", "demand"}),
        ("p=21", {"p"}),
        ("p=²", {"p"}),
        ("p=1.5&radius=inf", {"p", "radius"}),
        ("radius=10001&in=Paris", {"radius", "in"}),
        ("radius=nan", {"radius"}),
        ("candidates=areas&radius=4001", {"candidates"}),
        ("objective=worst&measure=nearest", {"objective"}),
        ("p=" + "9" * 5000, {"p"}),
    ],
    ids=["all", "many", "superscript", "fraction", "far", "nan", "wide", "measure", "long"],
)
def test_a_bad_question_is_answered_in_words(client: FlaskClient, path: str, query: str, fields: set[str]) -> None:
    answer = client.get(f"{path}?{query}", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert {error["field"] for error in json.loads(answer.data)["errors"]} == fields


def test_a_refusal_speaks_the_words_of_the_form(client: FlaskClient) -> None:
    text = client.get("/siting?candidates=file&p=x").text
    assert "To choose from: must be one of: Other sites on record, Any neighbourhood" in text
    assert "More sites: must be a whole number of sites from 1 to 20" in text
    assert '<option value="areas">Any neighbourhood</option>' in text
    wide = client.get("/siting?candidates=areas&radius=4001").text
    assert "must be “Other sites on record”; “Any neighbourhood” needs a reach" in wide


def test_programs_are_told_of_fields_that_are_not_there(client: FlaskClient) -> None:
    answer = client.get("/api/v1/siting?sites=3&format=xlsx")
    assert {error["field"] for error in json.loads(answer.data)["errors"]} == {"sites", "format"}


def test_downloads_are_the_same_answer(client: FlaskClient, toy: Atlas) -> None:
    document = client.get(f"/api/v1/siting?{AREAS}").get_json()
    ids = [row["id"] for row in document["sites"]]
    table = client.get(f"/api/v1/siting?{AREAS}&format=csv")
    assert table.mimetype == "text/csv"
    assert table.headers["Content-Disposition"] == f'attachment; filename="atlas-siting-{toy.revision}.csv"'
    assert [row["id"] for row in csv.DictReader(io.StringIO(table.text))] == ids
    shapes = client.get(f"/api/v1/siting?{AREAS}&format=geojson")
    assert shapes.mimetype == "application/geo+json"
    assert [feature["id"] for feature in json.loads(shapes.data)["features"]] == ids


def test_an_answer_is_worked_out_once(toy: Atlas, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Question] = []

    def counted(atlas: Atlas, question: Question) -> Answer:
        asked.append(question)
        return site(atlas, question)

    monkeypatch.setattr(web.siting, "site", counted)
    client = create_app(Settings(), toy).test_client()
    for path in ("/siting", "/siting", "/api/v1/siting", "/api/v1/siting?format=csv", "/siting?p=3&radius=2000"):
        assert client.get(path).status_code == 200
    assert len(asked) == 1


def test_a_reader_who_has_the_page_is_told_so(client: FlaskClient) -> None:
    first = client.get(f"/siting?{AREAS}")
    again = client.get(f"/siting?{AREAS}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_names_are_data() -> None:
    parameters = Parameters(sectors=(Sector.HEALTH,), draws=16)
    client = create_app(Settings(), analyse(toy_inputs(hostile_partnerships()), parameters)).test_client()
    page = client.get("/siting?sectors=health&radius=1000&demand=weighted&p=1").text
    assert 'id="place-1"' in page
    assert HOSTILE not in page


def test_other_pages_lead_here(client: FlaskClient, toy: Atlas) -> None:
    assert 'href="/siting"' in client.get("/gaps").text
    assert 'href="/siting?in=E09000002"' in client.get(f"/gaps/{toy.gap_areas[0].id}").text


def test_london_has_an_answer_that_is_proved(london_app: Flask) -> None:
    document = london_app.test_client().get("/api/v1/siting").get_json()
    assert document["proved"]
    assert len(document["sites"]) == 3
    assert document["places"] > 200
