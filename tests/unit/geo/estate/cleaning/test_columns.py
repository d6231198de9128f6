"""Which field a column is taken for."""

from __future__ import annotations

import pandas as pd
import pytest

from atlas.assets import FIELDS
from atlas.geo.estate.cleaning.columns import match_columns
from atlas.geo.estate.cleaning.headers import area_of, fold
from atlas.geo.estate.cleaning.missing import missing
from atlas.geo.estate.cleaning.synonyms import LOOSE, SYNONYMS

VALUES = {
    "text": ["Town Hall", "Library", "Depot"],
    "number": ["0.27", "1.5", "0.3"],
    "uprn": ["100020003456", "100020003457", "100020003458"],
    "postcode": ["SE6 4RU", "SE13 5AA", "BR1 5JN"],
    "date": ["2017-11-30", "2018-07-05", "2019-01-01"],
    "tenure": ["Freehold", "LH", "FH & LH"],
    "status": ["Yes", "No", "Yes"],
    "metres": ["537690", "538277", "533586"],
    "holding": ["Land", "Land and buildings", "Land"],
    "crs": ["OSGB36"] * 3,
    "count": ["0", "12", "1"],
}


def fields_of(columns: dict[str, list[str]], **told: dict[str, str | None]) -> dict[str, str | None]:
    sample = pd.DataFrame(columns, dtype="str")
    return {match.column: match.field for match in match_columns(list(columns), sample, **told)}


@pytest.mark.parametrize(
    ("header", "values", "field"),
    [
        ("OrganisationLabel", "text", "organisation"),
        ("AssetCode", "text", "reference"),
        ("Unique asset identity", "text", "reference"),
        ("Unique_Asset_ID", "text", "reference"),
        ("SiteReference", "text", "reference"),
        ("LA SITE REF", "text", "reference"),
        ("Asset Ref", "text", "reference"),
        ("Asset No", "text", "reference"),
        ("UPRN No", "uprn", "uprn"),
        ("Unique property reference number", "uprn", "uprn"),
        ("Name of the building/land or both", "text", "name"),
        ("SiteNameAddress", "text", "name"),
        ("Holding_Name", "text", "name"),
        ("Site Name", "text", "name"),
        ("Street number", "number", "number"),
        ("Property Address", "text", "street"),
        ("Addr1", "text", "street"),
        ("PROP_NAME", "text", "name"),
        ("PROP_DESCR", "text", "name"),
        ("PSTCD", "postcode", "postcode"),
        ("TEN_TYP", "tenure", "tenure"),
        ("Post_Code", "postcode", "postcode"),
        ("POSTCODE", "postcode", "postcode"),
        ("PostTown", "text", "town"),
        ("LOCAL AUTHORITY", "text", "borough"),
        ("PA2Ward", "text", "ward"),
        ("Freehold/Leasehold", "tenure", "tenure"),
        ("Ownership", "tenure", "tenure"),
        ("Land_Building", "holding", "holding"),
        ("Occupied", "status", "status"),
        ("Vacant?", "status", "status"),
        ("Site_Area_Hectares", "number", "land_ha"),
        ("Hectares", "number", "land_ha"),
        ("AREA (HA)", "number", "land_ha"),
        ("Area (acres)", "number", "land_ha"),
        ("Site Area m2", "number", "land_ha"),
        ("GIA", "number", "floor_m2"),
        ("Area sqm", "number", "floor_m2"),
        ("Gross internal floor area (m²)", "number", "floor_m2"),
        ("Building_Area_GIA_sqm", "number", "floor_m2"),
        ("Title No", "text", "title_number"),
        ("LastUpdatedDate", "date", "as_of"),
        ("System Reference", "crs", "crs"),
        ("Eastings", "metres", "x"),
        ("X Coordinate", "metres", "x"),
        ("Long", "number", "x"),
        ("GeoY", "number", "y"),
        ("lat", "number", "y"),
        ("Post Cde", "postcode", "postcode"),
        ("Deiliadaeth / Tenure", "tenure", "tenure"),
        ("Arwynebedd (ha) / Area (ha)", "number", "land_ha"),
        ("PostCode/ZIP", "postcode", "postcode"),
        ("Surplus (Y/N)", "status", "status"),
        ("Eastings (OSGB36)", "metres", "x"),
        ("Building Size (sq m GIA)", "number", "floor_m2"),
        ("Site Area (Ha/Acres)", "number", "land_ha"),
        ("Description (including size/acreage)", "text", "name"),
        ("Campus Postcode", "postcode", "postcode"),
        ("TENURE_TYP", "tenure", "tenure"),
        ("PROP_ADDRE", "text", "street"),
        ("Tenure Category", "tenure", "tenure_detail"),
        ("Present use", "text", "use"),
        ("Owner / Custodian", "text", "organisation"),
        ("Name of the building/land", "text", "name"),
        ("Location (Easting)", "metres", "x"),
        ("OS Ref (X)", "metres", "x"),
        ("Type (Freehold/Leasehold)", "tenure", "tenure"),
        ("Location (Postcode)", "postcode", "postcode"),
        ("Name (Occupier)", "text", "occupier"),
        ("Area (ha/acres)", "number", "land_ha"),
        ("full_addr", "text", "street"),
        ("tenure_cd", "tenure", "tenure"),
        ("site_ha", "number", "land_ha"),
        ("Plot (sq.m.)", "number", "land_ha"),
        ("Surface area", "number", "land_ha"),
        ("Size GIA (sq m)", "number", "floor_m2"),
        ("Car Park", "text", "name"),
        ("Station", "text", "name"),
        ("EstablishmentName", "text", "name"),
        ("Location Ward", "text", "ward"),
        ("Demise (sq m)", "number", "floor_m2"),
        ("Net lettable area (m2)", "number", "floor_m2"),
        ("Publish?", "status", "visibility"),
        ("Visible to the public", "status", "visibility"),
        ("GIS area (ha)", "number", "land_ha"),
        ("Acreage", "number", "land_ha"),
        ("Grid Ref (E)", "metres", "x"),
        ("Tenant / Occupier", "text", "occupier"),
        ("F/H or L/H", "tenure", "tenure"),
        ("Purpose for which held", "text", "use"),
    ],
)
def test_a_header_is_known_by_its_name(header: str, values: str, field: str) -> None:
    assert fields_of({header: VALUES[values]}) == {header: field}


