"""Figures that the methods page states, held against the code."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

from atlas.gaps.assurance import ALPHA
from atlas.gaps.costs import CostTable, TravelTimes
from atlas.gaps.robustness._draws import CONCENTRATION
from atlas.gaps.siting import covering
from atlas.gaps.study import make_study
from atlas.parameters import OFFICIAL_WEIGHTS, Parameters
from tests.toy import toy_inputs

TEXT = " ".join((Path(__file__).parents[2] / "docs" / "methods.md").read_text(encoding="utf-8").split())
LONDON_2021 = 4994


def test_nine_draws_of_ten_of_each_weight() -> None:
    for weight in sorted(set(OFFICIAL_WEIGHTS.values())):
        share = weight / sum(OFFICIAL_WEIGHTS.values())
        low, high = beta.ppf([0.05, 0.95], CONCENTRATION * share, CONCENTRATION * (1 - share))
        assert f"{100 * low:.1f} to {100 * high:.1f}% for " in TEXT, weight


@pytest.mark.parametrize(
    ("permutations", "said"), [(99_999, "(2021) two at the least can be significant"), (999, "fewer than 200 could")]
)
def test_how_few_areas_can_be_significant(permutations: int, said: str) -> None:
    fewest = math.ceil(2 * LONDON_2021 / ((permutations + 1) * ALPHA))
    assert fewest == (2 if permutations > 999 else 200)
    assert said in TEXT


def test_the_time_that_highs_may_take() -> None:
    assert f"for at most {covering._POOL_S:g} seconds, then decides" in TEXT
    assert f"for at most {covering.TIME_LIMIT_S:g}. Every answer" in TEXT


def test_the_nearest_in_minutes_is_known_to_twice_the_catchment() -> None:
    inputs = toy_inputs()
    areas = inputs.areaset.areas.index
    sites = pd.Index(inputs.sites.index)
    minutes = np.linspace(1.0, 90.0, len(areas))
    table = CostTable.from_pairs(np.arange(len(areas)), np.zeros(len(areas)), minutes, (len(areas), len(sites)))
    times = TravelTimes(areas, sites, table, "times.csv", "")
    need = pd.Series(np.arange(len(areas), dtype=float), areas)
    chosen = Parameters(catchment_min=20, sectors=(inputs.sites["sector"].iloc[0],))
    study = make_study(inputs.areaset, need, inputs.sites, chosen, None, times)
    assert study.nearest_cost() is None
    assert 20 < study.costs.cost.max() <= 40
    assert "in minutes to twice the catchment" in TEXT
