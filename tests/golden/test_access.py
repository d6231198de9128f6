"""Access against figures that others worked out: by hand, by PySAL `access`, and by the papers' formulas in loops."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from atlas.gaps.access import (
    CostTable,
    e2sfca,
    e2sfca_from_points,
    m2sfca,
    pairs_within,
    spatial_availability,
    tsfca,
)
from atlas.gaps.decay import weights
from atlas.vocabulary import Decay
from tests.golden.worlds import SEED, World, world

FILE = json.loads(Path(__file__).with_name("access.json").read_text(encoding="utf-8"))


def test_golden_row_worked_by_hand() -> None:
    cost = np.where(np.eye(3, dtype=bool), 1.0, 40.0)
    origin, destination = np.indices((3, 3)).reshape(2, -1)
    table = CostTable.from_pairs(origin, destination, cost.ravel(), (3, 3))
    demand, supply = pd.Series([100.0, 50.0, 10.0]), pd.Series([15.0, 20.0, 100.0])
    access = e2sfca(demand, supply, table, catchment_m=100, decay=Decay.POWER)
    np.testing.assert_allclose(access, [0.339080, 0.564660, 7.285901], rtol=2e-6)
    assert (demand * access).sum() == pytest.approx(135, rel=1e-12)


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: f"{case['place']}-{case['sites']}-{case['decay']}")
@pytest.mark.parametrize("path", ["table", "fused"])
def test_equal_to_pysal_access(shared: Path, case: dict[str, Any], path: str) -> None:
    assert FILE["seed"] == SEED
    here = world(shared, case["place"], case["sites"])
    choices = {"catchment_m": case["catchment_m"], "decay": Decay(case["decay"])}
    if path == "table":
        costs = pairs_within(here.demand_xy, here.supply_xy, case["catchment_m"])
        access = e2sfca(here.population, here.capacity, costs, **choices)
    else:
        access = e2sfca_from_points(here.population, here.demand_xy, here.capacity, here.supply_xy, **choices)
    expected = pd.Series(case["access"])
    assert len(access) == case["areas"]
    np.testing.assert_allclose(access[expected.index], expected, rtol=1e-9)
    assert access.sum() == pytest.approx(case["sum"], rel=1e-9)
    assert (access * here.population).sum() == pytest.approx(case["total"], rel=1e-9)


@pytest.mark.parametrize("place", ["london", "england"])
def test_two_step_access_is_that_of_pysal_without_decay(shared: Path, place: str) -> None:
    case = next(case for case in FILE["cases"] if (case["place"], case["decay"]) == (place, "uniform"))
    here = world(shared, place, case["sites"])
    costs = pairs_within(here.demand_xy, here.supply_xy, case["catchment_m"])
    access = tsfca(here.population, here.capacity, costs, catchment_m=case["catchment_m"])
    expected = pd.Series(case["access"])
    np.testing.assert_allclose(access[expected.index], expected, rtol=1e-9)
    assert access.sum() == pytest.approx(case["sum"], rel=1e-9)


CATCHMENT_M = 5_000.0


def rows_of_weights(here: World, decay: Decay) -> list[list[tuple[int, float]]]:
    """By site, each area in its catchment and its weight."""
    rows = []
    for site in here.supply_xy:
        distance = np.hypot(*(here.demand_xy - site).T)
        near = np.flatnonzero(distance <= CATCHMENT_M).tolist()
        rows.append(list(zip(near, weights(distance[near], CATCHMENT_M, decay).tolist(), strict=True)))
    return rows


@pytest.mark.parametrize("decay", Decay)
def test_modified_access_is_delamaters_formula_in_loops(shared: Path, decay: Decay) -> None:
    here = world(shared, "london", 60)
    people, expected = here.population.tolist(), [0.0] * len(here.population)
    for capacity, row in zip(here.capacity, rows_of_weights(here, decay), strict=True):
        demand = sum(people[k] * weight for k, weight in row)
        for i, weight in row if demand > 0 else ():
            expected[i] += capacity * weight * weight / demand
    costs = pairs_within(here.demand_xy, here.supply_xy, CATCHMENT_M)
    found = m2sfca(here.population, here.capacity, costs, catchment_m=CATCHMENT_M, decay=decay)
    np.testing.assert_allclose(found, expected, rtol=1e-9)


@pytest.mark.parametrize("alpha", [1.0, 1.5])
@pytest.mark.parametrize("decay", Decay)
def test_spatial_availability_is_its_authors_formula_in_loops(shared: Path, decay: Decay, alpha: float) -> None:
    here = world(shared, "london", 60)
    people = here.population.tolist()
    everyone = sum(count**alpha for count in people)
    by_people = [count**alpha / everyone for count in people]
    available = [0.0] * len(people)
    for capacity, row in zip(here.capacity, rows_of_weights(here, decay), strict=True):
        impedance = sum(weight for _, weight in row)
        by_cost = {i: weight / impedance for i, weight in row if impedance > 0}
        both = {i: by_people[i] * share for i, share in by_cost.items()}
        for i, share in both.items():
            available[i] += capacity * share / sum(both.values())
    costs = pairs_within(here.demand_xy, here.supply_xy, CATCHMENT_M)
    found = spatial_availability(
        here.population, here.capacity, costs, catchment_m=CATCHMENT_M, decay=decay, alpha=alpha
    )
    assert min(people) > 0
    np.testing.assert_allclose(found, np.array(available) / people, rtol=1e-9)
    reached = sum(capacity for capacity, row in zip(here.capacity, rows_of_weights(here, decay), strict=True) if row)
    assert sum(available) == pytest.approx(reached, rel=1e-9)


def test_sites_that_nobody_reaches_are_all_that_is_missing_from_the_total(shared: Path) -> None:
    here = world(shared, "london", 350)
    costs = pairs_within(here.demand_xy, here.supply_xy, 10_000)
    reached = np.diff(costs.start) > 0
    assert FILE["cases"][0]["total"] == pytest.approx(here.capacity[reached].sum(), rel=1e-12)
