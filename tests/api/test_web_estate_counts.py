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


def offered(client: FlaskClient, address: str, name: str) -> list[tuple[str, int, bool]]:
    page = client.get(address).text
    ticks = re.findall(rf'name="{name}" value="([^"]*)"( checked)?>[^<]*<span class="quiet">([\d,]*)<', page)
    return [(value, int(number.replace(",", "")), bool(checked)) for value, checked, number in ticks]


def test_what_stands_beside_a_choice_is_what_it_would_leave_of_all_else_that_is_chosen(client: FlaskClient) -> None:
    assert offered(client, "/estate", "owner") == [("council", 8, False), ("hospital", 3, False), ("nobody", 1, False)]
    east = offered(client, "/estate?in=east", "owner")
    assert east == [("council", 2, False), ("hospital", 1, False), ("nobody", 0, False)]
    for value, number, _ in east:
        assert json.loads(client.get(f"/api/v1/estate/totals?in=east&owner={value}").text)["assets"] == number


def test_a_list_follows_every_other_choice_but_not_its_own(client: FlaskClient) -> None:
    address = "/estate?owner=hospital&use=health"
    assert offered(client, address, "owner") == [("hospital", 2, True), ("council", 0, False), ("nobody", 0, False)]
    uses = {value: number for value, number, _ in offered(client, address, "use")}
    assert (uses["health"], uses["depot"], uses["library"]) == (2, 1, 0)
    tenures = {value: number for value, number, _ in offered(client, address, "tenure")}
    assert tenures == {"freehold": 1, "leasehold": 1, "other": 0, "unknown": 0}


def test_a_choice_that_would_leave_none_can_still_be_ticked_and_comes_last(client: FlaskClient) -> None:
    whole, none = (offered(client, f"/estate?{query}", "use") for query in ("", "find=nothing+such"))
    assert [number for _, number, _ in none] == [0] * len(whole)
    assert none == [(value, 0, False) for value, _, _ in whole]
    page = client.get("/estate?owner=nobody").text
    assert page.count('<label class="tick quiet"><input type="checkbox" name="use"') == len(whole) - 1
