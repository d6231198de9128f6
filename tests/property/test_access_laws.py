"""Laws that access obeys whatever the numbers are.

2SFCA, E2SFCA, M2SFCA and spatial availability are additive over sites: what one site gives depends on the people in its
reach and on nothing another site does. So more supply can never lower anybody's access, and more people can never
raise it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from atlas.gaps.access import (
    Access,
    e2sfca,
    e2sfca_from_points,
    measure_access,
    nearest,
    pairs_within,
    spatial_availability,
)
from atlas.gaps.decay import weights
from atlas.vocabulary import AccessMeasure, Decay

decays = st.sampled_from(list(Decay))
measures = st.sampled_from(list(AccessMeasure))
shares = st.sampled_from([measure for measure in AccessMeasure if measure is not AccessMeasure.NEAREST])
"""The measures that share supply out among people."""

catchments = st.sampled_from([300.0, 1_000.0, 4_000.0])
SLACK = 1e-9


def points(n: int) -> st.SearchStrategy[Any]:
    # whole metres, as postcodes have: many at one place or exactly one catchment apart
    return hnp.arrays(np.float64, (n, 2), elements=st.integers(0, 40).map(lambda k: 100.0 * k))


def amounts(n: int) -> st.SearchStrategy[Any]:
    return st.lists(st.integers(0, 5_000), min_size=n, max_size=n).map(lambda v: pd.Series(v, dtype=float))


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    n, m = draw(st.integers(1, 12)), draw(st.integers(1, 8))
    return {
        "population": draw(amounts(n)),
        "demand_xy": draw(points(n)),
        "capacity": draw(amounts(m)),
        "supply_xy": draw(points(m)),
        "catchment_m": draw(catchments),
        "decay": draw(decays),
    }


def access_of(world: dict[str, Any], **changed: Any) -> pd.Series[float]:
    here = world | changed
    costs = pairs_within(here["demand_xy"], here["supply_xy"], here["catchment_m"])
    return e2sfca(here["population"], here["capacity"], costs, catchment_m=here["catchment_m"], decay=here["decay"])


def measured(measure: AccessMeasure, world: dict[str, Any], **changed: Any) -> Access:
    here = world | changed
    # a table wider than the catchment, as an analysis has
    costs = pairs_within(here["demand_xy"], here["supply_xy"], 1.5 * here["catchment_m"])
    people, supply = here["population"].to_numpy(), here["capacity"].to_numpy()
    return measure_access(measure, people, supply, costs, here["catchment_m"], here["decay"])


def supply_in_reach(measure: AccessMeasure, world: dict[str, Any]) -> float:
    costs = pairs_within(world["demand_xy"], world["supply_xy"], world["catchment_m"])
    decay = Decay.UNIFORM if measure is AccessMeasure.TSFCA else world["decay"]
    demand = costs.weights(world["catchment_m"], decay) @ world["population"].to_numpy()
    return float(world["capacity"][demand > 0].sum())


def close(one: Any, other: Any) -> None:
    np.testing.assert_allclose(one, other, rtol=SLACK, atol=1e-15)


@given(worlds(), shares)
def test_access_times_people_is_the_supply_that_somebody_reaches(world: dict[str, Any], measure: AccessMeasure) -> None:
    given_out = (measured(measure, world).value * world["population"]).sum()
    in_reach = supply_in_reach(measure, world)
    if measure is AccessMeasure.M2SFCA:
        assert given_out <= in_reach * (1 + SLACK)
    else:
        close(given_out, in_reach)


@given(worlds(), st.sampled_from([0.25, 0.5, 1.0, 2.0, 3.0]))
def test_availability_allots_all_supply_whatever_alpha_is(world: dict[str, Any], alpha: float) -> None:
    costs = pairs_within(world["demand_xy"], world["supply_xy"], world["catchment_m"])
    choices = {"catchment_m": world["catchment_m"], "decay": world["decay"]}
    found = spatial_availability(world["population"], world["capacity"], costs, alpha=alpha, **choices)
    assert np.isfinite(found).all()
    close((found * world["population"]).sum(), supply_in_reach(AccessMeasure.SPATIAL_AVAILABILITY, world))
    if alpha == 1:
        close(found, access_of(world))


@given(worlds())
def test_modified_access_is_at_most_the_enhanced_and_equal_without_decay(world: dict[str, Any]) -> None:
    modified, enhanced = (measured(m, world).value for m in (AccessMeasure.M2SFCA, AccessMeasure.E2SFCA))
    assert (modified <= enhanced * (1 + SLACK)).all()
    flat = {"decay": Decay.UNIFORM}
    close(measured(AccessMeasure.M2SFCA, world, **flat).value, measured(AccessMeasure.TSFCA, world).value)


@given(worlds(), measures)
def test_access_is_finite_and_says_whether_anything_is_in_reach(world: dict[str, Any], measure: AccessMeasure) -> None:
    access = measured(measure, world)
    assert np.isfinite(access.value).all()
    step = world["demand_xy"][:, None, :] - world["supply_xy"][None, :, :]
    distance = np.sqrt((step**2).sum(axis=2))
    offered = world["capacity"].to_numpy() > 0
    assert access.reached.tolist() == (distance[:, offered] <= world["catchment_m"]).any(axis=1).tolist()
    if measure is not AccessMeasure.NEAREST:
        assert (access.value[~access.reached] == 0).all()
    elif access.reached.any():
        close(access.value[access.reached], -distance[access.reached][:, offered].min(axis=1))
        assert (access.value[~access.reached] < access.value[access.reached].min()).all()


@given(worlds())
def test_the_compiled_path_gives_the_same_numbers(world: dict[str, Any]) -> None:
    close(e2sfca_from_points(**world), access_of(world))


@given(worlds(), shares, st.sampled_from([0.5, 3.0, 1e6]))
def test_supply_times_k_is_access_times_k(world: dict[str, Any], measure: AccessMeasure, k: float) -> None:
    more = measured(measure, world, capacity=k * world["capacity"]).value
    np.testing.assert_allclose(more, k * measured(measure, world).value, rtol=SLACK)


@given(worlds(), measures, st.data())
def test_more_supply_lowers_nobodys_access(world: dict[str, Any], measure: AccessMeasure, data: st.DataObject) -> None:
    more = world["capacity"] + data.draw(amounts(len(world["capacity"])))
    before = measured(measure, world)
    slack = SLACK * np.abs(before.value)
    opened = pd.concat([world["capacity"], pd.Series([100.0])], ignore_index=True)
    where = np.vstack([world["supply_xy"], data.draw(points(1))])
    for changed in ({"capacity": more}, {"capacity": opened, "supply_xy": where}):
        after = measured(measure, world, **changed)
        assert (after.reached >= before.reached).all()
        # the stand-in for a distance that nobody knows hangs on the longest one known
        known = slice(None) if measure is not AccessMeasure.NEAREST else before.reached
        assert (after.value[known] >= (before.value - slack)[known]).all()


@given(worlds(), st.data())
def test_more_people_raise_nobodys_access_where_sites_had_people_before(
    world: dict[str, Any], data: st.DataObject
) -> None:
    # a site whose catchment held nobody gives nothing until somebody comes: that case rises
    costs = pairs_within(world["demand_xy"], world["supply_xy"], world["catchment_m"])
    demand = costs.weights(world["catchment_m"], world["decay"]) @ world["population"].to_numpy()
    assume((demand > 0).all())
    more = world["population"] + data.draw(amounts(len(world["population"])))
    assert (access_of(world, population=more) <= access_of(world) * (1 + SLACK)).all()


@given(worlds(), measures, st.randoms(use_true_random=False))
def test_permuted_rows_give_permuted_access(world: dict[str, Any], measure: AccessMeasure, random: Any) -> None:
    rows, sites = list(range(len(world["population"]))), list(range(len(world["capacity"])))
    random.shuffle(rows)
    random.shuffle(sites)
    turned = measured(
        measure,
        world,
        population=world["population"].iloc[rows],
        demand_xy=world["demand_xy"][rows],
        capacity=world["capacity"].iloc[sites],
        supply_xy=world["supply_xy"][sites],
    )
    close(turned.value, measured(measure, world).value[rows])
    assert turned.reached.tolist() == measured(measure, world).reached[rows].tolist()


@given(worlds(), measures)
def test_inputs_are_left_as_they_were(world: dict[str, Any], measure: AccessMeasure) -> None:
    before = {name: value.copy() if hasattr(value, "copy") else value for name, value in world.items()}
    measured(measure, world)
    e2sfca_from_points(**world)
    for name in ("population", "capacity", "demand_xy", "supply_xy"):
        np.testing.assert_array_equal(world[name], before[name])


@given(worlds())
def test_nearest_is_never_farther_than_any_other(world: dict[str, Any]) -> None:
    areas, sites = (pd.DataFrame(world[name], columns=["x_m", "y_m"]) for name in ("demand_xy", "supply_xy"))
    step = world["demand_xy"][:, None, :] - world["supply_xy"][None, :, :]
    every = np.sqrt((step**2).sum(axis=2))
    found = nearest(areas, sites)
    close(found["distance_m"], every.min(axis=1))
    close(every[np.arange(len(areas)), found["which"].astype(int)], found["distance_m"])


@given(
    hnp.arrays(np.float64, st.integers(1, 20), elements=st.floats(0, 20_000)),
    st.floats(1, 10_000),
    decays,
)
def test_weights_are_within_bounds_fall_and_end(distance: np.ndarray, catchment_m: float, decay: Decay) -> None:
    ordered = np.sort(distance)
    found = weights(ordered, catchment_m, decay)
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found) <= 0).all()
    assert (found[ordered > catchment_m] == 0).all()
    assert weights([0.0], catchment_m, decay)[0] == 1.0
