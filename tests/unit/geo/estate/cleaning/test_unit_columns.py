"""Units of area in columns of their own."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from atlas.geo.estate.cleaning.columns import match_columns
from atlas.geo.estate.cleaning.layout import Layout
from atlas.geo.estate.cleaning.reading import read_fields
from atlas.geo.estate.cleaning.unit_columns import units_beside, with_unit
from atlas.geo.estate.noted import Notes
from atlas.vocabulary.estate import Visibility


def texts(*cells: str) -> np.ndarray:
    return np.array(cells, dtype=object)


@pytest.mark.parametrize(
    ("columns", "pairs"),
    [
        (["Area", "Unit"], {"Area": "Unit"}),
        (["Unit", "Area"], {"Area": "Unit"}),
        (["Land Area", "Floor Area", "Unit"], {"Floor Area": "Unit"}),
        (["Land Area (ha)", "Unit"], {}),
        (["Land Area", "Unit", "Unit 2"], {"Land Area": "Unit"}),
    ],
)
def test_a_unit_is_of_the_area_nearest_before_it_else_of_the_next(columns: list[str], pairs: dict[str, str]) -> None:
    measured = {column for column in columns if "Area" in column}
    units = {column for column in columns if "Unit" in column}
    assert dict(units_beside(columns, measured, units)) == pairs


def test_only_numbers_take_a_unit_and_only_known_units_are_put_to_them() -> None:
    numbers = texts("2.5", "1,250 ", "1 ha", "n/a", "", "3", "4")
    units = texts("acres", "Sq M", "m2", "ha", "ha", "each", "")
    before = numbers.copy()
    assert with_unit(numbers, units).tolist() == ["2.5 acres", "1,250 Sq M", "1 ha", "n/a", "", "3", "4"]
    assert (numbers == before).all()


def read(table: dict[str, list[str]]) -> tuple[dict[str, str | None], list[float], list[float], list[str]]:
    """Fields by header, hectares, square metres, and codes of findings."""
    sample = pd.DataFrame(table)
    matches = match_columns(list(sample), sample)
    notes = Notes(sample.index)
    cells = {header: texts(*column) for header, column in table.items()}
    found = read_fields(cells, Layout.from_matches(matches), texts(*[""] * len(sample)), "", Visibility.PUBLIC, notes)
    fields = {match.column: match.field for match in matches}
    return fields, found.land_ha.tolist(), found.floor_m2.tolist(), notes.frame()["code"].tolist()


def test_areas_are_read_with_the_units_beside_them() -> None:
    fields, land_ha, floor_m2, codes = read(
        {
            "Name": ["Town Hall", "Library", "Depot", "Park"],
            "Area": ["0.52", "1250", "2.5", "12"],
            "Unit": ["Ha", "sqm", "acres", ""],
        }
    )
    assert fields == {"Name": "name", "Area": "land_ha", "Unit": "area_unit"}
    assert land_ha == pytest.approx([0.52, np.nan, 1.011714, 12.0], nan_ok=True)
    assert floor_m2 == pytest.approx([np.nan, 1250.0, np.nan, np.nan], nan_ok=True)
    assert codes == ["converted"]


def test_an_area_in_square_metres_by_the_column_beside_it_is_a_floor() -> None:
    fields, _, floor_m2, codes = read({"Name": ["Hall", "Shop"], "Area": ["1250", "80"], "UOM": ["sqm", "sq ft"]})
    assert fields["Area"] == "floor_m2"
    assert floor_m2 == [1250.0, pytest.approx(7.4322, abs=1e-3)]
    assert codes == ["converted"]


def test_two_areas_have_their_own_units() -> None:
    table = {"Land Area": ["1.5"], "Land Unit": ["acres"], "Floor Area": ["1076"], "Floor Unit": ["sq ft"]}
    fields, land_ha, floor_m2, _ = read({"Name": ["Hall"]} | table)
    assert (fields["Land Unit"], fields["Floor Unit"]) == ("area_unit", "area_unit")
    assert land_ha == [pytest.approx(0.607, abs=1e-3)]
    assert floor_m2 == [pytest.approx(99.96, abs=1e-2)]


def test_a_unit_of_a_building_is_a_line_of_its_address() -> None:
    table = {"Name": ["Hall", "Shop"], "Unit": ["Unit 4", "Flat 2"], "Area": ["0.2", "0.3"]}
    assert read(table)[0]["Unit"] == "street"
