from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

from atlas.errors import QueryError
from atlas.gaps.need import (
    domain_scores,
    exponential,
    need_for,
    need_of,
    percentiles_of,
    population_percentile,
    weighted_need,
    without,
)
from atlas.geo.deprivation import Deprivation
from atlas.parameters import OFFICIAL_WEIGHTS, Parameters
from atlas.vocabulary import WEIGHTED_DOMAINS, NeedDomain, Release

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


def whole(**columns: list[float]) -> Deprivation:
    """Seven domains with the same scores, but for those given, and an overall score of its own."""
    domains = {domain.value: columns.get(domain.value, [1.0, 2.0, 3.0]) for domain in WEIGHTED_DOMAINS}
    return release(overall=[5.0, 6.0, 7.0], **domains)


def test_a_domain_that_a_release_has_but_this_file_lacks_sends_nobody_to_another_release() -> None:
    held = dataclasses.replace(whole(), release=Release.IOD2025, is_estimate=False, vintage=2021)
    with pytest.raises(QueryError, match=r"iod2025 does not measure idaci, only overall, .*: the file that is here"):
        need_of(held, NeedDomain.IDACI, CODES)


def test_the_exponential_scale_by_hand() -> None:
    found = exponential([1, 2, 3, 4], 4)
    shares = [1, 0.75, 0.5, 0.25]
    np.testing.assert_allclose(found, [-23 * math.log(1 - r * (1 - math.exp(-100 / 23))) for r in shares], rtol=1e-12)
    assert found[0] == pytest.approx(100, abs=1e-9)
    assert exponential([[1], [1]], 1).tolist() == [[pytest.approx(100)], [pytest.approx(100)]]


@pytest.mark.parametrize("rank", [0, 5, math.nan, -1])
def test_a_rank_out_of_range_is_refused(rank: float) -> None:
    with pytest.raises(QueryError, match=r"from 1, the most deprived, to 4; found"):
        exponential([1, rank], 4)


def test_domain_scores_are_in_the_official_order_and_none_for_the_estimate() -> None:
    found = domain_scores(whole(crime=[9, 8, 7]), CODES[[2, 0]])
    assert found is not None
    assert found.columns.tolist() == [domain.value for domain in WEIGHTED_DOMAINS]
    assert found["crime"].tolist() == exponential([3, 1], 3).tolist()
    assert found["income"].tolist() == exponential([1, 3], 3).tolist()
    assert domain_scores(release(overall=[1, 2, 3]), CODES) is None


def test_official_ranks_are_among_england_however_few_areas_are_held() -> None:
    held = dataclasses.replace(whole(), release=Release.IOD2019, is_estimate=False)
    found = domain_scores(held, CODES)
    assert found is not None
    assert found["income"].tolist() == exponential([3, 2, 1], 32_844).tolist()


def test_an_area_without_a_rank_is_named() -> None:
    with pytest.raises(QueryError, match="1 areas have no rank of need, among them E01999999"):
        domain_scores(whole(), pd.Index(["E01000001", "E01999999"]))


def test_weights_say_what_counts() -> None:
    held = whole(crime=[9, 8, 7])
    only = weighted_need(held, {NeedDomain.CRIME: 3.0}, CODES)
    np.testing.assert_allclose(only, 0.999 * exponential([1, 2, 3], 3))
    assert only.name == "need"
    assert weighted_need(held, OFFICIAL_WEIGHTS, CODES).idxmax() == "E01000003"


def test_need_follows_the_readers_choice() -> None:
    held, left_out = whole(crime=[9, 8, 7]), without(OFFICIAL_WEIGHTS, NeedDomain.HOUSING_AND_SERVICES)
    assert need_for(held, Parameters(), CODES).tolist() == [5.0, 6.0, 7.0]
    assert need_for(held, Parameters(need_domain=NeedDomain.CRIME), CODES).tolist() == [9.0, 8.0, 7.0]
    chosen = Parameters(weights=left_out)
    expected = weighted_need(held, dict(zip(WEIGHTED_DOMAINS, left_out, strict=True)), CODES)
    pd.testing.assert_series_equal(need_for(held, chosen, CODES), expected)


def test_the_estimate_has_nothing_to_weigh() -> None:
    chosen = Parameters(weights=(100, 0, 0, 0, 0, 0, 0))
    with pytest.raises(QueryError, match="weights need the seven domains: estimate does not measure income, only over"):
        need_for(release(overall=[1, 2, 3]), chosen, CODES)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({NeedDomain.CRIME: -1.0}, "zero or more"),
        ({NeedDomain.CRIME: math.nan}, "zero or more"),
        ({NeedDomain.CRIME: math.inf}, "zero or more"),
        ({NeedDomain.CRIME: 0.0}, "not all zero"),
        ({}, "not all zero"),
        ({NeedDomain.OVERALL: 1.0}, "overall is not weighed in the index"),
    ],
)
def test_weights_that_weigh_nothing_are_refused(weights: dict[NeedDomain, float], words: str) -> None:
    with pytest.raises(QueryError, match=words):
        weighted_need(whole(), weights, CODES)


def test_leaving_one_domain_out_keeps_the_ratios_of_the_others() -> None:
    left = without(OFFICIAL_WEIGHTS, NeedDomain.HOUSING_AND_SERVICES)
    assert sum(left) == pytest.approx(100, abs=1e-9)
    assert left[5] == 0
    assert left[0] / left[2] == pytest.approx(22.5 / 13.5)
    assert Parameters(weights=left).weights == left
    with pytest.raises(QueryError, match="idaci is not weighed"):
        without(OFFICIAL_WEIGHTS, NeedDomain.IDACI)
    with pytest.raises(QueryError, match="not all zero"):
        without({NeedDomain.CRIME: 1.0}, NeedDomain.CRIME)


def test_equal_need_everywhere_puts_everyone_in_the_middle() -> None:
    need = weighted_need(whole(**{domain.value: [4, 4, 4] for domain in WEIGHTED_DOMAINS}), OFFICIAL_WEIGHTS, CODES)
    people = pd.Series([0.0, 10.0, 20.0], CODES)
    assert population_percentile(need, people).tolist() == [50.0, 50.0, 50.0]


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
