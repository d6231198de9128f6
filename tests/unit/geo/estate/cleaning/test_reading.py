"""A register's cells, read field by field."""

from __future__ import annotations

import json

import pytest

from atlas.geo.estate.model import Viewer, may_see
from atlas.vocabulary.estate import Visibility
from tests.registers import ROW, cleaned


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


@pytest.mark.parametrize("header", ["Date of sale", "Sale completed", "Disposal date"])
def test_a_day_of_sale_that_is_past_is_told_of(header: str) -> None:
    days = ["31/03/2019", "", "TBC", "01/12/2031"]
    rows = [ROW | {"Asset Code": f"A/{at}", header: day} for at, day in enumerate(days)]
    sold = cleaned(rows, as_of="2024-06-30").findings.query("code == 'sold'")
    assert sold[["row", "before"]].to_numpy().tolist() == [[2, "31/03/2019"]]


def test_a_purchaser_and_a_past_day_of_completion_are_a_sale() -> None:
    row = {"Property": "Hall", "Postcode": "SE6 4RU"}
    bought = [
        ("12/03/2021", "Example Homes Ltd"),
        ("12/03/2021", ""),
        ("", "Example Homes Ltd"),
        ("12/03/2030", "A Ltd"),
    ]
    rows = [row | {"Completion Date": day, "Purchaser": buyer} for day, buyer in bought]
    assert cleaned(rows, as_of="2024-06-30").findings.query("code == 'sold'")["row"].tolist() == [2]
    built = [row | {"Completion Date": "12/03/2021"}]
    assert "sold" not in cleaned(built).findings["code"].tolist()


def test_a_list_of_what_was_sold_is_in_doubt_whole() -> None:
    rows = [{"Property sold": name, "Postcode": "SE6 4RU"} for name in ("Holbeach House", "Slagrove Depot")]
    found = cleaned(rows)
    assert found.assets["name"].tolist() == ["Holbeach House", "Slagrove Depot"]
    assert found.findings.query("code == 'sold'")["row"].tolist() == [2, 3]


def test_yes_and_no_tell_whether_the_public_may_see() -> None:
    rows = [
        ROW | {"Asset Code": f"A/{at}", "Visible to public": said} for at, said in enumerate(["Yes", "No", "Y", ""])
    ]
    assert cleaned(rows).assets["visibility"].tolist() == ["public", "owner", "public", "public"]
    partners = cleaned(rows, visibility=Visibility.PARTNERS)
    assert partners.assets["visibility"].tolist() == ["partners", "owner", "partners", "partners"]


def test_square_metres_under_a_bare_area_are_land_where_a_use_has_no_floors() -> None:
    uses = ["Park", "Cemetery", "Library"]
    rows = [ROW | {"Asset Code": f"A/{at}", "Use": use, "Area (m2)": "9700"} for at, use in enumerate(uses)]
    found = cleaned(rows)
    assert found.assets["land_ha"].fillna(0).tolist() == [0.97, 0.97, 0.0]
    assert found.assets["floor_m2"].fillna(0).tolist() == [0.0, 0.0, 9700.0]
    moved = found.findings.query("code == 'area_of_land'")
    assert moved[["row", "before", "after"]].to_numpy().tolist() == [[2, "9700", "0.97 ha"], [3, "9700", "0.97 ha"]]
    floors = cleaned([row | {"Floor area (m2)": "50", "Site area (ha)": "1"} for row in rows])
    assert floors.assets[["land_ha", "floor_m2"]].to_numpy().tolist() == [[1.0, 50.0]] * 3


def test_a_closed_cemetery_is_not_vacant() -> None:
    rows = [
        ROW | {"Asset Code": f"A/{at}", "Use": use, "Status": "Closed"} for at, use in enumerate(["Cemetery", "Depot"])
    ]
    assert cleaned(rows).assets["status"].tolist() == ["unknown", "vacant"]


def test_use_classes_are_uses_under_their_own_header() -> None:
    rows = [{"Asset Code": f"A/{at}", "Name": f"Unit {at}", "Use Class": code} for at, code in enumerate(["A1", "D1"])]
    found = cleaned(rows)
    assert found.assets["use"].tolist() == ["retail", "other"]
    assert found.assets["use_detail"].tolist() == ["A1", "D1"]
    rows = [{"Asset Code": "A/1", "Name": "Unit", "Use": "A1"}]
    assert cleaned(rows).assets["use"].tolist() == ["other"]


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
    found = cleaned([ROW | {"Asset Code": f"A/{at}", "Floor Area": area} for at, area in enumerate(areas)])
    assert found.assets["floor_m2"].tolist()[:2] == [1200.0, 300.0]
    assert found.assets[["land_ha", "floor_m2"]].iloc[2].isna().all()
    assert found.findings[["row", "code", "before"]].to_numpy().tolist()[-1] == [4, "unit_of_land", "0.5 ha"]


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
        ("Leasehold (125 years from 1999)", "leasehold", "unknown"),
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
    assert late.assets["as_of"].tolist() == [""]
    assert late.findings["code"].tolist() == ["date_in_future"]
    assert json.loads(late.assets["extra"].iloc[0]) == {"LastUpdatedDate": "2027-12-15"}


