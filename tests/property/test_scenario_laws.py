"""Laws that scenarios obey whatever is changed."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.gaps.scenario.apply import apply_scenario
from atlas.gaps.scenario.changes import AddSite, Change, CloseSite, Scenario
from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.snapshot import Atlas, Inputs
from atlas.vocabulary import CapacityRule, Decay
from atlas.what_if import run_scenario
from tests.toy import HEIGHT, SIDE_M, WIDTH, X0, Y0, toy_inputs

REAL = ("site:council", "site:hospital", "site:university")
CHOICES = [
    Parameters(draws=16, decay=decay, catchment_m=catchment_m)
    for decay in (Decay.GAUSSIAN, Decay.STEP)
    for catchment_m in (1_500.0, 4_000.0)
]


@cache
def inputs() -> Inputs:
    return toy_inputs()


@cache
def base(at: int) -> Atlas:
    return analyse(inputs(), CHOICES[at])


def added(number: int, x: int, y: int, capacity: float) -> AddSite:
    return AddSite(
        name=f"Site {number}",
        institution="institution:hospital",
        easting_m=X0 + x * SIDE_M / 2,
        northing_m=Y0 + y * SIDE_M / 2,
        capacity=capacity,
    )


places = st.tuples(st.integers(-3, 2 * WIDTH + 3), st.integers(-3, 2 * HEIGHT + 3), st.sampled_from([0.5, 1.0, 40.0]))
new_sites = st.lists(places, min_size=1, max_size=3).map(
    lambda found: tuple(added(number, *place) for number, place in enumerate(found))
)
closures = st.sets(st.sampled_from(REAL)).map(lambda found: tuple(CloseSite(site=site) for site in sorted(found)))
choices = st.integers(0, len(CHOICES) - 1)


def access(at: int, *changes: Change) -> pd.DataFrame:
    scenario = Scenario(name="A question", changes=changes)
    return run_scenario(inputs(), CHOICES[at], scenario, before=base(at)).effects.lsoas


@settings(max_examples=25)
@given(choices, new_sites)
def test_a_site_more_lowers_nobodys_access(at: int, sites: tuple[AddSite, ...]) -> None:
    assert CHOICES[at].capacity is CapacityRule.SITE
    found = access(at, *sites)
    assert (found["access_change"] >= 0).all()
    assert not (found["is_reached_before"] & ~found["is_reached_after"]).any()
    assert not (found["gap_at_fixed_threshold"] & ~found["is_gap_before"]).any()


@settings(max_examples=15)
@given(choices, st.sampled_from(REAL))
def test_closing_a_site_and_adding_the_same_changes_no_access(at: int, site: str) -> None:
    row = inputs().sites.loc[site]
    again = AddSite(
        name="Again",
        institution=row["institution"],
        easting_m=row["x_m"],
        northing_m=row["y_m"],
        capacity=row["capacity"],
    )
    found = access(at, CloseSite(site=site), again)
    np.testing.assert_allclose(found["access_after"], found["access_before"], rtol=1e-12)
    assert (found["access_change"] == 0).all()


@settings(max_examples=15)
@given(new_sites, closures, st.randoms(use_true_random=False))
def test_the_order_of_changes_does_not_matter(
    sites: tuple[AddSite, ...], closed: tuple[CloseSite, ...], random: object
) -> None:
    changes: list[Change] = [*sites, *closed]
    turned = list(changes)
    random.shuffle(turned)  # type: ignore[attr-defined]
    one, other = (
        apply_scenario(Scenario(name="A", changes=tuple(some)), inputs().sites, inputs().graph, inputs().areaset)
        for some in (changes, turned)
    )
    pd.testing.assert_frame_equal(pd.DataFrame(one.sites), pd.DataFrame(other.sites))
    assert list(one.graph.nodes(data=True)) == list(other.graph.nodes(data=True))
    assert list(one.graph.edges(keys=True, data=True)) == list(other.graph.edges(keys=True, data=True))


@settings(max_examples=15)
@given(choices, new_sites, closures)
def test_effects_turn_round_and_inputs_stay(at: int, sites: tuple[AddSite, ...], closed: tuple[CloseSite, ...]) -> None:
    frame, edges = inputs().sites.copy(), list(inputs().graph.edges(keys=True, data="status"))
    found = access(at, *sites, *closed)
    pd.testing.assert_frame_equal(pd.DataFrame(inputs().sites), pd.DataFrame(frame))
    assert list(inputs().graph.edges(keys=True, data="status")) == edges
    people = found["population"]
    moved = people[found["in_gap_after"]].sum() - people[found["in_gap_before"]].sum()
    entered = people[found["in_gap_after"] & ~found["in_gap_before"]].sum()
    left = people[found["in_gap_before"] & ~found["in_gap_after"]].sum()
    assert moved == entered - left
    assert (found["gap_at_fixed_threshold"] <= found["access_percentile_before"].notna()).all()


@given(choices)
@settings(max_examples=4)
def test_nothing_changed_changes_nothing(at: int) -> None:
    found = access(at)
    for name in ("access", "access_percentile", "p_gap", "verdict", "is_gap", "in_gap"):
        assert (found[f"{name}_before"] == found[f"{name}_after"]).all()
    assert (found["gap_at_fixed_threshold"] == found["is_gap_before"]).all()
