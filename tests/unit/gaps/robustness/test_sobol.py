"""Our Sobol points are the library's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import qmc

from atlas.errors import QueryError
from atlas.gaps.robustness._sobol import MOST, scrambled_sobol


@pytest.mark.parametrize("seed", [0, 1, 2026])
@pytest.mark.parametrize("n_coordinates", [1, 2, 12, MOST])
def test_they_are_those_of_the_library(n_coordinates: int, seed: int) -> None:
    theirs = qmc.Sobol(n_coordinates, scramble=True, rng=np.random.default_rng(seed)).random_base2(10)
    np.testing.assert_array_equal(scrambled_sobol(1024, n_coordinates, seed), theirs)


def test_the_first_of_many_are_those_of_few() -> None:
    np.testing.assert_array_equal(scrambled_sobol(512, 12, 3)[:64], scrambled_sobol(64, 12, 3))


@pytest.mark.parametrize("n_coordinates", [0, MOST + 1])
def test_no_more_coordinates_than_directions(n_coordinates: int) -> None:
    with pytest.raises(QueryError, match=f"from 1 to {MOST} coordinates, found {n_coordinates}"):
        scrambled_sobol(4, n_coordinates, 1)
