from __future__ import annotations

import pandas as pd
import pytest

from atlas.geo.deprivation import CENSUS_YEARS, Deprivation, deciles_of
from atlas.vocabulary import NeedDomain, Release

CODES = [f"E0100000{number}" for number in range(1, 6)]


def test_an_estimate_is_one_and_says_so() -> None:
    scores = pd.DataFrame({"overall": [5.0, 50.0, 20.0, 20.0, 1.0]}, index=CODES)
    need = Deprivation.from_estimate(scores)
    assert (need.release, need.vintage, need.is_estimate) == (Release.ESTIMATE, 2011, True)
    assert need.domains() == (NeedDomain.OVERALL,)
    assert need.scores.index.name == "lsoa"
    assert scores.index.name is None
    assert need.ranks["overall"].tolist() == [4, 1, 2, 2, 5]
    assert need.deciles["overall"].tolist() == [8, 2, 4, 4, 10]
    assert need.populations.index.equals(need.scores.index)


def test_what_is_known_besides_is_put_in_the_same_order() -> None:
    scores = pd.DataFrame({"overall": [5.0, 50.0]}, index=CODES[:2])
    populations = pd.DataFrame({"total": [2, 1]}, index=CODES[1::-1])
    names = pd.DataFrame({"name": ["second", "first"]}, index=CODES[1::-1])
    need = Deprivation.from_estimate(scores, populations, names)
    assert need.populations["total"].tolist() == [1, 2]
    assert need.names["name"].tolist() == ["first", "second"]


@pytest.mark.parametrize(("rank", "decile"), [(1, 1), (3_284, 1), (3_285, 2), (6_569, 3), (29_560, 10), (32_844, 10)])
def test_deciles_are_the_official_ones(rank: int, decile: int) -> None:
    assert deciles_of(pd.DataFrame({"overall": [rank]}), 32_844)["overall"].tolist() == [decile]


def test_every_release_has_its_census_year() -> None:
    assert set(CENSUS_YEARS) == set(Release)
