"""Which assets the address asks for: every choice narrows, and what cannot be used is told beside its field."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from atlas.settings import Settings
from tests.estate_page import WEST_HALF, heading, table_rows
from tests.toy import HOSTILE, WEST
from tests.toy_estate import toy_estate_atlas
from web import create_app


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
