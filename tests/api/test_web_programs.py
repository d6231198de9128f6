"""The interface for programs: each collection comes whole, is chosen from, and refuses what it does not know."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient

from atlas.snapshot import Atlas
from atlas.store import open_store
from atlas.vocabulary.estate import Visibility
from tests.estate_web import app_with, keep
from tests.land import land
from web.programs.others import LEFT_OUT
from web.programs.rows import Rows
from web.programs.table import COLLECTIONS, Collection
from web.refresh import REFRESHER

NAMES: Final = [one.name for one in COLLECTIONS]
SHAPED: Final = [one.name for one in COLLECTIONS if one.has_shape]
ALL: Final = pytest.mark.parametrize("collection", COLLECTIONS, ids=NAMES)


def pages(client: FlaskClient, address: str) -> list[dict[str, Any]]:
    """Every page from an address on, each by the last one's `next`."""
    found = [client.get(address).get_json()]
    while found[-1]["next"]:
        found.append(client.get(found[-1]["next"]).get_json())
    return found


def ids(client: FlaskClient, address: str) -> list[str]:
    """Ids of what is listed at an address, on all pages."""
    return [row["id"] for page in pages(client, address) for row in page["items"]]


@ALL
def test_pages_together_are_the_whole(client: FlaskClient, collection: Collection) -> None:
    whole = client.get(f"/api/v1/{collection.name}?limit=1000").get_json()
    assert whole["total"] == len(whole["items"]) > 0
    assert whole["next"] is whole["prev"] is None
    size = max(whole["total"] // 3, 1)
    parts = pages(client, f"/api/v1/{collection.name}?limit={size}")
    assert [row for page in parts for row in page["items"]] == whole["items"]
    assert {page["total"] for page in parts} == {whole["total"]}
    assert len({row["id"] for row in whole["items"]}) == whole["total"]


@ALL
def test_rows_say_what_the_table_says(client: FlaskClient, collection: Collection) -> None:
    names = [field.name for field in collection.fields if not field.is_optional]
    for row in client.get(f"/api/v1/{collection.name}").get_json()["items"]:
        assert list(row) == names


@ALL
def test_the_previous_page_leads_back(client: FlaskClient, collection: Collection) -> None:
    second = client.get(f"/api/v1/{collection.name}?limit=1&offset=1")
    first = client.get(second.get_json()["prev"]).get_json()
    assert (first["offset"], first["prev"]) == (0, None)
    assert f'<{second.get_json()["prev"]}>; rel="prev"' in second.headers["Link"]


@ALL
def test_whoever_is_beyond_the_end_is_led_back_to_the_last_rows(client: FlaskClient, collection: Collection) -> None:
    beyond = client.get(f"/api/v1/{collection.name}?limit=1&offset=9000").get_json()
    assert beyond["items"] == []
    last = client.get(beyond["prev"]).get_json()
    assert (len(last["items"]), last["next"]) == (1, None)


@ALL
def test_what_the_reader_has_is_not_sent_again(client: FlaskClient, collection: Collection) -> None:
    address = f"/api/v1/{collection.name}?limit=2"
    tagged = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": tagged})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tagged)


@ALL
def test_an_unknown_field_is_refused_with_what_is_allowed(client: FlaskClient, collection: Collection) -> None:
    answer = client.get(f"/api/v1/{collection.name}?limt=3&limit=1001&offset=-1&format=xlsx&offset=2")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    told = {one["field"]: one for one in json.loads(answer.data)["errors"]}
    assert set(told) == {"limt", "limit", "offset", "format"}
    assert "limit" in told["limt"]["allowed"]
    assert told["limit"] == {"field": "limit", "value": "1001", "allowed": "a whole number from 1 to 1000"}
    assert "given once" in told["offset"]["allowed"]
    assert "json" in told["format"]["allowed"]


@ALL
def test_a_table_has_the_same_rows(client: FlaskClient, collection: Collection) -> None:
    answer = client.get(f"/api/v1/{collection.name}?format=csv")
    assert answer.mimetype == "text/csv"
    rows = [*csv.DictReader(io.StringIO(answer.text))]
    assert [row["id"] for row in rows] == ids(client, f"/api/v1/{collection.name}")
    assert answer.headers["X-Total-Count"] == str(len(rows))


@pytest.mark.parametrize("name", SHAPED)
def test_geometry_comes_as_geojson_by_field_and_by_what_is_accepted(client: FlaskClient, name: str) -> None:
    by_field = client.get(f"/api/v1/{name}?format=geojson")
    by_head = client.get(f"/api/v1/{name}", headers={"Accept": "application/geo+json"})
    assert by_field.mimetype == by_head.mimetype == "application/geo+json"
    assert "Accept" in by_head.headers["Vary"]
    document = json.loads(by_field.data)
    assert document["features"] == json.loads(by_head.data)["features"]
    assert [one["id"] for one in document["features"]] == ids(client, f"/api/v1/{name}")
    shapes = [shapely.from_geojson(json.dumps(one["geometry"])) for one in document["features"]]
    assert all(shape.is_valid and shapely.box(-0.2, 51.45, 0.05, 51.6).covers(shape) for shape in shapes)


def test_a_tag_of_one_form_does_not_hide_another(client: FlaskClient) -> None:
    tagged = client.get("/api/v1/areas").headers["ETag"]
    other = client.get("/api/v1/areas", headers={"If-None-Match": tagged, "Accept": "application/geo+json"})
    assert (other.status_code, other.mimetype) == (200, "application/geo+json")


@pytest.mark.parametrize("name", [one.name for one in COLLECTIONS if one.has_items])
def test_every_row_has_its_address(client: FlaskClient, name: str) -> None:
    for row in client.get(f"/api/v1/{name}?limit=1000").get_json()["items"]:
        alone = client.get(f"/api/v1/{name}/{row['id']}").get_json()
        assert alone.pop("revision")
        alone.pop("draws", None)
        assert alone == row


@ALL
def test_what_follows_from_the_choices_says_on_how_many_draws_it_rests(
    client: FlaskClient, collection: Collection, toy: Atlas
) -> None:
    said = client.get(f"/api/v1/{collection.name}").get_json().get("draws")
    assert said == (toy.parameters.draws if collection.is_measured else None)


def test_a_row_that_is_not_there_is_told_as_a_problem(client: FlaskClient) -> None:
    answer = client.get("/api/v1/networks/nowhere?at=2024")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert client.get("/api/v1/networks/west").get_json()["id"] == "network:west"


CHOSEN: Final[dict[str, Callable[[list[Any]], object]]] = {
    "areas?in=West&verdict=not_a_gap": lambda rows: len(rows) == 8 and {row["lad"] for row in rows} == {"E09000001"},
    "areas?in=E54000029": lambda rows: {row["lad"] for row in rows} == {"E09000002"},
    "areas?in=E01000101": lambda rows: [row["id"] for row in rows] == ["E01000101"],
    "areas?in=E02000001": lambda rows: len(rows) == 4 and {row["msoa"] for row in rows} == {"E02000001"},
    "areas?in=London": lambda rows: len(rows) == 16,
    "areas?verdict=robust,fragile": lambda rows: {row["gap_area"] for row in rows} == {"quarter-3-east"},
    "need?in=East": lambda rows: len(rows) == 8,
    "access?is_reached=false": lambda rows: {row["access"] for row in rows} == {0},
    "boroughs?in=E54000071": lambda rows: [row["name"] for row in rows] == ["West"],
    "institutions?sector=health,council": lambda rows: {row["sector"] for row in rows} == {"health", "council"},
    "institutions?in=East": lambda rows: rows == [],
    "institutions?network=network:all": lambda rows: [row["id"] for row in rows] == ["institution:university"],
    "networks?domain=procurement": lambda rows: [row["id"] for row in rows] == ["network:all"],
    "networks?in=East": lambda rows: [row["id"] for row in rows] == ["network:all"],
    "networks?at=2020": lambda rows: [(row["id"], row["standing"]) for row in rows] == [("network:all", "may_stand")],
    "programmes?in=West": lambda rows: rows == [],
    "sites?sector=council": lambda rows: [row["id"] for row in rows] == ["site:council"],
    "sites?in=E01000101": lambda rows: [row["id"] for row in rows] == ["site:hospital"],
    "ties?relation=member_of": lambda rows: len(rows) == 2 and {row["relation"] for row in rows} == {"member_of"},
    "ties?node=network:all": lambda rows: [row["subject"] for row in rows] == ["institution:university"],
    "ties?sector=health": lambda rows: len(rows) > 1 and all("hospital" in row["id"] for row in rows),
    "measures?kind=network": lambda rows: {row["kind"] for row in rows} == {"network"},
    "exports?about=estate": lambda rows: [row["id"][:7] for row in rows] == ["estate."] * 3,
}


@pytest.mark.parametrize(("address", "expected"), CHOSEN.items(), ids=CHOSEN)
def test_rows_can_be_chosen(client: FlaskClient, address: str, expected: Callable[[list[Any]], object]) -> None:
    rows = client.get(f"/api/v1/{address}").get_json()["items"]
    assert expected(rows), rows


def test_choices_reach_the_rows(client: FlaskClient) -> None:
    near = client.get("/api/v1/access?catchment=1200&decay=step").get_json()
    assert near["revision"] != client.get("/api/v1/access").get_json()["revision"]
    assert sum(row["is_reached"] for row in near["items"]) < 16


def test_every_file_of_the_exports_is_there(client: FlaskClient) -> None:
    for row in client.get("/api/v1/exports").get_json()["items"]:
        answer = client.get(row["address"])
        assert answer.status_code == 200, row
        assert row["media_type"].partition(";")[0] == answer.mimetype


def test_rows_of_london_are_those_of_the_atlas(london: Atlas, london_app: Flask) -> None:
    client = london_app.test_client()
    sizes = {page["total"] for page in pages(client, "/api/v1/areas?limit=1000")}
    assert sizes == {len(london.gaps.areas)} == {4835}
    lewisham = client.get("/api/v1/areas?in=Lewisham&limit=1000").get_json()
    assert lewisham["total"] == int((london.inputs.areaset.areas["lad"] == "E09000023").sum())
    kinds = dict(london.graph.nodes(data="kind"))
    for kind in ("institution", "network", "programme", "site"):
        assert client.get(f"/api/v1/{kind}s?limit=1").get_json()["total"] == list(kinds.values()).count(kind)
    assert client.get("/api/v1/ties?limit=1").get_json()["total"] == london.graph.number_of_edges()


def test_the_estate_comes_in_pages_as_well(client: FlaskClient, land_app: Flask) -> None:
    assert client.get("/api/v1/estate").get_json()["next"] is None
    first = land_app.test_client().get("/api/v1/estate?limit=1&in=West")
    second = land_app.test_client().get(first.get_json()["next"]).get_json()
    assert first.get_json()["assets"] != second["assets"]
    assert second["prev"] in land_app.test_client().get(first.get_json()["next"]).headers["Link"]


@pytest.mark.parametrize(
    "address", ["/api/v1/areas", "/api/v1/gaps", "/api/v1/nothing", "/ogc", "/api", "/ogc/collections"]
)
def test_any_site_may_read_what_everybody_may_read(client: FlaskClient, address: str) -> None:
    heads = client.get(address, headers={"Origin": "https://elsewhere.example"}).headers
    assert heads["Access-Control-Allow-Origin"] == "*"
    assert heads["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Access-Control-Allow-Credentials" not in heads
    asked = client.options(address, headers={"Access-Control-Request-Method": "GET"})
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Authorization" not in asked.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("address", ["/", "/estate", "/apis", "/ogcs", "/api/v1/estate/imports"])
def test_no_other_site_may_read_a_page_or_an_import(client: FlaskClient, address: str) -> None:
    heads = client.get(address, headers={"Origin": "https://elsewhere.example"}).headers
    assert "Access-Control-Allow-Origin" not in heads
    assert heads["Cross-Origin-Resource-Policy"] == "same-origin"


def test_nothing_can_be_sent_from_elsewhere(client: FlaskClient) -> None:
    answer = client.post("/api/v1/areas", headers={"Origin": "https://elsewhere.example"})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (405, "*")
    asked = client.options("/api/v1/areas", headers={"Access-Control-Request-Method": "POST"})
    assert "POST" not in asked.headers["Access-Control-Allow-Methods"]
    for address in ("/api/v1/scenario", "/api/v1/estate/imports"):
        assert "Access-Control-Allow-Origin" not in client.post(address).headers


def test_the_document_tells_of_every_address(app: Flask, client: FlaskClient) -> None:
    told = set(client.get("/api/v1/openapi.json").get_json()["paths"])
    rules = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(rule)) for rule in app.url_map.iter_rules()}
    here = {rule for rule in rules if rule.startswith("/api/v1/") and not rule.startswith(LEFT_OUT)}
    by_hand = {
        "/api/v1/openapi.json",
        "/api/v1/graph/{question}",
        "/api/v1/estate/assets.<any(csv, geojson, gpkg):form>",
    }
    assert here - told == by_hand
    assert {path for path in told - here if not re.search(r"/graph/\w+$|/assets\.\w+$", path)} == set()