def test_a_kind_of_place_heads_names_only_where_they_are_names() -> None:
    assert fields_of({"Park": ["Yes", "No", "Yes"]}) == {"Park": None}
    assert fields_of({"Park": ["North"] * 5}) == {"Park": None}
    assert fields_of({"Park": VALUES["text"], "Site name": VALUES["text"]})["Site name"] == "name"
    assert fields_of({"Park": VALUES["text"], "Description": VALUES["text"]})["Park"] == "name"


def test_coordinates_in_metres_that_share_a_cell_are_known_by_their_values() -> None:
    assert fields_of({"Coords (E,N)": ["533690,177614", "531751,177048", "537424, 181879"]}) == {"Coords (E,N)": "x"}
    assert fields_of({"Extension": ["533690 17", "531751 18", "537424 19"]}) == {"Extension": None}


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Landlord Postcode", "postcode"),
        ("Landlord (Name)", "text"),
        ("Headteacher (Name)", "text"),
        ("Policy (Site)", "text"),
        ("CO2/m2", "number"),
        ("Trees/ha", "number"),
        ("Rent / Area (ha)", "number"),
        ("Single rooms with facilities (No.)", "number"),
        ("Site area (perches)", "number"),
        ("Plot size (poles)", "number"),
        ("Average plot size (sq m)", "number"),
        ("Void", "count"),
        ("Directorate", "text"),
        ("USRN", "uprn"),
        ("GL Code", "uprn"),
        ("Lease End", "date"),
        ("Acquired", "date"),
    ],
)
def test_what_speaks_of_something_else_is_no_field(header: str, values: str) -> None:
    assert fields_of({header: VALUES[values]}) == {header: None}


