from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from atlas.errors import QueryError
from atlas.gaps.costs import CostTable, TravelTimes, nearest, pairs_as_far, pairs_within
from atlas.vocabulary import Decay

RNG = np.random.default_rng(7)
ORIGINS = RNG.uniform(0, 10_000, (60, 2))
DESTINATIONS = RNG.uniform(0, 10_000, (25, 2))


def dense(table: CostTable) -> np.ndarray:
    out = np.full((table.n_destinations, table.n_origins), np.nan)
    for j in range(table.n_destinations):
        for k in range(table.start[j], table.start[j + 1]):
            out[j, table.origin[k]] = table.cost[k]
    return out


def brute(catchment_m: float) -> np.ndarray:
    out = np.full((len(DESTINATIONS), len(ORIGINS)), np.nan)
    for j, (x, y) in enumerate(DESTINATIONS):
        for i, (u, v) in enumerate(ORIGINS):
            distance = math.hypot(u - x, v - y)
            if distance <= catchment_m:
                out[j, i] = distance
    return out


@pytest.mark.parametrize("catchment_m", [1.0, 2_500.0, 20_000.0])
def test_pairs_are_those_of_two_loops(catchment_m: float) -> None:
    table = pairs_within(ORIGINS, DESTINATIONS, catchment_m)
    np.testing.assert_allclose(dense(table), brute(catchment_m), rtol=1e-15)
    assert table.n_pairs == np.isfinite(brute(catchment_m)).sum()


def test_a_narrower_table_is_that_of_a_narrower_query() -> None:
    wide = pairs_within(ORIGINS, DESTINATIONS, 8_000)
    np.testing.assert_array_equal(dense(wide.within(2_000)), dense(pairs_within(ORIGINS, DESTINATIONS, 2_000)))
    assert wide.n_pairs == np.isfinite(brute(8_000)).sum()


def test_a_pair_exactly_one_catchment_apart_is_within_reach() -> None:
    assert pairs_within([[0, 0]], [[3000, 4000], [3000.001, 4000]], 5000).n_pairs == 1


def test_two_at_one_point_are_a_pair_at_no_distance() -> None:
    assert dense(pairs_within([[5, 5], [5, 5]], [[5, 5]], 10)).tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize(("origins", "destinations"), [([], [[0, 0]]), ([[0, 0]], []), ([], [])])
def test_no_points_make_no_pairs(origins: list[list[int]], destinations: list[list[int]]) -> None:
    table = pairs_within(origins, destinations, 1000)
    assert (table.n_origins, table.n_destinations, table.n_pairs) == (len(origins), len(destinations), 0)


def test_refuses_coordinates_that_are_not_finite() -> None:
    with pytest.raises(QueryError, match="origins must have finite coordinates; 1 have not, the first at position 1"):
        pairs_within([[0, 0], [math.nan, 0]], [[0, 0]], 1000)
    with pytest.raises(QueryError, match=r"destinations must be of shape \(n, 2\)"):
        pairs_within([[0, 0]], [1, 2, 3], 1000)


def test_pairs_given_in_any_order_make_one_table() -> None:
    one = CostTable.from_pairs([0, 1, 1], [0, 0, 1], [5, 6, 7], (3, 2))
    other = CostTable.from_pairs([1, 1, 0], [1, 0, 0], [7, 6, 5], (3, 2))
    np.testing.assert_array_equal(dense(one), dense(other))
    assert one.weights(6, Decay.UNIFORM).toarray().tolist() == [[1, 1, 0], [0, 0, 0]]


@pytest.mark.parametrize(
    ("origin", "destination", "cost", "words"),
    [
        ([0, 0], [0], [1.0], "one length"),
        ([0, 0], [0, 0], [1.0, 2.0], "comes twice"),
        ([2], [0], [1.0], "origin positions must be from 0 to 1"),
        ([0], [-1], [1.0], "destination positions must be from 0 to 1"),
        ([0], [0], [-1.0], "costs must be finite"),
        ([0], [0], [math.inf], "costs must be finite"),
    ],
)
def test_refuses_pairs_that_make_no_table(
    origin: list[int], destination: list[int], cost: list[float], words: str
) -> None:
    with pytest.raises(QueryError, match=words):
        CostTable.from_pairs(origin, destination, cost, (2, 2))


def test_taken_pairs_are_those_of_the_points_taken() -> None:
    table = pairs_within(ORIGINS, DESTINATIONS, 4_000)
    i, j = RNG.permutation(60)[:40], RNG.permutation(25)[:10]
    found = dense(table.take(i, j))
    np.testing.assert_array_equal(found, dense(table)[np.ix_(j, i)])


