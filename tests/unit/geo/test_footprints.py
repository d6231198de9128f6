from __future__ import annotations

import pytest
import shapely

from atlas.errors import QueryError
from atlas.geo.footprints import covers, geometry_of
from atlas.vocabulary import FootprintKind
from tests.toy import EAST, WEST, X0, Y0, toy_areaset

TOY = toy_areaset()
WORLD = (TOY.areas, TOY.boroughs, TOY.icbs)
EVERYWHERE = set(TOY.areas.index)
IN_WEST = set(TOY.areas.index[TOY.areas["lad"] == WEST])


def covered(*codes: str) -> set[str]:
    inside = covers(FootprintKind.PLACES, codes, *WORLD)
    assert inside.index.equals(TOY.areas.index)
    assert inside.dtype == bool
    return set(TOY.areas.index[inside])


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["E12000007"], EVERYWHERE),
        (["E92000001"], EVERYWHERE),
        (["K02000001"], EVERYWHERE),
        ([WEST], IN_WEST),
        ([WEST, EAST], EVERYWHERE),
        (["E01000100", "E01000701"], {"E01000100", "E01000701"}),
        (["E02000003"], {"E01000600", "E01000601", "E01000700", "E01000701"}),
        (["E54000027"], IN_WEST),
        (["E54000071"], IN_WEST),
        (["E54000029"], EVERYWHERE - IN_WEST),
        (["E54000001"], set()),
        (["E07000001", "E12000008", "W92000004"], set()),
    ],
)
def test_codes_cover_the_areas_they_name(codes: list[str], expected: set[str]) -> None:
    assert covered(*codes) == expected


@pytest.mark.parametrize("code", ["E05000001", "E38000255", "E99999999"])
def test_a_code_that_cannot_be_placed_is_refused_by_name(code: str) -> None:
    with pytest.raises(QueryError, match=f"'{code}' cannot be placed; expected an LSOA"):
        covered(WEST, code)


def test_a_radius_covers_the_areas_whose_point_is_inside() -> None:
    circle = [str(X0 + 500), str(Y0 + 500), "1000"]
    inside = covers(FootprintKind.RADIUS, circle, *WORLD)
    assert set(TOY.areas.index[inside]) == {"E01000000", "E01000001", "E01000100"}


@pytest.mark.parametrize("circle", [["1", "2"], ["1", "2", "wide"]])
def test_a_radius_needs_three_numbers(circle: list[str]) -> None:
    with pytest.raises(QueryError, match="easting, northing and radius_m"):
        covers(FootprintKind.RADIUS, circle, *WORLD)


def test_an_unknown_footprint_covers_nothing_and_has_no_shape() -> None:
    assert not covers(FootprintKind.NONE, (), *WORLD).any()
    assert geometry_of(FootprintKind.NONE, (), *WORLD) is None


@pytest.mark.parametrize("codes", [["E12000007"], [WEST], ["E54000029"], ["E02000003"], ["E01000100"]])
def test_a_shape_holds_the_points_of_the_areas_it_covers_and_no_other(codes: list[str]) -> None:
    shape = geometry_of(FootprintKind.PLACES, codes, *WORLD)
    points = shapely.points(TOY.areas[["x_m", "y_m"]].to_numpy())
    assert set(TOY.areas.index[shapely.contains(shape, points)]) == covered(*codes)


def test_shapes_elsewhere_are_none_and_circles_are_round() -> None:
    assert geometry_of(FootprintKind.PLACES, ["E07000001"], *WORLD) is None
    circle = geometry_of(FootprintKind.RADIUS, ["1000", "2000", "500"], *WORLD)
    assert circle.bounds == pytest.approx((500, 1500, 1500, 2500))
