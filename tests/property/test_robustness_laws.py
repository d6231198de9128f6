"""Laws of the ways of measuring, whatever the world is."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.gaps.robustness.maup import maup
from atlas.gaps.robustness.monte_carlo import Robustness, robustness
from atlas.gaps.study import make_study
from atlas.parameters import Parameters
from atlas.vocabulary import AccessMeasure, CapacityRule
from tests.unit.gaps.robustness.studies import frames

parameters = st.builds(
    Parameters,
    measure=st.sampled_from(AccessMeasure),
    capacity=st.sampled_from(CapacityRule),
    catchment_m=st.sampled_from([300.0, 2_000.0, 10_000.0]),
)


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    parts = frames(draw(st.integers(0, 999)), draw(st.integers(1, 25)), draw(st.integers(0, 6)))
    if draw(st.booleans()):
        parts["domain_scores"] = None
    return {**parts, "parameters": draw(parameters)}


def numbers(found: Robustness, index: pd.Index[str]) -> pd.DataFrame:
    return found.tables()[0]["areas"].set_index(index)


@settings(max_examples=40)
@given(worlds(), st.integers(0, 5))
def test_shares_are_shares_intervals_are_intervals_and_nothing_is_changed(world: dict[str, Any], seed: int) -> None:
    study = make_study(**world)
    before = pickle.dumps(study)
    found = robustness(study, draws=16, seed=seed)
    maup(study, study.areas["msoa"])
    assert pickle.dumps(study) == before
    for share in (found.p_gap, found.p_top):
        assert ((share >= 0) & (share <= 1)).all()
    assert (found.rank_low >= 1).all()
    assert (found.rank_low <= found.rank_high).all()
    assert (found.rank_high <= study.n_areas).all()
    assert (found.p_gap[study.residents == 0] == 0).all()
    assert found.table["n_gaps"].mean() * 16 == found.p_gap.sum() * 16
    assert (found.table["people_in_gaps"] <= study.residents.sum()).all()
    assert found.mean_rank_shift >= 0


@settings(max_examples=15)
@given(worlds(), st.integers(0, 5))
def test_the_first_draws_are_those_of_a_shorter_run_and_a_seed_gives_the_same(world: dict[str, Any], seed: int) -> None:
    study = make_study(**world)
    long, short = robustness(study, draws=128, seed=seed), robustness(study, draws=64, seed=seed)
    pd.testing.assert_frame_equal(long.table.iloc[:64], short.table, check_exact=True)
    again = robustness(study, draws=64, seed=seed)
    pd.testing.assert_frame_equal(again.table, short.table, check_exact=True)
    np.testing.assert_array_equal(again.p_gap, short.p_gap)


@settings(max_examples=25)
@given(worlds(), st.randoms(use_true_random=False))
def test_names_and_order_of_areas_and_sites_do_not_matter(world: dict[str, Any], random: Any) -> None:
    areaset, sites, need, scores = (world[name] for name in ("areaset", "sites", "need", "domain_scores"))
    study = make_study(**world)
    # new codes, so that the order within the study differs too
    shuffled = random.sample(list(areaset.areas.index), len(areaset.areas))
    code = dict(zip(areaset.areas.index, shuffled, strict=True))
    named = dict(zip(sites.index, random.sample(list(sites.index), len(sites)), strict=True))
    other = world | {
        "areaset": type(areaset)(2011, areaset.areas.rename(code), *(areaset.surroundings, *[areaset.boroughs] * 2)),
        "need": need.rename(code),
        "sites": sites.rename(named),
        "domain_scores": None if scores is None else scores.rename(code),
    }
    one = numbers(robustness(study, draws=32, seed=1), study.areas.index).rename(code).sort_index()
    again = make_study(**other)
    pd.testing.assert_frame_equal(
        one, numbers(robustness(again, draws=32, seed=1), again.areas.index), check_names=False
    )
