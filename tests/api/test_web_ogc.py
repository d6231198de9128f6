"""OGC API Features: the documents, the features, and GDAL's own way of reading them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from threading import Thread
from typing import Any, Final

import pytest
import schemathesis
import shapely
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import WSGIRequestHandler, make_server

from atlas.settings import Settings
from atlas.snapshot import Atlas
from web import create_app
from web.ogc.documents import CONFORMS
from web.ogc.layers import LAYERS

BOX: Final = (-0.1, 51.45, 0.0, 51.5)


def get(client: FlaskClient, address: str, status: int = 200) -> dict[str, Any]:
    """A document at an address."""
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return dict(json.loads(answer.data))


def link(document: dict[str, Any], rel: str) -> str | None:
    """Address of a link, without the host."""
    found = [one["href"] for one in document["links"] if one["rel"] == rel]
    assert len(found) < 2
    return found[0].removeprefix("http://localhost") if found else None


def features(client: FlaskClient, address: str) -> list[dict[str, Any]]:
    """Features of all pages from an address on."""
    pages = [get(client, address)]
    while following := link(pages[-1], "next"):
        pages.append(get(client, following))
    assert {page["numberMatched"] for page in pages} == {sum(page["numberReturned"] for page in pages)}
    return [one for page in pages for one in page["features"]]


def test_everything_is_reached_from_the_landing_page(client: FlaskClient) -> None:
    landing = get(client, "/ogc")
    for rel in ("self", "service-desc", "conformance", "data"):
        assert client.get(str(link(landing, rel))).status_code == 200
    assert client.get(str(link(landing, "service-doc"))).mimetype == "text/html"
    assert get(client, str(link(landing, "conformance"))) == {"conformsTo": CONFORMS}
    listed = get(client, str(link(landing, "data")))["collections"]
    assert [one["id"] for one in listed] == [*LAYERS]
    for one in listed:
        assert get(client, str(link(one, "self"))) == one
        assert get(client, str(link(one, "items")))["type"] == "FeatureCollection"


def test_the_definition_is_the_one_that_the_landing_page_names(client: FlaskClient) -> None:
    landing = get(client, "/ogc")
    named = next(one["type"] for one in landing["links"] if one["rel"] == "service-desc")
    answer = client.get("/ogc/api")
    assert answer.content_type == named
    assert answer.get_json(force=True)["servers"] == [{"url": "http://localhost/ogc"}]


def test_the_definition_is_openapi_3_0_with_paths_below_its_server(client: FlaskClient) -> None:
    document = get(client, "/ogc/api")
    schemathesis.openapi.from_dict(document).validate()
    assert document["openapi"] == "3.0.3"
    assert {f"/collections/{name}/items" for name in LAYERS} < set(document["paths"])
    [server] = [one["url"].removeprefix("http://localhost") for one in document["servers"]]
    for path in document["paths"]:
        if "{" not in path:
            assert client.get(server + path).status_code == 200, path
    text = json.dumps(document)
    assert not any(word in text for word in ('"const"', '"examples"', '"null"', "older-"))
    assert 'conf/oas30"' in client.get("/ogc/conformance").text


@pytest.mark.parametrize("name", LAYERS)
def test_pages_together_are_the_layer(client: FlaskClient, name: str) -> None:
    whole = get(client, f"/ogc/collections/{name}/items?limit=1000")
    parts = features(client, f"/ogc/collections/{name}/items?limit=5")
    assert parts == whole["features"]
    for one in parts[:3]:
        alone = get(client, f"/ogc/collections/{name}/items/{one['id']}")
        assert alone.pop("links")
        assert alone == one


def test_a_box_has_what_touches_it(client: FlaskClient) -> None:
    box = shapely.box(-0.1, 51.505, -0.05, 51.51)
    everything = features(client, "/ogc/collections/areas/items")
    inside = [one["id"] for one in everything if shapely.from_geojson(json.dumps(one["geometry"])).intersects(box)]
    edges = ",".join(map(str, box.bounds))
    found = features(client, f"/ogc/collections/areas/items?limit=3&bbox={edges}")
    assert [one["id"] for one in found] == inside
    assert 0 < len(inside) < len(everything)
    west, south, east, north = edges.split(",")
    in_space = f"/ogc/collections/areas/items?bbox={west},{south},-420,{east},{north},8848"
    assert [one["id"] for one in features(client, in_space)] == inside


def test_a_box_across_the_date_line_is_around_the_world(client: FlaskClient) -> None:
    assert features(client, "/ogc/collections/areas/items?bbox=170,50,-170,60") == []
    assert len(features(client, "/ogc/collections/areas/items?bbox=170,50,169,60")) == 16


def test_a_box_may_be_wider_than_the_world(client: FlaskClient) -> None:
    for box in ("-200,51,0,52", "-1000,-95,1000,95", "-1e308,-1e308,1e308,1e308"):
        assert len(features(client, f"/ogc/collections/areas/items?bbox={box}")) == 16, box


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2020-06-01T12:00:00.1234567Z", {"network:all"}),
        ("2020-06-01t12:00:60z", {"network:all"}),
        ("2020-12-31T23:30:00-05:00", {"network:all", "network:west"}),
        ("2020-06-01T12:00:00%2B02:00/2020-06-01T11:00:00Z", {"network:all"}),
        ("2020-06-01", {"network:all"}),
        ("2026-01-01T12:00:00Z", {"network:all", "network:west"}),
        ("../2020-12-31", {"network:all"}),
        ("2020-01-01/2021-06-01", {"network:all", "network:west"}),
        ("2022-01-01/..", {"network:all", "network:west"}),
        ("2022-01-01%2F9999-12-31T00:00:00Z", {"network:all", "network:west"}),
        ("0000-01-01T00:00:00Z%2F2020-12-30", {"network:all"}),
    ],
)
def test_a_time_has_what_may_have_stood_at_it(client: FlaskClient, when: str, expected: set[str]) -> None:
    found = features(client, f"/ogc/collections/networks/items?datetime={when}")
    assert {one["id"] for one in found} == expected


def test_what_has_no_dates_is_there_at_any_time(client: FlaskClient) -> None:
    assert len(features(client, "/ogc/collections/areas/items?datetime=1066-10-14")) == 16


def test_features_are_chosen_by_what_they_say(client: FlaskClient) -> None:
    found = features(client, "/ogc/collections/areas/items?verdict=robust&in=East&limit=1")
    assert {one["properties"]["verdict"] for one in found} == {"robust"}
    assert [one["id"] for one in features(client, "/ogc/collections/sites/items?sector=health")] == ["site:hospital"]


def test_a_flag_is_taken_as_gdal_gives_it(client: FlaskClient) -> None:
    by_word = features(client, "/ogc/collections/areas/items?is_gap_here=true")
    assert by_word == features(client, "/ogc/collections/areas/items?is_gap_here=1")
    assert len(by_word) + len(features(client, "/ogc/collections/areas/items?is_gap_here=0")) == 16


def test_more_than_can_be_had_is_no_error(client: FlaskClient) -> None:
    page = get(client, "/ogc/collections/areas/items?limit=999999")
    assert page["numberReturned"] == 16
    assert "limit=1000&" in str(link(page, "self"))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("bbox=1,2,3", "bbox"),
        ("bbox=0,52,1,51", "bbox"),
        ("bbox=0,51,0,1,52", "bbox"),
        ("bbox=-1e999,51,0,52", "bbox"),
        ("datetime=2025-01-01/2024-01-01", "datetime"),
        ("datetime=2024-06-30T13:00:00Z/2024-06-30T12:00:00Z", "datetime"),
        ("lad=Wset", "lad"),
        ("is_gap_here=2", "is_gap_here"),
        ("limit=0", "limit"),
        ("datetime=yesterday", "datetime"),
        ("datetime=2023-02-29", "datetime"),
        ("crs=EPSG:27700", "crs"),
        ("f=html", "f"),
    ],
)
def test_what_cannot_be_asked_is_named(client: FlaskClient, query: str, field: str) -> None:
    told = get(client, f"/ogc/collections/areas/items?{query}", 400)
    assert [one["field"] for one in told["errors"]] == [field]


@pytest.mark.parametrize("address", ["nothing", "nothing/items", "areas/items/nothing", "nothing/items/E01000001"])
def test_what_is_not_there_is_told_as_a_problem(client: FlaskClient, address: str) -> None:
    answer = client.get(f"/ogc/collections/{address}", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize("address", ["/ogc", "/ogc/api", "/ogc/collections", "/ogc/collections/areas/items?limit=3"])
def test_what_a_client_has_is_not_sent_again(client: FlaskClient, address: str) -> None:
    tagged = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tagged}).status_code == 304


def test_links_bear_the_address_that_readers_know(toy: Atlas, client: FlaskClient) -> None:
    behind = create_app(Settings(public_url="https://atlas.example.org/london/"), toy).test_client()
    links = get(behind, "/ogc/collections/areas/items?limit=1")["links"]
    assert all(one["href"].startswith("https://atlas.example.org/london/ogc/") for one in links)
    other = client.get("/ogc", base_url="https://other.example").get_json()
    assert other["links"][0]["href"] == "https://other.example/ogc"
    assert link(get(client, "/ogc"), "self") == "/ogc"


@pytest.fixture(scope="module")
def heard() -> list[str]:
    """Every request that the server of London has heard."""
    return []


@pytest.fixture(scope="module")
def address(london_app: Flask, heard: list[str]) -> Iterator[str]:
    """London, served on a free port."""

    class Listening(WSGIRequestHandler):
        def log(self, kind: str, message: str, *args: object) -> None:
            heard.append(f"{kind} {message % args}")

    server = make_server("127.0.0.1", 0, london_app, threaded=True, request_handler=Listening)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"OAPIF:http://127.0.0.1:{server.server_port}/ogc"
    server.shutdown()
    thread.join()
    server.server_close()


READ: Final = """
import json, sys, pyogrio
address, asked = json.loads(sys.argv[1])
found = {}
for name, layer, box in asked:
    rows = pyogrio.read_dataframe(address, layer=layer, bbox=box and tuple(box))
    bounds = [round(edge, 2) for edge in rows.total_bounds.tolist()]
    found[name] = [sorted(rows["id"]), list(rows.columns), str(rows.crs), bounds]
