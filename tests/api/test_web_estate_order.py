"""The tables of the estate's pages: in the order of a column, page by page, and each with a name of its own."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from atlas.settings import Settings
from tests.land import inputs_with, land
from tests.toy import toy_atlas
from tests.toy_estate import toy_estate_atlas
from web import create_app
from web.estate_order import SORTS


@pytest.fixture(scope="module")
def estate_app() -> Flask:
    return create_app(Settings(), toy_estate_atlas())


@pytest.fixture
def estate(estate_app: Flask) -> FlaskClient:
    return estate_app.test_client()


def table_of(page: str) -> str:
    return page.partition('class="on-page estate-table"')[2].partition("</table>")[0]


def column(page: str, words: str) -> list[str]:
    """Cells of a column of the table, row by row."""
    cells = re.findall(rf'data-words="{words}">(.*?)</td>', table_of(page))
    return [unescape(re.sub(r"<[^>]*>", "", cell)) for cell in cells]


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="([^"]*)"', table_of(page))


def test_land_is_sorted_either_way_and_unknown_areas_come_last(estate: FlaskClient) -> None:
    rising, falling = (column(estate.get(f"/estate?sort={sort}land").text, "Land, ha") for sort in ("", "-"))
    known = [float(cell) for cell in rising if cell]
    assert len(known) > 3
    assert known == sorted(known)
    assert [float(cell) for cell in falling if cell] == known[::-1]
    assert rising[len(known) :] == falling[len(known) :] == [""] * (len(rising) - len(known))


@pytest.mark.parametrize(("sort", "words"), [("use", "Use"), ("tenure", "Tenure"), ("status", "Status")])
def test_what_is_not_stated_comes_last_in_words_as_well(estate: FlaskClient, sort: str, words: str) -> None:
    for sign in ("", "-"):
        cells = column(estate.get(f"/estate?sort={sign}{sort}").text, words)
        known = [cell for cell in cells if cell != "Not stated"]
        assert known == sorted(known, reverse=sign == "-")
        assert cells == known + ["Not stated"] * (len(cells) - len(known))


@pytest.mark.parametrize("sort", SORTS)
def test_pages_of_an_order_hold_each_asset_once(
    estate: FlaskClient, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    whole = names(estate.get(f"/estate?sort=-{sort}&find=").text)
    monkeypatch.setattr("web.estate.PAGE_ROWS", 5)
    pages = [estate.get(f"/estate?sort=-{sort}&page={number}&min_ha=&view=9/51.5/0").text for number in (1, 2, 3)]
    assert [name for page in pages for name in names(page)] == whole
    assert re.search(rf'href="/estate\?sort=-{sort}&(amp;)?view=[^"]*page=2#table"[^>]*rel="next"', pages[0])


def test_each_heading_is_an_address_that_keeps_the_choice_and_turns_the_order_round(estate: FlaskClient) -> None:
    page = estate.get("/estate?owner=hospital&sort=land&page=1").text
    headings = re.findall(r'<th scope="col" class="[^"]*sorts"([^>]*)><a href="([^"]*)"', table_of(page))
    assert [state.strip() for state, _ in headings] == [""] * 6 + ['aria-sort="ascending"', ""]
    assert [unescape(address) for _, address in headings] == [
        f"/estate?owner=hospital&sort={'-land' if sort == 'land' else sort}#table" for sort in SORTS
    ]
    assert 'aria-sort="descending"' in table_of(estate.get("/estate?sort=-name").text)
    assert "aria-sort" not in estate.get("/estate").text


def test_the_form_and_the_first_list_are_as_they_were(estate: FlaskClient) -> None:
    plain, page = (estate.get(f"/estate{query}").text for query in ("", "?sort=-name"))
    assert 'name="sort" id="sort" value="-name"' in page
    lists = [re.findall(r'class="entry-name"><a href="([^"]*)"', text) for text in (plain, page)]
    assert lists[0] == lists[1]
    assert names(plain) != names(page)


def test_an_order_by_what_is_no_column_is_refused(estate: FlaskClient) -> None:
    answer = estate.get("/estate?sort=colour", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert [one["field"] for one in answer.get_json()["errors"]] == ["sort"]


def test_each_sum_says_what_it_is_a_table_of(estate: FlaskClient) -> None:
    page = estate.get("/estate").text
    captions = re.findall(r'estate-bars">\s*<caption class="govuk-visually-hidden">([^<]*)', page)
    assert captions == [f"What the selection adds up to, by {one}" for one in ("owner", "use", "status", "tenure")]
    assert page.count('class="bars estate-bars"') == len(captions)


def test_places_and_opportunities_can_be_sorted(client: FlaskClient) -> None:
    places = client.get("/siting").text
    assert '<table class="sortable siting-table">' in places
    assert len(re.findall(r'class="(?:number )?sorts"', places)) == 6
    shared = land(
        {"id": "library", "at": (6_000, 500), "use": "library", "status": "in_use"},
        {"of": "hospital", "id": "clinic", "at": (6_100, 500), "use": "health", "status": "in_use"},
    )
    app = create_app(Settings(), replace(toy_atlas(), inputs=inputs_with(shared)))
    page = app.test_client().get("/estate/opportunities").text
    row = page.partition('<tr id="share-1">')[2].partition("</tr>")[0]
    assert '<table class="sortable on-page opportunities">' in page
    assert re.findall(r'data-value="([^"]*)"', row)[:2] == ["Library", "Clinic"]
    assert re.search(r'data-words="People in need" class="number" data-value="[\d.]+"', row)
