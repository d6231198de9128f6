from __future__ import annotations

import numpy as np
import pytest
from libpysal.weights import KNN

from atlas.errors import QueryError
from atlas.geo.neighbours import k_nearest


@pytest.mark.parametrize("k", [1, 4, 29])
def test_equal_to_libpysal(k: int) -> None:
    xy = np.random.default_rng(3).uniform(0, 1000, (30, 2))
    assert (k_nearest(xy, k).toarray() == KNN.from_array(xy, k=k, silence_warnings=True).full()[0].astype(bool)).all()


def test_points_at_one_place_have_k_others_each() -> None:
    links = k_nearest([[0, 0]] * 6 + [[9, 9]], 3)
    assert np.diff(links.indptr).tolist() == [3] * 7
    assert not links.diagonal().any()
    assert links.sum() == 21


@pytest.mark.parametrize(
    ("xy", "k", "said"),
    [
        ([[0, 0], [1, 1]], 0, "from 1 to 1"),
        ([[0, 0], [1, 1]], 2, "from 1 to 1, the number of other points, found 2"),
        ([[0, 0], [np.nan, 1]], 1, "finite numbers"),
        ([0, 1], 1, "two columns"),
    ],
    ids=["none", "too-many", "missing", "shape"],
)
def test_what_has_no_nearest(xy: list[list[float]], k: int, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        k_nearest(xy, k)
