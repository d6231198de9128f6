from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from atlas.errors import VintageError
from atlas.geo.areas import AreaSet
from atlas.geo.deprivation import CENSUS_YEARS, Deprivation
from atlas.geo.vintage import require_vintage
from atlas.vocabulary import Release

CODES = [f"E0100000{number}" for number in range(1, 6)]


def need(release: Release, codes: list[str] = CODES) -> Deprivation:
    estimate = Deprivation.from_estimate(pd.DataFrame({"overall": range(len(codes))}, index=codes))
    return replace(estimate, release=release, vintage=CENSUS_YEARS[release])


def areaset(vintage: int, codes: list[str] = CODES) -> AreaSet:
    nothing = gpd.GeoDataFrame(geometry=[])
    index = pd.Index(codes, name="lsoa")
    areas = gpd.GeoDataFrame(geometry=[box(n, 0, n + 1, 1) for n in range(len(codes))], index=index)
    return AreaSet(vintage, areas, pd.DataFrame(), nothing, nothing)


@pytest.mark.parametrize(("release", "vintage"), list(CENSUS_YEARS.items()))
def test_one_census_year_is_let_through(release: Release, vintage: int) -> None:
    require_vintage(need(release, [*CODES, "E01033333"]), areaset(vintage))


@pytest.mark.parametrize(
    ("release", "vintage", "way_out"),
    [
        (Release.IOD2019, 2021, ("--release iod2025", "atlas data pull iod2025")),
        (Release.ESTIMATE, 2021, ("--release iod2025",)),
        (Release.IOD2025, 2011, ("--release iod2019", "atlas data pull iod2019", "--release estimate")),
    ],
)
def test_another_census_year_is_refused_even_where_every_code_matches(
    release: Release, vintage: int, way_out: tuple[str, ...]
) -> None:
    with pytest.raises(VintageError) as caught:
        require_vintage(need(release), areaset(vintage))
    for words in (*way_out, "5 of their 5 codes exist in both", "0 have no score", f"the areas are LSOAs of {vintage}"):
        assert words in str(caught.value)


def test_codes_that_do_not_match_are_counted_and_shown() -> None:
    codes = [*CODES, *(f"E0103{number:04d}" for number in range(30))]
    with pytest.raises(VintageError, match=r"5 of their 35 codes exist in both, .* and 30 have no score") as caught:
        require_vintage(need(Release.IOD2019), areaset(2021, codes))
    assert len(caught.value.faults) == 21
    assert caught.value.faults[0].value == "E01030000"
    assert "10 more" in caught.value.faults[-1].problem


def test_a_release_that_lacks_areas_of_its_own_year_is_refused() -> None:
    with pytest.raises(VintageError, match=r"no score for 2 of the 5 areas.*atlas data pull iod2025"):
        require_vintage(need(Release.IOD2025, CODES[:3]), areaset(2021))
