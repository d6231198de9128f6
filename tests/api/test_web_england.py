"""England on the web: tiles and values that align, a table without JavaScript, and a way out where it is not here."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from pathlib import Path

import mapbox_vector_tile
import pytest
from flask import Flask
from flask.testing import FlaskClient

from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.settings import Settings
from atlas.snapshot import Atlas
from atlas.vocabulary import Release
from tests.toy import toy_inputs
from tests.toy_england import COUNT, KEY, toy_england
from web import create_app
from web.england import EXTENSION, Country
from web.front import Answer, may_be_kept

TILES = f"/map/tiles/{KEY}"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture(scope="session")
def official() -> Atlas:
    """The toy world as if its need were an official release with two measures."""
    inputs = toy_inputs()
    need = inputs.deprivation
    two = {
        name: getattr(need, name).assign(crime=getattr(need, name)["overall"])
        for name in ("scores", "ranks", "deciles")
    }
    need = replace(need, release=Release.IOD2025, is_estimate=False, **two)
    return analyse(replace(inputs, release=Release.IOD2025, deprivation=need), Parameters())


@pytest.fixture
def england_app(official: Atlas, workspace: Path) -> Flask:
    """That, with an England under it."""
    app = create_app(Settings(workspace=workspace), official, [toy_inputs()])
    country: Country = app.extensions[EXTENSION]
    country._found[Release.IOD2025] = toy_england()
    return app


@pytest.fixture
def england(england_app: Flask) -> FlaskClient:
    return england_app.test_client()


def a_tile() -> tuple[str, bytes]:
    (zoom, column, row), data = next(iter(toy_england().archive.tiles.items()))
    return f"{TILES}/{zoom}/{column}/{row}.pbf", data


def test_a_tile_is_sent_as_it_is_kept_and_never_changes(england: FlaskClient) -> None:
    address, kept = a_tile()
    answer = england.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert answer.data == kept
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert "immutable" in answer.headers["Cache-Control"]
    assert may_be_kept(Answer(200, tuple(answer.headers.items())))
    again = england.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_who_takes_no_gzip_gets_the_tile_unpacked(england: FlaskClient) -> None:
    address, kept = a_tile()
    answer = england.get(address, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in answer.headers
    assert answer.data == gzip.decompress(kept)
    assert mapbox_vector_tile.decode(answer.data)["areas"]["features"]


@pytest.mark.parametrize(
    ("place", "status"), [("5/0/0", 204), ("4/0/0", 404), ("8/0/0", 404), ("5/32/0", 404), ("5/0/99", 404)]
)
def test_empty_tiles_are_told_from_those_that_cannot_be(england: FlaskClient, place: str, status: int) -> None:
    answer = england.get(f"{TILES}/{place}.pbf")
    assert answer.status_code == status
    assert (answer.data == b"") is (status == 204)


def test_tiles_of_other_boundaries_are_not_here(england: FlaskClient) -> None:
    address, _ = a_tile()
    assert england.get(address.replace(KEY, "f" * 16)).status_code == 404


def test_values_names_and_tiles_speak_of_the_same_areas(england: FlaskClient) -> None:
    page = england.get("/england").text
    values = england.get(re.findall(r'data-values="([^"]+)"', page)[0]).get_json()
    names = england.get(f"/map/england/{KEY}/names.json").get_json()
    districts = england.get(f"/map/england/{KEY}/districts.json").get_json()
    assert values["key"] == names["key"] == districts["atlas"]["id"] == KEY
    assert len(values["ranks"]) == len(names["codes"]) == COUNT
    ids = {
        feature["properties"]["id"]
        for data in toy_england().archive.tiles.values()
        for feature in mapbox_vector_tile.decode(gzip.decompress(data))["areas"]["features"]
    }
    assert ids == set(range(COUNT))


def test_values_are_kept_for_ever_under_their_build_and_checked_under_another(england: FlaskClient) -> None:
    address = re.findall(r'data-values="([^"]+)"', england.get("/england").text)[0]
    assert "immutable" in england.get(address).headers["Cache-Control"]
    build = address.split("/")[4]
    assert england.get(address.replace(build, "0" * 12)).headers["Cache-Control"] == "no-cache"
    for wrong in ("overall", "iod1999/overall", "iod2025/idaci", "iod2025/nothing"):
        assert england.get(f"/map/england/{KEY}/{build}/{wrong}.json").status_code == 404


def test_the_page_says_what_it_shows_and_that_gaps_are_londons_only(england: FlaskClient) -> None:
    answer = england.get("/england")
    assert answer.status_code == 200
    assert "10,945 people live in the most deprived tenth of England's 100 small areas" in answer.text
    assert "anchors, access and gaps are known for London only" in answer.text
    assert england.get("/england", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_another_measure_is_another_page_with_the_same_shapes(england: FlaskClient) -> None:
    overall, crime = (england.get(f"/england{query}").text for query in ("", "?domain=crime"))
    assert "small areas, by crime" in crime
    assert re.findall(r"/map/tiles/\w+", overall) == re.findall(r"/map/tiles/\w+", crime)
    assert order_of(overall)[0] != order_of(crime)[0]


def test_a_measure_whose_ranks_are_not_here_leads_to_one_that_is(
    england: FlaskClient, england_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: Country = england_app.extensions[EXTENSION]
    whole = toy_england()
    scored = replace(whole.need, ranks=whole.need.ranks[["overall"]], deciles=whole.need.deciles[["overall"]])
    monkeypatch.setitem(held._found, Release.IOD2025, replace(whole, need=scored))
    answer = england.get("/england?domain=crime&sort=name")
    assert answer.status_code == 200
    assert "<strong>Crime</strong> cannot be shown for all of England" in answer.text
    assert "10,945 people live in the most deprived tenth of England's 100 small areas</h1>" in answer.text
    assert '<option value="crime"' not in answer.text
    assert "cannot be shown" not in england.get("/england").text
    address = re.findall(r'data-values="([^"]+)"', answer.text)[0]
    assert england.get(address.replace("overall", "crime")).status_code == 404


def test_the_release_can_be_chosen_where_england_is_here_under_another(
    england: FlaskClient, england_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = england.get("/england?domain=crime&sort=-people").text
    assert "england-release" not in page
    assert '<input type="hidden" name="sort" value="-people">' in page
    held: Country = england_app.extensions[EXTENSION]
    monkeypatch.setitem(held._found, Release.ESTIMATE, toy_england())
    page = england.get("/england?domain=crime&sort=-people").text
    assert re.findall(r'<option value="(\w+)"(?: selected)?>Indices', page) == ["iod2025"]
    assert '<option value="iod2025" selected>' in page
    form = page[page.index('id="england-choices"') :].partition("</form>")[0]
    assert re.findall(r'<input type="hidden" name="(\w+)"', form) == ["sort"]


def test_boards_are_named_with_the_year_that_they_are_of(england: FlaskClient) -> None:
    page = england.get("/england").text
    assert "West Board, 2022</small>" in page
    assert "Integrated care boards are those of 2022." in page
    assert '"boardsYear":2022' in page


def test_what_the_page_does_not_know_is_named(england: FlaskClient) -> None:
    plain = england.get("/england?domain=crime&catchment=2000&sort=-people")
    assert "passed over" not in plain.text
    answer = england.get("/england?domain=crime&<b>=1&sort=largest")
    assert "passed over: <code>&lt;b&gt;</code>, <code>sort=largest</code>." in answer.text
    assert answer.headers["ETag"] != england.get("/england?domain=crime").headers["ETag"]


def order_of(page: str) -> list[str]:
    table = page[page.index('id="districts"') :]
    return re.findall(r'<th scope="row"[^>]*>([^<]+)', table)


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        ("name", "&lt;img src=x onerror=alert(1)&gt;", "South West"),
        ("-name", "South West", "&lt;img src=x onerror=alert(1)&gt;"),
        ("people", "&lt;img src=x onerror=alert(1)&gt;", "South West"),
        ("nonsense", "&lt;img src=x onerror=alert(1)&gt;", "South West"),
    ],
)
def test_the_table_is_sorted_by_its_address(england: FlaskClient, sort: str, first: str, last: str) -> None:
    found = order_of(england.get(f"/england?sort={sort}").text)
    assert len(found) == 4
    assert (found[0], found[-1]) == (first, last)


def test_hostile_names_are_text(england: FlaskClient) -> None:
    assert "<img" not in england.get("/england").text


def test_the_policy_allows_pictures_of_the_set_origin_alone(official: Atlas, tmp_path: Path) -> None:
    settings = Settings(
        workspace=tmp_path, tiles_url="https://t.example.org/a/{z}/{x}/{y}.png", tiles_attribution="© Example"
    )
    app = create_app(settings, official)
    app.extensions[EXTENSION]._found[Release.IOD2025] = toy_england()
    answer = app.test_client().get("/england")
    policy = answer.headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://t.example.org;" in policy
    assert "unsafe" not in policy
    assert "© Example" in answer.text
    assert "t.example.org" not in app.test_client().get("/").headers["Content-Security-Policy"]


def test_without_the_official_files_the_page_says_how_to_get_them(client: FlaskClient) -> None:
    answer = client.get("/england")
    assert answer.status_code == 404
    assert "atlas data pull iod2025 lsoa21_england" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_england_is_linked_only_where_its_files_are(
    client: FlaskClient, official: Atlas, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 'href="/england"' not in client.get("/").text
    monkeypatch.setattr("web.england.missing_for", lambda _workspace, _release: ())
    app = create_app(Settings(workspace=workspace), official)
    page = app.test_client().get("/").text
    assert 'href="/england">need in all of England</a>' in page
    assert 'href="/england">England</a>' in page


def test_while_the_map_is_made_the_page_says_so_and_when_to_come_again(
    official: Atlas, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.england.missing_for", lambda _workspace, _release: ())
    app = create_app(Settings(workspace=workspace), official)
    answer = app.test_client().get("/england")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "The map is being made" in answer.text
    app.extensions[EXTENSION]._failed[Release.IOD2025] = "there is no room"
    assert "could not be made: there is no room" in app.test_client().get("/england").text


@pytest.mark.parametrize("missing", [(), ("iod2025",)])
def test_another_release_that_has_a_map_is_offered(
    england: FlaskClient, monkeypatch: pytest.MonkeyPatch, missing: tuple[str, ...]
) -> None:
    monkeypatch.setattr("web.england.missing_for", lambda _workspace, _release: missing)
    answer = england.get("/england?release=estimate")
    assert answer.status_code == 404
    assert '<a href="/england?release=iod2025">' in answer.text
