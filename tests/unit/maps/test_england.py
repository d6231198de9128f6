"""The map of England: payloads whose order is that of the tiles' ids, and Folium's layer without its CDN."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest

from atlas.maps.england import (
    DECILE_COLOURS,
    EnglandMap,
    EnglandUrls,
    districts_json,
    names_json,
    values_json,
)
from atlas.maps.page import Fragments, fragments
from atlas.vocabulary import NeedDomain
from tests.toy_england import COUNT, KEY, LADS, NAMES, toy_england

URLS = EnglandUrls("/map/tiles/k/{z}/{x}/{y}.pbf", "/d.json", "/n.json", "/v.json")


def made(urls: EnglandUrls = URLS) -> Fragments:
    return fragments(EnglandMap(toy_england().districts, range(5, 8), COUNT, urls))


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(names_json(KEY, toy_england().need))
    return found


def test_values_stand_in_the_order_of_the_ids() -> None:
    need = toy_england().need
    found = json.loads(values_json(KEY, need, NeedDomain.CRIME))
    assert (found["key"], found["release"], found["domain"]) == (KEY, "iod2025", "crime")
    assert found["ranks"] == need.ranks["crime"].tolist()


def test_names_stand_in_the_order_of_the_ids(names: dict[str, Any]) -> None:
    need = toy_england().need
    codes = [f"E{number:08d}" for number in np.cumsum(names["codes"])]
    assert codes == need.names.index.tolist()
    whole = [
        f"{names['places'][place]} {number:03d}{letter}"
        for place, number, letter in zip(names["place"], names["numbers"], names["letters"], strict=True)
    ]
    assert whole == need.names["name"].tolist()
    assert [names["lads"][lad] for lad in names["lad"]] == need.names["lad"].tolist()


def test_districts_are_a_topology_with_names_people_and_boards() -> None:
    found = json.loads(districts_json(KEY, toy_england().need, toy_england().districts))
    about = found["atlas"]
    assert about["id"] == KEY
    assert [f"E{number:08d}" for number in np.cumsum(about["areas"]["code"])] == list(LADS)
    assert about["stems"]["name"] == list(NAMES)
    assert sum(about["people"]) == toy_england().need.populations["total"].sum()
    assert [about["icbs"][board] for board in about["stems"]["borough"]] == ["West Board"] * 2 + ["East Board"] * 2
    assert len(found["objects"]["areas"]["geometries"]) == len(about["label"]) == len(LADS)


def test_payloads_are_the_same_bytes_every_time() -> None:
    england = toy_england()
    assert districts_json(KEY, england.need, england.districts) == districts_json(KEY, england.need, england.districts)
    assert made() == made()


def test_hostile_names_in_payloads_end_no_script() -> None:
    england = toy_england()
    for payload in (districts_json(KEY, england.need, england.districts), names_json(KEY, england.need)):
        assert b"<img" not in payload


def test_the_page_has_folium_call_our_own_layer_and_nothing_from_elsewhere() -> None:
    pieces = made()
    assert "L.vectorGrid.protobuf(\n" in pieces.script
    assert "'/map/tiles/k/{z}/{x}/{y}.pbf'" in pieces.script
    assert "england_map_areas.addTo(england_map)" in pieces.script
    assert not re.search(r"(https?:)?//\w", pieces.header + pieces.html + pieces.script)
    assert " style=" not in pieces.html


def test_picture_tiles_are_named_only_where_they_are_set() -> None:
    assert '"raster":null' in made().script
    urls = EnglandUrls(*("/t", "/d", "/n", "/v"), raster="https://t.example.org/{z}/{x}/{y}.png", attribution="Me")
    assert '"raster":{"url":"https://t.example.org/{z}/{x}/{y}.png","attribution":"Me"}' in made(urls).script


def luminance(colour: str) -> float:
    parts = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_each_less_deprived_tenth_is_lighter() -> None:
    lights = [luminance(colour) for colour in DECILE_COLOURS]
    assert len(lights) == 10
    assert lights == sorted(lights)