def test_the_number_in_a_street_is_no_reference_beside_one() -> None:
    found = fields_of({"Unique Asset ID": ["A1", "A2", "A3"], "No": ["1", "22", "3A"], "Street": VALUES["text"]})
    assert found == {"Unique Asset ID": "reference", "No": "number", "Street": "street"}


@pytest.mark.parametrize(
    ("header", "values", "field"),
    [
        ("Size", ["15.3 acres", "2 acres", "1 acre"], "land_ha"),
        ("Area", ["6.2 ha", "2 ha", ""], "land_ha"),
        ("Size", ["15.3 acres", "0.25 acre", "2 hectares", "120 sq m"], "land_ha"),
        ("Area", ["100 sqm", "200 m2", "300 sq m"], "floor_m2"),
        ("Area", ["Ladywell", "Brockley", "Lee Green"], "ward"),
    ],
)
def test_an_area_without_a_unit_has_that_of_its_values(header: str, values: list[str], field: str) -> None:
    assert fields_of({header: values}) == {header: field}


def test_of_one_area_in_two_units_the_fields_own_is_taken() -> None:
    numbers = dict.fromkeys(("Acres", "Hectares", "GIA sq ft", "GIA sq m"), VALUES["number"])
    assert fields_of(numbers) == {"Acres": None, "Hectares": "land_ha", "GIA sq ft": None, "GIA sq m": "floor_m2"}


def test_an_area_beside_an_outline_is_the_outlines_own() -> None:
    sample = pd.DataFrame({"AREA": ["40000", "1250"], "AREA_HA": ["4", "0.125"]})
    assert [match.field for match in match_columns(["AREA"], sample, has_geometry=True)] == [None]
    assert [match.field for match in match_columns(list(sample), sample, has_geometry=True)] == [None, "land_ha"]


def test_the_schema_of_the_transparency_code_is_known_by_code_and_by_label() -> None:
    for field in FIELDS:
        if field.code:
            assert field.name in {match.field for match in match_columns([field.code], pd.DataFrame({field.code: []}))}


def test_every_synonym_is_folded_already() -> None:
    names = [name for table in (SYNONYMS, LOOSE) for names in table.values() for name in names]
    assert [name for name in names if fold(name).replace(" ", "") != name.replace(" ", "")] == []


def test_each_field_is_held_once_and_the_best_column_has_it() -> None:
    eric = {
        "Land area owned (Hectares)": VALUES["number"],
        "Land area not delivering services (Hectares)": VALUES["number"],
        "Floor area - empty (%)": VALUES["number"],
        "Occupied floor area (m²)": VALUES["number"],
        "Gross internal floor area (m²)": VALUES["number"],
    }
    assert fields_of(eric) == {
        "Land area owned (Hectares)": "land_ha",
        "Land area not delivering services (Hectares)": None,
        "Floor area - empty (%)": None,
        "Occupied floor area (m²)": None,
        "Gross internal floor area (m²)": "floor_m2",
    }


def test_lines_of_an_address_and_flags_of_a_status_share_a_field() -> None:
    found = fields_of(
        {"Addr1": ["1 High Street"], "Addr2": ["Lee"], "Occupied": ["Yes"], "Asset_Category": ["Surplus"]}
    )
    assert found == {"Addr1": "street", "Addr2": "street", "Occupied": "status", "Asset_Category": "status"}


def test_an_easting_is_not_put_beside_a_latitude() -> None:
    found = fields_of({"GeoX": ["-0.0085"], "GeoY": ["51.534"], "EASTING": ["538221.25"], "NORTHING": ["183691.16"]})
    assert found == {"GeoX": "x", "GeoY": "y", "EASTING": None, "NORTHING": None}
    found = fields_of({"lon": [""] * 3, "lat": [""] * 3, "Easting": VALUES["metres"], "Northing": VALUES["metres"]})
    assert found == {"lon": None, "lat": None, "Easting": "x", "Northing": "y"}


def test_the_user_counts_before_memory_and_memory_before_names() -> None:
    columns = {"AssetCode": ["1", "2"], "Code": ["A1", "A2"], "Post_Code": ["SE6 4RU", "SE6 4RT"]}
    sample = pd.DataFrame(columns)
    matches = match_columns(list(columns), sample, {"code": "reference", "Post Code": None}, {"AssetCode": "notes"})
    assert [(match.field, match.confidence, match.how) for match in matches] == [
        ("notes", 100, "given"),
        ("reference", 100, "remembered"),
        (None, 100, "remembered"),
    ]