def test_the_day_of_a_register_is_no_date_of_its_rows() -> None:
    rows = [ROW, ROW | {"Asset Code": "A/2", "LastUpdatedDate": "2018-07-05"}]
    first, second = (cleaned(rows, as_of=day).assets for day in ("2024-03-31", "2025-03-31"))
    assert first["as_of"].tolist() == ["", "2018-07-05"]
    assert first.equals(second)


def test_a_doubted_cell_that_its_field_does_not_hold_is_kept_with_the_row() -> None:
    cells = {"UPRN": "1234567890123456", "Area (ha)": "-5", "GIA m2": "9 or 10", "Post Code": "SE13", "Date": "soon"}
    found = cleaned([ROW | cells, ROW | {"Asset Code": "A/2", "UPRN": "100020003456", "Area (ha)": "0.5"}])
    kept, plain = (json.loads(extra) if extra else {} for extra in found.assets["extra"])
    assert kept == cells
    assert plain == {}
    assert found.assets["uprn"].tolist() == ["", "100020003456"]


def test_several_values_in_one_cell_are_all_kept_with_the_row() -> None:
    several = {"UPRN": "100020003456; 100020003457"}
    found = cleaned([ROW | {"Asset Code": "A/2", "UPRN": "100020003456"}, ROW | several]).assets
    assert found["uprn"].tolist() == ["100020003456"] * 2
    assert [json.loads(extra) if extra else {} for extra in found["extra"]] == [{}, several]


def test_a_class_of_assets_that_is_a_status_tells_it() -> None:
    classes = ["Surplus Assets", "Assets Held for Sale", "Surplus store", "Community Assets"]
    found = cleaned([ROW | {"Asset Code": f"A/{at}", "Asset Class": said} for at, said in enumerate(classes)])
    assert found.assets["status"].tolist() == ["surplus", "subject_to_disposal", "unknown", "unknown"]


def test_a_closed_school_is_not_vacant_by_the_register_of_schools_and_some_empty_units_are_no_vacancy() -> None:
    rows = [ROW | {"EstablishmentName": "Sedgehill School", "EstablishmentStatus (name)": "Closed"}]
    assert cleaned(rows).assets["status"].tolist() == ["unknown"]
    assert cleaned([ROW | {"Status": "Void - 3 of 12 units"}]).assets["status"].tolist() == ["in_use"]
    assert cleaned([ROW | {"Status": "Closed"}]).assets["status"].tolist() == ["vacant"]


def test_land_larger_than_most_parks_is_told_of_and_what_no_park_has_is_not_used() -> None:
    sizes = ["0.4", "955", "6200", "2"]
    found = cleaned([ROW | {"Asset Code": f"A/{at}", "Site Area (ha)": size} for at, size in enumerate(sizes)])
    assert found.assets["land_ha"].fillna(-1).tolist() == [0.4, 955.0, -1.0, 2.0]
    assert found.findings[["row", "code"]].to_numpy().tolist() == [[3, "very_large"], [4, "too_large"]]


def test_ticks_under_freehold_and_leasehold_are_a_tenure() -> None:
    ticks = [("Y", ""), ("", "Yes"), ("Y", "Y"), ("", ""), ("No", "No")]
    rows = [ROW | {"Asset Code": f"A/{at}", "Freehold": one, "Leasehold": two} for at, (one, two) in enumerate(ticks)]
    assert cleaned(rows).assets["tenure"].tolist() == [
        *("freehold", "leasehold", "freehold_and_leasehold"),
        *("unknown", "unknown"),
    ]


def test_what_weighs_more_of_a_reason_for_holding_and_a_flag_is_the_status() -> None:
    reasons = ["Surplus to requirements", "Under construction", "Occupied by the authority"]
    rows = [
        ROW | {"Asset Code": f"A/{at}", "In Use?": "No", "Reason for holding": why} for at, why in enumerate(reasons)
    ]
    assert cleaned(rows).assets["status"].tolist() == ["surplus", "under_construction", "vacant"]


@pytest.mark.parametrize(
    ("tenure", "expected"),
    [
        ("Leased in", ("leasehold", "unknown")),
        ("Leased from Diocese", ("leasehold", "unknown")),
        ("Long leasehold", ("leasehold", "unknown")),
        ("Leased in, occupied", ("leasehold", "in_use")),
        ("Freehold, leased out", ("freehold", "in_use")),
        ("Social rent", ("other", "unknown")),
    ],
)
def test_that_a_place_is_leased_to_its_holder_tells_no_use_of_it(tenure: str, expected: tuple[str, str]) -> None:
    row = cleaned([ROW | {"Tenure": tenure}]).assets.iloc[0]
    assert (row["tenure"], row["status"]) == expected


@pytest.mark.parametrize("size", ["0", "0.0", "0 ha"])
def test_an_area_of_nought_is_none(size: str) -> None:
    found = cleaned([ROW | {"Site Area (ha)": size, "GIA (m2)": "0"}])
    assert found.assets[["land_ha", "floor_m2"]].isna().all(axis=None)
    assert found.findings.empty


def test_a_cell_of_no_more_than_the_word_of_its_status_stands_in_its_field_alone() -> None:
    said = ["Vacant", "In use", "Empty since May"]
    rows = [ROW | {"Asset Code": f"A/{at}", "Status": status} for at, status in enumerate(said)]
    found = cleaned(rows).assets
    assert found["status"].tolist() == ["vacant", "in_use", "vacant"]
    assert [json.loads(extra) if extra else {} for extra in found["extra"]] == [{}, {}, {"Status": "Empty since May"}]
