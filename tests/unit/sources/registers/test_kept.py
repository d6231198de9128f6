from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import Point

from atlas.errors import UnavailableError
from atlas.sources.registers.kept import keep_file, kept_file
from atlas.sources.registers.read import open_register

SHA = "ab" + "0" * 62


def test_a_file_is_kept_by_its_hash_and_once(tmp_path: Path) -> None:
    path, folder = tmp_path / "Register.CSV", tmp_path / "kept"
    path.write_bytes(b"Name,UPRN\nA,100021\n")
    kept = keep_file(path, folder, SHA)
    assert kept == folder / "ab" / f"{SHA}.csv"
    assert kept.read_bytes() == path.read_bytes()
    assert keep_file(tmp_path / "gone.csv", folder, SHA) == kept
    assert list(kept.parent.iterdir()) == [kept]
    assert kept_file(folder, SHA) == kept


@pytest.mark.parametrize(
    ("name", "ending"),
    [("a.csv.gz", ".csv.gz"), ("a", ""), ("a.2021", ".2021"), ("a.sp ace", ""), ("a.verylongending", "")],
)
def test_the_ending_is_kept_where_it_is_one(tmp_path: Path, name: str, ending: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"x")
    assert keep_file(path, tmp_path / "kept", SHA).name == f"{SHA}{ending}"


def test_what_cannot_be_read_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"cannot keep none\.csv"):
        keep_file(tmp_path / "none.csv", tmp_path / "kept", SHA)
    assert [path for path in (tmp_path / "kept").rglob("*") if path.is_file()] == []
    assert kept_file(tmp_path / "kept", SHA) is None


def test_a_hash_that_is_none_finds_nothing(tmp_path: Path) -> None:
    assert kept_file(tmp_path, "../../etc/passwd") is None
    assert kept_file(tmp_path, "*") is None


def test_a_shapefile_is_kept_with_its_parts_and_can_be_read_again(tmp_path: Path) -> None:
    path = tmp_path / "assets.shp"
    gpd.GeoDataFrame({"Name": ["Hall"]}, geometry=[Point(537_700, 173_700)], crs=27700).to_file(path)
    register = open_register(path)
    kept = keep_file(path, tmp_path / "kept", register.sha256)
    assert kept.suffix == ".zip"
    assert open_register(kept).sample.to_numpy().tolist() == register.sample.to_numpy().tolist()
