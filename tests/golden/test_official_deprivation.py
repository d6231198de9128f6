"""Both releases of the Indices of Deprivation, read whole, against a reader too plain to be wrong."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from atlas.geo.deprivation import LSOAS_IN_ENGLAND, deciles_of
from atlas.sources.deprivation import LABELS, read_file7
from atlas.vocabulary import NeedDomain, Release

FILES = {
    "iod2019_file7_london.csv.gz": (Release.IOD2019, 2011, 4_835, 8_662_622),
    "iod2019_file7_england.csv.gz": (Release.IOD2019, 2011, 32_844, 54_728_204),
    "iod2025_file7_england.csv.gz": (Release.IOD2025, 2021, 33_755, 57_112_129),
}
SAMPLED = {
    "Index of Multiple Deprivation (IMD) Score": ("scores", "overall"),
    "Income Score (rate)": ("scores", "income"),
    "Education, Skills and Training Rank (where 1 is most deprived)": ("ranks", "education"),
    "Crime Decile (where 1 is most deprived 10% of LSOAs)": ("deciles", "crime"),
    "Geographical Barriers Sub-domain Score": ("scores", "geographical_barriers"),
    "Outdoors Sub-domain Rank (where 1 is most deprived)": ("ranks", "outdoors"),
}
IDACI = "Income Deprivation Affecting Children Index (IDACI)"
IDAOPI = "Income Deprivation Affecting Older People (IDAOPI)"


@pytest.mark.parametrize("name", FILES)
def test_a_release_is_read_whole(shared: Path, name: str) -> None:
    path = shared / "deprivation" / name
    release, vintage, areas, people = FILES[name]
    need = read_file7(path)
    assert (need.release, need.vintage, need.is_estimate) == (release, vintage, False)
    assert len(need.scores) == areas
    assert need.scores.index.is_unique
    assert need.scores.index.is_monotonic_increasing
    for table in (need.scores, need.ranks, need.deciles, need.populations, need.names):
        assert table.index.equals(need.scores.index)
        assert not table.isna().any(axis=None)
    assert need.populations["total"].sum() == people
    # the file of 2025 here has neither IDACI nor IDAOPI
    supplements = {NeedDomain.IDACI, NeedDomain.IDAOPI} if release is Release.IOD2025 else set()
    assert need.domains() == tuple(domain for domain in NeedDomain if domain not in supplements)
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        rows = {row[f"LSOA code ({vintage})"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(need.scores.index)
    for title, (table_name, column) in SAMPLED.items():
        values = getattr(need, table_name)[column].to_dict()
        assert values == {code: float(row[title]) for code, row in rows.items()}, title


@pytest.mark.parametrize("name", [name for name in FILES if "england" in name])
def test_directions_and_deciles_are_the_official_ones(shared: Path, name: str) -> None:
    need = read_file7(shared / "deprivation" / name)
    for key in set(LABELS) & set(need.scores) & set(need.ranks):
        order = np.argsort(need.ranks[key].to_numpy(), kind="stable")
        # Published scores are rounded, so neighbours in rank may be equal, never the other way round.
        assert (np.diff(need.scores[key].to_numpy()[order]) <= 0).all(), key
    columns = need.deciles.columns
    assert deciles_of(need.ranks[columns], LSOAS_IN_ENGLAND[need.vintage]).equals(need.deciles)


def test_what_each_file_lacks_is_recorded(shared: Path) -> None:
    folder = shared / "deprivation"
    assert read_file7(folder / "iod2019_file7_london.csv.gz").missing == ()
    whole = [f"{label} {word}" for label in (IDACI, IDAOPI) for word in ("Rank", "Decile")]
    lacks = (*whole, "Outdoors Sub-domain Score", "Working age population")
    assert read_file7(folder / "iod2019_file7_england.csv.gz").missing == lacks
    lacks = tuple(f"{label} {word}" for label in (IDACI, IDAOPI) for word in ("Score", "Rank", "Decile"))
    assert read_file7(folder / "iod2025_file7_england.csv.gz").missing == lacks


def test_londons_file_and_englands_agree(shared: Path) -> None:
    london = read_file7(shared / "deprivation" / "iod2019_file7_london.csv.gz")
    england = read_file7(shared / "deprivation" / "iod2019_file7_england.csv.gz")
    for table in ("scores", "ranks", "deciles", "populations", "names"):
        wide = getattr(england, table)
        narrow = getattr(london, table)[wide.columns]
        assert narrow.equals(wide.loc[narrow.index]), table
    assert (england.names["lad"].str.startswith("E09").sum()) == len(london.scores)
