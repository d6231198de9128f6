"""The page of one asset: what is on record of it, and the other rows of its place."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.toy_estate import HIDDEN, PARTNERS_ONLY


def test_the_page_of_an_asset_shows_facts_source_and_what_was_found(land: FlaskClient) -> None:
    page = land.get("/estate/assets/council-depot").text
    for said in ("Depot", "Leasehold", "Vacant", "1.5 ha", "council.csv", "31 March 2026", "asset:council-depot"):
        assert said in page
    assert "The axes were swapped" in page
    assert "Ward councillors" in page
    assert '<a href="/institutions/council">Council</a>' in page


def test_rows_of_one_place_stand_side_by_side_with_what_differs(land: FlaskClient) -> None:
    page = land.get("/estate/assets/council-block").text
    same = page.partition('class="estate-same"')[2].partition("</table>")[0]
    assert 'href="/estate/assets/hospital-block"' in same
    differing = re.findall(r'class="is-different"><th scope="row">(\w[\w ]*)', same)
    assert {words.strip() for words in differing} == {"Name", "Use", "Land", "Floor area"}
    assert "each its own" in same.partition("Tenure")[2][:80]
    assert "1 November 2025" in same


def test_a_match_that_nobody_decided_is_told_as_such(land: FlaskClient) -> None:
    page = land.get("/estate/assets/council-library").text
    assert "nobody has decided" in page
    assert "hospital-clinic" in page


def test_an_asset_that_is_nowhere_says_so(land: FlaskClient) -> None:
    page = land.get("/estate/assets/council-lost").text
    assert "It is not on the map" in page
    assert 'class="atlas-map"' not in page


def test_an_asset_of_no_such_id_is_not_found_and_near_ids_are_named(land: FlaskClient) -> None:
    answer = land.get("/api/v1/estate/assets/council-libary")
    assert answer.status_code == 404
    assert "council-library" in answer.get_json()["suggestions"]


@pytest.mark.parametrize("route", ["/estate/assets/{}", "/api/v1/estate/assets/{}"])
@pytest.mark.parametrize("key", ["council-refuge", "asset:council-refuge", "hospital-reserve"])
def test_what_not_everybody_may_see_has_no_page(land: FlaskClient, route: str, key: str) -> None:
    answer = land.get(route.format(key))
    assert answer.status_code == 404
    assert HIDDEN not in answer.text
    assert PARTNERS_ONLY not in answer.text
