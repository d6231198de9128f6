from __future__ import annotations

import itertools
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

from atlas.errors import QueryError
from atlas.gaps.access import e2sfca, pairs_within
from atlas.gaps.need import percentiles
from atlas.gaps.siting.covering import Siting, maximal_cover, raise_worst_served
from atlas.sources import embedded
from atlas.vocabulary import Decay

RADIUS_M = 1500.0


def town(seed: int, n: int, m: int, wide_m: float = 9000.0) -> tuple[np.ndarray, pd.Series[float], pd.DataFrame]:
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, wide_m, (n, 2)).round()
    people = pd.Series(rng.integers(0, 2000, n).astype(float))
    at = rng.uniform(0, wide_m, (m, 2)).round()
    return xy, people, pd.DataFrame({"x_m": at[:, 0], "y_m": at[:, 1]}, index=[f"land:{k:03d}" for k in range(m)])


def reach(xy: np.ndarray, candidates: pd.DataFrame, radius_m: float = RADIUS_M) -> np.ndarray:
    at = candidates[["x_m", "y_m"]].to_numpy()
    return np.hypot(*(xy[:, None] - at[None]).transpose(2, 0, 1)) <= radius_m


def covered(xy: np.ndarray, people: pd.Series[float], candidates: pd.DataFrame, chosen: Any) -> float:
    return float(people[reach(xy, candidates.loc[list(chosen)]).any(axis=1)].sum())


def best_by_force(xy: np.ndarray, people: pd.Series[float], candidates: pd.DataFrame, p: int) -> float:
    return max(covered(xy, people, candidates, chosen) for chosen in itertools.combinations(candidates.index, p))


@pytest.mark.parametrize("p", [1, 2, 4])
@pytest.mark.parametrize("seed", range(4))
def test_tiny_worlds_are_solved_as_by_trying_every_choice(seed: int, p: int) -> None:
    xy, people, candidates = town(seed, 40, 11)
    siting = maximal_cover(xy, people, candidates, radius_m=RADIUS_M, p=p)
    assert siting.proved
    assert siting.gap == 0.0
    assert siting.after == siting.upper_bound == best_by_force(xy, people, candidates, p)
    assert siting.after == covered(xy, people, candidates, siting.chosen) == sum(siting.gain)
    assert list(siting.gain) == sorted(siting.gain, reverse=True)


