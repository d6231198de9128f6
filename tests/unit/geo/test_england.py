"""England as a whole: no area is lost at any zoom, and districts are the sums of their areas."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from atlas.errors import QueryError
from atlas.geo.deprivation import Deprivation
from atlas.geo.england import district_shapes, district_table, for_zoom, percentiles, step_m
from atlas.vocabulary import NeedDomain, Release

CODES = [f"E0100000{number}" for number in range(4)]
WEST, EAST = "E06000001", "E06000002"


def need(deciles: list[int], people: list[int]) -> Deprivation:
    index = pd.Index(CODES, name="lsoa")
    one = pd.DataFrame({"overall": deciles}, index=index)
    return Deprivation(
        release=Release.IOD2025,
        vintage=2021,
        is_estimate=False,
        scores=one.astype(float),
        ranks=pd.DataFrame({"overall": [1, 2, 3, 4]}, index=index),
        deciles=one,
        populations=pd.DataFrame({"total": people}, index=index),
        names=pd.DataFrame(
            {"name": CODES, "lad": [WEST, WEST, EAST, EAST], "lad_name": ["W", "W", "E", "E"]}, index=index
        ),
    )


@pytest.mark.parametrize("zoom", [5, 8, 10])
def test_every_area_has_a_shape_at_every_zoom_however_small(zoom: int) -> None:
    step = step_m(zoom)
    sides = step * np.array([0.01, 0.5, 3.0, 50.0, 4000.0])
    lefts = np.concatenate([[0], np.cumsum(sides[:-1])])
    shapes = np.array([shapely.box(left, 0, left + side, side) for left, side in zip(lefts, sides, strict=True)])
    found = for_zoom(shapes, zoom)
    assert shapely.is_valid(found).all()
    assert (shapely.area(found) >= 12 * step**2).all()
    assert shapely.distance(found, shapes).max() <= step
    assert found[-1].equals(shapes[-1])


def test_shapes_given_are_left_as_they_were() -> None:
    shapes = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    before = shapes.copy()
    for_zoom(shapes, 5)
    assert shapely.equals_exact(shapes, before).all()


def test_a_line_between_two_areas_stays_one_line_when_it_is_made_plainer() -> None:
    xs = np.linspace(0, 400_000, 400)
    line = np.column_stack([xs, 3_000 * np.sin(xs / 5_000)])
    upper = shapely.Polygon([*line, (400_000, 200_000), (0, 200_000)])
    lower = shapely.Polygon([*line, (400_000, -200_000), (0, -200_000)])
    found = for_zoom(np.array([upper, lower]), 5)
    assert shapely.get_num_coordinates(found).sum() < shapely.get_num_coordinates([upper, lower]).sum() / 2
    assert shapely.coverage_is_valid(found)


def test_districts_are_the_sums_of_their_areas() -> None:
    table = district_table(need([1, 1, 2, 10], [100, 300, 500, 0]), NeedDomain.OVERALL)
    assert table.loc[WEST].to_dict() == {
        "name": "W",
        "areas": 2,
        "people": 400,
        "worst_areas": 2,
        "worst_people": 400,
        "percentile": pytest.approx((87.5 * 100 + 62.5 * 300) / 400),
        "worst_share": 1.0,
        "rank": 1,
    }
    assert table.loc[EAST, ["areas", "people", "worst_areas", "rank"]].tolist() == [2, 500, 0, 2]
    assert table.index.tolist() == [WEST, EAST]


def test_a_district_without_people_has_no_share() -> None:
    table = district_table(need([1, 1, 2, 10], [0, 0, 5, 5]), NeedDomain.OVERALL)
    assert table.loc[WEST, ["people", "percentile", "worst_share"]].tolist() == [0, 0.0, 0.0]


def test_a_measure_that_a_release_has_not_is_refused_with_those_it_has() -> None:
    with pytest.raises(QueryError, match="iod2025 has no ranks of crime, only of overall"):
        district_table(need([1, 1, 2, 10], [1, 1, 1, 1]), NeedDomain.CRIME)


def test_a_measure_with_scores_alone_is_refused_as_well() -> None:
    whole = need([1, 1, 2, 10], [1, 1, 1, 1])
    scored = replace(whole, scores=whole.scores.assign(idaci=[0.4, 0.3, 0.2, 0.1]))
    assert NeedDomain.IDACI in scored.domains()
    with pytest.raises(QueryError, match="no ranks of idaci"):
        district_table(scored, NeedDomain.IDACI)


def test_the_most_deprived_tenth_follows_from_ranks_where_a_file_has_no_deciles() -> None:
    whole = need([1, 1, 2, 10], [1, 1, 1, 1])
    table = district_table(replace(whole, deciles=whole.deciles[[]]), NeedDomain.OVERALL)
    # of four areas the first tenth is none: decile = ceil(10 · 1 / 4) = 3
    assert table["worst_areas"].tolist() == [0, 0]


def test_percentiles_are_of_areas_and_the_most_deprived_has_most() -> None:
    assert percentiles(pd.Series([4, 1, 2, 3])).tolist() == [12.5, 87.5, 62.5, 37.5]


def test_a_district_is_in_the_board_of_nearly_all_its_areas_or_in_none() -> None:
    boxes = [shapely.box(x, 0, x + 1, 1) for x in range(4)]
    areas = gpd.GeoDataFrame(geometry=boxes, index=pd.Index(CODES, name="lsoa"), crs=27700)
    lads = pd.Series([WEST, WEST, WEST, EAST], index=CODES)
    boards = gpd.GeoSeries(
        [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 3, 1)], index=["E54000001", "E54000002"], crs=27700
    )
    found = district_shapes(areas, lads, boards)
    assert found["icb"].to_dict() == {WEST: "", EAST: "E54000002"}
    assert found.geometry.area.tolist() == [3.0, 1.0]
