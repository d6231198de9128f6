"""Who could share a place, who stands beside what they may lack, and what lies in and near an area."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from atlas.errors import QueryError
from atlas.geo.estate.model import Estate
from atlas.geo.estate.opportunities import (
    areas_at,
    available,
    co_locations,
    complements,
    groups,
    near_areas,
)
from atlas.geo.estate.sharing import COMPATIBLE, COMPLEMENTS
from atlas.vocabulary.estate import AVAILABLE, Use
from tests.land import land
from tests.toy import X0, Y0, code_of, toy_areaset

FLAT: pd.Series[float] = pd.Series(dtype=float)


def names(estate: Estate, pairs: pd.DataFrame, one: str, other: str) -> list[tuple[str, str]]:
    """Pairs by the last part of their ids."""
    index = estate.assets.index.str.rpartition("-").get_level_values(2)
    return [(index[int(a)], index[int(b)]) for a, b in zip(pairs[one], pairs[other], strict=True)]


def shared(*rows: dict[str, Any], within_m: float = 400.0) -> list[tuple[str, str]]:
    estate = land(*rows)
    return names(estate, co_locations(estate, within_m), "left", "right")


def helped(*rows: dict[str, Any]) -> list[tuple[str, str, str]]:
    estate = land(*rows)
    found = complements(estate)
    rules = [COMPLEMENTS[rule].name for rule in found["rule"]]
    return [(*pair, rule) for pair, rule in zip(names(estate, found, "gives", "takes"), rules, strict=True)]


LIBRARY = {"id": "library", "at": (100, 100), "use": "library", "status": "in_use"}
CLINIC = {"of": "hospital", "id": "clinic", "at": (400, 500), "use": "health", "status": "in_use"}


def test_a_library_and_a_clinic_of_another_partner_could_share_a_place() -> None:
    estate = land(LIBRARY, CLINIC)
    found = co_locations(estate, 500.0)
    assert found["distance_m"].tolist() == [500.0]
    assert {COMPATIBLE[found["rule"][0]].one, COMPATIBLE[found["rule"][0]].other} == {Use.LIBRARY, Use.HEALTH}


def test_what_is_a_step_too_far_is_not_within_walking_distance() -> None:
    assert shared(LIBRARY, CLINIC, within_m=499.9) == []


@pytest.mark.parametrize(
    "change",
    [
        {"of": "council"},
        {"use": "cemetery"},
        {"use": "refuge"},
        {"is_sensitive": True},
        {"status": "vacant"},
        {"status": "under_construction"},
        {"x_m": float("nan"), "y_m": float("nan")},
    ],
)
def test_one_partner_other_uses_guarded_and_empty_places_are_left_out(change: dict[str, Any]) -> None:
    assert shared(LIBRARY, {**CLINIC, **change}, within_m=500.0) == []


def test_two_interests_in_one_place_share_it_already() -> None:
    estate = land(LIBRARY, {**CLINIC, "at": (100, 100)})
    pair = {"left": "asset:council-library", "right": "asset:hospital-clinic", "rule": "uprn", "score": 1.0}
    matches = pd.DataFrame([{**pair, "reasons": "", "decision": "accepted"}])
    assert len(co_locations(estate)) == 1
    assert len(co_locations(replace(estate, matches=matches))) == 0


@pytest.mark.parametrize(
    ("name", "postcode", "at", "pairs"),
    [
        ("Downham Health and Leisure Centre", "BR1 5EP", (110, 100), 0),
        ("Downham Library", "BR1 5EP", (110, 100), 1),
        ("Downham Health and Leisure Centre", "BR1 5EQ", (110, 100), 1),
        ("Downham Health and Leisure Centre", "BR1 5EP", (250, 100), 1),
    ],
)
def test_one_building_in_two_registers_is_not_offered_to_itself(
    name: str, postcode: str, at: tuple[int, int], pairs: int
) -> None:
    mine = {**LIBRARY, "name": "Downham Health & Leisure Centre", "postcode": "BR1 5EP"}
    assert len(shared(mine, {**CLINIC, "name": name, "postcode": postcode, "at": at})) == pairs


def test_two_alike_are_one_pair_and_not_two() -> None:
    offices = [{"of": of, "id": "office", "at": (100, 100), "use": "office"} for of in ("council", "hospital")]
    assert shared(*offices) == [("office", "office")]


def brute(estate: Estate, within_m: float) -> set[tuple[int, int]]:
    """Every pair, looked at one by one."""
    rows = estate.assets.reset_index().to_dict("records")
    uses = [{pair.one.value, pair.other.value} for pair in COMPATIBLE]
    fit = {*map(str, AVAILABLE), "under_construction"}
    return {
        (i, j)
        for (i, one), (j, other) in itertools.combinations(enumerate(rows), 2)
        if one["partner"] != other["partner"]
        and {one["use"], other["use"]} in uses
        and not {one["status"], other["status"]} & fit
        and np.hypot(one["x_m"] - other["x_m"], one["y_m"] - other["y_m"]) <= within_m
    }


@pytest.mark.parametrize("seed", range(4))
def test_every_pair_is_found_where_there_is_no_crowd(seed: int) -> None:
    draw = np.random.default_rng(seed)
    rows = [
        {
            "of": str(draw.choice(["council", "hospital", "university"])),
            "id": f"a{number}",
            "at": (float(draw.uniform(0, 8_000)), float(draw.uniform(0, 2_000))),
            "use": str(draw.choice([use.value for use in Use if use is not Use.REFUGE])),
            "status": str(draw.choice(["in_use", "vacant", "unknown", "under_construction"])),
        }
        for number in range(120)
    ]
    estate = land(*rows)
    found = co_locations(estate, 400.0)
    assert {(int(a), int(b)) for a, b in zip(found["left"], found["right"], strict=True)} == brute(estate, 400.0)


def test_three_partners_meet_around_the_one_in_the_middle() -> None:
    estate = land(
        {"id": "hall", "at": (400, 100), "use": "community"},
        {"of": "hospital", "id": "clinic", "at": (100, 100), "use": "health"},
        {"of": "hospital", "id": "surgery", "at": (390, 100), "use": "health"},
        {"of": "university", "id": "campus", "at": (700, 100), "use": "education"},
    )
    found = groups(co_locations(estate), estate, FLAT)
    assert found == [("asset:council-hall", ("asset:hospital-surgery", "asset:university-campus"))]


def test_of_equal_hubs_the_one_with_more_people_comes_first_and_no_asset_is_in_two_groups() -> None:
    rows = [LIBRARY, {**CLINIC, "at": (100, 200)}]
    rows += [{**row, "id": f"{row['id']}2", "at": (6_000, row["at"][1])} for row in rows]
    estate = land(*rows)
    pairs = co_locations(estate)
    weight = pd.Series({"asset:council-library2": 9.0})
    found = groups(pairs, estate, weight)
    assert [hub for hub, _ in found] == ["asset:council-library2", "asset:council-library"]
    everybody = [asset for hub, around in found for asset in (hub, *around)]
    assert len(everybody) == len(set(everybody)) == 4


def test_a_place_that_two_partners_hold_is_in_one_group_once() -> None:
    estate = land(
        {"id": "hall", "at": (400, 100), "use": "community"},
        {"of": "hospital", "id": "clinic", "at": (500, 100), "use": "health"},
        {"of": "university", "id": "clinic", "at": (501, 100), "use": "health"},
        {"of": "nobody", "id": "hall", "at": (600, 100), "use": "community"},
    )
    weight = pd.Series({"asset:council-hall": 9.0})
    (apart,) = groups(co_locations(estate), estate, weight)
    assert apart[1] == ("asset:hospital-clinic", "asset:university-clinic", "asset:nobody-hall")
    pair = {"left": "asset:hospital-clinic", "right": "asset:university-clinic", "rule": "uprn", "score": 1.0}
    one = replace(estate, matches=pd.DataFrame([{**pair, "reasons": "", "decision": "accepted"}]))
    (once,) = groups(co_locations(one), one, weight)
    assert once[1] == ("asset:hospital-clinic", "asset:nobody-hall")


EMPTY = {"id": "hall", "at": (100, 100), "use": "community", "status": "vacant"}
WORKS = {"of": "hospital", "id": "works", "at": (150, 100), "use": "health", "status": "under_construction"}
FULL = {"of": "hospital", "id": "full", "at": (150, 100), "use": "health", "floor_m2": 1_000.0, "land_ha": 0.1}
YARD = {"id": "yard", "at": (100, 100), "use": "land"}


def test_an_empty_building_gives_room_during_works() -> None:
    assert helped(EMPTY, WORKS) == [("hall", "works", "room_during_works")]


def test_an_empty_building_gives_room_beside_one_that_fills_its_plot() -> None:
    assert helped(EMPTY, FULL) == [("hall", "full", "room_to_grow")]
    assert helped(EMPTY, {**FULL, "floor_m2": 999.0}) == []


def test_land_without_a_use_helps_a_building_that_has_none_to_spare() -> None:
    assert helped(YARD, FULL) == [("yard", "full", "land_beside_building")]
    assert helped(YARD, WORKS) == [("yard", "works", "land_beside_building")]


def test_a_surplus_car_park_is_land_and_no_building() -> None:
    assert helped({**EMPTY, "use": "car_park"}, WORKS) == [("hall", "works", "land_beside_building")]
    assert helped({**EMPTY, "use": "car_park", "status": "in_use"}, WORKS) == []


@pytest.mark.parametrize(
    "change",
    [
        {"of": "council"},
        {"at": (300, 100)},
        {"floor_m2": float("nan")},
        {"land_ha": float("nan")},
        {"floor_m2": 0.0, "land_ha": 0.0},
        {"status": "vacant"},
        {"use": "housing"},
        {"is_sensitive": True},
    ],
)
def test_what_is_not_known_far_or_of_the_same_partner_is_no_complement(change: dict[str, Any]) -> None:
    assert helped(EMPTY, {**FULL, **change}) == []


def test_what_is_available_is_placed_and_not_guarded() -> None:
    rows = [
        EMPTY,
        {**EMPTY, "id": "sold", "status": "subject_to_disposal"},
        {**EMPTY, "id": "used", "status": "in_use"},
        {**EMPTY, "id": "refuge", "use": "refuge"},
        {"id": "nowhere", "status": "surplus"},
    ]
    estate = land(*rows)
    assert [*estate.assets.index[available(estate)]] == ["asset:council-hall", "asset:council-sold"]


def test_near_an_area_is_inside_it_or_within_the_distance() -> None:
    estate = land(
        {"id": "in", "at": (500, 500)},
        {"id": "at", "at": (1_400, 500)},
        {"id": "off", "at": (1_401, 500)},
        {"id": "corner", "at": (1_300, 1_300)},
        {"id": "nowhere"},
    )
    square = shapely.box(X0, Y0, X0 + 1_000, Y0 + 1_000)
    assert near_areas(estate, square, 400.0).to_dict() == {"asset:council-at": 400.0, "asset:council-in": 0.0}
    assert near_areas(estate, square, 0.0).to_dict() == {"asset:council-in": 0.0}


def test_each_asset_stands_in_one_area_or_in_none() -> None:
    estate = land({"id": "in", "at": (500, 500)}, {"id": "edge", "at": (1_000, 500)}, {"id": "nowhere"},
                  {"id": "out", "at": (-5, 500)})  # fmt: skip
    assert areas_at(estate, toy_areaset().areas).to_dict() == {
        "asset:council-edge": code_of(0, 0),
        "asset:council-in": code_of(0, 0),
        "asset:council-nowhere": "",
        "asset:council-out": "",
    }


def test_nothing_that_is_given_is_changed() -> None:
    estate = land(LIBRARY, CLINIC, EMPTY, WORKS)
    before = estate.assets.copy(deep=True)
    groups(co_locations(estate), estate, FLAT)
    complements(estate)
    pd.testing.assert_frame_equal(estate.assets, before)


@pytest.mark.parametrize("metres", [0.0, -1.0, float("nan")])
def test_a_distance_must_be_above_nothing(metres: float) -> None:
    with pytest.raises(QueryError, match="above 0 metres"):
        co_locations(Estate.empty(), metres)
    with pytest.raises(QueryError, match="above 0 metres"):
        complements(Estate.empty(), metres)


def test_each_pair_of_uses_is_there_once_and_says_why() -> None:
    pairs = [frozenset({pair.one, pair.other}) for pair in COMPATIBLE]
    assert len(set(pairs)) == len(pairs)
    assert all(pair.reason.endswith(".") for pair in COMPATIBLE)