def test_the_page_shows_every_address_and_links_to_the_document(client: FlaskClient) -> None:
    text = client.get("/api").text
    for path in client.get("/api/v1/openapi.json").get_json()["paths"]:
        assert f"GET {path}<" in text
    assert 'href="/api/v1/openapi.json"' in text
    assert 'href="/ogc"' in text


SECRET: Final = ("Hidden Yard", "Quiet House")


@pytest.fixture(scope="module")
def land_app(toy: Atlas, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The toy world with two assets for everybody, one for its owner, and one that is a refuge."""
    folder: Path = tmp_path_factory.mktemp("land")
    rows = land(
        {"id": "a", "name": "Open Library", "at": (1_500, 700), "of": "council"},
        {"id": "b", "name": "Open Hall", "at": (2_500, 700), "of": "council"},
        {"id": "c", "name": SECRET[0], "at": (6_511, 711), "of": "council", "visibility": "owner"},
        {"id": "d", "name": SECRET[1], "at": (7_511, 711), "of": "council", "use": "refuge"},
    ).assets
    with open_store(f"sqlite:///{folder}/atlas.db") as store:
        keep(store, "council", rows, Visibility.PUBLIC)
        app = app_with(toy, store, folder)
        app.extensions[REFRESHER].refresh()
        yield app


def test_restricted_land_is_on_no_list_and_in_no_layer(land_app: Flask) -> None:
    client = land_app.test_client()
    layer = client.get("/ogc/collections/estate/items").get_json(force=True)
    assert {one["properties"]["name"] for one in layer["features"]} == {"Open Library", "Open Hall"}
    assert layer["numberMatched"] == 2
    east = "/ogc/collections/estate/items?bbox=-0.04,51.5,-0.01,51.53"
    assert client.get(east).get_json(force=True)["features"] == []
    for one in ("c", "d"):
        assert client.get(f"/ogc/collections/estate/items/asset:council-{one}").status_code == 404
    addresses = [f"/api/v1/{name}?limit=1000" for name in NAMES] + ["/ogc/collections", "/ogc/api", "/api"]
    for address in addresses:
        text = client.get(address).text
        assert not any(name in text for name in SECRET), address


def test_access_next_to_nothing_is_not_written_as_nothing() -> None:
    rows = Rows(pd.DataFrame({"access": [2.5e-10]}, index=["E01002535"]), ("id", "access"))
    assert rows.records(np.asarray([0])) == [{"id": "E01002535", "access": 2.5e-10}]
