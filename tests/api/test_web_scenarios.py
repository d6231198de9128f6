"""The form of scenarios, the page of what one would change, and the same for programs."""

from __future__ import annotations

import base64
import html
import io
import json
import re
import zlib
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from atlas.gaps.scenario.changes import Scenario
from atlas.settings import Settings
from atlas.snapshot import Atlas
from tests.scenarios import HUB, REACH, TIE, address, document, words
from tests.toy import HOSTILE
from web import create_app
from web.scenario_address import MOST_BYTES, MOST_CHARACTERS, packed, unpacked


def sent(client: FlaskClient, text: str, path: str = "/scenarios/run", **fields: str) -> Any:
    data = {**fields, "file": (io.BytesIO(text.encode()), "mine.json")}
    return client.post(path, data=data, content_type="multipart/form-data")


def test_the_page_says_who_gains_and_what_becomes_of_the_gap(client: FlaskClient) -> None:
    text = words(client.get("/scenarios/run?scenario=" + address(HUB, REACH, TIE)).text)
    assert "In this scenario, 8,400 people gain access to anchors and nobody loses any. 3,200 come within" in text
    assert "1 gap area goes, none appears." in text
    assert "Quarter 3 East Goes 3,200 Robust → no gap 1 → \N{EN DASH}" in text
    assert "new: West Partnership" in text
    assert "East Hub opens at easting 537500, northing 181000, run by Western Hospital." in text
    assert "West Council is a member of Everyone&#39;s Network." in text
    assert "Who stands between others" in text


def test_a_first_look_says_so_and_leads_to_all_draws(client: FlaskClient) -> None:
    text = client.get("/scenarios/run?scenario=" + address(HUB)).text
    assert "First look: both sides rest on 64 other ways of measuring" in words(text)
    link = re.search(r'href="([^"]+draws=1024[^"]*)"', text)
    assert link is not None
    whole = words(client.get(link[1].replace("&amp;", "&")).text)
    assert "Verdicts rest on 1,024 other ways of measuring on either side" in whole
    assert "First look" not in whole


def test_a_scenario_of_nothing_changes_nothing(client: FlaskClient) -> None:
    text = words(client.get("/scenarios/run?scenario=" + address()).text)
    assert "In this scenario, nobody&#39;s access to anchors changes. " in text
    assert "No gap area differs: 1 gap area stays as before." in text


def test_the_same_scenario_is_worked_out_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = app.test_client()
    where = "/scenarios/run?scenario=" + address(HUB, name="Once")
    first = client.get(where)
    monkeypatch.setattr("web.scenario_desk.run_scenario", None)
    assert client.get(where).data == first.data
    assert client.get(where, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get(where.replace("/scenarios/run", "/api/v1/scenario")).status_code == 200


def test_choices_of_the_address_are_those_of_both_sides(client: FlaskClient) -> None:
    found = client.get("/api/v1/scenario?catchment=800&scenario=" + address(HUB)).get_json()
    assert found["totals"]["people_gaining"] == 2_100
    page = client.get("/scenarios/run?catchment=800&scenario=" + address(HUB)).text
    assert "catchment=800" in re.findall(r'href="(/gaps/[^"]+)"', page)[0]


def test_choices_of_the_scenario_stand_over_those_of_the_address(client: FlaskClient) -> None:
    own = address(HUB, parameters={"catchment_m": 800.0})
    found = client.get("/api/v1/scenario?scenario=" + own).get_json()
    assert found["totals"]["people_gaining"] == 2_100
    page = client.get("/scenarios/run?scenario=" + own).text
    assert "catchment=800" in re.findall(r'href="(/gaps/[^"]+)"', page)[0]
    assert "catchment_m</code> 800.0" in page


def test_every_fault_is_in_a_table_with_its_change_field_and_value(client: FlaskClient) -> None:
    bad = document(
        {"do": "close_site", "site": "site:hospitals"},
        {**HUB, "easting_m": 100_000.0},
        {"do": "add_site", "name": "Where", "institution": "Nobody Yet", "postcode": "ZZ1 1ZZ"},
        {"do": "open_site"},
    )
    answer = client.get("/scenarios/run?scenario=" + quote(json.dumps(bad)))
    assert answer.status_code == 400
    assert answer.headers["Cache-Control"] == "no-store"
    text = words(answer.text)
    assert "5 faults" in text
    assert "1 site site:hospitals No such site the id of an active site; did you mean site:hospital?" in text
    assert "2 easting_m 100000; 181000 Lies beyond reach of the study area" in text
    assert "3 sector \N{EN DASH} A new institution has no sector the sector of the new institution" in text
    assert "3 postcode ZZ1 1ZZ No such postcode" in text
    assert "4 do open_site No such change" in text


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("eNq", "the address may have been cut"),
        ("%20", "expected all of an address that Atlas gave"),
        ("{", "Not JSON"),
        ("[]", "the address may have been cut"),
        ("x" * (MOST_CHARACTERS + 1), "has 6,001 characters, and an address carries 6,000: send it as a file"),
    ],
    ids=["cut", "empty", "open", "list", "long"],
)
def test_an_address_that_cannot_be_read_is_told(client: FlaskClient, value: str, said: str) -> None:
    answer = client.get("/scenarios/run?scenario=" + value)
    assert answer.status_code == 400
    assert said in words(answer.text)


