from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

from atlas.errors import QueryError
from atlas.gaps.access import e2sfca, pairs_within
from atlas.gaps.analysis import Gaps, unsurveyed_sectors
from atlas.gaps.need import population_percentile
from atlas.geo.areas import AreaSet
from atlas.parameters import Parameters
from atlas.vocabulary import AccessMeasure, Decay, Sector, Verdict
from tests.toy import EAST, WEST, Inputs, measured_gaps, toy_inputs

INPUTS = toy_inputs()
NEED = INPUTS.deprivation.scores["overall"]
PARAMETERS = Parameters(draws=64)
COLUMNS = [
    "need",
    "need_percentile",
    "access",
    "is_reached",
    "access_percentile",
    "nearest_anchor_m",
    "nearest_site",
    "gap_index",
    "is_gap_here",
    "p_gap",
    "rank",
    "rank_low",
    "rank_high",
    "p_top",
    "verdict",
    "bivariate_class",
    "cluster",
]


def run(inputs: Inputs = INPUTS, parameters: Parameters = PARAMETERS, **changed: object) -> Gaps:
    arguments = {"areaset": inputs.areaset, "need": NEED, "sites": inputs.sites, "surveys": inputs.surveys} | changed
    return measured_gaps(parameters=parameters, **arguments)


def test_the_toy_gap_lies_in_the_east_and_says_so() -> None:
    gaps = run()
    assert list(gaps.areas.columns) == COLUMNS
    assert gaps.areas.index.equals(INPUTS.areaset.areas.index)
    gap = gaps.areas[gaps.areas["is_gap_here"]]
    assert list(gap.index) == ["E01000601", "E01000700", "E01000701"]
    assert set(gap["bivariate_class"]) == {8}
    assert [cluster.lsoas for cluster in gaps.clusters] == [tuple(gap.index)]
    assert (gaps.areas["cluster"] > 0).equals(gaps.areas["verdict"] != Verdict.NOT_A_GAP)
    assert len(gaps.supply) == 3
    assert gaps.robustness.draws == 64


def test_access_counts_people_and_sites_beyond_the_edge() -> None:
    areas, around = INPUTS.areaset.areas, INPUTS.areaset.surroundings
    everyone = pd.concat([areas[["population", "x_m", "y_m"]], around[["population", "x_m", "y_m"]]]).astype(float)
    outside = INPUTS.sites.iloc[[0]].assign(x_m=INPUTS.sites["x_m"].min() - 3_000).set_axis(["site:outside"])
    sites = pd.concat([INPUTS.sites, outside])
    costs = pairs_within(everyone[["x_m", "y_m"]], sites[["x_m", "y_m"]], 4_000)
    expected = e2sfca(everyone["population"], sites["capacity"], costs, catchment_m=4_000, decay=Decay.GAUSSIAN)
    found = run(sites=sites).areas["access"]
    np.testing.assert_allclose(found, expected[areas.index], rtol=1e-12)
    np.testing.assert_allclose(
        run(sites=sites).areas["access_percentile"], population_percentile(found, areas["population"]), rtol=1e-12
    )


def test_only_active_sites_of_the_chosen_sectors_count() -> None:
    alone = run(parameters=Parameters(sectors=(Sector.HEALTH,), draws=64))
    assert len(alone.supply) == 1
    assert set(alone.areas["nearest_site"]) == {"site:hospital"}
    closed = run(sites=INPUTS.sites.assign(status=["active", "ended", "planned"]))
    assert len(closed.supply) == 1


def test_where_a_chosen_sector_was_not_surveyed_a_gap_is_unknown() -> None:
    east = INPUTS.surveys["borough"] == EAST
    surveys = INPUTS.surveys.assign(status=np.where(east, "partial", "complete"))
    gaps = run(surveys=surveys)
    assert set(gaps.areas.loc[gaps.areas["is_gap_here"], "verdict"]) == {Verdict.UNKNOWN}
    assert gaps.clusters[0].verdict is Verdict.UNKNOWN
    assert set(gaps.unsurveyed) == {EAST}
    assert gaps.unsurveyed[EAST] == PARAMETERS.sectors
    assert (gaps.areas["verdict"] == Verdict.UNKNOWN).sum() == (run().areas["verdict"] != Verdict.NOT_A_GAP).sum()


