from __future__ import annotations

import numpy as np

from atlas.gaps.rule import bivariate_class, gap_index, is_high_need, is_low_access, verdict_of
from atlas.parameters import Parameters
from atlas.vocabulary import Verdict

PARAMETERS = Parameters()


def test_need_is_high_from_the_eightieth_percentile_where_anybody_lives() -> None:
    percentile, people = np.array([79.9, 80.0, 99.0, 99.0]), np.array([1.0, 1.0, 1.0, 0.0])
    assert is_high_need(percentile, people, PARAMETERS).tolist() == [False, True, True, False]
    assert is_high_need(percentile, people, Parameters(need_share=0.05)).tolist() == [False, False, True, False]


def test_access_is_low_up_to_the_twentieth_percentile_and_always_where_nothing_reaches() -> None:
    reached, percentile = np.array([False, True, True, True]), np.array([30.0, 20.0, 20.1, 90.0])
    assert is_low_access(reached, percentile, PARAMETERS).tolist() == [True, True, False, False]


def test_gap_index_is_high_only_where_both_are() -> None:
    index = gap_index(np.array([100.0, 100.0, 0.0, 50.0]), np.array([0.0, 100.0, 0.0, 50.0]))
    assert index.tolist() == [100.0, 0.0, 0.0, 50.0]


def test_classes_are_need_thirds_and_three_times_access_thirds() -> None:
    need, access = (grid.ravel() for grid in np.meshgrid([10.0, 50.0, 90.0], [90.0, 50.0, 10.0]))
    assert bivariate_class(need, access).tolist() == list(range(9))


def test_verdict_follows_the_share_of_trials() -> None:
    shares = [1.0, 0.9, 18 / 20, 0.89, 0.5, 0.49, 0.0]
    expected = ["robust"] * 3 + ["fragile"] * 2 + ["not_a_gap"] * 2
    assert [verdict_of(share, PARAMETERS) for share in shares] == [Verdict(word) for word in expected]
