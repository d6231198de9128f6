"""The values: one for each area, in order, and what lies over them."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import accumulate
from typing import Any

import numpy as np
import pandas as pd
import pytest

from atlas.maps.geometry import geometry_id
from atlas.maps.style import VERDICT_DIGITS
from atlas.maps.values import ranks, share_bounds, values, values_json, whole_shares
from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.snapshot import Atlas
from atlas.vocabulary import Sector, Verdict
from tests.toy import EAST, toy_atlas, toy_inputs


@pytest.fixture(scope="module")
def toy() -> Atlas:
    return toy_atlas()


@pytest.fixture(scope="module")
def found(toy: Atlas) -> dict[str, Any]:
    return values(toy)


def test_every_area_has_every_value(toy: Atlas, found: dict[str, Any]) -> None:
    columns = ["classes", "verdicts", "need", "access", "population", "nearest_100m", "nearest"]
    columns += ["p_gap", "rank", "rank_low", "rank_high"]
    assert {len(found[column]) for column in columns} == {len(toy.inputs.areaset.areas)}


def test_values_say_what_the_measures_say(toy: Atlas, found: dict[str, Any]) -> None:
    measures = toy.gaps.areas
    assert list(map(int, found["classes"])) == measures["bivariate_class"].tolist()
    assert list(map(int, found["verdicts"])) == [VERDICT_DIGITS[Verdict(verdict)] for verdict in measures["verdict"]]
    assert found["need"] == pytest.approx(measures["need_percentile"], abs=0.5)
    assert np.array(found["nearest_100m"]) * 100 == pytest.approx(measures["nearest_anchor_m"], abs=50)
    names = [found["sites"]["name"][site] for site in found["nearest"]]
    assert names == toy.sites["name"].loc[measures["nearest_site"]].tolist()


def test_values_say_how_sure_it_is(toy: Atlas, found: dict[str, Any]) -> None:
    measures = toy.gaps.areas
    assert found["ways"] == toy.gaps.robustness.draws
    assert found["p_gap"] == pytest.approx(100 * measures["p_gap"], abs=1)
    for column in ("rank", "rank_low", "rank_high"):
        assert found[column] == measures[column].tolist()


@pytest.mark.parametrize(
    ("parameters", "bounds"),
    [
        (Parameters(), [1, 10, 50, 90]),
        (Parameters(fragile_at=0.1, robust_at=1), [1, 10, 100]),
        (Parameters(fragile_at=0.005, robust_at=0.75), [1, 10, 75]),
    ],
    ids=["default", "at ten and always", "at next to nothing"],
)
def test_shares_are_rounded_inside_their_class(parameters: Parameters, bounds: list[int]) -> None:
    assert share_bounds(parameters) == bounds
    shares = np.arange(1025) / 1024
    found = whole_shares(shares, parameters)
    assert (np.digitize(found, bounds) == np.digitize(100 * shares, [1e-9, *bounds[1:]])).all()
    assert np.abs(found - 100 * shares).max() <= 1
    assert (found[0], found[1], found[-2], found[-1]) == (0, 1, 99, 100)
    assert (np.diff(found) >= 0).all()


def test_ranks_of_what_is_never_a_gap_have_two_figures() -> None:
    size = 4835
    rank = np.arange(size) + 1
    frame = pd.DataFrame({"p_gap": np.where(rank % 2, 0.01, 0.0), "rank": rank, "rank_low": rank, "rank_high": rank})
    found = pd.DataFrame(ranks(frame))
    is_exact = found.eq(rank, axis="index")
    assert is_exact[frame["p_gap"] > 0].all(axis=None)
    assert is_exact[rank < 100].all(axis=None)
    assert (found["rank_low"] <= rank).all()
    assert (found["rank_high"] >= rank).all()
    assert found.to_numpy().max() == size
    assert found.iloc[1233].tolist() == [1200, 1200, 1300]


def test_gap_areas_hold_their_areas(toy: Atlas, found: dict[str, Any]) -> None:
    codes = toy.inputs.areaset.areas.index
    assert [area["id"] for area in found["gap_areas"]] == [area.id for area in toy.gap_areas]
    for written, area in zip(found["gap_areas"], toy.gap_areas, strict=True):
        assert tuple(codes[list(accumulate(written["areas"]))]) == area.lsoas
        (south, west), (north, east) = written["bounds"]
        assert south < written["centre"][0] < north
        assert west < written["centre"][1] < east


def test_footprints_are_written_in_the_shortest_way(found: dict[str, Any]) -> None:
    written = {footprint["id"]: footprint for footprint in found["footprints"]}
    assert written["network:west"]["boroughs"] == [0]
    assert written["network:all"]["boroughs"] == [0, 1]
    assert written["programme:east"]["circle"][2] == 1500


def test_sites_know_their_institutions(found: dict[str, Any]) -> None:
    sites, institutions = found["sites"], found["institutions"]
    owners = [institutions["id"][owner] for owner in sites["institution"]]
    assert dict(zip(sites["name"], owners, strict=True))["Campus"] == "institution:university"
    assert sites["london"] == "111"


def test_values_belong_to_shapes_and_are_json(toy: Atlas, found: dict[str, Any]) -> None:
    assert found["geometry"] == geometry_id(toy.inputs.areaset)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert values(toy) == found


def test_an_estimate_is_called_one(found: dict[str, Any]) -> None:
    assert found["need_label"] == "Need, estimated"


def test_where_no_site_counts_the_nearest_is_none() -> None:
    lonely = values(analyse(toy_inputs(), Parameters(sectors=(Sector.FAITH,))))
    assert set(lonely["nearest"]) == set(lonely["nearest_100m"]) == {-1}


def test_what_would_be_a_gap_without_a_survey_is_unknown() -> None:
    inputs = toy_inputs()
    inputs = replace(inputs, surveys=inputs.surveys[inputs.surveys["borough"] != EAST])
    verdicts = values(analyse(inputs, Parameters()))["verdicts"]
    assert str(VERDICT_DIGITS[Verdict.UNKNOWN]) in verdicts
    assert str(VERDICT_DIGITS[Verdict.ROBUST]) not in verdicts


def test_the_text_is_that_of_the_values() -> None:
    atlas = toy_atlas()
    for _ in range(2):
        assert json.loads(values_json(atlas)) == json.loads(json.dumps(values(atlas)))