@pytest.mark.parametrize(("seed", "p"), [(0, 5), (1, 8), (2, 12)])
def test_small_worlds_are_solved_as_by_spopt(seed: int, p: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pulp  # noqa: PLC0415  # importing it warns
        from spopt.locate import MCLP  # noqa: PLC0415

        xy, people, candidates = town(seed, 150, 60)
        at = candidates[["x_m", "y_m"]].to_numpy()
        cost = np.hypot(*(xy[:, None] - at[None]).transpose(2, 0, 1))
        peer = MCLP.from_cost_matrix(cost, people.to_numpy(), RADIUS_M, p_facilities=p)
        peer = peer.solve(pulp.HiGHS(msg=False))
    siting = maximal_cover(xy, people, candidates, radius_m=RADIUS_M, p=p)
    assert siting.proved
    assert siting.after == pytest.approx(peer.problem.objective.value(), rel=1e-9)


def test_without_highs_the_bound_holds_and_is_stated() -> None:
    xy, people, candidates = town(5, 300, 300)
    quick = maximal_cover(xy, people, candidates, radius_m=RADIUS_M, p=9, time_limit_s=0)
    exact = maximal_cover(xy, people, candidates, radius_m=RADIUS_M, p=9)
    assert quick.method in {"greedy and exchanges", "Lagrangian bound"}
    assert quick.after <= exact.after <= quick.upper_bound
    assert 0 <= quick.gap < 0.05
    assert exact.proved


def test_fractions_of_people_are_proved_too() -> None:
    xy, people, candidates = town(6, 60, 12)
    people = people / 7.0
    siting = maximal_cover(xy, people, candidates, radius_m=RADIUS_M, p=3)
    assert siting.proved
    assert siting.after == pytest.approx(best_by_force(xy, people, candidates, 3), rel=1e-9)


def test_whoever_existing_sites_reach_counts_apart() -> None:
    people = pd.Series([100.0, 10.0, 7.0])
    candidates = pd.DataFrame({"x_m": [0.0, 5000.0, 9000.0], "y_m": 0.0}, index=["a", "b", "c"])
    siting = maximal_cover([[0, 0], [5000, 0], [9000, 0]], people, candidates, [[100, 0]], radius_m=500, p=1)
    assert siting == Siting(("b",), (10.0,), 100.0, 110.0, 117.0, 110.0, True, siting.method)
    assert siting.added == 10.0


def test_no_more_are_chosen_than_are_of_use() -> None:
    candidates = pd.DataFrame({"x_m": [0.0, 1.0, 99_999.0], "y_m": 0.0}, index=["b", "a", "far"])
    siting = maximal_cover([[0, 0]], pd.Series([5.0]), candidates, radius_m=10, p=3)
    assert (siting.chosen, siting.gain, siting.proved, siting.method) == (("a",), (5.0,), True, "all candidates")


@pytest.mark.parametrize(
    ("people", "at", "existing"),
    [
        ([0.0, 0.0], [0.0], []),
        ([1.0, 2.0], [90_000.0], []),
        ([1.0, 2.0], [], []),
        ([1.0, 2.0], [0.0], [[0, 0], [500, 0]]),
        ([], [0.0], []),
        ([], [], []),
    ],
    ids=["nobody in need", "radius reaches nobody", "no candidates", "all within reach", "no areas", "nothing"],
)
@pytest.mark.parametrize("capacity", [False, True], ids=["unlimited", "limited"])
def test_where_nothing_can_be_added_nothing_is_chosen(people: Any, at: Any, existing: Any, capacity: object) -> None:
    candidates = pd.DataFrame({"x_m": at, "y_m": 0.0}, index=[f"c{k}" for k in range(len(at))], dtype=float)
    if capacity:
        candidates["max_people"] = 3.0
    xy = [[0, 0], [500, 0]][: len(people)]
    siting = maximal_cover(xy, pd.Series(people, dtype=float), candidates, existing, radius_m=100, p=2)
    assert (siting.chosen, siting.gain, siting.added, siting.gap, siting.proved) == ((), (), 0.0, 0.0, True)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"p": 0}, "at least 1, found 0"),
        ({"p": 1.5}, "found 1.5"),
        ({"p": True}, "found True"),
        ({"radius_m": -1.0}, "positive number of metres, found -1.0"),
        ({"radius_m": float("nan")}, "found nan"),
        ({"time_limit_s": -1.0}, "zero or more, found -1.0"),
        ({"demand": pd.Series([1.0, -2.0])}, "zero or more; 1 are not, the first at 1: .*-2.0"),
        ({"demand": pd.Series([1.0])}, "1 values for 2 points"),
        ({"demand_xy": [[0, 0], [0, float("nan")]]}, "finite coordinates; 1 have not, the first at position 1"),
        ({"candidates": pd.DataFrame({"x_m": [0.0]})}, "y_m missing"),
        ({"candidates": pd.DataFrame({"x_m": [0.0, 1.0], "y_m": 0.0}, index=["a", "a"])}, "'a' comes again"),
        ({"candidates": pd.DataFrame({"x_m": [0.0], "y_m": 0.0, "max_people": -1.0})}, "max_people must be finite"),
    ],
    ids=str,
)
def test_what_cannot_be_used_is_named(change: dict[str, Any], says: str) -> None:
    given: dict[str, Any] = {
        "demand_xy": [[0, 0], [500, 0]],
        "demand": pd.Series([1.0, 2.0]),
        "candidates": pd.DataFrame({"x_m": [0.0], "y_m": 0.0}, index=["a"]),
        "radius_m": 100.0,
        "p": 1,
    }
    with pytest.raises(QueryError, match=says):
        maximal_cover(**given | change)


def test_progress_rises_to_its_total() -> None:
    xy, people, candidates = town(7, 200, 200)
    seen: list[tuple[int, int]] = []
    maximal_cover(
        xy, people, candidates, radius_m=RADIUS_M, p=8, progress=lambda done, total: seen.append((done, total))
    )
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1]


def served_by_force(xy: np.ndarray, people: pd.Series[float], candidates: pd.DataFrame, p: int) -> float:
    """The largest flow is the smallest cut: over subsets of the chosen sites, what they hold or what reaches them."""
    near, best = reach(xy, candidates), 0.0
    capacity = candidates["max_people"].to_numpy()
    for chosen in itertools.combinations(range(len(candidates)), p):
        cuts = []
        for cut in itertools.product([False, True], repeat=p):
            full = [j for j, at in zip(chosen, cut, strict=True) if at]
            rest = [j for j, at in zip(chosen, cut, strict=True) if not at]
            cuts.append(capacity[full].sum() + people[near[:, rest].any(axis=1)].sum())
        best = max(best, min(cuts))
    return best


