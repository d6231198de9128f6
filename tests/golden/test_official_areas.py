"""Every boundary and lookup file, read whole; the areas of both official releases; vintages kept apart."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from atlas.errors import Faults, VintageError
from atlas.geo.vintage import require_vintage
from atlas.sources.areas import read_official_areas, read_shapes
from atlas.sources.catalogue import read_catalogue
from atlas.sources.deprivation import read_file7
from atlas.sources.download import pull
from atlas.sources.lookups import read_changes, read_lookup

LONDON_HA = 157_334
ENGLAND_HA = 13_046_000

SHAPES = {
    "icb22_england_generalised_4326.parquet": ("icb", 2022, 42, None),
    "icb24_london_27700.parquet": ("icb", 2024, 5, LONDON_HA),
    "lad_london_27700.parquet": ("lad", None, 33, LONDON_HA),
    "lsoa11_england_generalised_4326.parquet": ("lsoa", 2011, 32_844, ENGLAND_HA),
    "lsoa11_london_27700.parquet": ("lsoa", 2011, 4_835, LONDON_HA),
    "lsoa21_england_generalised_4326.parquet": ("lsoa", 2021, 33_755, ENGLAND_HA),
    "lsoa21_london_27700.parquet": ("lsoa", 2021, 4_994, LONDON_HA),
    "ltla24_england_generalised_4326.parquet": ("lad", 2024, 296, ENGLAND_HA),
    "msoa11_london_27700.parquet": ("msoa", 2011, 983, LONDON_HA),
    "msoa21_london_27700.parquet": ("msoa", 2021, 1_002, LONDON_HA),
    "ward25_london_27700.parquet": ("ward", 2025, 704, LONDON_HA),
}


def test_no_boundary_file_is_left_out(shared: Path) -> None:
    assert {path.name for path in (shared / "boundaries").iterdir()} == set(SHAPES)


@pytest.mark.parametrize("name", SHAPES)
def test_boundaries_are_read_whole(shared: Path, name: str) -> None:
    path = shared / "boundaries" / name
    kind, vintage, areas, area_ha = SHAPES[name]
    faults = Faults()
    shapes = read_shapes(path, faults=faults)
    assert (shapes.kind, shapes.vintage, len(shapes.frame)) == (kind, vintage, areas)
    assert shapes.frame.crs.to_epsg() == 27700
    assert shapes.frame.index.is_unique
    assert shapes.frame.is_valid.all()
    assert (shapes.frame["name"].str.len() > 0).all()
    if area_ha is not None:
        assert shapes.frame.area.sum() / 10_000 == pytest.approx(area_ha, rel=0.005)
    codes = next(title for title in pq.read_schema(path).names if title.endswith(("cd", "_code")))
    assert set(shapes.frame.index) == set(pq.read_table(path, columns=[codes]).column(0).to_pylist())
    # One shape of England's 2011 file has a stray line beside its polygon.
    mended = ["E01019828"] if name == "lsoa11_england_generalised_4326.parquet" else []
    assert [fault.value for fault in faults] == mended


@pytest.mark.parametrize(("name", "vintage", "areas"), [("lsoa11", 2011, 4_835), ("lsoa21", 2021, 4_994)])
def test_lookups_are_read_whole(shared: Path, name: str, vintage: int, areas: int) -> None:
    path = shared / "lookups" / f"london_{name}_lookup.csv"
    lookup = read_lookup(path, vintage)
    assert len(lookup) == areas
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = {row[f"{name}cd"]: row for row in csv.DictReader(file)}
    year = vintage % 100
    for column, title in (("msoa", f"msoa{year}cd"), ("msoa_everyday_name", f"msoa{year}hclnm"), ("name", f"{name}nm")):
        assert lookup[column].to_dict() == {code: row[title] for code, row in rows.items()}


def test_the_change_of_codes_is_read_whole(shared: Path) -> None:
    changes = read_changes(shared / "lookups" / "lsoa11_lsoa21_ltla22_exact_fit_ew.csv")
    counts = changes["change"].value_counts().to_dict()
    assert counts == {"U": 33_647, "S": 1_900, "M": 239, "X": 9}
    unchanged = changes[changes["change"] == "U"]
    assert unchanged["lsoa11"].equals(unchanged["lsoa21"])
    assert unchanged["lsoa11"].str.startswith("E").sum() == 31_810


@pytest.fixture(scope="module")
def workspace(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    pull(read_catalogue().choose(), folder, from_folder=shared)
    return folder


def test_everything_the_shared_folder_has_can_be_pulled(shared: Path, tmp_path: Path) -> None:
    entries = tuple(read_catalogue())
    pulled = {item.name: item for item in pull(entries, tmp_path, from_folder=shared, leave_out=True)}
    assert {entry.name for entry in entries} - set(pulled) == {"wards", "icb23", "icb26", "msoa21_names"}
    assert pulled["iod2019"].rows == 32_844
    assert pulled["districts"].rows == 296


def test_a_flat_folder_will_do(shared: Path, tmp_path: Path) -> None:
    flat = tmp_path / "flat"
    flat.mkdir()
    entries = read_catalogue().choose()
    for entry in entries:
        path = next(path for alias in entry.aliases if (path := shared / alias).is_file())
        (flat / path.name).symlink_to(path)
    assert len(pull(entries, tmp_path, from_folder=flat)) == len(entries)


@pytest.mark.parametrize(
    ("vintage", "areas", "people", "nearby"), [(2011, 4_835, 8_662_622, 1_182), (2021, 4_994, 8_869_043, 1_218)]
)
def test_official_areas(workspace: Path, vintage: int, areas: int, people: int, nearby: int) -> None:
    faults = Faults()
    found = read_official_areas(workspace, vintage, faults)
    assert list(faults) == []
    assert (len(found.areas), len(found.boroughs), len(found.icbs)) == (areas, 33, 6)
    assert found.areas["population"].sum() == people
    assert len(found.surroundings) == nearby
    assert not found.areas.isna().any(axis=None)
    assert not found.surroundings.isna().any(axis=None)
    assert found.areas["lad"].isin(found.boroughs.index).all()
    assert found.areas["msoa"].str.fullmatch(r"E02\d{6}").all()
    assert not found.surroundings["lad"].str.startswith("E09").any()
    outline = found.boroughs.union_all()
    assert outline.area / 10_000 == pytest.approx(LONDON_HA, rel=0.005)
    assert found.icbs[found.icbs["end"] == ""].area.sum() == pytest.approx(outline.area, rel=1e-6)


def test_need_of_2019_is_refused_on_areas_of_2021_and_the_other_way_round(workspace: Path) -> None:
    areas = {vintage: read_official_areas(workspace, vintage) for vintage in (2011, 2021)}
    need = {
        vintage: read_file7(workspace / "official" / f"iod{year}.csv") for vintage, year in ((2011, 2019), (2021, 2025))
    }
    for vintage in (2011, 2021):
        require_vintage(need[vintage], areas[vintage])
    with pytest.raises(VintageError) as caught:
        require_vintage(need[2011], areas[2021])
    match = len(areas[2021].areas.index.intersection(need[2011].scores.index))
    for words in (f"{match:,} of their 4,994 codes exist in both", "--release iod2025"):
        assert words in str(caught.value)
    with pytest.raises(VintageError, match="--release iod2019"):
        require_vintage(need[2021], areas[2011])
