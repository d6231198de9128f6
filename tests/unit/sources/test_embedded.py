from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest

from atlas.errors import DataError, Fault, UnavailableError
from atlas.geo.crs import BNG
from atlas.sources import embedded
from atlas.sources.embedded import data_folder, read_areas, read_estimate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the embedded data, to be spoilt."""
    for name in ("boundaries", "deprivation"):
        shutil.copytree(data_folder() / name, tmp_path / name)
    return tmp_path


def faults_of(read: Callable[[Path], object], folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(DataError) as caught:
        read(folder)
    return caught.value.faults


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def rewrite(path: Path, change: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]) -> None:
    change(gpd.read_parquet(path)).to_parquet(path)


def test_the_data_of_an_installed_package_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "PACKAGE", tmp_path / "atlas")
    with pytest.raises(UnavailableError, match="install Atlas again"):
        data_folder()
    (tmp_path / "data").mkdir()
    assert data_folder() == tmp_path / "data"
    (tmp_path / "atlas" / "_data").mkdir(parents=True)
    assert data_folder() == tmp_path / "atlas" / "_data"


def test_areas_keep_their_contract() -> None:
    london = read_areas()
    assert london.vintage == 2011
    assert london.areas.index.name == london.surroundings.index.name == "lsoa"
    assert london.boroughs.index.name == "lad"
    assert london.icbs.index.name == "icb"
    columns = ["name", "lad", "lad_name", "msoa", "msoa_name", "population", "x_m", "y_m", "geometry"]
    assert london.areas.columns.tolist() == columns
    assert london.surroundings.columns.tolist() == ["population", "x_m", "y_m", "lad"]
    assert london.boroughs.columns.tolist() == ["name", "icb22", "icb26", "geometry"]
    assert london.icbs.columns.tolist() == ["name", "start", "end", "geometry"]
    assert london.areas.crs == london.boroughs.crs == london.icbs.crs == BNG
    assert not london.areas.isna().any(axis=None)
    assert not london.surroundings.isna().any(axis=None)


def test_estimate_keeps_its_contract() -> None:
    estimate = read_estimate()
    assert estimate.index.name == "lsoa"
    assert estimate.dtypes.to_dict() == {"overall": float}
    assert estimate.index.is_unique


def test_every_missing_file_is_named(folder: Path) -> None:
    (folder / embedded.ICBS).unlink()
    (folder / embedded.MSOA_NAMES).unlink()
    with pytest.raises(UnavailableError, match=r"icbs\.parquet, boundaries/msoa_names\.csv: install Atlas again"):
        read_areas(folder)


def test_a_missing_estimate_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"lacks deprivation/estimate\.csv"):
        read_estimate(tmp_path)


@pytest.mark.parametrize("file", [embedded.AREAS, embedded.BOROUGHS, embedded.ICBS])
@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_a_truncated_geoparquet_is_named(folder: Path, file: str, share: float) -> None:
    content = (folder / file).read_bytes()
    (folder / file).write_bytes(content[: int(len(content) * share)])
    (fault,) = faults_of(read_areas, folder)
    assert fault.file == Path(file).name
    assert "cannot be read" in fault.problem


def test_a_parquet_without_geometry_is_named(folder: Path) -> None:
    frame = gpd.read_parquet(folder / embedded.ICBS)
    frame.drop(columns="geometry").to_parquet(folder / embedded.ICBS)
    (fault,) = faults_of(read_areas, folder)
    assert (fault.file, fault.expected) == ("icbs.parquet", "a whole GeoParquet file")


@pytest.mark.parametrize("file", [embedded.SURROUNDINGS, embedded.MSOA_NAMES])
def test_a_truncated_csv_is_named(folder: Path, file: str) -> None:
    (folder / file).write_bytes((folder / file).read_bytes()[:-3])
    (fault,) = faults_of(read_areas, folder)
    assert (fault.file, fault.problem) == (Path(file).name, "ends in the middle of a line")


def test_an_empty_file_is_named(folder: Path) -> None:
    (folder / embedded.ESTIMATE).write_bytes(b"")
    (fault,) = faults_of(read_estimate, folder)
    assert (fault.file, fault.problem) == ("estimate.csv", "the file is empty")


def test_text_that_is_not_utf8_is_named(folder: Path) -> None:
    path = folder / embedded.MSOA_NAMES
    path.write_bytes(path.read_bytes().replace(b"Marks Gate", b"Caf\xe9"))
    (fault,) = faults_of(read_areas, folder)
    assert (fault.file, fault.row) == ("msoa_names.csv", 3)


def test_missing_columns_are_named(folder: Path) -> None:
    replace(folder / embedded.SURROUNDINGS, "population", "people")
    rewrite(folder / embedded.BOROUGHS, lambda frame: frame.drop(columns="icb26"))
    found = {(fault.file, fault.row, fault.column) for fault in faults_of(read_areas, folder)}
    assert found == {("lsoa11_surroundings.csv", 1, "population"), ("boroughs.parquet", 1, "icb26")}


def test_every_bad_cell_is_named(folder: Path) -> None:
    replace(folder / embedded.ESTIMATE, "E01000001,17.852", "E01000001,high")
    replace(folder / embedded.ESTIMATE, "E01000003,", "E01000002,")
    found = [(fault.row, fault.column, fault.value) for fault in faults_of(read_estimate, folder)]
    assert found == [(4, "lsoa", "E01000002"), (2, "score", "high")]


def test_a_blank_name_is_named(folder: Path) -> None:
    replace(folder / embedded.MSOA_NAMES, "E02000002,Marks Gate", "E02000002,")
    found = [(fault.file, fault.row, fault.column) for fault in faults_of(read_areas, folder)]
    assert found == [("msoa_names.csv", 3, "name")]


def test_faults_of_several_files_come_together(folder: Path) -> None:
    rewrite(folder / embedded.AREAS, lambda frame: frame.assign(code=frame["code"].replace("E01000002", "E01000001")))
    (folder / embedded.ICBS).write_bytes(b"PAR1")
    assert {fault.file for fault in faults_of(read_areas, folder)} == {"lsoa11_london.parquet", "icbs.parquet"}


def test_files_that_do_not_fit_together_are_named(folder: Path) -> None:
    rewrite(folder / embedded.BOROUGHS, lambda frame: frame.assign(icb26=frame["icb26"].replace("E54000071", "E54X")))
    replace(folder / embedded.MSOA_NAMES, "E02000001,", "E02999999,")
    found = faults_of(read_areas, folder)
    assert {(fault.file, fault.column, fault.value) for fault in found} == {
        ("boroughs.parquet", "icb26", "E54X"),
        ("lsoa11_london.parquet", "msoa", "E02000001"),
    }
