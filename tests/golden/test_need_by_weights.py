"""The official weights give back the published Index of Multiple Deprivation of every LSOA of England."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from atlas.gaps.need import need_for, weighted_need, without
from atlas.parameters import OFFICIAL_WEIGHTS, Parameters
from atlas.sources.deprivation import read_file7
from atlas.vocabulary import NeedDomain

FILES = {
    "iod2019_file7_england.csv.gz": 32_844,
    "iod2019_file7_london.csv.gz": 4_835,
    "iod2025_file7_england.csv.gz": 33_755,
}
# published scores have three decimals, and published ranks share the best rank among equals
CLOSE = 0.0015


@pytest.mark.parametrize("name", FILES)
def test_official_weights_give_back_every_published_score(shared: Path, name: str) -> None:
    release = read_file7(shared / "deprivation" / name)
    index = release.scores.index
    assert len(index) == FILES[name]
    published = release.scores["overall"]
    for weights in (OFFICIAL_WEIGHTS, Parameters().domain_weights()):
        found = weighted_need(release, weights, index)
        assert np.abs(found - published).max() < CLOSE
    assert need_for(release, Parameters(), index).equals(published.rename("need"))


@pytest.mark.parametrize("name", [name for name in FILES if "england" in name])
def test_ranks_made_from_them_are_the_published_ones(shared: Path, name: str) -> None:
    release = read_file7(shared / "deprivation" / name)
    found = weighted_need(release, OFFICIAL_WEIGHTS, release.scores.index)
    ranks = found.rank(ascending=False, method="min")
    # areas that share a rank in some domain may change places with a neighbour
    assert (ranks - release.ranks["overall"]).abs().max() <= 2


def test_london_without_barriers_to_housing_and_services(shared: Path) -> None:
    release = read_file7(shared / "deprivation" / "iod2025_file7_england.csv.gz")
    london = release.names.index[release.names["lad"].str.startswith("E09")]
    left = without(OFFICIAL_WEIGHTS, NeedDomain.HOUSING_AND_SERVICES)
    found = need_for(release, Parameters(weights=left), london)
    published = need_for(release, Parameters(), london)
    barriers = need_for(release, Parameters(need_domain=NeedDomain.HOUSING_AND_SERVICES), london)
    assert len(found) == 4_994
    # what falls by leaving the domain out is where it was worst
    assert np.corrcoef(published - found, barriers)[0, 1] > 0.5
