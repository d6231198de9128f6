from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.stats import false_discovery_control
from shapely import box

from atlas.errors import QueryError
from atlas.gaps import significance
from atlas.gaps.significance import HIGH_NEED_LOW_ACCESS, _blocks, _draws, benjamini_hochberg, bivariate_local_moran
from atlas.geo.contiguity import queen
from atlas.geo.neighbours import k_nearest

SIDE = 7


def grid() -> tuple[pd.Index, Any]:
    """A square of squares, and an island."""
    squares = [box(x, y, x + 1, y + 1) for x in range(SIDE) for y in range(SIDE)]
    shapes = gpd.GeoSeries([*squares, box(90, 90, 91, 91)])
    return pd.Index([f"E{k:02d}" for k in range(len(shapes))], name="lsoa"), queen(shapes)


def values(seed: int, *, kinds: int | None = None) -> pd.Series[float]:
    rng, (index, _) = np.random.default_rng(seed), grid()
    drawn = rng.normal(size=len(index)) if kinds is None else rng.integers(kinds, size=len(index)).astype(float)
    return pd.Series(drawn, index)


def p_by_hand(access: Any, links: Any, permutations: int, seed: int) -> list[float]:
    """Draw for each area on its own: the first of each row that are not itself; loops only."""
    n, y = len(access), np.asarray(access)
    neighbours = [links.indices[links.indptr[i] : links.indptr[i + 1]].tolist() for i in range(n)]
    columns = max(map(len, neighbours)) + 1
    rows: list[list[int]] = []
    for count, start in _blocks(permutations, columns, seed):
        rows += _draws(n, columns, count, np.random.default_rng(start)).T.tolist()
    p = []
    for i in range(n):
        found = sum(y[j] for j in neighbours[i])
        at_least = at_most = 0
        for row in rows:
            drawn = sum(y[j] for j in [j for j in row if j != i][: len(neighbours[i])])
            at_least += drawn >= found - 1e-9
            at_most += drawn <= found + 1e-9
        rarer = min(at_least, at_most) if neighbours[i] else permutations
        p.append((rarer + 1) / (permutations + 1))
    return p


@pytest.mark.parametrize("kinds", [None, 2, 3])
@pytest.mark.parametrize("block", [1 << 20, 100])
def test_p_is_that_of_drawing_for_each_area(monkeypatch: pytest.MonkeyPatch, kinds: int | None, block: int) -> None:
    monkeypatch.setattr(significance, "_BLOCK", block)
    need, access, links = values(1), values(2, kinds=kinds), grid()[1]
    found = bivariate_local_moran(need, access, links, permutations=99, seed=5)
    np.testing.assert_allclose(found["p"], p_by_hand(access, links, 99, 5), rtol=1e-12)


def test_p_on_one_sided_links() -> None:
    need, access = values(3), values(4)
    links = k_nearest(np.random.default_rng(6).normal(size=(len(need), 2)), 4)
    found = bivariate_local_moran(need, access, links, permutations=99)
    np.testing.assert_allclose(found["p"], p_by_hand(access, links, 99, 1), rtol=1e-12)


def test_moran_lag_and_quadrant_by_the_formula() -> None:
    need, access, links = values(1), values(2), grid()[1]
    found = bivariate_local_moran(need, access, links, permutations=9)
    x, y = (np.asarray((v - v.mean()) / v.std(ddof=0)) for v in (need, access))
    n = len(x)
    for i in range(n - 1):
        lag = np.mean([y[j] for j in range(n) if links[i, j]])
        assert found["lag"].iloc[i] == pytest.approx(lag)
        assert found["moran"].iloc[i] == pytest.approx((n - 1) * x[i] * lag / (x**2).sum())
        expected = {(True, True): 1, (False, True): 2, (False, False): 3, (True, False): 4}
        assert found["quadrant"].iloc[i] == expected[x[i] > 0, lag > 0]
    assert found.index.equals(need.index)


def test_a_pocket_of_need_without_access_is_found() -> None:
    index, links = grid()
    x, y = np.divmod(np.arange(len(index)), SIDE)
    pocket = (x < 3) & (y < 3)
    rng = np.random.default_rng(8)
    need = pd.Series(np.where(pocket, 50.0, 10.0) + rng.normal(size=len(index)), index)
    access = pd.Series(np.where(pocket, 0.0, 10.0) + rng.normal(size=len(index)), index)
    found = bivariate_local_moran(need, access, links)
    assert set(found.index[found["is_significant"] & (found["quadrant"] == HIGH_NEED_LOW_ACCESS)]) <= set(index[pocket])
    assert found.loc["E08", "is_significant"]
    assert found.loc["E08", "p"] < 1e-4


def test_q_is_of_both_sides() -> None:
    found = bivariate_local_moran(values(1), values(2), grid()[1], permutations=999, alpha=0.3)
    np.testing.assert_allclose(found["q"], benjamini_hochberg(np.minimum(2 * found["p"], 1)))
    assert (found["is_significant"] == (found["q"] <= 0.3)).all()


def test_an_area_without_neighbours_says_nothing() -> None:
    found = bivariate_local_moran(values(1), values(2), grid()[1], permutations=99)
    assert found.iloc[-1].astype(float).tolist() == [0, 0, 1, 1, 0, 0]


