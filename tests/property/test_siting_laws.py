"""Laws that siting obeys whatever the map is."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from atlas.gaps.siting.covering import Siting, maximal_cover

SLACK = 1e-9


def points(n: int) -> st.SearchStrategy[Any]:
    # few places, so that several share one, and many are exactly the radius apart
    return hnp.arrays(np.float64, (n, 2), elements=st.integers(0, 12).map(lambda k: 100.0 * k))


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    n, m, k = draw(st.integers(0, 14)), draw(st.integers(0, 7)), draw(st.integers(0, 2))
    at = draw(points(m))
    people = draw(st.lists(st.integers(0, 3_000), min_size=n, max_size=n))
    return {
        "demand_xy": draw(points(n)),
        "demand": pd.Series(people, dtype=float),
        "candidates": pd.DataFrame({"x_m": at[:, 0], "y_m": at[:, 1]}, index=[f"c{j}" for j in range(m)]),
        "existing_xy": draw(points(k)),
        "radius_m": draw(st.sampled_from([50.0, 300.0, 500.0])),
        "p": draw(st.integers(1, 4)),
    }


def within(world: dict[str, Any], sites: np.ndarray) -> float:
    if not len(sites) or not len(world["demand"]):
        return 0.0
    apart = world["demand_xy"][:, None] - sites[None]
    near = (np.hypot(apart[..., 0], apart[..., 1]) <= world["radius_m"]).any(axis=1)
    return float(world["demand"].to_numpy()[near].sum())


def recounted(world: dict[str, Any], chosen: Any) -> float:
    more = world["candidates"].loc[list(chosen)].to_numpy()
    return within(world, np.vstack([world["existing_xy"].reshape(-1, 2), more.reshape(-1, 2)]))


@given(worlds())
def test_no_choice_is_better_and_the_books_balance(world: dict[str, Any]) -> None:
    siting = maximal_cover(**world)
    assert siting.proved
    assert siting.before == recounted(world, [])
    assert siting.after == siting.upper_bound == recounted(world, siting.chosen)
    assert siting.before + sum(siting.gain) == siting.after <= siting.total == world["demand"].sum()
    assert len(set(siting.chosen)) == len(siting.chosen) <= world["p"]
    assert all(gain > 0 for gain in siting.gain)
    count = min(world["p"], len(world["candidates"]))
    assert siting.after == max(recounted(world, c) for c in itertools.combinations(world["candidates"].index, count))


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_areas_and_candidates_decides_nothing(world: dict[str, Any], random: Any) -> None:
    areas, sites = list(range(len(world["demand"]))), list(range(len(world["candidates"])))
    random.shuffle(areas)
    random.shuffle(sites)
    shuffled = world | {
        "demand_xy": world["demand_xy"][areas],
        "demand": world["demand"].iloc[areas],
        "candidates": world["candidates"].iloc[sites],
    }
    assert maximal_cover(**shuffled) == maximal_cover(**world)


@given(worlds())
def test_one_more_site_or_a_wider_radius_never_serves_fewer(world: dict[str, Any]) -> None:
    now = maximal_cover(**world)
    assert maximal_cover(**world | {"p": world["p"] + 1}).after >= now.after
    assert maximal_cover(**world | {"radius_m": world["radius_m"] + 100}).after >= now.after


@given(worlds(), st.integers(0, 4_000))
def test_capacities_are_kept_and_never_help(world: dict[str, Any], most: int) -> None:
    free = maximal_cover(**world)
    limited: Siting = maximal_cover(**world | {"candidates": world["candidates"].assign(max_people=float(most))})
    assert limited.proved
    assert limited.before == free.before
    assert limited.after <= free.after * (1 + SLACK) + SLACK
    assert limited.added <= most * len(limited.chosen) * (1 + SLACK) + SLACK
    assert limited.after <= limited.upper_bound


@given(worlds())
def test_arguments_are_left_as_they_were(world: dict[str, Any]) -> None:
    copies = {name: value.copy() if hasattr(value, "copy") else value for name, value in world.items()}
    maximal_cover(**world)
    for name, value in copies.items():
        np.testing.assert_array_equal(np.asarray(world[name]), np.asarray(value))