def test_what_inflates_without_end_is_refused(client: FlaskClient) -> None:
    value = base64.urlsafe_b64encode(zlib.compress(b" " * (2 * MOST_BYTES))).decode()
    answer = client.get("/scenarios/run?scenario=" + value)
    assert (answer.status_code, "longer than 256 kB" in answer.text) == (400, True)


def test_more_draws_than_the_page_makes_are_refused(client: FlaskClient) -> None:
    many = client.get("/scenarios/run?scenario=" + address(HUB, parameters={"draws": 65_536}))
    assert (many.status_code, "Too many draws" in many.text) == (400, True)
    odd = client.get("/scenarios/run?draws=2048&scenario=" + address(HUB))
    assert (odd.status_code, "64 for a first look, or 1024 for all" in odd.text) == (400, True)


def test_a_release_that_is_not_here_is_a_fault_unless_the_reader_chose(client: FlaskClient) -> None:
    asked = address(HUB, release="iod2025")
    answer = client.get("/scenarios/run?scenario=" + asked)
    assert (answer.status_code, "release iod2025 Is not here" in words(answer.text)) == (400, True)
    assert client.get("/scenarios/run?release=estimate&scenario=" + asked).status_code == 200


def test_minutes_without_a_way_to_a_new_site_are_a_fault(toy: Atlas) -> None:
    minutes = document(HUB, parameters={"catchment_min": 20})
    answer = create_app(Settings(), toy).test_client().get("/scenarios/run?scenario=" + quote(json.dumps(minutes)))
    assert (answer.status_code, "has no minutes to them" in answer.text) == (400, True)


# files


def test_a_short_file_gets_an_address(client: FlaskClient) -> None:
    answer = sent(client, json.dumps(document(HUB)), catchment="3000")
    assert answer.status_code == 303
    where = urlsplit(answer.headers["Location"])
    assert where.path == "/scenarios/run"
    assert parse_qs(where.query)["catchment"] == ["3000"]
    assert client.get(answer.headers["Location"]).status_code == 200