@pytest.mark.parametrize("seed", range(4))
def test_with_capacities_it_is_solved_as_by_trying_every_choice(seed: int) -> None:
    xy, people, candidates = town(seed, 30, 9, wide_m=5000.0)
    candidates["max_people"] = np.random.default_rng(seed).integers(500, 9000, 9).astype(float)
    siting = maximal_cover(xy, people, candidates, radius_m=RADIUS_M, p=3)
    assert siting.proved
    assert siting.after == pytest.approx(served_by_force(xy, people, candidates, 3), rel=1e-6)
    quick = maximal_cover(xy, people, candidates, radius_m=RADIUS_M, p=3, time_limit_s=0)
    assert quick.after <= siting.after * (1 + 1e-9) <= quick.upper_bound * (1 + 2e-9)


def test_capacities_that_never_bind_change_nothing() -> None:
    xy, people, candidates = town(3, 60, 20)
    free = maximal_cover(xy, people, candidates, radius_m=RADIUS_M, p=4)
    bound = maximal_cover(xy, people, candidates.assign(max_people=1e6), radius_m=RADIUS_M, p=4)
    assert bound.after == pytest.approx(free.after)
    assert bound.proved


@pytest.fixture
def served() -> dict[str, Any]:
    xy, people, candidates = town(11, 60, 12)
    at, _, _ = town(12, 8, 1)
    costs = pairs_within(xy, at, 3000.0)
    access = e2sfca(people, pd.Series(1.0, range(8)), costs, catchment_m=3000.0, decay=Decay.GAUSSIAN)
    areas = pd.DataFrame({"population": people, "x_m": xy[:, 0], "y_m": xy[:, 1], "access": access})
    return {"areas": areas, "candidates": candidates.assign(capacity=1.0), "at": at}


def raised(served: dict[str, Any], chosen: Any, before: Siting) -> float:
    """Recompute access from scratch with the chosen sites among the others, and count what the rule counts."""
    areas = served["areas"]
    more = served["candidates"].loc[list(chosen)]
    at = np.vstack([served["at"], more[["x_m", "y_m"]]])
    costs = pairs_within(areas[["x_m", "y_m"]], at, 3000.0)
    supply = pd.Series(1.0, range(len(at)))
    access = e2sfca(areas["population"], supply, costs, catchment_m=3000.0, decay=Decay.GAUSSIAN)
    target = (areas["population"] * areas["access"]).sum() / areas["population"].sum()
    percentile = percentiles(areas["access"].to_numpy(), areas["population"].to_numpy())
    worst = ((percentile <= 40) | (areas["access"] == 0)) & (areas["population"] > 0)
    assert before.total == pytest.approx(target * areas["population"][worst].sum())
    return float((areas["population"] * np.minimum(access, target))[worst].sum())


@pytest.mark.parametrize("p", [1, 2, 3])
def test_raising_the_worst_served_is_solved_as_by_trying_every_choice(served: dict[str, Any], p: int) -> None:
    siting = raise_worst_served(
        served["areas"], served["candidates"], catchment_m=3000.0, decay=Decay.GAUSSIAN, p=p, share=0.4
    )
    best = max(raised(served, chosen, siting) for chosen in itertools.combinations(served["candidates"].index, p))
    assert siting.before == pytest.approx(raised(served, [], siting))
    assert siting.proved
    assert siting.after == pytest.approx(raised(served, siting.chosen, siting))
    assert siting.after == pytest.approx(best, rel=1e-6)


def test_where_nobody_has_access_nobody_is_worst(served: dict[str, Any]) -> None:
    areas = served["areas"].assign(access=0.0)
    with pytest.raises(QueryError, match="nobody has any access today"):
        raise_worst_served(areas, served["candidates"], catchment_m=3000.0, decay=Decay.GAUSSIAN, p=1)
    with pytest.raises(QueryError, match="share must be above 0"):
        raise_worst_served(
            served["areas"], served["candidates"], catchment_m=3000.0, decay=Decay.GAUSSIAN, p=1, share=1.0
        )


def test_london_is_proved_for_five_sites() -> None:
    areas = embedded.read_areas().areas
    siting = maximal_cover(areas[["x_m", "y_m"]], areas["population"], areas[["x_m", "y_m"]], radius_m=2000.0, p=5)
    assert siting.proved
    assert siting.after == 940_910.0
