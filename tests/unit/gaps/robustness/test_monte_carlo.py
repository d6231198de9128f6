from __future__ import annotations

import dataclasses
import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from atlas.errors import QueryError
from atlas.gaps.access import measure_access
from atlas.gaps.need import domain_scores, percentiles
from atlas.gaps.robustness import _trials
from atlas.gaps.robustness._draws import CONCENTRATION, dirichlet, sobol_points
from atlas.gaps.robustness.monte_carlo import Robustness, robustness
from atlas.gaps.rule import gap_index, is_high_need, is_low_access
from atlas.gaps.study import Study, make_study
from atlas.parameters import MAX_CATCHMENT_M, Parameters
from atlas.sources import embedded
from atlas.sources.deprivation import read_file7
from atlas.vocabulary import WEIGHTED_DOMAINS, AccessMeasure, Decay
from tests.golden.worlds import world
from tests.unit.gaps.robustness.studies import frames, random_study

CHOICES = ("weights", "normalisation", "aggregation", "catchment", "decay", "capacity")
MEASURES = list(AccessMeasure)


def one_by_one(study: Study, table: pd.DataFrame) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Gaps and ranks of each row of a table of draws, worked out from its words alone."""
    return tuple(map(np.array, zip(*(afresh(study, row) for _, row in table.iterrows()), strict=True)))  # type: ignore[return-value]


def afresh(study: Study, row: pd.Series[Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    people, rule = study.residents, study.parameters
    need = study.need if study.domain_scores is None else need_of(study.domain_scores, people, row)
    of_site = pd.Series(study.institution).map(pd.Series(study.institution).value_counts())
    capacity = study.amount / np.asarray(of_site, dtype=float) ** row["sharing"]
    found = measure_access(
        rule.measure,
        study.people,
        capacity,
        study.costs,
        row["catchment_m"],
        Decay(row["decay"]),
        nearest_cost=study.nearest_cost(),
    )
    access, reached = found.value[: study.n_areas], found.reached[: study.n_areas]
    high, low = percentiles(need, people), percentiles(access, people)
    is_gap = is_high_need(high, people, rule) & is_low_access(reached, low, rule)
    rank = pd.Series(gap_index(high, low)).rank(ascending=False, method="min").astype(int)
    return is_gap, rank.to_numpy()


def need_of(scores: np.ndarray[Any, Any], people: np.ndarray[Any, Any], row: pd.Series[Any]) -> np.ndarray[Any, Any]:
    total = np.zeros(len(scores))
    for k, domain in enumerate(WEIGHTED_DOMAINS):
        value = scores[:, k]
        if row["normalisation"] == "rank":
            value = 100 * (1 - np.exp(-value / 23)) / (1 - math.exp(-100 / 23))
        elif row["normalisation"] == "z_score":
            mean = np.average(value, weights=people)
            spread = np.sqrt(np.average((value - mean) ** 2, weights=people))
            value = np.maximum(50 + 10 * (value - mean) / spread, 0)
        geometric = row["aggregation"] == "geometric"
        total += row[f"weight_{domain}"] * (np.log(1 + value) if geometric else value)
    return total


@pytest.mark.parametrize("measure", MEASURES, ids=[measure.value for measure in MEASURES])
@pytest.mark.parametrize("domains", [True, False], ids=["domains", "none"])
def test_each_draw_is_that_of_measuring_afresh(measure: AccessMeasure, domains: bool) -> None:  # noqa: FBT001
    study = random_study(3, domains=domains, measure=measure, catchment_m=2_500)
    found = robustness(study, draws=64, seed=5)
    is_gap, rank = one_by_one(study, found.table)
    assert found.table["n_gaps"].tolist() == is_gap.sum(axis=1).tolist()
    np.testing.assert_allclose(found.table["people_in_gaps"], is_gap @ study.residents)
    np.testing.assert_array_equal(found.p_gap, is_gap.mean(axis=0))
    np.testing.assert_array_equal(found.p_top, (rank <= found.top).mean(axis=0))
    ordered = np.sort(rank, axis=0)
    np.testing.assert_array_equal(found.rank_low, ordered[math.ceil(0.05 * 64) - 1])
    np.testing.assert_array_equal(found.rank_high, ordered[math.ceil(0.95 * 64) - 1])
    shift = np.abs(rank - found.rank).mean(axis=1)
    np.testing.assert_allclose(found.table["rank_shift"], shift)
    assert found.mean_rank_shift == pytest.approx(shift.mean())
    assert found.p_gap.max() > 0


def test_each_draw_over_london_is_that_of_measuring_afresh(shared: Any) -> None:
    areaset = embedded.read_areas()
    release = read_file7(shared / "deprivation" / "iod2019_file7_england.csv.gz")
    xy = world(shared, "london", 350).supply_xy
    sites = pd.DataFrame({"x_m": xy[:, 0], "y_m": xy[:, 1], "capacity": 1.0, "sector": "health", "status": "active"})
    sites["institution"] = np.arange(350) // 3
    scores = domain_scores(release, areaset.areas.index)
    study = make_study(areaset, release.scores["overall"], sites, Parameters(), scores)
    found = robustness(study, draws=16, seed=1)
    is_gap, rank = one_by_one(study, found.table)
    np.testing.assert_array_equal(found.p_gap, is_gap.mean(axis=0))
    np.testing.assert_array_equal(found.p_top, (rank <= found.top).mean(axis=0))
    assert found.table["n_gaps"].min() > 50
    assert found.varied == CHOICES


def test_the_readers_choice_is_the_rule_on_its_own_numbers() -> None:
    study = random_study(3)
    here = pd.Series({"sharing": 0.0, "catchment_m": study.catchment, "decay": study.parameters.decay})
    is_gap, rank = afresh(dataclasses.replace(study, domain_scores=None), here)
    found = robustness(study, draws=1, seed=1)
    assert found.top == is_gap.sum()
    np.testing.assert_array_equal(found.rank, rank)


@pytest.mark.parametrize(
    ("study", "expected"),
    [
        (random_study(1), CHOICES),
        (random_study(1, domains=False), CHOICES[3:]),
        (random_study(1, weights=(100, 0, 0, 0, 0, 0, 0)), CHOICES[3:]),
        (random_study(1, n_sites=1), CHOICES[:5]),
        (random_study(1, measure="2sfca"), (*CHOICES[:4], "capacity")),
        (random_study(1, measure="nearest"), CHOICES[:4]),
        (random_study(1, n_sites=0), CHOICES[:3]),
        (random_study(1, n_sites=0, domains=False), ()),
    ],
    ids=["all", "no-domains", "one-domain", "one-site", "2sfca", "nearest", "no-sites", "nothing"],
)
def test_only_what_can_change_something_is_varied(study: Study, expected: tuple[str, ...]) -> None:
    found = robustness(study, draws=16, seed=1)
    assert found.varied == expected
    assert np.isfinite(found.p_gap).all()
    assert ("weight_income" in found.table) == ("weights" in expected)
    fixed = {"catchment_m": "catchment", "decay": "decay", "sharing": "capacity"}
    assert {column for column in fixed if len(set(found.table[column])) > 1} == {
        column for column, choice in fixed.items() if choice in expected
    }


def test_a_catchment_in_minutes_is_drawn_in_minutes() -> None:
    study = dataclasses.replace(random_study(1), parameters=Parameters(catchment_min=90, catchment_m=4_000))
    # the study's metres stand for tenths of seconds
    study = dataclasses.replace(study, costs=dataclasses.replace(study.costs, cost=study.costs.cost / 100))
    table = robustness(study, draws=64, seed=1).table
    assert table["catchment_min"].between(45, 180).all()
    assert table["catchment_min"].max() > 170


def test_what_is_drawn_has_the_ranges_promised() -> None:
    study = random_study(1, catchment_m=6_000)
    table = robustness(study, draws=1024, seed=2).table
    assert table["catchment_m"].between(3_000, MAX_CATCHMENT_M).all()
    # uniform in its logarithm
    assert table["catchment_m"].median() == pytest.approx(math.sqrt(3_000 * MAX_CATCHMENT_M), rel=0.01)
    assert table["decay"].value_counts().to_dict() == dict.fromkeys(("step", "gaussian", "exponential", "uniform"), 256)
    assert table["aggregation"].value_counts().tolist() == [512, 512]
    assert set(table["normalisation"].value_counts()) <= {341, 342}
    weights = table.filter(like="weight_")
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    centre = np.array(list(study.parameters.domain_weights().values()))
    np.testing.assert_allclose(weights.mean(), centre, atol=0.001)
    np.testing.assert_allclose(weights.std(), np.sqrt(centre * (1 - centre) / (CONCENTRATION + 1)), rtol=0.05)


def test_a_weight_of_nothing_stays_nothing_and_a_tiny_one_is_no_fault() -> None:
    drawn = dirichlet(sobol_points(256, 1)[:, :3], np.array([0.9999, 0.0001, 0.0]))
    assert (drawn[:, 2] == 0).all()
    assert np.isfinite(drawn).all()


def test_no_surprise_in_the_order_or_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    study = random_study(9)
    told: list[tuple[int, int]] = []
    one = robustness(study, draws=64, seed=1, progress=lambda done, of: told.append((done, of)))
    assert told == [(16, 64), (32, 64), (48, 64), (64, 64)]
    monkeypatch.setattr(_trials, "cpu_count", lambda: 7)
    assert same(one, robustness(study, draws=64, seed=1))


def test_a_result_can_be_kept_and_put_together_again() -> None:
    found = robustness(random_study(9), draws=16, seed=1)
    tables, facts = found.tables()
    assert same(found, Robustness.of_tables(tables, json.loads(json.dumps(facts))))
    assert found.draws == 16


def same(one: Robustness, other: Robustness) -> bool:
    a, b = one.tables(), other.tables()
    return a[1] == b[1] and all(a[0][name].equals(b[0][name]) for name in a[0])


def test_the_standard_error_is_that_of_a_share() -> None:
    found = robustness(random_study(9), draws=64, seed=1)
    assert found.standard_error().max() <= 0.5 / 8
    assert (found.standard_error()[found.p_gap == 0] == 0).all()


def test_areas_that_the_same_sites_reach_tie_whatever_the_order_of_their_distances() -> None:
    parts = frames(4, n=30, n_sites=9)
    parts["sites"][["x_m", "y_m"]] = 6_000 + parts["sites"][["x_m", "y_m"]] / 1e3
    study = make_study(**parts, parameters=Parameters(catchment_m=10_000, decay="uniform"))
    trials = _trials.Trials.of(study)
    access, _ = trials.access(_trials_readers(study))
    assert len(set(access[0])) == 1


def _trials_readers(study: Study) -> Any:
    from atlas.gaps.robustness._draws import readers  # noqa: PLC0415

    return readers(study)


@pytest.mark.parametrize(
    ("study", "gaps"),
    [
        (random_study(2, n=1), None),
        (random_study(2, n_sites=0), None),
        (random_study(2, catchment_m=1), None),
        (dataclasses.replace(random_study(2, domains=False), need=np.full(40, 3.0)), 0.0),
        (dataclasses.replace(random_study(2), domain_scores=np.full((40, 7), 3.0), need=np.full(40, 3.0)), 0.0),
        (dataclasses.replace(random_study(2), amount=np.zeros(7)), None),
    ],
    ids=["one-area", "no-sites", "reaches-nobody", "equal-need", "equal-domains", "no-capacity"],
)
def test_worlds_with_nothing_to_tell_apart_have_defined_values(study: Study, gaps: float | None) -> None:
    found = robustness(study, draws=16, seed=1)
    for values in (found.p_gap, found.p_top, found.rank_low, found.rank, found.rank_high):
        assert values.shape == (study.n_areas,)
        assert np.isfinite(values).all()
    assert (found.p_gap[study.residents == 0] == 0).all()
    assert not found.table.isna().any(axis=None)
    assert math.isfinite(found.mean_rank_shift)
    if gaps is not None:
        assert (found.p_gap == gaps).all()


def test_with_no_site_everybody_in_need_is_in_a_gap() -> None:
    study = random_study(2, n_sites=0, domains=False)
    high = is_high_need(percentiles(study.need, study.residents), study.residents, study.parameters)
    found = robustness(study, draws=16, seed=1)
    np.testing.assert_array_equal(found.p_gap, high.astype(float))
    assert found.mean_rank_shift == 0


@pytest.mark.parametrize(("draws", "seed", "said"), [(1000, 1, "power of two"), (0, 1, "power"), (16, -1, "seed")])
def test_what_cannot_be_drawn_is_said(draws: int, seed: int, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        robustness(random_study(1), draws=draws, seed=seed)
