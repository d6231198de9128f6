from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from atlas.geo.estate.cleaning.drawn_units import with_drawn_units
from atlas.geo.estate.model import ColumnMatch, How, RawChunk

WIDE_M = np.array([30.0, 45.0, 60.0, 80.0, 150.0, 210.0])
"""Of six squares: 0.09 to 4.41 ha."""

UNITS: list[tuple[How, str]] = [("name", "acres"), ("given", "acres"), ("name", "?"), ("name", "")]


def told(
    values: list[str], header: str = "Site", field: str = "land_ha", how: How = "name", unit: str = "", drawn: int = 6
) -> str:
    squares = shapely.box(530_000, 180_000, 530_000 + WIDE_M, 180_000 + WIDE_M)
    squares[drawn:] = None
    rows = RawChunk(pd.DataFrame({header: values}), gpd.GeoSeries(squares))
    return with_drawn_units([ColumnMatch(header, field, 80, how, unit=unit)], rows)[0].unit


def written(in_one_ha: float, rounded: int = 2) -> list[str]:
    return [f"{size:,.{rounded}f}" for size in WIDE_M**2 / 10_000 * in_one_ha]


@pytest.mark.parametrize(
    ("in_one_ha", "unit"), [(2.4711, "acres"), (10_000, "m2"), (107_639, "ft2"), (1, "ha"), (0.01, "km2")]
)
def test_numbers_that_are_the_outlines_areas_tell_their_unit(in_one_ha: float, unit: str) -> None:
    assert told(written(in_one_ha, 6), unit="?") == unit


def test_hectares_are_the_fields_own() -> None:
    assert told(written(1, 4)) == ""


def test_one_number_in_six_may_be_another() -> None:
    assert told([*written(2.4711)[:5], "17"]) == "acres"
    assert told([*written(2.4711)[:4], "17", ""]) == "acres"
    assert told([*written(2.4711)[:4], "17", "18"]) == ""


def test_few_outlines_or_others_tell_nothing() -> None:
    assert told(written(2.4711), drawn=4, unit="?") == "?"
    assert told(written(3.3), unit="?") == "?"
    assert told([""] * 6, unit="?") == "?"


def test_what_is_stated_stays() -> None:
    assert told(written(2.4711), header="Site area (ha)") == ""
    assert told(written(2.4711), how="given", unit="m2") == "m2"
    assert told(written(2.4711), field="floor_m2") == ""


def test_rows_without_geometry_tell_nothing() -> None:
    match = ColumnMatch("Site", "land_ha", 80, "name", unit="?")
    assert with_drawn_units([match], RawChunk(pd.DataFrame({"Site": written(2.4711)}))) == (match,)


def test_a_unit_that_outlines_tell_is_known_from_one_that_somebody_says() -> None:
    told = [ColumnMatch("Site", "land_ha", 80, how, unit=unit) for how, unit in UNITS]
    assert [match.has_drawn_unit for match in told] == [True, False, False, False]
