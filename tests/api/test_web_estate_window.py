"""What a window of the single map holds, and where the map begins."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from atlas.maps.estate_style import COLOURS, OTHER, UNSAID
from tests.estate_page import VIEW, state_of


def test_a_window_from_afar_counts_and_one_nearby_shows_each_place(land: FlaskClient) -> None:
    far, near = (land.get(f"{VIEW}&zoom={zoom}").get_json() for zoom in (9, 16))
    assert far["places"] == near["places"] == 10
    assert sum(far["clusters"]["count"]) + len(far["assets"]["id"]) == 10
    assert far["clusters"]["count"]
    assert near["clusters"]["count"] == []
    assert len(near["assets"]["id"]) == 10
    assert near["assets"]["interests"][near["assets"]["id"].index("council-block")] == 2
    assert near["assets"]["id"][near["assets"]["approximate"][0]] == "council-car-park"


def test_an_outline_is_closed_and_belongs_to_its_asset(land: FlaskClient) -> None:
    near = land.get(f"{VIEW}&zoom=17").get_json()
    [[asset, *steps]] = near["outlines"]
    assert near["assets"]["id"][asset] == "council-town-hall"
    longitudes, latitudes = steps[::2], steps[1::2]
    assert sum(longitudes[1:]) == sum(latitudes[1:]) == 0


def test_a_window_holds_what_is_chosen_and_no_more(land: FlaskClient) -> None:
    assert land.get(f"{VIEW}&zoom=16&owner=nobody").get_json()["assets"]["name"] == ["Yard"]
    assert land.get("/estate/view.json?bbox=-0.036,51.5,-0.03,51.51&zoom=16").get_json()["assets"]["name"] == ["Depot"]


def test_marks_are_coloured_and_lettered_by_what_is_asked(land: FlaskClient) -> None:
    for by, label in (("owner", "Council"), ("use", "Depot or store"), ("tenure", "Freehold"), ("status", "In use")):
        state = state_of(land.get(f"/estate?by={by}").text)
        assert label in {group["label"] for group in state["groups"]}
        letters = [group["letter"] for group in state["groups"]]
        assert len(set(letters)) == len(letters)
        kinds = land.get(f"{VIEW}&zoom=16&by={by}").get_json()["assets"]["kind"]
        assert max(kinds) < len(letters)


@pytest.mark.parametrize("bad", ["", "bbox=1,2,3&zoom=9", "bbox=0,51,1,52&zoom=x", "bbox=1,51,0,52&zoom=9", VIEW])
def test_a_window_without_a_box_or_a_zoom_is_refused(land: FlaskClient, bad: str) -> None:
    answer = land.get(bad if bad == VIEW else f"/estate/view.json?{bad}", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"


def test_the_map_begins_where_the_choice_is(land: FlaskClient) -> None:
    assert state_of(land.get("/estate").text)["bounds"] is None
    [[south, west], [north, east]] = state_of(land.get("/estate?gap=quarter-3-east").text)["bounds"]
    assert south < 51.505 < north
    assert west < -0.03 < east
    assert state_of(land.get("/estate?view=13/51.5/-0.1").text)["at"] == [13.0, 51.5, -0.1]


def test_the_style_sheet_has_the_colours_of_the_map(checkout: Path) -> None:
    sheet = (checkout / "web" / "static" / "css" / "estate.css").read_text()
    for name, (fill, ink) in [*enumerate(COLOURS), ("other", OTHER), ("unsaid", UNSAID)]:
        assert f".estate-kind-{name} {{ background: {fill}; color: {ink}; }}" in sheet