def test_a_long_file_is_answered_and_says_that_it_has_no_address(client: FlaskClient) -> None:
    about = "".join(chr(33 + (index * index * 7919 + index // 3 * 104_729) % 90) for index in range(3_900))
    sites = [{**HUB, "name": f"Hub {index * 7919 % 100_003} {index}"} for index in range(900)]
    text = json.dumps(document(*sites, about=about))
    answer = sent(client, text)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "This scenario is too long for an address" in words(answer.text)
    assert 'name="text"' in answer.text
    inside = re.search(r'<script type="application/json" id="map-values">(.+?)</script>', answer.text)
    assert inside is not None
    assert len(json.loads(inside[1])["change"]["sites"]) == 900
    again = client.post("/api/v1/scenario", data={"text": text, "format": "csv"}, content_type="multipart/form-data")
    assert again.text.startswith("fate,")


def test_a_file_beyond_the_limit_is_refused(client: FlaskClient) -> None:
    for size in (MOST_BYTES + 1, 400_000):
        answer = sent(client, " " * size)
        assert (answer.status_code, "A scenario may have up to 256 kB" in answer.text) == (413, True)


def test_a_files_faults_are_shown_with_the_form(client: FlaskClient) -> None:
    answer = sent(client, json.dumps(document({"do": "close_site", "site": "site:x"})))
    assert (answer.status_code, "No such site" in answer.text) == (400, True)
    assert (sent(client, "not json").status_code, sent(client, "").status_code) == (400, 400)


def test_the_file_of_a_scenario_runs_again_to_the_same(client: FlaskClient) -> None:
    answer = client.get("/scenarios/file?scenario=" + address(HUB, REACH))
    assert "attachment" in answer.headers["Content-Disposition"]
    again = Scenario.model_validate_json(answer.text)
    assert again.sha256[:12] in answer.headers["Content-Disposition"]
    assert again.sha256[:12] in client.get("/scenarios/run?scenario=" + packed(again)).text


# the form


def test_a_scenario_is_built_change_by_change(client: FlaskClient) -> None:
    where = "/scenarios/change?do=add_site&name=East+Hub&institution=Western+Hospital&easting=537500&northing=181,000"
    where = client.get(where).headers["Location"]
    held = parse_qs(urlsplit(where).query)["scenario"][0]
    assert json.loads(unpacked(held))["name"] == "East Hub opens"
    for more in (
        "do=close_site&site=site:council",
        "do=extend_network&network=network:west&place=East",
        "do=add_tie&source=West+Council&relation=member_of&target=everyones-network",
        "do=add_tie&source=west+council&relation=funds&target=Eastern+Start",
    ):
        answer = client.get(f"/scenarios/change?{more}&scenario={held}")
        if answer.status_code == 303:
            held = parse_qs(urlsplit(answer.headers["Location"]).query)["scenario"][0]
    text = words(client.get("/scenarios?scenario=" + held).text)
    assert "Town Hall closes. take away" in text
    assert "West Partnership reaches East as well." in text
    assert "West Council funds Eastern Start." in text
    answer = client.get(f"/scenarios/change?scenario={held}&remove=2")
    held = parse_qs(urlsplit(answer.headers["Location"]).query)["scenario"][0]
    assert [one["do"] for one in json.loads(unpacked(held))["changes"]][:2] == ["add_site", "extend_network"]
    answer = client.get(f"/scenarios/change?scenario={held}&name=Mine&about=Why%0D%0Anot&then=run")
    assert answer.headers["Location"].startswith("/scenarios/run?")
    held = parse_qs(urlsplit(answer.headers["Location"]).query)["scenario"][0]
    assert json.loads(unpacked(held))["about"] == "Why\nnot"
    assert "Mine" in client.get(answer.headers["Location"]).text


HOSPITALS = {"do": "add_site", "name": "Hub", "institution": "Western Hospital"}
MISSPELT = {"do": "add_tie", "source": "West Counsil", "relation": "member_of", "target": "Everyone's Network"}


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        (
            {**HOSPITALS, "postcode": "ZZ9 9ZZ"},
            "postcode",
            "No such postcode; expected a live postcode, such as SE1 2QH",
        ),
        (
            {**HOSPITALS, "easting": "x", "northing": "1"},
            "easting",
            "Wrong value; expected metres (EPSG:27700), with northing (",
        ),
        ({**HOSPITALS, "postcode": "SE1 2QH", "easting": "520000", "northing": "181,000"}, "postcode", "Is 1"),
        (HOSPITALS, "postcode", "Has no position; expected a postcode, or easting and northing"),
        ({**HOSPITALS, "institution": "Nobody", "postcode": "SE1 2QH"}, "sector", "A new institution has no sector"),
        ({"do": "extend_network", "network": "network:west", "place": "Eest"}, "place", "No such place"),
        (MISSPELT, "source", "Nothing is called so; expected institution or network; did you mean West Council?"),
        ({"do": "close_site", "site": "site:hospitals"}, "site", "No such site; expected an active site"),
        ({"do": "close_site"}, "site", "Choose a site"),
        ({"do": "add_site", "institution": "Western Hospital", "postcode": "SE1 2QH"}, "name", "Give the site a name"),
        (
            {**MISSPELT, "source": "Everyone's Network", "target": "West Council"},
            "target",
            "“is a member of” takes no institution here; expected network or programme",
        ),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    client: FlaskClient, typed: dict[str, str], field: str, said: str
) -> None:
    answer = client.get("/scenarios/change", query_string=typed)
    assert answer.status_code == 400
    (error,) = re.findall(rf'<p [^>]*id="{field}-error"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    assert html.unescape(words(error)).startswith(f"Error: {said}")
    assert re.search(rf'<(input|select)[^>]* id="{field}"[^>]*aria-describedby="[^"]*{field}-error', answer.text)
    assert len(re.findall(r'class="govuk-error-message"', answer.text)) == 1


def test_a_change_that_is_none_is_refused_in_words(client: FlaskClient) -> None:
    text = client.get("/scenarios/change?do=fly").text
    assert "Change: must be one of: Open a site, Close a site, Let a network reach further, Make a tie" in text


def test_what_was_typed_stays_where_it_cannot_be_used(client: FlaskClient) -> None:
    held = address({"do": "close_site", "site": "site:council"})
    answer = client.get(
        "/scenarios/change?do=add_site&name=Hub&institution=Nobody&easting=far&northing=1&scenario=" + held
    )
    assert answer.status_code == 400
    assert 'value="far"' in answer.text
    assert "Town Hall closes." in answer.text
    assert "Hub opens" not in answer.text
    assert re.search(r"2 Easting far Wrong value", words(answer.text))


def test_the_last_change_taken_away_leaves_the_empty_form(client: FlaskClient) -> None:
    answer = client.get("/scenarios/change?remove=1&scenario=" + address(HUB))
    assert answer.headers["Location"] == "/scenarios"


def test_a_gap_area_leads_to_the_form_with_its_centre(client: FlaskClient) -> None:
    link = re.search(r'href="(/scenarios\?[^"]+)"', client.get("/gaps/quarter-3-east").text)
    assert link is not None
    text = client.get(link[1].replace("&amp;", "&")).text
    assert re.findall(r'id="(?:easting|northing)"[^>]* value="([0-9]+)"', text) == ["537156", "181188"]


def test_the_form_offers_what_counts(client: FlaskClient) -> None:
    text = client.get("/scenarios").text
    assert '<option value="site:council">Town Hall</option>' in text
    assert "site:council" not in client.get("/scenarios?sectors=health").text


def test_examples_are_offered_where_their_sites_are(client: FlaskClient, london_app: Flask) -> None:
    assert "None is here for these data" in client.get("/scenarios").text
    text = london_app.test_client().get("/scenarios").text
    links = re.findall(r'<h3><a href="([^"]+)"', text)
    assert len(links) == 2
    assert {london_app.test_client().get(link).status_code for link in links} == {200}


def test_choices_of_the_address_are_kept_by_every_form(client: FlaskClient) -> None:
    text = client.get("/scenarios?catchment=3000&scenario=" + address(HUB)).text
    forms = re.findall(r"<form.*?</form>", text, flags=re.DOTALL)
    assert all('name="catchment" value="3000"' in form for form in forms)


# programs


def test_the_api_speaks_json_and_csv(client: FlaskClient) -> None:
    found = client.get("/api/v1/scenario?scenario=" + quote(json.dumps(document(HUB)))).get_json()
    assert found["totals"]["people_gaining"] == 8_400
    rows = client.get("/api/v1/scenario?format=csv&scenario=" + address(HUB))
    assert rows.text.startswith("fate,id_before,")
    posted = client.post("/api/v1/scenario?catchment=800", json=document(HUB)).get_json()
    assert posted["totals"]["people_gaining"] == 2_100


def test_a_postcode_and_coordinates_that_disagree_are_refused_every_way_in(client: FlaskClient) -> None:
    asked = document({**HUB, "postcode": "SE1 2QH", "easting_m": 520_000})
    page = client.get("/scenarios/run?scenario=" + quote(json.dumps(asked)))
    assert (page.status_code, "1 postcode SE1 2QH Is 1" in words(page.text)) == (400, True)
    assert sent(client, json.dumps(asked)).status_code == 400
    (error,) = client.post("/api/v1/scenario", json=asked).get_json()["errors"]
    assert (error["field"], error["value"]) == ("change 1, postcode", "SE1 2QH")


def test_the_api_tells_every_fault(client: FlaskClient) -> None:
    answer = client.post(
        "/api/v1/scenario", json=document({"do": "close_site", "site": "site:x"}, {"do": "close_site"})
    )
    assert answer.status_code == 400
    assert [error["field"] for error in answer.get_json()["errors"]] == ["change 1, site", "change 2, site"]
    assert client.get("/api/v1/scenario?format=xml&scenario=" + address(HUB)).status_code == 400
    assert client.get("/api/v1/scenario?color=red&scenario=" + address(HUB)).status_code == 400


# names are data


def test_hostile_names_are_text(hostile_app: Flask) -> None:
    client = hostile_app.test_client()
    hub = {**HUB, "institution": HOSTILE, "name": HOSTILE + "x", "sector": "health"}
    hub = {**hub, "institution": "institution:hospital"}
    held = quote(json.dumps(document(hub, REACH, TIE, name=HOSTILE, about=HOSTILE)))
    for where in ("/scenarios", "/scenarios?scenario=" + held, "/scenarios/run?scenario=" + held):
        answer = client.get(where)
        assert answer.status_code == 200
        assert "<img" not in answer.text
        assert "&lt;img src=x onerror=alert(1)&gt;" in answer.text
        assert not re.search(
            r"<[^>]*\s(?:style|on[a-z]+)=", answer.text.replace("&lt;img src=x onerror=alert(1)&gt;", "")
        )
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
    typed = client.get("/scenarios/change", query_string={"do": "add_site", "name": HOSTILE, "institution": HOSTILE})
    assert (typed.status_code, "<img" in typed.text) == (400, False)


def test_nothing_is_changed_by_asking(client: FlaskClient) -> None:
    before = client.get("/api/v1/gaps").data
    client.get("/scenarios/run?scenario=" + address(HUB))
    sent(client, json.dumps(document(HUB)))
    assert client.get("/api/v1/gaps").data == before
    assert client.post("/scenarios").status_code == 405


def test_networks_of_other_places_are_not_offered_and_that_is_said(london_app: Flask) -> None:
    text = london_app.test_client().get("/scenarios").text
    offered = text[text.index('id="network"') :].partition("</select>")[0]
    assert "London Anchor Institutions" in offered
    assert "Barcelona cooperation agreement" in offered
    assert "22 Arroba" not in offered
    assert "Birmingham Anchor Network" not in offered
    assert "Not offered, since all that is on record of them is elsewhere than in London: 22 Arroba" in words(text)
