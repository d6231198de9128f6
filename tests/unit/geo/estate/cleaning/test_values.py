"""Cells as values."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from atlas.geo.estate.cleaning.days import read_date
from atlas.geo.estate.cleaning.values import (
    PLAIN_UPRN,
    Reading,
    read_area,
    read_column,
    read_postcode,
    read_texts,
    read_uprn,
    shown,
    tidy,
    with_controls,
)
from atlas.geo.estate.noted import Notes


@pytest.mark.parametrize(
    ("cell", "value", "kind"),
    [
        ("100020003456", "100020003456", ""),
        ("100020003456.0", "100020003456", ""),
        ("100 020 003 456", "100020003456", ""),
        ("000010012809", "10012809", ""),
        ("010012809147", "10012809147", ""),
        ("1.00021E+11", "", "doubt"),
        ("100121000000", "", "doubt"),
        ("1000200034567", "", "doubt"),
        ("see notes", "", "doubt"),
        ("0", "", ""),
        ("N/A", "", ""),
        ("100021985921, 100021985922", "100021985921", "doubt"),
        ("010012809147;10012809148 and 10012809149", "10012809147", "doubt"),
        ("100021985921 100021985922", "100021985921", "doubt"),
        ("100,021,985,921", "100021985921", ""),
        ("100021 985921", "100021985921", ""),
        ("100021985921, 12", "", "doubt"),
    ],
)
def test_uprns(cell: str, value: str, kind: str) -> None:
    found = read_uprn(cell)
    assert (found.value, found.kind) == (value, kind)


@pytest.mark.parametrize(
    ("cell", "value", "kind"),
    [
        ("se64ru", "SE6 4RU", ""),
        ("SE6  4RU", "SE6 4RU", ""),
        ("EC1A-1BB", "EC1A 1BB", ""),
        ("SE6 4RU, London", "SE6 4RU", "repair"),
        ("SE1O OAA", "SE10 0AA", "repair"),
        ("SE13", "", "doubt"),
        ("QQ1 1QQ", "", "doubt"),
        ("SE6 4RU / SE6 4RT", "SE6 4RU", "doubt"),
        ("-", "", ""),
    ],
)
def test_postcodes(cell: str, value: str, kind: str) -> None:
    found = read_postcode(cell)
    assert (found.value, found.kind) == (value, kind)


@pytest.mark.parametrize(
    ("cell", "field", "unit", "value", "kind"),
    [
        ("0.27", "land_ha", "ha", 0.27, ""),
        ("0.27 ha", "land_ha", "", 0.27, ""),
        ("1,234", "floor_m2", "m2", 1234.0, ""),
        ("2.47105381", "land_ha", "acres", 1.0, "repair"),
        ("10,000 sq m", "land_ha", "ha", 1.0, "repair"),
        ("100", "floor_m2", "ft2", 9.290304, "repair"),
        ("5.33 Not owned by a public authority", "land_ha", "ha", 5.33, "repair"),
        ("approx 0.5", "land_ha", "ha", 0.5, ""),
        (".5", "land_ha", "ha", 0.5, ""),
        ("-3", "land_ha", "ha", None, "doubt"),
        ("1-2", "land_ha", "ha", None, "doubt"),
        ("large", "land_ha", "ha", None, "doubt"),
        ("250000", "land_ha", "ha", None, "doubt"),
        ("TBC", "land_ha", "ha", None, ""),
    ],
)
def test_areas(cell: str, field: str, unit: str, value: float | None, kind: str) -> None:
    found = read_area(cell, field, unit)
    assert found.kind == kind
    assert (float(found.value) if found.value else None) == (None if value is None else pytest.approx(value, abs=1e-6))


@pytest.mark.parametrize(
    ("cell", "field", "value", "code"),
    [
        ("0.40 ha (0.99 acres)", "land_ha", 0.4, ""),
        ("12.4 acres (5.02 hectares)", "land_ha", 5.02, ""),
        ("1200 sqft / 111 sq m", "land_ha", 0.0111, "converted"),
        ("111 sqm (1,200 sq ft)", "floor_m2", 111.0, ""),
        ("111m2 / 1200sqft", "floor_m2", 111.0, ""),
        ("1200 ft2 (111 sq m)", "floor_m2", 111.0, ""),
        ("450 (4,844 sq ft)", "floor_m2", 450.0, ""),
        ("m2: 111, sq ft: 1200", "floor_m2", 111.0, ""),
        ("0.40 ha (9.9 acres)", "land_ha", None, "areas_differ"),
        ("2 plots (0.4 ha)", "land_ha", None, "areas_differ"),
        ("0.50 - 0.51 ha", "land_ha", None, "areas_differ"),
    ],
)
def test_one_area_in_two_units_is_read_in_the_fields_own_if_they_agree(
    cell: str, field: str, value: float | None, code: str
) -> None:
    found = read_area(cell, field, "")
    assert (float(found.value) if found.value else None, found.code) == (value, code)


@pytest.mark.parametrize(
    "cell",
    [
        *("30m x 20m", "14 garages", "6 rooms", "2 storey", "2 sites", "3 floors, 450 m2", "450 m", "7a", "50%"),
        *("\N{POUND SIGN}450", "450\N{SUPERSCRIPT TWO}", "0.25 ha + 0.1 ha", "1 acre + 0.4 ha", "1 200", "1/2"),
        *("2020/21", "1/0 ha", "12,500,5", "0,350", "1.234,5", "1-2", "(450)", "ha", ""),
    ],
)
def test_a_number_of_nobody_knows_what_is_no_area(cell: str) -> None:
    found = read_area(cell, "floor_m2", "m2")
    assert (found.value, found.kind) == ("", "doubt")
    assert found.why


@pytest.mark.parametrize(
    "cell",
    [
        *("c. 450 sq. m.", "ca.450", "450 sq m GIA", "450 GIA (sq m)", "Gross internal area: 450 m\N{SUPERSCRIPT TWO}"),
        *(
            "(450 m2)",
            "450SqM*",
            "450 m^2 (approx.)",
            "sqm 450",
            "450\N{SQUARE M SQUARED} floorspace",
            "estimated 450.0",
        ),
    ],
)
def test_words_that_change_nothing_leave_an_area_as_it_is(cell: str) -> None:
    assert read_area(cell, "floor_m2", "m2") == Reading("450.0")


@pytest.mark.parametrize(
    ("cell", "acres"),
    [
        ("1\N{VULGAR FRACTION ONE HALF} acres", 1.5),
        ("\N{VULGAR FRACTION THREE QUARTERS}", 0.75),
        ("1 1/2 acres", 1.5),
        ("1-1/2", 1.5),
        ("1/2 acre", 0.5),
        ("3 acres 2 roods", 3.5),
        ("3 acres (12 roods)", 3.0),
        ("7a 2r 10p", 7.5625),
        ("7A. 2R. 10P. (3.06 ha)", 3.06 / 0.40468564224),
        ("0,35", 0.35),
        ("12,100 sq yds", 2.5),
    ],
)
def test_fractions_roods_and_perches_are_parts_of_acres(cell: str, acres: float) -> None:
    assert float(read_area(cell, "land_ha", "acres").value) == pytest.approx(acres * 0.40468564224, abs=1e-6)


def test_a_comma_for_a_decimal_point_is_mended_where_it_can_be_nothing_else() -> None:
    assert read_area("0,35", "land_ha", "").code == "decimal_comma"
    assert read_area("1,200", "floor_m2", "") == Reading("1200.0")


def test_an_area_without_end_is_none() -> None:
    assert read_area("1E999", "floor_m2", "").code == read_area("9" * 5000, "floor_m2", "").code == "too_large"
    assert read_area(f"{'9' * 5000}/{'9' * 5000} ha", "land_ha", "").kind == "doubt"


@pytest.mark.parametrize(
    ("cell", "value", "kind"),
    [
        ("2018-07-05", "2018-07-05", ""),
        ("2018-07-05T09:30:00", "2018-07-05", ""),
        ("05/07/2018", "2018-07-05", ""),
        ("30-Nov-17", "2017-11-30", ""),
        ("1st March 2021", "2021-03-01", ""),
        ("20180705", "2018-07-05", ""),
        ("43069", "2017-11-30", "repair"),
        ("07/25/2018", "2018-07-25", "repair"),
        ("31/02/2017", "", "doubt"),
        ("March 2021", "", "doubt"),
        ("0017-11-30", "", "doubt"),
        ("soon", "", "doubt"),
        ("n/a", "", ""),
    ],
)
def test_days(cell: str, value: str, kind: str) -> None:
    found = read_date(cell)
    assert (found.value, found.kind) == (value, kind)


def test_line_breaks_of_every_kind_become_one_space() -> None:
    cells = pd.Series(["Park\r \r \r\r", "a\xa0b", "a\u2028b", "a  b", "", None, "a\tb\x0bc"])
    before = cells.copy()
    assert tidy(cells).tolist() == ["Park", "a b", "a b", "a b", "", "", "a b c"]
    pd.testing.assert_series_equal(cells, before)


def test_characters_that_nobody_can_see_are_taken_out_and_shown() -> None:
    cells = pd.Series(["Town\x00 Hall", "Li\u200bbrary", "Park "])
    tidied = tidy(cells)
    assert tidied.tolist() == ["Town Hall", "Library", "Park"]
    assert with_controls(cells, tidied).tolist() == [0, 1]
    assert shown("Town\x00 Hall") == "Town\\x00 Hall"


def test_html_and_formulas_stay_as_text() -> None:
    cells = np.array(["<img onerror=alert(1)>", "=1+1", '"Quoted"', '"A" or "B"'], dtype=object)
    assert read_texts(cells).tolist() == ["<img onerror=alert(1)>", "=1+1", "Quoted", '"A" or "B"']


def test_a_column_is_read_alike_with_and_without_the_short_way() -> None:
    cells = np.array(["100020003456", "0100020003", "", "1.00021E+11", "100020003456", "123000000"], dtype=object)
    index = pd.RangeIndex(2, 8)
    short, long = Notes(index), Notes(index)
    one = read_column(cells, read_uprn, "uprn", short, PLAIN_UPRN)
    other = read_column(cells, read_uprn, "uprn", long)
    assert one.tolist() == other.tolist()
    pd.testing.assert_frame_equal(short.frame(), long.frame())


def test_a_large_number_of_no_unit_is_no_hectares() -> None:
    found = read_area("1850", "land_ha", "")
    assert (found.value, found.kind, found.code) == ("", "doubt", "unit_unknown")
    assert [read_area(text, "land_ha", unit).value for text, unit in (("1850", "ha"), ("1850 ha", ""), ("96", ""))] == [
        "1850.0",
        "1850.0",
        "96.0",
    ]
    assert read_area("1850", "floor_m2", "").value == "1850.0"


@pytest.mark.parametrize(
    ("text", "hectares"),
    [
        ("0.4 ha (4,321 sq m)", "0.4"),
        ("0.3 hectares (0.7 acres)", "0.3"),
        ("0.35ha or 0.86ac", "0.35"),
        ("0.5 ha (GIS)", "0.5"),
        ("0.5 ha?", "0.5"),
        ("1.2 acres or thereabouts", "0.485623"),
        ("1.2 acres of land", "0.485623"),
        ("1200 sf", "0.011148"),
    ],
)
def test_rounding_and_harmless_words_leave_an_area_as_it_is(text: str, hectares: str) -> None:
    assert read_area(text, "land_ha", "").value == hectares
