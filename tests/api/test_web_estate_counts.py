"""One asset is one place: every page and answer counts the same, and says rows where it means rows."""

from __future__ import annotations

import html
import json
import re

import pytest
from flask.testing import FlaskClient

from atlas.settings import Settings
from tests.toy import WEST
from tests.toy_estate import toy_estate_atlas
from web import create_app


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(Settings(), toy_estate_atlas()).test_client()


def words(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    main = answer.text[answer.text.index("<main") :]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())


def test_a_borough_has_as_many_assets_as_the_map_of_the_estate_counts_there(client: FlaskClient) -> None:
    found = json.loads(client.get(f"/api/v1/estate/totals?in={WEST}").text)
    assert found["interests"] == found["assets"] + 1
    assert found["on_map"] <= found["assets"]
    of = f"{found['assets']} assets"
    assert f"Selected {of}" in words(client, f"/estate?in={WEST}")
    page = words(client, f"/boroughs/{WEST}")
    assert f"Land and property {found['assets']} {of} (from {found['interests']} rows of registers)" in page
    by_owner = {row["key"]: row["assets"] for row in found["by_owner"]}
    assert f"West Council {by_owner['institution:council']} 1 " in page


def test_imports_registers_and_the_front_count_places_too(client: FlaskClient) -> None:
    everything = json.loads(client.get("/api/v1/estate/totals").text)
    assert everything["assets"] == 11
    assert "with 11 assets that everybody may see" in words(client, "/estate/imports")
    assert "11 assets of" in words(client, "/about")
    assert json.loads(client.get("/api/v1/estate/opportunities").text)["assets"] == 11
    registers = json.loads(client.get("/api/v1/estate/registers").text)["registers"]
    assert sum(one["rows"] for one in registers) == everything["interests"] == 12
    assert {one["register"]: one["assets"] for one in registers} == {"council": 8, "hospital": 3, "nobody": 1}


def test_what_no_register_says_is_not_stated_on_every_page(client: FlaskClient) -> None:
    page = words(client, f"/boroughs/{WEST}")
    land = page[page.index("Land and property") : page.index("How completely")]
    assert "Not stated" in land
    assert "unknown" not in land.lower()
