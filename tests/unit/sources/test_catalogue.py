from __future__ import annotations

from pathlib import Path

import pytest

from atlas.errors import DataError, NotFoundError, UnavailableError
from atlas.sources.catalogue import Keep, read_catalogue
from atlas.vocabulary import PEOPLE, Release

GOOD = """
london = ["Barnet"]
[publishers.ons]
name = "ONS"
licence = "OGL v3.0"
attribution = "Source: ONS"
[entries.lads]
title = "Districts"
publisher = "ons"
address = "https://example.org/rest/services/LADS/FeatureServer/0/query"
kind = "boroughs"
format = "arcgis"
filename = "lads.parquet"
vintage = "2024"
"""


def faults_of(folder: Path, text: str) -> list[str]:
    path = folder / "catalogue.toml"
    path.write_text(text)
    with pytest.raises(DataError) as caught:
        read_catalogue(path)
    return [str(fault) for fault in caught.value.faults]


def test_the_projects_own_catalogue(checkout: Path) -> None:
    catalogue = read_catalogue(checkout / "data" / "catalogue.toml")
    assert catalogue == read_catalogue()
    assert len(catalogue) == len(list(catalogue)) >= 12
    for entry in catalogue:
        assert entry.rows or entry.columns, entry.name
        assert "licence" in entry.licence.lower()
    london = catalogue.get("lsoa21_london").keep
    assert london is not None
    assert len(london.begins) == 33


def test_what_each_release_needs() -> None:
    catalogue = read_catalogue()
    assert [entry.name for entry in catalogue.needed(Release.IOD2019)] == ["iod2019"]
    newest = {entry.name for entry in catalogue.needed(Release.IOD2025)}
    # the last for comparing with what is on the areas of 2011
    assert newest >= {"iod2025", "lsoa21_london", "lsoa21_england", "lsoa11_lsoa21"}
    assert {entry.name for entry in catalogue.choose()} == newest | {"iod2019"}
    assert catalogue.needed(Release.ESTIMATE) == ()


def test_names_are_chosen_once_in_their_order() -> None:
    assert [entry.name for entry in read_catalogue().choose(["wards", "iod2019", "wards"])] == ["wards", "iod2019"]
    with pytest.raises(NotFoundError, match="no official file called 'iod2026'; did you mean iod"):
        read_catalogue().choose(["iod2026"])


def test_conditions_are_quoted() -> None:
    assert Keep(column="NM", begins=("King's ", "E09")).where() == "NM LIKE 'King''s %' OR NM LIKE 'E09%'"


def test_an_entry_knows_its_places(tmp_path: Path) -> None:
    (tmp_path / "catalogue.toml").write_text(GOOD + 'keep = { column = "LAD24NM", begins = "london" }')
    (entry,) = read_catalogue(tmp_path / "catalogue.toml")
    assert (entry.published_name, entry.host) == ("LADS", "example.org")
    assert entry.path(tmp_path) == tmp_path / "official" / "lads.parquet"
    assert entry.keep == Keep(column="LAD24NM", begins=("Barnet ",))
    assert (entry.publisher, entry.attribution) == ("ONS", "Source: ONS")


def test_bad_toml_is_named_by_row(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, "a = 1\nb = [\n")
    assert fault.startswith("catalogue.toml, row ")
    assert "not TOML" in fault


def test_every_fault_of_every_entry(tmp_path: Path) -> None:
    found = faults_of(
        tmp_path,
        GOOD.replace('kind = "boroughs"', 'kind = "shires"').replace('title = "Districts"', 'rows = "many"\nsize = 3')
        + '[entries.other]\npublisher = "nobody"\nfilename = "else.csv"\naliases = ["../up.csv"]\n',
    )
    columns = [line.split("column ")[1].split(":")[0] for line in found]
    assert {"entries.lads.kind", "entries.lads.title", "entries.lads.rows", "entries.lads.size"} <= set(columns)
    assert {"entries.other.publisher", "entries.other.address"} <= set(columns)
    assert any("'shires'" in line for line in found)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("lads.parquet", "other.parquet", "the filename must be the name"),
        ("lads.parquet", "../lads.parquet", "pattern"),
        ('vintage = "2024"', 'vintage = "2024"\naliases = ["/etc/passwd"]', "below the folder"),
    ],
)
def test_paths_stay_where_they_belong(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert any(says in fault for fault in faults_of(tmp_path, GOOD.replace(old, new)))


def test_a_catalogue_without_entries(tmp_path: Path) -> None:
    assert "entries" in faults_of(tmp_path, "entries = 3")[0]
    assert "not a table" in faults_of(tmp_path, "[entries]\nlads = 3")[0]
    assert "empty" in faults_of(tmp_path, "")[0]


def test_no_catalogue(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError):
        read_catalogue(tmp_path / "catalogue.toml")


@pytest.mark.parametrize("release", [Release.IOD2019, Release.IOD2025])
def test_the_year_of_the_people_is_that_of_the_file(release: Release) -> None:
    (entry,) = [entry for entry in read_catalogue() if entry.name == release]
    counted, prisoners = PEOPLE[release].split(", ")
    assert f"population {counted}" in entry.vintage
    assert prisoners == "prisoners left out"
