"""The single map: its page, its windows, the page of an asset, and the same for programs."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from flask import Flask
from flask.testing import FlaskClient

from atlas.maps.estate_style import COLOURS, OTHER, UNSAID
from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.settings import Settings
from tests.land import inputs_with
from tests.land import land as land_of
from tests.toy import HOSTILE, WEST
from tests.toy_estate import FORMULA, HIDDEN, PARTNERS_ONLY, toy_estate, toy_estate_atlas
from web import create_app
from web.security import digest, policy

VIEW = "/estate/view.json?bbox=-0.2,51.4,0.1,51.6"
WEST_HALF = "area=-0.125,51.498,-0.071,51.498,-0.071,51.522,-0.125,51.522"
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


@pytest.fixture(scope="module")
def estate_app() -> Flask:
    return create_app(Settings(), toy_estate_atlas())


@pytest.fixture
def land(estate_app: Flask) -> FlaskClient:
    return estate_app.test_client()


def heading(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page, flags=re.DOTALL)
    assert found is not None
    return unescape(re.sub(r"<[^>]*>", "", found[1])).strip()


def state_of(page: str) -> dict[str, Any]:
    found = re.search(r'id="estate-state">(.*?)</script>', page, flags=re.DOTALL)
    assert found is not None
    state: dict[str, Any] = json.loads(found[1])
    return state


def table_rows(page: str) -> list[str]:
    table = page.partition('class="on-page estate-table"')[2].partition("</table>")[0]
    return [unescape(re.sub(r"<[^>]*>", "", row)) for row in re.findall(r'<th scope="row">(.*?)</th>', table)]


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


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("owner=hospital", {"Clinic", "Quarter Block, 2nd floor", "Stores"}),
        ("owner=institution:hospital&owner=nobody", {"Clinic", "Quarter Block, 2nd floor", "Stores", "Yard"}),
        ("owner=Hospital,nobody&use=land", {"Yard"}),
        ("tenure=leasehold", {"Depot", "Quarter Block, 2nd floor"}),
        ("status=vacant,surplus", {"Depot", HOSTILE, "Lost"}),
        ("available=1&in=west", {HOSTILE, "Yard"}),
        ("min_ha=1", {"Depot", "Lost", "Town Hall"}),
        ("min_ha=0.25&max_ha=0.45", {"Quarter Block", "Yard"}),
        ("find=e1+1bj", {"Library"}),
        ("placed=nowhere", {"Lost"}),
        ("gap=quarter-3-east", {"Stores"}),
        ("box=536000,180000,537000,182000", {"Depot", "Stores"}),
        (WEST_HALF + "&use=office", {"Quarter Block"}),
    ],
)
def test_every_choice_narrows_the_table(land: FlaskClient, query: str, names: set[str]) -> None:
    page = land.get(f"/estate?{query}").text
    assert {row.removesuffix(" not on the map") for row in table_rows(page)} == names


def test_choices_stay_chosen_in_the_form(land: FlaskClient) -> None:
    page = land.get("/estate?owner=hospital&use=health&available=1&find=clinic&min_ha=0&in=west&by=status").text
    for kept in (
        'name="owner" value="hospital" checked',
        'name="use" value="health" checked',
        'name="available" value="1" checked',
        'value="clinic"',
        '<option value="E09000001" selected>',
        '<option value="status" selected>',
    ):
        assert kept in page


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


def test_every_bad_choice_is_told_at_once(land: FlaskClient) -> None:
    bad = "owner=hospitl&use=castle&min_ha=-1&area=1,2&box=x&gap=nowhere&view=here&by=shape&available=maybe&page=0"
    answer = land.get(f"/estate?{bad}", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert {one["field"] for one in answer.get_json()["errors"]} == {
        *("owner", "use", "min_ha", "area", "box", "gap", "view", "by", "available", "page")
    }
    assert "did you mean hospital?" in answer.text


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("min_ha=5&max_ha=1", "max_ha", "Size to must be no less than the smallest size, 5 hectares"),
        ("min_ha=few", "min_ha", "Size from must be a number of hectares from 0"),
        ("box=537000,180000,536000,182000", "box", "Box must be west, south, east, north in this order: west is the"),
        ("box=1,2,3", "box", "Box must be four numbers in Britain"),
    ],
)
def test_what_was_typed_and_cannot_be_used_is_told_beside_its_field(
    land: FlaskClient, query: str, field: str, said: str
) -> None:
    answer = land.get(f"/estate?in=east&{query}", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (400, "no-store")
    assert f'<a href="#{field}">{said}' in answer.text
    assert f'id="{field}-error" class="govuk-error-message">{said}' in answer.text
    value = query.rpartition("=")[2]
    assert re.search(rf'<input id="{field}"[^>]* value="{value}" aria-invalid="true"', answer.text)
    assert '<option value="E09000002" selected>' in answer.text


def test_other_refusals_lead_back_to_the_map(land: FlaskClient) -> None:
    answer = land.get("/estate?gap=none&min_ha=x", headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "Gap area: must be the id of a gap area" in answer.text
    assert '<a href="/estate">The map of land and property</a>' in answer.text


@pytest.mark.parametrize(
    "area",
    [
        "0,51,0,52",
        "0,51,1,51,nan,52",
        "0,51,1,51,1e9,52",
        ",".join(["0.1,51.5"] * 201),
        "0.1,51.5,0.1,51.6,0.2",
    ],
)
def test_an_area_that_is_none_is_refused(land: FlaskClient, area: str) -> None:
    assert land.get(f"/api/v1/estate/totals?area={area}").status_code == 400


def test_a_line_that_crosses_itself_goes_round_what_it_goes_round(land: FlaskClient) -> None:
    bow = "area=-0.125,51.498,-0.02,51.522,-0.02,51.498,-0.125,51.522"
    assert land.get(f"/api/v1/estate/totals?{bow}").get_json()["assets"] > 0


def test_a_window_from_afar_counts_and_one_nearby_shows_each_place(land: FlaskClient) -> None:
    far, near = (land.get(f"{VIEW}&zoom={zoom}").get_json() for zoom in (9, 16))
    assert far["places"] == near["places"] == 10
    assert sum(far["clusters"]["count"]) + len(far["assets"]["id"]) == 10
    assert far["clusters"]["count"]
    assert near["clusters"]["count"] == []
    assert len(near["assets"]["id"]) == 10
    assert near["assets"]["interests"][near["assets"]["id"].index("council-block")] == 2
    assert near["assets"]["id"][near["assets"]["approximate"][0]] == "council-car-park"


def test_an_outline_is_closed_and_belongs_to_its_asset(land: FlaskClient) -> None:
    near = land.get(f"{VIEW}&zoom=17").get_json()
    [[asset, *steps]] = near["outlines"]
    assert near["assets"]["id"][asset] == "council-town-hall"
    longitudes, latitudes = steps[::2], steps[1::2]
    assert sum(longitudes[1:]) == sum(latitudes[1:]) == 0


def test_a_window_holds_what_is_chosen_and_no_more(land: FlaskClient) -> None:
    assert land.get(f"{VIEW}&zoom=16&owner=nobody").get_json()["assets"]["name"] == ["Yard"]
    assert land.get("/estate/view.json?bbox=-0.036,51.5,-0.03,51.51&zoom=16").get_json()["assets"]["name"] == ["Depot"]


def test_marks_are_coloured_and_lettered_by_what_is_asked(land: FlaskClient) -> None:
    for by, label in (("owner", "Council"), ("use", "Depot or store"), ("tenure", "Freehold"), ("status", "In use")):
        state = state_of(land.get(f"/estate?by={by}").text)
        assert label in {group["label"] for group in state["groups"]}
        letters = [group["letter"] for group in state["groups"]]
        assert len(set(letters)) == len(letters)
        kinds = land.get(f"{VIEW}&zoom=16&by={by}").get_json()["assets"]["kind"]
        assert max(kinds) < len(letters)


@pytest.mark.parametrize("bad", ["", "bbox=1,2,3&zoom=9", "bbox=0,51,1,52&zoom=x", "bbox=1,51,0,52&zoom=9", VIEW])
def test_a_window_without_a_box_or_a_zoom_is_refused(land: FlaskClient, bad: str) -> None:
    answer = land.get(bad if bad == VIEW else f"/estate/view.json?{bad}", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"


def test_the_map_begins_where_the_choice_is(land: FlaskClient) -> None:
    assert state_of(land.get("/estate").text)["bounds"] is None
    [[south, west], [north, east]] = state_of(land.get("/estate?gap=quarter-3-east").text)["bounds"]
    assert south < 51.505 < north
    assert west < -0.03 < east
    assert state_of(land.get("/estate?view=13/51.5/-0.1").text)["at"] == [13.0, 51.5, -0.1]


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


@pytest.mark.parametrize("address", ANSWERS)
def test_what_not_everybody_may_see_is_in_no_answer(land: FlaskClient, address: str) -> None:
    data = land.get(address).data
    for secret in (HIDDEN, PARTNERS_ONLY, "E1 9ZZ", "E1 8YY", "council-refuge", "hospital-reserve"):
        assert secret.encode() not in data


@pytest.mark.parametrize("route", ["/estate/assets/{}", "/api/v1/estate/assets/{}"])
@pytest.mark.parametrize("key", ["council-refuge", "asset:council-refuge", "hospital-reserve"])
def test_what_not_everybody_may_see_has_no_page(land: FlaskClient, route: str, key: str) -> None:
    answer = land.get(route.format(key))
    assert answer.status_code == 404
    assert HIDDEN not in answer.text
    assert PARTNERS_ONLY not in answer.text


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


def test_the_interface_lists_what_is_chosen_in_parts(land: FlaskClient) -> None:
    whole = land.get("/api/v1/estate").get_json()
    assert (whole["total"], len(whole["assets"])) == (12, 12)
    parts = [land.get(f"/api/v1/estate?limit=5&offset={offset}").get_json()["assets"] for offset in (0, 5, 10)]
    assert [one["asset"] for part in parts for one in part] == [one["asset"] for one in whole["assets"]]
    assert whole["assets"][0]["status"] in {"vacant", "surplus", "subject_to_disposal"}
    assert land.get("/api/v1/estate?owner=nobody").get_json()["total"] == 1


@pytest.mark.parametrize("bad", ["limit=0", "limit=1001", "limit=x", "offset=-1", "ownr=council", "use=castle"])
def test_the_interface_refuses_what_it_does_not_know(land: FlaskClient, bad: str) -> None:
    answer = land.get(f"/api/v1/estate?{bad}")
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"


def test_the_interface_tells_one_asset_with_conflicts_and_findings(land: FlaskClient) -> None:
    block = land.get("/api/v1/estate/assets/council-block").get_json()
    assert block["same_place"] == ["asset:hospital-block"]
    assert {"field": "use", "values": ["Office", "Health"]} in block["conflicts"]
    assert "tenure" not in {one["field"] for one in block["conflicts"]}
    depot = land.get("/api/v1/estate/assets/asset:council-depot").get_json()
    assert [one["kind"] for one in depot["findings"]] == ["repair", "doubt"]
    assert depot["extra"] == {"Ward councillors": "three"}


def test_the_interface_adds_up_as_the_page_does(land: FlaskClient) -> None:
    found = land.get("/api/v1/estate/totals?in=west").get_json()
    assert found["sentence"] in land.get("/api/v1/estate/totals?in=west").text
    assert (found["assets"], found["interests"]) == (7, 8)


def test_the_interface_tells_how_complete_registers_are(land: FlaskClient) -> None:
    council, _, nobody = land.get("/api/v1/estate/registers").get_json()["registers"]
    assert (council["as_of"], council["assets"], council["said"]["name"]) == ("2026-03-31", 8, 1.0)
    assert council["placed"] == {"exact": 0.75, "approximate": 0.125, "nowhere": 0.125}
    assert nobody["as_of"] == ""


def test_files_hold_the_selection(land: FlaskClient, tmp_path: Path) -> None:
    rows = csv.DictReader(io.StringIO(land.get("/api/v1/estate/assets.csv?use=office").data.decode("utf-8-sig")))
    assert {row["name"] for row in rows} == {"Quarter Block", f"'{FORMULA}"}
    path = tmp_path / "assets.gpkg"
    path.write_bytes(land.get("/api/v1/estate/assets.gpkg?use=office").data)
    assert set(gpd.read_file(path, layer="assets")["name"]) == {"Quarter Block", FORMULA}
    features = land.get("/api/v1/estate/assets.geojson?use=civic").get_json(force=True)["features"]
    assert [one["geometry"]["type"] for one in features] == ["Polygon"]


def test_the_style_sheet_has_the_colours_of_the_map(checkout: Path) -> None:
    sheet = (checkout / "web" / "static" / "css" / "estate.css").read_text()
    for name, (fill, ink) in [*enumerate(COLOURS), ("other", OTHER), ("unsaid", UNSAID)]:
        assert f".estate-kind-{name} {{ background: {fill}; color: {ink}; }}" in sheet


@pytest.fixture(scope="module")
def warded() -> FlaskClient:
    plain = toy_estate_atlas()
    areas = plain.inputs.areaset.areas.assign(ward=lambda frame: "E0500" + frame["msoa"].str[-4:], ward_name="A")
    areaset = replace(plain.inputs.areaset, areas=areas)
    return create_app(Settings(), replace(plain, inputs=replace(plain.inputs, areaset=areaset))).test_client()


def test_a_ward_is_chosen_by_its_code_where_areas_are_known_by_ward(warded: FlaskClient) -> None:
    client = warded

    def ids(query: str) -> set[str]:
        return {one["asset"] for one in client.get(f"/api/v1/estate?{query}").get_json()["assets"]}

    wards = [ids(f"ward=E0500{number:04d}") for number in range(4)]
    assert set().union(*wards) == ids("") - ids("placed=nowhere")
    assert max(map(len, wards)) < len(ids(""))
    page = client.get(f"/estate?in={WEST}").text
    assert '<option value="E05000001">A</option>' in page
    assert "Wards are not offered" not in page
    assert client.get("/api/v1/estate?ward=E05009999").status_code == 400


def test_a_ward_of_another_borough_is_left_by_the_page_and_refused_to_programs(warded: FlaskClient) -> None:
    led = warded.get("/estate?in=east&ward=E05000001&use=office&use=depot")
    assert (led.status_code, led.location) == (302, "/estate?in=east&use=office&use=depot")
    assert warded.get("/estate?in=west&ward=e05000001").status_code == 200
    refused = warded.get("/api/v1/estate?in=east&ward=E05000001")
    assert refused.status_code == 400
    assert "a ward of East" in refused.text


def test_a_ward_without_its_borough_is_named(warded: FlaskClient) -> None:
    page = warded.get("/estate?ward=E05000001").text
    assert '<option value="E05000001" selected>A</option>' in page
    assert "chosen in A ward, West, of 11 on record" in heading(page)


def test_no_ward_is_offered_where_areas_are_not_known_by_ward(client: FlaskClient) -> None:
    page = client.get(f"/estate?in={WEST}").text
    assert 'id="ward-choice" hidden' in page
    assert "Wards are not offered: they come with official areas." in page
    refused = client.get("/api/v1/estate?ward=E05000001")
    assert refused.status_code == 400
    assert "atlas data pull" in refused.get_json()["detail"]


def test_a_small_area_is_not_written_as_none() -> None:
    row = {"id": "kiosk", "at": (6_000, 500), "use": "retail", "land_ha": 0.0031}
    atlas = replace(toy_estate_atlas(), inputs=inputs_with(land_of(row)))
    page = create_app(Settings(), atlas).test_client().get("/estate").text
    cells = re.findall(r'<td class="number">([^<]*)</td>', page[page.index("By use") :])
    assert cells[:3] == ["1", "0.0031", "\N{EN DASH}"]
