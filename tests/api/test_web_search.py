"""The search: everything that has a page, forgiving of spelling, by code, postcode and UPRN; nothing that is hidden."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from atlas.parameters import Parameters
from atlas.pipeline import analyse
from atlas.settings import Settings
from atlas.sources.london_postcodes import LondonPostcodes
from tests.land import inputs_with, land
from tests.toy import HOSTILE
from web import create_app
from web import search_postcodes as postcodes_module


def results(client: FlaskClient, typed: str, **fields: Any) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/search", query_string={"q": typed, **fields})
    assert answer.status_code == 200, answer.text
    document = answer.get_json()
    assert document["count"] == len(document["results"])
    return list(document["results"])


def names(client: FlaskClient, typed: str) -> list[str]:
    return [one["name"] for one in results(client, typed)]


@pytest.fixture(scope="module")
def searched(london_app: Flask) -> FlaskClient:
    return london_app.test_client()


@pytest.fixture(scope="module")
def landed() -> FlaskClient:
    """The toy world with land, some of it hidden."""
    estate = land(
        {"id": "hall", "name": "Northern Hall", "at": (1_500, 500), "uprn": "100021234567", "postcode": "E1 1BJ"},
        {"id": "annex", "name": "Northern Annex", "at": (1_600, 500), "uprn": "100021234567"},
        *({"id": f"garage-{number}", "name": "Garages", "at": (1_700, 500)} for number in range(5)),
        {"id": "attack", "name": HOSTILE, "at": (1_800, 500)},
        {"id": "hidden", "name": "Northern Vault", "at": (1_900, 500), "visibility": "owner", "uprn": "100029999999"},
        {"id": "safe", "name": "Northern Refuge", "at": (1_900, 500), "use": "refuge", "uprn": "100028888888"},
    )
    return create_app(Settings(), analyse(inputs_with(estate), Parameters())).test_client()


@pytest.mark.parametrize(
    ("typed", "kind", "name"),
    [
        ("kq", "network", "Knowledge Quarter"),
        ("WLA", "network", "West London Alliance"),
        ("lewsham", "borough", "Lewisham"),
        ("Hamersmith", "borough", "Hammersmith and Fulham"),
        ("fulham", "borough", "Hammersmith and Fulham"),
        ("knowlege quater", "network", "Knowledge Quarter"),
        ("royal lodnon hospital", "site", "Royal London Hospital"),
        ("E09000023", "borough", "Lewisham"),
        ("e01003189", "lsoa", "Lewisham 034A"),
        ("crofton park", "msoa", "Crofton Park"),
        ("E54000030", "icb", "NHS South East London Integrated Care Board"),
        ("RJ1", "institution", "Guy's and St Thomas' NHS Foundation Trust"),
    ],
)
def test_what_is_meant_comes_first(searched: FlaskClient, typed: str, kind: str, name: str) -> None:
    first = results(searched, typed)[0]
    assert (first["kind"], first["name"]) == (kind, name)


def test_every_result_leads_to_a_page_that_answers(searched: FlaskClient) -> None:
    for typed in ("lewisham", "kq", "barts", "base", "se13 6lg", "north east london", "e01003189", "beckenham hill"):
        for one in results(searched, typed):
            assert searched.get(one["address"]).status_code == 200, one
            if one["map"]:
                assert searched.get(one["map"].partition("#")[0]).status_code == 200, one


def test_a_postcode_leads_to_its_area_and_borough(searched: FlaskClient) -> None:
    (one,) = results(searched, "se13 6lg")
    assert (one["kind"], one["name"]) == ("postcode", "SE13 6LG")
    assert one["what"].endswith("Lewisham")
    assert one["address"] == f"/boroughs/lewisham#{one['areas'][0]}"
    assert one["map"] == f"/?in=E09000023#map&area={one['areas'][0]}"


def test_the_beginning_of_a_postcode_lists_some(searched: FlaskClient) -> None:
    found = results(searched, "se13 6")
    assert len(found) == 8
    assert [one["kind"] for one in found] == ["postcodes"] + ["postcode"] * 7
    assert all(one["name"].startswith("SE13 6") for one in found)


def test_a_district_leads_to_the_borough_of_most_of_it(searched: FlaskClient) -> None:
    first = results(searched, "se13")[0]
    assert (first["kind"], first["name"], first["address"]) == ("postcodes", "SE13", "/boroughs/lewisham")
    assert first["what"].startswith("postcode district, mostly in Lewisham; 1,")
    assert first["map"] == "/?in=E09000023"


def test_a_postcode_elsewhere_is_said_to_be_none_of_london(searched: FlaskClient) -> None:
    answer = searched.get("/api/v1/search?q=m1+1ae").get_json()
    assert (answer["results"], answer["note"]) == ([], "M1 1AE is not a postcode in London")
    assert "<h1>M1 1AE is not a postcode in London</h1>" in searched.get("/search?q=m1+1ae").text
    assert searched.get("/api/v1/search?q=se13+6lg").get_json()["note"] is None
    assert "Nothing is called “zzzzz”" in searched.get("/search?q=zzzzz").text


def test_what_has_ended_is_said_to_have(searched: FlaskClient) -> None:
    found = {one["name"]: one for one in results(searched, "richmond", limit=20)}
    assert (
        found["NHS Richmond Clinical Commissioning Group"]["what"]
        == "clinical commissioning group, until 31 March 2020"
    )
    assert "until 31 March 2020" in searched.get("/search?q=richmond+clinical").text


def test_likeness_is_never_above_100(searched: FlaskClient) -> None:
    for typed in ("lewisham " * 3, "lewisham " * 11, "se13 6lg", "kq kq kq", "h&f"):
        assert all(0 <= one["score"] <= 100 for one in results(searched, typed, limit=50))


def test_without_the_postcode_package_the_rest_is_found(searched: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    class Missing(LondonPostcodes):
        def _part(self, letter: str) -> Any:
            raise postcodes_module.UnavailableError(f"no {letter}")

    monkeypatch.setattr(postcodes_module, "POSTCODES", Missing())
    for typed in ("se13 6lg", "se13", "SEI3 6LG"):
        assert not [one for one in results(searched, typed) if one["kind"] in {"postcode", "postcodes"}]
    assert searched.get("/api/v1/search?q=se13+6lz").get_json()["note"] is None
    assert names(searched, "kq") == ["Knowledge Quarter"]


def test_a_uprn_leads_to_the_assets_that_bear_it(landed: FlaskClient) -> None:
    for typed in ("100021234567", "UPRN 100021234567", "0100021234567"[1:]):
        found = results(landed, typed)
        assert {one["name"] for one in found} == {"Northern Hall", "Northern Annex"}
        assert all(landed.get(one["address"]).status_code == 200 for one in found)
    assert results(landed, "100021234568") == []


def test_assets_are_found_by_name_however_it_is_spelt(landed: FlaskClient) -> None:
    first = results(landed, "nothern hal")[0]
    assert (first["kind"], first["name"]) == ("asset", "Northern Hall")
    assert first["what"].endswith("E1 1BJ")


def test_many_of_one_name_are_some_and_a_link_to_all(landed: FlaskClient) -> None:
    found = results(landed, "garages")
    assert [one["kind"] for one in found] == ["asset"] * 3 + ["assets"]
    assert found[-1]["what"] == "all 5 assets of this name"
    assert "find=Garages" in found[-1]["address"]
    assert landed.get(found[-1]["address"]).status_code == 200


@pytest.mark.parametrize("typed", ["northern", "northern vault", "northern refuge", "100029999999", "100028888888"])
def test_what_not_everybody_may_see_is_not_found(landed: FlaskClient, typed: str) -> None:
    said = landed.get("/api/v1/search", query_string={"q": typed, "limit": 50}).text
    said += landed.get("/search", query_string={"q": typed}).text.partition("<main")[2]
    assert "Vault" not in said.replace(typed, "").replace("northern vault".title(), "")
    assert "hidden" not in said.replace('type="hidden"', "").replace("visually-hidden", "")
    assert "asset/council-safe" not in said


def test_hostile_names_are_text(landed: FlaskClient) -> None:
    page = landed.get("/search?q=img+src+x+onerror").text
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert HOSTILE not in page


def test_bad_questions_are_refused_in_words(client: FlaskClient) -> None:
    for fields, name in (({}, "q"), ({"q": "a", "limit": "99"}, "limit"), ({"q": "a", "kind": "x"}, "kind")):
        answer = client.get("/api/v1/search", query_string=fields)
        assert answer.status_code == 400
        assert answer.content_type == "application/problem+json"
        assert [error["field"] for error in answer.get_json()["errors"]] == [name]


def test_choices_are_kept_on_the_way(client: FlaskClient) -> None:
    (first, *_) = results(client, "east", catchment=2000)
    assert first["address"] == "/boroughs/east?catchment=2000"


def test_what_a_reader_holds_is_not_sent_again(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=east")
    again = client.get("/api/v1/search?q=east", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_long_question_is_cut(client: FlaskClient) -> None:
    assert len(client.get("/api/v1/search", query_string={"q": "x" * 5000}).get_json()["query"]) == 100


def test_the_box_is_a_plain_form_that_a_script_makes_a_combobox(client: FlaskClient) -> None:
    for address in ("/", "/data"):
        page = client.get(address).text
        assert '<form class="search" id="search" action="/search" data-suggest="/api/v1/search" role="search">' in page
        assert 'role="combobox"' not in page
