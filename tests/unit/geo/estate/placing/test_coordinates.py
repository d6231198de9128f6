"""Coordinates as registers write them, and every system that they may be in."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from atlas.geo.estate.placing.britain import in_britain
from atlas.geo.estate.placing.coordinates import READINGS, candidates, with_sign
from atlas.geo.estate.placing.notation import read_grid_reference, read_numbers, read_pair


@pytest.mark.parametrize(
    ("x", "y", "a", "b", "notation"),
    [
        ("530030", "180380", 530030.0, 180380.0, ""),
        ("530030.25", " 180380 ", 530030.25, 180380.0, ""),
        ("5.3003E+05", "1.8038E+05", 530030.0, 180380.0, ""),
        ("530,030", "180,380", 530030.0, 180380.0, "separators"),
        ("530 030", "180 380", 530030.0, 180380.0, "separators"),
        ("530030m", "180380 m", 530030.0, 180380.0, "separators"),
        ("E530030", "N180380", 530030.0, 180380.0, "separators"),
        ("-0,1278", "51,5074", -0.1278, 51.5074, "separators"),
        ("-0,128", "51,507", -0.128, 51.507, "separators"),
        ("\u22120.1278", "51.5074", -0.1278, 51.5074, ""),
        ("0.1278 W", "51.5074 N", -0.1278, 51.5074, "separators"),
        ("0° 7' 12\" W", "51° 30' 36\" N", -0.12, 51.51, "degrees_minutes_seconds"),
        ("-0:07:12", "51:30:36", -0.12, 51.51, "degrees_minutes_seconds"),
        ("0° 7.2' W", "51° 30.6' N", -0.12, 51.51, "degrees_minutes_seconds"),
        ("530030, 180380", "", 530030.0, 180380.0, "both_in_one"),
        ("530030,180380", "530030,180380", 530030.0, 180380.0, "both_in_one"),
        ("", "51.5, -0.1", 51.5, -0.1, "both_in_one"),
        ("51.5,-0.1", "", 51.5, -0.1, "both_in_one"),
        ("530,030, 180,380", "", 530030.0, 180380.0, "both_in_one"),
        ("530030180380", "", 530030.0, 180380.0, "both_in_one"),
        ("530 030 180 380", "", 530030.0, 180380.0, "both_in_one"),
        ("530,030 180,380", "", 530030.0, 180380.0, "both_in_one"),
        ("530030 - 180380", "", 530030.0, 180380.0, "both_in_one"),
        ("530030 & 180380", "", 530030.0, 180380.0, "both_in_one"),
        ("X:530030 Y:180380", "", 530030.0, 180380.0, "both_in_one"),
        ("E: 530030, N: 180380", "", 530030.0, 180380.0, "both_in_one"),
        ("Latitude 51.5, Longitude -0.1", "", 51.5, -0.1, "both_in_one"),
        ("POINT (-0.1 51.5)", "", -0.1, 51.5, "both_in_one"),
        ("51°30'36\"N 0°7'12\"W", "", 51.51, -0.12, "both_in_one"),
        ("TQ 377 758", "", 537750.0, 175850.0, "grid_reference"),
        ("TQ377758", "", 537750.0, 175850.0, "grid_reference"),
        ("tq3770075800", "", 537700.0, 175800.0, "grid_reference"),
        ("TQ", "377 758", 537750.0, 175850.0, "grid_reference"),
        ("", "TQ 3770 7580", 537705.0, 175805.0, "grid_reference"),
    ],
)
def test_two_numbers_are_read_however_they_are_written(x: str, y: str, a: float, b: float, notation: str) -> None:
    found = read_numbers([x], [y])
    assert (found.a[0], found.b[0], found.notation[0]) == (pytest.approx(a), pytest.approx(b), notation)


@pytest.mark.parametrize(
    ("x", "y"),
    [("n/a", "n/a"), ("", ""), ("TQ 37 7", ""), ("TQ", ""), ("ZZ 377 758", ""), ("52.200.96", "x"), ("51° 75' N", "")],
)
def test_what_are_no_numbers_is_read_as_none(x: str, y: str) -> None:
    found = read_numbers([x], [y])
    assert np.isnan(found.a[0])
    assert np.isnan(found.b[0])


@pytest.mark.parametrize(("x", "y", "known"), [("530030", "", 530030.0), ("", "180380", 180380.0), ("?", "1", 1.0)])
def test_one_number_stays_one_number(x: str, y: str, known: float) -> None:
    a, b, _ = read_pair(x, y)
    assert [value for value in (a, b) if np.isfinite(value)] == [known]


@pytest.mark.parametrize(
    ("reference", "middle"),
    [
        ("TQ 37 75", (537_500, 175_500)),
        ("TQ 377 758", (537_750, 175_850)),
        ("TQ 3770 7580", (537_705, 175_805)),
        ("NT 25 73", (325_500, 673_500)),
        ("SV 9112 1034", (91_125, 10_345)),
        ("HP 62 13", (462_500, 1_213_500)),
        ("TQ 377 758 NE", (537_775, 175_875)),
    ],
)
def test_a_grid_reference_is_the_middle_of_its_square(reference: str, middle: tuple[float, float]) -> None:
    # as Ordnance Survey's own library, osbng 0.5.1, has them
    assert read_grid_reference(reference) == pytest.approx(middle)


def test_a_grid_reference_to_the_metre_is_that_metre() -> None:
    assert read_grid_reference("TQ 37701 75802") == (537701.0, 175802.0)


def test_land_is_told_from_sea() -> None:
    places = {"Lewisham": (537700, 175800), "Lerwick": (447600, 1141500), "St Mary's": (90200, 10500)}
    at_sea = {"Irish Sea": (180000, 530000), "Channel": (500000, 50000), "off Anglesey": (222126, 395265)}
    assert in_britain(*np.array(list(places.values())).T).all()
    assert not in_britain(*np.array(list(at_sea.values())).T).any()
    assert not in_britain([np.nan], [180000.0]).any()


@pytest.mark.parametrize(
    ("a", "b", "names"),
    [
        (537700, 175800, ["metres"]),
        (175800, 537700, ["metres swapped"]),
        (389547, 412564, ["metres", "metres swapped"]),
        (-0.02, 51.46, ["degrees"]),
        (51.46, -0.02, ["degrees swapped"]),
        (537.7, 175.8, ["kilometres"]),
        (53770000, 17580000, ["centimetres"]),
        (-2226, 6702000, ["web_mercator"]),
        (6702000, -2226, ["web_mercator swapped"]),
        (3980000, -6944, ["geocentric"]),
        (0, 0, []),
        (390190, 41554, []),
    ],
)
def test_each_pair_has_the_readings_that_put_it_in_great_britain(a: float, b: float, names: list[str]) -> None:
    stands = candidates(np.array([float(a)]), np.array([float(b)])).stands[:, 0]
    found = [READINGS[at] for at in np.flatnonzero(stands)]
    assert [f"{reading.system.name}{' swapped' * reading.is_swapped}" for reading in found] == names


def test_a_longitude_without_its_minus_is_tried_with_it() -> None:
    x_m, _ = with_sign(np.array([0.1, 51.5, -0.1, 530000.0]), np.array([51.5, 0.1, 51.5, 180000.0]))
    assert np.isfinite(x_m).tolist() == [True, True, False, False]


def test_no_text_makes_the_reader_fail() -> None:
    odd = pd.Series(["", "-", "°", "N", "1e999", "١٢", "((", "POINT()", ",", "=1+1", "0x1F", "1_000", "inf", "TQ" * 50])
    found = read_numbers(odd.tolist(), odd[::-1].tolist())
    assert not np.isinf(found.a).any()
    assert len(found.a) == len(odd)