def test_no_survey_at_all_leaves_every_borough_unsurveyed() -> None:
    nothing = pd.DataFrame({"borough": [], "sector": [], "status": []})
    assert set(unsurveyed_sectors(nothing, [WEST, EAST], PARAMETERS)) == {WEST, EAST}


def test_without_any_site_nothing_reaches_anybody_and_all_high_need_is_a_gap() -> None:
    gaps = run(sites=INPUTS.sites.iloc[:0])
    assert (gaps.areas["access"] == 0).all()
    assert not gaps.areas["is_reached"].any()
    assert gaps.areas["nearest_anchor_m"].isna().all()
    assert gaps.areas["nearest_site"].isna().all()
    assert gaps.areas["is_gap_here"].equals(gaps.areas["need_percentile"] >= 80)
    assert math.isnan(gaps.clusters[0].nearest_anchor_m)


def test_an_area_without_people_is_no_gap() -> None:
    areas = INPUTS.areaset.areas.copy()
    areas.loc["E01000701", "population"] = 0
    gaps = run(areaset=dataclasses.replace(INPUTS.areaset, areas=areas))
    assert not gaps.areas.loc["E01000701", "is_gap_here"]
    assert np.isfinite(gaps.areas["need_percentile"]).all()


def test_one_area_alone_has_nothing_to_be_compared_with() -> None:
    gaps = run(areaset=dataclasses.replace(INPUTS.areaset, areas=INPUTS.areaset.areas.iloc[:1]))
    assert gaps.areas["need_percentile"].tolist() == [50.0]
    assert gaps.clusters == ()


def test_order_of_rows_does_not_matter() -> None:
    turned = AreaSet(
        INPUTS.areaset.vintage,
        INPUTS.areaset.areas.iloc[::-1],
        INPUTS.areaset.surroundings.iloc[::-1],
        INPUTS.areaset.boroughs,
        INPUTS.areaset.icbs,
    )
    other = run(areaset=turned, sites=INPUTS.sites.iloc[::-1], need=NEED.iloc[::-1], surveys=INPUTS.surveys.iloc[::-1])
    pd.testing.assert_frame_equal(other.areas, run().areas.iloc[::-1], check_exact=True)
    assert other.clusters == run().clusters


def test_arguments_are_left_as_they_were() -> None:
    fresh = toy_inputs()
    run(fresh)
    pd.testing.assert_frame_equal(fresh.areaset.areas, INPUTS.areaset.areas)
    pd.testing.assert_frame_equal(fresh.areaset.surroundings, INPUTS.areaset.surroundings)
    pd.testing.assert_frame_equal(fresh.sites, INPUTS.sites)


def test_refuses_areas_without_need_and_areas_without_people() -> None:
    with pytest.raises(QueryError, match="1 areas have no need score, among them E01000701"):
        run(need=NEED.drop("E01000701"))
    nobody = INPUTS.areaset.areas.assign(population=0)
    with pytest.raises(QueryError, match="nobody lives in the study area"):
        run(areaset=dataclasses.replace(INPUTS.areaset, areas=nobody))
    with pytest.raises(QueryError, match="there are no areas"):
        run(areaset=dataclasses.replace(INPUTS.areaset, areas=INPUTS.areaset.areas.iloc[:0]))
    with pytest.raises(QueryError, match="capacity must be finite"):
        run(sites=INPUTS.sites.assign(capacity=-1.0))


@pytest.mark.parametrize("measure", AccessMeasure)
@pytest.mark.parametrize("catchment_m", [300.0, 1_500.0, 6_000.0])
def test_the_rank_beside_the_draws_is_that_of_the_gap_index(measure: AccessMeasure, catchment_m: float) -> None:
    gaps = run(parameters=Parameters(draws=16, measure=measure, catchment_m=catchment_m))
    expected = gaps.areas["gap_index"].rank(method="min", ascending=False).astype(int)
    assert gaps.areas["rank"].tolist() == expected.tolist()
