from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from atlas.errors import QueryError
from atlas.gaps import _fused
from atlas.gaps.access import (
    CostTable,
    e2sfca,
    e2sfca_from_points,
    m2sfca,
    measure_access,
    pairs_within,
    spatial_availability,
    tsfca,
)
from atlas.gaps.decay import weights
from atlas.vocabulary import AccessMeasure, Decay

RNG = np.random.default_rng(3)
DEMAND_XY, SUPPLY_XY = RNG.uniform(0, 20_000, (80, 2)), RNG.uniform(-5_000, 25_000, (30, 2))
POPULATION = pd.Series(RNG.integers(0, 3_000, 80).astype(float), [f"a{k}" for k in range(80)])
CAPACITY = pd.Series(RNG.integers(0, 500, 30).astype(float), [f"s{k}" for k in range(30)])

Access = Callable[..., "pd.Series[float]"]


def from_table(
    population: pd.Series[float], demand_xy: Any, capacity: pd.Series[float], supply_xy: Any, **choices: Any
) -> pd.Series[float]:
    costs = pairs_within(demand_xy, supply_xy, choices["catchment_m"])
    return e2sfca(population, capacity, costs, **choices)


def by_loops(catchment_m: float, decay: Decay) -> list[float]:
    """The formula, as a reader would work it with a pencil."""

    def weight(i: int, j: int) -> float:
        distance = math.hypot(*(DEMAND_XY[i] - SUPPLY_XY[j]))
        return float(weights([distance], catchment_m, decay)[0])

    ratios = []
    for j in range(len(SUPPLY_XY)):
        demand = sum(POPULATION.iloc[i] * weight(i, j) for i in range(len(DEMAND_XY)))
        ratios.append(CAPACITY.iloc[j] / demand if demand > 0 else 0.0)
    return [sum(ratios[j] * weight(i, j) for j in range(len(SUPPLY_XY))) for i in range(len(DEMAND_XY))]


both = pytest.mark.parametrize("access", [from_table, e2sfca_from_points], ids=["table", "fused"])


@both
@pytest.mark.parametrize("decay", Decay)
@pytest.mark.parametrize("catchment_m", [900.0, 4_000.0, 60_000.0])
def test_is_the_formula(access: Access, decay: Decay, catchment_m: float) -> None:
    found = access(POPULATION, DEMAND_XY, CAPACITY, SUPPLY_XY, catchment_m=catchment_m, decay=decay)
    np.testing.assert_allclose(found, by_loops(catchment_m, decay), rtol=1e-11, atol=1e-18)
    assert found.index.equals(POPULATION.index)
    assert found.name == "access"


def test_tsfca_counts_every_distance_alike() -> None:
    costs = pairs_within(DEMAND_XY, SUPPLY_XY, 4_000)
    np.testing.assert_allclose(
        tsfca(POPULATION, CAPACITY, costs, catchment_m=4_000), by_loops(4_000, Decay.UNIFORM), rtol=1e-11
    )


def test_a_wider_table_gives_the_same_access() -> None:
    wide = e2sfca(POPULATION, CAPACITY, pairs_within(DEMAND_XY, SUPPLY_XY, 9_000), catchment_m=3_000, decay=Decay.STEP)
    np.testing.assert_allclose(wide, by_loops(3_000, Decay.STEP), rtol=1e-11)


@both
def test_supply_that_nobody_reaches_adds_nothing(access: Access) -> None:
    found = access(
        pd.Series([10.0, 0.0]), [[0, 0], [9_000, 0]], pd.Series([5.0, 7.0, 9.0]),
        [[100, 0], [9_000, 0], [90_000, 0]], catchment_m=1_000, decay=Decay.UNIFORM,
    )  # fmt: skip
    # the second site reaches only an area without people, the third no area at all
    assert found.tolist() == [0.5, 0.0]


@both
def test_one_area_takes_all_that_it_reaches(access: Access) -> None:
    found = access(
        pd.Series([4.0]), [[0, 0]], pd.Series([1.0, 1.0]), [[0, 0], [500, 0]], catchment_m=1e3, decay=Decay.STEP
    )
    assert found.tolist() == [0.5]


