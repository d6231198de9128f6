"""Land on the pages of those who hold it, and what partners could do together: pages and interface."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from atlas.geo.estate.model import Viewer
from atlas.graph.estate import with_assets
from atlas.settings import Settings
from tests.land import inputs_with, land
from tests.toy import EAST, HOSTILE, toy_atlas
from web import create_app

LAND = (
    {"id": "library", "at": (6_000, 500), "use": "library", "status": "in_use", "tenure": "freehold", "land_ha": 0.25},
    {"of": "hospital", "id": "clinic", "at": (6_100, 500), "use": "health", "occupier": "West University"},
    {"id": "hall", "at": (7_300, 500), "use": "community", "status": "vacant", "name": HOSTILE},
    {"of": "hospital", "id": "works", "at": (7_350, 500), "use": "health", "status": "under_construction"},
    {"of": "nobody", "id": "yard", "at": (5_600, 1_900), "use": "depot", "status": "surplus"},
    {"id": "secret", "at": (7_310, 510), "use": "office", "status": "vacant", "visibility": "partners"},
    {"id": "shelter", "at": (7_320, 520), "use": "refuge", "status": "vacant"},
)
PAGES = (
    "/institutions/council",
    "/networks/west",
    "/gaps/quarter-3-east",
    "/boroughs/east",
    "/estate/opportunities",
    "/siting?candidates=assets",
    "/api/v1/estate/opportunities",
    "/api/v1/graph?assets=yes",
    "/data",
    "/search?q=hall",
    "/graph",
)


@pytest.fixture(scope="module")
def app() -> Flask:
    estate = land(*LAND).seen_by(Viewer.public())
    return create_app(Settings(), replace(toy_atlas(), inputs=inputs_with(estate)))


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def bare() -> FlaskClient:
    return create_app(Settings(), toy_atlas()).test_client()


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return str(answer.get_data(as_text=True))


@pytest.mark.parametrize("address", PAGES)
def test_what_is_guarded_is_on_no_page_and_a_name_is_text(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "council-secret" not in text
    assert "council-shelter" not in text
    assert "Secret" not in text
    assert answer.mimetype != "text/html" or HOSTILE not in text


def test_an_institution_shows_its_land(client: FlaskClient) -> None:
    page = read(client, "/institutions/council")
    assert 'id="land"' in page
    assert "2 assets, 1 of them vacant, surplus or subject to disposal" in page
    assert "0.25 hectares (of the 1 whose area is known)" in page
    assert "Freehold" in page
    assert '<a href="/estate?owner=council">See its land and property on the map</a>' in page


def test_an_institution_shows_what_others_registers_say_it_occupies(client: FlaskClient) -> None:
    page = read(client, "/institutions/university")
    assert "Clinic" in page
    assert "No register of its own is here" in page
    assert "on the map</a>" not in page


def test_a_network_shows_its_members_land_by_member(client: FlaskClient) -> None:
    page = read(client, "/networks/west")
    assert "Members&#39; land and property" in page or "Members' land and property" in page
    assert "Of 1 member, 1 has a register here: 2 assets" in page


def test_a_network_whose_members_have_no_register_says_that_nothing_follows(client: FlaskClient) -> None:
    assert "None of its 1 member has a register here: that says nothing of what they hold." in read(
        client, "/networks/all"
    )


def test_a_gap_area_shows_the_land_inside_it_what_is_not_in_use_first(client: FlaskClient) -> None:
    page = read(client, "/gaps/quarter-3-east")
    assert "Public land inside it" in page
    section = page[page.index('id="about-land"') :]
    assert section.index("alert(1)") < section.index("Works")
    assert "Library" not in section[: section.index("</section>")]


def test_a_borough_shows_land_by_owner(client: FlaskClient) -> None:
    page = read(client, "/boroughs/east")
    owners = page[page.index('id="land"') :]
    assert "West Council" in owners
    assert "Nobody" in owners
    assert "absence of record is not absence of land" in owners


def test_a_borough_without_land_on_record_is_not_said_to_have_none(client: FlaskClient) -> None:
    assert "The registers that are here have nothing in West." in read(client, "/boroughs/west")


@pytest.mark.parametrize("address", PAGES[:4])
def test_where_no_register_is_here_pages_say_nothing_of_land(bare: FlaskClient, address: str) -> None:
    assert 'id="land"' not in read(bare, address)


def test_opportunities_are_a_sentence_three_parts_and_a_drawing(client: FlaskClient) -> None:
    page = read(client, "/estate/opportunities")
    assert "The registers of 3 partners show 1 pair of places that two partners could share" in page
    for part in ("share", "spare", "help"):
        assert f'<h2 id="{part}">' in page
        assert f'href="#{part}-1"' in page
        assert f'id="{part}-1"' in page
    assert "West Council convenes West Partnership, which has as a member Western Hospital." in page
    assert 'href="/institutions/hospital"' in page
    assert 'href="/gaps/quarter-3-east"' in page


def test_a_partner_that_is_not_on_record_has_no_link(client: FlaskClient) -> None:
    assert "/institutions/nobody" not in read(client, "/estate/opportunities")


def test_opportunities_of_a_borough(client: FlaskClient) -> None:
    assert "in West was found" in read(client, "/estate/opportunities?in=West")
    chosen = read(client, f"/estate/opportunities?in={EAST}")
    assert f'<option value="{EAST}" selected>' in chosen


def test_without_a_register_the_page_says_so(bare: FlaskClient) -> None:
    page = read(bare, "/estate/opportunities")
    assert "No land or property register is here yet" in page
    assert "None is found in the registers that are here." in page


def test_the_interface_gives_json_csv_and_geojson(client: FlaskClient) -> None:
    document = json.loads(read(client, "/api/v1/estate/opportunities"))
    assert document["co_locations"]["pairs"] == 1
    lines = [*csv.DictReader(io.StringIO(read(client, "/api/v1/estate/opportunities?format=csv")))]
    shapes = json.loads(read(client, "/api/v1/estate/opportunities?format=geojson"))
    assert len(lines) == len(shapes["features"]) == 4


def test_the_interface_refuses_what_it_does_not_know(client: FlaskClient) -> None:
    assert client.get("/api/v1/estate/opportunities?format=xml").status_code == 400
    assert client.get("/api/v1/estate/opportunities?borough=East").status_code == 400
    assert client.get("/api/v1/graph?assets=maybe").status_code == 400


def test_a_page_is_kept_and_its_tag_follows_the_land(client: FlaskClient, bare: FlaskClient) -> None:
    first = client.get("/estate/opportunities")
    again = client.get("/estate/opportunities", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert bare.get("/estate/opportunities").headers["ETag"] != first.headers["ETag"]


def test_the_graph_has_assets_only_where_they_are_asked_for(client: FlaskClient, bare: FlaskClient) -> None:
    plain = json.loads(read(client, "/api/v1/graph"))
    assert plain == json.loads(read(bare, "/api/v1/graph"))
    held = json.loads(read(client, "/api/v1/graph?assets=yes"))
    assets = [node for node in held["nodes"] if node["kind"] == "asset"]
    assert {node["id"] for node in assets} == {
        "asset:council-library",
        "asset:council-hall",
        "asset:hospital-clinic",
        "asset:hospital-works",
    }


def test_files_of_the_graph_with_assets_are_offered_where_there_are_any(client: FlaskClient, bare: FlaskClient) -> None:
    page = read(client, "/graph/export")
    assert "with-assets.graphml" in page
    assert "with-assets" not in read(bare, "/graph/export")
    file = next(part for part in page.split('"') if part.endswith("with-assets.graphml"))
    assert "asset:council-library" in read(client, file)
    assert "asset:council-library" not in read(client, file.replace("-with-assets", ""))


def test_the_data_page_counts_assets_and_those_that_are_left_out(client: FlaskClient) -> None:
    page = read(client, "/data")
    assert "4 rows of registers" in page
    assert "1 more belong" in page


def test_siting_offers_land_where_any_is_here(client: FlaskClient, bare: FlaskClient) -> None:
    page = read(client, "/siting?candidates=assets&p=1")
    assert "vacant, surplus or subject to disposal" in page
    assert 'value="assets" selected' in page
    assert 'value="assets"' not in read(bare, "/siting")
    assert bare.get("/siting?candidates=assets").status_code == 400


def test_the_drawing_of_the_graph_has_no_asset(client: FlaskClient) -> None:
    page = read(client, "/graph")
    address = next(part for part in page.split('"') if part.endswith("graph.json"))
    assert "asset:" not in read(client, address)


def test_assets_of_another_viewer_are_another_graph() -> None:
    estate = land(*LAND)
    plain = toy_atlas().graph
    whole = with_assets(plain, estate.assets, estate.registers)
    public = estate.seen_by(Viewer.public())
    assert len(with_assets(plain, public.assets, public.registers)) == len(whole) - 2