@pytest.mark.parametrize("constant", ["need", "access"])
@pytest.mark.parametrize("value", [0.0, 0.1, 1e300])
def test_equal_values_say_nothing(constant: str, value: float) -> None:
    given = {"need": values(1), "access": values(2)}
    given[constant] = pd.Series(value, given["need"].index)
    found = bivariate_local_moran(given["need"], given["access"], grid()[1], permutations=99)
    assert (found["moran"] == 0).all()
    assert (found["p"] == 1).all()
    assert (found["quadrant"] == 0).all()
    assert not found["is_significant"].any()
    assert not found.isna().to_numpy().any()


@pytest.mark.parametrize("n", [0, 1])
def test_none_or_one_area(n: int) -> None:
    one = pd.Series([3.0] * n)
    found = bivariate_local_moran(one, one, csr_array((n, n), dtype=bool))
    assert found[["moran", "p", "quadrant"]].to_numpy().tolist() == [[0.0, 1.0, 0]] * n


def test_draws_that_equal_what_was_found_count_on_both_sides() -> None:
    # the two neighbours have only each other: every draw is what was found
    links = csr_array(np.array([[False, True], [True, False]]))
    pair = pd.Series([1.0, 2.0])
    assert bivariate_local_moran(pair, pair, links, permutations=99)["p"].tolist() == [1.0, 1.0]
    # no access in most places: to find none next door is no news, though no draw can be lower
    need, links = values(1), grid()[1]
    access = pd.Series(np.where(np.arange(len(need)) % SIDE == 6, 1.0, 0.0), need.index)
    found = bivariate_local_moran(need, access, links, permutations=999)
    assert found.loc["E00", "p"] > 0.4


@pytest.mark.parametrize(("n", "columns"), [(3, 3), (4, 2), (6, 5)])
def test_every_order_is_as_likely_as_any_other(n: int, columns: int) -> None:
    table = _draws(n, columns, 60_000, np.random.default_rng(1))
    orders, count = np.unique(table, axis=1, return_counts=True)
    expected = np.prod(np.arange(n, n - columns, -1))
    assert orders.shape[1] == expected
    # five standard deviations
    np.testing.assert_allclose(count, 60_000 / expected, atol=5 * np.sqrt(60_000 / expected))
    assert (np.diff(np.sort(table, axis=0), axis=0) > 0).all()


def test_the_same_seed_gives_the_same_on_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    given = values(1), values(2), grid()[1]
    monkeypatch.setattr(significance, "_BLOCK", 500)
    two = bivariate_local_moran(*given, permutations=999)
    monkeypatch.setattr(significance, "cpu_count", lambda: 1)
    pd.testing.assert_frame_equal(bivariate_local_moran(*given, permutations=999), two)
    assert (bivariate_local_moran(*given, permutations=999, seed=2)["p"] != two["p"]).any()


def test_inputs_are_left_as_they_were() -> None:
    need, access, links = values(1), values(2), grid()[1].astype(float) * 2
    before = need.copy(), access.copy(), links.copy()
    bivariate_local_moran(need, access, links, permutations=9)
    pd.testing.assert_series_equal(need, before[0])
    pd.testing.assert_series_equal(access, before[1])
    assert (links != before[2]).nnz == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"need": np.nan}, "need must be a number in every area, found nan in E03 and 0 more"),
        ({"access": np.inf}, "access must be a number in every area, found inf in E03"),
        ({"links": csr_array((2, 2))}, r"50 rows and columns.*found \(2, 2\)"),
        ({"links": csr_array(np.eye(50))}, "must not join an area to itself"),
        ({"permutations": 0}, "permutations from 1"),
        ({"seed": -1}, "a seed from 0"),
        ({"alpha": 1.0}, "alpha between 0 and 1"),
    ],
    ids=["need", "access", "shape", "self", "permutations", "seed", "alpha"],
)
def test_what_cannot_be_tested(change: dict[str, Any], said: str) -> None:
    given: dict[str, Any] = {"need": values(1), "access": values(2), "links": grid()[1]}
    for name in ("need", "access"):
        if name in change:
            given[name]["E03"] = change.pop(name)
    with pytest.raises(QueryError, match=said):
        bivariate_local_moran(**(given | change))


def test_two_indexes() -> None:
    need, access, links = values(1), values(2), grid()[1]
    with pytest.raises(QueryError, match="on one index"):
        bivariate_local_moran(need, access[::-1], links)


@pytest.mark.parametrize("p", [[0.01, 0.04, 0.03, 0.5], [1.0, 1.0], [0.2], [0.05] * 4, np.linspace(0, 1, 50) ** 3])
def test_benjamini_hochberg_is_scipys(p: Any) -> None:
    np.testing.assert_allclose(benjamini_hochberg(p), false_discovery_control(p), rtol=1e-12)


def test_benjamini_hochberg_of_nothing_and_of_nonsense() -> None:
    assert benjamini_hochberg([]).tolist() == []
    for p in ([0.1, np.nan], [1.1], [-0.1]):
        with pytest.raises(QueryError, match="from 0 to 1"):
            benjamini_hochberg(p)
