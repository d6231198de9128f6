"""Rows that are no assets: sums, headings, notes, and rows that do not fit."""

from __future__ import annotations

import json

import pytest

from atlas.geo.estate.cleaning.clean import Cleaner
from atlas.geo.estate.cleaning.columns import match_columns
from tests.registers import ASSET, ROW, chunk_of, cleaned, context


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
        ("Property Name", "RUSHEY GREEN WARD"),
        ("Asset Code", "FH Freehold"),
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


def test_vehicles_and_equipment_of_a_register_of_all_fixed_assets_are_set_aside() -> None:
    classes = [
        "Vehicles, Plant & Equipment",
        "Intangible Assets",
        "Energy plant",
        "Equipment store",
        "Other Land & Buildings",
    ]
    found = cleaned([ROW | {"Asset Code": f"A/{at}", "Asset Class": said} for at, said in enumerate(classes)])
    assert found.set_aside["row"].tolist() == [2, 3]
    assert set(found.set_aside["why"]) == {"no land or property, but what can be moved or is nowhere"}
    assert len(found.assets) == 3


def test_sub_totals_that_repeat_their_group_and_legends_are_no_assets() -> None:
    rows = [
        ROW | {"Campus": "Main", "GIA (m2)": "300"},
        {"Asset Code": "C1", "Property Name": "Sub-total Main Campus", "Campus": "Main", "GIA (m2)": "300"},
        {"Asset Code": "FH = Freehold; LH = Leasehold"},
        {"Asset Code": "Contact: property@example.org"},
        {"Asset Code": "(1) Excludes plant rooms"},
    ]
    found = cleaned(rows)
    assert len(found.assets) == 1
    assert found.set_aside["why"].tolist() == ["a sum of other rows", *["a note and not an asset"] * 3]


def test_what_can_be_carried_is_no_asset_by_its_name_unless_it_has_a_place() -> None:
    names = ["Clerk's laptop", "Ride-on mower", "Chain of office", "Computer centre", "Mower shed"]
    rows = [{"Asset Code": f"A/{at}", "Property Name": name, "Postcode": "SE6 4RU"} for at, name in enumerate(names)]
    found = cleaned([*rows, ROW | {"Property Name": "The Printers"}])
    assert found.assets["name"].tolist() == ["Computer centre", "Mower shed", "The Printers"]
