"""E2SFCA against figures that others worked out: by hand, and by PySAL `access` on real areas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from atlas.gaps.access import CostTable, e2sfca, e2sfca_from_points, pairs_within
from atlas.vocabulary import Decay
from tests.golden.worlds import SEED, world

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


def test_sites_that_nobody_reaches_are_all_that_is_missing_from_the_total(shared: Path) -> None:
    here = world(shared, "london", 350)
    costs = pairs_within(here.demand_xy, here.supply_xy, 10_000)
    reached = np.diff(costs.start) > 0
    assert FILE["cases"][0]["total"] == pytest.approx(here.capacity[reached].sum(), rel=1e-12)