@both
def test_no_supply_gives_no_access_and_no_demand_gives_nothing(access: Access) -> None:
    none = pd.Series([], dtype=float)
    choices = {"catchment_m": 1_000, "decay": Decay.GAUSSIAN}
    assert access(POPULATION, DEMAND_XY, none, [], **choices).tolist() == [0.0] * 80
    assert access(none, [], CAPACITY, SUPPLY_XY, **choices).tolist() == []


@both
def test_areas_in_one_place_share_alike(access: Access) -> None:
    found = access(
        pd.Series([1.0, 3.0]), [[5, 5], [5, 5]], pd.Series([8.0]), [[5, 5]], catchment_m=1_000, decay=Decay.GAUSSIAN
    )
    assert found.tolist() == [2.0, 2.0]


@both
@pytest.mark.parametrize("bad", [-1.0, math.nan, math.inf])
def test_refuses_amounts_that_are_none(access: Access, bad: float) -> None:
    with pytest.raises(QueryError, match="population must be finite and zero or more; 1 are not, the first at 'x'"):
        access(pd.Series([bad], ["x"]), [[0, 0]], CAPACITY, SUPPLY_XY, catchment_m=1_000, decay=Decay.STEP)
    with pytest.raises(QueryError, match="capacity must be finite"):
        access(POPULATION, DEMAND_XY, pd.Series([bad]), [[0, 0]], catchment_m=1_000, decay=Decay.STEP)


@both
def test_refuses_coordinates_that_are_not_finite(access: Access) -> None:
    with pytest.raises(QueryError, match="must have finite coordinates"):
        access(pd.Series([1.0]), [[math.inf, 0]], CAPACITY, SUPPLY_XY, catchment_m=1_000, decay=Decay.STEP)


def test_refuses_lengths_that_do_not_match() -> None:
    costs = pairs_within(DEMAND_XY, SUPPLY_XY, 1_000)
    with pytest.raises(QueryError, match="80 origins and 30 destinations, but there are 79 populations"):
        e2sfca(POPULATION[1:], CAPACITY, costs, catchment_m=1_000, decay=Decay.STEP)
    with pytest.raises(QueryError, match="capacity has 29 values for 30 points"):
        e2sfca_from_points(POPULATION, DEMAND_XY, CAPACITY[1:], SUPPLY_XY, catchment_m=1_000, decay=Decay.STEP)


def test_far_outliers_do_not_hurt_the_grid() -> None:
    far = np.vstack([DEMAND_XY, [[1e9, -1e9]]])
    people = pd.concat([POPULATION, pd.Series([5.0], ["far"])])
    choices = {"catchment_m": 4_000.0, "decay": Decay.GAUSSIAN}
    found = e2sfca_from_points(people, far, CAPACITY, SUPPLY_XY, **choices)
    np.testing.assert_allclose(found.iloc[:-1], by_loops(4_000, Decay.GAUSSIAN), rtol=1e-11, atol=1e-18)
    assert found["far"] == 0


def test_many_points_are_shared_among_threads_and_agree() -> None:
    rng = np.random.default_rng(5)
    n = 8_000
    people, xy = pd.Series(rng.integers(1, 99, n).astype(float)), rng.uniform(0, 50_000, (n, 2))
    staff, sites = pd.Series(rng.integers(1, 9, n).astype(float)), rng.uniform(0, 50_000, (n, 2))
    choices = {"catchment_m": 1_500.0, "decay": Decay.EXPONENTIAL}
    fused = e2sfca_from_points(people, xy, staff, sites, **choices)
    np.testing.assert_allclose(fused, from_table(people, xy, staff, sites, **choices), rtol=1e-11)
    pd.testing.assert_series_equal(fused, e2sfca_from_points(people, xy, staff, sites, **choices), check_exact=True)


@pytest.mark.parametrize("decay", Decay)
def test_modified_access_is_the_formula(decay: Decay) -> None:
    costs = pairs_within(DEMAND_XY, SUPPLY_XY, 4_000)
    weight = costs.weights(4_000, decay).toarray()
    people, supply = POPULATION.to_numpy(), CAPACITY.to_numpy()
    expected = np.zeros(len(people))
    for j in range(len(supply)):
        if (weight[j] * people).sum() > 0:
            expected += supply[j] * weight[j] ** 2 / (weight[j] * people).sum()
    found = m2sfca(POPULATION, CAPACITY, costs, catchment_m=4_000, decay=decay)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert found.index.equals(POPULATION.index)
    assert found.name == "access"


