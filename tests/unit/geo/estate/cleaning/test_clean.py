"""A register's rows made into assets."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from atlas.assets import ASSET_COLUMNS
from atlas.geo.estate.cleaning.clean import Cleaner, CleaningContext
from atlas.geo.estate.cleaning.columns import match_columns
from atlas.geo.estate.model import FINDING_COLUMNS, SET_ASIDE_COLUMNS, Cleaned, RawChunk, Viewer, may_see
from atlas.vocabulary.estate import Visibility

LEWISHAM = shapely.box(534_000, 170_000, 542_000, 179_000)
BOROUGHS = gpd.GeoDataFrame({"name": ["Lewisham"]}, index=["E09000023"], geometry=[LEWISHAM], crs="EPSG:27700")
POSTCODES = pd.DataFrame({"lad": ["E09000023"], "easting_m": [537_690.0], "northing_m": [173_620.0]}, index=["SE6 4RU"])


def context(**changes: Any) -> CleaningContext:
    given: dict[str, Any] = {
        "partner": "institution:lewisham-council",
        "register": "lewisham-council",
        "visibility": Visibility.PUBLIC,
        "as_of": "",
        "postcodes": lambda wanted: POSTCODES[POSTCODES.index.isin(wanted)],
        "uprns": None,
        "boroughs": BOROUGHS,
    }
    return CleaningContext(**{**given, **changes})


def chunk_of(rows: list[dict[str, str]], **more: Any) -> RawChunk:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    cells = pd.DataFrame([[row.get(name, "") for name in columns] for row in rows], columns=columns, dtype="str")
    cells.index = pd.RangeIndex(2, 2 + len(rows), name="row")
    return RawChunk(cells, **more)


def cleaned(rows: list[dict[str, str]], **changes: Any) -> Cleaned:
    chunk = chunk_of(rows)
    return Cleaner(context(**changes), match_columns(list(chunk.cells.columns), chunk.cells)).clean(chunk)


ROW = {"Asset Code": "A/1", "Property Name": "Catford Library", "Easting": "537690", "Northing": "173620"}


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


def test_sums_notes_headers_and_empty_rows_are_set_aside_and_kept_as_they_were() -> None:
    rows = [
        ROW,
        {"Asset Code": "AGGRE", "Property Name": "AGGREGATE SITE"},
        {"Asset Code": "Total ", "Colour": "12"},
        {"Asset Code": "Note: areas are approximate"},
        {name: name for name in ROW},
        {"Colour": "red"},
        {},
    ]
    found = cleaned(rows)
    assert found.set_aside["row"].tolist() == [3, 4, 5, 6, 7, 8]
    assert found.set_aside["why"].tolist() == [
        "several sites added up, and not one asset",
        "a sum of other rows",
        "a note and not an asset",
        "the header once more",
        "nothing in it names or places an asset",
        "empty",
    ]
    assert json.loads(found.set_aside["raw"].iloc[1]) == {"Asset Code": "Total ", "Colour": "12"}


def test_a_place_called_total_is_an_asset() -> None:
    found = cleaned(
        [ROW | {"Property Name": "Total Garage"}, {"Property Name": "Total", "Easting": "537000", "Northing": "173000"}]
    )
    assert len(found.assets) == 2


def test_a_total_with_nothing_but_amounts_is_a_sum_unless_it_is_a_brand() -> None:
    rows = [ROW | {"GIA sqm": "300"}, {"Property Name": "Total non-res", "GIA sqm": "18,000"}]
    found = cleaned([*rows, {"Property Name": "Total petrol station", "GIA sqm": "200"}])
    assert found.set_aside[["row", "why"]].to_numpy().tolist() == [[3, "a sum of other rows"]]


def test_what_a_register_lists_is_the_use_of_its_rows_where_they_tell_none() -> None:
    rows = [
        {"Car Park": name, "Postcode": "SE6 4RU", "Type": kind}
        for name, kind in (("Holbeach", "MSCP"), ("Slagrove", "Depot"))
    ]
    found = cleaned([*rows, {"Car Park": "Catford Library", "Postcode": "SE6 4RU"}])
    assert found.assets["use"].tolist() == ["car_park", "depot", "library"]
    assert found.assets["name"].tolist() == ["Holbeach", "Slagrove", "Catford Library"]


def test_what_is_said_to_be_sold_is_in_doubt() -> None:
    words = ["Sold 12/03/2021", "Disposed of", "Not sold", "Sold STC", "To be sold", "In use"]
    rows = [
        ROW | {"Asset Code": f"A/{at}", "Property Name": f"Yard {at}", "Status": said} for at, said in enumerate(words)
    ]
    found = cleaned(rows)
    sold = found.findings[found.findings["code"] == "sold"]
    assert sold[["row", "column", "before"]].to_numpy().tolist() == [
        [2, "Status", "Sold 12/03/2021"],
        [3, "Status", "Disposed of"],
    ]
    assert found.assets["status"].tolist()[3:] == ["subject_to_disposal", "subject_to_disposal", "in_use"]


def test_a_place_that_is_withheld_is_its_owners() -> None:
    names = ["Confidential Address", "Location withheld", "Confidential waste depot"]
    found = cleaned([ROW | {"Asset Code": f"A/{at}", "Property Name": name} for at, name in enumerate(names)])
    assert found.assets["visibility"].tolist() == ["owner", "owner", "public"]
    assert found.assets["is_sensitive"].tolist() == [True, True, False]


def test_nobody_is_no_occupier() -> None:
    found = cleaned([ROW | {"Tenant": "VACANT"}, ROW | {"Asset Code": "A/2", "Tenant": "Vacant Spaces Ltd"}])
    assert found.assets["occupier"].tolist() == ["", "Vacant Spaces Ltd"]
    assert found.assets["status"].tolist() == ["vacant", "unknown"]
    assert json.loads(found.assets["extra"].iloc[0]) == {"Tenant": "VACANT"}
    assert found.assets["extra"].iloc[1] == ""


def test_land_in_a_column_of_floors_is_in_doubt_and_counts_for_none() -> None:
    areas = ["1200 m2", "300 sqm", "0.5 ha"]
    found = cleaned([ROW | {"Asset Code": f"A/{at}", "Size": area} for at, area in enumerate(areas)])
    assert found.assets["floor_m2"].tolist()[:2] == [1200.0, 300.0]
    assert found.assets[["land_ha", "floor_m2"]].iloc[2].isna().all()
    assert found.findings[["row", "code", "before"]].to_numpy().tolist()[-1] == [4, "unit_of_land", "0.5 ha"]


WIDE = ("Asset Code", "Property Name", "Address", "Post Code", "Longitude", "Area (ha)")
ASSET = dict(zip(WIDE, ("A/1", "Catford Library", "1 Catford Road", "SE6 4RU", "", "0.2"), strict=True))


@pytest.mark.parametrize(
    "row",
    [
        {"Property Name": "Total", "Asset Code": "99999 assets", "Area (ha)": "12,345.6"},
        {"Property Name": "Grand total", "Asset Code": "27", "Area (ha)": "12.6"},
        {"Property Name": "Allotments Total", "Area (ha)": "17.6"},
        {"Asset Code": "Depots Total", "Area (ha)": "3.5 ha"},
        {"Property Name": "Sub total South Queensferry", "Area (ha)": "2.1"},
        {"Property Name": "EDINBURGH TOTAL", "Area (ha)": "24.3"},
        {"Address": "Allotments", "Post Code": "Total", "Area (ha)": "3.0"},
        {"Post Code": "Overall Total", "Area (ha)": "3.5"},
        {"Address": "Total Site Area", "Area (ha)": "3.5"},
        {"Longitude": "Total", "Area (ha)": "27.35"},
    ],
)
def test_a_sum_is_one_wherever_it_says_total(row: dict[str, str]) -> None:
    found = cleaned([ASSET, row])
    assert found.set_aside[["row", "why"]].to_numpy().tolist() == [[3, "a sum of other rows"]]
    assert json.loads(found.set_aside["raw"].iloc[0]) == row


@pytest.mark.parametrize(
    "row",
    [
        {"Property Name": "Total Petrol Station, 12 High Road", "Area (ha)": "0.1"},
        {"Property Name": "Total Petrol Station", "Address": "12 High Road"},
        {"Property Name": "Total Petrol Station", "Asset Code": "27", "Area (ha)": "0.1"},
        {"Property Name": "Total Petrol Station", "Address": "High Road"},
        {"Property Name": "Total", "Address": "12 High Road"},
        {"Property Name": "Total", "Asset Code": "A/7", "Area (ha)": "0.1"},
        {"Property Name": "Total", "Post Code": "SE6 4RU"},
        {"Property Name": "Yard", "Address": "High Road", "Area (ha)": "0.3 in total"},
    ],
)
def test_a_row_that_says_total_with_a_place_or_a_reference_is_an_asset(row: dict[str, str]) -> None:
    assert len(cleaned([ASSET, row]).assets) == 2


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("Asset Code", "Allotments"),
        ("Property Name", "CAR PARKS"),
        ("Post Code", "LIBRARIES"),
        ("Address", "Buildings"),
    ],
)
def test_words_alone_in_a_row_of_a_wide_table_are_a_heading(column: str, words: str) -> None:
    found = cleaned([ASSET, {column: words}])
    assert found.set_aside[["row", "why"]].to_numpy().tolist() == [
        [3, "a heading or a note: one cell alone in its row"]
    ]


@pytest.mark.parametrize(
    "row",
    [
        {"Asset Code": "A/7"},
        {"Post Code": "SE6 4RU"},
        {"Property Name": "Hall, 12 High Road"},
        {"Property Name": "War Memorial"},
        {"Property Name": "Keys House"},
        {"Property Name": "Unit 5"},
        {"Address": "Ladywell Road"},
    ],
)
def test_a_reference_a_place_or_a_name_alone_in_its_row_is_an_asset(row: dict[str, str]) -> None:
    assert len(cleaned([ASSET, row]).assets) == 2


def test_names_alone_are_assets_where_the_table_has_little_else() -> None:
    found = cleaned([{"Property Name": name, "Ward": "", "Area (ha)": ""} for name in ("Town Hall", "Library")])
    assert len(found.assets) == 2


@pytest.mark.parametrize(
    "words",
    [
        "Correct as at 1 April 2025",
        "# areas are approximate",
        "For further information contact estates@example.gov.uk",
        "Report run on 12 May by the estates team",
    ],
)
def test_notes_at_the_foot_are_set_aside_in_a_table_of_any_width(words: str) -> None:
    for row in (ASSET, {"Property Name": "Catford Library"}):
        found = cleaned([row, {"Property Name": words}])
        assert found.set_aside["why"].tolist() == ["a note and not an asset"]


OTHER = dict(zip(WIDE, ("Landlord", "Property", "Rent (£)", "Expiry", "Location", ""), strict=True))


@pytest.mark.parametrize("size", [1, 2, 10])
def test_rows_under_the_header_of_another_table_are_set_aside_until_the_own_comes_again(size: int) -> None:
    let = dict(zip(WIDE, ("Network Rail", "Station Yard", "1200", "2030", "Staplehurst Road", ""), strict=True))
    again = {name: name.upper() for name in WIDE}
    cells = chunk_of([ASSET, OTHER, let, again, ASSET | {"Asset Code": "A/2"}]).cells
    cleaner = Cleaner(context(), match_columns(list(cells.columns), cells.iloc[:1]))
    parts = [cleaner.clean(RawChunk(cells.iloc[at : at + size])) for at in range(0, len(cells), size)]
    assert [row for part in parts for row in part.assets["row"]] == [2, 6]
    assert [why for part in parts for why in part.set_aside["why"]] == [
        "the header of another table",
        "belongs to another table, which begins in row 3",
        "the header once more",
    ]


def test_a_row_with_a_place_of_its_own_ends_another_table() -> None:
    found = cleaned([ASSET, OTHER, ASSET | {"Asset Code": "A/2"}, ASSET | {"Asset Code": "A/3"}])
    assert found.assets["row"].tolist() == [2, 4, 5]


@pytest.mark.parametrize("size", [1, 3, 10])
def test_a_place_where_the_other_table_has_one_too_does_not_end_it(size: int) -> None:
    other = dict(zip(WIDE, ("Applicant", "Stage", "Asset", "Post code", "", "Area sqm"), strict=True))
    rows = [dict(zip(WIDE, ("Friends", "EOI", name, "SE6 4RU", "", "500"), strict=True)) for name in ("Hall", "Lodge")]
    cells = chunk_of([ASSET, other, *rows, dict(zip(WIDE, WIDE, strict=True)), ASSET | {"Asset Code": "A/2"}]).cells
    cleaner = Cleaner(context(), match_columns(list(cells.columns), cells.iloc[:1]))
    parts = [cleaner.clean(RawChunk(cells.iloc[at : at + size])) for at in range(0, len(cells), size)]
    assert [row for part in parts for row in part.assets["row"]] == [2, 7]
    whys = [why for part in parts for why in part.set_aside["why"]]
    assert whys[:3] == ["the header of another table", *["belongs to another table, which begins in row 3"] * 2]


@pytest.mark.parametrize("words", [("North Field", "Parish", "Council"), ("Land", "Ward", "Parish", "Town")])
def test_values_that_are_names_of_columns_too_are_no_header(words: tuple[str, ...]) -> None:
    row = dict(zip(WIDE, ("", *words), strict=False))
    assert len(cleaned([ASSET, row, ASSET | {"Asset Code": "A/2"}]).assets) == 3


def test_an_asset_in_words_that_columns_have_too_is_an_asset() -> None:
    words = dict(zip(WIDE, ("", "Council", "Road", "", "", ""), strict=True))
    found = cleaned([ASSET, words | {"Land or Building": "Building", "Status": "Vacant", "Use": "Office"}])
    assert len(found.assets) == 2


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


def test_a_postcode_in_the_address_is_used_and_said() -> None:
    found = cleaned([{"Asset Code": "A1", "Address": "1 Catford Road, SE6 4RU", "Post Code": ""}])
    assert found.assets["postcode"].tolist() == ["SE6 4RU"]
    assert "postcode_from_address" in set(found.findings["code"])
    assert found.assets["placed_by"].tolist() == ["postcode"]


def test_a_refuge_is_its_owners_alone_by_use_by_flag_and_by_name() -> None:
    rows = [
        ROW | {"Asset Code": "1", "Use": "Women's refuge", "Sensitive": ""},
        ROW | {"Asset Code": "2", "Use": "Housing", "Sensitive": "Yes"},
        ROW | {"Asset Code": "3", "Use": "Housing", "Sensitive": "No", "Property Name": "Safe House"},
        ROW | {"Asset Code": "4", "Use": "Housing", "Sensitive": "No"},
    ]
    found = cleaned(rows)
    assert found.assets["is_sensitive"].tolist() == [True, True, True, False]
    assert found.assets["visibility"].tolist() == ["owner", "owner", "owner", "public"]
    assert may_see(Viewer.public(), found.assets).tolist() == [False, False, False, True]
    assert found.findings[["row", "kind", "code"]].to_numpy().tolist() == [[4, "repair", "guarded"]]


@pytest.mark.parametrize(
    ("default", "said", "visibility"),
    [
        (Visibility.PUBLIC, "partners", "partners"),
        (Visibility.PARTNERS, "public", "partners"),
        (Visibility.PARTNERS, "", "partners"),
        (Visibility.PUBLIC, "owner", "owner"),
    ],
)
def test_the_stricter_of_register_and_row_counts(default: Visibility, said: str, visibility: str) -> None:
    found = cleaned([ROW | {"Visibility": said}], visibility=default)
    assert found.assets["visibility"].tolist() == [visibility]


def test_statuses_of_several_columns_weigh_and_are_kept() -> None:
    rows = [
        ROW | {"Asset Code": "1", "Occupied": "Yes", "Asset_Category": "Subject to disposal process"},
        ROW | {"Asset Code": "2", "Occupied": "No", "Asset_Category": "Operational asset"},
        ROW | {"Asset Code": "3", "Occupied": "", "Asset_Category": "Saleable asset"},
    ]
    found = cleaned(rows)
    assert found.assets["status"].tolist() == ["subject_to_disposal", "vacant", "surplus"]
    assert json.loads(found.assets["extra"].iloc[1]) == {"Occupied": "No", "Asset_Category": "Operational asset"}


@pytest.mark.parametrize("use", ["Vacant", "Vacant land", "Derelict", "Disused", "Closed toilets"])
def test_the_use_tells_a_status_where_no_column_does(use: str) -> None:
    rows = [ROW | {"Asset Code": "1", "Use": use, "Status": ""}, ROW | {"Asset Code": "2", "Use": use, "Status": "Let"}]
    assert cleaned(rows).assets["status"].tolist() == ["vacant", "in_use"]


@pytest.mark.parametrize(
    ("said", "tenure", "status"),
    [
        ("Freehold - Vacant", "freehold", "vacant"),
        ("Leasehold \N{EN DASH} Occupied by the local authority", "leasehold", "in_use"),
        ("Freehold \N{EN DASH} Leasehold", "freehold", "in_use"),
    ],
)
def test_a_tenure_tells_a_status_where_no_column_does(said: str, tenure: str, status: str) -> None:
    row = cleaned([ROW | {"Tenure": said}]).assets.iloc[0]
    assert (row["tenure"], row["status"], row["tenure_detail"]) == (tenure, status, said)


def test_a_day_long_after_the_registers_own_is_doubted() -> None:
    found = cleaned([ROW | {"LastUpdatedDate": "2018-07-05", "FirstAddedDate": "2027-12-15"}])
    assert found.assets["as_of"].tolist() == ["2018-07-05"]
    assert found.findings["code"].tolist() == ["date_in_future"]
    late = cleaned([ROW | {"LastUpdatedDate": "2027-12-15"}], as_of="2018-07-05")
    assert late.assets["as_of"].tolist() == ["2018-07-05"]
    assert late.findings["code"].tolist() == ["date_in_future"]


def test_a_ragged_row_is_set_aside_where_it_is_shifted_and_doubted_where_it_fits() -> None:
    chunk = chunk_of(
        [
            ROW,
            ROW | {"Asset Code": "A/2"},
            ROW | {"Asset Code": "A/3", "Easting": "Catford Library", "Northing": "537690"},
        ],
        ragged={3: "5 cells where the header has 4", 4: "3 cells where the header has 4"},
    )
    found = Cleaner(context(), match_columns(list(chunk.cells.columns), chunk.cells.iloc[:1])).clean(chunk)
    assert found.set_aside[["row", "why"]].to_numpy().tolist() == [
        [4, "3 cells where the header has 4, and what is in it does not fit its columns"]
    ]
    assert found.findings[["row", "kind", "code"]].to_numpy().tolist() == [[3, "doubt", "ragged"]]


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
