from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from atlas.errors import QueryError
from atlas.gaps.need import need_of, percentiles_of, population_percentile
from atlas.geo.deprivation import Deprivation
from atlas.vocabulary import NeedDomain

CODES = pd.Index(["E01000001", "E01000002", "E01000003"])


def release(**columns: list[float]) -> Deprivation:
    return Deprivation.from_estimate(pd.DataFrame(columns, index=CODES))


def test_need_is_the_domains_score_on_the_areas_asked_for() -> None:
    need = need_of(release(overall=[1, 2, 3], crime=[9, 8, 7]), NeedDomain.CRIME, CODES[[2, 0]])
    assert need.to_dict() == {"E01000003": 7.0, "E01000001": 9.0}
    assert need.name == "need"


def test_a_domain_that_the_release_lacks_names_the_releases_that_have_it() -> None:
    with pytest.raises(QueryError, match="estimate does not measure income, only overall; iod2019 and iod2025"):
        need_of(release(overall=[1, 2, 3]), NeedDomain.INCOME, CODES)


def test_an_area_without_a_score_is_named() -> None:
    with pytest.raises(QueryError, match="1 areas have no need score, among them E01999999"):
        need_of(release(overall=[1, 2, 3]), NeedDomain.OVERALL, pd.Index(["E01000001", "E01999999"]))


def by_loops(values: list[float], people: list[float]) -> list[float]:
    total = sum(people)
    return [
        100 * sum(p * ((w < v) + (w == v) / 2) for w, p in zip(values, people, strict=True)) / total for v in values
    ]


def test_percentile_is_the_share_of_people_below_and_half_of_those_tied() -> None:
    rng = np.random.default_rng(1)
    values, people = rng.integers(0, 20, 50).astype(float), rng.integers(0, 9, 50).astype(float)
    found = population_percentile(pd.Series(values), pd.Series(people))
    np.testing.assert_allclose(found, by_loops(values.tolist(), people.tolist()), rtol=1e-12)
    assert np.average(found, weights=people) == pytest.approx(50)


def test_percentile_rises_with_the_value_and_follows_people_not_areas() -> None:
    found = population_percentile(pd.Series([1.0, 2.0], ["a", "b"]), pd.Series([900, 100], ["a", "b"]))
    assert found.to_dict() == {"a": 45.0, "b": 95.0}


@pytest.mark.parametrize(
    ("values", "people", "words"),
    [
        ([1.0, math.nan], [1, 1], "1 areas have no value, among them 1"),
        ([1.0, 2.0], [0, 0], "not all zero"),
        ([1.0, 2.0], [1, -1], "zero or more"),
        ([1.0, 2.0], [1, 1, 1], "same index"),
    ],
)
def test_refuses_what_has_no_percentile(values: list[float], people: list[float], words: str) -> None:
    with pytest.raises(QueryError, match=words):
        population_percentile(pd.Series(values), pd.Series(people))


def test_a_mean_stands_where_its_own_score_would() -> None:
    values, people = np.array([3.0, 1.0, 2.0]), np.array([10.0, 30.0, 60.0])
    own = percentiles_of(values, values, people)
    np.testing.assert_allclose(own, population_percentile(pd.Series(values), pd.Series(people)))
    assert percentiles_of(np.array([0.0, 2.5, 9.0]), values, people).tolist() == [0.0, 90.0, 100.0]
