from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from atlas.errors import QueryError
from atlas.gaps import scan
from atlas.gaps.scan import _deal, scan_low_provision


def world(seed: int, n: int = 30, sites: int = 25) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    codes = pd.Index([f"E{k:02d}" for k in range(n)], name="lsoa")
    people = pd.Series(rng.integers(0, 2000, n).astype(float), codes)
    cases = pd.Series(np.bincount(rng.integers(0, n, sites), minlength=n), codes)
    return {"xy": rng.uniform(0, 1000, (n, 2)).round(), "people": people, "cases": cases}


def windows(xy: Any, mean: Any, max_share: float) -> list[list[list[int]]]:
    """All windows round each centre, by sorting."""
    total, found = sum(mean), []
    for centre in xy:
        away = [math.dist(centre, point) for point in xy]
        order = sorted(range(len(xy)), key=lambda k: (away[k], k))
        sizes = [k for k in range(1, len(xy) + 1) if sum(mean[order[:k]]) <= max_share * total + 1e-9]
        found.append([order[:k] for k in sizes])
    return found


def ratio(c: float, mu: float, total: float) -> float:
    if c >= mu:
        return 0.0
    inside = c * math.log(c / mu) if c else 0.0
    return inside + (total - c) * math.log((total - c) / (total - mu))


def highest(cases: Any, mean: Any, circles: list[list[list[int]]]) -> list[float]:
    """Highest ratio round each centre."""
    return [max([ratio(cases[w].sum(), mean[w].sum(), cases.sum()) for w in round_], default=0.0) for round_ in circles]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("max_share", [0.1, 0.5])
@pytest.mark.parametrize("pairs", [1 << 20, 100])
def test_ratio_and_p_are_those_of_trying_every_circle(
    monkeypatch: pytest.MonkeyPatch, seed: int, max_share: float, pairs: int
) -> None:
    monkeypatch.setattr(scan, "_PAIRS", pairs)
    here = world(seed)
    found = scan_low_provision(**here, max_share=max_share, replicates=49, seed=4, alpha=0.99)
    cases, total = here["cases"].to_numpy(), int(here["cases"].sum())
    mean = (here["people"] * total / here["people"].sum()).to_numpy()
    circles = windows(here["xy"], mean, max_share)
    each = highest(cases, mean, circles)
    start, replicate = _deal(mean, total, 49, 4)
    area = np.repeat(np.arange(len(mean)), np.diff(start.astype(int)))
    dealt = [np.bincount(area[replicate == r], minlength=len(mean)) for r in range(49)]
    chance = [max(highest(counts, mean, circles)) for counts in dealt]
    first = found.clusters[0]
    assert first.log_likelihood_ratio == pytest.approx(max(each))
    for cluster in found.clusters:
        assert cluster.p == (1 + sum(other >= cluster.log_likelihood_ratio - 1e-9 for other in chance)) / 50
        inside = list(cluster.areas)
        assert cluster.cases == here["cases"][inside].sum()
        assert cluster.people == pytest.approx(here["people"][inside].sum())
        assert cluster.expected == pytest.approx(cluster.people * total / here["people"].sum())
        assert cluster.log_likelihood_ratio == pytest.approx(ratio(cluster.cases, cluster.expected, total))
        assert cluster.people <= max_share * here["people"].sum() * (1 + 1e-9)
        assert cluster.cases < cluster.expected


def test_two_empty_quarters_are_two_clusters_and_the_larger_is_first() -> None:
    x, y = (part.ravel().astype(float) for part in np.mgrid[0:20, 0:20])
    codes = pd.Index([f"E{k:03d}" for k in range(400)])
    far = np.hypot(x - 4, y - 4), np.hypot(x - 15, y - 15)
    empty = (far[0] <= 4) | (far[1] <= 3)
    found = scan_low_provision(
        np.column_stack((x, y)) * 100, pd.Series(1500.0, codes), pd.Series(np.where(empty, 0, 2), codes), max_share=0.2
    )
    assert [cluster.cases for cluster in found.clusters] == [0, 0]
    assert [cluster.p for cluster in found.clusters] == [0.001, 0.001]
    assert set(found.clusters[0].areas) == set(codes[far[0] <= 4])
    assert found.clusters[0].radius_m == pytest.approx(400)
    assert found.clusters[0].centre == codes[4 * 20 + 4]
    assert (found.areas["cluster"].to_numpy() == np.where(far[0] <= 4, 1, np.where(far[1] <= 3, 2, 0))).all()
    assert (found.areas["p"].to_numpy() == np.where(empty, 0.001, 1)).all()


