"""The single map: its page, in words that follow what is chosen; and what holds for every answer of it."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from flask.testing import FlaskClient

from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.settings import Settings
from tests.estate_page import VIEW, WEST_HALF, heading, table_rows
from tests.land import inputs_with
from tests.land import land as land_of
from tests.toy import HOSTILE
from tests.toy_estate import HIDDEN, PARTNERS_ONLY, toy_estate, toy_estate_atlas
from web import create_app
from web.security import digest, policy

PAGES = [
    "/estate",
    "/estate?owner=hospital&by=use",
    "/estate?find=img",
    "/estate?" + WEST_HALF,
    "/estate/assets/council-hostile",
    "/estate/assets/council-formula",
    "/estate/assets/council-block",
    "/estate/assets/council-lost",
]


ANSWERS = [
    *PAGES,
    VIEW + "&zoom=9",
    VIEW + "&zoom=17",
    "/api/v1/estate",
    "/api/v1/estate/totals",
    "/api/v1/estate/registers",
    "/api/v1/estate/assets/council-block",
    "/api/v1/estate/assets.csv",
    "/api/v1/estate/assets.geojson",
    "/api/v1/estate/assets.gpkg",
]


def test_the_page_begins_with_one_sentence(land: FlaskClient) -> None:
    assert heading(land.get("/estate").text) == (
        "3 partners hold 11 assets on record; 4 are vacant, surplus or subject to disposal."
    )


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("in=east", "2 partners hold 3 assets on record in East; 1 is vacant, surplus or subject to disposal."),
        (
            "owner=hospital",
            "1 partner holds the 3 assets chosen, of 11 on record; 0 are vacant, surplus or subject to disposal.",
        ),
        ("find=nothing+such", "No asset on record with “nothing such” is as chosen here."),
        (
            "find=stores&gap=quarter-3-east",
            "1 partner holds the 1 asset chosen with “stores” in the gap area Quarter 3, East, of 11 on record; 0 are",
        ),
        (
            "box=536000,180000,537000,182000&in=east&area=-0.2,51.4,0.1,51.4,0.1,51.6,-0.2,51.6",
            "2 partners hold the 2 assets chosen in the area drawn, the box, East, of 11 on record; 1 is",
        ),
        ("in=east&use=library", "No asset on record in East is as chosen here."),
    ],
)
def test_the_sentence_follows_the_choice(land: FlaskClient, query: str, sentence: str) -> None:
    assert heading(land.get(f"/estate?{query}").text).startswith(sentence)


@pytest.mark.parametrize(
    ("query", "sentence", "number"),
    [
        ("", "2 partners hold 10 of 11 assets on record; 1 is only listed", 11),
        ("in=west", "2 partners hold 6 of 7 assets on record in West; 1 is only listed", 7),
        ("tenure=not_held", "No partner holds the 1 asset chosen, of 11 on record: it is only listed", 1),
        ("available=1", "1 partner holds 3 of the 4 assets chosen, of 11 on record; 1 is only listed", 4),
    ],
)
def test_what_is_only_listed_is_counted_apart_and_with_the_rest(query: str, sentence: str, number: int) -> None:
    estate = toy_estate()
    tenure = estate.assets["tenure"].mask(estate.assets["register"] == "nobody", "not_held")
    atlas = analyse(inputs_with(replace(estate, assets=estate.assets.assign(tenure=tenure))), Parameters())
    page = create_app(Settings(), atlas).test_client().get(f"/estate?{query}").text
    assert heading(page).startswith(sentence + "; ")
    assert f'<b id="total-assets">{number}</b>' in page


def test_without_a_register_the_page_says_how_one_comes_in(client: FlaskClient) -> None:
    page = client.get("/estate").text
    assert heading(page) == "No partner's land or property is on record here yet."
    assert '<a href="/estate/imports">from the web</a> or by <code>atlas estate import FILE --partner ID</code>' in page
    assert "`" not in page.partition("<h1>")[2].partition("</p>")[0]


def test_dates_of_registers_and_what_is_not_known_stand_open_on_the_page(land: FlaskClient) -> None:
    page = land.get("/estate").text
    assert "3 registers: 2 from 1 November 2025 to 31 March 2026, 1 without a date." in page
    complete = page.partition('class="estate-complete"')[2]
    for said in ("31 March 2026", "1 November 2025", "no date"):
        assert said in complete
    assert "No date is known of the register of Nobody." in page
    assert "absence of record is not absence of land" in page
    assert "5 of 11 state no area of land" in page


def test_what_is_not_known_and_the_legend_are_of_the_assets_chosen(land: FlaskClient) -> None:
    page = land.get("/estate?owner=hospital").text
    assert "1 register of 1 November 2025." in page
    assert "No date is known" not in page
    shown = page.partition('id="estate-groups"')[2].partition("</ul>")[0]
    assert re.findall(r"</span> ([^<]*)</li>", shown) == ["Hospital"]
    assert re.findall(r"estate-kind-(\w+)", shown) == re.findall(r"estate-mark estate-kind-(\w+)", page)[:1]
    assert "No date is known of the register of Nobody." in land.get("/estate?owner=nobody,hospital").text


def test_downloads_and_totals_are_those_of_the_selection(land: FlaskClient) -> None:
    page = land.get("/estate?owner=hospital&in=west").text
    for form in ("gpkg", "geojson", "csv"):
        found = re.search(rf'href="(/api/v1/estate/assets\.{form}\?[^"]*)"', page)
        assert found is not None
        answer = land.get(unescape(found[1]))
        assert answer.status_code == 200
        assert "atlas-estate-" in answer.headers["Content-Disposition"]
    assert '<b id="total-assets">2</b>' in page
    assert "at least <b>0.5 ha</b>" in page


def test_the_table_comes_in_pages(land: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.estate.PAGE_ROWS", 5)
    first, last = (land.get(f"/estate?page={page}&min_ha=0&view=9/51.5/0").text for page in (1, 2))
    assert "page 2 of 2" in first
    assert re.search(r'href="[^"]*page=2#table"', first)
    assert 'rel="next"' in first
    assert "page 1 of 2" in last
    assert 'rel="prev"' in last
    assert not set(table_rows(first)) & set(table_rows(last))


@pytest.mark.parametrize("address", ANSWERS)
def test_what_not_everybody_may_see_is_in_no_answer(land: FlaskClient, address: str) -> None:
    data = land.get(address).data
    for secret in (HIDDEN, PARTNERS_ONLY, "E1 9ZZ", "E1 8YY", "council-refuge", "hospital-reserve"):
        assert secret.encode() not in data


@pytest.mark.parametrize("address", PAGES)
def test_hostile_names_are_text(land: FlaskClient, address: str) -> None:
    text = land.get(address).text
    assert "<img" not in text
    text = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL).replace("&lt;img src=x onerror=alert(1)&gt;", "")
    assert not re.search(r"<[^>]*\s(style|on[a-z]+)=", text)


def test_hostile_names_are_shown_as_they_are(land: FlaskClient) -> None:
    assert heading(land.get("/estate/assets/council-hostile").text) == f"{HOSTILE} Surplus"
    assert HOSTILE in land.get(f"{VIEW}&zoom=16").get_json()["assets"]["name"]


@pytest.mark.parametrize("typed", ["find", "owner", "area", "box", "gap"])
def test_what_is_typed_is_text(land: FlaskClient, typed: str) -> None:
    assert "<script>alert" not in land.get(f"/estate?{typed}=<script>alert(1)</script>").text


@pytest.mark.parametrize("address", PAGES)
def test_the_policy_allows_the_inline_script_of_that_page_alone(land: FlaskClient, address: str) -> None:
    answer = land.get(address)
    scripts = re.findall(r"<script>(.*?)</script>", answer.text, flags=re.DOTALL)
    assert answer.headers["Content-Security-Policy"] == policy([digest(script) for script in scripts])


@pytest.mark.parametrize("address", ANSWERS)
def test_an_answer_that_the_reader_holds_is_not_sent_again(land: FlaskClient, address: str) -> None:
    first = land.get(address)
    assert first.status_code == 200
    again = land.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_small_area_is_not_written_as_none() -> None:
    row = {"id": "kiosk", "at": (6_000, 500), "use": "retail", "land_ha": 0.0031}
    atlas = replace(toy_estate_atlas(), inputs=inputs_with(land_of(row)))
    page = create_app(Settings(), atlas).test_client().get("/estate").text
    cells = re.findall(r'<td class="number">([^<]*)</td>', page[page.index("By use") :])
    assert cells[:3] == ["1", "0.0031", "\N{EN DASH}"]