def test_what_is_given_now_takes_the_field_from_what_was_remembered() -> None:
    sample = pd.DataFrame({"A": ["x"], "B": ["y"]})
    matches = match_columns(["A", "B"], sample, {"A": "name"}, {"B": "name"})
    assert [match.field for match in matches] == [None, "name"]


def test_a_column_without_a_telling_name_is_judged_by_its_values() -> None:
    columns = {
        "column 1": VALUES["uprn"],
        "column 2": VALUES["postcode"],
        "column 3": ["537690", "538277", "533586"],
        "column 4": ["173620", "172324", "176741"],
        "column 5": VALUES["crs"],
        "column 6": ["red", "green", "blue"],
    }
    assert list(fields_of(columns).values()) == ["uprn", "postcode", "x", "y", "crs", None]


def test_values_speak_against_a_name() -> None:
    assert fields_of(
        {"CoordinateReferenceSystem": ["50.659441, -4.182754"], "GeoX": ["245826"], "GeoY": ["86676"]}
    ) == {
        "CoordinateReferenceSystem": None,
        "GeoX": "x",
        "GeoY": "y",
    }
    assert fields_of({"OrganisationLabel": ["23UB"], "Organisation": ["A Council"]}) == {
        "OrganisationLabel": None,
        "Organisation": "organisation",
    }


def test_a_date_of_a_permission_is_no_date_of_the_row() -> None:
    assert fields_of({"PermissionDate": VALUES["date"]}) == {"PermissionDate": None}
    assert fields_of({"Checked": VALUES["date"]}) == {"Checked": "as_of"}


def test_the_unit_is_taken_off_the_header() -> None:
    assert [
        area_of(header)[1] for header in ("Area (acres)", "Site sq ft", "Land area", "Area in hectares", "Sq yds")
    ] == [
        "acres",
        "ft2",
        "",
        "ha",
        "yd2",
    ]


def test_what_is_missing_is_said() -> None:
    sample = pd.DataFrame({"Asset name": ["Town Hall"]})
    assert "nothing says where the assets are" in missing(match_columns(["Asset name"], sample))
    assert "nothing says where the assets are" not in missing(match_columns(["Asset name"], sample), has_geometry=True)
    half = missing(match_columns(["Easting"], pd.DataFrame({"Easting": VALUES["metres"]})))
    assert half[0] == "'Easting' is taken for one half of the coordinates, and nothing for the other"
    whole = {"Ref": ["A1"], "Name": ["Hall"], "Lat": ["51.5"], "Lon": ["-0.1"], "Tenure": ["FH"], "Status": ["Vacant"]}
    assert missing(match_columns(list(whole), pd.DataFrame(whole))) == ()


def test_an_empty_column_takes_no_place_from_one_that_has_it() -> None:
    points = ["POINT (-0.02 51.44)", "POINT (-0.03 51.45)", "POINT (-0.01 51.46)"]
    assert fields_of({"geometry": ["", "", ""], "point": points}) == {"geometry": None, "point": "x"}


def test_short_numbers_headed_as_uprns_are_the_registers_own() -> None:
    assert fields_of({"UPRN": ["0001", "0002", "0003"]}) == {"UPRN": "reference"}
    assert fields_of({"UPRN": ["0100020003456", "10093", "100020003458"]}) == {"UPRN": "uprn"}


def test_a_region_that_is_the_same_everywhere_is_no_ward() -> None:
    names = [f"Hall {at}" for at in range(6)]
    assert fields_of({"Name": names, "Region": ["GREATER LONDON"] * 6})["Region"] is None
    regions = ["Lee", "Lee", "Blackheath", "Lee", "Lee", "Perry Vale"]
    assert fields_of({"Name": names, "Region": regions})["Region"] == "ward"


