"""The embedded default beside the official figures."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from atlas.geo.areas import AreaSet
from atlas.parameters import MAX_CATCHMENT_M
from atlas.sources.embedded import data_folder, read_areas, read_estimate

LONDON_AT_CENSUS_2011 = 8_173_941
MERGED = "E54000071"


@pytest.fixture(scope="module")
def london() -> AreaSet:
    return read_areas()


@pytest.fixture(scope="module")
def lookup(shared: Path) -> pd.DataFrame:
    return pd.read_csv(shared / "lookups" / "london_lsoa11_lookup.csv", index_col="lsoa11cd").sort_index()


def icbs_on(london: AreaSet, day: str) -> gpd.GeoDataFrame:
    start, end = london.icbs["start"], london.icbs["end"]
    return london.icbs[(start <= day) & ((end == "") | (end >= day))]


def test_every_area_is_there(london: AreaSet) -> None:
    assert len(london.areas) == 4835
    assert len(london.boroughs) == 33
    assert len(london.surroundings) == 1182
    assert london.areas["msoa"].nunique() == 983


def test_everybody_is_there(london: AreaSet) -> None:
    assert london.areas["population"].sum() == LONDON_AT_CENSUS_2011


@pytest.mark.parametrize(("day", "count"), [("2022-07-01", 5), ("2026-03-31", 5), ("2026-04-01", 4)])
def test_icbs_of_a_day_cover_london(london: AreaSet, day: str, count: int) -> None:
    icbs = icbs_on(london, day)
    assert len(icbs) == count
    assert shapely.coverage_is_valid(np.asarray(icbs.geometry))
    assert icbs.area.sum() == pytest.approx(london.areas.area.sum())


def test_two_icbs_became_one(london: AreaSet) -> None:
    members = london.boroughs.loc[london.boroughs["icb26"] == MERGED]
    assert set(members["icb22"]) == {"E54000027", "E54000028"}
    assert set(members["name"]) == {
        "Barnet", "Brent", "Camden", "Ealing", "Enfield", "Hammersmith and Fulham", "Haringey", "Harrow", "Hillingdon",
        "Hounslow", "Islington", "Kensington and Chelsea", "Westminster",
    }  # fmt: skip
    others = london.boroughs[london.boroughs["icb26"] != MERGED]
    assert (others["icb22"] == others["icb26"]).all()


def test_areas_nest_as_the_lookup_has_it(london: AreaSet, lookup: pd.DataFrame) -> None:
    areas = london.areas
    ours = pd.DataFrame(areas.drop(columns="geometry")).join(london.boroughs["icb22"], on="lad")
    theirs = {
        "name": "lsoa11nm",
        "lad": "ladcd",
        "lad_name": "lad22nm",
        "msoa": "msoa11cd",
        "msoa_name": "msoa11hclnm",
        "icb22": "icb22cd",
    }
    assert areas.index.equals(pd.Index(lookup.index))
    for column, official in theirs.items():
        assert ours[column].tolist() == lookup[official].tolist(), column


def test_icbs_are_named_and_coded_as_in_the_lookup(london: AreaSet, lookup: pd.DataFrame) -> None:
    official = lookup.drop_duplicates("icb22cd").set_index("icb22cd").sort_index()
    icbs = gpd.read_parquet(data_folder() / "boundaries" / "icbs.parquet").set_index("code")
    of_2022 = icbs.loc[official.index]
    assert of_2022["name"].tolist() == official["icb22nm"].tolist()
    assert of_2022["ods"].tolist() == official["icb22cdh"].tolist()
    assert icbs.loc[MERGED, ["ods", "start", "end"]].tolist() == ["Z9B2Z", "2026-04-01", ""]
    assert london.icbs.index.equals(icbs.index.rename("icb"))


def test_neighbours_share_the_same_vertices(london: AreaSet) -> None:
    for layer in (london.areas, london.boroughs):
        shapes = np.asarray(layer.geometry)
        assert shapely.is_valid(shapes).all()
        assert (shapely.area(shapes) > 0).all()
        assert shapely.coverage_is_valid(shapes)
        vertices = shapely.get_coordinates(shapes)
        assert (vertices == vertices.round()).all()


def test_points_lie_in_their_areas_and_in_london(london: AreaSet, shared: Path) -> None:
    points = gpd.GeoSeries.from_xy(london.areas["x_m"], london.areas["y_m"], crs=london.areas.crs)
    assert points.within(london.areas.geometry).all()
    outline = gpd.read_parquet(shared / "boundaries" / "lad_london_27700.parquet").union_all()
    # the super-generalised shore cuts corners
    assert (points.distance(outline) <= 30).all()


def test_boroughs_are_where_the_full_boundaries_have_them(london: AreaSet, shared: Path) -> None:
    full = gpd.read_parquet(shared / "boundaries" / "lad_london_27700.parquet").set_index("ladcd").sort_index()
    shared_area = london.boroughs.intersection(full.geometry).area
    assert (shared_area / full.area).min() > 0.98


def test_surroundings_lie_outside_and_within_one_catchment(london: AreaSet) -> None:
    around = london.surroundings
    distance = shapely.distance(shapely.points(around[["x_m", "y_m"]].to_numpy()), london.boroughs.union_all())
    assert distance.min() > 0
    assert distance.max() <= MAX_CATCHMENT_M + 1
    assert not set(around.index) & set(london.areas.index)


def test_every_district_around_has_a_name(london: AreaSet) -> None:
    districts = pd.read_csv(data_folder() / "boundaries" / "districts.csv", index_col="code", keep_default_na=False)
    assert sorted(set(london.surroundings["lad"])) == districts.index.tolist()
    superseded = districts.loc[districts["superseded_by"] != "", ["name", "superseded_by", "superseded_by_name"]]
    assert superseded.to_numpy().tolist() == [
        ["Chiltern", "E06000060", "Buckinghamshire"],
        ["South Bucks", "E06000060", "Buckinghamshire"],
        ["East Hertfordshire", "E07000242", "East Hertfordshire"],
        ["St Albans", "E07000240", "St Albans"],
        ["Welwyn Hatfield", "E07000241", "Welwyn Hatfield"],
    ]


def test_the_borough_table_says_what_the_boundaries_say(london: AreaSet) -> None:
    table = pd.read_csv(data_folder() / "boundaries" / "boroughs.csv", index_col="code")
    assert table.to_numpy().tolist() == london.boroughs[["name", "icb22", "icb26"]].to_numpy().tolist()


def test_the_estimate_agrees_with_the_published_index(london: AreaSet, shared: Path) -> None:
    estimate = read_estimate()["overall"]
    assert estimate.index.equals(london.areas.index)
    official = pd.read_csv(shared / "deprivation" / "iod2019_file7_london.csv.gz", index_col="LSOA code (2011)")
    score = official["Index of Multiple Deprivation (IMD) Score"].reindex(estimate.index)
    assert estimate.corr(score) == pytest.approx(0.858, abs=0.001)
    assert estimate.corr(score, method="spearman") == pytest.approx(0.879, abs=0.001)
    assert estimate.mean() == pytest.approx(score.mean(), abs=0.1)


def test_the_scores_of_the_classification_are_those_computed(shared: Path) -> None:
    ours = pd.read_csv(data_folder() / "deprivation" / "oac2011_mean_imd2019.csv", index_col="subgroup")
    theirs = pd.read_csv(shared / "calibration" / "oac2011_mean_imd2019.csv", index_col="oac2011_subgroup")
    assert ours["score"].to_dict() == theirs["score"].to_dict()
    assert ours["london_postcodes"].to_dict() == theirs["postcodes"].to_dict()