print(json.dumps(found))
"""
READABLE: Final = ("areas", "gaps", "boroughs", "sites", "networks", "programmes")


@pytest.fixture(scope="module")
def by_gdal(address: str) -> dict[str, Any]:
    """What GDAL reads: ids, columns, coordinate system and bounds of each layer, and of the areas in a box."""
    asked = json.dumps([address, [*((name, name, None) for name in READABLE), ("box", "areas", BOX)]])
    # in a process of its own: GDAL keeps the interpreter while it waits for the server
    done = subprocess.run([sys.executable, "-c", READ, asked], check=True, capture_output=True, text=True, timeout=120)
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("layer", READABLE)
def test_gdal_reads_every_feature_of_a_layer(by_gdal: dict[str, Any], london: Atlas, layer: str) -> None:
    kinds = list(dict(london.graph.nodes(data="kind")).values())
    counts = {
        "areas": len(london.gaps.areas),
        "gaps": len(london.gap_areas),
        "boroughs": 33,
        **{f"{kind}s": kinds.count(kind) for kind in ("site", "network", "programme")},
    }
    ids, columns, crs, _ = by_gdal[layer]
    assert len(ids) == len(set(ids)) == counts[layer]
    assert {field.name for field in LAYERS[layer].fields if not field.is_optional} <= {*columns}
    assert crs == "EPSG:4326"


def test_gdal_puts_london_where_it_is(by_gdal: dict[str, Any]) -> None:
    assert by_gdal["areas"][3] == by_gdal["boroughs"][3] == [-0.51, 51.29, 0.33, 51.69]


def test_gdal_reads_the_features_in_a_box(by_gdal: dict[str, Any], london_app: Flask) -> None:
    ids = by_gdal["box"][0]
    edges = ",".join(map(str, BOX))
    ours = features(london_app.test_client(), f"/ogc/collections/areas/items?limit=100&bbox={edges}")
    assert ids == sorted(one["id"] for one in ours)
    assert 100 < len(ids) < 4835


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="gdal-bin is not here")
def test_ogrinfo_lists_the_layers(address: str) -> None:
    done = subprocess.run(["ogrinfo", "-ro", "-q", address], check=True, capture_output=True, text=True, timeout=60)
    assert [line.split(": ")[1].split(" ")[0] for line in done.stdout.splitlines()] == [*LAYERS]


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="gdal-bin is not here")
@pytest.mark.parametrize(
    ("where", "sent", "expected"),
    [
        ("lad='E09000023'", "lad=E09000023", lambda atlas: atlas.inputs.areaset.areas["lad"] == "E09000023"),
        ("is_gap_here=1", "is_gap_here=1", lambda atlas: atlas.gaps.areas["is_gap_here"]),
    ],
)
def test_gdal_lets_the_server_filter(
    address: str, heard: list[str], london: Atlas, where: str, sent: str, expected: Callable[[Atlas], Any]
) -> None:
    heard.clear()
    command = ["ogrinfo", "-ro", "-so", "-oo", "PAGE_SIZE=1000", "-where", where, address, "areas"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    assert f"Feature Count: {int(expected(london).sum())}" in done.stdout
    assert "ERROR" not in done.stdout + done.stderr
    assert [line for line in heard if "items?" in line and sent in line]


def test_pages_of_london_follow_in_order(london_app: Flask) -> None:
    found = [one["id"] for one in features(london_app.test_client(), "/ogc/collections/areas/items?limit=1000")]
    assert all(first < second for first, second in pairwise(found))
    assert len(found) == 4835
