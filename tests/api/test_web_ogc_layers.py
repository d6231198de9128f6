"""Layers as programs for maps take them: one kind of shape, one type a column, and choices in any address."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from threading import Thread
from typing import Any, Final

import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.settings import Settings
from atlas.snapshot import Atlas
from tests.land import inputs_with, land
from tests.toy import X0, Y0
from web import create_app
from web.ogc.layers import LAYERS

NOWHERE: Final = 12
"""Assets that say nothing and come first by their id: more than QGIS looks at."""

SHOWN: Final = 10
"""Features that QGIS takes the kind of shape and the types of columns from."""


@pytest.fixture(scope="module")
def land_app() -> Flask:
    """The toy world with many assets that are nowhere, one that is drawn, one that has a point, one that is floor."""
    drawn = shapely.box(X0 + 1_000, Y0 + 500, X0 + 1_200, Y0 + 700).wkb
    rows: list[dict[str, Any]] = [
        *({"id": f"a{number:02}"} for number in range(NOWHERE)),
        {"id": "drawn", "at": (1_100, 600), "wkb": drawn, "land_ha": 4.0},
        {"id": "floor", "floor_m2": 120.5},
        {"id": "point", "at": (1_500, 700)},
    ]
    return create_app(Settings(), analyse(inputs_with(land(*rows)), Parameters()))


def read(client: FlaskClient, address: str, status: int = 200) -> dict[str, Any]:
    """A document below `/ogc`."""
    answer = client.get(f"/ogc{address}")
    assert answer.status_code == status, answer.text
    return dict(json.loads(answer.data))


def features(client: FlaskClient, layer: str, query: str = "limit=1000") -> list[dict[str, Any]]:
    """Features of one page of a layer."""
    return list(read(client, f"/collections/{layer}/items?{query}")["features"])


def names(found: list[dict[str, Any]]) -> set[str]:
    """Last parts of the ids of assets."""
    return {one["id"].rpartition("-")[2] for one in found}


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_has_one_kind_of_shape_and_no_lists(london_app: Flask, layer: str) -> None:
    found = features(london_app.test_client(), layer)
    kinds = {one["geometry"]["type"] for one in found if one["geometry"]}
    assert kinds <= {"Point"} or kinds == {"MultiPolygon"}
    assert not any(isinstance(value, list | dict) for one in found for value in one["properties"].values())


def test_a_list_is_one_text_and_still_chosen_from_by_what_it_holds(london_app: Flask) -> None:
    client = london_app.test_client()
    found = features(client, "networks", "limit=1000&domain=procurement")
    assert found
    assert all("procurement" in one["properties"]["domains"].split("; ") for one in found)
    schemas = read(client, "/api")["paths"]["/collections/networks/items"]["get"]["responses"]["200"]["content"]
    row = schemas["application/geo+json"]["schema"]["properties"]["features"]["items"]["properties"]["properties"]
    assert row["properties"]["domains"]["type"] == "string"
    assert isinstance(client.get("/api/v1/networks").get_json()["items"][0]["domains"], list)


def test_assets_are_points_and_those_that_are_drawn_outlines_in_a_layer_of_their_own(land_app: Flask) -> None:
    client = land_app.test_client()
    points = [one for one in features(client, "estate") if one["geometry"]]
    assert names(points) == {"drawn", "point"}
    assert {one["geometry"]["type"] for one in points} == {"Point"}
    outlines = features(client, "estate_outlines")
    assert names(outlines) == {"drawn"}
    assert outlines[0]["geometry"]["type"] == "MultiPolygon"
    assert outlines[0]["properties"] == next(one["properties"] for one in points if one["id"] == outlines[0]["id"])
    assert features(client, "estate_outlines", "in=West") == outlines
    assert features(client, "estate_outlines", "in=East") == []
    assert read(client, "/collections/estate_outlines/items/asset:council-point", 404)


def test_the_first_features_have_a_shape_and_a_number_of_every_column_of_numbers(land_app: Flask) -> None:
    client = land_app.test_client()
    first = features(client, "estate", f"limit={SHOWN}")
    assert any(one["geometry"] for one in first)
    for column in ("land_ha", "floor_m2", "x_m"):
        assert any(one["properties"][column] is not None for one in first), column
    rest = features(client, "estate", f"limit=1000&offset={SHOWN}")
    assert [one["id"] for one in first + rest] == [one["id"] for one in features(client, "estate")]
    assert len(names(first + rest)) == NOWHERE + 3


def test_how_long_a_page_may_be_is_told_where_qgis_looks(client: FlaskClient) -> None:
    schema = read(client, "/api")["components"]["parameters"]["limit"]["schema"]
    assert (schema["maximum"], schema["default"]) == (1000, 100)


@pytest.mark.parametrize(
    "address", ["", "/api", "/collections", "/collections/networks", "/collections/networks/items"]
)
def test_what_a_layer_is_asked_with_may_stand_in_any_address(client: FlaskClient, address: str) -> None:
    read(client, f"{address}?domain=workforce&in=West&at=2024")
    told = read(client, f"{address}?nonsense=1", 400)
    assert [one["field"] for one in told["errors"]] == ["nonsense"]


def test_the_extent_is_that_of_what_is_asked_for(client: FlaskClient) -> None:
    whole, west = (
        read(client, f"/collections/areas{asked}")["extent"]["spatial"]["bbox"][0] for asked in ("", "?in=West")
    )
    assert west[0] == whole[0]
    assert west[2] < whole[2]


QGIS: Final = """
import json, os, sys
from qgis.core import QgsApplication, QgsVectorLayer, QgsWkbTypes
application = QgsApplication([], False)
application.initQgis()
address, names = json.loads(sys.argv[1])
found = {}
for name in names:
    where = f"url='{address}' typename='{name}' pagingEnabled='true' version='OGC_API_FEATURES'"
    layer = QgsVectorLayer(where, name, "OAPIF")
    types = sorted({field.typeName() for field in layer.fields()})
    kind = QgsWkbTypes.displayString(layer.wkbType())
    found[name] = [sorted(one["id"] for one in layer.getFeatures()), kind, layer.crs().authid(), types]
print(json.dumps(found), flush=True)
os._exit(0)  # QGIS may fall over when its layers are taken down
"""
PYTHON: Final = "/usr/bin/python3"


def has_qgis() -> bool:
    """Whether the system's Python has QGIS."""
    try:
        return subprocess.run([PYTHON, "-c", "import qgis.core"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.fixture(scope="module")
def address(london_app: Flask) -> Iterator[str]:
    """London, served on a free port."""
    server = make_server("127.0.0.1", 0, london_app, threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/ogc"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.skipif(not has_qgis(), reason="python3-qgis is not here")
def test_qgis_reads_every_layer_whole(address: str, london: Atlas, tmp_path: Any) -> None:
    asked = {"areas": "MultiPolygon", "gaps": "MultiPolygon", "sites": "Point", "networks": "MultiPolygon"}
    command = [PYTHON, "-c", QGIS, json.dumps([address, [*asked]])]
    own = {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120, env=own)
    found = json.loads(done.stdout)
    assert found["areas"][0] == sorted(london.gaps.areas.index)
    assert len(found["gaps"][0]) == len(london.gap_areas)
    for name, kind in asked.items():
        assert found[name][1:3] == [kind, "EPSG:4326"]
        assert {*found[name][3]} <= {"String", "Integer", "Real", "Boolean", "Date"}
