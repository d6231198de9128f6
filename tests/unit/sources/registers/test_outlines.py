from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely
from shapely.geometry import MultiPolygon, Point, box
from shapely.geometry.base import BaseGeometry

from atlas.errors import DataError
from atlas.geo.estate.model import RawChunk, RawRegister
from atlas.sources.registers.read import SAMPLE_ROWS, open_register

PARK = box(537_000, 173_000, 537_200, 173_100)
DEPOT = box(537_900, 174_800, 537_950, 174_840)
BOTH = MultiPolygon([PARK, DEPOT])


def register(folder: Path, texts: list[str], header: str = "WKT") -> RawRegister:
    path = folder / "register.csv"
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow(["Reference", header, "Postcode"])
        writer.writerows([f"R{at}", text, "SE6 4RU"] for at, text in enumerate(texts))
    return open_register(path)


def only(found: RawRegister) -> RawChunk:
    (chunk,) = found.chunks(1_000)
    return chunk


def in_degrees(shape: BaseGeometry) -> BaseGeometry:
    return gpd.GeoSeries([shape], crs=27700).to_crs(4326).iloc[0]


WRITTEN = {
    "words": lambda shape: shape.wkt,
    "words with their system": lambda shape: f"SRID=27700;{shape.wkt}",
    "words of degrees": lambda shape: in_degrees(shape).wkt,
    "words of degrees, latitude first": lambda shape: (
        shapely.transform(in_degrees(shape), lambda pairs: pairs[:, ::-1]).wkt
    ),
    "small letters and heights": lambda shape: shapely.force_3d(shape, 12.0).wkt.lower(),
    "hexadecimal": lambda shape: shapely.to_wkb(shape, hex=True),
    "hexadecimal with its system": lambda shape: shapely.to_wkb(
        shapely.set_srid(in_degrees(shape), 4326), hex=True, include_srid=True
    ),
    "GeoJSON": lambda shape: json.dumps(shapely.geometry.mapping(in_degrees(shape))),
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN.keys())
def test_outlines_in_a_column_of_text_become_the_rows_geometry(
    tmp_path: Path, written: Callable[[BaseGeometry], str]
) -> None:
    found = register(tmp_path, [written(PARK), written(DEPOT), "", written(BOTH)])
    assert found.has_geometry
    assert found.columns == ("Reference", "Postcode")
    assert found.notes[0] == "Outlines were read from column WKT."
    chunk = only(found)
    assert list(chunk.cells.columns) == list(found.sample.columns) == ["Reference", "Postcode"]
    assert chunk.geometry is not None
    assert chunk.geometry.crs == "EPSG:27700"
    assert chunk.geometry.iloc[2] is None
    assert chunk.ragged == {}
    for at, shape in ((0, PARK), (1, DEPOT), (3, BOTH)):
        assert chunk.geometry.iloc[at].symmetric_difference(shape).area < shape.area * 1e-4


def test_the_system_is_told_by_values_where_the_text_does_not_say_it(tmp_path: Path) -> None:
    notes = register(tmp_path, [in_degrees(PARK).wkt, in_degrees(DEPOT).wkt]).notes
    assert notes[1] == "By their values the coordinates are longitude and latitude; the file says nothing else."


def test_a_cell_that_is_no_geometry_is_said_of_its_row_and_the_row_kept(tmp_path: Path) -> None:
    cut = DEPOT.wkt[:40]
    chunk = only(register(tmp_path, [PARK.wkt, cut, "see plan", "LINESTRING (537000 173000, 537100 173000)"]))
    assert chunk.cells["Reference"].tolist() == ["R0", "R1", "R2", "R3"]
    assert chunk.geometry is not None
    assert [shape is None for shape in chunk.geometry] == [False, True, True, True]
    assert chunk.ragged == {
        3: "its geometry cannot be read",
        4: "its geometry cannot be read",
        5: "its geometry is a line and neither a point nor an outline",
    }


def test_points_beside_outlines_are_kept_as_points(tmp_path: Path) -> None:
    chunk = only(register(tmp_path, [PARK.wkt, "POINT (537700 173700)"]))
    assert chunk.geometry is not None
    assert chunk.geometry.iloc[1] == Point(537_700, 173_700)


@pytest.mark.parametrize(
    "texts",
    [
        ["POINT (537700 173700)", "POINT (537000 173000)"],
        ["537700, 173700", "537000, 173000"],
        ["Polygon House", "Point Pleasant"],
        ["see plan", "see plan", "see plan", PARK.wkt],
        ["0123456789012345678901", "0123456789012345678902"],
        ['{"coordinates": "none"}', '{"a": 1}'],
        ["", ""],
    ],
)
def test_columns_that_hold_no_outlines_stay_columns(tmp_path: Path, texts: list[str]) -> None:
    found = register(tmp_path, texts)
    assert not found.has_geometry
    assert only(found).cells["WKT"].tolist() == texts


def test_outlines_longer_than_a_cell_of_a_spreadsheet_are_read(tmp_path: Path) -> None:
    lake = Point(537_700, 173_700).buffer(300, quad_segs=4_000)
    assert len(lake.wkt) > 400_000
    chunk = only(register(tmp_path, [PARK.wkt, lake.wkt, DEPOT.wkt]))
    assert chunk.geometry is not None
    assert chunk.geometry.area.tolist() == pytest.approx([20_000, lake.area, 2_000])


def test_another_cell_as_long_is_refused_still(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text(f'Reference,WKT,Notes\nR1,"{PARK.wkt}",{"x" * 40_000}\n')
    with pytest.raises(DataError, match="a cell of 40,000 characters"):
        open_register(path)


@pytest.mark.parametrize("size", [1, 7, 1_000])
def test_chunks_of_any_size_hold_the_same_outlines(tmp_path: Path, size: int) -> None:
    texts = [PARK.wkt if at % 3 else "" for at in range(SAMPLE_ROWS + 50)]
    found = register(tmp_path, texts)
    shapes = np.concatenate([chunk.geometry.to_numpy() for chunk in found.chunks(size) if chunk.geometry is not None])
    assert [shape is not None for shape in shapes] == [bool(text) for text in texts]
    assert len(found.sample) == SAMPLE_ROWS


def test_outlines_in_a_workbook_are_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (["Reference", "Boundary"], ["R1", PARK.wkt], ["R2", DEPOT.wkt]):
        sheet.append(line)
    book.save(tmp_path / "register.xlsx")
    chunk = only(open_register(tmp_path / "register.xlsx"))
    assert chunk.geometry is not None
    assert chunk.geometry.area.tolist() == [20_000, 2_000]
