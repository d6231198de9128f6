from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from shapely.geometry import LineString, MultiPoint, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from atlas.errors import DataError
from atlas.geo.estate.model import RawChunk
from atlas.sources.registers.limits import Limits
from atlas.sources.registers.read import open_register

HALL = Point(537_700, 173_700)
PARK = box(537_000, 173_000, 537_200, 173_100)
BOW_TIE = Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])


def assets(geometry: list[BaseGeometry | None]) -> gpd.GeoDataFrame:
    names = [f"Asset {at}" for at in range(len(geometry))]
    return gpd.GeoDataFrame({"Name": names, "Area": np.arange(len(geometry)) + 0.27}, geometry=geometry, crs=27700)


def only(path: Path, **options: Any) -> RawChunk:
    (chunk,) = open_register(path, **options).chunks(1_000)
    return chunk


def geojson(path: Path, pairs: list[tuple[float, float]], crs: str | None = None, encoding: str = "utf-8") -> Path:
    features = [
        {"type": "Feature", "properties": {"Name": f"Café {at}"}, "geometry": {"type": "Point", "coordinates": pair}}
        for at, pair in enumerate(pairs)
    ]
    whole: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if crs:
        whole["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_bytes(json.dumps(whole, ensure_ascii=False).encode(encoding))
    return path


def test_a_geopackage_gives_text_and_shapes(tmp_path: Path) -> None:
    frame = assets([HALL, PARK, None]).assign(
        UPRN=[100021234567, 1, 2], Vacant=[True, False, None], Date=pd.to_datetime(["2021-03-31", None, "2020-01-02"])
    )
    pyogrio.write_dataframe(frame, tmp_path / "a.gpkg", layer="assets", geometry_type="Unknown")
    chunk = only(tmp_path / "a.gpkg")
    assert chunk.cells.columns.tolist() == ["Name", "Area", "UPRN", "Vacant", "Date"]
    assert chunk.cells.loc[1, ["Name", "Area", "UPRN"]].tolist() == ["Asset 0", "0.27", "100021234567"]
    assert chunk.cells["Date"].tolist() == ["2021-03-31", "", "2020-01-02"]
    assert chunk.cells.index.tolist() == [1, 2, 3]
    assert chunk.geometry is not None
    assert chunk.geometry.crs == "EPSG:27700"
    assert [shape if shape is None else shape.geom_type for shape in chunk.geometry] == ["Point", "Polygon", None]
    assert chunk.geometry[1].equals(HALL)
    assert chunk.ragged == {}


def test_the_layer_with_the_most_rows_is_read_unless_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(assets([HALL]), path, layer="sold")
    pyogrio.write_dataframe(assets([HALL, HALL]), path, layer="held")
    register = open_register(path)
    assert register.form == "GeoPackage, layer held"
    assert register.notes[0] == "Layer held was read; not read: sold."
    assert len(only(path, sheet="sold").cells) == 1
    with pytest.raises(DataError, match="no layer of that name, found 'lost', expected one of"):
        open_register(path, sheet="lost")


@pytest.mark.parametrize(("name", "driver"), [("sites.geojson", "GeoJSON"), ("sites.shp", "ESRI Shapefile")])
def test_a_file_of_one_layer_has_none_to_choose(tmp_path: Path, name: str, driver: str) -> None:
    path = tmp_path / name
    pyogrio.write_dataframe(assets([HALL]).to_crs("EPSG:4326"), path, driver=driver)
    assert len(only(path).cells) == 1
    with pytest.raises(DataError, match="has one layer alone, found 'lost', expected no name of a layer"):
        open_register(path, sheet="lost")


def test_a_layer_without_geometry_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(pd.DataFrame({"Name": ["Hall"], "UPRN": ["100021234567"]}), path, layer="assets")
    chunk = only(path)
    assert chunk.geometry is None
    assert chunk.cells.to_numpy().tolist() == [["Hall", "100021234567"]]


def test_nothing_is_written_beside_a_geopackage(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(assets([HALL]), path)
    before = path.read_bytes()
    only(path)
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("pairs", "crs", "note"),
    [
        ([(-0.02, 51.44)], None, ""),
        ([(-0.02, 51.44)], "urn:ogc:def:crs:OGC:1.3:CRS84", ""),
        ([(537_700.0, 173_700.0)], "urn:ogc:def:crs:EPSG::27700", ""),
        ([(537_700.0, 173_700.0)], None, "metres of the British National Grid"),
        ([(51.44, -0.02)], None, "latitude before longitude"),
        ([(-0.02, 51.44)], "urn:ogc:def:crs:EPSG::27700", "The file states EPSG:27700"),
        ([(-2_226.0, 6_699_000.0)], None, "Web Mercator"),
        ([(-2_226.0, 6_699_000.0)], "urn:ogc:def:crs:EPSG::3857", ""),
    ],
)
def test_coordinates_are_taken_by_what_is_stated_and_by_their_values(
    tmp_path: Path, pairs: list[tuple[float, float]], crs: str | None, note: str
) -> None:
    register = open_register(geojson(tmp_path / "a.geojson", pairs, crs))
    (chunk,) = register.chunks(10)
    assert chunk.geometry is not None
    assert chunk.geometry[1].distance(HALL) < 1_000
    assert note in " ".join(register.notes)
    assert len(register.notes) == (2 if note else 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_geojson_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    path = geojson(tmp_path / "register.json", [(-0.02, 51.44), (-0.03, 51.45)], encoding=encoding)
    assert only(path).cells["Name"].tolist() == ["Café 0", "Café 1"]


def test_coordinates_that_fit_no_system_give_no_place_and_lose_no_row(tmp_path: Path) -> None:
    frame = assets([Point(-5_000_000, 9), Point(-5_000_001, 9)])
    frame.to_file(tmp_path / "a.shp")
    (tmp_path / "a.prj").unlink()
    register = open_register(tmp_path / "a.shp")
    (chunk,) = register.chunks(10)
    assert chunk.geometry is not None
    assert chunk.geometry.isna().all()
    assert set(chunk.ragged) == {1, 2}
    assert "its values fit none" in register.notes[0]


def test_lines_are_told_and_kept_as_rows_without_a_place(tmp_path: Path) -> None:
    shapes = [
        LineString([(0, 0), (1, 1)]),
        HALL,
        MultiPoint([HALL]),
        MultiPoint([(0, 0), (2, 2)]),
        shapely.GeometryCollection([PARK, HALL]),
    ]
    pyogrio.write_dataframe(assets(shapes), tmp_path / "a.gpkg", geometry_type="Unknown")
    chunk = only(tmp_path / "a.gpkg")
    assert chunk.geometry is not None
    assert [shape and shape.geom_type for shape in chunk.geometry] == [None, "Point", "Point", "Point", "Polygon"]
    assert "is a line" in chunk.ragged[1]
    assert "2 points" in chunk.ragged[4]
    assert chunk.geometry[4].equals(Point(1, 1))
    assert "its outlines were taken" in chunk.ragged[5]
    assert set(chunk.ragged) == {1, 4, 5}


def test_outlines_that_cross_themselves_are_made_valid_and_told(tmp_path: Path) -> None:
    flat = Polygon([(0, 0), (1, 1), (2, 2), (0, 0)])
    pyogrio.write_dataframe(assets([BOW_TIE, PARK, flat]), tmp_path / "a.gpkg")
    chunk = only(tmp_path / "a.gpkg")
    assert chunk.geometry is not None
    assert chunk.geometry[1].is_valid
    assert chunk.geometry[1].area == pytest.approx(5_000)
    assert chunk.ragged == {
        1: "its outline crossed itself and was made valid",
        3: "its outline encloses nothing",
    }
    assert chunk.geometry[3] is None


def test_heights_are_left_out(tmp_path: Path) -> None:
    pyogrio.write_dataframe(assets([Point(1, 2, 3)]), tmp_path / "a.gpkg")
    chunk = only(tmp_path / "a.gpkg")
    assert chunk.geometry is not None
    assert not chunk.geometry.has_z.any()


def shapefile(folder: Path, encoding: str = "utf-8") -> list[Path]:
    frame = assets([PARK]).assign(Name=["Café £"])
    pyogrio.write_dataframe(frame, folder / "assets.shp", encoding=encoding)
    return sorted(folder.glob("assets.*"))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("has_cpg", [True, False])
def test_a_zipped_shapefile_is_read_in_its_encoding(tmp_path: Path, encoding: str, has_cpg: bool) -> None:  # noqa: FBT001 -- pytest passes it by name
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in shapefile(tmp_path, encoding):
            if has_cpg or part.suffix != ".cpg":
                archive.write(part, f"folder/{part.name.upper()}")
    register = open_register(path)
    (chunk,) = register.chunks(10)
    assert register.form == "Shapefile, zipped"
    assert chunk.cells["Name"].tolist() == ["Café £"]
    assert chunk.geometry is not None
    assert chunk.geometry[1].equals(PARK)


def test_a_zipped_shapefiles_layer_may_be_named_as_its_file_is(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in shapefile(tmp_path):
            archive.write(part, f"folder/{part.name}")
    assert len(only(path, sheet="assets").cells) == len(only(path, sheet="folder/assets.shp").cells) == 1
    with pytest.raises(DataError, match="a Shapefile has one layer alone"):
        open_register(path, sheet="lost")


def test_a_shapefile_lacking_a_part_is_refused(tmp_path: Path) -> None:
    parts = shapefile(tmp_path)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in parts:
            if part.suffix != ".dbf":
                archive.write(part, part.name)
    with pytest.raises(DataError, match=r"parts of the Shapefile are missing: \.dbf"):
        open_register(path)
    (tmp_path / "assets.shx").unlink()
    with pytest.raises(DataError, match=r"parts of the Shapefile are missing: \.shx"):
        open_register(tmp_path / "assets.shp")


def test_a_shapefiles_hash_changes_with_its_table(tmp_path: Path) -> None:
    shapefile(tmp_path)
    before = open_register(tmp_path / "assets.shp").sha256
    pyogrio.write_dataframe(assets([PARK]).assign(Name=["Other"]), tmp_path / "assets.shp")
    assert open_register(tmp_path / "assets.shp").sha256 != before


def test_damaged_geodata_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(assets([HALL] * 50), path)
    path.write_bytes(path.read_bytes()[:30_000])
    with pytest.raises(DataError, match=r"damaged|no layers"):
        list(open_register(path).chunks(10))
    geo = geojson(tmp_path / "a.geojson", [(-0.02, 51.44)] * 9)
    geo.write_bytes(geo.read_bytes()[:-100])
    with pytest.raises(DataError, match="damaged"):
        list(open_register(geo).chunks(10))


def test_geodata_without_rows_or_with_too_many_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(assets([HALL]).iloc[:0], path, geometry_type="Point")
    with pytest.raises(DataError, match="no rows"):
        open_register(path)
    with pytest.raises(DataError, match="1 columns, expected at most 0"):
        open_register(geojson(tmp_path / "a.geojson", [(-0.02, 51.44)]), limits=Limits(columns=0))


def test_chunks_of_geodata_carry_their_own_shapes(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(assets([Point(at, at) for at in range(25)]), path)
    chunks = list(open_register(path).chunks(10))
    assert [len(chunk.cells) for chunk in chunks] == [10, 10, 5]
    for chunk in chunks:
        assert chunk.geometry is not None
        assert [shape.x + 1 for shape in chunk.geometry] == chunk.cells.index.tolist() == chunk.geometry.index.tolist()
