from __future__ import annotations

import math

import numpy as np
import pytest

from atlas.errors import QueryError
from atlas.gaps.decay import weights
from atlas.vocabulary import Decay


@pytest.mark.parametrize("decay", Decay)
def test_is_one_at_no_distance_falls_and_ends_at_the_catchment(decay: Decay) -> None:
    w = weights(np.linspace(0, 6_000, 601), 3_000, decay)
    assert w[0] == 1.0
    assert (np.diff(w) <= 0).all()
    assert (w >= 0).all()
    assert (w[301:] == 0).all()


def test_steps_are_thirds_of_the_catchment() -> None:
    distance = [0, 1000, 1000.1, 2000, 2000.1, 3000, 3000.1]
    assert weights(distance, 3000, Decay.STEP).tolist() == [1, 1, 0.68, 0.68, 0.22, 0.22, 0]


def test_gaussian_is_dais_formula() -> None:
    distance = np.array([0.0, 500.0, 1500.0, 2900.0])
    edge = math.exp(-0.5)
    expected = [(math.exp(-0.5 * (d / 3000) ** 2) - edge) / (1 - edge) for d in distance]
    np.testing.assert_allclose(weights(distance, 3000, Decay.GAUSSIAN), expected, rtol=1e-12)
    assert weights([3000.0], 3000, Decay.GAUSSIAN)[0] == 0.0


def test_exponential_and_power_meet_the_edge_at_one_hundredth() -> None:
    assert weights([3000.0, 1500.0], 3000, Decay.EXPONENTIAL).tolist() == pytest.approx([0.01, 0.1])
    assert weights([3000.0, 300.0, 30.0, 3.0], 3000, Decay.POWER).tolist() == pytest.approx([0.01, 0.1, 1, 1])


def test_keeps_the_shape_and_takes_infinity_as_out_of_reach() -> None:
    assert weights([[0.0, math.inf]], 1.0, Decay.UNIFORM).tolist() == [[1.0, 0.0]]


@pytest.mark.parametrize("distance", [-1.0, math.nan])
def test_refuses_what_is_no_distance(distance: float) -> None:
    with pytest.raises(QueryError, match="distances must be zero or more"):
        weights([0.0, distance], 1000, Decay.STEP)


@pytest.mark.parametrize("catchment_m", [0.0, -1.0, math.nan, math.inf])
def test_refuses_what_is_no_catchment(catchment_m: float) -> None:
    with pytest.raises(QueryError, match="catchment must be a positive number"):
        weights([0.0], catchment_m, Decay.STEP)