def test_clusters_do_not_overlap_and_come_by_ratio() -> None:
    found = scan_low_provision(**world(5, 60, 80), replicates=19, alpha=0.99, max_share=0.3)
    areas = [code for cluster in found.clusters for code in cluster.areas]
    assert len(areas) == len(set(areas))
    ratios = [cluster.log_likelihood_ratio for cluster in found.clusters]
    assert ratios == sorted(ratios, reverse=True)
    assert sum(found.areas["cluster"] > 0) == len(areas)


def test_where_provision_is_even_nothing_is_out_of_the_ordinary() -> None:
    people, cases = pd.Series(1000.0, range(50)), pd.Series(1, range(50))
    found = scan_low_provision([(k, 0.0) for k in range(50)], people, cases)
    assert found.clusters == ()
    assert found.areas["p"].eq(1).all()


@pytest.mark.parametrize("n", [0, 1, 3])
@pytest.mark.parametrize("sites", [0, 2])
def test_little_to_look_at(n: int, sites: int) -> None:
    cases = pd.Series([sites] * n, dtype=int)
    found = scan_low_provision(np.zeros((n, 2)), pd.Series([100.0] * n), cases, replicates=9)
    assert found.clusters == ()
    assert found.areas.to_numpy().tolist() == [[0, 1]] * n


def test_nobody_anywhere_and_nothing_to_find() -> None:
    none = pd.Series([0, 0])
    assert scan_low_provision([(0, 0), (1, 1)], none.astype(float), none).clusters == ()


def test_need_may_weigh_people() -> None:
    here = world(1)
    doubled = scan_low_provision(**here | {"people": here["people"] * 2}, replicates=9)
    found = scan_low_provision(**here, replicates=9)
    assert doubled.clusters[0].areas == found.clusters[0].areas
    assert doubled.clusters[0].expected == pytest.approx(found.clusters[0].expected)


def test_the_same_seed_gives_the_same_on_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    here = world(1)
    two = scan_low_provision(**here)
    monkeypatch.setattr(scan, "cpu_count", lambda: 1)
    assert scan_low_provision(**here).clusters == two.clusters


def test_inputs_are_left_as_they_were() -> None:
    here, before = world(1), world(1)
    scan_low_provision(**here, replicates=9)
    np.testing.assert_array_equal(here["xy"], before["xy"])
    pd.testing.assert_series_equal(here["people"], before["people"])
    pd.testing.assert_series_equal(here["cases"], before["cases"])


ONE = pd.Series([1.0, 2.0])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"xy": [(0, 0)]}, r"a point, people and cases for each area.*shape \(1, 2\)"),
        ({"cases": ONE.set_axis(["a", "b"])}, "on one index"),
        ({"xy": [(0, 0), (np.nan, 1)]}, "points must be numbers"),
        ({"people": ONE * -1}, "people must be numbers from 0"),
        ({"cases": ONE * np.inf}, "cases must be numbers from 0"),
        ({"cases": ONE / 2}, "whole numbers"),
        ({"people": ONE * 0}, "nobody lives"),
        ({"max_share": 0.6}, "max_share above 0 and up to 0.5"),
        ({"replicates": 0}, "replicates from 1"),
        ({"seed": -1}, "a seed from 0"),
        ({"alpha": 0.0}, "alpha between 0 and 1"),
    ],
    ids=["length", "index", "nan", "negative", "infinite", "half", "nobody", "share", "replicates", "seed", "alpha"],
)
def test_what_cannot_be_scanned(change: dict[str, Any], said: str) -> None:
    given: dict[str, Any] = {"xy": [(0, 0), (1, 1)], "people": ONE, "cases": ONE}
    with pytest.raises(QueryError, match=said):
        scan_low_provision(**(given | change))
