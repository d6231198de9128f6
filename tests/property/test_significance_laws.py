"""Laws that the tests of chance obey whatever the numbers are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.stats import false_discovery_control

from atlas.gaps.scan import scan_low_provision
from atlas.gaps.significance import benjamini_hochberg, bivariate_local_moran

PERMUTATIONS = 49


@st.composite
def worlds(draw: st.DrawFn) -> tuple[pd.Series[float], pd.Series[float], Any]:
    n = draw(st.integers(1, 12))
    # few values, so that many are equal
    values = st.lists(st.integers(0, 3), min_size=n, max_size=n).map(lambda v: pd.Series(v, dtype=float))
    links = np.array(draw(st.lists(st.booleans(), min_size=n * n, max_size=n * n))).reshape(n, n)
    np.fill_diagonal(links, val=False)
    return draw(values), draw(values), csr_array(links)


@given(worlds())
def test_every_value_is_defined_and_within_bounds(world: Any) -> None:
    found = bivariate_local_moran(*world, permutations=PERMUTATIONS)
    assert not found.isna().to_numpy().any()
    assert found["p"].between(1 / (PERMUTATIONS + 1), 1).all()
    assert found["q"].between(0, 1).all()
    assert (found["q"] >= found["p"]).all()
    assert (found["quadrant"].isin([1, 4]) <= (found["moran"] * found["lag"] >= 0)).all()
    islands = np.diff(world[2].indptr) == 0
    assert (found.loc[islands, ["moran", "lag", "quadrant"]] == 0).to_numpy().all()
    assert (found.loc[islands, "p"] == 1).all()


@given(worlds(), st.sampled_from([0.1, 3.0, 1e6]), st.sampled_from([0.0, 7.0]))
def test_the_unit_of_need_and_access_does_not_matter(world: Any, k: float, shift: float) -> None:
    need, access, links = world
    one = bivariate_local_moran(need, access, links, permutations=PERMUTATIONS)
    other = bivariate_local_moran(need * k + shift, access * k + shift, links, permutations=PERMUTATIONS)
    np.testing.assert_allclose(one["moran"], other["moran"], atol=1e-9)
    np.testing.assert_array_equal(one["p"], other["p"])


@given(worlds())
def test_good_access_turned_to_bad_turns_moran_and_keeps_p(world: Any) -> None:
    need, access, links = world
    one = bivariate_local_moran(need, access, links, permutations=PERMUTATIONS)
    other = bivariate_local_moran(need, -access, links, permutations=PERMUTATIONS)
    np.testing.assert_allclose(one["moran"], -other["moran"], atol=1e-12)
    np.testing.assert_array_equal(one["p"], other["p"])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_benjamini_hochberg_is_scipys_and_keeps_the_order(p: list[float]) -> None:
    q = benjamini_hochberg(p)
    np.testing.assert_allclose(q, false_discovery_control(p), rtol=1e-12, atol=1e-300)
    assert (q >= np.asarray(p) * (1 - 1e-12)).all()
    assert (np.diff(q[np.argsort(p, kind="stable")]) >= 0).all()


@given(st.integers(1, 10), st.data())
def test_a_scan_marks_each_area_once_with_its_clusters_p(n: int, data: st.DataObject) -> None:
    counts = st.lists(st.integers(0, 5), min_size=n, max_size=n)
    xy = data.draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=n, max_size=n))
    people, cases = pd.Series(data.draw(counts), dtype=float) + 1, pd.Series(data.draw(counts))
    found = scan_low_provision(xy, people, cases, replicates=19, max_share=0.5, alpha=0.9)
    assert found.areas["cluster"].max() == len(found.clusters)
    for number, cluster in enumerate(found.clusters, start=1):
        assert found.areas.index[found.areas["cluster"] == number].tolist() == sorted(cluster.areas)
        assert (found.areas.loc[list(cluster.areas), "p"] == cluster.p).all()
        assert cluster.cases < cluster.expected
    assert (found.areas.loc[found.areas["cluster"] == 0, "p"] == 1).all()
