"""A register's rows made into assets."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from atlas.assets import ASSET_COLUMNS
from atlas.geo.estate.cleaning.clean import Cleaner
from atlas.geo.estate.cleaning.columns import match_columns
from atlas.geo.estate.model import FINDING_COLUMNS, SET_ASIDE_COLUMNS, RawChunk
from tests.registers import ROW, chunk_of, cleaned, context


def test_a_plain_row_is_accepted_with_every_column() -> None:
    found = cleaned([ROW | {"Post Code": " se64ru\n", "Tenure": "FH", "Colour": "red"}])
    assert tuple(found.assets.columns) == ASSET_COLUMNS
    assert found.assets.index.tolist() == ["asset:lewisham-council-a-1"]
    row = found.assets.iloc[0]
    assert (row["postcode"], row["tenure"], row["tenure_detail"], row["use"]) == (
        "SE6 4RU",
        "freehold",
        "FH",
        "library",
    )
    assert (row["x_m"], row["y_m"], row["placed_by"], row["lad"]) == (537_690, 173_620, "coordinates", "E09000023")
    assert (row["row"], row["outcome"], json.loads(row["extra"])) == (2, "accepted", {"Colour": "red"})
    assert tuple(found.findings.columns) == FINDING_COLUMNS
    assert len(found.findings) == 0
    assert tuple(found.set_aside.columns) == SET_ASIDE_COLUMNS


def test_a_repair_is_recorded_under_the_files_own_header() -> None:
    found = cleaned([ROW | {"Site Area (acres)": "2.47105381"}])
    assert found.assets["land_ha"].iloc[0] == pytest.approx(1.0)
    assert found.assets["outcome"].tolist() == ["repaired"]
    assert found.findings[["row", "column", "field", "kind", "code"]].to_numpy().tolist() == [
        [2, "Site Area (acres)", "land_ha", "repair", "converted"]
    ]


def test_swapped_coordinates_name_both_headers() -> None:
    found = cleaned([ROW | {"Easting": "173620", "Northing": "537690"}])
    assert found.findings[["column", "kind"]].to_numpy().tolist() == [["Easting, Northing", "repair"]]
    assert found.assets["x_m"].tolist() == [537_690]


def test_a_row_equal_in_every_cell_is_set_aside_with_the_row_that_it_repeats() -> None:
    found = cleaned([ROW, ROW | {"Asset Code": "A/2"}, ROW | {"Property Name": "Catford  Library\r"}])
    assert found.set_aside[["row", "why"]].to_numpy().tolist() == [[4, "says the same as row 2 in every cell"]]


def test_a_repeated_reference_gets_a_key_of_its_own_and_a_doubt_on_both_rows() -> None:
    chunk = chunk_of([ROW, ROW | {"Property Name": "Annexe"}, ROW | {"Property Name": "Yard"}])
    cleaner = Cleaner(context(), match_columns(list(chunk.cells.columns), chunk.cells))
    found = cleaner.clean(chunk)
    assert [name.rpartition("council-")[2] for name in found.assets.index] == ["a-1", "a-1-2", "a-1-3"]
    assert found.findings[["row", "kind", "why"]].to_numpy().tolist() == [
        [3, "doubt", "repeats reference A/1 of row 2"],
        [4, "doubt", "repeats reference A/1 of row 2"],
    ]
    whole = cleaner.finish()
    assert whole[whole["code"] == "repeated"][["row", "column", "why"]].to_numpy().tolist() == [
        [2, "Asset Code", "its reference A/1 is repeated by rows 3, 4"]
    ]


def test_a_reference_that_looks_like_a_repeat_takes_no_key_away() -> None:
    rows = [ROW | {"Asset Code": code, "Property Name": code} for code in ("A", "A", "A-2", "A-2")]
    rows[1] = rows[1] | {"Property Name": "another"}
    rows[3] = rows[3] | {"Property Name": "a fourth"}
    found = cleaned(rows)
    assert found.assets.index.is_unique
    assert len(found.assets) == 4


def test_keys_follow_reference_then_uprn_then_a_hash_that_a_row_above_does_not_move() -> None:
    rows = [{"Property Name": "Yard", "UPRN": "100020003456"}, {"Property Name": "Depot", "Post Code": "SE6 4RU"}]
    found = cleaned(rows)
    assert found.assets.index[0] == "asset:lewisham-council-uprn-100020003456"
    later = cleaned([{"Property Name": "New", "UPRN": "", "Post Code": ""}, *rows])
    assert set(found.assets.index) < set(later.assets.index)


def test_a_row_without_a_place_is_accepted_with_a_doubt_that_says_what_is_missing() -> None:
    found = cleaned([{"Asset Code": "A1", "Property Name": "Hall", "Easting": "", "Northing": ""}])
    assert found.assets["placed_by"].tolist() == ["nowhere"]
    assert found.assets["outcome"].tolist() == ["accepted"]
    assert found.findings[["kind", "code", "why"]].to_numpy().tolist() == [
        ["doubt", "no_place", "no coordinates; no UPRN; no postcode"]
    ]


def test_outlines_place_and_identify_a_row_without_a_single_cell() -> None:
    outline = shapely.box(537_000, 173_000, 537_100, 173_100)
    cells = pd.DataFrame({"Property Name": ["", ""]}, index=pd.RangeIndex(2, 4, name="row"), dtype="str")
    geometry = gpd.GeoSeries(
        [outline, shapely.box(538_000, 173_000, 538_100, 173_100)], index=cells.index, crs="EPSG:27700"
    )
    found = Cleaner(context(), match_columns(["Property Name"], cells)).clean(RawChunk(cells, geometry))
    assert found.assets["placed_by"].tolist() == ["shape", "shape"]
    assert shapely.from_wkb(found.assets["wkb"].iloc[0]).equals(outline)
    assert found.assets.index.is_unique


def test_an_area_many_times_its_own_outline_is_in_doubt() -> None:
    names = ["Catford Library", "Ladywell Fields", "Holbeach House", "Slagrove Depot"]
    cells = pd.DataFrame({"Property Name": names, "Site area (ha)": ["0.2", "170", "0.001", ""]}, dtype="str")
    cells.index = pd.RangeIndex(2, 6)
    sides = (40, 400, 30, 30)
    shapes = [shapely.box(537_000 + at, 174_000, 537_000 + at + side, 174_000 + side) for at, side in enumerate(sides)]
    geometry = gpd.GeoSeries(shapes, index=cells.index, crs="EPSG:27700")
    matches = match_columns(list(cells), cells, has_geometry=True)
    findings = (
        Cleaner(context(), matches).clean(RawChunk(cells, geometry)).findings.query("code != 'placed_by_postcode'")
    )
    assert findings[["row", "column", "kind", "code", "before", "why"]].to_numpy().tolist() == [
        [3, "Site area (ha)", "doubt", "area_not_of_outline", "170", "its outline holds 16 ha"],
        [4, "Site area (ha)", "doubt", "area_not_of_outline", "0.001", "its outline holds 0.09 ha"],
    ]


def test_formulas_and_markup_are_text() -> None:
    found = cleaned([ROW | {"Property Name": "<img onerror=x>", "Notes": "=1+1"}])
    assert found.assets[["name", "notes"]].iloc[0].tolist() == ["<img onerror=x>", "=1+1"]


def test_a_control_character_is_taken_out_and_said() -> None:
    found = cleaned([ROW | {"Property Name": "Town\x00 Hall"}])
    assert found.assets["name"].tolist() == ["Town Hall"]
    assert found.findings[["column", "kind", "code", "before"]].to_numpy().tolist() == [
        ["Property Name", "repair", "control_characters", "Town\\x00 Hall"]
    ]


def test_one_uprn_at_two_places_is_doubted() -> None:
    rows = [ROW | {"UPRN": "100020003456"}, ROW | {"Asset Code": "B", "UPRN": "100020003456", "Easting": "539690"}]
    chunk = chunk_of(rows)
    cleaner = Cleaner(context(), match_columns(list(chunk.cells.columns), chunk.cells))
    cleaner.clean(chunk)
    whole = cleaner.finish()
    apart = whole[whole["code"] == "uprn_apart"]
    assert apart[["row", "column", "why"]].to_numpy().tolist() == [
        [3, "UPRN", "2,000 m from row 2, which has the same UPRN"]
    ]


def test_nothing_at_all_is_cleaned_to_nothing() -> None:
    cells = pd.DataFrame({"Property Name": []}, dtype="str", index=pd.RangeIndex(2, 2, name="row"))
    cleaner = Cleaner(context(), match_columns(["Property Name"], cells))
    found = cleaner.clean(RawChunk(cells))
    assert (len(found.assets), len(found.set_aside), len(found.findings), len(cleaner.finish())) == (0, 0, 0, 0)
    assert tuple(found.assets.columns) == ASSET_COLUMNS
