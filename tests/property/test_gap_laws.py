"""Laws that the gap analysis obeys whatever the world is."""

from __future__ import annotations

import dataclasses
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from atlas.gaps.analysis import Gaps
from atlas.gaps.need import population_percentile
from atlas.geo.areas import AreaSet
from atlas.geo.contiguity import components, queen
from atlas.parameters import Parameters
from atlas.vocabulary import Decay, Sector, Verdict
from tests.toy import measured_gaps

COLUMNS, ROWS, SIDE_M = 5, 4, 1_000.0
N = COLUMNS * ROWS
EMPTY = gpd.GeoDataFrame(geometry=[])


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    """A board of twenty squares in two boroughs, any people, need, sites and surveys."""
    codes = pd.Index([f"E0100{k:04d}" for k in range(N)], name="lsoa")
    column, row = np.arange(N) % COLUMNS, np.arange(N) // COLUMNS
    people = draw(st.lists(st.integers(0, 3_000), min_size=N, max_size=N).filter(any))
    squares = [box(x, y, x + SIDE_M, y + SIDE_M) for x, y in zip(SIDE_M * column, SIDE_M * row, strict=True)]
    areas = gpd.GeoDataFrame(
        {
            "lad": np.where(column < 2, "E09000001", "E09000002"),
            "population": people,
            "x_m": SIDE_M * (column + 0.5),
            "y_m": SIDE_M * (row + 0.5),
        },
        geometry=squares,
        index=codes,
    )
    around = pd.DataFrame(
        {"population": [900], "x_m": [-500.0], "y_m": [500.0], "lad": "E07000001"}, index=["E01999999"]
    )
    places = draw(st.lists(st.tuples(st.integers(-2, 7), st.integers(-2, 6)), max_size=6))
    sites = pd.DataFrame(
        {
            "x_m": [SIDE_M * x for x, _ in places],
            "y_m": [SIDE_M * y for _, y in places],
            "capacity": 1.0,
            "sector": Sector.HEALTH.value,
            "status": "active",
            "institution": [f"institution:{k % 2}" for k in range(len(places))],
        },
        index=[f"site:{k}" for k in range(len(places))],
    )
    surveyed = draw(st.sets(st.sampled_from(["E09000001", "E09000002"])))
    return {
        "areaset": AreaSet(2011, areas, around, EMPTY, EMPTY),
        "need": pd.Series(draw(st.lists(st.integers(0, 30), min_size=N, max_size=N)), codes, dtype=float),
        "sites": sites,
        "surveys": pd.DataFrame({"borough": sorted(surveyed), "sector": Sector.HEALTH.value, "status": "complete"}),
        "parameters": Parameters(
            sectors=(Sector.HEALTH,),
            catchment_m=draw(st.sampled_from([800.0, 2_000.0, 9_000.0])),
            decay=draw(st.sampled_from(list(Decay))),
            draws=16,
            need_share=draw(st.sampled_from([0.2, 0.5])),
        ),
    }


def measured(world: dict[str, Any]) -> tuple[Gaps, pd.DataFrame]:
    gaps = measured_gaps(**world)
    return gaps, gaps.areas


@settings(max_examples=40)
@given(worlds())
def test_every_measure_is_within_its_bounds(world: dict[str, Any]) -> None:
    _, areas = measured(world)
    assert areas["p_gap"].between(0, 1).all()
    for name in ("need_percentile", "access_percentile", "gap_index"):
        assert areas[name].between(0, 100).all()
    assert areas["bivariate_class"].between(0, 8).all()
    assert (areas["access"] >= 0).all()
    assert set(areas["verdict"]) <= set(Verdict)


@settings(max_examples=40)
@given(worlds())
def test_clusters_share_out_the_gaps_and_their_people(world: dict[str, Any]) -> None:
    gaps, areas = measured(world)
    people = world["areaset"].areas["population"]
    in_gap = areas["verdict"] != Verdict.NOT_A_GAP
    codes = [code for cluster in gaps.clusters for code in cluster.lsoas]
    assert sorted(codes) == sorted(areas.index[in_gap])
    assert sum(cluster.population for cluster in gaps.clusters) == people[in_gap].sum()
    assert [cluster.population for cluster in gaps.clusters] == sorted(
        (c.population for c in gaps.clusters), reverse=True
    )
    links = queen(world["areaset"].areas.geometry)
    for rank, cluster in enumerate(gaps.clusters, start=1):
        assert set(areas.index[areas["cluster"] == rank]) == set(cluster.lsoas)
        assert components(links, (areas["cluster"] == rank).to_numpy()).max() == 1
        assert len({verdict == Verdict.UNKNOWN for verdict in areas.loc[list(cluster.lsoas), "verdict"]}) == 1


@settings(max_examples=40)
@given(worlds())
def test_a_verdict_is_only_given_to_gaps_with_people_and_unknown_only_where_not_surveyed(world: dict[str, Any]) -> None:
    gaps, areas = measured(world)
    judged = areas[areas["verdict"] != Verdict.NOT_A_GAP]
    assert judged["is_gap_here"].all()
    assert (world["areaset"].areas.loc[judged.index, "population"] > 0).all()
    unsurveyed = world["areaset"].areas.loc[judged.index, "lad"].isin(list(gaps.unsurveyed))
    assert ((judged["verdict"] == Verdict.UNKNOWN) == unsurveyed).all()


@settings(max_examples=25)
@given(worlds(), st.randoms(use_true_random=False))
def test_permuted_rows_give_permuted_results(world: dict[str, Any], random: Any) -> None:
    gaps, areas = measured(world)
    codes, sites = list(areas.index), list(world["sites"].index)
    random.shuffle(codes)
    random.shuffle(sites)
    areaset = dataclasses.replace(world["areaset"], areas=world["areaset"].areas.loc[codes])
    turned = measured_gaps(**(world | {"areaset": areaset, "sites": world["sites"].loc[sites]}))
    pd.testing.assert_frame_equal(turned.areas, areas.loc[codes], check_exact=True)
    assert repr(turned.clusters) == repr(gaps.clusters)


@given(
    st.lists(st.tuples(st.integers(-5, 5), st.integers(0, 9)), min_size=1).filter(lambda rows: any(p for _, p in rows))
)
def test_percentiles_follow_the_values_and_average_fifty(rows: list[tuple[int, int]]) -> None:
    values, people = pd.Series([v for v, _ in rows], dtype=float), pd.Series([p for _, p in rows], dtype=float)
    found = population_percentile(values, people)
    assert found.between(0, 100).all()
    assert abs(np.average(found, weights=people) - 50) < 1e-9
    order = np.argsort(values, kind="stable")
    assert (np.diff(found.iloc[order]) >= 0).all()