def test_spatial_availability_is_that_of_its_authors_exercise() -> None:
    # Soukhov and Páez, workshop "Introducing spatial availability", part 1: weights of 1 / minutes, up to 45
    table = CostTable.from_pairs([0, 1, 1], [0, 0, 1], [15.0, 20.0, 15.0], (2, 2))
    people, jobs = pd.Series([80.0, 120.0], ["a", "b"]), pd.Series([100.0, 50.0], ["A", "B"])
    found = spatial_availability(people, jobs, table, catchment_m=45, decay=Decay.POWER)
    assert (people * found).round(1).tolist() == [47.1, 102.9]
    assert (people * found).sum() == pytest.approx(150, rel=1e-12)
    assert found.index.tolist() == ["a", "b"]


def test_above_one_alpha_allots_more_to_areas_of_more_people() -> None:
    table = CostTable.from_pairs([0, 1, 2], [0, 0, 0], [1.0, 1.0, 1.0], (3, 1))
    people, sites = pd.Series([10.0, 30.0, 0.0]), pd.Series([8.0])
    choices = {"catchment_m": 10.0, "decay": Decay.UNIFORM}
    # an area without people is allotted nothing; with alpha 1 its access is that of one who came
    assert spatial_availability(people, sites, table, **choices).tolist() == [0.2, 0.2, 0.2]
    assert (people * spatial_availability(people, sites, table, alpha=2.0, **choices)).round(9).tolist() == [
        0.8,
        7.2,
        0,
    ]
    assert spatial_availability(people, sites, table, alpha=0.5, **choices).iloc[2] == 0


@pytest.mark.parametrize("alpha", [0.0, -1.0, math.nan, math.inf])
def test_refuses_an_alpha_that_is_none(alpha: float) -> None:
    table = pairs_within(DEMAND_XY, SUPPLY_XY, 1_000)
    with pytest.raises(QueryError, match="alpha must be a positive number"):
        spatial_availability(POPULATION, CAPACITY, table, catchment_m=1_000, decay=Decay.STEP, alpha=alpha)


BY_MEASURE = {
    AccessMeasure.E2SFCA: e2sfca,
    AccessMeasure.M2SFCA: m2sfca,
    AccessMeasure.SPATIAL_AVAILABILITY: spatial_availability,
}


@pytest.mark.parametrize("measure", list(BY_MEASURE))
def test_each_measure_on_arrays_is_that_on_series(measure: AccessMeasure) -> None:
    costs = pairs_within(DEMAND_XY, SUPPLY_XY, 6_000)
    access = measure_access(measure, POPULATION.to_numpy(), CAPACITY.to_numpy(), costs, 4_000, Decay.STEP)
    series = BY_MEASURE[measure](POPULATION, CAPACITY, costs, catchment_m=4_000, decay=Decay.STEP)
    np.testing.assert_array_equal(access.value, series)
    near = [any(math.dist(here, there) <= 4_000 for there in SUPPLY_XY) for here in DEMAND_XY]
    assert access.reached.tolist() == near


def test_two_step_access_on_arrays_has_no_decay() -> None:
    costs = pairs_within(DEMAND_XY, SUPPLY_XY, 6_000)
    access = measure_access(AccessMeasure.TSFCA, POPULATION.to_numpy(), CAPACITY.to_numpy(), costs, 4_000, Decay.POWER)
    np.testing.assert_array_equal(access.value, tsfca(POPULATION, CAPACITY, costs, catchment_m=4_000))


@pytest.mark.parametrize("measure", AccessMeasure)
def test_a_catchment_that_reaches_no_one_gives_a_defined_value(measure: AccessMeasure) -> None:
    costs = pairs_within([[0, 0], [500, 0]], [[9_000, 0]], 20_000)
    access = measure_access(measure, np.array([10.0, 20.0]), np.array([1.0]), costs, 1_000, Decay.GAUSSIAN)
    assert access.reached.tolist() == [False, False]
    assert access.value.tolist() == ([-9_000, -8_500] if measure is AccessMeasure.NEAREST else [0, 0])


