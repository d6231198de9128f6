"""Land and property for programs: assets in parts, one asset, totals, registers and files."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import geopandas as gpd
import pytest
from flask.testing import FlaskClient

from tests.toy_estate import FORMULA


def test_the_interface_lists_what_is_chosen_in_parts(land: FlaskClient) -> None:
    whole = land.get("/api/v1/estate").get_json()
    assert (whole["total"], len(whole["assets"])) == (12, 12)
    parts = [land.get(f"/api/v1/estate?limit=5&offset={offset}").get_json()["assets"] for offset in (0, 5, 10)]
    assert [one["asset"] for part in parts for one in part] == [one["asset"] for one in whole["assets"]]
    assert whole["assets"][0]["status"] in {"vacant", "surplus", "subject_to_disposal"}
    assert land.get("/api/v1/estate?owner=nobody").get_json()["total"] == 1


@pytest.mark.parametrize("bad", ["limit=0", "limit=1001", "limit=x", "offset=-1", "ownr=council", "use=castle"])
def test_the_interface_refuses_what_it_does_not_know(land: FlaskClient, bad: str) -> None:
    answer = land.get(f"/api/v1/estate?{bad}")
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"


def test_the_interface_tells_one_asset_with_conflicts_and_findings(land: FlaskClient) -> None:
    block = land.get("/api/v1/estate/assets/council-block").get_json()
    assert block["same_place"] == ["asset:hospital-block"]
    assert {"field": "use", "values": ["Office", "Health"]} in block["conflicts"]
    assert "tenure" not in {one["field"] for one in block["conflicts"]}
    depot = land.get("/api/v1/estate/assets/asset:council-depot").get_json()
    assert [one["kind"] for one in depot["findings"]] == ["repair", "doubt"]
    assert depot["extra"] == {"Ward councillors": "three"}


def test_the_interface_adds_up_as_the_page_does(land: FlaskClient) -> None:
    found = land.get("/api/v1/estate/totals?in=west").get_json()
    assert found["sentence"] in land.get("/api/v1/estate/totals?in=west").text
    assert (found["assets"], found["interests"]) == (7, 8)


def test_the_interface_tells_how_complete_registers_are(land: FlaskClient) -> None:
    council, _, nobody = land.get("/api/v1/estate/registers").get_json()["registers"]
    assert (council["as_of"], council["assets"], council["said"]["name"]) == ("2026-03-31", 8, 1.0)
    assert council["placed"] == {"exact": 0.75, "approximate": 0.125, "nowhere": 0.125}
    assert nobody["as_of"] == ""


def test_files_hold_the_selection(land: FlaskClient, tmp_path: Path) -> None:
    rows = csv.DictReader(io.StringIO(land.get("/api/v1/estate/assets.csv?use=office").data.decode("utf-8-sig")))
    assert {row["name"] for row in rows} == {"Quarter Block", f"'{FORMULA}"}
    path = tmp_path / "assets.gpkg"
    path.write_bytes(land.get("/api/v1/estate/assets.gpkg?use=office").data)
    assert set(gpd.read_file(path, layer="assets")["name"]) == {"Quarter Block", FORMULA}
    features = land.get("/api/v1/estate/assets.geojson?use=civic").get_json(force=True)["features"]
    assert [one["geometry"]["type"] for one in features] == ["Polygon"]
