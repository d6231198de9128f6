from __future__ import annotations

import csv
import dataclasses
import io
import json

import pytest
import shapely

from atlas.exports.gaps import CSV_COLUMNS, gaps_csv, gaps_document, gaps_geojson, gaps_json
from tests.toy import EAST, toy_atlas


def test_the_document_says_how_it_was_made() -> None:
    atlas = toy_atlas()
    document = gaps_document(atlas, atlas.gap_areas)
    assert (document["release"], document["revision"]) == ("estimate", atlas.revision)
    assert document["parameters"]["catchment_m"] == 4000.0
    wanted = {"id", "name", "lad", "lsoas", "population", "need", "access", "verdict", "networks", "nearest_anchors"}
    assert wanted <= set(document["areas"][0])


def test_the_gap_is_in_the_east() -> None:
    areas = gaps_document(toy_atlas(), toy_atlas().gap_areas)["areas"]
    assert {area["lad"] for area in areas} == {EAST}


def test_json_reads_back_the_same() -> None:
    atlas = toy_atlas()
    assert json.loads(gaps_json(atlas, atlas.gap_areas)) == json.loads(
        json.dumps(gaps_document(atlas, atlas.gap_areas))
    )


def test_csv_has_a_row_an_area() -> None:
    atlas = toy_atlas()
    rows = list(csv.DictReader(io.StringIO(gaps_csv(atlas, atlas.gap_areas))))
    assert [row["id"] for row in rows] == [area.id for area in atlas.gap_areas]
    assert tuple(rows[0]) == CSV_COLUMNS
    assert rows[0]["lsoas"].split("; ") == list(atlas.gap_areas[0].lsoas)


def test_geojson_is_in_degrees_and_covers_its_areas() -> None:
    atlas = toy_atlas()
    document = json.loads(gaps_geojson(atlas, atlas.gap_areas))
    shape = shapely.from_geojson(json.dumps(document["features"][0]["geometry"]))
    west, south, east, north = shape.bounds
    assert -1 < west < east < 1
    assert 51 < south < north < 52
    assert document["features"][0]["id"] == atlas.gap_areas[0].id
    assert all(part.exterior.is_ccw for part in shapely.get_parts(shape))


def test_nothing_chosen_is_an_empty_list() -> None:
    assert json.loads(gaps_json(toy_atlas(), ()))["areas"] == []
    assert gaps_csv(toy_atlas(), ()).count("\n") == 1


def test_nan_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("atlas.exports.gaps.gaps_document", lambda *_: {"need": float("nan")})
    with pytest.raises(ValueError, match="JSON"):
        gaps_json(toy_atlas(), ())


def test_a_name_that_begins_like_a_formula_is_text_in_csv() -> None:
    atlas = toy_atlas()
    hostile = dataclasses.replace(atlas.gap_areas[0], name="=1+1", need=-1.0)
    row = next(csv.DictReader(io.StringIO(gaps_csv(atlas, [hostile]))))
    assert (row["name"], row["need"]) == ("'=1+1", "-1.0")
