"""Catchments in minutes, where a table of travel times is here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from atlas.errors import DataError
from atlas.gaps.costs import TravelTimes, pairs_within
from atlas.parameters import Parameters
from atlas.pipeline import analyse, load_inputs
from atlas.settings import Settings
from atlas.vocabulary import Release
from tests.toy import toy_inputs
from web import create_app


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    inputs = toy_inputs()
    areas, around = inputs.areaset.areas, inputs.areaset.surroundings
    origins = areas.index.append(around.index)
    xy = [*areas[["x_m", "y_m"]].to_numpy(float), *around[["x_m", "y_m"]].to_numpy(float)]
    metres = pairs_within(xy, inputs.sites[["x_m", "y_m"]], 9_000)
    minutes = replace(metres, cost=metres.cost / 200)
    times = TravelTimes(origins, inputs.sites.index, minutes, "times.csv", "0" * 64)
    return create_app(Settings(), analyse(replace(inputs, travel_times=times), Parameters())).test_client()


def test_minutes_take_the_place_of_metres(client: FlaskClient) -> None:
    in_minutes = client.get("/api/v1/gaps?minutes=20").get_json()
    in_metres = client.get("/api/v1/gaps?catchment=4000").get_json()
    assert in_minutes["parameters"]["catchment_min"] == 20
    assert [area["id"] for area in in_minutes["areas"]] == [area["id"] for area in in_metres["areas"]]
    assert in_minutes["areas"][0]["access"] == pytest.approx(in_metres["areas"][0]["access"], rel=1e-9)


def test_minutes_are_offered_and_kept(client: FlaskClient) -> None:
    page = client.get("/?minutes=20").text
    assert 'name="minutes" type="number"' in page
    assert "minutes=20" in page
    assert "within 20 minutes" in client.get("/gaps/quarter-3-east?minutes=20").text


@pytest.mark.parametrize("value", ["0", "-3", "soon", "nan", "1000"])
def test_minutes_that_cannot_be_used_are_refused(client: FlaskClient, value: str) -> None:
    answer = client.get(f"/api/v1/gaps?minutes={value}")
    assert answer.status_code == 400
    assert "minutes" in answer.text


def test_without_a_table_minutes_are_refused() -> None:
    client = create_app(Settings(), analyse(toy_inputs(), Parameters(draws=64))).test_client()
    answer = client.get("/api/v1/gaps?minutes=20")
    assert answer.status_code == 400
    assert "ATLAS_TRAVEL_TIMES" in answer.text
    assert 'name="minutes"' not in client.get("/").text


def test_a_table_of_other_areas_is_no_fault_until_minutes_are_asked_for(tmp_path: Path) -> None:
    table = tmp_path / "times.csv"
    table.write_text("origin,destination,minutes\nE01033926,site:160-tooley-street,12\n", encoding="utf-8")
    settings = Settings(workspace=tmp_path / "workspace", travel_times=table)
    with pytest.raises(DataError, match="E01033926"):
        load_inputs(settings, Release.ESTIMATE, in_minutes=True)
    inputs = load_inputs(settings, Release.ESTIMATE)
    assert inputs.travel_times is None
    assert any("other areas" in fault.problem for fault in inputs.warnings)
