from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from atlas.gaps.access import e2sfca, pairs_within
from atlas.gaps.need import population_percentile
from atlas.gaps.robustness import CATCHMENT_FACTORS, DECAYS, gap_share, trials
from atlas.gaps.rule import is_low_access
from atlas.parameters import MAX_CATCHMENT_M, Parameters

RNG = np.random.default_rng(11)


def test_twenty_trials_cross_catchments_and_decays() -> None:
    found = {(trial.catchment_m, trial.decay) for trial in trials(Parameters(catchment_m=3_000))}
    assert found == {(factor * 3_000, decay) for factor in CATCHMENT_FACTORS for decay in DECAYS}
    assert len(found) == 20


@pytest.mark.parametrize(("catchment_m", "expected"), [(5_000, 20), (7_000, 16), (MAX_CATCHMENT_M, 12)])
def test_no_trial_passes_the_surroundings_or_comes_twice(catchment_m: float, expected: int) -> None:
    found = trials(Parameters(catchment_m=catchment_m))
    assert len(set(found)) == len(found) == expected
    assert max(trial.catchment_m for trial in found) <= MAX_CATCHMENT_M


def test_share_is_that_of_measuring_afresh_each_time() -> None:
    parameters = Parameters(catchment_m=2_000)
    demand, sites = RNG.uniform(0, 12_000, (70, 2)), RNG.uniform(0, 12_000, (9, 2))
    people, staff = pd.Series(RNG.integers(1, 99, 70).astype(float)), pd.Series(RNG.integers(1, 9, 9).astype(float))
    high = RNG.random(50) < 0.5
    expected = np.zeros(50)
    for trial in trials(parameters):
        costs = pairs_within(demand, sites, trial.catchment_m)
        access = e2sfca(people, staff, costs, catchment_m=trial.catchment_m, decay=trial.decay)[:50]
        low = is_low_access(np.asarray(access), np.asarray(population_percentile(access, people[:50])), parameters)
        expected += high & low
    found = gap_share(pairs_within(demand, sites, 4_000), np.asarray(people), np.asarray(staff), high, parameters)
    np.testing.assert_allclose(found, expected / 20)
    assert set(found) - {0.0, 1.0}
