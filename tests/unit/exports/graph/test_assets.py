"""Assets in every format: typed, written, and given back; and nothing of them where there are none."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyogrio
import pytest

from atlas.exports.graph.codebook import codebook
from atlas.exports.graph.fields import NODE_FIELDS
from atlas.exports.graph.formats import FORMATS, graph_format
from atlas.exports.graph.part import part
from atlas.exports.graph.positions import positions
from atlas.graph.estate import with_assets
from atlas.snapshot import Inputs
from tests.land import inputs_with, land, some_land
from tests.unit.exports.graph.readers import joined, read_geopackage, read_geoparquet
from tests.unit.exports.graph.strict import read_neo4j
from tests.unit.exports.graph.test_formats import READERS, files_of
from tests.unit.exports.graph.worlds import DAY, NASTY, nasty_inputs, plain


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    found: Inputs = nasty_inputs()
    rows = [
        {"id": f"n{number}", "name": text, "occupier": text, "reference": text, "at": (100 * number, 50)}
        for number, text in enumerate(NASTY)
    ]
    rows += [
        {"id": "known", "use": "office", "status": "vacant", "tenure": "leasehold", "holding": "buildings"}
        | {"land_ha": 0.1, "floor_m2": 1e3, "uprn": "100020003", "postcode": "E1 1BJ", "at": (5_000, 5)},
        {"id": "nowhere", "of": "hospital"},
    ]
    estate = land(*rows)
    return type(found)(**{**vars(found), "graph": with_assets(found.graph, estate.assets, estate.registers)})


@pytest.mark.parametrize("name", READERS)
def test_no_asset_is_lost(name: str, inputs: Inputs) -> None:
    (data,) = files_of(name, inputs.graph, inputs).values()
    assert READERS[name](data) == plain(inputs.graph)


@pytest.mark.parametrize("name", ["graphml", "turtle"])
def test_no_asset_is_lost_as_at_a_day(name: str, inputs: Inputs) -> None:
    graph = part(inputs.graph, DAY)
    assert graph.nodes["asset:council-known"]["standing"] == "may_stand"
    (data,) = files_of(name, graph, inputs).values()
    assert READERS[name](data) == plain(graph)


def test_no_asset_is_lost_in_neo4j_and_on_land(inputs: Inputs, tmp_path: Path) -> None:
    assert read_neo4j(files_of("neo4j", inputs.graph, inputs)) == plain(inputs.graph)
    path = tmp_path / "graph.gpkg"
    (data,) = files_of("geopackage", inputs.graph, inputs).values()
    path.write_bytes(data)
    assert read_geopackage(path) == plain(inputs.graph)
    assert read_geoparquet(files_of("geoparquet", inputs.graph, inputs)) == plain(inputs.graph)


def test_assets_are_a_layer_of_points_where_there_are_any(inputs: Inputs, tmp_path: Path) -> None:
    path = tmp_path / "graph.gpkg"
    path.write_bytes(joined(graph_format("geopackage").pieces(inputs.graph, inputs)))
    layer = pyogrio.read_dataframe(path, layer="assets")
    assert set(layer["geometry_basis"].dropna()) == {"register"}
    assert layer.geometry.notna().sum() == len(NASTY) + 1
    bare: Inputs = nasty_inputs()
    path.write_bytes(joined(graph_format("geopackage").pieces(bare.graph, bare)))
    assert "assets" not in pyogrio.list_layers(path)[:, 0]


def test_land_does_not_move_the_institution_that_holds_it() -> None:
    with_land, without = inputs_with(some_land()), inputs_with(land())
    wanted = positions(without.graph, without)
    found = positions(with_land.graph, with_land)
    assert {node: found[node] for node in wanted} == wanted


def test_a_position_by_postcode_says_so() -> None:
    inputs = inputs_with(land({"id": "a", "at": (100, 100), "placed_by": "postcode"}))
    assert positions(inputs.graph, inputs)["asset:council-a"][1] == "postcode"


def test_every_format_writes_assets(inputs: Inputs) -> None:
    for one in FORMATS:
        files = files_of(one.name, inputs.graph, inputs)
        assert any(b"council-known" in data for data in files.values()) or one.name in {"geoparquet", "geopackage"}


def test_a_graph_without_assets_has_no_columns_for_them() -> None:
    bare: Inputs = nasty_inputs()
    header = next(csv.reader(io.StringIO(files_of("csv", bare.graph, bare)["nodes.csv"].decode())))
    own = [field.name for field in NODE_FIELDS if field.carriers == ("asset",)]
    assert {"tenure", "asset_status", "land_ha", "floor_m2"} <= set(own)
    assert not set(own) & set(header)


def test_the_codebook_has_units_and_choices_of_assets() -> None:
    rows = {row[1]: row for row in codebook()}
    assert rows["land_ha"][6:8] == ("asset", "hectares")
    assert rows["floor_m2"][7] == "square metres"
    assert "subject_to_disposal" in rows["asset_status"][8]
