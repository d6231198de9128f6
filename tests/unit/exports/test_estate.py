"""Chosen assets as files, read again by others."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest

from atlas.exports.estate.assets import COLUMNS, MIMETYPES, WRITERS, assets_csv, assets_geojson, assets_geopackage
from atlas.exports.estate.totals import totals_json
from atlas.exports.text import unguarded
from atlas.geo.estate.model import Viewer
from atlas.geo.estate.totals import totals
from tests.toy import HOSTILE
from tests.toy_estate import FORMULA, HIDDEN, ONE_PLACE, PARTNERS_ONLY, TOWN_HALL, toy_estate

ESTATE = toy_estate()
ALL = np.arange(len(ESTATE))
NONE = np.arange(0)


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_has_every_asset_and_every_column() -> None:
    rows = rows_of(assets_csv(ESTATE, ALL))
    assert [row["asset"] for row in rows] == list(ESTATE.assets.index)
    assert list(rows[0]) == [*COLUMNS, "longitude", "latitude"]


def test_no_cell_of_a_csv_starts_a_formula() -> None:
    rows = rows_of(assets_csv(ESTATE, ALL))
    texts = [text for row in rows for name, text in row.items() if name not in {"longitude", "latitude"}]
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert unguarded(next(row["name"] for row in rows if "HYPERLINK" in row["name"])) == FORMULA
    assert next(row["notes"] for row in rows if row["asset"] == "asset:council-formula") == "'@SUM(A1)"


def test_a_place_is_named_by_its_first_interest_in_every_format() -> None:
    places = {row["asset"]: row["place"] for row in rows_of(assets_csv(ESTATE, ALL))}
    assert places[ONE_PLACE[1]] == places[ONE_PLACE[0]] == ONE_PLACE[0]
    assert places["asset:council-library"] == "asset:council-library"


def test_csv_gives_positions_in_both_systems_and_none_for_what_is_nowhere() -> None:
    rows = {row["asset"]: row for row in rows_of(assets_csv(ESTATE, ALL))}
    library, lost = rows["asset:council-library"], rows["asset:council-lost"]
    assert (library["x_m"], library["longitude"][:6], library["latitude"][:5]) == ("531600.0", "-0.105", "51.50")
    assert (lost["x_m"], lost["longitude"], lost["latitude"]) == ("", "", "")


def test_geojson_is_read_as_points_outlines_and_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "assets.geojson"
    path.write_bytes(assets_geojson(ESTATE, ALL))
    frame = gpd.read_file(path)
    assert frame.geometry.isna().sum() == 1
    assert sorted(frame.geom_type.dropna().unique()) == ["Point", "Polygon"]
    hall = frame[frame["asset"] == "asset:council-town-hall"].to_crs("EPSG:27700").geometry.iloc[0]
    assert hall.symmetric_difference(TOWN_HALL).area < 100


def test_geojson_runs_its_outer_rings_as_the_standard_wants() -> None:
    features = json.loads(assets_geojson(ESTATE, ALL))["features"]
    ring = next(one for one in features if one["id"] == "asset:council-town-hall")["geometry"]["coordinates"][0]
    turn = sum((x1 - x0) * (y1 + y0) for (x0, y0), (x1, y1) in pairwise(ring))
    assert turn < 0


def test_geojson_keeps_text_as_it_is() -> None:
    names = {one["properties"]["name"] for one in json.loads(assets_geojson(ESTATE, ALL))["features"]}
    assert {HOSTILE, FORMULA} <= names


def test_geopackage_has_points_and_outlines_in_two_layers(tmp_path: Path) -> None:
    path = tmp_path / "assets.gpkg"
    path.write_bytes(assets_geopackage(ESTATE, ALL))
    assert pyogrio.list_layers(path)[:, 0].tolist() == ["assets", "asset_outlines"]
    points, outlines = (gpd.read_file(path, layer=layer) for layer in ("assets", "asset_outlines"))
    assert (len(points), len(outlines)) == (len(ESTATE) - 1, 1)
    assert points.crs == outlines.crs == "EPSG:27700"
    assert outlines.geometry.iloc[0].geom_type == "MultiPolygon"
    assert sorted([*points["asset"], *outlines["asset"]]) == list(ESTATE.assets.index)
    assert points.set_index("asset").loc["asset:council-formula", "name"] == FORMULA


def test_ogrinfo_opens_the_geopackage(tmp_path: Path) -> None:
    path = tmp_path / "assets.gpkg"
    path.write_bytes(assets_geopackage(ESTATE, ALL))
    tool = shutil.which("ogrinfo")
    if tool is None:
        pytest.skip("gdal-bin is not installed")
    told = subprocess.run([tool, "-so", "-al", path], capture_output=True, text=True, check=True).stdout
    assert "Layer name: assets" in told
    assert "Feature Count: 11" in told
    assert "Layer name: asset_outlines" in told


def test_the_same_choice_gives_the_same_geopackage() -> None:
    assert assets_geopackage(ESTATE, ALL) == assets_geopackage(ESTATE, ALL)


@pytest.mark.parametrize("form", list(WRITERS))
def test_nothing_chosen_is_a_file_of_nothing(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"assets.{form}"
    path.write_bytes(WRITERS[form](ESTATE, NONE))
    if form == "csv":
        assert rows_of(path.read_bytes()) == []
    else:
        assert len(gpd.read_file(path)) == 0


@pytest.mark.parametrize("form", list(WRITERS))
def test_what_a_viewer_may_not_see_is_in_no_file(form: str) -> None:
    public = WRITERS[form](ESTATE, ALL)
    whole = toy_estate(Viewer.owner())
    assert HIDDEN.encode() in WRITERS[form](whole, np.arange(len(whole)))
    for secret in (HIDDEN, PARTNERS_ONLY, "E1 9ZZ", "council-refuge"):
        assert secret.encode() not in public


def test_every_format_has_a_media_type() -> None:
    assert set(MIMETYPES) == set(WRITERS)


def test_totals_as_json_say_what_is_not_stated() -> None:
    document = json.loads(totals_json(totals(ESTATE, ALL)))
    assert (document["interests"], document["assets"], document["no_land"]) == (12, 11, 5)
    assert [row["label"] for row in document["by_owner"]] == ["Council", "Hospital", "Nobody"]
