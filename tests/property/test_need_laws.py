"""Laws that need by weights obeys whatever the ranks and the weights are."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from atlas.gaps.need import domain_scores, weighted_need
from atlas.geo.deprivation import Deprivation
from atlas.vocabulary import WEIGHTED_DOMAINS, NeedDomain, Release

N, SEVEN = 12, len(WEIGHTED_DOMAINS)
CODES = pd.Index([f"E0100{k:04d}" for k in range(N)], name="lsoa")
COLUMNS = [domain.value for domain in WEIGHTED_DOMAINS]

Weights = dict[NeedDomain, float]


def a_release(ranks: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Deprivation:
    table = pd.DataFrame(ranks, index=CODES, columns=COLUMNS)
    empty = pd.DataFrame(index=CODES)
    return Deprivation(Release.IOD2025, 2021, False, -table.astype(float), table, table, empty, empty)


releases = hnp.arrays(np.int64, (N, SEVEN), elements=st.integers(1, 33_755)).map(a_release)
weights = st.lists(st.floats(0, 100), min_size=SEVEN, max_size=SEVEN).filter(lambda given: sum(given) > 0.01)
weightings = weights.map(lambda given: dict(zip(WEIGHTED_DOMAINS, given, strict=True)))


@given(releases, weightings)
def test_need_is_within_its_scale(held: Deprivation, chosen: Weights) -> None:
    assert weighted_need(held, chosen, CODES).between(0, 99.9 + 1e-9).all()


@given(releases, weightings, st.integers(0, N - 1), st.integers(0, SEVEN - 1), st.integers(1, 33_754))
def test_a_more_deprived_rank_in_any_domain_never_lowers_need(
    held: Deprivation, chosen: Weights, area: int, domain: int, by: int
) -> None:
    ranks = held.ranks.to_numpy().copy()
    ranks[area, domain] = max(1, ranks[area, domain] - by)
    before, after = weighted_need(held, chosen, CODES), weighted_need(a_release(ranks), chosen, CODES)
    assert after.iloc[area] >= before.iloc[area]
    assert after.drop(CODES[area]).equals(before.drop(CODES[area]))


@given(releases, weightings, st.permutations(range(N)))
def test_the_order_of_areas_changes_nothing(held: Deprivation, chosen: Weights, order: list[int]) -> None:
    turned = weighted_need(held, chosen, CODES[order])
    np.testing.assert_allclose(turned, weighted_need(held, chosen, CODES).loc[CODES[order]], rtol=1e-14)


@given(releases, weightings, st.floats(1e-3, 1e3))
def test_only_the_ratios_of_weights_count(held: Deprivation, chosen: Weights, k: float) -> None:
    scaled = {domain: k * weight for domain, weight in chosen.items()}
    np.testing.assert_allclose(
        weighted_need(held, scaled, CODES), weighted_need(held, chosen, CODES), rtol=1e-9, atol=1e-12
    )


@settings(max_examples=20)
@given(releases, weightings)
def test_nothing_given_is_changed(held: Deprivation, chosen: Weights) -> None:
    ranks, kept = held.ranks.copy(), dict(chosen)
    weighted_need(held, chosen, CODES)
    domain_scores(held, CODES)
    assert held.ranks.equals(ranks)
    assert chosen == kept
