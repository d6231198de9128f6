"""Areas under headers that say neither land nor floors, and units that nothing states."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from atlas.geo.estate.cleaning.clean import Cleaner
from atlas.geo.estate.cleaning.columns import match_columns
from atlas.geo.estate.model import Cleaned, ColumnMatch
from tests.registers import chunk_of, cleaned, context

PARK, OFFICE, LIBRARY = ("Mountsfield Park", "Park"), ("Laurence House", "Offices"), ("Manor House", "Library")


def register(header: str, areas: list[tuple[tuple[str, str], str]], **more: str) -> list[dict[str, str]]:
    return [
        {"Asset Code": f"A/{at}", "Property Name": name, "Postcode": "SE6 4RU", "Use": use, header: area} | more
        for at, ((name, use), area) in enumerate(areas)
    ]


def said(rows: list[dict[str, str]], given: dict[str, str | None]) -> tuple[tuple[ColumnMatch, ...], Cleaned]:
    """What a register comes to where the user says what a column holds."""
    chunk = chunk_of(rows)
    matches = match_columns(list(chunk.cells.columns), chunk.cells, given=given)
    return matches, Cleaner(context(), matches).clean(chunk)


def areas(found: Cleaned) -> list[tuple[float | None, float | None]]:
    table = found.assets[["land_ha", "floor_m2"]].astype(object)
    return list(table.where(table.notna(), None).itertuples(index=False, name=None))


def test_each_cell_is_land_or_floors_by_the_unit_that_stands_in_it() -> None:
    rows = register("Area", [(PARK, "11.2 ha"), (OFFICE, "2.2 acres"), (LIBRARY, "2,400 m2"), (PARK, "95 sq m")])
    assert areas(cleaned(rows)) == [
        (11.2, None),
        (pytest.approx(0.890308), None),
        (None, 2_400.0),
        (0.0095, None),
    ]


def test_words_of_floors_are_floors_whatever_the_use() -> None:
    land = [(PARK, f"{hectares} ha") for hectares in (2, 3, 4)]
    rows = register("Area", [*land, (("Rushey", ""), "120 m2 GIA"), (("Perry", ""), "120 m2")])
    assert areas(cleaned(rows))[3:] == [(None, 120.0), (0.012, None)]


@pytest.mark.parametrize("order", [1, -1])
def test_one_area_in_two_units_is_land_whichever_is_more(order: int) -> None:
    rows = register("Size", [(OFFICE, "0.4 ha (4,000 m2)"), (OFFICE, "900 m2"), (OFFICE, "80 m2")][::order])
    assert areas(cleaned(rows))[::order][0] == (0.4, None)


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("Area", ["0.64", "13.2", "0.05"], [(0.64, None), (13.2, None), (0.05, None)]),
        ("Area", ["13,200", "2400", "132000"], [(None, 13_200.0), (None, 2_400.0), (13.2, None)]),
        ("Extent", ["0.64", "3", "0.05"], [(0.64, None), (3.0, None), (0.05, None)]),
    ],
)
def test_numbers_of_no_unit_are_what_their_sizes_say(
    header: str, cells: list[str], expected: list[tuple[float | None, float | None]]
) -> None:
    rows = register(header, list(zip((OFFICE, LIBRARY, PARK), cells, strict=True)))
    assert areas(cleaned(rows)) == expected


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Site Area", ["640", "320", "85", "24", "980"]),
        ("Site Area", ["45", "62", "88", "51"]),
        ("Area", ["0.64", "13200", "0.3", "900"]),
        ("Area", ["3", "1", "2"]),
        ("Gross Internal Area", ["0.64", "0.3", "1.1"]),
    ],
)
def test_a_column_that_fits_no_unit_is_not_used_and_said_row_by_row(header: str, cells: list[str]) -> None:
    rows = register(header, [(OFFICE, cell) for cell in cells])
    matches, found = said(rows, {})
    assert {match.column: match.unit for match in matches}[header] == "?"
    assert [match.column for match in matches if match.is_doubtful] == [header]
    assert areas(found) == [(None, None)] * len(cells)
    doubts = found.findings.query("code == 'unit_unknown'")
    assert doubts["before"].tolist() == cells
    assert set(doubts["column"]) == {header}


def test_a_cell_that_states_its_unit_is_read_in_a_column_that_does_not() -> None:
    rows = register("Site Area", [(OFFICE, cell) for cell in ("640", "320", "0.3 ha", "980")])
    assert areas(cleaned(rows))[2] == (0.3, None)


@pytest.mark.parametrize(
    ("field", "cell", "expected"),
    [
        ("land_ha:m2", "640", (0.064, None)),
        ("land_ha:acres", "2", (pytest.approx(0.809371), None)),
        ("land_ha:ha", "640", (640.0, None)),
        ("floor_m2:ft2", "1000", (None, pytest.approx(92.90304))),
        ("floor_m2", "640", (None, 640.0)),
    ],
)
def test_the_user_may_say_the_unit_of_a_column(
    field: str, cell: str, expected: tuple[float | None, float | None]
) -> None:
    rows = register("Site Area", [(PARK, cell), (OFFICE, cell)])
    matches, found = said(rows, {"Site Area": field})
    match = next(match for match in matches if match.column == "Site Area")
    assert (match.said, match.confidence, match.is_doubtful) == (field, 100, False)
    assert areas(found) == [expected, expected]


def test_a_unit_that_the_user_says_stands_before_that_of_the_header() -> None:
    _, found = said(register("Site Area (ha)", [(PARK, "6200")]), {"Site Area (ha)": "land_ha:m2"})
    assert areas(found) == [(0.62, None)]


def test_chunks_do_not_change_what_a_column_is_taken_for() -> None:
    rows = register("Area", [(OFFICE, "0.6"), (OFFICE, "2"), (LIBRARY, "900 m2"), (PARK, "4,000")])
    whole = chunk_of(rows)
    matches = match_columns(list(whole.cells.columns), whole.cells)
    cleaner = Cleaner(context(), matches)
    parts = [cleaner.clean(chunk_of([row])).assets[["land_ha", "floor_m2"]] for row in rows]
    together = Cleaner(context(), matches).clean(whole).assets[["land_ha", "floor_m2"]]
    np.testing.assert_array_equal(pd.concat(parts).to_numpy(), together.to_numpy())


def test_a_column_beside_that_says_what_was_measured_gives_the_unit() -> None:
    rows = register("Size", [(OFFICE, "13200"), (PARK, "13.2"), (LIBRARY, "2,400")])
    for row, kind in zip(rows, ("GIA m2", "Site area ha", "NIA (sqm)"), strict=True):
        row["Size type"] = kind
    assert areas(cleaned(rows)) == [(None, 13_200.0), (13.2, None), (None, 2_400.0)]


def test_a_row_that_holds_land_alone_has_no_floors_whatever_its_use() -> None:
    rows = register("Area (sq m)", [(OFFICE, "3,310"), (OFFICE, "3,310"), (PARK, "90")])
    for row, holding in zip(rows, ("Land", "Building", "Building"), strict=True):
        row["Land or Building"] = holding
    assert areas(cleaned(rows)) == [(0.331, None), (None, 3_310.0), (None, 90.0)]
