"""The map of what a scenario changes: its values have an address, and tables have the same."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.scenarios import HUB, REACH, TIE, address, words


def test_the_map_has_values_under_an_address_of_their_own(client: FlaskClient) -> None:
    page = client.get("/scenarios/run?scenario=" + address(HUB)).text
    where = re.search(r'<link rel="preload" as="fetch" href="(/scenarios/[^"]+)"', page)
    assert where is not None
    found = client.get(html.unescape(where[1]))
    assert "immutable" in found.headers["Cache-Control"]
    assert [one["name"] for one in found.get_json()["change"]["sites"]] == ["East Hub"]
    tagged = client.get(html.unescape(where[1]), headers={"If-None-Match": found.headers["ETag"]})
    assert tagged.status_code == 304
    assert "Access rises in" in words(page)
    assert "Marked: 1 site that opens (+)" in words(page)


def test_the_values_of_the_map_rest_on_the_result_of_the_page(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = app.test_client()
    own = address(HUB, name="Own choices", parameters={"catchment_m": 900.0})
    page = client.get("/scenarios/run?decay=gaussian&scenario=" + own).text
    monkeypatch.setattr("web.scenario_desk.run_scenario", None)
    where = re.search(r'<link rel="preload" as="fetch" href="(/scenarios/[^"]+)"', page)
    assert where is not None
    assert client.get(html.unescape(where[1])).status_code == 200


def test_values_of_another_revision_are_not_here(client: FlaskClient) -> None:
    assert client.get(f"/scenarios/{'0' * 12}/{'0' * 12}/values.json?scenario=" + address(HUB)).status_code == 404


def test_what_changes_is_by_borough_in_a_table(client: FlaskClient) -> None:
    text = words(client.get("/scenarios/run?scenario=" + address(HUB)).text)
    assert "Boroughs where it changes" in text
    assert "Access rises neighbourhoods" in text
    assert "Reached anew" not in text
    reached = client.get("/scenarios/run?scenario=" + address(REACH)).text
    assert "Reached anew neighbourhoods" in words(reached)
    assert all(f'id="{place}"' in reached for place in re.findall(r'href="#([a-z]+)">by ', reached))


def test_what_has_no_place_has_no_map(client: FlaskClient) -> None:
    text = client.get("/scenarios/run?scenario=" + address(TIE)).text
    assert "Where it changes" not in text
    assert "atlas-map" not in text
