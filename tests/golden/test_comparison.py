"""The releases of 2019 and 2025 through the official lookup: what can be compared, and that nobody is lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from atlas.gaps.comparison import Comparison, compare
from atlas.gaps.need import population_percentile
from atlas.geo.deprivation import Deprivation
from atlas.sources.deprivation import read_file7
from atlas.sources.lookups import read_changes

MATCHES = {
    "london": {"merged": 22, "split": 313, "unchanged": 4_659},
    "england": {"changed_otherwise": 6, "merged": 97, "split": 1_842, "unchanged": 31_810},
}


def side(release: Deprivation, borough: str) -> pd.DataFrame:
    held = release.names.index[release.names["lad"].str.startswith(borough)]
    people = release.populations.loc[held, "total"].astype(float)
    need = population_percentile(release.scores.loc[held, "overall"], people)
    return pd.DataFrame(
        {"need_percentile": need, "access_percentile": 50.0, "verdict": "not_a_gap", "population": people}
    )


@pytest.fixture(scope="module")
def releases(shared: Path) -> tuple[Deprivation, Deprivation]:
    folder = shared / "deprivation"
    return read_file7(folder / "iod2019_file7_england.csv.gz"), read_file7(folder / "iod2025_file7_england.csv.gz")


@pytest.mark.parametrize(("place", "lads", "lost"), [("london", "E09", 0), ("england", "E", 6)])
def test_2019_against_2025(
    shared: Path, releases: tuple[Deprivation, Deprivation], place: str, lads: str, lost: int
) -> None:
    changes = read_changes(shared / "lookups" / "lsoa11_lsoa21_ltla22_exact_fit_ew.csv")
    before, after = (side(release, lads) for release in releases)
    found = compare(before, after, changes)
    assert found.count("match") == MATCHES[place]
    assert len(found.unmatched) == lost
    whole = before["population"].drop(list(found.unmatched)).sum()
    assert found.areas["population_before"].sum() == pytest.approx(whole, rel=1e-12)
    assert found.correlation is not None
    assert 0.85 < found.correlation < 0.97
    check_by_loops(found, before, after, changes)


def check_by_loops(found: Comparison, before: pd.DataFrame, after: pd.DataFrame, changes: pd.DataFrame) -> None:
    """Every split and merged area against a reckoning too plain to be wrong."""
    parents = changes.groupby("lsoa21")["lsoa11"].agg(list).to_dict()
    pieces = changes.groupby("lsoa11")["lsoa21"].agg(list).to_dict()
    need, people = before["need_percentile"].to_dict(), before["population"].to_dict()
    later = after["population"].to_dict()
    for code, row in found.areas[found.areas["match"].isin(["split", "merged"])].iterrows():
        olds = parents[code]
        if row["match"] == "split":
            share = later[code] / sum(later[piece] for piece in pieces[olds[0]])
            expected = (need[olds[0]], people[olds[0]] * share)
        else:
            total = sum(people[old] for old in olds)
            expected = (sum(need[old] * people[old] for old in olds) / total, total)
        np.testing.assert_allclose(row[["need_percentile_before", "population_before"]].tolist(), expected, rtol=1e-9)