def test_a_position_of_minus_one_gets_no_pair() -> None:
    table = CostTable.from_pairs([0, 1, 1], [0, 0, 1], [0, 6, 7], (3, 2))
    found = table.take([-1, 1, -1, 0], [1, -1, 0])
    assert (found.n_origins, found.n_destinations) == (4, 3)
    expected = [[np.nan, 7, np.nan, np.nan], [np.nan] * 4, [np.nan, 6, np.nan, 0]]
    np.testing.assert_array_equal(dense(found), expected)
    assert table.take([], []).n_pairs == 0


@pytest.mark.parametrize(
    ("origins", "destinations", "words"),
    [
        ([3], [0], "origin positions must be from 0 to 2, or -1"),
        ([-2], [0], "origin positions must be from 0 to 2, or -1"),
        ([0], [1, 1], "destination positions must come once each"),
    ],
)
def test_refuses_to_take_what_is_not_there_or_twice(origins: list[int], destinations: list[int], words: str) -> None:
    table = CostTable.from_pairs([0, 1, 1], [0, 0, 1], [0, 6, 7], (3, 2))
    with pytest.raises(QueryError, match=words):
        table.take(origins, destinations)


def test_the_lowest_cost_is_that_of_two_loops() -> None:
    table = pairs_within(ORIGINS, DESTINATIONS, 2_000)
    counted = np.arange(25) % 3 > 0
    for some, rows in ((None, slice(None)), (counted, counted)):
        least = np.where(np.isnan(brute(2_000)[rows]), np.inf, brute(2_000)[rows]).min(axis=0)
        np.testing.assert_allclose(table.nearest(some), least, rtol=1e-15)


def test_times_between_labels_are_in_the_order_asked_for() -> None:
    areas, sites = pd.Index(["a", "b", "c"]), pd.Index(["site:x", "site:y"])
    times = TravelTimes(areas, sites, CostTable.from_pairs([0, 1, 1], [0, 0, 1], [5, 6, 7], (3, 2)), "times.csv", "")
    found = dense(times.between(pd.Index(["b", "z", "a"]), pd.Index(["site:y", "site:new", "site:x"])))
    np.testing.assert_array_equal(found, [[7, np.nan, np.nan], [np.nan] * 3, [6, np.nan, 5]])


def frame(xy: np.ndarray, prefix: str) -> pd.DataFrame:
    return pd.DataFrame(xy, columns=["x_m", "y_m"], index=[f"{prefix}{k:02d}" for k in range(len(xy))])


def test_nearest_is_that_of_two_loops() -> None:
    found = nearest(frame(ORIGINS, "a"), frame(DESTINATIONS, "s"))
    for (x, y), (_, row) in zip(ORIGINS, found.iterrows(), strict=True):
        distances = [math.hypot(x - u, y - v) for u, v in DESTINATIONS]
        assert row["distance_m"] == pytest.approx(min(distances), rel=1e-12)
        assert row["which"] == f"s{distances.index(min(distances)):02d}"


def test_of_equally_near_the_first_label_is_named() -> None:
    sites = pd.DataFrame({"x_m": [10, -10, 10, 0], "y_m": [0, 0, 0, 10]}, index=["d", "c", "b", "z"])
    here = pd.DataFrame({"x_m": [0], "y_m": [0]}, index=["a"])
    for order in (["d", "c", "b", "z"], ["z", "b", "c", "d"]):
        assert nearest(here, sites.loc[order]).loc["a"].tolist() == [10.0, "b"]


def test_nearest_of_nothing_is_missing() -> None:
    found = nearest(frame(ORIGINS[:2], "a"), frame(ORIGINS[:0], "s"))
    assert found["distance_m"].isna().all()
    assert found["which"].tolist() == [None, None]


@pytest.mark.parametrize("catchment_m", [1.0, 1999.9, 2000.0, 2000.1, 5000.0, 4321.0])
def test_a_table_cut_from_a_wider_one_is_the_table(catchment_m: float) -> None:
    rng = np.random.default_rng(5)
    origins, destinations = rng.uniform(0, 9000, (60, 2)), rng.uniform(0, 9000, (9, 2))
    cut, made = (make(origins, destinations, catchment_m) for make in (pairs_as_far, pairs_within))
    for name in ("start", "origin", "cost"):
        np.testing.assert_array_equal(getattr(cut, name), getattr(made, name))
    moved = origins + 500
    np.testing.assert_array_equal(
        pairs_as_far(moved, destinations, catchment_m).cost, pairs_within(moved, destinations, catchment_m).cost
    )