@pytest.mark.parametrize("measure", AccessMeasure)
def test_no_one_anywhere_is_no_error(measure: AccessMeasure) -> None:
    costs = pairs_within([[0, 0]], [[600, 0]], 1_000)
    access = measure_access(measure, np.array([0.0]), np.array([1.0]), costs, 1_000, Decay.GAUSSIAN)
    assert access.value.tolist() == ([-600] if measure is AccessMeasure.NEAREST else [0])
    assert access.reached.tolist() == [True]


@pytest.mark.parametrize("measure", AccessMeasure)
def test_a_site_of_no_capacity_counts_as_no_site(measure: AccessMeasure) -> None:
    people = np.array([10.0, 20.0])
    costs = pairs_within([[0, 0], [900, 0]], [[100, 0], [900, 0]], 1_000)
    alone = pairs_within([[0, 0], [900, 0]], [[900, 0]], 1_000)
    closed = measure_access(measure, people, np.array([0.0, 2.0]), costs, 500, Decay.STEP)
    fewer = measure_access(measure, people, np.array([2.0]), alone, 500, Decay.STEP)
    assert closed.value.tolist() == fewer.value.tolist()
    assert closed.reached.tolist() == fewer.reached.tolist() == [False, True]


def test_the_nearest_beyond_the_table_may_be_given() -> None:
    costs = pairs_within([[0, 0], [9_000, 0]], [[100, 0]], 1_000)
    choices = (np.ones(2), np.ones(1), costs, 500.0, Decay.STEP)
    known = measure_access(AccessMeasure.NEAREST, *choices, nearest_cost=np.array([100.0, 8_900.0]))
    assert known.value.tolist() == [-100, -8_900]
    assert known.reached.tolist() == [True, False]
    # without it, four catchments stand in: last in rank, and never missing
    assert measure_access(AccessMeasure.NEAREST, *choices).value.tolist() == [-100, -2_000]
    unknown = measure_access(AccessMeasure.NEAREST, *choices, nearest_cost=np.array([math.nan, 700.0]))
    assert unknown.value.tolist() == [-2_000, -700]


def test_nearest_without_any_supply_is_four_catchments() -> None:
    costs = pairs_within([[0, 0], [1, 0]], [], 1_000)
    access = measure_access(AccessMeasure.NEAREST, np.ones(2), np.empty(0), costs, 400, Decay.STEP)
    assert access.value.tolist() == [-1_600, -1_600]
    assert not access.reached.any()


def test_at_a_site_the_distance_is_plain_zero() -> None:
    costs = pairs_within([[5, 5]], [[5, 5]], 10)
    value = measure_access(AccessMeasure.NEAREST, np.ones(1), np.ones(1), costs, 10, Decay.STEP).value
    assert str(value[0]) == "0.0"


@pytest.mark.parametrize("measure", AccessMeasure)
def test_refuses_arrays_and_catchments_that_do_not_fit(measure: AccessMeasure) -> None:
    costs = pairs_within(DEMAND_XY, SUPPLY_XY, 1_000)
    with pytest.raises(QueryError, match="80 origins and 30 destinations, but there are 2 populations"):
        measure_access(measure, np.ones(2), np.ones(30), costs, 1_000, Decay.STEP)
    with pytest.raises(QueryError, match="catchment must be a positive number"):
        measure_access(measure, np.ones(80), np.ones(30), costs, math.nan, Decay.STEP)


@pytest.mark.parametrize("decay", Decay)
def test_compiled_weights_are_the_weights(decay: Decay) -> None:
    catchment_m = 3_000.0
    distance = np.concatenate([np.linspace(0, 1.1 * catchment_m, 5_001), [1_000.0, 2_000.0, catchment_m, 3_000.1]])
    found = distance.copy()
    _fused.weigh(found, catchment_m, _fused.CODES[decay])
    np.testing.assert_allclose(found, weights(distance, catchment_m, decay), rtol=1e-14)


def test_what_measures_nothing_does_not_import_numba() -> None:
    code = "import sys, atlas.gaps.briefs; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