def test_the_status_of_a_lease_is_a_status_unless_it_is_a_right() -> None:
    names = ["Hall", "Shop", "Kiosk"]
    assert fields_of({"Name": names, "Lease status": ["Let", "Vacant", "Holding over"]})["Lease status"] == "status"
    rights = ["Freehold", "Leasehold", "Leasehold"]
    assert fields_of({"Name": names, "Lease status": rights})["Lease status"] == "tenure"


def test_of_two_columns_of_names_the_one_that_most_rows_have_is_taken() -> None:
    columns = {"Building Name": ["Chapel", "", "", ""], "Site Name": ["Ladywell Cemetery", "Holbeach", "Lee", "Bell"]}
    assert fields_of(columns) == {"Building Name": None, "Site Name": "name"}


@pytest.mark.parametrize(
    ("header", "values", "field"),
    [
        ("Owner/Leased In", ["Owned", "Leased In", "Owned"], "tenure"),
        ("Kind", ["Freehold", "Freehold", "Leasehold"], "tenure"),
        ("Holding Type", ["Parks", "Farmland and Farms", "Depots", "Miscellaneous", "Car parks"], "use"),
        ("Portfolio", ["Offices", "Education", "Retail", "Libraries", "Other"], "use"),
        ("Reason for holding", ["Surplus to the authority's requirements", "Under construction", "Occupied"], "status"),
    ],
)
def test_a_column_is_known_by_its_values_where_its_name_says_little(header: str, values: list[str], field: str) -> None:
    assert fields_of({"Name": [f"Hall {at}" for at in range(len(values))], header: values})[header] == field


@pytest.mark.parametrize(
    ("columns", "fields"),
    [
        (
            {
                "Property Type": ["Building", "Land", "Land and building"],
                "Property Usage": ["Offices", "Car park", "Courts"],
            },
            {"Property Type": "holding", "Property Usage": "use"},
        ),
        ({"AREA_HA": ["9.52", "1.2"], "AREA_M2": ["95200", "12000"]}, {"AREA_HA": "land_ha", "AREA_M2": None}),
        ({"Hectares": ["9.5", "1"], "Square Metres": ["9", "1"]}, {"Hectares": "land_ha", "Square Metres": None}),
        ({"Site area ha": ["9.5"], "GIA m2": ["300"]}, {"Site area ha": "land_ha", "GIA m2": "floor_m2"}),
        (
            {"Bldg Sq Ft": ["900", "80"], "Lot Sq Ft": ["9000", "800"]},
            {"Bldg Sq Ft": "floor_m2", "Lot Sq Ft": "land_ha"},
        ),
        (
            {"District": ["Catford", "Lee"], "Local Authority": ["Lewisham"] * 2},
            {"District": None, "Local Authority": "borough"},
        ),
        (
            {"Locality": ["Catford"] * 2, "AdministrativeWard (name)": ["Lee Green", "Bellingham"]},
            {"Locality": None, "AdministrativeWard (name)": "ward"},
        ),
        ({"UKPRN": ["10002718", "10002719", "10002720"]}, {"UKPRN": None}),
        ({"PROP_NO": ["1001", "1002", "1003", "1004", "1005"]}, {"PROP_NO": "reference"}),
        ({"Property Number": ["12", "14", "16", "18", "20a"]}, {"Property Number": "number"}),
        ({"Tenure (Owned / Leased / PFI)": ["Owned", "Leased", "PFI"]}, {"Tenure (Owned / Leased / PFI)": "tenure"}),
        ({"Open / Closed": ["Open", "Closed", "Open"]}, {"Open / Closed": "status"}),
    ],
)
def test_columns_that_look_alike_are_told_apart(columns: dict[str, list[str]], fields: dict[str, str | None]) -> None:
    found = fields_of({"Name": [f"Hall {at}" for at in range(len(next(iter(columns.values()))))]} | columns)
    assert {header: found[header] for header in columns} == fields


@pytest.mark.parametrize("header", ["Farm / Holding", "Church", "Scheme Name"])
def test_a_list_of_one_kind_of_place_is_headed_by_it(header: str) -> None:
    assert fields_of({header: ["Old Dairy cottage", "Hewitts Yard", "Lee"]}) == {header: "name"}
