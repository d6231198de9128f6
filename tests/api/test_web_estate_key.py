"""The map on the page of one asset has a key to its marks."""

from __future__ import annotations

import html
import json
import re

import pytest
from flask.testing import FlaskClient

from atlas.settings import Settings
from tests.toy_estate import toy_estate_atlas
from web import create_app


@pytest.fixture(scope="module")
def land() -> FlaskClient:
    return create_app(Settings(), toy_estate_atlas()).test_client()


def test_marks_of_the_map_round_an_asset_have_a_key(land: FlaskClient) -> None:
    page = land.get("/estate/assets/council-depot").text
    state = json.loads(page.partition('id="estate-state">')[2].partition("</script>")[0])
    key = page.partition('class="estate-legend"')[2].partition("</ul>")[0]
    said = re.findall(r"aria-hidden=\"true\">(.)</span> ([^<]*)</li>", key)
    assert [(letter, html.unescape(label)) for letter, label in said] == [
        (group["letter"], group["label"]) for group in state["groups"]
    ]
    assert "this asset has a yellow ring" in key


def test_what_is_nowhere_has_no_key(land: FlaskClient) -> None:
    page = land.get("/estate/assets/council-lost").text
    assert "It is not on the map" in page
    assert "estate-legend" not in page
